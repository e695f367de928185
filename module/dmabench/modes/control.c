// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode=control: random steps that start, pause, resume and terminate transfers at
 * every state that a channel can be in, and at random moments. What a step does
 * is a function of the seed, the worker, the step's number and of what is possible
 * as things stand: there must be something to wait for, to issue, to resume.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/rcupdate.h>
#include <linux/seq_file.h>

#include "control.h"

/* How long a callback may still come where nothing waits for it, ms. */
#define CONTROL_GRACE_MS	20

const char *const control_kind_names[CONTROL_KINDS] = {
	[CONTROL_START]			= "start",
	[CONTROL_ISSUE]			= "issue",
	[CONTROL_WAIT]			= "wait",
	[CONTROL_PAUSE]			= "pause",
	[CONTROL_RESUME]		= "resume",
	[CONTROL_TERMINATE]		= "terminate",
	[CONTROL_TERMINATE_SYNC]	= "terminate_sync",
};

/**
 * control_random - what chance says of a step
 * @worker: the worker
 * @which: of its many numbers
 *
 * Return: a function of the seed, the worker, the step and @which.
 */
u32 control_random(struct dmabench_worker *worker, enum control_dice which)
{
	const struct control *control = worker->state;
	u64 key = dmabench_pattern_key(worker->load->seed, worker->queue.worker, control->step,
				       DMABENCH_PATTERN_SETUP);

	/* Away from what the transfer of the same number is made of. */
	return dmabench_mix(dmabench_mix(~key) + which) >> 32;
}

/**
 * control_spin - let a short time pass
 * @us: microseconds
 */
void control_spin(u32 us)
{
	u64 until = dmabench_clock() + us * NSEC_PER_USEC;

	while (dmabench_clock() < until)
		cpu_relax();
}

/* ------------------------------------------------------------------ steps */

/*
 * Without a descriptor or a mapping a start is put off, as long as something is
 * in flight that will give one back.
 */
static bool starved(struct dmabench_worker *worker, struct dmabench_xfer *x,
		    enum dmabench_error kind, unsigned long since)
{
	if (worker->queue.nr_pending || worker->queue.nr_flying || dmabench_worker_over(worker))
		return false;
	if (time_after(jiffies, since + worker->queue.timeout)) {
		control_fail(worker, kind, x, "%s with nothing in flight",
			     kind == DMABENCH_ERROR_MAP ? "buffers cannot be mapped" :
			     "prep returns NULL");
		return false;
	}
	schedule_timeout_idle(1);
	return true;
}

/**
 * control_submit - map and submit a transfer
 * @worker: the worker
 * @x: free, set up and filled
 *
 * Return: true if it is submitted; if not it is free, or the worker is to end.
 */
bool control_submit(struct dmabench_worker *worker, struct dmabench_xfer *x)
{
	struct control *control = worker->state;
	unsigned long since = jiffies;
	int ret;

	do {
		ret = dmabench_xfer_map(x);
	} while (ret && starved(worker, x, DMABENCH_ERROR_MAP, since));
	if (ret)
		goto put_off;
	do {
		ret = dmabench_xfer_submit(x);
	} while (ret == -EAGAIN && starved(worker, x, DMABENCH_ERROR_PREP, since));
	if (ret && ret != -ENOSR) {
		dmabench_xfer_unmap(x);
		if (ret != -EAGAIN)
			control_fail(worker, DMABENCH_ERROR_SUBMIT, x,
				     "submit was refused with %d", ret);
		goto put_off;
	}
	worker->nr_free--;
	worker->transfers_all++;
	if (!ret)
		return true;
	control_fail(worker, DMABENCH_ERROR_PREP, x, "no descriptor for the other half of a pair");
	return false;

put_off:
	/* It keeps its number, so that the seed still means the same transfers. */
	worker->seq--;
	control->put_off++;
	return false;
}

static void issue(struct dmabench_worker *worker)
{
	struct dmabench_queue *queue = &worker->queue;
	struct control *control = worker->state;

	if (control->frozen[0].x && queue->nr_pending) {
		control->issued_paused += queue->nr_pending;
		if (!control->late)
			control->late = list_first_entry(&queue->pending, struct dmabench_xfer,
							 entry);
	}
	dmabench_queue_issue(queue);
}

