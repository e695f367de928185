// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - transfers that are repeated until another one replaces them
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "client.h"

#define REPEAT_ROUND	1024
#define REPEAT_FLAGS	(CLIENT_FLAGS | DMA_PREP_REPEAT)
#define REPLACE_FLAGS	(CLIENT_FLAGS | DMA_PREP_LOAD_EOT)

static int repeat_open(void)
{
	TRY(client_open(1));
	if (!client_can(DMA_REPEAT) || !client_has_terminate() || !client_sink)
		return -EOPNOTSUPP;
	EXPECT(client_can(DMA_INTERLEAVE));
	EXPECT(client_can(DMA_LOAD_EOT));
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_sink, 1, 16), 0);
	return 0;
}

/* Two chunks with a gap between them, to the peripheral. */
static struct dma_async_tx_descriptor *repeat_frame(unsigned long flags)
{
	struct dma_interleaved_template *xt;
	struct dma_async_tx_descriptor *tx;

	xt = kzalloc(struct_size(xt, sgl, 2), GFP_ATOMIC);
	if (!xt)
		return NULL;
	xt->src_start = client.src_dma;
	xt->dir = DMA_MEM_TO_DEV;
	xt->src_inc = true;
	xt->src_sgl = true;
	xt->numf = 4;
	xt->frame_size = 2;
	xt->sgl[0].size = 100;
	xt->sgl[0].icg = 28;
	xt->sgl[1].size = REPEAT_ROUND / 4 - 100;
	tx = dmaengine_prep_interleaved_dma(client.chan[0], xt, flags);
	kfree(xt);
	return tx;
}

static int repeat_wait_calls(struct client_xfer *x, int calls)
{
	while (atomic_read(&x->calls) < calls)
		EXPECT(wait_for_completion_timeout(&x->done, CLIENT_TIMEOUT));
	return 0;
}

/* Goes round and round, and says so; the residue stays within the round. */
static int repeat_runs(struct client_xfer *x)
{
	struct dma_tx_state state;

	TRY(repeat_wait_calls(x, 3));
	EXPECT_EQ(x->result.result, DMA_TRANS_NOERROR);
	EXPECT_EQ(x->result.residue, 0);
	EXPECT_EQ(dmaengine_tx_status(x->chan, x->cookie, &state), DMA_IN_PROGRESS);
	EXPECT(state.residue <= REPEAT_ROUND);
	return 0;
}

static int test_until_terminated(void)
{
	struct client_xfer *x = client.xfers;
	int calls;

	TRY(repeat_open());
	TRY(client_submit(&x[0], repeat_frame(REPEAT_FLAGS)));
	dma_async_issue_pending(client.chan[0]);
	TRY(repeat_runs(&x[0]));
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	calls = atomic_read(&x[0].calls);
	msleep(30);
	EXPECT_EQ(atomic_read(&x[0].calls), calls);
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[0].cookie, NULL), DMA_ERROR);
	return 0;
}

static int test_replaced(void)
{
	struct client_xfer *x = client.xfers;
	int calls;

	TRY(repeat_open());
	TRY(client_submit(&x[0], repeat_frame(REPEAT_FLAGS)));
	dma_async_issue_pending(client.chan[0]);
	TRY(repeat_runs(&x[0]));

	/* Submitted is not issued. */
	TRY(client_submit(&x[1], repeat_frame(REPEAT_FLAGS | DMA_PREP_LOAD_EOT)));
	calls = atomic_read(&x[0].calls);
	TRY(repeat_wait_calls(&x[0], calls + 3));
	EXPECT_EQ(atomic_read(&x[1].calls), 0);

	/* The old one completes, and the new one goes round. */
	dma_async_issue_pending(client.chan[0]);
	TRY(repeat_runs(&x[1]));
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[0].cookie, NULL), DMA_COMPLETE);
	calls = atomic_read(&x[0].calls);
	TRY(repeat_wait_calls(&x[1], atomic_read(&x[1].calls) + 2));
	EXPECT_EQ(atomic_read(&x[0].calls), calls);

	/* One that is not repeated may replace it, too. */
	TRY(client_submit(&x[2], repeat_frame(REPLACE_FLAGS)));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[2]));
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[1].cookie, NULL), DMA_COMPLETE);
	msleep(20);
	EXPECT_EQ(atomic_read(&x[2].calls), 1);
	return 0;
}

