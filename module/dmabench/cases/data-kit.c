// SPDX-License-Identifier: GPL-2.0-only
/*
 * What cases about data have in common: how many transfers there is time for,
 * fresh data for each of them, and images of what a buffer must hold.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../suite.h"
#include "data-kit.h"

/* What the transfers of one loop may take together, as far as that is known. */
#define SAMPLE_NS	(600 * NSEC_PER_MSEC)

/**
 * case_sample - whether to do one of many transfers
 * @t: the trial
 * @wanted: how many there would be
 * @len: bytes of this one
 *
 * All of them if the engine is fast enough, else a random choice, so that the case
 * comes to an end. To be asked once for each.
 *
 * Return: true if so.
 */
bool case_sample(struct case_trial *t, unsigned int wanted, size_t len)
{
	u64 cost = t->suite->small_ns + t->suite->kib_ns * (len / SZ_1K);
	u64 all = cost * wanted;
	u32 share;

	if (all <= SAMPLE_NS)
		return true;
	share = div64_u64((u64)SAMPLE_NS << 16, all);
	return (case_random(t) & 0xffff) < max_t(u32, share, 1);
}

/**
 * case_below - a random number
 * @t: the trial
 * @limit: larger than the number, below 4 G
 *
 * Return: the number.
 */
size_t case_below(struct case_trial *t, size_t limit)
{
	return case_random(t) % (u32)limit;
}

/**
 * case_offset - a random place behind the margin of a buffer
 * @t: the trial
 * @align: of the place, bytes, a power of two
 *
 * Return: a multiple of @align, at least CASE_MARGIN, at most 2 * CASE_MARGIN if
 * @align is not larger.
 */
size_t case_offset(struct case_trial *t, size_t align)
{
	return roundup(CASE_MARGIN, align) + case_below(t, max_t(size_t, CASE_MARGIN / align, 1)) *
	       align;
}

/**
 * case_buf_refill - fill a buffer with data that nothing has held before
 * @t: the trial
 * @buf: the buffer; no transfer uses it
 * @kind: source or old
 * @len: bytes of it
 */
void case_buf_refill(struct case_trial *t, struct case_buf *buf, enum dmabench_pattern_kind kind,
		     size_t len)
{
	buf->key[kind] = case_key(t, t->nr_bufs++, kind);
	dmabench_pattern_fill(buf->data, len, buf->key[kind], 0);
}

/**
 * case_image - memory of the CPU's own
 * @t: the trial
 * @len: bytes
 *
 * Context: may sleep.
 *
 * Return: the memory, for kvfree(), or NULL: the case is skipped for want of it.
 */
u8 *case_image(struct case_trial *t, size_t len)
{
	u8 *image = kvmalloc(len, GFP_KERNEL);

	if (!image)
		case_skip(t, "no memory for %zu bytes", len);
	return image;
}

/**
 * case_image_is - check that a buffer holds what it should
 * @tx: completed
 * @buf: the buffer
 * @image: what it should hold
 * @len: bytes of it
 * @what: the buffer in a word or two
 *
 * Its guards must be intact, too.
 *
 * Return: true; else the case has failed.
 */
bool case_image_is(struct case_tx *tx, const struct case_buf *buf, const u8 *image, size_t len,
		   const char *what)
{
	struct dmabench_mismatch m = {};
	size_t i;

	/* What was completed before we were told is read after we were told. */
	dma_rmb();
	if (memcmp(buf->data, image, len))
		for (i = 0; i < len; i++)
			if (buf->data[i] != image[i])
				dmabench_mismatch_note(&m, i, image[i], buf->data[i]);
	return case_expect_tx(tx, !m.count,
			      "expected the %s as computed, seen %zu of %zu bytes wrong, from %zu to %zu, the first %#x instead of %#x",
			      what, m.count, len, m.first, m.last, m.found, m.expected) &&
	       case_guards_intact(tx->t, buf, what);
}

/**
 * case_held - check that a transfer has left a buffer alone
 * @tx: completed
 * @buf: the buffer
 * @kind: what it was filled with
 * @len: bytes of that
 * @what: the buffer in a word or two
 *
 * Return: true; else the case has failed.
 */
bool case_held(struct case_tx *tx, const struct case_buf *buf, enum dmabench_pattern_kind kind,
	       size_t len, const char *what)
{
	struct dmabench_mismatch m = {};
	bool right = case_buf_is(buf, 0, len, buf->key[kind], 0, &m);

	return case_expect_tx(tx, right,
			      "expected the %s as it was, seen %zu bytes changed, from %zu to %zu",
			      what, m.count, m.first, m.last) &&
	       case_guards_intact(tx->t, buf, what);
}

/**
 * case_all - issue what was submitted and wait for it
 * @t: the trial
 * @tx: transfers of the channel under test
 * @nr: how many
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_all(struct case_trial *t, struct case_tx *const *tx, unsigned int nr)
{
	unsigned int i;

	case_issue(t, t->chan);
	for (i = 0; i < nr; i++)
		if (!case_wait(tx[i]))
			return false;
	return true;
}
