// SPDX-License-Identifier: GPL-2.0-only
/*
 * A PCM stream: triggers, pointer and period callback, as ALSA's generic
 * dmaengine PCM has them (contract E5-E14).
 */
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/math64.h>

#include "pcm.h"

/* The pointer is asked for so many times in a period. */
#define PCM_POLLS	10
#define PCM_POLL_MIN_NS	(20 * NSEC_PER_USEC)

/* What a codec may have taken in advance. */
#define PCM_FIFO	SZ_4K

/**
 * dmabench_pcm_fail - something is wrong
 * @pcm: the stream
 * @kind: of error
 * @format: what is wrong, beginning with the step of the contract; the first one is
 *	kept
 *
 * Context: any, the ring's lock held; the worker also without it while the stream is
 * stopped.
 */
void dmabench_pcm_fail(struct dmabench_pcm *pcm, enum dmabench_error kind, const char *format, ...)
{
	va_list args;

	if (pcm->failed)
		return;
	va_start(args, format);
	vscnprintf(pcm->failure, sizeof(pcm->failure), format, args);
	va_end(args);
	pcm->kind = kind;
	WRITE_ONCE(pcm->failed, true);
}

/* Bytes that the peripheral takes or gives in a time. */
static u64 bytes_in(const struct dmabench_pcm *pcm, u64 ns)
{
	return mul_u64_u64_div_u64(ns, pcm->byte_rate, NSEC_PER_SEC);
}

static void note_movement(struct dmabench_pcm *pcm, u64 now)
{
	struct dmabench_worker *worker = pcm->worker;
	u64 moved, due;

	if (!pcm->moved) {
		pcm->moved = now;
		dmabench_account_stage(worker, DMABENCH_STAGE_START, now - pcm->ring.issued);
	} else if (pcm->resumed) {
		dmabench_account_stage(worker, DMABENCH_STAGE_RESTART, now - pcm->resumed);
		pcm->resumed = 0;
	} else {
		moved = pcm->hw - pcm->ref_hw;
		due = bytes_in(pcm, now - pcm->ref);
		pcm->count.pointer_error = max(pcm->count.pointer_error,
					       moved > due ? moved - due : due - moved);
		return;
	}
	pcm->ref = now;
	pcm->ref_hw = pcm->hw;
}

static void advance(struct dmabench_pcm *pcm, u32 bytes, u64 now)
{
	u64 before;
	u32 rest;

	if (!bytes)
		return;
	pcm->at = (pcm->at + bytes) % pcm->ring.size;
	before = div_u64_rem(pcm->hw, pcm->ring.period, &rest);
	pcm->hw += bytes;
	pcm->count.bytes += bytes;
	pcm->count.periods += div_u64_rem(pcm->hw, pcm->ring.period, &rest) - before;
	note_movement(pcm, now);
	if (pcm->playback && pcm->hw > pcm->appl && !pcm->xrun) {
		pcm->xrun = true;
		pcm->count.underruns++;
	}
}

/*
 * One step back is a step forward by nearly a whole buffer. No peripheral that
 * keeps its rate can have taken that much so early.
 */
static bool went_back(const struct dmabench_pcm *pcm, u32 step, u64 now)
{
	if (!pcm->rated || step <= pcm->ring.size / 2 || pcm->ring.size < 4 * PCM_FIFO)
		return false;
	return pcm->hw + step > bytes_in(pcm, now - pcm->ring.issued) + pcm->ring.size / 2 +
				PCM_FIFO;
}

/* The pointer, as ALSA takes it; the ring's lock is held. */
static void ask_pointer(struct dmabench_pcm *pcm, u64 now)
{
	struct dmabench_ring *ring = &pcm->ring;
	struct dmabench_ring_pointer p;
	u32 step;

	if (pcm->no_residue)
		return;
	dmabench_ring_pointer(ring, &p);
	pcm->count.polls++;
	pcm->count.in_flight = max_t(u64, pcm->count.in_flight, p.in_flight);
	if (p.residue > ring->size)
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE,
				  "E9: a residue of %u bytes in a buffer of %u",
				  p.residue, ring->size);
	if (!p.valid) {
		pcm->count.invalid++;
		return;
	}

	step = (p.at + ring->size - pcm->at) % ring->size;
	if (pcm->frozen) {
		pcm->count.not_paused += p.status != DMA_PAUSED;
		if (step)
			dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE,
					  "E10: the pointer moves by %u bytes while paused", step);
		return;
	}
	if (went_back(pcm, step, now)) {
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE,
				  "E9: the pointer moves from %u back to %u", pcm->at, p.at);
		return;
	}
	advance(pcm, step, now);
}

