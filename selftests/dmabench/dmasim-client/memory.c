// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - memory transfers, interrupt, callbacks
 *
 * covers: device_prep_dma_memcpy dmaengine_prep_dma_memcpy copy_align
 * covers: device_prep_dma_interrupt dma_sync_wait dev
 */
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "client.h"

static int memory_copy(size_t dst, size_t src, size_t len)
{
	struct client_xfer *x = &client.xfers[0];

	memset(x, 0, sizeof(*x));
	init_completion(&x->done);
	memset(client.dst, 0xee, dst + len + 64);
	client_fill(client.src + src, len, len + dst);

	TRY(client_memcpy(x, dst, src, len));
	dma_async_issue_pending(client.chan[0]);
	TRY(client_wait(x));

	TRY(client_check(client.src + src, len, len + dst));
	TRY(client_check(client.dst + dst, len, len + dst));
	TRY(client_check_byte(client.dst, dst, 0xee));
	return client_check_byte(client.dst + dst + len, 64, 0xee);
}

static int test_memcpy_lengths(void)
{
	static const size_t large[] = {
		4095, 4096, 4097, SZ_64K - 1, SZ_64K, SZ_64K + 1, SZ_1M,
	};
	unsigned int align, i;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;

	align = 1 << client.chan[0]->device->copy_align;
	for (i = align; i <= 300; i += align)
		TRY(memory_copy(i & 7 & ~(align - 1), (i >> 3) & 7 & ~(align - 1), i));
	for (i = 0; i < ARRAY_SIZE(large); i++)
		TRY(memory_copy(align, 2 * align, round_up(large[i], align)));
	return 0;
}

static int test_memcpy_streaming(void)
{
	struct client_xfer *x = &client.xfers[0];
	dma_addr_t src_dma, dst_dma;
	u8 *src, *dst;
	int ret;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;

	src = kmalloc(SZ_16K, GFP_KERNEL);
	dst = kzalloc(SZ_16K, GFP_KERNEL);
	ret = src && dst ? 0 : client_fail("no memory");
	if (ret)
		goto out;
	client_fill(src, SZ_16K, 7);

	src_dma = dma_map_single(client.dev, src, SZ_16K, DMA_TO_DEVICE);
	dst_dma = dma_map_single(client.dev, dst, SZ_16K, DMA_FROM_DEVICE);
	if (dma_mapping_error(client.dev, src_dma) || dma_mapping_error(client.dev, dst_dma))
		ret = client_fail("cannot map");
	if (!ret)
		ret = client_submit(x, dmaengine_prep_dma_memcpy(client.chan[0], dst_dma, src_dma,
								 SZ_16K, CLIENT_FLAGS));
	if (!ret) {
		dma_async_issue_pending(client.chan[0]);
		ret = client_wait(x);
	}
	dma_unmap_single(client.dev, dst_dma, SZ_16K, DMA_FROM_DEVICE);
	dma_unmap_single(client.dev, src_dma, SZ_16K, DMA_TO_DEVICE);
	if (!ret)
		ret = client_check(dst, SZ_16K, 7);
out:
	kfree(dst);
	kfree(src);
	return ret;
}

static int test_memcpy_unaligned(void)
{
	struct dma_device *dma;
	unsigned int align;

	TRY(client_open(1));
	dma = client.chan[0]->device;
	align = 1 << dma->copy_align;
	if (!client_can(DMA_MEMCPY) || align == 1)
		return -EOPNOTSUPP;

	EXPECT(!dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma + 1, client.src_dma,
					  align, CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma + 1,
					  align, CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma,
					  align + 1, CLIENT_FLAGS));
	return 0;
}

static int test_interrupt_in_order(void)
{
	unsigned int i;

	TRY(client_open(1));
	if (!client_can(DMA_INTERRUPT) || !client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;

	for (i = 0; i < 30; i++) {
		if (i % 3 == 1) {
			struct dma_device *dma = client.chan[0]->device;

			TRY(client_submit(&client.xfers[i],
					  dma->device_prep_dma_interrupt(client.chan[0],
									 CLIENT_FLAGS)));
		} else {
			TRY(client_memcpy(&client.xfers[i], i * SZ_4K, 0, SZ_4K));
		}
	}
	dma_async_issue_pending(client.chan[0]);
	for (i = 0; i < 30; i++) {
		TRY(client_wait(&client.xfers[i]));
		EXPECT_EQ(client.xfers[i].order, i + 1);
	}
	return 0;
}

static void client_not_called(void *param)
{
	struct client_xfer *x = param;

	atomic_add(100, &x->plain);
}

static int test_callback_result_wins(void)
{
	struct client_xfer *both = &client.xfers[0], *plain = &client.xfers[1];
	struct dma_async_tx_descriptor *tx;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;

	tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, 256,
				       CLIENT_FLAGS);
	EXPECT(tx);
	/* Nothing is left of a former life. */
	EXPECT(!tx->callback && !tx->callback_result && !tx->callback_param);
	tx->callback = client_not_called;
	TRY(client_submit(both, tx));

	tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma, 256,
				       CLIENT_FLAGS);
	TRY(client_submit_plain(plain, tx));
	dma_async_issue_pending(client.chan[0]);

	TRY(client_wait(both));
	TRY(client_wait(plain));
	EXPECT_EQ(atomic_read(&both->plain), 0);
	EXPECT_EQ(atomic_read(&plain->plain), 1);
	return 0;
}

