/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_SWEEP_H
#define DMABENCH_SWEEP_H

#include "strlist.h"

/** SWEEP_MAX - the most values that one sweep may have */
#define SWEEP_MAX	4096

/**
 * sweep_expand - the values that a text stands for
 * @text: values and ranges, separated by commas: "irq", "1,16,64", "64..1M *4", "1..4 +1, 8".
 *	A range counts from its first number by a step (+N) or a factor (*N) and does not pass its
 *	last. What stands in double quotes is one value, commas included.
 * @values: gets them appended; an empty text is one empty value
 * @error: on failure what is wrong, to be freed
 *
 * Return: 0, or -1 with @error set and @values as far as it got.
 */
int sweep_expand(const char *text, struct strlist *values, char **error);

#endif
