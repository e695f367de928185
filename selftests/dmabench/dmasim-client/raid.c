// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - memset, xor and pq, and the checks of them
 *
 * What is expected is computed a byte and a bit at a time.
 * covers: device_prep_dma_memset device_prep_dma_xor device_prep_dma_xor_val xor_align max_xor
 * covers: device_prep_dma_pq device_prep_dma_pq_val pq_align max_pq fill_align dma_maxpq
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/prandom.h>
#include <linux/sizes.h>

#include "client.h"

/* Sources lie in client.src this far apart, which is more than their length. */
#define RAID_STRIDE	SZ_4K
#define RAID_LEN	3000
#define RAID_MAX	(CLIENT_BUF / RAID_STRIDE)

/* P and Q in client.dst, with room around them that nobody must touch. */
#define RAID_P		SZ_4K
#define RAID_Q		(3 * SZ_4K)
#define RAID_END	(5 * SZ_4K)
#define RAID_GUARD	0xee

static const u8 raid_guard = RAID_GUARD;

/* Sources of one transfer. */
static struct {
	dma_addr_t dma[RAID_MAX];
	u8 coef[RAID_MAX];
	unsigned int n;
	size_t len;
} raid;

/* What P and Q have to be. */
static u8 want_p[RAID_STRIDE];
static u8 want_q[RAID_STRIDE];

static struct dma_device *raid_device(void)
{
	return client.chan[0]->device;
}

/* Opens a channel that can do it. */
static int raid_open(enum dma_transaction_type cap)
{
	TRY(client_open(1));
	return client_can(cap) ? 0 : -EOPNOTSUPP;
}

static u8 raid_times(u8 a, u8 b)
{
	u8 product = 0;
	unsigned int bit;

	for (bit = 0; bit < 8; bit++) {
		if (b & (1 << bit))
			product ^= a;
		a = (a << 1) ^ (a & 0x80 ? 0x1d : 0);
	}
	return product;
}

/* Adds sources to what P and Q have to be. */
static void raid_reference(void)
{
	unsigned int i;
	size_t k;

	for (i = 0; i < raid.n; i++) {
		const u8 *src = client.src + i * RAID_STRIDE + (raid.dma[i] & 7);

		for (k = 0; k < raid.len; k++) {
			want_p[k] ^= src[k];
			want_q[k] ^= raid_times(raid.coef[i], src[k]);
		}
	}
}

/*
 * Makes sources with new data and random coefficients, and what P and Q have to
 * be. Where alignment allows it, each begins at another offset.
 */
static void raid_sources(unsigned int n, u32 seed)
{
	struct dma_device *dma = raid_device();
	unsigned int align = max(dma->xor_align, dma->pq_align);
	struct rnd_state rnd;
	unsigned int i;

	raid.n = n;
	raid.len = round_down(RAID_LEN + seed % 64, 1 << align);
	client_fill(client.src, RAID_STRIDE * n, seed);
	prandom_seed_state(&rnd, seed);
	prandom_bytes_state(&rnd, raid.coef, n);
	for (i = 0; i < n; i++)
		raid.dma[i] = client.src_dma + i * RAID_STRIDE + (align ? 0 : i & 7);

	memset(want_p, 0, sizeof(want_p));
	memset(want_q, 0, sizeof(want_q));
	raid_reference();
	memset(client.dst, RAID_GUARD, RAID_END);
}

static int raid_submit(struct client_xfer *x, struct dma_async_tx_descriptor *tx)
{
	memset(x, 0, sizeof(*x));
	init_completion(&x->done);
	return client_submit(x, tx);
}

static int raid_run(struct dma_async_tx_descriptor *tx)
{
	struct client_xfer *x = &client.xfers[0];

	/* The provider has to have copied what it was told. */
	memset(raid.dma, 0xff, sizeof(raid.dma));
	memset(raid.coef, 0xff, sizeof(raid.coef));

	TRY(raid_submit(x, tx));
	dma_async_issue_pending(client.chan[0]);
	return client_wait(x);
}

static int raid_same(const u8 *buf, const u8 *want, size_t len)
{
	size_t i;

	for (i = 0; i < len; i++)
		if (buf[i] != want[i])
			return client_fail("byte %zu of %zu is %#x, not %#x", i, len, buf[i],
					   want[i]);
	return 0;
}

