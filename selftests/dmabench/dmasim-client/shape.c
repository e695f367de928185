// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - what only a device of another shape does
 *
 * covers: device_caps directions src_addr_widths dst_addr_widths max_burst
 * covers: dmaengine_get dmaengine_put dma_find_channel
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "client.h"

#define SHAPE_XFERS	1000

static int order_open(void)
{
	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !client_can(DMA_COMPLETION_NO_ORDER))
		return -EOPNOTSUPP;
	return 0;
}

static int order_submit(unsigned int i, unsigned long flags)
{
	return client_submit(&client.xfers[i],
			     dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma + i * 64,
						       client.src_dma + i * 64, 64, flags));
}

static int order_wait(unsigned int n)
{
	unsigned int i;

	for (i = 0; i < n; i++)
		EXPECT(wait_for_completion_timeout(&client.xfers[i].done, CLIENT_TIMEOUT));
	return 0;
}

/* Each once, all data right, some in places that are not theirs. */
static int test_exchanged(void)
{
	struct client_xfer *x = client.xfers;
	unsigned int i, moved = 0;
	struct dma_tx_state state;

	TRY(order_open());
	client_fill(client.src, SHAPE_XFERS * 64, 1);
	for (i = 0; i < SHAPE_XFERS; i++)
		TRY(order_submit(i, CLIENT_FLAGS));
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[0].cookie, &state), DMA_OUT_OF_ORDER);
	EXPECT_EQ(state.residue, 0);
	dma_async_issue_pending(client.chan[0]);
	TRY(order_wait(SHAPE_XFERS));
	for (i = 0; i < SHAPE_XFERS; i++) {
		EXPECT_EQ(atomic_read(&x[i].calls), 1);
		EXPECT_EQ(x[i].result.result, DMA_TRANS_NOERROR);
		EXPECT(abs(x[i].order - 1 - (int)i) <= 1);
		moved += x[i].order != i + 1;
	}
	client_note("%u of %u were moved", moved, SHAPE_XFERS);
	EXPECT(moved > SHAPE_XFERS / 4);
	EXPECT(moved < SHAPE_XFERS);
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[0].cookie, NULL), DMA_OUT_OF_ORDER);
	return client_check(client.dst, SHAPE_XFERS * 64, 1);
}

/* Nothing gets ahead of a fence that was there before it. */
static int test_fences(void)
{
	struct client_xfer *x = client.xfers;
	unsigned int i;

	TRY(order_open());
	for (i = 0; i < SHAPE_XFERS; i++)
		TRY(order_submit(i, CLIENT_FLAGS | DMA_PREP_FENCE));
	dma_async_issue_pending(client.chan[0]);
	TRY(order_wait(SHAPE_XFERS));
	for (i = 0; i < SHAPE_XFERS; i++)
		EXPECT_EQ(x[i].order, i + 1);
	return 0;
}

/* What was terminated stays away, what was not comes. */
static int test_terminated(void)
{
	struct client_xfer *x = client.xfers;
	unsigned int i, k;

	TRY(order_open());
	if (!client_has_terminate())
		return -EOPNOTSUPP;
	for (i = 0; i < client_rounds(500); i++) {
		for (k = 0; k < 8; k++) {
			memset(&x[k], 0, sizeof(x[k]));
			init_completion(&x[k].done);
			TRY(order_submit(k, CLIENT_FLAGS));
			if (k % 3 == 0)
				dma_async_issue_pending(client.chan[0]);
			if (k == 4)
				EXPECT_EQ(dmaengine_terminate_async(client.chan[0]), 0);
		}
		dma_async_issue_pending(client.chan[0]);
		for (k = 5; k < 8; k++)
			EXPECT(wait_for_completion_timeout(&x[k].done, CLIENT_TIMEOUT));
		dmaengine_synchronize(client.chan[0]);
		for (k = 0; k < 8; k++)
			EXPECT(atomic_read(&x[k].calls) <= 1);
		EXPECT_EQ(atomic_read(&x[4].calls), 0);
	}
	return 0;
}

