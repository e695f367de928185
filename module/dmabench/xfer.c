// SPDX-License-Identifier: GPL-2.0-only
/*
 * One transfer: its memory, its descriptor, its stamps and its callback. This is
 * the only place that prepares, submits and issues, so what the contract asks of
 * a client (nothing between prep and submit, no touch of a descriptor after
 * submit) is kept here or nowhere.
 */
#include <linux/cpu.h>
#include <linux/kernel.h>
#include <linux/overflow.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "trace.h"
#include "xfer.h"

const char *const dmabench_stage_names[DMABENCH_STAGES] = {
	[DMABENCH_STAGE_MAP]		= "map",
	[DMABENCH_STAGE_PREP]		= "prep",
	[DMABENCH_STAGE_SUBMIT]		= "submit",
	[DMABENCH_STAGE_ISSUE]		= "issue",
	[DMABENCH_STAGE_COMPLETE]	= "complete",
	[DMABENCH_STAGE_WAKE]		= "wake",
	[DMABENCH_STAGE_UNMAP]		= "unmap",
	[DMABENCH_STAGE_TOTAL]		= "total",
};

static enum dma_data_direction side_dir(const struct dmabench_queue *queue, unsigned int side)
{
	return side < queue->sources ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
}

/**
 * dmabench_xfer_bytes - memory of a transfer beyond its buffers
 * @sides: how many buffers it has
 *
 * Return: bytes.
 */
size_t dmabench_xfer_bytes(unsigned int sides)
{
	return struct_size((struct dmabench_xfer *)NULL, side, sides);
}

static void stamp(struct dmabench_xfer *x, enum dmabench_stamp which)
{
	if (x->queue->stages)
		x->at[which] = dmabench_clock();
}

static void room_unmap(struct dmabench_xfer *x, unsigned int sides)
{
	struct dmabench_queue *queue = x->queue;

	if (!queue->map_once || queue->spec->coherent || queue->op->cpu)
		return;
	while (sides--)
		dmabench_buf_unmap(&x->side[sides].buf, queue->spec, queue->spec->room,
				   side_dir(queue, sides));
}

static int room_map(struct dmabench_xfer *x)
{
	struct dmabench_queue *queue = x->queue;
	unsigned int side;
	int ret;

	if (!queue->map_once || queue->spec->coherent || queue->op->cpu)
		return 0;
	for (side = 0; side < queue->sides; side++) {
		ret = dmabench_buf_map(&x->side[side].buf, queue->spec, 0, queue->spec->room,
				       side_dir(queue, side));
		if (ret) {
			room_unmap(x, side);
			return ret;
		}
	}
	return 0;
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
	unsigned int sides = queue->sides;
	struct dmabench_xfer *x;
	unsigned int side;
	int ret;

	x = kzalloc_node(dmabench_xfer_bytes(queue->sides), GFP_KERNEL, queue->spec->node);
	if (!x)
		return ERR_PTR(-ENOMEM);
	x->queue = queue;
	INIT_LIST_HEAD(&x->entry);

	for (side = 0; side < sides; side++) {
		ret = dmabench_buf_alloc(&x->side[side].buf, queue->spec, side);
		if (ret)
			goto err_free;
		dmabench_pattern_fill(x->side[side].buf.start, queue->spec->room,
				      dmabench_mix(queue->seed + side), 0);
	}
	ret = room_map(x);
	if (ret)
		goto err_free;
	return x;

err_free:
	while (sides--)
		dmabench_buf_free(&x->side[sides].buf, queue->spec);
	kfree(x);
	return ERR_PTR(ret);
}

/**
 * dmabench_xfer_free - give a transfer and its buffers back
 * @x: nothing of it is in flight, and it is not mapped for a transfer
 *
 * Context: may sleep.
 */
void dmabench_xfer_free(struct dmabench_xfer *x)
{
	unsigned int side;

	room_unmap(x, x->queue->sides);
	for (side = 0; side < x->queue->sides; side++)
		dmabench_buf_free(&x->side[side].buf, x->queue->spec);
	kfree(x);
}

/* The stretch before (or behind) the transfer that a guard can cover. */
static size_t guard_before(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf *buf = &x->side[side].buf;

	return min_t(size_t, DMABENCH_GUARD, dmabench_xfer_mem(x, side) - buf->mem);
}

static size_t guard_behind(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf *buf = &x->side[side].buf;
	void *end = dmabench_xfer_mem(x, side) + x->size;

	return min_t(size_t, DMABENCH_GUARD, buf->mem + x->queue->spec->bytes - end);
}

