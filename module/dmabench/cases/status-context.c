// SPDX-License-Identifier: GPL-2.0-only
/*
 * A5.7: the status is asked for in any context, and while transfers complete.
 */
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "flow-kit.h"
#include "status.h"

struct asked {
	struct case_tx *tx[2];
	enum dma_status status[2];
	struct dma_tx_state state[2];
};

static void ask(void *data)
{
	struct asked *asked = data;
	unsigned int i;

	for (i = 0; i < 2; i++)
		asked->status[i] = case_status(asked->tx[i], &asked->state[i]);
}

/**
 * status_in_hardirq - A5.7: asked for with interrupts off
 * @t: the trial
 */
void status_in_hardirq(struct case_trial *t)
{
	struct asked asked;
	unsigned long flags;
	unsigned int round;

	for (round = 0; round < 6 && !case_over(t); round++) {
		asked.tx[0] = case_carry(t, case_random_len(t, SZ_4K));
		if (!asked.tx[0] || !case_do(asked.tx[0]) || !case_wait_complete(asked.tx[0]))
			return;
		asked.tx[1] = case_carry(t, case_random_len(t, SZ_4K));
		if (!asked.tx[1] || !case_submit(asked.tx[1]))
			return;
		if (round % 2) {
			if (case_in_hardirq(ask, &asked)) {
				case_skip(t, "no CPU takes an interrupt");
				return;
			}
		} else {
			local_irq_save(flags);
			ask(&asked);
			local_irq_restore(flags);
		}
		if (!case_expect_tx(asked.tx[0], asked.status[0] == DMA_COMPLETE &&
				    !asked.state[0].residue,
				    "expected complete, residue 0, with interrupts off, seen %s, %u",
				    case_status_name(asked.status[0]), asked.state[0].residue) ||
		    !case_expect_tx(asked.tx[1], asked.status[1] == DMA_IN_PROGRESS,
				    "expected in progress of what is not issued, with interrupts off, seen %s",
				    case_status_name(asked.status[1])))
			return;
		case_issue(t, t->chan);
		/* And while it runs. */
		case_in_hardirq(ask, &asked);
		if (!case_wait(asked.tx[1]) || !case_intact(asked.tx[1]))
			return;
	}
}

struct callback_asks {
	struct case_tx *later;
	enum dma_status own;
	enum dma_status other;
	u32 residue;
};

static void asking_hook(struct case_tx *tx)
{
	struct callback_asks *asks = tx->data;
	struct dma_tx_state state;

	asks->own = case_status(tx, &state);
	asks->residue = state.residue;
	asks->other = case_status(asks->later, NULL);
}

static void ask_in_callbacks(struct case_trial *t, struct callback_asks *asks)
{
	struct case_tx *tx, *later;
	unsigned int round;

	for (round = 0; round < 8 && !case_over(t); round++) {
		tx = case_carry_later(t, case_random_len(t, SZ_4K));
		later = tx ? case_carry_later(t, case_random_len(t, SZ_4K)) : NULL;
		if (!later)
			return;
		/* A broken provider may call back within submit. */
		asks->later = later;
		tx->data = asks;
		tx->hook = asking_hook;
		if (!case_prep_again(tx) || !case_submit(tx))
			return;
		/* Issued with it; its own turn comes later. */
		if (!case_prep_again(later) || !case_submit(later))
			return;
		case_issue(t, t->chan);
		if (!case_wait(tx) || !case_wait(later))
			return;
		if (!case_expect_tx(tx, asks->own == DMA_COMPLETE && !asks->residue,
				    "expected complete, residue 0, in the callback, seen %s, %u",
				    case_status_name(asks->own), asks->residue) ||
		    !case_expect_tx(later, asks->other == DMA_IN_PROGRESS ||
				    asks->other == DMA_COMPLETE,
				    "expected in progress or complete of the next one, seen %s",
				    case_status_name(asks->other)) ||
		    !case_intact(tx) || !case_intact(later))
			return;
	}
}

/**
 * status_in_callback - A5.7: asked for by callbacks
 * @t: the trial
 */
void status_in_callback(struct case_trial *t)
{
	struct callback_asks asks = {};

	ask_in_callbacks(t, &asks);
	case_calm(t);
}

struct inside {
	int cpu;
	struct task_struct *task;
	int callbacks;
};

static void inside_hook(struct case_tx *tx)
{
	struct inside *inside = tx->data;

	/*
	 * With interrupts off only the call itself can come here on that CPU; with
	 * interrupts on a softirq can, too, but that says what it is.
	 */
	if (READ_ONCE(inside->cpu) == raw_smp_processor_id() ||
	    (READ_ONCE(inside->task) == current && !in_serving_softirq() && !in_hardirq()))
		inside->callbacks++;
}

