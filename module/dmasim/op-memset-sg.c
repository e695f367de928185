// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - one byte over and over, in many places
 */
#include <linux/log2.h>
#include <linux/scatterlist.h>

#include "dmasim.h"

static bool dmasim_memset_segment(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int n,
				  dma_addr_t dst, size_t len, u8 value)
{
	if (!len || len > U32_MAX - d->len ||
	    !is_dma_fill_aligned(c->chan.device, dst, 0, len) ||
	    !dmasim_addr_ok(c, dst, len))
		return false;

	d->segs[n].dst = dst;
	d->segs[n].src = value;
	d->segs[n].len = len;
	d->len += len;
	return true;
}

static struct dma_async_tx_descriptor *
dmasim_prep_memset_sg(struct dma_chan *chan, struct scatterlist *sgl, unsigned int nents,
		      int value, unsigned long flags)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	struct scatterlist *sg;
	struct dmasim_desc *d;
	unsigned int i;

	if (!sgl || !nents)
		return NULL;

	d = dmasim_desc_get(c, flags, nents);
	if (!d)
		return NULL;

	d->mover = &dmasim_memset_mover;
	for_each_sg(sgl, sg, nents, i) {
		if (!dmasim_memset_segment(c, d, i, sg_dma_address(sg), sg_dma_len(sg), value)) {
			dmasim_desc_put(c, d);
			return NULL;
		}
	}
	return &d->tx;
}

/**
 * dmasim_memset_sg_attach() - add memset_sg
 * @dma:	device before its registration
 */
void dmasim_memset_sg_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_MEMSET_SG, dma->cap_mask);
	dma->fill_align = ilog2(to_dmasim(dma)->cfg.align);
	dma->device_prep_dma_memset_sg = dmasim_prep_memset_sg;
}
