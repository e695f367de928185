// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the completion contexts
 *
 *	inline	the caller of issue_pending, for a bounded amount of work, where
 *		a softirq could have interrupted him; else the softirq
 *	softirq	a tasklet
 *	timer	a tasklet that a timer in hard irq raises, as an interrupt does
 *	thread	a thread per channel
 *
 * Callbacks find BH disabled in each of them.
 */
#include <linux/bottom_half.h>
#include <linux/hrtimer.h>
#include <linux/interrupt.h>
#include <linux/kthread.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "dmasim.h"

static void dmasim_tasklet(struct tasklet_struct *t)
{
	struct dmasim_chan *c = from_tasklet(c, t, tasklet);

	dmasim_run(c, DMASIM_BUDGET);
}

static enum hrtimer_restart dmasim_timer(struct hrtimer *t)
{
	struct dmasim_chan *c = container_of(t, struct dmasim_chan, timer);

	/* It may be set: this may be how a kick gets there. */
	set_bit(DMASIM_KICKED, &c->flags);
	c->context->wake(c);
	return HRTIMER_NORESTART;
}

/**
 * dmasim_context_init() - set up what the contexts run by
 * @c:		channel
 */
void dmasim_context_init(struct dmasim_chan *c)
{
	tasklet_setup(&c->tasklet, dmasim_tasklet);
	hrtimer_setup(&c->timer, dmasim_timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
}

static int dmasim_softirq_open(struct dmasim_chan *c)
{
	return 0;
}

static void dmasim_softirq_close(struct dmasim_chan *c)
{
	tasklet_kill(&c->tasklet);
}

static void dmasim_softirq_wake(struct dmasim_chan *c)
{
	tasklet_schedule(&c->tasklet);
}

static void dmasim_softirq_kick(struct dmasim_chan *c)
{
	if (!in_task() || irqs_disabled()) {
		tasklet_schedule(&c->tasklet);
		return;
	}
	/* Without this a task only wakes ksoftirqd, and waits for its turn. */
	local_bh_disable();
	tasklet_schedule(&c->tasklet);
	local_bh_enable();
}

static void dmasim_inline_kick(struct dmasim_chan *c)
{
	/*
	 * Callers may hold locks that callbacks take, as long as they keep
	 * softirqs out meanwhile. Hence only where a softirq could come in.
	 */
	if (in_hardirq() || in_softirq() || irqs_disabled()) {
		tasklet_schedule(&c->tasklet);
		return;
	}
	local_bh_disable();
	dmasim_run(c, DMASIM_BUDGET_INLINE);
	local_bh_enable();
}

static void dmasim_timer_kick(struct dmasim_chan *c)
{
	/* It is on its way, or the runner is about to look again. */
	if (test_and_set_bit(DMASIM_KICKED, &c->flags))
		return;
	hrtimer_start(&c->timer, 0, HRTIMER_MODE_ABS);
}

static int dmasim_thread(void *data)
{
	struct dmasim_chan *c = data;

	while (!kthread_should_stop()) {
		set_current_state(TASK_IDLE);
		if (!test_bit(DMASIM_KICKED, &c->flags)) {
			if (!kthread_should_stop())
				schedule();
			__set_current_state(TASK_RUNNING);
			continue;
		}
		__set_current_state(TASK_RUNNING);

		local_bh_disable();
		dmasim_run(c, DMASIM_BUDGET);
		local_bh_enable();
		cond_resched();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

static int dmasim_thread_open(struct dmasim_chan *c)
{
	struct task_struct *thread;

	thread = kthread_run(dmasim_thread, c, "dmasim/%s", dma_chan_name(&c->chan));
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	c->thread = thread;
	return 0;
}

static void dmasim_thread_close(struct dmasim_chan *c)
{
	kthread_stop(c->thread);
	c->thread = NULL;
}

static void dmasim_thread_kick(struct dmasim_chan *c)
{
	if (!test_and_set_bit(DMASIM_KICKED, &c->flags))
		wake_up_process(c->thread);
}

static void dmasim_thread_wake(struct dmasim_chan *c)
{
	wake_up_process(c->thread);
}

/* By struct dmasim_config.completion. */
const struct dmasim_context dmasim_contexts[] = {
	{
		.name = "inline",
		.spin_ns = 20 * NSEC_PER_USEC,
		.open = dmasim_softirq_open,
		.close = dmasim_softirq_close,
		.kick = dmasim_inline_kick,
		.wake = dmasim_softirq_wake,
	}, {
		.name = "softirq",
		.open = dmasim_softirq_open,
		.close = dmasim_softirq_close,
		.kick = dmasim_softirq_kick,
		.wake = dmasim_softirq_wake,
	}, {
		.name = "timer",
		.open = dmasim_softirq_open,
		.close = dmasim_softirq_close,
		.kick = dmasim_timer_kick,
		.wake = dmasim_softirq_wake,
	}, {
		.name = "thread",
		.open = dmasim_thread_open,
		.close = dmasim_thread_close,
		.kick = dmasim_thread_kick,
		.wake = dmasim_thread_wake,
	},
};

const unsigned int dmasim_nr_contexts = ARRAY_SIZE(dmasim_contexts);
