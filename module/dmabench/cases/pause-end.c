// SPDX-License-Identifier: GPL-2.0-only
/*
 * A8: how a pause ends, and what it must leave alone.
 */
#include <linux/device.h>
#include <linux/kernel.h>
#include <linux/spinlock.h>

#include "life-kit.h"
#include "pause.h"

static void spin_into(struct case_trial *t, size_t len)
{
	case_spin(case_random(t) % (min(case_takes_us(t, len), 5000U) + 1));
}

/* What these return when there is nothing to do is the provider's. */
void case_pause_odd(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 5), case_round(t, SZ_64K));
	struct case_tx *tx;
	unsigned int i;

	for (i = 0; i < 3 && !case_over(t); i++) {
		dmaengine_resume(t->chan);
		if (!case_works(t))
			return;
		dmaengine_pause(t->chan);
		dmaengine_resume(t->chan);
		if (!case_works(t))
			return;
		dmaengine_pause(t->chan);
		dmaengine_pause(t->chan);
		dmaengine_resume(t->chan);
		dmaengine_resume(t->chan);
		if (!case_works(t))
			return;
		tx = case_carry(t, len);
		if (!tx || !case_start(tx))
			return;
		spin_into(t, len);
		dmaengine_resume(t->chan);
		spin_into(t, len);
		dmaengine_pause(t->chan);
		dmaengine_pause(t->chan);
		dmaengine_resume(t->chan);
		if (!case_wait(tx) || !case_intact(tx))
			return;
	}
}

/* Sends the rest of what waits, and compares all. */
static bool comes_through(struct case_trial *t, struct case_tx *tx)
{
	struct case_buf *in = case_buf_new(t, tx->len);
	struct dmabench_mismatch m = {};
	struct case_tx *rx;

	if (!in)
		return false;
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_loop_rx(t, in, in->len);
	return rx && case_start(rx) && case_wait(tx) && case_wait(rx) &&
	       case_expect_tx(rx, case_buf_is(in, 0, in->len,
					      tx->src->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			      "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu",
			      in->len, m.count, m.first, m.last) &&
	       case_intact(tx);
}

void case_pause_odd_stalled(struct case_trial *t)
{
	struct case_tx *tx;

	if (!case_flush(t))
		return;
	tx = case_stalled(t);
	if (!tx || !case_start(tx))
		return;
	dmaengine_resume(t->chan);
	case_spin(100);
	dmaengine_resume(t->chan);
	if (!comes_through(t, tx))
		return;
	tx = case_stalled(t);
	if (!tx || !case_start(tx))
		return;
	case_spin(100);
	if (!case_pause(t, t->chan))
		return;
	dmaengine_pause(t->chan);
	if (!case_still(t, 5) || !case_resume(t, t->chan))
		return;
	dmaengine_resume(t->chan);
	comes_through(t, tx);
}

void case_pause_terminate(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 10), case_round(t, SZ_256K));
	unsigned int i, seen = 0;
	struct case_tx *tx;

	for (i = 0; i < 12 && seen < 4 && !case_over(t); i++) {
		tx = case_carry(t, len);
		if (!tx || !case_start(tx))
			return;
		spin_into(t, len);
		if (!case_pause(t, t->chan))
			return;
		seen += case_status(tx, NULL) != DMA_COMPLETE;
		if (!case_expect_tx(tx, !case_terminate(t, t->chan),
				    "expected 0 from terminate_sync while paused, seen an error") ||
		    (atomic_read(&tx->calls) ? !case_intact(tx) : !case_partial(tx)))
			return;
		case_refill(tx);
		if (!case_works(t))
			return;
		/* For nothing: it must not bring back what is gone. */
		dmaengine_resume(t->chan);
		if (!case_still(t, seen == 1 ? CASE_WATCH_MS : 2) || !case_untouched(tx))
			return;
	}
	if (!seen)
		case_skip(t, "%u transfers of %zu bytes were over before pause", i, len);
}