/* Are P and Q as wanted, NULL: untouched, and is all the rest untouched? */
static int raid_check(const u8 *p, const u8 *q)
{
	size_t p_len = p ? raid.len : 0, q_len = q ? raid.len : 0;

	TRY(raid_same(client.dst + RAID_P, p, p_len));
	TRY(raid_same(client.dst + RAID_Q, q, q_len));
	TRY(client_check_byte(client.dst, RAID_P, raid_guard));
	TRY(client_check_byte(client.dst + RAID_P + p_len, RAID_Q - RAID_P - p_len, raid_guard));
	return client_check_byte(client.dst + RAID_Q + q_len, RAID_END - RAID_Q - q_len,
				 raid_guard);
}

/* ------------------------------------------------------------------- memset */

static int memset_one(size_t off, int value, size_t len)
{
	struct dma_async_tx_descriptor *tx;

	memset(client.dst, 0xee, off + len + 64);
	tx = dmaengine_prep_dma_memset(client.chan[0], client.dst_dma + off, value, len,
				       CLIENT_FLAGS);
	TRY(raid_run(tx));
	TRY(client_check_byte(client.dst, off, 0xee));
	TRY(client_check_byte(client.dst + off, len, value & 0xff));
	return client_check_byte(client.dst + off + len, 64, 0xee);
}

static int test_memset(void)
{
	static const int values[] = { 0, 1, 0x5a, 0xff, 0x1ff, 0x12345678, -1, -256 };
	static const size_t lengths[] = { 1, 7, 64, 100, 4095, SZ_4K, SZ_64K + 1, SZ_1M };
	unsigned int align, i, k;

	TRY(raid_open(DMA_MEMSET));
	align = 1 << raid_device()->fill_align;
	for (i = 0; i < ARRAY_SIZE(values); i++)
		for (k = 0; k < ARRAY_SIZE(lengths); k++)
			TRY(memset_one(round_up(k, align), values[i], round_up(lengths[k], align)));
	return 0;
}

