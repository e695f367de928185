// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - slave transfers through the loopback
 *
 * covers: device_prep_slave_sg dmaengine_prep_slave_sg
 * covers: dmaengine_prep_slave_single device_config dmaengine_slave_config
 * covers: dma_get_slave_caps directions residue_granularity
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/scatterlist.h>

#include "client.h"

#define TX	0
#define RX	1

static int slave_open(void)
{
	TRY(client_open(2));
	if (!client_can(DMA_SLAVE) || !client_has_terminate() || !client_loopback_tx ||
	    !client_loopback_rx)
		return -EOPNOTSUPP;
	return client_drain_loopback();
}

static int slave_config(unsigned int width, unsigned int burst)
{
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, width, burst), 0);
	EXPECT_EQ(client_config(RX, DMA_DEV_TO_MEM, client_loopback_rx, width, burst), 0);
	return 0;
}

static int slave_both(size_t len, bool rx_first)
{
	struct client_xfer *x = client.xfers;
	unsigned int i;

	for (i = 0; i < 2; i++) {
		memset(&x[i], 0, sizeof(x[i]));
		init_completion(&x[i].done);
	}
	client_fill(client.src, len, len);
	memset(client.dst, 0xee, len + 64);

	TRY(client_submit(&x[TX], client_single(TX, client.src_dma, len, DMA_MEM_TO_DEV)));
	TRY(client_submit(&x[RX], client_single(RX, client.dst_dma, len, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[rx_first ? RX : TX]);
	dma_async_issue_pending(client.chan[rx_first ? TX : RX]);
	TRY(client_wait(&x[TX]));
	TRY(client_wait(&x[RX]));
	TRY(client_check(client.dst, len, len));
	return client_check_byte(client.dst + len, 64, 0xee);
}

static int test_widths_and_tails(void)
{
	static const unsigned int widths[] = { 1, 2, 3, 4, 8 };
	static const unsigned int bursts[] = { 0, 1, 7, 256 };
	unsigned int w, b, len;

	TRY(slave_open());
	for (w = 0; w < ARRAY_SIZE(widths); w++) {
		for (b = 0; b < ARRAY_SIZE(bursts); b++) {
			TRY(slave_config(widths[w], bursts[b]));
			for (len = 1; len < 40; len += 3)
				TRY(slave_both(len, len & 1));
			TRY(slave_both(4099, true));
		}
	}
	return 0;
}

static int test_flow_control(void)
{
	unsigned int i;

	TRY(slave_open());
	TRY(slave_config(4, 16));
	for (i = 0; i < client_rounds(10); i++) {
		TRY(slave_both(SZ_64K + i, i & 1));
		TRY(slave_both(SZ_1M - i, i & 1));
	}
	return 0;
}

static int test_waits_for_peripheral(void)
{
	struct client_xfer *x = client.xfers;
	struct dma_tx_state state;

	TRY(slave_open());
	TRY(slave_config(1, 1));
	client_fill(client.src, SZ_64K, 1);

	/* The reader waits for bytes, and takes those that come. */
	TRY(client_submit(&x[1], client_single(RX, client.dst_dma, SZ_64K, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[RX]);
	msleep(20);
	EXPECT_EQ(dmaengine_tx_status(client.chan[RX], x[1].cookie, NULL), DMA_IN_PROGRESS);
	TRY(client_check_byte(client.dst, SZ_64K, 0xee));

	TRY(client_submit(&x[0], client_single(TX, client.src_dma, 1000, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[TX]);
	TRY(client_wait(&x[0]));
	msleep(20);
	TRY(client_check(client.dst, 1000, 1));
	TRY(client_check_byte(client.dst + 1000, SZ_64K - 1000, 0xee));
	EXPECT_EQ(dmaengine_tx_status(client.chan[RX], x[1].cookie, &state), DMA_IN_PROGRESS);
	switch (client.chan[RX]->device->residue_granularity) {
	case DMA_RESIDUE_GRANULARITY_BURST:
		EXPECT_EQ(state.residue, SZ_64K - 1000);
		break;
	case DMA_RESIDUE_GRANULARITY_SEGMENT:
		EXPECT_EQ(state.residue, SZ_64K);
		EXPECT_EQ(state.in_flight_bytes, 1000);
		break;
	default:
		EXPECT_EQ(state.residue, 0);
	}

	/* The writer waits for room. */
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[RX]), 0);
	TRY(client_submit(&x[2], client_single(TX, client.src_dma, SZ_64K, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[TX]);
	msleep(20);
	EXPECT_EQ(dmaengine_tx_status(client.chan[TX], x[2].cookie, NULL), DMA_IN_PROGRESS);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[TX]), 0);
	EXPECT_EQ(atomic_read(&x[1].calls) + atomic_read(&x[2].calls), 0);
	return client_drain_loopback();
}

/* The engine takes whole beats; what is less than one stays where it is. */
static int test_whole_beats(void)
{
	struct client_xfer *x = client.xfers;
	struct dma_tx_state state;
	u32 granularity;

	TRY(slave_open());
	granularity = client.chan[RX]->device->residue_granularity;
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, 1, 1), 0);
	EXPECT_EQ(client_config(RX, DMA_DEV_TO_MEM, client_loopback_rx, 4, 1), 0);
	client_fill(client.src, 100, 1);

	TRY(client_submit(&x[0], client_single(RX, client.dst_dma, 100, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[RX]);
	TRY(client_submit(&x[1], client_single(TX, client.src_dma, 6, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[TX]);
	TRY(client_wait(&x[1]));
	msleep(20);
	TRY(client_check(client.dst, 4, 1));
	TRY(client_check_byte(client.dst + 4, 96, 0xee));
	EXPECT_EQ(dmaengine_tx_status(client.chan[RX], x[0].cookie, &state), DMA_IN_PROGRESS);
	if (granularity == DMA_RESIDUE_GRANULARITY_BURST) {
		EXPECT_EQ(state.residue, 96);
		EXPECT_EQ(state.in_flight_bytes, 0);
	}

	TRY(client_submit(&x[2], client_single(TX, client.src_dma + 6, 94, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[TX]);
	TRY(client_wait(&x[0]));
	return client_check(client.dst, 100, 1);
}

static void slave_scatter(struct scatterlist *sg, unsigned int n, dma_addr_t base,
			  unsigned int step, unsigned int seed)
{
	unsigned int i, at = 0;

	sg_init_table(sg, n);
	for (i = 0; i < n; i++) {
		unsigned int len = 1 + (i * seed) % step;

		/* Highest address first: order must come from the list alone. */
		sg_dma_address(&sg[i]) = base + (n - 1 - i) * (step + 16);
		sg_dma_len(&sg[i]) = len;
		at += len;
	}
}

static unsigned int slave_length(struct scatterlist *sg, unsigned int n)
{
	unsigned int i, len = 0;

	for (i = 0; i < n; i++)
		len += sg_dma_len(&sg[i]);
	return len;
}

#define SLAVE_ENTRIES	128

static int test_scatterlists(void)
{
	static struct scatterlist tx[SLAVE_ENTRIES], rx[SLAVE_ENTRIES];
	struct client_xfer *x = client.xfers;
	unsigned int i, len, left, at, k;
	u8 *flat;

	TRY(slave_open());
	TRY(slave_config(1, 4));

	/* From many to one. */
	slave_scatter(tx, SLAVE_ENTRIES, client.src_dma, 2000, 37);
	len = slave_length(tx, SLAVE_ENTRIES);
	client_fill(client.src, SLAVE_ENTRIES * 2016, 9);
	TRY(client_submit(&x[0], dmaengine_prep_slave_sg(client.chan[TX], tx, SLAVE_ENTRIES,
							 DMA_MEM_TO_DEV, CLIENT_FLAGS)));
	memset(tx, 0xff, sizeof(tx));
	TRY(client_submit(&x[1], client_single(RX, client.dst_dma, len, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[TX]);
	dma_async_issue_pending(client.chan[RX]);
	TRY(client_wait(&x[0]));
	TRY(client_wait(&x[1]));
	slave_scatter(tx, SLAVE_ENTRIES, 0, 2000, 37);
	for (i = 0, at = 0; i < SLAVE_ENTRIES; i++) {
		EXPECT(!memcmp(client.dst + at, client.src + sg_dma_address(&tx[i]),
			       sg_dma_len(&tx[i])));
		at += sg_dma_len(&tx[i]);
	}
	TRY(client_check_byte(client.dst + len, 64, 0xee));

	/* From one to many: bytes between the entries are not touched. */
	memset(client.dst, 0xee, CLIENT_BUF);
	slave_scatter(rx, SLAVE_ENTRIES, client.dst_dma, 2000, 53);
	len = slave_length(rx, SLAVE_ENTRIES);
	TRY(client_submit(&x[2], client_single(TX, client.src_dma, len, DMA_MEM_TO_DEV)));
	TRY(client_submit(&x[3], dmaengine_prep_slave_sg(client.chan[RX], rx, SLAVE_ENTRIES,
							 DMA_DEV_TO_MEM, CLIENT_FLAGS)));
	memset(rx, 0xff, sizeof(rx));
	dma_async_issue_pending(client.chan[RX]);
	dma_async_issue_pending(client.chan[TX]);
	TRY(client_wait(&x[2]));
	TRY(client_wait(&x[3]));
	slave_scatter(rx, SLAVE_ENTRIES, 0, 2000, 53);
	for (i = 0, flat = client.src; i < SLAVE_ENTRIES; i++) {
		k = sg_dma_len(&rx[i]);
		EXPECT(!memcmp(client.dst + sg_dma_address(&rx[i]), flat, k));
		left = 2016 - k;
		TRY(client_check_byte(client.dst + sg_dma_address(&rx[i]) + k, left, 0xee));
		flat += k;
	}
	return 0;
}

static int test_config_belongs_to_prep(void)
{
	struct client_xfer *x = client.xfers;

	TRY(slave_open());
	TRY(slave_config(1, 1));
	client_fill(client.src, 2048, 11);
	TRY(client_submit(&x[0], client_single(TX, client.src_dma, 1024, DMA_MEM_TO_DEV)));
	/* The one that was prepared goes where it was meant to go. */
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, 0x10, 8, 8), 0);
	EXPECT(!client_single(TX, client.src_dma, 1024, DMA_MEM_TO_DEV));
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, 4, 8), 0);
	TRY(client_submit(&x[1], client_single(TX, client.src_dma + 1024, 1024, DMA_MEM_TO_DEV)));
	TRY(client_submit(&x[2], client_single(RX, client.dst_dma, 2048, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[TX]);
	dma_async_issue_pending(client.chan[RX]);
	TRY(client_wait(&x[2]));
	return client_check(client.dst, 2048, 11);
}

static int test_bad_slave(void)
{
	struct dma_slave_config cfg = { };
	struct scatterlist sg[2];
	struct dma_chan *chan;

	TRY(slave_open());
	chan = client.chan[TX];

	/* Not configured, or not for this direction. */
	EXPECT(!client_single(TX, client.src_dma, 64, DMA_MEM_TO_DEV));
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, 4, 1), 0);
	EXPECT(!client_single(TX, client.src_dma, 64, DMA_DEV_TO_MEM));
	/* The registers have directions, too. */
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_rx, 4, 1), 0);
	EXPECT(!client_single(TX, client.src_dma, 64, DMA_MEM_TO_DEV));
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, 0, 1), 0);
	EXPECT(!client_single(TX, client.src_dma, 64, DMA_MEM_TO_DEV));

	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, 5, 1), -EINVAL);
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, 128, 1), -EINVAL);
	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, 4, 100000), -EINVAL);
	cfg.src_addr_width = ~0;
	EXPECT_EQ(dmaengine_slave_config(chan, &cfg), -EINVAL);

	EXPECT_EQ(client_config(TX, DMA_MEM_TO_DEV, client_loopback_tx, 4, 1), 0);
	EXPECT(!client_single(TX, client.src_dma, 0, DMA_MEM_TO_DEV));
	EXPECT(!client_single(TX, client.src_dma, 64, DMA_MEM_TO_MEM));
	EXPECT(!client_single(TX, client.src_dma, 64, DMA_TRANS_NONE));
	sg_init_table(sg, 2);
	sg_dma_address(&sg[0]) = client.src_dma;
	sg_dma_len(&sg[0]) = 64;
	sg_dma_address(&sg[1]) = client.src_dma;
	sg_dma_len(&sg[1]) = 0;
	EXPECT(!dmaengine_prep_slave_sg(chan, sg, 0, DMA_MEM_TO_DEV, CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_slave_sg(chan, NULL, 1, DMA_MEM_TO_DEV, CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_slave_sg(chan, sg, 2, DMA_MEM_TO_DEV, CLIENT_FLAGS));

	if (client_can(DMA_CYCLIC)) {
		EXPECT(!dmaengine_prep_dma_cyclic(chan, client.src_dma, 0, 0, DMA_MEM_TO_DEV,
						  CLIENT_FLAGS));
		EXPECT(!dmaengine_prep_dma_cyclic(chan, client.src_dma, 64, 0, DMA_MEM_TO_DEV,
						  CLIENT_FLAGS));
		EXPECT(!dmaengine_prep_dma_cyclic(chan, client.src_dma, 64, 63, DMA_MEM_TO_DEV,
						  CLIENT_FLAGS));
		EXPECT(!dmaengine_prep_dma_cyclic(chan, client.src_dma, 64, 128, DMA_MEM_TO_DEV,
						  CLIENT_FLAGS));
		EXPECT(!dmaengine_prep_dma_cyclic(chan, client.src_dma, 64, 32, DMA_DEV_TO_DEV,
						  CLIENT_FLAGS));
	}
	return 0;
}

static int test_caps(void)
{
	struct dma_slave_caps caps = { };
	struct dma_device *dma;

	TRY(client_open(1));
	if (!client_can(DMA_SLAVE) && !client_can(DMA_CYCLIC))
		return -EOPNOTSUPP;

	dma = client.chan[0]->device;
	EXPECT_EQ(dma_get_slave_caps(client.chan[0], &caps), 0);
	EXPECT_EQ(caps.directions, BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM));
	EXPECT_EQ(caps.cmd_pause, !!dma->device_pause);
	EXPECT_EQ(caps.cmd_resume, !!dma->device_resume);
	EXPECT_EQ(caps.cmd_terminate, !!dma->device_terminate_all);
	EXPECT_EQ(caps.descriptor_reuse, dma->descriptor_reuse);
	EXPECT(caps.max_burst >= 1);
	return 0;
}

const struct client_test client_slave_tests[] = {
	{ "slave_caps",			test_caps },
	{ "slave_bad_arguments",	test_bad_slave },
	{ "slave_widths_and_tails",	test_widths_and_tails },
	{ "slave_flow_control",		test_flow_control },
	{ "slave_waits_for_peripheral",	test_waits_for_peripheral },
	{ "slave_whole_beats",		test_whole_beats },
	{ "slave_scatterlists",		test_scatterlists },
	{ "slave_config_belongs_to_prep", test_config_belongs_to_prep },
	{ }
};
