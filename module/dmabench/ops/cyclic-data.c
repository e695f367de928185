// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a cyclic transfer carries: period after period, each with data that tell
 * its number, written ahead of the engine and checked behind it.
 *
 * Of a buffer with one period nothing can be written behind the engine, which is
 * in that period always: its data stay the same.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "cyclic.h"

/* What is in a loopback's FIFO when a run begins is less than this. */
#define CYCLIC_LEFTOVER	SZ_64K

/* Bytes that a place is recognised by, see dmabench_pattern_locate(). */
#define CYCLIC_LOOK	15

/* Laps in which to look for the last beat that was sent, at most. */
#define CYCLIC_LATELY	16U

/* Frames have an epoch in their other bits. */
#define CYCLIC_FRAME	0x00ffffffU
#define CYCLIC_EPOCH	0x01000000U

static u32 words_mask(enum dmabench_endpoint endpoint)
{
	return endpoint == DMABENCH_ENDPOINT_AUDIO ? CYCLIC_FRAME : U32_MAX;
}

static bool counts_words(enum dmabench_endpoint endpoint)
{
	return endpoint == DMABENCH_ENDPOINT_COUNTER || endpoint == DMABENCH_ENDPOINT_AUDIO;
}

static u64 period_key(const struct dmabench_xfer *x, u64 number)
{
	const struct dmabench_queue *queue = x->queue;

	return dmabench_pattern_key(queue->seed, queue->worker, number, DMABENCH_PATTERN_SOURCE);
}

/* What period @number holds at @from. */
static void period_data(const struct dmabench_xfer *x, u64 number, u32 from, u8 *to, u32 len)
{
	enum dmabench_endpoint endpoint = x->queue->port->endpoint;
	u32 period = dmabench_ring_period(x->queue->knobs);
	u32 i, word;

	if (!counts_words(endpoint)) {
		dmabench_pattern_fill(to, len, period_key(x, number), from);
		return;
	}
	for (i = 0; i < len; i++) {
		word = (u32)(number * (period / 4)) + (from + i) / 4;
		if (endpoint == DMABENCH_ENDPOINT_AUDIO)
			word = CYCLIC_EPOCH | (word & CYCLIC_FRAME);
		to[i] = word >> (from + i) % 4 * 8;
	}
}

/* The first lap, by position in the buffer. */
static void lap_data(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	u32 period = dmabench_ring_period(x->queue->knobs);

	while (len) {
		u32 number = (u32)from / period;
		u32 n = min_t(u32, len, period - (u32)from % period);

		period_data(x, number, (u32)from % period, to, n);
		from += n;
		to += n;
		len -= n;
	}
}

/**
 * dmabench_cyclic_prefill - write the first lap, and what is received over
 * @x: set up
 */
void dmabench_cyclic_prefill(struct dmabench_xfer *x)
{
	const struct dmabench_port *port = x->queue->port;
	u32 i;

	if (x->sources)
		dmabench_xfer_fill_computed(x, 0, lap_data);
	if (x->sides > x->sources)
		dmabench_xfer_fill_side(x, x->sources, DMABENCH_PATTERN_OLD);
	if (port->endpoint == DMABENCH_ENDPOINT_WORD)
		for (i = 0; i < port->width; i++)
			port->word[i] = dmabench_xfer_random(x, i);
}

/**
 * dmabench_cyclic_refill - write what comes next into what has passed
 * @leg: sends
 *
 * Context: the callback.
 */
void dmabench_cyclic_refill(struct dmabench_cyclic_leg *leg)
{
	struct dmabench_ring *ring = &leg->ring;
	u32 slot = leg->slot;
	u64 number;

	if (ring->periods == 1 || !leg->verify)
		return;
	/* What it is in now was to be filled before, and is of an earlier lap. */
	if (leg->passed >= leg->filled) {
		leg->underruns += leg->passed - leg->filled + 1;
		leg->filled = leg->passed + 1;
	}
	slot += leg->filled - leg->passed;
	for (number = leg->filled; number < leg->passed + ring->periods; number++, slot++) {
		u32 at = slot % ring->periods * ring->period;

		dmabench_ring_sync(ring, at, ring->period, true);
		period_data(ring->x, number, 0, ring->mem + at, ring->period);
		dmabench_ring_sync(ring, at, ring->period, false);
	}
	WRITE_ONCE(leg->filled, number);
}

/* Only the first is put into words. */
__printf(2, 3)
static void wrong(struct dmabench_cyclic_leg *leg, const char *format, ...)
{
	va_list args;

	if (!leg->errors) {
		va_start(args, format);
		vscnprintf(leg->text, sizeof(leg->text), format, args);
		va_end(args);
	}
	/* Whoever sees the number sees the text. */
	smp_store_release(&leg->errors, leg->errors + 1);
}

