// SPDX-License-Identifier: GPL-2.0-only
/*
 * A3: what each kind of transfer does to memory. Copies are here; see data-raid.c,
 * data-set.c and data-interleave.c for the others.
 */
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "../suite.h"
#include "data-kit.h"

static const struct dmabench_rule data_rules[] = {
	{ "A3.1", DMABENCH_STRICT, "dmaengine.h:1079-1088; provider.rst:161",
	  "memcpy makes the destination what the source is, and changes nothing else" },
	{ "A3.2", DMABENCH_ADVISORY, "provider.rst:165-170",
	  "memcpy_sg copies from one scatterlist to another",
	  "no kernel since 6.0 has the operation" },
	{ "A3.3", DMABENCH_STRICT, "provider.rst:178; crypto/async_tx/async_xor.c",
	  "xor writes the exclusive or of all its sources, of which the destination may be one" },
	{ "A3.4", DMABENCH_STRICT, "provider.rst:184; dmaengine.h:220-233",
	  "xor_val writes whether the exclusive or of its sources is zero, before its callback" },
	{ "A3.5", DMABENCH_STRICT,
	  "provider.rst:189; dmaengine.h:181-183,1279-1331; crypto/async_tx/async_pq.c:139",
	  "pq writes the sum of its sources, and that of their products with the coefficients over GF(2^8), polynomial 0x11d; leaves a disabled side alone; continues what is there"
	},
	{ "A3.6", DMABENCH_STRICT, "provider.rst:194; dmaengine.h:220-233",
	  "pq_val writes which of P and Q do not belong to the sources, before its callback" },
	{ "A3.7", DMABENCH_STRICT, "dmaengine.h:1060-1077; provider.rst:199",
	  "memset makes each byte of the destination the low byte of the value" },
	{ "A3.8", DMABENCH_ADVISORY, "dmaengine.h, device_prep_dma_memset_sg",
	  "memset_sg does so to each entry of a scatterlist, and to nothing between them" },
	{ "A3.9", DMABENCH_STRICT, "provider.rst:205",
	  "interrupt moves nothing, and completes behind what was submitted before it" },
	{ "A3.14", DMABENCH_STRICT, "dmaengine.h:87-161,1333-1358; provider.rst:248",
	  "interleaved moves chunk by chunk, frame by frame, leaves the gaps of the destination alone, and does not need its template any more"
	},
	{ "A3.16", DMABENCH_STRICT, "dmaengine.h:186; async-tx-api.rst",
	  "what follows a transfer with DMA_PREP_FENCE sees its result" },
	{ "A3.17", DMABENCH_ADVISORY, "dmaengine.h:190; provider.rst:590-598",
	  "DMA_PREP_CMD is ignored or refused by who has no commands" },
	{ "A3.18", DMABENCH_ADVISORY, "dmaengine.h:178,1398-1411; provider.rst:557-573",
	  "a descriptor without DMA_CTRL_ACK is not used again before it is acknowledged" },
};

/* ------------------------------------------------------------------ copies */

#define COPIES	3

/* A few copies in the queue at a time, each with buffers of its own. */
struct copies {
	struct case_trial *t;
	unsigned int nr;
	unsigned int most;
	struct case_tx *tx[COPIES];
	struct case_buf *src[COPIES];
	struct case_buf *dst[COPIES];
	size_t src_at[COPIES];
	size_t dst_at[COPIES];
};

static bool copies_begin(struct copies *c, struct case_trial *t, unsigned int depth, size_t longest)
{
	size_t room = 3 * roundup(CASE_MARGIN, case_align(t)) + longest;
	unsigned int i;

	*c = (struct copies) { .t = t, .most = depth };
	for (i = 0; i < depth; i++) {
		c->src[i] = case_buf_new(t, room);
		c->dst[i] = case_buf_new(t, room);
		if (!c->src[i] || !c->dst[i])
			return false;
	}
	return true;
}

/* How much of a buffer a transfer concerns. */
static size_t span(const struct case_tx *tx, size_t at)
{
	return at + tx->len + CASE_MARGIN;
}

