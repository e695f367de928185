/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_MODE_CONTROL_H
#define _DMABENCH_MODE_CONTROL_H

#include "../control.h"
#include "../worker.h"

/* What a step does. */
enum control_kind {
	CONTROL_START,
	CONTROL_ISSUE,
	CONTROL_WAIT,
	CONTROL_PAUSE,
	CONTROL_RESUME,
	CONTROL_TERMINATE,
	CONTROL_TERMINATE_SYNC,
	CONTROL_KINDS
};

extern const char *const control_kind_names[CONTROL_KINDS];

/* The numbers that chance takes in each step, one for each purpose. */
enum control_dice {
	CONTROL_DICE_DELAY,
	CONTROL_DICE_KIND,
	CONTROL_DICE_ISSUE,
	CONTROL_DICE_WATCH,
	CONTROL_DICE_HOLD,
	CONTROL_DICE_BETWEEN,
	CONTROL_DICE_QUIET,
	CONTROL_DICES
};

/**
 * struct control_frozen - a channel that was paused while it was at work
 * @x: the transfer that it was at; NULL: it was idle, nothing is known
 * @sight: how that stood when pause had returned
 */
struct control_frozen {
	struct dmabench_xfer *x;
	struct dmabench_sight sight;
};

/**
 * struct control - what a worker of mode=control knows and counts
 * @kind: of the step that is being done
 * @done: steps of each kind that were done
 * @step: number of the step
 * @can_pause: the providers have pause, and a way out of it
 * @can_resume: they have resume
 * @can_terminate: they have terminate
 * @endless: the operation goes round until it is terminated
 * @aligns: what comes back from the peripheral is compared with what was sent
 * @paused: pause was called, neither resume nor terminate since
 * @frozen: by route, what must not move while @paused
 * @digest: what the destinations of the frozen transfer hold
 * @late: the first transfer that was issued while something was frozen, or NULL
 * @restart: number of the first transfer after a terminate
 * @restarting: it has not ended yet
 * @completed: transfers that completed, and were right
 * @terminated: transfers that did not get there, as far as they got right
 * @restarts: transfers right behind a terminate that completed, and were right
 * @aligned: times that the peripheral's stream was brought back in step
 * @put_off: starts for which the provider had no descriptor left
 * @not_paused: times that the status was not DMA_PAUSED after pause
 * @unissued: completions of transfers that were not issued
 * @issued_paused: transfers that were issued while paused
 * @ran_paused: of them, those that were over before resume
 * @moved_max: bytes that were moved after pause had returned
 * @freeze_max: from the call of pause until it had returned, ns
 * @quiet: times that memory was watched after a terminate
 */
struct control {
	enum control_kind kind;
	u64 done[CONTROL_KINDS];
	u64 step;
	bool can_pause;
	bool can_resume;
	bool can_terminate;
	bool endless;
	bool aligns;
	bool paused;
	struct control_frozen frozen[DMABENCH_MAX_ROUTES];
	u64 digest;
	struct dmabench_xfer *late;
	u64 restart;
	bool restarting;
	u64 completed;
	u64 terminated;
	u64 restarts;
	u64 aligned;
	u64 put_off;
	u64 not_paused;
	u64 unissued;
	u64 issued_paused;
	u64 ran_paused;
	u64 moved_max;
	u64 freeze_max;
	u64 quiet;
};

/* control.c */
u32 control_random(struct dmabench_worker *worker, enum control_dice which);
void control_spin(u32 us);
bool control_submit(struct dmabench_worker *worker, struct dmabench_xfer *x);

/* control-reap.c */
void control_recycle(struct dmabench_worker *worker, struct dmabench_xfer *x);
bool control_reap_callbacks(struct dmabench_worker *worker, bool ask);
bool control_reap(struct dmabench_worker *worker);
bool control_wait(struct dmabench_worker *worker);

/* control-check.c */
__printf(4, 5)
void control_fail(struct dmabench_worker *worker, enum dmabench_error kind,
		  const struct dmabench_xfer *x, const char *format, ...);
bool control_verify(struct dmabench_worker *worker, struct dmabench_xfer *x,
		    enum dmabench_fate fate);
void control_freeze(struct dmabench_worker *worker, const int *error, u64 called);
void control_check_frozen(struct dmabench_worker *worker);
void control_thaw(struct dmabench_worker *worker);
void control_check_quiet(struct dmabench_worker *worker);
void control_watch(struct dmabench_worker *worker, struct dmabench_xfer *x,
		   unsigned int route, u32 residue, u64 since, enum dmabench_stage stage);

/* control-align.c */
void control_align(struct dmabench_worker *worker);

#endif
