/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_CLOCK_H
#define _DMABENCH_CLOCK_H

#include <linux/types.h>

void dmabench_clock_measure(u64 *cost, u64 *step);

#endif
