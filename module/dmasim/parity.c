// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - sums of many sources: what xor and pq have in common
 *
 * P is the sum of the sources, Q the sum of the sources times a coefficient
 * each, both in GF(2^8) with the polynomial 0x11d, where a sum is an xor. An
 * xor is a P without Q. A check is a sum that has to be zero.
 */
#include <linux/bits.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "dmasim.h"
#include "parity.h"

/* Bytes whose sums are made on the stack, before any of them is written. */
#define DMASIM_BLOCK	256

/**
 * struct dmasim_parity - a program of many sources
 * @seg:	its only segment, of which only the length is used. The first
 *		member: the descriptor frees the program by the segment's address
 * @job:	what to make of the sources
 * @bad:	sums that were found not to be zero so far
 * @poly:	what an overflow of a doubling is folded back by
 * @n:		number of sources
 * @src:	the sources
 * @src.addr:	bus address
 * @src.coef:	what Q multiplies it by
 */
struct dmasim_parity {
	struct dmasim_seg seg;
	struct dmasim_parity_job job;
	enum sum_check_flags bad;
	u8 poly;
	unsigned int n;
	struct {
		dma_addr_t addr;
		u8 coef;
	} src[];
};

static struct dmasim_parity *to_dmasim_parity(const struct dmasim_desc *d)
{
	return container_of(d->segs, struct dmasim_parity, seg);
}

/* Doubles each of eight elements of the field. */
static u64 dmasim_gf_double(u64 w, u8 poly)
{
	u64 top = w & 0x8080808080808080ULL;

	return ((w ^ top) << 1) ^ ((top >> 7) * poly);
}

static u64 dmasim_gf_times(u64 w, u8 coef, u8 poly)
{
	u64 product = 0;

	for (; coef; coef >>= 1) {
		if (coef & 1)
			product ^= w;
		w = dmasim_gf_double(w, poly);
	}
	return product;
}

static void dmasim_xor_bytes(u8 *sum, const u8 *src, size_t len)
{
	u64 a, b;

	for (; len >= sizeof(a); len -= sizeof(a), sum += sizeof(a), src += sizeof(a)) {
		/* Neither need be aligned. */
		memcpy(&a, sum, sizeof(a));
		memcpy(&b, src, sizeof(b));
		a ^= b;
		memcpy(sum, &a, sizeof(a));
	}
	while (len--)
		*sum++ ^= *src++;
}

static void dmasim_gf_bytes(u8 *sum, const u8 *src, size_t len, u8 coef, u8 poly)
{
	u64 a, b;

	for (; len >= sizeof(a); len -= sizeof(a), sum += sizeof(a), src += sizeof(a)) {
		memcpy(&a, sum, sizeof(a));
		memcpy(&b, src, sizeof(b));
		a ^= dmasim_gf_times(b, coef, poly);
		memcpy(sum, &a, sizeof(a));
	}
	while (len--)
		*sum++ ^= dmasim_gf_times(*src++, coef, poly);
}

/* Adds memory times a coefficient to a sum. */
static void dmasim_parity_add(struct dmasim *sim, u8 *sum, dma_addr_t addr, size_t len, u8 coef,
			      u8 poly)
{
	while (len) {
		size_t n = len;
		u8 *mem = dmasim_addr_map(sim, addr, &n);

		if (coef == 1)
			dmasim_xor_bytes(sum, mem, n);
		else
			dmasim_gf_bytes(sum, mem, n, coef, poly);
		dmasim_addr_unmap(mem);

		sum += n;
		addr += n;
		len -= n;
	}
}

static void dmasim_parity_write(struct dmasim *sim, dma_addr_t addr, const u8 *sum, size_t len)
{
	while (len) {
		size_t n = len;
		u8 *mem = dmasim_addr_map(sim, addr, &n);

		memcpy(mem, sum, n);
		dmasim_addr_unmap(mem);

		sum += n;
		addr += n;
		len -= n;
	}
}

static void dmasim_parity_sum(struct dmasim *sim, const struct dmasim_parity *par, u8 *sum,
			      unsigned int side, u32 off, size_t len)
{
	unsigned int i;

	memset(sum, 0, len);
	for (i = 0; i < par->n; i++)
		dmasim_parity_add(sim, sum, par->src[i].addr + off, len,
				  side == SUM_CHECK_Q ? par->src[i].coef : 1, par->poly);
	if (par->job.fold)
		dmasim_parity_add(sim, sum, par->job.side[side].addr + off, len, 1,
				  par->poly);
}

