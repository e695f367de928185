// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - frames of chunks with gaps between them
 *
 * The program is one frame; how far the next one is away is kept beside it. So
 * a picture of a thousand lines takes no more memory than one of two.
 */
#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/overflow.h>
#include <linux/string.h>

#include "dmasim.h"

/**
 * struct dmasim_side - one end of an interleaved transfer
 * @start:	bus address of the first chunk
 * @stride:	bytes from a frame to the next one
 * @span:	bytes from the first one of a frame to behind its last one
 * @inc:	the address advances
 */
struct dmasim_side {
	dma_addr_t start;
	size_t stride;
	size_t span;
	bool inc;
};

/**
 * struct dmasim_interleave - what is behind the segments of such a program
 * @src:	where the bytes come from
 * @dst:	where they go
 *
 * In the segments, the addresses are offsets from the start of a frame.
 */
struct dmasim_interleave {
	struct dmasim_side src;
	struct dmasim_side dst;
};

static struct dmasim_interleave *to_dmasim_interleave(const struct dmasim_desc *d)
{
	return (struct dmasim_interleave *)(d->segs + d->nsegs);
}

/* The bus address that a descriptor has come to at one of its ends. */
static dma_addr_t dmasim_side_at(const struct dmasim_side *side, const struct dmasim_desc *d,
				 dma_addr_t offset)
{
	if (!side->inc)
		return side->start;
	return side->start + (dma_addr_t)side->stride * d->frame + offset + d->off;
}

/* All bytes come from the same place, or go there: the last one stays. */
static void dmasim_interleave_fixed(struct dmasim *sim, dma_addr_t dst, dma_addr_t src, size_t len,
				    const struct dmasim_interleave *il)
{
	size_t one = 1;
	u8 *mem, byte;

	mem = dmasim_addr_map(sim, il->src.inc ? src + len - 1 : src, &one);
	byte = *mem;
	dmasim_addr_unmap(mem);

	if (!il->dst.inc)
		len = 1;
	while (len) {
		size_t n = len;

		mem = dmasim_addr_map(sim, dst, &n);
		memset(mem, byte, n);
		dmasim_addr_unmap(mem);
		dst += n;
		len -= n;
	}
}

static ssize_t dmasim_interleave_copy(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	const struct dmasim_interleave *il = to_dmasim_interleave(d);
	const struct dmasim_seg *seg = &d->segs[d->seg];
	dma_addr_t dst = dmasim_side_at(&il->dst, d, seg->dst);
	dma_addr_t src = dmasim_side_at(&il->src, d, seg->src);

	if (likely(il->src.inc && il->dst.inc))
		dmasim_addr_copy(c->sim, dst, src, len);
	else
		dmasim_interleave_fixed(c->sim, dst, src, len, il);
	return len;
}

static ssize_t dmasim_interleave_push(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	const struct dmasim_interleave *il = to_dmasim_interleave(d);

	return dmasim_slave_push(c, d, dmasim_side_at(&il->src, d, d->segs[d->seg].src), len);
}

static ssize_t dmasim_interleave_pull(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	const struct dmasim_interleave *il = to_dmasim_interleave(d);

	return dmasim_slave_pull(c, d, dmasim_side_at(&il->dst, d, d->segs[d->seg].dst), len);
}

static const struct dmasim_mover dmasim_interleave_movers[] = {
	[DMA_MEM_TO_MEM] = { .move = dmasim_interleave_copy, .scattered = true },
	[DMA_MEM_TO_DEV] = { .move = dmasim_interleave_push, .scattered = true },
	[DMA_DEV_TO_MEM] = { .move = dmasim_interleave_pull, .scattered = true },
};

/* Adds a chunk and the gap behind it to a frame. */
static bool dmasim_side_add(struct dmasim_side *side, size_t len, size_t icg)
{
	if (!side->inc)
		len = 0;
	return !check_add_overflow(side->stride, len, &side->span) &&
	       !check_add_overflow(side->span, icg, &side->stride);
}

/* Is there memory from the first byte to the last one? */
static bool dmasim_side_ok(struct dmasim_chan *c, const struct dmasim_side *side, size_t numf)
{
	size_t len;

	if (!side->inc)
		return dmasim_addr_ok(c, side->start, 1);
	return !check_mul_overflow(side->stride, numf - 1, &len) &&
	       !check_add_overflow(len, side->span, &len) &&
	       dmasim_addr_ok(c, side->start, len);
}

