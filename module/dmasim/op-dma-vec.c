// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - memory to peripheral and back, in vectors that no scatterlist holds
 */
#include "dmasim.h"

#ifndef COMPAT_NO_DMA_VEC

static struct dma_async_tx_descriptor *
dmasim_prep_dma_vec(struct dma_chan *chan, const struct dma_vec *vecs, size_t nents,
		    enum dma_transfer_direction dir, unsigned long flags)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	struct dmasim_desc *d;
	size_t i;

	if (!vecs || !nents || nents > U32_MAX || !is_slave_direction(dir))
		return NULL;

	d = dmasim_desc_get(c, flags & ~c->sim->repeat_flags, nents);
	if (!d)
		return NULL;

	if (!dmasim_slave_connect(c, d, dir))
		goto refuse;

	for (i = 0; i < nents; i++)
		if (!dmasim_slave_segment(c, d, i, vecs[i].addr, vecs[i].len))
			goto refuse;

	dmasim_repeat(d, flags);
	return &d->tx;

refuse:
	dmasim_desc_put(c, d);
	return NULL;
}

/**
 * dmasim_dma_vec_attach() - add peripheral_dma_vec
 * @dma:	device before its registration
 *
 * It has no capability of its own, so it is not offered to those who would not
 * find slave_config on the device.
 */
void dmasim_dma_vec_attach(struct dma_device *dma)
{
	if (dma_has_cap(DMA_SLAVE, dma->cap_mask) || dma_has_cap(DMA_CYCLIC, dma->cap_mask))
		dma->device_prep_peripheral_dma_vec = dmasim_prep_dma_vec;
}

#else

void dmasim_dma_vec_attach(struct dma_device *dma)
{
}

#endif
