/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_COMPAT_LINUX_DMAENGINE_H
#define _DMABENCH_COMPAT_LINUX_DMAENGINE_H

#include_next <linux/dmaengine.h>

/* Before the operation existed it can be neither offered nor called. */
#if !defined(COMPAT_HAVE_PERIPHERAL_DMA_VEC) && !defined(COMPAT_PROBE)
#define COMPAT_NO_DMA_VEC
#endif

#endif
