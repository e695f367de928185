// SPDX-License-Identifier: GPL-2.0-only
/*
 * CPU time: of the machine as a whole, by what it was spent on, and of a thread.
 */
#include <linux/cpumask.h>
#include <linux/kernel_stat.h>
#include <linux/sched.h>
#include <linux/tick.h>

#include "cpu.h"

static u64 cpu_idle(unsigned int cpu)
{
	u64 us = get_cpu_idle_time_us(cpu, NULL);

	/* Without NO_HZ there is what the ticks have met. */
	if (us == (u64)-1)
		return kcpustat_cpu(cpu).cpustat[CPUTIME_IDLE] +
		       kcpustat_cpu(cpu).cpustat[CPUTIME_IOWAIT];
	return us * NSEC_PER_USEC;
}

/**
 * dmabench_cpu_read - read the CPU times of the machine
 * @times: receives them
 * @now: the time, ns
 *
 * Context: any.
 */
void dmabench_cpu_read(struct dmabench_cpu_times *times, u64 now)
{
	unsigned int cpu;

	*times = (struct dmabench_cpu_times){ .at = now };
	for_each_online_cpu(cpu) {
		const u64 *stat = kcpustat_cpu(cpu).cpustat;

		times->cpus++;
		times->idle += cpu_idle(cpu);
		times->softirq += stat[CPUTIME_SOFTIRQ];
		times->irq += stat[CPUTIME_IRQ];
	}
}

/**
 * dmabench_cpu_own - CPU time of the calling thread
 *
 * As of the last tick or switch: only what is long can be measured by it.
 *
 * Return: ns.
 */
u64 dmabench_cpu_own(void)
{
	return current->se.sum_exec_runtime;
}
