// SPDX-License-Identifier: GPL-2.0-only
/*
 * A7: terminate of what is running.
 */
#include <linux/kernel.h>

#include "life-kit.h"
#include "terminate.h"

/**
 * case_terminate_ended - check how transfers have ended that were terminated
 * @txs: in the order of their submission, terminated and synchronized
 * @nr: how many
 *
 * Each was either done and told once, or broken off and not told; where there is an
 * order, none was done behind one that was broken off.
 *
 * Return: true; else the case has failed.
 */
bool case_terminate_ended(struct case_tx **txs, unsigned int nr)
{
	struct case_tx *dropped = NULL;
	unsigned int i;

	for (i = 0; i < nr; i++) {
		int calls = atomic_read(&txs[i]->calls);

		if (!case_expect_tx(txs[i], calls <= 1, "expected at most one callback, seen %d",
				    calls))
			return false;
		if (calls ? !case_intact(txs[i]) : !case_partial(txs[i]))
			return false;
		if (!calls && !dropped)
			dropped = txs[i];
		if (calls && dropped && case_can(txs[i]->t, CASE_NEED_ORDER) &&
		    !case_expect_tx(txs[i], false,
				    "expected no callback of cookie %d behind %d, which was dropped, seen it",
				    txs[i]->cookie, dropped->cookie))
			return false;
	}
	return true;
}

#define QUEUE_MOST	8U

static bool terminate_a_queue(struct case_trial *t)
{
	unsigned int nr = 2 + case_random(t) % (QUEUE_MOST - 1);
	unsigned int issued = case_random(t) % (nr + 1), i;
	struct case_tx *txs[QUEUE_MOST];
	size_t len = 0;
	int ret;

	for (i = 0; i < nr; i++) {
		txs[i] = case_carry(t, case_round(t, 1 + case_random(t) % SZ_8K));
		if (!txs[i] || !case_submit(txs[i]))
			return false;
		len += txs[i]->len;
		if (i + 1 == issued)
			case_issue(t, t->chan);
	}
	case_spin(case_random(t) % (min(case_takes_us(t, len), 2000U) + 10));
	ret = case_terminate_async(t, t->chan);
	return case_expect(t, !ret, "expected 0 from terminate_async of a queue, seen %d", ret) &&
	       !case_synchronize(t, t->chan) && case_terminate_ended(txs, nr);
}

void case_terminate_queue(struct case_trial *t)
{
	unsigned long since = jiffies;
	unsigned int rounds = case_rounds(t, 20, SZ_32K, 200), i;

	for (i = 0; i < rounds && case_goes_on(t, i, since); i++)
		if (!terminate_a_queue(t))
			return;
	if (case_still(t, CASE_WATCH_MS))
		case_works(t);
}

#define RUNNING_TRIES	24U
#define RUNNING_CAUGHT	8U

void case_terminate_running(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 10), case_round(t, SZ_256K));
	struct case_tx *txs[RUNNING_TRIES];
	unsigned int caught = 0, nr, i;

	for (nr = 0; nr < RUNNING_TRIES && caught < RUNNING_CAUGHT; nr++) {
		struct case_tx *tx = case_carry(t, len);

		if (case_over(t) || !tx || !case_start(tx))
			return;
		txs[nr] = tx;
		case_spin(case_random(t) % (min(case_takes_us(t, len), 5000U) + 1));
		if (case_terminate(t, t->chan)) {
			case_fail_tx(tx, "expected 0 from terminate_sync");
			return;
		}
		caught += !atomic_read(&tx->calls);
		if (!case_terminate_ended(&tx, 1))
			return;
		/* It is ours again: who writes to it now is seen in the end. */
		case_refill(tx);
	}
	if (!case_still(t, CASE_WATCH_MS))
		return;
	for (i = 0; i < nr; i++)
		if (!case_untouched(txs[i]) || !case_partial(txs[i]))
			return;
	if (case_works(t) && !caught)
		case_skip(t, "%u transfers of %zu bytes were over before terminate", nr, len);
}

/* Lets a loopback run empty into a buffer that is large enough. */
static bool run_empty(struct case_trial *t, struct case_tx *rx)
{
	unsigned int slice = 10 + 2 * case_takes_us(t, SZ_4K) / 1000;
	u64 before;

	if (!case_start(rx))
		return false;
	do {
		before = case_buf_digest(rx->dst);
		case_sleep(t, slice);
	} while (case_buf_digest(rx->dst) != before && !case_over(t));
	return !case_terminate(t, case_peer(t));
}

#define STALLED_QUEUE	4