static bool copied(struct copies *c, unsigned int i)
{
	const struct case_buf *src = c->src[i], *dst = c->dst[i];
	u64 old = dst->key[DMABENCH_PATTERN_OLD];
	struct case_tx *tx = c->tx[i];
	size_t at = c->dst_at[i], end = at + tx->len;
	struct dmabench_mismatch m = {};
	bool right;

	right = case_buf_is(dst, at, tx->len, src->key[DMABENCH_PATTERN_SOURCE], c->src_at[i], &m);
	if (!case_expect_tx(tx, right,
			    "expected %zu bytes copied from offset %zu to %zu, seen %zu wrong, from %zu to %zu, the first %#x instead of %#x",
			    tx->len, c->src_at[i], at, m.count, m.first, m.last, m.found,
			    m.expected))
		return false;
	right = case_buf_is(dst, 0, at, old, 0, &m);
	if (!case_expect_tx(tx, right,
			    "expected nothing written before a destination of %zu bytes, seen %zu bytes, the first %zu before it",
			    tx->len, m.count, at - m.first))
		return false;
	right = case_buf_is(dst, end, CASE_MARGIN, old, end, &m);
	if (!case_expect_tx(tx, right,
			    "expected nothing written behind a destination of %zu bytes, seen %zu bytes, the first %zu behind it",
			    tx->len, m.count, m.first))
		return false;
	return case_held(tx, src, DMABENCH_PATTERN_SOURCE, span(tx, c->src_at[i]), "source") &&
	       case_guards_intact(c->t, dst, "destination");
}

/* Issues what is in the queue, and looks at all of it. */
static bool copies_flush(struct copies *c)
{
	unsigned int i, nr = c->nr;

	c->nr = 0;
	if (!nr)
		return !case_over(c->t);
	if (!case_all(c->t, c->tx, nr))
		return false;
	for (i = 0; i < nr; i++)
		if (!copied(c, i))
			return false;
	/* Depths take turns, at random. */
	c->most = 1 + case_below(c->t, c->src[COPIES - 1] ? COPIES : 1);
	return !case_over(c->t);
}

static bool copies_add(struct copies *c, size_t dst_at, size_t src_at, size_t len)
{
	struct dma_async_tx_descriptor *desc;
	struct case_trial *t = c->t;
	struct case_tx *tx;
	unsigned int i;

	if (c->nr == c->most && !copies_flush(c))
		return false;
again:
	i = c->nr;
	tx = case_tx_new(t, t->chan);
	if (!tx)
		return false;
	tx->len = len;
	c->src_at[i] = src_at;
	c->dst_at[i] = dst_at;
	case_buf_refill(t, c->src[i], DMABENCH_PATTERN_SOURCE, span(tx, src_at));
	case_buf_refill(t, c->dst[i], DMABENCH_PATTERN_OLD, span(tx, dst_at));
	desc = dmaengine_prep_dma_memcpy(t->chan, c->dst[i]->dma + dst_at, c->src[i]->dma + src_at,
					 len, CASE_FLAGS);
	/* The queue may be short, but not empty. */
	if (!desc && i) {
		if (!copies_flush(c))
			return false;
		goto again;
	}
	if (!case_tx_made(tx, desc) || !case_submit(tx))
		return false;
	c->tx[c->nr++] = tx;
	return true;
}

static bool copies_random(struct copies *c, size_t len)
{
	size_t align = case_align(c->t);

	return copies_add(c, case_offset(c->t, align), case_offset(c->t, align), len);
}

static void memcpy_lengths(struct case_trial *t)
{
	size_t align = case_align(t), most = max_t(size_t, 320, 4 * align), len;
	struct copies c;
	unsigned int i;

	if (!copies_begin(&c, t, COPIES, SZ_4K))
		return;
	for (len = align; len <= most; len += align)
		if (case_sample(t, most / align, len) && !copies_random(&c, len))
			return;
	for (i = 0; i < 64; i++) {
		len = align * (1 + case_below(t, SZ_4K / align));
		if (case_sample(t, 64, len) && !copies_random(&c, len))
			return;
	}
	copies_flush(&c);
}

