/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_MODE_H
#define _DMABENCH_MODE_H

#include <linux/types.h>

struct dma_device;
struct dmabench_knobs;
struct dmabench_run;
struct dmabench_worker;
struct seq_file;

/**
 * struct dmabench_mode - what a worker does with its transfers
 * @name: the word that the knob `mode` takes
 * @state_size: bytes of worker->state, zeroed at the start of a run; may be 0
 * @controls: needs the histograms of controls, see enum dmabench_stage
 * @rings: works on what does not end by itself, and on nothing else
 * @check: refuses knobs that make no sense in this mode, with an errno and one
 *	line; may be absent
 * @lacks: what a provider lacks for this mode, in words, or NULL; may be absent
 * @plan: gets what a run needs instead of dmabench_plan()'s channels and transfers,
 *	see there; may be absent
 * @work: the worker's thread; returns when all is done, when the load is told to
 *	stop or to leave, or with worker->error set. Whatever is then in flight must
 *	be on worker->queue.flying
 * @show: prints what only this mode has found as `key: value` lines of the
 *	result. The worker may be running; may be absent
 * @forget: frees what worker->state refers to; may be absent
 */
struct dmabench_mode {
	const char *name;
	size_t state_size;
	bool controls;
	bool rings;
	int (*check)(const struct dmabench_knobs *knobs, char *reason, size_t reason_size);
	const char *(*lacks)(const struct dma_device *device);
	int (*plan)(struct dmabench_run *run, char *reason, size_t reason_size);
	void (*work)(struct dmabench_worker *worker);
	void (*show)(struct seq_file *m, const struct dmabench_worker *worker);
	void (*forget)(struct dmabench_worker *worker);
};

enum dmabench_mode_id {
#define DMABENCH_MODE(_name)	DMABENCH_MODE_##_name,
#include "mode-list.h"
#undef DMABENCH_MODE
	DMABENCH_MODES
};

#define DMABENCH_MODE(_name)	extern const struct dmabench_mode dmabench_mode_##_name;
#include "mode-list.h"
#undef DMABENCH_MODE

extern const struct dmabench_mode *const dmabench_modes[DMABENCH_MODES];
extern const char *const dmabench_mode_names[];

#endif
