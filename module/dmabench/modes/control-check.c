// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode=control: what must hold. Of what is paused, that nothing moves; of what
 * was terminated, that it lies still; of both, that the data are right.
 */
#include <linux/kernel.h>
#include <linux/stdarg.h>

#include "control.h"

/* Now and then memory is watched this long, jiffies: a tick may be near its end. */
#define CHECK_WATCH	2
/* How long to look for a transfer's first byte, at most. */
#define CHECK_PROGRESS	(20 * NSEC_PER_MSEC)

static const struct dmabench_xfer *any_xfer(const struct dmabench_worker *worker)
{
	const struct list_head *list = !list_empty(&worker->free) ? &worker->free :
				       !list_empty(&worker->queue.pending) ?
				       &worker->queue.pending : &worker->queue.flying;

	return list_first_entry(list, struct dmabench_xfer, entry);
}

/**
 * control_fail - end the run with a reason
 * @worker: the worker
 * @kind: of the error
 * @x: the transfer, NULL: it is of none
 * @format: what was expected and seen
 */
void control_fail(struct dmabench_worker *worker, enum dmabench_error kind,
		  const struct dmabench_xfer *x, const char *format, ...)
{
	const struct control *control = worker->state;
	char text[200];
	va_list args;
	int len;

	len = scnprintf(text, sizeof(text), "step %llu (%s), seed 0x%llx: ", control->step,
			control_kind_names[control->kind], worker->load->seed);
	va_start(args, format);
	vscnprintf(text + len, sizeof(text) - len, format, args);
	va_end(args);
	dmabench_account_error(worker, kind, x ?: any_xfer(worker), text);
	worker->error = worker->error ?: dmabench_error_errno[kind];
}

/**
 * control_verify - check the memory of a transfer
 * @worker: the worker
 * @x: over and unmapped
 * @fate: what its destinations can hold
 *
 * Return: true if all is right; else the run ends.
 */
bool control_verify(struct dmabench_worker *worker, struct dmabench_xfer *x,
		    enum dmabench_fate fate)
{
	char reason[160];

	x->fate = fate;
	worker->verified++;
	if (dmabench_xfer_verify(x, reason, sizeof(reason)))
		return true;
	control_fail(worker, DMABENCH_ERROR_DATA, x, "%s%s",
		     fate == DMABENCH_FATE_COMPLETE ? "" : "terminated, ", reason);
	return false;
}

/* Destinations are on the first route, if there are any. */
static u64 frozen_digest(const struct control *control)
{
	return control->frozen[0].x ? dmabench_xfer_digest(control->frozen[0].x) : 0;
}

/*
 * Whether there was certainly something left to do. If there was not, or the
 * residue does not tell, the channel may have been on its way to the interrupt.
 */
static bool was_at_work(struct dmabench_worker *worker, unsigned int route)
{
	const struct dma_device *device = worker->queue.route[route].chan->dma->device;
	const struct control *control = worker->state;

	return device->residue_granularity == DMA_RESIDUE_GRANULARITY_BURST &&
	       control->frozen[route].sight.residue;
}

/**
 * control_freeze - pause has returned
 * @worker: the worker
 * @error: by route, what it returned
 * @called: when it was called, ns
 *
 * Notes what each channel was at, and looks whether it keeps still.
 */
void control_freeze(struct dmabench_worker *worker, const int *error, u64 called)
{
	struct control *control = worker->state;
	u64 took = dmabench_clock() - called;
	u32 hold = control_random(worker, CONTROL_DICE_HOLD);
	unsigned int i;

	for (i = 0; i < worker->queue.nr_routes; i++) {
		struct control_frozen *frozen = &control->frozen[i];

		frozen->x = dmabench_route_active(&worker->queue, i, &frozen->sight);
		if (!frozen->x)
			continue;
		if (error[i] && was_at_work(worker, i))
			control_fail(worker, DMABENCH_ERROR_CONTROL, frozen->x,
				     "pause expected to return 0, returned %d with %u bytes left",
				     error[i], frozen->sight.residue);
		if (frozen->sight.status != DMA_PAUSED)
			control->not_paused++;
	}
	control->digest = frozen_digest(control);
	control->freeze_max = max(control->freeze_max, took);

	if (hold % 32 == 0)
		schedule_timeout_idle(CHECK_WATCH);
	else
		control_spin(hold / 32 % 64);
	control_check_frozen(worker);
}

