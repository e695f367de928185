// SPDX-License-Identifier: GPL-2.0-only
/* Where profiles are. */
#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "mem.h"
#include "profile_find.h"

#define SUFFIX	".ini"

static bool has_suffix(const char *name)
{
	size_t len = strlen(name);

	return len > strlen(SUFFIX) && !strcmp(name + len - strlen(SUFFIX), SUFFIX);
}

void profile_folders(struct strlist *folders)
{
	strlist_add(folders, "configs/profiles");
	strlist_add(folders, DATADIR "/dmabench/profiles");
	if (!strlist_has(folders, "/usr/share/dmabench/profiles"))
		strlist_add(folders, "/usr/share/dmabench/profiles");
}

char *profile_find(const char *name, const struct strlist *folders)
{
	const char *suffix = has_suffix(name) ? "" : SUFFIX;

	if (strchr(name, '/') || (has_suffix(name) && !access(name, F_OK)))
		return access(name, F_OK) ? NULL : xstrdup(name);
	for (size_t i = 0; i < folders->n; i++) {
		char *path = xasprintf("%s/%s%s", folders->v[i], name, suffix);

		if (!access(path, F_OK))
			return path;
		free(path);
	}
	return NULL;
}

void profile_names(struct strlist *names, const struct strlist *folders)
{
	for (size_t i = 0; i < folders->n; i++) {
		DIR *dir = opendir(folders->v[i]);
		struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			char *name;

			if (!has_suffix(entry->d_name))
				continue;
			name = xstrndup(entry->d_name, strlen(entry->d_name) - strlen(SUFFIX));
			if (strlist_has(names, name))
				free(name);
			else
				strlist_take(names, name);
		}
		if (dir)
			closedir(dir);
	}
	strlist_sort(names);
}
