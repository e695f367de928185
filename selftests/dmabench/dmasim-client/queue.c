// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - submit, issue, order, cookies, limits
 *
 * covers: dmaengine_submit dma_submit_error device_issue_pending
 * covers: dma_async_issue_pending device_tx_status dmaengine_tx_status
 * covers: dma_sync_wait async_tx_ack
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/spinlock.h>

#include "client.h"

static int queue_open(void)
{
	TRY(client_open(1));
	return client_can(DMA_MEMCPY) ? 0 : -EOPNOTSUPP;
}

static int test_depth(void)
{
	const unsigned int n = client_rounds(1000);
	unsigned int round, i;

	TRY(queue_open());
	client_fill(client.src, n * 1024, 1);

	for (round = 0; round < 3; round++) {
		TRY(client_open(0));
		for (i = 0; i < n; i++) {
			TRY(client_memcpy(&client.xfers[i], i * 1024, i * 1024, 1024));
			if (round == 1 || (round == 2 && i % 7 == 0))
				dma_async_issue_pending(client.chan[0]);
		}
		dma_async_issue_pending(client.chan[0]);
		for (i = 0; i < n; i++) {
			TRY(client_wait(&client.xfers[i]));
			EXPECT_EQ(client.xfers[i].order, i + 1);
			if (i)
				EXPECT(client.xfers[i].cookie > client.xfers[i - 1].cookie);
		}
		TRY(client_check(client.dst, n * 1024, 1));
	}
	return 0;
}

static int test_submit_does_not_start(void)
{
	struct client_xfer *x = client.xfers;
	struct dma_tx_state state;

	TRY(queue_open());
	client_fill(client.src, SZ_4K, 2);
	TRY(client_memcpy(&x[0], 0, 0, SZ_4K));
	msleep(30);
	EXPECT_EQ(atomic_read(&x[0].calls), 0);
	EXPECT_EQ(dmaengine_tx_status(x[0].chan, x[0].cookie, &state), DMA_IN_PROGRESS);
	if (client.chan[0]->device->residue_granularity != DMA_RESIDUE_GRANULARITY_DESCRIPTOR)
		EXPECT_EQ(state.residue, SZ_4K);
	EXPECT_EQ(state.used, x[0].cookie);
	EXPECT(state.last < x[0].cookie);
	TRY(client_check_byte(client.dst, SZ_4K, 0xee));

	/* Issue covers what was submitted before it, and no more. */
	TRY(client_memcpy(&x[1], SZ_4K, 0, SZ_4K));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_memcpy(&x[2], SZ_8K, 0, SZ_4K));
	TRY(client_wait(&x[0]));
	TRY(client_wait(&x[1]));
	msleep(30);
	EXPECT_EQ(atomic_read(&x[2].calls), 0);
	EXPECT_EQ(dmaengine_tx_status(x[2].chan, x[2].cookie, NULL), DMA_IN_PROGRESS);
	TRY(client_check_byte(client.dst + SZ_8K, SZ_4K, 0xee));
	dma_async_issue_pending(client.chan[0]);
	return client_wait(&x[2]);
}

static int test_prep_order_is_free(void)
{
	struct dma_async_tx_descriptor *tx[8];
	int i;

	TRY(queue_open());
	for (i = 0; i < 8; i++) {
		tx[i] = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma,
						  64, CLIENT_FLAGS);
		EXPECT(tx[i]);
	}
	for (i = 7; i >= 0; i--)
		TRY(client_submit(&client.xfers[i], tx[i]));
	dma_async_issue_pending(client.chan[0]);
	for (i = 7; i >= 0; i--) {
		TRY(client_wait(&client.xfers[i]));
		EXPECT_EQ(client.xfers[i].order, 8 - i);
	}
	return 0;
}

static int test_data_follow_order(void)
{
	const unsigned int n = client_rounds(500);
	unsigned int i;

	TRY(queue_open());
	client_fill(client.src, SZ_4K, 3);
	TRY(client_memcpy(&client.xfers[0], 0, 0, SZ_4K));
	/* Each copy reads what the one before it has written. */
	for (i = 1; i < n; i++)
		TRY(client_submit(&client.xfers[i],
				  dmaengine_prep_dma_memcpy(client.chan[0],
							    client.dst_dma + i * SZ_4K,
							    client.dst_dma + (i - 1) * SZ_4K,
							    SZ_4K, CLIENT_FLAGS)));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(&client.xfers[n - 1]));
	return client_check(client.dst + (n - 1) * SZ_4K, SZ_4K, 3);
}