static int test_memset_refused(void)
{
	struct dma_chan *chan;
	unsigned int align;

	TRY(raid_open(DMA_MEMSET));
	chan = client.chan[0];
	align = 1 << raid_device()->fill_align;
	EXPECT(!dmaengine_prep_dma_memset(chan, client.dst_dma, 0, 0, CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_dma_memset(chan, client.dst_dma, 0, align, DMA_PREP_CMD));
	EXPECT(!dmaengine_prep_dma_memset(chan, (dma_addr_t)~0ULL << 12, 0, align, CLIENT_FLAGS));
	if (align > 1) {
		EXPECT(!dmaengine_prep_dma_memset(chan, client.dst_dma + 1, 0, align,
						  CLIENT_FLAGS));
		EXPECT(!dmaengine_prep_dma_memset(chan, client.dst_dma, 0, align + 1,
						  CLIENT_FLAGS));
	}
	return 0;
}

/* ---------------------------------------------------------------------- xor */

static struct dma_async_tx_descriptor *raid_xor(dma_addr_t dst)
{
	return raid_device()->device_prep_dma_xor(client.chan[0], dst, raid.dma, raid.n, raid.len,
						  CLIENT_FLAGS);
}

static struct dma_async_tx_descriptor *raid_xor_val(enum sum_check_flags *result)
{
	return raid_device()->device_prep_dma_xor_val(client.chan[0], raid.dma, raid.n, raid.len,
						      result, CLIENT_FLAGS);
}

static int test_xor(void)
{
	unsigned int n;

	TRY(raid_open(DMA_XOR));
	for (n = 1; n <= raid_device()->max_xor; n++) {
		raid_sources(n, n);
		TRY(raid_run(raid_xor(client.dst_dma + RAID_P)));
		TRY(raid_check(want_p, NULL));
		/* The sources are as before. */
		TRY(client_check(client.src, RAID_STRIDE * n, n));
	}
	return 0;
}

/* The destination is a source: the first, one in the middle, the last. */
static int test_xor_in_place(void)
{
	unsigned int max, i;

	TRY(raid_open(DMA_XOR));
	max = raid_device()->max_xor;
	for (i = 0; i < max; i++) {
		size_t off;

		raid_sources(max, 100 + i);
		off = raid.dma[i] - client.src_dma;
		TRY(raid_run(raid_xor(raid.dma[i])));
		TRY(raid_same(client.src + off, want_p, raid.len));
		TRY(raid_check(NULL, NULL));
	}
	return 0;
}

/* One transfer of many portions. */
static int test_xor_long(void)
{
	const size_t len = SZ_512K;
	enum sum_check_flags result;
	unsigned int k;
	size_t i;

	TRY(raid_open(DMA_XOR));
	if (raid_device()->max_xor < 3)
		return -EOPNOTSUPP;
	client_fill(client.src, CLIENT_BUF, 5);
	raid.n = 3;
	raid.len = len;
	for (i = 0; i < raid.n; i++)
		raid.dma[i] = client.src_dma + i * len;
	TRY(raid_run(raid_xor(client.dst_dma)));
	for (i = 0; i < len; i++)
		EXPECT_EQ(client.dst[i], client.src[i] ^ client.src[len + i] ^
			  client.src[2 * len + i]);
	TRY(client_check_byte(client.dst + len, SZ_4K, RAID_GUARD));

	if (!client_can(DMA_XOR_VAL) || raid_device()->max_xor < 4)
		return 0;
	/* Together with its sources an xor makes zero, but for the first or last byte. */
	for (k = 0; k < 3; k++) {
		size_t byte = k == 1 ? 0 : len - 1;
		u8 flip = k ? 0x10 : 0;

		client.dst[byte] ^= flip;
		for (i = 0; i < 3; i++)
			raid.dma[i] = client.src_dma + i * len;
		raid.dma[3] = client.dst_dma;
		raid.n = 4;
		result = (enum sum_check_flags)~0;
		TRY(raid_run(raid_xor_val(&result)));
		EXPECT_EQ(result, k ? SUM_CHECK_P_RESULT : 0);
		client.dst[byte] ^= flip;
	}
	return 0;
}

/* Makes the last source the xor of the others. */
static void raid_make_zero(unsigned int n, u32 seed)
{
	unsigned int last = n - 1;
	size_t k;

	raid_sources(n, seed);
	for (k = 0; k < raid.len; k++)
		client.src[raid.dma[last] - client.src_dma + k] ^= want_p[k];
}

/* Checks the sources, with the bit of a byte, or of the last, of a source flipped. */
static int xor_val_one(unsigned int n, int source, size_t byte, unsigned int bit)
{
	enum sum_check_flags result = (enum sum_check_flags)~0;

	raid_make_zero(n, n + byte);
	byte = min(byte, raid.len - 1);
	if (source >= 0)
		client.src[raid.dma[source] - client.src_dma + byte] ^= 1 << bit;
	TRY(raid_run(raid_xor_val(&result)));
	EXPECT_EQ(result, source < 0 ? 0 : SUM_CHECK_P_RESULT);
	return raid_check(NULL, NULL);
}

static int test_xor_val(void)
{
	unsigned int n;

	TRY(raid_open(DMA_XOR_VAL));
	for (n = 2; n <= raid_device()->max_xor; n++) {
		TRY(xor_val_one(n, -1, 0, 0));
		TRY(xor_val_one(n, n % 3 ? 0 : n - 1, 0, 0));
		TRY(xor_val_one(n, n / 2, 1000 + n, n % 8));
		TRY(xor_val_one(n, n - 1, SIZE_MAX, 7));
	}
	return 0;
}

static int test_xor_refused(void)
{
	enum sum_check_flags result;
	struct dma_device *dma;
	unsigned int i;

	TRY(raid_open(DMA_XOR));
	dma = raid_device();

	raid_sources(dma->max_xor + 1, 1);
	EXPECT(!raid_xor(client.dst_dma));
	EXPECT(!client_can(DMA_XOR_VAL) || !raid_xor_val(&result));
	raid.n = 0;
	EXPECT(!raid_xor(client.dst_dma));
	EXPECT(!client_can(DMA_XOR_VAL) || !raid_xor_val(&result));

	raid_sources(dma->max_xor, 1);
	EXPECT(!dma->device_prep_dma_xor(client.chan[0], client.dst_dma, raid.dma, 1, raid.len,
					 CLIENT_FLAGS | DMA_PREP_PQ_DISABLE_Q));
	EXPECT(!raid_xor((dma_addr_t)~0ULL << 12));
	raid.len = 0;
	EXPECT(!raid_xor(client.dst_dma));

	raid_sources(dma->max_xor, 1);
	if (dma->xor_align) {
		EXPECT(!raid_xor(client.dst_dma + 1));
		raid.len++;
		EXPECT(!raid_xor(client.dst_dma));
		raid.len--;
		for (i = 0; i < raid.n; i++) {
			raid.dma[i]++;
			EXPECT(!raid_xor(client.dst_dma));
			raid.dma[i]--;
		}
	}
	raid.dma[raid.n - 1] = (dma_addr_t)~0ULL << 12;
	EXPECT(!raid_xor(client.dst_dma));
	return 0;
}

/* ----------------------------------------------------------------------- pq */

/* A side that is disabled has an address that nobody may look at. */
static void raid_sides(dma_addr_t pq[2], unsigned long flags)
{
	pq[0] = flags & DMA_PREP_PQ_DISABLE_P ? ~0 : client.dst_dma + RAID_P;
	pq[1] = flags & DMA_PREP_PQ_DISABLE_Q ? ~0 : client.dst_dma + RAID_Q;
}

static struct dma_async_tx_descriptor *raid_pq_from(unsigned int first, unsigned int n,
						    unsigned long flags)
{
	struct dma_async_tx_descriptor *tx;
	dma_addr_t pq[2];

	raid_sides(pq, flags);
	tx = raid_device()->device_prep_dma_pq(client.chan[0], pq, raid.dma + first, n,
					       raid.coef + first, raid.len, CLIENT_FLAGS | flags);
	memset(pq, 0xff, sizeof(pq));
	return tx;
}

static struct dma_async_tx_descriptor *raid_pq(unsigned long flags)
{
	return raid_pq_from(0, raid.n, flags);
}

static struct dma_async_tx_descriptor *raid_pq_val(enum sum_check_flags *result,
						   unsigned long flags)
{
	struct dma_async_tx_descriptor *tx;
	dma_addr_t pq[2];

	raid_sides(pq, flags);
	tx = raid_device()->device_prep_dma_pq_val(client.chan[0], pq, raid.dma, raid.n, raid.coef,
						   raid.len, result, CLIENT_FLAGS | flags);
	memset(pq, 0xff, sizeof(pq));
	return tx;
}

static unsigned int raid_max_pq(void)
{
	return dma_dev_to_maxpq(raid_device());
}

static int test_pq(void)
{
	unsigned int n;

	TRY(raid_open(DMA_PQ));
	for (n = 1; n <= raid_max_pq(); n++) {
		raid_sources(n, 200 + n);
		TRY(raid_run(raid_pq(0)));
		TRY(raid_check(want_p, want_q));

		raid_sources(n, 300 + n);
		TRY(raid_run(raid_pq(DMA_PREP_PQ_DISABLE_P)));
		TRY(raid_check(NULL, want_q));

		raid_sources(n, 400 + n);
		TRY(raid_run(raid_pq(DMA_PREP_PQ_DISABLE_Q)));
		TRY(raid_check(want_p, NULL));
		TRY(client_check(client.src, RAID_STRIDE * n, 400 + n));
	}
	return 0;
}

/* Every coefficient with every byte, against powers of the generator. */
static int test_pq_field(void)
{
	u8 power[255], log[256] = { };
	unsigned int a, b, x = 1;

	TRY(raid_open(DMA_PQ));
	for (a = 0; a < 255; a++) {
		power[a] = x;
		log[x] = a;
		x = x & 0x80 ? (x << 1) ^ 0x11d : x << 1;
	}
	for (a = 0; a < 256; a++) {
		raid_sources(1, 1);
		raid.len = 256;
		raid.coef[0] = a;
		for (b = 0; b < 256; b++) {
			client.src[raid.dma[0] - client.src_dma + b] = b;
			want_q[b] = a && b ? power[(log[a] + log[b]) % 255] : 0;
		}
		TRY(raid_run(raid_pq(DMA_PREP_PQ_DISABLE_P)));
		TRY(raid_check(NULL, want_q));
	}
	return 0;
}

/* P and Q of many sources in several steps are those of one. */
static int pq_continue_one(unsigned int first, unsigned int rest, unsigned long flags)
{
	raid_sources(first + rest, 500 + first + 7 * rest);
	TRY(raid_submit(&client.xfers[1], raid_pq_from(0, first, flags)));
	TRY(raid_run(raid_pq_from(first, rest, flags | DMA_PREP_CONTINUE)));
	TRY(client_wait(&client.xfers[1]));
	return raid_check(flags & DMA_PREP_PQ_DISABLE_P ? NULL : want_p,
			  flags & DMA_PREP_PQ_DISABLE_Q ? NULL : want_q);
}

static int test_pq_continue(void)
{
	static const unsigned long sides[] = { 0, DMA_PREP_PQ_DISABLE_P, DMA_PREP_PQ_DISABLE_Q };
	unsigned int i;
	int rest;

	TRY(raid_open(DMA_PQ));
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		rest = dma_maxpq(raid_device(), DMA_PREP_CONTINUE | sides[i]);
		if (rest < 1)
			return -EOPNOTSUPP;
		TRY(pq_continue_one(1, 1, sides[i]));
		TRY(pq_continue_one(raid_max_pq(), rest, sides[i]));
		TRY(pq_continue_one(1, rest, sides[i]));
	}
	return 0;
}

