// SPDX-License-Identifier: GPL-2.0-only
/*
 * A5: status. What is about the residue is in status-residue.c, what is about the
 * context that asks in status-context.c.
 */
#include <linux/delay.h>
#include <linux/kernel.h>

#include "flow-kit.h"
#include "status.h"

static const struct dmabench_rule status_rules[] = {
	{ "A5.1", DMABENCH_STRICT,
	  "dmaengine.h:37-43; provider.rst:450-467; 20190429113555.GI3845@vkoul-mobl.Dlink, 20201118173840.GW50232",
	  "the status is that of the cookie: complete only when it is, in progress while it is not issued, queued or running"
	},
	{ "A5.2", DMABENCH_DOCUMENTED,
	  "20190429051310.GC3845@vkoul-mobl.Dlink; dmaengine.h:462-486; provider.rst:450-462",
	  "the residue is 0 when complete, all when queued, what is left when running; it never grows"
	},
	{ "A5.3", DMABENCH_DOCUMENTED, "provider.rst:459-462; sound/core/pcm_dmaengine.c:249-269",
	  "the residue of a cyclic transfer counts down to the end of the buffer and starts again"
	},
	{ "A5.4", DMABENCH_STRICT, "provider.rst:457; 20221025090306.297886-18",
	  "without a state to fill in the status is the same" },
	{ "A5.5", DMABENCH_STRICT, "dmaengine.h:723-738; drivers/dma/dmaengine.h:68-83",
	  "the state tells the last completed and the last used cookie" },
	{ "A5.6", DMABENCH_ADVISORY, "dmaengine.h:731, 1502",
	  "in_flight_bytes is always set, to no more than the transfer has" },
	{ "A5.7", DMABENCH_STRICT, "provider.rst:450-467; 20240911184710.4207-2",
	  "the status can be asked for in any context, while transfers complete, and runs no callback itself"
	},
	{ "A5.8", DMABENCH_STRICT, "dmaengine.h:1455-1500",
	  "dma_async_is_tx_complete() reads what the provider may have left unset",
	  "the core's own: the cases pass a state that is cleared" },
	{ "A5.9", DMABENCH_STRICT, "drivers/dma/dmaengine.c:526-544",
	  "dma_sync_wait() issues what is pending and returns its status" },
	{ "A5.10", DMABENCH_ADVISORY, "20190604124527.GG15118 (disputed)",
	  "the status becomes complete without DMA_PREP_INTERRUPT, too" },
	{ "A5.11", DMABENCH_DOCUMENTED, "20200624060217.GA2324254@vkoul-mobl",
	  "the residue of what is complete is 0 even if the transfer was short" },
};

static bool is_in_progress(struct case_tx *tx, const char *what)
{
	enum dma_status status = case_status(tx, NULL);

	return case_expect_tx(tx, status == DMA_IN_PROGRESS,
			      "expected status in progress of what is %s, seen %s", what,
			      case_status_name(status));
}

static bool is_complete(struct case_tx *tx, const char *what)
{
	struct dma_tx_state state;
	enum dma_status status = case_status(tx, &state);

	return case_expect_tx(tx, status == DMA_COMPLETE,
			      "expected status complete of what is %s, seen %s", what,
			      case_status_name(status)) &&
	       case_expect_tx(tx, !state.residue,
			      "expected a residue of 0 of what is %s, seen %u", what,
			      state.residue);
}

/* Done, running, queued and unissued at once; @txs in this order. */
static bool judge_four(struct case_tx **txs, bool held)
{
	enum dma_status queued, running;

	if (!is_complete(txs[0], "done") || !is_in_progress(txs[3], "not issued"))
		return false;
	/* The later one first: if it is complete, so is the earlier one. */
	queued = case_status(txs[2], NULL);
	running = case_status(txs[1], NULL);
	return case_expect_tx(txs[2], queued == DMA_IN_PROGRESS ||
			      (!held && queued == DMA_COMPLETE && running == DMA_COMPLETE),
			      "expected status in progress of what is queued, seen %s, and %s of what runs before it",
			      case_status_name(queued), case_status_name(running)) &&
	       case_expect_tx(txs[1], running == DMA_IN_PROGRESS ||
			      (!held && running == DMA_COMPLETE),
			      "expected status in progress of what runs, seen %s",
			      case_status_name(running));
}

