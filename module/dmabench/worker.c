// SPDX-License-Identifier: GPL-2.0-only
/*
 * A worker: a thread with its transfers and its results. What it does with them
 * is up to the mode.
 */
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "worker.h"

/**
 * dmabench_worker_stages - how many histograms a worker has
 * @knobs: of the run
 *
 * Return: their number.
 */
unsigned int dmabench_worker_stages(const struct dmabench_knobs *knobs)
{
	if (!knobs->stages)
		return 0;
	return dmabench_modes[knobs->mode]->controls || dmabench_ops[knobs->op]->endless ?
	       DMABENCH_ALL_STAGES : DMABENCH_STAGES;
}

/* What an operation without end keeps is asked for in mode=transfer only. */
static size_t state_size(const struct dmabench_knobs *knobs)
{
	return knobs->mode == DMABENCH_MODE_transfer ? dmabench_ops[knobs->op]->worker_size :
						       dmabench_modes[knobs->mode]->state_size;
}

/**
 * dmabench_worker_bytes - memory of a worker beyond its transfers
 * @knobs: of the run
 *
 * Return: bytes.
 */
size_t dmabench_worker_bytes(const struct dmabench_knobs *knobs)
{
	return sizeof(struct dmabench_worker) + THREAD_SIZE +
	       state_size(knobs) +
	       dmabench_worker_stages(knobs) * sizeof(struct dmabench_hist) +
	       (knobs->stages ? knobs->slowest_max * sizeof(struct dmabench_slow) : 0);
}

static int worker_alloc_results(struct dmabench_worker *worker)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;
	size_t state = state_size(knobs);
	unsigned int i;

	worker->nr_stages = dmabench_worker_stages(knobs);
	if (worker->nr_stages) {
		worker->hist = kvcalloc(worker->nr_stages, sizeof(*worker->hist), GFP_KERNEL);
		if (!worker->hist)
			return -ENOMEM;
		for (i = 0; i < worker->nr_stages; i++)
			dmabench_hist_init(&worker->hist[i]);
	}
	worker->slow_floor = U64_MAX;
	if (knobs->stages && knobs->slowest_max) {
		worker->slow_floor = 0;
		worker->slow = kvcalloc(knobs->slowest_max, sizeof(*worker->slow), GFP_KERNEL);
		if (!worker->slow)
			return -ENOMEM;
	}
	if (state) {
		worker->state = kvzalloc(state, GFP_KERNEL);
		if (!worker->state)
			return -ENOMEM;
	}
	return 0;
}

/**
 * dmabench_worker_alloc - a worker without transfers
 * @load: what it has in common with the others
 * @queue: how it is to do transfers; copied
 *
 * Context: may sleep.
 *
 * Return: the worker, NULL without memory.
 */
struct dmabench_worker *dmabench_worker_alloc(struct dmabench_load *load,
					      const struct dmabench_queue *queue)
{
	struct dmabench_worker *worker;

	worker = kzalloc_node(sizeof(*worker), GFP_KERNEL, queue->spec->node);
	if (!worker)
		return NULL;

	worker->load = load;
	worker->queue = *queue;
	INIT_LIST_HEAD(&worker->free);
	INIT_LIST_HEAD(&worker->finished);
	INIT_LIST_HEAD(&worker->queue.pending);
	INIT_LIST_HEAD(&worker->queue.flying);
	dmabench_account_plan(worker);
	if (worker_alloc_results(worker)) {
		dmabench_worker_free(worker);
		return NULL;
	}
	return worker;
}

/**
 * dmabench_worker_fill - give a worker its transfers
 * @worker: has none
 *
 * Context: may sleep.
 *
 * Return: 0; -ENOMEM; -EINTR if the caller is being killed; -ENODEV if the provider
 * is going away. What was allocated until then stays in place.
 */
