/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_STRLIST_H
#define DMABENCH_STRLIST_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct strlist - a growing list of strings that it owns
 * @v: the strings
 * @n: how many
 */
struct strlist {
	char **v;
	size_t n;
};

/** strlist_add - append a copy of @text */
void strlist_add(struct strlist *list, const char *text);

/** strlist_take - append @text itself, which the list then owns */
void strlist_take(struct strlist *list, char *text);

/** strlist_split - append the non-empty parts of @text between any of @separators */
void strlist_split(struct strlist *list, const char *text, const char *separators);

bool strlist_has(const struct strlist *list, const char *text);

/** strlist_join - all strings with @between between them, to be freed */
char *strlist_join(const struct strlist *list, const char *between);

/** strlist_sort - by byte value */
void strlist_sort(struct strlist *list);

void strlist_free(struct strlist *list);

#endif
