// SPDX-License-Identifier: GPL-2.0-only
/*
 * Many transfers at once, and transfers that run for as long as a case wants.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/sched.h>

#include "../suite.h"
#include "flow-kit.h"

/* What all transfers of a case may take together, ms. */
#define FLOW_BUDGET_MS	1500

/* Bytes at the end that are looked at before all others. */
#define FLOW_TAIL	64U

/**
 * case_affordable - how many transfers a case can have
 * @t: the trial
 * @want: how many it would like
 * @len: bytes of each
 *
 * Return: @want, on a slow channel less, but at least four.
 */
unsigned int case_affordable(const struct case_trial *t, unsigned int want, size_t len)
{
	u64 each = t->suite->small_ns + t->suite->kib_ns * DIV_ROUND_UP(len, SZ_1K);

	return clamp_t(u64, div64_u64((u64)FLOW_BUDGET_MS * NSEC_PER_MSEC, each ?: 1), 4, want);
}

/**
 * case_random_len - a length that the channel can carry
 * @t: the trial
 * @most: bytes at most, if that is a multiple of what the channel wants
 *
 * Small ones are as likely as large ones.
 *
 * Context: the trial's thread.
 *
 * Return: bytes.
 */
size_t case_random_len(struct case_trial *t, size_t most)
{
	size_t len = 1 + case_random(t) % most;

	len >>= case_random(t) % 8;
	return case_round(t, len);
}

/**
 * case_carry_again - prepare a transfer with the buffers of another
 * @t: the trial
 * @like: of case_carry(), completed
 *
 * The destination is filled anew with what must be gone afterwards.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_carry_again(struct case_trial *t, const struct case_tx *like)
{
	if (!like->dst)
		return case_slave(t, like->src, like->len, DMA_MEM_TO_DEV, CASE_FLAGS);
	case_buf_fill(like->dst, DMABENCH_PATTERN_OLD);
	return case_memcpy(t, like->dst, 0, like->src, 0, like->len, CASE_FLAGS);
}

/**
 * case_enqueue - prepare and submit transfers, without issuing them
 * @t: the trial
 * @txs: receives them
 * @nr: how many
 * @most: bytes of the longest; the lengths are random
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_enqueue(struct case_trial *t, struct case_tx **txs, unsigned int nr, size_t most)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		txs[i] = case_carry(t, case_random_len(t, most));
		if (!txs[i] || !case_submit(txs[i]))
			return false;
	}
	return true;
}

/**
 * case_wait_all - wait for a callback of each, and check what they have left
 * @txs: issued
 * @nr: how many
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_wait_all(struct case_tx **txs, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!case_wait(txs[i]))
			return false;
	for (i = 0; i < nr; i++)
		if (!case_intact(txs[i]))
			return false;
	return true;
}

/**
 * case_once_each - check that each has been called back once
 * @txs: completed
 * @nr: how many
 *
 * Return: true; else the case has failed.
 */
bool case_once_each(struct case_tx **txs, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++)
		if (!case_expect_tx(txs[i], atomic_read(&txs[i]->calls) == 1,
				    "expected one callback of transfer %u of %u, seen %d", i + 1,
				    nr, atomic_read(&txs[i]->calls)))
			return false;
	return true;
}

/**
 * case_ordered - check that they were called back in the order of their submission
 * @txs: completed, in that order
 * @nr: how many
 *
 * Return: true; else the case has failed.
 */
bool case_ordered(struct case_tx **txs, unsigned int nr)
{
	unsigned int i;

	for (i = 1; i < nr; i++)
		if (!case_expect_tx(txs[i], txs[i]->order > txs[i - 1]->order,
				    "expected transfer %u of %u (%zu bytes) to complete after the one before it (%zu bytes), seen it as callback %d, the other as %d",
				    i + 1, nr, txs[i]->len, txs[i - 1]->len, txs[i]->order,
				    txs[i - 1]->order))
			return false;
	return true;
}

/**
 * case_tail_first - check data from the end, which is there last
 * @tx: said to be complete
 *
 * Context: any.
 *
 * Return: true if all of them are there, or cannot be seen; else the case has failed.
 */
