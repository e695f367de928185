/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_BENCH_H
#define DMABENCH_BENCH_H

#include <stdbool.h>

#include "diag.h"
#include "knobs.h"
#include "profile.h"

/**
 * struct bench - what a bench run is told to do
 * @profile: finished
 * @job: name of the job to use, or NULL
 * @json: file for the results, "-" for stdout, or NULL
 * @perf: run each point again under perf; needs @json
 * @quiet: no progress and no table
 * @timeout_s: end after so many seconds, 0 for never
 * @argc: words of the command line, for the results
 * @argv: those words
 */
struct bench {
	struct profile profile;
	const char *job;
	const char *json;
	bool perf;
	bool quiet;
	unsigned int timeout_s;
	int argc;
	char **argv;
};

/**
 * bench_check_knobs - refuse names of knobs that do not exist; does not return then
 * @profile: may want what is unknown to be skipped; then nothing is refused
 * @knobs: of the module; if there are none nothing is known, and nothing is refused
 */
void bench_check_knobs(const struct profile *profile, const struct knobs *knobs);

/** bench_print_plan - write the points that would be run */
void bench_print_plan(const struct bench *bench);

/** bench_run - run it all; the exit code of the command */
enum rc bench_run(struct bench *bench);

#endif
