// SPDX-License-Identifier: GPL-2.0-only
/*
 * A run: starts the workers that were planned, ends when the last of them has
 * ended, and sees to it that no memory is freed that an engine may still write.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "clock.h"
#include "result.h"
#include "runner.h"

const char *const dmabench_state_names[] = {
	[DMABENCH_STATE_IDLE]		= "idle",
	[DMABENCH_STATE_RUNNING]	= "running",
	[DMABENCH_STATE_PAUSED]		= "paused",
	[DMABENCH_STATE_STOPPING]	= "stopping",
	[DMABENCH_STATE_DONE]		= "done",
	[DMABENCH_STATE_STOPPED]	= "stopped",
	[DMABENCH_STATE_FAILED]		= "failed",
};

/*
 * After a terminate, how long a late callback may still come, and how long the
 * destinations are watched. Providers without device_synchronize are many (A.z).
 */
#define RETIRE_GRACE_MS	20

static struct workqueue_struct *runner_wq;

static void run_free(struct kref *ref)
{
	struct dmabench_run *run = container_of(ref, struct dmabench_run, ref);
	unsigned int i;

	for (i = 0; run->workers && i < run->nr_workers; i++) {
		if (run->threads && run->threads[i])
			put_task_struct(run->threads[i]);
		if (run->workers[i])
			dmabench_worker_free(run->workers[i]);
	}
	kvfree(run->threads);
	kvfree(run->workers);
	kfree(run);
}

/**
 * dmabench_run_put - drop a reference
 * @run: the run
 */
void dmabench_run_put(struct dmabench_run *run)
{
	kref_put(&run->ref, run_free);
}

static void run_wake(struct dmabench_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr_threads; i++)
		wake_up_process(run->threads[i]);
}

/*
 * The workers leave as they stand; the end of the run deals with the rest. A run
 * that is still being built wakes its threads itself, when all is in place, and
 * they find the order to leave then.
 */
static void run_leave(struct dmabench_run *run)
{
	WRITE_ONCE(run->load.leaving, true);
	/* Either we see that it was launched, or its threads see our order. */
	smp_mb();
	if (READ_ONCE(run->launched))
		run_wake(run);
	wake_up_all(&run->load.resume);
}

/**
 * dmabench_run_revoke - the provider of a channel is about to go away
 * @owner: the run
 *
 * Context: must not sleep.
 */
void dmabench_run_revoke(void *owner)
{
	struct dmabench_run *run = owner;

	WRITE_ONCE(run->revoked, true);
	run_leave(run);
}

/* The workers of a channel stand side by side. */
static struct dmabench_worker *worker_of(struct dmabench_run *run, unsigned int chan,
					 unsigned int thread)
{
	return run->workers[chan * run->load.knobs.threads + thread];
}

static unsigned int chan_flying(struct dmabench_run *run, unsigned int c)
{
	unsigned int t, flying = 0;

	for (t = 0; t < run->load.knobs.threads; t++)
		flying += worker_of(run, c, t)->queue.nr_flying;
	return flying;
}

static u64 chan_digest(struct dmabench_run *run, unsigned int c)
{
	struct dmabench_xfer *x;
	u64 digest = 0;
	unsigned int t;

	for (t = 0; t < run->load.knobs.threads; t++)
		list_for_each_entry(x, &worker_of(run, c, t)->queue.flying, entry)
			digest = dmabench_mix(digest + dmabench_xfer_digest(x));
	return digest;
}

static bool chan_terminate(struct dmabench_chan *chan)
{
	return chan->dma->device->device_terminate_all && !dmaengine_terminate_sync(chan->dma);
}

/* Makes the engine let go of what is in flight, and looks whether it has. */
static bool chan_stop(struct dmabench_run *run, unsigned int c)
{
	u64 before;

	if (!chan_terminate(run->chans[c]) ||
	    (run->peers[c] && !chan_terminate(run->peers[c])))
		return false;

	/* A late callback has this long to come, and a late write to be seen. */
	msleep(RETIRE_GRACE_MS);
	before = chan_digest(run, c);
	msleep(RETIRE_GRACE_MS);
	return chan_digest(run, c) == before;
}

