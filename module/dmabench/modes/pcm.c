// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode=pcm: plays or captures as ALSA's generic dmaengine PCM does, and goes
 * through what a user of a sound card does to it: play for a while, pause, suspend,
 * stop and start again, play without period wakeups, close. The steps are E1 to
 * E19 of the contract; a failure names its step.
 */
#include <linux/delay.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/string.h>

#include "pcm.h"

#define PCM_PAUSES	8
#define PCM_PAUSE_MS	20

/* Periods that pass without callbacks. */
#define PCM_POINTER_ONLY	8

/* Nobody has a buffer as large; its check in a callback must stay short. */
#define PCM_SIZE_MAX	SZ_1M

/* How long writes after terminate are looked for. */
#define PCM_LATE_LOOKS	10
#define PCM_LATE_US	300

static u32 pcm_random(struct dmabench_pcm *pcm, u32 below)
{
	pcm->random = dmabench_mix(pcm->random);
	return (u32)(pcm->random >> 32) % below;
}

/* ---------------------------------------------------------------- waiting */

/* Makes an error of what callback, timer or trigger have found. */
static bool good(struct dmabench_pcm *pcm)
{
	struct dmabench_worker *worker = pcm->worker;

	if (READ_ONCE(pcm->failed) && !worker->error) {
		dmabench_account_error(worker, pcm->kind, pcm->x, pcm->failure);
		/* There is no going on with a scenario that has failed. */
		worker->error = worker->error ?: dmabench_error_errno[pcm->kind];
	}
	return !dmabench_worker_gone(worker) && !READ_ONCE(worker->load->stopping);
}

/*
 * A moment of a stream that runs: writes ahead or reads behind, and sleeps until the
 * next period or tick. Returns false if there is no going on.
 */
static bool tick(struct dmabench_pcm *pcm)
{
	if (pcm->playback)
		dmabench_pcm_feed(pcm);
	else
		dmabench_pcm_hw(pcm);
	if (!good(pcm))
		return false;
	schedule_timeout_idle(1);
	return true;
}

/* Lets it run until so many bytes have passed since start. */
static bool run_to(struct dmabench_pcm *pcm, const char *step, u64 bytes)
{
	unsigned long since = jiffies;
	u64 before = 0, now;
	unsigned long flags;

	while ((now = dmabench_pcm_hw(pcm)) < bytes) {
		if (now != before)
			since = jiffies;
		before = now;
		if (time_after(jiffies, since + pcm->worker->queue.timeout)) {
			spin_lock_irqsave(&pcm->ring.lock, flags);
			dmabench_pcm_fail(pcm, DMABENCH_ERROR_TIMEOUT,
					  "%s: the pointer does not move from byte %llu",
					  step, now);
			spin_unlock_irqrestore(&pcm->ring.lock, flags);
		}
		if (!tick(pcm))
			return false;
	}
	return good(pcm);
}

static bool run_on(struct dmabench_pcm *pcm, const char *step, u64 bytes)
{
	return run_to(pcm, step, dmabench_pcm_hw(pcm) + bytes);
}

static bool start(struct dmabench_pcm *pcm, const char *step, bool callbacks)
{
	dmabench_pcm_start(pcm, step, callbacks);
	return good(pcm);
}

/* STOP and START, as at an xrun: nobody waits in between. */
static bool restart(struct dmabench_pcm *pcm, const char *step, bool callbacks)
{
	dmabench_pcm_stop(pcm);
	return good(pcm) && start(pcm, step, callbacks);
}

/* ------------------------------------------------------------------ steps */

/* E4: what the caps say must be taken. It is set back before anything starts. */
static void try_widths(struct dmabench_pcm *pcm)
{
	struct dmabench_queue *queue = &pcm->worker->queue;
	const struct dmabench_route *route = pcm->ring.route;
	struct dmabench_port port = *queue->port;
	unsigned long widths;
	unsigned int width;
	char reason[100];

	widths = pcm->playback ? pcm->caps.dst_addr_widths : pcm->caps.src_addr_widths;
	for_each_set_bit(width, &widths, 32) {
		port.width = width;
		if (width && dmabench_port_connect(&port, route->chan, route->dir, reason,
						   sizeof(reason)))
			pcm->count.widths_refused |= BIT(width);
	}
	if (dmabench_port_connect(queue->port, route->chan, route->dir, reason, sizeof(reason)))
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE, "E4: %s", reason);
}

