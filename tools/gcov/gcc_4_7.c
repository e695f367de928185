// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own file.
 */
#include "../../../kernel/gcov/gcc_4_7.c"
