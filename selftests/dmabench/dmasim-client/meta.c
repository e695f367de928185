// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - metadata of transfers, in both modes
 *
 * covers: dmaengine_desc_attach_metadata dmaengine_desc_get_metadata_ptr
 * covers: dmaengine_desc_set_metadata_len
 */
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "client.h"

#define TX	0
#define RX	1

#define META_LEN	24
#define META_ROOM	32

static int meta_open(void)
{
	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY) ||
	    !dmaengine_is_metadata_mode_supported(client.chan[0], DESC_METADATA_CLIENT))
		return -EOPNOTSUPP;
	return 0;
}

static int meta_loopback_open(void)
{
	TRY(client_loopback_open(1, 1));
	if (!dmaengine_is_metadata_mode_supported(client.chan[0], DESC_METADATA_CLIENT))
		return -EOPNOTSUPP;
	return 0;
}

static struct dma_async_tx_descriptor *meta_prep(void)
{
	return dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, SZ_4K,
					 CLIENT_FLAGS);
}

static int meta_run(struct client_xfer *x, struct dma_async_tx_descriptor *tx)
{
	TRY(client_submit(x, tx));
	dma_async_issue_pending(tx->chan);
	return client_wait(x);
}

static int meta_inverted(const u8 *buf, size_t len, u32 seed)
{
	u8 want[META_ROOM];
	size_t i;

	client_fill(want, len, seed);
	for (i = 0; i < len; i++)
		EXPECT_EQ(buf[i], (u8)~want[i]);
	return 0;
}

/* What is given at submit comes back, and nothing later touches the buffer. */
static int test_memory_client(void)
{
	struct dma_async_tx_descriptor *tx;
	struct client_xfer *x = client.xfers;
	u8 buf[META_ROOM];

	TRY(meta_open());
	memset(buf, 0xee, sizeof(buf));
	client_fill(buf, META_LEN, 1);
	tx = meta_prep();
	EXPECT(tx);
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, buf, META_LEN), 0);
	TRY(client_submit(&x[0], tx));
	/* Not what is there later on. */
	memset(buf, 0x55, META_LEN);
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	TRY(meta_inverted(buf, META_LEN, 1));
	TRY(client_check_byte(buf + META_LEN, META_ROOM - META_LEN, 0xee));

	memset(buf, 0x77, sizeof(buf));
	/* The same slot, without. */
	tx = meta_prep();
	TRY(meta_run(&x[1], tx));
	msleep(20);
	return client_check_byte(buf, sizeof(buf), 0x77);
}

/* What the callback finds in the engine's buffer. */
struct meta_engine {
	struct dma_async_tx_descriptor *tx;
	size_t len;
	size_t max;
	u8 buf[SZ_256];
	int ret;
	struct completion done;
};

static void meta_engine_callback(void *param)
{
	struct meta_engine *me = param;
	struct dma_chan *chan = me->tx->chan;
	u8 *ptr;

	/* Must not be given the descriptor that we are about to look at. */
	if (!dmaengine_prep_dma_memcpy(chan, client.dst_dma, client.src_dma, 64, CLIENT_FLAGS))
		me->ret = -ENOMEM;
	ptr = dmaengine_desc_get_metadata_ptr(me->tx, &me->len, &me->max);
	if (IS_ERR(ptr))
		me->ret = PTR_ERR(ptr);
	else
		memcpy(me->buf, ptr, min(me->len, sizeof(me->buf)));
	complete(&me->done);
}

static int meta_engine_run(struct meta_engine *me, struct dma_async_tx_descriptor *tx)
{
	me->tx = tx;
	me->ret = 0;
	init_completion(&me->done);
	tx->callback = meta_engine_callback;
	tx->callback_param = me;
	EXPECT(!dma_submit_error(dmaengine_submit(tx)));
	dma_async_issue_pending(tx->chan);
	return 0;
}

static int test_memory_engine(void)
{
	struct dma_async_tx_descriptor *tx;
	static struct meta_engine me;
	size_t len, max;
	u8 *ptr;

	TRY(meta_open());
	tx = meta_prep();
	EXPECT(tx);
	ptr = dmaengine_desc_get_metadata_ptr(tx, &len, &max);
	EXPECT(!IS_ERR_OR_NULL(ptr));
	EXPECT_EQ(len, 0);
	EXPECT(max >= META_LEN);
	client_fill(ptr, META_LEN, 2);
	EXPECT_EQ(dmaengine_desc_set_metadata_len(tx, META_LEN), 0);
	TRY(meta_engine_run(&me, tx));
	EXPECT(wait_for_completion_timeout(&me.done, CLIENT_TIMEOUT));
	EXPECT_EQ(me.ret, 0);
	EXPECT_EQ(me.len, META_LEN);
	EXPECT_EQ(me.max, max);
	return meta_inverted(me.buf, META_LEN, 2);
}

