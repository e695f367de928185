// SPDX-License-Identifier: GPL-2.0-only
/*
 * One transfer: its memory, its descriptor, its stamps and its callback. This is
 * the only place that prepares and submits (of cyclic transfers, ring.c is; what was
 * submitted is issued in flight.c), so what the contract asks of a client (nothing
 * between prep and submit, no touch of a descriptor after submit) is kept here or
 * nowhere.
 */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "trace.h"
#include "xfer.h"

DEFINE_STATIC_KEY_FALSE(dmabench_stamping);

/**
 * dmabench_xfer_needs_more - whether transfers need what the plainest kind has not
 * @knobs: of the run
 * @spec: of the buffers
 *
 * Return: true if they need struct dmabench_more.
 */
bool dmabench_xfer_needs_more(const struct dmabench_knobs *knobs,
			      const struct dmabench_buf_spec *spec)
{
	return spec->sg_room || knobs->reuse || knobs->metadata ||
	       dmabench_ops[knobs->op]->peripheral;
}

/**
 * dmabench_xfer_bytes - memory of a transfer beyond its buffers
 * @knobs: of the run
 * @spec: of the buffers
 *
 * Return: bytes.
 */
size_t dmabench_xfer_bytes(const struct dmabench_knobs *knobs,
			   const struct dmabench_buf_spec *spec)
{
	size_t bytes = struct_size((struct dmabench_xfer *)NULL, side, spec->sides);

	if (dmabench_xfer_needs_more(knobs, spec))
		bytes += struct_size((struct dmabench_more *)NULL, scatter, spec->sides);
	return bytes + spec->sides * dmabench_side_bytes(spec);
}

static __always_inline void stamp(struct dmabench_xfer *x, enum dmabench_stamp which)
{
	if (dmabench_stamps(x->queue))
		x->at[which] = dmabench_clock();
}

/* Where only entries are made of coherent memory, there is no mapping to be timed. */
static bool stamps_mapping(const struct dmabench_queue *queue)
{
	return dmabench_stamps(queue) && !queue->map_once;
}

static bool rooms_mapped(const struct dmabench_queue *queue)
{
	return queue->map_once && !queue->spec->coherent && !queue->cpu;
}

static void rooms_unmap(struct dmabench_xfer *x, unsigned int sides)
{
	if (!rooms_mapped(x->queue))
		return;
	while (sides--)
		dmabench_room_unmap(x, sides);
}

static int rooms_map(struct dmabench_xfer *x)
{
	unsigned int side;
	int ret;

	if (!rooms_mapped(x->queue))
		return 0;
	for (side = 0; side < x->sides; side++) {
		ret = dmabench_room_map(x, side);
		if (ret) {
			rooms_unmap(x, side);
			return ret;
		}
	}
	return 0;
}

/* How many buffers a transfer of this operation has, and how many are sources. */
static void xfer_become(struct dmabench_xfer *x, const struct dmabench_op *op)
{
	unsigned int sources, sides;

	dmabench_op_sides(op, x->queue->knobs, &sources, &sides);
	x->op = op;
	x->sources = sources;
	x->sides = sides;
}

static void xfer_free_parts(struct dmabench_xfer *x)
{
	unsigned int side;

	for (side = 0; side < x->queue->sides; side++)
		dmabench_side_free(x, side);
	dmabench_meta_free(x);
	kfree(x->state);
	kfree(x->more);
}

/**
 * dmabench_xfer_alloc - a transfer with its buffers
 * @queue: where it belongs
 *
 * With queue->map_once its rooms are mapped, too. They hold a pattern, so that
 * no engine and no cache is flattered by pages of zeroes.
 *
 * Context: may sleep.
 *
 * Return: the transfer, or an ERR_PTR() of -ENOMEM.
 */
struct dmabench_xfer *dmabench_xfer_alloc(struct dmabench_queue *queue)
{
	const struct dmabench_buf_spec *spec = queue->spec;
	struct dmabench_xfer *x;
	unsigned int side, i;
	size_t state = 0;
	int ret = -ENOMEM;

	x = kzalloc_node(struct_size(x, side, queue->sides), GFP_KERNEL, spec->node);
	if (!x)
		return ERR_PTR(-ENOMEM);
	x->queue = queue;
	INIT_LIST_HEAD(&x->entry);
	x->leg.x = x;
	xfer_become(x, queue->mix[0].op);
	x->sides = queue->sides;
	if (dmabench_xfer_needs_more(queue->knobs, spec)) {
		x->more = kzalloc_node(struct_size(x->more, scatter, queue->sides), GFP_KERNEL,
				       spec->node);
		if (!x->more)
			goto err_free;
		x->more->second.x = x;
	}

