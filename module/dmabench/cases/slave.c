// SPDX-License-Identifier: GPL-2.0-only
/*
 * A3.10 to A3.13, A3.15: transfers to and from a peripheral. Lists are here; see
 * slave-cyclic.c and slave-repeat.c for what begins anew.
 */
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/scatterlist.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../suite.h"
#include "slave-kit.h"

static const struct dmabench_rule slave_rules[] = {
	{ "A3.10", DMABENCH_STRICT, "dmaengine.h:1009-1018; client.rst:96-118",
	  "slave_sg moves the first n entries of a list in their order, by their DMA addresses and lengths"
	},
	{ "A3.11", DMABENCH_STRICT, "dmaengine.h:990-1007",
	  "peripheral_dma_vec does so with an array of addresses and lengths; with DMA_PREP_REPEAT again and again"
	},
	{ "A3.12", DMABENCH_STRICT,
	  "dmaengine.h:1035-1045; provider.rst:238-246; client.rst:126; virt-dma.h:135-141",
	  "a cyclic transfer starts at issue_pending, begins anew until it is terminated, and calls back for its periods, not more often"
	},
	{ "A3.13", DMABENCH_ADVISORY, "dmaengine.h:190-202",
	  "what is issued behind a cyclic transfer does not take its place" },
	{ "A3.15", DMABENCH_DOCUMENTED,
	  "dmaengine.h:190-202,1047-1058; provider.rst:277-296,600-629",
	  "a transfer with DMA_PREP_REPEAT begins anew until one with DMA_PREP_LOAD_EOT is issued, and at the end of a round only"
	},
};

/* -------------------------------------------------- data in pieces of memory */

#define PIECES	24
/* Entries behind those that are to be used: who touches them has miscounted. */
#define TRAPS	2
#define TRAP	64
#define LIST_BYTES	SZ_8K
/* Largest distance of two pieces, in accesses. */
#define LIST_GAP	12

/**
 * struct spread - a stretch of a stream, in pieces of one buffer
 * @buf: the buffer
 * @image: what it holds, or must hold
 * @len: bytes of the stretch
 * @nr: how many pieces
 * @at: where they begin
 * @size: their bytes
 */
struct spread {
	struct case_buf *buf;
	u8 *image;
	size_t len;
	unsigned int nr;
	size_t at[PIECES];
	size_t size[PIECES];
};

static size_t spread_room(struct case_trial *t)
{
	return LIST_BYTES + (PIECES + 1) * LIST_GAP * case_width(t) + TRAPS * 2 * TRAP +
	       CASE_MARGIN;
}

static struct spread *spread_new(struct case_trial *t)
{
	struct spread *s = kzalloc_obj(*s);

	if (!s) {
		case_skip(t, "no memory");
		return NULL;
	}
	s->buf = case_buf_new(t, spread_room(t));
	s->image = s->buf ? case_image(t, s->buf->len) : NULL;
	if (s->image)
		return s;
	kfree(s);
	return NULL;
}

static void spread_free(struct spread *s)
{
	if (!s)
		return;
	kvfree(s->image);
	kfree(s);
}

/* Cuts @len bytes into @nr pieces, which lie in memory in any order. */
static void spread_cut(struct case_trial *t, struct spread *s, size_t len, unsigned int nr)
{
	size_t width = case_width(t), left = len / width, at, n;
	unsigned int order[PIECES], i;

	s->len = len;
	s->nr = min_t(size_t, nr, left);
	for (i = 0; i < s->nr; i++) {
		unsigned int behind = s->nr - 1 - i;

		n = behind ? 1 + case_below(t, min(left - behind, 2 * left / (behind + 1))) : left;
		s->size[i] = n * width;
		left -= n;
		order[i] = i;
	}
	/* Half of the lists are in the order of memory, as most are. */
	for (i = case_below(t, 2) ? s->nr : 0; i > 1; i--) {
		n = case_below(t, i);
		swap(order[i - 1], order[n]);
	}
	at = roundup(CASE_MARGIN, width);
	for (i = 0; i < s->nr; i++) {
		s->at[order[i]] = at;
		/* Some lie side by side, and must stay two. */
		at += s->size[order[i]] + width * case_below(t, LIST_GAP);
	}
}

