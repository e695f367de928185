// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a cyclic transfer is made of: a buffer of periods that the engine goes
 * round in until it is terminated, its start, its position and its end. The
 * descriptor is prepared as ALSA does, under a lock and with interrupts disabled
 * (contract E5), and is never asked for by anybody but this file.
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>

#include "ring.h"

/* The shortest period: what a wrong place in the data is recognised by. */
#define RING_PERIOD_MIN	16

/* How long a late write has to show after the end. */
#define RING_GRACE_MS	20

/**
 * dmabench_ring_period - bytes of a period
 * @knobs: of the run
 *
 * Return: bytes.
 */
u32 dmabench_ring_period(const struct dmabench_knobs *knobs)
{
	return knobs->period ?: (u32)knobs->size / 4;
}

/**
 * dmabench_ring_check - whether knobs make a ring
 * @knobs: of the run
 * @reason: receives one line if they do not
 * @reason_size: room of @reason
 *
 * Return: 0, -EINVAL.
 */
int dmabench_ring_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size)
{
	u32 period = dmabench_ring_period(knobs);
	const char *why = NULL;

	if (period < RING_PERIOD_MIN)
		why = "a period has 16 bytes at least";
	else if ((u32)knobs->size % period)
		why = "size is not a multiple of period";
	else if (knobs->depth > 1)
		why = "a cyclic transfer is alone on its channel: depth must be 1";
	else if (knobs->size_min)
		why = "the size of a cyclic transfer does not vary: size_min must be 0";
	else if (knobs->reuse || knobs->metadata)
		why = "a cyclic transfer knows neither reuse nor metadata";
	if (!why)
		return 0;
	scnprintf(reason, reason_size, "%s", why);
	return -EINVAL;
}

/**
 * dmabench_ring_init - lay a ring over one side of a transfer
 * @ring: zeroed; @elapsed is the caller's to set
 * @worker: that it belongs to
 * @x: set up
 * @route: number of the route
 */
void dmabench_ring_init(struct dmabench_ring *ring, struct dmabench_worker *worker,
			struct dmabench_xfer *x, unsigned int route)
{
	unsigned int i;

	ring->worker = worker;
	ring->x = x;
	ring->route = &worker->queue.route[route];
	ring->mem = dmabench_xfer_mem(x, ring->route->side);
	ring->size = x->size;
	ring->period = dmabench_ring_period(&worker->load->knobs);
	ring->periods = ring->size / ring->period;
	spin_lock_init(&ring->lock);
	for (i = 0; i < DMABENCH_RING_TAKES; i++)
		ring->take[i].ring = ring;
}

/* Where the provider calls from is its own affair, a hard irq included. */
static void ring_callback(void *param)
{
	struct dmabench_ring_take *take = param;
	struct dmabench_ring *ring = take->ring;
	u64 now = dmabench_clock();

	/* The run is not freed before we are through. */
	rcu_read_lock();
	if (READ_ONCE(ring->silent))
		atomic_inc(&ring->worker->queue.callbacks_extra);
	else if (READ_ONCE(ring->now) != take)
		atomic_inc(&ring->callbacks_late);
	else
		ring->elapsed(ring, take, now);
	rcu_read_unlock();
}

