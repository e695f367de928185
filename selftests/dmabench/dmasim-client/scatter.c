// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - many pieces of memory in one transfer: memset_sg
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>

#include "client.h"

#define SCATTER_ENTRIES	100

/* Entries lie this far apart, which leaves a gap that nobody must touch. */
#define SCATTER_STRIDE	SZ_8K

static struct scatterlist scatter[SCATTER_ENTRIES];

/* Lengths grow from entry to entry, addresses go down. */
static size_t scatter_len(unsigned int i, unsigned int align)
{
	return align * (1 + i * 37 % (SZ_4K / align));
}

static size_t scatter_at(unsigned int i, unsigned int align)
{
	return (SCATTER_ENTRIES - 1 - i) * SCATTER_STRIDE + align * (i % 4);
}

static void scatter_list(unsigned int n, unsigned int align)
{
	unsigned int i;

	sg_init_table(scatter, n);
	for (i = 0; i < n; i++) {
		sg_dma_address(&scatter[i]) = client.dst_dma + scatter_at(i, align);
		sg_dma_len(&scatter[i]) = scatter_len(i, align);
	}
}

static int scatter_check(unsigned int n, unsigned int align, u8 value)
{
	unsigned int i;

	for (i = 0; i < SCATTER_ENTRIES; i++) {
		size_t at = scatter_at(i, align), len = i < n ? scatter_len(i, align) : 0;
		u8 *slot = client.dst + (SCATTER_ENTRIES - 1 - i) * SCATTER_STRIDE;
		size_t before = client.dst + at - slot;

		TRY(client_check_byte(slot, before, 0xee));
		TRY(client_check_byte(slot + before, len, value));
		TRY(client_check_byte(slot + before + len, SCATTER_STRIDE - before - len, 0xee));
	}
	return 0;
}

static int test_memset_sg(void)
{
	static const int values[] = { 0, 0xff, 0x5a, 0x1a5, -1 };
	struct client_xfer *x = client.xfers;
	struct dma_device *dma;
	unsigned int i, n, align;

	TRY(client_open(1));
	if (!client_can(DMA_MEMSET_SG))
		return -EOPNOTSUPP;

	dma = client.chan[0]->device;
	align = 1 << dma->fill_align;
	for (i = 0; i < ARRAY_SIZE(values); i++) {
		n = i ? SCATTER_ENTRIES - i : 1;
		memset(client.dst, 0xee, CLIENT_BUF);
		scatter_list(n, align);
		TRY(client_submit(&x[i], dma->device_prep_dma_memset_sg(client.chan[0], scatter, n,
									values[i], CLIENT_FLAGS)));
		/* The list is the client's again. */
		memset(scatter, 0xff, sizeof(scatter));
		dma_async_issue_pending(client.chan[0]);
		TRY(client_wait(&x[i]));
		TRY(scatter_check(n, align, values[i]));
	}
	return 0;
}

static int test_bad_memset_sg(void)
{
	struct dma_device *dma;
	struct dma_chan *chan;

	TRY(client_open(1));
	if (!client_can(DMA_MEMSET_SG))
		return -EOPNOTSUPP;

	chan = client.chan[0];
	dma = chan->device;
	scatter_list(2, SZ_256);
	EXPECT(!dma->device_prep_dma_memset_sg(chan, NULL, 1, 0, CLIENT_FLAGS));
	EXPECT(!dma->device_prep_dma_memset_sg(chan, scatter, 0, 0, CLIENT_FLAGS));
	EXPECT(!dma->device_prep_dma_memset_sg(chan, scatter, 2, 0, CLIENT_FLAGS | DMA_PREP_CMD));
	if (dma->fill_align) {
		sg_dma_address(&scatter[1])++;
		EXPECT(!dma->device_prep_dma_memset_sg(chan, scatter, 2, 0, CLIENT_FLAGS));
		sg_dma_address(&scatter[1])--;
		sg_dma_len(&scatter[1])--;
		EXPECT(!dma->device_prep_dma_memset_sg(chan, scatter, 2, 0, CLIENT_FLAGS));
	}
	sg_dma_len(&scatter[1]) = 0;
	EXPECT(!dma->device_prep_dma_memset_sg(chan, scatter, 2, 0, CLIENT_FLAGS));
	scatter_list(2, SZ_256);
	sg_dma_address(&scatter[1]) = ~0ULL << 60;
	EXPECT(!dma->device_prep_dma_memset_sg(chan, scatter, 2, 0, CLIENT_FLAGS));
	return 0;
}

const struct client_test client_scatter_tests[] = {
	{ "memset_sg",			test_memset_sg },
	{ "memset_sg_bad_arguments",	test_bad_memset_sg },
	{ }
};
