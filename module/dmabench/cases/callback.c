// SPDX-License-Identifier: GPL-2.0-only
/*
 * A6: callbacks, how often, where, in which order, and what may be done in them. What
 * their results tell is in callback-result.c.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "../suite.h"
#include "callback.h"

static const struct dmabench_rule callback_rules[] = {
	{ "A6.1", DMABENCH_STRICT, "client.rst:146-165; provider.rst:405-420",
	  "exactly one callback per completed descriptor that asks for one, none before issue" },
	{ "A6.2", DMABENCH_ADVISORY, "dmaengine.h:176",
	  "without DMA_PREP_INTERRUPT a callback need not come, and never comes twice" },
	{ "A6.3", DMABENCH_STRICT,
	  "client.rst:146-165; provider.rst:634-647; ZRUtZ/M3Ml6ltc2m@matsya",
	  "callbacks come in a softirq or a thread without the provider's lock, and may call back"
	},
	{ "A6.4", DMABENCH_DOCUMENTED, "virt-dma.h:96-110",
	  "at the callback the descriptor's cookie is complete" },
	{ "A6.5", DMABENCH_DOCUMENTED, "virt-dma.c:83-110",
	  "callbacks of a channel come one after the other, in the order of completion" },
	{ "A6.6", DMABENCH_DOCUMENTED, "drivers/dma/dmaengine.h:98-180; dmaengine.h:545-558",
	  "callback_result goes before callback, with NOERROR and residue 0 at success" },
	{ "A6.7", DMABENCH_STRICT, "dmaengine.h:545-558; provider.rst:422-434",
	  "a failure is told by result or status, and the channel is usable after terminate" },
	{ "A6.8", DMABENCH_DOCUMENTED, "dmaengine.c:1358-1478; 20251027004634.562749-1",
	  "unmap data are dropped exactly once, at completion" },
	{ "A6.9", DMABENCH_STRICT, "virt-dma.c:83-110; 20191220101456.GO2536",
	  "after the callback the provider touches neither buffers nor metadata nor the parameter"
	},
	{ "A6.10", DMABENCH_STRICT, "client.rst:158-161; dmaengine.h:1140-1167",
	  "the callback of a cyclic transfer may terminate it" },
};

/* Most transfers of a round, and rounds. */
#define ROUND	12
#define ROUNDS	6

/* A round of transfers of random lengths, issued at random, all of them waited for. */
static bool do_round(struct case_trial *t, struct case_tx **tx, unsigned int nr,
		     void (*prepare)(struct case_tx *tx, unsigned int i))
{
	unsigned int i;

	for (i = 0; i < nr; i++) {
		tx[i] = case_carry(t, case_round(t, 1 + case_random(t) % 3000));
		if (!tx[i])
			return false;
		if (prepare)
			prepare(tx[i], i);
		if (!case_submit(tx[i]))
			return false;
		if (case_random(t) % 3 == 0)
			case_issue(t, t->chan);
	}
	case_issue(t, t->chan);
	for (i = 0; i < nr; i++)
		if (tx[i]->desc && !tx[i]->data && !case_wait(tx[i]))
			return false;
	return true;
}

static void alternate(struct case_tx *tx, unsigned int i)
{
	if (i % 2)
		case_ask_result(tx);
}

static void comes_exactly_once(struct case_trial *t)
{
	struct case_tx *tx[ROUND], *each;
	unsigned int round;

	for (round = 0; round < ROUNDS && !case_over(t); round++)
		if (!do_round(t, tx, 1 + case_random(t) % ROUND, alternate))
			return;
	/* Those that come late, or again. */
	case_sleep(t, 30);
	list_for_each_entry(each, &t->txs, entry) {
		int calls = atomic_read(&each->calls);

		if (each == t->suite->drain)
			continue;
		if (!case_expect_tx(each, calls == 1, "expected exactly one callback, seen %d",
				    calls) ||
		    !case_intact(each))
			return;
	}
}

