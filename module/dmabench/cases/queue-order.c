// SPDX-License-Identifier: GPL-2.0-only
/*
 * A4, order and data: what completes when, and what is in memory by then.
 */
#include <linux/delay.h>
#include <linux/kernel.h>

#include "../suite.h"
#include "flow-kit.h"
#include "queue.h"
#include "slave-kit.h"

#define DEEP	24

void queue_completes_in_order(struct case_trial *t)
{
	unsigned int i, nr = case_affordable(t, DEEP, SZ_8K);
	struct case_tx *txs[DEEP];

	for (i = 0; i < nr; i++) {
		txs[i] = case_carry(t, case_random_len(t, SZ_16K));
		if (!txs[i] || !case_submit(txs[i]))
			return;
		if (case_random(t) % 4 == 0)
			case_issue(t, t->chan);
	}
	case_issue(t, t->chan);
	if (case_wait_all(txs, nr) && case_once_each(txs, nr))
		case_ordered(txs, nr);
}

void queue_pairs_complete_in_order(struct case_trial *t)
{
	struct case_tx *txs[2];
	unsigned int i, nr = case_affordable(t, 16, SZ_64K);

	for (i = 0; i < nr && !case_over(t); i++) {
		txs[0] = case_carry(t, case_round(t, SZ_32K));
		if (!txs[0] || !case_submit(txs[0]))
			return;
		if (i % 2)
			case_issue(t, t->chan);
		txs[1] = case_carry(t, case_round(t, 1 + case_random(t) % 64));
		if (!txs[1] || !case_submit(txs[1]))
			return;
		case_issue(t, t->chan);
		/* The small one first: the large one must be over by then. */
		if (!case_wait(txs[1]) ||
		    !case_expect_tx(txs[0], atomic_read(&txs[0]->calls),
				    "expected the callback of %zu bytes before that of the %zu submitted after them",
				    txs[0]->len, txs[1]->len) ||
		    !case_wait_all(txs, 1) || !case_intact(txs[1]) || !case_ordered(txs, 2))
			return;
	}
}

void queue_all_before_are_complete(struct case_trial *t)
{
	unsigned int i, j, done = 0, nr = case_affordable(t, DEEP, SZ_8K);
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(t)) + 1;
	struct case_tx *txs[DEEP];
	struct dma_tx_state state;
	dma_cookie_t last = 0;

	if (!case_enqueue(t, txs, nr, SZ_16K))
		return;
	case_issue(t, t->chan);
	while (done < nr && !case_over(t)) {
		/* What is complete before others are asked is so after them, too. */
		for (i = nr; i-- > done;)
			if (case_status(txs[i], &state) == DMA_COMPLETE)
				break;
		if (!case_expect_tx(txs[0], state.last >= last,
				    "expected the last completed cookie not to go back from %d, seen %d",
				    last, state.last) ||
		    !case_expect_tx(txs[nr - 1], state.used == txs[nr - 1]->cookie,
				    "expected the last used cookie to be %d, seen %d",
				    txs[nr - 1]->cookie, state.used))
			return;
		last = state.last;
		if (i != ~0U && i >= done) {
			for (j = 0; j < i; j++)
				if (!case_expect_tx(txs[j],
						    case_status(txs[j], NULL) == DMA_COMPLETE,
						    "expected cookie %d to be complete as %d is, seen it %s",
						    txs[j]->cookie, txs[i]->cookie,
						    case_status_name(case_status(txs[j], NULL))))
					return;
			done = i + 1;
			end = jiffies + msecs_to_jiffies(case_timeout_ms(t)) + 1;
		}
		if (!case_expect_tx(txs[min(done, nr - 1)], time_before(jiffies, end),
				    "expected it to complete within %u ms, seen it in progress",
				    case_timeout_ms(t)))
			return;
		usleep_range(5, 50);
	}
	case_wait_all(txs, nr);
}

#define RING	16

