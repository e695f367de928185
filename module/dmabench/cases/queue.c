// SPDX-License-Identifier: GPL-2.0-only
/*
 * A4: submission, issue, cookies. What is about order and data is in queue-order.c.
 */
#include <linux/kernel.h>
#include <linux/sort.h>
#include <linux/slab.h>

#include "flow-kit.h"
#include "queue.h"

static const struct dmabench_rule queue_rules[] = {
	{ "A4.1", DMABENCH_STRICT, "dmaengine.h:22-28, 1244; drivers/dma/dmaengine.h:29-40",
	  "submit returns a cookie of at least 1 or a negative error" },
	{ "A4.2", DMABENCH_STRICT, "drivers/dma/dmaengine.h:29-40; dmaengine.h:1480-1500",
	  "cookies of a channel increase with each submission and are unique; the largest is followed by 1"
	},
	{ "A4.3", DMABENCH_DOCUMENTED, "client.rst:260-298; drivers/dma/TODO",
	  "submit does not start a transfer, only issue_pending does" },
	{ "A4.4", DMABENCH_DOCUMENTED, "client.rst:284-298; pxa_dma.rst; virt-dma.h:82-88",
	  "issue_pending starts all that is submitted, and nothing that is submitted later" },
	{ "A4.5", DMABENCH_STRICT,
	  "provider.rst:442-448; aUFHfUFNrDojRoRm@vaman, YL392y4a6iRf1UyQ",
	  "issue_pending with nothing submitted, while the channel runs, and in any context does no harm"
	},
	{ "A4.6", DMABENCH_STRICT, "client.rst:275-282",
	  "the client does not touch a descriptor once it is submitted",
	  "binds the client" },
	{ "A4.7", DMABENCH_STRICT,
	  "provider.rst:261-275; Y1Am/RpgWv3PAVaU@matsya, 20200616165550.GP2324254",
	  "transfers complete in the order of submission, unless DMA_COMPLETION_NO_ORDER" },
	{ "A4.8", DMABENCH_DOCUMENTED, "dmatest.c threads_per_chan; 20220830062251.52993-4",
	  "several threads may prepare, submit and issue on one channel" },
	{ "A4.9", DMABENCH_STRICT, "client.rst:284-298",
	  "all that is issued completes, or is terminated" },
	{ "A4.10", DMABENCH_STRICT, "async-tx-api.rst 4.1; 20191202203128.14348-4",
	  "data are there no later than the completion is told" },
	{ "A4.11", DMABENCH_STRICT, "provider.rst:261-275; async-tx-api.rst 3.3",
	  "what a transfer reads is what those submitted before it have written" },
};

/* ------------------------------------------------------------------ cookies */

static void cookies_increase(struct case_trial *t)
{
	unsigned int i, nr = case_affordable(t, 200, 64);
	struct case_tx *tx = case_carry(t, case_round(t, 64));
	struct case_tx *first = tx, *waited = NULL;
	dma_cookie_t before = 0;

	for (i = 0; i < nr && tx && !case_over(t); i++) {
		if (i)
			tx = case_carry(t, case_round(t, 64));
		if (!tx || !case_submit(tx))
			return;
		if (i && !case_expect_tx(tx, tx->cookie > before,
					 "expected a cookie above %d, seen %d", before, tx->cookie))
			return;
		before = tx->cookie;
		/* The number must grow over what is pending, running and complete. */
		if (case_random(t) % 3 == 0)
			case_issue(t, t->chan);
		if (case_random(t) % 8 == 0) {
			case_issue(t, t->chan);
			if (!case_wait(tx))
				return;
			waited = tx;
		}
	}
	if (!first || !tx)
		return;
	case_issue(t, t->chan);
	if (tx != waited)
		case_wait(tx);
}

#define THREADS		4
#define THREAD_DEPTH	4
#define THREAD_ROUNDS	16

struct crowd {
	struct case_tx *like[THREADS][THREAD_DEPTH];
	dma_cookie_t cookies[THREADS][THREAD_ROUNDS * THREAD_DEPTH];
	unsigned int rounds;
};

