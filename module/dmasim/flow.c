// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - FIFOs of peripherals that have a rate of their own, as a codec has
 *
 * A FIFO holds about a millisecond's worth. Only its level is modelled.
 *
 * A host whose timers are coarse wakes the engine when a FIFO has long been
 * empty, or full. The engine was ready, so this is no underrun and no overrun:
 * what is missing is made up for, which keeps the rate right.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#include "dmasim.h"

#define DMASIM_FIFO_MIN	64
#define DMASIM_FIFO_MAX	4096

/* The most that is made up for, and the longest pause while that goes on. */
#define DMASIM_LATE_NS	(100 * NSEC_PER_MSEC)
#define DMASIM_PAUSE_NS	NSEC_PER_MSEC

static u32 dmasim_fifo_size(u32 rate)
{
	return clamp_t(u32, rate / MSEC_PER_SEC, DMASIM_FIFO_MIN, DMASIM_FIFO_MAX);
}

/**
 * dmasim_drain_init() - set up a FIFO that is emptied at a rate
 * @k:		FIFO
 * @rate:	bytes per second, 0: as fast as they come
 */
void dmasim_drain_init(struct dmasim_drain *k, u32 rate)
{
	k->rate = rate;
	k->size = dmasim_fifo_size(rate);
}

/* Time that n bytes take, rounded up; none or less take none. */
static u64 dmasim_drain_time(const struct dmasim_drain *k, s32 n)
{
	if (n <= 0)
		return 0;
	return div_u64((u64)n * NSEC_PER_SEC + k->rate - 1, k->rate);
}

/* Lets the consumer catch up with the clock. */
static void dmasim_drain_advance(struct dmasim_drain *k, u64 now)
{
	u64 empty = k->stamp + dmasim_drain_time(k, k->level);
	u32 n;

	if (now > empty + (READ_ONCE(k->waited) ? DMASIM_LATE_NS : DMASIM_PAUSE_NS)) {
		k->level = 0;
		k->stamp = now;
		return;
	}
	n = div_u64((now - k->stamp) * k->rate, NSEC_PER_SEC);
	k->level -= n;
	/* Rounded down: what is not a whole byte yet stays on the clock. */
	k->stamp += div_u64((u64)n * NSEC_PER_SEC, k->rate);
}

/**
 * dmasim_drain_put() - how many bytes enter a FIFO now
 * @k:		FIFO, under the lock of its peripheral
 * @c:		channel that has them
 * @len:	how many it has
 * @width:	bytes of a beat
 *
 * Context: the runner of @c
 * Return: how many have entered; 0: the channel is woken up when it is time
 */
size_t dmasim_drain_put(struct dmasim_drain *k, struct dmasim_chan *c, size_t len,
			unsigned int width)
{
	size_t n;

	if (!k->rate)
		return dmasim_beats(len, len, width);

	dmasim_drain_advance(k, ktime_get_ns());
	n = dmasim_beats(len, k->size - k->level, width);
	k->level += n;
	WRITE_ONCE(k->waited, !n);
	if (!n)
		/* As an interrupt at half full would have it. */
		c->wake_at = k->stamp + dmasim_drain_time(k, k->size / 2);
	return n;
}

/**
 * dmasim_drain_forget() - no channel is to be woken up any more
 * @k:		FIFO
 *
 * Context: any
 */
void dmasim_drain_forget(struct dmasim_drain *k)
{
	WRITE_ONCE(k->waited, false);
}

/**
 * dmasim_fill_init() - set up a FIFO that is filled at a rate
 * @f:		FIFO
 * @rate:	bytes per second, 0: as fast as they are taken
 */
void dmasim_fill_init(struct dmasim_fill *f, u32 rate)
{
	f->rate = rate;
	f->size = dmasim_fifo_size(rate);
}

/*
 * Lets the producer catch up with the clock; returns how many bytes found no
 * room, whole words.
 *
 * More than the FIFO holds may come between two looks at it. Within a transfer
 * the engine is ready all the time, and the host was late. Otherwise nobody was
 * there to take it.
 */
static u64 dmasim_fill_advance(struct dmasim_fill *f, const struct dmasim_chan *c, u64 now)
{
	unsigned int pos = c->tail + 1;
	u64 came, room, lost = 0;

	if (!READ_ONCE(f->running)) {
		WRITE_ONCE(f->running, true);
		f->start = now;
		f->came = 0;
		f->gone = 0;
	}
	came = mul_u64_u32_div(now - f->start, f->rate, NSEC_PER_SEC);
	room = f->size;
	if (f->owner == c && f->pos == pos)
		room += div_u64((u64)f->rate * DMASIM_LATE_NS, NSEC_PER_SEC);
	if (came - f->came > room)
		lost = round_up(came - f->gone - f->size, DMASIM_WORD);

	f->came = came;
	f->gone += lost;
	f->owner = c;
	f->pos = pos;
	return lost;
}

/**
 * dmasim_fill_get() - how many bytes leave a FIFO now
 * @f:		FIFO, under the lock of its peripheral
 * @c:		channel that wants them
 * @len:	how many it wants
 * @width:	bytes of a beat
 * @lost:	how many, whole words, were lost before them
 *
 * Context: the runner of @c
 * Return: how many have left; 0: the channel is woken up when it is time
 */
size_t dmasim_fill_get(struct dmasim_fill *f, struct dmasim_chan *c, size_t len,
		       unsigned int width, u64 *lost)
{
	size_t n;
	u64 due;

	*lost = 0;
	if (!f->rate)
		return dmasim_beats(len, len, width);

	*lost = dmasim_fill_advance(f, c, ktime_get_ns());
	n = dmasim_beats(len, f->came - f->gone, width);
	f->gone += n;
	if (!n) {
		/* As an interrupt at half full would have it. */
		due = f->gone + max_t(size_t, min_t(size_t, len, f->size / 2), width);
		c->wake_at = f->start + mul_u64_u32_div(due, NSEC_PER_SEC, f->rate) + 1;
	}
	return n;
}

/**
 * dmasim_fill_stop() - stop filling a FIFO, and empty it
 * @f:		FIFO
 *
 * Context: any
 */
void dmasim_fill_stop(struct dmasim_fill *f)
{
	WRITE_ONCE(f->running, false);
}
