// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - the peripherals
 *
 * What they have counted is in debugfs: peripherals.sh resets it, runs one of
 * these tests, and compares.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/module.h>

#include "client.h"

/* Addresses of registers; without one, what needs it is skipped. */
static unsigned long source_rx;
module_param(source_rx, ulong, 0444);
static unsigned long counter_rx;
module_param(counter_rx, ulong, 0444);
static unsigned long check_tx;
module_param(check_tx, ulong, 0444);
static unsigned long stall_tx;
module_param(stall_tx, ulong, 0444);
static unsigned long stall_rx;
module_param(stall_rx, ulong, 0444);
static unsigned long fail_tx;
module_param(fail_tx, ulong, 0444);
static unsigned long fail_rx;
module_param(fail_rx, ulong, 0444);
static unsigned long audio_tx;
module_param(audio_tx, ulong, 0444);
static unsigned long audio_rx;
module_param(audio_rx, ulong, 0444);

static unsigned int rate = 192000;
module_param(rate, uint, 0444);
MODULE_PARM_DESC(rate, "source_rate and audio_rate of the provider (default 192000)");

static unsigned int after = 4096;
module_param(after, uint, 0444);
MODULE_PARM_DESC(after, "stall_after and fail_after of the provider (default 4096)");

static unsigned int result = DMA_TRANS_ABORTED;
module_param(result, uint, 0444);
MODULE_PARM_DESC(result, "fail_result as an enum dmaengine_tx_result (default aborted)");

static unsigned int epoch;
module_param(epoch, uint, 0444);
MODULE_PARM_DESC(epoch, "epoch that the audio source was told (default 0)");

#define FRAME_MASK	GENMASK(23, 0)

static int periph_open(unsigned long addr, enum dma_transfer_direction dir)
{
	TRY(client_open(1));
	if (!client_can(DMA_SLAVE) || !client_has_terminate() || !addr)
		return -EOPNOTSUPP;
	EXPECT_EQ(client_config(0, dir, addr, 4, 16), 0);
	return 0;
}

static int periph_start(struct client_xfer *x, size_t at, size_t len,
			enum dma_transfer_direction dir)
{
	dma_addr_t base = dir == DMA_MEM_TO_DEV ? client.src_dma : client.dst_dma;

	TRY(client_submit(x, client_single(0, base + at, len, dir)));
	dma_async_issue_pending(client.chan[0]);
	return 0;
}

static int periph_read(struct client_xfer *x, size_t at, size_t len)
{
	TRY(periph_start(x, at, len, DMA_DEV_TO_MEM));
	return client_wait(x);
}

static int periph_write(struct client_xfer *x, size_t at, size_t len)
{
	TRY(periph_start(x, at, len, DMA_MEM_TO_DEV));
	return client_wait(x);
}

static u32 word_at(const u8 *buf, size_t n)
{
	return le32_to_cpup((const __le32 *)buf + n);
}

static void put_word(size_t n, u32 word)
{
	((__le32 *)client.src)[n] = cpu_to_le32(word);
}

/* How many numbers are left out between the words of the buffer; less than 0: disorder. */
static long missing(size_t from, size_t words, u32 mask)
{
	long gaps = 0;
	size_t i;

	for (i = from + 1; i < words; i++) {
		u32 step = (word_at(client.dst, i) - word_at(client.dst, i - 1)) & mask;

		if (!step || step > mask / 2)
			return -1;
		gaps += step - 1;
	}
	return gaps;
}

/* Every transfer goes on where the one before has ended, whatever its length and width. */
static int test_counter(void)
{
	static const unsigned int lens[] = { 4096, 3, 1, 100, 65536, 7, 1000, 1 };
	static const unsigned int widths[] = { 1, 2, 4, 8, 3 };
	struct client_xfer *x = client.xfers;
	unsigned int i, w, k = 0;
	size_t at = 0;

	TRY(periph_open(counter_rx, DMA_DEV_TO_MEM));
	for (w = 0; w < ARRAY_SIZE(widths); w++) {
		EXPECT_EQ(client_config(0, DMA_DEV_TO_MEM, counter_rx, widths[w], 4), 0);
		for (i = 0; i < ARRAY_SIZE(lens); i++, k++) {
			TRY(periph_read(&x[k], at, lens[i]));
			at += lens[i];
		}
	}
	EXPECT_EQ(missing(0, at / 4, U32_MAX), 0);
	/* Lengths add up to whole words: the stream stays in step. */
	EXPECT_EQ(at % 4, 0);
	return client_check_byte(client.dst + at, 64, 0xee);
}

static int check_write(unsigned int words)
{
	TRY(periph_open(check_tx, DMA_MEM_TO_DEV));
	TRY(periph_write(&client.xfers[0], 0, 4 * words - 6));
	return periph_write(&client.xfers[1], 4 * words - 6, 6);
}

