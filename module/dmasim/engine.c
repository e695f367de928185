// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the runner of a channel
 *
 * Who tells that there is work tries to become the runner, or wakes up somebody
 * who will. One who finds a runner at it leaves word: DMASIM_KICKED. All this
 * is in one word of bits, so it takes a single atomic operation to become the
 * runner or else leave word, and another one to let go and learn whether there
 * is word. Work is never left lying, and nobody waits for the runner.
 *
 * Callbacks run here, in completion order, with BH disabled and no lock held.
 * Interrupts are enabled then; they are disabled while bytes move that could be
 * paused.
 */
#include <linux/bitops.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/smp.h>

#include "dmasim.h"

enum dmasim_step {
	DMASIM_AGAIN,	/* look at the channel anew */
	DMASIM_WAIT,	/* somebody, or the timer, will kick */
	DMASIM_PERIOD,	/* a period of a cyclic transfer is complete */
	DMASIM_DONE,	/* the transfer is complete */
	DMASIM_FAILED,	/* the transfer ends with c->failure */
};

static bool dmasim_stopped(struct dmasim_chan *c, unsigned int pos)
{
	return READ_ONCE(c->flags) & (BIT(DMASIM_PAUSED) | BIT(DMASIM_DEAD)) ||
	       dmasim_reached(READ_ONCE(c->drop), pos);
}

static void dmasim_disengage(struct dmasim_chan *c)
{
	if (!c->pausable)
		return;
	/* Who sees that nobody moves sees what was moved and published. */
	smp_store_release(&c->moving, false);
	local_irq_enable();
}

/*
 * Between engage and disengage bytes move and completions are published.
 * dmasim_pause() waits for the end of this stretch, its caller maybe with a lock
 * held that the client's interrupts take, too. Therefore nothing of the client's
 * happens in it, an interrupt no more than a callback. Nobody else waits for it.
 */
static bool dmasim_engage(struct dmasim_chan *c, unsigned int pos)
{
	if (c->pausable) {
		local_irq_disable();
		/* Either we see the stop condition, or who set it sees us. */
		smp_store_mb(c->moving, true);
	}
	if (likely(!dmasim_stopped(c, pos)))
		return true;

	dmasim_disengage(c);
	return false;
}

/* How many bytes the CPU reads for each byte of the active program. */
static unsigned int dmasim_weight(const struct dmasim_desc *d)
{
	return d->mover->weight ? d->mover->weight(d) : 1;
}

/*
 * Where the current segment of a slave transfer is in memory, as an offset from
 * the last boundary that no segment crosses. An interleaved one has chunks and
 * offsets instead, and what has no peripheral no scatterlist either.
 */
static u32 dmasim_past_boundary(const struct dmasim_chan *c, const struct dmasim_desc *d)
{
	return (d->segs[d->seg].src + d->off) & (c->sim->cfg.boundary - 1);
}

/* How many bytes to move next; 0: the program has none. */
static size_t dmasim_want(struct dmasim_chan *c, struct dmasim_desc *d)
{
	u32 max_segment = c->sim->cfg.max_segment;
	unsigned int weight;
	size_t n;

	if (d->seg == d->nsegs)
		return 0;

	n = min(d->segs[d->seg].len - d->off, dmasim_pace_quantum(c, d));
	weight = dmasim_weight(d);
	if (unlikely(weight > 1))
		n = min_t(size_t, n, max(round_down(DMASIM_CHUNK / weight, SZ_4K), SZ_4K));
	if (d->segs[d->seg].len > max_segment)
		n = min_t(size_t, n, max_segment - d->off % max_segment);
	if (d->port && !d->mover->scattered)
		n = min_t(u64, n, c->sim->cfg.boundary - dmasim_past_boundary(c, d));
	if (d->period)
		n = min_t(size_t, n, d->period - d->done % d->period);
	return n;
}