static void not_before_issue(struct case_trial *t)
{
	struct case_tx *tx[3];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tx); i++) {
		tx[i] = case_carry(t, case_round(t, 64));
		if (!tx[i] || !case_submit(tx[i]))
			return;
	}
	case_sleep(t, 30);
	for (i = 0; i < ARRAY_SIZE(tx); i++)
		if (!case_expect_tx(tx[i], !atomic_read(&tx[i]->calls),
				    "expected no callback before issue_pending, seen %d",
				    atomic_read(&tx[i]->calls)))
			return;
	case_issue(t, t->chan);
	for (i = 0; i < ARRAY_SIZE(tx); i++)
		if (!case_wait(tx[i]) || !case_intact(tx[i]))
			return;
}

static void every_other_silent(struct case_tx *tx, unsigned int i)
{
	/* What data say is that nobody waits for it. */
	if (i % 2) {
		tx->desc->callback = NULL;
		tx->data = tx;
	}
}

static void none_without_a_function(struct case_trial *t)
{
	struct case_tx *tx[ROUND];
	unsigned int i;

	if (!do_round(t, tx, ROUND, every_other_silent))
		return;
	for (i = 1; i < ROUND; i += 2)
		if (!case_wait_complete(tx[i]))
			return;
	case_sleep(t, 20);
	for (i = 0; i < ROUND; i++)
		if (!case_expect_tx(tx[i], atomic_read(&tx[i]->calls) == (i % 2 ? 0 : 1),
				    "expected %d callbacks, seen %d", i % 2 ? 0 : 1,
				    atomic_read(&tx[i]->calls)) ||
		    !case_intact(tx[i]))
			return;
}

static void never_twice_without_the_flag(struct case_trial *t)
{
	struct case_buf *src = case_buf_new(t, 4096), *dst = case_buf_new(t, 4096);
	struct case_tx *tx;
	unsigned int i;

	if (!src || !dst)
		return;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	for (i = 0; i < 8; i++) {
		tx = case_memcpy(t, dst, 0, src, 0, case_round(t, 1 + case_random(t) % 4000),
				 DMA_CTRL_ACK);
		if (!tx || !case_start(tx) || !case_wait_complete(tx))
			return;
		case_sleep(t, 2);
		if (!case_expect_tx(tx, atomic_read(&tx->calls) <= 1,
				    "expected no or one callback without DMA_PREP_INTERRUPT, seen %d",
				    atomic_read(&tx->calls)) ||
		    !case_intact(tx))
			return;
	}
}

static void not_in_hard_interrupts(struct case_trial *t)
{
	struct case_tx *tx[ROUND];
	unsigned int round, i;

	for (round = 0; round < 3; round++) {
		if (!do_round(t, tx, ROUND, alternate))
			return;
		for (i = 0; i < ROUND; i++)
			if (!case_expect_tx(tx[i], !tx[i]->in_hardirq,
					    "expected softirq or thread, seen hard interrupt"))
				return;
	}
	if (tx[0]->irqs_off)
		case_note(t, "callbacks come with interrupts off");
}

static void cookie_is_complete_by_then(struct case_trial *t)
{
	struct case_tx *tx[ROUND];
	unsigned int round, i;

	for (round = 0; round < 3; round++) {
		if (!do_round(t, tx, ROUND, NULL))
			return;
		for (i = 0; i < ROUND; i++) {
			enum dma_status status = dma_async_is_complete(tx[i]->cookie,
								       tx[i]->completed,
								       t->chan->cookie);

			if (!case_expect_tx(tx[i], status == DMA_COMPLETE,
					    "expected the cookie complete at the callback, seen completed_cookie %d",
					    tx[i]->completed))
				return;
		}
	}
}

static void come_in_order_one_at_a_time(struct case_trial *t)
{
	struct case_tx *tx[ROUND];
	unsigned int round, i;

	for (round = 0; round < ROUNDS && !case_over(t); round++) {
		if (!do_round(t, tx, ROUND, NULL))
			return;
		for (i = 1; i < ROUND; i++)
			if (!case_expect_tx(tx[i], tx[i]->order > tx[i - 1]->order,
					    "expected it called back behind cookie %d, seen it as number %d, the other as number %d",
					    tx[i - 1]->cookie, tx[i]->order, tx[i - 1]->order))
				return;
	}
	case_expect(t, !atomic_read(&t->overlaps),
		    "expected callbacks one after the other, seen %d begin while one ran",
		    atomic_read(&t->overlaps));
}

