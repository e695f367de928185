// SPDX-License-Identifier: GPL-2.0-only
/*
 * Log-linear histogram, see hist.h for its shape and its error bound.
 *
 * No kernel object is used here, so that the unit tests can build this file in
 * userspace.
 */
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "hist.h"

/**
 * dmabench_hist_init - empty a histogram
 * @h: the histogram
 */
void dmabench_hist_init(struct dmabench_hist *h)
{
	memset(h, 0, sizeof(*h));
	h->min = U64_MAX;
}

/**
 * dmabench_hist_low - the smallest value of a bin
 * @index: bin, below DMABENCH_HIST_BINS
 *
 * Return: duration in ns.
 */
u64 dmabench_hist_low(unsigned int index)
{
	unsigned int shift;

	if (index < DMABENCH_HIST_SUB)
		return index;
	shift = index / DMABENCH_HIST_SUB - 1;
	return (u64)(index - shift * DMABENCH_HIST_SUB) << shift;
}

/**
 * dmabench_hist_high - the largest value of a bin
 * @index: bin, below DMABENCH_HIST_BINS
 *
 * Return: duration in ns; of the last bin, the last one that is below
 * 2^DMABENCH_HIST_MAX_BITS, although the bin takes what is above, too.
 */
u64 dmabench_hist_high(unsigned int index)
{
	return dmabench_hist_low(index + 1) - 1;
}

/**
 * dmabench_hist_merge - add the samples of one histogram to another
 * @to: receives them
 * @from: stays as it is
 */
void dmabench_hist_merge(struct dmabench_hist *to, const struct dmabench_hist *from)
{
	unsigned int i;

	to->count += from->count;
	to->sum += from->sum;
	to->min = min(to->min, from->min);
	to->max = max(to->max, from->max);
	for (i = 0; i < DMABENCH_HIST_BINS; i++)
		to->bin[i] += from->bin[i];
}

/**
 * dmabench_hist_percentile - the value below which a share of the samples lies
 * @h: the histogram
 * @per_100000: the share, 50000 for the median, 99990 for p99.99
 *
 * The sample of that rank is looked up by its bin and the bin's upper edge is
 * given, so the answer is never too good, and too high by 1/32 at most. It is
 * kept within the true minimum and maximum.
 *
 * Return: duration in ns, 0 without samples.
 */
u64 dmabench_hist_percentile(const struct dmabench_hist *h, unsigned int per_100000)
{
	u64 rank, seen = 0;
	unsigned int i;

	if (!h->count)
		return 0;

	/* The smallest rank that covers the share, counted from 1. */
	rank = div_u64(h->count * per_100000 + 99999, 100000);
	rank = clamp_t(u64, rank, 1, h->count);

	for (i = 0; i < DMABENCH_HIST_BINS; i++) {
		seen += h->bin[i];
		if (seen >= rank)
			return clamp(dmabench_hist_high(i), h->min, h->max);
	}
	return h->max;
}

/**
 * dmabench_hist_mean - arithmetic mean
 * @h: the histogram
 *
 * Return: duration in ns, exact but for the rounding; 0 without samples.
 */
u64 dmabench_hist_mean(const struct dmabench_hist *h)
{
	return h->count ? div64_u64(h->sum, h->count) : 0;
}