void queue_everything_completes(struct case_trial *t)
{
	unsigned int i, batch, left = case_affordable(t, 320, SZ_2K);
	struct case_tx *ring[RING], *like;

	/* Their buffers serve for all. */
	if (!case_enqueue(t, ring, RING, SZ_4K))
		return;
	case_issue(t, t->chan);
	if (!case_wait_all(ring, RING))
		return;
	while (left && !case_over(t)) {
		batch = min(1 + case_random(t) % RING, left);
		left -= batch;
		for (i = 0; i < batch; i++) {
			like = ring[i];
			ring[i] = case_carry_again(t, like);
			if (!ring[i] || !case_submit(ring[i]))
				return;
			if (case_random(t) % 3 == 0)
				case_issue(t, t->chan);
		}
		case_issue(t, t->chan);
		if (!case_wait_all(ring, batch) || !case_once_each(ring, batch))
			return;
	}
}

static const size_t lengths[] = { 1, 64, 1000, 4096, 5000, 16384, 65536 };

void queue_data_at_callback(struct case_trial *t)
{
	struct case_tx *txs[ARRAY_SIZE(lengths)];
	unsigned int i, round;

	for (round = 0; round < 4 && !case_over(t); round++) {
		for (i = 0; i < ARRAY_SIZE(lengths); i++) {
			txs[i] = case_carry(t, case_round(t, lengths[i]));
			if (!txs[i])
				return;
			txs[i]->hook = case_tail_hook;
			if (!case_submit(txs[i]))
				return;
			/* Alone, and in a queue. */
			if (round % 2) {
				case_issue(t, t->chan);
				if (!case_wait(txs[i]) || !case_intact(txs[i]))
					return;
			}
		}
		if (round % 2)
			continue;
		case_issue(t, t->chan);
		if (!case_wait_all(txs, ARRAY_SIZE(txs)))
			return;
	}
}

void queue_data_at_status(struct case_trial *t)
{
	unsigned int i, round;
	enum dma_status status;
	struct case_tx *tx;

	for (round = 0; round < 4; round++) {
		for (i = 0; i < ARRAY_SIZE(lengths) && !case_over(t); i++) {
			tx = case_carry(t, case_round(t, lengths[i]));
			if (!tx || !case_start(tx))
				return;
			status = case_poll(tx);
			if (!case_tail_first(tx) ||
			    !case_expect_tx(tx, status == DMA_COMPLETE,
					    "expected status complete, seen %s",
					    case_status_name(status)) ||
			    !case_wait(tx) || !case_intact(tx))
				return;
		}
	}
}

/* What comes out of a loopback is what another descriptor has sent: its data. */
static void received_hook(struct case_tx *rx)
{
	const struct case_buf *sent = rx->data;
	size_t tail = min_t(size_t, rx->len, 64);
	u64 key = sent->key[DMABENCH_PATTERN_SOURCE];
	struct dmabench_mismatch m = {};

	if (!case_expect_tx(rx, case_buf_is(rx->dst, rx->len - tail, tail, key, rx->len - tail, &m),
			    "expected the last %zu of %zu received bytes to be there with the callback, seen %zu missing",
			    tail, rx->len, m.count))
		return;
	memset(&m, 0, sizeof(m));
	case_expect_tx(rx, case_buf_is(rx->dst, 0, rx->len, key, 0, &m),
		       "expected %zu received bytes to be there with the callback, seen %zu missing, from %zu to %zu",
		       rx->len, m.count, m.first, m.last);
}

