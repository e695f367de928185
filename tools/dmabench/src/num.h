/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_NUM_H
#define DMABENCH_NUM_H

#include <stdbool.h>

#include "defs.h"

/*
 * Readers of whole texts: no blanks, no sign where none fits, nothing left
 * over, no overflow. On false the result is untouched.
 */

/** num_u64 - decimal digits */
bool num_u64(const char *text, __u64 *number);

/** num_s64 - decimal digits, perhaps behind a '-' */
bool num_s64(const char *text, __s64 *number);

/**
 * num_human - a number as people may write it to a knob
 * @text: decimal or 0x hexadecimal, perhaps behind a '-', perhaps with K, M or G (powers of 1024)
 * @number: the result
 */
bool num_human(const char *text, __s64 *number);

#endif
