// SPDX-License-Identifier: GPL-2.0-only
/*
 * A3.7 to A3.9, A3.17, A3.18: memset, interrupt, and what flags may do.
 */
#include <linux/kernel.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "data-kit.h"

/* ------------------------------------------------------------------- memset */

static bool set_one(struct case_trial *t, struct case_buf *buf, size_t at, size_t len, int value)
{
	u8 *image __free(kvfree) = NULL;
	size_t span = at + len + CASE_MARGIN;
	struct case_tx *tx = case_tx_new(t, t->chan);
	char what[40];

	image = case_image(t, span);
	if (!image || !tx)
		return false;
	tx->len = len;
	/* No byte holds already what it is to hold. */
	case_buf_refill(t, buf, DMABENCH_PATTERN_OLD, span);
	memcpy(image, buf->data, span);
	memset(image + at, value, len);
	scnprintf(what, sizeof(what), "destination of memset to %#x", value);
	return case_tx_made(tx, dmaengine_prep_dma_memset(t->chan, buf->dma + at, value, len,
							  CASE_FLAGS)) &&
	       case_start(tx) && case_wait(tx) && case_image_is(tx, buf, image, span, what);
}

static size_t fill_align(const struct case_trial *t)
{
	return 1UL << t->chan->device->fill_align;
}

void case_data_memset_values(struct case_trial *t)
{
	static const int values[] = {
		0, 1, 0x5a, 0x80, 0xff, 0x1ff, -1, 0x100, 0x12345678, -0x7f00 };
	size_t align = fill_align(t), most = roundup(SZ_2K, align);
	struct case_buf *buf = case_buf_new(t, 3 * roundup(CASE_MARGIN, align) + most);
	unsigned int i, round;

	for (round = 0; round < 3; round++) {
		for (i = 0; i < ARRAY_SIZE(values) && buf && !case_over(t); i++) {
			size_t len = align * (1 + case_below(t, most / align));

			if (round && !case_sample(t, 3 * ARRAY_SIZE(values), len))
				continue;
			if (!set_one(t, buf, case_offset(t, align), len, values[i]))
				return;
		}
	}
}

void case_data_memset_lengths(struct case_trial *t)
{
	static const size_t large[] = { SZ_1K, SZ_4K, SZ_16K, SZ_64K, SZ_256K };
	size_t align = fill_align(t), most = max_t(size_t, 160, 4 * align), len;
	struct case_buf *buf = case_buf_new(t, 3 * roundup(CASE_MARGIN, align) + SZ_256K + align);
	unsigned int i;
	int step;

	if (!buf)
		return;
	for (len = align; len <= most && !case_over(t); len += align)
		if (case_sample(t, most / align, len) &&
		    !set_one(t, buf, case_offset(t, align), len, case_random(t)))
			return;
	for (i = 0; i < ARRAY_SIZE(large); i++) {
		for (step = -1; step <= 1; step++) {
			len = roundup(large[i], align) + step * (ssize_t)align;
			if (case_over(t))
				return;
			if (len && case_sample(t, 15, len) &&
			    !set_one(t, buf, case_offset(t, align), len, case_random(t)))
				return;
		}
	}
}

/* ---------------------------------------------------------------- memset_sg */

#define SET_ENTRIES	8

static bool set_entries(struct case_trial *t, struct case_buf *buf, unsigned int nr, int value)
{
	struct scatterlist *sgl __free(kfree) = kcalloc(nr, sizeof(*sgl), GFP_KERNEL);
	u8 *image __free(kvfree) = case_image(t, buf->len);
	struct case_tx *tx = case_tx_new(t, t->chan);
	size_t align = fill_align(t), at = roundup(CASE_MARGIN, align);
	struct dma_async_tx_descriptor *desc;
	unsigned int i;

	if (!sgl || !image || !tx)
		return false;
	case_buf_refill(t, buf, DMABENCH_PATTERN_OLD, buf->len);
	memcpy(image, buf->data, buf->len);
	sg_init_table(sgl, nr);
	for (i = 0; i < nr; i++) {
		size_t len = align * (1 + case_below(t, max_t(size_t, 200 / align, 1)));

		sgl[i].length = len;
		sg_dma_address(&sgl[i]) = buf->dma + at;
		sg_dma_len(&sgl[i]) = len;
		memset(image + at, value, len);
		tx->len += len;
		at += len + align * (1 + case_below(t, max_t(size_t, CASE_MARGIN / align, 1)));
	}
	desc = t->chan->device->device_prep_dma_memset_sg(t->chan, sgl, nr, value, CASE_FLAGS);
	memset(sgl, 0xff, nr * sizeof(*sgl));
	return case_tx_made(tx, desc) && case_start(tx) && case_wait(tx) &&
	       case_image_is(tx, buf, image, buf->len, "destination of memset_sg");
}

void case_data_memset_sg(struct case_trial *t)
{
	size_t align = fill_align(t);
	size_t slot = roundup(200, align) + 2 * roundup(CASE_MARGIN, align);
	struct case_buf *buf = case_buf_new(t, (SET_ENTRIES + 1) * slot);
	unsigned int i;

	for (i = 0; i < 3 * SET_ENTRIES && buf && !case_over(t); i++)
		if ((i < SET_ENTRIES || case_sample(t, 3 * SET_ENTRIES, SZ_1K)) &&
		    !set_entries(t, buf, 1 + i % SET_ENTRIES, case_random(t)))
			return;
}

/* ---------------------------------------------------------------- interrupt */

static struct case_tx *interrupt(struct case_trial *t)
{
	struct dma_device *device = t->chan->device;
	struct case_tx *tx = case_tx_new(t, t->chan);

	if (!tx || !case_tx_made(tx, device->device_prep_dma_interrupt(t->chan, CASE_FLAGS)))
		return NULL;
	return tx;
}