int dmabench_worker_fill(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x;

	while (worker->nr_ready < worker->load->knobs.depth) {
		if (fatal_signal_pending(current))
			return -EINTR;
		if (READ_ONCE(worker->load->leaving))
			return -ENODEV;
		x = dmabench_xfer_alloc(&worker->queue);
		if (IS_ERR(x))
			return PTR_ERR(x);
		x->slot = worker->nr_ready;
		list_add_tail(&x->entry, &worker->free);
		worker->nr_free++;
		worker->nr_ready++;
		cond_resched();
	}
	return 0;
}

/**
 * dmabench_worker_forget - the channel was terminated, with all its descriptors
 * @worker: its thread has ended
 */
void dmabench_worker_forget(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x;

	list_for_each_entry(x, &worker->free, entry)
		dmabench_reuse_forget(x);
	list_for_each_entry(x, &worker->finished, entry)
		dmabench_reuse_forget(x);
	list_for_each_entry(x, &worker->queue.flying, entry)
		dmabench_reuse_forget(x);
}

/**
 * dmabench_worker_empty - free the transfers of a worker
 * @worker: none of its transfers is in flight
 *
 * Context: may sleep.
 */
void dmabench_worker_empty(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x, *next;

	list_splice_init(&worker->finished, &worker->free);
	list_for_each_entry_safe(x, next, &worker->free, entry) {
		list_del(&x->entry);
		dmabench_xfer_free(x);
		cond_resched();
	}
	worker->nr_free = 0;
	worker->nr_ready = 0;
}

/**
 * dmabench_worker_free - free a worker
 * @worker: without transfers
 */
void dmabench_worker_free(struct dmabench_worker *worker)
{
	const struct dmabench_mode *mode = dmabench_modes[worker->load->knobs.mode];

	if (mode->forget)
		mode->forget(worker);
	kvfree(worker->state);
	kvfree(worker->slow);
	kvfree(worker->hist);
	kfree(worker);
}

/**
 * dmabench_worker_gone - whether a worker must not go on
 * @worker: the worker; there may be transfers in flight
 *
 * Return: true if it has ended by an error, or the load is told to leave.
 */
bool dmabench_worker_gone(const struct dmabench_worker *worker)
{
	return worker->error || READ_ONCE(worker->load->leaving);
}

/**
 * dmabench_worker_over - whether a worker has done its part
 * @worker: the worker
 *
 * Return: true if so, or if it must not go on.
 */
bool dmabench_worker_over(const struct dmabench_worker *worker)
{
	if (dmabench_worker_gone(worker) || READ_ONCE(worker->load->stopping))
		return true;
	/* The last window has closed, nobody needs our company any more. */
	return worker->phase == DMABENCH_PHASE_COOL &&
	       !atomic_read(&worker->load->measuring);
}

/* Whoever waits for this worker to warm up or to close must not wait on. */
static void worker_leave(struct dmabench_worker *worker)
{
	struct dmabench_load *load = worker->load;

	if (!worker->counted) {
		worker->counted = true;
		atomic_dec(&load->warming);
	}
	if (worker->phase == DMABENCH_PHASE_WINDOW)
		dmabench_window_close(worker, dmabench_clock());
	else if (worker->phase != DMABENCH_PHASE_COOL)
		atomic_dec(&load->measuring);
}

/**
 * dmabench_worker_run - do the work
 * @worker: filled, as are those that follow it
 *
 * Returns when all is done, when the load is told to stop, or at an error that
 * it cannot go on after. Only then and when the load is told to leave may there
 * be transfers in flight on worker->queue.flying; the caller deals with them.
 *
 * Context: the worker's own thread.
 */
void dmabench_worker_run(struct dmabench_worker *worker)
{
	struct dmabench_load *load = worker->load;
	const struct dmabench_op *op = worker->queue.mix[0].op;

	if (load->knobs.mode == DMABENCH_MODE_transfer && op->work)
		op->work(worker);
	else
		dmabench_modes[load->knobs.mode]->work(worker);

	for (; worker; worker = worker->next)
		worker_leave(worker);
}