static int ring_submit(struct dmabench_ring *ring, bool callbacks)
{
	struct dma_chan *dma = ring->route->chan->dma;
	struct dmabench_ring_take *take = &ring->take[ring->starts % DMABENCH_RING_TAKES];
	unsigned long flags = ring->worker->queue.flags;
	struct dma_async_tx_descriptor *tx;
	u64 from, prepped, submitted;

	lockdep_assert_held(&ring->lock);

	if (!callbacks)
		flags &= ~(unsigned long)DMA_PREP_INTERRUPT;
	from = dmabench_clock();
	tx = dmaengine_prep_dma_cyclic(dma, dmabench_xfer_dma(ring->x, ring->route->side),
				       ring->size, ring->period, ring->route->dir, flags);
	prepped = dmabench_clock();
	if (!tx)
		return -EAGAIN;
	/* All three are written, see leg_submit() in xfer.c. */
	tx->callback = callbacks ? ring_callback : NULL;
	tx->callback_result = NULL;
	tx->callback_param = callbacks ? take : NULL;
	ring->cookie = dmaengine_submit(tx);
	submitted = dmabench_clock();
	if (dma_submit_error(ring->cookie))
		return ring->cookie;

	ring->starts++;
	WRITE_ONCE(ring->silent, false);
	WRITE_ONCE(ring->now, take);
	ring->prep_ns = prepped - from;
	ring->submit_ns = submitted - prepped;
	ring->issued = submitted;
	dma_async_issue_pending(dma);
	ring->issue_ns = dmabench_clock() - submitted;
	ring->worker->queue.issues++;
	return 0;
}

/**
 * dmabench_ring_start - prepare, submit and issue
 * @ring: not running; an earlier start may have been stopped without synchronize
 * @callbacks: ask for a callback of each period
 *
 * Context: the worker, ring->lock held with interrupts disabled.
 *
 * Return: 0; -EAGAIN if the provider has no descriptor; what submit returned if it
 * refused.
 */
int dmabench_ring_start(struct dmabench_ring *ring, bool callbacks)
{
	int ret = ring_submit(ring, callbacks);

	if (!ret)
		ring->worker->transfers_all++;
	return ret;
}

/**
 * dmabench_ring_pointer - ask where the engine is
 * @ring: was started
 * @p: filled in
 *
 * Only a residue of more than nothing and not more than the buffer, of a transfer
 * that runs or is paused, is a position (contract E9).
 *
 * Context: any.
 */
void dmabench_ring_pointer(struct dmabench_ring *ring, struct dmabench_ring_pointer *p)
{
	/* Providers may leave the state untouched (contract A5.8). */
	struct dma_tx_state state = {};

	p->status = dmaengine_tx_status(ring->route->chan->dma, ring->cookie, &state);
	p->residue = state.residue;
	p->in_flight = state.in_flight_bytes;
	p->valid = (p->status == DMA_IN_PROGRESS || p->status == DMA_PAUSED) &&
		   p->residue && p->residue <= ring->size;
	p->at = p->valid ? ring->size - p->residue : 0;
}

/**
 * dmabench_ring_sync - pass a stretch of the buffer on
 * @ring: mapped
 * @at: offset of the stretch; it does not wrap
 * @len: its bytes
 * @for_cpu: to the CPU, or else to the device
 *
 * Context: any.
 */
void dmabench_ring_sync(struct dmabench_ring *ring, u32 at, u32 len, bool for_cpu)
{
	const struct dmabench_buf_spec *spec = ring->x->queue->spec;
	dma_addr_t dma = dmabench_xfer_dma(ring->x, ring->route->side);
	enum dma_data_direction dir = ring->route->dir == DMA_MEM_TO_DEV ? DMA_TO_DEVICE :
									   DMA_FROM_DEVICE;

	if (spec->coherent || !len)
		return;
	if (for_cpu)
		dma_sync_single_range_for_cpu(spec->dev, dma, at, len, dir);
	else
		dma_sync_single_range_for_device(spec->dev, dma, at, len, dir);
}

/**
 * dmabench_ring_pause - pause
 * @ring: runs
 *
 * Context: the worker, ring->lock held.
 *
 * Return: what the provider returned; -ENOSYS if it cannot.
 */
int dmabench_ring_pause(struct dmabench_ring *ring)
{
	lockdep_assert_held(&ring->lock);
	return dmaengine_pause(ring->route->chan->dma);
}

/**
 * dmabench_ring_resume - go on
 * @ring: paused
 *
 * Context: the worker, ring->lock held.
 *
 * Return: what the provider returned; -ENOSYS if it cannot.
 */
int dmabench_ring_resume(struct dmabench_ring *ring)
{
	lockdep_assert_held(&ring->lock);
	return dmaengine_resume(ring->route->chan->dma);
}

