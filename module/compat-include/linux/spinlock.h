/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_COMPAT_LINUX_SPINLOCK_H
#define _DMABENCH_COMPAT_LINUX_SPINLOCK_H

#include_next <linux/spinlock.h>

#if !defined(COMPAT_HAVE_GUARD_SPINLOCK_BH) && !defined(COMPAT_PROBE)
DEFINE_LOCK_GUARD_1(spinlock_bh, spinlock_t,
		    spin_lock_bh(_T->lock), spin_unlock_bh(_T->lock))
#endif

#endif
