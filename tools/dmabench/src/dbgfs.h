/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_DBGFS_H
#define DMABENCH_DBGFS_H

#include <stdbool.h>

#include "defs.h"
#include "strlist.h"

/** DBGFS_INTERFACE - the number of the module's grammar that this command speaks */
#define DBGFS_INTERFACE	1

/** dbgfs_root - folder of the module's files; the environment may name another */
const char *dbgfs_root(void);

/** dbgfs_present - whether the module's files can be read */
bool dbgfs_present(void);

/**
 * dbgfs_require - make sure that the module is there and speaks our grammar
 *
 * Does not return otherwise: says what to type and exits with RC_SKIPPED.
 */
void dbgfs_require(void);

/*
 * These name a file by the job that it belongs to, NULL for those of the module
 * itself, and by its path in the job's folder.
 */

/** dbgfs_read - read a file, see fs_read() */
int dbgfs_read(char **text, const char *job, const char *file);

/** dbgfs_read_wait - read a file that blocks, see fs_read_wait() */
int dbgfs_read_wait(char **text, const char *job, const char *file);

/** dbgfs_text - content of a file, "" if it cannot be read; to be freed */
char *dbgfs_text(const char *job, const char *file);

/** dbgfs_write - write a file, see fs_write() */
int dbgfs_write(const char *text, const char *job, const char *file);

/** dbgfs_jobs - append the names of the module's jobs, sorted; 0 or a negative errno */
int dbgfs_jobs(struct strlist *names);

#endif
