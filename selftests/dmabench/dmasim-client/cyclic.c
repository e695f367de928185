// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - cyclic transfers: to the sink, round the loopback
 *
 * covers: device_prep_dma_cyclic dmaengine_prep_dma_cyclic
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/ktime.h>

#include "client.h"

/**
 * struct cyclic - what the callback of a cyclic transfer knows
 * @chan:	channel
 * @cookie:	of the transfer
 * @periods:	callbacks so far
 * @stop_at:	terminate the transfer in this one, 0: never
 * @bad:	callbacks in a wrong context
 * @wrong:	results that are not good
 * @done:	completed by every callback
 *
 * Never on a stack: what goes round goes on after a test that has failed, until the
 * channel is released.
 */
struct cyclic {
	struct dma_chan *chan;
	dma_cookie_t cookie;
	atomic_t periods;
	int stop_at;
	atomic_t bad;
	atomic_t wrong;
	struct completion done;
};

static void cyclic_callback(void *param, const struct dmaengine_result *result)
{
	struct cyclic *cy = param;

	if (in_hardirq() || irqs_disabled())
		atomic_inc(&cy->bad);
	if (!result || result->result != DMA_TRANS_NOERROR || result->residue)
		atomic_inc(&cy->wrong);
	if (atomic_inc_return(&cy->periods) == cy->stop_at)
		dmaengine_terminate_async(cy->chan);
	complete(&cy->done);
}

static int cyclic_start(struct cyclic *cy, unsigned int chan, dma_addr_t buf, size_t len,
			size_t period, enum dma_transfer_direction dir)
{
	struct dma_async_tx_descriptor *tx;

	cy->chan = client.chan[chan];
	atomic_set(&cy->periods, 0);
	atomic_set(&cy->bad, 0);
	atomic_set(&cy->wrong, 0);
	init_completion(&cy->done);

	tx = dmaengine_prep_dma_cyclic(cy->chan, buf, len, period, dir, CLIENT_FLAGS);
	EXPECT(tx);
	tx->callback_result = cyclic_callback;
	tx->callback_param = cy;
	cy->cookie = dmaengine_submit(tx);
	EXPECT(!dma_submit_error(cy->cookie));
	dma_async_issue_pending(cy->chan);
	return 0;
}

static int cyclic_stop(struct cyclic *cy)
{
	int periods;

	EXPECT_EQ(dmaengine_terminate_sync(cy->chan), 0);
	periods = atomic_read(&cy->periods);
	msleep(20);
	EXPECT_EQ(atomic_read(&cy->periods), periods);
	EXPECT_EQ(atomic_read(&cy->bad), 0);
	EXPECT_EQ(atomic_read(&cy->wrong), 0);
	return 0;
}

static int cyclic_sink_open(void)
{
	TRY(client_open(1));
	if (!client_can(DMA_CYCLIC) || !client_has_terminate() || !client_sink)
		return -EOPNOTSUPP;
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_sink, 4, 4), 0);
	return 0;
}

static int cyclic_loopback_open(void)
{
	TRY(client_open(2));
	if (!client_can(DMA_CYCLIC) || !client_can(DMA_SLAVE) || !client_has_terminate() ||
	    !client_loopback_tx || !client_loopback_rx)
		return -EOPNOTSUPP;
	TRY(client_drain_loopback());
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_loopback_tx, 4, 4), 0);
	EXPECT_EQ(client_config(1, DMA_DEV_TO_MEM, client_loopback_rx, 4, 4), 0);
	return 0;
}

#define CYCLIC_PERIOD	1024
#define CYCLIC_PERIODS	4
#define CYCLIC_LEN	(CYCLIC_PERIOD * CYCLIC_PERIODS)

static int test_to_sink(void)
{
	const u32 len = 64 * CYCLIC_PERIOD;
	u32 granularity, pos, last = 0, moves = 0;
	struct dma_tx_state state;
	static struct cyclic cy;
	ktime_t start;
	s64 took;
	u64 total = 0;
	int periods;

	TRY(cyclic_sink_open());
	granularity = client.chan[0]->device->residue_granularity;
	client_fill(client.src, len, 1);
	start = ktime_get();
	TRY(cyclic_start(&cy, 0, client.src_dma, len, CYCLIC_PERIOD, DMA_MEM_TO_DEV));

	do {
		usleep_range(900, 1100);
		periods = atomic_read(&cy.periods);
		EXPECT_EQ(dmaengine_tx_status(cy.chan, cy.cookie, &state), DMA_IN_PROGRESS);
		if (granularity == DMA_RESIDUE_GRANULARITY_DESCRIPTOR) {
			EXPECT_EQ(state.residue, 0);
			continue;
		}
		EXPECT(state.residue > 0 && state.residue <= len);
		pos = len - state.residue;
		EXPECT_EQ(pos % (granularity == DMA_RESIDUE_GRANULARITY_SEGMENT ?
				 CYCLIC_PERIOD : 16), 0);
		moves += pos != last;
		total += (pos - last) % len;
		last = pos;
	} while (periods < 40 && ktime_us_delta(ktime_get(), start) < 10 * USEC_PER_SEC);

	took = ktime_us_delta(ktime_get(), start);
	TRY(cyclic_stop(&cy));
	EXPECT(periods >= 40);
	client_note("%d periods of %u bytes in %lld us", periods, CYCLIC_PERIOD, took);

	if (granularity != DMA_RESIDUE_GRANULARITY_DESCRIPTOR) {
		EXPECT(moves > 5);
		/* Position and callbacks tell the same story. */
		EXPECT(total >= (u64)periods * CYCLIC_PERIOD);
		EXPECT(total - (u64)periods * CYCLIC_PERIOD < len / 2);
	}
	return 0;
}

