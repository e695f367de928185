// SPDX-License-Identifier: GPL-2.0-only
/*
 * A3.15: interleaved transfers that begin anew until something takes their place.
 */
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "slave-kit.h"

/* Two chunks with a gap between them at the destination. */
#define CHUNKS	2
/* Of what a round writes first, and last, bytes. */
#define FIRST	8

/**
 * struct round - a transfer from memory to memory, and its buffers
 * @t: the trial
 * @chunk: bytes of a chunk
 * @gap: bytes between them at the destination
 * @src: where it reads
 * @dst: where it writes
 * @image: what @dst must hold after a round
 * @tx: the transfer
 */
struct round {
	struct case_trial *t;
	size_t chunk;
	size_t gap;
	struct case_buf *src;
	struct case_buf *dst;
	u8 *image;
	struct case_tx *tx;
};

static void round_free(struct round *r)
{
	kvfree(r->image);
}

/* New data to be read. */
static void round_source(struct round *r)
{
	case_buf_refill(r->t, r->src, DMABENCH_PATTERN_SOURCE, r->src->len);
	memcpy(r->image, r->src->data, r->chunk);
	memcpy(r->image + r->chunk + r->gap, r->src->data + r->chunk, r->chunk);
}

/* New data to be gone after the next round. */
static void round_old(struct round *r)
{
	case_buf_refill(r->t, r->dst, DMABENCH_PATTERN_OLD, r->dst->len);
	dmabench_pattern_fill(r->image + r->chunk, r->gap, r->dst->key[DMABENCH_PATTERN_OLD],
			      r->chunk);
}

static struct dma_async_tx_descriptor *round_prep(struct round *r, unsigned long flags)
{
	struct dma_interleaved_template *xt __free(kfree) =
		kzalloc_flex(*xt, sgl, CHUNKS, GFP_NOWAIT | __GFP_NOWARN);

	if (!xt)
		return NULL;
	xt->dir = DMA_MEM_TO_MEM;
	xt->src_start = r->src->dma;
	xt->dst_start = r->dst->dma;
	xt->src_inc = true;
	xt->dst_inc = true;
	xt->numf = 1;
	xt->frame_size = CHUNKS;
	xt->sgl[0].size = r->chunk;
	xt->sgl[0].dst_icg = r->gap;
	xt->sgl[1].size = r->chunk;
	return dmaengine_prep_interleaved_dma(r->t->chan, xt, CASE_FLAGS | flags);
}

/* The buffers and the transfer; it is not submitted. */
static bool round_new(struct round *r, struct case_trial *t, size_t chunk, unsigned long flags)
{
	size_t align = 1UL << t->chan->device->copy_align;
	struct dma_async_tx_descriptor *desc;

	*r = (struct round) {
		.t = t,
		.chunk = roundup(chunk, align),
		.gap = roundup(64, align),
	};
	r->src = case_buf_new(t, 2 * r->chunk);
	r->dst = r->src ? case_buf_new(t, 2 * r->chunk + r->gap) : NULL;
	r->image = r->dst ? case_image(t, r->dst->len) : NULL;
	r->tx = r->image ? case_tx_new(t, t->chan) : NULL;
	if (!r->tx)
		return false;
	round_source(r);
	round_old(r);
	r->tx->len = 2 * r->chunk;
	desc = round_prep(r, flags);
	/* Many interleave for peripherals only. */
	if (!desc && flags & DMA_PREP_REPEAT && !case_can(t, CASE_NEED_MEMCPY)) {
		r->tx->state = CASE_TX_SUBMITTED;
		case_skip(t, "the provider has no interleaved from memory to memory");
		return false;
	}
	return case_tx_made(r->tx, desc);
}

static bool round_is_there(const struct round *r)
{
	dma_rmb();
	return !memcmp(r->dst->data, r->image, r->dst->len);
}

/* Waits for a round that has begun after the last change of the buffers. */
static bool round_comes(struct round *r, const char *what)
{
	enum dma_status status;

	if (!case_until(r->t, round_is_there(r)))
		return r->t->verdict == CASE_PASSED &&
		       case_image_is(r->tx, r->dst, r->image, r->dst->len, what);
	status = case_status(r->tx, NULL);
	return case_expect_tx(r->tx, status == DMA_IN_PROGRESS,
			      "expected status in progress of a repeating transfer, seen %s",
			      case_status_name(status)) &&
	       case_guards_intact(r->t, r->dst, what);
}

static bool goes_on(struct round *r, unsigned int rounds)
{
	unsigned int i;

	for (i = 0; i < rounds; i++) {
		/* The gap keeps what it has, whoever writes around it. */
		round_old(r);
		if (!round_comes(r, "destination of a repeating transfer"))
			return false;
	}
	return true;
}

