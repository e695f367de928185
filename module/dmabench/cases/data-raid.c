// SPDX-License-Identifier: GPL-2.0-only
/*
 * A3.3 to A3.6: xor, pq, and their checks. Sources hold data of their own, each
 * another pattern, lie at other offsets, and have other coefficients: with equal
 * ones a source left out or a wrong polynomial would look right.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../gf.h"
#include "data-kit.h"

#define RAID_SOURCES	32
#define RAID_LONGEST	SZ_2K

/* Both sides of P and Q. */
enum { SIDE_P, SIDE_Q, SIDES };

/**
 * struct raid_result - of a check, in memory that stays while an engine may write it
 * @bits: what the engine writes
 * @room: nothing of ours is near
 * @told: @bits as the callback has found them
 */
struct raid_result {
	enum sum_check_flags bits;
	u8 room[60];
	int told;
};

/**
 * struct raid - the buffers of a transfer with many sources
 * @t: the trial
 * @align: of the kind of transfer, bytes
 * @most: sources that it can have
 * @n: sources that it has
 * @len: bytes of each
 * @src: the sources
 * @src_at: where in @src each begins
 * @side: P (or what xor writes) and Q
 * @side_at: where they begin
 * @result: of a check
 * @coef: a coefficient for each source
 */
struct raid {
	struct case_trial *t;
	size_t align;
	unsigned int most;
	unsigned int n;
	size_t len;
	struct case_buf *src[RAID_SOURCES];
	size_t src_at[RAID_SOURCES];
	struct case_buf *side[SIDES];
	size_t side_at[SIDES];
	struct raid_result *result;
	u8 coef[RAID_SOURCES];
};

static struct raid *raid_new(struct case_trial *t, unsigned int align_shift, unsigned int most)
{
	size_t align = 1UL << align_shift;
	size_t room = 3 * roundup(CASE_MARGIN, align) + roundup(RAID_LONGEST, align);
	struct raid *r = kzalloc_obj(*r);
	struct case_buf *buf;
	unsigned int i;

	if (!r) {
		case_skip(t, "no memory");
		return NULL;
	}
	r->t = t;
	r->align = align;
	r->most = min_t(unsigned int, most, RAID_SOURCES);
	if (!case_expect(t, r->most, "expected at least one source, seen a maximum of %u", most))
		goto out;
	for (i = 0; i < r->most + SIDES; i++) {
		buf = case_buf_new(t, room);
		if (!buf)
			goto out;
		if (i < r->most)
			r->src[i] = buf;
		else
			r->side[i - r->most] = buf;
	}
	buf = case_buf_new(t, sizeof(*r->result));
	if (!buf)
		goto out;
	r->result = (struct raid_result *)buf->data;
	return r;
out:
	kfree(r);
	return NULL;
}

/* Bytes of a buffer that are looked at. */
static size_t raid_span(const struct raid *r, size_t at)
{
	return at + r->len + CASE_MARGIN;
}

/* New data, offsets and coefficients. */
static void raid_fill(struct raid *r, unsigned int n, size_t len)
{
	unsigned int i;

	r->n = n;
	r->len = len;
	for (i = 0; i < n; i++) {
		r->src_at[i] = case_offset(r->t, r->align);
		case_buf_refill(r->t, r->src[i], DMABENCH_PATTERN_SOURCE,
				raid_span(r, r->src_at[i]));
		/* Never 0, so that no source is without effect. */
		r->coef[i] = case_random(r->t) % 255 + 1;
	}
	for (i = 0; i < SIDES; i++) {
		r->side_at[i] = case_offset(r->t, r->align);
		case_buf_refill(r->t, r->side[i], DMABENCH_PATTERN_OLD,
				raid_span(r, r->side_at[i]));
	}
}

static size_t raid_length(struct raid *r)
{
	size_t units = max_t(size_t, RAID_LONGEST / r->align, 1);

	switch (case_below(r->t, 4)) {
	case 0:
		return r->align * (1 + case_below(r->t, min_t(size_t, units, 80)));
	case 1:
		return roundup(SZ_1K, r->align);
	default:
		return r->align * (1 + case_below(r->t, units));
	}
}

