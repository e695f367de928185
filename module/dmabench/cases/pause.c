// SPDX-License-Identifier: GPL-2.0-only
/*
 * A8: pause, resume. The cases of what a paused channel looks like, and the list of
 * all.
 */
#include <linux/errno.h>
#include <linux/kernel.h>

#include "life-kit.h"
#include "pause.h"

static const struct dmabench_rule pause_rules[] = {
	{ "A8.1", DMABENCH_STRICT, "dmaengine.h:1222-1236; provider.rst:489-501",
	  "when pause returns nothing moves any more; without the operation it is -ENOSYS" },
	{ "A8.2", DMABENCH_STRICT, "client.rst:330-337",
	  "a pause loses no data: all bytes come, once, in order" },
	{ "A8.3", DMABENCH_DOCUMENTED, "20191111060943.GQ952516; 20190506112001.GE3845",
	  "a paused transfer has the status paused, never complete, and a residue that stands" },
	{ "A8.4", DMABENCH_DOCUMENTED, "provider.rst:489-501",
	  "a paused channel calls back nothing but what was complete" },
	{ "A8.5", DMABENCH_DOCUMENTED, "client.rst:344; 20231004163531.2864160-1",
	  "pause of an idle channel, pause twice, resume without pause do no harm" },
	{ "A8.6", DMABENCH_STRICT, "pcm_dmaengine.c:366-381",
	  "terminate ends what is paused, and the next transfer is not paused" },
	{ "A8.7", DMABENCH_ADVISORY, "provider.rst:489-501",
	  "what is issued while the channel is paused waits for resume" },
	{ "A8.8", DMABENCH_ADVISORY, "20230214151827.1050280-4",
	  "pause, resume and terminate leave the use count of runtime PM as it was" },
};

/**
 * case_pause - pause a channel that has something to do
 * @t: the trial
 * @chan: the channel
 *
 * Context: any.
 *
 * Return: true; else the case has failed.
 */
bool case_pause(struct case_trial *t, struct dma_chan *chan)
{
	int ret = dmaengine_pause(chan);

	return case_expect(t, !ret, "expected 0 from pause, seen %d", ret);
}

/**
 * case_resume - resume a channel that is paused
 * @t: the trial
 * @chan: the channel
 *
 * Context: any.
 *
 * Return: true; else the case has failed.
 */
bool case_resume(struct case_trial *t, struct dma_chan *chan)
{
	int ret = dmaengine_resume(chan);

	return case_expect(t, !ret, "expected 0 from resume, seen %d", ret);
}

static void without_operation(struct case_trial *t)
{
	int ret;

	if (!case_can(t, CASE_NEED_PAUSE)) {
		ret = dmaengine_pause(t->chan);
		case_expect(t, ret == -ENOSYS, "expected -ENOSYS (%d) from pause, seen %d",
			    -ENOSYS, ret);
	}
	if (!case_can(t, CASE_NEED_RESUME)) {
		ret = dmaengine_resume(t->chan);
		case_expect(t, ret == -ENOSYS, "expected -ENOSYS (%d) from resume, seen %d",
			    -ENOSYS, ret);
	}
	if (case_can(t, CASE_NEED_PAUSE) && case_can(t, CASE_NEED_RESUME))
		case_skip(t, "the provider has both");
}

/* ------------------------------------------------------------------- frozen */

/* Of the active one of a paused channel, and of all behind it. */
static bool looks_paused(struct case_tx *tx, struct case_tx *behind, unsigned int ms)
{
	struct dma_tx_state before, after;
	enum dma_status status = case_status(tx, &before);

	if (!case_expect_tx(tx, before.residue <= tx->len,
			    "expected a residue of at most %zu, seen %u", tx->len,
			    before.residue) ||
	    !case_still(tx->t, ms))
		return false;
	if (!case_expect_tx(tx, case_status(tx, &after) == status,
			    "expected the status to stay %s while paused, seen %s",
			    case_status_name(status),
			    case_status_name(case_status(tx, NULL))) ||
	    !case_expect_tx(tx, after.residue == before.residue,
			    "expected the residue to stay %u while paused, seen %u",
			    before.residue, after.residue))
		return false;
	if (!behind)
		return true;
	status = case_status(behind, NULL);
	return case_expect_tx(behind, status != DMA_COMPLETE,
			      "expected none behind a paused transfer to be complete, seen it") &&
	       case_untouched(behind);
}

