// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "pattern.h"
#include "unit.h"
#include "kernel-shim.h"

#define KEY	0x1234567890abcdefULL

static void any_stretch_is_the_same_stretch(void)
{
	u8 whole[200], part[200];
	size_t from, len;

	dmabench_pattern_fill(whole, sizeof(whole), KEY, 3);
	for (from = 0; from < 24; from++) {
		for (len = 0; len < 40; len++) {
			memset(part, 0xee, sizeof(part));
			dmabench_pattern_fill(part + 1, len, KEY, 3 + from);
			EXPECT(!memcmp(part + 1, whole + from, len), "from %zu len %zu", from, len);
			EXPECT(part[0] == 0xee && part[len + 1] == 0xee, "overrun at %zu", len);
		}
	}
}

static void bytes_are_little_endian_words(void)
{
	u64 word = dmabench_pattern_word(KEY, 5);
	u8 bytes[8];
	unsigned int i;

	dmabench_pattern_fill(bytes, 8, KEY, 40);
	for (i = 0; i < 8; i++)
		EXPECT(bytes[i] == (u8)(word >> 8 * i), "byte %u", i);
}

static void check_accepts_what_fill_wrote(void)
{
	struct dmabench_mismatch m;
	u8 buf[160];
	size_t len, pos;

	for (pos = 0; pos < 9; pos++) {
		for (len = 0; len < 150; len++) {
			dmabench_pattern_fill(buf + 3, len, KEY, pos);
			EXPECT(dmabench_pattern_check(buf + 3, len, KEY, pos, &m),
			       "pos %zu len %zu", pos, len);
			EXPECT(!m.count);
		}
	}
}

static void every_single_wrong_bit_is_found(void)
{
	struct dmabench_mismatch m;
	u8 buf[61];
	size_t bit;

	dmabench_pattern_fill(buf, sizeof(buf), KEY, 5);
	for (bit = 0; bit < sizeof(buf) * 8; bit++) {
		buf[bit / 8] ^= 1 << bit % 8;
		EXPECT(!dmabench_pattern_check(buf, sizeof(buf), KEY, 5, &m), "bit %zu", bit);
		EXPECT(m.count == 1 && m.first == bit / 8 && m.last == bit / 8);
		EXPECT((m.expected ^ m.found) == 1 << bit % 8);
		buf[bit / 8] ^= 1 << bit % 8;
	}
}

static void first_and_last_wrong_byte_are_named(void)
{
	struct dmabench_mismatch m;
	u8 buf[4096];

	dmabench_pattern_fill(buf, sizeof(buf), KEY, 0);
	buf[7] ^= 0xff;
	buf[1000] ^= 0x10;
	buf[4095] ^= 0x01;
	EXPECT(!dmabench_pattern_check(buf, sizeof(buf), KEY, 0, &m));
	EXPECT(m.count == 3 && m.first == 7 && m.last == 4095);
}

/* The faults that a pattern with a short period cannot see. */
static void no_shift_looks_right(void)
{
	struct dmabench_mismatch m;
	static u8 buf[65536];
	size_t shift;

	dmabench_pattern_fill(buf, sizeof(buf), KEY, 0);
	for (shift = 1; shift < sizeof(buf) - 64; shift += 7)
		EXPECT(!dmabench_pattern_check(buf + shift, 64, KEY, 0, &m), "shift %zu", shift);
	for (shift = 32; shift < sizeof(buf) - 64; shift += 32)
		EXPECT(!dmabench_pattern_check(buf + shift, 64, KEY, 0, &m), "shift %zu", shift);
}

static void keys_differ_by_all_they_are_made_of(void)
{
	u64 key = dmabench_pattern_key(1, 2, 3, DMABENCH_PATTERN_SOURCE);

	EXPECT(key != dmabench_pattern_key(2, 2, 3, DMABENCH_PATTERN_SOURCE));
	EXPECT(key != dmabench_pattern_key(1, 3, 3, DMABENCH_PATTERN_SOURCE));
	EXPECT(key != dmabench_pattern_key(1, 2, 4, DMABENCH_PATTERN_SOURCE));
	EXPECT(key != dmabench_pattern_key(1, 2, 3, DMABENCH_PATTERN_OLD));
	EXPECT(key == dmabench_pattern_key(1, 2, 3, DMABENCH_PATTERN_SOURCE));
}

/* Results quote seeds, so what a seed means must not change unnoticed. */
static void a_seed_means_the_same_for_ever(void)
{
	EXPECT(dmabench_mix(0) == 0x5c0b7926c97e52aaULL, "%llx",
	       (unsigned long long)dmabench_mix(0));
	EXPECT(dmabench_pattern_word(0, 1) == 0x17fb89ee9dcab42aULL, "%llx",
	       (unsigned long long)dmabench_pattern_word(0, 1));
}

static void found_bytes_tell_their_position(void)
{
	u8 buf[300];
	u64 pos;
	size_t at;

	dmabench_pattern_fill(buf, sizeof(buf), KEY, 0);
	for (at = 0; at + 15 <= sizeof(buf); at++) {
		EXPECT(dmabench_pattern_locate(buf + at, 15, KEY, sizeof(buf), &pos), "at %zu", at);
		EXPECT(pos == at, "at %zu told %llu", at, (unsigned long long)pos);
	}
	EXPECT(!dmabench_pattern_locate(buf, 15, KEY + 1, sizeof(buf), &pos), "another key");
	EXPECT(!dmabench_pattern_locate(buf + 200, 15, KEY, 100, &pos), "beyond the limit");
	EXPECT(!dmabench_pattern_locate(buf, 7, KEY, sizeof(buf), &pos), "too few bytes");
	memset(buf, 0, sizeof(buf));
	EXPECT(!dmabench_pattern_locate(buf, 15, KEY, sizeof(buf), &pos), "zeroes");
}

static const struct unit_case cases[] = {
	{ "pattern.any_stretch_is_the_same_stretch", any_stretch_is_the_same_stretch },
	{ "pattern.bytes_are_little_endian_words", bytes_are_little_endian_words },
	{ "pattern.check_accepts_what_fill_wrote", check_accepts_what_fill_wrote },
	{ "pattern.every_single_wrong_bit_is_found", every_single_wrong_bit_is_found },
	{ "pattern.first_and_last_wrong_byte_are_named", first_and_last_wrong_byte_are_named },
	{ "pattern.no_shift_looks_right", no_shift_looks_right },
	{ "pattern.keys_differ_by_all_they_are_made_of", keys_differ_by_all_they_are_made_of },
	{ "pattern.a_seed_means_the_same_for_ever", a_seed_means_the_same_for_ever },
	{ "pattern.found_bytes_tell_their_position", found_bytes_tell_their_position },
};

int main(void)
{
	return unit_main(cases, UNIT_COUNT(cases));
}
