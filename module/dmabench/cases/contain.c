// SPDX-License-Identifier: GPL-2.0-only
/*
 * What keeps a broken provider from taking the suite with it. Calls that may never
 * return are made by another thread and waited for; what a case leaves in flight is
 * terminated; and memory that an engine may still write is kept for ever.
 */
#include <linux/delay.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include "../suite.h"

/* How long a callback or a write may be late where nothing waits for it (A.z), ms. */
#define CASE_GRACE_MS	20

/* ----------------------------------------------------------- bounded calls */

/* One call; left to the thread that is stuck in it if it does not return. */
struct case_call {
	struct kthread_work work;
	int (*fn)(struct dma_chan *chan);
	struct dma_chan *chan;
	int ret;
	atomic_t users;
	struct completion done;
};

static void call_put(struct case_call *call)
{
	if (atomic_dec_and_test(&call->users))
		kfree(call);
}

static void call_work(struct kthread_work *work)
{
	struct case_call *call = container_of(work, struct case_call, work);

	call->ret = call->fn(call->chan);
	complete(&call->done);
	call_put(call);
}

/**
 * dmabench_suite_lose - the channel is beyond use
 * @suite: the suite
 * @why: in words
 *
 * No further case runs. The channels, the module and the run stay until reboot.
 *
 * Context: may sleep.
 */
void dmabench_suite_lose(struct dmabench_suite *suite, const char *why)
{
	if (!*suite->lost)
		strscpy(suite->lost, why, sizeof(suite->lost));
	if (!suite->chan)
		return;
	/* Late callbacks find the descriptors, which belong to the run. */
	kref_get(&suite_run(suite)->ref);
	suite_run(suite)->quarantined++;
	dmabench_chan_quarantine(suite->chan);
	suite->chan = NULL;
	if (suite->peer)
		dmabench_chan_quarantine(suite->peer);
	suite->peer = NULL;
}

static int bounded(struct case_trial *t, const char *what, int (*fn)(struct dma_chan *chan),
		   struct dma_chan *chan)
{
	struct dmabench_suite *suite = t->suite;
	struct case_call *call = kzalloc_obj(*call);
	int ret;

	if (!call || !suite->hand) {
		kfree(call);
		return suite->hand ? -ENOMEM : -ETIMEDOUT;
	}
	kthread_init_work(&call->work, call_work);
	call->fn = fn;
	call->chan = chan;
	atomic_set(&call->users, 2);
	init_completion(&call->done);
	kthread_queue_work(suite->hand, &call->work);

	if (wait_for_completion_timeout(&call->done,
					msecs_to_jiffies(case_timeout_ms(t)) + HZ)) {
		ret = call->ret;
		call_put(call);
		return ret;
	}
	case_fail(t, "expected %s to return, seen it hang for %u ms", what, case_timeout_ms(t));
	suite->timeouts++;
	/* Nobody can take that thread back. */
	suite->hand = NULL;
	dmabench_suite_lose(suite, "a call of the provider does not return");
	return -ETIMEDOUT;
}

static int do_synchronize(struct dma_chan *chan)
{
	dmaengine_synchronize(chan);
	return 0;
}

/* All that is in flight on a channel is dead from now on. */
static void bury(struct case_trial *t, struct dma_chan *chan)
{
	struct case_tx *tx;
	unsigned long flags;

	spin_lock_irqsave(&t->suite->lock, flags);
	list_for_each_entry(tx, &t->txs, entry)
		if (tx->chan == chan && tx->state == CASE_TX_SUBMITTED)
			WRITE_ONCE(tx->state, CASE_TX_DEAD);
	spin_unlock_irqrestore(&t->suite->lock, flags);
	if (t->suite->drain && t->suite->drain->chan == chan)
		t->suite->drain = NULL;
}

/**
 * case_terminate_async - terminate without waiting
 * @t: the trial
 * @chan: the channel
 *
 * Context: any.
 *
 * Return: what the provider returns.
 */
int case_terminate_async(struct case_trial *t, struct dma_chan *chan)
{
	return dmaengine_terminate_async(chan);
}

/**
 * case_synchronize - wait until what was terminated is over
 * @t: the trial
 * @chan: terminated; everything submitted on it counts as dead afterwards
 *
 * Where the provider has no synchronize, a grace period takes its place.
 *
 * Context: may sleep.
 *
 * Return: 0; -ETIMEDOUT: it does not return, the channel is lost.
 */
int case_synchronize(struct case_trial *t, struct dma_chan *chan)
{
	int ret = bounded(t, "synchronize", do_synchronize, chan);

	if (!ret && !chan->device->device_synchronize)
		case_sleep(t, CASE_GRACE_MS);
	bury(t, chan);
	return ret;
}

/**
 * case_terminate - terminate and wait
 * @t: the trial
 * @chan: everything submitted on it counts as dead afterwards
 *
 * Context: may sleep.
 *
 * Return: what the provider returns; -ETIMEDOUT: nothing, the channel is lost.
 */
