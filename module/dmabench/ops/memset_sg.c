// SPDX-License-Identifier: GPL-2.0-only
/*
 * memset_sg: memset of a scatterlist, another byte for each transfer. Contract
 * A3.8: there is no wrapper, and no client in the kernel.
 */
#include <linux/string.h>

#include "../xfer.h"
#include "op.h"

static u8 memset_sg_value(struct dmabench_xfer *x)
{
	return dmabench_xfer_random(x, 0);
}

static struct dma_async_tx_descriptor *
memset_sg_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	struct dma_chan *dma = route->chan->dma;
	struct sg_table *sgt = &x->more->scatter[0].sgt;

	return dma->device->device_prep_dma_memset_sg(dma, sgt->sgl, sgt->nents,
						      memset_sg_value(x), flags);
}

static void memset_sg_fill(struct dmabench_xfer *x)
{
	dmabench_xfer_fill_side(x, 0, DMABENCH_PATTERN_OLD);
}

static void memset_sg_expect(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	memset(to, memset_sg_value(x), len);
}

static bool memset_sg_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	return dmabench_xfer_check_computed(x, 0, "destination", memset_sg_expect,
					    reason, reason_size);
}

const struct dmabench_op dmabench_op_memset_sg = {
	.name		= "memset_sg",
	.cap		= DMA_MEMSET_SG,
	.align		= offsetof(struct dma_device, fill_align),
	.dests		= 1,
	.sg		= true,
	.prep		= memset_sg_prep,
	.fill		= memset_sg_fill,
	.verify		= memset_sg_verify,
};
