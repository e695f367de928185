// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - what hangs on a descriptor: unmap data, dependencies
 *
 * Unmap data that we hold have two references while a descriptor has them, and
 * one from when it has dropped them on.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/sizes.h>

#include "client.h"

static struct dmaengine_unmap_data *unmap_get(struct dma_async_tx_descriptor *tx)
{
	struct dmaengine_unmap_data *unmap;

	unmap = dmaengine_get_unmap_data(client.dev, 2, GFP_KERNEL);
	if (unmap)
		dma_set_unmap(tx, unmap);
	return unmap;
}

static int unmap_open(void)
{
	TRY(client_open(1));
	return client_can(DMA_MEMCPY) ? 0 : -EOPNOTSUPP;
}

static struct dma_async_tx_descriptor *unmap_prep(void)
{
	return dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, SZ_4K,
					 CLIENT_FLAGS);
}

/* Ours is the last reference; gives it back. */
static int unmap_dropped(struct dmaengine_unmap_data *unmap)
{
	EXPECT_EQ(kref_read(&unmap->kref), 1);
	dmaengine_unmap_put(unmap);
	return 0;
}

static int test_completion(void)
{
	struct dma_async_tx_descriptor *tx;
	struct dmaengine_unmap_data *unmap;
	struct client_xfer *x = client.xfers;

	TRY(unmap_open());
	tx = unmap_prep();
	EXPECT(tx);
	unmap = unmap_get(tx);
	EXPECT(unmap);
	TRY(client_submit(&x[0], tx));
	EXPECT_EQ(kref_read(&unmap->kref), 2);
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	return unmap_dropped(unmap);
}

static int test_terminate(void)
{
	struct dma_async_tx_descriptor *tx[2];
	struct dmaengine_unmap_data *unmap[2];
	struct client_xfer *x = client.xfers;
	unsigned int i;

	TRY(unmap_open());
	if (!client_has_terminate() || !client_can(DMA_SLAVE) || !client_loopback_rx)
		return -EOPNOTSUPP;
	EXPECT_EQ(client_config(0, DMA_DEV_TO_MEM, client_loopback_rx, 1, 1), 0);

	/* One that waits for bytes, and one that is only submitted. */
	for (i = 0; i < 2; i++) {
		tx[i] = client_single(0, client.dst_dma, SZ_64K, DMA_DEV_TO_MEM);
		EXPECT(tx[i]);
		unmap[i] = unmap_get(tx[i]);
		EXPECT(unmap[i]);
		TRY(client_submit(&x[i], tx[i]));
		if (!i)
			dma_async_issue_pending(client.chan[0]);
	}
	msleep(20);
	EXPECT_EQ(kref_read(&unmap[0]->kref), 2);
	EXPECT_EQ(kref_read(&unmap[1]->kref), 2);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	TRY(unmap_dropped(unmap[0]));
	return unmap_dropped(unmap[1]);
}

/* Prepared and never submitted: the channel's end is the descriptor's. */
static int test_release(void)
{
	struct dma_async_tx_descriptor *tx;
	struct dmaengine_unmap_data *unmap;

	TRY(unmap_open());
	tx = unmap_prep();
	EXPECT(tx);
	unmap = unmap_get(tx);
	EXPECT(unmap);
	EXPECT_EQ(kref_read(&unmap->kref), 2);
	client_close();
	return unmap_dropped(unmap);
}

static int test_unbind(void)
{
	struct dma_async_tx_descriptor *tx[3];
	struct dmaengine_unmap_data *unmap[3];
	struct client_xfer *x = client.xfers;
	unsigned int i;

	TRY(unmap_open());
	if (!client_can(DMA_SLAVE) || !client_loopback_rx)
		return -EOPNOTSUPP;
	EXPECT_EQ(client_config(0, DMA_DEV_TO_MEM, client_loopback_rx, 1, 1), 0);

	/* Issued, submitted, prepared. */
	for (i = 0; i < 3; i++) {
		tx[i] = client_single(0, client.dst_dma, SZ_64K, DMA_DEV_TO_MEM);
		EXPECT(tx[i]);
		unmap[i] = unmap_get(tx[i]);
		EXPECT(unmap[i]);
		if (i < 2)
			TRY(client_submit(&x[i], tx[i]));
		if (!i)
			dma_async_issue_pending(client.chan[0]);
	}
	msleep(20);
	device_release_driver(client.dev);
	EXPECT_EQ(atomic_read(&x[0].calls), 1);
	TRY(unmap_dropped(unmap[0]));
	TRY(unmap_dropped(unmap[1]));
	EXPECT_EQ(kref_read(&unmap[2]->kref), 2);
	EXPECT(dma_submit_error(dmaengine_submit(tx[2])));
	TRY(unmap_dropped(unmap[2]));
	client_close();
	EXPECT_EQ(device_attach(client.dev), 1);
	return 0;
}

static int test_reuse(void)
{
	struct dma_async_tx_descriptor *tx;
	struct dmaengine_unmap_data *unmap;
	struct client_xfer *x = client.xfers;
	unsigned int i;

	TRY(unmap_open());
	tx = unmap_prep();
	EXPECT(tx);
	if (!client.chan[0]->device->descriptor_reuse || dmaengine_desc_set_reuse(tx))
		return -EOPNOTSUPP;
	/* With each life. */
	for (i = 0; i < 2; i++) {
		unmap = unmap_get(tx);
		EXPECT(unmap);
		TRY(client_submit(&x[i], tx));
		dma_async_issue_pending(client.chan[0]);
		TRY(client_wait(&x[i]));
		TRY(unmap_dropped(unmap));
	}
	unmap = unmap_get(tx);
	EXPECT(unmap);
	EXPECT_EQ(dmaengine_desc_free(tx), 0);
	return unmap_dropped(unmap);
}

#ifdef CONFIG_ASYNC_TX_ENABLE_CHANNEL_SWITCH

/* A transfer on another channel that waits for one of ours. */
static int test_dependency(void)
{
	struct dma_async_tx_descriptor *first, *second;
	struct client_xfer *x = client.xfers;

	TRY(client_open(2));
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;
	client_fill(client.src, SZ_4K, 1);
	first = unmap_prep();
	second = dmaengine_prep_dma_memcpy(client.chan[1], client.dst_dma + SZ_8K, client.dst_dma,
					   SZ_4K, CLIENT_FLAGS);
	EXPECT(first && second);
	txd_chain(first, second);
	x[1].chan = second->chan;
	TRY(client_submit(&x[0], first));
	EXPECT_EQ(atomic_read(&x[1].calls), 0);
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	/* Completing the first one has submitted and issued the second one. */
	EXPECT(second->cookie >= DMA_MIN_COOKIE);
	EXPECT_EQ(dma_sync_wait(client.chan[1], second->cookie), DMA_COMPLETE);
	TRY(client_check(client.dst + SZ_8K, SZ_4K, 1));
	return 0;
}

#else

static int test_dependency(void)
{
	return -EOPNOTSUPP;
}

#endif

const struct client_test client_unmap_tests[] = {
	{ "unmap_at_completion",	test_completion },
	{ "unmap_at_terminate",		test_terminate },
	{ "unmap_at_release",		test_release },
	{ "unmap_at_unbind",		test_unbind },
	{ "unmap_of_reused",		test_reuse },
	{ "unmap_dependency",		test_dependency },
	{ }
};
