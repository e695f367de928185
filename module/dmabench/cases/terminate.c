// SPDX-License-Identifier: GPL-2.0-only
/*
 * A7: terminate, synchronize. The cases of a channel that does nothing, and the list
 * of all.
 */
#include <linux/kernel.h>

#include "life-kit.h"
#include "terminate.h"

static const struct dmabench_rule terminate_rules[] = {
	{ "A7.1", DMABENCH_STRICT,
	  "dmaengine.h:1140-1167; provider.rst:503-515; client.rst:300-318",
	  "terminate_async drops all that was submitted, in every state and context, and returns 0"
	},
	{ "A7.2", DMABENCH_STRICT,
	  "provider.rst:503-510; client.rst:311-313; 20221025090306.297886-6",
	  "terminate calls no callback of what it drops, and none comes after synchronize" },
	{ "A7.3", DMABENCH_STRICT, "dmaengine.h:1169-1220; client.rst:369-388",
	  "after terminate_sync no buffer is touched, and descriptors are given back" },
	{ "A7.4", DMABENCH_ADVISORY, "20200214091441.27535-7",
	  "a transfer that was terminated is not in progress for ever" },
	{ "A7.5", DMABENCH_STRICT, "dmaengine.h:1195; 20251113195052.564338-1",
	  "after terminate the channel works as before, and nothing old comes back" },
	{ "A7.6", DMABENCH_DOCUMENTED,
	  "dmaengine.h:1182-1187; pcm_dmaengine.c:187-221; 7a16b532-6edd-83b3-6a57-c0b471b9401a@metafoo.de",
	  "what is issued right after terminate_async, without synchronize, is done" },
	{ "A7.7", DMABENCH_STRICT, "dmaengine.h:1140-1167",
	  "terminate of an idle channel, twice, or at the very end of a transfer does no harm" },
	{ "A7.8", DMABENCH_STRICT, "dmaengine.h:1169-1193",
	  "synchronize returns when nothing was terminated" },
	{ "A7.9", DMABENCH_ADVISORY, "20250408-...v1-1-754a446a5363",
	  "terminate and submit in different threads do not disturb the channel" },
	{ "A7.10", DMABENCH_ADVISORY, "dmaengine.h:1132; client.rst:300",
	  "dmaengine_terminate_all is what terminate_async is",
	  "the same function of the provider, called by the same inline" },
};

static bool returns_0(struct case_trial *t, const char *what, int ret)
{
	return case_expect(t, !ret, "expected 0 from terminate_async %s, seen %d", what, ret);
}

static void idle(struct case_trial *t)
{
	unsigned int i;

	for (i = 0; i < 3 && !case_over(t); i++) {
		if (!returns_0(t, "of an idle channel",
			       case_terminate_async(t, t->chan)) ||
		    !returns_0(t, "of an idle channel, again",
			       case_terminate_async(t, t->chan)) ||
		    case_synchronize(t, t->chan) || case_synchronize(t, t->chan) ||
		    !case_works(t))
			return;
	}
	case_still(t, 10);
}

/* What was complete stays complete, with its data, and is not told again. */
static void completed(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_round(t, 3000));
	enum dma_status status;
	int calls;

	if (!tx || !case_do(tx))
		return;
	if (!returns_0(t, "after a transfer", case_terminate_async(t, t->chan)) ||
	    case_synchronize(t, t->chan) || !case_still(t, CASE_WATCH_MS))
		return;
	calls = atomic_read(&tx->calls);
	if (!case_expect_tx(tx, calls == 1, "expected one callback, seen %d", calls) ||
	    !case_intact(tx))
		return;
	status = case_status(tx, NULL);
	if (case_can(t, CASE_NEED_ORDER) &&
	    !case_expect_tx(tx, status == DMA_COMPLETE,
			    "expected what was complete before terminate to stay complete, seen %s",
			    case_status_name(status)))
		return;
	case_works(t);
}

static size_t arrived(const struct case_tx *tx)
{
	return tx->dst ? case_buf_arrived(tx->dst, tx->src, tx->len) : 0;
}

/*
 * Submitted, not issued: dropped, too, and no later issue_pending starts it. An
 * engine that starts at submit (A4.3) may have been faster.
 */
