// SPDX-License-Identifier: GPL-2.0-only
/*
 * One buffer of a transfer: where in it the data lie, and how the device gets at
 * them. The data of a scatterlist are cut into pieces; a piece becomes more than
 * one entry where the device (longest segment, boundary) or the memory (single
 * pages) asks for it.
 */
#include <linux/cache.h>
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "xfer.h"

/* What scattered pieces keep between each other, at least. */
#define SIDE_GAP	64

/**
 * dmabench_side_gap - what lies between the pieces of a scattered buffer
 * @align: of the pieces, bytes
 *
 * Return: bytes, a multiple of @align.
 */
size_t dmabench_side_gap(size_t align)
{
	return roundup(SIDE_GAP, align);
}

/**
 * dmabench_side_bytes - memory of a buffer's bookkeeping
 * @spec: of the buffers
 *
 * Return: bytes beyond struct dmabench_side.
 */
size_t dmabench_side_bytes(const struct dmabench_buf_spec *spec)
{
	return spec->segments * (sizeof(struct dmabench_piece) + sizeof(u16)) +
	       spec->sg_room * sizeof(struct scatterlist);
}

/**
 * dmabench_side_alloc - get a buffer
 * @x: the transfer
 * @side: number of the buffer
 *
 * Context: may sleep.
 *
 * Return: 0, -ENOMEM; what there is then is freed by dmabench_side_free().
 */
int dmabench_side_alloc(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf_spec *spec = x->queue->spec;
	struct dmabench_scatter *s;
	int ret;

	ret = dmabench_buf_alloc(&x->side[side].buf, spec, side);
	if (ret || !spec->sg_room)
		return ret;

	s = &x->more->scatter[side];
	ret = sg_alloc_table(&s->sgt, spec->sg_room, GFP_KERNEL | __GFP_NOWARN);
	if (ret)
		return ret;
	s->sg_room = spec->sg_room;
	s->slot = kcalloc(spec->segments, sizeof(*s->slot), GFP_KERNEL);
	if (!s->slot)
		return -ENOMEM;
	s->cut = kcalloc(spec->segments, sizeof(*s->cut), GFP_KERNEL);
	return s->cut ? 0 : -ENOMEM;
}

/**
 * dmabench_side_free - give a buffer back
 * @x: the transfer
 * @side: number of the buffer, not mapped
 *
 * Context: may sleep.
 */
void dmabench_side_free(struct dmabench_xfer *x, unsigned int side)
{
	struct dmabench_scatter *s = x->queue->spec->sg_room ? &x->more->scatter[side] : NULL;

	if (s && s->sg_room) {
		s->sgt.orig_nents = s->sg_room;
		sg_free_table(&s->sgt);
		kfree(s->slot);
		kfree(s->cut);
	}
	dmabench_buf_free(&x->side[side].buf, x->queue->spec);
}

/* A multiple of @align from 0 to @span. */
static size_t random_step(u64 *random, size_t span, size_t align)
{
	u64 rest;

	*random = dmabench_mix(*random);
	div64_u64_rem(*random, span / align + 1, &rest);
	return rest * align;
}

/*
 * The shortest piece. Entries that the device writes must not share a cache line: where
 * caches are not coherent it is lost what the CPU has there, and DMA_API_DEBUG takes it
 * for overlapping mappings. Scattered pieces have gaps between them.
 */
static size_t piece_least(const struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_queue *queue = x->queue;

	if (side < x->sources || queue->spec->coherent ||
	    queue->knobs->layout == DMABENCH_LAYOUT_SCATTERED)
		return queue->align;
	return roundup(max_t(size_t, L1_CACHE_BYTES, dma_get_cache_alignment()), queue->align);
}

/* Lengths: now and then the shortest or longest that there can be. */
static size_t piece_len(u64 *random, size_t left, unsigned int pieces, size_t least,
			size_t align)
{
	size_t most = left - (pieces - 1) * least;

	if (pieces == 1)
		return left;
	switch (random_step(random, 7, 1)) {
	case 0:
		return least;
	case 1:
		return most;
	default:
		return least + random_step(random, min(most, 2 * (left / pieces)) - least, align);
	}
}

