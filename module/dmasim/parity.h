/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - sums of many sources
 */
#ifndef _DMASIM_PARITY_H
#define _DMASIM_PARITY_H

#include <linux/dmaengine.h>
#include <linux/types.h>

/* Indexed by enum sum_check_bits. */
#define DMASIM_PARITY_SIDES	2

/**
 * struct dmasim_parity_job - what to make of many sources
 * @side:	P and Q
 * @side.addr:	bus address
 * @side.used:	not disabled
 * @fold:	what is at the address is part of the sum
 * @result:	check that the sums are zero and put here which are not, before
 *		the transfer is complete; NULL: write the sums to the addresses
 * @flags:	flags that are of this operation
 * @align:	shift: of addresses and length
 * @max:	most sources
 */
struct dmasim_parity_job {
	struct {
		dma_addr_t addr;
		bool used;
	} side[DMASIM_PARITY_SIDES];
	bool fold;
	enum sum_check_flags *result;
	unsigned long flags;
	enum dmaengine_alignment align;
	unsigned int max;
};

struct dma_async_tx_descriptor *
dmasim_parity_prep(struct dma_chan *chan, const struct dmasim_parity_job *job,
		   const dma_addr_t *src, const u8 *coef, unsigned int n, size_t len,
		   unsigned long flags);

#endif /* _DMASIM_PARITY_H */
