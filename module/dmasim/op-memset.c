// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - one byte over and over
 */
#include <linux/log2.h>
#include <linux/string.h>

#include "dmasim.h"

static ssize_t dmasim_memset_move(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	const struct dmasim_seg *seg = &d->segs[d->seg];
	void *mem = dmasim_addr_map(c->sim, seg->dst + d->off, &len);

	memset(mem, seg->src, len);
	dmasim_addr_unmap(mem);
	return len;
}

const struct dmasim_mover dmasim_memset_mover = {
	.move = dmasim_memset_move,
	.writes = true,
};

static struct dma_async_tx_descriptor *
dmasim_prep_memset(struct dma_chan *chan, dma_addr_t dst, int value, size_t len,
		   unsigned long flags)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	struct dmasim_desc *d;

	if (!len || len > U32_MAX || !is_dma_fill_aligned(chan->device, dst, 0, len) ||
	    !dmasim_addr_ok(c, dst, len))
		return NULL;

	d = dmasim_desc_get(c, flags, 1);
	if (!d)
		return NULL;

	d->mover = &dmasim_memset_mover;
	d->one.dst = dst;
	d->one.src = (u8)value;
	d->one.len = len;
	d->len = len;
	return &d->tx;
}

/**
 * dmasim_memset_attach() - add memset
 * @dma:	device before its registration
 */
void dmasim_memset_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_MEMSET, dma->cap_mask);
	dma->fill_align = ilog2(to_dmasim(dma)->cfg.align);
	dma->device_prep_dma_memset = dmasim_prep_memset;
}
