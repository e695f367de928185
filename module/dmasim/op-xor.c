// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the xor of some sources, and whether it is zero
 */
#include <linux/log2.h>

#include "dmasim.h"
#include "parity.h"

static struct dma_async_tx_descriptor *
dmasim_prep_xor(struct dma_chan *chan, dma_addr_t dst, dma_addr_t *src, unsigned int src_cnt,
		size_t len, unsigned long flags)
{
	const struct dmasim_parity_job job = {
		.side = { { .used = true, .addr = dst } },
		.align = chan->device->xor_align,
		.max = chan->device->max_xor,
	};

	return dmasim_parity_prep(chan, &job, src, NULL, src_cnt, len, flags);
}

static struct dma_async_tx_descriptor *
dmasim_prep_xor_val(struct dma_chan *chan, dma_addr_t *src, unsigned int src_cnt, size_t len,
		    enum sum_check_flags *result, unsigned long flags)
{
	const struct dmasim_parity_job job = {
		.side = { { .used = true } },
		.result = result,
		.align = chan->device->xor_align,
		.max = chan->device->max_xor,
	};

	if (!result)
		return NULL;
	return dmasim_parity_prep(chan, &job, src, NULL, src_cnt, len, flags);
}

static void dmasim_xor_limits(struct dma_device *dma)
{
	dma->max_xor = to_dmasim(dma)->cfg.max_xor;
	dma->xor_align = ilog2(to_dmasim(dma)->cfg.align);
}

/**
 * dmasim_xor_attach() - add xor
 * @dma:	device before its registration
 */
void dmasim_xor_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_XOR, dma->cap_mask);
	dma->device_prep_dma_xor = dmasim_prep_xor;
	dmasim_xor_limits(dma);
}

/**
 * dmasim_xor_val_attach() - add xor_val
 * @dma:	device before its registration
 */
void dmasim_xor_val_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_XOR_VAL, dma->cap_mask);
	dma->device_prep_dma_xor_val = dmasim_prep_xor_val;
	dmasim_xor_limits(dma);
}
