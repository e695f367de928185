// SPDX-License-Identifier: GPL-2.0-only
/* Jobs of the module: one of our own, created and removed, or a borrowed one, put back. */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dbgfs.h"
#include "defs.h"
#include "diag.h"
#include "fs.h"
#include "job.h"
#include "mem.h"
#include "num.h"

/* Name of a job of our own: this, then the process that owns it. */
#define OWN_PREFIX	"bench-"
#define JOB_NAME_LEN	31

static struct {
	char *name;
	char *config;
	struct kvlist base;
	bool created;
} job;

const char *job_name(void)
{
	return job.name;
}

const struct kvlist *job_base(void)
{
	return &job.base;
}

bool job_runs(const struct kvlist *status)
{
	const char *state = kv_text(status, "state", "");

	return !strcmp(state, "running") || !strcmp(state, "paused") || !strcmp(state, "stopping");
}

static bool is_running(const char *name)
{
	char *text = dbgfs_text(name, "status");
	struct kvlist status;
	bool runs;

	kv_parse(&status, text, ':');
	runs = job_runs(&status);
	kv_free(&status);
	free(text);
	return runs;
}

char *job_reason(const char *name, int ret)
{
	char *text = dbgfs_text(name, "status");
	const char *reason;
	struct kvlist status;
	char *said;

	kv_parse(&status, text, ':');
	reason = kv_text(&status, "reason", "");
	said = xstrdup(*reason ? reason : strerror(-ret));
	kv_free(&status);
	free(text);
	return said;
}

/* A process of this id that is no dmabench has only inherited the number. */
static bool owner_lives(__u64 pid)
{
	char *own, *path, *comm;
	bool alive;

	if (pid == (__u64)getpid() || pid > INT_MAX || kill((pid_t)pid, 0) != 0)
		return false;
	path = xasprintf("/proc/%d/comm", (int)pid);
	if (fs_read(path, &comm))
		comm = xstrdup("");
	if (fs_read("/proc/self/comm", &own))
		own = xstrdup("");
	alive = !strcmp(own, comm);
	free(path);
	free(comm);
	free(own);
	return alive;
}

static void remove_stale(void)
{
	struct strlist names = { 0 };
	__u64 pid;

	dbgfs_jobs(&names);
	for (size_t i = 0; i < names.n; i++) {
		const char *name = names.v[i];

		if (strncmp(name, OWN_PREFIX, strlen(OWN_PREFIX)) ||
		    !num_u64(name + strlen(OWN_PREFIX), &pid) || owner_lives(pid))
			continue;
		if (!dbgfs_write(name, NULL, "del"))
			warn("%s: a killed dmabench left this job behind, removed", name);
	}
	strlist_free(&names);
}

static void add_job(const char *name)
{
	int ret = dbgfs_write(name, NULL, "new");

	if (ret)
		die(RC_SKIPPED, "%s: cannot create this job: %s", name, strerror(-ret));
	job.created = true;
}

static bool exists(const char *name)
{
	struct strlist names = { 0 };
	bool found;

	dbgfs_jobs(&names);
	found = strlist_has(&names, name);
	strlist_free(&names);
	return found;
}

static void check_name(const char *name)
{
	size_t len = 0;

	while (isalnum((unsigned char)name[len]) || (name[len] && strchr("_-", name[len])))
		len++;
	if (!len || name[len] || len > JOB_NAME_LEN)
		die(RC_USAGE, "--job %s: a job's name is 1 to %d letters, digits, '_' and '-'",
		    name, JOB_NAME_LEN);
}

void job_open(const char *name)
{
	char *text;
	int ret;

	if (name)
		check_name(name);
	remove_stale();
	job.name = name ? xstrdup(name) : xasprintf(OWN_PREFIX "%d", (int)getpid());
	atexit(job_close);
	if (!exists(job.name))
		add_job(job.name);
	else if (is_running(job.name))
		die(RC_USAGE, "--job %s: this job runs, stop it with: echo 0 > %s/%s/run",
		    job.name, dbgfs_root(), job.name);
	ret = dbgfs_read(&text, job.name, "config");
	if (ret)
		die(RC_FAILED, "%s/config: %s", job.name, strerror(-ret));
	job.config = text;
	kv_parse(&job.base, text, '=');
}

void job_close(void)
{
	int ret;

	if (!job.name)
		return;
	if (job.created) {
		/* Removing stops it first. */
		ret = dbgfs_write(job.name, NULL, "del");
		if (ret)
			warn("%s: this job could not be removed: %s", job.name, strerror(-ret));
	} else if (job.config) {
		ret = is_running(job.name) ? dbgfs_write("0\n", job.name, "run") : 0;
		if (!ret)
			ret = dbgfs_write(job.config, job.name, "config");
		if (ret)
			warn("%s: the knobs of this job could not be put back: %s", job.name,
			     strerror(-ret));
	}
	free(job.name);
	free(job.config);
	kv_free(&job.base);
	job.name = NULL;
	job.config = NULL;
	job.created = false;
}

static int read_pairs(const char *name, const char *file, char separator, struct kvlist *pairs)
{
	char *text;
	int ret = dbgfs_read(&text, name, file);

	if (ret)
		return ret;
	kv_parse(pairs, text, separator);
	free(text);
	return 0;
}

int job_read(const char *name, struct job_files *files)
{
	int ret;

	*files = (struct job_files){ 0 };
	ret = read_pairs(name, "config", '=', &files->config);
	if (!ret)
		ret = read_pairs(name, "status", ':', &files->status);
	if (!ret)
		ret = read_pairs(name, "result", ':', &files->result);
	if (ret)
		job_files_free(files);
	return ret;
}

void job_files_free(struct job_files *files)
{
	kv_free(&files->config);
	kv_free(&files->status);
	kv_free(&files->result);
}
