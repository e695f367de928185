// SPDX-License-Identifier: GPL-2.0-only
/*
 * interleaved: frames of chunks with gaps, another template for each transfer.
 * Contract A3.14. The knob `size` bounds what a transfer spans at either end; the
 * gaps of the destination must keep what they held.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>

#include "../xfer.h"
#include "op.h"

#define INTERLEAVED_FRAMES	6
#define INTERLEAVED_CHUNKS	4

/* Larger than this no template gets, so that it fits on a stack. */
struct interleaved_template {
	struct dma_interleaved_template head;
	struct data_chunk chunk[INTERLEAVED_CHUNKS];
};

/* A number from 0 to @most; the n-th one of the transfer. */
static size_t choose(struct dmabench_xfer *x, unsigned int *n, size_t most)
{
	return (u32)dmabench_xfer_random(x, (*n)++) % (u32)(most + 1);
}

static void chunk_setup(struct dmabench_xfer *x, struct data_chunk *chunk, size_t slot,
			unsigned int *n)
{
	size_t align = x->queue->align;
	size_t units = max_t(size_t, slot / align, 1);
	size_t gap;

	chunk->size = (1 + choose(x, n, (units - 1) / 2)) * align;
	gap = units - chunk->size / align;
	/* Each of the gaps is there or not; the general one counts for ends without. */
	chunk->icg = choose(x, n, gap) * align;
	chunk->src_icg = choose(x, n, 1) * choose(x, n, gap) * align;
	chunk->dst_icg = choose(x, n, 1) * choose(x, n, gap) * align;
}

static void interleaved_setup(struct dmabench_xfer *x)
{
	struct interleaved_template *t = x->state;
	struct dma_interleaved_template *xt = &t->head;
	size_t slots = x->size / x->queue->align;
	unsigned int i, n = 0;

	memset(t, 0, sizeof(*t));
	xt->dir = DMA_MEM_TO_MEM;
	xt->src_inc = true;
	xt->dst_inc = true;
	xt->src_sgl = choose(x, &n, 1);
	xt->dst_sgl = choose(x, &n, 1);
	xt->numf = 1 + choose(x, &n, min_t(size_t, slots, INTERLEAVED_FRAMES) - 1);
	xt->frame_size = 1 + choose(x, &n, min_t(size_t, slots / xt->numf, INTERLEAVED_CHUNKS) - 1);
	for (i = 0; i < xt->frame_size; i++)
		chunk_setup(x, &t->chunk[i], x->size / xt->numf / xt->frame_size, &n);

	x->payload = 0;
	for (i = 0; i < xt->frame_size; i++)
		x->payload += t->chunk[i].size * xt->numf;
}

static struct dma_async_tx_descriptor *
interleaved_prep(struct dmabench_xfer *x, const struct dmabench_route *route, unsigned long flags)
{
	/* On the stack, so that a provider that keeps a pointer finds rubbish (A2.4). */
	struct interleaved_template t = *(const struct interleaved_template *)x->state;

	t.head.src_start = dmabench_xfer_dma(x, 0);
	t.head.dst_start = dmabench_xfer_dma(x, 1);
	return dmaengine_prep_interleaved_dma(route->chan->dma, &t.head, flags);
}

static void interleaved_fill(struct dmabench_xfer *x)
{
	dmabench_xfer_fill_side(x, 0, DMABENCH_PATTERN_SOURCE);
	dmabench_xfer_fill_side(x, 1, DMABENCH_PATTERN_OLD);
}

static size_t gap_behind(bool sgl, const struct data_chunk *chunk, size_t own)
{
	if (own)
		return own;
	return sgl ? chunk->icg : 0;
}

/* The part of a chunk that lies in a stretch of the destination. */
static void chunk_expect(struct dmabench_xfer *x, size_t src, size_t dst, size_t size,
			 size_t from, u8 *to, size_t len)
{
	size_t first = max(dst, from);
	size_t end = min(dst + size, from + len);

	if (first < end)
		memcpy(to + (first - from), dmabench_xfer_mem(x, 0) + src + (first - dst),
		       end - first);
}

/* Written down from the documentation of struct data_chunk, chunk by chunk. */
static void interleaved_expect(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	const struct interleaved_template *t = x->state;
	size_t src = 0, dst = 0, frame, i;

	dmabench_xfer_old(x, 1, from, to, len);
	for (frame = 0; frame < t->head.numf; frame++) {
		for (i = 0; i < t->head.frame_size; i++) {
			const struct data_chunk *chunk = &t->chunk[i];

			chunk_expect(x, src, dst, chunk->size, from, to, len);
			src += chunk->size + gap_behind(t->head.src_sgl, chunk, chunk->src_icg);
			dst += chunk->size + gap_behind(t->head.dst_sgl, chunk, chunk->dst_icg);
		}
	}
}

static bool interleaved_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	return dmabench_xfer_check_side(x, 0, DMABENCH_PATTERN_SOURCE, "source",
					reason, reason_size) &&
	       dmabench_xfer_check_computed(x, 1, "destination", interleaved_expect,
					    reason, reason_size);
}

const struct dmabench_op dmabench_op_interleaved = {
	.name		= "interleaved",
	.cap		= DMA_INTERLEAVE,
	.align		= offsetof(struct dma_device, copy_align),
	.sources	= 1,
	.dests		= 1,
	.gaps		= true,
	.state_size	= sizeof(struct interleaved_template),
	.setup		= interleaved_setup,
	.prep		= interleaved_prep,
	.fill		= interleaved_fill,
	.verify		= interleaved_verify,
};
