// SPDX-License-Identifier: GPL-2.0-only
/* Where profiles, shapes and waivers are. */
#include <dirent.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lookup.h"
#include "mem.h"

const struct lookup lookup_profiles = { .folder = "profiles", .suffix = ".ini" };
const struct lookup lookup_shapes = { .folder = "dmasim", .suffix = ".conf" };
const struct lookup lookup_waivers = { .folder = "waivers", .suffix = ".ini" };

static bool has_suffix(const struct lookup *kind, const char *name)
{
	size_t len = strlen(name), end = strlen(kind->suffix);

	return len > end && !strcmp(name + len - end, kind->suffix);
}

void lookup_folders(const struct lookup *kind, struct strlist *folders)
{
	char *installed = xasprintf(DATADIR "/dmabench/%s", kind->folder);
	char *packaged = xasprintf("/usr/share/dmabench/%s", kind->folder);

	strlist_take(folders, xasprintf("configs/%s", kind->folder));
	strlist_take(folders, installed);
	if (strlist_has(folders, packaged))
		free(packaged);
	else
		strlist_take(folders, packaged);
}

char *lookup_find(const struct lookup *kind, const char *name, const struct strlist *folders)
{
	const char *suffix = has_suffix(kind, name) ? "" : kind->suffix;

	if (strchr(name, '/') || (has_suffix(kind, name) && !access(name, F_OK)))
		return access(name, F_OK) ? NULL : xstrdup(name);
	for (size_t i = 0; i < folders->n; i++) {
		char *path = xasprintf("%s/%s%s", folders->v[i], name, suffix);

		if (!access(path, F_OK))
			return path;
		free(path);
	}
	return NULL;
}

void lookup_names(const struct lookup *kind, struct strlist *names,
		  const struct strlist *folders)
{
	for (size_t i = 0; i < folders->n; i++) {
		DIR *dir = opendir(folders->v[i]);
		struct dirent *entry;

		while (dir && (entry = readdir(dir))) {
			char *name;

			if (!has_suffix(kind, entry->d_name))
				continue;
			name = xstrndup(entry->d_name,
					strlen(entry->d_name) - strlen(kind->suffix));
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

char *lookup_joined(const struct lookup *kind, const struct strlist *folders)
{
	struct strlist names = { 0 };
	char *text;

	lookup_names(kind, &names, folders);
	text = strlist_join(&names, ", ");
	strlist_free(&names);
	return text;
}