/* ------------------------------------------------------------------- shapes */

#define SHAPE_THREADS	4
#define SHAPE_EACH	200

/* Like any subsystem: asks for a channel, and shares it with whoever has it. */
static int public_thread(void *data)
{
	unsigned int n = (unsigned long)data, each = client_rounds(SHAPE_EACH), i;

	for (i = 0; i < each; i++) {
		struct dma_async_tx_descriptor *tx;
		struct dma_chan *chan;
		size_t at = (n * each + i) * 256;
		dma_cookie_t cookie;

		chan = dma_find_channel(DMA_MEMCPY);
		if (!chan || chan->device->dev != client.dev)
			return -ENODEV;
		tx = dmaengine_prep_dma_memcpy(chan, client.dst_dma + at, client.src_dma + at, 256,
					       DMA_CTRL_ACK);
		if (!tx)
			return -ENOMEM;
		cookie = dmaengine_submit(tx);
		if (dma_submit_error(cookie))
			return cookie;
		dma_async_issue_pending(chan);
		if (dma_sync_wait(chan, cookie) != DMA_COMPLETE)
			return -EIO;
	}
	return 0;
}

static int public_thread_main(void *data)
{
	int ret = public_thread(data);

	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

static int public_threads(void)
{
	struct task_struct *task[SHAPE_THREADS];
	int failed = 0, ret;
	unsigned long i;

	for (i = 0; i < SHAPE_THREADS; i++)
		task[i] = kthread_run(public_thread_main, (void *)i, "dmasim_client/%lu", i);
	/* A thread that is stopped too early does nothing: give each a start. */
	msleep(100);
	for (i = 0; i < SHAPE_THREADS; i++) {
		ret = IS_ERR(task[i]) ? PTR_ERR(task[i]) : kthread_stop(task[i]);
		if (ret)
			failed = client_fail("thread %lu: %d", i, ret);
	}
	return failed;
}

static int test_public(void)
{
	struct dma_device *dma;
	size_t len;
	int ret;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;
	dma = client.chan[0]->device;
	client_close();
	/* Only now: whoever asks for a channel makes them all private meanwhile. */
	if (dma_has_cap(DMA_PRIVATE, dma->cap_mask))
		return -EOPNOTSUPP;

	len = SHAPE_THREADS * client_rounds(SHAPE_EACH) * 256;
	client_fill(client.src, len, 7);
	dmaengine_get();
	ret = public_threads();
	dmaengine_put();
	TRY(ret);
	return client_check(client.dst, len, 7);
}

static int test_private(void)
{
	struct dma_device *dma;
	struct dma_chan *chan;

	TRY(client_open(1));
	dma = client.chan[0]->device;
	client_close();
	if (!dma_has_cap(DMA_PRIVATE, dma->cap_mask))
		return -EOPNOTSUPP;
	dmaengine_get();
	chan = dma_find_channel(DMA_MEMCPY);
	dmaengine_put();
	EXPECT(!chan || chan->device != dma);
	return 0;
}

static int test_alternate(void)
{
	struct dma_slave_caps caps;
	unsigned int i;
	u32 seen = 0;

	TRY(client_open(2));
	if (!client_can(DMA_SLAVE) || !client_loopback_tx || !client_loopback_rx)
		return -EOPNOTSUPP;
	EXPECT_EQ(dma_get_slave_caps(client.chan[0], &caps), 0);
	if (caps.directions == (BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM)))
		return -EOPNOTSUPP;

	for (i = 0; i < 2; i++) {
		bool writes = client.chan[i]->chan_id % 2 == 0;
		struct dma_slave_config cfg = {
			.src_addr = client_loopback_rx,
			.dst_addr = client_loopback_tx,
			.src_addr_width = 1,
			.dst_addr_width = 1,
		};

		EXPECT_EQ(dma_get_slave_caps(client.chan[i], &caps), 0);
		EXPECT_EQ(caps.directions, BIT(writes ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM));
		seen |= caps.directions;
		EXPECT_EQ(dmaengine_slave_config(client.chan[i], &cfg), 0);
		EXPECT_EQ(!!client_single(i, client.src_dma, 64, DMA_MEM_TO_DEV), writes);
		EXPECT_EQ(!!client_single(i, client.dst_dma, 64, DMA_DEV_TO_MEM), !writes);
	}
	EXPECT_EQ(seen, BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM));
	return 0;
}