static void ask_and_look(struct case_trial *t, struct inside *inside)
{
	unsigned int i, round, nr = case_affordable(t, 40, SZ_8K);
	struct dma_tx_state state;
	enum dma_status status;
	unsigned long flags;
	struct case_tx *tx;

	for (round = 0; round < nr && !case_over(t); round++) {
		tx = case_carry(t, case_random_len(t, SZ_16K));
		if (!tx)
			return;
		tx->data = inside;
		tx->hook = inside_hook;
		if (!case_start(tx))
			return;
		for (i = 0; i < 2000; i++) {
			if (round % 2) {
				local_irq_save(flags);
				WRITE_ONCE(inside->cpu, raw_smp_processor_id());
				status = case_status(tx, &state);
				WRITE_ONCE(inside->cpu, -1);
				local_irq_restore(flags);
			} else {
				WRITE_ONCE(inside->task, current);
				status = case_status(tx, &state);
				WRITE_ONCE(inside->task, NULL);
			}
			if (status != DMA_IN_PROGRESS)
				break;
			case_spin(2);
		}
		if (!case_wait(tx) ||
		    !case_expect_tx(tx, !inside->callbacks,
				    "expected tx_status to call no callback, seen %d called in it",
				    inside->callbacks))
			return;
	}
}

/**
 * status_runs_no_callback - A5.7: no callback comes within the call
 * @t: the trial
 *
 * A client that holds a lock which its callback takes would never come back.
 */
void status_runs_no_callback(struct case_trial *t)
{
	struct inside inside = { .cpu = -1 };

	ask_and_look(t, &inside);
	case_calm(t);
}

#define HAMMERED	64

struct hammer {
	struct case_tx *txs[HAMMERED];
	int issued;
	bool over;
};

static void hammer_status(struct case_trial *t, struct hammer *hammer)
{
	unsigned long end = jiffies + HZ;
	bool seen[HAMMERED] = {};
	enum dma_status status;
	int i, nr;

	/* Not for longer: who asks without end may keep the engine from its CPU. */
	while (!READ_ONCE(hammer->over) && !case_over(t) && time_before(jiffies, end)) {
		/* Pairs with smp_store_release() below: what is counted is in txs[]. */
		nr = smp_load_acquire(&hammer->issued);
		for (i = 0; i < nr; i++) {
			status = case_status(hammer->txs[i], NULL);
			if (!case_expect_tx(hammer->txs[i], status == DMA_COMPLETE ||
					    (status == DMA_IN_PROGRESS && !seen[i]),
					    "expected status in progress, then complete, seen %s%s",
					    case_status_name(status),
					    seen[i] ? " after complete" : ""))
				return;
			seen[i] |= status == DMA_COMPLETE;
		}
		/* Who completes them needs a CPU, and the lock, too. */
		usleep_range(2, 30);
	}
}

static void hammer_transfers(struct case_trial *t, struct hammer *hammer)
{
	int i, nr = case_affordable(t, HAMMERED, SZ_4K);
	unsigned long end = jiffies + 2 * HZ;

	for (i = 0; i < nr && !case_over(t) && time_before(jiffies, end); i++) {
		hammer->txs[i] = case_carry(t, case_random_len(t, SZ_4K));
		if (!hammer->txs[i] || !case_start(hammer->txs[i]))
			break;
		/* Pairs with smp_load_acquire() above. */
		smp_store_release(&hammer->issued, i + 1);
		if (i % 4 == 3 && !case_wait_all(hammer->txs + i - 3, 4))
			break;
	}
	WRITE_ONCE(hammer->over, true);
}

static void hammer_member(struct case_trial *t, unsigned int who, void *data)
{
	if (who)
		hammer_status(t, data);
	else
		hammer_transfers(t, data);
}

/**
 * status_while_completing - A5.7: asked for by one thread while another transfers
 * @t: the trial
 */
void status_while_completing(struct case_trial *t)
{
	struct hammer *hammer = kzalloc_obj(*hammer);
	unsigned int i;

	if (!hammer) {
		case_skip(t, "no memory");
		return;
	}
	if (case_threads(t, 2, hammer_member, hammer))
		for (i = 0; i < hammer->issued && t->verdict == CASE_PASSED; i++)
			if (case_wait_complete(hammer->txs[i]))
				case_once_each(hammer->txs + i, 1);
	kfree(hammer);
}
