/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_XFER_H
#define _DMABENCH_XFER_H

#include <linux/atomic.h>
#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/scatterlist.h>
#include <linux/sched.h>

#include "buf.h"
#include "chan.h"
#include "knobs.h"
#include "meta.h"
#include "ops/op.h"
#include "pattern.h"
#include "port.h"

/**
 * enum dmabench_stage - what is measured, see docs/debugfs.md
 * @DMABENCH_STAGE_MAP: mapping its buffers
 * @DMABENCH_STAGE_PREP: getting the descriptor
 * @DMABENCH_STAGE_SUBMIT: submitting it
 * @DMABENCH_STAGE_ISSUE: the issue_pending that started it
 * @DMABENCH_STAGE_COMPLETE: from there to the callback, or the poll that saw it
 * @DMABENCH_STAGE_WAKE: from the callback to the waiter
 * @DMABENCH_STAGE_UNMAP: unmapping its buffers
 * @DMABENCH_STAGE_TOTAL: from prep to the waiter's knowledge of the end
 * @DMABENCH_STAGES: how many belong to every transfer; what follows does not
 * @DMABENCH_STAGE_PERIOD: from one callback of a cyclic transfer to the next
 * @DMABENCH_STAGE_START: from issue_pending to the first byte that is seen moved
 * @DMABENCH_STAGE_PAUSE: the call of pause
 * @DMABENCH_STAGE_RESUME: the call of resume
 * @DMABENCH_STAGE_RESTART: from resume to the first byte that is seen moved
 * @DMABENCH_STAGE_TERMINATE: the call of terminate_async
 * @DMABENCH_STAGE_SYNCHRONIZE: the call of synchronize behind it
 * @DMABENCH_STAGE_TERMINATE_SYNC: the call of terminate_sync
 * @DMABENCH_ALL_STAGES: how many there are
 */
enum dmabench_stage {
	DMABENCH_STAGE_MAP,
	DMABENCH_STAGE_PREP,
	DMABENCH_STAGE_SUBMIT,
	DMABENCH_STAGE_ISSUE,
	DMABENCH_STAGE_COMPLETE,
	DMABENCH_STAGE_WAKE,
	DMABENCH_STAGE_UNMAP,
	DMABENCH_STAGE_TOTAL,
	DMABENCH_STAGES,
	DMABENCH_STAGE_PERIOD = DMABENCH_STAGES,
	DMABENCH_STAGE_START,
	DMABENCH_STAGE_PAUSE,
	DMABENCH_STAGE_RESUME,
	DMABENCH_STAGE_RESTART,
	DMABENCH_STAGE_TERMINATE,
	DMABENCH_STAGE_SYNCHRONIZE,
	DMABENCH_STAGE_TERMINATE_SYNC,
	DMABENCH_ALL_STAGES
};

extern const char *const dmabench_stage_names[DMABENCH_ALL_STAGES];

/* Clock readings of a transfer, ns of the monotonic clock, in order. */
enum dmabench_stamp {
	DMABENCH_AT_PREP,
	DMABENCH_AT_PREPPED,
	DMABENCH_AT_SUBMITTED,
	DMABENCH_AT_ISSUE,
	DMABENCH_AT_ISSUED,
	DMABENCH_AT_CALLBACK,
	DMABENCH_AT_KNOWN,
	DMABENCH_STAMPS
};

/**
 * enum dmabench_leg_state - who has the last word on a leg
 * @DMABENCH_LEG_IDLE: nothing is in flight, a callback would be one too many
 * @DMABENCH_LEG_FLYING: submitted; only the callback moves it to LANDED
 * @DMABENCH_LEG_DYING: being terminated; a callback may still come
 * @DMABENCH_LEG_LANDED: the callback has come
 */
enum dmabench_leg_state {
	DMABENCH_LEG_IDLE,
	DMABENCH_LEG_FLYING,
	DMABENCH_LEG_DYING,
	DMABENCH_LEG_LANDED,
};

/**
 * enum dmabench_fate - what the destinations of a transfer that is over can hold
 * @DMABENCH_FATE_COMPLETE: what should come
 * @DMABENCH_FATE_PARTIAL: at each position what should come, or what was there:
 *	it was terminated
 * @DMABENCH_FATE_UNKNOWN: whatever it is, only what surrounds it can be wrong
 */