static void side_shuffle(struct dmabench_scatter *s, u64 *random)
{
	unsigned int i;

	for (i = s->nr_pieces - 1; i > 0; i--) {
		size_t j = random_step(random, i, 1);

		swap(s->slot[i], s->slot[j]);
	}
}

static void side_cut(struct dmabench_xfer *x, unsigned int side, u64 *random)
{
	struct dmabench_scatter *s = &x->more->scatter[side];
	const struct dmabench_knobs *knobs = x->queue->knobs;
	size_t align = x->queue->align, least = piece_least(x, side);
	unsigned int most = min_t(size_t, knobs->segments, max_t(size_t, x->size / least, 1));
	unsigned int i, pieces = most;
	size_t left = x->size;

	if (knobs->segments_min && knobs->segments_min < most)
		pieces = knobs->segments_min + random_step(random, most - knobs->segments_min, 1);
	for (i = 0; i < pieces; i++) {
		s->cut[i].len = piece_len(random, left, pieces - i, least, align);
		s->slot[i] = i;
		left -= s->cut[i].len;
	}
	s->nr_pieces = pieces;

	if (knobs->layout == DMABENCH_LAYOUT_SCATTERED)
		side_shuffle(s, random);
}

/**
 * dmabench_side_place - choose where the data of a transfer lie in a buffer
 * @x: the transfer, size and operation known
 * @side: number of the buffer
 * @random: state of the random numbers
 */
void dmabench_side_place(struct dmabench_xfer *x, unsigned int side, u64 *random)
{
	const struct dmabench_knobs *knobs = x->queue->knobs;
	struct dmabench_side *s = &x->side[side];
	struct dmabench_scatter *scatter;
	size_t at, gap;
	unsigned int i;

	at = side < x->sources ? knobs->src_offset : knobs->dst_offset;
	if (knobs->random_offset)
		at += random_step(random, knobs->random_offset, x->queue->align);
	s->one.at = at;
	s->one.len = x->size;
	if (!x->op->sg)
		return;

	scatter = &x->more->scatter[side];
	gap = dmabench_side_gap(x->queue->align);
	side_cut(x, side, random);
	for (i = 0; i < scatter->nr_pieces; i++) {
		struct dmabench_piece *piece = &scatter->cut[scatter->slot[i]];

		piece->at = at;
		at += piece->len;
		if (knobs->layout == DMABENCH_LAYOUT_SCATTERED)
			at += gap;
	}
}

static struct page *side_page(const void *mem)
{
	return is_vmalloc_addr(mem) ? vmalloc_to_page(mem) : virt_to_page(mem);
}

/* How much of @len bytes at @mem one entry may cover. */
static size_t entry_len(const struct dmabench_buf_spec *spec, const void *mem, size_t len)
{
	u64 phys = page_to_phys(side_page(mem)) + offset_in_page(mem);

	len = min(len, spec->max_segment);
	if (spec->pages)
		len = min(len, PAGE_SIZE - offset_in_page(mem));
	return min_t(u64, len, spec->boundary - (phys & spec->boundary) + 1);
}

static void sg_build(struct dmabench_scatter *s, const struct dmabench_buf *buf,
		     const struct dmabench_buf_spec *spec)
{
	struct scatterlist *sg = s->sgt.sgl, *last = NULL;
	unsigned int i, n = 0;

	for (i = 0; i < s->nr_pieces; i++) {
		size_t left = s->cut[i].len, at = s->cut[i].at;

		while (left) {
			void *mem = buf->start + at;
			size_t len = spec->coherent ? min(left, spec->max_segment) :
						      entry_len(spec, mem, left);

			sg_unmark_end(sg);
			if (spec->coherent) {
				sg_dma_address(sg) = buf->dma + at;
				sg_dma_len(sg) = len;
			} else {
				sg_set_page(sg, side_page(mem), len, offset_in_page(mem));
			}
			left -= len;
			at += len;
			last = sg;
			sg = sg_next(sg);
			n++;
		}
	}
	sg_mark_end(last);
	s->sgt.orig_nents = n;
	s->sgt.nents = n;
}

