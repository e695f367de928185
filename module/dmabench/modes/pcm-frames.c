// SPDX-License-Identifier: GPL-2.0-only
/*
 * Frames: written ahead of the pointer, and read behind it.
 */
#include <linux/kernel.h>
#include <linux/math64.h>

#include "pcm.h"

static u32 ring_offset(const struct dmabench_pcm *pcm, u64 bytes)
{
	u32 at;

	div_u64_rem(bytes, pcm->ring.size, &at);
	return at;
}

static void frame_write(u8 *to, u32 frame)
{
	to[0] = frame;
	to[1] = frame >> 8;
	to[2] = frame >> 16;
	to[3] = frame >> 24;
}

static u32 frame_read(const u8 *from)
{
	return from[0] | from[1] << 8 | from[2] << 16 | (u32)from[3] << 24;
}

/**
 * dmabench_pcm_prefill - get the buffer ready for a start
 * @pcm: stopped; @epoch is that of the start
 *
 * Context: the worker.
 */
void dmabench_pcm_prefill(struct dmabench_pcm *pcm)
{
	struct dmabench_ring *ring = &pcm->ring;
	u32 at;

	dmabench_ring_sync(ring, 0, ring->size, true);
	for (at = 0; at < ring->size; at += DMABENCH_FRAME_BYTES)
		frame_write(ring->mem + at, pcm->playback ?
			    (u32)pcm->epoch << DMABENCH_FRAME_EPOCH | at / DMABENCH_FRAME_BYTES :
			    DMABENCH_FRAME_NONE);
	dmabench_ring_sync(ring, 0, ring->size, false);
	pcm->appl = pcm->playback ? ring->size : 0;
}

/**
 * dmabench_pcm_feed - write as much as there is room for
 * @pcm: plays
 *
 * Context: the worker, without the ring's lock: only the worker writes.
 */
void dmabench_pcm_feed(struct dmabench_pcm *pcm)
{
	struct dmabench_ring *ring = &pcm->ring;
	u64 hw = dmabench_pcm_hw(pcm), appl = pcm->appl;
	unsigned long flags;

	while (appl < hw + ring->size) {
		u32 at = ring_offset(pcm, appl), i;
		u32 n = min_t(u64, ring->size - at, hw + ring->size - appl);
		u32 number = div_u64(appl, DMABENCH_FRAME_BYTES);

		n = round_down(n, DMABENCH_FRAME_BYTES);
		if (!n)
			break;
		dmabench_ring_sync(ring, at, n, true);
		for (i = 0; i < n; i += DMABENCH_FRAME_BYTES, number++)
			frame_write(ring->mem + at + i,
				    (u32)pcm->epoch << DMABENCH_FRAME_EPOCH |
				    (number & DMABENCH_FRAME_NUMBER));
		dmabench_ring_sync(ring, at, n, false);
		appl += n;
	}

	spin_lock_irqsave(&ring->lock, flags);
	pcm->appl = appl;
	spin_unlock_irqrestore(&ring->lock, flags);
}

/* The same epoch: one more than the last, or something is wrong. */
static void check_number(struct dmabench_pcm *pcm, u32 number)
{
	u32 off = (number - pcm->next) & DMABENCH_FRAME_NUMBER;

	if (!off)
		return;
	if (off > DMABENCH_FRAME_NUMBER / 2) {
		off = DMABENCH_FRAME_NUMBER + 1 - off;
		pcm->count.duplicate += off;
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_DATA,
				  "E16: %u frames again, from number %u of epoch %u on",
				  off, number, pcm->seen);
	} else if (pcm->gap) {
		/* What a codec does with frames that nobody fetches is its own affair. */
		pcm->count.lost_paused += off;
		pcm->gap = false;
	} else {
		pcm->count.lost += off;
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_DATA,
				  "E16: %u frames lost, before number %u of epoch %u",
				  off, number, pcm->seen);
	}
}

/*
 * Whoever plays to us stops and starts without synchronize: until its engine has
 * stopped, it takes the frames of the next epoch from the places of the old one.
 * True if this is one of them. A buffer full of them is no accident.
 */
static bool is_early(struct dmabench_pcm *pcm, u8 epoch, u32 number)
{
	u32 most = pcm->ring.size / DMABENCH_FRAME_BYTES;

	if (!pcm->known || pcm->gap)
		return false;
	if (epoch != pcm->seen && number) {
		if (pcm->early == most) {
			pcm->count.lost += number;
			dmabench_pcm_fail(pcm, DMABENCH_ERROR_DATA,
					  "E16: epoch %u comes without its beginning", epoch);
			return false;
		}
		pcm->early++;
		pcm->count.early++;
		pcm->next++;
		return true;
	}
	pcm->early = 0;
	/* They were those from 0 on, and now it really begins. */
	if (epoch == pcm->seen && !number && pcm->begun && pcm->next <= most) {
		pcm->begun = false;
		pcm->count.early += pcm->next;
		pcm->next = 1;
		return true;
	}
	return false;
}

static void check_frame(struct dmabench_pcm *pcm, u32 frame)
{
	u8 epoch = frame >> DMABENCH_FRAME_EPOCH;
	u32 number = frame & DMABENCH_FRAME_NUMBER;

	pcm->count.frames++;
	if (frame == DMABENCH_FRAME_NONE) {
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_DATA,
				  "E16: the pointer is behind a frame that was not written");
		return;
	}
	if (pcm->known && (s8)(epoch - pcm->seen) < 0) {
		pcm->count.stale++;
		dmabench_pcm_fail(pcm, DMABENCH_ERROR_DATA,
				  "E13: frame %u of epoch %u, which ended before epoch %u began",
				  number, epoch, pcm->seen);
		return;
	}
	if (is_early(pcm, epoch, number))
		return;
	if (pcm->known && epoch == pcm->seen) {
		check_number(pcm, number);
	} else {
		/* Whoever plays to us has started anew. */
		pcm->count.epochs += pcm->known;
		pcm->begun = pcm->known;
		pcm->gap = false;
	}
	pcm->known = true;
	pcm->seen = epoch;
	pcm->next = number + 1;
}

/**
 * dmabench_pcm_collect - check what was captured
 * @pcm: captures
 *
 * Context: any, the ring's lock held.
 */
void dmabench_pcm_collect(struct dmabench_pcm *pcm)
{
	struct dmabench_ring *ring = &pcm->ring;

	lockdep_assert_held(&ring->lock);

	if (pcm->hw - pcm->appl > ring->size - ring->period) {
		pcm->count.overruns++;
		pcm->appl = round_down(pcm->hw, DMABENCH_FRAME_BYTES);
		pcm->known = false;
	}
	while (pcm->hw - pcm->appl >= DMABENCH_FRAME_BYTES) {
		u32 at = ring_offset(pcm, pcm->appl), i;
		u32 n = min_t(u64, ring->size - at, pcm->hw - pcm->appl);

		n = round_down(n, DMABENCH_FRAME_BYTES);
		dmabench_ring_sync(ring, at, n, true);
		for (i = 0; pcm->rated && i < n; i += DMABENCH_FRAME_BYTES)
			check_frame(pcm, frame_read(ring->mem + at + i));
		dmabench_ring_sync(ring, at, n, false);
		pcm->appl += n;
	}
}
