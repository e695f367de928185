// SPDX-License-Identifier: GPL-2.0-only
/*
 * A5, the residue: what it is of a transfer that waits, runs, or goes round.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/scatterlist.h>

#include "flow-kit.h"
#include "status.h"

static bool has_all(struct case_tx *tx, const char *what)
{
	struct dma_tx_state state;

	case_status(tx, &state);
	return case_expect_tx(tx, state.residue == tx->len,
			      "expected a residue of %zu of what is %s, seen %u", tx->len, what,
			      state.residue);
}

void status_queued_has_all(struct case_trial *t)
{
	struct case_tx *txs[3];
	struct dma_tx_state state;
	unsigned int i, round;

	for (round = 0; round < 4 && !case_over(t); round++) {
		for (i = 0; i < 3; i++) {
			txs[i] = case_carry(t, i ? case_random_len(t, SZ_16K) : case_long(t, 20));
			if (!txs[i] || !case_submit(txs[i]) || !has_all(txs[i], "not issued"))
				return;
			if (i == 1)
				case_issue(t, t->chan);
		}
		for (i = 0; i < 100; i++) {
			/* Unless the one before is over by now it had not started. */
			case_status(txs[1], &state);
			if (case_status(txs[0], NULL) != DMA_IN_PROGRESS)
				break;
			if (!case_expect_tx(txs[1], state.residue == txs[1]->len,
					    "expected a residue of %zu of what is queued, seen %u",
					    txs[1]->len, state.residue))
				return;
			usleep_range(20, 200);
		}
		if (!case_wait_all(txs, 2) || !has_all(txs[2], "not issued"))
			return;
		case_issue(t, t->chan);
		if (!case_wait_all(txs + 2, 1))
			return;
	}
}

void status_queued_behind_held(struct case_trial *t)
{
	struct case_tx *txs[3];
	struct dma_tx_state state;
	u32 before = CASE_HELD;
	unsigned int i;

	txs[0] = case_hold(t);
	txs[1] = txs[0] ? case_behind(t) : NULL;
	if (!txs[1] || !case_start(txs[1]))
		return;
	txs[2] = case_behind(t);
	if (!txs[2] || !case_submit(txs[2]))
		return;
	for (i = 0; i < 30; i++) {
		if (!has_all(txs[1], "queued") || !has_all(txs[2], "not issued"))
			return;
		case_status(txs[0], &state);
		if (!case_expect_tx(txs[0], state.residue && state.residue <= before,
				    "expected a residue from 1 to %u of what the peripheral holds, seen %u",
				    before, state.residue))
			return;
		before = state.residue;
		usleep_range(500, 1000);
	}
	if (!case_let_go(t, txs, 2) || !has_all(txs[2], "not issued"))
		return;
	case_issue(t, t->chan);
	case_let_go(t, txs + 2, 1);
}

/* How far the residue may be from what is seen in memory: bursts, FIFOs, time. */
static size_t slack(const struct case_tx *tx)
{
	return tx->len / 4 + SZ_4K;
}

static bool sample(struct case_tx *tx, u32 *before, unsigned int *values)
{
	struct dma_tx_state state;

	if (case_status(tx, &state) != DMA_IN_PROGRESS)
		return false;
	if (!case_expect_tx(tx, state.residue <= *before,
			    "expected a residue of at most %u, as before, seen %u", *before,
			    state.residue))
		return false;
	*values += state.residue != *before;
	*before = state.residue;
	return true;
}

void status_residue_shrinks(struct case_trial *t)
{
	unsigned int round, samples = 0, values = 0;
	size_t arrived, done;
	struct case_tx *tx;
	u32 before;

	for (round = 0; round < 6 && !case_over(t); round++) {
		tx = case_carry(t, case_long(t, 40));
		if (!tx || !case_start(tx))
			return;
		before = tx->len;
		while (sample(tx, &before, &values) && !case_over(t)) {
			samples++;
			done = tx->len - before;
			/* What is done is there, if it can be seen. */
			if (case_data_seen(tx) && done > slack(tx)) {
				arrived = case_buf_arrived(tx->dst, tx->src, tx->len);
				if (!case_expect_tx(tx, arrived + slack(tx) >= done,
						    "expected about %zu bytes to be there with a residue of %u of %zu, seen %zu",
						    done, before, tx->len, arrived))
					return;
			}
			case_spin(5);
			cond_resched();
		}
		if (!case_wait(tx) || !case_intact(tx))
			return;
	}
	if (!samples)
		case_skip(t, "every transfer was over before one could look");
	else
		case_note(t, "%u looks, %u changes", samples, values);
}

