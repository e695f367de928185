/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_JOB_H
#define _DMABENCH_JOB_H

#include <linux/list.h>
#include <linux/mutex.h>

#include "result.h"
#include "runner.h"

#define DMABENCH_JOB_NAME	32
#define DMABENCH_MAX_JOBS	64

/**
 * struct dmabench_job - knobs and the last run made with them
 * @name: of the job
 * @control: serialises whoever changes something: knobs, start, stop. Held while
 *	a run starts, which can take seconds
 * @lock: guards the members below; held for moments. Nests inside @control
 * @knobs: for the next run
 * @run: the last one, going on or not; NULL before the first
 * @error: errno of the last start if it was refused
 * @reason: why, or why a knob was refused last
 * @runs: how many runs were started
 * @retired: is being removed, takes no more starts
 * @entry: in the list of jobs
 * @face: what the debugfs room keeps with the job
 */
struct dmabench_job {
	char name[DMABENCH_JOB_NAME];
	struct mutex control;	/* starts, stops, knobs */
	struct mutex lock;	/* the members below */
	struct dmabench_knobs knobs;
	struct dmabench_run *run;
	int error;
	char reason[200];
	u64 runs;
	bool retired;
	struct list_head entry;
	void *face;
};

struct dmabench_job *dmabench_job_alloc(const char *name);
void dmabench_job_retire(struct dmabench_job *job);
void dmabench_job_free(struct dmabench_job *job);
int dmabench_job_set(struct dmabench_job *job, const struct dmabench_knob *knob, char *text);
int dmabench_job_configure(struct dmabench_job *job, char *text);
int dmabench_job_start(struct dmabench_job *job, bool log);
int dmabench_job_stop(struct dmabench_job *job);
int dmabench_job_control(struct dmabench_job *job, const char *word);
struct dmabench_run *dmabench_job_run(struct dmabench_job *job,
				      struct dmabench_standing *standing, char *reason);
bool dmabench_job_busy(struct dmabench_job *job);

extern const char *const dmabench_control_names[];

#endif
