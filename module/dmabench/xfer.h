/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_XFER_H
#define _DMABENCH_XFER_H

#include <linux/atomic.h>
#include <linux/ktime.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/sched.h>

#include "buf.h"
#include "chan.h"
#include "ops/op.h"
#include "pattern.h"

/**
 * enum dmabench_stage - what is measured of a transfer, see docs/debugfs.md
 * @DMABENCH_STAGE_MAP: mapping its buffers
 * @DMABENCH_STAGE_PREP: getting the descriptor
 * @DMABENCH_STAGE_SUBMIT: submitting it
 * @DMABENCH_STAGE_ISSUE: the issue_pending that started it
 * @DMABENCH_STAGE_COMPLETE: from there to the callback, or the poll that saw it
 * @DMABENCH_STAGE_WAKE: from the callback to the waiter
 * @DMABENCH_STAGE_UNMAP: unmapping its buffers
 * @DMABENCH_STAGE_TOTAL: from prep to the waiter's knowledge of the end
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
	DMABENCH_STAGES
};

extern const char *const dmabench_stage_names[DMABENCH_STAGES];

/* Clock readings of a transfer, ns of the monotonic clock, in order. */
enum dmabench_stamp {
	DMABENCH_AT_MAP,
	DMABENCH_AT_MAPPED,
	DMABENCH_AT_PREP,
	DMABENCH_AT_PREPPED,
	DMABENCH_AT_SUBMITTED,
	DMABENCH_AT_ISSUE,
	DMABENCH_AT_ISSUED,
	DMABENCH_AT_CALLBACK,
	DMABENCH_AT_KNOWN,
	DMABENCH_AT_UNMAP,
	DMABENCH_AT_UNMAPPED,
	DMABENCH_STAMPS
};

/* Who may touch a transfer's memory: only the callback moves it to LANDED. */
enum dmabench_xfer_state {
	DMABENCH_XFER_IDLE,
	DMABENCH_XFER_FLYING,
	DMABENCH_XFER_LANDED,
};

/**
 * struct dmabench_queue - how one worker's transfers are done
 * @chan: the channel
 * @op: the operation
 * @sources: source buffers of each transfer, which come first
 * @sides: all buffers of each transfer
 * @pq_flags: DMA_PREP_PQ_DISABLE_* of pq and pq_val
 * @spec: of the buffers
 * @waiter: the task that waits for completions
 * @done: transfers whose callback has come, newest first; the callback adds and
 *	the waiter takes all, without a lock
 * @pending: submitted and not issued, in order
 * @flying: issued and not known to be complete, in order
 * @nr_pending: length of @pending
 * @nr_flying: length of @flying
 * @callbacks_extra: callbacks that no transfer waited for
 * @issues: calls of issue_pending
 * @timeout: that a transfer may take, jiffies
 * @seed: of the run
 * @worker: number of the worker
 * @callback: completions come by callback; else they are polled
 * @result: ask for the callback that tells a result (else for the plain one)
 * @map_once: the room is mapped for good
 * @stages: take stamps
 *
 * All but @done and @callbacks_extra belongs to the waiter.
 */
struct dmabench_queue {
	struct dmabench_chan *chan;
	const struct dmabench_op *op;
	unsigned int sources;
	unsigned int sides;
	enum dma_ctrl_flags pq_flags;
	const struct dmabench_buf_spec *spec;
	struct task_struct *waiter;
	struct list_head pending;
	struct list_head flying;
	unsigned int nr_pending;
	unsigned int nr_flying;
	u64 issues;
	unsigned long timeout;
	u64 seed;
	unsigned int worker;
	bool callback;
	bool result;
	bool map_once;
	bool stages;

	/* Written by the callback, perhaps on another CPU. */
	struct llist_head done ____cacheline_aligned_in_smp;
	atomic_t callbacks_extra;
};

/**
 * struct dmabench_side - one buffer of a transfer
 * @buf: the memory
 * @offset: of the transfer from the buffer's start
 */
struct dmabench_side {
	struct dmabench_buf buf;
	size_t offset;
};

/**
 * struct dmabench_xfer - one transfer at a time, used again and again
 * @done: in the queue's list of finished ones
 * @entry: in one of the queue's or the worker's lists
 * @queue: where it belongs
 * @state: see enum dmabench_xfer_state
 * @result: what the engine says of it
 * @cookie: of the descriptor
 * @deadline: when it has taken too long, jiffies
 * @seq: its number within the worker
 * @size: bytes
 * @check: what a _val operation has found
 * @at: clock readings
 * @side: sources, then destinations
 */
struct dmabench_xfer {
	struct llist_node done;
	struct list_head entry;
	struct dmabench_queue *queue;
	int state;
	enum dmaengine_tx_result result;
	dma_cookie_t cookie;
	unsigned long deadline;
	u64 seq;
	size_t size;
	enum sum_check_flags check;
	u64 at[DMABENCH_STAMPS];
	struct dmabench_side side[];
};

static inline u64 dmabench_clock(void)
{
	return ktime_get_ns();
}

static inline void *dmabench_xfer_mem(struct dmabench_xfer *x, unsigned int side)
{
	return x->side[side].buf.start + x->side[side].offset;
}

static inline dma_addr_t dmabench_xfer_dma(struct dmabench_xfer *x, unsigned int side)
{
	return x->side[side].buf.dma + (x->queue->map_once ? x->side[side].offset : 0);
}

struct dmabench_xfer *dmabench_xfer_alloc(struct dmabench_queue *queue);
void dmabench_xfer_free(struct dmabench_xfer *x);
size_t dmabench_xfer_bytes(unsigned int sides);

void dmabench_xfer_fill_side(struct dmabench_xfer *x, unsigned int side,
			     enum dmabench_pattern_kind kind);
bool dmabench_xfer_check_side(struct dmabench_xfer *x, unsigned int side,
			      enum dmabench_pattern_kind kind, const char *what,
			      char *reason, size_t reason_size);
u64 dmabench_xfer_random(struct dmabench_xfer *x, unsigned int which);
bool dmabench_xfer_check_computed(struct dmabench_xfer *x, unsigned int side, const char *what,
				  void (*expect)(struct dmabench_xfer *x, size_t from, u8 *to,
						 size_t len),
				  char *reason, size_t reason_size);
void dmabench_xfer_fill_computed(struct dmabench_xfer *x, unsigned int side,
				 void (*expect)(struct dmabench_xfer *x, size_t from, u8 *to,
						size_t len));
void dmabench_xfer_fill(struct dmabench_xfer *x);
bool dmabench_xfer_verify(struct dmabench_xfer *x, char *reason, size_t reason_size);
u64 dmabench_xfer_digest(struct dmabench_xfer *x);

int dmabench_xfer_map(struct dmabench_xfer *x);
void dmabench_xfer_unmap(struct dmabench_xfer *x);
int dmabench_xfer_submit(struct dmabench_xfer *x);
void dmabench_queue_issue(struct dmabench_queue *queue);
enum dma_status dmabench_xfer_status(struct dmabench_xfer *x);
void dmabench_xfer_landed(struct dmabench_xfer *x, u64 now);
u64 dmabench_xfer_stage(const struct dmabench_xfer *x, enum dmabench_stage stage);

#endif
