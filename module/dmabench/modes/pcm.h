/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_PCM_H
#define _DMABENCH_PCM_H

#include <linux/hrtimer.h>
#include <linux/seq_file.h>

#include "../ring.h"

/* Frames are 32-bit little-endian words: an epoch, and a number below it. */
#define DMABENCH_FRAME_BYTES	4
#define DMABENCH_FRAME_EPOCH	24
#define DMABENCH_FRAME_NUMBER	0x00ffffffU
/* What no frame is: capture buffers are filled with it. */
#define DMABENCH_FRAME_NONE	U32_MAX

/**
 * struct dmabench_pcm_count - what a scenario has seen
 * @bytes: played or captured, by the pointer
 * @periods: in them, of all starts
 * @callbacks: of periods
 * @callbacks_paused: of these, how many came while paused
 * @polls: times that the pointer was asked for
 * @invalid: of these, how many gave no position
 * @not_paused: polls while paused that did not say so
 * @in_flight: largest in_flight_bytes
 * @pointer_error: largest distance of the pointer from where time says, bytes
 * @underruns: playback: the engine got ahead of what was written
 * @overruns: capture: frames were overwritten before they were read
 * @frames: capture: frames that were checked
 * @lost: capture: frames that never came
 * @lost_paused: capture: frames that never came, over a pause
 * @duplicate: capture: frames that came again
 * @stale: capture: frames of an epoch that had ended
 * @early: capture: frames of an epoch that had not begun yet
 * @epochs: capture: times that the epoch changed
 * @pauses: pause and resume
 * @suspends: of both kinds
 * @restarts: stop and start without synchronize
 * @pointer_only: bytes that passed without callbacks
 * @closed_paused: closed while paused
 * @last_write: capture: from terminate to the last write that was seen, ns
 * @widths_refused: mask of the widths in the caps that slave_config refused
 */
struct dmabench_pcm_count {
	u64 bytes;
	u64 periods;
	u64 callbacks;
	u64 callbacks_paused;
	u64 polls;
	u64 invalid;
	u64 not_paused;
	u64 in_flight;
	u64 pointer_error;
	u64 underruns;
	u64 overruns;
	u64 frames;
	u64 lost;
	u64 lost_paused;
	u64 duplicate;
	u64 stale;
	u64 early;
	u64 epochs;
	u64 pauses;
	u64 suspends;
	u64 restarts;
	u64 pointer_only;
	u64 closed_paused;
	u64 last_write;
	u64 widths_refused;
};

/**
 * struct dmabench_pcm - a PCM stream
 * @worker: that it belongs to
 * @x: its memory
 * @ring: what it plays or captures; its lock protects all that follows @random
 * @caps: of the channel
 * @caps_known: the channel has told them
 * @playback: to the peripheral, else from it
 * @rated: the peripheral keeps the rate, and its frames are known
 * @no_residue: the pointer tells nothing: periods are counted by callbacks
 * @can_pause: pause and resume
 * @period_max: the longest period that the device takes, bytes
 * @byte_rate: bytes per second
 * @lag: bytes that the pointer may be behind at a callback
 * @timer: polls the pointer
 * @poll: how often
 * @random: state of the random numbers
 * @epoch: of the present start
 * @hw: bytes that the engine has passed since start
 * @appl: bytes that were written, or read
 * @at: position of the engine
 * @moved: when the first movement was seen, ns, or 0
 * @resumed: when resume was called, ns, or 0 once it moves
 * @ref: since when the rate is compared, ns
 * @ref_hw: @hw then
 * @callback: when the last one came, ns, or 0
 * @callbacks: of the present start
 * @frozen: paused, the pointer must stand still
 * @xrun: there was an underrun since start
 * @known: capture: @seen and @next are known
 * @gap: capture: frames may be missing, as there was a pause
 * @early: capture: so many frames in a row were of an epoch that has not begun
 * @begun: capture: the epoch began within what was heard, once
 * @seen: capture: epoch of the frames
 * @next: capture: number of the next frame
 * @failed: something is wrong, and @failure says what
 * @kind: of error
 * @failure: in words, begins with the step of the contract
 * @count: what was seen
 */
struct dmabench_pcm {
	struct dmabench_worker *worker;
	struct dmabench_xfer *x;
	struct dmabench_ring ring;
	struct dma_slave_caps caps;
	bool caps_known;
	bool playback;
	bool rated;
	bool no_residue;
	bool can_pause;
	u32 period_max;
	u32 byte_rate;
	u32 lag;
	struct hrtimer timer;
	ktime_t poll;
	u64 random;
	u8 epoch;
	u64 hw;
	u64 appl;
	u32 at;
	u64 moved;
	u64 resumed;
	u64 ref;
	u64 ref_hw;
	u64 callback;
	u64 callbacks;
	bool frozen;
	bool xrun;
	bool known;
	bool gap;
	u32 early;
	bool begun;
	u8 seen;
	u32 next;
	bool failed;
	enum dmabench_error kind;
	char failure[180];
	struct dmabench_pcm_count count;
};

/* pcm-stream.c: what ALSA's triggers and pointer do */
void dmabench_pcm_open(struct dmabench_pcm *pcm, struct dmabench_worker *worker,
		       struct dmabench_xfer *x);
void dmabench_pcm_close(struct dmabench_pcm *pcm);
__printf(3, 4)
void dmabench_pcm_fail(struct dmabench_pcm *pcm, enum dmabench_error kind, const char *format, ...);
void dmabench_pcm_start(struct dmabench_pcm *pcm, const char *step, bool callbacks);
void dmabench_pcm_stop(struct dmabench_pcm *pcm);
void dmabench_pcm_pause(struct dmabench_pcm *pcm, const char *step);
void dmabench_pcm_resume(struct dmabench_pcm *pcm, const char *step);
u64 dmabench_pcm_hw(struct dmabench_pcm *pcm);

/* pcm-frames.c: what the buffer holds */
void dmabench_pcm_prefill(struct dmabench_pcm *pcm);
void dmabench_pcm_feed(struct dmabench_pcm *pcm);
void dmabench_pcm_collect(struct dmabench_pcm *pcm);

/* pcm-show.c */
void dmabench_pcm_show(struct seq_file *m, const struct dmabench_worker *worker);

#endif
