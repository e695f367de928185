// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode=transfer: keeps a worker's share of transfers in flight, waits for them,
 * counts them.
 *
 * Without verification (or between its ends) transfers go round in a stream: one
 * that is complete is submitted again. With verification of every transfer they
 * go in rounds of up to the queue's depth: fill all, then transfer all with the
 * clock running, then check all.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "../trace.h"
#include "../worker.h"

static struct dmabench_xfer *free_first(struct dmabench_worker *worker)
{
	return list_first_entry(&worker->free, struct dmabench_xfer, entry);
}

static void xfer_recycle(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	list_move_tail(&x->entry, &worker->free);
	worker->nr_free++;
}

/*
 * Neither descriptors nor mappings are endless. A provider that has none left
 * gets time as long as something is in flight that will bring one back, ours or
 * another worker's; only a long time with nothing at all is an error.
 */
static bool starved(struct dmabench_worker *worker, struct dmabench_xfer *x,
		    enum dmabench_error kind, unsigned long *since)
{
	struct dmabench_queue *queue = &worker->queue;

	if (queue->nr_pending || queue->nr_flying || READ_ONCE(worker->load->stopping))
		return false;
	if (!*since)
		*since = jiffies ?: 1;
	if (time_after(jiffies, *since + queue->timeout)) {
		dmabench_account_error(worker, kind, x, kind == DMABENCH_ERROR_MAP ?
			     "buffers cannot be mapped" :
			     "prep returns NULL with nothing in flight");
		if (!worker->error)
			worker->error = dmabench_error_errno[kind];
		return false;
	}
	schedule_timeout_idle(1);
	return true;
}

/* Submits one transfer. Returns false if the worker should not go on for now. */
static bool submit_one(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x = free_first(worker);
	unsigned long since = 0;
	int ret;

	/* In a round the transfer is set up and filled already. */
	if (worker->recycle)
		dmabench_xfer_setup(x, worker->seq++);

	do {
		ret = dmabench_xfer_map(x);
	} while (ret && !dmabench_worker_gone(worker) &&
		 starved(worker, x, DMABENCH_ERROR_MAP, &since));
	if (ret)
		goto put_off;

	do {
		ret = dmabench_xfer_submit(x);
	} while (ret == -EAGAIN && !dmabench_worker_gone(worker) &&
		 starved(worker, x, DMABENCH_ERROR_PREP, &since));
	if (ret == -ENOSR) {
		/* Half of it is in flight, and stays with the queue. */
		dmabench_account_error(worker, DMABENCH_ERROR_PREP, x,
				       "no descriptor for the other half of a pair");
		worker->error = worker->error ?: -EIO;
		worker->nr_free--;
		return false;
	}
	if (ret) {
		dmabench_xfer_unmap(x);
		if (ret != -EAGAIN)
			dmabench_account_error(worker, DMABENCH_ERROR_SUBMIT, x,
					       "submit was refused");
		goto put_off;
	}

	return true;

put_off:
	/* It keeps its number, so that the seed still means the same transfers. */
	if (worker->recycle)
		worker->seq--;
	return false;
}

/* Submits in whole batches as far as transfers are free, and issues each. */
static void refill(struct dmabench_worker *worker)
{
	unsigned int batch = worker->load->knobs.batch;
	bool go_on = true;

	worker->queue.clocked = 0;
	while (go_on && worker->quota && worker->nr_free) {
		u64 most = min_t(u64, batch, worker->quota), count = 0;

		if (worker->nr_free < most)
			break;
		while (go_on && count < most) {
			go_on = submit_one(worker);
			count += go_on;
		}
		worker->nr_free -= count;
		worker->quota -= count;
		worker->transfers_all += count;
		if (go_on)
			dmabench_queue_issue_on(&worker->queue);
		else
			dmabench_queue_issue(&worker->queue);
	}
}

static void reap_error(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	char text[48];

	scnprintf(text, sizeof(text), "the engine says error %d", x->result);
	dmabench_account_error(worker, DMABENCH_ERROR_ENGINE, x, text);
}

