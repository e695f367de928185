// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - transfers that begin anew until another one takes their place
 *
 * A repeating transfer is a cyclic one with one period, which looks behind
 * itself at the end of each round: if what was issued next has
 * DMA_PREP_LOAD_EOT, the round was the last one. If it has not, it waits until
 * the channel is terminated.
 */
#include "dmasim.h"

/**
 * dmasim_repeat() - let a prepared program repeat itself, if the client wants it
 * @d:		descriptor, its program complete
 * @flags:	of the transfer
 */
void dmasim_repeat(struct dmasim_desc *d, unsigned long flags)
{
	d->tx.flags = flags;
	if (!(flags & DMA_PREP_REPEAT))
		return;
	d->period = d->len;
	d->repeat = true;
}

/**
 * dmasim_repeat_ends() - is a round of a repeating transfer the last one?
 * @c:		channel
 * @pos:	position of the transfer
 *
 * Context: the runner, at the end of the round
 */
bool dmasim_repeat_ends(struct dmasim_chan *c, unsigned int pos)
{
	const struct dmasim_desc *next;

	/* Pairs with the cmpxchg in dmasim_issue_to(). */
	if (!dmasim_reached(smp_load_acquire(&c->issued), pos + 1))
		return false;
	next = c->ring[(pos + 1) & c->ring_mask];
	return next->tx.flags & DMA_PREP_LOAD_EOT;
}

/**
 * dmasim_repeat_attach() - add DMA_PREP_REPEAT and DMA_PREP_LOAD_EOT
 * @dma:	device before its registration, interleaved transfers added
 *
 * The capabilities speak of interleaved transfers only. That vectors can be
 * repeated has none.
 */
void dmasim_repeat_attach(struct dma_device *dma)
{
	struct dmasim *sim = to_dmasim(dma);

	sim->flags |= DMA_PREP_LOAD_EOT;
	sim->repeat_flags |= DMA_PREP_REPEAT;
	if (!dma_has_cap(DMA_INTERLEAVE, dma->cap_mask))
		return;
	dma_cap_set(DMA_REPEAT, dma->cap_mask);
	dma_cap_set(DMA_LOAD_EOT, dma->cap_mask);
}
