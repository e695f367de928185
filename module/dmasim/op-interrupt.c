// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - no data, only a completion in its turn
 */
#include "dmasim.h"

static struct dma_async_tx_descriptor *
dmasim_prep_interrupt(struct dma_chan *chan, unsigned long flags)
{
	struct dmasim_desc *d = dmasim_desc_get(to_dmasim_chan(chan), flags, 0);

	return d ? &d->tx : NULL;
}

/**
 * dmasim_interrupt_attach() - add interrupt
 * @dma:	device before its registration
 */
void dmasim_interrupt_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_INTERRUPT, dma->cap_mask);
	dma->device_prep_dma_interrupt = dmasim_prep_interrupt;
}