/* Counts what a jump in the data means, in periods, broken ones included. */
static void jumped(struct dmabench_cyclic_leg *leg, u64 from, u64 to, u64 per_period)
{
	if (to > from) {
		leg->lost += DIV64_U64_ROUND_UP(to - from, per_period);
		wrong(leg, "period %llu: data jump ahead by %llu",
		      leg->collected, to - from);
	} else {
		leg->duplicate += DIV64_U64_ROUND_UP(from - to, per_period);
		wrong(leg, "period %llu: data jump back by %llu",
		      leg->collected, from - to);
	}
}

/* Finds out what bytes of what is sent these are, if any, near a period. */
static bool locate(struct dmabench_cyclic_leg *leg, const u8 *mem, u32 len, u64 number, u64 *place)
{
	struct dmabench_ring *ring = &leg->ring;
	u64 first = number > 2 * ring->periods ? number - 2 * ring->periods : 0;
	u64 n, pos;

	for (n = first; n <= number + 2 * ring->periods; n++) {
		if (!dmabench_pattern_locate(mem, min_t(u32, len, CYCLIC_LOOK),
					     period_key(ring->x, n), ring->period, &pos))
			continue;
		*place = n * ring->period + pos;
		return true;
	}
	return false;
}

/*
 * A FIFO between may hold what an earlier run has left: our own data begin
 * somewhere. Returns how many bytes of the period come before them.
 */
static u32 look_for_start(struct dmabench_cyclic_leg *leg, const u8 *mem)
{
	struct dmabench_ring *ring = &leg->ring;
	u64 before = leg->collected * ring->period, place;
	u32 at = ring->period - min_t(u32, ring->period, CYCLIC_LOOK);
	u64 end = before + at;

	if (!locate(leg, mem + at, ring->period - at, 0, &place)) {
		if (end > ring->size + CYCLIC_LEFTOVER)
			wrong(leg, "nothing of what is sent was received in %llu bytes", end);
		return ring->period;
	}
	leg->found = true;
	if (place > end) {
		leg->lost += DIV64_U64_ROUND_UP(place - end, ring->period);
		wrong(leg, "the first %llu bytes never came", place - end);
		leg->next = place - at;
		return 0;
	}
	leg->leftover = end - place;
	if (leg->leftover > ring->size + CYCLIC_LEFTOVER)
		wrong(leg, "%llu bytes came before what was sent", leg->leftover);
	if (leg->leftover <= before) {
		leg->next = before - leg->leftover;
		return 0;
	}
	leg->next = 0;
	return leg->leftover - before;
}

/* Checks a stretch of one period of what was sent. Returns what it is then. */
static u64 check_stretch(struct dmabench_cyclic_leg *leg, const u8 *mem, u32 len, u64 number,
			 u32 from)
{
	struct dmabench_ring *ring = &leg->ring;
	u64 here = number * ring->period + from, place;
	struct dmabench_mismatch m;

	if (dmabench_pattern_check(mem, len, period_key(ring->x, number), from, &m))
		return here;
	if (!locate(leg, mem + m.first, len - m.first, number, &place)) {
		wrong(leg, "period %llu: %zu wrong bytes in %zu..%zu, expected %02x, found %02x",
		      number, m.count, from + m.first, from + m.last, m.expected, m.found);
		return here;
	}
	place -= m.first;
	if (place < here && (u32)(here - place) % ring->size == 0 && !m.first) {
		leg->stale++;
		return here;
	}
	jumped(leg, here, place, ring->period);
	return place;
}

static void check_looped(struct dmabench_cyclic_leg *leg, const u8 *mem)
{
	struct dmabench_ring *ring = &leg->ring;
	u32 at = 0, from, n;
	u64 number;

	if (!leg->found)
		at = look_for_start(leg, mem);
	while (at < ring->period) {
		number = div_u64_rem(leg->next, ring->period, &from);
		n = min(ring->period - at, ring->period - from);
		if (ring->periods == 1)
			check_stretch(leg, mem + at, n, 0, from);
		else
			leg->next = check_stretch(leg, mem + at, n, number, from);
		leg->next += n;
		at += n;
	}
}

static void check_word(struct dmabench_cyclic_leg *leg, const u8 *mem)
{
	const struct dmabench_port *port = leg->ring.x->queue->port;
	u32 at;

	for (at = 0; at < leg->ring.period; at += port->width) {
		if (!memcmp(mem + at, port->word, port->width))
			continue;
		wrong(leg, "period %llu byte %u: expected %*ph, found %*ph", leg->collected, at,
		      min_t(int, port->width, 8), port->word, min_t(int, port->width, 8), mem + at);
		return;
	}
}

/* Little-endian, wherever it stands. */
static u32 word_at(const u8 *mem)
{
	return mem[0] | mem[1] << 8 | mem[2] << 16 | (u32)mem[3] << 24;
}

