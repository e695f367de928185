/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_WORKER_H
#define _DMABENCH_WORKER_H

#include <linux/wait.h>

#include "cpu.h"
#include "hist.h"
#include "knobs.h"
#include "xfer.h"

/* Errors of a worker, by kind. */
enum dmabench_error {
	DMABENCH_ERROR_DATA,
	DMABENCH_ERROR_ENGINE,
	DMABENCH_ERROR_TIMEOUT,
	DMABENCH_ERROR_PREP,
	DMABENCH_ERROR_SUBMIT,
	DMABENCH_ERROR_MAP,
	DMABENCH_ERROR_CONTROL,
	DMABENCH_ERROR_CASE,
	DMABENCH_ERRORS
};

extern const char *const dmabench_error_names[DMABENCH_ERRORS];
extern const int dmabench_error_errno[DMABENCH_ERRORS];

/**
 * struct dmabench_slow - one of the slowest transfers
 * @worker: that ran it
 * @seq: its number within the worker
 * @size: bytes
 * @start: when it was prepared, ns of the monotonic clock
 * @stage: ns
 */
struct dmabench_slow {
	unsigned int worker;
	u64 seq;
	u64 size;
	u64 start;
	u64 stage[DMABENCH_STAGES];
};

/**
 * struct dmabench_load - what the workers of a run have in common
 * @knobs: of the run, constant
 * @seed: of the run
 * @align: of sizes, offsets and segments, bytes
 * @warming: workers that have not warmed up yet
 * @measuring: workers whose window is not closed yet
 * @opened: set by the first worker that has opened its window
 * @cpu_before: CPU times of the machine then
 * @cpu_after: when the last window has closed
 * @paused: workers are to hold still with nothing in flight
 * @stopping: workers are to end after what is in flight
 * @leaving: workers are to end at once, leaving what is in flight to the runner
 * @hit: a transfer was slower than the threshold: set once, by who fills @slow
 * @slow: the first such transfer
 * @resume: woken when @paused, @stopping or @leaving change
 *
 * Windows open together when the last worker is warm, and every worker keeps its
 * load up until the last window has closed: what one measures, it measures in
 * the company of all others.
 */
struct dmabench_load {
	struct dmabench_knobs knobs;
	u64 seed;
	size_t align;
	atomic_t warming;
	atomic_t measuring;
	atomic_t opened;
	struct dmabench_cpu_times cpu_before;
	struct dmabench_cpu_times cpu_after;
	bool paused;
	bool stopping;
	bool leaving;
	atomic_t hit;
	struct dmabench_slow slow;
	wait_queue_head_t resume;
};

/* Where a worker stands. */
enum dmabench_phase {
	DMABENCH_PHASE_WARMUP,
	DMABENCH_PHASE_WINDOW,
	DMABENCH_PHASE_COOL,
};

/**
 * struct dmabench_worker - a share of the work, with its transfers and its results
 * @load: what it has in common with the others
 * @next: the next one that the same thread works for, or NULL
 * @queue: how transfers are done
 * @free: transfers that wait for use
 * @finished: of a verified round, transfers that wait for their check
 * @nr_free: length of @free
 * @nr_ready: transfers that exist
 * @recycle: a completed transfer is free at once (no round is being verified)
 * @quota: how many transfers may still be submitted
 * @seq: number of the next transfer
 * @phase: where it stands
 * @warm: transfers completed before the window
 * @counted: warm-up is reported to the others
 * @opened: since when the window is open, ns; 0 while the clock is stopped
 * @measured: length of the window before that, ns
 * @steps: of a mode that does not count transfers, what iterations means
 * @goal: how many of them it will be, if that is not iterations
 * @half_ns: length of the first half of the window, ns; 0 until it is over
 * @half_transfers: completed in it
 * @cpu_from: CPU time of the thread when the window opened, ns
 * @cpu_ns: CPU time of the thread in the window, ns; known when it has closed
 * @transfers: completed in the window
 * @bytes: of them
 * @transfers_all: submitted, ever
 * @verified: transfers whose data were checked
 * @before_issue: completions seen before issue_pending had returned
 * @errors: by kind
 * @error: errno that the worker ended with
 * @first_error: the first error in words
 * @hist: stages, one histogram each; NULL without stages
 * @nr_stages: how many
 * @applies: which stages each transfer has, as bits
 * @state: of the mode, or of an operation without end; NULL if it has none
 * @slow: the slowest transfers, an unsorted array; NULL if none are kept
 * @nr_slow: how many
 * @slow_floor: what a transfer must take to be one of them, ns: 0 until all are there,
 *	U64_MAX if none are kept
 *
 * Written by the worker's thread only. Readers take what they find.
 */