static void crowd_member(struct case_trial *t, unsigned int who, void *data)
{
	struct case_tx *txs[THREAD_DEPTH];
	struct crowd *crowd = data;
	dma_cookie_t before = 0;
	unsigned int i, round;

	for (round = 0; round < crowd->rounds && !case_over(t); round++) {
		for (i = 0; i < THREAD_DEPTH; i++) {
			txs[i] = case_carry_again(t, crowd->like[who][i]);
			if (!txs[i] || !case_submit(txs[i]))
				return;
			crowd->cookies[who][round * THREAD_DEPTH + i] = txs[i]->cookie;
			if (!case_expect_tx(txs[i], txs[i]->cookie > before,
					    "expected a cookie above %d, which the same thread got before, seen %d",
					    before, txs[i]->cookie))
				return;
			before = txs[i]->cookie;
			if ((i + who + round) % 2)
				case_issue(t, t->chan);
		}
		case_issue(t, t->chan);
		if (!case_wait_all(txs, THREAD_DEPTH))
			return;
	}
}

static int compare_cookies(const void *a, const void *b)
{
	dma_cookie_t left = *(const dma_cookie_t *)a, right = *(const dma_cookie_t *)b;

	return left < right ? -1 : left > right;
}

static void crowd_judge(struct case_trial *t, struct crowd *crowd)
{
	dma_cookie_t *all = &crowd->cookies[0][0];
	unsigned int i, nr = THREADS * THREAD_ROUNDS * THREAD_DEPTH;

	sort(all, nr, sizeof(*all), compare_cookies, NULL);
	for (i = 1; i < nr; i++)
		if (all[i] && !case_expect(t, all[i] != all[i - 1],
					   "expected each cookie once, seen %d twice", all[i]))
			return;
}

static void threads_share_a_channel(struct case_trial *t)
{
	struct crowd *crowd = kzalloc_obj(*crowd);
	struct case_tx *tx;
	unsigned int i;

	if (!crowd) {
		case_skip(t, "no memory");
		return;
	}
	crowd->rounds = case_affordable(t, THREADS * THREAD_DEPTH * THREAD_ROUNDS, SZ_4K) /
			(THREADS * THREAD_DEPTH) ?: 1;
	/* Buffers are made before, and used once alone, so that the threads only run. */
	for (i = 0; i < THREADS * THREAD_DEPTH; i++) {
		tx = case_carry(t, case_random_len(t, SZ_4K));
		if (!tx || !case_do(tx))
			goto out;
		crowd->like[i / THREAD_DEPTH][i % THREAD_DEPTH] = tx;
	}
	if (case_threads(t, THREADS, crowd_member, crowd))
		crowd_judge(t, crowd);
out:
	kfree(crowd);
}

#define WRAP	12

static void cookies_wrap(struct case_trial *t)
{
	struct case_tx *txs[WRAP], *tx = case_carry(t, case_round(t, 64));
	dma_cookie_t expected;
	unsigned int i;

	if (!tx || !case_do(tx))
		return;
	/* Nothing is in flight: the next cookie follows this one. */
	case_sleep(t, 2);
	t->chan->cookie = INT_MAX - 5;
	t->chan->completed_cookie = INT_MAX - 5;
	for (i = 0; i < WRAP; i++) {
		txs[i] = case_carry(t, case_random_len(t, SZ_4K));
		if (!txs[i] || !case_submit(txs[i]))
			return;
		if (!i && txs[0]->cookie < INT_MAX - 5) {
			case_issue(t, t->chan);
			case_wait(txs[0]);
			case_skip(t, "the provider does not count in chan->cookie");
			return;
		}
		expected = i < 5 ? INT_MAX - 4 + (int)i : (int)i - 4;
		if (!case_expect_tx(txs[i], txs[i]->cookie == expected,
				    "expected cookie %d, seen %d", expected, txs[i]->cookie))
			return;
	}
	for (i = 0; i < WRAP; i++)
		if (!case_expect_tx(txs[i], case_status(txs[i], NULL) == DMA_IN_PROGRESS,
				    "expected status in progress before issue_pending, seen %s",
				    case_status_name(case_status(txs[i], NULL))))
			return;
	case_issue(t, t->chan);
	if (!case_wait_all(txs, WRAP) || !case_ordered(txs, WRAP) || !case_once_each(txs, WRAP))
		return;
	for (i = 0; i < WRAP; i++)
		if (!case_wait_complete(txs[i]))
			return;
}