void case_terminate_stalled_tx(struct case_trial *t)
{
	unsigned int issued = 1 + case_random(t) % STALLED_QUEUE, i;
	struct case_tx *txs[STALLED_QUEUE], *rx;
	struct dmabench_mismatch m = {};
	struct case_buf *in;
	size_t n;
	u64 key;
	int ret;

	if (!case_flush(t))
		return;
	in = case_buf_new(t, SZ_512K);
	if (!in)
		return;
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	for (i = 0; i < STALLED_QUEUE; i++) {
		txs[i] = case_stalled(t);
		if (!txs[i] || !case_submit(txs[i]))
			return;
		if (i + 1 == issued)
			case_issue(t, t->chan);
	}
	case_sleep(t, case_random(t) % 10);
	if (atomic_read(&txs[0]->calls)) {
		case_skip(t, "the loopback takes %zu bytes that nobody reads", txs[0]->len);
		return;
	}
	ret = case_terminate_async(t, t->chan);
	if (!case_expect(t, !ret, "expected 0 from terminate_async, seen %d", ret) ||
	    case_synchronize(t, t->chan))
		return;

	/* Who reads the sources now sends what must not be sent. */
	key = txs[0]->src->key[DMABENCH_PATTERN_SOURCE];
	for (i = 0; i < STALLED_QUEUE; i++)
		case_refill(txs[i]);
	rx = case_loop_rx(t, in, in->len);
	if (!rx || !run_empty(t, rx))
		return;
	case_buf_is(in, 0, in->len, key, 0, &m);
	n = m.count ? m.first : in->len;
	if (!case_expect_tx(txs[0], n < txs[0]->len,
			    "expected less than %zu bytes before terminate, seen %zu",
			    txs[0]->len, n) ||
	    !case_expect_tx(txs[0], case_buf_is(in, n, in->len - n,
						in->key[DMABENCH_PATTERN_OLD], n, &m),
			    "expected nothing behind the first %zu bytes that were sent, seen %zu bytes, the first %zu behind",
			    n, m.count, m.first))
		return;
	for (i = 0; i < STALLED_QUEUE; i++)
		if (!case_expect_tx(txs[i], !atomic_read(&txs[i]->calls),
				    "expected no callback of what was terminated, seen %d",
				    atomic_read(&txs[i]->calls)) ||
		    !case_partial(txs[i]))
			return;
	if (case_flush(t) && case_loop_works(t))
		case_still(t, CASE_WATCH_MS);
}

void case_terminate_stalled_rx(struct case_trial *t)
{
	size_t fed = case_random(t) % 2 ? roundup(1 + case_random(t) % SZ_2K, case_width(t)) : 0;
	struct dma_chan *peer = case_peer(t);
	struct case_tx *txs[STALLED_QUEUE], *tx;
	struct case_buf *out;
	unsigned int i;
	int ret;

	if (!case_flush(t))
		return;
	for (i = 0; i < STALLED_QUEUE; i++) {
		struct case_buf *in = case_buf_new(t, SZ_4K);

		if (!in)
			return;
		case_buf_fill(in, DMABENCH_PATTERN_OLD);
		txs[i] = case_loop_rx(t, in, in->len);
		if (!txs[i] || !case_submit(txs[i]))
			return;
	}
	case_issue(t, peer);
	if (fed) {
		out = case_buf_new(t, fed);
		if (!out)
			return;
		case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
		tx = case_loop_tx(t, out, fed);
		if (!tx || !case_do(tx))
			return;
	}
	case_sleep(t, case_random(t) % 10);
	ret = case_terminate_async(t, peer);
	if (!case_expect(t, !ret, "expected 0 from terminate_async, seen %d", ret) ||
	    case_synchronize(t, peer) || !case_still(t, 5))
		return;

	/* It is ours again: who writes to it now is seen in the end. */
	for (i = 0; i < STALLED_QUEUE; i++) {
		if (!case_guards_intact(t, txs[i]->dst, "destination"))
			return;
		txs[i]->dst->key[DMABENCH_PATTERN_OLD]++;
		case_buf_fill(txs[i]->dst, DMABENCH_PATTERN_OLD);
	}
	if (!case_flush(t) || !case_loop_works(t) || !case_loop_works(t))
		return;
	for (i = 0; i < STALLED_QUEUE; i++)
		if (!case_untouched(txs[i]) ||
		    !case_expect_tx(txs[i], !atomic_read(&txs[i]->calls),
				    "expected no callback of what was terminated, seen %d",
				    atomic_read(&txs[i]->calls)) ||
		    !case_guards_intact(t, txs[i]->dst, "destination"))
			return;
	case_still(t, CASE_WATCH_MS);
}

