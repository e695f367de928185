// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a worker counts: errors, the window, and the stages of the transfers that
 * were completed in it.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "trace.h"
#include "worker.h"

const char *const dmabench_error_names[DMABENCH_ERRORS] = {
	[DMABENCH_ERROR_DATA]		= "data",
	[DMABENCH_ERROR_ENGINE]		= "engine",
	[DMABENCH_ERROR_TIMEOUT]	= "timeout",
	[DMABENCH_ERROR_PREP]		= "prep",
	[DMABENCH_ERROR_SUBMIT]		= "submit",
	[DMABENCH_ERROR_MAP]		= "map",
	[DMABENCH_ERROR_CONTROL]	= "control",
	[DMABENCH_ERROR_CASE]		= "case",
};

const int dmabench_error_errno[DMABENCH_ERRORS] = {
	[DMABENCH_ERROR_DATA]		= -EBADMSG,
	[DMABENCH_ERROR_ENGINE]		= -EIO,
	[DMABENCH_ERROR_TIMEOUT]	= -ETIMEDOUT,
	[DMABENCH_ERROR_PREP]		= -EIO,
	[DMABENCH_ERROR_SUBMIT]		= -EIO,
	[DMABENCH_ERROR_MAP]		= -ENOMEM,
	[DMABENCH_ERROR_CONTROL]	= -EPROTO,
	[DMABENCH_ERROR_CASE]		= -EPROTO,
};

/**
 * dmabench_worker_errors - errors of all kinds
 * @worker: may be running
 *
 * Return: their number.
 */
u64 dmabench_worker_errors(const struct dmabench_worker *worker)
{
	u64 sum = 0;
	unsigned int i;

	for (i = 0; i < DMABENCH_ERRORS; i++)
		sum += worker->errors[i];
	return sum;
}

/**
 * dmabench_worker_window - the time that a worker has measured
 * @worker: may be running
 * @now: the time, ns
 *
 * Return: ns, without verification and pauses.
 */
u64 dmabench_worker_window(const struct dmabench_worker *worker, u64 now)
{
	u64 opened = READ_ONCE(worker->opened);

	return worker->measured + (opened && now > opened ? now - opened : 0);
}

/**
 * dmabench_account_error - count an error, and end the worker if it is one too many
 * @worker: the worker
 * @kind: of the error
 * @x: the transfer
 * @text: what is wrong; the first one is kept
 */
void dmabench_account_error(struct dmabench_worker *worker, enum dmabench_error kind,
			    const struct dmabench_xfer *x, const char *text)
{
	if (!dmabench_worker_errors(worker)) {
		char *to = worker->first_error;
		size_t size = sizeof(worker->first_error);

		if (worker->queue.sides)
			scnprintf(to, size,
				  "worker %u transfer %llu size %zu offsets %u %u: %s",
				  worker->queue.worker, x->seq, x->size, x->side[0].one.at,
				  x->side[worker->queue.sides - 1].one.at, text);
		else
			scnprintf(to, size, "worker %u transfer %llu: %s", worker->queue.worker,
				  x->seq, text);
	}
	worker->errors[kind]++;
	if (kind == DMABENCH_ERROR_TIMEOUT ||
	    dmabench_worker_errors(worker) >= worker->load->knobs.max_errors)
		worker->error = dmabench_error_errno[kind];
}

/**
 * dmabench_window_check_open - open the window if all workers are warm
 * @worker: the worker
 * @now: the time, ns
 */
void dmabench_window_check_open(struct dmabench_worker *worker, u64 now)
{
	struct dmabench_load *load = worker->load;

	if (!worker->counted && worker->warm >= load->knobs.warmup) {
		worker->counted = true;
		atomic_dec(&load->warming);
	}
	if (worker->phase == DMABENCH_PHASE_WARMUP && !atomic_read(&load->warming)) {
		worker->phase = DMABENCH_PHASE_WINDOW;
		worker->cpu_from = dmabench_cpu_own();
		if (!atomic_xchg(&load->opened, 1))
			dmabench_cpu_read(&load->cpu_before, now);
		/* In rounds the window is the sum of their timed parts. */
		if (!dmabench_worker_rounds(worker))
			WRITE_ONCE(worker->opened, now);
		trace_dmabench_window(&worker->queue, true);
	}
}