static void chan_let_go(struct dmabench_chan **chan, bool stopped)
{
	if (*chan && stopped)
		dmabench_chan_put(*chan);
	else if (*chan)
		dmabench_chan_quarantine(*chan);
	*chan = NULL;
}

/*
 * All threads have ended. What they left in flight is stopped, or else kept away
 * from everybody for ever: the transfers' memory and mappings, the run that a
 * late callback refers to, the channel, and the module with the callback's code.
 */
static void chan_end(struct dmabench_run *run, unsigned int c)
{
	unsigned int flying = chan_flying(run, c);
	bool stopped = !flying || chan_stop(run, c);
	struct dmabench_xfer *x, *next;
	unsigned int t;

	/* Memory before the channel: to unmap needs the provider's device. */
	for (t = 0; t < run->load.knobs.threads; t++) {
		struct dmabench_worker *worker = worker_of(run, c, t);

		if (flying)
			dmabench_worker_forget(worker);
		if (stopped) {
			list_for_each_entry_safe(x, next, &worker->queue.flying, entry) {
				dmabench_xfer_unmap(x);
				list_move_tail(&x->entry, &worker->free);
			}
		}
		dmabench_worker_empty(worker);
	}

	if (!stopped) {
		run->quarantined += flying;
		kref_get(&run->ref);
	}
	chan_let_go(&run->chans[c], stopped);
	chan_let_go(&run->peers[c], stopped);
}

static u64 run_callbacks_extra(const struct dmabench_run *run)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < run->nr_workers; i++)
		sum += atomic_read(&run->workers[i]->queue.callbacks_extra);
	return sum;
}

static void run_judge(struct dmabench_run *run)
{
	const struct dmabench_worker *first = NULL;
	unsigned int i;
	u64 errors = 0;

	for (i = 0; i < run->nr_workers; i++) {
		u64 own = dmabench_worker_errors(run->workers[i]);

		/* An error that has ended a worker tells more than one that has not. */
		if (own && (!first || (run->workers[i]->error && !first->error)))
			first = run->workers[i];
		errors += own;
	}

	run->state = DMABENCH_STATE_FAILED;
	if (run->revoked) {
		run->error = -ENODEV;
		strscpy(run->reason, "the provider went away", sizeof(run->reason));
	} else if (first) {
		/* Errors below max_errors end no worker, but they are errors. */
		run->error = first->error ?:
			     first->errors[DMABENCH_ERROR_DATA] ? -EBADMSG :
			     first->errors[DMABENCH_ERROR_CASE] ? -EPROTO : -EIO;
		scnprintf(run->reason, sizeof(run->reason), "%llu errors, the first: %s",
			  errors, first->first_error);
	} else if (run_callbacks_extra(run)) {
		run->error = -EPROTO;
		scnprintf(run->reason, sizeof(run->reason),
			  "%llu callbacks came twice or for no transfer", run_callbacks_extra(run));
	} else if (atomic_read(&run->load.hit)) {
		run->error = -ETIME;
		scnprintf(run->reason, sizeof(run->reason),
			  "threshold: worker %u transfer %llu: %s took %llu ns",
			  run->load.slow.worker, run->load.slow.seq,
			  dmabench_threshold_names[run->load.knobs.threshold_stage],
			  run->load.slow.stage[run->load.knobs.threshold_stage]);
	} else if (run->stopped) {
		run->state = DMABENCH_STATE_STOPPED;
		run->error = -ECANCELED;
		strscpy(run->reason, "stopped by the user", sizeof(run->reason));
	} else {
		run->state = DMABENCH_STATE_DONE;
	}
}

static void run_end(struct work_struct *work)
{
	struct dmabench_run *run = container_of(work, struct dmabench_run, end);
	unsigned int i, c;

	/* The last thread is on its way out, but still in our code. */
	for (i = 0; i < run->nr_threads; i++)
		kthread_stop(run->threads[i]);
	for (c = 0; c < run->nr_chans; c++)
		chan_end(run, c);
	if (run->peripheral && !run->quarantined)
		dmabench_port_close(&run->port);
	/* A callback may have handed its transfer over and not be through yet. */
	synchronize_rcu();

	run_judge(run);
	run->ended = dmabench_clock();
	if (run->load.knobs.stages)
		static_branch_dec(&dmabench_stamping);
	if (run->log)
		dmabench_result_log(run);
	complete_all(&run->finished);
	dmabench_run_put(run);
	/* Module exit flushes the workqueue, hence waits for the end of this. */
	module_put(THIS_MODULE);
}

