// SPDX-License-Identifier: GPL-2.0-only
/*
 * A3.12, A3.13: cyclic transfers. Where there is a loopback, the other end moves one
 * period at a time, so that what must have moved is known at every step.
 */
#include <linux/kernel.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../suite.h"
#include "slave-kit.h"

#define MOST_PERIODS	16

/**
 * struct wheel - a cyclic transfer that receives, and what is sent to it
 * @t: the trial
 * @nr: periods of a lap
 * @period: bytes of one
 * @steps: periods that are sent in all
 * @ring: what the cyclic transfer writes
 * @stream: what is sent
 * @image: what @ring must hold
 * @rx: the cyclic transfer
 */
struct wheel {
	struct case_trial *t;
	unsigned int nr;
	size_t period;
	unsigned int steps;
	struct case_buf *ring;
	struct case_buf *stream;
	u8 *image;
	struct case_tx *rx;
};

static bool wheel_buffers(struct wheel *w, size_t len)
{
	struct case_trial *t = w->t;

	w->ring = case_buf_new(t, len);
	w->stream = w->ring ? case_buf_new(t, w->steps * w->period) : NULL;
	w->image = w->stream ? case_image(t, len) : NULL;
	if (!w->image)
		return false;
	case_buf_fill(w->ring, DMABENCH_PATTERN_OLD);
	case_buf_fill(w->stream, DMABENCH_PATTERN_SOURCE);
	memcpy(w->image, w->ring->data, len);
	return true;
}

/* The buffers, and the transfer, not submitted. */
static bool wheel_begin(struct wheel *w, struct case_trial *t, unsigned int nr)
{
	*w = (struct wheel) {
		.t = t,
		.nr = nr,
		.period = case_period(t),
		.steps = 3 * nr + 2,
	};
	if (!wheel_buffers(w, nr * w->period))
		return false;
	w->rx = case_cyclic(t, w->ring, nr * w->period, w->period, DMA_DEV_TO_MEM, CASE_FLAGS);
	return w->rx;
}

static bool wheel_arrived(const struct wheel *w, size_t at)
{
	dma_rmb();
	return !memcmp(w->ring->data + at, w->image + at, w->period);
}

/* Sends a period and waits until it has arrived. */
static bool wheel_step(struct wheel *w, unsigned int step)
{
	size_t at = step % w->nr * w->period;
	struct case_trial *t = w->t;
	struct case_tx *tx;
	char what[64];
	bool arrived;

	tx = case_slave_at(t, w->stream, step * w->period, w->period, DMA_MEM_TO_DEV);
	if (!tx || !case_start(tx) || !case_wait(tx))
		return false;
	memcpy(w->image + at, w->stream->data + step * w->period, w->period);
	arrived = case_until(t, wheel_arrived(w, at));
	if (t->verdict != CASE_PASSED)
		return false;
	scnprintf(what, sizeof(what), "ring of %u periods of %zu bytes after %u", w->nr,
		  w->period, step + 1);
	/* What has not arrived is told by the first wrong byte, too. */
	if (!case_image_is(w->rx, w->ring, w->image, w->nr * w->period, what))
		return false;
	return case_expect_tx(w->rx, arrived, "expected period %u, seen nothing of it", step + 1);
}

static bool wheel_runs(struct wheel *w)
{
	enum dma_status status = case_status(w->rx, NULL);

	return case_expect_tx(w->rx, status == DMA_IN_PROGRESS,
			      "expected status in progress of a cyclic transfer, seen %s",
			      case_status_name(status));
}

static bool wheel_end(struct wheel *w)
{
	bool right = w->image && w->t->verdict == CASE_PASSED;

	kvfree(w->image);
	w->image = NULL;
	return right && w->rx && !case_terminate(w->t, w->rx->chan);
}

static const unsigned int period_counts[] = { 1, 2, 3, 8, 5, MOST_PERIODS };

static unsigned int count_of(struct case_trial *t, unsigned int round)
{
	if (round < 2)
		return period_counts[round];
	/* A slow engine turns small wheels. */
	return case_sample(t, 120, CASE_LONGEST_PERIOD) ? period_counts[round] : 0;
}

