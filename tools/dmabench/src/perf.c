// SPDX-License-Identifier: GPL-2.0-only
/* perf, as a program that records while we measure. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "defs.h"
#include "diag.h"
#include "fs.h"
#include "mem.h"
#include "perf.h"

#define ANSWER_MS	60000
#define LOOK_MS		100

/* Room for what comes before perf has time to write it, so that it does not run meanwhile. */
#define BUFFERS		"4M"

/* What happens to a transfer, and what wakes and interrupts the CPUs meanwhile. */
static const char *const wanted[] = {
	"dmabench:dmabench_window", "dmabench:dmabench_map", "dmabench:dmabench_prep",
	"dmabench:dmabench_submit", "dmabench:dmabench_issue", "dmabench:dmabench_callback",
	"dmabench:dmabench_wake", "dmabench:dmabench_unmap", "dmabench:dmabench_done",
	"sched:sched_wakeup", "sched:sched_switch", "irq:irq_handler_entry", "irq:softirq_entry",
	"irq_vectors:local_timer_entry", "irq_vectors:reschedule_entry",
	"irq_vectors:call_function_single_entry",
};

static const char *tracefs(void)
{
	const char *folder = getenv("DMABENCH_TRACEFS");

	return folder && *folder ? folder : "/sys/kernel/tracing";
}

static bool has_event(const char *event)
{
	char *path = xasprintf("%s/events/%s", tracefs(), event);
	bool has;

	*strchr(path + strlen(tracefs()), ':') = '/';
	has = !access(path, F_OK);
	free(path);
	return has;
}

