// SPDX-License-Identifier: GPL-2.0-only
/*
 * pq: contract A3.5. The destinations are P, then Q.
 */
#include "raid.h"

static unsigned int pq_max_sources(struct dma_device *device)
{
	return dma_maxpq(device, 0);
}

static struct dma_async_tx_descriptor *
pq_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	struct dma_chan *dma = route->chan->dma;
	unsigned int n = dmabench_raid_sources(x);
	dma_addr_t src[DMABENCH_MAX_SOURCES];
	u8 coef[DMABENCH_MAX_SOURCES];
	dma_addr_t dst[2];

	dst[0] = dmabench_xfer_dma(x, n);
	dst[1] = dmabench_xfer_dma(x, n + 1);
	dmabench_raid_addresses(x, src);
	dmabench_raid_coefficients(x, coef);
	return dma->device->device_prep_dma_pq(dma, dst, src, n, coef, x->size,
					       flags | x->queue->pq_flags);
}

static void pq_fill(struct dmabench_xfer *x)
{
	dmabench_raid_fill_sources(x);
	dmabench_xfer_fill_side(x, x->sources, DMABENCH_PATTERN_OLD);
	dmabench_xfer_fill_side(x, x->sources + 1, DMABENCH_PATTERN_OLD);
}

/* One that was disabled must not have been touched. */
static bool pq_check(struct dmabench_xfer *x, unsigned int side, const char *what, bool disabled,
		     void (*expect)(struct dmabench_xfer *x, size_t from, u8 *to, size_t len),
		     char *reason, size_t reason_size)
{
	if (disabled)
		return dmabench_xfer_check_side(x, side, DMABENCH_PATTERN_OLD, what,
						reason, reason_size);
	return dmabench_xfer_check_computed(x, side, what, expect, reason, reason_size);
}

static bool pq_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	unsigned int n = x->sources;

	return dmabench_raid_check_sources(x, reason, reason_size) &&
	       pq_check(x, n, "P", x->queue->pq_flags & DMA_PREP_PQ_DISABLE_P,
			dmabench_raid_p, reason, reason_size) &&
	       pq_check(x, n + 1, "Q", x->queue->pq_flags & DMA_PREP_PQ_DISABLE_Q,
			dmabench_raid_q, reason, reason_size);
}

const struct dmabench_op dmabench_op_pq = {
	.name		= "pq",
	.cap		= DMA_PQ,
	.align		= offsetof(struct dma_device, pq_align),
	.many		= true,
	.dests		= 2,
	.max_sources	= pq_max_sources,
	.prep		= pq_prep,
	.fill		= pq_fill,
	.verify		= pq_verify,
};