	for (i = 0; i < queue->nr_mix; i++)
		state = max(state, queue->mix[i].op->state_size);
	if (state) {
		x->state = kzalloc_node(state, GFP_KERNEL, spec->node);
		if (!x->state)
			goto err_free;
	}
	for (side = 0; side < queue->sides; side++) {
		ret = dmabench_side_alloc(x, side);
		if (ret)
			goto err_free;
		dmabench_pattern_fill(x->side[side].buf.start, spec->room,
				      dmabench_mix(queue->seed + side), 0);
	}
	ret = dmabench_meta_alloc(x);
	if (!ret)
		ret = rooms_map(x);
	if (ret)
		goto err_free;
	return x;

err_free:
	xfer_free_parts(x);
	kfree(x);
	return ERR_PTR(ret);
}

/**
 * dmabench_xfer_free - give a transfer and its buffers back
 * @x: nothing of it is in flight, and it is not mapped for a transfer; its channels
 *	are still held
 *
 * Context: may sleep.
 */
void dmabench_xfer_free(struct dmabench_xfer *x)
{
	dmabench_reuse_free(x);
	rooms_unmap(x, x->queue->sides);
	xfer_free_parts(x);
	kfree(x);
}

static const struct dmabench_op *queue_choose(const struct dmabench_queue *queue, u64 *random)
{
	unsigned int i = 0;
	u64 dice;

	if (queue->nr_mix == 1)
		return queue->mix[0].op;
	*random = dmabench_mix(*random);
	div64_u64_rem(*random, queue->mix[queue->nr_mix - 1].until, &dice);
	while (dice >= queue->mix[i].until)
		i++;
	return queue->mix[i].op;
}

/**
 * dmabench_xfer_choose - choose what a transfer is: its operation, size and places
 * @x: not in flight; its number is set
 *
 * All of it is a function of seed, worker and dmabench_xfer_place(): nothing else.
 */
void dmabench_xfer_choose(struct dmabench_xfer *x)
{
	const struct dmabench_queue *queue = x->queue;
	const struct dmabench_knobs *knobs = queue->knobs;
	unsigned int side;
	u64 random, step;

	random = dmabench_pattern_key(queue->seed, queue->worker, dmabench_xfer_place(x),
				      DMABENCH_PATTERN_SETUP);
	xfer_become(x, queue_choose(queue, &random));

	x->size = x->sides ? knobs->size : 0;
	if (x->sides && knobs->size_min) {
		random = dmabench_mix(random);
		div64_u64_rem(random, (u32)(knobs->size - knobs->size_min) / queue->align + 1,
			      &step);
		x->size = knobs->size_min + step * queue->align;
	}
	x->payload = x->size;
	for (side = 0; side < x->sides; side++)
		dmabench_side_place(x, side, &random);
	if (x->op->setup)
		x->op->setup(x);
	if (knobs->metadata)
		dmabench_meta_fill(x);
	x->placed = queue->fixed;
}

/*
 * Rooms that are mapped for good change hands by this: no more of them than the
 * transfer has. What comes back from a bounce buffer with a destination would
 * overwrite the guards around it.
 */
static void rooms_sync(struct dmabench_xfer *x, bool for_cpu)
{
	unsigned int side;

	if (!rooms_mapped(x->queue))
		return;
	for (side = 0; side < x->sides; side++)
		dmabench_side_sync(x, side, for_cpu);
}

/**
 * dmabench_xfer_fill - write all buffers of a transfer
 * @x: set up, not in flight
 */
void dmabench_xfer_fill(struct dmabench_xfer *x)
{
	rooms_sync(x, true);
	x->op->fill(x);
	rooms_sync(x, false);
}

/**
 * dmabench_xfer_verify - check all buffers of a transfer
 * @x: over and unmapped; x->fate tells what its destinations can hold
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if all is right.
 */
bool dmabench_xfer_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	bool right;

	rooms_sync(x, true);
	right = x->op->verify(x, reason, reason_size);
	rooms_sync(x, false);
	if (x->queue->knobs->metadata)
		right = dmabench_meta_verify(x, reason, reason_size) && right;
	return right;
}

/**
 * dmabench_xfer_digest - what the destinations hold, in a number
 * @x: still mapped; the engine says that it is done with it
 *
 * Two digests that differ tell that somebody still writes. Nothing is written
 * here: what the CPU writes to memory that is mapped from a device may be lost
 * to a bounce buffer or to the cache, and prove nothing.
 *
 * Return: the number.
 */
