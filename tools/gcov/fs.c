// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own file.
 */
#include "parts.h"
#define device_initcall(fn)	int __init gcov_fs_start(void) { return fn(); }
#include "../../../kernel/gcov/fs.c"