/*
 * Checks P and Q of sources with a bit flipped where wrong says: of P, of Q, of
 * both, or, by way of a source, of whatever depends on that.
 */
static int pq_val_one(unsigned int n, unsigned int wrong, bool source, unsigned long flags)
{
	enum sum_check_flags result = (enum sum_check_flags)~0;
	unsigned int want = wrong;
	size_t byte;

	raid_sources(n, 600 + n + wrong);
	/* A wrong source is wrong for Q only if Q depends on it. */
	if (source && !raid.coef[0])
		want &= ~SUM_CHECK_Q_RESULT;
	byte = (977 * n) % raid.len;
	memcpy(client.dst + RAID_P, want_p, raid.len);
	memcpy(client.dst + RAID_Q, want_q, raid.len);
	if (source) {
		client.src[raid.dma[0] - client.src_dma + byte] ^= 1 << n % 8;
	} else {
		if (wrong & SUM_CHECK_P_RESULT)
			want_p[byte] ^= 1 << n % 8;
		if (wrong & SUM_CHECK_Q_RESULT)
			want_q[byte] ^= 1 << n % 8;
		memcpy(client.dst + RAID_P, want_p, raid.len);
		memcpy(client.dst + RAID_Q, want_q, raid.len);
	}
	if (flags & DMA_PREP_PQ_DISABLE_P)
		want &= ~SUM_CHECK_P_RESULT;
	if (flags & DMA_PREP_PQ_DISABLE_Q)
		want &= ~SUM_CHECK_Q_RESULT;

	TRY(raid_run(raid_pq_val(&result, flags)));
	EXPECT_EQ(result, want);
	/* A check writes nothing. */
	return raid_check(want_p, want_q);
}

