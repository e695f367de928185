/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_DEFS_H
#define DMABENCH_DEFS_H

/* What the kernel's headers have and the C library's have not. */

#include <linux/types.h>
#include <stdnoreturn.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define __printf(text, first)	__attribute((__format__(__printf__, text, first)))

#endif