/* The other side of the loopback: send @len bytes and wait until they are taken. */
static struct case_tx *send(struct case_trial *t, size_t len)
{
	struct case_buf *buf = case_buf_new(t, len);
	struct case_tx *tx;

	if (!buf)
		return NULL;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	tx = case_slave(t, buf, len, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx || !case_start(tx) || !case_wait(tx))
		return NULL;
	return tx;
}

static bool is_burst(const struct case_tx *tx)
{
	return tx->chan->device->residue_granularity == DMA_RESIDUE_GRANULARITY_BURST;
}

/* Wait until no more than @want is left, or it has had time enough. */
static u32 settle(struct case_tx *rx, u32 want)
{
	struct dma_tx_state state;
	unsigned int i;

	for (i = 0; i < 400; i++) {
		if (case_status(rx, &state) != DMA_IN_PROGRESS || state.residue <= want)
			break;
		usleep_range(200, 1000);
	}
	return state.residue;
}

#define PARTS	4

void status_residue_follows_data(struct case_trial *t)
{
	size_t len = SZ_8K, part = len / PARTS;
	struct case_buf *buf = case_buf_new(t, len);
	struct case_tx *rx, *tx;
	unsigned int i;
	u32 residue, left;

	if (!buf || !case_configure(t, DMA_MEM_TO_DEV) || !case_configure(t, DMA_DEV_TO_MEM))
		return;
	case_buf_fill(buf, DMABENCH_PATTERN_OLD);
	rx = case_slave(t, buf, len, DMA_DEV_TO_MEM, CASE_FLAGS);
	if (!rx || !case_submit(rx) || !has_all(rx, "not issued"))
		return;
	case_issue(t, rx->chan);
	case_sleep(t, 5);
	if (!has_all(rx, "waiting for its peripheral"))
		return;
	for (i = 1; i < PARTS && !case_over(t); i++) {
		tx = send(t, part);
		if (!tx)
			return;
		left = len - i * part;
		residue = settle(rx, left);
		if (case_status(rx, NULL) == DMA_COMPLETE) {
			case_skip(t, "the peripheral ends a transfer with each packet");
			return;
		}
		/* Never less than what was not even sent; by segment it may be all. */
		if (!case_expect_tx(rx, residue >= left && residue <= len,
				    "expected a residue from %u to %zu with %zu bytes sent, seen %u",
				    left, len, i * part, residue) ||
		    !case_expect_tx(rx, !is_burst(rx) || residue < left + part,
				    "expected a residue of about %u with %zu bytes received, seen %u",
				    left, i * part, residue) ||
		    !case_expect_tx(rx, !atomic_read(&rx->calls),
				    "expected no callback with a residue of %u, seen %d", residue,
				    atomic_read(&rx->calls)))
			return;
	}
	if (!send(t, part) || !case_wait(rx) || !case_wait_complete(rx))
		return;
	residue = settle(rx, 0);
	case_expect_tx(rx, !residue, "expected a residue of 0 when all was received, seen %u",
		       residue);
	case_guards_intact(t, buf, "received data");
}

void status_residue_at_segments(struct case_trial *t)
{
	static const size_t sizes[] = { 1024, 512, 2048, 256, 4096 };
	struct scatterlist sg[ARRAY_SIZE(sizes)];
	struct dma_chan *chan = case_chan_of(t, DMA_DEV_TO_MEM);
	size_t at = 0, total = 0;
	struct dma_tx_state state;
	struct case_buf *buf;
	struct case_tx *rx;
	unsigned int i, looks;
	bool edge;
	u32 left;

	if (chan->device->residue_granularity != DMA_RESIDUE_GRANULARITY_SEGMENT) {
		case_skip(t, "the residue is finer than segments");
		return;
	}
	for (i = 0; i < ARRAY_SIZE(sizes); i++)
		total += sizes[i];
	buf = case_buf_new(t, total);
	rx = case_tx_new(t, chan);
	if (!buf || !rx || !case_configure(t, DMA_MEM_TO_DEV) ||
	    !case_configure(t, DMA_DEV_TO_MEM))
		return;
	case_buf_fill(buf, DMABENCH_PATTERN_OLD);
	rx->dst = buf;
	rx->len = total;
	sg_init_table(sg, ARRAY_SIZE(sizes));
	for (i = 0; i < ARRAY_SIZE(sizes); i++) {
		sg_dma_address(&sg[i]) = buf->dma + at;
		sg_dma_len(&sg[i]) = sizes[i];
		at += sizes[i];
	}
	if (!case_tx_made(rx, dmaengine_prep_slave_sg(chan, sg, ARRAY_SIZE(sizes),
						      DMA_DEV_TO_MEM, CASE_FLAGS)) ||
	    !case_start(rx))
		return;
	for (at = 0; at < total && !case_over(t); at += 256) {
		if (!send(t, 256))
			return;
		for (looks = 0; looks < 4; looks++) {
			case_status(rx, &state);
			edge = !state.residue;
			for (i = ARRAY_SIZE(sizes), left = 0; i--;) {
				left += sizes[i];
				edge |= state.residue == left;
			}
			if (!case_expect_tx(rx, edge,
					    "expected a residue that is a sum of whole segments, seen %u of %zu",
					    state.residue, total))
				return;
			usleep_range(50, 200);
		}
	}
	case_wait(rx);
}

