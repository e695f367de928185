// SPDX-License-Identifier: GPL-2.0-only
/*
 * A7: terminate from atomic context, interrupts and callbacks.
 */
#include <linux/bottom_half.h>
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include "life-kit.h"
#include "terminate.h"

/* ----------------------------------------------------- from other contexts */

static int in_bh_off(struct dma_chan *chan)
{
	int ret;

	local_bh_disable();
	ret = dmaengine_terminate_async(chan);
	local_bh_enable();
	return ret;
}

static int in_irq_off(struct dma_chan *chan)
{
	unsigned long flags;
	spinlock_t lock;	/* the client's own, held around calls that must not sleep */
	int ret;

	spin_lock_init(&lock);
	spin_lock_irqsave(&lock, flags);
	ret = dmaengine_terminate_async(chan);
	spin_unlock_irqrestore(&lock, flags);
	return ret;
}

struct hardirq_terminate {
	struct dma_chan *chan;
	int ret;
};

static void terminate_here(void *data)
{
	struct hardirq_terminate *call = data;

	call->ret = dmaengine_terminate_async(call->chan);
}

static int in_hardirq_of(struct dma_chan *chan)
{
	struct hardirq_terminate call = { .chan = chan };

	return case_in_hardirq(terminate_here, &call) ?: call.ret;
}

/* Makes the call on @chan, and looks at what it has left of @tx, if that is there. */
static bool from(struct case_trial *t, int (*terminate)(struct dma_chan *chan),
		 const char *state, struct dma_chan *chan, struct case_tx *tx)
{
	int ret = terminate(chan);

	return case_expect(t, !ret, "expected 0 from terminate_async %s, seen %d", state, ret) &&
	       !case_synchronize(t, chan) &&
	       (!tx || !tx->dst || !tx->src || case_terminate_ended(&tx, 1));
}

static void in_every_state(struct case_trial *t, int (*terminate)(struct dma_chan *chan))
{
	struct case_tx *tx;

	if (!from(t, terminate, "when idle", t->chan, NULL) || !case_works(t))
		return;
	tx = case_carry(t, case_round(t, 3000));
	if (!tx || !case_submit(tx) ||
	    !from(t, terminate, "of what was submitted", t->chan, tx) || !case_works(t))
		return;
	tx = case_carry(t, case_long(t, 5));
	if (!tx || !case_start(tx) ||
	    !from(t, terminate, "of what was issued", t->chan, tx) || !case_works(t))
		return;
	if (case_can(t, CASE_NEED_PAUSE)) {
		tx = case_carry(t, case_long(t, 5));
		if (!tx || !case_start(tx))
			return;
		dmaengine_pause(t->chan);
		if (!from(t, terminate, "of what was paused", t->chan, tx) || !case_works(t))
			return;
	}
	if (case_can(t, CASE_NEED_CYCLIC)) {
		size_t period = roundup(256, case_width(t));

		tx = case_endless(t, 4 * period, period);
		if (!tx || !case_start(tx) ||
		    !from(t, terminate, "of what goes round", tx->chan, NULL))
			return;
	}
	if (case_can(t, CASE_NEED_LOOPBACK)) {
		tx = case_stalled(t);
		if (!tx || !case_start(tx) ||
		    !from(t, terminate, "of what waits for a peripheral", t->chan, NULL) ||
		    !case_flush(t) || !case_loop_works(t))
			return;
	}
	case_still(t, CASE_WATCH_MS);
}

void case_terminate_bh_off(struct case_trial *t)
{
	in_every_state(t, in_bh_off);
}

void case_terminate_irq_off(struct case_trial *t)
{
	in_every_state(t, in_irq_off);
}

void case_terminate_hardirq(struct case_trial *t)
{
	in_every_state(t, in_hardirq_of);
}

/* ---------------------------------------------------------- from callbacks */

/* What a hook has done. */
struct hooked {
	int ret;
	int at;			/* at which callback it does it */
	bool done;
};

static void hook_terminate(struct case_tx *tx)
{
	struct hooked *hooked = tx->data;

	if (hooked->done || atomic_read(&tx->calls) < hooked->at)
		return;
	hooked->ret = dmaengine_terminate_async(tx->chan);
	WRITE_ONCE(hooked->done, true);
}

#define CALLBACK_QUEUE	5

static bool terminate_in_callback(struct case_trial *t, struct hooked *hooked, bool stalled)
{
	struct case_tx *txs[CALLBACK_QUEUE], *first;
	unsigned int i, nr = stalled ? 1 : CALLBACK_QUEUE;
	struct case_tx *behind = NULL;

	*hooked = (struct hooked) { .at = 1 };
	for (i = 0; i < nr; i++) {
		txs[i] = case_carry(t, case_round(t, 64 + case_random(t) % 4000));
		if (!txs[i])
			return false;
		if (!i) {
			txs[0]->hook = hook_terminate;
			txs[0]->data = hooked;
		}
		if (!case_submit(txs[i]))
			return false;
	}
	first = txs[0];
	if (stalled) {
		behind = case_stalled(t);
		if (!behind || !case_submit(behind))
			return false;
	}
	case_issue(t, t->chan);
	if (!case_wait(first) ||
	    !case_expect_tx(first, !hooked->ret,
			    "expected 0 from terminate_async in a callback, seen %d",
			    hooked->ret) ||
	    case_synchronize(t, t->chan))
		return false;
	return case_terminate_ended(txs, nr) &&
	       (!behind || case_expect_tx(behind, !atomic_read(&behind->calls),
					  "expected no callback of what was dropped, seen %d",
					  atomic_read(&behind->calls)));
}

