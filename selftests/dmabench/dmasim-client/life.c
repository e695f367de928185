// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - request, release, unbind
 *
 * covers: dma_request_channel device_alloc_chan_resources dma_release_channel
 * covers: device_free_chan_resources device_release dma_chan_name
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/kernel.h>

#include "client.h"

static int test_request_release(void)
{
	unsigned int i;

	for (i = 0; i < client_rounds(300); i++) {
		TRY(client_open(1));
		EXPECT_EQ(dmaengine_tx_status(client.chan[0], client.chan[0]->cookie, NULL),
			  DMA_COMPLETE);
		client_close();
	}
	return 0;
}

static int test_release_running(void)
{
	struct client_xfer *x = client.xfers;
	unsigned int i;
	u8 last;

	TRY(client_open(1));
	if (!client_can(DMA_SLAVE) || !client_loopback_rx)
		return -EOPNOTSUPP;

	for (i = 0; i < client_rounds(20); i++) {
		EXPECT_EQ(client_config(0, DMA_DEV_TO_MEM, client_loopback_rx, 1, 1), 0);
		TRY(client_submit(&x[i], client_single(0, client.dst_dma, SZ_64K,
						       DMA_DEV_TO_MEM)));
		dma_async_issue_pending(client.chan[0]);
		TRY(client_submit(&x[100], client_single(0, client.dst_dma, 64,
							 DMA_DEV_TO_MEM)));
		dma_release_channel(client.chan[0]);
		client.chan[0] = NULL;
		EXPECT_EQ(atomic_read(&x[i].calls), 0);
		TRY(client_open(1));
		/* Whoever comes next finds nothing of that. */
		EXPECT_EQ(dmaengine_tx_status(client.chan[0], client.chan[0]->cookie, NULL),
			  DMA_COMPLETE);
		EXPECT(!client_single(0, client.dst_dma, 64, DMA_DEV_TO_MEM));
	}
	if (!client_can(DMA_MEMCPY))
		return 0;

	memset(client.src, 0x11, SZ_1M);
	for (i = 0; i < client_rounds(20); i++) {
		TRY(client_memcpy(&x[200 + i], 0, 0, SZ_1M));
		dma_async_issue_pending(client.chan[0]);
		client_close();
		last = i;
		memset(client.dst, last, SZ_1M);
		usleep_range(2000, 3000);
		TRY(client_check_byte(client.dst, SZ_1M, last));
		TRY(client_open(1));
	}
	return 0;
}

static int test_unbind_in_flight(void)
{
	struct dma_async_tx_descriptor *early;
	struct client_xfer *x = client.xfers;
	struct dma_chan *chan;
	unsigned int i;

	TRY(client_open(2));
	if (!client_can(DMA_SLAVE) || !client_loopback_rx)
		return -EOPNOTSUPP;

	chan = client.chan[0];
	EXPECT_EQ(client_config(0, DMA_DEV_TO_MEM, client_loopback_rx, 1, 1), 0);
	early = client_single(0, client.dst_dma, 64, DMA_DEV_TO_MEM);
	EXPECT(early);
	for (i = 0; i < 5; i++)
		TRY(client_submit(&x[i], client_single(0, client.dst_dma, SZ_64K,
						       DMA_DEV_TO_MEM)));
	dma_async_issue_pending(chan);
	TRY(client_submit(&x[5], client_single(0, client.dst_dma, 64, DMA_DEV_TO_MEM)));
	msleep(20);

	device_release_driver(client.dev);

	/* What was issued ends, and says how. */
	for (i = 0; i < 5; i++) {
		EXPECT_EQ(atomic_read(&x[i].calls), 1);
		EXPECT_EQ(x[i].order, i + 1);
		EXPECT_EQ(x[i].result.result, DMA_TRANS_ABORTED);
		EXPECT(x[i].result.residue > 0 && x[i].result.residue <= SZ_64K);
		EXPECT_EQ(dmaengine_tx_status(chan, x[i].cookie, NULL), DMA_ERROR);
	}
	EXPECT_EQ(atomic_read(&x[5].calls), 0);
	EXPECT_EQ(dmaengine_tx_status(chan, x[5].cookie, NULL), DMA_ERROR);

	/* Nothing goes on, nothing oopses. */
	EXPECT(!client_single(0, client.dst_dma, 64, DMA_DEV_TO_MEM));
	EXPECT(dma_submit_error(dmaengine_submit(early)));
	dma_async_issue_pending(chan);
	dmaengine_pause(chan);
	dmaengine_resume(chan);
	dmaengine_terminate_sync(chan);
	client_note("still named %s", dma_chan_name(chan));
	client_close();

	EXPECT_EQ(client_open(1), -EOPNOTSUPP);
	EXPECT_EQ(device_attach(client.dev), 1);
	TRY(client_open(1));
	return 0;
}

static int test_unbind_busy(void)
{
	struct client_xfer *x = client.xfers;
	unsigned int i, k, n = 1000;

	for (i = 0; i < client_rounds(10); i++) {
		unsigned int good = 0, aborted = 0;

		TRY(client_open(1));
		if (!client_can(DMA_MEMCPY))
			return -EOPNOTSUPP;
		for (k = 0; k < n; k++)
			TRY(client_memcpy(&x[k], 0, 0, SZ_64K));
		/* With what it takes to be busy a little longer than this task. */
		local_bh_disable();
		dma_async_issue_pending(client.chan[0]);
		local_bh_enable();
		device_release_driver(client.dev);
		for (k = 0; k < n; k++) {
			EXPECT_EQ(atomic_read(&x[k].calls), 1);
			EXPECT_EQ(x[k].order, k + 1);
			if (x[k].result.result == DMA_TRANS_NOERROR)
				good++;
			else
				aborted++;
			/* No good one behind an aborted one. */
			EXPECT(x[k].result.result != DMA_TRANS_NOERROR || !aborted);
		}
		client_note("%u done, %u aborted", good, aborted);
		client_close();
		EXPECT_EQ(device_attach(client.dev), 1);
	}
	return 0;
}

const struct client_test client_life_tests[] = {
	{ "life_request_release",	test_request_release },
	{ "life_release_running",	test_release_running },
	{ "life_unbind_in_flight",	test_unbind_in_flight },
	{ "life_unbind_busy",		test_unbind_busy },
	{ }
};
