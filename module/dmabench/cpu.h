/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_CPU_H
#define _DMABENCH_CPU_H

#include <linux/types.h>

/**
 * struct dmabench_cpu_times - what all CPUs together have done until a moment
 * @at: the moment, ns of the monotonic clock; 0: not taken
 * @cpus: how many were online
 * @idle: time without anything to do, ns, summed over the CPUs
 * @softirq: time in softirqs, ns
 * @irq: time in interrupts, ns
 *
 * Where the kernel counts in ticks, so do these.
 */
struct dmabench_cpu_times {
	u64 at;
	unsigned int cpus;
	u64 idle;
	u64 softirq;
	u64 irq;
};

void dmabench_cpu_read(struct dmabench_cpu_times *times, u64 now);
u64 dmabench_cpu_own(void);

#endif