static int test_polled(void)
{
	struct client_xfer *x = &client.xfers[0];
	struct dma_async_tx_descriptor *tx;
	dma_cookie_t cookie = 0;
	unsigned int i;

	TRY(client_open(1));
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;

	for (i = 0; i < 100; i++) {
		client_fill(client.src, SZ_4K, i);
		tx = dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma, client.src_dma,
					       SZ_4K, DMA_CTRL_ACK);
		EXPECT(tx);
		EXPECT_EQ(tx->flags, DMA_CTRL_ACK);
		/* Without DMA_PREP_INTERRUPT nobody is to be called. */
		TRY(client_submit(x, tx));
		EXPECT(x->cookie > cookie);
		cookie = x->cookie;
		EXPECT_EQ(dma_sync_wait(client.chan[0], cookie), DMA_COMPLETE);
		TRY(client_check(client.dst, SZ_4K, i));
	}
	msleep(20);
	EXPECT_EQ(atomic_read(&x->calls), 0);
	return 0;
}

static int test_bad_memcpy(void)
{
	struct dma_chan *chan;

	TRY(client_open(1));
	chan = client.chan[0];
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;

	EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma, client.src_dma, 0, CLIENT_FLAGS));
	/* A flag that does not exist, and ones that are of other operations. */
	EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma, client.src_dma, 64, BIT(20)));
	EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma, client.src_dma, 64, DMA_PREP_CMD));
	/* No machine has memory there. */
	EXPECT(!dmaengine_prep_dma_memcpy(chan, (dma_addr_t)~0ULL << 12, client.src_dma, 64,
					  CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma, (dma_addr_t)~0ULL << 12, 64,
					  CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma, (dma_addr_t)~0ULL << 12, SZ_16K,
					  CLIENT_FLAGS));
	return 0;
}

/*
 * The channel remembers where it has found memory. An address that differs in one high
 * bit alone looks like one of those, whatever it remembers them by.
 */
static int test_memcpy_nowhere(void)
{
	unsigned int bit, refused = 0;
	struct dma_chan *chan;

	TRY(client_open(1));
	chan = client.chan[0];
	if (!client_can(DMA_MEMCPY))
		return -EOPNOTSUPP;

	for (bit = 36; bit < 52 && sizeof(dma_addr_t) == 8; bit++) {
		dma_addr_t far = BIT_ULL(bit);

		if (pfn_valid(PHYS_PFN(client.src_dma | far)) ||
		    pfn_valid(PHYS_PFN(client.dst_dma | far)))
			continue;
		refused++;
		EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma | far, client.src_dma, 64,
						  CLIENT_FLAGS));
		EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma, client.src_dma | far, 64,
						  CLIENT_FLAGS));
		TRY(memory_copy(0, 0, SZ_4K));
		EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma | far, client.src_dma, 64,
						  CLIENT_FLAGS));
	}
	/* From what is there to what is not. */
	if (!pfn_valid(PHYS_PFN(client.src_dma + SZ_2G)))
		EXPECT(!dmaengine_prep_dma_memcpy(chan, client.dst_dma, client.src_dma, SZ_2G + 1U,
						  CLIENT_FLAGS));
	return refused ? 0 : -EOPNOTSUPP;
}

const struct client_test client_memory_tests[] = {
	{ "memcpy_lengths",		test_memcpy_lengths },
	{ "memcpy_streaming",		test_memcpy_streaming },
	{ "memcpy_unaligned_refused",	test_memcpy_unaligned },
	{ "memcpy_bad_arguments",	test_bad_memcpy },
	{ "memcpy_nowhere_refused",	test_memcpy_nowhere },
	{ "interrupt_in_order",		test_interrupt_in_order },
	{ "callback_result_wins",	test_callback_result_wins },
	{ "polled",			test_polled },
	{ }
};