static int test_not_replaced(void)
{
	struct client_xfer *x = client.xfers;

	TRY(repeat_open());
	TRY(client_submit(&x[0], repeat_frame(REPEAT_FLAGS)));
	dma_async_issue_pending(client.chan[0]);
	TRY(repeat_runs(&x[0]));

	TRY(client_submit(&x[1], repeat_frame(CLIENT_FLAGS)));
	TRY(client_submit(&x[2], repeat_frame(REPLACE_FLAGS)));
	dma_async_issue_pending(client.chan[0]);
	TRY(repeat_wait_calls(&x[0], atomic_read(&x[0].calls) + 4));
	EXPECT_EQ(atomic_read(&x[1].calls) + atomic_read(&x[2].calls), 0);
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[1].cookie, NULL), DMA_IN_PROGRESS);

	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	EXPECT_EQ(atomic_read(&x[1].calls) + atomic_read(&x[2].calls), 0);
	TRY(client_submit(&x[3], repeat_frame(CLIENT_FLAGS)));
	dma_async_issue_pending(client.chan[0]);
	return client_wait(&x[3]);
}

/* What was issued before replaces it after one round, exactly. */
static int test_whole_rounds(void)
{
	struct client_xfer *x = client.xfers;
	size_t round = REPEAT_ROUND;
	unsigned int i, k;

	TRY(client_loopback_open(1, 1));
	if (!client_can(DMA_REPEAT))
		return -EOPNOTSUPP;

	client_fill(client.src, 2 * REPEAT_ROUND, 3);
	for (i = 0; i < 4; i++)
		TRY(client_submit(&x[i], repeat_frame(i < 3 ? REPEAT_FLAGS | DMA_PREP_LOAD_EOT :
						      REPLACE_FLAGS)));
	TRY(client_submit(&x[4], client_single(1, client.dst_dma, 4 * round, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[1]);
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[4]));
	for (i = 0; i < 4; i++) {
		TRY(client_wait(&x[i]));
		EXPECT_EQ(atomic_read(&x[i].calls), 1);
	}
	for (i = 0; i < 4 * round; i++) {
		k = i % round;
		EXPECT_EQ(client.dst[i], client.src[k + k / 256 * 28 + (k % 256 >= 100 ? 28 : 0)]);
	}
	return 0;
}

static int test_refused(void)
{
	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !client_can(DMA_REPEAT))
		return -EOPNOTSUPP;
	EXPECT(!dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, SZ_256,
					  REPEAT_FLAGS));
	return 0;
}

/* For transfers that are not repeated, the flag changes nothing. */
static int test_load_eot_alone(void)
{
	struct client_xfer *x = client.xfers;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) || !client_can(DMA_LOAD_EOT))
		return -EOPNOTSUPP;
	TRY(client_submit(&x[0], dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma,
							   client.src_dma, SZ_256,
							   REPLACE_FLAGS)));
	TRY(client_submit(&x[1], dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma,
							   client.src_dma, SZ_256,
							   REPLACE_FLAGS)));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	return client_wait(&x[1]);
}

#ifdef CLIENT_DMA_VEC

static int test_vectors(void)
{
	struct client_xfer *x = client.xfers;
	struct dma_vec vecs[3] = {
		{ client.src_dma + 500, 100 },
		{ client.src_dma, 7 },
		{ client.src_dma + 50, 300 },
	};
	unsigned int i;

	TRY(client_loopback_open(1, 1));
	if (!client.chan[0]->device->device_prep_peripheral_dma_vec || !client_can(DMA_REPEAT))
		return -EOPNOTSUPP;

	client_fill(client.src, 1000, 4);
	TRY(client_submit(&x[0], dmaengine_prep_peripheral_dma_vec(client.chan[0], vecs, 3,
								   DMA_MEM_TO_DEV, REPEAT_FLAGS)));
	TRY(client_submit(&x[1], client_single(1, client.dst_dma, 100 * 407, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[0]);
	dma_async_issue_pending(client.chan[1]);
	TRY(client_wait(&x[1]));
	/* Once per round, whatever the number of vectors. */
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	EXPECT(atomic_read(&x[0].calls) >= 99);
	EXPECT(atomic_read(&x[0].calls) <= 100 + SZ_4K / 407);
	for (i = 0; i < 100; i++) {
		u8 *round = client.dst + i * 407;

		EXPECT(!memcmp(round, client.src + 500, 100));
		EXPECT(!memcmp(round + 100, client.src, 7));
		EXPECT(!memcmp(round + 107, client.src + 50, 300));
	}
	return 0;
}

#else

static int test_vectors(void)
{
	return -EOPNOTSUPP;
}

#endif

const struct client_test client_repeat_tests[] = {
	{ "repeat_until_terminated",	test_until_terminated },
	{ "repeat_replaced",		test_replaced },
	{ "repeat_not_replaced",	test_not_replaced },
	{ "repeat_whole_rounds",	test_whole_rounds },
	{ "repeat_refused",		test_refused },
	{ "repeat_load_eot_alone",	test_load_eot_alone },
	{ "repeat_dma_vec",		test_vectors },
	{ }
};