static void start(struct dmabench_worker *worker, bool at_once)
{
	struct dmabench_xfer *x = list_first_entry(&worker->free, struct dmabench_xfer, entry);
	struct dmabench_queue *queue = &worker->queue;
	struct control *control = worker->state;
	bool alone = !queue->nr_pending && !queue->nr_flying && !control->paused;
	u64 now;

	dmabench_xfer_setup(x, worker->seq++);
	dmabench_xfer_fill(x);
	if (!control_submit(worker, x) || !at_once)
		return;
	now = dmabench_clock();
	issue(worker);
	if (alone && control_random(worker, CONTROL_DICE_WATCH) % 16 == 0)
		control_watch(worker, x, 0, x->size, now, DMABENCH_STAGE_START);
}

static void step_start(struct dmabench_worker *worker)
{
	start(worker, control_random(worker, CONTROL_DICE_ISSUE) % 2);
}

static void step_wait(struct dmabench_worker *worker)
{
	control_wait(worker);
}

static void step_pause(struct dmabench_worker *worker)
{
	struct dmabench_queue *queue = &worker->queue;
	struct control *control = worker->state;
	int error[DMABENCH_MAX_ROUTES];
	u64 called = dmabench_clock();
	unsigned int i;

	for (i = 0; i < queue->nr_routes; i++)
		error[i] = dmaengine_pause(queue->route[i].chan->dma);
	dmabench_account_stage(worker, DMABENCH_STAGE_PAUSE, dmabench_clock() - called);
	control->paused = true;
	control_freeze(worker, error, called);
}

static void step_resume(struct dmabench_worker *worker)
{
	struct dmabench_queue *queue = &worker->queue;
	struct control *control = worker->state;
	struct control_frozen first, *frozen = control->frozen;
	bool was_frozen[DMABENCH_MAX_ROUTES];
	unsigned int i;
	u64 called;
	int ret;

	control_check_frozen(worker);
	first = frozen[0];
	for (i = 0; i < queue->nr_routes; i++)
		was_frozen[i] = frozen[i].x && frozen[i].sight.residue;
	control_thaw(worker);

	called = dmabench_clock();
	for (i = 0; i < queue->nr_routes; i++) {
		ret = dmaengine_resume(queue->route[i].chan->dma);
		/* What was not paused may say so. */
		if (ret && was_frozen[i])
			control_fail(worker, DMABENCH_ERROR_CONTROL, NULL,
				     "resume expected to return 0, returned %d", ret);
	}
	dmabench_account_stage(worker, DMABENCH_STAGE_RESUME, dmabench_clock() - called);
	if (first.x && control_random(worker, CONTROL_DICE_WATCH) % 16 == 0)
		control_watch(worker, first.x, 0, first.sight.residue, called,
			      DMABENCH_STAGE_RESTART);
}

static int terminate_async(struct dmabench_worker *worker)
{
	struct dmabench_queue *queue = &worker->queue;
	u64 called = dmabench_clock();
	unsigned int i;
	int ret = 0;

	for (i = 0; i < queue->nr_routes; i++)
		ret = dmaengine_terminate_async(queue->route[i].chan->dma) ?: ret;
	dmabench_account_stage(worker, DMABENCH_STAGE_TERMINATE, dmabench_clock() - called);

	control_spin(control_random(worker, CONTROL_DICE_BETWEEN) % 32);

	called = dmabench_clock();
	for (i = 0; i < queue->nr_routes; i++)
		dmaengine_synchronize(queue->route[i].chan->dma);
	dmabench_account_stage(worker, DMABENCH_STAGE_SYNCHRONIZE, dmabench_clock() - called);
	return ret;
}

static int terminate_sync(struct dmabench_worker *worker)
{
	struct dmabench_queue *queue = &worker->queue;
	u64 called = dmabench_clock();
	unsigned int i;
	int ret = 0;

	for (i = 0; i < queue->nr_routes; i++)
		ret = dmaengine_terminate_sync(queue->route[i].chan->dma) ?: ret;
	dmabench_account_stage(worker, DMABENCH_STAGE_TERMINATE_SYNC, dmabench_clock() - called);
	return ret;
}

static void check_dead(struct dmabench_worker *worker, struct list_head *dead)
{
	struct control *control = worker->state;
	struct dmabench_xfer *x, *next;

	list_for_each_entry_safe(x, next, dead, entry) {
		dmabench_xfer_unmap(x);
		if (control_verify(worker, x, control->endless ? DMABENCH_FATE_UNKNOWN :
				   DMABENCH_FATE_PARTIAL))
			control->terminated++;
		control_recycle(worker, x);
	}
}

