// SPDX-License-Identifier: GPL-2.0-only
/*
 * cyclic: round and round in a buffer to a peripheral, from one, or both ways,
 * with a callback for each period. Contract A3.12.
 *
 * What has passed is found by the engine's position, since callbacks may be
 * merged. All that has to do with data happens in the callbacks, as a client on
 * a slave channel may: what has passed is refilled or checked, before the engine
 * comes round again.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/seq_file.h>

#include "cyclic.h"

/* How long what is still in the FIFO has to come out, at most. */
#define CYCLIC_DRAIN_MS	200

/* How often the worker looks without being woken. */
#define CYCLIC_LOOK_MS	50

/**
 * struct dmabench_cyclic - the state of a worker with op=cyclic
 * @leg: by route
 */
struct dmabench_cyclic {
	struct dmabench_cyclic_leg leg[DMABENCH_MAX_ROUTES];
};

static bool leg_sends(const struct dmabench_cyclic_leg *leg)
{
	return leg->ring.route->dir == DMA_MEM_TO_DEV;
}

static bool leg_used(const struct dmabench_cyclic_leg *leg)
{
	return READ_ONCE(leg->ring.worker);
}

/* The one that tells how far the run is: what is received, if anything is. */
static struct dmabench_cyclic_leg *leg_of_run(const struct dmabench_worker *worker)
{
	struct dmabench_cyclic *cyclic = worker->state;

	return &cyclic->leg[0];
}

/* -------------------------------------------------------------- callbacks */

static void note_interval(struct dmabench_cyclic_leg *leg, u64 now)
{
	u64 interval = now - leg->last;

	leg->callbacks++;
	if (leg->last) {
		leg->intervals++;
		leg->interval_sum += interval;
		leg->interval_min = min(leg->interval_min ?: interval, interval);
		leg->interval_max = max(leg->interval_max, interval);
		/* Nobody else counts this stage. */
		if (leg == leg_of_run(leg->ring.worker))
			dmabench_account_stage(leg->ring.worker, DMABENCH_STAGE_PERIOD, interval);
	}
	leg->last = now;
}

static void note_passed(struct dmabench_cyclic_leg *leg)
{
	struct dmabench_ring *ring = &leg->ring;
	struct dmabench_ring_pointer p;
	u32 slot;

	dmabench_ring_pointer(ring, &p);
	/* Where the position tells nothing, a callback is a period. */
	slot = p.valid ? p.at / ring->period : (leg->slot + 1) % ring->periods;
	if (ring->periods == 1)
		leg->passed++;
	else
		leg->passed += (slot + ring->periods - leg->slot) % ring->periods;
	leg->slot = slot;
}

static void cyclic_elapsed(struct dmabench_ring *ring, const struct dmabench_ring_take *take,
			   u64 now)
{
	struct dmabench_cyclic_leg *leg = container_of(ring, struct dmabench_cyclic_leg, ring);
	u64 errors = leg->errors;

	note_interval(leg, now);
	note_passed(leg);
	if (leg_sends(leg))
		dmabench_cyclic_refill(leg);
	else
		dmabench_cyclic_collect(leg);
	if (leg->errors != errors || leg->callbacks == ring->worker->load->knobs.iterations)
		wake_up_process(ring->worker->queue.waiter);
}

/* ------------------------------------------------------------- the worker */

static u64 leg_periods(const struct dmabench_cyclic_leg *leg)
{
	return leg_sends(leg) ? READ_ONCE(leg->passed) : READ_ONCE(leg->collected);
}

static void count_errors(struct dmabench_worker *worker, struct dmabench_xfer *x, u64 *known)
{
	struct dmabench_cyclic *cyclic = worker->state;
	unsigned int i;

	for (i = 0; i < worker->queue.nr_routes; i++) {
		/* Pairs with wrong() in cyclic-data.c. */
		unsigned long errors = smp_load_acquire(&cyclic->leg[i].errors);

		for (; known[i] < errors && !worker->error; known[i]++)
			dmabench_account_error(worker, DMABENCH_ERROR_DATA, x, cyclic->leg[i].text);
	}
}