/* -------------------------------------------------------------------- issue */

/* What must not have started yet: data, callbacks, status. */
static bool not_started(struct case_tx *tx)
{
	enum dma_status status = case_status(tx, NULL);

	return case_expect_tx(tx, !atomic_read(&tx->calls),
			      "expected no callback before issue_pending, seen %d",
			      atomic_read(&tx->calls)) &&
	       case_untouched(tx) &&
	       case_expect_tx(tx, status == DMA_IN_PROGRESS,
			      "expected status in progress before issue_pending, seen %s",
			      case_status_name(status));
}

static void submit_does_not_start(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_round(t, 4096));

	if (!tx || !case_submit(tx))
		return;
	case_sleep(t, 40);
	if (!not_started(tx))
		return;
	case_issue(t, t->chan);
	if (case_wait(tx))
		case_intact(tx);
}

#define PILE	24

static void many_submitted_do_not_start(struct case_trial *t)
{
	struct case_tx *txs[PILE];
	unsigned int i;

	if (!case_enqueue(t, txs, PILE, SZ_4K))
		return;
	case_sleep(t, 40);
	for (i = 0; i < PILE; i++)
		if (!not_started(txs[i]))
			return;
	/* One for all of them. */
	case_issue(t, t->chan);
	if (case_wait_all(txs, PILE))
		case_once_each(txs, PILE);
}

static void later_submit_waits(struct case_trial *t)
{
	struct case_tx *txs[4], *later;
	unsigned int round;

	for (round = 0; round < 4 && !case_over(t); round++) {
		/* If the first lasts, the later one is submitted while it runs. */
		txs[0] = case_carry(t, round % 2 ? case_long(t, 30) : case_round(t, 64));
		if (!txs[0] || !case_submit(txs[0]) || !case_enqueue(t, txs + 1, round, SZ_4K))
			return;
		case_issue(t, t->chan);
		later = case_carry(t, case_random_len(t, SZ_4K));
		if (!later || !case_submit(later) || !case_wait_all(txs, round + 1))
			return;
		case_sleep(t, 20);
		if (!not_started(later))
			return;
		case_issue(t, t->chan);
		if (!case_wait(later) || !case_intact(later))
			return;
	}
}

static void later_submit_waits_behind_held(struct case_trial *t)
{
	struct case_tx *txs[3];

	txs[0] = case_hold(t);
	txs[1] = txs[0] ? case_behind(t) : NULL;
	if (!txs[1] || !case_start(txs[1]))
		return;
	txs[2] = case_behind(t);
	if (!txs[2] || !case_submit(txs[2]) || !case_let_go(t, txs, 2))
		return;
	case_sleep(t, 40);
	if (!not_started(txs[2]))
		return;
	case_issue(t, t->chan);
	if (case_let_go(t, txs + 2, 1))
		case_ordered(txs, 3);
}

static void issue_while_running_is_kept(struct case_trial *t)
{
	unsigned int i, nr = case_affordable(t, 60, SZ_16K);
	struct case_tx *txs[2];
	u64 took = 0;

	for (i = 0; i < nr && !case_over(t); i++) {
		txs[0] = case_carry(t, case_random_len(t, SZ_8K));
		if (!txs[0] || !case_submit(txs[0]))
			return;
		case_issue(t, t->chan);
		/* At any time of the first one, and about when it ends. */
		if (took && i % 4)
			case_spin(case_random(t) % (u32)(took + took / 4 + 1));
		txs[1] = case_carry(t, case_random_len(t, SZ_8K));
		if (!txs[1] || !case_submit(txs[1]))
			return;
		case_issue(t, t->chan);
		if (!case_wait_all(txs, 2) || !case_once_each(txs, 2))
			return;
		took = min_t(u64, (txs[0]->called - min(txs[0]->issued, txs[0]->called)) >> 10,
			     20000);
	}
}

