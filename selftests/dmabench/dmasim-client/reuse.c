// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - descriptors that are submitted again and again
 *
 * covers: descriptor_reuse dmaengine_desc_set_reuse dmaengine_desc_clear_reuse
 * covers: dmaengine_desc_test_reuse dmaengine_desc_free
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "client.h"

#define REUSE_LEN	SZ_4K

static int reuse_open(void)
{
	TRY(client_open(2));
	if (!client_can(DMA_MEMCPY) || !client_can(DMA_SLAVE) ||
	    !client.chan[0]->device->descriptor_reuse)
		return -EOPNOTSUPP;
	return 0;
}

static struct dma_async_tx_descriptor *reuse_prep(size_t dst, size_t len)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma + dst, client.src_dma, len,
				       CLIENT_FLAGS);
	if (tx && dmaengine_desc_set_reuse(tx))
		return NULL;
	return tx;
}

static void reuse_clean(struct client_xfer *x)
{
	memset(x, 0, sizeof(*x));
	init_completion(&x->done);
}

/* One more life, with other data. */
static int reuse_again(struct dma_async_tx_descriptor *tx, unsigned int round)
{
	struct client_xfer *x = client.xfers;
	dma_cookie_t before = tx->cookie;

	reuse_clean(x);
	client_fill(client.src, REUSE_LEN, round);
	memset(client.dst, 0xee, REUSE_LEN + 64);
	TRY(client_submit(x, tx));
	EXPECT(x->cookie > before);
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(x));
	TRY(client_check(client.dst, REUSE_LEN, round));
	return client_check_byte(client.dst + REUSE_LEN, 64, 0xee);
}

static int test_many_lives(void)
{
	struct dma_async_tx_descriptor *tx;
	unsigned int i;

	TRY(reuse_open());
	tx = reuse_prep(0, REUSE_LEN);
	EXPECT(tx);
	for (i = 0; i < client_rounds(1000); i++)
		TRY(reuse_again(tx, i));
	EXPECT_EQ(dmaengine_desc_free(tx), 0);
	EXPECT_EQ(dmaengine_desc_free(tx), -EINVAL);
	return 0;
}

/* Who polls may submit it as soon as it is complete. */
static int test_polled(void)
{
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie;
	unsigned int i;

	TRY(reuse_open());
	tx = reuse_prep(0, REUSE_LEN);
	EXPECT(tx);
	for (i = 0; i < client_rounds(300); i++) {
		cookie = dmaengine_submit(tx);
		EXPECT(!dma_submit_error(cookie));
		EXPECT_EQ(dma_sync_wait(client.chan[0], cookie), DMA_COMPLETE);
	}
	EXPECT_EQ(dmaengine_desc_free(tx), 0);
	return 0;
}

struct reuse_chain {
	struct dma_async_tx_descriptor *tx;
	unsigned int left;
	int ret;
	struct completion done;
};

static void reuse_chain_next(void *param)
{
	struct reuse_chain *chain = param;
	dma_cookie_t cookie;

	if (!chain->left--) {
		complete(&chain->done);
		return;
	}
	cookie = dmaengine_submit(chain->tx);
	if (dma_submit_error(cookie)) {
		chain->ret = cookie;
		complete(&chain->done);
	}
	dma_async_issue_pending(client.chan[0]);
}

static int test_from_callback(void)
{
	static struct reuse_chain chain;

	TRY(reuse_open());
	chain.left = client_rounds(2000);
	init_completion(&chain.done);
	chain.tx = reuse_prep(0, 64);
	EXPECT(chain.tx);
	chain.tx->callback = reuse_chain_next;
	chain.tx->callback_param = &chain;
	local_bh_disable();
	reuse_chain_next(&chain);
	local_bh_enable();
	EXPECT(wait_for_completion_timeout(&chain.done, CLIENT_TIMEOUT));
	EXPECT_EQ(chain.ret, 0);
	/* The last callback may still be about to return. */
	dmaengine_synchronize(client.chan[0]);
	EXPECT_EQ(dmaengine_desc_free(chain.tx), 0);
	return 0;
}

/* While it is in line it is the engine's. */
static int test_not_while_active(void)
{
	struct dma_async_tx_descriptor *tx;
	struct client_xfer *x = client.xfers;

	TRY(reuse_open());
	if (!client_loopback_rx || !client_has_terminate())
		return -EOPNOTSUPP;
	TRY(client_drain_loopback());

	tx = client_single(1, client.dst_dma, 100, DMA_DEV_TO_MEM);
	EXPECT(tx);
	EXPECT_EQ(dmaengine_desc_set_reuse(tx), 0);
	TRY(client_submit(&x[0], tx));
	EXPECT_EQ(dmaengine_submit(tx), -EBUSY);
	EXPECT_EQ(dmaengine_desc_free(tx), -EBUSY);
	dma_async_issue_pending(client.chan[1]);
	msleep(20);
	EXPECT_EQ(dmaengine_submit(tx), -EBUSY);
	EXPECT_EQ(dmaengine_desc_free(tx), -EBUSY);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[1]), 0);
	/* Terminate has freed it. */
	EXPECT_EQ(dmaengine_submit(tx), -EINVAL);
	EXPECT_EQ(dmaengine_desc_free(tx), -EINVAL);
	EXPECT_EQ(atomic_read(&x[0].calls), 0);
	return 0;
}