static void count_progress(struct dmabench_pcm *pcm)
{
	struct dmabench_worker *worker = pcm->worker;
	s64 iterations = worker->load->knobs.iterations;
	u64 periods = READ_ONCE(pcm->count.periods);

	if (worker->phase != DMABENCH_PHASE_WINDOW)
		return;
	worker->transfers = iterations ? min_t(u64, periods, iterations) : periods;
	worker->bytes = worker->transfers * pcm->ring.period;
	dmabench_window_check_close(worker, dmabench_clock());
}

static void hold_still(struct dmabench_pcm *pcm)
{
	struct dmabench_load *load = pcm->worker->load;

	dmabench_window_stop(pcm->worker, dmabench_clock());
	dmabench_pcm_pause(pcm, "E10");
	wait_event_idle(load->resume, !READ_ONCE(load->paused) || READ_ONCE(load->stopping) ||
			READ_ONCE(load->leaving));
	if (READ_ONCE(load->leaving))
		return;
	dmabench_pcm_resume(pcm, "E10");
	WRITE_ONCE(pcm->worker->opened, dmabench_clock());
}

/* E5-E9: the window. An underrun ends in a restart, as it does in ALSA. */
static bool play(struct dmabench_pcm *pcm)
{
	struct dmabench_worker *worker = pcm->worker;
	bool going = start(pcm, "E5", true) && run_to(pcm, "E7", 1);

	while (going && worker->phase != DMABENCH_PHASE_COOL) {
		if (pcm->xrun)
			going = restart(pcm, "E13", true);
		going = going && tick(pcm) && run_on(pcm, "E9", 1);
		count_progress(pcm);
		if (READ_ONCE(worker->load->paused) && pcm->can_pause)
			hold_still(pcm);
	}
	return going;
}

static bool pause(struct dmabench_pcm *pcm, const char *step)
{
	dmabench_pcm_pause(pcm, step);
	msleep(1 + pcm_random(pcm, PCM_PAUSE_MS));
	/* Whatever moves meanwhile, the timer or this sees it. */
	dmabench_pcm_hw(pcm);
	dmabench_pcm_resume(pcm, step);
	return good(pcm) && run_on(pcm, step, 1);
}

/* E10, E11 */
static bool pauses(struct dmabench_pcm *pcm)
{
	unsigned int i;

	for (i = 0; pcm->can_pause && i < PCM_PAUSES; i++) {
		if (!run_on(pcm, "E10", pcm_random(pcm, pcm->ring.period)) || !pause(pcm, "E10"))
			return false;
		pcm->count.pauses++;
	}
	if (pcm->can_pause) {
		if (!pause(pcm, "E11"))
			return false;
		pcm->count.suspends++;
	}
	if (!restart(pcm, "E11", true) || !run_to(pcm, "E11", 1))
		return false;
	pcm->count.suspends++;
	return true;
}

/* E12, E13: of every other start the first bytes are seen to go. */
static bool restarts(struct dmabench_pcm *pcm)
{
	while (pcm->count.restarts < pcm->worker->load->knobs.restarts) {
		if (!restart(pcm, "E13", true))
			return false;
		pcm->count.restarts++;
		if (pcm->count.restarts % 2)
			usleep_range(0, 1 + pcm_random(pcm, 200));
		else if (!run_to(pcm, "E13", 1 + pcm_random(pcm, pcm->ring.period / 4)))
			return false;
	}
	/* The last one goes on for longer than a period. */
	return run_to(pcm, "E13", pcm->ring.period + 1);
}

/* E19 */
static bool without_wakeups(struct dmabench_pcm *pcm)
{
	u64 before;

	if (pcm->no_residue)
		return true;
	if (!restart(pcm, "E19", false))
		return false;
	before = pcm->count.callbacks;
	if (!run_to(pcm, "E19", (u64)PCM_POINTER_ONLY * pcm->ring.period))
		return false;
	pcm->count.pointer_only += dmabench_pcm_hw(pcm);
	if (pcm->count.callbacks != before)
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE,
				  "E19: %llu callbacks that nobody asked for",
				  pcm->count.callbacks - before);
	return good(pcm);
}

/* When the last write after terminate was; nothing is known of reads. */
static void look_for_late_writes(struct dmabench_pcm *pcm)
{
	u64 stopped = dmabench_clock(), digest = dmabench_xfer_digest(pcm->x), now;
	unsigned int i;

	for (i = 0; i < PCM_LATE_LOOKS; i++) {
		usleep_range(PCM_LATE_US, 2 * PCM_LATE_US);
		now = dmabench_xfer_digest(pcm->x);
		if (now != digest)
			pcm->count.last_write = max(pcm->count.last_write,
						    dmabench_clock() - stopped);
		digest = now;
	}
}