/* What is offered is taken, and nothing else. */
static int test_limits(void)
{
	struct dma_slave_caps caps;
	unsigned int width;

	TRY(client_open(1));
	if (!client_can(DMA_SLAVE))
		return -EOPNOTSUPP;
	EXPECT_EQ(dma_get_slave_caps(client.chan[0], &caps), 0);
	EXPECT_EQ(caps.src_addr_widths, caps.dst_addr_widths);
	EXPECT(caps.src_addr_widths);
	for (width = 1; width < 32; width++) {
		int want = caps.dst_addr_widths & BIT(width) ? 0 : -EINVAL;

		EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, 0, width, 1), want);
		EXPECT_EQ(client_config(0, DMA_DEV_TO_MEM, 0, width, 1), want);
	}
	width = __ffs(caps.dst_addr_widths);
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, 0, width, caps.max_burst), 0);
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, 0, width, caps.max_burst + 1), -EINVAL);
	EXPECT_EQ(client_config(0, DMA_DEV_TO_MEM, 0, width, caps.max_burst + 1), -EINVAL);
	return 0;
}

/* One that begins before a boundary and ends behind it comes in two. */
static int test_limits_boundary(void)
{
	unsigned long boundary = dma_get_seg_boundary(client.dev) + 1;
	struct client_xfer *x = client.xfers;
	struct dma_tx_state state;
	struct dma_slave_caps caps;
	unsigned int width;
	size_t before = 64;
	dma_addr_t start;

	TRY(client_open(2));
	if (!client_can(DMA_SLAVE) || !client_has_terminate() || !client_loopback_rx ||
	    boundary > SZ_64K ||
	    client.chan[0]->device->residue_granularity != DMA_RESIDUE_GRANULARITY_SEGMENT)
		return -EOPNOTSUPP;
	EXPECT_EQ(dma_get_slave_caps(client.chan[0], &caps), 0);
	width = __ffs(caps.dst_addr_widths);
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_loopback_tx, width, 1), 0);
	EXPECT_EQ(client_config(1, DMA_DEV_TO_MEM, client_loopback_rx, width, 1), 0);

	start = round_up(client.dst_dma, boundary) + boundary - before;
	TRY(client_submit(&x[1], client_single(1, start, 200, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[1]);
	client_fill(client.src, 200, 1);
	TRY(client_submit(&x[0], client_single(0, client.src_dma, 100, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	msleep(20);
	EXPECT_EQ(dmaengine_tx_status(client.chan[1], x[1].cookie, &state), DMA_IN_PROGRESS);
	EXPECT_EQ(state.residue, 200 - before);
	EXPECT_EQ(state.in_flight_bytes, 100 - before);
	TRY(client_submit(&x[2], client_single(0, client.src_dma + 100, 100, DMA_MEM_TO_DEV)));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[1]));
	return client_check(client.dst + (start - client.dst_dma), 200, 1);
}

const struct client_test client_shape_tests[] = {
	{ "shape_public",		test_public },
	{ "shape_private",		test_private },
	{ "shape_alternate",		test_alternate },
	{ "shape_limits_are_kept",	test_limits },
	{ "shape_limits_boundary",	test_limits_boundary },
	{ "no_order_exchanged",		test_exchanged },
	{ "no_order_fences",		test_fences },
	{ "no_order_terminated",	test_terminated },
	{ }
};