/* Was it paused before it was over? If it was over its callback may still come. */
static bool caught(struct case_tx *tx)
{
	return case_status(tx, NULL) != DMA_COMPLETE;
}

#define FREEZE_TRIES	12U
#define FREEZE_CAUGHT	3U

static void freezes(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 20), case_round(t, SZ_256K));
	unsigned int i, seen = 0;
	struct case_tx *tx, *behind;

	for (i = 0; i < FREEZE_TRIES && seen < FREEZE_CAUGHT && !case_over(t); i++) {
		tx = case_carry(t, len);
		if (!tx || !case_submit(tx))
			return;
		behind = case_carry(t, case_round(t, 512));
		if (!behind || !case_start(behind))
			return;
		case_spin(case_random(t) % (min(case_takes_us(t, len), 10000U) + 1));
		if (!case_pause(t, t->chan))
			return;
		if (caught(tx)) {
			seen++;
			if (!looks_paused(tx, behind, seen == 1 ? CASE_WATCH_MS : 10))
				return;
		}
		if (!case_resume(t, t->chan) || !case_wait(tx) || !case_wait(behind) ||
		    !case_intact(tx) || !case_intact(behind) ||
		    !case_expect_tx(tx, atomic_read(&tx->calls) == 1,
				    "expected one callback, seen %d", atomic_read(&tx->calls)))
			return;
	}
	if (!seen)
		case_skip(t, "%u transfers of %zu bytes were over before pause", i, len);
}