/* -------------------------------------------------------------- re-entry */

/**
 * struct chain - transfers that start each other
 * @tx: not prepared yet, but the first
 * @nr: how many
 * @next: which one comes next
 */
struct chain {
	struct case_tx *tx[24];
	unsigned int nr;
	unsigned int next;
};

static void start_the_next(struct case_tx *tx)
{
	struct chain *chain = tx->data;
	struct case_tx *next;

	if (chain->next >= chain->nr)
		return;
	next = chain->tx[chain->next++];
	if (case_prep_again(next) && case_submit(next)) {
		next->issued = ktime_get_ns();
		dma_async_issue_pending(next->chan);
	}
}

static void may_start_the_next(struct case_trial *t)
{
	struct chain *chain = kzalloc_obj(*chain);
	unsigned int i;

	if (!chain)
		return;
	chain->nr = ARRAY_SIZE(chain->tx);
	for (i = 0; i < chain->nr; i++) {
		chain->tx[i] = case_carry_later(t, case_round(t, 1 + case_random(t) % 2000));
		if (!chain->tx[i])
			goto out;
		chain->tx[i]->hook = start_the_next;
		chain->tx[i]->data = chain;
	}
	chain->next = 1;
	if (!case_prep_again(chain->tx[0]) || !case_start(chain->tx[0]))
		goto out;
	for (i = 0; i < chain->nr && case_wait(chain->tx[i]); i++)
		if (!case_intact(chain->tx[i]))
			break;
	case_sleep(t, 5);
	for (i = 0; i < chain->nr; i++)
		if (!case_expect_tx(chain->tx[i], atomic_read(&chain->tx[i]->calls) == 1,
				    "expected one callback of each of a chain, seen %d",
				    atomic_read(&chain->tx[i]->calls)))
			break;
out:
	case_calm(t);
	kfree(chain);
}

static void ask_status(struct case_tx *tx)
{
	struct dma_tx_state state;
	enum dma_status status = case_status(tx, &state);

	case_expect_tx(tx, status == DMA_COMPLETE && !state.residue,
		       "expected status complete and residue 0 in the callback, seen %s and %u",
		       case_status_name(status), state.residue);
}

static void ask_hook(struct case_tx *tx, unsigned int i)
{
	tx->hook = ask_status;
}

static void may_ask_for_the_status(struct case_trial *t)
{
	struct case_tx *tx[ROUND];

	if (do_round(t, tx, ROUND, ask_hook))
		do_round(t, tx, ROUND, ask_hook);
}

static void terminate_all(struct case_tx *tx)
{
	int *ret = tx->data;

	if (*ret == 1)
		*ret = dmaengine_terminate_async(tx->chan);
}

static void may_terminate(struct case_trial *t)
{
	struct case_tx *tx[6], *after;
	int ret = 1;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tx); i++) {
		tx[i] = case_carry(t, case_round(t, 512));
		if (!tx[i])
			return;
		tx[i]->hook = i ? NULL : terminate_all;
		tx[i]->data = &ret;
		if (!case_submit(tx[i]))
			goto out;
	}
	case_issue(t, t->chan);
	if (!case_wait(tx[0]))
		goto out;
	if (case_synchronize(t, t->chan))
		goto out;
	if (!case_expect(t, !ret, "expected terminate_async to return 0 in a callback, seen %d",
			 ret))
		goto out;
	case_sleep(t, 20);
	for (i = 0; i < ARRAY_SIZE(tx); i++)
		if (!case_expect_tx(tx[i], atomic_read(&tx[i]->calls) <= 1,
				    "expected at most one callback, seen %d",
				    atomic_read(&tx[i]->calls)))
			goto out;
	after = case_carry(t, case_round(t, 512));
	if (after)
		case_do(after);
out:
	case_calm(t);
}

