// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel's own file, for kernels that do not have it built in.
 */
#include "../virt-dma.c"
