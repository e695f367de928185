// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a buffer holds: data in its pieces, guards before, between and behind
 * them. Everything is a function of the run's seed, so nothing is kept to check
 * it against.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "xfer.h"

/* Where a wrong byte was found, and where what was expected there comes from. */
struct side_found {
	struct dmabench_mismatch m;
	const u8 *at;
	size_t look;
	size_t len;
	const char *part;
};

static u64 side_key(struct dmabench_xfer *x, unsigned int side, enum dmabench_pattern_kind kind)
{
	u64 key = dmabench_pattern_key(x->queue->seed, x->queue->worker, x->seq, kind);

	/* Data of the first source are the same where they arrive; all else differs. */
	if (kind == DMABENCH_PATTERN_SOURCE && (!side || side >= x->sources))
		return key;
	return dmabench_mix(key + side);
}

/**
 * dmabench_xfer_random - a number that belongs to a transfer
 * @x: the transfer, set up
 * @which: of its many
 *
 * Return: a function of the seed, the worker, dmabench_xfer_place() and @which.
 */
u64 dmabench_xfer_random(struct dmabench_xfer *x, unsigned int which)
{
	return dmabench_mix(dmabench_pattern_key(x->queue->seed, x->queue->worker,
						 dmabench_xfer_place(x),
						 DMABENCH_PATTERN_SETUP) + which);
}

static const struct dmabench_piece *piece_in_memory(const struct dmabench_xfer *x,
						    unsigned int side, unsigned int i)
{
	const struct dmabench_scatter *scatter;

	if (!x->op->sg)
		return &x->side[side].one;
	scatter = &x->more->scatter[side];
	return &scatter->cut[scatter->slot[i]];
}

typedef bool (*guard_t)(struct dmabench_xfer *x, unsigned int side, u8 *mem, size_t len,
			struct side_found *found);

/* Visits what a guard covers: some bytes around the data, and all between them. */
static bool guards_walk(struct dmabench_xfer *x, unsigned int side, guard_t visit,
			struct side_found *found)
{
	const struct dmabench_side *s = &x->side[side];
	u8 *end = s->buf.mem + x->queue->spec->bytes;
	u8 *at = dmabench_xfer_mem(x, side);
	unsigned int i, count;

	found->part = "guard before";
	at -= min_t(size_t, DMABENCH_GUARD, at - (u8 *)s->buf.mem);
	dmabench_xfer_pieces(x, side, &count);
	for (i = 0; i < count; i++) {
		const struct dmabench_piece *piece = piece_in_memory(x, side, i);
		u8 *data = s->buf.start + piece->at;

		if (data > at && !visit(x, side, at, data - at, found))
			return false;
		at = data + piece->len;
		found->part = "guard between segments";
	}
	found->part = "guard behind";
	return visit(x, side, at, min_t(size_t, DMABENCH_GUARD, end - at), found);
}

static bool guard_fill(struct dmabench_xfer *x, unsigned int side, u8 *mem, size_t len,
		       struct side_found *found)
{
	dmabench_pattern_fill(mem, len, side_key(x, side, DMABENCH_PATTERN_GUARD),
			      mem - (u8 *)x->side[side].buf.mem);
	return true;
}

static bool guard_check(struct dmabench_xfer *x, unsigned int side, u8 *mem, size_t len,
			struct side_found *found)
{
	if (dmabench_pattern_check(mem, len, side_key(x, side, DMABENCH_PATTERN_GUARD),
				   mem - (u8 *)x->side[side].buf.mem, &found->m))
		return true;
	found->at = mem + found->m.first;
	found->look = len - found->m.first;
	found->len = len;
	return false;
}

static void fill_guards(struct dmabench_xfer *x, unsigned int side)
{
	struct side_found unused;

	guards_walk(x, side, guard_fill, &unused);
}

/**
 * dmabench_xfer_fill_side - write one buffer and the guards around it
 * @x: the transfer, set up
 * @side: number of the buffer, sources first
 * @kind: of the data
 */
void dmabench_xfer_fill_side(struct dmabench_xfer *x, unsigned int side,
			     enum dmabench_pattern_kind kind)
{
	const struct dmabench_piece *piece;
	unsigned int i, count;
	size_t pos = 0;

	piece = dmabench_xfer_pieces(x, side, &count);
	for (i = 0; i < count; i++) {
		dmabench_pattern_fill(x->side[side].buf.start + piece[i].at, piece[i].len,
				      side_key(x, side, kind), pos);
		pos += piece[i].len;
	}
	fill_guards(x, side);
}

/**
 * dmabench_xfer_fill_computed - write one buffer with what is computed
 * @x: the transfer, set up
 * @side: number of the buffer
 * @expect: computes a stretch of it
 */