void queue_received_at_callback(struct case_trial *t)
{
	static const size_t sizes[] = { 64, 1024, SZ_4K, SZ_8K, SZ_16K };
	struct case_tx *tx, *rx;
	struct case_buf *src, *dst;
	unsigned int i;

	if (!case_configure(t, DMA_MEM_TO_DEV) || !case_configure(t, DMA_DEV_TO_MEM))
		return;
	for (i = 0; i < 2 * ARRAY_SIZE(sizes) && !case_over(t); i++) {
		size_t len = sizes[i / 2];

		src = case_buf_new(t, len);
		dst = case_buf_new(t, len);
		if (!src || !dst)
			return;
		case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
		case_buf_fill(dst, DMABENCH_PATTERN_OLD);
		rx = case_slave(t, dst, len, DMA_DEV_TO_MEM, CASE_FLAGS);
		if (!rx)
			return;
		/* Before submit: a broken provider may start right there. */
		rx->hook = received_hook;
		rx->data = src;
		if (!case_submit(rx))
			return;
		tx = case_slave(t, src, len, DMA_MEM_TO_DEV, CASE_FLAGS);
		if (!tx || !case_submit(tx))
			return;
		/* The reader waits for the writer, then the writer for the reader. */
		case_issue(t, i % 2 ? tx->chan : rx->chan);
		case_sleep(t, 1);
		case_issue(t, i % 2 ? rx->chan : tx->chan);
		if (!case_wait(tx) || !case_wait(rx) || !case_intact(tx) ||
		    !case_guards_intact(t, dst, "received data"))
			return;
	}
}

#define TOLD	4

/**
 * queue_what_has_moved_is_told - A4.9: the data tell that an engine is through
 * @t: the trial
 *
 * Tells an engine that stands still from one that nobody hears of.
 */
void queue_what_has_moved_is_told(struct case_trial *t)
{
	unsigned int i;

	for (i = 0; i < TOLD && !case_over(t); i++) {
		struct case_tx *tx = case_carry(t, case_random_len(t, SZ_4K));
		bool moved, told;

		if (!tx || !case_start(tx))
			return;
		moved = case_until(t, case_buf_arrived(tx->dst, tx->src, tx->len) == tx->len);
		told = case_until(t, atomic_read(&tx->calls) &&
				  case_status(tx, NULL) == DMA_COMPLETE);
		if (!moved || !told)
			t->suite->timeouts++;
		if (!case_expect_tx(tx, told,
				    "expected a callback and status complete within %u ms, seen %d callbacks and status %s; the data %s",
				    case_timeout_ms(t), atomic_read(&tx->calls),
				    case_status_name(case_status(tx, NULL)),
				    moved ? "have arrived" : "have not arrived either") ||
		    !case_intact(tx))
			return;
	}
}

#define POOL	5
#define COPIES	40

/* Random copies between few buffers, and what each must hold in the end. */
void queue_dependent_copies(struct case_trial *t)
{
	unsigned int i, from, to, round, nr = case_affordable(t, COPIES, SZ_8K);
	size_t len = case_round(t, SZ_8K);
	struct case_buf *pool[POOL];
	struct case_tx *txs[COPIES];
	struct dmabench_mismatch m;
	u64 holds[POOL];

	for (i = 0; i < POOL; i++) {
		pool[i] = case_buf_new(t, len);
		if (!pool[i])
			return;
	}
	for (round = 0; round < 6 && !case_over(t); round++) {
		for (i = 0; i < POOL; i++) {
			case_buf_fill(pool[i], DMABENCH_PATTERN_SOURCE);
			holds[i] = pool[i]->key[DMABENCH_PATTERN_SOURCE];
		}
		for (i = 0; i < nr; i++) {
			from = case_random(t) % POOL;
			to = (from + 1 + case_random(t) % (POOL - 1)) % POOL;
			txs[i] = case_memcpy(t, pool[to], 0, pool[from], 0, len, CASE_FLAGS);
			if (!txs[i] || !case_submit(txs[i]))
				return;
			holds[to] = holds[from];
			if (case_random(t) % 5 == 0)
				case_issue(t, t->chan);
			/* Before all of them hold the same. */
			if (i % 8 == 7)
				break;
		}
		case_issue(t, t->chan);
		for (from = 0; from <= min(i, nr - 1); from++)
			if (!case_wait(txs[from]))
				return;
		for (i = 0; i < POOL; i++) {
			memset(&m, 0, sizeof(m));
			if (!case_expect(t, case_buf_is(pool[i], 0, len, holds[i], 0, &m),
					 "expected buffer %u of %u to hold what the last copy in submission order brought, seen %zu of %zu bytes wrong, from %zu to %zu",
					 i + 1, POOL, m.count, len, m.first, m.last) ||
			    !case_guards_intact(t, pool[i], "buffer"))
				return;
		}
	}
}