int case_terminate(struct case_trial *t, struct dma_chan *chan)
{
	int ret = bounded(t, "terminate_sync", dmaengine_terminate_sync, chan);

	if (!ret && !chan->device->device_synchronize)
		case_sleep(t, CASE_GRACE_MS);
	if (!ret)
		bury(t, chan);
	return ret;
}

/**
 * case_calm - make sure that no callback uses what a case is about to free
 * @t: the trial; everything submitted on its channels counts as dead afterwards
 *
 * Only needed by a case whose hooks use memory of its own.
 *
 * Context: may sleep.
 */
void case_calm(struct case_trial *t)
{
	struct case_tx *tx;
	unsigned long flags;

	spin_lock_irqsave(&t->suite->lock, flags);
	list_for_each_entry(tx, &t->txs, entry)
		WRITE_ONCE(tx->hook, NULL);
	spin_unlock_irqrestore(&t->suite->lock, flags);
	/* Those that have seen the hook are through with it then. */
	while (atomic_read(&t->inside))
		schedule_timeout_idle(1);
}

/* --------------------------------------------------------- release, request */

static int do_release(struct dma_chan *chan)
{
	dma_release_channel(chan);
	return 0;
}

/**
 * case_release - give the channel under test back
 * @t: the trial; everything on the channel counts as dead afterwards
 *
 * Its wrapper stays with the suite, for case_request().
 *
 * Context: may sleep.
 *
 * Return: true; else the channel is lost.
 */
bool case_release(struct case_trial *t)
{
	struct dmabench_suite *suite = t->suite;

	if (!suite->chan || !t->chan)
		return false;
	if (bounded(t, "dma_release_channel", do_release, suite->chan->dma))
		return false;
	bury(t, t->chan);
	t->chan = NULL;
	return true;
}

static bool is_this(struct dma_chan *dma, void *chan)
{
	return dma == chan;
}

/**
 * case_request - take the channel under test again
 * @t: the trial, after case_release()
 *
 * Context: may sleep.
 *
 * Return: true; else the case has failed and the channel is lost.
 */
bool case_request(struct case_trial *t)
{
	struct dmabench_suite *suite = t->suite;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	t->chan = dma_request_channel(mask, is_this, suite->chan->dma);
	if (t->chan)
		return true;
	case_fail(t, "expected to get the channel again that was released, seen NULL");
	strscpy(suite->lost, "the channel was released and cannot be had again",
		sizeof(suite->lost));
	dmabench_chan_forget(suite->chan);
	suite->chan = NULL;
	return false;
}

/* ------------------------------------------------------- other contexts */

struct hardirq_call {
	void (*fn)(void *data);
	void *data;
};

static void hardirq_fn(void *param)
{
	struct hardirq_call *call = param;

	call->fn(call->data);
}

/**
 * case_in_hardirq - call a function with interrupts off
 * @fn: the function
 * @data: for it
 *
 * On another CPU, in its interrupt, where there is one; else with interrupts off.
 *
 * Context: may sleep.
 *
 * Return: 0 or an errno.
 */
int case_in_hardirq(void (*fn)(void *data), void *data)
{
	struct hardirq_call call = { .fn = fn, .data = data };
	unsigned int cpu, other;
	int ret;

	cpu = get_cpu();
	other = cpumask_any_but(cpu_online_mask, cpu);
	ret = smp_call_function_single(other < nr_cpu_ids ? other : cpu, hardirq_fn, &call, 1);
	put_cpu();
	return ret;
}

struct case_thread {
	struct case_trial *t;
	unsigned int i;
	void (*fn)(struct case_trial *t, unsigned int i, void *data);
	void *data;
	struct task_struct *task;
	struct completion *start;
};

static int thread_fn(void *param)
{
	struct case_thread *thread = param;

	wait_for_completion(thread->start);
	thread->fn(thread->t, thread->i, thread->data);
	while (!kthread_should_stop())
		schedule_timeout_interruptible(1);
	return 0;
}

/**
 * case_threads - run a function in several threads at once
 * @t: the trial
 * @nr: how many threads
 * @fn: the function, told which of them it is; bounded in time
 * @data: for it
 *
 * Context: may sleep; returns when all have.
 *
 * Return: true; else the case is skipped for want of threads.
 */
bool case_threads(struct case_trial *t, unsigned int nr,
		  void (*fn)(struct case_trial *t, unsigned int i, void *data), void *data)
{
	struct case_thread *threads = kcalloc(nr, sizeof(*threads), GFP_KERNEL);
	DECLARE_COMPLETION_ONSTACK(start);
	unsigned int i, made = 0;

	for (i = 0; threads && i < nr; i++) {
		threads[i] = (struct case_thread) {
			.t = t, .i = i, .fn = fn, .data = data, .start = &start,
		};
		threads[i].task = kthread_run(thread_fn, &threads[i], "dmabench/case:%u", i);
		if (IS_ERR(threads[i].task))
			break;
		made++;
	}
	complete_all(&start);
	for (i = 0; i < made; i++)
		kthread_stop(threads[i].task);
	kfree(threads);
	if (made == nr)
		return true;
	case_skip(t, "no thread");
	return false;
}

/* --------------------------------------------------------- end of a trial */