void case_pause_terminate_stalled(struct case_trial *t)
{
	struct case_tx *tx, *behind;

	if (!case_flush(t))
		return;
	tx = case_stalled(t);
	if (!tx || !case_submit(tx))
		return;
	behind = case_stalled(t);
	if (!behind || !case_start(behind))
		return;
	case_sleep(t, 2);
	if (!case_pause(t, t->chan))
		return;
	if (!case_expect_tx(tx, !case_terminate(t, t->chan),
			    "expected 0 from terminate_sync while paused, seen an error") ||
	    !case_partial(tx) || !case_partial(behind))
		return;
	if (case_random(t) % 2)
		dmaengine_resume(t->chan);
	if (!case_flush(t) || !case_loop_works(t))
		return;

	/* The other side, too. */
	tx = case_loop_rx(t, tx->src, tx->src->len);
	if (!tx)
		return;
	case_buf_fill(tx->dst, DMABENCH_PATTERN_OLD);
	if (!case_start(tx))
		return;
	case_sleep(t, 2);
	if (!case_pause(t, case_peer(t)) ||
	    !case_expect_tx(tx, !case_terminate(t, case_peer(t)),
			    "expected 0 from terminate_sync while paused, seen an error") ||
	    !case_flush(t) || !case_loop_works(t))
		return;
	if (case_untouched(tx) &&
	    case_expect_tx(tx, !atomic_read(&tx->calls),
			   "expected no callback of what was terminated, seen %d",
			   atomic_read(&tx->calls)))
		case_still(t, CASE_WATCH_MS);
}

void case_pause_terminate_cyclic(struct case_trial *t)
{
	size_t period = roundup(256, case_width(t));
	struct case_tx *tx;
	unsigned int i;

	for (i = 0; i < 3 && !case_over(t); i++) {
		if (!case_loop_drain(t))
			return;
		tx = case_endless(t, 4 * period, period);
		if (!tx || !case_start(tx) || !case_wait(tx) || !case_pause(t, tx->chan) ||
		    !case_expect_tx(tx, !case_terminate(t, tx->chan),
				    "expected 0 from terminate_sync while paused, seen an error"))
			return;
		tx = case_endless(t, 4 * period, period);
		if (!tx || !case_start(tx) || !case_wait(tx) || case_terminate(t, tx->chan))
			return;
		if (case_can(t, CASE_NEED_LOOPBACK) &&
		    (case_terminate(t, case_peer(t)) || !case_flush(t) || !case_loop_works(t)))
			return;
	}
	case_still(t, CASE_WATCH_MS);
}

void case_pause_issue(struct case_trial *t)
{
	struct case_buf *out = case_buf_new(t, SZ_1K);
	struct case_tx *tx, *behind;
	struct case_buf *in;
	struct case_tx *rx;
	struct dmabench_mismatch m = {};
	size_t n;

	if (!out || !case_flush(t))
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	tx = case_stalled(t);
	if (!tx || !case_start(tx))
		return;
	in = case_buf_new(t, tx->len + out->len);
	if (!in)
		return;
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	case_sleep(t, 2);
	if (!case_pause(t, t->chan))
		return;
	behind = case_slave(t, out, out->len, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!behind || !case_start(behind))
		return;
	rx = case_loop_rx(t, in, in->len);
	if (!rx || !case_start(rx))
		return;
	case_sleep(t, 20 + 2 * case_takes_us(t, SZ_4K) / 1000);
	if (!case_still(t, CASE_WATCH_MS))
		return;
	n = case_buf_arrived(in, tx->src, tx->len);
	if (!case_expect_tx(tx, n < tx->len,
			    "expected issue_pending not to resume, seen all data") ||
	    !case_resume(t, t->chan) || !case_wait(tx) || !case_wait(behind) || !case_wait(rx))
		return;
	if (case_expect_tx(tx, case_buf_is(in, 0, tx->len,
					   tx->src->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			   "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu", tx->len,
			   m.count, m.first, m.last))
		case_expect_tx(behind, case_buf_is(in, tx->len, out->len,
						   out->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			       "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu",
			       out->len, m.count, m.first, m.last);
}

void case_pause_irq_off(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 10), case_round(t, SZ_64K));
	unsigned int rounds = case_rounds(t, 20, len, 150), i;
	unsigned long flags;
	int paused, resumed;
	spinlock_t lock;	/* the client's own, held around calls that must not sleep */

	spin_lock_init(&lock);
	for (i = 0; i < rounds && !case_over(t); i++) {
		struct case_tx *tx = case_carry(t, len);

		if (!tx || !case_start(tx))
			return;
		spin_into(t, len);
		spin_lock_irqsave(&lock, flags);
		paused = dmaengine_pause(t->chan);
		spin_unlock_irqrestore(&lock, flags);
		case_spin(case_random(t) % 20);
		spin_lock_irqsave(&lock, flags);
		resumed = dmaengine_resume(t->chan);
		spin_unlock_irqrestore(&lock, flags);
		if (!case_expect_tx(tx, !paused && !resumed,
				    "expected 0 from pause and resume, seen %d and %d", paused,
				    resumed) ||
		    !case_wait(tx) || !case_intact(tx))
			return;
	}
}