static u64 side_key(struct dmabench_xfer *x, unsigned int side, enum dmabench_pattern_kind kind)
{
	u64 key = dmabench_pattern_key(x->queue->seed, x->queue->worker, x->seq, kind);

	/* Data of the first source are the same where they arrive; all else differs. */
	if (kind == DMABENCH_PATTERN_SOURCE && (!side || side >= x->queue->sources))
		return key;
	return dmabench_mix(key + side);
}

/**
 * dmabench_xfer_random - a number that belongs to a transfer
 * @x: the transfer, set up
 * @which: of its many
 *
 * Return: a function of the seed, the worker, the transfer and @which.
 */
u64 dmabench_xfer_random(struct dmabench_xfer *x, unsigned int which)
{
	return dmabench_mix(dmabench_pattern_key(x->queue->seed, x->queue->worker, x->seq,
						 DMABENCH_PATTERN_SETUP) + which);
}

static void fill_guards(struct dmabench_xfer *x, unsigned int side)
{
	u64 guard = side_key(x, side, DMABENCH_PATTERN_GUARD);
	u8 *mem = dmabench_xfer_mem(x, side);
	size_t before = guard_before(x, side);

	dmabench_pattern_fill(mem - before, before, guard, 0);
	dmabench_pattern_fill(mem + x->size, guard_behind(x, side), guard, DMABENCH_GUARD);
}

/**
 * dmabench_xfer_fill_side - write one buffer and the guards around it
 * @x: the transfer, set up
 * @side: number of the buffer, sources first
 * @kind: of the body
 */
void dmabench_xfer_fill_side(struct dmabench_xfer *x, unsigned int side,
			     enum dmabench_pattern_kind kind)
{
	dmabench_pattern_fill(dmabench_xfer_mem(x, side), x->size, side_key(x, side, kind), 0);
	fill_guards(x, side);
}

/**
 * dmabench_xfer_fill_computed - write one buffer with what follows from others
 * @x: the transfer, set up
 * @side: number of the buffer
 * @expect: computes a stretch of it
 */
void dmabench_xfer_fill_computed(struct dmabench_xfer *x, unsigned int side,
				 void (*expect)(struct dmabench_xfer *x, size_t from, u8 *to,
						size_t len))
{
	expect(x, 0, dmabench_xfer_mem(x, side), x->size);
	fill_guards(x, side);
}

static void explain(struct dmabench_xfer *x, unsigned int side, const u8 *region, size_t len,
		    const struct dmabench_mismatch *m, const char *what, const char *part,
		    char *reason, size_t reason_size)
{
	const u8 *at = region + m->first;
	size_t look = min_t(size_t, len - m->first, 15);
	const char *found = "bytes of nothing known";
	char text[48];
	u64 pos;

	if (dmabench_pattern_locate(at, look, side_key(x, side, DMABENCH_PATTERN_SOURCE),
				    x->size, &pos)) {
		scnprintf(text, sizeof(text), "source byte %llu", pos);
		found = text;
	} else if (dmabench_pattern_locate(at, look, side_key(x, side, DMABENCH_PATTERN_OLD),
					   x->size, &pos)) {
		found = "what was there before";
	} else if (dmabench_pattern_locate(at, look, side_key(x, 0, DMABENCH_PATTERN_GUARD),
					   2 * DMABENCH_GUARD, &pos)) {
		found = "the source's guard";
	} else if (!memchr_inv(at, 0, look)) {
		found = "zeroes";
	}
	scnprintf(reason, reason_size,
		  "%s %s wrong: %zu bytes, first %zu, last %zu of %zu; expected 0x%02x, found 0x%02x: %s",
		  what, part, m->count, m->first, m->last, len, m->expected, m->found, found);
}

static bool check_guards(struct dmabench_xfer *x, unsigned int side, const char *what,
			 char *reason, size_t reason_size)
{
	u64 guard = side_key(x, side, DMABENCH_PATTERN_GUARD);
	u8 *mem = dmabench_xfer_mem(x, side);
	size_t before = guard_before(x, side);
	size_t behind = guard_behind(x, side);
	struct dmabench_mismatch m;

	if (!dmabench_pattern_check(mem - before, before, guard, 0, &m)) {
		explain(x, side, mem - before, before, &m, what, "guard before",
			reason, reason_size);
		return false;
	}
	if (!dmabench_pattern_check(mem + x->size, behind, guard, DMABENCH_GUARD, &m)) {
		explain(x, side, mem + x->size, behind, &m, what, "guard behind",
			reason, reason_size);
		return false;
	}
	return true;
}