void case_terminate_in_callback(struct case_trial *t)
{
	unsigned long since = jiffies;
	bool stalls = case_can(t, CASE_NEED_LOOPBACK) && case_can(t, CASE_NEED_MEMCPY);
	unsigned int rounds = case_rounds(t, 20, SZ_4K, 100), i;
	struct case_buf *mem = case_buf_new(t, sizeof(struct hooked));

	/* In memory of the case: a callback may come late. */
	if (!mem)
		return;
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++) {
		if (!terminate_in_callback(t, (struct hooked *)mem->data, stalls && i % 2) ||
		    !case_works(t))
			return;
	}
	if (stalls && !case_flush(t))
		return;
	case_still(t, CASE_WATCH_MS);
}

void case_terminate_in_period(struct case_trial *t)
{
	unsigned long since = jiffies;
	size_t period = roundup(128, case_width(t));
	struct case_buf *mem = case_buf_new(t, sizeof(struct hooked));
	unsigned int rounds = case_rounds(t, 10, SZ_1K, 100), i;
	bool loopback = case_can(t, CASE_NEED_LOOPBACK);
	struct hooked *hooked;
	struct case_tx *tx;
	int calls;

	if (!mem || !case_loop_drain(t))
		return;
	hooked = (struct hooked *)mem->data;
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++) {
		unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(t)) + 1;

		*hooked = (struct hooked) { .at = 1 + case_random(t) % 4 };
		tx = case_endless(t, 4 * period, period);
		if (!tx)
			return;
		tx->hook = hook_terminate;
		tx->data = hooked;
		if (!case_start(tx))
			return;
		while (!READ_ONCE(hooked->done)) {
			if (time_after(jiffies, end)) {
				case_fail_tx(tx,
					     "expected %d callbacks of periods within %u ms, seen %d",
					     hooked->at, case_timeout_ms(t),
					     atomic_read(&tx->calls));
				return;
			}
			usleep_range(20, 200);
		}
		if (!case_expect_tx(tx, !hooked->ret,
				    "expected 0 from terminate_async in a callback, seen %d",
				    hooked->ret) ||
		    case_synchronize(t, tx->chan))
			return;
		calls = atomic_read(&tx->calls);
		case_spin(200);
		if (!case_expect_tx(tx, atomic_read(&tx->calls) == calls,
				    "expected no callback after synchronize, seen %d",
				    atomic_read(&tx->calls) - calls))
			return;
	}
	if (loopback) {
		case_sleep(t, 20 + 2 * case_takes_us(t, SZ_4K) / 1000);
		if (case_terminate(t, case_peer(t)))
			return;
	}
	case_still(t, CASE_WATCH_MS);
}

/* ---------------------------------------------------- a callback that lasts */

#define LASTING_US	4000

enum lasting {
	LASTING_NOT_YET,
	LASTING_INSIDE,
	LASTING_OVER,
};

static void hook_last(struct case_tx *tx)
{
	int *where = tx->data;

	/* Pairs with smp_load_acquire() in the case: what it sees of us is in order. */
	smp_store_release(where, LASTING_INSIDE);
	case_spin(LASTING_US);
	/* As above. */
	smp_store_release(where, LASTING_OVER);
}

static void issue_here(void *chan)
{
	dma_async_issue_pending(chan);
}

void case_terminate_waits_for_callback(struct case_trial *t)
{
	struct case_buf *mem = case_buf_new(t, sizeof(int));
	unsigned int i, seen = 0;
	struct case_tx *tx;
	int *where;

	if (!mem)
		return;
	where = (int *)mem->data;
	for (i = 0; i < 12 && seen < 4 && !case_over(t); i++) {
		*where = LASTING_NOT_YET;
		tx = case_carry(t, case_round(t, 256));
		if (!tx)
			return;
		tx->hook = hook_last;
		tx->data = where;
		if (!case_submit(tx))
			return;
		/* From elsewhere, lest the callback comes here and is over when we look. */
		if (i % 2 && case_can(t, CASE_NEED_SLAVE_CAP))
			case_in_hardirq(issue_here, t->chan);
		else
			case_issue(t, t->chan);
		/* Pairs with smp_store_release() in hook_last(). */
		while (smp_load_acquire(where) == LASTING_NOT_YET && !case_over(t))
			cond_resched();
		/* As above. */
		if (smp_load_acquire(where) == LASTING_INSIDE)
			seen++;
		if (case_terminate(t, t->chan))
			return;
		/* As above. */
		if (!case_expect_tx(tx, smp_load_acquire(where) != LASTING_INSIDE,
				    "expected no callback after terminate_sync, seen one running"))
			break;
	}
	/* What it uses stays until it is over. */
	while (smp_load_acquire(where) == LASTING_INSIDE)
		usleep_range(50, 500);
	if (!seen)
		case_skip(t, "no callback was seen to run beside its client");
}
