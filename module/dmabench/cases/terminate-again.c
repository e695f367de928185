// SPDX-License-Identifier: GPL-2.0-only
/*
 * A7: terminate, and go on: over and over, at every moment, and at once.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include "life-kit.h"
#include "terminate.h"

/* Somewhere in a transfer, or a little behind its end. */
static void spin_into(struct case_trial *t, size_t len)
{
	unsigned int us = min(case_takes_us(t, len), 2000U);

	case_spin(case_random(t) % (us + us / 2 + 5));
}

/* A grace period takes the place of synchronize: not too often. */
static unsigned int kills(struct case_trial *t, unsigned int rounds)
{
	return t->chan->device->device_synchronize ? rounds : min(rounds, 10U);
}

/* ------------------------------------------------------------------ restart */

#define RESTART_QUEUE	3U

static bool restart(struct case_trial *t, struct case_tx *like)
{
	unsigned int nr = 1 + case_random(t) % RESTART_QUEUE, i;
	struct case_tx *txs[RESTART_QUEUE], *tx;
	dma_cookie_t last;

	case_refill(like);
	for (i = 0; i < nr; i++) {
		txs[i] = case_again(like);
		if (!txs[i] || !case_submit(txs[i]))
			return false;
	}
	last = txs[nr - 1]->cookie;
	case_issue(t, t->chan);
	spin_into(t, like->len);
	if (!case_expect_tx(txs[0], !case_terminate(t, t->chan),
			    "expected 0 from terminate_sync, seen an error") ||
	    !case_terminate_ended(txs, nr))
		return false;

	case_refill(like);
	tx = case_again(like);
	if (!tx || !case_do(tx))
		return false;
	for (i = 0; i < nr; i++)
		if (!case_expect_tx(txs[i], atomic_read(&txs[i]->calls) <= 1,
				    "expected at most one callback, seen %d",
				    atomic_read(&txs[i]->calls)))
			return false;
	return case_expect_tx(tx, atomic_read(&tx->calls) == 1,
			      "expected one callback, seen %d", atomic_read(&tx->calls)) &&
	       case_expect_tx(tx, tx->cookie > last || tx->cookie < S16_MAX,
			      "expected a cookie above %d, seen %d", last, tx->cookie);
}

void case_terminate_restart(struct case_trial *t)
{
	unsigned long since = jiffies;
	static const size_t lens[] = { 256, SZ_4K, SZ_16K + 64, SZ_64K };
	struct case_tx *likes[ARRAY_SIZE(lens)];
	unsigned int rounds, i;

	for (i = 0; i < ARRAY_SIZE(lens); i++) {
		likes[i] = case_carry(t, case_round(t, lens[i]));
		if (!likes[i] || !case_do(likes[i]))
			return;
	}
	rounds = kills(t, case_rounds(t, 300, 3 * SZ_16K, 300));
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++)
		if (!restart(t, likes[case_random(t) % ARRAY_SIZE(lens)]))
			return;
	case_still(t, CASE_WATCH_MS);
}

/* One side or both are ended anywhere in a transfer. */
static bool restart_loopback(struct case_trial *t, struct case_buf *out, struct case_buf *in)
{
	unsigned int which = case_random(t) % 3;
	struct case_tx *rx, *tx;

	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_loop_rx(t, in, in->len);
	if (!rx || !case_start(rx))
		return false;
	tx = case_loop_tx(t, out, out->len);
	if (!tx || !case_start(tx))
		return false;
	spin_into(t, out->len);
	if (which != 1 && case_terminate(t, t->chan)) {
		case_fail_tx(tx, "expected 0 from terminate_sync, seen an error");
		return false;
	}
	/* Whichever side is left would wait for ever. */
	if (case_terminate(t, case_peer(t))) {
		case_fail_tx(rx, "expected 0 from terminate_sync, seen an error");
		return false;
	}
	if (which == 1 && case_terminate(t, t->chan)) {
		case_fail_tx(tx, "expected 0 from terminate_sync, seen an error");
		return false;
	}
	/* What has come through is what was sent, in order, and nothing else. */
	rx->src = out;
	if (!case_partial(rx))
		return false;
	rx->src = NULL;
	return case_intact(tx) && case_flush(t) && case_loop_works(t);
}

