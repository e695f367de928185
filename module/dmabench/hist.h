/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_HIST_H
#define _DMABENCH_HIST_H

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/types.h>

/*
 * A log-linear histogram. A value v below SUB has a bin of its own. Any other
 * has its highest bit at position m >= SUB_BITS; the SUB_BITS bits below that
 * one choose among SUB bins of width 2^(m - SUB_BITS), so that the range
 * [2^m, 2^(m+1)) is cut into SUB equal parts.
 *
 * The error bound: a bin of that range starts at low >= 2^m and is
 * 2^(m - SUB_BITS) wide, hence width / low <= 2^-SUB_BITS = 1/32. Whatever
 * value of the bin stands for its samples is off by less than 3.2 %, at every
 * magnitude, for one shift and two adds per insert.
 *
 * Values of 2^MAX_BITS ns (73 minutes) and above share the last bin; min, max
 * and sum stay exact.
 */
#define DMABENCH_HIST_SUB_BITS	5
#define DMABENCH_HIST_SUB	BIT(DMABENCH_HIST_SUB_BITS)
#define DMABENCH_HIST_MAX_BITS	42
#define DMABENCH_HIST_BINS	((DMABENCH_HIST_MAX_BITS - DMABENCH_HIST_SUB_BITS + 1) * \
				 DMABENCH_HIST_SUB)

/**
 * struct dmabench_hist - histogram of durations
 * @count: number of samples
 * @sum: sum of all samples, ns
 * @min: smallest sample, ns; U64_MAX while there is none
 * @max: largest sample, ns
 * @bin: samples per bin, see dmabench_hist_low() for their bounds
 *
 * Written by one thread. Readers in other threads see counters that may be a
 * sample apart from each other, never a broken structure.
 */
struct dmabench_hist {
	u64 count;
	u64 sum;
	u64 min;
	u64 max;
	u64 bin[DMABENCH_HIST_BINS];
};

/**
 * dmabench_hist_index - the bin of a value
 * @value: duration in ns
 *
 * Return: index of the bin, below DMABENCH_HIST_BINS.
 */
static inline unsigned int dmabench_hist_index(u64 value)
{
	unsigned int shift;

	if (value < DMABENCH_HIST_SUB)
		return value;
	if (value >> DMABENCH_HIST_MAX_BITS)
		return DMABENCH_HIST_BINS - 1;

	/* The bit above the SUB_BITS that select the bin is always set. */
	shift = fls64(value) - 1 - DMABENCH_HIST_SUB_BITS;
	return shift * DMABENCH_HIST_SUB + (unsigned int)(value >> shift);
}

/**
 * dmabench_hist_add - count a sample
 * @h: the histogram
 * @value: duration in ns
 *
 * Context: any; the caller is the histogram's only writer.
 */
static inline void dmabench_hist_add(struct dmabench_hist *h, u64 value)
{
	h->bin[dmabench_hist_index(value)]++;
	h->count++;
	h->sum += value;
	if (value < h->min)
		h->min = value;
	if (value > h->max)
		h->max = value;
}

void dmabench_hist_init(struct dmabench_hist *h);
void dmabench_hist_merge(struct dmabench_hist *to, const struct dmabench_hist *from);
u64 dmabench_hist_low(unsigned int index);
u64 dmabench_hist_high(unsigned int index);
u64 dmabench_hist_percentile(const struct dmabench_hist *h, unsigned int per_100000);
u64 dmabench_hist_mean(const struct dmabench_hist *h);

#endif
