// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the operations of a channel, as the client calls them
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/overflow.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "dmasim.h"

static struct kmem_cache *dmasim_chan_cache;

/**
 * dmasim_chan_cache_init() - get ready to create channels
 *
 * Return: 0 or -ENOMEM
 */
int dmasim_chan_cache_init(void)
{
	dmasim_chan_cache = KMEM_CACHE(dmasim_chan, SLAB_HWCACHE_ALIGN);
	return dmasim_chan_cache ? 0 : -ENOMEM;
}

/**
 * dmasim_chan_cache_exit() - undo dmasim_chan_cache_init()
 */
void dmasim_chan_cache_exit(void)
{
	kmem_cache_destroy(dmasim_chan_cache);
}

/**
 * dmasim_chan_create() - make a channel and add it to its device
 * @sim:	device
 * @index:	number of the channel, distinguishes its random numbers
 *
 * Context: may sleep
 * Return: the channel, NULL: no memory
 */
struct dmasim_chan *dmasim_chan_create(struct dmasim *sim, unsigned int index)
{
	struct dmasim_chan *c = kmem_cache_zalloc(dmasim_chan_cache, GFP_KERNEL);

	if (!c)
		return NULL;

	c->sim = sim;
	c->context = &dmasim_contexts[sim->cfg.completion];
	c->pausable = sim->dma.device_pause;
	spin_lock_init(&c->lock);
	init_waitqueue_head(&c->wait);
	INIT_LIST_HEAD(&c->stall);
	INIT_LIST_HEAD(&c->unacked);
	INIT_LIST_HEAD(&c->parked);
	dmasim_context_init(c);
	dmasim_late_init(&c->defect.late);
	dmasim_caps_open(c, index);
	dmasim_pace_init(c, sim->cfg.seed + index);
	dmasim_order_init(c, sim->cfg.seed + index);

	if (dmasim_pool_create(c, sim->cfg.queue_limit)) {
		dmasim_pool_destroy(c);
		kmem_cache_free(dmasim_chan_cache, c);
		return NULL;
	}

	c->chan.device = &sim->dma;
	list_add_tail(&c->chan.device_node, &sim->dma.channels);
	return c;
}

/**
 * dmasim_chan_destroy() - free a channel
 * @c:		channel without client, its device is not registered any more
 */
void dmasim_chan_destroy(struct dmasim_chan *c)
{
	dmasim_late_stop(c);
	dmasim_pool_destroy(c);
	kmem_cache_free(dmasim_chan_cache, c);
}

/* ------------------------------------------------------- submit and issue */

/* The helpers for cookies are private to drivers/dma. */
static dma_cookie_t dmasim_cookie_assign(struct dmasim_chan *c, struct dma_async_tx_descriptor *tx)
{
	lockdep_assert_held(&c->lock);

	if (c->chan.cookie < DMA_MIN_COOKIE || c->chan.cookie == S32_MAX)
		tx->cookie = DMA_MIN_COOKIE;
	else if (dmasim_defect(c, DMASIM_DEFECT_cookie_dup))
		tx->cookie = c->chan.cookie;
	else
		tx->cookie = c->chan.cookie + 1;
	WRITE_ONCE(c->chan.cookie, tx->cookie);
	return tx->cookie;
}

/*
 * Moves `issued` forward to pos and never back. Publishes to the runner what
 * the caller has seen: everything up to pos is in the ring.
 */
static bool dmasim_issue_to(struct dmasim_chan *c, unsigned int pos)
{
	unsigned int issued = READ_ONCE(c->issued);

	do {
		if (dmasim_reached(issued, pos))
			return false;
	} while (!try_cmpxchg(&c->issued, &issued, pos));
	return true;
}

/**
 * dmasim_submit() - put a descriptor in line
 * @tx:		descriptor
 *
 * Context: any
 * Return: its cookie; -EBUSY if it is in line already, -EINVAL if it is not the
 * client's; or -ENODEV if the device is gone: the descriptor has then been
 * given back
 */