/**
 * dmabench_xfer_check_side - check one buffer and the guards around it
 * @x: the transfer
 * @side: number of the buffer, sources first
 * @kind: what the body must hold now
 * @what: the buffer in words
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if all is right.
 */
bool dmabench_xfer_check_side(struct dmabench_xfer *x, unsigned int side,
			      enum dmabench_pattern_kind kind, const char *what,
			      char *reason, size_t reason_size)
{
	u8 *mem = dmabench_xfer_mem(x, side);
	struct dmabench_mismatch m;

	if (!dmabench_pattern_check(mem, x->size, side_key(x, side, kind), 0, &m)) {
		explain(x, side, mem, x->size, &m, what, "body", reason, reason_size);
		return false;
	}
	return check_guards(x, side, what, reason, reason_size);
}

/**
 * dmabench_xfer_check_computed - the same, of a body that follows from others
 * @x: the transfer
 * @side: number of the buffer
 * @what: the buffer in words
 * @expect: computes a stretch of what the body must hold
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if all is right.
 */
bool dmabench_xfer_check_computed(struct dmabench_xfer *x, unsigned int side, const char *what,
				  void (*expect)(struct dmabench_xfer *x, size_t from, u8 *to,
						 size_t len),
				  char *reason, size_t reason_size)
{
	u8 *mem = dmabench_xfer_mem(x, side);
	struct dmabench_mismatch m = {};
	size_t from, i;
	u8 right[64];

	for (from = 0; from < x->size; from += sizeof(right)) {
		size_t len = min(sizeof(right), x->size - from);

		expect(x, from, right, len);
		if (!memcmp(mem + from, right, len))
			continue;
		for (i = 0; i < len; i++)
			if (mem[from + i] != right[i])
				dmabench_mismatch_note(&m, from + i, right[i], mem[from + i]);
	}
	if (m.count) {
		explain(x, side, mem, x->size, &m, what, "body", reason, reason_size);
		return false;
	}
	return check_guards(x, side, what, reason, reason_size);
}

static void side_sync(struct dmabench_xfer *x, unsigned int side, bool for_cpu)
{
	struct dmabench_queue *queue = x->queue;
	enum dma_data_direction dir = side_dir(queue, side);
	dma_addr_t dma = dmabench_xfer_dma(x, side);

	if (for_cpu)
		dma_sync_single_for_cpu(queue->spec->dev, dma, x->size, dir);
	else
		dma_sync_single_for_device(queue->spec->dev, dma, x->size, dir);
}

/*
 * Rooms that are mapped for good change hands by this: no more of them than the
 * transfer has. What comes back from a bounce buffer with a destination would
 * overwrite the guards around it.
 */
static void rooms_sync(struct dmabench_xfer *x, bool for_cpu)
{
	struct dmabench_queue *queue = x->queue;
	unsigned int side;

	if (!queue->map_once || queue->spec->coherent || queue->op->cpu)
		return;
	for (side = 0; side < queue->sides; side++)
		side_sync(x, side, for_cpu);
}

/**
 * dmabench_xfer_fill - write all buffers of a transfer
 * @x: set up, not in flight
 */
void dmabench_xfer_fill(struct dmabench_xfer *x)
{
	rooms_sync(x, true);
	x->queue->op->fill(x);
	rooms_sync(x, false);
}

/**
 * dmabench_xfer_verify - check all buffers of a transfer
 * @x: complete and unmapped
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if all is right.
 */
bool dmabench_xfer_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	bool right;

	rooms_sync(x, true);
	right = x->queue->op->verify(x, reason, reason_size);
	rooms_sync(x, false);
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
	size_t i;

	for (side = x->queue->sources; side < x->queue->sides; side++) {
		const u8 *mem = dmabench_xfer_mem(x, side);

		if (!x->queue->spec->coherent)
			side_sync(x, side, true);
		for (i = 0; i < x->size; i++)
			digest = digest * 31 + mem[i];
	}
	return digest;
}

/**
 * dmabench_xfer_map - hand the buffers of a transfer to the device
 * @x: set up
 *
 * Does nothing where rooms are mapped for good.
 *
 * Return: 0, -ENOMEM if they cannot be mapped now.
 */