static noreturn void become(const struct perf *perf, char *const *argv, int out)
{
	int null = open("/dev/null", O_RDWR), errors;

	errors = open(perf->errors, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	dup2(null, STDIN_FILENO);
	dup2(out < 0 ? null : out, STDOUT_FILENO);
	dup2(errors < 0 ? null : errors, STDERR_FILENO);
	/* SIGINT at the terminal is for us; but without us nobody would end it. */
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGINT);
	execvp(argv[0], argv);
	dprintf(STDERR_FILENO, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int perf_run(struct perf *perf, char *const *argv, void (*line)(void *to, char *text), void *to)
{
	char *text = NULL;
	size_t room = 0;
	ssize_t len;
	int ends[2];
	FILE *out;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return -1;
	pid = fork();
	if (!pid)
		become(perf, argv, ends[1]);
	close(ends[1]);
	out = pid > 0 ? fdopen(ends[0], "r") : NULL;
	if (!out) {
		close(ends[0]);
		return -1;
	}
	while ((len = getline(&text, &room, out)) >= 0) {
		if (len && text[len - 1] == '\n')
			text[len - 1] = '\0';
		if (line)
			line(to, text);
	}
	free(text);
	fclose(out);
	return wait_for(pid);
}

char *perf_trouble(const struct perf *perf)
{
	struct strlist lines = { 0 };
	char *text, *last;

	if (fs_read(perf->errors, &text))
		return xstrdup("it says nothing");
	strlist_split(&lines, text, "\n");
	last = xstrdup(lines.n ? lines.v[0] : "it says nothing");
	strlist_free(&lines);
	free(text);
	return last;
}

static void keep_first(void *to, char *text)
{
	char **kept = to;

	if (!*kept)
		*kept = xstrdup(text);
}

static bool can_record(struct perf *perf, const char *event)
{
	char *data = xasprintf("%s/probe.data", perf->folder);
	char *const argv[] = { "perf", "record", "-q", "-a", "-B", "-N", "-o", data, "-e",
			       (char *)event, "-e", PERF_WINDOW, "--", "true", NULL };
	int code = perf_run(perf, argv, NULL, NULL);

	unlink(data);
	free(data);
	return !code;
}

static void recorder_init(struct recorder *recorder, const char *folder, const char *name)
{
	recorder->data = xasprintf("%s/%s.data", folder, name);
	recorder->control = xasprintf("%s/%s.control", folder, name);
	recorder->answer = xasprintf("%s/%s.answer", folder, name);
	recorder->control_fd = -1;
	recorder->answer_fd = -1;
}

void perf_require(struct perf *perf)
{
	const char *base = getenv("TMPDIR");
	char *const version[] = { "perf", "version", NULL };

	*perf = (struct perf){ .clock = "cpu-clock" };
	perf->folder = xasprintf("%s/dmabench-perf.XXXXXX", base && *base ? base : "/tmp");
	if (!mkdtemp(perf->folder))
		die(RC_USAGE, "--perf: %s: %m; TMPDIR names another folder", perf->folder);
	perf->errors = xasprintf("%s/errors", perf->folder);
	recorder_init(&perf->samples, perf->folder, "samples");
	recorder_init(&perf->events, perf->folder, "events");
	perf->samples.stacks = true;

	if (perf_run(perf, version, keep_first, &perf->version) || !perf->version) {
		perf_free(perf);
		die(RC_USAGE, "--perf: perf does not run here, install it (Debian: linux-perf)");
	}
	if (!has_event(PERF_WINDOW)) {
		perf_free(perf);
		die(RC_USAGE, "--perf: there is no tracepoint " PERF_WINDOW
		    " in %s: mount tracefs there, or load a newer module", tracefs());
	}
	/*
	 * Where a CPU counts cycles its interrupt is not held back, and sees more. perf itself
	 * may take the clock instead of them.
	 */
	if (can_record(perf, "cycles")) {
		perf->clock = "cycles";
	} else if (!can_record(perf, perf->clock)) {
		char *why = perf_trouble(perf);

		perf_free(perf);
		die(RC_USAGE, "--perf: perf cannot record here: %s", why);
	}
	strlist_add(&perf->samples.events, perf->clock);
	strlist_add(&perf->samples.events, PERF_WINDOW);
	for (size_t i = 0; i < ARRAY_SIZE(wanted); i++)
		if (has_event(wanted[i]))
			strlist_add(&perf->events.events, wanted[i]);
}

static pid_t spawn(struct perf *perf, struct recorder *recorder)
{
	char *control = xasprintf("--control=fifo:%s,%s", recorder->control, recorder->answer);
	char *frequency = xasprintf("%d", PERF_FREQUENCY);
	struct strlist words = { 0 };
	char **argv;
	pid_t pid;

	strlist_split(&words, "perf record -q -a -B -N -D -1 -k CLOCK_MONOTONIC -m " BUFFERS, " ");
	strlist_add(&words, control);
	strlist_add(&words, "-o");
	strlist_add(&words, recorder->data);
	if (recorder->stacks)
		strlist_add(&words, "-g");
	strlist_add(&words, recorder->stacks ? "-F" : "-c");
	strlist_add(&words, recorder->stacks ? frequency : "1");
	for (size_t i = 0; i < recorder->events.n; i++) {
		strlist_add(&words, "-e");
		strlist_add(&words, recorder->events.v[i]);
	}
	argv = xcalloc(words.n + 1, sizeof(*argv));
	memcpy(argv, words.v, words.n * sizeof(*argv));
	pid = fork();
	if (!pid)
		become(perf, argv, -1);
	free(argv);
	strlist_free(&words);
	free(frequency);
	free(control);
	return pid > 0 ? pid : 0;
}

bool perf_begin(struct perf *perf, struct recorder *recorder)
{
	if (mkfifo(recorder->control, 0600) || mkfifo(recorder->answer, 0600))
		return false;
	/* For both directions, so that opening waits for nobody. */
	recorder->control_fd = open(recorder->control, O_RDWR | O_CLOEXEC);
	recorder->answer_fd = open(recorder->answer, O_RDWR | O_CLOEXEC);
	if (recorder->control_fd < 0 || recorder->answer_fd < 0)
		return false;
	recorder->pid = spawn(perf, recorder);
	/* Its first answer tells that it is ready. */
	return recorder->pid && perf_record(recorder, false);
}

bool perf_record(struct recorder *recorder, bool on)
{
	struct pollfd answer = { .fd = recorder->answer_fd, .events = POLLIN };
	const char *word = on ? "enable\n" : "disable\n";
	char text[16];

	if (write(recorder->control_fd, word, strlen(word)) != (ssize_t)strlen(word))
		return false;
	for (unsigned int waited = 0; waited < ANSWER_MS; waited += LOOK_MS) {
		if (poll(&answer, 1, LOOK_MS) == 1)
			return read(recorder->answer_fd, text, sizeof(text)) > 0;
		/* One that has ended never answers. */
		if (waitpid(recorder->pid, NULL, WNOHANG) == recorder->pid) {
			recorder->pid = 0;
			break;
		}
	}
	return false;
}

void perf_end(struct recorder *recorder)
{
	if (recorder->pid) {
		kill(recorder->pid, SIGINT);
		wait_for(recorder->pid);
		recorder->pid = 0;
	}
	if (recorder->control_fd >= 0)
		close(recorder->control_fd);
	if (recorder->answer_fd >= 0)
		close(recorder->answer_fd);
	recorder->control_fd = -1;
	recorder->answer_fd = -1;
}

bool perf_script(struct perf *perf, const struct recorder *recorder,
		 void (*line)(void *to, char *text), void *to)
{
	char *const argv[] = { "perf", "script", "--no-inline", "--ns", "-i", recorder->data, "-F",
			       recorder->stacks ? "tid,cpu,time,event,ip,sym,symoff,dso,trace" :
						  "tid,cpu,time,event,trace", NULL };

	return !perf_run(perf, argv, line, to);
}

static void remove_files(const char *folder)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)))
		unlinkat(dirfd(dir), entry->d_name, 0);
	if (dir)
		closedir(dir);
	rmdir(folder);
}

static void recorder_free(struct recorder *recorder)
{
	free(recorder->data);
	free(recorder->control);
	free(recorder->answer);
	strlist_free(&recorder->events);
}

void perf_free(struct perf *perf)
{
	perf_end(&perf->samples);
	perf_end(&perf->events);
	remove_files(perf->folder);
	recorder_free(&perf->samples);
	recorder_free(&perf->events);
	free(perf->version);
	free(perf->errors);
	free(perf->folder);
}