/* Accounts for n bytes that were moved. */
static enum dmasim_step dmasim_advance(struct dmasim_chan *c, struct dmasim_desc *d,
				       unsigned int pos, size_t n)
{
	enum dmasim_step step = DMASIM_AGAIN;
	u32 max_segment = c->sim->cfg.max_segment;
	u32 done = d->done + n;
	bool boundary;

	c->bytes += n;
	c->pace_step = 0;
	d->off += n;

	boundary = d->off == d->segs[d->seg].len;
	if (boundary) {
		d->off = 0;
		if (++d->seg == d->nsegs && d->frame + 1 < d->frames) {
			d->frame++;
			d->seg = 0;
		}
	} else if (d->off >= max_segment) {
		boundary = d->off % max_segment == 0;
	}
	if (!boundary && d->port && !d->mover->scattered)
		boundary = !dmasim_past_boundary(c, d);

	if (d->period) {
		if (done % d->period == 0)
			step = DMASIM_PERIOD;
		if (d->seg == d->nsegs) {
			if (d->repeat && dmasim_repeat_ends(c, pos))
				step = DMASIM_DONE;
			if (!d->repeat && d->period == d->len &&
			    dmasim_defect(c, DMASIM_DEFECT_cyclic_one_period_stops))
				step = DMASIM_DONE;
			d->frame = 0;
			d->seg = 0;
			done = 0;
		}
		if (step == DMASIM_PERIOD)
			WRITE_ONCE(d->mark, done);
	} else {
		if (boundary)
			WRITE_ONCE(d->mark, done);
		if (d->seg == d->nsegs)
			step = DMASIM_DONE;
	}
	WRITE_ONCE(d->done, done);
	return step;
}

/* The data are in place: from here on the transfer is complete for everybody. */
static void dmasim_publish(struct dmasim_chan *c, dma_cookie_t cookie, unsigned int pos)
{
	c->completed++;
	/* Whoever sees the cookie complete sees the data. */
	smp_store_release(&c->chan.completed_cookie, cookie);
	WRITE_ONCE(c->tail, pos);
}

/* A failure is remembered by its cookie: positions are for those in line. */
static void dmasim_remember_failure(struct dmasim_chan *c, struct dmasim_desc *d)
{
	if (c->failure == DMA_TRANS_NOERROR)
		return;
	WRITE_ONCE(c->failed[d->tx.cookie & c->ring_mask], d->tx.cookie);
	WRITE_ONCE(c->failures, c->failures + 1);
}

/**
 * dmasim_callback_make() - what to tell the client about a transfer
 * @cb:		receives it
 * @d:		descriptor
 * @result:	how it ended
 * @residue:	bytes that were not moved
 *
 * Context: any
 */
void dmasim_callback_make(struct dmasim_callback *cb, const struct dmasim_desc *d,
			  enum dmaengine_tx_result result, u32 residue)
{
	bool wanted = d->tx.flags & DMA_PREP_INTERRUPT;

	cb->plain = wanted ? d->tx.callback : NULL;
	cb->result = wanted ? d->tx.callback_result : NULL;
	cb->param = d->tx.callback_param;
	cb->outcome.result = result;
	cb->outcome.residue = residue;
	cb->parked = false;
	cb->late = d->has_meta;
}

/* The transfer is over: what must happen before anybody can know. */
static __always_inline void
dmasim_conclude(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos,
		enum dmasim_step step, struct dmasim_callback *cb)
{
	dma_cookie_t cookie = d->tx.cookie;

	if (step == DMASIM_FAILED && dmasim_defect(c, DMASIM_DEFECT_result_always_ok))
		step = DMASIM_DONE;

	if (likely(step == DMASIM_DONE)) {
		dmasim_callback_make(cb, d, DMA_TRANS_NOERROR, 0);
		if (unlikely(d->has_meta))
			dmasim_meta_complete(d);
	} else {
		dmasim_callback_make(cb, d, c->failure, d->len - d->done);
		dmasim_remember_failure(c, d);
	}

	if (dmasim_defective() && !dmasim_defect_conclude(c, d, cb))
		cookie = c->chan.completed_cookie;