static void cyclic_hook(struct case_tx *tx)
{
	int *ret = tx->data;

	if (atomic_read(&tx->calls) == 2)
		*ret = dmaengine_terminate_async(tx->chan);
}

static void cyclic_may_terminate(struct case_trial *t)
{
	bool writes = case_can(t, CASE_NEED_TX);
	enum dma_transfer_direction dir = writes ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM;
	size_t period = 16 * case_width(t);
	struct case_buf *buf = case_buf_new(t, 4 * period);
	struct dma_chan *chan = case_chan_of(t, dir);
	struct case_tx *tx;
	int ret = 1, calls;

	if (!buf || !case_configure(t, dir))
		return;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	tx = case_cyclic(t, buf, 4 * period, period, dir, CASE_FLAGS);
	if (!tx)
		return;
	tx->hook = cyclic_hook;
	tx->data = &ret;
	if (!case_start(tx) || !case_wait(tx) || !case_wait(tx))
		goto out;
	if (case_synchronize(t, chan))
		goto out;
	case_expect_tx(tx, !ret,
		       "expected terminate_async to return 0 in a period's callback, seen %d",
		       ret);
	calls = atomic_read(&tx->calls);
	case_sleep(t, 30);
	case_expect_tx(tx, atomic_read(&tx->calls) == calls,
		       "expected no callback after synchronize, seen %d more",
		       atomic_read(&tx->calls) - calls);
out:
	case_calm(t);
}

/* --------------------------------------------------------------- afterwards */

/* The buffers are the client's again: it puts something else there. */
static void take_back(struct case_tx *tx)
{
	case_buf_fill(tx->src, DMABENCH_PATTERN_SETUP);
	if (tx->dst)
		case_buf_fill(tx->dst, DMABENCH_PATTERN_SETUP);
}

static bool is_taken_back(struct case_tx *tx, struct case_buf *buf, const char *what)
{
	struct dmabench_mismatch m = {};
	bool right = !buf || case_buf_is(buf, 0, buf->len, buf->key[DMABENCH_PATTERN_SETUP], 0,
					 &m);

	return case_expect_tx(tx, right,
			      "expected the %s left alone after the callback, seen %zu bytes changed, the first at %zu",
			      what, m.count, m.first);
}

static void buffers_are_left_alone_after(struct case_trial *t)
{
	static const size_t lengths[] = { 1, 64, 1000, 3000, 16384 };
	struct case_tx *tx;
	unsigned int i;

	for (i = 0; i < 2 * ARRAY_SIZE(lengths) && !case_over(t); i++) {
		tx = case_carry(t, case_round(t, lengths[i / 2]));
		if (!tx)
			return;
		tx->hook = take_back;
		if (!case_start(tx) || !case_wait(tx))
			return;
		case_sleep(t, 5);
		if (!is_taken_back(tx, tx->src, "source") ||
		    !is_taken_back(tx, tx->dst, "destination"))
			return;
		if ((tx->src && !case_guards_intact(t, tx->src, "source")) ||
		    (tx->dst && !case_guards_intact(t, tx->dst, "destination")))
			return;
	}
}

static void unmap_data_are_dropped_once(struct case_trial *t)
{
	struct dmaengine_unmap_data *unmap;
	struct case_tx *tx = case_carry_later(t, case_round(t, 1024));
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(t));
	unsigned int left;

	if (!tx)
		return;
	unmap = dmaengine_get_unmap_data(t->chan->device->dev, 2, GFP_KERNEL);
	if (!unmap) {
		case_skip(t, "no memory for unmap data");
		return;
	}
	/* One more than is ours by right, so that a second drop can be seen. */
	kref_get(&unmap->kref);
	if (!case_prep_again(tx)) {
		left = 2;
		goto out;
	}
	dma_set_unmap(tx->desc, unmap);
	if (!case_start(tx) || !case_wait(tx)) {
		/* It may be dropped at any time from now on. */
		return;
	}
	do {
		left = kref_read(&unmap->kref);
	} while (left > 2 && time_before(jiffies, end) && (case_sleep(t, 1), true));
	case_sleep(t, 10);
	left = kref_read(&unmap->kref);
	case_expect_tx(tx, left == 2, "expected the unmap data dropped exactly once, seen %d times",
		       3 - (int)left);
