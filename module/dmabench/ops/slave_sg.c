// SPDX-License-Identifier: GPL-2.0-only
/*
 * slave_sg: a scatterlist to a peripheral, from one, or both ways. Contract A3.10.
 */
#include "slave.h"

static struct dma_async_tx_descriptor *
slave_sg_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	struct sg_table *sgt = &x->more->scatter[route->side].sgt;

	return dmaengine_prep_slave_sg(route->chan->dma, sgt->sgl, sgt->nents, route->dir, flags);
}

const struct dmabench_op dmabench_op_slave_sg = {
	.name		= "slave_sg",
	.cap		= DMA_SLAVE,
	.peripheral	= true,
	.sg		= true,
	.prep		= slave_sg_prep,
	.fill		= dmabench_slave_fill,
	.verify		= dmabench_slave_verify,
};