static void empty_issue_does_nothing(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_random_len(t, SZ_4K)), *next;
	dma_cookie_t last;
	unsigned int i;

	for (i = 0; i < 50; i++)
		dma_async_issue_pending(t->chan);
	/* Then with one that is over, whose buffer is in use for something else by now. */
	if (!tx || !case_do(tx))
		return;
	last = t->chan->completed_cookie;
	if (tx->dst)
		case_buf_fill(tx->dst, DMABENCH_PATTERN_OLD);
	for (i = 0; i < 50; i++)
		dma_async_issue_pending(t->chan);
	case_sleep(t, 20);
	if (!case_untouched(tx) || !case_once_each(&tx, 1) || !case_wait_complete(tx))
		return;
	if (!case_expect(t, last == t->chan->completed_cookie,
			 "expected completed_cookie to stay %d, seen %d", last,
			 t->chan->completed_cookie))
		return;
	next = case_carry(t, case_random_len(t, SZ_4K));
	if (next)
		case_do(next);
}

static void issue_hammered_while_running(struct case_trial *t)
{
	struct dma_tx_state state;
	struct case_tx *tx;
	unsigned int i, round;
	u32 before;

	for (round = 0; round < 4 && !case_over(t); round++) {
		tx = case_carry(t, case_long(t, 30));
		if (!tx)
			return;
		tx->hook = case_tail_hook;
		if (!case_start(tx))
			return;
		before = tx->len;
		for (i = 0; i < 300 && !atomic_read(&tx->calls); i++) {
			dma_async_issue_pending(t->chan);
			/* A transfer that begins anew is one whose residue grows. */
			if (case_status(tx, &state) != DMA_IN_PROGRESS)
				break;
			if (case_can(t, CASE_NEED_RESIDUE) &&
			    !case_expect_tx(tx, state.residue <= before,
					    "expected a residue of at most %u after issue_pending, seen %u",
					    before, state.residue))
				return;
			before = state.residue;
			case_spin(20);
		}
		if (!case_wait(tx) || !case_intact(tx))
			return;
		case_sleep(t, 2);
		if (!case_once_each(&tx, 1))
			return;
	}
}

static void issue_hammered_while_held(struct case_trial *t)
{
	struct case_tx *txs[2];
	enum dma_status status;
	unsigned int i;

	txs[0] = case_hold(t);
	txs[1] = txs[0] ? case_behind(t) : NULL;
	if (!txs[1] || !case_start(txs[1]))
		return;
	for (i = 0; i < 200; i++) {
		dma_async_issue_pending(t->chan);
		if (i % 50 == 0)
			case_sleep(t, 1);
	}
	for (i = 0; i < 2; i++) {
		status = case_status(txs[i], NULL);
		if (!case_expect_tx(txs[i], !atomic_read(&txs[i]->calls),
				    "expected no callback while the peripheral takes nothing, seen %d",
				    atomic_read(&txs[i]->calls)) ||
		    !case_untouched(txs[i]) ||
		    !case_expect_tx(txs[i], status == DMA_IN_PROGRESS,
				    "expected status in progress while the peripheral takes nothing, seen %s",
				    case_status_name(status)))
			return;
	}
	/* Anything sent twice comes out of the loopback twice. */
	if (case_let_go(t, txs, 2) && case_ordered(txs, 2))
		case_once_each(txs, 2);
}

static void issue_fn(void *data)
{
	dma_async_issue_pending(data);
}

static void issue_with_irqs_off(struct case_trial *t)
{
	struct case_tx *txs[4];
	unsigned long flags;
	unsigned int round;

	for (round = 0; round < 8 && !case_over(t); round++) {
		if (!case_enqueue(t, txs, ARRAY_SIZE(txs), SZ_4K))
			return;
		if (round % 2) {
			local_irq_save(flags);
			dma_async_issue_pending(t->chan);
			dma_async_issue_pending(t->chan);
			local_irq_restore(flags);
		} else {
			local_bh_disable();
			dma_async_issue_pending(t->chan);
			dma_async_issue_pending(t->chan);
			local_bh_enable();
		}
		if (!case_wait_all(txs, ARRAY_SIZE(txs)) ||
		    !case_once_each(txs, ARRAY_SIZE(txs)))
			return;
	}
}