static int test_check_good(void)
{
	unsigned int i;

	for (i = 0; i < 100000; i++)
		put_word(i, i + 0xfffffff0U);
	return check_write(100000);
}

static int test_check_bad(void)
{
	unsigned int i;

	for (i = 0; i < 10000; i++)
		put_word(i, i + (i >= 777 ? 5 : 0) - (i >= 5000 ? 1 : 0));
	return check_write(10000);
}

/* A transfer that must fail behind `after` bytes, whole beats. */
static int fail_once(struct client_xfer *x, enum dma_transfer_direction dir)
{
	size_t whole = after / 4 * 4;

	TRY(periph_start(x, 0, SZ_64K, dir));
	EXPECT(wait_for_completion_timeout(&x->done, CLIENT_TIMEOUT));
	EXPECT_EQ(atomic_read(&x->calls), 1);
	EXPECT_EQ(x->result.result, result);
	EXPECT_EQ(x->result.residue, SZ_64K - whole);
	return 0;
}

static int test_fail_tx(void)
{
	struct client_xfer *x = client.xfers;

	TRY(periph_open(fail_tx, DMA_MEM_TO_DEV));
	TRY(fail_once(&x[0], DMA_MEM_TO_DEV));
	TRY(fail_once(&x[1], DMA_MEM_TO_DEV));
	/* Up to there it succeeds. */
	TRY(periph_write(&x[2], 0, after / 4 * 4));
	TRY(periph_start(&x[3], 0, 4, DMA_MEM_TO_DEV));
	EXPECT(wait_for_completion_timeout(&x[3].done, CLIENT_TIMEOUT));
	EXPECT_EQ(x[3].result.result, result);
	EXPECT_EQ(x[3].result.residue, 4);
	return 0;
}

static int test_fail_rx(void)
{
	struct client_xfer *x = client.xfers;
	size_t whole = after / 4 * 4;

	TRY(periph_open(fail_rx, DMA_DEV_TO_MEM));
	TRY(fail_once(&x[0], DMA_DEV_TO_MEM));
	EXPECT_EQ(missing(0, whole / 4, U32_MAX), 0);
	TRY(client_check_byte(client.dst + whole, SZ_64K - whole, 0xee));
	return periph_read(&x[1], 0, whole);
}

static int stall_once(struct client_xfer *x, enum dma_transfer_direction dir)
{
	struct dma_tx_state state;
	unsigned int i;

	TRY(periph_start(x, 0, SZ_64K, dir));
	for (i = 0; i < 1000; i++) {
		dmaengine_tx_status(client.chan[0], x->cookie, &state);
		if (state.residue + state.in_flight_bytes == SZ_64K - after)
			break;
		msleep(20);
	}
	msleep(50);
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x->cookie, &state), DMA_IN_PROGRESS);
	if (client.chan[0]->device->residue_granularity == DMA_RESIDUE_GRANULARITY_BURST)
		EXPECT_EQ(state.residue, SZ_64K - after);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	EXPECT_EQ(atomic_read(&x->calls), 0);
	return 0;
}

/* Without a word from anybody, a terminated transfer lets it go on. */
static int test_stall_tx(void)
{
	struct client_xfer *x = client.xfers;

	TRY(periph_open(stall_tx, DMA_MEM_TO_DEV));
	TRY(stall_once(&x[0], DMA_MEM_TO_DEV));
	TRY(stall_once(&x[1], DMA_MEM_TO_DEV));
	TRY(periph_write(&x[2], 0, after));
	/* The stall holds for whoever comes next, until that is terminated, too. */
	TRY(periph_start(&x[3], 0, 4, DMA_MEM_TO_DEV));
	msleep(50);
	EXPECT_EQ(atomic_read(&x[3].calls), 0);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	return periph_write(&x[4], 0, after);
}

static int test_stall_rx(void)
{
	struct client_xfer *x = client.xfers;

	TRY(periph_open(stall_rx, DMA_DEV_TO_MEM));
	TRY(stall_once(&x[0], DMA_DEV_TO_MEM));
	EXPECT_EQ(missing(0, after / 4, U32_MAX), 0);
	TRY(client_check_byte(client.dst + after, SZ_64K - after, 0xee));
	TRY(periph_read(&x[1], 0, after));
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	return 0;
}

/* Two and a half portions: somebody must release it twice. */
static int test_release_rx(void)
{
	TRY(periph_open(stall_rx, DMA_DEV_TO_MEM));
	TRY(periph_read(&client.xfers[0], 0, 2 * after + after / 2));
	EXPECT_EQ(missing(0, 5 * after / 8, U32_MAX), 0);
	return 0;
}

