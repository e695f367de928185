// SPDX-License-Identifier: GPL-2.0-only
/*
 * interrupt: no data, only a completion in its turn. Contract A3.9.
 */
#include "../xfer.h"
#include "op.h"

static struct dma_async_tx_descriptor *
interrupt_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	struct dma_chan *dma = route->chan->dma;

	return dma->device->device_prep_dma_interrupt(dma, flags);
}

static void interrupt_fill(struct dmabench_xfer *x)
{
}

static bool interrupt_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	/* That it completes, once and in time, is all there is to it. */
	return true;
}

const struct dmabench_op dmabench_op_interrupt = {
	.name		= "interrupt",
	.cap		= DMA_INTERRUPT,
	.prep		= interrupt_prep,
	.fill		= interrupt_fill,
	.verify		= interrupt_verify,
};
