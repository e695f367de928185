// SPDX-License-Identifier: GPL-2.0-only
/*
 * xor: contract A3.3.
 */
#include "raid.h"

static unsigned int xor_max_sources(struct dma_device *device)
{
	return device->max_xor;
}

static struct dma_async_tx_descriptor *
xor_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	struct dma_chan *dma = route->chan->dma;
	unsigned int n = dmabench_raid_sources(x);
	dma_addr_t src[DMABENCH_MAX_SOURCES];

	dmabench_raid_addresses(x, src);
	return dma->device->device_prep_dma_xor(dma, dmabench_xfer_dma(x, n), src, n, x->size,
						flags);
}

static void xor_fill(struct dmabench_xfer *x)
{
	dmabench_raid_fill_sources(x);
	dmabench_xfer_fill_side(x, x->sources, DMABENCH_PATTERN_OLD);
}

static bool xor_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	return dmabench_raid_check_sources(x, reason, reason_size) &&
	       dmabench_xfer_check_computed(x, x->sources, "destination",
					    dmabench_raid_p, reason, reason_size);
}

const struct dmabench_op dmabench_op_xor = {
	.name		= "xor",
	.cap		= DMA_XOR,
	.align		= offsetof(struct dma_device, xor_align),
	.many		= true,
	.dests		= 1,
	.max_sources	= xor_max_sources,
	.prep		= xor_prep,
	.fill		= xor_fill,
	.verify		= xor_verify,
};
