/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - a mover that takes longer than it must
 */
#ifndef _DMASIM_SLOW_H
#define _DMASIM_SLOW_H

#include <linux/jump_label.h>
#include <linux/ktime.h>
#include <linux/types.h>

struct dmasim;
struct dmasim_chan;

/**
 * struct dmasim_slow - what a slower mover keeps of a channel
 * @owed:	ns that are yet to be wasted; negative: so many too much were
 * @busy_ns:	what moving has taken
 * @wasted_ns:	what was added to it
 *
 * The runner's own; the counters are read by anybody.
 */
struct dmasim_slow {
	s64 owed;
	u64 busy_ns;
	u64 wasted_ns;
};

DECLARE_STATIC_KEY_FALSE(dmasim_slow_key);

/* Before something is moved: its begin in ns, 0: no device is slowed down. */
static __always_inline u64 dmasim_slow_begin(void)
{
	return static_branch_unlikely(&dmasim_slow_key) ? ktime_get_ns() : 0;
}

void dmasim_slow_waste(struct dmasim_chan *c, u64 begin);

/* After it was moved, before anybody can know. */
static __always_inline void dmasim_slow_end(struct dmasim_chan *c, u64 begin)
{
	if (static_branch_unlikely(&dmasim_slow_key) && begin)
		dmasim_slow_waste(c, begin);
}

void dmasim_slow_init(struct dmasim *sim);
void dmasim_slow_exit(struct dmasim *sim);

#endif /* _DMASIM_SLOW_H */