static void submitted(struct case_trial *t)
{
	unsigned int nr = 1 + case_random(t) % 5, i;
	struct case_tx *txs[5];
	bool early = false;

	for (i = 0; i < nr; i++) {
		txs[i] = case_carry(t, case_round(t, 64 + case_random(t) % 4096));
		if (!txs[i] || !case_submit(txs[i]))
			return;
	}
	case_sleep(t, 10);
	for (i = 0; i < nr; i++)
		early |= atomic_read(&txs[i]->calls) || arrived(txs[i]);
	if (!returns_0(t, "of what was submitted", case_terminate_async(t, t->chan)) ||
	    case_synchronize(t, t->chan))
		return;
	case_issue(t, t->chan);
	if (!case_still(t, CASE_WATCH_MS) || !case_works(t))
		return;
	for (i = 0; i < nr; i++) {
		if (!case_partial(txs[i]))
			return;
		if (early)
			continue;
		if (!case_expect_tx(txs[i], !arrived(txs[i]),
				    "expected nothing of a transfer that was terminated before it was issued, seen %zu bytes",
				    arrived(txs[i])) ||
		    !case_expect_tx(txs[i], !atomic_read(&txs[i]->calls),
				    "expected no callback of a transfer that was terminated before it was issued, seen %d",
				    atomic_read(&txs[i]->calls)))
			return;
	}
	case_still(t, CASE_WATCH_MS);
}

static void synchronize_idle(struct case_trial *t)
{
	unsigned int i;

	if (case_synchronize(t, t->chan))
		return;
	for (i = 0; i < 3; i++)
		if (!case_works(t) || case_synchronize(t, t->chan))
			return;
	if (!returns_0(t, "of an idle channel", case_terminate_async(t, t->chan)))
		return;
	for (i = 0; i < 3; i++)
		if (case_synchronize(t, t->chan))
			return;
	case_works(t);
}

static void status_afterwards(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_round(t, 4096));
	enum dma_status status;

	if (!tx || !case_submit(tx) || case_terminate(t, t->chan))
		return;
	status = case_status(tx, NULL);
	case_expect_tx(tx, status != DMA_IN_PROGRESS && status != DMA_PAUSED,
		       "expected a terminated transfer not to be in progress, seen %s",
		       case_status_name(status));
	case_note(t, "status of a terminated transfer: %s", case_status_name(status));
}

