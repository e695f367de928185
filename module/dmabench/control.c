// SPDX-License-Identifier: GPL-2.0-only
/*
 * Controls: what a provider can, how what is in flight stands, and what becomes
 * of transfers that are terminated.
 */
#include <linux/dmaengine.h>

#include "control.h"

/**
 * dmabench_can_pause - whether a provider has pause
 * @device: the provider
 *
 * Return: true if it has.
 */
bool dmabench_can_pause(const struct dma_device *device)
{
	return device->device_pause;
}

/**
 * dmabench_can_resume - whether a provider has resume
 * @device: the provider
 *
 * Return: true if it has.
 */
bool dmabench_can_resume(const struct dma_device *device)
{
	return device->device_resume;
}

/**
 * dmabench_can_terminate - whether a provider has terminate
 * @device: the provider
 *
 * Return: true if it has.
 */
bool dmabench_can_terminate(const struct dma_device *device)
{
	return device->device_terminate_all;
}

static bool can_synchronize(const struct dma_device *device)
{
	return device->device_synchronize;
}

/**
 * dmabench_queue_can - whether the providers of all routes have a control
 * @queue: the queue
 * @can: tells it of a provider
 *
 * Return: true if all have.
 */
bool dmabench_queue_can(const struct dmabench_queue *queue,
			bool (*can)(const struct dma_device *device))
{
	unsigned int i;

	for (i = 0; i < queue->nr_routes; i++)
		if (!can(queue->route[i].chan->dma->device))
			return false;
	return true;
}

/**
 * dmabench_queue_synchronizes - whether synchronize waits for callbacks
 * @queue: the queue
 *
 * Many providers have nothing behind it (contract A.z).
 *
 * Return: true if it does on all routes.
 */
bool dmabench_queue_synchronizes(const struct dmabench_queue *queue)
{
	return dmabench_queue_can(queue, can_synchronize);
}

/**
 * dmabench_leg_see - look at one leg of a transfer
 * @x: submitted
 * @leg: the number of its route
 * @sight: receives how it stands
 */
void dmabench_leg_see(struct dmabench_xfer *x, unsigned int leg, struct dmabench_sight *sight)
{
	sight->status = dmabench_leg_status(x, leg, &sight->residue);
	sight->over = sight->status == DMA_COMPLETE || sight->status == DMA_ERROR ||
		      READ_ONCE(dmabench_xfer_leg(x, leg)->state) == DMABENCH_LEG_LANDED;
}

/**
 * dmabench_route_active - which transfer a channel is at
 * @queue: the queue
 * @route: whose channel
 * @sight: receives how it stands there
 *
 * Return: the first transfer that was issued and is not over there, or NULL.
 */
struct dmabench_xfer *dmabench_route_active(struct dmabench_queue *queue, unsigned int route,
					    struct dmabench_sight *sight)
{
	struct dmabench_xfer *x;

	list_for_each_entry(x, &queue->flying, entry) {
		dmabench_leg_see(x, route, sight);
		if (!sight->over)
			return x;
	}
	return NULL;
}

/**
 * dmabench_route_counts - whether a residue tells of bytes within a descriptor
 * @queue: the queue
 * @route: whose channel
 *
 * Return: true if it does, false if it tells of whole descriptors at best.
 */
bool dmabench_route_counts(const struct dmabench_queue *queue, unsigned int route)
{
	const struct dma_device *device = queue->route[route].chan->dma->device;

	return device->residue_granularity != DMA_RESIDUE_GRANULARITY_DESCRIPTOR;
}

static void list_condemn(struct dmabench_queue *queue, struct list_head *list)
{
	struct dmabench_xfer *x;
	unsigned int i;

	list_for_each_entry(x, list, entry)
		for (i = 0; i < queue->nr_routes; i++)
			cmpxchg(&dmabench_xfer_leg(x, i)->state, DMABENCH_LEG_FLYING,
				DMABENCH_LEG_DYING);
}

/**
 * dmabench_queue_condemn - what is submitted is about to be terminated
 * @queue: the queue
 *
 * Its callbacks may come or not, from now on until dmabench_queue_bury().
 */
void dmabench_queue_condemn(struct dmabench_queue *queue)
{
	list_condemn(queue, &queue->pending);
	list_condemn(queue, &queue->flying);
}

/* Returns false if all of it has landed: then it was complete before the end. */
static bool xfer_bury(struct dmabench_xfer *x)
{
	bool died = false;
	unsigned int i;

	for (i = 0; i < x->queue->nr_routes; i++)
		died |= cmpxchg(&dmabench_xfer_leg(x, i)->state, DMABENCH_LEG_DYING,
				DMABENCH_LEG_IDLE) == DMABENCH_LEG_DYING;
	for (i = 0; died && i < x->queue->nr_routes; i++)
		WRITE_ONCE(dmabench_xfer_leg(x, i)->state, DMABENCH_LEG_IDLE);
	return died;
}

/**
 * dmabench_queue_bury - what was terminated is out of the engine's hands
 * @queue: the queue, condemned, terminated and synchronized
 * @dead: receives the transfers that have not completed, still mapped
 *
 * A callback of theirs is one too many from now on. Those that have completed
 * are flying until the waiter looks for what has landed.
 */
void dmabench_queue_bury(struct dmabench_queue *queue, struct list_head *dead)
{
	struct dmabench_xfer *x, *next;

	dmabench_queue_abandon(queue);
	list_for_each_entry_safe(x, next, &queue->flying, entry) {
		if (xfer_bury(x)) {
			list_move_tail(&x->entry, dead);
			queue->nr_flying--;
		}
	}
}

/**
 * dmabench_queue_abandon - count what was only submitted as in flight
 * @queue: the queue
 *
 * For a worker that ends as it stands: the runner looks for all that the engine
 * has in one place.
 */
void dmabench_queue_abandon(struct dmabench_queue *queue)
{
	list_splice_tail_init(&queue->pending, &queue->flying);
	queue->nr_flying += queue->nr_pending;
	queue->nr_pending = 0;
}

/**
 * dmabench_xfer_resize - give a transfer another size than chance has chosen
 * @x: set up, not filled
 * @size: bytes, not above the knob's
 */
void dmabench_xfer_resize(struct dmabench_xfer *x, size_t size)
{
	u64 random = dmabench_xfer_random(x, 0);
	unsigned int side;

	x->size = size;
	x->placed = false;
	for (side = 0; side < x->sides; side++)
		dmabench_side_place(x, side, &random);
}