	if (unlikely(d->tx.flags & DMA_CTRL_REUSE) &&
	    !dmasim_defect(c, DMASIM_DEFECT_reuse_freed)) {
		dma_descriptor_unmap(&d->tx);
		dmasim_desc_park(c, d, pos);
		cb->parked = true;
	}
	dmasim_publish(c, cookie, pos);
}

/*
 * Is the whole program one portion to copy, with nothing to ask on the way? One that
 * a fault or a defect has begun to take apart goes on step by step.
 */
static bool dmasim_at_once(const struct dmasim_chan *c, const struct dmasim_desc *d)
{
	return d->nsegs == 1 && d->len <= c->at_once && d->mover->copies && !d->off &&
	       !static_branch_unlikely(&dmasim_fault_key) && !dmasim_defective();
}

/* What most transfers are. Does what dmasim_step() would do, less what cannot be. */
static enum dmasim_step dmasim_step_at_once(struct dmasim_chan *c, struct dmasim_desc *d,
					    unsigned int pos, unsigned int *budget,
					    struct dmasim_callback *cb)
{
	u64 begin = dmasim_slow_begin();
	size_t len = d->len;

	if (!dmasim_engage(c, pos))
		return DMASIM_AGAIN;

	dmasim_addr_copy(c->sim, d->segs->dst, d->segs->src, len);
	c->bytes += len;
	dmasim_slow_end(c, begin);
	dmasim_conclude(c, d, pos, DMASIM_DONE, cb);
	dmasim_disengage(c);

	*budget -= min_t(size_t, *budget, 1 + DMASIM_COST + len / SZ_4K);
	return DMASIM_DONE;
}

/* Moves the next bytes of the active descriptor. */
static enum dmasim_step dmasim_step(struct dmasim_chan *c, struct dmasim_desc *d,
				    unsigned int pos, unsigned int *budget,
				    struct dmasim_callback *cb)
{
	enum dmasim_step step = DMASIM_DONE;
	bool hurry = false;
	size_t cost = 0;
	size_t want;
	u64 begin;
	ssize_t n;

	if (likely(dmasim_at_once(c, d)))
		return dmasim_step_at_once(c, d, pos, budget, cb);

	want = dmasim_want(c, d);
	if (static_branch_unlikely(&dmasim_fault_key) && want)
		want = dmasim_fault_clip(c, d, want);

	if (dmasim_defective())
		hurry = dmasim_defect_hurry(c, d, pos);

	c->wake_at = 0;
	if (unlikely(c->paced) && !hurry && !dmasim_pace_ready(c, d, want))
		return DMASIM_WAIT;

	begin = dmasim_slow_begin();
	if (!dmasim_engage(c, pos))
		return DMASIM_AGAIN;

	if (want && !hurry) {
		n = dmasim_defective() ? dmasim_defect_move(c, d, want) :
					 d->mover->move(c, d, want);
		if (unlikely(n < 0)) {
			c->failure = -n;
			step = DMASIM_FAILED;
		} else if (n) {
			step = dmasim_advance(c, d, pos, n);
			cost = n / SZ_4K * dmasim_weight(d);
		} else {
			step = DMASIM_WAIT;
		}
	} else if (unlikely(d->len) && !hurry) {
		c->failure = dmasim_fault_result(d);
		step = DMASIM_FAILED;
	}
	dmasim_slow_end(c, begin);
	if (step == DMASIM_DONE || step == DMASIM_FAILED) {
		dmasim_conclude(c, d, pos, step, cb);
		cost += DMASIM_COST;
	}

	dmasim_disengage(c);

	if (step == DMASIM_WAIT)
		dmasim_pace_stalled(c);
	*budget -= min_t(size_t, *budget, 1 + cost);
	return step;
}

