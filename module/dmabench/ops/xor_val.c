// SPDX-License-Identifier: GPL-2.0-only
/*
 * xor_val: contract A3.4. The last source is the sum of all others, so all is
 * right, but for every fourth transfer, which has one bit wrong.
 */
#include "raid.h"

static unsigned int xor_val_max_sources(struct dma_device *device)
{
	return device->max_xor;
}

static struct dma_async_tx_descriptor *
xor_val_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	struct dma_chan *dma = route->chan->dma;
	dma_addr_t src[DMABENCH_MAX_SOURCES];

	/* A result that is never written must not look like a good one. */
	x->check = ~0;
	dmabench_raid_addresses(x, src);
	return dma->device->device_prep_dma_xor_val(dma, src, dmabench_raid_sources(x), x->size,
						    &x->check, flags);
}

static unsigned int xor_val_last(struct dmabench_xfer *x)
{
	return dmabench_raid_sources(x) - 1;
}

static bool xor_val_wrong(struct dmabench_xfer *x)
{
	return dmabench_xfer_random(x, DMABENCH_MAX_SOURCES + 1) % 4 == 0;
}

static unsigned int xor_val_wrong_side(struct dmabench_xfer *x)
{
	return (u32)dmabench_xfer_random(x, DMABENCH_MAX_SOURCES + 2) % dmabench_raid_sources(x);
}

/* With the last one all zeroes P is the sum of the others. */
static void xor_val_make_last(struct dmabench_xfer *x)
{
	memset(dmabench_xfer_mem(x, xor_val_last(x)), 0, x->size);
	dmabench_raid_p(x, 0, dmabench_xfer_mem(x, xor_val_last(x)), x->size);
}

static void xor_val_fill(struct dmabench_xfer *x)
{
	dmabench_raid_fill_sources(x);
	xor_val_make_last(x);
	if (xor_val_wrong(x))
		dmabench_raid_flip(x, xor_val_wrong_side(x));
}

static void xor_val_zero(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	memset(to, 0, len);
}

static bool xor_val_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	unsigned int last = xor_val_last(x);
	u8 *mem = dmabench_xfer_mem(x, last);
	unsigned int i;

	if (!dmabench_raid_check_result(x, xor_val_wrong(x) ? SUM_CHECK_P_RESULT : 0,
					reason, reason_size))
		return false;
	if (xor_val_wrong(x))
		dmabench_raid_flip(x, xor_val_wrong_side(x));
	for (i = 0; i < last; i++)
		if (!dmabench_xfer_check_side(x, i, DMABENCH_PATTERN_SOURCE, "source",
					      reason, reason_size))
			return false;
	/* All together are zero if the last one has not changed either. */
	dmabench_raid_p(x, 0, mem, x->size);
	return dmabench_xfer_check_computed(x, last, "sum of the sources", xor_val_zero,
					    reason, reason_size);
}

const struct dmabench_op dmabench_op_xor_val = {
	.name		= "xor_val",
	.cap		= DMA_XOR_VAL,
	.align		= offsetof(struct dma_device, xor_align),
	.many		= true,
	.max_sources	= xor_val_max_sources,
	.prep		= xor_val_prep,
	.fill		= xor_val_fill,
	.verify		= xor_val_verify,
};
