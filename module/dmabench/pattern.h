/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_PATTERN_H
#define _DMABENCH_PATTERN_H

#include <linux/types.h>

/**
 * enum dmabench_pattern_kind - what a region was filled as
 * @DMABENCH_PATTERN_SOURCE: data to be transferred
 * @DMABENCH_PATTERN_OLD: what a destination holds before the transfer
 * @DMABENCH_PATTERN_GUARD: around source and destination
 * @DMABENCH_PATTERN_SETUP: no region: sizes, offsets, coefficients and the like
 * @DMABENCH_PATTERN_KINDS: how many there are
 *
 * Each kind of one transfer has a key of its own, so a byte that stands in the
 * wrong place tells where it came from.
 */
enum dmabench_pattern_kind {
	DMABENCH_PATTERN_SOURCE,
	DMABENCH_PATTERN_OLD,
	DMABENCH_PATTERN_GUARD,
	DMABENCH_PATTERN_SETUP,
	DMABENCH_PATTERN_KINDS
};

/**
 * struct dmabench_mismatch - a region that is not as it should be
 * @first: offset of the first wrong byte from the start of the region
 * @last: offset of the last wrong byte
 * @count: number of wrong bytes
 * @expected: the byte that should stand at @first
 * @found: the byte that stands there
 */
struct dmabench_mismatch {
	size_t first;
	size_t last;
	size_t count;
	u8 expected;
	u8 found;
};

void dmabench_mismatch_note(struct dmabench_mismatch *m, size_t at, u8 expected, u8 found);
u64 dmabench_mix(u64 x);
u64 dmabench_pattern_key(u64 seed, u64 worker, u64 seq, enum dmabench_pattern_kind kind);
u64 dmabench_pattern_word(u64 key, u64 index);
void dmabench_pattern_fill(void *buf, size_t len, u64 key, u64 pos);
bool dmabench_pattern_check(const void *buf, size_t len, u64 key, u64 pos,
			    struct dmabench_mismatch *m);
bool dmabench_pattern_locate(const void *buf, size_t len, u64 key, u64 limit, u64 *pos);

#endif
