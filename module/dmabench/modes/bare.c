// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode=bare: prepare, submit, issue, poll, in a ring, and nothing beside it.
 *
 * No stamps, no callbacks, no lists, no check of what was moved: what this loop
 * reaches is what the framework and the provider leave to any client. What
 * mode=transfer reaches less than this is what dmabench costs.
 */
#include <linux/kernel.h>

#include "../worker.h"

/* What the knob depth can ask for. */
#define BARE_SLOTS	1024

/* The clock is read after so many: a hundredth of it for each. */
#define BARE_STRETCH	64

/**
 * struct bare_slot - a transfer of the ring
 * @dst: bus address
 * @src: bus address
 * @cookie: while it is in flight
 * @x: whose buffers they are
 */
struct bare_slot {
	dma_addr_t dst;
	dma_addr_t src;
	dma_cookie_t cookie;
	struct dmabench_xfer *x;
};

/**
 * struct bare - the ring of a worker
 * @chan: the channel
 * @depth: slots in use
 * @batch: submits per issue_pending
 * @size: bytes of a transfer
 * @head: the slot that is submitted next
 * @tail: the oldest one in flight
 * @flying: how many are in flight
 * @since: nothing has completed since then, jiffies; 0: something has
 * @slot: the transfers
 */
struct bare {
	struct dma_chan *chan;
	unsigned int depth;
	unsigned int batch;
	size_t size;
	unsigned int head;
	unsigned int tail;
	unsigned int flying;
	unsigned long since;
	struct bare_slot slot[BARE_SLOTS];
};

static int bare_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size)
{
	if (knobs->op == DMABENCH_OP_memcpy && !*knobs->mix &&
	    knobs->wait == DMABENCH_WAIT_POLL && knobs->verify == DMABENCH_VERIFY_NONE &&
	    !knobs->stages && !knobs->reuse && !knobs->metadata && !knobs->size_min &&
	    (knobs->map == DMABENCH_MAP_ONCE || knobs->memory == DMABENCH_MEMORY_COHERENT))
		return 0;
	scnprintf(reason, reason_size,
		  "mode=bare is for op=memcpy wait=poll verify=none stages=0 map=once alone");
	return -EINVAL;
}

static void bare_setup(struct bare *bare, struct dmabench_worker *worker)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;
	struct dmabench_xfer *x;

	bare->chan = worker->queue.route[0].chan->dma;
	bare->batch = knobs->batch;
	bare->size = knobs->size;
	list_for_each_entry(x, &worker->free, entry) {
		struct bare_slot *slot = &bare->slot[bare->depth++];

		dmabench_xfer_setup(x, worker->seq++);
		slot->dst = dmabench_xfer_dma(x, 1);
		slot->src = dmabench_xfer_dma(x, 0);
		slot->x = x;
	}
}

static bool bare_submit(struct bare *bare, unsigned long flags)
{
	struct bare_slot *slot = &bare->slot[bare->head];
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(bare->chan, slot->dst, slot->src, bare->size, flags);
	if (!tx)
		return false;
	/* A used descriptor may come with its last client's callbacks (contract A9.2). */
	tx->callback = NULL;
	tx->callback_result = NULL;
	slot->cookie = dmaengine_submit(tx);
	if (dma_submit_error(slot->cookie))
		return false;
	if (++bare->head == bare->depth)
		bare->head = 0;
	bare->flying++;
	return true;
}

static void bare_refill(struct bare *bare, struct dmabench_queue *queue)
{
	bool go_on = true;

	while (go_on && bare->flying + bare->batch <= bare->depth) {
		unsigned int left = bare->batch;

		while (go_on && left--)
			go_on = bare_submit(bare, queue->flags);
		dma_async_issue_pending(bare->chan);
		queue->issues++;
	}
}

static unsigned int bare_reap(struct bare *bare)
{
	unsigned int count = 0;

	while (bare->flying) {
		struct dma_tx_state state = {};

		if (dmaengine_tx_status(bare->chan, bare->slot[bare->tail].cookie, &state) !=
		    DMA_COMPLETE)
			break;
		if (++bare->tail == bare->depth)
			bare->tail = 0;
		bare->flying--;
		count++;
	}
	return count;
}

