/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_SAMPLING_H
#define DMABENCH_SAMPLING_H

#include <json-c/json.h>
#include <stdbool.h>

#include "defs.h"
#include "perf.h"

/**
 * struct point_run - one run of a point under perf
 * @from: when recording began, ns of the monotonic clock; 0: it was not recorded
 * @to: when it ended
 * @run: what the module says of it, or NULL
 */
struct point_run {
	__u64 from;
	__u64 to;
	struct json_object *run;
};

/**
 * struct sampled_point - a point that is run again under perf
 * @config: all its knobs as lines key=value
 * @label: names it in the progress
 * @run: number of its first run without perf
 * @sampled: the run that is sampled
 * @traced: the run whose tracepoints are recorded
 */
struct sampled_point {
	char *config;
	char *label;
	size_t run;
	struct point_run sampled;
	struct point_run traced;
};

/**
 * struct sampling - points that are run again under perf, after all was measured without it
 * @perf: records
 * @points: to run
 * @n: how many
 */
struct sampling {
	struct perf perf;
	struct sampled_point *points;
	size_t n;
};

/**
 * sampling_add - note a point
 * @sampling: perf_require() was called for its perf
 * @config: all knobs as lines key=value
 * @label: names it in the progress
 * @run: number of its first run without perf
 *
 * Does nothing if there is nothing to see in such a point, or if the same is noted already.
 */
void sampling_add(struct sampling *sampling, const char *config, const char *label, size_t run);

/**
 * sampling_run - run all points under perf, and read what was recorded
 * @sampling: points were added
 * @quiet: no progress
 *
 * Return: the member `perf` of the results, NULL if perf failed, which was said then.
 */
struct json_object *sampling_run(struct sampling *sampling, bool quiet);

void sampling_free(struct sampling *sampling);

#endif