/* Words are in order, and no faster than the rate. */
static int paced_read(struct client_xfer *x, unsigned int transfers, size_t len)
{
	u64 start, took, least = (u64)transfers * len * NSEC_PER_SEC;
	unsigned int i;

	do_div(least, rate);
	start = ktime_get_ns();
	for (i = 0; i < transfers; i++)
		TRY(client_submit(&x[i], client_single(0, client.dst_dma + i * len, len,
						       DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[0]);
	for (i = 0; i < transfers; i++)
		TRY(client_wait(&x[i]));
	took = ktime_get_ns() - start;
	client_note("%zu bytes took %llu us", transfers * len, div_u64(took, NSEC_PER_USEC));
	EXPECT(took >= least - least / 20);
	return 0;
}

static int test_source(void)
{
	long gaps;

	TRY(periph_open(source_rx, DMA_DEV_TO_MEM));
	TRY(paced_read(client.xfers, 10, 2048));
	gaps = missing(0, 10 * 512, U32_MAX);
	EXPECT(gaps >= 0);
	client_note("missing %ld", gaps);
	return 0;
}

/* Nobody takes what comes for a while: there is no room for all of it. */
static int test_overrun(void)
{
	struct client_xfer *x = client.xfers;
	long gaps;

	TRY(periph_open(source_rx, DMA_DEV_TO_MEM));
	TRY(periph_read(&x[0], 0, 1024));
	msleep(100);
	TRY(periph_read(&x[1], 1024, 1024));
	gaps = missing(0, 512, U32_MAX);
	EXPECT(gaps > 0);
	client_note("missing %ld", gaps);
	return 0;
}

/* Not so if it was stopped meanwhile: it goes on with the next word. */
static int test_source_restart(void)
{
	struct client_xfer *x = client.xfers;
	u32 last;

	TRY(periph_open(source_rx, DMA_DEV_TO_MEM));
	TRY(periph_start(&x[0], 0, SZ_1M, DMA_DEV_TO_MEM));
	msleep(50);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	for (last = 1; last < SZ_256K && word_at(client.dst, last) != 0xeeeeeeee; last++)
		;
	msleep(100);
	TRY(periph_read(&x[1], SZ_1M, 64));
	client_note("stopped after %u words", last);
	/* The last word may be there in part, widths are whole words here. */
	EXPECT_EQ(word_at(client.dst + SZ_1M, 0), word_at(client.dst, last - 1) + 1);
	return 0;
}

/* 100 good, 10 again, 5 left out, 20 good, a new epoch of 50, 3 that are stale. */
static int test_audio_out(void)
{
	unsigned int i, n = 0;

	TRY(periph_open(audio_tx, DMA_MEM_TO_DEV));
	for (i = 0; i < 100; i++)
		put_word(n++, 1 << 24 | i);
	for (i = 90; i < 100; i++)
		put_word(n++, 1 << 24 | i);
	for (i = 105; i < 125; i++)
		put_word(n++, 1 << 24 | i);
	for (i = 0; i < 50; i++)
		put_word(n++, 2 << 24 | i);
	for (i = 125; i < 128; i++)
		put_word(n++, 1 << 24 | i);
	/* Within a transfer, without a beginning: from the next start's buffer. */
	for (i = 60; i < 65; i++)
		put_word(n++, 3 << 24 | i);
	return periph_write(&client.xfers[0], 0, 4 * n);
}

static int test_audio_in(void)
{
	long gaps;
	size_t i;

	TRY(periph_open(audio_rx, DMA_DEV_TO_MEM));
	TRY(paced_read(client.xfers, 4, 2048));
	gaps = missing(0, 4 * 512, FRAME_MASK);
	EXPECT(gaps >= 0);
	client_note("missing %ld", gaps);
	EXPECT_EQ(word_at(client.dst, 0) & FRAME_MASK, 0);
	for (i = 0; i < 4 * 512; i++)
		EXPECT_EQ(word_at(client.dst, i) >> 24, epoch);
	return 0;
}

const struct client_test client_periph_tests[] = {
	{ "periph_counter",		test_counter },
	{ "periph_check_good",		test_check_good },
	{ "periph_check_bad",		test_check_bad },
	{ "periph_fail_tx",		test_fail_tx },
	{ "periph_fail_rx",		test_fail_rx },
	{ "periph_stall_tx",		test_stall_tx },
	{ "periph_stall_rx",		test_stall_rx },
	{ "periph_release_rx",		test_release_rx },
	{ "periph_source",		test_source },
	{ "periph_overrun",		test_overrun },
	{ "periph_restart",	test_source_restart },
	{ "periph_audio_out",		test_audio_out },
	{ "periph_audio_in",		test_audio_in },
	{ }
};
