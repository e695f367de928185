// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - what only a device of another shape does
 */
#include <linux/delay.h>
#include <linux/kernel.h>
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
	for (i = 0; i < 500; i++) {
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

const struct client_test client_shape_tests[] = {
	{ "no_order_exchanged",		test_exchanged },
	{ "no_order_fences",		test_fences },
	{ "no_order_terminated",	test_terminated },
	{ }
};