static void check_count(struct dmabench_cyclic_leg *leg, const u8 *mem)
{
	u32 mask = words_mask(leg->endpoint), words = leg->ring.period / 4;
	u32 i, word, off;

	for (i = 0; i < words; i++) {
		word = word_at(mem + 4 * i);
		if (!leg->found || (word & ~mask) != leg->fixed) {
			if (leg->found)
				wrong(leg, "period %llu: word %u is %08x, of another kind",
				      leg->collected, i, word);
			leg->found = true;
			leg->fixed = word & ~mask;
			leg->next = word;
		}
		off = (word - (u32)leg->next) & mask;
		/* Whole laps are nothing to go by where there is one period. */
		if (off && (leg->ring.periods > 1 || off % words)) {
			if (off <= mask / 2)
				jumped(leg, 0, off, words);
			else
				jumped(leg, mask - off + 1, 0, words);
		}
		leg->next = word + 1;
	}
}

static void check_period(struct dmabench_cyclic_leg *leg, const u8 *mem)
{
	/* What is sent at the same time changes the word at any time. */
	bool sends = leg->ring.x->sources;

	leg->verified++;
	if (leg->looped)
		check_looped(leg, mem);
	else if (leg->endpoint == DMABENCH_ENDPOINT_WORD && !sends)
		check_word(leg, mem);
	else if (counts_words(leg->endpoint))
		check_count(leg, mem);
	else
		leg->verified--;
}

/* The engine has been round: what it is over now is lost on us, not by it. */
static void skip_overrun(struct dmabench_cyclic_leg *leg, u64 count)
{
	leg->overruns += count;
	leg->collected += count;
	if (leg->looped)
		leg->next += count * leg->ring.period;
	else
		leg->found = false;
}

/**
 * dmabench_cyclic_collect - check what has passed
 * @leg: receives
 *
 * Context: the callback.
 */
void dmabench_cyclic_collect(struct dmabench_cyclic_leg *leg)
{
	struct dmabench_ring *ring = &leg->ring;
	u32 most = max(ring->periods - 1, 1U), slot;

	if (leg->passed - leg->collected > most)
		skip_overrun(leg, leg->passed - leg->collected - most);
	slot = leg->slot + ring->periods - (u32)(leg->passed - leg->collected);
	for (; leg->collected < leg->passed; slot++) {
		u32 at = slot % ring->periods * ring->period;

		if (leg->verify) {
			dmabench_ring_sync(ring, at, ring->period, true);
			check_period(leg, ring->mem + at);
			dmabench_ring_sync(ring, at, ring->period, false);
		}
		WRITE_ONCE(leg->collected, leg->collected + 1);
	}
}

/*
 * The last beat was of one of the periods that were in the buffer lately. With a
 * callback for each, as many as a lap has may be due when the engine has stopped,
 * and where a residue is not exact each of them refills up to a lap.
 */
static bool word_was_sent(struct dmabench_cyclic_leg *leg)
{
	struct dmabench_ring *ring = &leg->ring;
	const struct dmabench_port *port = ring->x->queue->port;
	u64 lately = (u64)ring->periods * min(ring->periods, CYCLIC_LATELY);
	u64 first = leg->passed > lately ? leg->passed - lately : 0;
	u8 beat[64];
	u64 number;
	u32 at;

	for (number = first; number < leg->filled; number++) {
		for (at = 0; at < ring->period; at += port->width) {
			period_data(ring->x, number, at, beat, port->width);
			if (!memcmp(port->word, beat, port->width))
				return true;
		}
	}
	return false;
}

/**
 * dmabench_cyclic_check_sent - what can be known of what was sent
 * @leg: sends, has ended; the memory is the CPU's
 * @reason: receives what is wrong
 * @size: room of @reason
 *
 * Return: true if all is right.
 */
bool dmabench_cyclic_check_sent(struct dmabench_cyclic_leg *leg, char *reason, size_t size)
{
	struct dmabench_ring *ring = &leg->ring;
	u64 number = leg->filled - ring->periods;
	u32 slot, at, n;
	u8 right[64];

	div_u64_rem(number, ring->periods, &slot);
	for (; number < leg->filled; number++, slot++) {
		const u8 *mem = ring->mem + slot % ring->periods * ring->period;

		for (at = 0; at < ring->period; at += n) {
			n = min_t(u32, sizeof(right), ring->period - at);
			period_data(ring->x, number, at, right, n);
			if (memcmp(mem + at, right, n)) {
				scnprintf(reason, size,
					  "source: period %llu was overwritten within bytes %u..%u",
					  number, at, at + n - 1);
				return false;
			}
		}
	}
	if (leg->endpoint != DMABENCH_ENDPOINT_WORD || leg->looped || word_was_sent(leg))
		return true;
	scnprintf(reason, size, "the word holds %*ph, which was not sent",
		  min_t(int, ring->x->queue->port->width, 8), ring->x->queue->port->word);
	return false;
}
