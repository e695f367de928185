// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - transfers that fail
 *
 * Somebody has told the device to let them fail, and tells us what to expect.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "client.h"

#define FAULT_LEN	SZ_8K
#define FAULT_XFERS	24

/* What the fault's name stands for, and whether the transfer is good. */
static const struct {
	const char *name;
	enum dmaengine_tx_result result;
	enum dma_status status;
} fault_kinds[] = {
	{ "read",	DMA_TRANS_READ_FAILED,	DMA_ERROR },
	{ "write",	DMA_TRANS_WRITE_FAILED,	DMA_ERROR },
	{ "abort",	DMA_TRANS_ABORTED,	DMA_ERROR },
	{ "short",	DMA_TRANS_NOERROR,	DMA_COMPLETE },
};

static int fault_kind(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(fault_kinds); i++)
		if (!strcmp(client_fault, fault_kinds[i].name))
			return i;
	return -EOPNOTSUPP;
}

static int fault_open(enum dma_transaction_type cap)
{
	TRY(client_open(1));
	if (!client_can(cap) || fault_kind() < 0)
		return -EOPNOTSUPP;
	EXPECT(client_fault_at < FAULT_LEN);
	return 0;
}

/* The n-th transfer, from 1, of a channel that somebody has had before. */
static bool fault_strikes(unsigned int n)
{
	return n % client_fault_every == 0;
}

/* Lets the count of the channel begin anew: the next one but N - 1 fails. */
static int fault_align(void)
{
	struct client_xfer *x = client.xfers;
	unsigned int i;

	for (i = 0; i < client_fault_every; i++) {
		TRY(client_memcpy(&x[i], 0, 0, FAULT_LEN));
		dma_async_issue_pending(client.chan[0]);
		EXPECT(wait_for_completion_timeout(&x[i].done, CLIENT_TIMEOUT));
		if (x[i].result.residue)
			return 0;
	}
	return client_fail("%u transfers, and none has failed", i);
}

static int fault_ended(struct client_xfer *x, bool struck)
{
	struct dma_tx_state state = { .residue = ~0 };
	unsigned int kind = fault_kind();

	EXPECT_EQ(atomic_read(&x->calls), 1);
	EXPECT_EQ(x->result.result, struck ? fault_kinds[kind].result : DMA_TRANS_NOERROR);
	EXPECT_EQ(x->result.residue, struck ? FAULT_LEN - client_fault_at : 0);
	EXPECT_EQ(dmaengine_tx_status(x->chan, x->cookie, &state),
		  struck ? fault_kinds[kind].status : DMA_COMPLETE);
	EXPECT_EQ(state.residue, 0);
	EXPECT_EQ(dmaengine_tx_status(x->chan, x->cookie, NULL),
		  struck ? fault_kinds[kind].status : DMA_COMPLETE);
	return 0;
}

static int test_memcpy(void)
{
	struct client_xfer *x = &client.xfers[100];
	unsigned int i;

	TRY(fault_open(DMA_MEMCPY));
	TRY(fault_align());
	memset(client.dst, 0xee, CLIENT_BUF);
	client_fill(client.src, FAULT_LEN, 1);
	for (i = 0; i < FAULT_XFERS; i++)
		TRY(client_memcpy(&x[i], i * FAULT_LEN, 0, FAULT_LEN));
	dma_async_issue_pending(client.chan[0]);
	for (i = 0; i < FAULT_XFERS; i++)
		EXPECT(wait_for_completion_timeout(&x[i].done, CLIENT_TIMEOUT));

	for (i = 0; i < FAULT_XFERS; i++) {
		size_t len = fault_strikes(i + 1) ? client_fault_at : FAULT_LEN;
		u8 *dst = client.dst + i * FAULT_LEN;

		/* In order, and each as if the others were good. */
		EXPECT_EQ(x[i].order, x[0].order + i);
		TRY(fault_ended(&x[i], fault_strikes(i + 1)));
		EXPECT(!memcmp(dst, client.src, len));
		TRY(client_check_byte(dst + len, FAULT_LEN - len, 0xee));
	}
	return 0;
}