/* What the loopback holds by itself needs no reader. */
void case_pause_other_channel(struct case_trial *t)
{
	size_t len = roundup(64, case_width(t));
	struct case_buf *out = case_buf_new(t, len), *in = case_buf_new(t, len);
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;

	if (!out || !in || !case_flush(t))
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_loop_rx(t, in, len);
	if (!rx || !case_start(rx) || !case_pause(t, case_peer(t)))
		return;
	tx = case_loop_tx(t, out, len);
	if (!tx || !case_do(tx))
		return;
	if (case_can(t, CASE_NEED_MEMCPY) && !case_works(t))
		return;
	if (!case_expect_tx(rx, !atomic_read(&rx->calls),
			    "expected no callback while paused, seen %d",
			    atomic_read(&rx->calls)) ||
	    !case_resume(t, case_peer(t)) || !case_wait(rx))
		return;
	case_expect_tx(rx, case_buf_is(in, 0, len, out->key[DMABENCH_PATTERN_SOURCE], 0, &m),
		       "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu", len,
		       m.count, m.first, m.last);
}

void case_pause_release(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 10), case_round(t, SZ_64K));
	struct case_tx *tx;
	unsigned int i;

	for (i = 0; i < 3 && !case_over(t); i++) {
		tx = case_carry(t, len);
		if (!tx || !case_start(tx))
			return;
		if (!case_pause(t, t->chan) || case_terminate(t, t->chan))
			return;
		/* And once more when there is nothing: the next user must not suffer. */
		dmaengine_pause(t->chan);
		if (!case_release(t) || !case_request(t) || !case_works(t))
			return;
	}
}

#ifdef CONFIG_PM
static int usage(const struct case_trial *t)
{
	return atomic_read(&t->chan->device->dev->power.usage_count);
}

void case_pause_runtime_pm(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 5), case_round(t, SZ_64K));
	int before, after;
	unsigned int i;

	if (!case_works(t) || case_terminate(t, t->chan))
		return;
	before = usage(t);
	for (i = 0; i < 10 && !case_over(t); i++) {
		struct case_tx *tx = case_carry(t, len);

		if (!tx || !case_start(tx))
			return;
		spin_into(t, len);
		if (!case_pause(t, t->chan))
			return;
		if (i % 2) {
			if (!case_resume(t, t->chan) || !case_wait(tx))
				return;
		} else if (case_terminate(t, t->chan)) {
			return;
		}
	}
	if (case_terminate(t, t->chan))
		return;
	after = usage(t);
	case_expect(t, before == after, "expected a use count of %d, seen %d", before, after);
}
#else
void case_pause_runtime_pm(struct case_trial *t)
{
	case_skip(t, "a kernel without CONFIG_PM");
}
#endif