/* All that is not data is old; @key is of the stream, @pos the stretch's place in it. */
static void spread_write(struct case_trial *t, struct spread *s, u8 *to, u64 key, u64 pos)
{
	unsigned int i;

	dmabench_pattern_fill(to, s->buf->len, s->buf->key[DMABENCH_PATTERN_OLD], 0);
	for (i = 0; i < s->nr; i++) {
		dmabench_pattern_fill(to + s->at[i], s->size[i], key, pos);
		pos += s->size[i];
	}
}

static struct dma_async_tx_descriptor *spread_sg(struct dma_chan *chan, struct spread *s,
						 enum dma_transfer_direction dir)
{
	struct scatterlist sgl[PIECES + TRAPS];
	struct dma_async_tx_descriptor *desc;
	unsigned int i;

	sg_init_table(sgl, s->nr + TRAPS);
	for (i = 0; i < s->nr + TRAPS; i++) {
		size_t at = i < s->nr ? s->at[i] : s->buf->len - 2 * TRAP * (1 + i - s->nr);

		/* Where the two are not the same, only one is of the mapping. */
		sgl[i].length = TRAP;
		sg_dma_address(&sgl[i]) = s->buf->dma + at;
		sg_dma_len(&sgl[i]) = i < s->nr ? s->size[i] : TRAP;
	}
	desc = dmaengine_prep_slave_sg(chan, sgl, s->nr, dir, CASE_FLAGS);
	/* The list is the client's again (A2.4). */
	memset(sgl, 0xff, sizeof(sgl));
	barrier_data(sgl);
	return desc;
}

#ifndef COMPAT_NO_DMA_VEC
static struct dma_async_tx_descriptor *spread_vec(struct dma_chan *chan, struct spread *s,
						  enum dma_transfer_direction dir)
{
	struct dma_vec vecs[PIECES + TRAPS] = {};
	struct dma_async_tx_descriptor *desc;
	unsigned int i;

	for (i = 0; i < s->nr + TRAPS; i++) {
		size_t at = i < s->nr ? s->at[i] : s->buf->len - 2 * TRAP * (1 + i - s->nr);

		vecs[i].addr = s->buf->dma + at;
		vecs[i].len = i < s->nr ? s->size[i] : TRAP;
	}
	desc = dmaengine_prep_peripheral_dma_vec(chan, vecs, s->nr, dir, CASE_FLAGS);
	memset(vecs, 0xff, sizeof(vecs));
	barrier_data(vecs);
	return desc;
}
#else
static struct dma_async_tx_descriptor *spread_vec(struct dma_chan *chan, struct spread *s,
						  enum dma_transfer_direction dir)
{
	return NULL;
}
#endif

static struct case_tx *spread_submit(struct case_trial *t, struct spread *s,
				     enum dma_transfer_direction dir, bool vec)
{
	struct dma_chan *chan = case_chan_of(t, dir);
	struct case_tx *tx = case_tx_new(t, chan);

	if (!tx)
		return NULL;
	tx->len = s->len;
	if (!case_tx_made(tx, vec ? spread_vec(chan, s, dir) : spread_sg(chan, s, dir)) ||
	    !case_submit(tx))
		return NULL;
	return tx;
}

/* ------------------------------------------------------------- through a loop */

#define LOOPS	3

/* Lists at either end: what is sent in some comes out in the others. */
struct loop {
	struct case_trial *t;
	struct spread *out[LOOPS];
	struct spread *in[LOOPS];
};

static void loop_free(struct loop *l)
{
	unsigned int i;

	for (i = 0; i < LOOPS; i++) {
		spread_free(l->out[i]);
		spread_free(l->in[i]);
	}
}

static bool loop_begin(struct loop *l, struct case_trial *t)
{
	unsigned int i;

	*l = (struct loop) { .t = t };
	for (i = 0; i < LOOPS; i++) {
		l->out[i] = spread_new(t);
		l->in[i] = l->out[i] ? spread_new(t) : NULL;
		if (!l->in[i])
			return false;
	}
	return case_loop_ready(t);
}

