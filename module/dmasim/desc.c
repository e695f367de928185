// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the descriptors of a channel
 *
 * A slot is one bit: set while its descriptor is with the client, in the ring
 * or unacknowledged. Taking and giving back are one atomic operation each, so
 * neither preparing nor completing a transfer takes a lock. Low slots are taken
 * first: a queue that is never deep keeps using the same few cache lines.
 */
#include <linux/bitops.h>
#include <linux/cache.h>
#include <linux/log2.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "dmasim.h"

/* Descriptors that a channel has from the start. */
#define DMASIM_PREALLOC	64

static struct kmem_cache *dmasim_desc_cache;

/**
 * dmasim_desc_cache_init() - get ready to allocate descriptors
 *
 * Return: 0 or -ENOMEM
 */
int dmasim_desc_cache_init(void)
{
	dmasim_desc_cache = KMEM_CACHE(dmasim_desc, SLAB_HWCACHE_ALIGN);
	return dmasim_desc_cache ? 0 : -ENOMEM;
}

/**
 * dmasim_desc_cache_exit() - undo dmasim_desc_cache_init()
 */
void dmasim_desc_cache_exit(void)
{
	kmem_cache_destroy(dmasim_desc_cache);
}

/**
 * dmasim_pool_create() - make room for a channel's descriptors
 * @c:		channel
 * @limit:	number of slots
 *
 * Return: 0 or -ENOMEM, after which dmasim_pool_destroy() is still due
 */
int dmasim_pool_create(struct dmasim_chan *c, unsigned int limit)
{
	/* Whole cache lines: what is written for each transfer is not shared with others. */
	unsigned int size = roundup_pow_of_two(max_t(unsigned int, limit, SMP_CACHE_BYTES));
	unsigned int bits = round_up(limit, SMP_CACHE_BYTES * BITS_PER_BYTE);

	c->limit = limit;
	c->ring_mask = size - 1;
	c->ring = kvzalloc_objs(*c->ring, size);
	c->failed = kvzalloc_objs(*c->failed, size);
	c->pool = kvzalloc_objs(*c->pool, limit);
	c->used = bitmap_zalloc(bits, GFP_KERNEL);

	return c->ring && c->failed && c->pool && c->used ? 0 : -ENOMEM;
}

/**
 * dmasim_pool_destroy() - undo dmasim_pool_create()
 * @c:		channel, without descriptors
 */
void dmasim_pool_destroy(struct dmasim_chan *c)
{
	bitmap_free(c->used);
	kvfree(c->pool);
	kvfree(c->failed);
	kvfree(c->ring);
}

static struct dmasim_desc *dmasim_desc_alloc(struct dmasim_chan *c, unsigned int slot, gfp_t gfp)
{
	struct dmasim_desc *d = kmem_cache_zalloc(dmasim_desc_cache, gfp);

	if (!d)
		return NULL;

	dma_async_tx_descriptor_init(&d->tx, &c->chan);
	d->tx.tx_submit = dmasim_submit;
	d->tx.desc_free = dmasim_desc_free;
	d->slot = slot;
	dmasim_meta_offer(d);
	atomic_inc(&c->allocated);
	return d;
}

/**
 * dmasim_pool_fill() - allocate the first descriptors of a channel
 * @c:		channel that nobody uses
 *
 * Context: may sleep
 * Return: how many, or -ENOMEM
 */
int dmasim_pool_fill(struct dmasim_chan *c)
{
	unsigned int n = min_t(unsigned int, c->limit, DMASIM_PREALLOC);
	unsigned int slot;

	for (slot = 0; slot < n; slot++) {
		c->pool[slot] = dmasim_desc_alloc(c, slot, GFP_KERNEL);
		if (!c->pool[slot]) {
			dmasim_pool_empty(c);
			return -ENOMEM;
		}
	}
	return n;
}

/**
 * dmasim_pool_empty() - free all descriptors of a channel
 * @c:		channel that nobody uses
 *
 * Descriptors that were prepared and never submitted are freed as well: there
 * is no other place where they could be.
 */