static bool terminate_a_cyclic(struct case_trial *t, size_t len, size_t period)
{
	struct case_tx *tx, *behind;
	unsigned int wait;
	int ret, calls;

	if (!case_loop_drain(t))
		return false;
	tx = case_endless(t, len, period);
	if (!tx || !case_start(tx))
		return false;
	for (wait = case_random(t) % 4; wait; wait--)
		if (!case_wait(tx))
			return false;
	behind = case_endless(t, len, period);
	if (!behind || !case_submit(behind))
		return false;
	if (case_random(t) % 2)
		case_issue(t, tx->chan);
	ret = case_terminate_async(t, tx->chan);
	if (!case_expect(t, !ret, "expected 0 from terminate_async of a cyclic transfer, seen %d",
			 ret) ||
	    case_synchronize(t, tx->chan))
		return false;
	calls = atomic_read(&tx->calls);

	/* What is on its way through the loopback has to arrive first. */
	if (case_can(t, CASE_NEED_LOOPBACK)) {
		case_sleep(t, 20 + 2 * case_takes_us(t, SZ_4K) / 1000);
		if (case_can(t, CASE_NEED_CYCLIC) && tx->chan != case_peer(t) &&
		    !case_still(t, 10))
			return false;
		if (case_terminate(t, case_peer(t)))
			return false;
	}
	return case_still(t, CASE_WATCH_MS) &&
	       case_expect_tx(tx, atomic_read(&tx->calls) == calls,
			      "expected no callback after synchronize, seen %d",
			      atomic_read(&tx->calls) - calls) &&
	       case_expect_tx(behind, !atomic_read(&behind->calls),
			      "expected no callback of what waited behind a cyclic transfer, seen %d",
			      atomic_read(&behind->calls)) &&
	       case_guards_intact(t, tx->src ?: tx->dst, "buffer");
}

void case_terminate_cyclic(struct case_trial *t)
{
	size_t period = roundup(256, case_width(t));

	if (!terminate_a_cyclic(t, period, period) ||
	    !terminate_a_cyclic(t, 2 * period, period) ||
	    !terminate_a_cyclic(t, 8 * period, period))
		return;
	if (case_can(t, CASE_NEED_LOOPBACK) && (!case_flush(t) || !case_loop_works(t)))
		return;
	if (case_can(t, CASE_NEED_MEMCPY))
		case_works(t);
}

/* One side is terminated while it has nothing to do and the other one waits. */
void case_terminate_other_channel(struct case_trial *t)
{
	size_t half = SZ_8K;
	struct case_buf *out = case_buf_new(t, 2 * half), *in = case_buf_new(t, 2 * half);
	struct dmabench_mismatch m = {};
	struct case_tx *rx, *tx;
	struct case_buf part;
	unsigned int i;

	if (!out || !in || !case_flush(t))
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_loop_rx(t, in, in->len);
	if (!rx || !case_start(rx))
		return;
	for (i = 0; i < 2; i++) {
		part = *out;
		part.dma += i * half;
		tx = case_loop_tx(t, &part, half);
		if (tx)
			tx->src = NULL;
		if (!tx || !case_start(tx) || !case_wait(tx))
			return;
		if (case_terminate(t, t->chan)) {
			case_fail(t, "expected 0 from terminate_sync of an idle channel");
			return;
		}
		if (!i && !case_expect_tx(rx, !atomic_read(&rx->calls),
					  "expected no callback of half a transfer, seen %d",
					  atomic_read(&rx->calls)))
			return;
	}
	if (!case_wait(rx) ||
	    !case_expect_tx(rx, case_buf_is(in, 0, in->len,
					    out->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			    "expected all data although the other channel was terminated, seen %zu bytes wrong, from %zu to %zu",
			    m.count, m.first, m.last))
		return;

	/* And the other way round: what has been sent waits to be read. */
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	tx = case_loop_tx(t, out, out->len);
	if (!tx || !case_start(tx))
		return;
	case_sleep(t, 2);
	if (case_terminate(t, case_peer(t))) {
		case_fail(t, "expected 0 from terminate_sync of an idle channel");
		return;
	}
	rx = case_loop_rx(t, in, in->len);
	if (!rx || !case_start(rx) || !case_wait(tx) || !case_wait(rx))
		return;
	if (case_expect_tx(rx, case_buf_is(in, 0, in->len, out->key[DMABENCH_PATTERN_SOURCE], 0,
					   &m),
			   "expected all data although the other channel was terminated, seen %zu bytes wrong, from %zu to %zu",
			   m.count, m.first, m.last))
		case_intact(tx);
}