enum dmabench_fate {
	DMABENCH_FATE_COMPLETE,
	DMABENCH_FATE_PARTIAL,
	DMABENCH_FATE_UNKNOWN,
};

/* Both ways of a peripheral at once. */
#define DMABENCH_MAX_ROUTES	2

/**
 * struct dmabench_route - where a descriptor of each transfer goes
 * @chan: the channel
 * @dir: the direction
 * @side: with a peripheral, the side that lies in memory
 */
struct dmabench_route {
	struct dmabench_chan *chan;
	enum dma_transfer_direction dir;
	unsigned int side;
};

/**
 * struct dmabench_mix - an operation and how often it is chosen
 * @op: the operation
 * @until: sum of the weights of those before, and of its own
 */
struct dmabench_mix {
	const struct dmabench_op *op;
	u32 until;
};

/**
 * struct dmabench_queue - how one worker's transfers are done
 * @route: a transfer has a descriptor on each; of a pair, the receiving one
 *	comes first, so that it is there when data come
 * @nr_routes: how many
 * @mix: operations of which each transfer is one
 * @nr_mix: how many
 * @sides: most buffers of a transfer
 * @port: the peripheral, or NULL
 * @knobs: of the run
 * @pq_flags: DMA_PREP_PQ_DISABLE_* of pq and pq_val
 * @spec: of the buffers
 * @waiter: the task that waits for completions
 * @sleeping: the waiter sleeps, or is about to: whoever lands a leg must wake it
 * @pending: submitted and not issued, in order
 * @flying: issued and not known to be complete, in order
 * @nr_pending: length of @pending
 * @nr_flying: length of @flying
 * @callbacks_extra: callbacks that no transfer waited for
 * @issues: calls of issue_pending
 * @timeout: that a transfer may take, jiffies
 * @align: of sizes, offsets and segments, bytes
 * @seed: of the run
 * @worker: number of the worker
 * @fixed: nothing about its transfers is random: a transfer is set up once
 * @flags: of each descriptor
 * @callback: completions come by callback; else they are polled
 * @result: ask for the callback that tells a result (else for the plain one)
 * @map_once: the room is mapped for good
 * @map_each: there is something to be done about mapping for each transfer
 * @stages: take stamps
 * @cpu: the CPU does the work
 * @unbroken: nothing of account happens between a submit or an issue and the next prep
 * @clocked: the reading of the clock that has ended the last one of these, where the
 *	next prep follows at once: it begins there. Else 0
 * @reuse: descriptors are prepared once and submitted again
 * @prepares: descriptors that were prepared
 * @meta_next: number of the transfer whose metadata come next
 * @meta_late: buffers of metadata that were written after they were given back
 * @counter: endpoint=counter: the word that comes next
 * @counting: @counter is known
 *
 * All but @sleeping and @callbacks_extra belongs to the waiter.
 */
struct dmabench_queue {
	struct dmabench_route route[DMABENCH_MAX_ROUTES];
	unsigned int nr_routes;
	struct dmabench_mix mix[DMABENCH_OPS];
	unsigned int nr_mix;
	unsigned int sides;
	struct dmabench_port *port;
	const struct dmabench_knobs *knobs;
	enum dma_ctrl_flags pq_flags;
	const struct dmabench_buf_spec *spec;
	struct task_struct *waiter;
	struct list_head pending;
	struct list_head flying;
	unsigned int nr_pending;
	unsigned int nr_flying;
	u64 issues;
	unsigned long timeout;
	size_t align;
	u64 seed;
	unsigned int worker;
	unsigned long flags;
	bool fixed;
	bool callback;
	bool result;
	bool map_once;
	bool map_each;
	bool stages;
	bool cpu;
	bool reuse;
	bool unbroken;
	u64 clocked;
	u64 prepares;
	u64 meta_next;
	u64 meta_late;
	u32 counter;
	bool counting;

	/* Written by the callback, perhaps on another CPU. */
	bool sleeping ____cacheline_aligned_in_smp;
	atomic_t callbacks_extra;
};

