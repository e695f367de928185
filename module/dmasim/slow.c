// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - a mover that takes longer than it must
 *
 * What a step of the runner has taken is measured, and a share of it is spun away
 * before the transfer can be seen to be complete. So a transfer pays for its own
 * work, not only for its bytes. Readings of the clock are part of what is spun
 * away; they alone make a very short step slower than asked for.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/processor.h>
#include <linux/time64.h>

#include "dmasim.h"

/* A step that took longer was interrupted, by whatever ran on the CPU instead. */
#define DMASIM_SLOW_MOST_NS	NSEC_PER_MSEC

/* What was spun too much is made up for, unless it was not the clock's step. */
#define DMASIM_SLOW_CREDIT_NS	NSEC_PER_USEC

#define DMASIM_SLOW_READINGS	64

DEFINE_STATIC_KEY_FALSE(dmasim_slow_key);

/* ns that one reading of the clock takes. */
static u32 dmasim_slow_clock_ns;

/**
 * dmasim_slow_init() - let a device be as slow as its configuration says
 * @sim:	new device
 *
 * Context: may sleep
 */
void dmasim_slow_init(struct dmasim *sim)
{
	u64 begin = ktime_get_ns();
	unsigned int i;

	if (!sim->cfg.slowdown)
		return;
	for (i = 1; i < DMASIM_SLOW_READINGS; i++)
		ktime_get_ns();
	WRITE_ONCE(dmasim_slow_clock_ns,
		   div_u64(ktime_get_ns() - begin, DMASIM_SLOW_READINGS));
	static_branch_inc(&dmasim_slow_key);
}

/**
 * dmasim_slow_exit() - undo dmasim_slow_init()
 * @sim:	device
 *
 * Context: may sleep
 */
void dmasim_slow_exit(struct dmasim *sim)
{
	if (sim->cfg.slowdown)
		static_branch_dec(&dmasim_slow_key);
}

/**
 * dmasim_slow_waste() - take longer
 * @c:		channel
 * @begin:	ns: when the step began
 *
 * Context: the runner
 */
void dmasim_slow_waste(struct dmasim_chan *c, u64 begin)
{
	struct dmasim_slow *slow = &c->slow;
	u32 percent = c->sim->cfg.slowdown;
	u64 end, now, took;

	if (!percent)
		return;

	end = ktime_get_ns();
	took = min_t(u64, end - begin, DMASIM_SLOW_MOST_NS);
	slow->owed += div_u64(took * percent, 100);
	/* The reading before the step, and the one above. */
	slow->owed -= 2 * READ_ONCE(dmasim_slow_clock_ns);

	for (now = end; (s64)(now - end) < slow->owed; now = ktime_get_ns())
		cpu_relax();

	slow->owed = max_t(s64, slow->owed - (now - end), -(s64)DMASIM_SLOW_CREDIT_NS);
	WRITE_ONCE(slow->busy_ns, slow->busy_ns + took);
	WRITE_ONCE(slow->wasted_ns, slow->wasted_ns + now - end);
}