dma_cookie_t dmasim_submit(struct dma_async_tx_descriptor *tx)
{
	struct dmasim_chan *c = to_dmasim_chan(tx->chan);
	struct dmasim_desc *d = to_dmasim_desc(tx);
	unsigned int pos;
	dma_cookie_t cookie;
	unsigned long flags;
	int ret;

	if (dmasim_defect_locked(c))
		return -EBUSY;

	spin_lock_irqsave(&c->lock, flags);

	if (unlikely(d->state != DMASIM_DESC_PREPARED)) {
		ret = dmasim_desc_unpark(c, d);
		if (ret) {
			spin_unlock_irqrestore(&c->lock, flags);
			return ret;
		}
	}

	if (unlikely(test_bit(DMASIM_DEAD, &c->flags))) {
		spin_unlock_irqrestore(&c->lock, flags);
		dma_descriptor_unmap(tx);
		dmasim_desc_put(c, d);
		return -ENODEV;
	}

	if (unlikely(d->has_meta))
		dmasim_meta_submit(d);
	d->state = DMASIM_DESC_QUEUED;
	cookie = dmasim_cookie_assign(c, tx);
	pos = c->head + 1;
	c->ring[pos & c->ring_mask] = d;
	/* Pairs with the acquire in dmasim_issue_pending(). */
	smp_store_release(&c->head, pos);

	/* Long ago must not turn into far ahead when positions wrap. */
	if (unlikely(pos - c->drop > INT_MAX / 2))
		WRITE_ONCE(c->drop, READ_ONCE(c->done));
	c->submitted++;

	spin_unlock_irqrestore(&c->lock, flags);

	if (dmasim_defect(c, DMASIM_DEFECT_start_at_submit) && dmasim_issue_to(c, pos))
		dmasim_kick(c);
	return cookie;
}

static void dmasim_terminate(struct dmasim_chan *c);

static void dmasim_issue_pending(struct dma_chan *chan)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);

	/* Pairs with the release in dmasim_submit(). */
	unsigned int head = smp_load_acquire(&c->head);

	if (dmasim_defective() && dmasim_defect_issue(c))
		return;
	if (!dmasim_issue_to(c, head))
		return;
	if (dmasim_defective() && test_and_clear_bit(0, &c->defect.eats) &&
	    dmasim_defect(c, DMASIM_DEFECT_terminate_eats_next))
		dmasim_terminate(c);
	else
		dmasim_kick(c);
}

/* ------------------------------------------------------------------ status */

/**
 * dmasim_progress() - what is left to move, at the granularity that the device has
 * @c:		channel
 * @d:		one of its descriptors
 * @st:		receives it
 */
void dmasim_progress(const struct dmasim_chan *c, const struct dmasim_desc *d,
		     struct dma_tx_state *st)
{
	u32 done = READ_ONCE(d->done);
	u32 reported;

	switch (c->sim->cfg.granularity) {
	case DMA_RESIDUE_GRANULARITY_DESCRIPTOR:
		return;
	case DMA_RESIDUE_GRANULARITY_SEGMENT:
		reported = READ_ONCE(d->mark);
		break;
	default:
		reported = done - done % d->burst;
	}
	st->residue = d->len - reported;
	st->in_flight_bytes = done > reported ? done - reported : 0;
}

static enum dma_status dmasim_tx_status(struct dma_chan *chan, dma_cookie_t cookie,
					struct dma_tx_state *state)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	struct dma_tx_state st = { };
	enum dma_status status;
	unsigned int pos, tail;
	unsigned long flags;
	int back;

	if (dmasim_defect_locked(c))
		return DMA_ERROR;
	if (dmasim_defective())
		dmasim_defect_reap(c);

	/* Cookies tell nothing here, and whose place in the ring is whose even less. */
	if (unlikely(c->no_order)) {
		st.last = READ_ONCE(chan->completed_cookie);
		st.used = READ_ONCE(chan->cookie);
		status = DMA_OUT_OF_ORDER;
		goto tell;
	}

	/* Pairs with dmasim_publish(). */
	st.last = smp_load_acquire(&chan->completed_cookie);
	st.used = READ_ONCE(chan->cookie);
	status = dma_async_is_complete(cookie, st.last, st.used);
	if (status == DMA_COMPLETE)
		goto out;

	spin_lock_irqsave(&c->lock, flags);

	st.used = chan->cookie;
	back = st.used - cookie;
	if (back < 0)
		back += S32_MAX;
	pos = c->head - back;

	tail = READ_ONCE(c->tail);

	if (dmasim_reached(c->drop, pos) || test_bit(DMASIM_DEAD, &c->flags)) {
		status = DMA_ERROR;
	} else if (!dmasim_reached(tail, pos)) {
		/* A descriptor stays in memory while the client has the channel. */
		dmasim_progress(c, c->ring[pos & c->ring_mask], &st);
		if (test_bit(DMASIM_PAUSED, &c->flags) && pos == tail + 1)
			status = DMA_PAUSED;
		if (dmasim_defective())
			status = dmasim_defect_status(c, pos, status, &st);
	}

	spin_unlock_irqrestore(&c->lock, flags);

	/*
	 * The runner takes no lock: if the transfer has completed meanwhile,
	 * what was read may be of the descriptor's next life. Pairs with
	 * dmasim_publish().
	 */
	st.last = smp_load_acquire(&chan->completed_cookie);
	if (dma_async_is_complete(cookie, st.last, st.used) == DMA_COMPLETE) {
		status = DMA_COMPLETE;
		st.residue = 0;
		st.in_flight_bytes = 0;
	}
