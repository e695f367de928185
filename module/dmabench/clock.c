// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the clock itself adds to what it measures.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/sort.h>

#include "clock.h"
#include "xfer.h"

#define CLOCK_SAMPLES	32
#define CLOCK_READS	32

static int clock_compare(const void *a, const void *b)
{
	u64 x = *(const u64 *)a, y = *(const u64 *)b;

	return x < y ? -1 : x > y;
}

/**
 * dmabench_clock_measure - measure the clock that stamps are taken with
 * @cost: median cost of a reading, ns
 * @step: smallest difference seen between two readings that differ, ns
 *
 * Context: may sleep; takes some 100 us.
 */
void dmabench_clock_measure(u64 *cost, u64 *step)
{
	u64 sample[CLOCK_SAMPLES];
	unsigned int i, j;

	*step = U64_MAX;
	for (i = 0; i < CLOCK_SAMPLES; i++) {
		u64 first = dmabench_clock();
		u64 last = first;

		for (j = 0; j < CLOCK_READS; j++) {
			u64 now = dmabench_clock();

			if (now != last)
				*step = min(*step, now - last);
			last = now;
		}
		sample[i] = (last - first) / CLOCK_READS;
	}
	sort(sample, CLOCK_SAMPLES, sizeof(*sample), clock_compare, NULL);
	*cost = sample[CLOCK_SAMPLES / 2];
	if (*step == U64_MAX)
		*step = 0;
}
