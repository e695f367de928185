// SPDX-License-Identifier: GPL-2.0-only
/*
 * A8: pause at many points, and no data lost.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include "life-kit.h"
#include "pause.h"

#define NO_LOSS_QUEUE	3U

/* One pause anywhere, of a random length. */
static bool stop_and_go(struct case_trial *t, struct dma_chan *chan)
{
	case_spin(case_random(t) % 150);
	if (!case_pause(t, chan))
		return false;
	if (case_random(t) % 8)
		case_spin(case_random(t) % 100);
	else
		case_sleep(t, 1);
	return case_resume(t, chan);
}

static bool all_called(struct case_tx **txs, unsigned int nr)
{
	while (nr)
		if (!atomic_read(&txs[--nr]->calls))
			return false;
	return true;
}

void case_pause_no_loss(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 10), case_round(t, SZ_256K));
	unsigned int rounds = case_rounds(t, 20, NO_LOSS_QUEUE * len, 300), round, i;
	unsigned long since = jiffies;
	struct case_tx *txs[NO_LOSS_QUEUE];

	for (round = 0; round < rounds && case_goes_on(t, round, since); round++) {
		unsigned int pauses = 0;

		for (i = 0; i < NO_LOSS_QUEUE; i++) {
			txs[i] = case_carry(t, i % 2 ? case_round(t, 1000) : len);
			if (!txs[i] || !case_submit(txs[i]))
				return;
		}
		case_issue(t, t->chan);
		while (!all_called(txs, NO_LOSS_QUEUE) && pauses++ < 50 && !case_over(t))
			if (!stop_and_go(t, t->chan))
				return;
		for (i = 0; i < NO_LOSS_QUEUE; i++)
			if (!case_wait(txs[i]) || !case_intact(txs[i]) ||
			    !case_expect_tx(txs[i], atomic_read(&txs[i]->calls) == 1,
					    "expected one callback, seen %d",
					    atomic_read(&txs[i]->calls)) ||
			    !case_expect_tx(txs[i], !i || txs[i]->order > txs[i - 1]->order,
					    "expected callbacks in order, seen this one before that of cookie %d",
					    txs[i ? i - 1 : 0]->cookie))
				return;
	}
}

void case_pause_no_loss_loopback(struct case_trial *t)
{
	size_t len = roundup(SZ_32K + 20, case_width(t));
	unsigned int rounds = case_rounds(t, 6, 2 * len, 300), round;
	struct case_buf *out = case_buf_new(t, len), *in = case_buf_new(t, len);
	struct dmabench_mismatch m = {};
	unsigned long since = jiffies;
	struct case_tx *tx, *rx;

	if (!out || !in || !case_flush(t))
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	for (round = 0; round < rounds && case_goes_on(t, round, since); round++) {
		unsigned int pauses = 0;

		case_buf_fill(in, DMABENCH_PATTERN_OLD);
		rx = case_loop_rx(t, in, len);
		if (!rx || !case_start(rx))
			return;
		tx = case_loop_tx(t, out, len);
		if (!tx || !case_start(tx))
			return;
		while (!atomic_read(&rx->calls) && pauses++ < 60 && !case_over(t))
			if (!stop_and_go(t, case_random(t) % 2 ? t->chan : case_peer(t)))
				return;
		if (!case_wait(tx) || !case_wait(rx) ||
		    !case_expect_tx(rx, case_buf_is(in, 0, len,
						    out->key[DMABENCH_PATTERN_SOURCE], 0, &m),
				    "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu",
				    len, m.count, m.first, m.last) ||
		    !case_intact(tx) || !case_guards_intact(t, in, "destination"))
			return;
	}
	/* A byte that came twice would be left. */
	case_loop_works(t);
}

void case_pause_no_loss_cyclic_tx(struct case_trial *t)
{
	size_t period = roundup(256, case_width(t)), ring = 4 * period, len = 8 * ring, at;
	struct case_buf *in = case_buf_new(t, len);
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;
	unsigned int pauses;

	if (!in || !case_flush(t))
		return;
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_loop_rx(t, in, len);
	if (!rx || !case_start(rx) || !case_configure(t, DMA_MEM_TO_DEV))
		return;
	tx = case_endless(t, ring, period);
	if (!tx || !case_start(tx))
		return;
	for (pauses = 0; !atomic_read(&rx->calls) && pauses < 60 && !case_over(t); pauses++)
		if (!stop_and_go(t, case_random(t) % 3 ? t->chan : case_peer(t)))
			return;
	if (!case_wait(rx) || case_terminate(t, t->chan))
		return;
	for (at = 0; at < len; at += ring)
		if (!case_expect_tx(rx, case_buf_is(in, at, ring,
						    tx->src->key[DMABENCH_PATTERN_SOURCE], 0,
						    &m),
				    "expected round %zu as sent, seen %zu bytes of %zu wrong, from %zu to %zu",
				    at / ring, m.count, ring, m.first, m.last))
			return;
	if (case_guards_intact(t, in, "destination"))
		case_flush(t);
}

/* What was sent goes round in memory several times; the last round is what is left. */
void case_pause_no_loss_cyclic_rx(struct case_trial *t)
{
	size_t period = roundup(256, case_width(t)), ring = 4 * period, len = 8 * ring;
	struct case_buf *in = case_buf_new(t, ring), *out = case_buf_new(t, len);
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(t)) + 1;
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;
	unsigned int pauses;
	u64 key;

	if (!in || !out || !case_flush(t) || !case_configure(t, DMA_DEV_TO_MEM))
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	key = out->key[DMABENCH_PATTERN_SOURCE];
	rx = case_cyclic(t, in, ring, period, DMA_DEV_TO_MEM, CASE_FLAGS);
	if (!rx || !case_start(rx))
		return;
	tx = case_loop_tx(t, out, len);
	if (!tx || !case_start(tx))
		return;
	for (pauses = 0; !atomic_read(&tx->calls) && pauses < 60 && !case_over(t); pauses++)
		if (!stop_and_go(t, case_random(t) % 3 ? case_peer(t) : t->chan))
			return;
	if (!case_wait(tx))
		return;
	while (!case_buf_is(in, 0, ring, key, len - ring, &m) && time_before(jiffies, end) &&
	       !case_over(t))
		case_sleep(t, 1);
	if (case_terminate(t, case_peer(t)))
		return;
	if (case_expect_tx(rx, case_buf_is(in, 0, ring, key, len - ring, &m),
			   "expected the last %zu bytes of %zu that were sent, seen %zu wrong, from %zu to %zu",
			   ring, len, m.count, m.first, m.last) &&
	    case_intact(tx))
		case_guards_intact(t, in, "destination");
}