static void note_moved(struct dmabench_worker *worker, const struct control_frozen *frozen,
		       u32 residue)
{
	struct control *control = worker->state;
	u64 moved = frozen->sight.residue - (u64)residue;

	/* What goes round counts down from its size again. */
	if (residue > frozen->sight.residue)
		moved += frozen->x->size;
	control->moved_max = max(control->moved_max, moved);
	control_fail(worker, DMABENCH_ERROR_CONTROL, frozen->x,
		     "residue was %u when pause had returned, and is %u before resume",
		     frozen->sight.residue, residue);
}

/* Returns false if there is nothing more to watch on this route. */
static bool check_route(struct dmabench_worker *worker, unsigned int route)
{
	struct control *control = worker->state;
	struct control_frozen *frozen = &control->frozen[route];
	struct dmabench_sight sight;

	dmabench_leg_see(frozen->x, route, &sight);
	if (sight.over) {
		if (was_at_work(worker, route)) {
			control->moved_max = max_t(u64, control->moved_max,
						   frozen->sight.residue);
			control_fail(worker, DMABENCH_ERROR_CONTROL, frozen->x,
				     "is over before resume, with %u bytes left when pause had returned",
				     frozen->sight.residue);
		}
		return false;
	}
	if (sight.residue != frozen->sight.residue)
		note_moved(worker, frozen, sight.residue);
	return true;
}

/**
 * control_check_frozen - look whether what is paused keeps still
 * @worker: the worker
 *
 * Before a transfer is taken off the queue, too: none is looked at afterwards.
 */
void control_check_frozen(struct dmabench_worker *worker)
{
	struct control *control = worker->state;
	struct dmabench_sight sight;
	unsigned int i;

	if (frozen_digest(control) != control->digest)
		control_fail(worker, DMABENCH_ERROR_CONTROL, control->frozen[0].x,
			     "the destination has changed since pause had returned");
	if (control->late) {
		dmabench_leg_see(control->late, 0, &sight);
		if (sight.over) {
			control->ran_paused++;
			control->late = NULL;
		}
	}
	for (i = 0; i < worker->queue.nr_routes; i++)
		if (control->frozen[i].x && !check_route(worker, i))
			control->frozen[i].x = NULL;
	control->digest = frozen_digest(control);
}

/**
 * control_thaw - channels are about to move again, or to be terminated
 * @worker: the worker
 */
void control_thaw(struct dmabench_worker *worker)
{
	struct control *control = worker->state;
	unsigned int i;

	control_check_frozen(worker);
	for (i = 0; i < worker->queue.nr_routes; i++)
		control->frozen[i].x = NULL;
	control->late = NULL;
	control->digest = 0;
	control->paused = false;
}

static u64 queue_digest(struct dmabench_queue *queue)
{
	struct dmabench_xfer *x;
	u64 digest = 0;

	list_for_each_entry(x, &queue->pending, entry)
		digest = dmabench_mix(digest + dmabench_xfer_digest(x));
	list_for_each_entry(x, &queue->flying, entry)
		digest = dmabench_mix(digest + dmabench_xfer_digest(x));
	return digest;
}

/**
 * control_check_quiet - look whether what was terminated lies still
 * @worker: terminated and synchronized, all of it still mapped
 */
void control_check_quiet(struct dmabench_worker *worker)
{
	struct control *control = worker->state;
	u64 digest = queue_digest(&worker->queue);

	schedule_timeout_idle(CHECK_WATCH);
	control->quiet++;
	if (queue_digest(&worker->queue) != digest)
		control_fail(worker, DMABENCH_ERROR_CONTROL, NULL,
			     "a destination changes after synchronize has returned");
}

/**
 * control_watch - measure how long it takes until a transfer moves
 * @worker: the worker
 * @x: issued, the first on its channel
 * @route: whose channel
 * @residue: bytes that were left before
 * @since: when it was told to move, ns
 * @stage: which stage this is
 *
 * Counts nothing if it takes too long.
 */
void control_watch(struct dmabench_worker *worker, struct dmabench_xfer *x,
		   unsigned int route, u32 residue, u64 since, enum dmabench_stage stage)
{
	bool counts = dmabench_route_counts(&worker->queue, route);
	struct dmabench_sight sight;
	u64 now;

	do {
		dmabench_leg_see(x, route, &sight);
		now = dmabench_clock();
		if (sight.over || (counts && sight.residue != residue)) {
			dmabench_account_stage(worker, stage, now - since);
			return;
		}
		cond_resched();
	} while (now - since < CHECK_PROGRESS && !dmabench_worker_gone(worker));
}
