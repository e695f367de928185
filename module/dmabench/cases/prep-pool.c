// SPDX-License-Identifier: GPL-2.0-only
/*
 * A2.6 and A2.7: descriptors run out and come back. What leaks one at a time is found
 * by counting how many there are, before and after, or by doing it more often than
 * there can be descriptors.
 */
#include <linux/kernel.h>
#include <linux/scatterlist.h>

#include "../suite.h"
#include "flow-kit.h"
#include "life-kit.h"
#include "prep.h"

/* More than a channel has, as a rule; what has more has no limit for us. */
#define POOL_MOST	5000U

/* How many leaks are tried where the pool can be counted. */
#define POOL_LEAKS	48

/* The transfers are small, and all of the same two buffers. */
struct pool {
	struct case_buf *src;
	struct case_buf *dst;
	size_t len;
	unsigned int most;
};

static bool pool_open(struct case_trial *t, struct pool *pool)
{
	struct case_tx *tx;

	pool->len = case_round(t, 16);
	/* Of a slow channel no more than what it can do in time. */
	pool->most = case_affordable(t, POOL_MOST, pool->len);
	/* Gets buffers, and whatever the channel needs to carry at all. */
	tx = case_carry(t, pool->len);
	if (!tx || !case_do(tx))
		return false;
	pool->src = tx->src;
	pool->dst = tx->dst;
	return true;
}

static struct case_tx *pool_tx(struct case_trial *t, const struct pool *pool)
{
	struct case_tx *tx = case_tx_new(t, t->chan);

	if (!tx)
		return NULL;
	tx->src = pool->src;
	tx->dst = pool->dst;
	tx->len = pool->len;
	return tx;
}

static struct dma_async_tx_descriptor *pool_prep(struct case_tx *tx)
{
	if (tx->dst)
		return dmaengine_prep_dma_memcpy(tx->chan, tx->dst->dma, tx->src->dma, tx->len,
						 CASE_FLAGS);
	return dmaengine_prep_slave_single(tx->chan, tx->src->dma, tx->len, DMA_MEM_TO_DEV,
					   CASE_FLAGS);
}

/*
 * Submits until there is no descriptor left, then lets all of it complete. Returns how
 * many there were, POOL_MOST or less if no end was found, or -1.
 */
static int pool_count(struct case_trial *t, const struct pool *pool)
{
	struct dma_async_tx_descriptor *desc;
	struct case_tx *tx, *last = NULL;
	unsigned int nr;

	for (nr = 0; nr < pool->most; nr++) {
		tx = pool_tx(t, pool);
		if (!tx)
			return -1;
		desc = pool_prep(tx);
		if (!desc)
			break;
		if (!case_tx_made(tx, desc) || !case_submit(tx))
			return -1;
		last = tx;
	}
	case_issue(t, t->chan);
	if (!case_expect(t, last, "expected at least one descriptor, seen NULL at once"))
		return -1;
	/* Out of order the last one tells nothing of the others. */
	list_for_each_entry(tx, &t->txs, entry)
		if (tx->chan == t->chan && tx->state == CASE_TX_SUBMITTED &&
		    !atomic_read(&tx->calls) && !case_wait(tx))
			return -1;
	return nr;
}

/**
 * prep_exhaustion_recovers - A2.6
 * @t: the trial
 */
void prep_exhaustion_recovers(struct case_trial *t)
{
	struct pool pool;
	struct case_tx *tx;
	int first, second;

	if (!pool_open(t, &pool))
		return;
	first = pool_count(t, &pool);
	if (first < 0)
		return;
	second = pool_count(t, &pool);
	if (second < 0)
		return;
	case_note(t, "%d descriptors%s", first,
		  first == pool.most ? " and no end" : ", then NULL");
	case_expect(t, second >= first,
		    "expected as many descriptors as the first time, %d, seen %d", first, second);
	tx = case_carry(t, case_round(t, 3000));
	if (tx)
		case_do(tx);
}

/**
 * prep_completions_cost_nothing - A2.6: more transfers than descriptors
 * @t: the trial
 */
