/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_INTERN_H
#define DMABENCH_INTERN_H

#include <stddef.h>

/**
 * struct intern - texts that are numbered in the order in which they came
 * @texts: the texts
 * @n: how many
 * @slots: numbers plus one by hash, 0 where there is none
 * @room: length of @slots, a power of two
 *
 * All zeroes is an empty one.
 */
struct intern {
	char **texts;
	size_t n;
	size_t *slots;
	size_t room;
};

/** intern - the number of @text, a new one if it is new */
size_t intern(struct intern *intern, const char *text);

void intern_free(struct intern *intern);

#endif
