// SPDX-License-Identifier: GPL-2.0-only
/*
 * A3.12, A3.13: cyclic transfers at full speed, whatever the peripheral is.
 */
#include <linux/kernel.h>

#include "../suite.h"
#include "slave-kit.h"

/* Cyclic transfers that nobody holds up: both ends of a loopback, else one. */
struct spin {
	struct case_trial *t;
	unsigned int nr;
	size_t len;
	struct case_tx *tx[2];
	struct case_buf *buf[2];
	unsigned int ends;
};

static bool spin_begin(struct spin *s, struct case_trial *t, unsigned int nr)
{
	static const enum dma_transfer_direction dirs[] = { DMA_DEV_TO_MEM, DMA_MEM_TO_DEV };
	size_t period = roundup(case_period(t), 4 * case_unit(t));
	bool loop = case_can(t, CASE_NEED_LOOPBACK);
	unsigned int i;

	*s = (struct spin) { .t = t, .nr = nr, .len = nr * period };
	if (loop && !case_loop_ready(t))
		return false;
	for (i = 0; i < ARRAY_SIZE(dirs); i++) {
		unsigned int n = s->ends;

		if (!case_dir(t, dirs[i]) || (n && !loop))
			continue;
		if (!loop && !case_configure(t, dirs[i]))
			return false;
		s->buf[n] = case_buf_new(t, s->len);
		if (!s->buf[n])
			return false;
		case_buf_fill(s->buf[n], DMABENCH_PATTERN_SOURCE);
		s->tx[n] = case_cyclic(t, s->buf[n], s->len, period, dirs[i], CASE_FLAGS);
		if (!s->tx[n] || !case_start(s->tx[n]))
			return false;
		s->ends++;
	}
	return true;
}

/* Waits until each end has called back @more times more. */
static bool spin_on(struct spin *s, int more)
{
	int from[2];
	unsigned int i;

	for (i = 0; i < s->ends; i++)
		from[i] = atomic_read(&s->tx[i]->calls);
	for (i = 0; i < s->ends; i++) {
		enum dma_status status;

		if (!case_until(s->t, atomic_read(&s->tx[i]->calls) - from[i] >= more) &&
		    !case_expect_tx(s->tx[i], false,
				    "expected a cyclic transfer of %u periods to call back %d times more, seen %d",
				    s->nr, more, atomic_read(&s->tx[i]->calls) - from[i]))
			return false;
		status = case_status(s->tx[i], NULL);
		if (!case_expect_tx(s->tx[i], status == DMA_IN_PROGRESS,
				    "expected status in progress of a cyclic transfer, seen %s",
				    case_status_name(status)))
			return false;
	}
	return true;
}

static bool spin_end(struct spin *s)
{
	unsigned int i;

	for (i = 0; i < s->ends; i++)
		if (case_terminate(s->t, s->tx[i]->chan))
			return false;
	for (i = 0; i < s->ends; i++)
		if (!case_guards_intact(s->t, s->buf[i], "ring"))
			return false;
	return true;
}

static u32 word_at(const struct case_buf *buf, size_t i)
{
	const u8 *p = buf->data + 4 * i;

	return p[0] | p[1] << 8 | p[2] << 16 | (u32)p[3] << 24;
}

/* Words that count up: one lap, and what is left of the one before. */
static void spin_counted(struct spin *s)
{
	size_t words = s->len / 4, i, breaks = 0;

	if (s->t->suite->port->endpoint != DMABENCH_ENDPOINT_COUNTER || !s->tx[0]->dst ||
	    case_width(s->t) != 4)
		return;
	dma_rmb();
	for (i = 0; i < words; i++) {
		u32 step = word_at(s->buf[0], (i + 1) % words) - word_at(s->buf[0], i);

		if (step == 1)
			continue;
		breaks++;
		if (!case_expect_tx(s->tx[0], step == 1 - (u32)words && breaks == 1,
				    "expected the words counted up around a ring of %zu with one break, seen a step of %d behind word %zu, break %zu",
				    words, (int)step, i, breaks))
			return;
	}
}

void case_cyclic_goes_on(struct case_trial *t)
{
	static const unsigned int counts[] = { 1, 2, 5 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(counts) && !case_over(t); i++) {
		struct spin s;

		if (!spin_begin(&s, t, counts[i]) || !spin_on(&s, 4 * counts[i]) ||
		    !spin_on(&s, 2) || !spin_end(&s))
			return;
		spin_counted(&s);
	}
}

void case_cyclic_not_replaced(struct case_trial *t)
{
	enum dma_transfer_direction dir;
	enum dma_status status;
	struct case_buf *buf;
	struct case_tx *behind;
	struct spin s;

	if (!spin_begin(&s, t, 2) || !spin_on(&s, 3))
		return;
	dir = s.tx[0]->dst ? DMA_DEV_TO_MEM : DMA_MEM_TO_DEV;
	buf = case_buf_new(t, s.len);
	if (!buf)
		return;
	case_buf_fill(buf, DMABENCH_PATTERN_OLD);
	behind = case_slave_at(t, buf, 0, s.len, dir);
	if (!behind || !case_start(behind))
		return;
	case_sleep(t, 40);
	status = case_status(behind, NULL);
	if (!case_expect_tx(behind, !atomic_read(&behind->calls) && status == DMA_IN_PROGRESS,
			    "expected a transfer behind a cyclic one to wait, seen %d callbacks, status %s",
			    atomic_read(&behind->calls), case_status_name(status)) ||
	    !case_held(behind, buf, DMABENCH_PATTERN_OLD, s.len, "buffer of what waits"))
		return;
	if (spin_on(&s, 4))
		spin_end(&s);
}