u64 dmabench_xfer_digest(struct dmabench_xfer *x)
{
	u64 digest = 0;
	unsigned int side;

	for (side = x->sources; side < x->sides; side++)
		digest = dmabench_side_digest(x, side, digest);
	return digest;
}

/**
 * dmabench_xfer_map_each - hand the buffers of a transfer to the device
 * @x: set up; its queue maps for each transfer
 *
 * Return: 0, -ENOMEM if they cannot be mapped now.
 */
int dmabench_xfer_map_each(struct dmabench_xfer *x)
{
	unsigned int side;
	u64 from;
	int ret;

	from = stamps_mapping(x->queue) ? dmabench_clock() : 0;
	for (side = 0; side < x->sides; side++) {
		ret = dmabench_side_map(x, side);
		if (ret)
			goto err_unmap;
	}
	if (stamps_mapping(x->queue))
		x->map_ns = min_t(u64, dmabench_clock() - from, U32_MAX);
	trace_dmabench_map(x);
	return 0;

err_unmap:
	while (side--)
		dmabench_side_unmap(x, side);
	return ret;
}

/**
 * dmabench_xfer_unmap_each - take the buffers of a transfer back
 * @x: mapped by dmabench_xfer_map_each(), not in flight
 */
void dmabench_xfer_unmap_each(struct dmabench_xfer *x)
{
	unsigned int side;
	u64 from;

	from = stamps_mapping(x->queue) ? dmabench_clock() : 0;
	for (side = 0; side < x->sides; side++)
		dmabench_side_unmap(x, side);
	if (stamps_mapping(x->queue))
		x->unmap_ns = min_t(u64, dmabench_clock() - from, U32_MAX);
	trace_dmabench_unmap(x);
}

/* The first to move a leg on has it. A leg that is being terminated may land, too. */
static bool leg_land(struct dmabench_leg *leg)
{
	return cmpxchg(&leg->state, DMABENCH_LEG_FLYING, DMABENCH_LEG_LANDED) ==
	       DMABENCH_LEG_FLYING ||
	       cmpxchg(&leg->state, DMABENCH_LEG_DYING, DMABENCH_LEG_LANDED) ==
	       DMABENCH_LEG_DYING;
}

/*
 * The provider's tasklet or thread, or our own issue_pending, may be where this
 * runs. Once all its legs have landed the transfer is the waiter's: what is written
 * to it is written before. The waiter looks for landed legs after it has said that
 * it sleeps, and we look whether it sleeps after the leg has landed.
 */
static void xfer_callback_result(void *param, const struct dmaengine_result *result)
{
	struct dmabench_leg *leg = param;
	struct dmabench_xfer *x = leg->x;
	struct dmabench_queue *queue = x->queue;
	int state;

	/* The run is not freed before we are through; the waiter may be fast. */
	rcu_read_lock();
	state = READ_ONCE(leg->state);
	/* A period of what goes on until it is terminated: nothing has ended. */
	if (x->op->endless && state != DMABENCH_LEG_IDLE)
		goto out;
	if (state == DMABENCH_LEG_IDLE || state == DMABENCH_LEG_LANDED)
		goto extra;

	if (queue->knobs->metadata)
		dmabench_meta_landed(leg);
	if (result && result->result != DMA_TRANS_NOERROR)
		x->result = result->result;
	if (result)
		x->residue += result->residue;
	stamp(x, DMABENCH_AT_CALLBACK);
	trace_dmabench_callback(leg);
	if (!leg_land(leg))
		goto extra;

	if (READ_ONCE(queue->sleeping)) {
		WRITE_ONCE(queue->sleeping, false);
		wake_up_process(queue->waiter);
	}
out:
	rcu_read_unlock();
	return;
extra:
	atomic_inc(&queue->callbacks_extra);
	rcu_read_unlock();
}

static void xfer_callback(void *param)
{
	xfer_callback_result(param, NULL);
}

static int cpu_submit(struct dmabench_xfer *x)
{
	struct dmabench_queue *queue = x->queue;

	stamp(x, DMABENCH_AT_PREP);
	if (dmabench_stamps(queue)) {
		/* There is no descriptor: all the time is the copying. */
		x->at[DMABENCH_AT_PREPPED] = x->at[DMABENCH_AT_PREP];
		x->at[DMABENCH_AT_SUBMITTED] = x->at[DMABENCH_AT_PREP];
	}
	x->op->cpu(x);
	stamp(x, DMABENCH_AT_CALLBACK);
	x->leg.state = DMABENCH_LEG_LANDED;
	return 0;
}