/**
 * dmabench_ring_stop - terminate, without synchronize
 * @ring: runs, or is stopped already
 *
 * Context: any, ring->lock held.
 *
 * Return: what the provider returned.
 */
int dmabench_ring_stop(struct dmabench_ring *ring)
{
	lockdep_assert_held(&ring->lock);
	WRITE_ONCE(ring->now, NULL);
	return dmaengine_terminate_async(ring->route->chan->dma);
}

/**
 * dmabench_ring_synchronize - wait for the end of what was stopped
 * @ring: stopped
 *
 * Context: may sleep.
 */
void dmabench_ring_synchronize(struct dmabench_ring *ring)
{
	dmaengine_synchronize(ring->route->chan->dma);
	/* Many providers cannot wait for their callbacks (contract A.z). */
	if (ring->route->chan->dma->device->device_synchronize)
		WRITE_ONCE(ring->silent, true);
}

/**
 * dmabench_ring_end - terminate_sync, with its time taken
 * @ring: was started
 *
 * Context: the worker; may sleep.
 *
 * Return: what the provider returned.
 */
int dmabench_ring_end(struct dmabench_ring *ring)
{
	u64 from = dmabench_clock();
	int ret;

	ret = dmaengine_terminate_sync(ring->route->chan->dma);
	/* Until it has ended, what passes must be refilled. */
	WRITE_ONCE(ring->now, NULL);
	dmabench_account_stage(ring->worker, DMABENCH_STAGE_TERMINATE_SYNC,
			       dmabench_clock() - from);
	if (!ret && ring->route->chan->dma->device->device_synchronize)
		WRITE_ONCE(ring->silent, true);
	return ret;
}

/**
 * dmabench_ring_take_memory - the worker's only transfer, set up, filled and mapped
 * @worker: the worker
 *
 * It is on the list of what is in flight then: whatever happens, the runner sees
 * to it that the engine is done with the memory.
 *
 * Context: the worker; may sleep.
 *
 * Return: the transfer, or NULL, with the error accounted for.
 */
struct dmabench_xfer *dmabench_ring_take_memory(struct dmabench_worker *worker)
{
	struct dmabench_xfer *x = list_first_entry(&worker->free, struct dmabench_xfer, entry);

	dmabench_xfer_setup(x, worker->seq++);
	dmabench_xfer_fill(x);
	if (dmabench_xfer_map(x)) {
		dmabench_account_error(worker, DMABENCH_ERROR_MAP, x, "buffers cannot be mapped");
		worker->error = dmabench_error_errno[DMABENCH_ERROR_MAP];
		return NULL;
	}
	worker->nr_free--;
	list_move_tail(&x->entry, &worker->queue.flying);
	worker->queue.nr_flying++;
	return x;
}

/**
 * dmabench_ring_return_memory - undo dmabench_ring_take_memory()
 * @worker: the worker
 * @x: no engine accesses it any more
 *
 * Context: the worker.
 */
void dmabench_ring_return_memory(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	dmabench_xfer_landed(x, dmabench_clock());
	dmabench_xfer_unmap(x);
	list_add_tail(&x->entry, &worker->free);
	worker->nr_free++;
}

/**
 * dmabench_ring_quiet - whether an engine that was told to end has ended
 * @worker: the worker
 * @x: mapped, all its rings have been ended
 *
 * Context: the worker; sleeps.
 *
 * Return: false if somebody still writes to the memory; it is accounted for.
 */
bool dmabench_ring_quiet(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	u64 before = dmabench_xfer_digest(x);

	msleep(RING_GRACE_MS);
	if (dmabench_xfer_digest(x) == before)
		return true;
	dmabench_account_error(worker, DMABENCH_ERROR_DATA, x,
			       "the engine writes after terminate_sync");
	worker->error = worker->error ?: dmabench_error_errno[DMABENCH_ERROR_DATA];
	return false;
}