int dmabench_xfer_map(struct dmabench_xfer *x)
{
	struct dmabench_queue *queue = x->queue;
	unsigned int side;
	int ret;

	if (queue->map_once || queue->op->cpu)
		return 0;

	stamp(x, DMABENCH_AT_MAP);
	for (side = 0; side < queue->sides; side++) {
		ret = dmabench_buf_map(&x->side[side].buf, queue->spec, x->side[side].offset,
				       x->size, side_dir(queue, side));
		if (ret)
			goto err_unmap;
	}
	stamp(x, DMABENCH_AT_MAPPED);
	return 0;

err_unmap:
	while (side--)
		dmabench_buf_unmap(&x->side[side].buf, queue->spec, x->size,
				   side_dir(queue, side));
	return ret;
}

/**
 * dmabench_xfer_unmap - take the buffers of a transfer back
 * @x: mapped by dmabench_xfer_map(), not in flight
 */
void dmabench_xfer_unmap(struct dmabench_xfer *x)
{
	struct dmabench_queue *queue = x->queue;
	unsigned int side;

	if (queue->map_once || queue->op->cpu)
		return;

	stamp(x, DMABENCH_AT_UNMAP);
	for (side = 0; side < queue->sides; side++)
		dmabench_buf_unmap(&x->side[side].buf, queue->spec, x->size,
				   side_dir(queue, side));
	stamp(x, DMABENCH_AT_UNMAPPED);
}

/*
 * The provider's tasklet or thread, or our own issue_pending, may be where this
 * runs. After llist_add() the transfer is the waiter's.
 */
static void xfer_callback_result(void *param, const struct dmaengine_result *result)
{
	struct dmabench_xfer *x = param;
	struct dmabench_queue *queue = x->queue;
	u64 now = queue->stages ? dmabench_clock() : 0;

	/* The run is not freed before we are through; the waiter may be fast. */
	rcu_read_lock();
	if (cmpxchg(&x->state, DMABENCH_XFER_FLYING, DMABENCH_XFER_LANDED) !=
	    DMABENCH_XFER_FLYING) {
		atomic_inc(&queue->callbacks_extra);
		goto out;
	}
	x->at[DMABENCH_AT_CALLBACK] = now;
	x->result = result ? result->result : DMA_TRANS_NOERROR;
	trace_dmabench_callback(queue->worker, x->seq, x->cookie, x->result);

	/* The waiter takes the whole list, so only its first entry must wake it. */
	if (llist_add(&x->done, &queue->done))
		wake_up_process(queue->waiter);
out:
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
	if (queue->stages) {
		/* There is no descriptor: all the time is the copying. */
		x->at[DMABENCH_AT_PREPPED] = x->at[DMABENCH_AT_PREP];
		x->at[DMABENCH_AT_SUBMITTED] = x->at[DMABENCH_AT_PREP];
	}
	queue->op->cpu(x);
	x->result = DMA_TRANS_NOERROR;
	x->state = DMABENCH_XFER_LANDED;
	stamp(x, DMABENCH_AT_CALLBACK);
	llist_add(&x->done, &queue->done);
	return 0;
}

/**
 * dmabench_xfer_submit - prepare and submit a transfer
 * @x: mapped
 *
 * Nothing happens between prep and submit: some providers hold a spinlock from
 * the one to the other (contract A.z). On success the transfer is on the
 * queue's list of pending ones.
 *
 * Context: may sleep, although it does not.
 *
 * Return: 0; -EAGAIN if the provider has no descriptor to give now; what submit
 * returned if it refused.
 */
