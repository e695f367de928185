// SPDX-License-Identifier: GPL-2.0-only
/*
 * dma_vec: as slave_sg, but from an array of addresses and lengths. Contract
 * A3.11. Kernels before 6.11 do not have it.
 */
#include <linux/slab.h>

#include "slave.h"

#ifndef COMPAT_NO_DMA_VEC

static const char *dma_vec_lacks(struct dma_device *device)
{
	return device->device_prep_peripheral_dma_vec ? NULL : "peripheral_dma_vec";
}

/* As many vectors as a mapped scatterlist can have entries live in the transfer. */
static struct dma_vec *dma_vec_of(struct dmabench_xfer *x, const struct sg_table *sgt)
{
	struct dma_vec *vecs = kmalloc_array(sgt->nents, sizeof(*vecs), GFP_NOWAIT | __GFP_NOWARN);
	struct scatterlist *sg;
	unsigned int i;

	if (!vecs)
		return NULL;
	for_each_sgtable_dma_sg((struct sg_table *)sgt, sg, i) {
		vecs[i].addr = sg_dma_address(sg);
		vecs[i].len = sg_dma_len(sg);
	}
	return vecs;
}

static struct dma_async_tx_descriptor *
dma_vec_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	const struct sg_table *sgt = &x->more->scatter[route->side].sgt;
	struct dma_async_tx_descriptor *tx;
	struct dma_vec *vecs = dma_vec_of(x, sgt);

	if (!vecs)
		return NULL;
	tx = dmaengine_prep_peripheral_dma_vec(route->chan->dma, vecs, sgt->nents, route->dir,
					       flags);
	/* The provider must not keep what it was given (contract A2.4). */
	kfree_sensitive(vecs);
	return tx;
}

#else

static const char *dma_vec_lacks(struct dma_device *device)
{
	return "kernel-6.11";
}

static struct dma_async_tx_descriptor *
dma_vec_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	return NULL;
}

#endif

const struct dmabench_op dmabench_op_dma_vec = {
	.name		= "dma_vec",
	.cap		= DMA_SLAVE,
	.peripheral	= true,
	.sg		= true,
	.lacks		= dma_vec_lacks,
	.prep		= dma_vec_prep,
	.fill		= dmabench_slave_fill,
	.verify		= dmabench_slave_verify,
};