static unsigned int queue_fill(unsigned long flags)
{
	struct dma_async_tx_descriptor *tx;
	unsigned int n;

	for (n = 0; n < SZ_128K; n++) {
		tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, 64,
					       flags);
		if (!tx || dma_submit_error(dmaengine_submit(tx)))
			break;
	}
	return n;
}

static int test_exhaustion(void)
{
	unsigned int first, i, n;

	TRY(queue_open());
	first = queue_fill(DMA_CTRL_ACK);
	client_note("%u descriptors", first);
	EXPECT(first > 0 && first < SZ_128K);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(dma_sync_wait(client.chan[0], client.chan[0]->cookie), DMA_COMPLETE);
		n = queue_fill(DMA_CTRL_ACK);
		EXPECT_EQ(n, first);
	}
	EXPECT_EQ(dma_sync_wait(client.chan[0], client.chan[0]->cookie), DMA_COMPLETE);
	return 0;
}

static int test_prepared_are_freed(void)
{
	unsigned int first, n;

	TRY(queue_open());
	first = queue_fill(DMA_CTRL_ACK);
	client_close();
	TRY(queue_open());
	for (n = 0; n < SZ_128K; n++)
		if (!dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, 64,
					       CLIENT_FLAGS))
			break;
	EXPECT_EQ(n, first);
	client_close();
	TRY(queue_open());
	EXPECT_EQ(queue_fill(DMA_CTRL_ACK), first);
	return 0;
}

static int test_not_acknowledged(void)
{
	struct dma_async_tx_descriptor *tx;
	unsigned int limit, n;
	dma_cookie_t cookie;

	TRY(queue_open());
	limit = queue_fill(DMA_CTRL_ACK);
	EXPECT_EQ(dma_sync_wait(client.chan[0], client.chan[0]->cookie), DMA_COMPLETE);

	tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, 64, 0);
	EXPECT(tx);
	tx->callback_param = &client;
	cookie = dmaengine_submit(tx);
	EXPECT_EQ(dma_sync_wait(client.chan[0], cookie), DMA_COMPLETE);

	/* Its descriptor is not given to anybody else, and left alone. */
	n = queue_fill(DMA_CTRL_ACK);
	EXPECT_EQ(n, limit - 1);
	EXPECT_EQ(dma_sync_wait(client.chan[0], client.chan[0]->cookie), DMA_COMPLETE);
	EXPECT(tx->callback_param == &client);
	EXPECT_EQ(tx->flags, 0);

	async_tx_ack(tx);
	n = queue_fill(DMA_CTRL_ACK);
	EXPECT_EQ(n, limit);
	EXPECT_EQ(dma_sync_wait(client.chan[0], client.chan[0]->cookie), DMA_COMPLETE);
	return 0;
}

static int test_cookies_wrap(void)
{
	unsigned int i;

	TRY(queue_open());
	client.chan[0]->cookie = INT_MAX - 5;
	client.chan[0]->completed_cookie = INT_MAX - 5;
	for (i = 0; i < 20; i++) {
		TRY(client_memcpy(&client.xfers[i], 0, 0, 64));
		EXPECT(client.xfers[i].cookie >= DMA_MIN_COOKIE);
		EXPECT_EQ(client.xfers[i].cookie, i < 5 ? INT_MAX - 4 + i : i - 4);
		EXPECT_EQ(dmaengine_tx_status(client.chan[0], client.xfers[0].cookie, NULL),
			  DMA_IN_PROGRESS);
	}
	dma_async_issue_pending(client.chan[0]);
	for (i = 0; i < 20; i++)
		TRY(client_wait(&client.xfers[i]));
	return 0;
}

static int test_irqs_disabled(void)
{
	static DEFINE_SPINLOCK(lock);
	unsigned long flags;
	unsigned int i;
	int ret = 0;

	TRY(queue_open());
	client_fill(client.src, SZ_4K, 4);
	for (i = 0; i < 200 && !ret; i++) {
		spin_lock_irqsave(&lock, flags);
		ret = client_memcpy(&client.xfers[i], i * SZ_4K, 0, SZ_4K);
		dma_async_issue_pending(client.chan[0]);
		spin_unlock_irqrestore(&lock, flags);
	}
	TRY(ret);
	for (i = 0; i < 200; i++)
		TRY(client_wait(&client.xfers[i]));
	return client_check(client.dst + 199 * SZ_4K, SZ_4K, 4);
}

