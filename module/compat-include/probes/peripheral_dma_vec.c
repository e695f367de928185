// SPDX-License-Identifier: GPL-2.0-only
#include <linux/dmaengine.h>

struct dma_async_tx_descriptor *probe(struct dma_chan *chan, const struct dma_vec *vecs)
{
	return chan->device->device_prep_peripheral_dma_vec(chan, vecs, 1, DMA_MEM_TO_DEV, 0);
}