/* Nothing has completed. Whether there is no point in going on. */
static bool bare_stuck(struct bare *bare, struct dmabench_worker *worker)
{
	cpu_relax();
	cond_resched();
	if (!bare->since)
		bare->since = jiffies ?: 1;
	if (time_after(jiffies, bare->since + worker->queue.timeout)) {
		if (bare->flying)
			dmabench_account_error(worker, DMABENCH_ERROR_TIMEOUT,
					       bare->slot[bare->tail].x,
					       "did not complete in time");
		else
			dmabench_account_error(worker, DMABENCH_ERROR_PREP,
					       bare->slot[bare->head].x,
					       "prep or submit fail with nothing in flight");
		worker->error = worker->error ?: -EIO;
	}
	return dmabench_worker_gone(worker) || (!bare->flying && READ_ONCE(worker->load->stopping));
}

static unsigned int bare_stretch(struct bare *bare, struct dmabench_worker *worker)
{
	unsigned int count = 0, some;

	do {
		bare_refill(bare, &worker->queue);
		some = bare_reap(bare);
		count += some;
		if (some)
			bare->since = 0;
		else if (bare_stuck(bare, worker))
			break;
	} while (count < BARE_STRETCH);
	return count;
}

static void bare_drain(struct bare *bare, struct dmabench_worker *worker)
{
	while (bare->flying && !dmabench_worker_gone(worker)) {
		unsigned int some = bare_reap(bare);

		worker->transfers_all += some;
		if (some)
			bare->since = 0;
		else
			bare_stuck(bare, worker);
	}
}

static void bare_account(struct bare *bare, struct dmabench_worker *worker, u64 count)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;
	u64 now = dmabench_clock();

	worker->transfers_all += count;
	if (worker->phase == DMABENCH_PHASE_WARMUP)
		worker->warm += count;
	if (worker->phase == DMABENCH_PHASE_WINDOW) {
		if (knobs->iterations)
			count = min(count, (u64)knobs->iterations - worker->transfers);
		worker->transfers += count;
		worker->bytes += count * bare->size;
	}
	dmabench_window_check_open(worker, now);
	dmabench_window_check_close(worker, now);
}

static void bare_hold_still(struct bare *bare, struct dmabench_worker *worker)
{
	struct dmabench_load *load = worker->load;
	bool open = worker->phase == DMABENCH_PHASE_WINDOW;

	bare_drain(bare, worker);
	if (open)
		dmabench_window_stop(worker, dmabench_clock());
	wait_event_idle(load->resume,
			!READ_ONCE(load->paused) || READ_ONCE(load->stopping) ||
			READ_ONCE(load->leaving));
	if (open)
		WRITE_ONCE(worker->opened, dmabench_clock());
}

/* What is still in flight is the runner's, who knows how to end it. */
static void bare_give_up(struct bare *bare, struct dmabench_worker *worker)
{
	while (bare->flying--) {
		struct bare_slot *slot = &bare->slot[bare->tail];

		dmabench_xfer_leg(slot->x, 0)->cookie = slot->cookie;
		list_move_tail(&slot->x->entry, &worker->queue.flying);
		worker->queue.nr_flying++;
		worker->nr_free--;
		if (++bare->tail == bare->depth)
			bare->tail = 0;
	}
}

static void bare_work(struct dmabench_worker *worker)
{
	struct bare *bare = worker->state;

	bare_setup(bare, worker);
	dmabench_window_check_open(worker, dmabench_clock());
	while (!dmabench_worker_over(worker)) {
		bare_account(bare, worker, bare_stretch(bare, worker));
		if (READ_ONCE(worker->load->paused))
			bare_hold_still(bare, worker);
		cond_resched();
	}
	bare_drain(bare, worker);
	worker->queue.prepares = worker->transfers_all + bare->flying;
	if (bare->flying)
		bare_give_up(bare, worker);
}

const struct dmabench_mode dmabench_mode_bare = {
	.name		= "bare",
	.state_size	= sizeof(struct bare),
	.check		= bare_check,
	.work		= bare_work,
};