static void issue_in_hardirq(struct case_trial *t)
{
	struct case_tx *txs[4];
	unsigned int round;

	for (round = 0; round < 8 && !case_over(t); round++) {
		if (!case_enqueue(t, txs, ARRAY_SIZE(txs), SZ_4K))
			return;
		if (case_in_hardirq(issue_fn, t->chan)) {
			case_issue(t, t->chan);
			case_skip(t, "no CPU takes an interrupt");
		}
		/* Once more, most likely while they run. */
		case_in_hardirq(issue_fn, t->chan);
		if (!case_wait_all(txs, ARRAY_SIZE(txs)) ||
		    !case_once_each(txs, ARRAY_SIZE(txs)))
			return;
	}
}

static const struct dmabench_case queue_cases[] = {
	{
		.name	= "queue.cookies_increase",
		.rules	= "A4.2 A4.1 A4.9",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	= "each submission gets a cookie above the one before",
		.run	= cookies_increase,
	},
	{
		.name	= "queue.threads_share_a_channel",
		.rules	= "A4.8 A4.2 A4.9",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER),
		.what	= "threads that submit at once get unique cookies, and their own data",
		.run	= threads_share_a_channel,
	},
	{
		.name	= "queue.cookies_wrap",
		.rules	= "A4.2 A4.7",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.opt_in	= OPT_IN(COOKIE_WRAP),
		.what	= "the largest cookie is followed by 1, with order and status as ever",
		.run	= cookies_wrap,
	},
	{
		.name	= "queue.submit_does_not_start",
		.rules	= "A4.3 A5.1",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "a submitted transfer does nothing before issue_pending",
		.run	= submit_does_not_start,
	},
	{
		.name	= "queue.many_submitted_do_not_start",
		.rules	= "A4.3 A4.4 A4.9",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	=
			"many submitted transfers do nothing before one issue_pending starts them all",
		.run	= many_submitted_do_not_start,
	},
	{
		.name	= "queue.later_submit_waits_for_its_issue",
		.rules	= "A4.4 A4.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "what is submitted after issue_pending waits for the next one",
		.run	= later_submit_waits,
	},
	{
		.name	= "queue.later_submit_waits_behind_a_running_one",
		.rules	= "A4.4 A4.7",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK) | NEEDS(ORDER),
		.what	= "what is submitted while others run waits for the next issue_pending",
		.run	= later_submit_waits_behind_held,
	},
	{
		.name	= "queue.issue_while_running_is_kept",
		.rules	= "A4.9 A4.4",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	= "what is issued at any time of a running transfer runs after it",
		.run	= issue_while_running_is_kept,
	},
	{
		.name	= "queue.empty_issue_does_nothing",
		.rules	= "A4.5",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "issue_pending with nothing pending changes nothing",
		.run	= empty_issue_does_nothing,
	},
	{
		.name	= "queue.issue_does_not_disturb_a_running_one",
		.rules	= "A4.5 A4.10",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "issue_pending neither restarts nor completes what runs",
		.run	= issue_hammered_while_running,
	},
	{
		.name	= "queue.issue_does_not_disturb_a_waiting_one",
		.rules	= "A4.5 A4.7",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(ORDER),
		.what	=
			"issue_pending neither restarts nor completes what waits for its peripheral",
		.run	= issue_hammered_while_held,
	},
	{
		.name	= "queue.issue_with_irqs_off",
		.rules	= "A4.5 A4.9",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	= "issue_pending works with interrupts and with softirqs off",
		.run	= issue_with_irqs_off,
	},
	{
		.name	= "queue.issue_in_hardirq",
		.rules	= "A4.5 A4.9",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(SLAVE_CAP),
		.what	= "issue_pending works in hard interrupt context",
		.run	= issue_in_hardirq,
	},
	QUEUE_ORDER_CASES,
};

const struct dmabench_chapter dmabench_chapter_queue = {
	.name		= "queue",
	.rules		= queue_rules,
	.nr_rules	= ARRAY_SIZE(queue_rules),
	.cases		= queue_cases,
	.nr_cases	= ARRAY_SIZE(queue_cases),
};