/* A descriptor is new. Nothing of this sleeps, and nothing asks for another one. */
static void leg_prepared(struct dmabench_queue *queue, struct dmabench_leg *leg,
			 struct dma_async_tx_descriptor *tx)
{
	queue->prepares++;
	if (queue->reuse)
		dmabench_reuse_keep(leg, tx);
	if (queue->knobs->metadata)
		dmabench_meta_attach(leg, tx);
}

static __always_inline struct dma_async_tx_descriptor *
leg_prep(struct dmabench_xfer *x, const struct dmabench_route *route)
{
	unsigned long flags = x->queue->flags;

	if (likely(x->op->prep == dmabench_memcpy_prep))
		return dmabench_copy_prep(x, route, flags);
	return x->op->prep(x, route, flags);
}

/*
 * Nothing else happens between prep and submit: some providers hold a spinlock from
 * the one to the other (contract A.z).
 */
static __always_inline int leg_submit(struct dmabench_xfer *x, unsigned int i)
{
	struct dmabench_queue *queue = x->queue;
	struct dmabench_leg *leg = dmabench_xfer_leg(x, i);
	struct dma_async_tx_descriptor *kept, *tx;

	kept = queue->reuse ? x->more->keep[i].tx : NULL;
	trace_dmabench_prep(x);
	if (dmabench_stamps(queue)) {
		x->at[DMABENCH_AT_PREP] = queue->clocked ?: dmabench_clock();
		queue->clocked = 0;
	}
	tx = kept ?: leg_prep(x, &queue->route[i]);
	stamp(x, DMABENCH_AT_PREPPED);
	if (!tx)
		return -EAGAIN;
	if (!kept)
		leg_prepared(queue, leg, tx);

	/*
	 * All three are written, wanted or not: providers have been seen to hand
	 * out used descriptors with the callback_result of their last client in
	 * place, and to call it (A9.2).
	 */
	tx->callback = NULL;
	tx->callback_result = NULL;
	tx->callback_param = leg;
	if (queue->callback && queue->result)
		tx->callback_result = xfer_callback_result;
	else if (queue->callback)
		tx->callback = xfer_callback;
	/* A provider may complete it before submit or issue returns. */
	WRITE_ONCE(leg->state, DMABENCH_LEG_FLYING);
	leg->cookie = dmaengine_submit(tx);
	stamp(x, DMABENCH_AT_SUBMITTED);
	if (dma_submit_error(leg->cookie)) {
		WRITE_ONCE(leg->state, DMABENCH_LEG_IDLE);
		return leg->cookie;
	}
	if (dmabench_stamps(queue) && queue->unbroken)
		queue->clocked = x->at[DMABENCH_AT_SUBMITTED];
	trace_dmabench_submit(leg);
	return 0;
}

/*
 * The receiving half of a pair is submitted and cannot be taken back: the other
 * one gets its descriptor as soon as what is in flight gives one back.
 */
static noinline int leg_submit_second(struct dmabench_xfer *x)
{
	unsigned long since = jiffies;
	u64 prep = x->at[DMABENCH_AT_PREP];
	int ret;

	while ((ret = leg_submit(x, 1)) == -EAGAIN &&
	       time_before(jiffies, since + x->queue->timeout)) {
		dmabench_queue_issue(x->queue);
		schedule_timeout_idle(1);
	}
	x->at[DMABENCH_AT_PREP] = prep;
	return ret == -EAGAIN ? -ENOSR : ret;
}

/**
 * dmabench_xfer_submit - prepare and submit a transfer
 * @x: mapped
 *
 * On success, and with -ENOSR, the transfer is on the queue's list of pending ones.
 *
 * Context: may sleep, although it only does with two routes.
 *
 * Return: 0; -EAGAIN if the provider has no descriptor to give now; -ENOSR if it
 * has none for the second half for too long, and the first is submitted already;
 * what submit returned if it refused.
 */
int dmabench_xfer_submit(struct dmabench_xfer *x)
{
	struct dmabench_queue *queue = x->queue;
	int ret = 0;

	x->result = DMA_TRANS_NOERROR;
	x->residue = 0;
	if (queue->cpu)
		cpu_submit(x);
	else
		ret = leg_submit(x, 0);
	if (ret)
		return ret;
	if (queue->nr_routes > 1) {
		ret = leg_submit_second(x);
		if (ret)
			ret = -ENOSR;
	}

	x->deadline = (u32)jiffies + (u32)queue->timeout;
	list_bulk_move_tail(&queue->pending, &x->entry, &x->entry);
	queue->nr_pending++;
	return ret;
}
