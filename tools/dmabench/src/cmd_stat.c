// SPDX-License-Identifier: GPL-2.0-only
/* dmabench stat */
#include <errno.h>
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cmd.h"
#include "dbgfs.h"
#include "defs.h"
#include "job.h"
#include "json.h"
#include "mem.h"
#include "near.h"
#include "num.h"
#include "record.h"
#include "stop.h"
#include "table.h"
#include "units.h"

#define INTERVAL_MAX	3600

static const char help[] =
	"usage: dmabench stat [JOB] [--json] [--watch[=S]]\n"
	"\n"
	"Show where the jobs of the module stand; with JOB, what this one measured.\n"
	"\n"
	"  --json        write JSON to stdout, raw histograms included\n"
	"  --watch[=S]   show it again every S seconds (default 1): a JOB until it\n"
	"                does not run any more, all jobs until SIGINT\n"
	"\n"
	"exit codes: 0 good, 2 usage, 4 no module\n";

static void job_row(struct table *table, const char *name)
{
	char text[UNITS_LEN], *progress;
	struct job_files files;

	if (job_read(name, &files))
		return;
	table_cell(table, name);
	table_cell(table, kv_get(&files.status, "state"));
	progress = xasprintf("%llu%%", kv_u64(&files.status, "progress", 0) / 10);
	table_cell(table, progress);
	table_cell(table, units_ns(text, kv_u64(&files.status, "elapsed_ns", 0)));
	table_cell(table, kv_get(&files.config, "op"));
	table_cell(table, units_count(text, kv_u64(&files.status, "transfers", 0), ""));
	table_cell(table, units_count(text, kv_u64(&files.status, "bytes", 0), "B"));
	table_cell(table, kv_get(&files.status, "errors"));
	table_cell(table, kv_get(&files.status, "reason"));
	job_files_free(&files);
	free(progress);
}

static void print_jobs(void)
{
	static const char *const heads[] = { "job", "state", ">done", ">elapsed", "op",
					     ">transfers", ">bytes", ">errors", "reason" };
	struct strlist names = { 0 };
	struct table table = { 0 };

	dbgfs_jobs(&names);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		table_head(&table, heads[i]);
	for (size_t i = 0; i < names.n; i++)
		job_row(&table, names.v[i]);
	table_print(&table, stdout, 0);
	strlist_free(&names);
}

static void line(const char *name, const char *value)
{
	if (value && *value && strcmp(value, "none"))
		printf("%-12s %s\n", name, value);
}

static void print_stages(const struct kvlist *result)
{
	static const char *const figures[] = { "count", "min", "mean", "p50", "p90", "p99",
					       "p99.9", "max" };
	static const char *const stages[] = { "map", "prep", "submit", "issue", "complete",
					      "wake", "unmap", "total" };
	struct table table = { 0 };

	table_head(&table, "stage");
	for (size_t j = 0; j < ARRAY_SIZE(figures); j++) {
		char *title = xasprintf(">%s", figures[j]);

		table_head(&table, title);
		free(title);
	}
	for (size_t i = 0; i < ARRAY_SIZE(stages); i++) {
		char *count = xasprintf("stage.%s.count", stages[i]);
		__u64 samples = kv_u64(result, count, 0);

		free(count);
		if (!samples)
			continue;
		table_cell(&table, stages[i]);
		for (size_t j = 0; j < ARRAY_SIZE(figures); j++) {
			char *key = xasprintf("stage.%s.%s", stages[i], figures[j]);
			__u64 value = kv_u64(result, key, 0);
			char text[UNITS_LEN];

			table_cell(&table, j ? units_ns(text, value) :
					       units_count(text, value, ""));
			free(key);
		}
	}
	if (table.cells.n)
		putchar('\n');
	if (table.cells.n)
		table_print(&table, stdout, 0);
	else
		strlist_free(&table.heads);
}

static void print_errors(const struct kvlist *result)
{
	for (size_t i = 0; i < result->n; i++)
		if (!strncmp(result->v[i].key, "errors_", 7) && strcmp(result->v[i].value, "0"))
			line(result->v[i].key, result->v[i].value);
	line("first_error", kv_get(result, "first_error"));
}