out:
	if (unlikely(READ_ONCE(c->failures)) && status == DMA_COMPLETE &&
	    READ_ONCE(c->failed[cookie & c->ring_mask]) == cookie)
		status = DMA_ERROR;
tell:
	if (state)
		*state = st;
	return status;
}

/* ---------------------------------------------------------------- controls */

static int dmasim_config(struct dma_chan *chan, struct dma_slave_config *config)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	unsigned long flags;

	if (!dmasim_caps_accept(c->sim, config))
		return -EINVAL;

	spin_lock_irqsave(&c->lock, flags);
	if (dmasim_defect(c, DMASIM_DEFECT_config_stale))
		dmasim_defect_config(&c->config, config);
	else
		c->config = *config;
	spin_unlock_irqrestore(&c->lock, flags);
	return 0;
}

static int dmasim_resume(struct dma_chan *chan)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);

	if (!test_bit(DMASIM_PAUSED, &c->flags))
		return 0;

	set_bit(DMASIM_RESYNC, &c->flags);
	clear_bit(DMASIM_PAUSED, &c->flags);
	dmasim_kick(c);
	return 0;
}

static int dmasim_pause(struct dma_chan *chan)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	unsigned long flags;
	unsigned int issued;
	bool idle;

	/*
	 * Without an active transfer there is nothing to pause, nor with one
	 * that was terminated and is yet to be dropped: whoever comes next must
	 * not find the channel paused.
	 */
	spin_lock_irqsave(&c->lock, flags);
	issued = READ_ONCE(c->issued);
	idle = READ_ONCE(c->tail) == issued || dmasim_reached(c->drop, issued);
	if (!idle)
		set_bit(DMASIM_PAUSED, &c->flags);
	spin_unlock_irqrestore(&c->lock, flags);
	if (idle)
		return 0;
	if (dmasim_defect(c, DMASIM_DEFECT_pause_loses_data))
		set_bit(0, &c->defect.lost);

	/* Either the mover sees the bit, or we see the mover. */
	smp_mb__after_atomic();

	/* Pairs with dmasim_disengage(): sees the last bytes and the status. */
	while (smp_load_acquire(&c->moving))
		cpu_relax();

	/* It may have completed just before, and the next one is to start. */
	if (READ_ONCE(c->tail) == READ_ONCE(c->issued))
		return dmasim_resume(chan);
	return 0;
}

/* Drops everything that was submitted so far. */
static void dmasim_terminate(struct dmasim_chan *c)
{
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	WRITE_ONCE(c->terminates, c->terminates + 1);
	if (dmasim_defective())
		c->defect.current_pos = c->tail + dmasim_reached(c->issued, c->tail + 1);
	WRITE_ONCE(c->drop, c->head);
	dmasim_desc_forget(c);
	/* The runner gives back what was not issued, too. */
	dmasim_issue_to(c, c->head);
	clear_bit(DMASIM_PAUSED, &c->flags);
	spin_unlock_irqrestore(&c->lock, flags);

	dmasim_run(c, 0);
}

static int dmasim_terminate_all(struct dma_chan *chan)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);

	if (dmasim_defect_locked(c))
		return -EBUSY;
	dmasim_terminate(c);
	if (dmasim_defect_is(c, DMASIM_DEFECT_terminate_eats_next))
		set_bit(0, &c->defect.eats);
	return 0;
}

/*
 * Waits for what was terminated to be dropped and for what was completed to be
 * past its callback. Transfers that are still in line are not waited for.
 */
static void dmasim_synchronize(struct dma_chan *chan)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	unsigned int tail = READ_ONCE(c->tail);
	unsigned int pos = READ_ONCE(c->drop);

	clear_bit(0, &c->defect.eats);
	if (dmasim_reached(tail, pos))
		pos = tail;
	/* Pairs with the release behind the callback. */
	wait_event(c->wait, dmasim_reached(smp_load_acquire(&c->done), pos));
}

/**
 * dmasim_pause_attach() - add device_pause
 * @dma:	device before its registration
 */
void dmasim_pause_attach(struct dma_device *dma)
{
	dma->device_pause = dmasim_pause;
}