static void loop_fill(struct spread **s, struct case_trial *t, unsigned int nr, u64 key, bool out)
{
	u64 pos = 0;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		case_buf_refill(t, s[i]->buf, DMABENCH_PATTERN_OLD, s[i]->buf->len);
		spread_write(t, s[i], s[i]->image, key, pos);
		if (out)
			memcpy(s[i]->buf->data, s[i]->image, s[i]->buf->len);
		pos += s[i]->len;
	}
}

static bool loop_check(struct spread **s, struct case_tx **tx, unsigned int nr, const char *end)
{
	char what[64];
	unsigned int i;

	for (i = 0; i < nr; i++) {
		scnprintf(what, sizeof(what), "%s %u of %u, list of %u entries", end, i + 1, nr,
			  s[i]->nr);
		if (!case_image_is(tx[i], s[i]->buf, s[i]->image, s[i]->buf->len, what))
			return false;
	}
	return true;
}

/* @nr transfers each way; the lists are cut already. */
static bool loop_run(struct loop *l, unsigned int nr, bool vec)
{
	struct case_trial *t = l->t;
	u64 key = case_key(t, t->nr_bufs++, DMABENCH_PATTERN_SOURCE);
	struct case_tx *tx[LOOPS], *rx[LOOPS];
	unsigned int i;

	loop_fill(l->out, t, nr, key, true);
	loop_fill(l->in, t, nr, key, false);
	for (i = 0; i < nr; i++) {
		rx[i] = spread_submit(t, l->in[i], DMA_DEV_TO_MEM, vec);
		if (!rx[i])
			return false;
	}
	case_issue(t, rx[0]->chan);
	for (i = 0; i < nr; i++) {
		tx[i] = spread_submit(t, l->out[i], DMA_MEM_TO_DEV, vec);
		if (!tx[i])
			return false;
	}
	case_issue(t, tx[0]->chan);
	for (i = 0; i < nr; i++)
		if (!case_wait(tx[i]) || !case_wait(rx[i]))
			return false;
	return loop_check(l->in, rx, nr, "destination") && loop_check(l->out, tx, nr, "source");
}

static unsigned int loop_pieces(struct case_trial *t, unsigned int round)
{
	static const unsigned int few[] = { 1, 2, 3, 4, 1, 7, PIECES, PIECES - 1 };

	if (round < ARRAY_SIZE(few))
		return few[round];
	return 1 + case_below(t, PIECES);
}

#define LIST_ROUNDS	40

static size_t loop_length(struct case_trial *t)
{
	size_t width = case_width(t);
	size_t most = case_below(t, 3) ? SZ_1K : LIST_BYTES;

	return width * (1 + case_below(t, most / width));
}

static void lists(struct case_trial *t, bool vec)
{
	struct loop l;
	unsigned int i;

	if (!loop_begin(&l, t))
		goto out;
	for (i = 0; i < LIST_ROUNDS && !case_over(t); i++) {
		size_t len = loop_length(t);

		if (i > 5 && !case_sample(t, LIST_ROUNDS, len))
			continue;
		/* Either end is cut in its own way. */
		spread_cut(t, l.out[0], len, loop_pieces(t, i));
		spread_cut(t, l.in[0], len, loop_pieces(t, i % 2 ? i + 3 : LIST_ROUNDS));
		if (!loop_run(&l, 1, vec))
			break;
	}
out:
	loop_free(&l);
}

static void sg_in_order(struct case_trial *t)
{
	lists(t, false);
}

static void vec_in_order(struct case_trial *t)
{
	lists(t, true);
}