static void dmasim_call(struct dmasim_chan *c, const struct dmasim_callback *cb,
			unsigned int pos)
{
	if (!cb->result && !cb->plain)
		return;
	/* No callback that a terminate has got ahead of. */
	if (dmasim_reached(READ_ONCE(c->drop), pos))
		return;

	c->callbacks++;
	if (dmasim_defective())
		dmasim_defect_call(c, cb, pos);
	else
		dmasim_callback_run(cb);
}

/* What follows the end of a transfer, complete or aborted. */
static __always_inline void
dmasim_finish(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos,
	      const struct dmasim_callback *cb)
{
	if (likely(!cb->parked)) {
		dma_descriptor_unmap(&d->tx);
		if (unlikely(txd_next(&d->tx)))
			dma_run_dependencies(&d->tx);
		if (likely(!cb->late))
			dmasim_desc_retire(c, d);
	}
	dmasim_call(c, cb, pos);
	if (unlikely(cb->late && !cb->parked))
		dmasim_desc_retire(c, d);

	/* Whoever waits for the position may free what the callback used. */
	smp_store_release(&c->done, pos);
}

/* The active transfer ends before its time. */
static void dmasim_break_off(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos)
{
	if (d->port && d->port->ops->forget)
		d->port->ops->forget(d->port, c);
	c->idle = true;
	WRITE_ONCE(c->tail, pos);
}

static void dmasim_drop(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos)
{
	dmasim_break_off(c, d, pos);
	c->dropped++;
	dma_descriptor_unmap(&d->tx);
	if (!dmasim_defective() || !dmasim_defect_drop(c, d, pos))
		dmasim_desc_put(c, d);
	/* Whoever waits for the position may free the memory. */
	smp_store_release(&c->done, pos);
}

static void dmasim_abort(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos)
{
	struct dmasim_callback cb;

	dmasim_callback_make(&cb, d, DMA_TRANS_ABORTED, d->len - d->done);
	dmasim_break_off(c, d, pos);
	c->aborted++;
	dmasim_finish(c, d, pos, &cb);
}

static void dmasim_period(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos)
{
	struct dmasim_callback cb;

	dmasim_callback_make(&cb, d, DMA_TRANS_NOERROR, 0);
	dmasim_call(c, &cb, pos);
}

/*
 * Works until there is nothing to do, or a wait, or the budget is used up, in
 * which case it returns true. A budget of 0 only drops what was terminated,
 * without any callback: that is allowed in every context.
 */
static bool dmasim_drain(struct dmasim_chan *c, unsigned int *budget)
{
	/* Out here, as kernels that clear their stacks clear it each time it comes up. */
	struct dmasim_callback cb;

	for (;;) {
		/* First of all: of a dead channel nothing is issued any more. */
		unsigned long flags = smp_load_acquire(&c->flags);
		unsigned int pos = c->tail + 1;
		/* Pairs with the cmpxchg in dmasim_issue_to(). */
		bool issued = dmasim_reached(smp_load_acquire(&c->issued), pos);
		bool dead = flags & BIT(DMASIM_DEAD);
		struct dmasim_desc *d;

		if (!issued && !(dead && dmasim_reached(READ_ONCE(c->head), pos))) {
			c->idle = true;
			return false;
		}
		if (unlikely(c->no_order) && issued)
			dmasim_order_decide(c, pos);
		else if (issued && dmasim_defect_is(c, DMASIM_DEFECT_order_swap))
			dmasim_order_swap(c, pos);
		d = c->ring[pos & c->ring_mask];

		if (dmasim_reached(READ_ONCE(c->drop), pos) || !issued) {
			/* A callback needs a context of its own. */
			if (!*budget && dmasim_defect_is(c, DMASIM_DEFECT_cb_after_terminate))
				return true;
			dmasim_drop(c, d, pos);
			continue;
		}
		if (flags & BIT(DMASIM_PAUSED) && !dead)
			return false;
		if (!*budget)
			return true;
		if (unlikely(dead)) {
			dmasim_abort(c, d, pos);
			continue;
		}

		switch (dmasim_step(c, d, pos, budget, &cb)) {
		case DMASIM_AGAIN:
			break;
		case DMASIM_WAIT:
			if (c->wake_at)
				hrtimer_start(&c->timer, ns_to_ktime(c->wake_at),
					      HRTIMER_MODE_ABS);
			return false;
		case DMASIM_PERIOD:
			dmasim_period(c, d, pos);
			break;
		case DMASIM_DONE:
		case DMASIM_FAILED:
			dmasim_finish(c, d, pos, &cb);
			break;
		}
	}
}

