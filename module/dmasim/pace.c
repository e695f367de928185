// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the timing model
 *
 * A descriptor takes latency_ns and a random part of jitter_ns before its first
 * byte, then its bytes come at `bandwidth`, some 200 us worth of them at a time,
 * each portion at the end of the time that it takes.
 *
 * The model has a clock of its own, pace_due. It advances by computed times
 * only, so a host that wakes up late catches up and the rate does not drift. It
 * restarts from now when the channel was idle, paused, or held up by a
 * peripheral.
 */
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/processor.h>
#include <linux/random.h>

#include "dmasim.h"

#define DMASIM_PORTIONS_PER_SEC	5000

/**
 * dmasim_pace_init() - set up a channel's timing model
 * @c:		channel
 * @seed:	of its jitter
 */
void dmasim_pace_init(struct dmasim_chan *c, u64 seed)
{
	const struct dmasim_config *cfg = &c->sim->cfg;

	c->paced = cfg->latency_ns || cfg->jitter_ns || cfg->bandwidth;
	c->at_once = c->paced ? 0 : min_t(u64, cfg->max_segment, DMASIM_CHUNK);
	prandom_seed_state(&c->rnd, seed);
	/* The first descriptor starts the model's clock. */
	c->idle = true;
}

/**
 * dmasim_pace_quantum() - how many bytes to move at a time
 * @c:		channel
 * @d:		its active descriptor
 *
 * Return: bytes, whole bursts, at least one
 */
size_t dmasim_pace_quantum(struct dmasim_chan *c, struct dmasim_desc *d)
{
	u64 bandwidth = c->sim->cfg.bandwidth;
	size_t n;

	if (!bandwidth)
		return DMASIM_CHUNK;

	n = min_t(u64, div_u64(bandwidth, DMASIM_PORTIONS_PER_SEC), DMASIM_CHUNK);
	return max_t(size_t, n - n % d->burst, d->burst);
}

static void dmasim_pace_start(struct dmasim_chan *c, struct dmasim_desc *d, u64 now)
{
	const struct dmasim_config *cfg = &c->sim->cfg;

	d->started = true;
	if (c->idle)
		c->pace_due = now;
	c->idle = false;
	c->pace_step = 0;
	c->pace_due += cfg->latency_ns;
	if (cfg->jitter_ns)
		c->pace_due += mul_u64_u32_shr(cfg->jitter_ns + 1, prandom_u32_state(&c->rnd), 32);
}

/**
 * dmasim_pace_ready() - may the next bytes of a descriptor be moved?
 * @c:		channel
 * @d:		its active descriptor
 * @len:	how many bytes, the same until they are moved; 0: it has none
 *
 * Spins if the time is so near that the channel's context allows it.
 *
 * Context: the runner
 * Return: true, or false with c->wake_at set to when they may
 */
bool dmasim_pace_ready(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	u64 bandwidth = c->sim->cfg.bandwidth;
	u64 now = ktime_get_ns();

	if (!d->started)
		dmasim_pace_start(c, d, now);

	if (test_bit(DMASIM_RESYNC, &c->flags)) {
		clear_bit(DMASIM_RESYNC, &c->flags);
		c->pace_due = max(c->pace_due, now);
	}

	if (len && !c->pace_step) {
		c->pace_step = len;
		if (bandwidth)
			c->pace_due += div64_u64((u64)len * NSEC_PER_SEC, bandwidth);
	}

	if (now >= c->pace_due)
		return true;

	if (c->pace_due - now > c->context->spin_ns) {
		c->wake_at = c->pace_due;
		return false;
	}

	while (ktime_get_ns() < c->pace_due)
		cpu_relax();
	return true;
}

/**
 * dmasim_pace_stalled() - the peripheral was not ready
 * @c:		channel
 *
 * The time that it takes is not to be made up for.
 */
void dmasim_pace_stalled(struct dmasim_chan *c)
{
	set_bit(DMASIM_RESYNC, &c->flags);
}
