// SPDX-License-Identifier: GPL-2.0-only
#include <stdlib.h>

#include "hist.h"
#include "unit.h"
#include "kernel-shim.h"

static void bins_tile_the_range(void)
{
	unsigned int i;

	EXPECT(dmabench_hist_low(0) == 0);
	for (i = 0; i + 1 < DMABENCH_HIST_BINS; i++) {
		EXPECT(dmabench_hist_high(i) + 1 == dmabench_hist_low(i + 1), "bin %u", i);
		EXPECT(dmabench_hist_index(dmabench_hist_low(i)) == i, "low of bin %u", i);
		EXPECT(dmabench_hist_index(dmabench_hist_high(i)) == i, "high of bin %u", i);
	}
	EXPECT(dmabench_hist_high(i) == (1ULL << DMABENCH_HIST_MAX_BITS) - 1);
}

static void width_is_within_the_bound(void)
{
	unsigned int i;

	for (i = 1; i < DMABENCH_HIST_BINS; i++) {
		u64 low = dmabench_hist_low(i);
		u64 width = dmabench_hist_high(i) - low + 1;

		EXPECT(width == 1 || width * DMABENCH_HIST_SUB <= low, "bin %u", i);
	}
}

static void huge_values_share_the_last_bin(void)
{
	EXPECT(dmabench_hist_index(1ULL << DMABENCH_HIST_MAX_BITS) == DMABENCH_HIST_BINS - 1);
	EXPECT(dmabench_hist_index(U64_MAX) == DMABENCH_HIST_BINS - 1);
}

static void empty_says_zero(void)
{
	struct dmabench_hist h;

	dmabench_hist_init(&h);
	EXPECT(dmabench_hist_percentile(&h, 50000) == 0);
	EXPECT(dmabench_hist_mean(&h) == 0);
}

static int compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

static u64 next(u64 *state)
{
	*state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
	return *state >> 33;
}

static void percentiles_match_the_samples(void)
{
	enum { SAMPLES = 20000 };
	static const unsigned int shares[] = {
		1, 10000, 50000, 90000, 99000, 99900, 99990, 100000
	};
	static u64 sample[SAMPLES];
	struct dmabench_hist h;
	u64 state = 1, sum = 0;
	size_t i;

	dmabench_hist_init(&h);
	for (i = 0; i < SAMPLES; i++) {
		/* Many magnitudes, as latencies have. */
		sample[i] = next(&state) >> (next(&state) % 28);
		sum += sample[i];
		dmabench_hist_add(&h, sample[i]);
	}
	qsort(sample, SAMPLES, sizeof(*sample), compare);

	EXPECT(h.count == SAMPLES);
	EXPECT(h.sum == sum);
	EXPECT(h.min == sample[0] && h.max == sample[SAMPLES - 1]);
	EXPECT(dmabench_hist_mean(&h) == sum / SAMPLES);
	for (i = 0; i < sizeof(shares) / sizeof(*shares); i++) {
		u64 rank = ((u64)SAMPLES * shares[i] + 99999) / 100000;
		u64 exact = sample[rank - 1];
		u64 told = dmabench_hist_percentile(&h, shares[i]);

		EXPECT(told >= exact && told <= exact + exact / DMABENCH_HIST_SUB,
		       "share %u: exact %llu told %llu", shares[i],
		       (unsigned long long)exact, (unsigned long long)told);
	}
}

static void merge_is_adding_all(void)
{
	struct dmabench_hist a, b, all;
	u64 state = 7;
	unsigned int i;

	dmabench_hist_init(&a);
	dmabench_hist_init(&b);
	dmabench_hist_init(&all);
	for (i = 0; i < 1000; i++) {
		u64 value = next(&state);

		dmabench_hist_add(i % 3 ? &a : &b, value);
		dmabench_hist_add(&all, value);
	}
	dmabench_hist_merge(&a, &b);
	EXPECT(!memcmp(&a, &all, sizeof(a)));

	dmabench_hist_init(&b);
	dmabench_hist_merge(&a, &b);
	EXPECT(!memcmp(&a, &all, sizeof(a)), "an empty one changes nothing");
}

static const struct unit_case cases[] = {
	{ "hist.bins_tile_the_range", bins_tile_the_range },
	{ "hist.width_is_within_the_bound", width_is_within_the_bound },
	{ "hist.huge_values_share_the_last_bin", huge_values_share_the_last_bin },
	{ "hist.empty_says_zero", empty_says_zero },
	{ "hist.percentiles_match_the_samples", percentiles_match_the_samples },
	{ "hist.merge_is_adding_all", merge_is_adding_all },
};

int main(void)
{
	return unit_main(cases, UNIT_COUNT(cases));
}