void dmasim_pool_empty(struct dmasim_chan *c)
{
	unsigned int slot;

	INIT_LIST_HEAD(&c->unacked);
	INIT_LIST_HEAD(&c->parked);
	for (slot = 0; slot < c->limit; slot++) {
		struct dmasim_desc *d = c->pool[slot];

		if (!d)
			continue;
		dma_descriptor_unmap(&d->tx);
		if (d->segs != &d->one)
			kfree(d->segs);
		kfree(d->meta);
		kmem_cache_free(dmasim_desc_cache, d);
		c->pool[slot] = NULL;
	}
	atomic_set(&c->allocated, 0);
	bitmap_zero(c->used, c->limit);
}

/**
 * dmasim_desc_rewind() - let a program begin at its beginning
 * @d:		descriptor that is not in the ring
 */
void dmasim_desc_rewind(struct dmasim_desc *d)
{
	d->frame = 0;
	d->seg = 0;
	d->off = 0;
	d->done = 0;
	d->mark = 0;
	d->fault = 0;
	d->defect = 0;
	d->started = false;
}

static __always_inline void dmasim_desc_release(struct dmasim_chan *c, struct dmasim_desc *d)
{
	if (unlikely(d->segs != &d->one)) {
		kfree(d->segs);
		d->segs = &d->one;
	}
	if (d->state == DMASIM_DESC_PREPARED &&
	    dmasim_defect(c, DMASIM_DEFECT_desc_leak_on_prep_fail))
		return;
	WRITE_ONCE(d->state, DMASIM_DESC_FREE);
	clear_bit_unlock(d->slot, c->used);
}

/**
 * dmasim_desc_put() - give a descriptor back
 * @c:		channel
 * @d:		descriptor, not to be used any more
 *
 * Context: any
 */
void dmasim_desc_put(struct dmasim_chan *c, struct dmasim_desc *d)
{
	dmasim_desc_release(c, d);
}

/*
 * Gives back what has been acknowledged since it finished, or everything.
 * Returns whether there was anything.
 */
static bool dmasim_desc_reap(struct dmasim_chan *c, bool all)
{
	struct dmasim_desc *d, *next;
	bool found = false;

	lockdep_assert_held(&c->lock);

	list_for_each_entry_safe(d, next, &c->unacked, node) {
		if (!all && !async_tx_test_ack(&d->tx))
			continue;
		list_del(&d->node);
		dmasim_desc_put(c, d);
		found = true;
	}
	return found;
}

/**
 * dmasim_desc_retire() - a descriptor has finished
 * @c:		channel
 * @d:		descriptor
 *
 * A client that cleared DMA_CTRL_ACK may go on reading the descriptor until it
 * says async_tx_ack(). This is looked at only when slots run out.
 *
 * Context: any
 */
void dmasim_desc_retire(struct dmasim_chan *c, struct dmasim_desc *d)
{
	unsigned long flags;

	if (dmasim_defect(c, DMASIM_DEFECT_pool_shrinks))
		return;
	if (likely(async_tx_test_ack(&d->tx))) {
		dmasim_desc_release(c, d);
		return;
	}

	spin_lock_irqsave(&c->lock, flags);
	list_add(&d->node, &c->unacked);
	spin_unlock_irqrestore(&c->lock, flags);
}

/**
 * dmasim_desc_forget() - take what has finished away from the client
 * @c:		channel, locked
 *
 * Nobody waits for acknowledgments any more, nor for what was kept to be
 * submitted again.
 */
void dmasim_desc_forget(struct dmasim_chan *c)
{
	struct dmasim_desc *d, *next;

	dmasim_desc_reap(c, true);
	list_for_each_entry_safe(d, next, &c->parked, node) {
		list_del(&d->node);
		dma_descriptor_unmap(&d->tx);
		dmasim_desc_put(c, d);
	}
}

/*
 * Gives back what was prepared before the last terminate and never submitted. Not at
 * the terminate itself: where threads share a channel, another one may be about to
 * submit. Its descriptor is taken only when there is no other.
 */
static bool dmasim_desc_reclaim(struct dmasim_chan *c)
{
	bool found = false;
	unsigned int slot;

	lockdep_assert_held(&c->lock);

	if (c->reclaimed == c->terminates)
		return false;
	WRITE_ONCE(c->reclaimed, c->terminates);
	for (slot = 0; slot < c->limit; slot++) {
		struct dmasim_desc *d = c->pool[slot];

		/* Pairs with the release in dmasim_desc_get_sized(). */
		if (!d || smp_load_acquire(&d->state) != DMASIM_DESC_PREPARED ||
		    d->terminates == (u8)c->terminates)
			continue;
		dma_descriptor_unmap(&d->tx);
		dmasim_desc_put(c, d);
		found = true;
	}
	return found;
}