static u8 *raid_mem(const struct raid *r, unsigned int i)
{
	return r->src[i]->data + r->src_at[i];
}

static u8 *raid_side(const struct raid *r, unsigned int side)
{
	return r->side[side]->data + r->side_at[side];
}

static void raid_pointers(const struct raid *r, const u8 **src)
{
	unsigned int i;

	for (i = 0; i < r->n; i++)
		src[i] = raid_mem(r, i);
}

/* P or Q of the sources as they are now. */
static void raid_sum(const struct raid *r, unsigned int side, u8 *to)
{
	const u8 *src[RAID_SOURCES];

	raid_pointers(r, src);
	if (side == SIDE_P)
		dmabench_gf_xor(to, src, r->n, r->len);
	else
		dmabench_gf_syndrome(to, src, r->coef, r->n, r->len);
}

static void raid_addresses(const struct raid *r, dma_addr_t *src)
{
	unsigned int i;

	for (i = 0; i < r->n; i++)
		src[i] = r->src[i]->dma + r->src_at[i];
}

static bool raid_sources_held(struct raid *r, struct case_tx *tx)
{
	char what[24];
	unsigned int i;

	for (i = 0; i < r->n; i++) {
		scnprintf(what, sizeof(what), "source %u of %u", i, r->n);
		if (!case_held(tx, r->src[i], DMABENCH_PATTERN_SOURCE,
			       raid_span(r, r->src_at[i]), what))
			return false;
	}
	return true;
}

/* A side holds the sum, and around it what was there before. */
static bool raid_side_is(struct raid *r, struct case_tx *tx, unsigned int side, const u8 *sum)
{
	u8 *image __free(kvfree) = NULL;
	size_t len = raid_span(r, r->side_at[side]);
	char what[40];

	image = case_image(r->t, len);
	if (!image)
		return false;
	dmabench_pattern_fill(image, len, r->side[side]->key[DMABENCH_PATTERN_OLD], 0);
	memcpy(image + r->side_at[side], sum, r->len);
	scnprintf(what, sizeof(what), "%s of %u sources of %zu bytes",
		  side == SIDE_P ? "sum" : "syndrome", r->n, r->len);
	return case_image_is(tx, r->side[side], image, len, what);
}

/* ---------------------------------------------------------------------- xor */

/* Numbers of sources in turn: each of the first ones, then some, then the most. */
static unsigned int raid_count(struct raid *r, unsigned int round, unsigned int rounds)
{
	if (round < min(r->most, 8U))
		return round + 1;
	if (round >= rounds - 2)
		return r->most;
	return 1 + case_below(r->t, r->most);
}

#define RAID_ROUNDS	40

static struct case_tx *raid_tx(struct raid *r)
{
	struct case_tx *tx = case_tx_new(r->t, r->t->chan);

	if (tx)
		tx->len = r->len;
	return tx;
}

static bool xor_round(struct raid *r, int in_place, u8 *sum)
{
	struct case_trial *t = r->t;
	struct case_tx *tx = raid_tx(r);
	dma_addr_t src[RAID_SOURCES], dst = r->side[SIDE_P]->dma + r->side_at[SIDE_P];

	if (!tx)
		return false;
	raid_addresses(r, src);
	raid_sum(r, SIDE_P, sum);
	if (in_place >= 0) {
		/* The destination is a source, which so takes the place of P. */
		swap(r->src[in_place], r->side[SIDE_P]);
		swap(r->src_at[in_place], r->side_at[SIDE_P]);
		r->side[SIDE_P]->key[DMABENCH_PATTERN_OLD] =
			r->side[SIDE_P]->key[DMABENCH_PATTERN_SOURCE];
		r->src[in_place]->key[DMABENCH_PATTERN_SOURCE] =
			r->src[in_place]->key[DMABENCH_PATTERN_OLD];
		dst = src[in_place];
	}
	if (!case_tx_made(tx, t->chan->device->device_prep_dma_xor(t->chan, dst, src, r->n, r->len,
								   CASE_FLAGS)))
		return false;
	/* The array of addresses is the client's again (A2.4). */
	memset(src, 0xff, sizeof(src));
	return case_start(tx) && case_wait(tx) && raid_side_is(r, tx, SIDE_P, sum) &&
	       raid_sources_held(r, tx) &&
	       case_held(tx, r->side[SIDE_Q], DMABENCH_PATTERN_OLD,
			 raid_span(r, r->side_at[SIDE_Q]), "unconcerned buffer");
}

