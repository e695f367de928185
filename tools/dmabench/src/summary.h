/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_SUMMARY_H
#define DMABENCH_SUMMARY_H

#include <stdio.h>

#include "defs.h"
#include "kv.h"
#include "measure.h"

/**
 * struct outcome - what one point came to, all its repeats together
 * @section: that it belongs to
 * @config: its knobs
 * @run: number of its first run
 * @samples: one per repeat that was run
 * @n: how many
 */
struct outcome {
	const char *section;
	struct kvlist config;
	size_t run;
	struct sample *samples;
	size_t n;
};

/** median - of @n numbers, which it sorts; 0 of none */
__u64 median(__u64 *numbers, size_t n);

/**
 * summary_print - table of all points, then what went wrong
 * @out: where to
 * @outcomes: the points, in their order
 * @n: how many
 *
 * A point with several repeats shows the medians of those that were measured and the largest
 * maximum. Knobs that differ between the points get a column.
 */
void summary_print(FILE *out, const struct outcome *outcomes, size_t n);

#endif