static void each_cookie_has_its_own(struct case_trial *t)
{
	struct case_tx *txs[4];
	unsigned int i, round;

	for (round = 0; round < 4 && !case_over(t); round++) {
		txs[0] = case_carry(t, case_random_len(t, SZ_4K));
		if (!txs[0] || !case_do(txs[0]))
			return;
		for (i = 1; i < 4; i++) {
			txs[i] = case_carry(t, i == 1 ? case_long(t, 20) :
							case_random_len(t, SZ_4K));
			if (!txs[i] || !case_submit(txs[i]))
				return;
			if (i == 2)
				case_issue(t, t->chan);
		}
		for (i = 0; i < 200 && !atomic_read(&txs[2]->calls); i++) {
			if (!judge_four(txs, false))
				return;
			usleep_range(20, 200);
		}
		if (!case_wait_all(txs + 1, 2))
			return;
		for (i = 0; i < 3; i++)
			if (!case_wait_complete(txs[i]) || !is_complete(txs[i], "done"))
				return;
		if (!is_in_progress(txs[3], "not issued"))
			return;
		case_issue(t, t->chan);
		if (!case_wait_all(txs + 3, 1))
			return;
	}
}

static void held_queued_unissued(struct case_trial *t)
{
	struct case_tx *txs[4];
	struct dma_tx_state state;
	unsigned int i;

	/* One that is done: sent to the loopback, and read from it. */
	txs[0] = case_hold(t);
	if (!txs[0] || !case_let_go(t, txs, 1) || !case_wait_complete(txs[0]))
		return;
	txs[1] = case_hold(t);
	txs[2] = txs[1] ? case_behind(t) : NULL;
	if (!txs[2] || !case_start(txs[2]))
		return;
	txs[3] = case_behind(t);
	if (!txs[3] || !case_submit(txs[3]))
		return;
	for (i = 0; i < 20; i++) {
		if (!judge_four(txs, true))
			return;
		case_status(txs[2], &state);
		if (!case_expect_tx(txs[0], state.last == txs[0]->cookie,
				    "expected the last completed cookie to be %d, seen %d",
				    txs[0]->cookie, state.last) ||
		    !case_expect_tx(txs[3], state.used == txs[3]->cookie,
				    "expected the last used cookie to be %d, seen %d",
				    txs[3]->cookie, state.used))
			return;
		usleep_range(500, 1000);
	}
	if (!case_let_go(t, txs + 1, 2))
		return;
	for (i = 0; i < 3; i++)
		if (!case_wait_complete(txs[i]) || !is_complete(txs[i], "done"))
			return;
	if (!is_in_progress(txs[3], "not issued"))
		return;
	case_issue(t, t->chan);
	if (case_let_go(t, txs + 3, 1) && case_wait_complete(txs[3]))
		is_complete(txs[3], "done");
}

static void unissued_is_never_complete(struct case_trial *t)
{
	struct case_tx *txs[9];
	unsigned int i, round, nr;

	for (round = 0; round < 4 && !case_over(t); round++) {
		/* Behind nothing, and behind one that is done. */
		if (round) {
			txs[0] = case_carry(t, case_random_len(t, SZ_4K));
			if (!txs[0] || !case_do(txs[0]))
				return;
		}
		nr = 1 + case_random(t) % ARRAY_SIZE(txs);
		if (!case_enqueue(t, txs, nr, SZ_4K))
			return;
		for (i = 0; i < 4 * nr; i++) {
			if (!is_in_progress(txs[i % nr], "not issued"))
				return;
			usleep_range(100, 500);
		}
		case_issue(t, t->chan);
		if (!case_wait_all(txs, nr))
			return;
		for (i = 0; i < nr; i++)
			if (!case_wait_complete(txs[i]))
				return;
	}
}

#define OLD	8