/* In the queue, and neither do the ends of transfers meet. */
static void queued(struct case_trial *t, bool vec)
{
	size_t width = case_width(t);
	struct loop l;
	unsigned int i, n;

	if (!loop_begin(&l, t))
		goto out;
	for (i = 0; i < LIST_ROUNDS / 2 && !case_over(t); i++) {
		size_t left = 0;

		if (i > 3 && !case_sample(t, LIST_ROUNDS * LOOPS / 2, SZ_1K))
			continue;
		for (n = 0; n < LOOPS; n++) {
			size_t len = width * (1 + case_below(t, SZ_2K / width));

			spread_cut(t, l.out[n], len, loop_pieces(t, LIST_ROUNDS));
			left += len / width;
		}
		for (n = 0; n < LOOPS; n++) {
			unsigned int behind = LOOPS - 1 - n;
			size_t len = behind ? 1 + case_below(t, left - behind) : left;

			spread_cut(t, l.in[n], len * width, loop_pieces(t, LIST_ROUNDS));
			left -= len;
		}
		if (!loop_run(&l, LOOPS, vec))
			break;
	}
out:
	loop_free(&l);
}

static void sg_queued(struct case_trial *t)
{
	queued(t, false);
}

static void vec_queued(struct case_trial *t)
{
	queued(t, true);
}

/* --------------------------------------------------------------- one entry */

static bool single(struct case_trial *t, struct case_buf *out, struct case_buf *in, size_t len)
{
	size_t width = case_width(t), tx_at = case_offset(t, 1), rx_at = case_offset(t, 1);
	struct case_tx *tx, *rx;
	size_t span;
	u8 *image;
	bool right;

	tx_at = roundup(tx_at, width);
	rx_at = roundup(rx_at, width);
	span = rx_at + len + CASE_MARGIN;
	case_buf_refill(t, out, DMABENCH_PATTERN_SOURCE, tx_at + len + CASE_MARGIN);
	case_buf_refill(t, in, DMABENCH_PATTERN_OLD, span);
	image = case_image(t, span);
	if (!image)
		return false;
	memcpy(image, in->data, span);
	memcpy(image + rx_at, out->data + tx_at, len);
	rx = case_slave_at(t, in, rx_at, len, DMA_DEV_TO_MEM);
	right = rx && case_start(rx);
	tx = right ? case_slave_at(t, out, tx_at, len, DMA_MEM_TO_DEV) : NULL;
	right = tx && case_start(tx) && case_wait(tx) && case_wait(rx) &&
		case_image_is(rx, in, image, span, "destination") &&
		case_held(tx, out, DMABENCH_PATTERN_SOURCE, tx_at + len + CASE_MARGIN, "source");
	kvfree(image);
	return right;
}

static void sg_lengths(struct case_trial *t)
{
	size_t width = case_width(t), most = SZ_64K, room = most + width + 4 * CASE_MARGIN + 64;
	struct case_buf *out = case_buf_new(t, room), *in = out ? case_buf_new(t, room) : NULL;
	unsigned int i;
	size_t len;
	int step;

	if (!in || !case_loop_ready(t))
		return;
	for (i = 1; i <= 48 && !case_over(t); i++)
		if (case_sample(t, 48, i * width) && !single(t, out, in, i * width))
			return;
	for (len = 64; len <= most; len *= 2) {
		for (step = -1; step <= 1; step++) {
			size_t own = (len / width + step) * width;

			if (case_over(t))
				return;
			if (own && own <= dma_get_max_seg_size(t->suite->chan->map_dev) &&
			    case_sample(t, 33, own) && !single(t, out, in, own))
				return;
		}
	}
}

/* --------------------------------------------------------------- one way alone */

static void word_prefill(struct case_trial *t)
{
	struct dmabench_port *port = t->suite->port;
	u32 i;

	for (i = 0; port->endpoint == DMABENCH_ENDPOINT_WORD && i < port->width; i++)
		port->word[i] = case_random(t);
}

/* What a peripheral that is no loopback gives, as far as that is known. */
static bool received(struct case_tx *tx, const struct case_buf *buf, size_t len)
{
	const struct dmabench_port *port = tx->t->suite->port;
	u32 word, first;
	size_t i;

	dma_rmb();
	for (i = 0; port->endpoint == DMABENCH_ENDPOINT_WORD && i < len; i++)
		if (!case_expect_tx(tx, buf->data[i] == port->word[i % port->width],
				    "expected the word again and again, seen %#x instead of %#x as byte %zu",
				    buf->data[i], port->word[i % port->width], i))
			return false;
	for (i = 0; port->endpoint == DMABENCH_ENDPOINT_COUNTER && i + 4 <= len; i += 4) {
		word = buf->data[i] | buf->data[i + 1] << 8 | buf->data[i + 2] << 16 |
		       (u32)buf->data[i + 3] << 24;
		if (!i)
			first = word;
		if (!case_expect_tx(tx, word == first + i / 4,
				    "expected the words counted up, seen %u instead of %zu as word %zu",
				    word, first + i / 4, i / 4))
			return false;
	}
	return case_guards_intact(tx->t, buf, "destination");
}

