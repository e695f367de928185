// SPDX-License-Identifier: GPL-2.0-only
/*
 * A job: knobs, and the run that was made with them. Knobs cannot change while
 * the run goes on, so what can be read always belongs together.
 */
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "job.h"

enum job_control {
	JOB_CONTROL_PAUSE,
	JOB_CONTROL_RESUME,
	JOB_CONTROL_TERMINATE,
};

const char *const dmabench_control_names[] = {
	[JOB_CONTROL_PAUSE]	= "pause",
	[JOB_CONTROL_RESUME]	= "resume",
	[JOB_CONTROL_TERMINATE]	= "terminate",
	NULL
};

/**
 * dmabench_job_alloc - a job with the preset knobs
 * @name: of the job, shorter than DMABENCH_JOB_NAME
 *
 * Return: the job, NULL without memory.
 */
struct dmabench_job *dmabench_job_alloc(const char *name)
{
	struct dmabench_job *job = kzalloc_obj(*job);

	if (!job)
		return NULL;
	strscpy(job->name, name, sizeof(job->name));
	mutex_init(&job->control);
	mutex_init(&job->lock);
	INIT_LIST_HEAD(&job->entry);
	dmabench_knobs_preset(&job->knobs);
	return job;
}

/**
 * dmabench_job_retire - end a job's run and let it start no more
 * @job: the job
 *
 * Context: may sleep; waits for the end of the run.
 */
void dmabench_job_retire(struct dmabench_job *job)
{
	guard(mutex)(&job->control);
	job->retired = true;
	if (!job->run)
		return;
	dmabench_run_stop(job->run);
	/* Whoever removes a job does not want to wait for a transfer that hangs. */
	if (!wait_for_completion_timeout(&job->run->finished, HZ)) {
		dmabench_run_terminate(job->run);
		wait_for_completion(&job->run->finished);
	}
}

/**
 * dmabench_job_free - free a job
 * @job: retired, and nobody else knows it any more
 */
void dmabench_job_free(struct dmabench_job *job)
{
	if (job->run)
		dmabench_run_put(job->run);
	kfree(job);
}

/**
 * dmabench_job_busy - whether a run is going on
 * @job: the job
 *
 * Return: true if so.
 */
bool dmabench_job_busy(struct dmabench_job *job)
{
	guard(mutex)(&job->lock);
	return job->run && !completion_done(&job->run->finished);
}

static int job_check_idle(struct dmabench_job *job)
{
	lockdep_assert_held(&job->lock);

	if (!job->run || completion_done(&job->run->finished))
		return 0;
	/* The run's own reason is what status tells, this one is not kept. */
	return -EBUSY;
}

/* What was refused before was refused to other knobs. */
static void job_forgive(struct dmabench_job *job)
{
	lockdep_assert_held(&job->lock);

	job->error = 0;
	job->reason[0] = '\0';
}

/**
 * dmabench_job_set - set a knob
 * @job: the job
 * @knob: which one
 * @text: the value
 *
 * Return: 0; -EBUSY while a run goes on; else see dmabench_knob_set().
 */
int dmabench_job_set(struct dmabench_job *job, const struct dmabench_knob *knob, char *text)
{
	int ret;

	guard(mutex)(&job->control);
	guard(mutex)(&job->lock);
	ret = job_check_idle(job);
	if (ret)
		return ret;
	job_forgive(job);
	return dmabench_knob_set(&job->knobs, knob, text, job->reason, sizeof(job->reason));
}

/**
 * dmabench_job_configure - set many knobs at once
 * @job: the job
 * @text: lines of key=value; taken apart
 *
 * Return: 0; -EBUSY while a run goes on; -ENOMEM; else see dmabench_knobs_parse().
 * The job's knobs change only if everything is right.
 */