/* Hard irq, as a pointer that a sound card's interrupt asks for. */
static enum hrtimer_restart pcm_poll(struct hrtimer *timer)
{
	struct dmabench_pcm *pcm = container_of(timer, struct dmabench_pcm, timer);
	unsigned long flags;

	spin_lock_irqsave(&pcm->ring.lock, flags);
	if (pcm->ring.now)
		ask_pointer(pcm, dmabench_clock());
	spin_unlock_irqrestore(&pcm->ring.lock, flags);
	hrtimer_forward_now(timer, pcm->poll);
	return HRTIMER_RESTART;
}

/* Not more callbacks than periods, and none for a period of the start before. */
static void check_callbacks(struct dmabench_pcm *pcm)
{
	if (pcm->no_residue || pcm->callbacks * pcm->ring.period <= pcm->hw + pcm->lag)
		return;
	dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE,
			  "%s: callback %llu of start %llu when %llu bytes had passed",
			  pcm->ring.starts > 1 && pcm->callbacks == 1 ? "E13" : "E8",
			  pcm->callbacks, pcm->ring.starts, pcm->hw);
}

static void pcm_elapsed(struct dmabench_ring *ring, const struct dmabench_ring_take *take,
			u64 now)
{
	struct dmabench_pcm *pcm = container_of(ring, struct dmabench_pcm, ring);
	unsigned long flags;

	spin_lock_irqsave(&ring->lock, flags);
	/* It may have been stopped while we waited. */
	if (ring->now != take)
		goto out;
	pcm->callbacks++;
	pcm->count.callbacks++;
	pcm->count.callbacks_paused += pcm->frozen;
	if (pcm->callback)
		dmabench_account_stage(pcm->worker, DMABENCH_STAGE_PERIOD, now - pcm->callback);
	pcm->callback = now;
	if (pcm->no_residue)
		advance(pcm, ring->period, now);
	else
		ask_pointer(pcm, dmabench_clock());
	check_callbacks(pcm);
	if (!pcm->playback)
		dmabench_pcm_collect(pcm);
	wake_up_process(pcm->worker->queue.waiter);
out:
	spin_unlock_irqrestore(&ring->lock, flags);
}

/**
 * dmabench_pcm_hw - how far the engine is
 * @pcm: the stream
 *
 * Context: the worker.
 *
 * Return: bytes since start.
 */
u64 dmabench_pcm_hw(struct dmabench_pcm *pcm)
{
	unsigned long flags;
	u64 hw;

	spin_lock_irqsave(&pcm->ring.lock, flags);
	if (pcm->ring.now)
		ask_pointer(pcm, dmabench_clock());
	hw = pcm->hw;
	if (pcm->ring.now && !pcm->playback)
		dmabench_pcm_collect(pcm);
	spin_unlock_irqrestore(&pcm->ring.lock, flags);
	return hw;
}

/**
 * dmabench_pcm_start - prepare and START
 * @pcm: stopped, synchronized or not
 * @step: of the contract, in case it fails
 * @callbacks: want period wakeups
 *
 * Context: the worker.
 */
void dmabench_pcm_start(struct dmabench_pcm *pcm, const char *step, bool callbacks)
{
	struct dmabench_worker *worker = pcm->worker;
	struct dmabench_ring *ring = &pcm->ring;
	unsigned long flags;
	int ret;

	/* 0 and 255 are nobody's epochs. */
	pcm->epoch = pcm->epoch % 254 + 1;
	dmabench_pcm_prefill(pcm);

	spin_lock_irqsave(&ring->lock, flags);
	pcm->hw = 0;
	pcm->at = 0;
	pcm->moved = 0;
	pcm->resumed = 0;
	pcm->callback = 0;
	pcm->callbacks = 0;
	pcm->frozen = false;
	pcm->xrun = false;
	pcm->known = false;
	pcm->gap = false;
	pcm->early = 0;
	pcm->begun = false;
	ret = dmabench_ring_start(ring, callbacks);
	if (ret)
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_PREP, "%s: prepare and submit: %d",
				  step, ret);
	spin_unlock_irqrestore(&ring->lock, flags);

	dmabench_account_stage(worker, DMABENCH_STAGE_PREP, ring->prep_ns);
	dmabench_account_stage(worker, DMABENCH_STAGE_SUBMIT, ring->submit_ns);
	dmabench_account_stage(worker, DMABENCH_STAGE_ISSUE, ring->issue_ns);
}

/**
 * dmabench_pcm_stop - STOP: terminate, and do not wait
 * @pcm: runs, or is paused
 *
 * Context: the worker.
 */
