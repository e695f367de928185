/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_PROGRESS_H
#define DMABENCH_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * progress_begin - start to report on stderr
 * @total: runs to come
 * @quiet: say nothing
 *
 * On a terminal one line is rewritten; elsewhere, and where TERM is "dumb", each run gets a line
 * when it is over.
 */
void progress_begin(size_t total, bool quiet);

/**
 * progress_run - where the current run stands; shown on terminals only
 * @label: which run it is
 * @permille: how much of it is done
 * @what: what it measures so far, in a few words
 */
void progress_run(const char *label, unsigned int permille, const char *what);

/** progress_done - the current run is over; @what is what it came to */
void progress_done(const char *label, const char *what);

/** progress_end - clear the line */
void progress_end(void);

#endif