static void xor_rounds(struct case_trial *t, bool in_place)
{
	struct dma_device *device = t->chan->device;
	struct raid *r __free(kfree) = raid_new(t, device->xor_align, device->max_xor);
	u8 *sum __free(kvfree) = case_image(t, RAID_LONGEST + SZ_4K);
	unsigned int i;

	for (i = 0; i < RAID_ROUNDS && r && sum && !case_over(t); i++) {
		unsigned int n = raid_count(r, i, RAID_ROUNDS);

		if (i > 4 && !case_sample(t, RAID_ROUNDS, RAID_LONGEST))
			continue;
		raid_fill(r, n, raid_length(r));
		if (!xor_round(r, in_place ? 0 : -1, sum))
			return;
	}
}

void case_data_xor(struct case_trial *t)
{
	xor_rounds(t, false);
}

void case_data_xor_in_place(struct case_trial *t)
{
	xor_rounds(t, true);
}

/* ------------------------------------------------------------------- checks */

/* Runs in the callback: by now the result must be there. */
static void check_hook(struct case_tx *tx)
{
	struct raid_result *result = tx->data;

	WRITE_ONCE(result->told, READ_ONCE(result->bits));
}

/* What stands where the result goes, before. */
static int check_garbage(struct case_trial *t, int expected)
{
	static const int garbage[] = {
		~0, 0, SUM_CHECK_P_RESULT, SUM_CHECK_Q_RESULT,
		SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT, 0x5a5a5a5a,
	};
	int value;

	do {
		value = garbage[case_below(t, ARRAY_SIZE(garbage))];
	} while (value == expected);
	return value;
}

static bool check_run(struct raid *r, struct case_tx *tx, struct dma_async_tx_descriptor *desc,
		      int expected, int before, const char *what)
{
	tx->hook = check_hook;
	tx->data = r->result;
	if (!case_tx_made(tx, desc) || !case_start(tx) || !case_wait(tx))
		return false;
	return case_expect_tx(tx, r->result->told == expected,
			      "expected result %#x of %s with %u sources of %zu bytes, seen %#x in the callback (%#x before)",
			      expected, what, r->n, r->len, r->result->told, before);
}

/* Turns one bit over; @where: 0 in the first byte, 1 in the last, else anywhere. */
static void flip(struct raid *r, u8 *mem, unsigned int where)
{
	size_t at = case_below(r->t, r->len);

	if (where == 0)
		at = 0;
	else if (where == 1)
		at = r->len - 1;
	mem[at] ^= BIT(case_below(r->t, 8));
}

/* With the last one all zeroes P is the sum of the others. */
static void xor_close(struct raid *r)
{
	u8 *last = raid_mem(r, r->n - 1);

	memset(last, 0, r->len);
	raid_sum(r, SIDE_P, last);
}

static bool xor_val_round(struct raid *r, bool wrong, unsigned int round, u8 *copies)
{
	size_t room = r->src[0]->len;
	int expected = wrong ? SUM_CHECK_P_RESULT : 0;
	struct case_trial *t = r->t;
	struct case_tx *tx = raid_tx(r);
	struct dma_async_tx_descriptor *desc;
	dma_addr_t src[RAID_SOURCES];
	char what[24];
	unsigned int i;
	int before;

	if (!tx)
		return false;
	xor_close(r);
	if (wrong)
		flip(r, raid_mem(r, round % r->n), round / 3 % 3);
	for (i = 0; i < r->n; i++)
		memcpy(copies + i * room, r->src[i]->data, room);
	raid_addresses(r, src);
	before = check_garbage(t, expected);
	r->result->bits = before;
	desc = t->chan->device->device_prep_dma_xor_val(t->chan, src, r->n, r->len,
							&r->result->bits, CASE_FLAGS);
	if (!check_run(r, tx, desc, expected, before, wrong ? "one flipped bit" : "a match"))
		return false;
	for (i = 0; i < r->n; i++) {
		scnprintf(what, sizeof(what), "source %u of %u", i, r->n);
		if (!case_image_is(tx, r->src[i], copies + i * room, room, what))
			return false;
	}
	return true;
}