/* All but its place in the lists. */
static __always_inline void reap_known(struct dmabench_worker *worker, struct dmabench_xfer *x,
				       u64 now)
{
	const struct dmabench_queue *queue = &worker->queue;

	/* One that has landed after we have begun to look is not known before that. */
	if (dmabench_stamps(queue) && queue->callback && x->at[DMABENCH_AT_CALLBACK] > now)
		now = dmabench_clock();
	dmabench_xfer_known(x, now);
	trace_dmabench_wake(x);
	dmabench_xfer_unmap(x);

	/* A plain callback does not tell an error, so ask, but not in a stream. */
	if (!worker->recycle && queue->callback && !queue->result && !queue->cpu &&
	    dmabench_xfer_status(x) == DMA_ERROR)
		x->result = DMA_TRANS_ABORTED;
	if (likely(x->result == DMA_TRANS_NOERROR))
		dmabench_account_done(worker, x);
	else
		reap_error(worker, x);
}

/* Takes one, or in a stream several in a row, from those in flight. */
static __always_inline void reap_out(struct dmabench_worker *worker, struct dmabench_xfer *first,
				     struct dmabench_xfer *last, unsigned int count)
{
	bool well = last->result == DMA_TRANS_NOERROR;

	if (worker->recycle || !well)
		worker->nr_free += count;
	list_bulk_move_tail(worker->recycle || !well ? &worker->free : &worker->finished,
			    &first->entry, &last->entry);
	worker->queue.nr_flying -= count;
}

static void reap(struct dmabench_worker *worker, struct dmabench_xfer *x, u64 now)
{
	reap_known(worker, x, now);
	reap_out(worker, x, x, 1);
}

static void reaped(struct dmabench_worker *worker, u64 now)
{
	if (!worker->recycle)
		return;
	dmabench_window_check_open(worker, now);
	dmabench_window_check_close(worker, now);
}

/*
 * Callbacks come in the order of submits, as a rule: then the first one that has
 * not come ends the search. Where they do not, all of them are looked at.
 */
static bool reap_landed(struct dmabench_worker *worker, bool all)
{
	struct dmabench_xfer *x, *next;
	u64 now = 0;

	list_for_each_entry_safe(x, next, &worker->queue.flying, entry) {
		if (!dmabench_xfer_has_landed(x)) {
			if (!all)
				break;
			continue;
		}
		now = now ?: dmabench_clock();
		reap(worker, x, now);
	}
	if (!now)
		return false;
	reaped(worker, now);
	return true;
}

static bool reap_callbacks(struct dmabench_worker *worker)
{
	return reap_landed(worker, false) || reap_landed(worker, true);
}

static struct dmabench_xfer *oldest(struct dmabench_worker *worker)
{
	return list_first_entry_or_null(&worker->queue.flying, struct dmabench_xfer, entry);
}

/*
 * The oldest one is over. What the provider says of its last completed cookie goes
 * for all transfers before that, and at the same moment. Only in a stream: where data
 * are checked, and before memory is freed, each one is asked for. Not all providers
 * say it (A5.8).
 */
static void reap_oldest(struct dmabench_worker *worker, const struct dma_tx_state *state, u64 now)
{
	struct dmabench_queue *queue = &worker->queue;
	bool range = worker->recycle && worker->quota && queue->nr_routes == 1 &&
		     state->last >= DMA_MIN_COOKIE;
	struct dmabench_xfer *first = oldest(worker), *x = first, *last;
	unsigned int count = 0;

	do {
		reap_known(worker, x, now);
		last = x;
		x = list_next_entry(x, entry);
	} while (++count < queue->nr_flying && range &&
		 dma_async_is_complete(x->leg.cookie, state->last, state->used) == DMA_COMPLETE);
	reap_out(worker, first, last, count);
}

static bool reap_polled(struct dmabench_worker *worker)
{
	struct dma_tx_state state;
	struct dmabench_xfer *x;
	u64 now = 0;

	while ((x = oldest(worker))) {
		enum dma_status status = dmabench_xfer_poll(x, &state);

		if (status == DMA_ERROR)
			x->result = DMA_TRANS_ABORTED;
		else if (status != DMA_COMPLETE)
			break;
		now = dmabench_clock();
		reap_oldest(worker, &state, now);
	}
	if (!now)
		return false;
	reaped(worker, now);
	return true;
}