static void memcpy_powers(struct case_trial *t)
{
	size_t align = case_align(t), power, most = SZ_1M;
	struct copies c;
	int step;

	/* Coherent memory of that size is not to be had everywhere. */
	while (!copies_begin(&c, t, 1, most + align)) {
		if (t->verdict != CASE_SKIPPED || most <= SZ_64K)
			return;
		most /= 2;
		t->verdict = CASE_PASSED;
	}
	for (power = roundup_pow_of_two(2 * align); power <= most; power *= 2) {
		for (step = -1; step <= 1; step++)
			if (case_sample(t, 40, power) &&
			    !copies_random(&c, power + step * (ssize_t)align))
				return;
	}
	if (copies_flush(&c) && most < SZ_1M)
		case_note(t, "no coherent memory for more than %zu bytes", most);
}

static void memcpy_offsets(struct case_trial *t)
{
	size_t align = case_align(t), base = roundup(CASE_MARGIN, align), at;
	unsigned int wanted = 6 * max_t(size_t, CASE_MARGIN / align, 1);
	struct copies c;
	unsigned int i;

	if (!copies_begin(&c, t, COPIES, SZ_1K + align))
		return;
	for (at = 0; at < CASE_MARGIN; at += align) {
		for (i = 0; i < 6; i++) {
			size_t units = max_t(size_t, (i < 3 ? 64 : SZ_1K) / align, 1);
			size_t len = align * (1 + case_below(t, units));
			size_t other = case_offset(t, align);

			if (!case_sample(t, wanted, len))
				continue;
			if (i == 0)
				other = base + at;
			if (!(i % 2 ? copies_add(&c, base + at, other, len) :
				      copies_add(&c, other, base + at, len)))
				return;
		}
	}
	copies_flush(&c);
}

/* -------------------------------------------------------- memory far apart */

#define ZONE_PAGES	6

struct zone_page {
	struct page *page;
	dma_addr_t dma;
	u64 key;
};

static void zone_fill(struct case_trial *t, struct zone_page *zp)
{
	void *mem = kmap_local_page(zp->page);

	zp->key = case_key(t, t->nr_bufs++, DMABENCH_PATTERN_SOURCE);
	dmabench_pattern_fill(mem, PAGE_SIZE, zp->key, 0);
	kunmap_local(mem);
}

static bool zone_is(struct case_tx *tx, const struct zone_page *zp, size_t from, size_t len,
		    u64 key, const char *what)
{
	struct dmabench_mismatch m = {};
	u8 *mem = kmap_local_page(zp->page);
	bool right = dmabench_pattern_check(mem + from, len, key, from, &m);

	kunmap_local(mem);
	return case_expect_tx(tx, right,
			      "expected %s at bus address %pad to be right, seen %zu of %zu bytes wrong, from %zu to %zu, the first %#x instead of %#x",
			      what, &zp->dma, m.count, len, m.first, m.last, m.found, m.expected);
}

/* Copies the middle of one page to another; false: it may still be going on. */
static bool zone_copy(struct case_trial *t, struct device *dev, struct zone_page *dst,
		      struct zone_page *src)
{
	size_t from = SZ_256, len = PAGE_SIZE - 2 * SZ_256;
	struct case_tx *tx = case_tx_new(t, t->chan);