static void xor_val_rounds(struct case_trial *t, bool wrong)
{
	struct dma_device *device = t->chan->device;
	struct raid *r __free(kfree) = raid_new(t, device->xor_align, device->max_xor);
	u8 *copies __free(kvfree) = r ? case_image(t, r->most * r->src[0]->len) : NULL;
	unsigned int i;

	for (i = 0; i < RAID_ROUNDS && copies && !case_over(t); i++) {
		/* One source alone matches if it is zero. */
		unsigned int n = max(raid_count(r, i, RAID_ROUNDS), min(2U, r->most));

		if (i > 4 && !case_sample(t, RAID_ROUNDS, RAID_LONGEST))
			continue;
		raid_fill(r, n, raid_length(r));
		if (!xor_val_round(r, wrong, i, copies))
			return;
	}
}

void case_data_xor_val_match(struct case_trial *t)
{
	xor_val_rounds(t, false);
}

void case_data_xor_val_flip(struct case_trial *t)
{
	xor_val_rounds(t, true);
}

/* ----------------------------------------------------------------------- pq */

static struct raid *pq_new(struct case_trial *t)
{
	struct dma_device *device = t->chan->device;

	return raid_new(t, device->pq_align, dma_maxpq(device, 0));
}

/* 1, 2, 4 and so on as raid6 has them, or all the same, or random ones. */
static void pq_coefficients(struct raid *r, unsigned int round)
{
	u8 one = case_random(r->t) % 255 + 1;
	unsigned int i;

	for (i = 0; i < r->n; i++) {
		if (round % 4 == 0)
			r->coef[i] = dmabench_gf_pow2(i);
		else if (round % 4 == 1)
			r->coef[i] = one;
	}
}

static void pq_addresses(const struct raid *r, dma_addr_t *pq)
{
	unsigned int i;

	for (i = 0; i < SIDES; i++)
		pq[i] = r->side[i]->dma + r->side_at[i];
}

/* Prepares sources @from to @from + @n; the arguments are rubbish afterwards (A2.4). */
static struct dma_async_tx_descriptor *pq_prep(struct raid *r, unsigned int from, unsigned int n,
					       unsigned long flags)
{
	struct dma_chan *chan = r->t->chan;
	struct dma_async_tx_descriptor *desc;
	dma_addr_t src[RAID_SOURCES], pq[SIDES];
	u8 coef[RAID_SOURCES];

	raid_addresses(r, src);
	pq_addresses(r, pq);
	memcpy(coef, r->coef, sizeof(coef));
	desc = chan->device->device_prep_dma_pq(chan, pq, src + from, n, coef + from, r->len,
						CASE_FLAGS | flags);
	memset(src, 0xff, sizeof(src));
	memset(pq, 0xff, sizeof(pq));
	memset(coef, 0x77, sizeof(coef));
	barrier_data(src);
	barrier_data(pq);
	barrier_data(coef);
	return desc;
}

static bool pq_is(struct raid *r, struct case_tx *tx, unsigned long flags, u8 *sum)
{
	static const unsigned long disabled[SIDES] = {
		DMA_PREP_PQ_DISABLE_P, DMA_PREP_PQ_DISABLE_Q,
	};
	unsigned int side;

	for (side = 0; side < SIDES; side++) {
		if (flags & disabled[side]) {
			if (!case_held(tx, r->side[side], DMABENCH_PATTERN_OLD,
				       raid_span(r, r->side_at[side]),
				       side == SIDE_P ? "disabled P" : "disabled Q"))
				return false;
			continue;
		}
		raid_sum(r, side, sum);
		if (!raid_side_is(r, tx, side, sum))
			return false;
	}
	return raid_sources_held(r, tx);
}

