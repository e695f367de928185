/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_COMPAT_LINUX_HRTIMER_H
#define _DMABENCH_COMPAT_LINUX_HRTIMER_H

#include_next <linux/hrtimer.h>

#if !defined(COMPAT_HAVE_HRTIMER_SETUP) && !defined(COMPAT_PROBE)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock_id, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock_id, mode);
	timer->function = function;
}
#endif

#endif