static void done_stays_done(struct case_trial *t)
{
	unsigned int i, j, nr = case_affordable(t, 60, SZ_4K);
	struct case_tx *old[OLD], *tx;

	if (!case_enqueue(t, old, OLD, SZ_16K))
		return;
	case_issue(t, t->chan);
	if (!case_wait_all(old, OLD))
		return;
	for (i = 0; i < OLD; i++)
		if (!case_wait_complete(old[i]))
			return;
	for (i = 0; i < nr && !case_over(t); i++) {
		tx = case_carry(t, case_random_len(t, SZ_4K));
		if (!tx || !case_submit(tx))
			return;
		for (j = 0; j < OLD; j++)
			if (!is_complete(old[j], "done, while another is submitted"))
				return;
		case_issue(t, t->chan);
		for (j = 0; j < OLD; j++)
			if (!is_complete(old[j], "done, while another runs"))
				return;
		if (!case_wait(tx) || !case_intact(tx) || !case_wait_complete(tx) ||
		    !is_complete(tx, "done"))
			return;
	}
}

static bool same_without_state(struct case_tx *tx)
{
	enum dma_status before, without, after;
	struct dma_tx_state state;

	before = case_status(tx, &state);
	without = case_status(tx, NULL);
	after = case_status(tx, &state);
	return case_expect_tx(tx, without == before || without == after,
			      "expected the same status without a state as with one, %s, seen %s",
			      case_status_name(before), case_status_name(without));
}

static void null_state(struct case_trial *t)
{
	struct case_tx *tx;
	unsigned int i, round;

	for (round = 0; round < 4 && !case_over(t); round++) {
		tx = case_carry(t, round ? case_random_len(t, SZ_4K) : case_long(t, 20));
		if (!tx || !case_submit(tx) || !same_without_state(tx))
			return;
		case_issue(t, t->chan);
		for (i = 0; i < 50; i++) {
			if (!same_without_state(tx))
				return;
			case_spin(20);
		}
		if (!case_wait(tx) || !case_wait_complete(tx) || !same_without_state(tx))
			return;
	}
}

static void null_state_while_held(struct case_trial *t)
{
	struct case_tx *tx = case_hold(t);
	unsigned int i;

	for (i = 0; tx && i < 20; i++) {
		if (!same_without_state(tx))
			return;
		usleep_range(100, 300);
	}
	if (tx && case_let_go(t, &tx, 1))
		same_without_state(tx);
}

static bool last_and_used_are(struct case_tx *tx, dma_cookie_t last, dma_cookie_t used)
{
	struct dma_tx_state state;
	enum dma_status status = case_status(tx, &state);

	return case_expect_tx(tx, state.last == last && state.used == used,
			      "expected last %d and used %d, seen %d and %d", last, used,
			      state.last, state.used) &&
	       case_expect_tx(tx, status == dma_async_is_complete(tx->cookie, last, used),
			      "expected a status that agrees with last %d and used %d, seen %s",
			      last, used, case_status_name(status));
}

static void last_and_used(struct case_trial *t)
{
	unsigned int round, nr = case_affordable(t, 12, SZ_4K);
	struct case_tx *done = case_carry(t, case_round(t, 64)), *tx;

	if (!done || !case_do(done) || !case_wait_complete(done))
		return;
	for (round = 0; round < nr && !case_over(t); round++) {
		if (!last_and_used_are(done, done->cookie, done->cookie))
			return;
		tx = case_carry(t, case_random_len(t, SZ_4K));
		if (!tx || !case_submit(tx) ||
		    !last_and_used_are(tx, done->cookie, tx->cookie) ||
		    !last_and_used_are(done, done->cookie, tx->cookie))
			return;
		case_issue(t, t->chan);
		if (!case_wait(tx) || !case_wait_complete(tx) ||
		    !last_and_used_are(done, tx->cookie, tx->cookie))
			return;
		done = tx;
	}
}

static bool in_flight_is_sane(struct case_tx *tx, const char *what)
{
	struct dma_tx_state state = { .in_flight_bytes = 0xdeadbeef };

	dmaengine_tx_status(tx->chan, tx->cookie, &state);
	return case_expect_tx(tx, state.in_flight_bytes <= tx->len,
			      "expected in_flight_bytes of what is %s to be at most %zu, seen %#x",
			      what, tx->len, state.in_flight_bytes);
}

static void in_flight_bytes(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_long(t, 20));
	unsigned int i;

	if (!tx || !case_submit(tx) || !in_flight_is_sane(tx, "not issued"))
		return;
	case_issue(t, t->chan);
	for (i = 0; i < 50; i++) {
		if (!in_flight_is_sane(tx, "issued"))
			return;
		case_spin(20);
	}
	if (case_wait(tx))
		in_flight_is_sane(tx, "done");
}

