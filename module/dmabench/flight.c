// SPDX-License-Identifier: GPL-2.0-only
/*
 * Transfers in flight: they are issued, asked for, waited for, and over.
 */
#include <linux/rcupdate.h>
#include <linux/sched.h>

#include "trace.h"
#include "xfer.h"

static void queue_issue(struct dmabench_queue *queue, u64 issue)
{
	struct dmabench_xfer *x;
	u64 issued = issue;
	unsigned int i;

	if (!queue->cpu) {
		for (i = 0; i < queue->nr_routes; i++)
			dma_async_issue_pending(queue->route[i].chan->dma);
		if (dmabench_stamps(queue))
			issued = dmabench_clock();
		trace_dmabench_issue(queue);
	}
	queue->issues++;

	if (dmabench_stamps(queue)) {
		list_for_each_entry(x, &queue->pending, entry) {
			x->at[DMABENCH_AT_ISSUE] = queue->cpu ? x->at[DMABENCH_AT_PREP] : issue;
			x->at[DMABENCH_AT_ISSUED] = queue->cpu ? x->at[DMABENCH_AT_PREP] : issued;
		}
		queue->clocked = queue->unbroken ? issued : 0;
	}
	list_splice_tail_init(&queue->pending, &queue->flying);
	queue->nr_flying += queue->nr_pending;
	queue->nr_pending = 0;
}

/**
 * dmabench_queue_issue - start what was submitted
 * @queue: does nothing if nothing is pending
 */
void dmabench_queue_issue(struct dmabench_queue *queue)
{
	if (queue->nr_pending)
		queue_issue(queue, dmabench_stamps(queue) ? dmabench_clock() : 0);
}

/**
 * dmabench_queue_issue_on - start what was submitted just now
 * @queue: the last thing done to it was a submit that succeeded
 *
 * The reading of the clock that has ended submit begins issue.
 */
void dmabench_queue_issue_on(struct dmabench_queue *queue)
{
	const struct dmabench_xfer *last;

	last = list_last_entry(&queue->pending, struct dmabench_xfer, entry);
	queue_issue(queue, last->at[DMABENCH_AT_SUBMITTED]);
}

static enum dma_status leg_poll(struct dmabench_xfer *x, unsigned int leg,
				struct dma_tx_state *state)
{
	/* Providers may leave the state untouched (contract A5.8). */
	memset(state, 0, sizeof(*state));
	return dmaengine_tx_status(x->queue->route[leg].chan->dma,
				   dmabench_xfer_leg(x, leg)->cookie, state);
}

/**
 * dmabench_leg_status - ask the provider how a half of a transfer stands
 * @x: submitted
 * @leg: which half, the number of its route
 * @residue: receives the bytes that are not moved yet, unless NULL
 *
 * Return: its status; DMA_COMPLETE and DMA_ERROR are final.
 */
enum dma_status dmabench_leg_status(struct dmabench_xfer *x, unsigned int leg, u32 *residue)
{
	struct dma_tx_state state;
	enum dma_status status = leg_poll(x, leg, &state);

	if (residue)
		*residue = state.residue;
	return status;
}

/**
 * dmabench_xfer_poll - ask the provider how a transfer stands
 * @x: issued
 * @state: receives what it says beside the status; zeroes where it says nothing
 *
 * Return: the status of what of it is not complete; DMA_COMPLETE and DMA_ERROR
 * are final.
 */
enum dma_status dmabench_xfer_poll(struct dmabench_xfer *x, struct dma_tx_state *state)
{
	enum dma_status status = DMA_COMPLETE;
	unsigned int i;

	for (i = 0; status == DMA_COMPLETE && i < x->queue->nr_routes; i++)
		status = leg_poll(x, i, state);
	return status;
}

/**
 * dmabench_xfer_status - the same, where the status alone is wanted
 * @x: issued
 *
 * Return: as dmabench_xfer_poll().
 */
enum dma_status dmabench_xfer_status(struct dmabench_xfer *x)
{
	struct dma_tx_state state;

	return dmabench_xfer_poll(x, &state);
}

/**
 * dmabench_queue_landed - look for a transfer whose callbacks have all come
 * @queue: the queue
 *
 * Some providers start at submit (contract A4.3), so one that is only pending counts.
 *
 * Return: the first one in order, or NULL.
 */
struct dmabench_xfer *dmabench_queue_landed(const struct dmabench_queue *queue)
{
	struct dmabench_xfer *x;

	list_for_each_entry(x, &queue->flying, entry)
		if (dmabench_xfer_has_landed(x))
			return x;
	list_for_each_entry(x, &queue->pending, entry)
		if (dmabench_xfer_has_landed(x))
			return x;
	return NULL;
}

/**
 * dmabench_queue_sleep - sleep until a transfer has landed
 * @queue: the queue
 * @leaving: do not sleep if this is set; whoever sets it wakes the waiter
 * @left: jiffies after which to wake up in any case
 *
 * Context: the waiter; may return early.
 */
void dmabench_queue_sleep(struct dmabench_queue *queue, const bool *leaving, long left)
{
	set_current_state(TASK_IDLE);
	/* Either we see the leg landed, or its callback sees us sleep. */
	smp_store_mb(queue->sleeping, true);
	if (!dmabench_queue_landed(queue) && !READ_ONCE(*leaving) && left > 0)
		schedule_timeout(left);
	WRITE_ONCE(queue->sleeping, false);
	__set_current_state(TASK_RUNNING);
}

/**
 * dmabench_xfer_landed - a transfer is over, and goes to no list yet
 * @x: in flight until now; is on no list afterwards
 * @now: when the waiter learned of it, ns
 */
void dmabench_xfer_landed(struct dmabench_xfer *x, u64 now)
{
	dmabench_xfer_known(x, now);
	trace_dmabench_wake(x);
	list_del_init(&x->entry);
	x->queue->nr_flying--;
}