static int run_thread(void *data)
{
	struct dmabench_worker *worker = data;
	struct dmabench_run *run = container_of(worker->load, struct dmabench_run, load);

	dmabench_worker_run(worker);
	if (atomic_dec_and_test(&run->alive))
		queue_work(runner_wq, &run->end);
	return 0;
}

/**
 * dmabench_run_cpu - where a worker is to run
 * @knobs: of the run
 * @worker: its number
 *
 * The knob's CPUs that are online take the workers in turn.
 *
 * Context: may sleep.
 *
 * Return: the CPU; NULL if the knob is no list of CPUs, or without memory.
 */
const struct cpumask *dmabench_run_cpu(const struct dmabench_knobs *knobs, unsigned int worker)
{
	const struct cpumask *found = NULL;
	cpumask_var_t mask;
	unsigned int cpu;

	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return NULL;
	if (!cpulist_parse(knobs->cpus, mask))
		cpumask_and(mask, mask, cpu_online_mask);
	else
		cpumask_clear(mask);
	if (!cpumask_empty(mask)) {
		worker %= cpumask_weight(mask);
		for_each_cpu(cpu, mask)
			if (!worker--)
				found = cpumask_of(cpu);
	}
	free_cpumask_var(mask);
	return found;
}

static void run_place(struct dmabench_run *run, unsigned int i, struct task_struct *thread)
{
	int node = run->workers[i]->queue.spec->node;
	const struct cpumask *mask = NULL;

	if (*run->load.knobs.cpus)
		mask = dmabench_run_cpu(&run->load.knobs, i);
	else if (node != NUMA_NO_NODE && cpumask_intersects(cpumask_of_node(node),
							    cpu_online_mask))
		mask = cpumask_of_node(node);
	if (mask)
		set_cpus_allowed_ptr(thread, mask);
}

static int run_create_threads(struct dmabench_run *run, char *reason, size_t size)
{
	struct dmabench_worker *worker;
	struct task_struct *thread;
	unsigned int i;

	for (i = 0; i < run->nr_threads; i++) {
		int node = run->workers[i]->queue.spec->node;

		thread = kthread_create_on_node(run_thread, run->workers[i], node,
						"dmabench/%s:%u", run->job, i);
		if (IS_ERR(thread)) {
			scnprintf(reason, size, "no thread for worker %u", i);
			return PTR_ERR(thread);
		}
		run_place(run, i, thread);
		for (worker = run->workers[i]; worker; worker = worker->next)
			worker->queue.waiter = thread;
		run->threads[i] = get_task_struct(thread);
	}
	return 0;
}

/* Undoes a start whose threads have not been woken yet. */
static void run_abandon(struct dmabench_run *run)
{
	unsigned int i;

	for (i = 0; run->workers && i < run->nr_workers; i++) {
		if (run->threads && run->threads[i])
			kthread_stop(run->threads[i]);
		if (run->workers[i])
			dmabench_worker_empty(run->workers[i]);
	}
	for (i = 0; i < run->nr_chans; i++) {
		dmabench_chan_put(run->chans[i]);
		if (run->peers[i])
			dmabench_chan_put(run->peers[i]);
	}
	if (run->peripheral)
		dmabench_port_close(&run->port);
	dmabench_run_put(run);
	module_put(THIS_MODULE);
}

/**
 * dmabench_run_start - start a run
 * @job: name of the job
 * @knobs: what to do; copied
 * @log: leave a summary in the kernel log when it ends
 * @reason: receives one line if it is refused
 * @reason_size: room of @reason
 *
 * Context: may sleep.
 *
 * Return: the run, a reference to which is the caller's, or an ERR_PTR() of what
 * docs/debugfs.md lists for `run`.
 */
