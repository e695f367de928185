// SPDX-License-Identifier: GPL-2.0-only
/*
 * memset: another byte for each transfer. Contract A3.7.
 */
#include <linux/string.h>

#include "../xfer.h"
#include "op.h"

static u8 memset_value(struct dmabench_xfer *x)
{
	return dmabench_xfer_random(x, 0);
}

static struct dma_async_tx_descriptor *
memset_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	return dmaengine_prep_dma_memset(route->chan->dma, dmabench_xfer_dma(x, 0),
					 memset_value(x), x->size, flags);
}

static void memset_fill(struct dmabench_xfer *x)
{
	dmabench_xfer_fill_side(x, 0, DMABENCH_PATTERN_OLD);
}

static void memset_expect(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	memset(to, memset_value(x), len);
}

static bool memset_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	return dmabench_xfer_check_computed(x, 0, "destination", memset_expect,
					    reason, reason_size);
}

const struct dmabench_op dmabench_op_memset = {
	.name		= "memset",
	.cap		= DMA_MEMSET,
	.align		= offsetof(struct dma_device, fill_align),
	.dests		= 1,
	.prep		= memset_prep,
	.fill		= memset_fill,
	.verify		= memset_verify,
};