bool case_tail_first(struct case_tx *tx)
{
	size_t tail = min_t(size_t, tx->len, FLOW_TAIL);
	struct dmabench_mismatch m = {};
	u64 key;
	bool right;

	if (!case_data_seen(tx))
		return true;
	key = tx->src->key[DMABENCH_PATTERN_SOURCE];
	right = case_buf_is(tx->dst, tx->len - tail, tail, key, tx->len - tail, &m);
	if (!case_expect_tx(tx, right,
			    "expected the last %zu of %zu bytes to be there with the completion, seen %zu of them missing",
			    tail, tx->len, m.count))
		return false;
	memset(&m, 0, sizeof(m));
	right = case_buf_is(tx->dst, 0, tx->len, key, 0, &m);
	return case_expect_tx(tx, right,
			      "expected %zu bytes to be there with the completion, seen %zu missing, from %zu to %zu",
			      tx->len, m.count, m.first, m.last);
}

/**
 * case_tail_hook - the same as the hook of a callback
 * @tx: called back
 */
void case_tail_hook(struct case_tx *tx)
{
	case_tail_first(tx);
}

/**
 * case_poll - poll without a pause until the status is another than in progress
 * @tx: issued
 *
 * Context: may sleep.
 *
 * Return: the status; DMA_IN_PROGRESS: the case has ended.
 */
enum dma_status case_poll(struct case_tx *tx)
{
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(tx->t)) + 1;
	enum dma_status status;
	unsigned int polls = 0;

	while ((status = case_status(tx, NULL)) == DMA_IN_PROGRESS) {
		if (time_after(jiffies, end)) {
			tx->suite->timeouts++;
			case_fail_tx(tx, "expected an end within %u ms, seen status %s",
				     case_timeout_ms(tx->t), case_status_name(status));
			break;
		}
		/* A provider's own threads need a CPU, too. */
		if (++polls % 64)
			cond_resched();
		else
			usleep_range(1, 20);
	}
	return status;
}

/* ---------------------------------------------- what runs for as long as we want */

/**
 * case_hold - start a transfer that does not end
 * @t: the trial; needs LOOPBACK
 *
 * It is written to a loopback that nobody reads, so the FIFO is full before all of
 * its CASE_HELD bytes are gone. case_let_go() reads them.
 *
 * Context: may sleep.
 *
 * Return: it, issued, or NULL: the case has ended.
 */
struct case_tx *case_hold(struct case_trial *t)
{
	struct case_buf *buf = case_buf_new(t, CASE_HELD);
	struct case_tx *tx;

	if (!buf || !case_configure(t, DMA_MEM_TO_DEV) || !case_configure(t, DMA_DEV_TO_MEM))
		return NULL;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	tx = case_slave(t, buf, CASE_HELD, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx || !case_start(tx))
		return NULL;
	return tx;
}

/**
 * case_behind - prepare what is to wait behind a held transfer
 * @t: the trial, after case_hold()
 *
 * A copy of CASE_HELD bytes where the channel copies, else the same to the loopback.
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_behind(struct case_trial *t)
{
	struct case_buf *buf;

	if (case_can(t, CASE_NEED_MEMCPY))
		return case_carry(t, CASE_HELD);
	buf = case_buf_new(t, CASE_HELD);
	if (!buf)
		return NULL;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	return case_slave(t, buf, CASE_HELD, DMA_MEM_TO_DEV, CASE_FLAGS);
}

static bool receive(struct case_trial *t, struct case_tx *tx)
{
	struct case_buf *buf = case_buf_new(t, tx->len);
	struct dmabench_mismatch m = {};
	struct case_tx *rx;
	bool right;

	if (!buf)
		return false;
	case_buf_fill(buf, DMABENCH_PATTERN_OLD);
	rx = case_slave(t, buf, tx->len, DMA_DEV_TO_MEM, CASE_FLAGS);
	if (!rx || !case_start(rx) || !case_wait(rx) || !case_wait(tx))
		return false;
	right = case_buf_is(buf, 0, tx->len, tx->src->key[DMABENCH_PATTERN_SOURCE], 0, &m);
	return case_expect_tx(rx, right,
			      "expected %zu bytes out of the loopback as sent into it, seen %zu wrong, from %zu to %zu",
			      tx->len, m.count, m.first, m.last) &&
	       case_intact(tx) && case_guards_intact(t, buf, "received data");
}

/**
 * case_let_go - end held transfers, and check all of their data
 * @t: the trial
 * @txs: of case_hold() and case_behind(), issued, in that order
 * @nr: how many
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_let_go(struct case_trial *t, struct case_tx **txs, unsigned int nr)
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		if (case_data_seen(txs[i])) {
			if (!case_wait(txs[i]) || !case_intact(txs[i]))
				return false;
		} else if (!receive(t, txs[i])) {
			return false;
		}
	}
	return true;
}
