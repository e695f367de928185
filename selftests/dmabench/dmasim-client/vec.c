// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - slave transfers of vectors, through the loopback
 *
 * covers: device_prep_peripheral_dma_vec dmaengine_prep_peripheral_dma_vec
 */
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "client.h"

#define TX	0
#define RX	1

#ifdef CLIENT_DMA_VEC

#define VEC_ENTRIES	64
#define VEC_STRIDE	SZ_2K

static int vec_open(void)
{
	TRY(client_loopback_open(1, 4));
	return client.chan[TX]->device->device_prep_peripheral_dma_vec ? 0 : -EOPNOTSUPP;
}

/* Highest address first: order must come from the vectors alone. */
static size_t vec_at(unsigned int i)
{
	return (VEC_ENTRIES - 1 - i) * VEC_STRIDE;
}

static size_t vec_len(unsigned int i)
{
	return 1 + i * 53 % (VEC_STRIDE - 16);
}

static size_t vec_make(struct dma_vec *vecs, dma_addr_t base)
{
	size_t len = 0;
	unsigned int i;

	for (i = 0; i < VEC_ENTRIES; i++) {
		vecs[i].addr = base + vec_at(i);
		vecs[i].len = vec_len(i);
		len += vecs[i].len;
	}
	return len;
}

static int test_vectors(void)
{
	static struct dma_vec vecs[VEC_ENTRIES];
	struct client_xfer *x = client.xfers;
	unsigned int i;
	size_t len, at;

	TRY(vec_open());

	/* From many to one. */
	client_fill(client.src, VEC_ENTRIES * VEC_STRIDE, 1);
	len = vec_make(vecs, client.src_dma);
	TRY(client_submit(&x[0], dmaengine_prep_peripheral_dma_vec(client.chan[TX], vecs,
								   VEC_ENTRIES, DMA_MEM_TO_DEV,
								   CLIENT_FLAGS)));
	memset(vecs, 0xff, sizeof(vecs));
	TRY(client_submit(&x[1], client_single(RX, client.dst_dma, len, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[TX]);
	dma_async_issue_pending(client.chan[RX]);
	TRY(client_wait(&x[0]));
	TRY(client_wait(&x[1]));
	for (i = 0, at = 0; i < VEC_ENTRIES; at += vec_len(i), i++)
		EXPECT(!memcmp(client.dst + at, client.src + vec_at(i), vec_len(i)));
	TRY(client_check_byte(client.dst + len, 64, 0xee));

	/* From one to many: bytes between the vectors are not touched. */
	memset(client.dst, 0xee, CLIENT_BUF);
	vec_make(vecs, client.dst_dma);
	TRY(client_submit(&x[2], client_single(TX, client.src_dma, len, DMA_MEM_TO_DEV)));
	TRY(client_submit(&x[3], dmaengine_prep_peripheral_dma_vec(client.chan[RX], vecs,
								   VEC_ENTRIES, DMA_DEV_TO_MEM,
								   CLIENT_FLAGS)));
	memset(vecs, 0xff, sizeof(vecs));
	dma_async_issue_pending(client.chan[RX]);
	dma_async_issue_pending(client.chan[TX]);
	TRY(client_wait(&x[2]));
	TRY(client_wait(&x[3]));
	for (i = 0, at = 0; i < VEC_ENTRIES; at += vec_len(i), i++) {
		EXPECT(!memcmp(client.dst + vec_at(i), client.src + at, vec_len(i)));
		TRY(client_check_byte(client.dst + vec_at(i) + vec_len(i),
				      VEC_STRIDE - vec_len(i), 0xee));
	}
	return 0;
}

static int test_bad_vectors(void)
{
	struct dma_vec vecs[2];
	struct dma_chan *chan;

	TRY(vec_open());
	chan = client.chan[TX];
	vecs[0].addr = client.src_dma;
	vecs[0].len = 64;
	vecs[1] = vecs[0];

	EXPECT(!dmaengine_prep_peripheral_dma_vec(chan, NULL, 1, DMA_MEM_TO_DEV, CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_peripheral_dma_vec(chan, vecs, 0, DMA_MEM_TO_DEV, CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_peripheral_dma_vec(chan, vecs, 2, DMA_MEM_TO_MEM, CLIENT_FLAGS));
	EXPECT(!dmaengine_prep_peripheral_dma_vec(chan, vecs, 2, DMA_DEV_TO_MEM, CLIENT_FLAGS));
	vecs[1].len = 0;
	EXPECT(!dmaengine_prep_peripheral_dma_vec(chan, vecs, 2, DMA_MEM_TO_DEV, CLIENT_FLAGS));
	vecs[1].len = U32_MAX;
	EXPECT(!dmaengine_prep_peripheral_dma_vec(chan, vecs, 2, DMA_MEM_TO_DEV, CLIENT_FLAGS));
	vecs[1].len = 64;
	vecs[1].addr = ~0ULL << 60;
	EXPECT(!dmaengine_prep_peripheral_dma_vec(chan, vecs, 2, DMA_MEM_TO_DEV, CLIENT_FLAGS));
	return 0;
}

#else

static int test_vectors(void)
{
	return -EOPNOTSUPP;
}

static int test_bad_vectors(void)
{
	return -EOPNOTSUPP;
}

#endif

const struct client_test client_vec_tests[] = {
	{ "dma_vec",			test_vectors },
	{ "dma_vec_bad_arguments",	test_bad_vectors },
	{ }
};
