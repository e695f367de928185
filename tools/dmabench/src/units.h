/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_UNITS_H
#define DMABENCH_UNITS_H

#include "defs.h"

/** UNITS_LEN - room for any text of these functions */
#define UNITS_LEN	32

/* Each writes into @text of UNITS_LEN bytes and returns it. */

/** units_size - bytes in powers of 1024, exact where a unit divides them: "4 KiB", "1500 B" */
const char *units_size(char *text, __u64 bytes);

/** units_count - a number in powers of 1000, three digits, then @unit: "123 k", "1.50 GB/s" */
const char *units_count(char *text, __u64 value, const char *unit);

/** units_ns - a time, three digits: "850 ns", "12.3 us" */
const char *units_ns(char *text, __u64 ns);

#endif
