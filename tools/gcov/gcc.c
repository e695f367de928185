// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own file.
 */
#include "../../../kernel/gcov/gcc_base.c"