/* ------------------------------------------------------------------- polling */

static void sync_wait(struct case_trial *t)
{
	enum dma_status status;
	unsigned int round;
	struct case_tx *tx;

	for (round = 0; round < 4 && !case_over(t); round++) {
		tx = case_carry(t, case_random_len(t, SZ_16K));
		if (!tx || !case_submit(tx))
			return;
		/* It issues by itself. */
		status = dma_sync_wait(t->chan, tx->cookie);
		if (!case_expect_tx(tx, status == DMA_COMPLETE,
				    "expected dma_sync_wait() to return complete, seen %s",
				    case_status_name(status)) ||
		    !case_tail_first(tx) || !case_wait(tx) || !case_intact(tx))
			return;
	}
}

static void polled_without_interrupt(struct case_trial *t)
{
	struct case_tx *tx;
	unsigned int round;

	for (round = 0; round < 4 && !case_over(t); round++) {
		size_t len = case_random_len(t, SZ_16K);
		struct case_buf *src = case_buf_new(t, len), *dst = case_buf_new(t, len);

		if (!src || !dst)
			return;
		case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
		case_buf_fill(dst, DMABENCH_PATTERN_OLD);
		tx = case_memcpy(t, dst, 0, src, 0, len, DMA_CTRL_ACK);
		if (!tx)
			return;
		/* Nobody wants to be called. */
		tx->desc->callback = NULL;
		if (!case_start(tx) || !case_wait_complete(tx) || !case_tail_first(tx) ||
		    !case_intact(tx))
			return;
	}
}

static const struct dmabench_case status_cases[] = {
	{
		.name	= "status.each_cookie_has_its_own",
		.rules	= "A5.1 A5.2 A4.7",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "done, running, queued and unissued transfers each have their status",
		.run	= each_cookie_has_its_own,
	},
	{
		.name	= "status.each_cookie_has_its_own_behind_a_held_one",
		.rules	= "A5.1 A5.2 A5.5",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(ORDER),
		.what	= "the same while a peripheral holds the running one",
		.run	= held_queued_unissued,
	},
	{
		.name	= "status.unissued_is_never_complete",
		.rules	= "A5.1 A4.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "what is not issued is in progress, whatever is done before it",
		.run	= unissued_is_never_complete,
	},
	{
		.name	= "status.done_stays_done",
		.rules	= "A5.1 A5.2",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "what is done stays complete with residue 0, whatever comes later",
		.run	= done_stays_done,
	},
	{
		.name	= "status.without_a_state",
		.rules	= "A5.4",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "tx_status takes NULL and returns the same",
		.run	= null_state,
	},
	{
		.name	= "status.without_a_state_while_held",
		.rules	= "A5.4",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(ORDER),
		.what	= "tx_status takes NULL while a peripheral holds the transfer",
		.run	= null_state_while_held,
	},
	{
		.name	= "status.tells_last_and_used",
		.rules	= "A5.5 A4.7",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "the state tells the last completed and the last submitted cookie",
		.run	= last_and_used,
	},
	{
		.name	= "status.in_flight_bytes_are_set",
		.rules	= "A5.6",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(CARRIER),
		.what	= "in_flight_bytes is not left as it was, and at most the length",
		.run	= in_flight_bytes,
	},
	STATUS_CONTEXT_CASES,
	{
		.name	= "status.sync_wait_issues_and_waits",
		.rules	= "A5.9 A4.10",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "dma_sync_wait() starts what is submitted and returns complete",
		.run	= sync_wait,
	},
	{
		.name	= "status.completes_without_interrupt",
		.rules	= "A5.10",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(MEMCPY) | NEEDS(ORDER),
		.what	= "the status becomes complete without DMA_PREP_INTERRUPT",
		.run	= polled_without_interrupt,
	},
	STATUS_RESIDUE_CASES,
};

const struct dmabench_chapter dmabench_chapter_status = {
	.name		= "status",
	.rules		= status_rules,
	.nr_rules	= ARRAY_SIZE(status_rules),
	.cases		= status_cases,
	.nr_cases	= ARRAY_SIZE(status_cases),
};