void case_terminate_restart_loopback(struct case_trial *t)
{
	unsigned long since = jiffies;
	unsigned int rounds = kills(t, case_rounds(t, 25, SZ_128K, 300)), i;
	size_t len = roundup(SZ_16K + 12, case_width(t));
	struct case_buf *out = case_buf_new(t, len), *in = case_buf_new(t, len);

	if (!out || !in || !case_flush(t))
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++)
		if (!restart_loopback(t, out, in))
			return;
	case_still(t, CASE_WATCH_MS);
}

void case_terminate_restart_cyclic(struct case_trial *t)
{
	unsigned long since = jiffies;
	size_t period = roundup(128, case_width(t));
	unsigned int rounds = kills(t, case_rounds(t, 40, SZ_4K, 200)), i;
	struct case_tx *tx;

	for (i = 0; i < rounds && case_goes_on(t, i, since); i++) {
		if (!case_loop_drain(t))
			return;
		tx = case_endless(t, period << case_random(t) % 4, period);
		if (!tx || !case_start(tx))
			return;
		if (case_random(t) % 3 ? !case_wait(tx) : (case_spin(case_random(t) % 50), 0))
			return;
		if (case_terminate(t, tx->chan)) {
			case_fail_tx(tx, "expected 0 from terminate_sync, seen an error");
			return;
		}
		if (case_can(t, CASE_NEED_LOOPBACK) &&
		    (case_terminate(t, case_peer(t)) || !case_flush(t) || !case_loop_works(t)))
			return;
		if (case_can(t, CASE_NEED_MEMCPY) && !case_works(t))
			return;
		if (!case_guards_intact(t, tx->src ?: tx->dst, "buffer"))
			return;
	}
	case_still(t, CASE_WATCH_MS);
}

/* -------------------------------------------------------------------- leaks */

/* More than any pool that was ever seen, if there is time for it. */
#define LEAK_ROUNDS	5000U
#define LEAK_MS		500U
#define LEAK_SYNC	256U

static struct dma_async_tx_descriptor *prepare(struct case_tx *tx, size_t period)
{
	if (period)
		return dmaengine_prep_dma_cyclic(tx->chan, (tx->src ?: tx->dst)->dma, tx->len,
						 period, case_cyclic_dir(tx->t), CASE_FLAGS);
	if (tx->dst)
		return dmaengine_prep_dma_memcpy(tx->chan, tx->dst->dma, tx->src->dma, tx->len,
						 CASE_FLAGS);
	return dmaengine_prep_slave_single(tx->chan, tx->src->dma, tx->len, DMA_MEM_TO_DEV,
					   CASE_FLAGS);
}

/* Some give descriptors back only in synchronize, which is given its chance. */
static struct case_tx *again_for_sure(struct case_tx *like, size_t period)
{
	struct case_tx *tx = case_tx_new(like->t, like->chan);
	struct dma_async_tx_descriptor *desc;

	if (!tx)
		return NULL;
	tx->src = like->src;
	tx->dst = like->dst;
	tx->len = like->len;
	desc = prepare(tx, period);
	if (!desc && !case_kill(tx->t, tx->chan))
		desc = prepare(tx, period);
	return case_tx_made(tx, desc) ? tx : NULL;
}

/*
 * Terminates one after the other: only submitted, just issued, several. The second kind
 * of transfer, if there is one, takes turns with the first.
 */
static void terminate_many(struct case_trial *t, struct case_tx *like, struct case_tx *other,
			   size_t period)
{
	unsigned long end = jiffies + msecs_to_jiffies(LEAK_MS);
	unsigned int i;

	for (i = 0; i < LEAK_ROUNDS && time_before(jiffies, end) && !case_over(t); i++) {
		struct case_tx *tx = again_for_sure(other && i % 4 == 3 ? other : like, period);

		if (!tx || !case_submit(tx))
			break;
		if (i % 4)
			dma_async_issue_pending(tx->chan);
		if (i % 4 == 1)
			continue;
		if (i % LEAK_SYNC ? case_terminate_async(t, tx->chan) : case_kill(t, tx->chan)) {
			case_fail_tx(tx, "expected 0 from terminate, seen an error");
			break;
		}
	}
	case_note(t, "%u descriptors were terminated", i);
}

void case_terminate_no_leak(struct case_trial *t)
{
	bool stalls = case_can(t, CASE_NEED_LOOPBACK) && case_can(t, CASE_NEED_MEMCPY);
	struct case_tx *like = case_carry(t, case_round(t, 64)), *stalled = NULL;

	if (!like || !case_do(like))
		return;
	if (stalls) {
		stalled = case_stalled(t);
		if (!stalled || !case_start(stalled) || case_terminate(t, t->chan))
			return;
	}
	terminate_many(t, like, stalled, 0);
	if (case_terminate(t, t->chan) || (stalls && !case_flush(t)))
		return;
	case_works(t);
}