struct dmabench_worker {
	struct dmabench_load *load;
	struct dmabench_worker *next;
	struct dmabench_queue queue;
	struct list_head free;
	struct list_head finished;
	unsigned int nr_free;
	unsigned int nr_ready;
	bool recycle;
	u64 quota;
	u64 seq;
	enum dmabench_phase phase;
	u64 warm;
	bool counted;
	u64 opened;
	u64 measured;
	u64 steps;
	u64 goal;
	u64 half_ns;
	u64 half_transfers;
	u64 cpu_from;
	u64 cpu_ns;
	u64 transfers;
	u64 bytes;
	u64 transfers_all;
	u64 verified;
	u64 before_issue;
	u64 errors[DMABENCH_ERRORS];
	int error;
	char first_error[240];
	struct dmabench_hist *hist;
	unsigned int nr_stages;
	unsigned int applies;
	void *state;
	struct dmabench_slow *slow;
	unsigned int nr_slow;
	u64 slow_floor;
};

/* Whether every transfer is verified, so that they go in rounds. */
static inline bool dmabench_worker_rounds(const struct dmabench_worker *worker)
{
	return worker->load->knobs.verify == DMABENCH_VERIFY_FULL;
}

/* account.c; the worker's own thread only, but for the readers' two at the end. */
void dmabench_account_error(struct dmabench_worker *worker, enum dmabench_error kind,
			    const struct dmabench_xfer *x, const char *text);
void dmabench_account_plan(struct dmabench_worker *worker);
void dmabench_account_stages(struct dmabench_worker *worker, const struct dmabench_xfer *x);
void dmabench_window_check_open(struct dmabench_worker *worker, u64 now);
void dmabench_window_check_close(struct dmabench_worker *worker, u64 now);
void dmabench_window_stop(struct dmabench_worker *worker, u64 now);
void dmabench_window_close(struct dmabench_worker *worker, u64 now);
void dmabench_account_stage(struct dmabench_worker *worker, enum dmabench_stage stage, u64 ns);
u64 dmabench_worker_errors(const struct dmabench_worker *worker);
u64 dmabench_worker_window(const struct dmabench_worker *worker, u64 now);

/**
 * dmabench_account_done - count a transfer that is over
 * @worker: the worker
 * @x: the transfer, unmapped
 */
static inline void dmabench_account_done(struct dmabench_worker *worker,
					 const struct dmabench_xfer *x)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;

	if (unlikely(worker->phase != DMABENCH_PHASE_WINDOW)) {
		worker->warm += worker->phase == DMABENCH_PHASE_WARMUP;
		return;
	}
	if (knobs->iterations && worker->transfers >= knobs->iterations)
		return;

	worker->transfers++;
	worker->bytes += x->payload;
	if (worker->hist)
		dmabench_account_stages(worker, x);
}

/* worker.c */
unsigned int dmabench_worker_stages(const struct dmabench_knobs *knobs);
struct dmabench_worker *dmabench_worker_alloc(struct dmabench_load *load,
					      const struct dmabench_queue *queue);
int dmabench_worker_fill(struct dmabench_worker *worker);
void dmabench_worker_forget(struct dmabench_worker *worker);
void dmabench_worker_empty(struct dmabench_worker *worker);
void dmabench_worker_free(struct dmabench_worker *worker);
size_t dmabench_worker_bytes(const struct dmabench_knobs *knobs);
bool dmabench_worker_gone(const struct dmabench_worker *worker);
bool dmabench_worker_over(const struct dmabench_worker *worker);
void dmabench_worker_run(struct dmabench_worker *worker);

#endif