/* Did anything not come to its end? A callback is one, and so is the status. */
static bool in_flight(struct case_trial *t, struct dma_chan *chan)
{
	struct case_tx *tx;

	list_for_each_entry(tx, &t->txs, entry) {
		if (tx->chan != chan || !tx->desc)
			continue;
		if (tx->state == CASE_TX_PREPARED || tx == t->suite->drain)
			return true;
		if (tx->state == CASE_TX_SUBMITTED && !atomic_read(&tx->calls) &&
		    case_status(tx, NULL) != DMA_COMPLETE)
			return true;
	}
	return false;
}

/* A transfer can be complete before its callback comes. */
static bool calls_to_come(struct case_trial *t, struct dma_chan *chan)
{
	struct case_tx *tx;

	list_for_each_entry(tx, &t->txs, entry)
		if (tx->chan == chan && tx->desc && tx->state == CASE_TX_SUBMITTED &&
		    !atomic_read(&tx->calls))
			return true;
	return false;
}

static void await_calls(struct case_trial *t, struct dma_chan *chan)
{
	unsigned long end = jiffies + msecs_to_jiffies(CASE_GRACE_MS) + 1;

	while (calls_to_come(t, chan) && time_before(jiffies, end))
		schedule_timeout_idle(1);
}

static u64 digest(const struct case_trial *t)
{
	const struct case_buf *buf;
	u64 sum = 0;

	list_for_each_entry(buf, &t->bufs, entry)
		sum = dmabench_mix(sum + case_buf_digest(buf));
	return sum;
}

/* Without terminate there is nothing but to wait. */
static bool outwait(struct case_trial *t, struct dma_chan *chan)
{
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(t)) + 1;

	if (!in_flight(t, chan))
		return true;
	dma_async_issue_pending(chan);
	while (in_flight(t, chan)) {
		if (time_after(jiffies, end))
			return false;
		schedule_timeout_idle(1);
	}
	return true;
}

static bool settle(struct case_trial *t, struct dma_chan *chan)
{
	bool terminates = chan->device->device_terminate_all;
	u64 before;

	if (!terminates && !outwait(t, chan))
		return false;
	if (!in_flight(t, chan))
		await_calls(t, chan);
	if (!terminates || (!in_flight(t, chan) && !calls_to_come(t, chan) &&
			    t->verdict != CASE_FAILED))
		return true;
	if (case_terminate(t, chan))
		return false;
	case_sleep(t, CASE_GRACE_MS);
	before = digest(t);
	case_sleep(t, 2);
	if (digest(t) == before)
		return true;
	case_fail(t, "expected memory to hold still after terminate_sync, seen it change (A7.3)");
	return false;
}

static void retire(struct case_trial *t)
{
	struct dmabench_suite *suite = t->suite;
	u64 now = ktime_get_ns();
	struct case_tx *tx, *next;
	unsigned long flags;

	spin_lock_irqsave(&suite->lock, flags);
	list_for_each_entry_safe(tx, next, &t->txs, entry) {
		WRITE_ONCE(tx->state, CASE_TX_FREE);
		WRITE_ONCE(tx->t, NULL);
		tx->called = now;
		list_move_tail(&tx->entry, &suite->pool);
	}
	spin_unlock_irqrestore(&suite->lock, flags);
}

static void check_late(struct case_trial *t)
{
	int stray = atomic_read(&t->suite->stray);

	case_expect(t, !atomic_read(&t->late),
		    "expected no callback after synchronize, seen %d (A7.2)",
		    atomic_read(&t->late));
	case_expect(t, stray == t->suite->stray_seen,
		    "expected no callback of cases that are over, seen %d (A7.2)",
		    stray - t->suite->stray_seen);
	t->suite->stray_seen = stray;
}

/**
 * dmabench_trial_end - clear up after a case
 * @t: the trial
 *
 * What is in flight is terminated. If that fails the buffers and the channel are
 * kept for ever.
 *
 * Context: may sleep.
 */
void dmabench_trial_end(struct case_trial *t)
{
	struct dma_chan *peer = case_peer(t);
	bool settled = true;

	/* A case may have lost it already, or not got it back. */
	if (t->suite->chan && t->chan && t->dirty) {
		settled = settle(t, t->chan);
		if (settled && peer)
			settled = settle(t, peer);
	}
	if (t->suite->chan && !settled)
		dmabench_suite_lose(t->suite, "an engine could not be stopped");
	t->suite->drain = NULL;
	retire(t);
	/* A callback that has found the trial is through with it then. */
	synchronize_rcu();
	check_late(t);
	if (!settled || !t->suite->chan)
		return;
	if (t->verdict == CASE_FAILED)
		dmabench_trial_keep_bufs(t);
	else
		dmabench_trial_free_bufs(t);
}

/**
 * dmabench_pool_free - free the descriptors of a suite
 * @suite: its channels were given back. If they were not, it lives for ever
 */
void dmabench_pool_free(struct dmabench_suite *suite)
{
	struct case_tx *tx, *next;

	list_for_each_entry_safe(tx, next, &suite->pool, entry) {
		list_del(&tx->entry);
		kfree(tx);
	}
}
