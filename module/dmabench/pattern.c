// SPDX-License-Identifier: GPL-2.0-only
/*
 * Data that name their place.
 *
 * A pattern is an endless sequence of 64-bit words, chosen by a key: word i is
 * a bijective mix of key + i * STEP. Every 8 bytes are different from every
 * other 8 bytes of any buffer and of any other transfer, so a transfer that is
 * shifted, swapped, stale or taken from the wrong buffer cannot look right,
 * whatever the distance. And since the mix can be undone, the word found in a
 * wrong place gives away the position it was meant for.
 *
 * Byte p of a pattern is byte p % 8 of word p / 8 in little-endian order, on
 * every machine, so that a seed means the same data everywhere.
 *
 * No kernel object is used here, so that the unit tests can build this file in
 * userspace.
 */
#include <linux/minmax.h>
#include <linux/string.h>
#include <asm/byteorder.h>

#include "pattern.h"

/* An odd constant steps through all 2^64 words before one comes again. */
#define PATTERN_STEP	0x9e3779b97f4a7c15ULL
#define PATTERN_MUL	0xd6e8feb86659fd93ULL
/* PATTERN_MUL * PATTERN_MUL_INV == 1 (mod 2^64); the same for PATTERN_STEP. */
#define PATTERN_MUL_INV	0xcfee444d8b59a89bULL
#define PATTERN_STEP_INV 0xf1de83e19937733dULL

static inline u64 pattern_scramble(u64 x)
{
	x ^= x >> 32;
	x *= PATTERN_MUL;
	x ^= x >> 32;
	return x;
}

static inline u64 pattern_unscramble(u64 x)
{
	x ^= x >> 32;
	x *= PATTERN_MUL_INV;
	x ^= x >> 32;
	return x;
}

/**
 * dmabench_mix - hash of a 64-bit number
 * @x: any number
 *
 * Sizes, offsets and keys of a transfer are functions of the seed and the
 * transfer's number by way of this one, never of a generator's state: whatever
 * order transfers run in, a seed gives each of them the same.
 *
 * Return: a bijection of @x, every bit of which depends on all bits of @x.
 */
u64 dmabench_mix(u64 x)
{
	x = pattern_scramble(x + PATTERN_STEP);
	return pattern_scramble(x);
}

/**
 * dmabench_pattern_key - key of one region of one transfer
 * @seed: of the run
 * @worker: number of the worker
 * @seq: number of the transfer within the worker
 * @kind: what the region is for
 *
 * Return: the key.
 */
u64 dmabench_pattern_key(u64 seed, u64 worker, u64 seq, enum dmabench_pattern_kind kind)
{
	return dmabench_mix(dmabench_mix(seed ^ dmabench_mix(worker)) +
			    seq * DMABENCH_PATTERN_KINDS + kind);
}

/**
 * dmabench_pattern_word - one word of a pattern
 * @key: of the pattern
 * @index: byte position divided by 8
 *
 * Return: the word as a number; in memory it is little-endian.
 */
u64 dmabench_pattern_word(u64 key, u64 index)
{
	return pattern_scramble(key + index * PATTERN_STEP);
}

static u8 pattern_byte(u64 key, u64 pos)
{
	return dmabench_pattern_word(key, pos / 8) >> (pos % 8 * 8);
}

/**
 * dmabench_pattern_fill - write a stretch of a pattern
 * @buf: where to
 * @len: bytes
 * @key: of the pattern
 * @pos: position of the first byte within the pattern
 */
void dmabench_pattern_fill(void *buf, size_t len, u64 key, u64 pos)
{
	u8 *p = buf;
	u64 x;

	while (len && pos % 8) {
		*p++ = pattern_byte(key, pos++);
		len--;
	}

	x = key + pos / 8 * PATTERN_STEP;
	for (; len >= 8; len -= 8, p += 8, pos += 8, x += PATTERN_STEP) {
		__le64 word = cpu_to_le64(pattern_scramble(x));

		memcpy(p, &word, sizeof(word));
	}

	while (len--)
		*p++ = pattern_byte(key, pos++);
}

/**
 * dmabench_mismatch_note - add a wrong byte to a mismatch
 * @m: cleared before the first one
 * @at: its offset, larger than those before
 * @expected: what should stand there
 * @found: what stands there
 */
void dmabench_mismatch_note(struct dmabench_mismatch *m, size_t at, u8 expected, u8 found)
{
	if (!m->count++) {
		m->first = at;
		m->expected = expected;
		m->found = found;
	}
	m->last = at;
}

/**
 * dmabench_pattern_check - compare a region with a stretch of a pattern
 * @buf: the region
 * @len: bytes
 * @key: of the pattern
 * @pos: position within the pattern that the first byte should be of
 * @m: set to what is wrong; cleared if nothing is
 *
 * Return: true if all is right.
 */
bool dmabench_pattern_check(const void *buf, size_t len, u64 key, u64 pos,
			    struct dmabench_mismatch *m)
{
	const u8 *p = buf;
	size_t at = 0;
	u64 x;

	memset(m, 0, sizeof(*m));

	while (at < len) {
		size_t end = len;

		if ((pos + at) % 8 == 0) {
			x = key + (pos + at) / 8 * PATTERN_STEP;
			for (; len - at >= 8; at += 8, x += PATTERN_STEP) {
				__le64 word = cpu_to_le64(pattern_scramble(x));

				if (memcmp(p + at, &word, sizeof(word)))
					break;
			}
		}
		/* A word that is wrong, or an end that is not a whole word. */
		end = min(end, at + 8 - (size_t)((pos + at) % 8));
		for (; at < end; at++) {
			u8 expected = pattern_byte(key, pos + at);

			if (p[at] != expected)
				dmabench_mismatch_note(m, at, expected, p[at]);
		}
	}
	return !m->count;
}

/**
 * dmabench_pattern_locate - find out which position of a pattern bytes are of
 * @buf: bytes found in a wrong place
 * @len: how many there are to look at; 15 are always enough, 8 at best
 * @key: of the pattern they may come from
 * @limit: length of the pattern's part that exists somewhere in memory
 * @pos: set to the position of the first byte
 *
 * A chance hit among random bytes has a probability of @limit / 2^61.
 *
 * Return: true if they are of this pattern, at a position below @limit.
 */
bool dmabench_pattern_locate(const void *buf, size_t len, u64 key, u64 limit, u64 *pos)
{
	unsigned int phase;

	for (phase = 0; phase < 8 && phase + 8 <= len; phase++) {
		__le64 word;
		u64 index;

		memcpy(&word, buf + phase, sizeof(word));
		index = (pattern_unscramble(le64_to_cpu(word)) - key) * PATTERN_STEP_INV;
		if (index >= (limit + 7) / 8 || index * 8 < phase)
			continue;
		*pos = index * 8 - phase;
		return *pos < limit;
	}
	return false;
}