out:
	while (left--)
		dmaengine_unmap_put(unmap);
	case_intact(tx);
}

static const struct dmabench_case callback_cases[] = {
	{
		.name	= "callback.comes_exactly_once",
		.rules	= "A6.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.vital	= true,
		.what	= "each of many transfers is called back once, and not again",
		.run	= comes_exactly_once,
	}, {
		.name	= "callback.not_before_issue",
		.rules	= "A6.1 A4.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "what is submitted and not issued is not called back",
		.run	= not_before_issue,
	}, {
		.name	= "callback.none_without_a_function",
		.rules	= "A6.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "who gives no function is not called, whatever the neighbours do",
		.run	= none_without_a_function,
	}, {
		.name	= "callback.never_twice_without_the_flag",
		.rules	= "A6.2 A5.10",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(MEMCPY) | NEEDS(ORDER),
		.what	=
			"without DMA_PREP_INTERRUPT the status advances, callbacks are none or one",
		.run	= never_twice_without_the_flag,
	}, {
		.name	= "callback.not_in_hard_interrupts",
		.rules	= "A6.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	= "callbacks come in a softirq or a thread",
		.run	= not_in_hard_interrupts,
	}, {
		.name	= "callback.cookie_is_complete_by_then",
		.rules	= "A6.4",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "completed_cookie has reached the descriptor's at its callback",
		.run	= cookie_is_complete_by_then,
	}, {
		.name	= "callback.come_in_order_one_at_a_time",
		.rules	= "A6.5 A4.7",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "callbacks come in the order of submission, none while another runs",
		.run	= come_in_order_one_at_a_time,
	}, {
		.name	= "callback.may_start_the_next",
		.rules	= "A6.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.opt_in	= OPT_IN(REENTRY),
		.what	= "a callback may prepare, submit and issue",
		.run	= may_start_the_next,
	}, {
		.name	= "callback.may_ask_for_the_status",
		.rules	= "A6.3 A6.4",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.opt_in	= OPT_IN(REENTRY),
		.what	= "a callback may ask for the status, which is complete",
		.run	= may_ask_for_the_status,
	}, {
		.name	= "callback.may_terminate",
		.rules	= "A6.3 A7.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.opt_in	= OPT_IN(REENTRY),
		.what	= "a callback may terminate what else is in line",
		.run	= may_terminate,
	}, {
		.name	= "callback.cyclic_may_terminate",
		.rules	= "A6.10",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CYCLIC) | NEEDS(TERMINATE),
		.what	= "a period's callback may terminate the transfer, and is the last but one",
		.run	= cyclic_may_terminate,
	}, {
		.name	= "callback.buffers_are_left_alone_after",
		.rules	= "A6.9",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	= "what a callback writes into the buffers stays",
		.run	= buffers_are_left_alone_after,
	}, {
		.name	= "callback.unmap_data_are_dropped_once",
		.rules	= "A6.8",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(MEMCPY),
		.what	= "unmap data set on a descriptor are dropped once, at completion",
		.run	= unmap_data_are_dropped_once,
	}, {
		.name	= "callback.result_goes_first",
		.rules	= "A6.6",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER),
		.what	=
			"with both functions set callback_result is called, with success and residue 0",
		.run	= callback_result_goes_first,
	}, {
		.name	= "callback.failure_is_told",
		.rules	= "A6.7 A6.6",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(FAILING),
		.what	= "a transfer to a failing peripheral tells so by result or status",
		.run	= callback_failure_is_told,
	}, {
		.name	= "callback.channel_works_after_failure",
		.rules	= "A6.7",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(FAILING) | NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(ORDER),
		.what	= "after a failure and terminate the channel transfers right data",
		.run	= callback_channel_works_after_failure,
	},
};

const struct dmabench_chapter dmabench_chapter_callback = {
	.name		= "callback",
	.rules		= callback_rules,
	.nr_rules	= ARRAY_SIZE(callback_rules),
	.cases		= callback_cases,
	.nr_cases	= ARRAY_SIZE(callback_cases),
};
