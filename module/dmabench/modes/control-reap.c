// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode=control: what has completed is taken off the queue and checked, by callback
 * or by polling.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/sched.h>

#include "control.h"

/**
 * control_recycle - a transfer can be used again
 * @worker: the worker
 * @x: over, on no list of the queue's
 */
void control_recycle(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	list_move_tail(&x->entry, &worker->free);
	worker->nr_free++;
}

/* Some providers start at submit (contract A4.3): then it is as good as issued. */
static void note_unissued(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	struct control *control = worker->state;
	struct dmabench_xfer *pending;

	list_for_each_entry(pending, &worker->queue.pending, entry) {
		if (pending == x) {
			control->unissued++;
			dmabench_queue_issue(&worker->queue);
			return;
		}
	}
}

/* Nobody knows what a status is worth once the channel was terminated (A7.4). */
static void reap(struct dmabench_worker *worker, struct dmabench_xfer *x, u64 now, bool ask)
{
	struct dmabench_queue *queue = &worker->queue;
	struct control *control = worker->state;

	note_unissued(worker, x);
	dmabench_xfer_landed(x, now);
	dmabench_xfer_unmap(x);
	if (ask && queue->callback && !queue->result && dmabench_xfer_status(x) == DMA_ERROR)
		x->result = DMA_TRANS_ABORTED;
	if (x->result != DMA_TRANS_NOERROR) {
		control_fail(worker, DMABENCH_ERROR_ENGINE, x, "the engine says error %d",
			     x->result);
	} else if (control_verify(worker, x, x->fate) && x->fate == DMABENCH_FATE_COMPLETE) {
		dmabench_account_done(worker, x);
		control->completed++;
		if (control->restarting && x->seq == control->restart) {
			control->restarting = false;
			control->restarts++;
		}
	}
	control_recycle(worker, x);
}

/**
 * control_reap_callbacks - take what callbacks have handed over, and check it
 * @worker: the worker
 * @ask: whether the status of each means something
 *
 * Return: true if there was something.
 */
bool control_reap_callbacks(struct dmabench_worker *worker, bool ask)
{
	u64 now = dmabench_clock();
	struct dmabench_xfer *x;
	bool any = false;

	/* To reap one may issue what is pending, so begin anew after each. */
	while ((x = dmabench_queue_landed(&worker->queue))) {
		reap(worker, x, now, ask);
		any = true;
	}
	return any;
}

static bool reap_polled(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x, *next;
	bool any = false;

	list_for_each_entry_safe(x, next, &worker->queue.flying, entry) {
		enum dma_status status = dmabench_xfer_status(x);

		if (status == DMA_ERROR)
			x->result = DMA_TRANS_ABORTED;
		else if (status != DMA_COMPLETE)
			break;
		reap(worker, x, dmabench_clock(), false);
		any = true;
	}
	return any;
}

/**
 * control_reap - take what has completed, and check it
 * @worker: the worker
 *
 * Return: true if there was something.
 */
bool control_reap(struct dmabench_worker *worker)
{
	const struct control *control = worker->state;

	if (control->paused)
		control_check_frozen(worker);
	return worker->queue.callback ? control_reap_callbacks(worker, true) :
					reap_polled(worker);
}

/**
 * control_wait - wait for a completion
 * @worker: not paused; something is in flight that ends by itself
 *
 * Return: true if there was one, false if the worker is to end.
 */
bool control_wait(struct dmabench_worker *worker)
{
	unsigned long until = jiffies + worker->queue.timeout;

	while (!control_reap(worker)) {
		if (dmabench_worker_gone(worker))
			return false;
		if (time_after(jiffies, until)) {
			/* A waiter that was kept from running must not blame the engine. */
			if (control_reap(worker))
				break;
			control_fail(worker, DMABENCH_ERROR_TIMEOUT,
				     list_first_entry(&worker->queue.flying,
						      struct dmabench_xfer, entry),
				     "did not complete in time");
			return false;
		}
		if (worker->queue.callback) {
			dmabench_queue_sleep(&worker->queue, &worker->load->leaving,
					     until + 1 - jiffies);
		} else {
			cpu_relax();
			cond_resched();
		}
	}
	return !dmabench_worker_gone(worker);
}
