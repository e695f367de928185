// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors that outlive their completion (DMA_CTRL_REUSE): each transfer gets
 * its own once, and submits it again and again. Contract A1.4, A9.1, A9.2.
 */
#include <linux/kernel.h>

#include "xfer.h"

/**
 * dmabench_reuse_check - whether descriptors can be used again
 * @knobs: of the run
 * @chan: the channel
 * @reason: receives one line if not
 * @reason_size: room of @reason
 *
 * A descriptor has its addresses for good, so buffers must not be mapped anew. A
 * provider whose callback comes before it has put the descriptor aside is bad
 * enough; by polling, completion is seen earlier still.
 *
 * Return: 0, -EINVAL, -EOPNOTSUPP.
 */
int dmabench_reuse_check(const struct dmabench_knobs *knobs, struct dmabench_chan *chan,
			 char *reason, size_t reason_size)
{
	struct dma_slave_caps caps;
	const char *why = NULL;

	if (knobs->map != DMABENCH_MAP_ONCE && knobs->memory != DMABENCH_MEMORY_COHERENT)
		why = "reuse=1 needs map=once or memory=coherent";
	else if (knobs->mode != DMABENCH_MODE_transfer || dmabench_ops[knobs->op]->endless)
		why = "reuse=1 is for transfers that end by themselves";
	else if (knobs->wait == DMABENCH_WAIT_POLL)
		why = "reuse=1 needs callbacks: wait=irq or hybrid";
	else if (knobs->metadata)
		why = "reuse=1 cannot have metadata";
	if (why) {
		scnprintf(reason, reason_size, "%s", why);
		return -EINVAL;
	}
	if (!dma_get_slave_caps(chan->dma, &caps) && caps.descriptor_reuse)
		return 0;
	scnprintf(reason, reason_size, "%s: descriptors cannot be used again", chan->name);
	return -EOPNOTSUPP;
}

/**
 * dmabench_reuse_keep - let a descriptor outlive its completion
 * @leg: whose descriptor it is
 * @tx: prepared, not submitted
 *
 * If that is refused it is one that is used once, and the next transfer gets
 * another: the result tells how many were prepared.
 */
void dmabench_reuse_keep(struct dmabench_leg *leg, struct dma_async_tx_descriptor *tx)
{
	dmabench_leg_keep(leg)->tx = dmaengine_desc_set_reuse(tx) ? NULL : tx;
}

/**
 * dmabench_reuse_free - give the descriptors of a transfer back
 * @x: not in flight, its channels are held
 */
void dmabench_reuse_free(struct dmabench_xfer *x)
{
	unsigned int i;

	for (i = 0; x->more && i < x->queue->nr_routes; i++) {
		if (x->more->keep[i].tx)
			dmaengine_desc_free(x->more->keep[i].tx);
		x->more->keep[i].tx = NULL;
	}
}

/**
 * dmabench_reuse_forget - terminate has taken the descriptors of a transfer
 * @x: not in flight any more
 *
 * What becomes of descriptors that could be used again the API does not say, and
 * providers differ. All of them free what is left when the channel is released.
 */
void dmabench_reuse_forget(struct dmabench_xfer *x)
{
	unsigned int i;

	for (i = 0; x->more && i < x->queue->nr_routes; i++)
		x->more->keep[i].tx = NULL;
}