/**
 * struct dmabench_piece - a contiguous stretch of a transfer's data
 * @at: offset from the buffer's start
 * @len: bytes
 */
struct dmabench_piece {
	u32 at;
	u32 len;
};

/**
 * struct dmabench_side - one buffer of a transfer
 * @buf: the memory
 * @one: where the data begin, as an offset of their lowest byte; of what is
 *	contiguous, the only piece
 */
struct dmabench_side {
	struct dmabench_buf buf;
	struct dmabench_piece one;
};

/**
 * struct dmabench_scatter - what a buffer of a scatterlist has in addition
 * @cut: where the data lie, in the order of the data
 * @nr_pieces: how many
 * @slot: their indices in the order of memory
 * @sgt: what is mapped of them
 * @sg_room: entries that @sgt has room for, 0: there are none
 */
struct dmabench_scatter {
	struct dmabench_piece *cut;
	unsigned int nr_pieces;
	u16 *slot;
	struct sg_table sgt;
	unsigned int sg_room;
};

/**
 * struct dmabench_leg - the part of a transfer that one descriptor does
 * @x: the transfer
 * @cookie: of the descriptor
 * @state: enum dmabench_leg_state
 */
struct dmabench_leg {
	struct dmabench_xfer *x;
	dma_cookie_t cookie;
	int state;
};

/**
 * struct dmabench_keep - what a leg keeps beyond its flight
 * @tx: with reuse the descriptor that is kept, else NULL
 * @meta: what goes beside the data
 */
struct dmabench_keep {
	struct dma_async_tx_descriptor *tx;
	struct dmabench_meta meta;
};

/**
 * struct dmabench_more - what a transfer of the plainest kind goes without
 * @second: of a pair, its other leg
 * @keep: by leg
 * @scatter: by side
 */
struct dmabench_more {
	struct dmabench_leg second;
	struct dmabench_keep keep[DMABENCH_MAX_ROUTES];
	struct dmabench_scatter scatter[];
};

/**
 * struct dmabench_xfer - one transfer at a time, used again and again
 * @entry: in one of the queue's or the worker's lists
 * @queue: where it belongs
 * @op: what it is
 * @leg: its first leg, for most the only one; see dmabench_xfer_leg()
 * @deadline: when it has taken too long, the low bits of jiffies
 * @slot: which of the worker's it is: transfers use it one after the other
 * @sources: its source buffers, which come first
 * @sides: all its buffers
 * @seq: its number within the worker
 * @size: bytes of data in each buffer
 * @payload: bytes that it moves of them; less where gaps are left alone
 * @result: what the engine says of it
 * @residue: bytes that it says were not moved, if it says so
 * @check: what a _val operation has found
 * @fate: what its destinations can hold, enum dmabench_fate
 * @placed: it is set up for good, see @fixed of the queue
 * @state: of the operation, if it has any
 * @more: what not every run needs, or NULL
 * @map_ns: what mapping took, ns, U32_MAX if it was longer
 * @unmap_ns: what unmapping took
 * @at: clock readings
 * @side: sources, then destinations
 *
 * There are many of them, and each is touched for each operation: it is kept small.
 */
struct dmabench_xfer {
	struct list_head entry;
	struct dmabench_queue *queue;
	const struct dmabench_op *op;
	struct dmabench_leg leg;
	u32 deadline;
	u16 slot;
	u8 sources;
	u8 sides;
	u64 seq;
	size_t size;
	size_t payload;
	enum dmaengine_tx_result result;
	u32 residue;
	enum sum_check_flags check;
	u8 fate;
	bool placed;
	void *state;
	struct dmabench_more *more;
	u32 map_ns;
	u32 unmap_ns;
	u64 at[DMABENCH_STAMPS];
	struct dmabench_side side[];
};

/* By the number of its route. */
static inline struct dmabench_leg *dmabench_xfer_leg(struct dmabench_xfer *x, unsigned int i)
{
	return i ? &x->more->second : &x->leg;
}

static inline unsigned int dmabench_leg_route(const struct dmabench_leg *leg)
{
	return leg != &leg->x->leg;
}

static inline struct dmabench_keep *dmabench_leg_keep(const struct dmabench_leg *leg)
{
	return &leg->x->more->keep[dmabench_leg_route(leg)];
}

