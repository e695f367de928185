// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - interleaved transfers
 *
 * What is expected is made byte by byte from the template, in two addresses
 * that walk on as the API's description has it.
 *
 * covers: device_prep_interleaved_dma dmaengine_prep_interleaved_dma
 */
#include <linux/kernel.h>
#include <linux/prandom.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "client.h"

#define TX	0
#define RX	1

#define INTERLEAVE_CHUNKS	8
#define INTERLEAVE_AREA		SZ_512K

static struct dma_interleaved_template *template_alloc(void)
{
	struct dma_interleaved_template *xt;

	return kzalloc(struct_size(xt, sgl, INTERLEAVE_CHUNKS), GFP_KERNEL);
}

/* Where a byte of one end lies, and the step to the next one. */
struct interleave_walk {
	bool inc;
	bool sgl;
	size_t at;
};

static void walk_gap(struct interleave_walk *w, size_t icg, size_t own)
{
	if (!w->inc)
		return;
	if (own)
		w->at += own;
	else if (w->sgl)
		w->at += icg;
}

/* Copies into @want, a picture of the destination, as the template asks for. */
static size_t interleave_reference(const struct dma_interleaved_template *xt, const u8 *src,
				   u8 *want, bool src_flat, bool dst_flat)
{
	struct interleave_walk s = { .inc = src_flat || xt->src_inc, .sgl = xt->src_sgl };
	struct interleave_walk d = { .inc = dst_flat || xt->dst_inc, .sgl = xt->dst_sgl };
	size_t frame, i, k, bytes = 0;

	for (frame = 0; frame < xt->numf; frame++) {
		for (i = 0; i < xt->frame_size; i++) {
			for (k = 0; k < xt->sgl[i].size; k++) {
				want[d.at] = src[s.at];
				d.at += d.inc;
				s.at += s.inc;
				bytes++;
			}
			if (!src_flat)
				walk_gap(&s, xt->sgl[i].icg, xt->sgl[i].src_icg);
			if (!dst_flat)
				walk_gap(&d, xt->sgl[i].icg, xt->sgl[i].dst_icg);
		}
	}
	return bytes;
}

/* A template of random shape that stays within the area. */
static void template_random(struct dma_interleaved_template *xt, struct rnd_state *rnd,
			    size_t align)
{
	unsigned int i, kinds;

	xt->src_start = client.src_dma;
	xt->dst_start = client.dst_dma;
	xt->dir = DMA_MEM_TO_MEM;
	kinds = prandom_u32_state(rnd);
	/* Mostly advancing: the other kind moves next to nothing. */
	xt->src_inc = kinds & 7;
	xt->dst_inc = kinds & 0x70;
	xt->src_sgl = kinds & 0x100;
	xt->dst_sgl = kinds & 0x200;
	xt->numf = 1 + prandom_u32_state(rnd) % 40;
	xt->frame_size = 1 + prandom_u32_state(rnd) % INTERLEAVE_CHUNKS;
	for (i = 0; i < xt->frame_size; i++) {
		struct data_chunk *chunk = &xt->sgl[i];

		chunk->size = align * (1 + prandom_u32_state(rnd) % (512 / align));
		chunk->icg = align * (prandom_u32_state(rnd) % 9);
		chunk->src_icg = kinds & 0x400 ? align * (prandom_u32_state(rnd) % 5) : 0;
		chunk->dst_icg = kinds & 0x800 ? align * (prandom_u32_state(rnd) % 7) : 0;
	}
}

static int interleave_compare(const u8 *want)
{
	size_t i;

	for (i = 0; i < INTERLEAVE_AREA; i++)
		if (client.dst[i] != want[i])
			return client_fail("byte %zu is %#x, not %#x", i, client.dst[i], want[i]);
	return 0;
}

static int interleave_memory(u8 *want)
{
	struct dma_interleaved_template *xt;
	struct dma_async_tx_descriptor *tx;
	struct client_xfer *x = client.xfers;
	struct rnd_state rnd;
	unsigned int i, align;

	align = 1 << client.chan[0]->device->copy_align;
	prandom_seed_state(&rnd, 815);
	client_fill(client.src, INTERLEAVE_AREA, 1);
	for (i = 0; i < client_rounds(200); i++) {
		xt = template_alloc();
		EXPECT(xt);
		template_random(xt, &rnd, align);
		memset(want, 0xee, INTERLEAVE_AREA);
		memset(client.dst, 0xee, INTERLEAVE_AREA);
		interleave_reference(xt, client.src, want, false, false);

		tx = dmaengine_prep_interleaved_dma(client.chan[0], xt, CLIENT_FLAGS);
		/* The template is the client's again. */
		memset(xt, 0xff, struct_size(xt, sgl, INTERLEAVE_CHUNKS));
		kfree(xt);
		TRY(client_submit(&x[i], tx));
		dma_async_issue_pending(client.chan[0]);
		TRY(client_wait(&x[i]));
		TRY(interleave_compare(want));
	}
	return client_check(client.src, INTERLEAVE_AREA, 1);
}

static int test_memory(void)
{
	u8 *want;
	int ret;

	TRY(client_open(1));
	if (!client_can(DMA_INTERLEAVE))
		return -EOPNOTSUPP;

	want = vmalloc(INTERLEAVE_AREA);
	EXPECT(want);
	ret = interleave_memory(want);
	vfree(want);
	return ret;
}