static bool pq_round(struct raid *r, unsigned long flags, u8 *sum)
{
	struct case_tx *tx = raid_tx(r);

	return tx && case_tx_made(tx, pq_prep(r, 0, r->n, flags)) && case_start(tx) &&
	       case_wait(tx) && pq_is(r, tx, flags, sum);
}

static void pq_rounds(struct case_trial *t, unsigned long disable_even, unsigned long disable_odd)
{
	struct raid *r __free(kfree) = pq_new(t);
	u8 *sum __free(kvfree) = case_image(t, RAID_LONGEST + SZ_4K);
	unsigned int i;

	for (i = 0; i < RAID_ROUNDS && r && sum && !case_over(t); i++) {
		if (i > 4 && !case_sample(t, RAID_ROUNDS, RAID_LONGEST))
			continue;
		raid_fill(r, raid_count(r, i, RAID_ROUNDS), raid_length(r));
		pq_coefficients(r, i / 2);
		if (!pq_round(r, i % 2 ? disable_odd : disable_even, sum))
			return;
	}
}

void case_data_pq(struct case_trial *t)
{
	pq_rounds(t, 0, 0);
}

void case_data_pq_disabled(struct case_trial *t)
{
	pq_rounds(t, DMA_PREP_PQ_DISABLE_P, DMA_PREP_PQ_DISABLE_Q);
}

/* In two steps, the second one on top of what the first has left. */
static bool pq_continue_round(struct raid *r, unsigned int first, unsigned long flags, bool queued,
			      u8 *sum)
{
	struct case_tx *tx[2] = { raid_tx(r), raid_tx(r) };

	if (!tx[0] || !tx[1])
		return false;
	if (!case_tx_made(tx[0], pq_prep(r, 0, first, flags | DMA_PREP_FENCE)) ||
	    !case_submit(tx[0]))
		return false;
	if (!queued && !case_all(r->t, tx, 1))
		return false;
	if (!case_tx_made(tx[1], pq_prep(r, first, r->n - first, flags | DMA_PREP_CONTINUE)) ||
	    !case_submit(tx[1]))
		return false;
	/* Of what was waited for already the second one alone is left. */
	if (!case_all(r->t, queued ? tx : tx + 1, queued ? 2 : 1))
		return false;
	return pq_is(r, tx[1], flags, sum);
}

void case_data_pq_continue(struct case_trial *t)
{
	static const unsigned long disable[] = { 0, DMA_PREP_PQ_DISABLE_P, DMA_PREP_PQ_DISABLE_Q };
	struct raid *r __free(kfree) = pq_new(t);
	u8 *sum __free(kvfree) = case_image(t, RAID_LONGEST + SZ_4K);
	unsigned int i, done = 0;

	for (i = 0; i < RAID_ROUNDS && r && sum && !case_over(t); i++) {
		unsigned long flags = disable[i % 3];
		int most = dma_maxpq(t->chan->device, flags | DMA_PREP_CONTINUE);
		unsigned int first, second;

		if (most < 1 || r->most < 2)
			continue;
		if (i > 5 && !case_sample(t, 2 * RAID_ROUNDS, RAID_LONGEST))
			continue;
		first = 1 + case_below(t, r->most - 1);
		second = 1 + case_below(t, min_t(unsigned int, most, r->most - first));
		raid_fill(r, first + second, raid_length(r));
		pq_coefficients(r, i / 3);
		if (!pq_continue_round(r, first, flags, i / 6 % 2, sum))
			return;
		done++;
	}
	if (r && !done)
		case_skip(t, "the provider has too few sources for a continued pq");
}

/* -------------------------------------------------------------------- pq_val */

