/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_FS_H
#define DMABENCH_FS_H

#include "strlist.h"

/**
 * fs_read - read a whole file
 * @path: of the file
 * @text: on success its content, to be freed
 *
 * Return: 0 or a negative errno.
 */
int fs_read(const char *path, char **text);

/** fs_read_wait - as fs_read(), but a signal ends it with -EINTR: for files that block */
int fs_read_wait(const char *path, char **text);

/**
 * fs_write - write a text to an existing file, in one call
 * @path: of the file
 * @text: what to write
 *
 * Return: 0 or a negative errno, -EINTR if a signal ended it.
 */
int fs_write(const char *path, const char *text);

/** fs_folders - append the names of the folders in @path, sorted; 0 or a negative errno */
int fs_folders(const char *path, struct strlist *names);

/** fs_entries - append the names of all entries of @path, sorted; 0 or a negative errno */
int fs_entries(const char *path, struct strlist *names);

/** fs_link_name - last part of what the symbolic link @path points to, to be freed; "" if none */
char *fs_link_name(const char *path);

/** fs_trim - cut blanks and line ends off the end of @text; returns @text */
char *fs_trim(char *text);

#endif