/* With @strict every period must have called back before the next one is sent. */
static void wheels(struct case_trial *t, bool strict)
{
	unsigned int round, step;

	for (round = 0; round < ARRAY_SIZE(period_counts) && !case_over(t); round++) {
		unsigned int nr = count_of(t, round);
		struct wheel w;
		int calls;

		if (!nr)
			continue;
		if (!case_loop_ready(t))
			return;
		if (!wheel_begin(&w, t, nr) || !case_start(w.rx)) {
			kvfree(w.image);
			return;
		}
		for (step = 0; step < w.steps; step++) {
			if (!wheel_step(&w, step) || !wheel_runs(&w))
				break;
			if (strict && !case_until(t, atomic_read(&w.rx->calls) > step))
				case_expect_tx(w.rx, false,
					       "expected %u callbacks after %u periods of %u, seen %d",
					       step + 1, step + 1, nr,
					       atomic_read(&w.rx->calls));
			calls = atomic_read(&w.rx->calls);
			if (!case_expect_tx(w.rx, calls <= step + 1,
					    "expected at most %u callbacks after %u periods of %u, seen %d",
					    step + 1, step + 1, nr, calls))
				break;
		}
		if (strict && t->verdict == CASE_PASSED) {
			case_sleep(t, 5);
			calls = atomic_read(&w.rx->calls);
			case_expect_tx(w.rx, calls == w.steps,
				       "expected %u callbacks of as many periods, seen %d",
				       w.steps, calls);
		}
		if (!wheel_end(&w))
			return;
	}
}

void case_cyclic_receives(struct case_trial *t)
{
	wheels(t, false);
}

void case_cyclic_calls_back(struct case_trial *t)
{
	wheels(t, true);
}

/* ------------------------------------------------------------------- sending */

/* Reads what comes next and compares it with the laps of what is sent. */
static bool lap_read(struct case_trial *t, struct case_buf *in, const u8 *lap, size_t lap_len,
		     size_t *pos, size_t len)
{
	struct case_tx *rx = case_slave_at(t, in, 0, len, DMA_DEV_TO_MEM);
	struct dmabench_mismatch m = {};
	size_t i;

	if (!rx || !case_start(rx) || !case_wait(rx))
		return false;
	dma_rmb();
	for (i = 0; i < len; i++, ++*pos)
		if (in->data[i] != lap[*pos % lap_len])
			dmabench_mismatch_note(&m, *pos, lap[*pos % lap_len], in->data[i]);
	return case_expect_tx(rx, !m.count,
			      "expected laps of %zu bytes, seen %zu of %zu bytes wrong from byte %zu on, the first %#x instead of %#x",
			      lap_len, m.count, len, m.first, m.found, m.expected) &&
	       case_guards_intact(t, in, "destination");
}

static bool laps(struct case_trial *t, unsigned int nr)
{
	size_t period = case_period(t), len = nr * period, pos = 0, unit = case_unit(t);
	struct case_buf *out = case_buf_new(t, len), *in = out ? case_buf_new(t, len + unit) : NULL;
	enum dma_status status;
	struct case_tx *tx;

	if (!in)
		return false;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	tx = case_cyclic(t, out, len, period, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx || !case_start(tx))
		return false;
	/* More than three laps, and not in steps of periods. */
	while (pos < 4 * len && !case_over(t))
		if (!lap_read(t, in, out->data, len, &pos, unit * (1 + case_below(t, len / unit))))
			return false;
	if (!case_until(t, atomic_read(&tx->calls)))
		case_expect_tx(tx, false, "expected callbacks of %u laps of %u periods, seen none",
			       4, nr);
	status = case_status(tx, NULL);
	if (!case_expect_tx(tx, status == DMA_IN_PROGRESS,
			    "expected status in progress of a cyclic transfer, seen %s",
			    case_status_name(status)))
		return false;
	return !case_terminate(t, tx->chan) &&
	       case_held(tx, out, DMABENCH_PATTERN_SOURCE, len, "source");
}

void case_cyclic_sends(struct case_trial *t)
{
	unsigned int round, nr;

	for (round = 0; round < ARRAY_SIZE(period_counts) && !case_over(t); round++) {
		nr = count_of(t, round);
		if (nr && (!case_loop_ready(t) || !laps(t, nr)))
			return;
	}
}

/* More than anything between memory and the loopback's other end may hold. */
#define MOST_ON_THE_WAY	SZ_64K

