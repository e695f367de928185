/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_MEASURE_H
#define DMABENCH_MEASURE_H

#include <json-c/json.h>
#include <stdbool.h>

#include "defs.h"

/**
 * enum verdict - what became of a run
 * @VERDICT_DONE: measured to its end, without error
 * @VERDICT_STOPPED: ended early because we were asked to end; what it measured is valid
 * @VERDICT_SLOW: ended at a transfer that was slower than the threshold; what it
 *	measured is valid
 * @VERDICT_FAILED: a transfer failed, or the channel is in no state to be used
 * @VERDICT_SKIPPED: not possible here: not on this channel, not with this memory
 * @VERDICT_REFUSED: the knobs contradict each other or the channel
 * @VERDICT_ABORTED: ended at once, nothing was read
 */
enum verdict {
	VERDICT_DONE,
	VERDICT_STOPPED,
	VERDICT_SLOW,
	VERDICT_FAILED,
	VERDICT_SKIPPED,
	VERDICT_REFUSED,
	VERDICT_ABORTED,
};

/**
 * struct sample - the figures of a run that people want to see
 * @verdict: what became of it
 * @reason: why, if it is not VERDICT_DONE; else ""
 * @channels: that it ran on, separated by commas
 * @ops_per_s: rate of transfers
 * @bytes_per_s: rate of data
 * @has_latency: whether the next three were measured
 * @p50: median of stage total, ns
 * @p99: 99th percentile of stage total, ns
 * @max: slowest, ns
 * @transfers: measured
 * @errors: of any kind
 */
struct sample {
	enum verdict verdict;
	char *reason;
	char *channels;
	__u64 ops_per_s;
	__u64 bytes_per_s;
	bool has_latency;
	__u64 p50;
	__u64 p99;
	__u64 max;
	__u64 transfers;
	__u64 errors;
};

/** verdict_of_refusal - what it means that `run` was refused with @err (negative) */
enum verdict verdict_of_refusal(int err);

/**
 * measure - run the open job once with the given knobs
 * @config: all knobs as lines key=value
 * @label: names the run in the progress
 * @run: gets config, status, result, stages, workers and slowest of the run
 * @sample: filled; free it with sample_free()
 */
void measure(const char *config, const char *label, struct json_object *run, struct sample *sample);

/**
 * measure_skip - record a point that cannot be run as one that was skipped
 * @config: the knobs that the module knows as lines key=value
 * @unknown: the others, and those whose words it does not know, in the same form
 * @reason: why
 * @run: gets config and status of the run
 * @sample: filled; free it with sample_free()
 */
void measure_skip(const char *config, const char *unknown, const char *reason,
		  struct json_object *run, struct sample *sample);

/** sample_line - the figures of @sample in a few words, to be freed */
char *sample_line(const struct sample *sample);

void sample_free(struct sample *sample);

#endif