/**
 * struct queue_chain - a callback that submits the next transfer
 * @left:	how many to go
 * @ret:	what went wrong
 * @done:	the last one has completed
 */
struct queue_chain {
	unsigned int left;
	int ret;
	struct completion done;
};

static void queue_chain_next(void *param)
{
	struct queue_chain *chain = param;
	struct dma_async_tx_descriptor *tx;

	if (!chain->left--) {
		complete(&chain->done);
		return;
	}
	tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, 64,
				       CLIENT_FLAGS);
	if (!tx) {
		chain->ret = -ENOMEM;
		complete(&chain->done);
		return;
	}
	tx->callback = queue_chain_next;
	tx->callback_param = chain;
	dmaengine_submit(tx);
	dma_async_issue_pending(client.chan[0]);
}

static int test_resubmit_from_callback(void)
{
	static struct queue_chain chain;

	TRY(queue_open());
	chain.left = client_rounds(20000);
	init_completion(&chain.done);
	local_bh_disable();
	queue_chain_next(&chain);
	local_bh_enable();
	EXPECT(wait_for_completion_timeout(&chain.done, CLIENT_TIMEOUT));
	EXPECT_EQ(chain.ret, 0);
	return 0;
}

#define QUEUE_THREADS	4
#define QUEUE_EACH	900

static int queue_thread(void *data)
{
	unsigned int each = client_rounds(QUEUE_EACH);
	unsigned int base = (unsigned long)data * each, i, k;

	for (i = 0; i < each; i++) {
		k = base + i;
		TRY(client_memcpy(&client.xfers[k], k * 256, k * 256, 256));
		dma_async_issue_pending(client.chan[0]);
		if (i % 16 == 15)
			TRY(client_wait(&client.xfers[k]));
	}
	for (i = 0; i < each; i++)
		if (i % 16 != 15)
			TRY(client_wait(&client.xfers[base + i]));
	return 0;
}

static int queue_thread_main(void *data)
{
	int ret = queue_thread(data);

	set_current_state(TASK_INTERRUPTIBLE);
	while (!kthread_should_stop()) {
		schedule();
		set_current_state(TASK_INTERRUPTIBLE);
	}
	__set_current_state(TASK_RUNNING);
	return ret;
}

static int test_threads(void)
{
	struct task_struct *task[QUEUE_THREADS];
	unsigned long i;
	int ret = 0;

	TRY(queue_open());
	client_fill(client.src, QUEUE_THREADS * QUEUE_EACH * 256, 5);
	for (i = 0; i < QUEUE_THREADS; i++)
		task[i] = kthread_create(queue_thread_main, (void *)i, "dmasim_client/%lu", i);
	for (i = 0; i < QUEUE_THREADS; i++) {
		if (IS_ERR(task[i]))
			ret = client_fail("no thread");
		else
			wake_up_process(task[i]);
	}
	/* A thread that is stopped too early does nothing: give each a start. */
	msleep(100);
	for (i = 0; i < QUEUE_THREADS; i++)
		if (!IS_ERR(task[i]) && kthread_stop(task[i]))
			ret = -EINVAL;
	TRY(ret);
	return client_check(client.dst, QUEUE_THREADS * client_rounds(QUEUE_EACH) * 256, 5);
}

const struct client_test client_queue_tests[] = {
	{ "queue_depth",		test_depth },
	{ "queue_submit_does_not_start", test_submit_does_not_start },
	{ "queue_prep_order_is_free",	test_prep_order_is_free },
	{ "queue_data_follow_order",	test_data_follow_order },
	{ "queue_exhaustion",		test_exhaustion },
	{ "queue_prepared_are_freed",	test_prepared_are_freed },
	{ "queue_not_acknowledged",	test_not_acknowledged },
	{ "queue_cookies_wrap",		test_cookies_wrap },
	{ "queue_irqs_disabled",	test_irqs_disabled },
	{ "queue_resubmit_from_callback", test_resubmit_from_callback },
	{ "queue_threads",		test_threads },
	{ }
};
