// SPDX-License-Identifier: GPL-2.0-only
/* Reading of small text files and folders. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fs.h"
#include "mem.h"

#define READ_MAX	(64 << 20)

static int read_all(int fd, char **text, bool patient)
{
	size_t size = 4096, used = 0;
	char *buffer = xcalloc(size, 1);
	ssize_t got;

	for (;;) {
		got = read(fd, buffer + used, size - used - 1);
		if (got < 0 && errno == EINTR && patient)
			continue;
		if (got <= 0)
			break;
		used += (size_t)got;
		if (used > READ_MAX) {
			got = -1;
			errno = EFBIG;
			break;
		}
		if (used == size - 1) {
			size *= 2;
			buffer = xgrow(buffer, size, 1);
		}
	}
	if (got < 0) {
		int ret = -errno;

		free(buffer);
		return ret;
	}
	buffer[used] = '\0';
	*text = buffer;
	return 0;
}

static int read_file(const char *path, char **text, bool patient)
{
	int fd, ret;

	do {
		fd = open(path, O_RDONLY | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR && patient);
	if (fd < 0)
		return -errno;
	ret = read_all(fd, text, patient);
	close(fd);
	return ret;
}

int fs_read(const char *path, char **text)
{
	return read_file(path, text, true);
}

int fs_read_wait(const char *path, char **text)
{
	return read_file(path, text, false);
}

static int entries(const char *path, struct strlist *names, bool folders)
{
	struct dirent *entry;
	struct stat st;
	DIR *dir = opendir(path);

	if (!dir)
		return -errno;
	while ((entry = readdir(dir))) {
		if (*entry->d_name == '.')
			continue;
		if (folders && (fstatat(dirfd(dir), entry->d_name, &st, 0) || !S_ISDIR(st.st_mode)))
			continue;
		strlist_add(names, entry->d_name);
	}
	closedir(dir);
	strlist_sort(names);
	return 0;
}

int fs_folders(const char *path, struct strlist *names)
{
	return entries(path, names, true);
}

int fs_entries(const char *path, struct strlist *names)
{
	return entries(path, names, false);
}

char *fs_link_name(const char *path)
{
	char target[PATH_MAX], *slash;
	ssize_t len = readlink(path, target, sizeof(target) - 1);

	if (len < 0)
		return xstrdup("");
	target[len] = '\0';
	slash = strrchr(target, '/');
	return xstrdup(slash ? slash + 1 : target);
}

char *fs_trim(char *text)
{
	size_t len = strlen(text);

	while (len && strchr(" \t\r\n", text[len - 1]))
		text[--len] = '\0';
	return text;
}
