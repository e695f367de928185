// SPDX-License-Identifier: GPL-2.0-only
/*
 * A3.14: interleaved transfers from memory to memory. The reference is written
 * down from the documentation of struct data_chunk, chunk by chunk.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "data-kit.h"

#define FRAMES		5
#define CHUNKS		4
/* Bytes that a chunk with its gap takes at most. */
#define SLOT		192

/**
 * struct weave - a template and the buffers that it goes between
 * @t: the trial
 * @align: of addresses, chunks and gaps, bytes
 * @xt: the template
 * @chunk: its chunks
 * @src: where it reads
 * @dst: where it writes
 * @src_at: offset of the first byte there
 * @dst_at: offset of the first byte there
 * @image: what @dst must hold afterwards
 * @bytes: that it moves
 */
struct weave {
	struct case_trial *t;
	size_t align;
	struct dma_interleaved_template xt;
	struct data_chunk chunk[CHUNKS];
	struct case_buf *src;
	struct case_buf *dst;
	size_t src_at;
	size_t dst_at;
	u8 *image;
	size_t bytes;
};

static void weave_free(struct weave *w)
{
	if (w)
		kvfree(w->image);
	kfree(w);
}

static struct weave *weave_new(struct case_trial *t)
{
	size_t align = 1UL << t->chan->device->copy_align;
	size_t room = 3 * roundup(CASE_MARGIN, align) +
		      FRAMES * CHUNKS * 2 * roundup(SLOT, align);
	struct weave *w = kzalloc_obj(*w);

	if (!w) {
		case_skip(t, "no memory");
		return NULL;
	}
	w->t = t;
	w->align = align;
	w->src = case_buf_new(t, room);
	w->dst = w->src ? case_buf_new(t, room) : NULL;
	w->image = case_image(t, room);
	if (w->dst && w->image)
		return w;
	weave_free(w);
	return NULL;
}

/* A gap, or none. */
static size_t weave_gap(struct weave *w)
{
	if (case_below(w->t, 2))
		return 0;
	return w->align * (1 + case_below(w->t, max_t(size_t, SLOT / 2 / w->align, 1)));
}

static void weave_choose(struct weave *w, unsigned int frames, unsigned int chunks)
{
	struct case_trial *t = w->t;
	unsigned int i;

	memset(&w->xt, 0, sizeof(w->xt));
	w->xt.dir = DMA_MEM_TO_MEM;
	w->xt.src_inc = true;
	w->xt.dst_inc = true;
	w->xt.src_sgl = case_below(t, 2);
	w->xt.dst_sgl = case_below(t, 2);
	w->xt.numf = frames;
	w->xt.frame_size = chunks;
	w->src_at = case_offset(t, w->align);
	w->dst_at = case_offset(t, w->align);
	w->xt.src_start = w->src->dma + w->src_at;
	w->xt.dst_start = w->dst->dma + w->dst_at;
	w->bytes = 0;
	for (i = 0; i < chunks; i++) {
		struct data_chunk *chunk = &w->chunk[i];

		chunk->size = w->align * (1 + case_below(t, max_t(size_t, SLOT / w->align, 1)));
		/* The general one is for ends that have none of their own. */
		chunk->icg = weave_gap(w);
		chunk->src_icg = weave_gap(w);
		chunk->dst_icg = weave_gap(w);
		w->bytes += frames * chunk->size;
	}
}

/* "inter-chunk gap": that of the end if there is one, else the general one if sgl is set. */
static size_t gap_behind(bool sgl, size_t general, size_t own)
{
	if (own)
		return own;
	return sgl ? general : 0;
}

static void weave_expect(struct weave *w)
{
	size_t src = w->src_at, dst = w->dst_at, frame, i;

	memcpy(w->image, w->dst->data, w->dst->len);
	for (frame = 0; frame < w->xt.numf; frame++) {
		for (i = 0; i < w->xt.frame_size; i++) {
			const struct data_chunk *chunk = &w->chunk[i];

			memcpy(w->image + dst, w->src->data + src, chunk->size);
			src += chunk->size + gap_behind(w->xt.src_sgl, chunk->icg, chunk->src_icg);
			dst += chunk->size + gap_behind(w->xt.dst_sgl, chunk->icg, chunk->dst_icg);
		}
	}
}

static void weave_fill(struct weave *w)
{
	case_buf_refill(w->t, w->src, DMABENCH_PATTERN_SOURCE, w->src->len);
	case_buf_refill(w->t, w->dst, DMABENCH_PATTERN_OLD, w->dst->len);
}

/* The template is gone when the transfer is submitted (A2.4). */
static struct dma_async_tx_descriptor *weave_prep(struct weave *w,
						  struct dma_interleaved_template *xt)
{
	struct dma_async_tx_descriptor *desc;
	size_t size = struct_size(xt, sgl, w->xt.frame_size);

	memcpy(xt, &w->xt, sizeof(*xt));
	memcpy(xt->sgl, w->chunk, w->xt.frame_size * sizeof(*w->chunk));
	desc = dmaengine_prep_interleaved_dma(w->t->chan, xt, CASE_FLAGS);
	memset(xt, 0xff, size);
	return desc;
}