/* From the writer's to the reader's, client to client. */
static int test_slave_client(void)
{
	struct dma_async_tx_descriptor *tx, *rx;
	struct client_xfer *x = client.xfers;
	u8 out[META_ROOM], in[META_ROOM];

	TRY(meta_loopback_open());
	client_fill(out, META_LEN, 3);
	memset(in, 0xee, sizeof(in));
	tx = client_single(TX, client.src_dma, 100, DMA_MEM_TO_DEV);
	rx = client_single(RX, client.dst_dma, 100, DMA_DEV_TO_MEM);
	EXPECT(tx && rx);
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, out, META_LEN), 0);
	/* With more room than there is to come, which is zeroed. */
	EXPECT_EQ(dmaengine_desc_attach_metadata(rx, in, META_ROOM - 1), 0);
	TRY(meta_run(&x[TX], tx));
	TRY(client_check(out, META_LEN, 3));
	TRY(meta_run(&x[RX], rx));
	TRY(client_check(in, META_LEN, 3));
	TRY(client_check_byte(in + META_LEN, META_ROOM - META_LEN - 1, 0));
	EXPECT_EQ(in[META_ROOM - 1], 0xee);

	/* With less: what does not fit is gone, and the next one is the next one. */
	tx = client_single(TX, client.src_dma, 100, DMA_MEM_TO_DEV);
	EXPECT(tx);
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, out, META_LEN), 0);
	TRY(meta_run(&x[2], tx));
	memset(in, 0xee, sizeof(in));
	rx = client_single(RX, client.dst_dma, 50, DMA_DEV_TO_MEM);
	EXPECT(rx);
	EXPECT_EQ(dmaengine_desc_attach_metadata(rx, in, 5), 0);
	TRY(meta_run(&x[3], rx));
	EXPECT(!memcmp(in, out, 5));
	TRY(client_check_byte(in + 5, META_ROOM - 5, 0xee));
	rx = client_single(RX, client.dst_dma, 50, DMA_DEV_TO_MEM);
	EXPECT(rx);
	EXPECT_EQ(dmaengine_desc_attach_metadata(rx, in, META_ROOM), 0);
	TRY(meta_run(&x[4], rx));
	return client_check_byte(in, META_ROOM, 0);
}

/* The reader asks for them in the callback only. */
static int test_slave_engine(void)
{
	struct dma_async_tx_descriptor *tx, *rx;
	struct client_xfer *x = client.xfers;
	static struct meta_engine me;
	size_t len, max;
	unsigned int i;
	u8 *ptr;

	TRY(meta_loopback_open());
	for (i = 0; i < 10; i++) {
		tx = client_single(TX, client.src_dma, 100, DMA_MEM_TO_DEV);
		EXPECT(tx);
		ptr = dmaengine_desc_get_metadata_ptr(tx, &len, &max);
		EXPECT(!IS_ERR_OR_NULL(ptr));
		client_fill(ptr, META_LEN + i, 4 + i);
		EXPECT_EQ(dmaengine_desc_set_metadata_len(tx, META_LEN + i), 0);
		TRY(meta_run(&x[i], tx));
	}
	for (i = 0; i < 10; i++) {
		rx = client_single(RX, client.dst_dma, 100, DMA_DEV_TO_MEM);
		EXPECT(rx);
		TRY(meta_engine_run(&me, rx));
		EXPECT(wait_for_completion_timeout(&me.done, CLIENT_TIMEOUT));
		EXPECT_EQ(me.ret, 0);
		EXPECT_EQ(me.len, META_LEN + i);
		TRY(client_check(me.buf, META_LEN + i, 4 + i));
	}
	return 0;
}

static int test_bad_metadata(void)
{
	struct dma_async_tx_descriptor *tx;
	static u8 buf[SZ_1K];
	size_t len, max;

	TRY(meta_open());
	tx = meta_prep();
	EXPECT(tx);
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, NULL, 8), -EINVAL);
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, buf, 0), -EINVAL);
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, buf, sizeof(buf)), -EINVAL);
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, buf, 8), 0);
	/* One mode or the other. */
	EXPECT_EQ(PTR_ERR_OR_ZERO(dmaengine_desc_get_metadata_ptr(tx, &len, &max)), -EINVAL);
	EXPECT_EQ(dmaengine_desc_set_metadata_len(tx, 8), -EINVAL);
	TRY(client_submit(&client.xfers[0], tx));
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, buf, 8), -EBUSY);
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&client.xfers[0]));

	/* The next life of the descriptor is free to choose. */
	tx = meta_prep();
	EXPECT(tx);
	EXPECT(!IS_ERR_OR_NULL(dmaengine_desc_get_metadata_ptr(tx, &len, &max)));
	EXPECT_EQ(len, 0);
	EXPECT_EQ(dmaengine_desc_set_metadata_len(tx, max + 1), -EINVAL);
	EXPECT_EQ(dmaengine_desc_set_metadata_len(tx, max), 0);
	EXPECT_EQ(dmaengine_desc_attach_metadata(tx, buf, 8), -EINVAL);
	return 0;
}

/* Ends before its time: the buffer is as it was. */
static int test_terminated(void)
{
	struct dma_async_tx_descriptor *rx;
	u8 in[META_ROOM];

	TRY(meta_loopback_open());
	memset(in, 0xee, sizeof(in));
	rx = client_single(RX, client.dst_dma, 100, DMA_DEV_TO_MEM);
	EXPECT(rx);
	EXPECT_EQ(dmaengine_desc_attach_metadata(rx, in, META_ROOM), 0);
	TRY(client_submit(&client.xfers[0], rx));
	dma_async_issue_pending(client.chan[RX]);
	msleep(20);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[RX]), 0);
	return client_check_byte(in, META_ROOM, 0xee);
}

const struct client_test client_meta_tests[] = {
	{ "metadata_memory_client",	test_memory_client },
	{ "metadata_memory_engine",	test_memory_engine },
	{ "metadata_slave_client",	test_slave_client },
	{ "metadata_slave_engine",	test_slave_engine },
	{ "metadata_bad_arguments",	test_bad_metadata },
	{ "metadata_terminated",	test_terminated },
	{ }
};