void case_terminate_no_leak_cyclic(struct case_trial *t)
{
	size_t period = roundup(64, case_width(t));
	struct case_tx *like;

	if (!case_loop_drain(t))
		return;
	like = case_endless(t, 4 * period, period);
	if (!like || !case_start(like) || case_terminate(t, like->chan))
		return;
	terminate_many(t, like, NULL, period);
	if (case_terminate(t, like->chan))
		return;
	if (case_can(t, CASE_NEED_LOOPBACK) && (case_terminate(t, case_peer(t)) ||
						!case_flush(t) || !case_loop_works(t)))
		return;
	if (case_can(t, CASE_NEED_MEMCPY))
		case_works(t);
}

/* --------------------------------------------------------------------- race */

void case_terminate_race(struct case_trial *t)
{
	unsigned long since = jiffies;
	struct case_tx *like = case_carry(t, case_round(t, 2048)), *tx;
	unsigned int rounds = kills(t, case_rounds(t, 250, SZ_2K, 250));
	unsigned int us = min(case_takes_us(t, SZ_2K), 20000U);
	unsigned int i, told = 0;
	int ret;

	if (!like || !case_do(like))
		return;
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++) {
		case_refill(like);
		tx = case_again(like);
		if (!tx || !case_start(tx))
			return;
		case_spin(2 * us * i / rounds + case_random(t) % 3);
		ret = case_terminate_async(t, t->chan);
		if (!case_expect_tx(tx, !ret, "expected 0 from terminate_async, seen %d", ret) ||
		    case_terminate(t, t->chan) || !case_terminate_ended(&tx, 1))
			return;
		told += atomic_read(&tx->calls);
		if (i % 10 == 9) {
			case_refill(like);
			tx = case_again(like);
			if (!tx || !case_do(tx))
				return;
		}
	}
	case_note(t, "%u of %u were complete before terminate", told, i);
	case_refill(like);
	if (case_still(t, CASE_WATCH_MS) && case_untouched(like))
		case_works(t);
}

/* -------------------------------------------------------------- then, issue */

static bool then_issue(struct case_trial *t, struct case_tx *old, struct case_tx *next,
		       bool synchronize)
{
	unsigned int nr = case_random(t) % (RESTART_QUEUE + 1), i;
	struct case_tx *txs[RESTART_QUEUE], *tx;
	int ret;

	case_refill(next);
	for (i = 0; i < nr; i++) {
		txs[i] = case_again(old);
		if (!txs[i] || !case_submit(txs[i]))
			return false;
		if (!i)
			case_issue(t, t->chan);
	}
	spin_into(t, old->len);
	ret = case_terminate_async(t, t->chan);
	if (!case_expect(t, !ret, "expected 0 from terminate_async, seen %d", ret))
		return false;
	tx = case_again(next);
	if (!tx || !case_start(tx))
		return false;
	if (synchronize)
		dmaengine_synchronize(t->chan);
	if (!case_wait(tx) || !case_intact(tx))
		return false;
	for (i = 0; i < nr; i++)
		if (!case_expect_tx(txs[i], atomic_read(&txs[i]->calls) <= 1,
				    "expected at most one callback of what was terminated, seen %d",
				    atomic_read(&txs[i]->calls)))
			return false;
	return case_expect_tx(tx, atomic_read(&tx->calls) == 1,
			      "expected one callback, seen %d", atomic_read(&tx->calls));
}

static void then_issue_often(struct case_trial *t, bool synchronize)
{
	unsigned long since = jiffies;
	struct case_tx *old = case_carry(t, case_round(t, SZ_16K)), *next;
	unsigned int rounds = case_rounds(t, 150, SZ_32K, 250), i;

	if (!old || !case_do(old))
		return;
	next = case_carry(t, case_round(t, 3000));
	if (!next || !case_do(next))
		return;
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++)
		if (!then_issue(t, old, next, synchronize))
			return;
	if (case_terminate(t, t->chan) || !case_partial(old) || !case_intact(next))
		return;
	if (case_still(t, CASE_WATCH_MS))
		case_works(t);
}

void case_terminate_then_issue(struct case_trial *t)
{
	then_issue_often(t, false);
}

void case_terminate_then_issue_synchronize(struct case_trial *t)
{
	then_issue_often(t, true);
}