/* In the callback of an interrupt what was submitted before it has to be there. */
static void interrupt_hook(struct case_tx *tx)
{
	struct case_tx *before = tx->data;
	size_t arrived = case_buf_arrived(before->dst, before->src, before->len);

	case_expect_tx(tx, arrived == before->len,
		       "expected all %zu bytes of the copy before the interrupt in its callback, seen %zu",
		       before->len, arrived);
}

static bool interrupt_between(struct case_trial *t, size_t len)
{
	struct case_tx *tx[3];
	unsigned int i;

	tx[0] = case_carry(t, len);
	if (!tx[0] || !case_submit(tx[0]))
		return false;
	tx[1] = interrupt(t);
	if (!tx[1])
		return false;
	if (case_data_seen(tx[0])) {
		tx[1]->data = tx[0];
		tx[1]->hook = interrupt_hook;
	}
	if (!case_submit(tx[1]))
		return false;
	tx[2] = case_carry(t, len);
	if (!tx[2] || !case_submit(tx[2]) || !case_all(t, tx, 3))
		return false;
	for (i = 0; i < 3; i++)
		if (!case_expect_tx(tx[i], tx[i]->order - tx[0]->order == i,
				    "expected the callbacks of copy, interrupt, copy in order, seen number %u as number %d",
				    i, tx[i]->order - tx[0]->order))
			return false;
	return case_intact(tx[0]) && case_intact(tx[2]);
}

void case_data_interrupt_order(struct case_trial *t)
{
	size_t most = min_t(size_t, case_long(t, 20), SZ_256K);
	size_t len;

	for (len = 64; len < most && !case_over(t); len *= 16)
		if (!interrupt_between(t, case_round(t, len)))
			return;
	if (!case_over(t))
		interrupt_between(t, case_round(t, most));
}

void case_data_interrupt_alone(struct case_trial *t)
{
	unsigned int i, n, round;

	for (round = 0; round < 4; round++) {
		struct case_tx *tx[3];
		enum dma_status status;

		n = 1 + round % 3;
		for (i = 0; i < n; i++) {
			tx[i] = interrupt(t);
			if (!tx[i] || !case_submit(tx[i]))
				return;
		}
		if (!case_all(t, tx, n))
			return;
		case_sleep(t, 5);
		for (i = 0; i < n; i++) {
			status = case_status(tx[i], NULL);
			if (!case_expect_tx(tx[i], atomic_read(&tx[i]->calls) == 1,
					    "expected one callback of an interrupt, seen %d",
					    atomic_read(&tx[i]->calls)) ||
			    !case_expect_tx(tx[i], status == DMA_COMPLETE ||
						   status == DMA_OUT_OF_ORDER,
					    "expected status complete of an interrupt that has called back, seen %s",
					    case_status_name(status)))
				return;
		}
	}
}

/* -------------------------------------------------------------------- flags */

#define ACK_FOLLOWERS	8

static struct case_tx *copy_with(struct case_trial *t, size_t len, unsigned long flags)
{
	struct case_buf *src = case_buf_new(t, len), *dst = src ? case_buf_new(t, len) : NULL;

	if (!dst)
		return NULL;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(dst, DMABENCH_PATTERN_OLD);
	return case_memcpy(t, dst, 0, src, 0, len, flags);
}

/*
 * Many providers free a descriptor as soon as it is complete: all that is looked at
 * is whether the same one is given out again, and terminate gives it back. Those
 * that have none, and are no slaves, keep descriptors of their own in rings or pools.
 */
void case_data_no_ack(struct case_trial *t)
{
	bool look = !case_can(t, CASE_NEED_TERMINATE);
	struct dma_async_tx_descriptor *kept;
	struct case_tx *tx, *next;
	unsigned int i;
	bool same;

	if (look && case_can(t, CASE_NEED_SLAVE_CAP)) {
		case_skip(t, "nothing would give the descriptor back: no terminate_all");
		return;
	}
	tx = copy_with(t, case_round(t, SZ_1K), DMA_PREP_INTERRUPT);
	if (!tx || !case_do(tx))
		return;
	kept = tx->desc;
	for (i = 0; i < ACK_FOLLOWERS; i++) {
		next = copy_with(t, case_round(t, 256), CASE_FLAGS);
		if (!next)
			return;
		if (next->desc == kept) {
			case_submit(next);
			case_all(t, &next, 1);
			case_fail_tx(next,
				     "expected another descriptor while one is not acknowledged, seen that one, number %u behind it",
				     i + 1);
			return;
		}
		if (!case_do(next))
			return;
	}
	if (!look) {
		case_terminate(t, t->chan);
		return;
	}
	same = kept->cookie == tx->cookie && kept->callback_param == tx && kept->chan == t->chan;
	case_expect_tx(tx, same,
		       "expected a descriptor that is not acknowledged as it was, seen cookie %d instead of %d",
		       kept->cookie, tx->cookie);
	async_tx_ack(kept);
}

void case_data_cmd(struct case_trial *t)
{
	struct case_tx *tx = case_tx_new(t, t->chan);
	size_t len = case_round(t, SZ_1K);
	struct case_buf *src = case_buf_new(t, len), *dst = src ? case_buf_new(t, len) : NULL;
	struct dma_async_tx_descriptor *desc;

	if (!tx || !dst)
		return;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(dst, DMABENCH_PATTERN_OLD);
	tx->src = src;
	tx->dst = dst;
	tx->len = len;
	desc = dmaengine_prep_dma_memcpy(t->chan, dst->dma, src->dma, len,
					 CASE_FLAGS | DMA_PREP_CMD);
	if (desc && case_tx_made(tx, desc))
		case_do(tx);
}