/*
 * Becomes the runner, who is about to see all that was told so far, or leaves
 * word for the one there is. A full barrier: what the caller has done before is
 * seen by whoever turns out to be the runner.
 */
static bool dmasim_take(struct dmasim_chan *c)
{
	unsigned long old = READ_ONCE(c->flags);
	unsigned long new;

	do {
		if (old & BIT(DMASIM_RUNNING))
			new = old | BIT(DMASIM_KICKED);
		else
			new = (old | BIT(DMASIM_RUNNING)) & ~BIT(DMASIM_KICKED);
	} while (!try_cmpxchg(&c->flags, &old, new));

	return !(old & BIT(DMASIM_RUNNING));
}

/*
 * Leaves word, if there is a runner. Like dmasim_take() it is ordered behind
 * what there is to tell: the runner sees that when it finds the word.
 */
static bool dmasim_leave_word(struct dmasim_chan *c)
{
	unsigned long old = READ_ONCE(c->flags);

	do {
		if (!(old & BIT(DMASIM_RUNNING)))
			return false;
	} while (!try_cmpxchg(&c->flags, &old, old | BIT(DMASIM_KICKED)));

	return true;
}

/*
 * Returns whether there is word, which @more is as well. A full barrier: who
 * tells of work after this finds the channel without a runner.
 */
static bool dmasim_let_go(struct dmasim_chan *c, bool more)
{
	unsigned long old = READ_ONCE(c->flags);
	unsigned long new;

	do {
		new = old & ~BIT(DMASIM_RUNNING);
		if (more)
			new |= BIT(DMASIM_KICKED);
	} while (!try_cmpxchg(&c->flags, &old, new));

	return new & BIT(DMASIM_KICKED);
}

/**
 * dmasim_run() - do a channel's work, or leave word for the one who is at it
 * @c:		channel
 * @budget:	roughly how many steps and pages to move, see DMASIM_COST; what is
 *		left over is handed to the channel's context. 0: only drop what
 *		was terminated.
 *
 * Context: BH disabled, callbacks are called; with a @budget of 0 any
 */
void dmasim_run(struct dmasim_chan *c, unsigned int budget)
{
	bool word;

	do {
		if (!dmasim_take(c))
			return;

		word = dmasim_let_go(c, dmasim_drain(c, &budget));

		/* By the barrier in there a waiter is seen here, or sees `done`. */
		if (waitqueue_active(&c->wait))
			wake_up_all(&c->wait);
	} while (budget && word);

	if (word)
		c->context->wake(c);
}

/**
 * dmasim_kick() - there is work, says the client
 * @c:		channel
 *
 * Context: any that the client may be in
 */
void dmasim_kick(struct dmasim_chan *c)
{
	if (dmasim_defect_is(c, DMASIM_DEFECT_status_runs_callback)) {
		/* Time for tx_status to be first. */
		if (!test_and_set_bit(DMASIM_KICKED, &c->flags))
			hrtimer_start(&c->timer, ktime_add_ns(ktime_get(), NSEC_PER_MSEC),
				      HRTIMER_MODE_ABS);
		return;
	}
	if (!dmasim_leave_word(c))
		c->context->kick(c);
}

/**
 * dmasim_wake() - there is work, says a peripheral
 * @c:		channel
 *
 * Context: any, with any lock of dmasim held
 */
void dmasim_wake(struct dmasim_chan *c)
{
	if (!test_and_set_bit(DMASIM_KICKED, &c->flags))
		c->context->wake(c);
}