static void count_progress(struct dmabench_worker *worker)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;
	struct dmabench_cyclic_leg *leg = leg_of_run(worker);
	u64 periods = leg_periods(leg);

	if (knobs->iterations)
		periods = min_t(u64, periods, knobs->iterations);
	worker->transfers = periods;
	worker->bytes = periods * leg->ring.period;
	worker->verified = READ_ONCE(leg->verified);
	dmabench_window_check_close(worker, dmabench_clock());
}

/* Each way must move within the timeout. */
static bool stuck(struct dmabench_worker *worker, struct dmabench_xfer *x, u64 *moved,
		  unsigned long *since)
{
	struct dmabench_cyclic *cyclic = worker->state;
	unsigned int i;

	for (i = 0; i < worker->queue.nr_routes; i++) {
		struct dmabench_cyclic_leg *leg = &cyclic->leg[i];
		u64 now = READ_ONCE(leg->callbacks);
		char text[64];

		if (now != moved[i]) {
			moved[i] = now;
			since[i] = jiffies;
		}
		if (time_before(jiffies, since[i] + worker->queue.timeout))
			continue;
		scnprintf(text, sizeof(text), "%s: no callback after %llu of them",
			  leg_sends(leg) ? "tx" : "rx", now);
		dmabench_account_error(worker, DMABENCH_ERROR_TIMEOUT, x, text);
		return true;
	}
	return false;
}

static void pause_all(struct dmabench_worker *worker, bool pause)
{
	struct dmabench_cyclic *cyclic = worker->state;
	unsigned int i, count = worker->queue.nr_routes;

	for (i = 0; i < count; i++) {
		/* Who sends goes last, and holds still first. */
		struct dmabench_ring *ring = &cyclic->leg[pause ? count - 1 - i : i].ring;
		u64 from = dmabench_clock();
		unsigned long flags;

		spin_lock_irqsave(&ring->lock, flags);
		if (pause)
			dmabench_ring_pause(ring);
		else
			dmabench_ring_resume(ring);
		spin_unlock_irqrestore(&ring->lock, flags);
		dmabench_account_stage(worker, pause ? DMABENCH_STAGE_PAUSE : DMABENCH_STAGE_RESUME,
				       dmabench_clock() - from);
	}
}

static bool can_pause(const struct dmabench_worker *worker)
{
	unsigned int i;

	for (i = 0; i < worker->queue.nr_routes; i++) {
		const struct dma_device *device = worker->queue.route[i].chan->dma->device;

		if (!device->device_pause || !device->device_resume)
			return false;
	}
	return true;
}

static void hold_still(struct dmabench_worker *worker, unsigned long *since)
{
	struct dmabench_load *load = worker->load;
	struct dmabench_cyclic *cyclic = worker->state;
	unsigned int i;

	dmabench_window_stop(worker, dmabench_clock());
	pause_all(worker, true);
	wait_event_idle(load->resume, !READ_ONCE(load->paused) || READ_ONCE(load->stopping) ||
			READ_ONCE(load->leaving));
	for (i = 0; i < worker->queue.nr_routes; i++) {
		since[i] = jiffies;
		/* This one is no interval. */
		cyclic->leg[i].last = 0;
	}
	if (READ_ONCE(load->leaving))
		return;
	pause_all(worker, false);
	WRITE_ONCE(worker->opened, dmabench_clock());
}

static void watch(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	u64 known[DMABENCH_MAX_ROUTES] = {}, moved[DMABENCH_MAX_ROUTES] = {};
	unsigned long since[DMABENCH_MAX_ROUTES] = { jiffies, jiffies };

	while (!dmabench_worker_over(worker)) {
		set_current_state(TASK_IDLE);
		count_errors(worker, x, known);
		count_progress(worker);
		if (!dmabench_worker_over(worker))
			schedule_timeout(msecs_to_jiffies(CYCLIC_LOOK_MS));
		__set_current_state(TASK_RUNNING);
		if (stuck(worker, x, moved, since))
			break;
		if (READ_ONCE(worker->load->paused) && can_pause(worker))
			hold_still(worker, since);
	}
	count_progress(worker);
}