void prep_completions_cost_nothing(struct case_trial *t)
{
	unsigned int done, i, batch;
	struct case_tx *tx = NULL;
	struct pool pool;

	if (!pool_open(t, &pool))
		return;
	for (done = 0; done < pool.most && !case_over(t); done += batch) {
		batch = 1 + case_random(t) % 8;
		for (i = 0; i < batch; i++) {
			tx = pool_tx(t, &pool);
			if (!tx)
				return;
			if (!case_tx_made(tx, pool_prep(tx))) {
				case_note(t, "after %u transfers, all of them complete but %u",
					  done + i, i);
				return;
			}
			if (!case_submit(tx))
				return;
		}
		case_issue(t, t->chan);
		if (!case_wait(tx))
			return;
	}
	case_intact(tx);
}

/**
 * prep_refusals_cost_nothing - A2.6 with A2.5
 * @t: the trial
 */
void prep_refusals_cost_nothing(struct case_trial *t)
{
	struct dma_async_tx_descriptor *desc;
	struct scatterlist sg[2];
	struct pool pool;
	unsigned int i, refused = 0;
	int before, after;

	if (!pool_open(t, &pool))
		return;
	before = pool_count(t, &pool);
	if (before < 0 || !case_configure(t, DMA_MEM_TO_DEV))
		return;
	sg_init_table(sg, ARRAY_SIZE(sg));
	for (i = 0; i < ARRAY_SIZE(sg); i++) {
		sg_dma_address(&sg[i]) = pool.src->dma;
		sg_dma_len(&sg[i]) = pool.len;
	}
	/* An entry of no bytes behind a good one is refused halfway. */
	for (i = 0; i < max_t(unsigned int, POOL_LEAKS, before == pool.most ? POOL_MOST : 0); i++) {
		sg_dma_len(&sg[1]) = 0;
		desc = dmaengine_prep_slave_sg(t->chan, sg, i % 3 ? 2 : 0,
					       i % 3 == 2 ? DMA_TRANS_NONE : DMA_MEM_TO_DEV,
					       CASE_FLAGS);
		if (!desc) {
			refused++;
		} else if (case_terminate(t, t->chan)) {
			case_skip(t, "nonsense is accepted, and cannot be taken back");
			return;
		}
	}
	if (!refused) {
		case_skip(t, "no nonsense that was tried is refused");
		return;
	}
	after = pool_count(t, &pool);
	if (after < 0)
		return;
	case_expect(t, after >= before || after == pool.most,
		    "expected %d descriptors after %u refusals, as before, seen %d", before,
		    refused, after);
}

/**
 * prep_terminations_cost_nothing - A2.6 and A7.3: what was running comes back, too
 * @t: the trial
 */
void prep_terminations_cost_nothing(struct case_trial *t)
{
	struct pool pool;
	struct case_tx *tx;
	int before, after;
	unsigned int i;

	if (!pool_open(t, &pool))
		return;
	before = pool_count(t, &pool);
	for (i = 0; before >= 0 && i < POOL_LEAKS && !case_over(t); i++) {
		/* Nobody reads the loopback, so it is there when terminate comes. */
		tx = case_stalled(t);
		if (!tx || !case_start(tx))
			return;
		case_spin(20);
		if (case_terminate(t, t->chan))
			return;
	}
	after = before < 0 ? -1 : pool_count(t, &pool);
	if (after < 0)
		return;
	case_expect(t, after >= before || after == pool.most,
		    "expected %d descriptors after %u running transfers were terminated, as before, seen %d",
		    before, i, after);
}

/**
 * prep_unsubmitted_are_released - A2.7
 * @t: the trial
 */
void prep_unsubmitted_are_released(struct case_trial *t)
{
	unsigned int done, i;
	struct case_tx *tx;
	struct pool pool;

	if (!pool_open(t, &pool))
		return;
	for (done = 0; done < POOL_MOST && !case_over(t); done += POOL_LEAKS) {
		for (i = 0; i < POOL_LEAKS; i++) {
			struct dma_async_tx_descriptor *desc;

			tx = pool_tx(t, &pool);
			if (!tx)
				return;
			desc = pool_prep(tx);
			/* A small pool is empty before that. */
			if (!desc && i)
				break;
			if (!case_expect(t, desc,
					 "expected a descriptor after %u were prepared and terminated, seen NULL",
					 done))
				return;
		}
		if (case_terminate(t, t->chan))
			return;
	}
	tx = case_carry(t, case_round(t, 1000));
	if (tx)
		case_do(tx);
}