static int test_pq_val(void)
{
	static const unsigned long sides[] = { 0, DMA_PREP_PQ_DISABLE_P, DMA_PREP_PQ_DISABLE_Q };
	const unsigned int both = SUM_CHECK_P_RESULT | SUM_CHECK_Q_RESULT;
	unsigned int i, n, wrong;

	TRY(raid_open(DMA_PQ_VAL));
	for (i = 0; i < ARRAY_SIZE(sides); i++) {
		for (n = 1; n <= raid_max_pq(); n++) {
			for (wrong = 0; wrong <= both; wrong++)
				TRY(pq_val_one(n, wrong, false, sides[i]));
			TRY(pq_val_one(n, both, true, sides[i]));
		}
	}
	return 0;
}

static int test_pq_refused(void)
{
	const unsigned long neither = DMA_PREP_PQ_DISABLE_P | DMA_PREP_PQ_DISABLE_Q;
	enum sum_check_flags result;
	struct dma_device *dma;
	unsigned int i;

	TRY(raid_open(DMA_PQ));
	dma = raid_device();

	raid_sources(raid_max_pq() + 1, 1);
	EXPECT(!raid_pq(0));
	EXPECT(!client_can(DMA_PQ_VAL) || !raid_pq_val(&result, 0));
	raid.n = 0;
	EXPECT(!raid_pq(0));
	EXPECT(!client_can(DMA_PQ_VAL) || !raid_pq_val(&result, 0));

	raid_sources(raid_max_pq(), 1);
	EXPECT(!raid_pq(neither));
	EXPECT(!raid_pq(DMA_PREP_CMD));
	EXPECT(!client_can(DMA_PQ_VAL) || !raid_pq_val(&result, neither));
	raid.len = 0;
	EXPECT(!raid_pq(0));

	raid_sources(raid_max_pq(), 1);
	if (dma->pq_align) {
		raid.len++;
		EXPECT(!raid_pq(0));
		raid.len--;
		for (i = 0; i < raid.n; i++) {
			raid.dma[i]++;
			EXPECT(!raid_pq(0));
			raid.dma[i]--;
		}
	}
	raid.dma[0] = (dma_addr_t)~0ULL << 12;
	EXPECT(!raid_pq(0));
	return 0;
}

const struct client_test client_raid_tests[] = {
	{ "memset",			test_memset },
	{ "memset_bad_arguments",	test_memset_refused },
	{ "xor",			test_xor },
	{ "xor_in_place",		test_xor_in_place },
	{ "xor_long",			test_xor_long },
	{ "xor_val",			test_xor_val },
	{ "xor_bad_arguments",		test_xor_refused },
	{ "pq",				test_pq },
	{ "pq_field",			test_pq_field },
	{ "pq_continue",		test_pq_continue },
	{ "pq_val",			test_pq_val },
	{ "pq_bad_arguments",		test_pq_refused },
	{ }
};