/* Starts all ways, the receiving one first. Returns how many run. */
static unsigned int start_all(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	struct dmabench_cyclic *cyclic = worker->state;
	unsigned int i;

	for (i = 0; i < worker->queue.nr_routes; i++) {
		struct dmabench_ring *ring = &cyclic->leg[i].ring;
		unsigned long flags;
		int ret;

		spin_lock_irqsave(&ring->lock, flags);
		ret = dmabench_ring_start(ring, true);
		spin_unlock_irqrestore(&ring->lock, flags);
		if (ret) {
			bool prep = ret == -EAGAIN;

			dmabench_account_error(worker, prep ? DMABENCH_ERROR_PREP :
							      DMABENCH_ERROR_SUBMIT, x,
					       prep ? "prep_dma_cyclic returns NULL" :
						      "submit was refused");
			worker->error = worker->error ?: -EIO;
			break;
		}
		dmabench_account_stage(worker, DMABENCH_STAGE_PREP, ring->prep_ns);
		dmabench_account_stage(worker, DMABENCH_STAGE_SUBMIT, ring->submit_ns);
		dmabench_account_stage(worker, DMABENCH_STAGE_ISSUE, ring->issue_ns);
	}
	return i;
}

/* What was sent is to be received, and nobody's next run to find. */
static void drain(struct dmabench_ring *ring)
{
	unsigned long until = jiffies + msecs_to_jiffies(CYCLIC_DRAIN_MS);
	struct dmabench_ring_pointer before, now;

	dmabench_ring_pointer(ring, &now);
	do {
		before = now;
		msleep(20);
		dmabench_ring_pointer(ring, &now);
	} while (now.at != before.at && time_before(jiffies, until));
}

/* Who sends ends first. Returns whether all of them have ended. */
static bool end_all(struct dmabench_worker *worker, unsigned int count)
{
	struct dmabench_cyclic *cyclic = worker->state;
	bool ended = true;

	while (count--) {
		struct dmabench_cyclic_leg *leg = &cyclic->leg[count];

		ended &= !dmabench_ring_end(&leg->ring);
		if (count && !worker->error)
			drain(&cyclic->leg[0].ring);
	}
	return ended;
}

/* What only shows when all is over. */
static void check_end(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	struct dmabench_cyclic *cyclic = worker->state;
	struct dmabench_cyclic_leg *rx = &cyclic->leg[0];
	struct dmabench_cyclic_leg *tx = &cyclic->leg[worker->queue.nr_routes - 1];
	char reason[180];

	if (worker->load->knobs.verify == DMABENCH_VERIFY_NONE)
		return;
	if (!dmabench_xfer_verify(x, reason, sizeof(reason)) ||
	    (leg_sends(tx) && !dmabench_cyclic_check_sent(tx, reason, sizeof(reason))))
		dmabench_account_error(worker, DMABENCH_ERROR_DATA, x, reason);
	if (rx != tx && rx->stale > tx->underruns) {
		scnprintf(reason, sizeof(reason),
			  "%llu periods came with the data of a lap before, %llu were refilled late",
			  rx->stale, tx->underruns);
		dmabench_account_error(worker, DMABENCH_ERROR_DATA, x, reason);
	}
}

static void cyclic_init(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	struct dmabench_cyclic *cyclic = worker->state;
	const struct dmabench_queue *queue = &worker->queue;
	unsigned int i;

	for (i = 0; i < queue->nr_routes; i++) {
		struct dmabench_cyclic_leg *leg = &cyclic->leg[i];

		leg->endpoint = queue->port->endpoint;
		leg->looped = queue->nr_routes > 1 && leg->endpoint == DMABENCH_ENDPOINT_LOOPBACK;
		leg->verify = worker->load->knobs.verify != DMABENCH_VERIFY_NONE;
		leg->ring.elapsed = cyclic_elapsed;
		dmabench_ring_init(&leg->ring, worker, x, i);
		leg->filled = leg->ring.periods;
	}
}

