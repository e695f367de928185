// SPDX-License-Identifier: GPL-2.0-only
/* Live progress. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "defs.h"
#include "diag.h"
#include "mem.h"
#include "progress.h"
#include "stop.h"

static struct {
	size_t total;
	size_t done;
	__u64 begin;
	bool quiet;
	bool live;
	bool shown;
} progress;

static void clear_line(void)
{
	if (progress.shown)
		fputs("\r\033[K", stderr);
	progress.shown = false;
}

void progress_begin(size_t total, bool quiet)
{
	const char *term = getenv("TERM");

	progress.total = total;
	progress.done = 0;
	progress.begin = now_ns();
	progress.quiet = quiet;
	progress.live = isatty(STDERR_FILENO) && term && strcmp(term, "dumb");
	diag_set_hook(clear_line);
}

static int columns(void)
{
	struct winsize size;

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

/* Seconds left, if the runs to come take as long as those that are over. */
static char *time_left(unsigned int permille)
{
	double done = (double)progress.done + permille / 1000.0;
	double elapsed = (double)(now_ns() - progress.begin) / 1e9;

	if (elapsed < 1 || done <= 0)
		return xstrdup("");
	return xasprintf(", %.0f s left", elapsed / done * ((double)progress.total - done));
}

void progress_run(const char *label, unsigned int permille, const char *what)
{
	char *left, *line;

	if (progress.quiet || !progress.live)
		return;
	left = time_left(permille);
	line = xasprintf("[%zu/%zu] %s: %u%%, %s%s", progress.done + 1, progress.total, label,
			 permille / 10, what, left);
	/* A line that wraps could not be rewritten. */
	fprintf(stderr, "\r\033[K%.*s", columns() - 1, line);
	fflush(stderr);
	progress.shown = true;
	free(line);
	free(left);
}

void progress_done(const char *label, const char *what)
{
	progress.done++;
	if (progress.quiet || progress.live)
		return;
	fprintf(stderr, "[%zu/%zu] %s: %s\n", progress.done, progress.total, label, what);
}

void progress_end(void)
{
	clear_line();
	diag_set_hook(NULL);
}