/*
 * STOP, close, and E15: what is freed after this must not be written any more.
 * Memory that is mapped is only read, see dmabench_xfer_digest().
 */
static bool close_stream(struct dmabench_pcm *pcm)
{
	struct dmabench_worker *worker = pcm->worker;
	struct dmabench_ring *ring = &pcm->ring;
	bool canary = !pcm->playback && worker->queue.spec->coherent;
	u64 from;

	dmabench_pcm_stop(pcm);
	if (!pcm->playback)
		look_for_late_writes(pcm);
	from = dmabench_clock();
	dmabench_ring_synchronize(ring);
	dmabench_account_stage(worker, DMABENCH_STAGE_SYNCHRONIZE, dmabench_clock() - from);

	if (canary)
		memset(ring->mem, 0xff, ring->size);
	if (!dmabench_ring_quiet(worker, pcm->x))
		return false;
	if (canary && memchr_inv(ring->mem, 0xff, ring->size))
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_DATA, "E15: written to after synchronize");
	return good(pcm);
}

/* E14, and what is started next must not be paused. */
static bool close_paused(struct dmabench_pcm *pcm)
{
	if (!pcm->can_pause)
		return true;
	dmabench_pcm_pause(pcm, "E14");
	if (!good(pcm) || !close_stream(pcm))
		return false;
	pcm->count.closed_paused++;
	return start(pcm, "E14", true) && run_to(pcm, "E14", 1);
}

/* Ends what a scenario that was broken off has left. Returns whether it has ended. */
static bool break_off(struct dmabench_pcm *pcm)
{
	return !dmabench_ring_end(&pcm->ring) && dmabench_ring_quiet(pcm->worker, pcm->x);
}

static void check_guards(struct dmabench_pcm *pcm)
{
	char reason[180];

	if (!dmabench_xfer_verify(pcm->x, reason, sizeof(reason)))
		dmabench_account_error(pcm->worker, DMABENCH_ERROR_DATA, pcm->x, reason);
}

static void pcm_work(struct dmabench_worker *worker)
{
	struct dmabench_pcm *pcm = worker->state;
	struct dmabench_xfer *x = dmabench_ring_take_memory(worker);
	bool ended;

	if (!x)
		return;
	dmabench_pcm_open(pcm, worker, x);
	try_widths(pcm);

	worker->warm = worker->load->knobs.warmup;
	dmabench_window_check_open(worker, dmabench_clock());
	WRITE_ONCE(worker->opened, dmabench_clock());

	ended = good(pcm) && play(pcm) && pauses(pcm) && restarts(pcm) && without_wakeups(pcm) &&
		restart(pcm, "E13", true) && run_to(pcm, "E13", 1) && close_paused(pcm) &&
		close_stream(pcm);
	if (!pcm->playback && pcm->rated)
		worker->verified = pcm->count.periods;
	/* In a hurry, or not to be stopped: the runner deals with the memory. */
	if (!ended && !READ_ONCE(worker->load->leaving))
		ended = break_off(pcm);
	dmabench_pcm_close(pcm);
	if (!ended)
		return;
	dmabench_ring_return_memory(worker, x);
	if (!worker->error)
		check_guards(pcm);
}

static int pcm_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size)
{
	u32 period = dmabench_ring_period(knobs);
	const char *why = NULL;

	if (knobs->direction == DMABENCH_DIRECTION_DUPLEX)
		why = "mode=pcm plays or captures: direction must be tx or rx";
	else if (knobs->size > PCM_SIZE_MAX)
		why = "mode=pcm takes 1M at most";
	else if (period % DMABENCH_FRAME_BYTES || knobs->size < 2 * (s64)period)
		why = "mode=pcm needs two periods or more, of whole frames of 4 bytes";
	if (!why)
		return 0;
	scnprintf(reason, reason_size, "%s", why);
	return -EINVAL;
}

const struct dmabench_mode dmabench_mode_pcm = {
	.name		= "pcm",
	.state_size	= sizeof(struct dmabench_pcm),
	.controls	= true,
	.rings		= true,
	.check		= pcm_check,
	.work		= pcm_work,
	.show		= dmabench_pcm_show,
};
