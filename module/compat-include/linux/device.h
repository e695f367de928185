/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_COMPAT_LINUX_DEVICE_H
#define _DMABENCH_COMPAT_LINUX_DEVICE_H

#include_next <linux/device.h>

#if !defined(COMPAT_HAVE_DEV_SET_DMA_COHERENT) && !defined(COMPAT_PROBE)
static inline void dev_set_dma_coherent(struct device *dev)
{
#if defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_DEVICE) || \
	defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU) || \
	defined(CONFIG_ARCH_HAS_SYNC_DMA_FOR_CPU_ALL)
	dev->dma_coherent = true;
#endif
}
#endif

#endif