/* With a loopback somebody has to be at its other end. */
static struct case_tx *other_end(struct case_trial *t, size_t len, enum dma_transfer_direction dir)
{
	struct case_buf *buf = case_buf_new(t, len);
	struct case_tx *tx;

	if (!buf)
		return NULL;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	tx = case_slave(t, buf, len, dir, CASE_FLAGS);
	return tx && case_start(tx) ? tx : NULL;
}

static void one_way(struct case_trial *t, enum dma_transfer_direction dir)
{
	enum dma_transfer_direction back = dir == DMA_MEM_TO_DEV ? DMA_DEV_TO_MEM : DMA_MEM_TO_DEV;
	enum dmabench_pattern_kind kind = dir == DMA_MEM_TO_DEV ? DMABENCH_PATTERN_SOURCE :
								  DMABENCH_PATTERN_OLD;
	bool loop = case_can(t, CASE_NEED_LOOPBACK);
	unsigned int i;

	if (loop ? !case_loop_ready(t) : !case_configure(t, dir))
		return;
	word_prefill(t);
	for (i = 0; i < 12 && !case_over(t); i++) {
		size_t len = case_period(t);
		struct case_buf *buf;
		struct case_tx *tx, *other = NULL;

		len = roundup(len, 4 * case_width(t));
		if (i > 3 && !case_sample(t, 12, len))
			continue;
		buf = case_buf_new(t, len);
		if (!buf)
			return;
		case_buf_fill(buf, kind);
		tx = case_slave(t, buf, len, dir, CASE_FLAGS);
		if (!tx || !case_start(tx))
			return;
		if (loop)
			other = other_end(t, len, back);
		if ((loop && !other) || !case_wait(tx) || (other && !case_wait(other)))
			return;
		if (dir == DMA_MEM_TO_DEV ? !case_held(tx, buf, kind, len, "source") :
					    !received(tx, buf, len))
			return;
	}
}

static void sg_to_peripheral(struct case_trial *t)
{
	one_way(t, DMA_MEM_TO_DEV);
}

static void sg_from_peripheral(struct case_trial *t)
{
	one_way(t, DMA_DEV_TO_MEM);
}

/* ------------------------------------------------------------------- table */

#define SLAVE_CASE(_name, _rules, _grade, _needs, _run, _what)	\
	{							\
		.name	= "slave." _name,			\
		.rules	= _rules,				\
		.grade	= DMABENCH_##_grade,			\
		.needs	= _needs,				\
		.what	= _what,				\
		.run	= _run,					\
	}

/* Where completions come out of order, no status tells that an endless transfer goes on. */
#define ENDLESS		(NEEDS(CYCLIC) | NEEDS(TERMINATE) | NEEDS(ORDER))

#define CYCLIC_LOOP	(ENDLESS | NEEDS(LOOPBACK))

#define REPEATS		(NEEDS(INTERLEAVE) | NEEDS(REPEAT) | NEEDS(TERMINATE) | NEEDS(ORDER))