void dmabench_pcm_stop(struct dmabench_pcm *pcm)
{
	unsigned long flags;
	u64 from, ns;
	int ret;

	spin_lock_irqsave(&pcm->ring.lock, flags);
	from = dmabench_clock();
	ret = dmabench_ring_stop(&pcm->ring);
	ns = dmabench_clock() - from;
	if (ret)
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE, "E12: terminate_async: %d", ret);
	spin_unlock_irqrestore(&pcm->ring.lock, flags);
	dmabench_account_stage(pcm->worker, DMABENCH_STAGE_TERMINATE, ns);
}

/**
 * dmabench_pcm_pause - PAUSE_PUSH, or SUSPEND of those that can pause
 * @pcm: runs
 * @step: of the contract, in case it fails
 *
 * From the return of pause on the pointer must not move.
 *
 * Context: the worker.
 */
void dmabench_pcm_pause(struct dmabench_pcm *pcm, const char *step)
{
	unsigned long flags;
	u64 from, ns;
	int ret;

	spin_lock_irqsave(&pcm->ring.lock, flags);
	from = dmabench_clock();
	ret = dmabench_ring_pause(&pcm->ring);
	ns = dmabench_clock() - from;
	if (ret)
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE, "%s: pause: %d", step, ret);
	ask_pointer(pcm, dmabench_clock());
	pcm->frozen = true;
	spin_unlock_irqrestore(&pcm->ring.lock, flags);
	dmabench_account_stage(pcm->worker, DMABENCH_STAGE_PAUSE, ns);
}

/**
 * dmabench_pcm_resume - PAUSE_RELEASE, or RESUME
 * @pcm: paused
 * @step: of the contract, in case it fails
 *
 * Context: the worker.
 */
void dmabench_pcm_resume(struct dmabench_pcm *pcm, const char *step)
{
	unsigned long flags;
	u64 from, ns;
	int ret;

	spin_lock_irqsave(&pcm->ring.lock, flags);
	pcm->frozen = false;
	pcm->gap = true;
	from = dmabench_clock();
	pcm->resumed = from;
	pcm->callback = 0;
	ret = dmabench_ring_resume(&pcm->ring);
	ns = dmabench_clock() - from;
	if (ret)
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_ENGINE, "%s: resume: %d", step, ret);
	spin_unlock_irqrestore(&pcm->ring.lock, flags);
	dmabench_account_stage(pcm->worker, DMABENCH_STAGE_RESUME, ns);
}

static void learn_caps(struct dmabench_pcm *pcm)
{
	struct dma_slave_caps *caps = &pcm->caps;

	if (dma_get_slave_caps(pcm->ring.route->chan->dma, caps))
		return;
	pcm->caps_known = true;
	pcm->can_pause = caps->cmd_pause && caps->cmd_resume;
	pcm->no_residue = caps->residue_granularity == DMA_RESIDUE_GRANULARITY_DESCRIPTOR;
	if (caps->residue_granularity != DMA_RESIDUE_GRANULARITY_BURST)
		pcm->lag = pcm->ring.period;
}

/**
 * dmabench_pcm_open - a stream over a transfer's memory
 * @pcm: zeroed
 * @worker: that it belongs to
 * @x: the transfer, mapped
 *
 * Undone by dmabench_pcm_close().
 *
 * Context: the worker.
 */
void dmabench_pcm_open(struct dmabench_pcm *pcm, struct dmabench_worker *worker,
		       struct dmabench_xfer *x)
{
	const struct dmabench_port *port = worker->queue.port;

	pcm->worker = worker;
	pcm->x = x;
	pcm->ring.elapsed = pcm_elapsed;
	dmabench_ring_init(&pcm->ring, worker, x, 0);
	pcm->playback = pcm->ring.route->dir == DMA_MEM_TO_DEV;
	pcm->rated = port->endpoint == DMABENCH_ENDPOINT_AUDIO;
	pcm->byte_rate = port->frame_rate * DMABENCH_FRAME_BYTES;
	pcm->lag = port->width * port->maxburst;
	pcm->random = dmabench_xfer_random(x, 0);
	pcm->period_max = dma_get_max_seg_size(pcm->ring.route->chan->dma->device->dev);
	learn_caps(pcm);

	pcm->poll = ns_to_ktime(max_t(u64, PCM_POLL_MIN_NS,
				      div_u64((u64)pcm->ring.period * NSEC_PER_SEC,
					      pcm->byte_rate) / PCM_POLLS));
	hrtimer_setup(&pcm->timer, pcm_poll, CLOCK_MONOTONIC, HRTIMER_MODE_REL);
	hrtimer_start(&pcm->timer, pcm->poll, HRTIMER_MODE_REL);
}

/**
 * dmabench_pcm_close - nobody asks for the pointer any more
 * @pcm: the stream
 *
 * Context: the worker; may sleep.
 */
void dmabench_pcm_close(struct dmabench_pcm *pcm)
{
	hrtimer_cancel(&pcm->timer);
}
