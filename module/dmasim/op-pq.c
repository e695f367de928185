// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - P and Q of some sources, and whether they are right
 *
 * The engine continues by itself (DMA_HAS_PQ_CONTINUE): with DMA_PREP_CONTINUE
 * what the destinations hold is part of the sums, so no source is lost to it.
 */
#include <linux/log2.h>

#include "dmasim.h"
#include "parity.h"

#define DMASIM_PQ_DISABLE	(DMA_PREP_PQ_DISABLE_P | DMA_PREP_PQ_DISABLE_Q)

/* A side that is disabled has no address worth looking at. */
static struct dmasim_parity_job dmasim_pq_job(struct dma_chan *chan, const dma_addr_t *pq,
					      unsigned long flags)
{
	return (struct dmasim_parity_job) {
		.side = {
			[SUM_CHECK_P] = {
				.used = !(flags & DMA_PREP_PQ_DISABLE_P),
				.addr = pq[0],
			},
			[SUM_CHECK_Q] = {
				.used = !(flags & DMA_PREP_PQ_DISABLE_Q),
				.addr = pq[1],
			},
		},
		.flags = DMASIM_PQ_DISABLE,
		.align = chan->device->pq_align,
		.max = dma_dev_to_maxpq(chan->device),
	};
}

static struct dma_async_tx_descriptor *
dmasim_prep_pq(struct dma_chan *chan, dma_addr_t *dst, dma_addr_t *src, unsigned int src_cnt,
	       const unsigned char *scf, size_t len, unsigned long flags)
{
	struct dmasim_parity_job job = dmasim_pq_job(chan, dst, flags);

	job.flags |= DMA_PREP_CONTINUE;
	job.fold = dmaf_continue(flags);
	return dmasim_parity_prep(chan, &job, src, scf, src_cnt, len, flags);
}

static struct dma_async_tx_descriptor *
dmasim_prep_pq_val(struct dma_chan *chan, dma_addr_t *pq, dma_addr_t *src, unsigned int src_cnt,
		   const unsigned char *scf, size_t len, enum sum_check_flags *result,
		   unsigned long flags)
{
	struct dmasim_parity_job job = dmasim_pq_job(chan, pq, flags);

	if (!result)
		return NULL;
	/* P and Q are right if they make their own sums zero. */
	job.fold = true;
	job.result = result;
	return dmasim_parity_prep(chan, &job, src, scf, src_cnt, len, flags);
}

static void dmasim_pq_limits(struct dma_device *dma)
{
	dma_set_maxpq(dma, to_dmasim(dma)->cfg.max_pq, true);
	dma->pq_align = ilog2(to_dmasim(dma)->cfg.align);
}

/**
 * dmasim_pq_attach() - add pq
 * @dma:	device before its registration
 */
void dmasim_pq_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_PQ, dma->cap_mask);
	dma->device_prep_dma_pq = dmasim_prep_pq;
	dmasim_pq_limits(dma);
}

/**
 * dmasim_pq_val_attach() - add pq_val
 * @dma:	device before its registration
 */
void dmasim_pq_val_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_PQ_VAL, dma->cap_mask);
	dma->device_prep_dma_pq_val = dmasim_prep_pq_val;
	dmasim_pq_limits(dma);
}