/* Whether it was taken; what goes wrong then fails the case. */
static bool weave_run(struct weave *w)
{
	struct dma_interleaved_template *xt __free(kfree) =
		kzalloc_flex(*xt, sgl, w->xt.frame_size);
	struct case_tx *tx = case_tx_new(w->t, w->t->chan);
	struct dma_async_tx_descriptor *desc;
	char what[96];

	if (!xt || !tx) {
		case_skip(w->t, "no memory");
		return false;
	}
	tx->len = w->bytes;
	weave_fill(w);
	weave_expect(w);
	desc = weave_prep(w, xt);
	if (!desc)
		return false;
	scnprintf(what, sizeof(what), "destination of %zu frames of %zu chunks%s%s",
		  w->xt.numf, w->xt.frame_size, w->xt.src_sgl ? ", src_sgl" : "",
		  w->xt.dst_sgl ? ", dst_sgl" : "");
	if (case_tx_made(tx, desc) && case_start(tx) && case_wait(tx) &&
	    case_image_is(tx, w->dst, w->image, w->dst->len, what))
		case_held(tx, w->src, DMABENCH_PATTERN_SOURCE, w->src->len, "source");
	return true;
}

/* One chunk without a gap: a copy. Who copies memory must be able to do that. */
static bool weave_is_offered(struct weave *w)
{
	weave_choose(w, 1, 1);
	w->chunk[0] = (struct data_chunk) { .size = w->chunk[0].size };
	if (weave_run(w))
		return w->t->verdict == CASE_PASSED;
	if (w->t->verdict != CASE_PASSED)
		return false;
	if (case_can(w->t, CASE_NEED_MEMCPY))
		case_fail(w->t,
			  "expected a descriptor for one chunk from memory to memory, seen NULL");
	else
		case_skip(w->t, "the provider has no interleaved from memory to memory");
	return false;
}

#define WEAVES	48

static unsigned int weave_all(struct case_trial *t, bool all)
{
	struct weave *w = weave_new(t);
	unsigned int i, refused = 0;

	if (!w || !weave_is_offered(w))
		goto out;
	for (i = 0; i < WEAVES && !case_over(t); i++) {
		if (i > 6 && !case_sample(t, WEAVES, SZ_4K))
			continue;
		/* First those that differ in one thing alone. */
		weave_choose(w, i % 3 == 1 ? 1 : 1 + case_below(t, FRAMES),
			     i % 3 == 2 ? 1 : 1 + case_below(t, CHUNKS));
		if (weave_run(w))
			continue;
		refused++;
		if (all && !case_expect(t, false,
					"expected a descriptor for %zu frames of %zu chunks, seen NULL",
					w->xt.numf, w->xt.frame_size))
			break;
	}
	if (refused)
		case_note(t, "%u templates were refused", refused);
out:
	weave_free(w);
	return refused;
}

void case_data_interleaved(struct case_trial *t)
{
	weave_all(t, false);
}

void case_data_interleaved_any(struct case_trial *t)
{
	weave_all(t, true);
}

/* ------------------------------------------------ an address that stands still */

/* Wider than any access. */
#define BEAT	64

/* Some width is such that each beat holds the same bytes. */
static bool still_read(struct weave *w, size_t len)
{
	const u8 *src = w->src->data + w->src_at, *dst = w->dst->data + w->dst_at;
	size_t width, i;

	for (width = 1; width <= min_t(size_t, BEAT, len); width *= 2) {
		for (i = 0; i < len && dst[i] == src[i % width];)
			i++;
		if (i == len)
			return true;
	}
	return false;
}

/* Some width is such that the last beat is what stays. */
static bool still_written(struct weave *w, size_t len)
{
	const u8 *src = w->src->data + w->src_at, *dst = w->dst->data + w->dst_at;
	size_t width;

	for (width = 1; width <= min_t(size_t, BEAT, len); width *= 2)
		if (!memcmp(dst, src + len - width, width))
			return true;
	return false;
}

void case_data_interleaved_still(struct case_trial *t)
{
	struct weave *w = weave_new(t);
	struct dma_interleaved_template *xt;
	struct dma_async_tx_descriptor *desc;
	struct dmabench_mismatch m = {};
	struct case_tx *tx;
	size_t len, end;
	unsigned int i;
	bool right;

	xt = kzalloc_flex(*xt, sgl, CHUNKS);
	for (i = 0; i < 2 && w && xt && weave_is_offered(w); i++) {
		weave_choose(w, 1, 1);
		len = roundup(4 * BEAT, w->align);
		w->chunk[0] = (struct data_chunk) { .size = len };
		w->xt.src_inc = i;
		w->xt.dst_inc = !i;
		weave_fill(w);
		tx = case_tx_new(t, t->chan);
		if (!tx)
			break;
		tx->len = len;
		desc = weave_prep(w, xt);
		if (!desc)
			continue;
		if (!case_tx_made(tx, desc) || !case_start(tx) || !case_wait(tx))
			break;
		dma_rmb();
		if (!case_expect_tx(tx, i ? still_written(w, len) : still_read(w, len),
				    "expected %s all the time, seen something else",
				    i ? "the destination's first bytes written" :
					"the source's first bytes read"))
			break;
		end = w->dst_at + (i ? BEAT : len);
		right = case_buf_is(w->dst, end, w->dst->len - end,
				    w->dst->key[DMABENCH_PATTERN_OLD], end, &m);
		if (!case_expect_tx(tx, right,
				    "expected nothing written behind the destination, seen %zu bytes, the first %zu behind it",
				    m.count, m.first))
			break;
	}
	kfree(xt);
	weave_free(w);
}