/* Does the peripheral's end stay where it is, and the memory's advance? */
static bool dmasim_interleave_dir_ok(const struct dma_interleaved_template *xt)
{
	switch (xt->dir) {
	case DMA_MEM_TO_MEM:
		return true;
	case DMA_MEM_TO_DEV:
		return xt->src_inc && !xt->dst_inc;
	case DMA_DEV_TO_MEM:
		return xt->dst_inc && !xt->src_inc;
	default:
		return false;
	}
}

static bool dmasim_interleave_ok(const struct dma_interleaved_template *xt)
{
	return xt && xt->numf && xt->numf <= U32_MAX && xt->frame_size &&
	       xt->frame_size <= U32_MAX && dmasim_interleave_dir_ok(xt);
}

/* Makes the frame; returns false if a chunk cannot be had. */
static bool dmasim_interleave_frame(struct dmasim_chan *c, struct dmasim_desc *d,
				    struct dma_interleaved_template *xt)
{
	struct dmasim_interleave *il = to_dmasim_interleave(d);
	u32 align = xt->dir == DMA_MEM_TO_MEM ? c->sim->cfg.align : 1;
	bool ignored = dmasim_defect(c, DMASIM_DEFECT_icg_ignored);
	bool swapped = dmasim_defect(c, DMASIM_DEFECT_icg_side_swap);
	size_t i, len = 0;

	il->src = (struct dmasim_side) { .start = xt->src_start, .inc = xt->src_inc };
	il->dst = (struct dmasim_side) { .start = xt->dst_start, .inc = xt->dst_inc };
	if (!IS_ALIGNED(xt->src_start | xt->dst_start, align))
		return false;

	for (i = 0; i < xt->frame_size; i++) {
		size_t src_icg = dmaengine_get_src_icg(xt, &xt->sgl[i]);
		size_t dst_icg = dmaengine_get_dst_icg(xt, &xt->sgl[i]);
		size_t size = xt->sgl[i].size;

		if (ignored) {
			src_icg = 0;
			dst_icg = 0;
		}
		if (swapped) {
			src_icg = min(src_icg, dst_icg);
			dst_icg = src_icg;
		}
		if (!size || !IS_ALIGNED(size | src_icg | dst_icg, align))
			return false;

		d->segs[i].src = il->src.stride;
		d->segs[i].dst = il->dst.stride;
		d->segs[i].len = size;
		if (check_add_overflow(len, size, &len) ||
		    !dmasim_side_add(&il->src, size, src_icg) ||
		    !dmasim_side_add(&il->dst, size, dst_icg))
			return false;
	}

	if (check_mul_overflow(len, xt->numf, &len) || len > U32_MAX)
		return false;
	d->len = len;
	d->frames = xt->numf;
	return (xt->dir == DMA_DEV_TO_MEM || dmasim_side_ok(c, &il->src, xt->numf)) &&
	       (xt->dir == DMA_MEM_TO_DEV || dmasim_side_ok(c, &il->dst, xt->numf));
}

static struct dma_async_tx_descriptor *
dmasim_prep_interleaved(struct dma_chan *chan, struct dma_interleaved_template *xt,
			unsigned long flags)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	struct dmasim_desc *d;
	size_t size;

	if (!dmasim_interleave_ok(xt))
		return NULL;

	size = size_add(array_size(xt->frame_size, sizeof(struct dmasim_seg)),
			sizeof(struct dmasim_interleave));
	d = dmasim_desc_get_sized(c, flags & ~c->sim->repeat_flags, xt->frame_size, size);
	if (!d)
		return NULL;

	if (xt->dir != DMA_MEM_TO_MEM && !dmasim_slave_connect(c, d, xt->dir))
		goto refuse;
	if (!dmasim_interleave_frame(c, d, xt))
		goto refuse;

	d->mover = &dmasim_interleave_movers[xt->dir];
	dmasim_repeat(d, flags);
	return &d->tx;

refuse:
	dmasim_desc_put(c, d);
	return NULL;
}

/**
 * dmasim_interleave_attach() - add interleaved
 * @dma:	device before its registration
 */
void dmasim_interleave_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_INTERLEAVE, dma->cap_mask);
	dma->device_prep_interleaved_dma = dmasim_prep_interleaved;
}