static int test_one_period(void)
{
	static struct cyclic cy;
	unsigned int i;

	TRY(cyclic_sink_open());
	TRY(cyclic_start(&cy, 0, client.src_dma, 512, 512, DMA_MEM_TO_DEV));
	for (i = 0; i < 10; i++)
		EXPECT(wait_for_completion_timeout(&cy.done, CLIENT_TIMEOUT));
	EXPECT_EQ(dmaengine_tx_status(cy.chan, cy.cookie, NULL), DMA_IN_PROGRESS);
	return cyclic_stop(&cy);
}

static int test_terminate_in_callback(void)
{
	static struct cyclic cy;
	unsigned int i;

	TRY(cyclic_sink_open());
	for (i = 1; i < 6; i++) {
		cy.stop_at = i;
		TRY(cyclic_start(&cy, 0, client.src_dma, 512, 128, DMA_MEM_TO_DEV));
		while (atomic_read(&cy.periods) < i)
			EXPECT(wait_for_completion_timeout(&cy.done, CLIENT_TIMEOUT));
		dmaengine_synchronize(cy.chan);
		msleep(20);
		EXPECT_EQ(atomic_read(&cy.periods), i);
	}
	return 0;
}

static int test_queued_behind(void)
{
	struct client_xfer *x = &client.xfers[0];
	static struct cyclic cy;

	TRY(cyclic_sink_open());
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;
	TRY(cyclic_start(&cy, 0, client.src_dma, 512, 128, DMA_MEM_TO_DEV));
	TRY(client_memcpy(x, 0, 0, 512));
	dma_async_issue_pending(cy.chan);
	EXPECT(wait_for_completion_timeout(&cy.done, CLIENT_TIMEOUT));
	msleep(30);
	EXPECT_EQ(atomic_read(&x->calls), 0);
	EXPECT_EQ(dmaengine_tx_status(cy.chan, x->cookie, NULL), DMA_IN_PROGRESS);
	TRY(cyclic_stop(&cy));
	EXPECT_EQ(atomic_read(&x->calls), 0);
	return client_check_byte(client.dst, 512, 0xee);
}

/* Reads what the cyclic writer sends: the same buffer over and over. */
static int test_round_the_loopback(void)
{
	static const size_t periods[] = { 16, 100, 500, 3000 };
	struct client_xfer *x = client.xfers;
	static struct cyclic cy;
	unsigned int i, k;

	TRY(cyclic_loopback_open());
	client_fill(client.src, 3000, 2);
	for (i = 0; i < ARRAY_SIZE(periods); i++) {
		TRY(cyclic_start(&cy, 0, client.src_dma, 3000 - 3000 % periods[i], periods[i],
				 DMA_MEM_TO_DEV));
		TRY(client_submit(&x[i], client_single(1, client.dst_dma, 30000, DMA_DEV_TO_MEM)));
		dma_async_issue_pending(client.chan[1]);
		TRY(client_wait(&x[i]));
		TRY(cyclic_stop(&cy));
		EXPECT(atomic_read(&cy.periods) >= 30000 / periods[i]);
		for (k = 0; k < 30000; k++)
			EXPECT(client.dst[k] == client.src[k % (3000 - 3000 % periods[i])]);
		TRY(client_drain_loopback());
		EXPECT_EQ(client_config(1, DMA_DEV_TO_MEM, client_loopback_rx, 4, 4), 0);
	}
	return 0;
}

/* Writes into a ring as capture does. */
static int test_capture(void)
{
	struct client_xfer *x = client.xfers;
	static struct cyclic cy;
	unsigned int i;

	TRY(cyclic_loopback_open());
	client_fill(client.src, 10 * CYCLIC_LEN, 3);
	TRY(cyclic_start(&cy, 1, client.dst_dma, CYCLIC_LEN, CYCLIC_PERIOD, DMA_DEV_TO_MEM));
	for (i = 0; i < 10; i++) {
		unsigned int k;

		TRY(client_submit(&x[i], client_single(0, client.src_dma + i * CYCLIC_LEN,
						       CYCLIC_LEN, DMA_MEM_TO_DEV)));
		dma_async_issue_pending(client.chan[0]);
		TRY(client_wait(&x[i]));
		for (k = 0; k < CYCLIC_PERIODS; k++)
			EXPECT(wait_for_completion_timeout(&cy.done, CLIENT_TIMEOUT));
		EXPECT(!memcmp(client.dst, client.src + i * CYCLIC_LEN, CYCLIC_LEN));
		/* One callback per period: none missing, none merged. */
		EXPECT_EQ(atomic_read(&cy.periods), (i + 1) * CYCLIC_PERIODS);
	}
	TRY(client_check_byte(client.dst + CYCLIC_LEN, 64, 0xee));
	return cyclic_stop(&cy);
}

const struct client_test client_cyclic_tests[] = {
	{ "cyclic_to_sink",		test_to_sink },
	{ "cyclic_one_period",		test_one_period },
	{ "cyclic_terminate_in_callback", test_terminate_in_callback },
	{ "cyclic_queued_behind",	test_queued_behind },
	{ "cyclic_round_the_loopback",	test_round_the_loopback },
	{ "cyclic_capture",		test_capture },
	{ }
};