void dmabench_xfer_fill_computed(struct dmabench_xfer *x, unsigned int side,
				 dmabench_expect_t expect)
{
	const struct dmabench_piece *piece;
	unsigned int i, count;
	size_t pos = 0;

	piece = dmabench_xfer_pieces(x, side, &count);
	for (i = 0; i < count; i++) {
		expect(x, pos, x->side[side].buf.start + piece[i].at, piece[i].len);
		pos += piece[i].len;
	}
	fill_guards(x, side);
}

static void explain(struct dmabench_xfer *x, unsigned int side, const struct side_found *f,
		    const char *what, char *reason, size_t reason_size)
{
	const char *found = "bytes of nothing known";
	size_t look = min_t(size_t, f->look, 15);
	char text[48];
	u64 pos;

	if (dmabench_pattern_locate(f->at, look, side_key(x, side, DMABENCH_PATTERN_SOURCE),
				    x->size, &pos)) {
		scnprintf(text, sizeof(text), "source byte %llu", pos);
		found = text;
	} else if (dmabench_pattern_locate(f->at, look, side_key(x, side, DMABENCH_PATTERN_OLD),
					   x->size, &pos)) {
		found = "what was there before";
	} else if (dmabench_pattern_locate(f->at, look, side_key(x, 0, DMABENCH_PATTERN_GUARD),
					   x->queue->spec->bytes, &pos)) {
		found = "the source's guard";
	} else if (!memchr_inv(f->at, 0, look)) {
		found = "zeroes";
	}
	scnprintf(reason, reason_size,
		  "%s %s wrong: %zu bytes, first %zu, last %zu of %zu; expected 0x%02x, found 0x%02x: %s",
		  what, f->part, f->m.count, f->m.first, f->m.last, f->len, f->m.expected,
		  f->m.found, found);
}

/**
 * dmabench_xfer_check_guards - check what surrounds the data of a buffer
 * @x: the transfer
 * @side: number of the buffer
 * @what: the buffer in words
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if all is right.
 */
bool dmabench_xfer_check_guards(struct dmabench_xfer *x, unsigned int side, const char *what,
				char *reason, size_t reason_size)
{
	struct side_found found = {};

	if (guards_walk(x, side, guard_check, &found))
		return true;
	explain(x, side, &found, what, reason, reason_size);
	return false;
}

/* Puts a mismatch within a piece into words: positions are those of the data. */
static void explain_body(struct dmabench_xfer *x, unsigned int side, const u8 *mem, size_t len,
			 size_t pos, struct dmabench_mismatch *m, const char *what,
			 char *reason, size_t reason_size)
{
	struct side_found found = {
		.m = *m,
		.at = mem + m->first,
		.look = len - m->first,
		.len = x->size,
		.part = "body",
	};

	found.m.first += pos;
	found.m.last += pos;
	explain(x, side, &found, what, reason, reason_size);
}

/* What data must be: a pattern, or what is computed. */
struct side_right {
	dmabench_expect_t expect;
	u64 key;
};

static void right_get(struct dmabench_xfer *x, const struct side_right *right, size_t pos,
		      u8 *to, size_t len)
{
	if (right->expect)
		right->expect(x, pos, to, len);
	else
		dmabench_pattern_fill(to, len, right->key, pos);
}

/* A transfer that was terminated: each byte is right, or is what was there before. */
static bool piece_check_partial(struct dmabench_xfer *x, unsigned int side, const u8 *mem,
				size_t len, size_t pos, const struct side_right *right,
				struct dmabench_mismatch *m)
{
	u8 come[64], old[64];
	size_t from, i;

	memset(m, 0, sizeof(*m));
	for (from = 0; from < len; from += sizeof(come)) {
		size_t n = min(sizeof(come), len - from);

		right_get(x, right, pos + from, come, n);
		if (!memcmp(mem + from, come, n))
			continue;
		dmabench_xfer_old(x, side, pos + from, old, n);
		for (i = 0; i < n; i++)
			if (mem[from + i] != come[i] && mem[from + i] != old[i])
				dmabench_mismatch_note(m, from + i, come[i], mem[from + i]);
	}
	return !m->count;
}

static bool piece_check_computed(struct dmabench_xfer *x, const u8 *mem, size_t len, size_t pos,
				 dmabench_expect_t expect, struct dmabench_mismatch *m)
{
	size_t from, i;
	u8 right[64];

	memset(m, 0, sizeof(*m));
	for (from = 0; from < len; from += sizeof(right)) {
		size_t n = min(sizeof(right), len - from);

		expect(x, pos + from, right, n);
		if (!memcmp(mem + from, right, n))
			continue;
		for (i = 0; i < n; i++)
			if (mem[from + i] != right[i])
				dmabench_mismatch_note(m, from + i, right[i], mem[from + i]);
	}
	return !m->count;
}