/**
 * dmasim_resume_attach() - add device_resume
 * @dma:	device before its registration
 */
void dmasim_resume_attach(struct dma_device *dma)
{
	dma->device_resume = dmasim_resume;
}

/**
 * dmasim_terminate_attach() - add device_terminate_all
 * @dma:	device before its registration
 */
void dmasim_terminate_attach(struct dma_device *dma)
{
	dma->device_terminate_all = dmasim_terminate_all;
}

/**
 * dmasim_synchronize_attach() - add device_synchronize
 * @dma:	device before its registration
 */
void dmasim_synchronize_attach(struct dma_device *dma)
{
	dma->device_synchronize = dmasim_synchronize;
}

/* ------------------------------------------------------------ open and close */

static int dmasim_alloc_chan_resources(struct dma_chan *chan)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	int n, ret;

	/*
	 * The core goes on offering the free channels of an unbound device as
	 * long as one of them is in use. Not -ENODEV: on that the core takes
	 * the device off its list, and does so again later.
	 */
	if (test_bit(DMASIM_DEAD, &c->flags))
		return -ENXIO;

	n = dmasim_pool_fill(c);
	if (n < 0)
		return n;

	chan->cookie = DMA_MIN_COOKIE;
	chan->completed_cookie = DMA_MIN_COOKIE;
	memset(&c->config, 0, sizeof(c->config));
	/* Cookies begin anew, and so do those that have failed. */
	memset(c->failed, 0, array_size(c->ring_mask + 1, sizeof(*c->failed)));
	memset(c->blocks, 0, sizeof(c->blocks));

	ret = c->context->open(c);
	if (ret) {
		dmasim_pool_empty(c);
		return ret;
	}

	spin_lock_irq(&c->lock);
	c->open = true;
	spin_unlock_irq(&c->lock);
	return n;
}

static void dmasim_free_chan_resources(struct dma_chan *chan)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);

	/* The client ought to have done it, if we let him. */
	c->defect.closing = true;
	dmasim_terminate(c);
	dmasim_synchronize(chan);
	c->defect.closing = false;
	c->defect.lost = 0;
	/* No callback after this, but maybe bytes. */
	if (!c->defect.late.page || !dmasim_defect_is(c, DMASIM_DEFECT_free_leaves_running))
		dmasim_late_stop(c);

	hrtimer_cancel(&c->timer);
	c->context->close(c);
	clear_bit(DMASIM_KICKED, &c->flags);

	spin_lock_irq(&c->lock);
	c->open = false;
	spin_unlock_irq(&c->lock);
	dmasim_pool_empty(c);
}

/**
 * dmasim_chan_kill() - the device goes away
 * @c:		channel
 *
 * What was issued ends with DMA_TRANS_ABORTED, what was only submitted is
 * dropped. Returns when the last callback has.
 *
 * Context: may sleep
 */
void dmasim_chan_kill(struct dmasim_chan *c)
{
	unsigned long flags;
	unsigned int head;

	spin_lock_irqsave(&c->lock, flags);
	head = c->head;
	/* Pairs with the acquire in dmasim_drain(). */
	smp_mb__before_atomic();
	set_bit(DMASIM_DEAD, &c->flags);
	spin_unlock_irqrestore(&c->lock, flags);

	local_bh_disable();
	dmasim_run(c, UINT_MAX);
	local_bh_enable();

	/* Pairs with the release behind the callback. */
	wait_event(c->wait, dmasim_reached(smp_load_acquire(&c->done), head));
}

/**
 * dmasim_chan_state() - what a channel is at, in one word
 * @c:		channel
 *
 * Return: dead, free, paused, running, queued or idle
 */
const char *dmasim_chan_state(struct dmasim_chan *c)
{
	unsigned int tail = READ_ONCE(c->tail);

	if (test_bit(DMASIM_DEAD, &c->flags))
		return "dead";
	if (!READ_ONCE(c->open))
		return "free";
	if (test_bit(DMASIM_PAUSED, &c->flags))
		return "paused";
	if (tail != READ_ONCE(c->issued))
		return "running";
	return tail != READ_ONCE(c->head) ? "queued" : "idle";
}

/**
 * dmasim_chan_attach() - add the operations that every provider has
 * @dma:	device before its registration
 */
void dmasim_chan_attach(struct dma_device *dma)
{
	dma->device_alloc_chan_resources = dmasim_alloc_chan_resources;
	dma->device_free_chan_resources = dmasim_free_chan_resources;
	dma->device_config = dmasim_config;
	dma->device_issue_pending = dmasim_issue_pending;
	dma->device_tx_status = dmasim_tx_status;
}
