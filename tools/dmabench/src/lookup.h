/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_LOOKUP_H
#define DMABENCH_LOOKUP_H

#include "strlist.h"

/**
 * struct lookup - a kind of file that is shipped with the command
 * @folder: below configs/ in the sources and below the folder of what was installed
 * @suffix: that its names end in, which people may leave out
 */
struct lookup {
	const char *folder;
	const char *suffix;
};

extern const struct lookup lookup_profiles;
extern const struct lookup lookup_shapes;
extern const struct lookup lookup_waivers;

/** lookup_folders - where files of a kind are looked for, nearest first */
void lookup_folders(const struct lookup *kind, struct strlist *folders);

/**
 * lookup_find - the file that a name on the command line stands for
 * @kind: what is looked for
 * @name: a path (it holds a '/' or ends in the suffix), or a name without the suffix
 * @folders: where to look
 *
 * A file name without '/' is looked for in the working folder first.
 *
 * Return: the path, to be freed, or NULL.
 */
char *lookup_find(const struct lookup *kind, const char *name, const struct strlist *folders);

/** lookup_names - all names in @folders without their suffix, each once, sorted */
void lookup_names(const struct lookup *kind, struct strlist *names,
		  const struct strlist *folders);

/** lookup_joined - the same as one text with ", " between them, to be freed; "" if none */
char *lookup_joined(const struct lookup *kind, const struct strlist *folders);

#endif