static bool piece_check(struct dmabench_xfer *x, unsigned int side, const u8 *mem, size_t len,
			size_t pos, const struct side_right *right, struct dmabench_mismatch *m)
{
	if (side >= x->sources && x->fate == DMABENCH_FATE_PARTIAL)
		return piece_check_partial(x, side, mem, len, pos, right, m);
	if (right->expect)
		return piece_check_computed(x, mem, len, pos, right->expect, m);
	return dmabench_pattern_check(mem, len, right->key, pos, m);
}

static bool side_check(struct dmabench_xfer *x, unsigned int side, const char *what,
		       const struct side_right *right, char *reason, size_t reason_size)
{
	bool unknown = side >= x->sources && x->fate == DMABENCH_FATE_UNKNOWN;
	const struct dmabench_piece *piece;
	struct dmabench_mismatch m;
	unsigned int i, count;
	size_t pos = 0;

	piece = dmabench_xfer_pieces(x, side, &count);
	for (i = 0; !unknown && i < count; i++) {
		const u8 *mem = x->side[side].buf.start + piece[i].at;
		size_t len = piece[i].len;

		if (!piece_check(x, side, mem, len, pos, right, &m)) {
			explain_body(x, side, mem, len, pos, &m, what, reason, reason_size);
			return false;
		}
		pos += len;
	}
	return dmabench_xfer_check_guards(x, side, what, reason, reason_size);
}

/**
 * dmabench_xfer_check_side - check one buffer and the guards around it
 * @x: the transfer
 * @side: number of the buffer, sources first
 * @kind: what its data must be now
 * @what: the buffer in words
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Of a destination x->fate tells how much of it must be so.
 *
 * Return: true if all is right.
 */
bool dmabench_xfer_check_side(struct dmabench_xfer *x, unsigned int side,
			      enum dmabench_pattern_kind kind, const char *what,
			      char *reason, size_t reason_size)
{
	const struct side_right right = { .key = side_key(x, side, kind) };

	return side_check(x, side, what, &right, reason, reason_size);
}

/**
 * dmabench_xfer_check_computed - the same, of data that are computed
 * @x: the transfer
 * @side: number of the buffer
 * @what: the buffer in words
 * @expect: computes a stretch of what the data must be
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if all is right.
 */
bool dmabench_xfer_check_computed(struct dmabench_xfer *x, unsigned int side, const char *what,
				  dmabench_expect_t expect, char *reason, size_t reason_size)
{
	const struct side_right right = { .expect = expect };

	return side_check(x, side, what, &right, reason, reason_size);
}

/**
 * dmabench_xfer_locate_end - which byte of the source a buffer's data end with
 * @x: the transfer, over
 * @side: number of the buffer
 * @end: set to the offset behind that byte, in the data of the first source
 *
 * Return: true if they do, of this transfer. That of fewer than 8 bytes from the
 * start of the source cannot be told.
 */
bool dmabench_xfer_locate_end(struct dmabench_xfer *x, unsigned int side, u64 *end)
{
	u64 key = side_key(x, 0, DMABENCH_PATTERN_SOURCE);
	const struct dmabench_piece *piece;
	size_t len, n = 0;
	unsigned int i;
	u8 last[15];
	u64 pos;

	piece = dmabench_xfer_pieces(x, side, &i);
	while (i-- && n < sizeof(last)) {
		len = min_t(size_t, piece[i].len, sizeof(last) - n);
		n += len;
		memcpy(last + sizeof(last) - n,
		       x->side[side].buf.start + piece[i].at + piece[i].len - len, len);
	}
	/* The first of them may not be of the source yet. */
	for (; n >= 8; n--) {
		if (dmabench_pattern_locate(last + sizeof(last) - n, n, key, x->size, &pos)) {
			*end = pos + n;
			return *end <= x->size;
		}
	}
	return false;
}

/**
 * dmabench_xfer_old - a stretch of what a destination holds before the transfer
 * @x: the transfer
 * @side: number of the buffer
 * @from: offset of the stretch in the data
 * @to: receives it
 * @len: its bytes
 *
 * For operations that leave parts of their destination alone.
 */
void dmabench_xfer_old(struct dmabench_xfer *x, unsigned int side, size_t from, u8 *to,
		       size_t len)
{
	dmabench_pattern_fill(to, len, side_key(x, side, DMABENCH_PATTERN_OLD), from);
}
