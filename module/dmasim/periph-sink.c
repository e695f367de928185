// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - consumes bytes at a steady rate, as a codec does
 *
 * In front of the consumer is a FIFO that holds about a millisecond's worth.
 * Only its level is modelled. Bytes are counted and summed up as they enter it.
 *
 * A host whose timers are coarse wakes the engine when the FIFO has long been
 * empty. The engine was ready, so this is no underrun: the level goes below
 * zero, and what is missing is made up for, which keeps the rate right.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "dmasim.h"

#define DMASIM_SINK_FIFO_MIN	64
#define DMASIM_SINK_FIFO_MAX	4096

/* The most that is made up for, and the longest pause while that goes on. */
#define DMASIM_SINK_LATE_NS	(100 * NSEC_PER_MSEC)
#define DMASIM_SINK_PAUSE_NS	NSEC_PER_MSEC

#define FNV1A_64_INIT	0xcbf29ce484222325ULL
#define FNV1A_64_PRIME	0x100000001b3ULL

/**
 * struct dmasim_sink - a register that takes bytes at a rate
 * @tx:		the register
 * @rate:	bytes per second
 * @size:	bytes that the FIFO holds
 * @lock:	protects what follows; BH disabled
 * @level:	bytes in the FIFO at @stamp; below 0: that should have come
 * @stamp:	ns: up to when consumption has been accounted for
 * @waited:	a channel was ready, and is to be woken up
 * @bytes:	that have entered
 * @sum:	64-bit FNV-1a hash of all of them, in order
 */
struct dmasim_sink {
	struct dmasim_port tx;
	u32 rate;
	u32 size;
	spinlock_t lock;	/* of the FIFO */
	s32 level;
	bool waited;
	u64 stamp;
	u64 bytes;
	u64 sum;
};

/* Time that n bytes take, rounded up; none or less take none. */
static u64 dmasim_sink_time(const struct dmasim_sink *k, s32 n)
{
	if (n <= 0)
		return 0;
	return div_u64((u64)n * NSEC_PER_SEC + k->rate - 1, k->rate);
}

/* Lets the consumer catch up with the clock. */
static void dmasim_sink_consume(struct dmasim_sink *k, u64 now)
{
	u64 empty = k->stamp + dmasim_sink_time(k, k->level);
	u32 n;

	lockdep_assert_held(&k->lock);

	if (now > empty + (k->waited ? DMASIM_SINK_LATE_NS : DMASIM_SINK_PAUSE_NS)) {
		k->level = 0;
		k->stamp = now;
		return;
	}
	n = div_u64((now - k->stamp) * k->rate, NSEC_PER_SEC);
	k->level -= n;
	/* Rounded down: what is not a whole byte yet stays on the clock. */
	k->stamp += div_u64((u64)n * NSEC_PER_SEC, k->rate);
}

static ssize_t dmasim_sink_push(struct dmasim_port *port, struct dmasim_chan *c,
				const u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_sink *k = container_of(port, struct dmasim_sink, tx);
	u64 sum;
	size_t i, n;

	spin_lock(&k->lock);

	dmasim_sink_consume(k, ktime_get_ns());
	n = dmasim_beats(len, k->size - k->level, width);
	if (!n) {
		/* As an interrupt at half full would have it. */
		c->wake_at = k->stamp + dmasim_sink_time(k, k->size / 2);
		k->waited = true;
		goto out;
	}

	sum = k->sum;
	for (i = 0; i < n; i++)
		sum = (sum ^ buf[i]) * FNV1A_64_PRIME;
	k->sum = sum;
	k->level += n;
	k->waited = false;
	k->bytes += n;
out:
	spin_unlock(&k->lock);
	return n;
}

static void dmasim_sink_forget(struct dmasim_port *port, struct dmasim_chan *c)
{
	WRITE_ONCE(container_of(port, struct dmasim_sink, tx)->waited, false);
}

static const struct dmasim_port_ops dmasim_sink_ops = {
	.push = dmasim_sink_push,
	.forget = dmasim_sink_forget,
};

static void *dmasim_sink_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	struct dmasim_sink *k = kzalloc_obj(*k);

	if (!k)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&k->lock);
	k->tx.ops = &dmasim_sink_ops;
	k->tx.addr = base;
	k->rate = cfg->sink_rate;
	k->size = clamp_t(u32, k->rate / MSEC_PER_SEC, DMASIM_SINK_FIFO_MIN, DMASIM_SINK_FIFO_MAX);
	k->sum = FNV1A_64_INIT;
	return k;
}

static void dmasim_sink_destroy(void *periph)
{
	kfree(periph);
}

static struct dmasim_port *dmasim_sink_port(void *periph, phys_addr_t addr)
{
	struct dmasim_sink *k = periph;

	return addr == k->tx.addr ? &k->tx : NULL;
}

static void dmasim_sink_show(struct seq_file *s, void *periph)
{
	struct dmasim_sink *k = periph;
	u64 bytes, sum;

	spin_lock_bh(&k->lock);
	bytes = k->bytes;
	sum = k->sum;
	spin_unlock_bh(&k->lock);

	seq_printf(s, " tx=%pa rate=%u fifo_bytes=%u bytes_in=%llu fnv1a=0x%016llx",
		   &k->tx.addr, k->rate, k->size, bytes, sum);
}

const struct dmasim_periph_kind dmasim_sink = {
	.name = "sink",
	.create = dmasim_sink_create,
	.destroy = dmasim_sink_destroy,
	.port = dmasim_sink_port,
	.show = dmasim_sink_show,
};
