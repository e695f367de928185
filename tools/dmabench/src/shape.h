/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_SHAPE_H
#define DMABENCH_SHAPE_H

#include <stddef.h>

/**
 * struct setting - a knob of a simulated device, and where its value was given
 * @knob: name
 * @value: as written
 * @where: "file:line", or "" for the command line
 */
struct setting {
	char *knob;
	char *value;
	char *where;
};

/**
 * struct shape - how a simulated device is to be
 * @v: settings in the order in which they were given; of a knob that is given twice, the
 *	last one counts
 * @n: how many
 */
struct shape {
	struct setting *v;
	size_t n;
};

/**
 * shape_set - add a setting
 * @shape: to add to
 * @text: KNOB=VALUE, blanks around either do not matter
 * @where: see struct setting
 *
 * Return: 0, or -1 if @text is no such thing.
 */
int shape_set(struct shape *shape, const char *text, const char *where);

/**
 * shape_load - add what a shape of this name says; does not return if there is none
 * @shape: to add to
 * @name: as lookup_find() takes it
 */
void shape_load(struct shape *shape, const char *name);

/** shape_summary - first comment of a shape but for the license, to be freed; "" if none */
char *shape_summary(const char *path);

void shape_free(struct shape *shape);

#endif