int dmabench_xfer_submit(struct dmabench_xfer *x)
{
	struct dmabench_queue *queue = x->queue;
	struct dma_async_tx_descriptor *tx;

	if (queue->op->cpu) {
		cpu_submit(x);
	} else {
		stamp(x, DMABENCH_AT_PREP);
		tx = queue->op->prep(x, DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
		stamp(x, DMABENCH_AT_PREPPED);
		if (!tx)
			return -EAGAIN;

		/*
		 * All three are written, wanted or not: providers have been
		 * seen to hand out used descriptors with the callback_result of
		 * their last client in place, and to call it (A9.2).
		 */
		tx->callback = queue->callback && !queue->result ? xfer_callback : NULL;
		tx->callback_result = queue->callback && queue->result ?
				      xfer_callback_result : NULL;
		tx->callback_param = queue->callback ? x : NULL;
		/* A provider may complete it before submit or issue returns. */
		x->result = DMA_TRANS_NOERROR;
		WRITE_ONCE(x->state, DMABENCH_XFER_FLYING);
		x->cookie = dmaengine_submit(tx);
		stamp(x, DMABENCH_AT_SUBMITTED);
		if (dma_submit_error(x->cookie)) {
			WRITE_ONCE(x->state, DMABENCH_XFER_IDLE);
			return x->cookie;
		}
		trace_dmabench_submit(queue->worker, x->seq, x->cookie, x->size);
	}

	x->deadline = jiffies + queue->timeout;
	list_move_tail(&x->entry, &queue->pending);
	queue->nr_pending++;
	return 0;
}

/**
 * dmabench_queue_issue - start what was submitted
 * @queue: does nothing if nothing is pending
 */
void dmabench_queue_issue(struct dmabench_queue *queue)
{
	struct dmabench_xfer *x;
	u64 issue = 0, issued = 0;

	if (!queue->nr_pending)
		return;

	if (!queue->op->cpu) {
		if (queue->stages)
			issue = dmabench_clock();
		dma_async_issue_pending(queue->chan->dma);
		if (queue->stages)
			issued = dmabench_clock();
		trace_dmabench_issue(queue->worker, queue->nr_pending);
	}
	queue->issues++;

	if (queue->stages) {
		list_for_each_entry(x, &queue->pending, entry) {
			x->at[DMABENCH_AT_ISSUE] = issue ?: x->at[DMABENCH_AT_PREP];
			x->at[DMABENCH_AT_ISSUED] = issued ?: x->at[DMABENCH_AT_PREP];
		}
	}
	list_splice_tail_init(&queue->pending, &queue->flying);
	queue->nr_flying += queue->nr_pending;
	queue->nr_pending = 0;
}

/**
 * dmabench_xfer_status - ask the provider how a transfer stands
 * @x: issued
 *
 * Return: its status; DMA_COMPLETE and DMA_ERROR are final.
 */
enum dma_status dmabench_xfer_status(struct dmabench_xfer *x)
{
	/* Providers may leave the state untouched (contract A5.8). */
	struct dma_tx_state state = {};

	return dmaengine_tx_status(x->queue->chan->dma, x->cookie, &state);
}

/**
 * dmabench_xfer_landed - the waiter knows that a transfer is over
 * @x: in flight until now; is on no list afterwards
 * @now: when the waiter learned of it, ns
 */
void dmabench_xfer_landed(struct dmabench_xfer *x, u64 now)
{
	x->at[DMABENCH_AT_KNOWN] = now;
	if (!x->queue->callback)
		x->at[DMABENCH_AT_CALLBACK] = now;
	WRITE_ONCE(x->state, DMABENCH_XFER_IDLE);
	list_del_init(&x->entry);
	x->queue->nr_flying--;
}

/**
 * dmabench_xfer_stage - how long a stage of a transfer took
 * @x: over and unmapped
 * @stage: which one
 *
 * Return: ns. Completion before issue_pending has returned is legal, and counts
 * as 0.
 */
u64 dmabench_xfer_stage(const struct dmabench_xfer *x, enum dmabench_stage stage)
{
	static const struct {
		u8 from;
		u8 to;
	} span[DMABENCH_STAGES] = {
		[DMABENCH_STAGE_MAP]	  = { DMABENCH_AT_MAP, DMABENCH_AT_MAPPED },
		[DMABENCH_STAGE_PREP]	  = { DMABENCH_AT_PREP, DMABENCH_AT_PREPPED },
		[DMABENCH_STAGE_SUBMIT]	  = { DMABENCH_AT_PREPPED, DMABENCH_AT_SUBMITTED },
		[DMABENCH_STAGE_ISSUE]	  = { DMABENCH_AT_ISSUE, DMABENCH_AT_ISSUED },
		[DMABENCH_STAGE_COMPLETE] = { DMABENCH_AT_ISSUED, DMABENCH_AT_CALLBACK },
		[DMABENCH_STAGE_WAKE]	  = { DMABENCH_AT_CALLBACK, DMABENCH_AT_KNOWN },
		[DMABENCH_STAGE_UNMAP]	  = { DMABENCH_AT_UNMAP, DMABENCH_AT_UNMAPPED },
		[DMABENCH_STAGE_TOTAL]	  = { DMABENCH_AT_PREP, DMABENCH_AT_KNOWN },
	};
	u64 from = x->at[span[stage].from];
	u64 to = x->at[span[stage].to];

	return to > from ? to - from : 0;
}