static void cyclic_work(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x = dmabench_ring_take_memory(worker);
	unsigned int running;

	if (!x)
		return;
	cyclic_init(worker, x);
	running = start_all(worker, x);

	worker->warm = worker->load->knobs.warmup;
	dmabench_window_check_open(worker, dmabench_clock());
	WRITE_ONCE(worker->opened, dmabench_clock());
	if (!worker->error)
		watch(worker, x);
	/* In a hurry, or not to be stopped: the runner deals with it. */
	if (READ_ONCE(worker->load->leaving) || !end_all(worker, running) ||
	    !dmabench_ring_quiet(worker, x))
		return;
	dmabench_ring_return_memory(worker, x);
	if (!worker->error)
		check_end(worker, x);
}

static bool cyclic_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	return (!x->sources ||
		dmabench_xfer_check_guards(x, 0, "source", reason, reason_size)) &&
	       (x->sides == x->sources ||
		dmabench_xfer_check_guards(x, x->sources, "destination", reason, reason_size));
}

static void leg_show(struct seq_file *m, const struct dmabench_cyclic_leg *leg)
{
	const char *way = leg_sends(leg) ? "tx" : "rx";
	u64 periods = leg_periods(leg), callbacks = READ_ONCE(leg->callbacks);
	u64 mean = leg->intervals ? div64_u64(leg->interval_sum, leg->intervals) : 0;

	seq_printf(m, "cyclic.%s.periods: %llu\n", way, periods);
	seq_printf(m, "cyclic.%s.callbacks: %llu\n", way, callbacks);
	seq_printf(m, "cyclic.%s.coalesced: %llu\n", way,
		   periods > callbacks ? periods - callbacks : 0);
	seq_printf(m, "cyclic.%s.period_mean_ns: %llu\n", way, mean);
	seq_printf(m, "cyclic.%s.jitter_ns: %llu\n", way,
		   max(leg->interval_max - mean, mean - leg->interval_min));
	if (leg_sends(leg)) {
		seq_printf(m, "cyclic.tx.underruns: %llu\n", leg->underruns);
		return;
	}
	seq_printf(m, "cyclic.rx.verified: %llu\n", leg->verified);
	seq_printf(m, "cyclic.rx.overruns: %llu\n", leg->overruns);
	seq_printf(m, "cyclic.rx.stale_periods: %llu\n", leg->stale);
	seq_printf(m, "cyclic.rx.lost_periods: %llu\n", leg->lost);
	seq_printf(m, "cyclic.rx.duplicate_periods: %llu\n", leg->duplicate);
	seq_printf(m, "cyclic.rx.leftover_bytes: %llu\n", leg->leftover);
}

static void cyclic_show(struct seq_file *m, const struct dmabench_worker *worker)
{
	const struct dmabench_cyclic *cyclic = worker->state;
	unsigned int i;

	for (i = 0; i < worker->queue.nr_routes; i++)
		if (leg_used(&cyclic->leg[i]))
			leg_show(m, &cyclic->leg[i]);
}

/* For who starts and ends it as any other transfer; @work has a ring of its own. */
static struct dma_async_tx_descriptor *
cyclic_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	return dmaengine_prep_dma_cyclic(route->chan->dma, dmabench_xfer_dma(x, route->side),
					 x->size, dmabench_ring_period(x->queue->knobs),
					 route->dir, flags);
}

const struct dmabench_op dmabench_op_cyclic = {
	.name		= "cyclic",
	.cap		= DMA_CYCLIC,
	.peripheral	= true,
	.endless	= true,
	.worker_size	= sizeof(struct dmabench_cyclic),
	.check		= dmabench_ring_check,
	.prep		= cyclic_prep,
	.fill		= dmabench_cyclic_prefill,
	.verify		= cyclic_verify,
	.work		= cyclic_work,
	.show		= cyclic_show,
};