static bool timed_out(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x = oldest(worker);

	if (!x || time_before32((u32)jiffies, x->deadline))
		return false;
	/* A waiter that was kept from running must not blame the engine. */
	if (worker->queue.callback ? !!dmabench_queue_landed(&worker->queue) :
				     dmabench_xfer_status(x) == DMA_COMPLETE)
		return false;
	dmabench_account_error(worker, DMABENCH_ERROR_TIMEOUT, x, "did not complete in time");
	return true;
}

static void sleep_for_callback(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x = oldest(worker);
	long left = x ? (s32)(x->deadline - (u32)jiffies) : 1;

	dmabench_queue_sleep(&worker->queue, &worker->load->leaving, left);
}

static void watch_for_callback(struct dmabench_worker *worker)
{
	u64 until = dmabench_clock() + worker->load->knobs.hybrid_us * NSEC_PER_USEC;

	while (!dmabench_queue_landed(&worker->queue)) {
		if (dmabench_worker_gone(worker))
			return;
		if (dmabench_clock() >= until) {
			sleep_for_callback(worker);
			return;
		}
		cpu_relax();
		cond_resched();
	}
}

/* Waits until at least one transfer is over, or the worker must go. */
static void wait_for_some(struct dmabench_worker *worker)
{
	const struct dmabench_queue *queue = &worker->queue;

	while (queue->nr_flying && !dmabench_worker_gone(worker)) {
		if (queue->callback ? reap_callbacks(worker) : reap_polled(worker))
			return;
		if (timed_out(worker))
			return;
		if (!queue->callback) {
			cpu_relax();
			cond_resched();
		} else if (worker->load->knobs.wait == DMABENCH_WAIT_HYBRID) {
			watch_for_callback(worker);
		} else {
			sleep_for_callback(worker);
		}
	}
}

static void drain(struct dmabench_worker *worker)
{
	worker->quota = 0;
	while (worker->queue.nr_flying && !dmabench_worker_gone(worker))
		wait_for_some(worker);
}

static bool paused(const struct dmabench_worker *worker)
{
	return READ_ONCE(worker->load->paused);
}

static void hold_still(struct dmabench_worker *worker)
{
	struct dmabench_load *load = worker->load;
	u64 quota = worker->quota;
	bool open;

	drain(worker);
	open = worker->phase == DMABENCH_PHASE_WINDOW && !dmabench_worker_rounds(worker);
	if (open)
		dmabench_window_stop(worker, dmabench_clock());
	wait_event_idle(load->resume,
			!paused(worker) || READ_ONCE(load->stopping) || READ_ONCE(load->leaving));
	if (open)
		WRITE_ONCE(worker->opened, dmabench_clock());
	worker->quota = quota;
}

static void stream_begin(struct dmabench_worker *worker)
{
	worker->recycle = true;
	worker->quota = U64_MAX;
	dmabench_window_check_open(worker, dmabench_clock());
}

static void stream(struct dmabench_worker *worker)
{
	stream_begin(worker);
	while (!dmabench_worker_over(worker)) {
		refill(worker);
		wait_for_some(worker);
		if (paused(worker))
			hold_still(worker);
		cond_resched();
	}
	drain(worker);
}

static void hold_all_still(struct dmabench_worker *first)
{
	struct dmabench_load *load = first->load;
	struct dmabench_worker *worker;

	for (worker = first; worker; worker = worker->next) {
		drain(worker);
		if (worker->phase == DMABENCH_PHASE_WINDOW)
			dmabench_window_stop(worker, dmabench_clock());
	}
	wait_event_idle(load->resume,
			!paused(first) || READ_ONCE(load->stopping) || READ_ONCE(load->leaving));
	for (worker = first; worker; worker = worker->next) {
		if (worker->phase == DMABENCH_PHASE_WINDOW)
			WRITE_ONCE(worker->opened, dmabench_clock());
		worker->quota = U64_MAX;
	}
}

