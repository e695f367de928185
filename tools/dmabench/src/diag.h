/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_DIAG_H
#define DMABENCH_DIAG_H

#include "defs.h"

/**
 * enum rc - exit codes of the command, part of its interface
 * @RC_GOOD: everything asked for was done and was right
 * @RC_FAILED: a transfer failed, or the run was interrupted
 * @RC_USAGE: arguments, knobs or a profile that make no sense
 * @RC_SKIPPED: nothing to test here: no module, no channel, no permission
 * @RC_THRESHOLD: a transfer was slower than the threshold
 */
enum rc {
	RC_GOOD = 0,
	RC_FAILED = 1,
	RC_USAGE = 2,
	RC_SKIPPED = 4,
	RC_THRESHOLD = 5,
};

/**
 * diag_set_hook - call a function before anything is said on stderr
 * @hook: clears a half-written progress line, or NULL
 */
void diag_set_hook(void (*hook)(void));

/** warn - print "dmabench: MESSAGE" on stderr and go on */
void warn(const char *format, ...) __printf(1, 2);

/** die - print "dmabench: MESSAGE" on stderr and exit with @code */
noreturn void die(enum rc code, const char *format, ...)
	__printf(2, 3);

#endif