	if (!tx)
		return true;
	tx->len = len;
	zone_fill(t, src);
	zone_fill(t, dst);
	dma_sync_single_for_device(dev, src->dma, PAGE_SIZE, DMA_BIDIRECTIONAL);
	dma_sync_single_for_device(dev, dst->dma, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (!case_tx_made(tx, dmaengine_prep_dma_memcpy(t->chan, dst->dma + from, src->dma + from,
							len, CASE_FLAGS)))
		return true;
	if (!case_start(tx) || !case_wait(tx))
		return false;
	dma_sync_single_for_cpu(dev, src->dma, PAGE_SIZE, DMA_BIDIRECTIONAL);
	dma_sync_single_for_cpu(dev, dst->dma, PAGE_SIZE, DMA_BIDIRECTIONAL);
	if (zone_is(tx, dst, from, len, src->key, "the destination") &&
	    zone_is(tx, dst, 0, from, dst->key, "what lies before the destination") &&
	    zone_is(tx, dst, from + len, from, dst->key, "what lies behind the destination"))
		zone_is(tx, src, 0, PAGE_SIZE, src->key, "the source");
	return true;
}

static unsigned int zone_pages(struct case_trial *t, struct device *dev, struct zone_page *zp)
{
	static const gfp_t zones[ZONE_PAGES] = {
		GFP_KERNEL | GFP_DMA, GFP_KERNEL | GFP_DMA32, GFP_KERNEL, GFP_HIGHUSER,
		GFP_KERNEL, GFP_HIGHUSER,
	};
	unsigned int i, nr = 0;

	for (i = 0; i < ZONE_PAGES; i++) {
		struct page *page = alloc_page(zones[i] | __GFP_NOWARN | __GFP_NORETRY);
		dma_addr_t dma;

		if (!page)
			continue;
		dma = dma_map_page(dev, page, 0, PAGE_SIZE, DMA_BIDIRECTIONAL);
		if (dma_mapping_error(dev, dma)) {
			__free_page(page);
			continue;
		}
		zp[nr++] = (struct zone_page) { .page = page, .dma = dma };
	}
	return nr;
}

static void memcpy_zones(struct case_trial *t)
{
	struct device *dev = t->suite->chan->map_dev;
	struct zone_page zp[ZONE_PAGES];
	dma_addr_t low, high;
	unsigned int nr = zone_pages(t, dev, zp), i, j;
	bool over = true;

	for (i = 0; i < nr && over; i++)
		for (j = 0; j < nr && over && !case_over(t); j++)
			if (i != j && case_sample(t, ZONE_PAGES * ZONE_PAGES, PAGE_SIZE))
				over = zone_copy(t, dev, &zp[i], &zp[j]);
	/* What an engine may still write is never given back. */
	if (!over)
		return;
	if (nr < 2) {
		case_skip(t, "no memory for two pages");
	} else {
		low = zp[0].dma;
		high = zp[0].dma;
		for (i = 1; i < nr; i++) {
			low = min(low, zp[i].dma);
			high = max(high, zp[i].dma);
		}
		case_note(t, "%u pages from bus address %pad to %pad", nr, &low, &high);
	}
	for (i = 0; i < nr; i++) {
		dma_unmap_page(dev, zp[i].dma, PAGE_SIZE, DMA_BIDIRECTIONAL);
		__free_page(zp[i].page);
	}
}

/* ------------------------------------------------------------------ chains */

/* One copy of a chain: all buffers by number, offsets in units of the chain. */
struct link {
	u8 dst, dst_at, src, src_at, units;
};

struct chain {
	const char *what;
	unsigned int nr;
	struct link link[COPIES];
};

#define CHAIN_BUFS	4
#define CHAIN_UNITS	4

static const struct chain chains[] = {
	{ "read after write", 3, { { 1, 0, 0, 0, 4 }, { 2, 0, 1, 0, 4 }, { 3, 0, 2, 0, 4 } } },
	{ "write after read", 3, { { 1, 0, 0, 0, 4 }, { 2, 0, 1, 0, 4 }, { 0, 0, 3, 0, 4 } } },
	{ "write after write", 3, { { 1, 0, 0, 0, 4 }, { 1, 0, 3, 0, 4 }, { 2, 0, 1, 0, 4 } } },
	{ "half over half", 3, { { 1, 0, 0, 0, 3 }, { 1, 1, 3, 0, 3 }, { 2, 0, 1, 0, 4 } } },
	{ "within a buffer", 3, { { 0, 2, 0, 0, 2 }, { 0, 1, 0, 2, 1 }, { 1, 0, 0, 0, 4 } } },
	{ "there and back", 3, { { 1, 0, 0, 0, 4 }, { 0, 0, 3, 0, 4 }, { 3, 0, 1, 0, 4 } } },
};

static void chain_run(struct case_trial *t, const struct chain *chain, size_t unit,
		      struct case_buf **buf, u8 *image, unsigned long flags)
{
	size_t len = CHAIN_UNITS * unit;
	struct case_tx *tx[COPIES];
	char what[48];
	unsigned int i;

