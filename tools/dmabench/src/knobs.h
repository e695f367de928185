/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_KNOBS_H
#define DMABENCH_KNOBS_H

#include <stdbool.h>
#include <stdio.h>

#include "kv.h"

/**
 * struct knob - what the command knows of a knob without asking the module
 * @name: of the knob
 * @values: what it takes
 * @meaning: one line
 */
struct knob {
	const char *name;
	const char *values;
	const char *meaning;
};

/** knob_find - the knob of this name, or NULL */
const struct knob *knob_find(const char *name);

/**
 * knob_exists - whether a knob can be set
 * @name: of the knob
 * @config: the knobs that the module has, or NULL if it cannot be asked
 */
bool knob_exists(const char *name, const struct kvlist *config);

/** knob_suggest - the knob that somebody may have meant, or NULL; arguments as knob_exists() */
const char *knob_suggest(const char *name, const struct kvlist *config);

/** knobs_print - write a list of all knobs for a help text */
void knobs_print(FILE *out);

#endif
