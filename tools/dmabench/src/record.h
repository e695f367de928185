/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_RECORD_H
#define DMABENCH_RECORD_H

#include <json-c/json.h>

#include "defs.h"
#include "job.h"

/**
 * record_status - what a run came to, as the "status" of a run
 * @state: "done", "stopped", "failed", "skipped", ...
 * @err: 0 or a negative errno
 * @reason: one line, perhaps empty
 */
struct json_object *record_status(const char *state, int err, const char *reason);

/** record_config - knobs, as the "config" of a run */
struct json_object *record_config(const struct kvlist *config);

/**
 * record_measured - add what a job measured: result, stages, workers, slowest
 * @run: gets the four members
 * @job: name of the job, for its files hist/ and slowest
 * @result: the job's result
 */
void record_measured(struct json_object *run, const char *job, const struct kvlist *result);

/** record_stages - the "stages" of a run; @job as for record_measured() */
struct json_object *record_stages(const char *job, const struct kvlist *result);

/** record_workers - the "workers" of a run */
struct json_object *record_workers(const struct kvlist *result);

/** record_slowest - the "slowest" of a run from the text of a job's file */
struct json_object *record_slowest(const char *text);

/** record_bins - the bins of a histogram from the text of its file */
struct json_object *record_bins(const char *text);

/** record_errors - sum of all kinds of errors in a result */
__u64 record_errors(const struct kvlist *result);

#endif