/* One thread for several workers: it looks at each in turn and waits for none. */
static void stream_in_turn(struct dmabench_worker *first)
{
	struct dmabench_worker *worker;
	bool any, some;

	for (worker = first; worker; worker = worker->next)
		stream_begin(worker);
	do {
		any = false;
		some = false;
		for (worker = first; worker; worker = worker->next) {
			if (dmabench_worker_over(worker))
				continue;
			any = true;
			refill(worker);
			if (worker->queue.nr_flying)
				some |= reap_polled(worker) || timed_out(worker);
		}
		if (!some)
			cpu_relax();
		if (paused(first))
			hold_all_still(first);
		cond_resched();
	} while (any);
	for (worker = first; worker; worker = worker->next)
		drain(worker);
}

static void verify_finished(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x, *next;
	char reason[180];

	list_for_each_entry_safe(x, next, &worker->finished, entry) {
		if (!dmabench_worker_gone(worker)) {
			if (!dmabench_xfer_verify(x, reason, sizeof(reason)))
				dmabench_account_error(worker, DMABENCH_ERROR_DATA, x, reason);
			worker->verified++;
		}
		xfer_recycle(worker, x);
		cond_resched();
	}
}

/* A round: nothing is in flight before and after, every transfer is checked. */
static void verified_round(struct dmabench_worker *worker, unsigned int count)
{
	struct dmabench_xfer *x;
	unsigned int i = 0;
	u64 from, now;

	worker->recycle = false;
	worker->quota = count;
	list_for_each_entry(x, &worker->free, entry) {
		if (i++ == count)
			break;
		dmabench_xfer_setup(x, worker->seq++);
		dmabench_xfer_fill(x);
		cond_resched();
	}

	from = dmabench_clock();
	while (worker->quota || worker->queue.nr_flying) {
		refill(worker);
		wait_for_some(worker);
		if (dmabench_worker_gone(worker))
			break;
		if (READ_ONCE(worker->load->stopping))
			worker->quota = 0;
		cond_resched();
	}
	now = dmabench_clock();
	if (worker->phase == DMABENCH_PHASE_WINDOW)
		worker->measured += now - from;

	verify_finished(worker);
}

static unsigned int round_size(const struct dmabench_worker *worker)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;
	u64 left = worker->nr_ready;

	/* Neither the warm-up nor the window is longer than was asked for. */
	if (worker->phase == DMABENCH_PHASE_WARMUP && !worker->counted)
		left = knobs->warmup - worker->warm;
	else if (worker->phase == DMABENCH_PHASE_WINDOW && knobs->iterations)
		left = knobs->iterations - worker->transfers;
	return min_t(u64, left, worker->nr_ready);
}

static void verified_rounds(struct dmabench_worker *worker)
{
	dmabench_window_check_open(worker, dmabench_clock());
	while (!dmabench_worker_over(worker)) {
		u64 now;

		verified_round(worker, round_size(worker));
		now = dmabench_clock();
		dmabench_window_check_open(worker, now);
		dmabench_window_check_close(worker, now);
		if (paused(worker))
			hold_still(worker);
	}
}

static void transfer_work(struct dmabench_worker *worker)
{
	struct dmabench_load *load = worker->load;
	struct dmabench_queue *queue = &worker->queue;

	/* Then refill() has nothing to do for a transfer but to submit it. */
	queue->unbroken = queue->fixed && queue->map_once && !queue->cpu &&
			  queue->nr_routes == 1;
	if (load->knobs.verify == DMABENCH_VERIFY_FULL) {
		verified_rounds(worker);
	} else {
		bool ends = load->knobs.verify == DMABENCH_VERIFY_ENDS;

		/* These rounds lie outside the window, the first warms up, too. */
		if (ends && !dmabench_worker_over(worker))
			verified_round(worker, worker->nr_ready);
		if (worker->next)
			stream_in_turn(worker);
		else
			stream(worker);
		if (ends && !dmabench_worker_gone(worker) && !READ_ONCE(load->stopping))
			verified_round(worker, worker->nr_ready);
	}
}

const struct dmabench_mode dmabench_mode_transfer = {
	.name	= "transfer",
	.work	= transfer_work,
};
