// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - completions out of order
 *
 * Two neighbours in the ring change places before the first of them starts. The
 * order of positions stays as it is, so everything that counts in positions,
 * terminate above all, needs to know nothing of it: both have been issued, hence
 * a terminate from now on covers both of them, and one from before neither.
 */
#include <linux/minmax.h>
#include <linux/prandom.h>

#include "dmasim.h"

/**
 * dmasim_order_init() - set up whether a channel keeps order
 * @c:		channel
 * @seed:	of the decisions
 */
void dmasim_order_init(struct dmasim_chan *c, u64 seed)
{
	c->no_order = c->sim->cfg.no_order;
	prandom_seed_state(&c->mates, seed);
}

/**
 * dmasim_order_swap() - let a transfer overtake its predecessor, by a defect
 * @c:		channel that says it keeps order
 * @pos:	position in turn, issued
 *
 * The cookies stay where they are, so that the end of either is seen.
 *
 * Context: the runner
 */
void dmasim_order_swap(struct dmasim_chan *c, unsigned int pos)
{
	struct dmasim_desc **first = &c->ring[pos & c->ring_mask];
	struct dmasim_desc **second = &c->ring[(pos + 1) & c->ring_mask];

	if (dmasim_reached(c->mate, pos))
		return;
	/* Pairs with the cmpxchg in dmasim_issue_to(). */
	if (!dmasim_reached(smp_load_acquire(&c->issued), pos + 1) ||
	    dmasim_reached(READ_ONCE(c->drop), pos))
		return;
	if ((*first)->started || (*first)->done || (*first)->period || (*second)->period ||
	    !dmasim_defect(c, DMASIM_DEFECT_order_swap))
		return;
	swap((*first)->tx.cookie, (*second)->tx.cookie);
	swap(*first, *second);
	c->mate = pos + 1;
}

/**
 * dmasim_order_decide() - maybe let the next transfer overtake the one in turn
 * @c:		channel that does not keep order
 * @pos:	position in turn, issued
 *
 * Once for each position: what has started stays where it is, and what was
 * exchanged once is not exchanged again.
 *
 * Context: the runner
 */
void dmasim_order_decide(struct dmasim_chan *c, unsigned int pos)
{
	struct dmasim_desc **first = &c->ring[pos & c->ring_mask];
	struct dmasim_desc **second = &c->ring[(pos + 1) & c->ring_mask];

	if (dmasim_reached(c->mate, pos))
		return;
	c->mate = pos;

	/* Pairs with the cmpxchg in dmasim_issue_to(). */
	if (!dmasim_reached(smp_load_acquire(&c->issued), pos + 1))
		return;
	/* Only now: a terminate may have come between the two submits. */
	if (dmasim_reached(READ_ONCE(c->drop), pos))
		return;
	if ((*first)->period || (*second)->period || (*first)->tx.flags & DMA_PREP_FENCE ||
	    prandom_u32_state(&c->mates) % 2)
		return;

	swap(*first, *second);
	c->mate = pos + 1;
}