/**
 * dmabench_entries_map - hand the data of a scatterlist to the device
 * @x: the transfer, set up
 * @side: number of the buffer
 *
 * Return: 0, -ENOMEM if it cannot be mapped now.
 */
int dmabench_entries_map(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf_spec *spec = x->queue->spec;
	struct dmabench_scatter *scatter = &x->more->scatter[side];
	struct dmabench_buf *buf = &x->side[side].buf;
	enum dma_data_direction dir = dmabench_side_dir(x, side);

	sg_build(scatter, buf, spec);
	if (spec->coherent)
		return 0;
	if (spec->pages)
		flush_kernel_vmap_range(buf->mem, spec->bytes);
	return dma_map_sgtable(spec->dev, &scatter->sgt, dir, 0) ? -ENOMEM : 0;
}

/**
 * dmabench_entries_unmap - take the data of a scatterlist back
 * @x: the transfer
 * @side: number of the buffer
 */
void dmabench_entries_unmap(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf_spec *spec = x->queue->spec;

	if (spec->coherent)
		return;
	dma_unmap_sgtable(spec->dev, &x->more->scatter[side].sgt, dmabench_side_dir(x, side), 0);
	if (spec->pages)
		invalidate_kernel_vmap_range(x->side[side].buf.mem, spec->bytes);
}

/**
 * dmabench_side_sync - pass the data of a mapped buffer on
 * @x: the transfer
 * @side: number of the buffer
 * @for_cpu: to the CPU, or else to the device
 */
void dmabench_side_sync(struct dmabench_xfer *x, unsigned int side, bool for_cpu)
{
	const struct dmabench_buf_spec *spec = x->queue->spec;
	enum dma_data_direction dir = dmabench_side_dir(x, side);

	if (spec->coherent)
		return;
	if (x->op->sg && for_cpu)
		dma_sync_sgtable_for_cpu(spec->dev, &x->more->scatter[side].sgt, dir);
	else if (x->op->sg)
		dma_sync_sgtable_for_device(spec->dev, &x->more->scatter[side].sgt, dir);
	else if (for_cpu)
		dma_sync_single_for_cpu(spec->dev, dmabench_xfer_dma(x, side), x->size, dir);
	else
		dma_sync_single_for_device(spec->dev, dmabench_xfer_dma(x, side), x->size, dir);
}

/**
 * dmabench_room_map - map all that transfers may reach of a buffer, for good
 * @x: the transfer
 * @side: number of the buffer
 *
 * Return: 0, -ENOMEM.
 */
int dmabench_room_map(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf_spec *spec = x->queue->spec;

	return dmabench_buf_map(&x->side[side].buf, spec, 0, spec->room,
				dmabench_side_dir(x, side));
}

/**
 * dmabench_room_unmap - undo dmabench_room_map()
 * @x: the transfer
 * @side: number of the buffer
 */
void dmabench_room_unmap(struct dmabench_xfer *x, unsigned int side)
{
	const struct dmabench_buf_spec *spec = x->queue->spec;

	dmabench_buf_unmap(&x->side[side].buf, spec, spec->room, dmabench_side_dir(x, side));
}

/**
 * dmabench_side_digest - what a buffer's data are, in a number
 * @x: still mapped
 * @side: number of the buffer
 * @digest: of what went before
 *
 * Return: the number.
 */
u64 dmabench_side_digest(struct dmabench_xfer *x, unsigned int side, u64 digest)
{
	const struct dmabench_piece *piece;
	unsigned int i, j, count;

	dmabench_side_sync(x, side, true);
	piece = dmabench_xfer_pieces(x, side, &count);
	for (i = 0; i < count; i++) {
		const u8 *mem = x->side[side].buf.start + piece[i].at;

		for (j = 0; j < piece[i].len; j++)
			digest = digest * 31 + mem[j];
	}
	return digest;
}