/*
 * The first bytes of what waited are in the loopback, then come all of what was
 * issued next, and nothing between.
 */
static bool then_issue_stalled(struct case_trial *t, struct case_buf *in)
{
	size_t len = roundup(1 + case_random(t) % SZ_16K, case_width(t));
	struct case_buf *out = case_buf_new(t, len);
	struct case_tx *old[2], *tx, *rx;
	struct dmabench_mismatch m = {};
	unsigned int i;
	size_t n;
	int ret;

	if (!out)
		return false;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	for (i = 0; i < ARRAY_SIZE(old); i++) {
		old[i] = case_stalled(t);
		if (!old[i] || !case_submit(old[i]))
			return false;
	}
	case_issue(t, t->chan);
	case_spin(case_random(t) % 300);
	ret = case_terminate_async(t, t->chan);
	if (!case_expect(t, !ret, "expected 0 from terminate_async, seen %d", ret))
		return false;
	tx = case_slave(t, out, len, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx || !case_start(tx))
		return false;
	rx = case_loop_rx(t, in, in->len);
	if (!rx || !case_start(rx) || !case_wait(tx))
		return false;
	case_sleep(t, 10 + 2 * case_takes_us(t, SZ_4K) / 1000);
	if (case_terminate(t, case_peer(t)))
		return false;
	/* In beats: the first bytes of the new one may by chance be what would come next. */
	n = rounddown(case_buf_arrived(in, old[0]->src, old[0]->len), max(case_width(t), 4U));
	return case_expect_tx(tx, n + len <= in->len &&
				  case_buf_is(in, n, len, out->key[DMABENCH_PATTERN_SOURCE], 0,
					      &m),
			      "expected %zu bytes of the new transfer behind %zu of the old one, seen %zu wrong, from %zu to %zu",
			      len, n, m.count, m.first, m.last) &&
	       case_expect_tx(tx, atomic_read(&tx->calls) == 1,
			      "expected one callback, seen %d", atomic_read(&tx->calls)) &&
	       case_expect(t, !atomic_read(&old[0]->calls) && !atomic_read(&old[1]->calls),
			   "expected no callback of what was terminated, seen %d and %d",
			   atomic_read(&old[0]->calls), atomic_read(&old[1]->calls)) &&
	       case_intact(tx);
}

void case_terminate_then_issue_stalled(struct case_trial *t)
{
	unsigned long since = jiffies;
	unsigned int rounds = kills(t, case_rounds(t, 20, SZ_64K, 200)), i;
	struct case_buf *in = case_buf_new(t, SZ_128K);

	if (!in || !case_flush(t))
		return;
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++)
		if (!then_issue_stalled(t, in))
			return;
	if (!case_terminate(t, t->chan) && case_flush(t))
		case_still(t, CASE_WATCH_MS);
}

/* --------------------------------------------------------------- concurrent */

#define CONCURRENT_THREADS	3U
#define CONCURRENT_ROUNDS	200U

static void concurrently(struct case_trial *t, unsigned int i, void *data)
{
	struct case_tx **likes = data;
	unsigned int round;

	for (round = 0; round < CONCURRENT_ROUNDS && t->verdict == CASE_PASSED; round++) {
		struct case_tx *tx;

		if (!i) {
			case_spin(50);
			if (dmaengine_terminate_async(t->chan)) {
				case_fail(t, "expected 0 from terminate_async, seen an error");
				return;
			}
			continue;
		}
		tx = case_again(likes[i]);
		if (!tx || !case_start(tx))
			return;
		case_spin(20);
	}
}

void case_terminate_concurrent(struct case_trial *t)
{
	struct case_tx *likes[CONCURRENT_THREADS], *tx;
	unsigned int i;

	for (i = 0; i < CONCURRENT_THREADS; i++) {
		likes[i] = case_carry(t, case_round(t, 1024 + 512 * i));
		if (!likes[i] || !case_do(likes[i]))
			return;
	}
	if (!case_threads(t, CONCURRENT_THREADS, concurrently, likes) ||
	    case_terminate(t, t->chan))
		return;
	list_for_each_entry(tx, &t->txs, entry)
		if (!case_expect_tx(tx, atomic_read(&tx->calls) <= 1,
				    "expected at most one callback, seen %d",
				    atomic_read(&tx->calls)))
			return;
	for (i = 0; i < CONCURRENT_THREADS; i++)
		if (!case_partial(likes[i]))
			return;
	if (case_still(t, CASE_WATCH_MS))
		case_works(t);
}
