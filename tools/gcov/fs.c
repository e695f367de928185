// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own file.
 */
#include "parts.h"
#define device_initcall(fn)	const initcall_t gcov_fs_start __initconst = fn;
#include "../../../kernel/gcov/fs.c"