/**
 * dmabench_window_stop - stop the window's clock
 * @worker: the worker; its clock may stand still already
 * @now: the time, ns
 */
void dmabench_window_stop(struct dmabench_worker *worker, u64 now)
{
	if (worker->opened)
		worker->measured += now - worker->opened;
	WRITE_ONCE(worker->opened, 0);
}

/**
 * dmabench_window_close - close the window for good
 * @worker: its window is open
 * @now: the time, ns
 */
void dmabench_window_close(struct dmabench_worker *worker, u64 now)
{
	dmabench_window_stop(worker, now);
	worker->phase = DMABENCH_PHASE_COOL;
	trace_dmabench_window(&worker->queue, false);
	worker->cpu_ns = dmabench_cpu_own() - worker->cpu_from;
	if (atomic_dec_and_test(&worker->load->measuring))
		dmabench_cpu_read(&worker->load->cpu_after, now);
}

/**
 * dmabench_window_check_close - close the window if it was open long enough
 * @worker: the worker
 * @now: the time, ns
 */
void dmabench_window_check_close(struct dmabench_worker *worker, u64 now)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;
	u64 open, runtime = knobs->runtime_ms * NSEC_PER_MSEC;

	if (worker->phase != DMABENCH_PHASE_WINDOW)
		return;
	open = dmabench_worker_window(worker, now);
	if (!worker->half_ns &&
	    ((knobs->iterations && worker->transfers >= (u64)knobs->iterations >> 1) ||
	     (runtime && open >= runtime >> 1))) {
		worker->half_transfers = worker->transfers;
		worker->half_ns = open;
	}
	if ((knobs->iterations && worker->transfers >= knobs->iterations) ||
	    (runtime && open >= runtime))
		dmabench_window_close(worker, now);
}

static void slow_fill(struct dmabench_slow *slow, const struct dmabench_worker *worker,
		      const struct dmabench_xfer *x, const u64 *stage)
{
	slow->worker = worker->queue.worker;
	slow->seq = x->seq;
	slow->size = x->size;
	slow->start = x->at[DMABENCH_AT_PREP];
	memcpy(slow->stage, stage, sizeof(slow->stage));
}

/* What led to it is in the trace buffer, and must not be overwritten. */
static void threshold_hit(struct dmabench_worker *worker, const struct dmabench_xfer *x,
			  const u64 *stage)
{
	struct dmabench_load *load = worker->load;

	if (atomic_xchg(&load->hit, 1))
		return;
	tracing_off();
	slow_fill(&load->slow, worker, x, stage);
	WRITE_ONCE(load->stopping, true);
	wake_up_all(&load->resume);
}

static void slow_keep(struct dmabench_worker *worker, const struct dmabench_xfer *x,
		      const u64 *stage)
{
	struct dmabench_slow *slow, *fastest;
	bool added = false;
	unsigned int i;

	if (stage[DMABENCH_STAGE_TOTAL] < worker->slow_floor)
		return;
	if (worker->nr_slow < worker->load->knobs.slowest_max) {
		fastest = &worker->slow[worker->nr_slow];
		added = true;
	} else {
		fastest = worker->slow;
		for (i = 1; i < worker->nr_slow; i++) {
			slow = &worker->slow[i];
			if (slow->stage[DMABENCH_STAGE_TOTAL] <
			    fastest->stage[DMABENCH_STAGE_TOTAL])
				fastest = slow;
		}
		worker->slow_floor = fastest->stage[DMABENCH_STAGE_TOTAL] + 1;
		if (stage[DMABENCH_STAGE_TOTAL] < worker->slow_floor)
			return;
	}
	slow_fill(fastest, worker, x, stage);
	if (added) {
		/* Readers see no entry before it is filled in. */
		smp_store_release(&worker->nr_slow, worker->nr_slow + 1);
	}
}