static void end_flight(struct dmabench_worker *worker, int (*how)(struct dmabench_worker *worker))
{
	LIST_HEAD(dead);
	int ret;

	control_thaw(worker);
	dmabench_queue_condemn(&worker->queue);
	ret = how(worker);
	if (ret) {
		control_fail(worker, DMABENCH_ERROR_CONTROL, NULL,
			     "terminate expected to return 0, returned %d", ret);
		return;
	}
	if (!dmabench_queue_synchronizes(&worker->queue)) {
		msleep(CONTROL_GRACE_MS);
		/* A callback holds the lock until it has handed its transfer over. */
		synchronize_rcu();
	}
	if (control_random(worker, CONTROL_DICE_QUIET) % 16 == 0)
		control_check_quiet(worker);
	dmabench_queue_bury(&worker->queue, &dead);
	/* Those that made it come first: they have their whole data. */
	if (worker->queue.callback)
		control_reap_callbacks(worker, false);
	check_dead(worker, &dead);
}

/* The next transfer follows with nothing in between, every other time. */
static void step_terminate(struct dmabench_worker *worker,
			   int (*how)(struct dmabench_worker *worker))
{
	struct control *control = worker->state;

	end_flight(worker, how);
	if (control->aligns && !dmabench_worker_gone(worker))
		control_align(worker);
	control->restart = worker->seq;
	control->restarting = true;
	if (control_random(worker, CONTROL_DICE_ISSUE) % 2 && worker->nr_free &&
	    !dmabench_worker_gone(worker))
		start(worker, true);
}

static void step_terminate_async(struct dmabench_worker *worker)
{
	step_terminate(worker, terminate_async);
}

static void step_terminate_sync(struct dmabench_worker *worker)
{
	step_terminate(worker, terminate_sync);
}

static bool possible(const struct dmabench_worker *worker, enum control_kind kind)
{
	const struct control *control = worker->state;

	switch (kind) {
	case CONTROL_START:
		return worker->nr_free;
	case CONTROL_ISSUE:
		return worker->queue.nr_pending;
	case CONTROL_WAIT:
		return worker->queue.nr_flying && !control->paused && !control->endless;
	case CONTROL_PAUSE:
		return control->can_pause && !control->paused;
	case CONTROL_RESUME:
		return control->can_resume && control->paused;
	default:
		return control->can_terminate;
	}
}

static enum control_kind choose(struct dmabench_worker *worker)
{
	static const u8 weight[CONTROL_KINDS] = {
		[CONTROL_START]			= 8,
		[CONTROL_ISSUE]			= 3,
		[CONTROL_WAIT]			= 4,
		[CONTROL_PAUSE]			= 4,
		[CONTROL_RESUME]		= 4,
		[CONTROL_TERMINATE]		= 1,
		[CONTROL_TERMINATE_SYNC]	= 1,
	};
	u32 dice = control_random(worker, CONTROL_DICE_KIND);
	u32 until[CONTROL_KINDS], sum = 0;
	unsigned int kind;

	/* There always is one: what cannot be waited for can be ended. */
	for (kind = 0; kind < CONTROL_KINDS; kind++) {
		sum += possible(worker, kind) ? weight[kind] : 0;
		until[kind] = sum;
	}
	dice %= sum;
	for (kind = 0; dice >= until[kind]; kind++)
		;
	return kind;
}

static void delay(struct dmabench_worker *worker)
{
	u32 dice = control_random(worker, CONTROL_DICE_DELAY);

	if (dice % 128 == 0)
		schedule_timeout_idle(1);
	else if (dice % 2)
		control_spin(dice / 128 % 64);
}

static void step(struct dmabench_worker *worker)
{
	static void (*const act[CONTROL_KINDS])(struct dmabench_worker *worker) = {
		[CONTROL_START]			= step_start,
		[CONTROL_ISSUE]			= issue,
		[CONTROL_WAIT]			= step_wait,
		[CONTROL_PAUSE]			= step_pause,
		[CONTROL_RESUME]		= step_resume,
		[CONTROL_TERMINATE]		= step_terminate_async,
		[CONTROL_TERMINATE_SYNC]	= step_terminate_sync,
	};
	struct control *control = worker->state;

	delay(worker);
	control_reap(worker);
	if (dmabench_worker_gone(worker))
		return;
	control->kind = choose(worker);
	act[control->kind](worker);
	control->done[control->kind]++;
	control->step++;
	worker->steps = control->step;
}

/* ------------------------------------------------------------------- work */

/* Brings the worker to where nothing is in flight or paused. */
static void settle(struct dmabench_worker *worker)
{
	struct control *control = worker->state;
	bool end = control->endless || (control->paused && !control->can_resume);

	if (end) {
		end_flight(worker, terminate_sync);
		if (control->aligns && !dmabench_worker_gone(worker))
			control_align(worker);
		return;
	}
	if (control->paused)
		step_resume(worker);
	dmabench_queue_issue(&worker->queue);
	while (worker->queue.nr_flying && control_wait(worker))
		;
}