void case_cyclic_reads_anew(struct case_trial *t)
{
	u8 *first __free(kvfree) = NULL;
	size_t period, len, pos = 0, read = 0, old, new, i;
	struct case_buf *out, *in;
	struct case_tx *tx, *rx;

	if (!case_loop_ready(t))
		return;
	period = case_period(t);
	len = 4 * period;
	out = case_buf_new(t, len);
	in = out ? case_buf_new(t, len) : NULL;
	first = case_image(t, len);
	if (!in || !first)
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	memcpy(first, out->data, len);
	tx = case_cyclic(t, out, len, period, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx || !case_start(tx) || !lap_read(t, in, first, len, &pos, len))
		return;
	case_buf_refill(t, out, DMABENCH_PATTERN_SOURCE, len);
	for (;;) {
		rx = case_slave_at(t, in, 0, len, DMA_DEV_TO_MEM);
		if (!rx || !case_start(rx) || !case_wait(rx))
			return;
		dma_rmb();
		for (i = 0, old = 0, new = 0; i < len; i++) {
			new += in->data[i] == out->data[i];
			old += in->data[i] != out->data[i] && in->data[i] == first[i];
		}
		if (!case_expect_tx(rx, old + new == len,
				    "expected what the buffer holds or has held, seen %zu bytes of neither",
				    len - old - new))
			return;
		read += len;
		if (new == len)
			break;
		if (!case_expect_tx(rx, read < MOST_ON_THE_WAY + 2 * len,
				    "expected the buffer to be read anew in each lap, seen old data %zu bytes after it was changed",
				    read) || case_over(t))
			return;
	}
	case_terminate(t, tx->chan);
}

/* --------------------------------------------------------------------- issue */

static bool not_yet(struct case_tx *tx)
{
	enum dma_status status = case_status(tx, NULL);

	return case_expect_tx(tx, !atomic_read(&tx->calls),
			      "expected no callback before issue_pending, seen %d",
			      atomic_read(&tx->calls)) &&
	       case_expect_tx(tx, status == DMA_IN_PROGRESS,
			      "expected status in progress before issue_pending, seen %s",
			      case_status_name(status));
}

static bool rx_waits(struct case_trial *t)
{
	struct case_tx *tx;
	struct wheel w;
	bool right = false;

	if (!wheel_begin(&w, t, 2) || !case_submit(w.rx))
		goto out;
	/* It may or may not fit into what lies between. */
	tx = case_slave_at(t, w.stream, 0, w.period, DMA_MEM_TO_DEV);
	if (!tx || !case_start(tx))
		goto out;
	case_sleep(t, 40);
	if (!not_yet(w.rx) ||
	    !case_image_is(w.rx, w.ring, w.image, 2 * w.period, "ring before issue_pending"))
		goto out;
	case_issue(t, w.rx->chan);
	if (!case_wait(tx))
		goto out;
	memcpy(w.image, w.stream->data, w.period);
	case_until(t, wheel_arrived(&w, 0));
	right = case_image_is(w.rx, w.ring, w.image, 2 * w.period, "ring after issue_pending") &&
		wheel_step(&w, 1) && wheel_step(&w, 2);
out:
	return wheel_end(&w) && right;
}

static void tx_waits(struct case_trial *t)
{
	size_t period = case_period(t), len = 2 * period;
	struct case_buf *out = case_buf_new(t, len), *in = out ? case_buf_new(t, len) : NULL;
	struct case_tx *tx, *rx;

	if (!in)
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	tx = case_cyclic(t, out, len, period, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx || !case_submit(tx))
		return;
	rx = case_slave_at(t, in, 0, len, DMA_DEV_TO_MEM);
	if (!rx || !case_start(rx))
		return;
	case_sleep(t, 40);
	if (!not_yet(tx) ||
	    !case_held(tx, in, DMABENCH_PATTERN_OLD, len, "destination before issue_pending"))
		return;
	case_issue(t, tx->chan);
	if (!case_wait(rx) || !case_image_is(rx, in, out->data, len, "first lap"))
		return;
	case_terminate(t, tx->chan);
}

void case_cyclic_waits_for_issue(struct case_trial *t)
{
	if (case_loop_ready(t) && rx_waits(t) && case_loop_ready(t))
		tx_waits(t);
}

/* ------------------------------------------------------ what is no multiple */