static const struct dmabench_case terminate_cases[] = {
	{
		.name	= "terminate.idle",
		.rules	= "A7.7 A7.1 A7.8",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	=
			"terminate of an idle channel, once and twice, returns 0 and does nothing",
		.run	= idle,
	},
	{
		.name	= "terminate.completed_stays_complete",
		.rules	= "A7.7 A7.1 A5.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "terminate behind a transfer takes nothing of it back",
		.run	= completed,
	},
	{
		.name	= "terminate.submitted",
		.rules	= "A7.1 A7.2 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(ORDER),
		.what	= "terminate drops what was submitted but not issued",
		.run	= submitted,
	},
	{
		.name	= "terminate.queue",
		.rules	= "A7.1 A7.2 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "terminate drops a queue: each transfer was done and told, or neither",
		.run	= case_terminate_queue,
	},
	{
		.name	= "terminate.running",
		.rules	= "A7.3 A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "terminate_sync of a long transfer: memory is the client's again",
		.run	= case_terminate_running,
	},
	{
		.name	= "terminate.stalled_tx",
		.rules	= "A7.1 A7.2 A7.3 A7.5",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE) | NEEDS(ORDER),
		.what	= "terminate of transfers that wait for a peripheral to take data",
		.run	= case_terminate_stalled_tx,
	},
	{
		.name	= "terminate.stalled_rx",
		.rules	= "A7.1 A7.2 A7.3 A7.5",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE) | NEEDS(ORDER),
		.what	= "terminate of transfers that wait for a peripheral to give data",
		.run	= case_terminate_stalled_rx,
	},
	{
		.name	= "terminate.cyclic",
		.rules	= "A7.1 A7.2 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	= "terminate ends what goes round, and what waits behind it",
		.run	= case_terminate_cyclic,
	},
	{
		.name	= "terminate.other_channel",
		.rules	= "A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "terminate of a channel leaves other channels alone",
		.run	= case_terminate_other_channel,
	},
	{
		.name	= "terminate.bh_off",
		.rules	= "A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "terminate_async in atomic context, in every state",
		.run	= case_terminate_bh_off,
	},
	{
		.name	= "terminate.irq_off",
		.rules	= "A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(SLAVE_CAP),
		.what	= "terminate_async under a lock with interrupts off, in every state",
		.run	= case_terminate_irq_off,
	},
	{
		.name	= "terminate.hardirq",
		.rules	= "A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(SLAVE_CAP),
		.what	= "terminate_async in an interrupt, in every state",
		.run	= case_terminate_hardirq,
	},
	{
		.name	= "terminate.in_callback",
		.rules	= "A7.1 A6.3 A7.2",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(ORDER),
		.opt_in	= OPT_IN(REENTRY),
		.what	= "terminate_async in a callback drops what is behind it",
		.run	= case_terminate_in_callback,
	},
	{
		.name	= "terminate.in_period",
		.rules	= "A6.10 A7.1 A7.2",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	=
			"terminate_async in a period's callback, no further one after synchronize",
		.run	= case_terminate_in_period,
	},
	{
		.name	= "terminate.waits_for_callback",
		.rules	= "A7.2 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(SYNCHRONIZE),
		.what	= "synchronize does not return while a callback is running",
		.run	= case_terminate_waits_for_callback,
	},
	{
		.name	= "terminate.restart",
		.rules	= "A7.5 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "started, terminated and started anew at random moments, data right",
		.run	= case_terminate_restart,
	},
	{
		.name	= "terminate.restart_loopback",
		.rules	= "A7.5 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "either side of a loopback terminated and started anew, data right",
		.run	= case_terminate_restart_loopback,
	},
	{
		.name	= "terminate.restart_cyclic",
		.rules	= "A7.5 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	= "what goes round is terminated and started anew, other transfers between",
		.run	= case_terminate_restart_cyclic,
	},
	{
		.name	= "terminate.no_leak",
		.rules	= "A7.3 A7.5",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "terminated descriptors come back: preparing never fails",
		.run	= case_terminate_no_leak,
	},
	{
		.name	= "terminate.no_leak_cyclic",
		.rules	= "A7.3 A7.5",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	= "terminated cyclic descriptors come back: preparing never fails",
		.run	= case_terminate_no_leak_cyclic,
	},
	{
		.name	= "terminate.race",
		.rules	= "A7.7 A7.2 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "terminate at the very end of a transfer: done and told, or neither",
		.run	= case_terminate_race,
	},
	{
		.name	= "terminate.then_issue",
		.rules	= "A7.6 A7.2",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "a transfer issued right after terminate_async is done, once",
		.run	= case_terminate_then_issue,
	},
	{
		.name	= "terminate.then_issue_synchronize",
		.rules	= "A7.6",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "nor does a late synchronize take it away",
		.run	= case_terminate_then_issue_synchronize,
	},
	{
		.name	= "terminate.then_issue_stalled",
		.rules	= "A7.6 A7.2",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE) | NEEDS(ORDER),
		.what	= "the same where the terminated transfer waits for a peripheral",
		.run	= case_terminate_then_issue_stalled,
	},
	{
		.name	= "terminate.synchronize_idle",
		.rules	= "A7.8",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "synchronize of an idle channel returns, once and again",
		.run	= synchronize_idle,
	},
	{
		.name	= "terminate.status_afterwards",
		.rules	= "A7.4",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(ORDER),
		.what	= "a terminated transfer is not in progress any more",
		.run	= status_afterwards,
	},
	{
		.name	= "terminate.concurrent",
		.rules	= "A7.9 A4.8",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.opt_in	= OPT_IN(SHARED_CHANNEL),
		.what	= "threads submit while another one terminates",
		.run	= case_terminate_concurrent,
	},
};

const struct dmabench_chapter dmabench_chapter_terminate = {
	.name		= "terminate",
	.rules		= terminate_rules,
	.nr_rules	= ARRAY_SIZE(terminate_rules),
	.cases		= terminate_cases,
	.nr_cases	= ARRAY_SIZE(terminate_cases),
};
