// SPDX-License-Identifier: GPL-2.0-only
/* One run of the open job: configure, start, watch, collect. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dbgfs.h"
#include "defs.h"
#include "job.h"
#include "json.h"
#include "measure.h"
#include "mem.h"
#include "progress.h"
#include "record.h"
#include "stop.h"
#include "units.h"

#define WATCH_MS	200
#define RETRY_NS	20000000

enum verdict verdict_of_refusal(int err)
{
	switch (-err) {
	case EOPNOTSUPP:
	case ENODEV:
	case EBUSY:
	case ENOBUFS:
	case ENOMEM:
		return VERDICT_SKIPPED;
	case EINVAL:
	case ERANGE:
	case E2BIG:
	case EOVERFLOW:
		return VERDICT_REFUSED;
	default:
		return VERDICT_FAILED;
	}
}

static void note_refusal(struct json_object *run, struct sample *sample, int err)
{
	sample->verdict = verdict_of_refusal(err);
	sample->reason = job_reason(job_name(), err);
	json_object_object_add(run, "status",
			       record_status(sample->verdict == VERDICT_FAILED ? "failed" :
									     "skipped",
					     err, sample->reason));
}

static void show_status(const char *label, const struct kvlist *status)
{
	char rate[UNITS_LEN], errors[UNITS_LEN + 16] = "";
	__u64 elapsed = kv_u64(status, "elapsed_ns", 0);
	__u64 wrong = kv_u64(status, "errors", 0);
	double per_s = elapsed ? (double)kv_u64(status, "transfers", 0) * 1e9 / (double)elapsed : 0;
	char *what;

	if (wrong)
		snprintf(errors, sizeof(errors), ", %llu errors", wrong);
	what = xasprintf("%s%s", units_count(rate, (__u64)per_s, "ops/s"), errors);
	progress_run(label, (unsigned int)kv_u64(status, "progress", 0), what);
	free(what);
}

/* Wait for the end of the run, or for a request to end it. */
static int watch(const char *label)
{
	struct timespec pause = { .tv_nsec = RETRY_NS };
	struct kvlist status;
	char *text;
	bool runs;
	int ret;

	tick_start(WATCH_MS);
	for (;;) {
		ret = dbgfs_read_wait(&text, job_name(), "finished");
		if (ret && ret != -EINTR)
			break;
		if (ret)
			text = dbgfs_text(job_name(), "status");
		kv_parse(&status, text, ':');
		free(text);
		runs = job_runs(&status);
		if (runs)
			show_status(label, &status);
		kv_free(&status);
		if (!runs) {
			ret = 0;
			break;
		}
		if (stop_requested()) {
			ret = -EINTR;
			break;
		}
		/* Somebody else has started it again: no reason to spin. */
		if (!ret)
			nanosleep(&pause, NULL);
	}
	tick_stop();
	return ret;
}

static void fill_sample(struct sample *sample, const struct job_files *files)
{
	const struct kvlist *result = &files->result;

	sample->channels = xstrdup(kv_text(result, "channels", ""));
	sample->ops_per_s = kv_u64(result, "ops_per_s", 0);
	sample->bytes_per_s = kv_u64(result, "bytes_per_s", 0);
	sample->transfers = kv_u64(result, "transfers", 0);
	sample->errors = record_errors(result);
	sample->has_latency = kv_u64(result, "stage.total.count", 0) > 0;
	sample->p50 = kv_u64(result, "stage.total.p50", 0);
	sample->p99 = kv_u64(result, "stage.total.p99", 0);
	sample->max = kv_u64(result, "stage.total.max", 0);
}