/*
 * What all that is random about a transfer, but its data, is a function of. A
 * descriptor that is to be used again must stay what it is.
 */
static inline u64 dmabench_xfer_place(const struct dmabench_xfer *x)
{
	return x->queue->reuse ? x->slot : x->seq;
}

/* Where the data of a buffer lie, in the order of the data. */
static inline const struct dmabench_piece *
dmabench_xfer_pieces(const struct dmabench_xfer *x, unsigned int side, unsigned int *count)
{
	if (!x->op->sg) {
		*count = 1;
		return &x->side[side].one;
	}
	*count = x->more->scatter[side].nr_pieces;
	return x->more->scatter[side].cut;
}

/* Whether all its callbacks have come; what they have written can be read then. */
static inline bool dmabench_xfer_has_landed(const struct dmabench_xfer *x)
{
	/* Pairs with the cmpxchg() of leg_land(). */
	if (smp_load_acquire(&x->leg.state) != DMABENCH_LEG_LANDED)
		return false;
	if (x->queue->nr_routes == 1)
		return true;
	/* As above. */
	return smp_load_acquire(&x->more->second.state) == DMABENCH_LEG_LANDED;
}

/* Some run takes stamps. */
DECLARE_STATIC_KEY_FALSE(dmabench_stamping);

static inline bool dmabench_stamps(const struct dmabench_queue *queue)
{
	return static_branch_unlikely(&dmabench_stamping) && queue->stages;
}

static inline u64 dmabench_clock(void)
{
	return ktime_get_ns();
}

/* The first byte of a buffer's data; of a scatterlist the lowest one in memory. */
static inline void *dmabench_xfer_mem(struct dmabench_xfer *x, unsigned int side)
{
	return x->side[side].buf.start + x->side[side].one.at;
}

static inline dma_addr_t dmabench_xfer_dma(struct dmabench_xfer *x, unsigned int side)
{
	return x->side[side].buf.dma + (x->queue->map_once ? x->side[side].one.at : 0);
}

/* A descriptor that copies. Here, so that the most frequent operation costs no call. */
static inline struct dma_async_tx_descriptor *
dmabench_copy_prep(struct dmabench_xfer *x, const struct dmabench_route *route,
		   unsigned long flags)
{
	return dmaengine_prep_dma_memcpy(route->chan->dma, dmabench_xfer_dma(x, 1),
					 dmabench_xfer_dma(x, 0), x->size, flags);
}

/* Computes the bytes from @from on of what a buffer must hold. */
typedef void (*dmabench_expect_t)(struct dmabench_xfer *x, size_t from, u8 *to, size_t len);

/* side.c: one buffer */
int dmabench_side_alloc(struct dmabench_xfer *x, unsigned int side);
void dmabench_side_free(struct dmabench_xfer *x, unsigned int side);
size_t dmabench_side_gap(size_t align);
size_t dmabench_side_bytes(const struct dmabench_buf_spec *spec);
void dmabench_side_place(struct dmabench_xfer *x, unsigned int side, u64 *random);
int dmabench_entries_map(struct dmabench_xfer *x, unsigned int side);
void dmabench_entries_unmap(struct dmabench_xfer *x, unsigned int side);
void dmabench_side_sync(struct dmabench_xfer *x, unsigned int side, bool for_cpu);
int dmabench_room_map(struct dmabench_xfer *x, unsigned int side);
void dmabench_room_unmap(struct dmabench_xfer *x, unsigned int side);
u64 dmabench_side_digest(struct dmabench_xfer *x, unsigned int side, u64 digest);

/* side-data.c: what a buffer holds */
u64 dmabench_xfer_random(struct dmabench_xfer *x, unsigned int which);
void dmabench_xfer_fill_side(struct dmabench_xfer *x, unsigned int side,
			     enum dmabench_pattern_kind kind);
void dmabench_xfer_fill_computed(struct dmabench_xfer *x, unsigned int side,
				 dmabench_expect_t expect);
bool dmabench_xfer_check_side(struct dmabench_xfer *x, unsigned int side,
			      enum dmabench_pattern_kind kind, const char *what,
			      char *reason, size_t reason_size);