static const struct dmabench_case slave_cases[] = {
	SLAVE_CASE("sg_keeps_order", "A3.10 A2.4", STRICT, NEEDS(LOOPBACK), sg_in_order,
		   "entries of any length move in their order, and nothing between or behind them"),
	SLAVE_CASE("sg_queue_keeps_order", "A3.10 A4.7", STRICT, NEEDS(LOOPBACK) | NEEDS(ORDER),
		   sg_queued,
		   "lists in the queue are one stream, wherever their ends lie"),
	SLAVE_CASE("sg_of_every_length", "A3.10 A1.7", STRICT, NEEDS(LOOPBACK), sg_lengths,
		   "one entry of any length moves whole"),
	SLAVE_CASE("sg_to_peripheral", "A3.10", STRICT, NEEDS(TX), sg_to_peripheral,
		   "what is sent stays as it is"),
	SLAVE_CASE("sg_from_peripheral", "A3.10", STRICT, NEEDS(RX), sg_from_peripheral,
		   "what is received is what the peripheral gives, and nothing else is written"),
	SLAVE_CASE("dma_vec_keeps_order", "A3.11 A2.4", STRICT, NEEDS(DMA_VEC) | NEEDS(LOOPBACK),
		   vec_in_order,
		   "vectors of any length move in their order, and nothing between or behind them"),
	SLAVE_CASE("dma_vec_queue_keeps_order", "A3.11 A4.7", STRICT,
		   NEEDS(DMA_VEC) | NEEDS(LOOPBACK) | NEEDS(ORDER), vec_queued,
		   "arrays of vectors in the queue are one stream, wherever their ends lie"),
	SLAVE_CASE("dma_vec_repeats", "A3.11 A3.15", DOCUMENTED,
		   NEEDS(DMA_VEC) | NEEDS(LOOPBACK) | NEEDS(TERMINATE) | NEEDS(ORDER),
		   case_vec_repeats,
		   "vectors with DMA_PREP_REPEAT are filled again and again"),
	SLAVE_CASE("cyclic_receives_lap_by_lap", "A3.12", STRICT, CYCLIC_LOOP, case_cyclic_receives,
		   "each period goes to its place, and calls back not more than once"),
	SLAVE_CASE("cyclic_calls_back_for_each_period", "A3.12", DOCUMENTED, CYCLIC_LOOP,
		   case_cyclic_calls_back,
		   "a period that is followed by a pause has its callback"),
	SLAVE_CASE("cyclic_sends_lap_by_lap", "A3.12", STRICT, CYCLIC_LOOP, case_cyclic_sends,
		   "laps follow each other without a gap"),
	SLAVE_CASE("cyclic_reads_buffer_anew", "A3.12", STRICT, CYCLIC_LOOP, case_cyclic_reads_anew,
		   "each lap sends what the buffer holds by then"),
	SLAVE_CASE("cyclic_waits_for_issue", "A3.12 A4.3", DOCUMENTED, CYCLIC_LOOP,
		   case_cyclic_waits_for_issue,
		   "a cyclic transfer starts at issue_pending"),
	SLAVE_CASE("cyclic_uneven_is_refused_or_right", "A3.12", DOCUMENTED, CYCLIC_LOOP,
		   case_cyclic_uneven,
		   "a buffer of two periods and a half is refused, or used whole"),
	SLAVE_CASE("cyclic_goes_on", "A3.12", STRICT, ENDLESS,
		   case_cyclic_goes_on,
		   "a cyclic transfer of one period or more goes on until it is terminated"),
	SLAVE_CASE("cyclic_is_not_replaced", "A3.13", ADVISORY, ENDLESS,
		   case_cyclic_not_replaced,
		   "what is issued behind a cyclic transfer waits"),
	SLAVE_CASE("repeat_goes_on", "A3.15", DOCUMENTED, REPEATS, case_repeat_goes_on,
		   "an interleaved transfer with DMA_PREP_REPEAT begins anew again and again"),
	SLAVE_CASE("repeat_ends_by_load_eot", "A3.15", DOCUMENTED, REPEATS, case_repeat_load_eot,
		   "one with DMA_PREP_LOAD_EOT takes its place at the end of a round"),
	SLAVE_CASE("repeat_is_not_replaced", "A3.15", DOCUMENTED, REPEATS,
		   case_repeat_not_replaced,
		   "one without DMA_PREP_LOAD_EOT never starts behind it"),
};

const struct dmabench_chapter dmabench_chapter_slave = {
	.name		= "slave",
	.rules		= slave_rules,
	.nr_rules	= ARRAY_SIZE(slave_rules),
	.cases		= slave_cases,
	.nr_cases	= ARRAY_SIZE(slave_cases),
};