static void collect(struct json_object *run, struct sample *sample, bool asked_to_stop)
{
	struct job_files files;
	const char *state;
	int ret, err;

	ret = job_read(job_name(), &files);
	if (ret) {
		note_refusal(run, sample, ret);
		sample->verdict = VERDICT_FAILED;
		return;
	}
	state = kv_text(&files.status, "state", "failed");
	err = kv_int(&files.status, "errno", 0);
	sample->reason = xstrdup(kv_text(&files.status, "reason", ""));
	if (!strcmp(state, "done") && !err)
		sample->verdict = VERDICT_DONE;
	else if (err == -ETIME)
		sample->verdict = VERDICT_SLOW;
	else if (!strcmp(state, "stopped") && asked_to_stop)
		sample->verdict = VERDICT_STOPPED;
	else
		sample->verdict = VERDICT_FAILED;
	if (sample->verdict == VERDICT_FAILED && !*sample->reason) {
		free(sample->reason);
		sample->reason = xasprintf("the job ended as '%s'", state);
	}
	fill_sample(sample, &files);
	json_object_object_add(run, "status", record_status(state, err, sample->reason));
	record_measured(run, job_name(), &files.result);
	job_files_free(&files);
}

static int configure(const char *config, struct json_object *run)
{
	struct kvlist knobs;
	char *text;
	int ret;

	ret = dbgfs_write(config, job_name(), "config");
	text = dbgfs_text(job_name(), "config");
	kv_parse(&knobs, text, '=');
	json_object_object_add(run, "config", record_config(&knobs));
	kv_free(&knobs);
	free(text);
	return ret;
}

static void abandon(struct sample *sample)
{
	sample->verdict = VERDICT_ABORTED;
	sample->reason = xstrdup("aborted");
}

void measure(const char *config, const char *label, struct json_object *run, struct sample *sample)
{
	int ret;

	*sample = (struct sample){ 0 };
	ret = configure(config, run);
	if (!ret)
		ret = dbgfs_write("1\n", job_name(), "run");
	if (ret == -EINTR && stop_requested()) {
		abandon(sample);
		return;
	}
	if (ret) {
		note_refusal(run, sample, ret);
		return;
	}
	progress_run(label, 0, "starting");
	ret = watch(label);
	if (ret)
		dbgfs_write("0\n", job_name(), "run");
	if (stop_at_once())
		abandon(sample);
	else
		collect(run, sample, ret == -EINTR);
}

void measure_skip(const char *config, const char *unknown, const char *reason,
		  struct json_object *run, struct sample *sample)
{
	struct json_object *knobs;
	struct kvlist further;

	*sample = (struct sample){ .verdict = VERDICT_SKIPPED, .reason = xstrdup(reason) };
	configure(config, run);
	kv_parse(&further, unknown, '=');
	if (json_object_object_get_ex(run, "config", &knobs))
		for (size_t i = 0; i < further.n; i++)
			json_object_object_add(knobs, further.v[i].key,
					       json_value(further.v[i].key, further.v[i].value));
	kv_free(&further);
	json_object_object_add(run, "status", record_status("skipped", -EOPNOTSUPP, reason));
}

char *sample_line(const struct sample *sample)
{
	char ops[UNITS_LEN], rate[UNITS_LEN], p50[UNITS_LEN];

	switch (sample->verdict) {
	case VERDICT_SKIPPED:
	case VERDICT_REFUSED:
		return xasprintf("skipped: %s", sample->reason);
	case VERDICT_FAILED:
		return xasprintf("FAILED: %s", sample->reason);
	case VERDICT_SLOW:
		return xstrdup(sample->reason);
	case VERDICT_ABORTED:
		return xstrdup("aborted");
	default:
		break;
	}
	units_count(ops, sample->ops_per_s, "ops/s");
	units_count(rate, sample->bytes_per_s, "B/s");
	units_ns(p50, sample->p50);
	return xasprintf("%s, %s%s%s%s", ops, rate, sample->has_latency ? ", p50 " : "",
			 sample->has_latency ? p50 : "",
			 sample->verdict == VERDICT_STOPPED ? ", stopped early" : "");
}

void sample_free(struct sample *sample)
{
	free(sample->reason);
	free(sample->channels);
	*sample = (struct sample){ 0 };
}