static void hold_still(struct dmabench_worker *worker)
{
	struct dmabench_load *load = worker->load;

	settle(worker);
	dmabench_window_stop(worker, dmabench_clock());
	wait_event_idle(load->resume,
			!READ_ONCE(load->paused) || READ_ONCE(load->stopping) ||
			READ_ONCE(load->leaving));
}

/* The window is open all the time: nothing here is timed but the controls. */
static void window(struct dmabench_worker *worker)
{
	u64 now = dmabench_clock();

	dmabench_window_check_open(worker, now);
	if (worker->phase == DMABENCH_PHASE_WINDOW && !worker->opened)
		WRITE_ONCE(worker->opened, now);
	dmabench_window_check_close(worker, now);
}

static bool over(const struct dmabench_worker *worker)
{
	u64 iterations = worker->load->knobs.iterations;

	return dmabench_worker_over(worker) || (iterations && worker->steps >= iterations) ||
	       worker->phase == DMABENCH_PHASE_COOL;
}

static void control_work(struct dmabench_worker *worker)
{
	struct dmabench_queue *queue = &worker->queue;
	struct control *control = worker->state;

	control->can_terminate = dmabench_queue_can(queue, dmabench_can_terminate);
	control->can_resume = dmabench_queue_can(queue, dmabench_can_resume);
	control->can_pause = dmabench_queue_can(queue, dmabench_can_pause) &&
			     (control->can_resume || control->can_terminate);
	control->endless = queue->mix[0].op->endless;
	control->aligns = queue->port && queue->port->endpoint == DMABENCH_ENDPOINT_LOOPBACK &&
			  queue->nr_routes > 1 && !control->endless;

	/* Who has paused and terminated a few is warm: the knob is about transfers. */
	worker->warm = worker->load->knobs.warmup;
	/* An earlier run may have left bytes behind. */
	if (control->aligns)
		control_align(worker);
	while (!over(worker)) {
		window(worker);
		step(worker);
		if (READ_ONCE(worker->load->paused) && !dmabench_worker_gone(worker))
			hold_still(worker);
		cond_resched();
	}
	if (!dmabench_worker_gone(worker))
		settle(worker);
	dmabench_queue_abandon(queue);
}

static int control_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size)
{
	const char *why = NULL;

	if (knobs->threads > 1)
		why = "mode=control: terminate would take the transfers of other threads along";
	else if (knobs->verify != DMABENCH_VERIFY_FULL)
		why = "mode=control needs verify=full";
	else if (knobs->reuse)
		why = "mode=control: terminate frees descriptors that are kept, reuse must be 0";
	else if (dmabench_ops[knobs->op]->peripheral && knobs->size < 16)
		why = "mode=control with a peripheral needs a size of 16 or more";
	if (!why)
		return 0;
	scnprintf(reason, reason_size, "%s", why);
	return -EINVAL;
}

static const char *control_lacks(const struct dma_device *device)
{
	if (dmabench_can_terminate(device) ||
	    (dmabench_can_pause(device) && dmabench_can_resume(device)))
		return NULL;
	return "terminate, and pause with resume";
}

static void control_show(struct seq_file *m, const struct dmabench_worker *worker)
{
	const struct control *control = worker->state;
	const struct {
		const char *what;
		u64 value;
	} line[] = {
		{ "steps", control->step },
		{ "completed", control->completed },
		{ "terminated", control->terminated },
		{ "restarts", control->restarts },
		{ "aligned", control->aligned },
		{ "put_off", control->put_off },
		{ "quiet", control->quiet },
		{ "moved_max", control->moved_max },
		{ "freeze_max_ns", control->freeze_max },
		{ "not_paused", control->not_paused },
		{ "issued_paused", control->issued_paused },
		{ "ran_paused", control->ran_paused },
		{ "unissued", control->unissued },
	};
	unsigned int i;

	for (i = 0; i < CONTROL_KINDS; i++)
		seq_printf(m, "worker.%u.control.%s: %llu\n", worker->queue.worker,
			   control_kind_names[i], control->done[i]);
	for (i = 0; i < ARRAY_SIZE(line); i++)
		seq_printf(m, "worker.%u.control.%s: %llu\n", worker->queue.worker, line[i].what,
			   line[i].value);
}

const struct dmabench_mode dmabench_mode_control = {
	.name		= "control",
	.state_size	= sizeof(struct control),
	.controls	= true,
	.check		= control_check,
	.lacks		= control_lacks,
	.work		= control_work,
	.show		= control_show,
};