static void print_job(const char *name, const struct job_files *files)
{
	const struct kvlist *status = &files->status, *result = &files->result;
	char a[UNITS_LEN], b[UNITS_LEN], *text;

	line("job", name);
	text = xasprintf("%s, %llu%%, %s", kv_text(status, "state", "unknown"),
			 kv_u64(status, "progress", 0) / 10,
			 units_ns(a, kv_u64(status, "elapsed_ns", 0)));
	line("state", text);
	free(text);
	line("reason", kv_get(status, "reason"));
	line("op", kv_get(&files->config, "op"));
	line("channels", kv_get(result, "channels"));
	line("device", kv_get(result, "device"));
	line("driver", kv_get(result, "driver"));
	line("seed", kv_get(result, "seed"));
	text = xasprintf("%s, %s", units_count(a, kv_u64(status, "transfers", 0), ""),
			 units_count(b, kv_u64(status, "bytes", 0), "B"));
	line("transfers", text);
	free(text);
	text = xasprintf("%s, %s", units_count(a, kv_u64(result, "ops_per_s", 0), "ops/s"),
			 units_count(b, kv_u64(result, "bytes_per_s", 0), "B/s"));
	line("rate", text);
	free(text);
	line("verified", kv_get(result, "verified"));
	line("errors", kv_get(status, "errors"));
	print_errors(result);
	print_stages(result);
}

static struct json_object *job_json(const char *name)
{
	struct json_object *object;
	struct job_files files;

	if (job_read(name, &files))
		return NULL;
	object = json_object_new_object();
	json_put_text(object, "name", name);
	json_object_object_add(object, "config", record_config(&files.config));
	json_object_object_add(object, "status",
			       record_status(kv_text(&files.status, "state", "unknown"),
					     kv_int(&files.status, "errno", 0),
					     kv_text(&files.status, "reason", "")));
	record_measured(object, name, &files.result);
	job_files_free(&files);
	return object;
}

static bool print_json(const char *job)
{
	struct json_object *doc = json_head(), *jobs = json_object_new_array();
	struct strlist names = { 0 };
	bool good;

	if (job)
		strlist_add(&names, job);
	else
		dbgfs_jobs(&names);
	for (size_t i = 0; i < names.n; i++) {
		struct json_object *object = job_json(names.v[i]);

		/* It may have been removed since. */
		if (object)
			json_object_array_add(jobs, object);
	}
	json_object_object_add(doc, "module", json_module());
	json_object_object_add(doc, "jobs", jobs);
	good = json_print(doc, stdout);
	json_object_put(doc);
	strlist_free(&names);
	return good;
}

static void check_job(const char *job)
{
	struct strlist names = { 0 };
	const char *meant;
	char *list;

	dbgfs_jobs(&names);
	if (!strlist_has(&names, job)) {
		meant = near_name(job, names.v, names.n);
		list = strlist_join(&names, ", ");
		if (meant)
			die(RC_USAGE, "%s: no such job, did you mean '%s'?", job, meant);
		die(RC_USAGE, "%s: no such job, there are: %s", job, list);
	}
	strlist_free(&names);
}

/* Show it once; false if there will be nothing new to show. */
static bool show(const char *job, bool json)
{
	struct job_files files;
	bool runs;

	if (json)
		print_json(job);
	else if (!job)
		print_jobs();
	if (!job)
		return true;
	if (job_read(job, &files))
		return false;
	if (!json)
		print_job(job, &files);
	runs = job_runs(&files.status);
	job_files_free(&files);
	return runs;
}

static void watch(const char *job, bool json, unsigned int seconds)
{
	struct timespec interval = { .tv_sec = seconds };
	bool screen = isatty(STDOUT_FILENO);

	stop_install();
	for (;;) {
		/* Home, then what is left of the last picture is cleared behind the new one. */
		if (screen && !json)
			fputs("\033[H\033[2J", stdout);
		if (!show(job, json) || fflush(stdout) || ferror(stdout) || stop_requested())
			return;
		if (nanosleep(&interval, NULL) && stop_requested())
			return;
		if (!screen && !json)
			putchar('\n');
	}
}

static enum rc cmd_stat_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ "watch", optional_argument, NULL, 'w' },
		{ 0 },
	};
	__u64 interval = 0;
	const char *job = NULL;
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (opt) {
		case 'h':
			fputs(help, stdout);
			return RC_GOOD;
		case 'j':
			json = true;
			break;
		case 'w':
			interval = 1;
			if (optarg && (!num_u64(optarg, &interval) || !interval ||
				       interval > INTERVAL_MAX))
				die(RC_USAGE, "--watch=%s: it takes a number from 1 to %d", optarg,
				    INTERVAL_MAX);
			break;
		default:
			cmd_bad_option("stat", argv, opt == ':');
		}
	}
	if (optind < argc)
		job = argv[optind++];
	cmd_no_more("stat", argc, argv, optind);
	dbgfs_require();
	if (job)
		check_job(job);
	if (interval)
		watch(job, json, (unsigned int)interval);
	else
		show(job, json);
	return RC_GOOD;
}

const struct command cmd_stat = {
	.name = "stat",
	.summary = "what the jobs do and have measured",
	.run = cmd_stat_run,
};