	for (i = 0; i < CHAIN_BUFS; i++) {
		case_buf_refill(t, buf[i], DMABENCH_PATTERN_SOURCE, len);
		memcpy(image + i * len, buf[i]->data, len);
	}
	for (i = 0; i < chain->nr; i++) {
		const struct link *link = &chain->link[i];

		tx[i] = case_memcpy(t, buf[link->dst], link->dst_at * unit, buf[link->src],
				    link->src_at * unit, link->units * unit, flags);
		if (!tx[i] || !case_submit(tx[i]))
			return;
		memcpy(image + link->dst * len + link->dst_at * unit,
		       image + link->src * len + link->src_at * unit, link->units * unit);
	}
	if (!case_all(t, tx, chain->nr))
		return;
	for (i = 0; i < CHAIN_BUFS; i++) {
		scnprintf(what, sizeof(what), "buffer %u of %s", i, chain->what);
		if (!case_image_is(tx[chain->nr - 1], buf[i], image + i * len, len, what))
			return;
	}
}

static void run_chains(struct case_trial *t, unsigned long flags)
{
	u8 *image __free(kvfree) = NULL;
	static const size_t units[] = { 16, 64, 1000, SZ_4K, SZ_16K };
	size_t align = case_align(t), longest = CHAIN_UNITS * roundup(SZ_16K, align);
	unsigned int i, c, wanted = ARRAY_SIZE(units) * ARRAY_SIZE(chains) * COPIES;
	struct case_buf *buf[CHAIN_BUFS];

	image = case_image(t, CHAIN_BUFS * longest);
	for (i = 0; i < CHAIN_BUFS; i++) {
		buf[i] = case_buf_new(t, longest);
		if (!buf[i] || !image)
			return;
	}
	for (i = 0; i < ARRAY_SIZE(units); i++) {
		for (c = 0; c < ARRAY_SIZE(chains); c++) {
			size_t unit = roundup(units[i], align);

			if (case_over(t))
				return;
			if (case_sample(t, wanted, CHAIN_UNITS * unit))
				chain_run(t, &chains[c], unit, buf, image, flags);
		}
	}
}

static void memcpy_chain(struct case_trial *t)
{
	run_chains(t, CASE_FLAGS);
}

static void fence_chain(struct case_trial *t)
{
	run_chains(t, CASE_FLAGS | DMA_PREP_FENCE);
}

/* ------------------------------------------------------------------- table */

#define DATA_CASE(_name, _rules, _grade, _needs, _run, _what)	\
	{							\
		.name	= "data." _name,			\
		.rules	= _rules,				\
		.grade	= DMABENCH_##_grade,			\
		.needs	= _needs,				\
		.what	= _what,				\
		.run	= _run,					\
	}

static const struct dmabench_case data_cases[] = {
	DATA_CASE("memcpy_of_every_length", "A3.1 A1.5", STRICT, NEEDS(MEMCPY), memcpy_lengths,
		  "a copy of any length is right, and nothing else is written"),
	DATA_CASE("memcpy_around_powers_of_two", "A3.1 A1.7", STRICT, NEEDS(MEMCPY), memcpy_powers,
		  "a copy that is a little shorter or longer than a power of two is right"),
	DATA_CASE("memcpy_at_every_offset", "A3.1 A1.5", STRICT, NEEDS(MEMCPY), memcpy_offsets,
		  "a copy is right wherever source and destination begin"),
	DATA_CASE("memcpy_between_zones", "A3.1 A4.10", STRICT, NEEDS(MEMCPY), memcpy_zones,
		  "a copy is right wherever in memory the pages lie"),
	DATA_CASE("memcpy_chain", "A3.1 A4.11", STRICT, NEEDS(MEMCPY) | NEEDS(ORDER), memcpy_chain,
		  "copies in the queue that use each other's buffers take effect in order"),
	DATA_CASE("fence_orders", "A3.16 A4.11", STRICT, NEEDS(MEMCPY), fence_chain,
		  "copies with DMA_PREP_FENCE are done before the next one begins"),
	DATA_CASE("xor_of_every_count", "A3.3 A1.6", STRICT, NEEDS(XOR), case_data_xor,
		  "the exclusive or of any number of sources is right, and no source changes"),
	DATA_CASE("xor_into_a_source", "A3.3", STRICT, NEEDS(XOR), case_data_xor_in_place,
		  "the first source of an xor may be its destination"),
	DATA_CASE("xor_val_tells_match", "A3.4", STRICT, NEEDS(XOR_VAL), case_data_xor_val_match,
		  "xor_val writes 0 if all sources together are zero"),
	DATA_CASE("xor_val_tells_one_bit", "A3.4", STRICT, NEEDS(XOR_VAL), case_data_xor_val_flip,
		  "xor_val writes SUM_CHECK_P_RESULT if one bit of any source is wrong"),
	DATA_CASE("pq_is_right", "A3.5 A1.6", STRICT, NEEDS(PQ), case_data_pq,
		  "P and Q are right with any number of sources and any coefficients"),
	DATA_CASE("pq_leaves_disabled_side", "A3.5", STRICT, NEEDS(PQ), case_data_pq_disabled,
		  "a pq writes nothing to a side that is disabled, and the other one right"),
	DATA_CASE("pq_continues", "A3.5 A1.6", STRICT, NEEDS(PQ), case_data_pq_continue,
		  "with DMA_PREP_CONTINUE a pq in two steps is that of all sources at once"),
	DATA_CASE("pq_val_tells_match", "A3.6", STRICT, NEEDS(PQ_VAL), case_data_pq_val_match,
		  "pq_val writes 0 if P and Q are those of the sources"),
	DATA_CASE("pq_val_tells_one_bit", "A3.6", STRICT, NEEDS(PQ_VAL), case_data_pq_val_flip,
		  "pq_val tells a wrong bit of the sources, P or Q by what it shows in"),
	DATA_CASE("memset_to_low_byte", "A3.7", STRICT, NEEDS(MEMSET), case_data_memset_values,
		  "memset writes the low byte of whatever value it is given"),
	DATA_CASE("memset_of_every_length", "A3.7 A1.5", STRICT, NEEDS(MEMSET),
		  case_data_memset_lengths,
		  "memset writes as much as it is told, wherever that begins"),
	DATA_CASE("memset_sg_leaves_gaps", "A3.8", ADVISORY, NEEDS(MEMSET_SG), case_data_memset_sg,
		  "memset_sg writes each entry, and nothing between them"),
	DATA_CASE("interrupt_keeps_order", "A3.9 A4.7", STRICT,
		  NEEDS(INTERRUPT) | NEEDS(CARRIER) | NEEDS(ORDER), case_data_interrupt_order,
		  "an interrupt between two transfers completes between them"),
	DATA_CASE("interrupt_alone", "A3.9 A6.1", STRICT, NEEDS(INTERRUPT),
		  case_data_interrupt_alone,
		  "interrupts complete and call back once each, alone and in a row"),
	DATA_CASE("interleaved_is_right", "A3.14 A2.4", STRICT, NEEDS(INTERLEAVE),
		  case_data_interleaved,
		  "an interleaved transfer moves its chunks and leaves the gaps alone"),
	DATA_CASE("interleaved_takes_any_template", "A3.14", DOCUMENTED, NEEDS(INTERLEAVE),
		  case_data_interleaved_any,
		  "any number of frames and chunks is taken"),
	DATA_CASE("interleaved_address_stands_still", "A3.14", ADVISORY, NEEDS(INTERLEAVE),
		  case_data_interleaved_still,
		  "without src_inc or dst_inc that address does not move"),
	DATA_CASE("no_ack_keeps_descriptor", "A3.18", ADVISORY, NEEDS(MEMCPY), case_data_no_ack,
		  "a descriptor that is not acknowledged is not given out again"),
	DATA_CASE("cmd_is_ignored_or_refused", "A3.17", ADVISORY, NEEDS(MEMCPY), case_data_cmd,
		  "a copy with DMA_PREP_CMD is refused, or done right"),
};

const struct dmabench_chapter dmabench_chapter_data = {
	.name		= "data",
	.rules		= data_rules,
	.nr_rules	= ARRAY_SIZE(data_rules),
	.cases		= data_cases,
	.nr_cases	= ARRAY_SIZE(data_cases),
};