/* Two periods and a half: refused, or a ring of that length all the same. */
void case_cyclic_uneven(struct case_trial *t)
{
	struct wheel w = { .t = t, .nr = 5, .steps = 17 };
	struct dma_async_tx_descriptor *desc;
	struct dma_chan *chan;
	unsigned int step;

	if (!case_loop_ready(t))
		return;
	chan = case_chan_of(t, DMA_DEV_TO_MEM);
	/* The wheel turns in half periods. */
	w.period = case_period(t);
	if (!wheel_buffers(&w, w.nr * w.period))
		goto out;
	w.rx = case_tx_new(t, chan);
	if (!w.rx)
		goto out;
	w.rx->len = w.nr * w.period;
	desc = dmaengine_prep_dma_cyclic(chan, w.ring->dma, w.rx->len, 2 * w.period,
					 DMA_DEV_TO_MEM, CASE_FLAGS);
	if (!desc) {
		w.rx = NULL;
		goto out;
	}
	if (!case_tx_made(w.rx, desc) || !case_start(w.rx))
		goto out;
	for (step = 0; step < w.steps; step++)
		if (!wheel_step(&w, step))
			break;
out:
	wheel_end(&w);
}

/* ---------------------------------------------------------- repeated vectors */

#ifndef COMPAT_NO_DMA_VEC

#define VECS		3
#define VEC_ROUNDS	5

static bool wheel_complete(const struct wheel *w)
{
	dma_rmb();
	return !memcmp(w->ring->data, w->image, w->ring->len);
}

static void vec_turn(struct case_trial *t, struct wheel *w, const struct dma_vec *vecs)
{
	unsigned int round, i;
	struct case_tx *tx;
	char what[48];
	size_t from;
	bool arrived;

	for (round = 0; round < VEC_ROUNDS && !case_over(t); round++) {
		from = round * w->period;
		tx = case_slave_at(t, w->stream, from, w->period, DMA_MEM_TO_DEV);
		if (!tx || !case_start(tx) || !case_wait(tx))
			return;
		for (i = 0; i < VECS; i++) {
			memcpy(w->image + (vecs[i].addr - w->ring->dma), w->stream->data + from,
			       vecs[i].len);
			from += vecs[i].len;
		}
		arrived = case_until(t, wheel_complete(w));
		scnprintf(what, sizeof(what), "destination in round %u", round + 1);
		if (t->verdict != CASE_PASSED ||
		    !case_image_is(w->rx, w->ring, w->image, w->ring->len, what) ||
		    !case_expect_tx(w->rx, arrived, "expected round %u, seen nothing of it",
				    round + 1) ||
		    !wheel_runs(w))
			return;
	}
}

void case_vec_repeats(struct case_trial *t)
{
	struct wheel w = { .t = t, .nr = 1, .steps = VEC_ROUNDS };
	size_t unit = case_unit(t), at = roundup(CASE_MARGIN, case_width(t));
	struct dma_async_tx_descriptor *desc;
	struct dma_vec vecs[VECS], lent[VECS];
	struct dma_chan *chan;
	unsigned int i;

	if (!case_loop_ready(t))
		return;
	chan = case_chan_of(t, DMA_DEV_TO_MEM);
	for (i = 0; i < VECS; i++) {
		vecs[i].addr = at;
		vecs[i].len = unit * (1 + case_below(t, 20));
		at += vecs[i].len + unit * (1 + case_below(t, 4));
		w.period += vecs[i].len;
	}
	if (!wheel_buffers(&w, at + CASE_MARGIN))
		goto out;
	for (i = 0; i < VECS; i++) {
		vecs[i].addr += w.ring->dma;
		lent[i] = vecs[i];
	}
	w.rx = case_tx_new(t, chan);
	if (!w.rx)
		goto out;
	w.rx->len = w.period;
	desc = dmaengine_prep_peripheral_dma_vec(chan, lent, VECS, DMA_DEV_TO_MEM,
						 CASE_FLAGS | DMA_PREP_REPEAT);
	memset(lent, 0xff, sizeof(lent));
	barrier_data(lent);
	if (!desc) {
		w.rx = NULL;
		case_skip(t, "the provider does not repeat vectors");
		goto out;
	}
	if (case_tx_made(w.rx, desc) && case_start(w.rx))
		vec_turn(t, &w, vecs);
out:
	wheel_end(&w);
}

#else

void case_vec_repeats(struct case_trial *t)
{
	case_skip(t, "this kernel has no peripheral_dma_vec");
}

#endif