/* Which parts are wrong, and what of P and Q that shows in. */
static const struct {
	const char *what;
	bool source, p, q;
	int shows;
} pq_faults[] = {
	{ "a wrong source", true, false, false, SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT },
	{ "a wrong P", false, true, false, SUM_CHECK_P_RESULT },
	{ "a wrong Q", false, false, true, SUM_CHECK_Q_RESULT },
	{ "wrong P and Q", false, true, true, SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT },
	{ "a match", false, false, false, 0 },
};

#define PQ_MATCH	(ARRAY_SIZE(pq_faults) - 1)

static struct dma_async_tx_descriptor *pq_val_prep(struct raid *r, unsigned long flags)
{
	struct dma_chan *chan = r->t->chan;
	dma_addr_t src[RAID_SOURCES], pq[SIDES];

	raid_addresses(r, src);
	pq_addresses(r, pq);
	return chan->device->device_prep_dma_pq_val(chan, pq, src, r->n, r->coef, r->len,
						    &r->result->bits, CASE_FLAGS | flags);
}

static bool pq_val_round(struct raid *r, unsigned int fault, unsigned long flags,
			 unsigned int round, u8 *copies)
{
	size_t room = r->src[0]->len;
	int expected = pq_faults[fault].shows, before;
	struct case_tx *tx = raid_tx(r);
	char what[48];
	unsigned int i;

	if (!tx)
		return false;
	for (i = 0; i < SIDES; i++)
		raid_sum(r, i, raid_side(r, i));
	if (pq_faults[fault].source)
		flip(r, raid_mem(r, round % r->n), round / 3 % 3);
	if (pq_faults[fault].p)
		flip(r, raid_side(r, SIDE_P), round / 3 % 3);
	if (pq_faults[fault].q)
		flip(r, raid_side(r, SIDE_Q), round / 3 % 3);
	if (flags & DMA_PREP_PQ_DISABLE_P)
		expected &= ~SUM_CHECK_P_RESULT;
	if (flags & DMA_PREP_PQ_DISABLE_Q)
		expected &= ~SUM_CHECK_Q_RESULT;
	for (i = 0; i < r->n + SIDES; i++)
		memcpy(copies + i * room,
		       i < r->n ? r->src[i]->data : r->side[i - r->n]->data, room);

	before = check_garbage(r->t, expected);
	r->result->bits = before;
	scnprintf(what, sizeof(what), "%s%s", pq_faults[fault].what,
		  flags & DMA_PREP_PQ_DISABLE_P ? ", P disabled" :
		  flags & DMA_PREP_PQ_DISABLE_Q ? ", Q disabled" : "");
	if (!check_run(r, tx, pq_val_prep(r, flags), expected, before, what))
		return false;
	for (i = 0; i < r->n + SIDES; i++) {
		const struct case_buf *buf = i < r->n ? r->src[i] : r->side[i - r->n];

		scnprintf(what, sizeof(what), i < r->n ? "source %u" : i == r->n ? "P" : "Q", i);
		if (!case_image_is(tx, buf, copies + i * room, room, what))
			return false;
	}
	return true;
}

static void pq_val_rounds(struct case_trial *t, bool wrong)
{
	static const unsigned long disable[] = {
		0, 0, DMA_PREP_PQ_DISABLE_P, DMA_PREP_PQ_DISABLE_Q,
	};
	struct raid *r __free(kfree) = pq_new(t);
	u8 *copies __free(kvfree) = r ? case_image(t, (r->most + SIDES) * r->src[0]->len) : NULL;
	unsigned int i;

	for (i = 0; i < 2 * RAID_ROUNDS && copies && !case_over(t); i++) {
		if (i > 4 && !case_sample(t, 2 * RAID_ROUNDS, RAID_LONGEST))
			continue;
		raid_fill(r, raid_count(r, i, RAID_ROUNDS), raid_length(r));
		pq_coefficients(r, i / 2);
		if (!pq_val_round(r, wrong ? i % PQ_MATCH : PQ_MATCH, disable[i / 4 % 4], i / 4,
				  copies))
			return;
	}
}

void case_data_pq_val_match(struct case_trial *t)
{
	pq_val_rounds(t, false);
}

void case_data_pq_val_flip(struct case_trial *t)
{
	pq_val_rounds(t, true);
}
