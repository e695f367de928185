/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_PROFILE_FIND_H
#define DMABENCH_PROFILE_FIND_H

#include "strlist.h"

/** profile_folders - where profiles are looked for, nearest first */
void profile_folders(struct strlist *folders);

/**
 * profile_find - the file that a name on the command line stands for
 * @name: a path (it holds a '/' or ends in .ini), or the name of a profile without .ini
 * @folders: where to look
 *
 * A file name without '/' is looked for in the working folder first.
 *
 * Return: the path, to be freed, or NULL.
 */
char *profile_find(const char *name, const struct strlist *folders);

/** profile_names - the names of all profiles in @folders, each once, sorted */
void profile_names(struct strlist *names, const struct strlist *folders);

#endif
