// SPDX-License-Identifier: GPL-2.0-only
/*
 * memcpy: contract A3.1.
 */
#include "../xfer.h"
#include "op.h"

/**
 * dmabench_memcpy_prep - prepare a copy
 * @x: mapped
 * @route: where the descriptor goes
 * @flags: of the descriptor
 *
 * Known by name, so that the most frequent operation can be told without a call.
 *
 * Return: the descriptor, or NULL.
 */
struct dma_async_tx_descriptor *
dmabench_memcpy_prep(struct dmabench_xfer *x, const struct dmabench_route *route,
		     unsigned long flags)
{
	return dmabench_copy_prep(x, route, flags);
}

const struct dmabench_op dmabench_op_memcpy = {
	.name		= "memcpy",
	.cap		= DMA_MEMCPY,
	.align		= offsetof(struct dma_device, copy_align),
	.sources	= 1,
	.dests		= 1,
	.prep		= dmabench_memcpy_prep,
	.fill		= dmabench_copy_fill,
	.verify		= dmabench_copy_verify,
};