/* What the next user of the channel reads of his cookies is his own. */
static int test_forgotten(void)
{
	struct client_xfer *x = client.xfers;
	dma_cookie_t first, last;

	TRY(fault_open(DMA_MEMCPY));
	TRY(fault_align());
	last = client.chan[0]->cookie;
	client_close();
	TRY(client_open(1));
	EXPECT_EQ(dmaengine_tx_status(client.chan[0], client.chan[0]->cookie, NULL), DMA_COMPLETE);
	for (first = client.chan[0]->cookie; first < last; first++) {
		TRY(client_memcpy(&x[first], 0, 0, 16));
		dma_async_issue_pending(client.chan[0]);
		EXPECT(wait_for_completion_timeout(&x[first].done, CLIENT_TIMEOUT));
		EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[first].cookie, NULL),
			  x[first].result.result ? DMA_ERROR : DMA_COMPLETE);
	}
	return 0;
}

static int test_usable_afterwards(void)
{
	struct client_xfer *x = &client.xfers[100];

	TRY(fault_open(DMA_MEMCPY));
	if (!client_has_terminate())
		return -EOPNOTSUPP;
	TRY(fault_align());
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[0]), 0);
	TRY(client_memcpy(&x[0], 0, 0, FAULT_LEN));
	dma_async_issue_pending(client.chan[0]);
	EXPECT(wait_for_completion_timeout(&x[0].done, CLIENT_TIMEOUT));
	return fault_ended(&x[0], fault_strikes(1));
}

/* A plain callback comes as well; an interrupt cannot fail. */
static int test_plain_and_interrupt(void)
{
	struct client_xfer *x = &client.xfers[100];
	struct dma_async_tx_descriptor *tx;
	unsigned int i, n;

	TRY(fault_open(DMA_MEMCPY));
	if (!client_can(DMA_INTERRUPT))
		return -EOPNOTSUPP;
	TRY(fault_align());
	for (i = 0, n = 0; i < FAULT_XFERS; i += 2) {
		tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma,
					       FAULT_LEN, CLIENT_FLAGS);
		TRY(client_submit_plain(&x[i], tx));
		tx = client.chan[0]->device->device_prep_dma_interrupt(client.chan[0],
									CLIENT_FLAGS);
		TRY(client_submit(&x[i + 1], tx));
	}
	dma_async_issue_pending(client.chan[0]);
	for (i = 0; i < FAULT_XFERS; i += 2) {
		EXPECT(wait_for_completion_timeout(&x[i].done, CLIENT_TIMEOUT));
		EXPECT_EQ(atomic_read(&x[i].plain), 1);
		EXPECT_EQ(dmaengine_tx_status(client.chan[0], x[i].cookie, NULL),
			  fault_strikes(++n) ? fault_kinds[fault_kind()].status : DMA_COMPLETE);
		TRY(client_wait(&x[i + 1]));
	}
	return 0;
}

/* A cyclic transfer ends, although it would have gone on for ever. */
static int test_cyclic(void)
{
	struct client_xfer *x = &client.xfers[100];
	struct dma_async_tx_descriptor *tx;
	unsigned int i;

	TRY(fault_open(DMA_CYCLIC));
	if (!client_sink || !client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;
	TRY(fault_align());
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_sink, 1, 16), 0);
	for (i = 1; i < client_fault_every; i++) {
		TRY(client_memcpy(&x[i], 0, 0, FAULT_LEN));
		dma_async_issue_pending(client.chan[0]);
		TRY(client_wait(&x[i]));
	}
	tx = dmaengine_prep_dma_cyclic(client.chan[0], client.src_dma, FAULT_LEN, FAULT_LEN,
				       DMA_MEM_TO_DEV, CLIENT_FLAGS);
	TRY(client_submit(&x[0], tx));
	dma_async_issue_pending(client.chan[0]);
	EXPECT(wait_for_completion_timeout(&x[0].done, CLIENT_TIMEOUT));
	return fault_ended(&x[0], true);
}

const struct client_test client_fault_tests[] = {
	{ "fault_memcpy",		test_memcpy },
	{ "fault_forgotten",		test_forgotten },
	{ "fault_usable_afterwards",	test_usable_afterwards },
	{ "fault_plain_and_interrupt",	test_plain_and_interrupt },
	{ "fault_cyclic",		test_cyclic },
	{ }
};
