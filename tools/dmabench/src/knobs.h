/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_KNOBS_H
#define DMABENCH_KNOBS_H

#include <stdbool.h>
#include <stdio.h>

#include "strlist.h"

/**
 * struct knob - what the module says of a knob of its jobs
 * @name: of the knob
 * @words: those that it takes, empty if it takes none
 * @values: what it takes, in words; "" if the module does not say
 * @meaning: one line
 */
struct knob {
	char *name;
	struct strlist words;
	char *values;
	char *meaning;
};

/**
 * struct knobs - the knobs of the module
 * @v: the knobs, in the module's order
 * @n: how many; 0 if the module cannot be asked
 */
struct knobs {
	struct knob *v;
	size_t n;
};

/** knobs_read - ask the module for its knobs; free them with knobs_free() */
void knobs_read(struct knobs *knobs);

/** knobs_parse - the same from the text of its file */
void knobs_parse(struct knobs *knobs, const char *text);

/** knobs_find - the knob of this name, or NULL */
const struct knob *knobs_find(const struct knobs *knobs, const char *name);

/** knobs_suggest - name of the knob that somebody may have meant, or NULL */
const char *knobs_suggest(const struct knobs *knobs, const char *name);

/** knobs_print - write a list of all knobs for a help text */
void knobs_print(const struct knobs *knobs, FILE *out);

void knobs_free(struct knobs *knobs);

#endif
