// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - a slave transfer that begins anew until it is terminated
 */
#include "dmasim.h"

static struct dma_async_tx_descriptor *
dmasim_prep_cyclic(struct dma_chan *chan, dma_addr_t addr, size_t len, size_t period,
		   enum dma_transfer_direction dir, unsigned long flags)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	struct dmasim_desc *d;

	if (!period || period > U32_MAX || len % period || !is_slave_direction(dir))
		return NULL;

	d = dmasim_desc_get(c, flags, 1);
	if (!d)
		return NULL;

	if (!dmasim_slave_connect(c, d, dir) || !dmasim_slave_segment(c, d, 0, addr, len)) {
		dmasim_desc_put(c, d);
		return NULL;
	}
	d->period = period;
	return &d->tx;
}

/**
 * dmasim_cyclic_attach() - add cyclic
 * @dma:	device before its registration
 */
void dmasim_cyclic_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_CYCLIC, dma->cap_mask);
	dma->device_prep_dma_cyclic = dmasim_prep_cyclic;
}