void case_repeat_goes_on(struct case_trial *t)
{
	struct round r;
	unsigned int i;

	if (round_new(&r, t, 512, DMA_PREP_REPEAT) && case_start(r.tx) &&
	    round_comes(&r, "destination of the first round") && goes_on(&r, 4)) {
		for (i = 0; i < 2; i++) {
			round_source(&r);
			if (!round_comes(&r, "destination, after the source has changed"))
				break;
		}
		if (t->verdict == CASE_PASSED)
			case_terminate(t, t->chan);
	}
	round_free(&r);
}

/*
 * Fills the destination from behind: a round that is seen to have written the first
 * bytes afterwards has all others still before it.
 */
static void round_old_backwards(struct round *r)
{
	round_old(r);
	/* The order counts for an engine that writes at the same time. */
	mb();
	dmabench_pattern_fill(r->dst->data, FIRST, r->dst->key[DMABENCH_PATTERN_OLD], 0);
	/* What follows is issued behind it. */
	mb();
}

/* The last round was whole if it has not written its first bytes only. */
static bool last_round_whole(struct round *r)
{
	size_t end = r->dst->len - FIRST;
	bool first, last;

	dma_rmb();
	first = !memcmp(r->dst->data, r->image, FIRST);
	last = !memcmp(r->dst->data + end, r->image + end, FIRST);
	return case_expect_tx(r->tx, !first || last,
			      "expected a repeating transfer to end with a round, seen one begun and not ended");
}

static bool ended(struct round *r)
{
	enum dma_status status;
	int calls;

	if (!case_until(r->t, case_status(r->tx, NULL) != DMA_IN_PROGRESS) &&
	    r->t->verdict != CASE_PASSED)
		return false;
	status = case_status(r->tx, NULL);
	if (!case_expect_tx(r->tx, status == DMA_COMPLETE,
			    "expected status complete of what has made place, seen %s",
			    case_status_name(status)) ||
	    !last_round_whole(r))
		return false;
	/* Its last callback may be on its way. */
	case_sleep(r->t, 10);
	calls = atomic_read(&r->tx->calls);
	round_old(r);
	case_sleep(r->t, 30);
	return case_expect_tx(r->tx, calls == atomic_read(&r->tx->calls),
			      "expected no callback of what has made place, seen %d more",
			      atomic_read(&r->tx->calls) - calls) &&
	       case_held(r->tx, r->dst, DMABENCH_PATTERN_OLD, r->dst->len,
			 "destination of what has made place");
}

static bool load_eot(struct case_trial *t, size_t chunk)
{
	struct round r, next;
	bool right = false;

	if (!round_new(&r, t, chunk, DMA_PREP_REPEAT) || !case_start(r.tx) ||
	    !round_comes(&r, "destination of the first round") || !goes_on(&r, 2)) {
		round_free(&r);
		return false;
	}
	if (round_new(&next, t, chunk, DMA_PREP_LOAD_EOT) && case_submit(next.tx)) {
		round_old_backwards(&r);
		case_issue(t, t->chan);
		right = case_wait(next.tx) &&
			case_image_is(next.tx, next.dst, next.image, next.dst->len,
				      "destination of what takes the place") &&
			ended(&r);
	}
	round_free(&next);
	round_free(&r);
	return right;
}

void case_repeat_load_eot(struct case_trial *t)
{
	static const size_t chunks[] = { 64, SZ_1K, SZ_16K };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(chunks) && !case_over(t); i++)
		if ((!i || case_sample(t, 40, chunks[i])) && !load_eot(t, chunks[i]))
			return;
}

void case_repeat_not_replaced(struct case_trial *t)
{
	struct round r, behind;
	enum dma_status status;
	bool waits;

	if (!round_new(&r, t, SZ_1K, DMA_PREP_REPEAT) || !case_start(r.tx) ||
	    !goes_on(&r, 2)) {
		round_free(&r);
		return;
	}
	if (round_new(&behind, t, SZ_1K, 0) && case_start(behind.tx)) {
		case_sleep(t, 40);
		status = case_status(behind.tx, NULL);
		waits = status == DMA_IN_PROGRESS && !atomic_read(&behind.tx->calls);
		if (case_expect_tx(behind.tx, waits,
				   "expected what has no DMA_PREP_LOAD_EOT to wait, seen %d callbacks, status %s",
				   atomic_read(&behind.tx->calls), case_status_name(status)) &&
		    case_held(behind.tx, behind.dst, DMABENCH_PATTERN_OLD, behind.dst->len,
			      "destination of what waits") &&
		    goes_on(&r, 3))
			case_terminate(t, t->chan);
	}
	round_free(&behind);
	round_free(&r);
}
