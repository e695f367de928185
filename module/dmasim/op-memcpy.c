// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - memory to memory
 */
#include "dmasim.h"

static ssize_t dmasim_memcpy_move(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	const struct dmasim_seg *seg = &d->segs[d->seg];

	dmasim_addr_copy(c->sim, seg->dst + d->off, seg->src + d->off, len);
	return len;
}

static const struct dmasim_mover dmasim_memcpy_mover = {
	.move = dmasim_memcpy_move,
	.copies = true,
	.reads = true,
	.writes = true,
};

static struct dma_async_tx_descriptor *
dmasim_prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
		   unsigned long flags)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	struct dmasim_desc *d;

	if (!len || len > U32_MAX || !is_dma_copy_aligned(chan->device, dst, src, len) ||
	    !dmasim_addr_ok(c, dst, len) || !dmasim_addr_ok(c, src, len))
		return NULL;

	d = dmasim_desc_get(c, flags, 1);
	if (!d)
		return NULL;

	d->mover = &dmasim_memcpy_mover;
	d->one.dst = dst;
	d->one.src = src;
	d->one.len = len;
	d->len = len;
	return &d->tx;
}

/**
 * dmasim_memcpy_attach() - add memcpy
 * @dma:	device before its registration
 */
void dmasim_memcpy_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_MEMCPY, dma->cap_mask);
	dma->device_prep_dma_memcpy = dmasim_prep_memcpy;
}