bool dmabench_xfer_check_computed(struct dmabench_xfer *x, unsigned int side, const char *what,
				  dmabench_expect_t expect, char *reason, size_t reason_size);
bool dmabench_xfer_check_guards(struct dmabench_xfer *x, unsigned int side, const char *what,
				char *reason, size_t reason_size);
bool dmabench_xfer_locate_end(struct dmabench_xfer *x, unsigned int side, u64 *end);
void dmabench_xfer_old(struct dmabench_xfer *x, unsigned int side, size_t from, u8 *to,
		       size_t len);

/* reuse.c: descriptors that are kept */
int dmabench_reuse_check(const struct dmabench_knobs *knobs, struct dmabench_chan *chan,
			 char *reason, size_t reason_size);
void dmabench_reuse_keep(struct dmabench_leg *leg, struct dma_async_tx_descriptor *tx);
void dmabench_reuse_free(struct dmabench_xfer *x);
void dmabench_reuse_forget(struct dmabench_xfer *x);

/* xfer.c: a transfer */
struct dmabench_xfer *dmabench_xfer_alloc(struct dmabench_queue *queue);
void dmabench_xfer_free(struct dmabench_xfer *x);
bool dmabench_xfer_needs_more(const struct dmabench_knobs *knobs,
			      const struct dmabench_buf_spec *spec);
size_t dmabench_xfer_bytes(const struct dmabench_knobs *knobs,
			   const struct dmabench_buf_spec *spec);
void dmabench_xfer_choose(struct dmabench_xfer *x);
void dmabench_xfer_fill(struct dmabench_xfer *x);
bool dmabench_xfer_verify(struct dmabench_xfer *x, char *reason, size_t reason_size);
u64 dmabench_xfer_digest(struct dmabench_xfer *x);
int dmabench_xfer_map_each(struct dmabench_xfer *x);
void dmabench_xfer_unmap_each(struct dmabench_xfer *x);
int dmabench_xfer_submit(struct dmabench_xfer *x);

/* flight.c: what was submitted */
void dmabench_queue_issue(struct dmabench_queue *queue);
void dmabench_queue_issue_on(struct dmabench_queue *queue);
enum dma_status dmabench_xfer_poll(struct dmabench_xfer *x, struct dma_tx_state *state);
enum dma_status dmabench_leg_status(struct dmabench_xfer *x, unsigned int leg, u32 *residue);
enum dma_status dmabench_xfer_status(struct dmabench_xfer *x);
struct dmabench_xfer *dmabench_queue_landed(const struct dmabench_queue *queue);
void dmabench_queue_sleep(struct dmabench_queue *queue, const bool *leaving, long left);
void dmabench_xfer_landed(struct dmabench_xfer *x, u64 now);

/* stage.c */
void dmabench_xfer_stages(const struct dmabench_xfer *x, u64 *stage);

/*
 * What follows is done for every transfer, and by most runs is next to nothing: it
 * must not cost calls.
 */

static inline u64 dmabench_xfer_between(const struct dmabench_xfer *x, enum dmabench_stamp from,
					enum dmabench_stamp to)
{
	return x->at[to] > x->at[from] ? x->at[to] - x->at[from] : 0;
}

/**
 * dmabench_xfer_stage - how long a stage of a transfer took
 * @x: over and unmapped
 * @stage: one of the first DMABENCH_STAGES
 *
 * Completion before issue_pending has returned is legal, and counts as 0.
 *
 * Return: ns; 0 where the stage does not apply.
 */
static __always_inline u64 dmabench_xfer_stage(const struct dmabench_xfer *x,
					       enum dmabench_stage stage)
{
	switch (stage) {
	case DMABENCH_STAGE_MAP:
		return x->map_ns;
	case DMABENCH_STAGE_PREP:
		return dmabench_xfer_between(x, DMABENCH_AT_PREP, DMABENCH_AT_PREPPED);
	case DMABENCH_STAGE_SUBMIT:
		return dmabench_xfer_between(x, DMABENCH_AT_PREPPED, DMABENCH_AT_SUBMITTED);
	case DMABENCH_STAGE_ISSUE:
		return dmabench_xfer_between(x, DMABENCH_AT_ISSUE, DMABENCH_AT_ISSUED);
	case DMABENCH_STAGE_COMPLETE:
		return dmabench_xfer_between(x, DMABENCH_AT_ISSUED, DMABENCH_AT_CALLBACK);
	case DMABENCH_STAGE_WAKE:
		return x->queue->cpu ? 0 :
		       dmabench_xfer_between(x, DMABENCH_AT_CALLBACK, DMABENCH_AT_KNOWN);
	case DMABENCH_STAGE_UNMAP:
		return x->unmap_ns;
	case DMABENCH_STAGE_TOTAL:
		return dmabench_xfer_between(x, DMABENCH_AT_PREP, DMABENCH_AT_KNOWN);
	default:
		return 0;
	}
}