/**
 * dmabench_account_stage - count what is not part of every transfer
 * @worker: the worker
 * @stage: one behind DMABENCH_STAGES, or one of those that a ring has
 * @ns: how long it took
 */
void dmabench_account_stage(struct dmabench_worker *worker, enum dmabench_stage stage, u64 ns)
{
	if (stage < worker->nr_stages)
		dmabench_hist_add(&worker->hist[stage], ns);
}

static bool stage_applies(const struct dmabench_queue *queue, enum dmabench_stage stage)
{
	switch (stage) {
	case DMABENCH_STAGE_MAP:
	case DMABENCH_STAGE_UNMAP:
		return !queue->map_once && !queue->cpu;
	case DMABENCH_STAGE_PREP:
	case DMABENCH_STAGE_SUBMIT:
	case DMABENCH_STAGE_ISSUE:
		return !queue->cpu;
	case DMABENCH_STAGE_WAKE:
		return queue->callback && !queue->cpu;
	default:
		return true;
	}
}

/**
 * dmabench_account_plan - work out which stages the transfers of a worker have
 * @worker: its queue is set up
 */
void dmabench_account_plan(struct dmabench_worker *worker)
{
	unsigned int i;

	for (i = 0; i < DMABENCH_STAGES; i++)
		if (stage_applies(&worker->queue, i))
			worker->applies |= BIT(i);
}

/* Whether somebody asks for more of a transfer than its place in the histograms. */
static bool wants_all(const struct dmabench_worker *worker, const struct dmabench_xfer *x)
{
	/* Most are not slow. */
	return dmabench_xfer_stage(x, DMABENCH_STAGE_TOTAL) >= worker->slow_floor ||
	       worker->load->knobs.threshold_ns || trace_dmabench_done_enabled();
}

static void account_all(struct dmabench_worker *worker, const struct dmabench_xfer *x)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;
	u64 stage[DMABENCH_STAGES];

	dmabench_xfer_stages(x, stage);
	slow_keep(worker, x, stage);
	trace_dmabench_done(x, stage);
	if (knobs->threshold_ns && stage[knobs->threshold_stage] > (u64)knobs->threshold_ns)
		threshold_hit(worker, x, stage);
}

static __always_inline void account_applying(struct dmabench_hist *hist, unsigned int applies,
					     const struct dmabench_xfer *x,
					     enum dmabench_stage stage)
{
	if (applies & BIT(stage))
		dmabench_hist_add(&hist[stage], dmabench_xfer_stage(x, stage));
}

/**
 * dmabench_account_stages - count how long the stages of a transfer took
 * @worker: has histograms
 * @x: the transfer, over and unmapped
 */
void dmabench_account_stages(struct dmabench_worker *worker, const struct dmabench_xfer *x)
{
	struct dmabench_hist *hist = worker->hist;
	unsigned int applies = worker->applies;

	if (x->at[DMABENCH_AT_CALLBACK] < x->at[DMABENCH_AT_ISSUED])
		worker->before_issue++;

	/* Each of them with a stage known to the compiler, as this is most of the cost. */
	account_applying(hist, applies, x, DMABENCH_STAGE_MAP);
	account_applying(hist, applies, x, DMABENCH_STAGE_PREP);
	account_applying(hist, applies, x, DMABENCH_STAGE_SUBMIT);
	account_applying(hist, applies, x, DMABENCH_STAGE_ISSUE);
	account_applying(hist, applies, x, DMABENCH_STAGE_COMPLETE);
	account_applying(hist, applies, x, DMABENCH_STAGE_WAKE);
	account_applying(hist, applies, x, DMABENCH_STAGE_UNMAP);
	account_applying(hist, applies, x, DMABENCH_STAGE_TOTAL);

	if (unlikely(wants_all(worker, x)))
		account_all(worker, x);
}