static int test_callbacks_change(void)
{
	struct dma_async_tx_descriptor *tx, *next;
	struct client_xfer *x = client.xfers;

	TRY(reuse_open());
	tx = reuse_prep(0, REUSE_LEN);
	TRY(client_submit(&x[0], tx));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));

	tx->callback_result = NULL;
	TRY(client_submit_plain(&x[1], tx));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[1]));
	EXPECT_EQ(atomic_read(&x[1].plain), 1);
	EXPECT_EQ(atomic_read(&x[0].calls), 1);

	tx->callback = NULL;
	TRY(client_submit(&x[2], tx));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[2]));
	EXPECT_EQ(atomic_read(&x[2].plain), 0);
	EXPECT_EQ(dmaengine_desc_free(tx), 0);

	/* Whoever gets it next finds nothing of that. */
	next = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, 64,
					 CLIENT_FLAGS);
	EXPECT(next == tx);
	EXPECT(!next->callback && !next->callback_result && !next->callback_param);
	EXPECT(!dmaengine_desc_test_reuse(next));
	TRY(client_submit_plain(&x[3], next));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[3]));
	EXPECT_EQ(dmaengine_desc_free(next), -EPERM);
	return 0;
}

/* The slot that is taken next, for a look at what is free. */
static struct dma_async_tx_descriptor *reuse_peek(void)
{
	struct dma_async_tx_descriptor *tx = reuse_prep(0, 64);

	if (tx && dmaengine_desc_free(tx))
		return NULL;
	return tx;
}

static int test_cleared(void)
{
	struct dma_async_tx_descriptor *tx;
	struct client_xfer *x = client.xfers;

	TRY(reuse_open());
	tx = reuse_prep(0, REUSE_LEN);
	TRY(client_submit(&x[0], tx));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[0]));
	EXPECT(reuse_peek() != tx);

	dmaengine_desc_clear_reuse(tx);
	EXPECT_EQ(dmaengine_desc_free(tx), -EPERM);
	TRY(client_submit(&x[1], tx));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[1]));
	EXPECT(reuse_peek() == tx);
	EXPECT_EQ(dmaengine_submit(tx), -EINVAL);
	return 0;
}

#define REUSE_POOL	50

/* Terminate frees those that wait, those that have finished, and no others. */
static int test_terminate(void)
{
	struct dma_async_tx_descriptor *tx[REUSE_POOL], *spare;
	struct client_xfer *x = client.xfers;
	unsigned int i;

	TRY(reuse_open());
	if (!client_has_terminate())
		return -EOPNOTSUPP;
	spare = reuse_prep(0, 64);
	EXPECT(spare);
	for (i = 0; i < REUSE_POOL; i++) {
		tx[i] = reuse_prep(0, REUSE_LEN);
		TRY(client_submit(&x[i], tx[i]));
		if (i < REUSE_POOL / 2) {
			dma_async_issue_pending(client.chan[0]);
			TRY(client_wait(&x[i]));
		}
	}
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	for (i = 0; i < REUSE_POOL; i++)
		EXPECT_EQ(dmaengine_submit(tx[i]), -EINVAL);
	TRY(client_submit(&x[100], spare));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&x[100]));
	EXPECT_EQ(dmaengine_desc_free(spare), 0);
	return 0;
}

/* Killed at random times, nothing is lost for ever. */
static int test_terminate_race(void)
{
	struct dma_async_tx_descriptor *tx, *first;
	unsigned int i;

	TRY(reuse_open());
	if (!client_has_terminate())
		return -EOPNOTSUPP;
	first = reuse_peek();
	EXPECT(first);
	for (i = 0; i < client_rounds(8000); i++) {
		tx = reuse_prep(0, SZ_64K);
		EXPECT(tx == first);
		EXPECT(!dma_submit_error(dmaengine_submit(tx)));
		dma_async_issue_pending(client.chan[0]);
		udelay(i % 400);
		EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	}
	return 0;
}

const struct client_test client_reuse_tests[] = {
	{ "reuse_many_lives",		test_many_lives },
	{ "reuse_polled",		test_polled },
	{ "reuse_from_callback",	test_from_callback },
	{ "reuse_not_while_active",	test_not_while_active },
	{ "reuse_callbacks_change",	test_callbacks_change },
	{ "reuse_cleared",		test_cleared },
	{ "reuse_terminate",		test_terminate },
	{ "reuse_terminate_race",	test_terminate_race },
	{ }
};
