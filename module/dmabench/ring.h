/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_RING_H
#define _DMABENCH_RING_H

#include <linux/dmaengine.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "worker.h"

/* A callback that comes so many starts late is taken for one of a later start. */
#define DMABENCH_RING_TAKES	64

struct dmabench_ring;

/**
 * struct dmabench_ring_take - one start of a ring, its descriptor's callback_param
 * @ring: the ring
 *
 * Each start has another one than those before it, so that a callback tells which
 * start it belongs to.
 */
struct dmabench_ring_take {
	struct dmabench_ring *ring;
};

/**
 * struct dmabench_ring_pointer - where the engine says that it is
 * @status: of the transfer
 * @residue: as the provider gave it, bytes
 * @in_flight: as the provider gave it, bytes
 * @valid: status and residue tell a position
 * @at: the position, bytes from the start of the buffer
 */
struct dmabench_ring_pointer {
	enum dma_status status;
	u32 residue;
	u32 in_flight;
	bool valid;
	u32 at;
};

/**
 * struct dmabench_ring - a cyclic transfer over one side of a transfer's memory
 * @worker: that it belongs to
 * @x: whose memory it is
 * @route: the channel and its direction
 * @mem: the buffer
 * @size: of the buffer, bytes
 * @period: bytes between callbacks
 * @periods: of a buffer
 * @elapsed: called by the callback of each period of the present start, with no
 *	lock held; the ring may have been stopped meanwhile
 * @lock: as the lock of a PCM stream: held, with interrupts disabled, over start,
 *	pause, resume and stop, and taken in callbacks. So no provider may call back
 *	from any of these
 * @take: of starts, in turn; protected by @lock as what follows
 * @now: the present start, or NULL
 * @starts: how many there were
 * @cookie: of the present start
 * @silent: no callback may come: synchronize has returned
 * @prep_ns: what preparing took at the last start, ns
 * @submit_ns: what submitting took
 * @issue_ns: what issue_pending took
 * @issued: when it was called, ns
 * @callbacks_late: callbacks of a start that had been stopped when they came
 */
struct dmabench_ring {
	struct dmabench_worker *worker;
	struct dmabench_xfer *x;
	const struct dmabench_route *route;
	u8 *mem;
	u32 size;
	u32 period;
	u32 periods;
	void (*elapsed)(struct dmabench_ring *ring, const struct dmabench_ring_take *take, u64 now);
	spinlock_t lock;	/* of the stream */
	struct dmabench_ring_take take[DMABENCH_RING_TAKES];
	const struct dmabench_ring_take *now;
	u64 starts;
	dma_cookie_t cookie;
	bool silent;
	u64 prep_ns;
	u64 submit_ns;
	u64 issue_ns;
	u64 issued;
	atomic_t callbacks_late;
};

u32 dmabench_ring_period(const struct dmabench_knobs *knobs);
int dmabench_ring_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size);
void dmabench_ring_init(struct dmabench_ring *ring, struct dmabench_worker *worker,
			struct dmabench_xfer *x, unsigned int route);
int dmabench_ring_start(struct dmabench_ring *ring, bool callbacks);
void dmabench_ring_pointer(struct dmabench_ring *ring, struct dmabench_ring_pointer *p);
void dmabench_ring_sync(struct dmabench_ring *ring, u32 at, u32 len, bool for_cpu);
int dmabench_ring_pause(struct dmabench_ring *ring);
int dmabench_ring_resume(struct dmabench_ring *ring);
int dmabench_ring_stop(struct dmabench_ring *ring);
void dmabench_ring_synchronize(struct dmabench_ring *ring);
int dmabench_ring_end(struct dmabench_ring *ring);
struct dmabench_xfer *dmabench_ring_take_memory(struct dmabench_worker *worker);
void dmabench_ring_return_memory(struct dmabench_worker *worker, struct dmabench_xfer *x);
bool dmabench_ring_quiet(struct dmabench_worker *worker, struct dmabench_xfer *x);

#endif
