// SPDX-License-Identifier: GPL-2.0-only
/*
 * pq_val: contract A3.6. P and Q are read here, so they stand among the sources,
 * behind those that they are computed of. A quarter of the transfers is right; in
 * the others one bit is wrong, of P, of Q, or of a source, which both must show.
 */
#include "raid.h"

enum pq_val_fault {
	PQ_VAL_RIGHT,
	PQ_VAL_WRONG_P,
	PQ_VAL_WRONG_Q,
	PQ_VAL_WRONG_SOURCE,
	PQ_VAL_FAULTS
};

static unsigned int pq_val_max_sources(struct dma_device *device)
{
	return dma_maxpq(device, 0);
}

static struct dma_async_tx_descriptor *
pq_val_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	struct dma_chan *dma = route->chan->dma;
	unsigned int n = dmabench_raid_sources(x);
	dma_addr_t src[DMABENCH_MAX_SOURCES];
	u8 coef[DMABENCH_MAX_SOURCES];
	dma_addr_t pq[2];

	/* A result that is never written must not look like a good one. */
	x->check = ~0;
	pq[0] = dmabench_xfer_dma(x, n);
	pq[1] = dmabench_xfer_dma(x, n + 1);
	dmabench_raid_addresses(x, src);
	dmabench_raid_coefficients(x, coef);
	return dma->device->device_prep_dma_pq_val(dma, pq, src, n, coef, x->size, &x->check,
						   flags | x->queue->pq_flags);
}

static enum pq_val_fault pq_val_fault(struct dmabench_xfer *x)
{
	return dmabench_xfer_random(x, DMABENCH_MAX_SOURCES + 1) % PQ_VAL_FAULTS;
}

/* Makes the fault, and undoes it. */
static void pq_val_flip(struct dmabench_xfer *x)
{
	unsigned int n = dmabench_raid_sources(x);

	switch (pq_val_fault(x)) {
	case PQ_VAL_WRONG_P:
		dmabench_raid_flip(x, n);
		break;
	case PQ_VAL_WRONG_Q:
		dmabench_raid_flip(x, n + 1);
		break;
	case PQ_VAL_WRONG_SOURCE:
		dmabench_raid_flip(x, (u32)dmabench_xfer_random(x, DMABENCH_MAX_SOURCES + 2) % n);
		break;
	default:
		break;
	}
}

static enum sum_check_flags pq_val_expected(struct dmabench_xfer *x)
{
	static const enum sum_check_flags seen[PQ_VAL_FAULTS] = {
		[PQ_VAL_WRONG_P]	= SUM_CHECK_P_RESULT,
		[PQ_VAL_WRONG_Q]	= SUM_CHECK_Q_RESULT,
		[PQ_VAL_WRONG_SOURCE]	= SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT,
	};
	enum sum_check_flags expected = seen[pq_val_fault(x)];

	if (x->queue->pq_flags & DMA_PREP_PQ_DISABLE_P)
		expected &= ~SUM_CHECK_P_RESULT;
	if (x->queue->pq_flags & DMA_PREP_PQ_DISABLE_Q)
		expected &= ~SUM_CHECK_Q_RESULT;
	return expected;
}

static void pq_val_fill(struct dmabench_xfer *x)
{
	unsigned int n = dmabench_raid_sources(x);

	dmabench_raid_fill_sources(x);
	dmabench_xfer_fill_computed(x, n, dmabench_raid_p);
	dmabench_xfer_fill_computed(x, n + 1, dmabench_raid_q);
	pq_val_flip(x);
}

static bool pq_val_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	unsigned int n = dmabench_raid_sources(x);

	if (!dmabench_raid_check_result(x, pq_val_expected(x), reason, reason_size))
		return false;
	pq_val_flip(x);
	return dmabench_raid_check_sources(x, reason, reason_size) &&
	       dmabench_xfer_check_computed(x, n, "P", dmabench_raid_p, reason, reason_size) &&
	       dmabench_xfer_check_computed(x, n + 1, "Q", dmabench_raid_q, reason, reason_size);
}

const struct dmabench_op dmabench_op_pq_val = {
	.name		= "pq_val",
	.cap		= DMA_PQ_VAL,
	.align		= offsetof(struct dma_device, pq_align),
	.many		= true,
	.sources	= 2,
	.max_sources	= pq_val_max_sources,
	.prep		= pq_val_prep,
	.fill		= pq_val_fill,
	.verify		= pq_val_verify,
};