/* A transfer that waits for the peripheral is paused; then the peripheral is ready. */
static void freezes_stalled_tx(struct case_trial *t)
{
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;
	struct case_buf *in;
	size_t n;

	if (!case_flush(t))
		return;
	tx = case_stalled(t);
	if (!tx || !case_start(tx))
		return;
	in = case_buf_new(t, tx->len);
	if (!in)
		return;
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	case_sleep(t, case_random(t) % 8);
	if (!case_pause(t, t->chan))
		return;
	if (!caught(tx)) {
		case_skip(t, "the loopback takes %zu bytes that nobody reads", tx->len);
		return;
	}
	rx = case_loop_rx(t, in, in->len);
	if (!rx || !case_start(rx))
		return;
	/* What is in the loopback comes, and no more. */
	case_sleep(t, 20 + 2 * case_takes_us(t, SZ_4K) / 1000);
	if (!looks_paused(tx, NULL, CASE_WATCH_MS))
		return;
	n = case_buf_arrived(in, tx->src, in->len);
	if (!case_expect_tx(tx, n < tx->len && !atomic_read(&rx->calls),
			    "expected less than %zu bytes while paused, seen %zu", tx->len, n) ||
	    !case_resume(t, t->chan) || !case_wait(tx) || !case_wait(rx))
		return;
	if (case_expect_tx(rx, case_buf_is(in, 0, in->len,
					   tx->src->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			   "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu", in->len,
			   m.count, m.first, m.last))
		case_intact(tx);
}

static void freezes_stalled_rx(struct case_trial *t)
{
	size_t len = SZ_8K, first = roundup(case_random(t) % SZ_4K, case_width(t));
	struct case_buf *out = case_buf_new(t, len), *in = case_buf_new(t, len), part;
	struct dma_chan *peer = case_peer(t);
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;

	if (!out || !in || !case_flush(t))
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_loop_rx(t, in, len);
	if (!rx || !case_start(rx))
		return;
	part = *out;
	if (first) {
		tx = case_loop_tx(t, &part, first);
		if (tx)
			tx->src = NULL;
		if (!tx || !case_start(tx) || !case_wait(tx))
			return;
	}
	if (!case_pause(t, peer))
		return;
	part.dma += first;
	tx = case_loop_tx(t, &part, len - first);
	if (tx)
		tx->src = NULL;
	if (!tx || !case_start(tx))
		return;
	case_sleep(t, 5);
	if (!case_expect_tx(rx, caught(rx),
			    "expected a paused transfer not to be complete, seen it") ||
	    !looks_paused(rx, NULL, CASE_WATCH_MS) ||
	    !case_resume(t, peer) || !case_wait(tx) || !case_wait(rx))
		return;
	if (case_expect_tx(rx, case_buf_is(in, 0, len, out->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			   "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu", len,
			   m.count, m.first, m.last))
		case_guards_intact(t, in, "destination");
}

/* Periods may have come to their end just before: their callbacks are given time. */
static void freezes_cyclic(struct case_trial *t)
{
	size_t period = roundup(256, case_width(t));
	struct case_tx *tx;
	unsigned int i;

	if (!case_loop_drain(t))
		return;
	tx = case_endless(t, 4 * period, period);
	if (!tx || !case_start(tx))
		return;
	for (i = 0; i < 4 && !case_over(t); i++) {
		if (!case_wait(tx) || !case_pause(t, tx->chan))
			return;
		case_sleep(t, 20 + 2 * case_takes_us(t, SZ_4K) / 1000);
		if (!looks_paused(tx, NULL, i ? 10 : CASE_WATCH_MS))
			return;
		/* Those that have come before do not show that it goes on. */
		reinit_completion(&tx->done);
		if (!case_resume(t, tx->chan) || !case_wait(tx) || !case_wait(tx))
			return;
	}
	if (case_terminate(t, tx->chan))
		return;
	if (case_can(t, CASE_NEED_LOOPBACK) && !case_terminate(t, case_peer(t)))
		case_flush(t);
}

/* ------------------------------------------------------------------- status */

static bool status_is_paused(struct case_tx *tx)
{
	struct dma_tx_state state;
	enum dma_status status = case_status(tx, &state);

	return case_expect_tx(tx, status == DMA_PAUSED, "expected status paused, seen %s",
			      case_status_name(status)) &&
	       case_expect_tx(tx, state.residue <= tx->len,
			      "expected a residue of at most %zu, seen %u", tx->len,
			      state.residue);
}

/* Bytes that count as moved have arrived, wherever the engine has begun. */
static bool residue_is_valid(struct case_tx *tx)
{
	struct dmabench_mismatch m = {};
	struct dma_tx_state state;
	size_t moved;

	if (!case_data_seen(tx) || !case_can(tx->t, CASE_NEED_RESIDUE))
		return true;
	case_status(tx, &state);
	case_buf_is(tx->dst, 0, tx->len, tx->src->key[DMABENCH_PATTERN_SOURCE], 0, &m);
	moved = tx->len - m.count;
	return case_expect_tx(tx, state.residue >= m.count,
			      "expected a residue of at least %zu when %zu bytes of %zu are there, seen %u",
			      m.count, moved, tx->len, state.residue);
}

static void status(struct case_trial *t)
{
	size_t len = min_t(size_t, case_long(t, 20), case_round(t, SZ_256K));
	unsigned int i, seen = 0;
	struct case_tx *tx;

	for (i = 0; i < FREEZE_TRIES && seen < FREEZE_CAUGHT && !case_over(t); i++) {
		tx = case_carry(t, len);
		if (!tx || !case_start(tx))
			return;
		case_spin(case_random(t) % (min(case_takes_us(t, len), 10000U) + 1));
		if (!case_pause(t, t->chan))
			return;
		if (caught(tx)) {
			seen++;
			if (!status_is_paused(tx) || !residue_is_valid(tx))
				return;
		}
		if (!case_resume(t, t->chan) || !case_wait_complete(tx) || !case_intact(tx))
			return;
	}
	if (!seen)
		case_skip(t, "%u transfers of %zu bytes were over before pause", i, len);
}

static void status_stalled(struct case_trial *t)
{
	struct case_tx *tx, *behind;
	struct dma_tx_state state;
	enum dma_status status;

	if (!case_flush(t))
		return;
	tx = case_stalled(t);
	if (!tx || !case_submit(tx))
		return;
	behind = case_stalled(t);
	if (!behind || !case_start(behind))
		return;
	case_sleep(t, 5);
	if (!case_pause(t, t->chan))
		return;
	if (!caught(tx)) {
		case_skip(t, "the loopback takes %zu bytes that nobody reads", tx->len);
		return;
	}
	if (!status_is_paused(tx))
		return;
	status = case_status(behind, &state);
	if (!case_expect_tx(behind, status == DMA_IN_PROGRESS || status == DMA_PAUSED,
			    "expected what waits behind to be in progress or paused, seen %s",
			    case_status_name(status)) ||
	    (case_can(t, CASE_NEED_RESIDUE) &&
	     !case_expect_tx(behind, state.residue == behind->len,
			     "expected all %zu bytes as the residue of what waits behind, seen %u",
			     behind->len, state.residue)))
		return;
	if (!case_resume(t, t->chan))
		return;
	status = case_status(tx, NULL);
	if (!case_expect_tx(tx, status == DMA_IN_PROGRESS,
			    "expected status in progress after resume, seen %s",
			    case_status_name(status)) ||
	    case_terminate(t, t->chan))
		return;
	case_flush(t);
}

static void status_cyclic(struct case_trial *t)
{
	size_t period = roundup(256, case_width(t));
	struct case_tx *tx;
	unsigned int i;

	if (!case_loop_drain(t))
		return;
	tx = case_endless(t, 4 * period, period);
	if (!tx || !case_start(tx) || !case_wait(tx))
		return;
	for (i = 0; i < 5; i++) {
		enum dma_status status;

		if (!case_pause(t, tx->chan) || !status_is_paused(tx) ||
		    !case_resume(t, tx->chan))
			return;
		status = case_status(tx, NULL);
		if (!case_expect_tx(tx, status == DMA_IN_PROGRESS,
				    "expected status in progress after resume, seen %s",
				    case_status_name(status)))
			return;
		reinit_completion(&tx->done);
		if (!case_wait(tx))
			return;
	}
	if (case_terminate(t, tx->chan))
		return;
	if (case_can(t, CASE_NEED_LOOPBACK) && !case_terminate(t, case_peer(t)))
		case_flush(t);
}

#define PAUSE_NEEDS	(NEEDS(PAUSE) | NEEDS(RESUME) | NEEDS(ORDER))

static const struct dmabench_case pause_cases[] = {
	{
		.name	= "pause.without_operation",
		.rules	= "A8.1",
		.grade	= DMABENCH_STRICT,
		.what	= "pause or resume that the provider has not returns -ENOSYS",
		.run	= without_operation,
	},
	{
		.name	= "pause.freezes",
		.rules	= "A8.1 A8.2 A8.4",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(CARRIER),
		.what	= "a paused transfer moves no byte, nor does what is behind it",
		.run	= freezes,
	},
	{
		.name	= "pause.freezes_stalled_tx",
		.rules	= "A8.1 A8.2 A8.4",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	=
			"paused while it waits for a peripheral, it does not go on when that is ready",
		.run	= freezes_stalled_tx,
	},
	{
		.name	= "pause.freezes_stalled_rx",
		.rules	= "A8.1 A8.2 A8.4",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "paused while it waits for data, it does not take them when they come",
		.run	= freezes_stalled_rx,
	},
	{
		.name	= "pause.freezes_cyclic",
		.rules	= "A8.4 A8.1 A8.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= PAUSE_NEEDS | NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	= "what goes round stands still while paused, and goes on afterwards",
		.run	= freezes_cyclic,
	},
	{
		.name	= "pause.status",
		.rules	= "A8.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= PAUSE_NEEDS | NEEDS(CARRIER),
		.what	= "a paused transfer is said to be paused, and its residue is right",
		.run	= status,
	},
	{
		.name	= "pause.status_stalled",
		.rules	= "A8.3 A5.1",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "the status of what is paused, of what waits behind, and after resume",
		.run	= status_stalled,
	},
	{
		.name	= "pause.status_cyclic",
		.rules	= "A8.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= PAUSE_NEEDS | NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	= "what goes round is said to be paused, and in progress after resume",
		.run	= status_cyclic,
	},
	{
		.name	= "pause.no_loss",
		.rules	= "A8.2",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(CARRIER),
		.what	= "transfers that are paused at many points end with all their data",
		.run	= case_pause_no_loss,
	},
	{
		.name	= "pause.no_loss_loopback",
		.rules	= "A8.2",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "either side of a loopback is paused at many points, and no byte is lost",
		.run	= case_pause_no_loss_loopback,
	},
	{
		.name	= "pause.no_loss_cyclic_tx",
		.rules	= "A8.2",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	=
			"what goes round into a loopback is paused at many points, every round is whole",
		.run	= case_pause_no_loss_cyclic_tx,
	},
	{
		.name	= "pause.no_loss_cyclic_rx",
		.rules	= "A8.2",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	=
			"what goes round out of a loopback is paused at many points, no byte is lost",
		.run	= case_pause_no_loss_cyclic_rx,
	},
	{
		.name	= "pause.odd",
		.rules	= "A8.5",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= PAUSE_NEEDS | NEEDS(CARRIER),
		.what	= "pause when idle, twice, and resume for nothing: transfers go on",
		.run	= case_pause_odd,
	},
	{
		.name	= "pause.odd_stalled",
		.rules	= "A8.5",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "paused twice, one resume is enough; resume for nothing loses nothing",
		.run	= case_pause_odd_stalled,
	},
	{
		.name	= "pause.terminate",
		.rules	= "A8.6 A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "terminate ends a paused transfer, the next one starts by itself",
		.run	= case_pause_terminate,
	},
	{
		.name	= "pause.terminate_stalled",
		.rules	= "A8.6 A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "the same where it surely was running, and a late resume",
		.run	= case_pause_terminate_stalled,
	},
	{
		.name	= "pause.terminate_cyclic",
		.rules	= "A8.6 A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	= "the same with what goes round",
		.run	= case_pause_terminate_cyclic,
	},
	{
		.name	= "pause.issue",
		.rules	= "A8.7",
		.grade	= DMABENCH_ADVISORY,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "what is issued while paused waits, and is done after resume",
		.run	= case_pause_issue,
	},
	{
		.name	= "pause.irq_off",
		.rules	= "A8.1 A8.2",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= PAUSE_NEEDS | NEEDS(CARRIER) | NEEDS(SLAVE_CAP),
		.what	= "pause and resume under a lock with interrupts off, as audio does it",
		.run	= case_pause_irq_off,
	},
	{
		.name	= "pause.other_channel",
		.rules	= "A8.1",
		.grade	= DMABENCH_STRICT,
		.needs	= PAUSE_NEEDS | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "pause of a channel leaves other channels alone",
		.run	= case_pause_other_channel,
	},
	{
		.name	= "pause.release",
		.rules	= "A8.6 A0.7",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= PAUSE_NEEDS | NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "a channel that is given back paused is not paused for the next user",
		.run	= case_pause_release,
	},
	{
		.name	= "pause.runtime_pm",
		.rules	= "A8.8",
		.grade	= DMABENCH_ADVISORY,
		.needs	= PAUSE_NEEDS | NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "the use count of runtime PM is as before",
		.run	= case_pause_runtime_pm,
	},
};

const struct dmabench_chapter dmabench_chapter_pause = {
	.name		= "pause",
	.rules		= pause_rules,
	.nr_rules	= ARRAY_SIZE(pause_rules),
	.cases		= pause_cases,
	.nr_cases	= ARRAY_SIZE(pause_cases),
};