struct dmabench_run *dmabench_run_start(const char *job, const struct dmabench_knobs *knobs,
					bool log, char *reason, size_t reason_size)
{
	struct dmabench_run *run;
	int ret;

	ret = dmabench_plan_check(knobs, reason, reason_size);
	if (ret)
		return ERR_PTR(ret);

	/*
	 * While a run goes on the module stays: once it is being unloaded it
	 * could no longer be pinned under an engine that cannot be stopped.
	 */
	if (!try_module_get(THIS_MODULE)) {
		scnprintf(reason, reason_size, "the module is being unloaded");
		return ERR_PTR(-ENODEV);
	}
	run = kzalloc_obj(*run);
	if (!run) {
		scnprintf(reason, reason_size, "no memory for a run");
		module_put(THIS_MODULE);
		return ERR_PTR(-ENOMEM);
	}
	kref_init(&run->ref);
	strscpy(run->job, job, sizeof(run->job));
	run->log = log;
	run->load.knobs = *knobs;
	run->load.seed = knobs->seed ?: get_random_u64();
	init_waitqueue_head(&run->load.resume);
	init_completion(&run->finished);
	INIT_WORK(&run->end, run_end);

	ret = dmabench_plan(run, reason, reason_size);
	if (!ret)
		ret = run_create_threads(run, reason, reason_size);
	if (ret) {
		run_abandon(run);
		return ERR_PTR(ret);
	}

	if (knobs->stages)
		static_branch_inc(&dmabench_stamping);
	dmabench_clock_measure(&run->clock_cost, &run->clock_step);
	atomic_set(&run->alive, run->nr_threads);
	atomic_set(&run->load.warming, run->nr_workers);
	atomic_set(&run->load.measuring, run->nr_workers);
	run->started = dmabench_clock();

	/* The run's own reference, until it has ended. */
	kref_get(&run->ref);
	WRITE_ONCE(run->launched, true);
	smp_mb();	/* see run_leave() */
	run_wake(run);
	return run;
}

/**
 * dmabench_run_stop - end a run after what is in flight
 * @run: the run
 *
 * Context: does not wait; see run->finished.
 */
void dmabench_run_stop(struct dmabench_run *run)
{
	if (completion_done(&run->finished))
		return;
	WRITE_ONCE(run->stopped, true);
	WRITE_ONCE(run->load.stopping, true);
	wake_up_all(&run->load.resume);
}

/**
 * dmabench_run_terminate - end a run with its transfers in flight
 * @run: the run
 *
 * They are terminated, not waited for.
 *
 * Context: does not wait; see run->finished.
 */
void dmabench_run_terminate(struct dmabench_run *run)
{
	if (completion_done(&run->finished))
		return;
	WRITE_ONCE(run->stopped, true);
	run_leave(run);
}

/**
 * dmabench_run_pause - hold the workers still, or let them go on
 * @run: the run
 * @pause: which of the two
 *
 * What is in flight is completed first. Windows do not grow meanwhile.
 *
 * Context: does not wait.
 */
void dmabench_run_pause(struct dmabench_run *run, bool pause)
{
	WRITE_ONCE(run->load.paused, pause);
	wake_up_all(&run->load.resume);
}

/**
 * dmabench_run_state - where a run stands
 * @run: the run, or NULL
 *
 * Return: the state.
 */
enum dmabench_state dmabench_run_state(const struct dmabench_run *run)
{
	if (!run)
		return DMABENCH_STATE_IDLE;
	if (completion_done((struct completion *)&run->finished))
		return run->state;
	if (READ_ONCE(run->load.stopping) || READ_ONCE(run->load.leaving))
		return DMABENCH_STATE_STOPPING;
	return READ_ONCE(run->load.paused) ? DMABENCH_STATE_PAUSED : DMABENCH_STATE_RUNNING;
}

/**
 * dmabench_runner_init - get ready for runs
 *
 * Return: 0, -ENOMEM.
 */
int dmabench_runner_init(void)
{
	runner_wq = alloc_workqueue("dmabench", WQ_UNBOUND, 0);
	return runner_wq ? 0 : -ENOMEM;
}

/**
 * dmabench_runner_exit - undo dmabench_runner_init()
 *
 * Context: module exit, all runs have ended.
 */
void dmabench_runner_exit(void)
{
	destroy_workqueue(runner_wq);
}