int dmabench_job_configure(struct dmabench_job *job, char *text)
{
	struct dmabench_knobs *knobs __free(kfree) = NULL;
	int ret;

	guard(mutex)(&job->control);
	guard(mutex)(&job->lock);
	ret = job_check_idle(job);
	if (ret)
		return ret;
	job_forgive(job);
	knobs = kmemdup(&job->knobs, sizeof(*knobs), GFP_KERNEL);
	if (!knobs)
		return -ENOMEM;
	ret = dmabench_knobs_parse(knobs, text, job->reason, sizeof(job->reason));
	if (!ret)
		job->knobs = *knobs;
	return ret;
}

/**
 * dmabench_job_start - start a run
 * @job: the job
 * @log: leave a summary in the kernel log when it ends
 *
 * Context: may sleep.
 *
 * Return: 0, or what docs/debugfs.md lists for `run`, the reason of which is kept;
 * -ENOENT if the job is being removed.
 */
int dmabench_job_start(struct dmabench_job *job, bool log)
{
	struct dmabench_run *run, *last;
	char reason[sizeof(job->reason)] = "";
	int ret;

	guard(mutex)(&job->control);
	if (job->retired)
		return -ENOENT;
	scoped_guard(mutex, &job->lock) {
		ret = job_check_idle(job);
		if (ret)
			return ret;
	}

	/* Knobs are only written under @control, so they hold still. */
	run = dmabench_run_start(job->name, &job->knobs, log, reason, sizeof(reason));

	guard(mutex)(&job->lock);
	job_forgive(job);
	if (IS_ERR(run)) {
		job->error = PTR_ERR(run);
		strscpy(job->reason, reason, sizeof(job->reason));
		return job->error;
	}

	last = job->run;
	job->run = run;
	job->runs++;
	if (last)
		dmabench_run_put(last);
	return 0;
}

/**
 * dmabench_job_stop - end a run and wait for its end
 * @job: the job; may be idle
 *
 * Context: may sleep.
 *
 * Return: 0; -ERESTARTSYS if a signal came before the end, which then comes
 * without anybody waiting for it.
 */
int dmabench_job_stop(struct dmabench_job *job)
{
	struct dmabench_standing standing;
	struct dmabench_run *run = dmabench_job_run(job, &standing, NULL);
	int ret;

	if (!run)
		return 0;
	dmabench_run_stop(run);
	ret = wait_for_completion_interruptible(&run->finished);
	dmabench_run_put(run);
	return ret;
}

/**
 * dmabench_job_control - pause, resume or terminate a run
 * @job: the job
 * @word: which of the three
 *
 * Context: may sleep, but does not wait for the effect.
 *
 * Return: 0; -EINVAL for another word; -ESRCH if no run is going on.
 */
int dmabench_job_control(struct dmabench_job *job, const char *word)
{
	int which = match_string(dmabench_control_names, -1, word);

	if (which < 0)
		return -EINVAL;

	guard(mutex)(&job->lock);
	if (!job->run || completion_done(&job->run->finished))
		return -ESRCH;

	if (which == JOB_CONTROL_TERMINATE)
		dmabench_run_terminate(job->run);
	else
		dmabench_run_pause(job->run, which == JOB_CONTROL_PAUSE);
	return 0;
}

/**
 * dmabench_job_run - the last run and where the job stands
 * @job: the job
 * @standing: filled in; its reason points to @reason, or into the run
 * @reason: room of sizeof(job->reason) bytes, or NULL if nobody will read it
 *
 * Return: the run with a reference for the caller, or NULL.
 */
struct dmabench_run *dmabench_job_run(struct dmabench_job *job,
				      struct dmabench_standing *standing, char *reason)
{
	struct dmabench_run *run;

	guard(mutex)(&job->lock);
	run = job->run;
	if (run)
		kref_get(&run->ref);

	standing->runs = job->runs;
	standing->state = dmabench_run_state(run);
	standing->error = 0;
	standing->reason = "";
	if (run && completion_done(&run->finished)) {
		standing->error = run->error;
		standing->reason = run->reason;
	}
	/* A refusal is newer than the run before it. */
	if (*job->reason && reason) {
		strscpy(reason, job->reason, sizeof(job->reason));
		standing->reason = reason;
		standing->error = job->error ?: standing->error;
	}
	return run;
}