/* ------------------------------------------------------------------- cyclic */

#define ROUND	SZ_4K
#define PERIOD	SZ_1K

void status_cyclic_in_bounds(struct case_trial *t)
{
	enum dma_transfer_direction dir = case_can(t, CASE_NEED_RX) ? DMA_DEV_TO_MEM :
								     DMA_MEM_TO_DEV;
	struct case_buf *buf = case_buf_new(t, ROUND);
	struct dma_tx_state state;
	enum dma_status status;
	struct case_tx *tx;
	unsigned int i;

	if (!buf || !case_configure(t, dir))
		return;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	tx = case_cyclic(t, buf, ROUND, PERIOD, dir, CASE_FLAGS);
	if (!tx || !case_submit(tx))
		return;
	for (i = 0; i < 100 && !case_over(t); i++) {
		if (i == 5)
			case_issue(t, tx->chan);
		status = case_status(tx, &state);
		if (!case_expect_tx(tx, status == DMA_IN_PROGRESS,
				    "expected status in progress of a cyclic transfer, seen %s",
				    case_status_name(status)) ||
		    !case_expect_tx(tx, state.residue <= ROUND,
				    "expected a residue of at most %u, the buffer, seen %u", ROUND,
				    state.residue))
			return;
		usleep_range(300, 1000);
	}
	if (case_can(t, CASE_NEED_TERMINATE))
		case_terminate(t, tx->chan);
}

/* Bytes that the position lies behind @sent, going round. */
static u32 behind(struct case_tx *rx, u32 sent, u32 *residue)
{
	struct dma_tx_state state;

	case_status(rx, &state);
	*residue = state.residue;
	return (sent - (ROUND - state.residue)) % ROUND;
}

void status_cyclic_follows_data(struct case_trial *t)
{
	struct case_buf *buf = case_buf_new(t, ROUND);
	struct case_tx *rx, *tx;
	u32 sent = 0, late, residue, at, len;
	unsigned int i;

	if (!buf || !case_configure(t, DMA_MEM_TO_DEV) || !case_configure(t, DMA_DEV_TO_MEM))
		return;
	case_buf_fill(buf, DMABENCH_PATTERN_OLD);
	rx = case_cyclic(t, buf, ROUND, PERIOD, DMA_DEV_TO_MEM, CASE_FLAGS);
	if (!rx || !case_start(rx))
		return;
	while (sent < 3 * ROUND && !case_over(t)) {
		len = 64 * (1 + case_random(t) % 12);
		at = sent % ROUND;
		tx = send(t, len);
		if (!tx)
			return;
		sent += len;
		for (i = 0; i < 400 && (late = behind(rx, sent, &residue)); i++) {
			if (!is_burst(rx) && late < PERIOD)
				break;
			usleep_range(200, 1000);
		}
		if (!case_expect_tx(rx, residue <= ROUND,
				    "expected a residue of at most %u, the buffer, seen %u", ROUND,
				    residue) ||
		    !case_expect_tx(rx, late <= (is_burst(rx) ? 256 : PERIOD),
				    "expected a residue of about %u after %u bytes, %u rounds, seen %u",
				    ROUND - sent % ROUND, sent, sent / ROUND, residue) ||
		    !case_expect_tx(rx, atomic_read(&rx->calls) <= sent / PERIOD,
				    "expected at most %u callbacks after %u bytes, seen %d",
				    sent / PERIOD, sent, atomic_read(&rx->calls)))
			return;
		/* By then the bytes are where the position says. */
		if (!late && at + len <= ROUND) {
			struct dmabench_mismatch m = {};
			u64 key = tx->src->key[DMABENCH_PATTERN_SOURCE];

			if (!case_expect_tx(rx, case_buf_is(buf, at, len, key, 0, &m),
					    "expected %u bytes at %u of the buffer with a residue of %u, seen %zu missing",
					    len, at, residue, m.count))
				return;
		}
	}
	case_guards_intact(t, buf, "cyclic buffer");
	if (case_can(t, CASE_NEED_TERMINATE))
		case_terminate(t, rx->chan);
}