/* Memory to peripheral, or back; the other way is a plain slave transfer. */
static int interleave_slave(struct dma_interleaved_template *xt, bool write, unsigned int n,
			    u8 *want)
{
	struct client_xfer *x = &client.xfers[2 * n];
	size_t len;

	memset(want, 0xee, INTERLEAVE_AREA);
	memset(client.dst, 0xee, INTERLEAVE_AREA);
	xt->dir = write ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM;
	xt->src_inc = write;
	xt->dst_inc = !write;
	/* The peripheral's end is slave_config's. */
	if (write)
		xt->dst_start = ~0;
	else
		xt->src_start = ~0;
	len = interleave_reference(xt, client.src, want, !write, write);

	TRY(client_submit(&x[TX], write ?
			  dmaengine_prep_interleaved_dma(client.chan[TX], xt, CLIENT_FLAGS) :
			  client_single(TX, client.src_dma, len, DMA_MEM_TO_DEV)));
	TRY(client_submit(&x[RX], write ?
			  client_single(RX, client.dst_dma, len, DMA_DEV_TO_MEM) :
			  dmaengine_prep_interleaved_dma(client.chan[RX], xt, CLIENT_FLAGS)));
	dma_async_issue_pending(client.chan[TX]);
	dma_async_issue_pending(client.chan[RX]);
	TRY(client_wait(&x[TX]));
	TRY(client_wait(&x[RX]));
	return interleave_compare(want);
}

static int interleave_slaves(struct dma_interleaved_template *xt, u8 *want)
{
	struct rnd_state rnd;
	unsigned int i;

	prandom_seed_state(&rnd, 816);
	client_fill(client.src, INTERLEAVE_AREA, 2);
	for (i = 0; i < client_rounds(60); i++) {
		template_random(xt, &rnd, 1);
		TRY(interleave_slave(xt, i & 1, i, want));
	}
	return 0;
}

static int test_slave(void)
{
	struct dma_interleaved_template *xt;
	u8 *want;
	int ret;

	TRY(client_loopback_open(1, 4));
	if (!client_can(DMA_INTERLEAVE))
		return -EOPNOTSUPP;

	xt = template_alloc();
	want = vmalloc(INTERLEAVE_AREA);
	ret = xt && want ? interleave_slaves(xt, want) : client_fail("no memory");
	vfree(want);
	kfree(xt);
	return ret;
}

static void template_good(struct dma_interleaved_template *xt)
{
	memset(xt, 0, struct_size(xt, sgl, INTERLEAVE_CHUNKS));
	xt->src_start = client.src_dma;
	xt->dst_start = client.dst_dma;
	xt->dir = DMA_MEM_TO_MEM;
	xt->src_inc = true;
	xt->dst_inc = true;
	xt->dst_sgl = true;
	xt->numf = 2;
	xt->frame_size = 2;
	xt->sgl[0].size = SZ_256;
	xt->sgl[0].icg = SZ_256;
	xt->sgl[1].size = SZ_256;
	xt->sgl[1].icg = SZ_256;
}

/* Refused, unless the one statement that spoils the template is left out. */
#define EXPECT_REFUSED(spoil)								\
	do {										\
		template_good(xt);							\
		spoil;									\
		CLIENT_EXPECT(!dmaengine_prep_interleaved_dma(client.chan[0], xt,	\
							      CLIENT_FLAGS), refused);	\
	} while (0)

static int interleave_bad(struct dma_interleaved_template *xt)
{
	struct dma_async_tx_descriptor *tx;

	EXPECT_REFUSED(xt->numf = 0);
	EXPECT_REFUSED(xt->frame_size = 0);
	EXPECT_REFUSED(xt->sgl[1].size = 0);
	EXPECT_REFUSED(xt->dir = DMA_DEV_TO_DEV);
	EXPECT_REFUSED(xt->dir = DMA_TRANS_NONE);
	EXPECT_REFUSED(xt->numf = ~0UL);
	EXPECT_REFUSED(xt->numf = SZ_16M);
	EXPECT_REFUSED(xt->sgl[0].size = ~0UL - 255);
	EXPECT_REFUSED(xt->sgl[1].icg = ~0UL - 255);
	EXPECT_REFUSED(xt->sgl[1].icg = ~0UL / 4 - ~0UL / 4 % 256);
	EXPECT_REFUSED(xt->dst_start = ~0ULL << 60);
	EXPECT_REFUSED(xt->src_start = ~0ULL << 60);
	if (client.chan[0]->device->copy_align) {
		EXPECT_REFUSED(xt->src_start++);
		EXPECT_REFUSED(xt->sgl[0].size++);
		EXPECT_REFUSED(xt->sgl[0].icg++);
	}

	/* A peripheral's register does not move, and the memory must. */
	if (client_can(DMA_SLAVE) && client_loopback_tx) {
		EXPECT_REFUSED(xt->dir = DMA_MEM_TO_DEV; xt->dst_inc = false);
		EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_loopback_tx, 1, 1), 0);
		EXPECT_REFUSED(xt->dir = DMA_MEM_TO_DEV);
		EXPECT_REFUSED(xt->dir = DMA_MEM_TO_DEV; xt->dst_inc = false; xt->src_inc = false);
	}

	template_good(xt);
	tx = dmaengine_prep_interleaved_dma(client.chan[0], xt, CLIENT_FLAGS);
	TRY(client_submit(&client.xfers[0], tx));
	dma_async_issue_pending(client.chan[0]);
	return client_wait(&client.xfers[0]);
}

static int test_bad_templates(void)
{
	struct dma_interleaved_template *xt;
	int ret;

	TRY(client_open(1));
	if (!client_can(DMA_INTERLEAVE))
		return -EOPNOTSUPP;
	xt = template_alloc();
	EXPECT(xt);
	ret = interleave_bad(xt);
	kfree(xt);
	return ret;
}

const struct client_test client_interleave_tests[] = {
	{ "interleaved_memory",		test_memory },
	{ "interleaved_slave",		test_slave },
	{ "interleaved_bad_arguments",	test_bad_templates },
	{ }
};
