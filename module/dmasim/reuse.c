// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - descriptors that can be submitted again
 *
 * With DMA_CTRL_REUSE a descriptor is parked when its transfer ends: it keeps
 * its slot and its program, and begins anew when it is submitted. This is the
 * one place besides missing acknowledgments where completing takes the lock.
 */
#include "dmasim.h"

/**
 * dmasim_desc_park() - keep a finished descriptor for its client
 * @c:		channel
 * @d:		descriptor
 * @pos:	its position
 *
 * From here on it may be submitted or freed, by any CPU.
 *
 * Context: the runner
 */
void dmasim_desc_park(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos)
{
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	if (dmasim_reached(c->drop, pos)) {
		/* A terminate has taken away all that are parked, and missed it. */
		dmasim_desc_put(c, d);
	} else {
		d->state = DMASIM_DESC_PARKED;
		list_add(&d->node, &c->parked);
	}
	spin_unlock_irqrestore(&c->lock, flags);
}

/**
 * dmasim_desc_unpark() - take a parked descriptor to submit or to free it
 * @c:		channel, locked
 * @d:		descriptor
 *
 * Return: 0; -EBUSY if it is in line; -EINVAL if the client does not own it
 */
int dmasim_desc_unpark(struct dmasim_chan *c, struct dmasim_desc *d)
{
	lockdep_assert_held(&c->lock);

	switch (d->state) {
	case DMASIM_DESC_PARKED:
		list_del(&d->node);
		/* Not before: its progress is still asked for until it is complete. */
		dmasim_desc_rewind(d);
		d->state = DMASIM_DESC_PREPARED;
		return 0;
	case DMASIM_DESC_QUEUED:
		return -EBUSY;
	default:
		return -EINVAL;
	}
}

/**
 * dmasim_desc_free() - the client does not want to submit a descriptor again
 * @tx:		descriptor with DMA_CTRL_REUSE
 *
 * Context: any
 * Return: 0; -EBUSY if it is in line; -EINVAL if the client does not own it
 */
int dmasim_desc_free(struct dma_async_tx_descriptor *tx)
{
	struct dmasim_chan *c = to_dmasim_chan(tx->chan);
	struct dmasim_desc *d = to_dmasim_desc(tx);
	unsigned long flags;
	int ret = 0;

	spin_lock_irqsave(&c->lock, flags);
	if (d->state != DMASIM_DESC_PREPARED)
		ret = dmasim_desc_unpark(c, d);
	if (!ret) {
		dma_descriptor_unmap(tx);
		dmasim_desc_put(c, d);
	}
	spin_unlock_irqrestore(&c->lock, flags);
	return ret;
}

/**
 * dmasim_reuse_attach() - add DMA_CTRL_REUSE
 * @dma:	device before its registration
 */
void dmasim_reuse_attach(struct dma_device *dma)
{
	to_dmasim(dma)->flags |= DMA_CTRL_REUSE;
	dma->descriptor_reuse = true;
}
