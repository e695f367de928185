/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_PERF_H
#define DMABENCH_PERF_H

#include <stdbool.h>
#include <sys/types.h>

#include "strlist.h"

/** PERF_FREQUENCY - samples per second and CPU; no divisor of the kernel's own tick */
#define PERF_FREQUENCY	997

/** PERF_WINDOW - the tracepoint that tells when a worker's window opens and closes */
#define PERF_WINDOW	"dmabench:dmabench_window"

/**
 * struct recorder - a `perf record` that waits to be told when
 * @data: the file that it writes
 * @events: what it records
 * @stacks: with call graphs
 * @control: path of the pipe that it is told by
 * @answer: path of the pipe that it answers on
 * @control_fd: our end of @control, or -1
 * @answer_fd: our end of @answer, or -1
 * @pid: of perf, 0 if it does not run
 */
struct recorder {
	char *data;
	struct strlist events;
	bool stacks;
	char *control;
	char *answer;
	int control_fd;
	int answer_fd;
	pid_t pid;
};

/**
 * struct perf - what is recorded beside measuring
 * @folder: of our own, for its files
 * @errors: file that perf's messages go to
 * @version: what `perf version` says
 * @clock: the event that samples: "cycles" where there are any, else "cpu-clock"
 * @samples: where the CPUs are, by @clock
 * @events: every tracepoint that tells what happens to a transfer
 */
struct perf {
	char *folder;
	char *errors;
	char *version;
	const char *clock;
	struct recorder samples;
	struct recorder events;
};

/**
 * perf_require - find out whether perf can record here; exits with RC_USAGE if not
 * @perf: filled; free it with perf_free()
 *
 * Says what is missing in one line.
 */
void perf_require(struct perf *perf);

/**
 * perf_begin - start a recorder, which records nothing yet
 * @perf: made by perf_require()
 * @recorder: one of its two; with both at once either would be seen in what the other records
 *
 * Return: false if it does not start.
 */
bool perf_begin(struct perf *perf, struct recorder *recorder);

/** perf_record - let a recorder record from now on, or no more; false if it does not answer */
bool perf_record(struct recorder *recorder, bool on);

/** perf_end - have a recorder finish its file */
void perf_end(struct recorder *recorder);

/**
 * perf_script - read a finished file as text
 * @perf: made by perf_require()
 * @recorder: ended, whose file
 * @line: called for each line, without its end
 * @to: passed to @line
 *
 * Return: false if perf failed.
 */
bool perf_script(struct perf *perf, const struct recorder *recorder,
		 void (*line)(void *to, char *text), void *to);

/**
 * perf_run - run a program to its end
 * @perf: takes its messages
 * @argv: program and arguments, NULL at the end
 * @line: called for each line of its output, or NULL
 * @to: passed to @line
 *
 * Return: its exit code, -1 if it could not be started or was killed.
 */
int perf_run(struct perf *perf, char *const *argv, void (*line)(void *to, char *text), void *to);

/** perf_trouble - the last thing that a program of perf_run() complained about, to be freed */
char *perf_trouble(const struct perf *perf);

/** perf_free - remove the folder with all that is in it */
void perf_free(struct perf *perf);

#endif