static void dmasim_parity_block(struct dmasim *sim, struct dmasim_parity *par, u32 off, size_t len)
{
	u64 sum[DMASIM_PARITY_SIDES][DMASIM_BLOCK / sizeof(u64)];
	unsigned int side;

	/* A destination may be a source as well: read first, then write. */
	for (side = 0; side < DMASIM_PARITY_SIDES; side++)
		if (par->job.side[side].used)
			dmasim_parity_sum(sim, par, (u8 *)sum[side], side, off, len);

	for (side = 0; side < DMASIM_PARITY_SIDES; side++) {
		if (!par->job.side[side].used)
			continue;
		if (!par->job.result)
			dmasim_parity_write(sim, par->job.side[side].addr + off, (u8 *)sum[side],
					    len);
		else if (memchr_inv(sum[side], 0, len))
			par->bad |= BIT(side);
	}
}

static ssize_t dmasim_parity_move(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	struct dmasim_parity *par = to_dmasim_parity(d);
	size_t done, n;

	for (done = 0; done < len; done += n) {
		n = min_t(size_t, len - done, DMASIM_BLOCK);
		dmasim_parity_block(c->sim, par, d->off + done, n);
	}

	if (par->job.result && d->off + len == par->seg.len)
		*par->job.result = par->bad;
	return len;
}

static unsigned int dmasim_parity_weight(const struct dmasim_desc *d)
{
	return to_dmasim_parity(d)->n;
}

static const struct dmasim_mover dmasim_parity_mover = {
	.move = dmasim_parity_move,
	.weight = dmasim_parity_weight,
};

static bool dmasim_parity_addr_ok(struct dmasim_chan *c, const struct dmasim_parity_job *job,
				  dma_addr_t addr, size_t len)
{
	return dmaengine_check_align(job->align, addr, 0, len) && dmasim_addr_ok(c, addr, len);
}

static bool dmasim_parity_sides_ok(struct dmasim_chan *c, const struct dmasim_parity_job *job,
				   size_t len)
{
	unsigned int side, used = 0;

	for (side = 0; side < DMASIM_PARITY_SIDES; side++) {
		if (!job->side[side].used)
			continue;
		used++;
		/* The address is used, unless only the sources are checked. */
		if ((job->fold || !job->result) &&
		    !dmasim_parity_addr_ok(c, job, job->side[side].addr, len))
			return false;
	}
	return used;
}

/**
 * dmasim_parity_prep() - prepare a transfer of many sources
 * @chan:	channel
 * @job:	what to make of them
 * @src:	bus addresses of the sources
 * @coef:	their coefficients; may be NULL if there is no Q
 * @n:		number of sources
 * @len:	bytes of each
 * @flags:	of the transfer
 *
 * Nothing of what is passed is used after the return, save for @job->result.
 *
 * Context: any
 * Return: descriptor, or NULL: an address, a length, the number of sources or
 * a flag cannot be had, or dmasim_desc_get() fails
 */
struct dma_async_tx_descriptor *
dmasim_parity_prep(struct dma_chan *chan, const struct dmasim_parity_job *job,
		   const dma_addr_t *src, const u8 *coef, unsigned int n, size_t len,
		   unsigned long flags)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	struct dmasim_parity *par;
	struct dmasim_desc *d;
	unsigned int i;

	if (!len || len > U32_MAX || !n || n > job->max ||
	    !dmasim_parity_sides_ok(c, job, len))
		return NULL;
	for (i = 0; i < n; i++)
		if (!dmasim_parity_addr_ok(c, job, src[i], len))
			return NULL;
	if (!coef && !job->result && n > 1 && dmasim_defect(c, DMASIM_DEFECT_xor_drops_last))
		n--;
	if (coef && dmasim_defect(c, DMASIM_DEFECT_coef_ignored))
		coef = NULL;

	d = dmasim_desc_get_sized(c, flags & ~job->flags, 1, struct_size(par, src, n));
	if (!d)
		return NULL;

	d->tx.flags = flags;
	d->mover = &dmasim_parity_mover;
	d->len = len;

	par = to_dmasim_parity(d);
	par->seg = (struct dmasim_seg) { .len = len };
	par->job = *job;
	par->bad = 0;
	par->poly = coef && dmasim_defect(c, DMASIM_DEFECT_pq_wrong_poly) ? 0x1b : 0x1d;
	par->n = n;
	for (i = 0; i < n; i++) {
		par->src[i].addr = src[i];
		par->src[i].coef = coef ? coef[i] : 1;
	}
	return &d->tx;
}
