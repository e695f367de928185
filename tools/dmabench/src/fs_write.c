// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writing to the module's files. A file of its own: the end-to-end tests put
 * another in its place that can answer with any errno, as the module does.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fs.h"

int fs_write(const char *path, const char *text)
{
	size_t len = strlen(text);
	ssize_t put;
	int fd, ret = 0;

	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	put = write(fd, text, len);
	if (put < 0)
		ret = -errno;
	else if ((size_t)put != len)
		ret = -EIO;
	if (close(fd) && !ret)
		ret = -errno;
	return ret;
}
