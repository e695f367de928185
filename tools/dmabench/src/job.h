/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_JOB_H
#define DMABENCH_JOB_H

#include <stdbool.h>

#include "kv.h"

/**
 * struct job_files - what the files of a job held when they were read
 * @config: knobs
 * @status: where it stands
 * @result: what it measured
 */
struct job_files {
	struct kvlist config;
	struct kvlist status;
	struct kvlist result;
};

/**
 * job_open - get a job to work with
 * @name: of the job: one that exists is used and its knobs are put back in the end, another is
 *	created and removed in the end; NULL creates one with a name of its own
 *
 * Only one job is open at a time. Jobs that killed commands have left behind are removed first.
 * Whatever way the command exits, the job is closed. Does not return on failure.
 */
void job_open(const char *name);

/** job_name - name of the open job */
const char *job_name(void);

/** job_base - the knobs that the job had when it was opened */
const struct kvlist *job_base(void);

/** job_close - stop it, put its knobs back or remove it; without an open job nothing */
void job_close(void);

/** job_read - read config, status and result of any job; free it with job_files_free() */
int job_read(const char *name, struct job_files *files);
void job_files_free(struct job_files *files);

/** job_runs - whether a status says that the job runs, paused and stopping included */
bool job_runs(const struct kvlist *status);

/** job_reason - what a job's status gives as reason, or the text of errno @ret; to be freed */
char *job_reason(const char *name, int ret);

#endif