/* Which way the data of a buffer go. */
static inline enum dma_data_direction dmabench_side_dir(const struct dmabench_xfer *x,
							unsigned int side)
{
	/* What a room is used for changes with the operation. */
	if (x->queue->map_once && x->queue->nr_mix > 1)
		return DMA_BIDIRECTIONAL;
	/* Where the cache is not coherent, gaps would be lost with what is not sent. */
	if (x->op->gaps && side >= x->sources)
		return DMA_BIDIRECTIONAL;
	return side < x->sources ? DMA_TO_DEVICE : DMA_FROM_DEVICE;
}

/**
 * dmabench_side_map - hand the data of a buffer to the device
 * @x: the transfer, set up
 * @side: number of the buffer
 *
 * Return: 0, -ENOMEM if it cannot be mapped now.
 */
static inline int dmabench_side_map(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf_spec *spec = x->queue->spec;
	struct dmabench_side *s = &x->side[side];

	if (x->op->sg)
		return dmabench_entries_map(x, side);
	/* In a mix, others are what needs entries to be made of coherent memory. */
	if (spec->coherent)
		return 0;
	return dmabench_buf_map(&s->buf, spec, s->one.at, x->size, dmabench_side_dir(x, side));
}

/**
 * dmabench_side_unmap - take the data of a buffer back
 * @x: the transfer
 * @side: number of the buffer
 */
static inline void dmabench_side_unmap(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf_spec *spec = x->queue->spec;

	if (x->op->sg)
		dmabench_entries_unmap(x, side);
	else if (!spec->coherent)
		dmabench_buf_unmap(&x->side[side].buf, spec, x->size,
				   dmabench_side_dir(x, side));
}

/**
 * dmabench_xfer_setup - make a transfer the one of a number
 * @x: not in flight
 * @seq: its number within the worker
 */
static inline void dmabench_xfer_setup(struct dmabench_xfer *x, u64 seq)
{
	x->seq = seq;
	x->fate = DMABENCH_FATE_COMPLETE;
	if (!x->placed)
		dmabench_xfer_choose(x);
}

/**
 * dmabench_xfer_map - hand the buffers of a transfer to the device
 * @x: set up
 *
 * Does nothing where rooms are mapped for good.
 *
 * Return: 0, -ENOMEM if they cannot be mapped now.
 */
static inline int dmabench_xfer_map(struct dmabench_xfer *x)
{
	return x->queue->map_each ? dmabench_xfer_map_each(x) : 0;
}

/**
 * dmabench_xfer_unmap - take the buffers of a transfer back
 * @x: mapped by dmabench_xfer_map(), not in flight
 */
static inline void dmabench_xfer_unmap(struct dmabench_xfer *x)
{
	if (x->queue->map_each)
		dmabench_xfer_unmap_each(x);
}

/**
 * dmabench_xfer_known - the waiter knows that a transfer is over
 * @x: in flight, and on the queue's list of those, which is the caller's to correct
 * @now: when the waiter learned of it, ns
 */
static inline void dmabench_xfer_known(struct dmabench_xfer *x, u64 now)
{
	struct dmabench_queue *queue = x->queue;

	x->at[DMABENCH_AT_KNOWN] = now;
	if (!queue->callback)
		x->at[DMABENCH_AT_CALLBACK] = now;
	WRITE_ONCE(x->leg.state, DMABENCH_LEG_IDLE);
	if (queue->nr_routes > 1)
		WRITE_ONCE(x->more->second.state, DMABENCH_LEG_IDLE);
}

#endif