static int dmasim_slot_get(struct dmasim_chan *c)
{
	unsigned long flags;
	unsigned int slot;
	bool reaped;

	for (;;) {
		slot = find_first_zero_bit(c->used, c->limit);
		if (slot < c->limit) {
			if (!test_and_set_bit_lock(slot, c->used))
				return slot;
			continue;
		}
		if (list_empty(&c->unacked) && READ_ONCE(c->reclaimed) == READ_ONCE(c->terminates))
			return -ENOSPC;

		spin_lock_irqsave(&c->lock, flags);
		reaped = dmasim_desc_reap(c, false);
		reaped |= dmasim_desc_reclaim(c);
		spin_unlock_irqrestore(&c->lock, flags);
		if (!reaped)
			return -ENOSPC;
	}
}

/**
 * dmasim_desc_get_sized() - take a descriptor with a program of any shape
 * @c:		channel
 * @flags:	of the transfer
 * @nsegs:	number of segments
 * @size:	bytes of memory for the program, not initialized, in which the
 *		segments come first; 0: there is room for one in the descriptor
 *
 * Context: any
 * Return: an empty descriptor, or NULL: a flag is not supported, the channel
 * has reached its queue limit, the device is gone, or there is no memory
 */
struct dmasim_desc *dmasim_desc_get_sized(struct dmasim_chan *c, unsigned long flags,
					  unsigned int nsegs, size_t size)
{
	struct dmasim_desc *d;
	int slot;

	if (flags & ~c->sim->flags || test_bit(DMASIM_DEAD, &c->flags))
		goto fail;
	if (dmasim_defect_locked(c) || dmasim_defect(c, DMASIM_DEFECT_prep_null))
		goto fail;
	if (dmasim_defect_is(c, DMASIM_DEFECT_sleep_in_prep) &&
	    (preempt_count() || irqs_disabled()) && dmasim_defect(c, DMASIM_DEFECT_sleep_in_prep))
		goto fail;

	slot = dmasim_slot_get(c);
	if (slot < 0)
		goto fail;

	d = c->pool[slot];
	if (unlikely(!d)) {
		d = dmasim_desc_alloc(c, slot, GFP_NOWAIT | __GFP_NOWARN);
		if (!d)
			goto fail_slot;
		/* As there. */
		smp_store_release(&c->pool[slot], d);
	}

	d->segs = &d->one;
	if (size) {
		d->segs = kmalloc(size, GFP_NOWAIT | __GFP_NOWARN);
		if (!d->segs)
			goto fail_segs;
	}

	d->tx.flags = flags;
	d->tx.cookie = 0;
	d->tx.callback = NULL;
	d->tx.callback_result = NULL;
	d->tx.callback_param = NULL;
	d->tx.unmap = NULL;
	d->tx.desc_metadata_mode = DESC_METADATA_NONE;
	d->nsegs = nsegs;
	d->frames = 1;
	d->len = 0;
	d->period = 0;
	d->port = NULL;
	d->burst = c->sim->cfg.burst;
	d->repeat = false;
	d->listed = false;
	d->has_meta = false;
	d->terminates = READ_ONCE(c->terminates);
	/* dmasim_desc_reclaim() must not take it for one of before the last terminate. */
	smp_store_release(&d->state, DMASIM_DESC_PREPARED);
	dmasim_desc_rewind(d);
	/* A transfer that was dropped has never got to run its dependencies. */
	txd_clear_next(&d->tx);
	txd_clear_parent(&d->tx);
	return d;

fail_segs:
	d->segs = &d->one;
fail_slot:
	clear_bit_unlock(slot, c->used);
fail:
	atomic_long_inc(&c->prep_failed);
	return NULL;
}

/**
 * dmasim_desc_get() - take a descriptor
 * @c:		channel
 * @flags:	of the transfer
 * @nsegs:	number of segments to make room for
 *
 * Context: any
 * Return: as dmasim_desc_get_sized()
 */
struct dmasim_desc *dmasim_desc_get(struct dmasim_chan *c, unsigned long flags,
				    unsigned int nsegs)
{
	size_t size = nsegs > 1 ? array_size(nsegs, sizeof(struct dmasim_seg)) : 0;

	return dmasim_desc_get_sized(c, flags, nsegs, size);
}
