// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stands in for fs_write.c in the end-to-end tests. Files of debugfs act when
 * they are written and answer with an errno, which plain files cannot: each
 * write goes to the tests over a socket, and their answer is the result.
 *
 * DMABENCH_FAKE names the socket. A message is "path\ntext", the answer a
 * decimal errno.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "fs.h"

static int ask(int fd, const char *message, size_t len)
{
	char answer[16];
	ssize_t got;

	if (send(fd, message, len, MSG_NOSIGNAL) != (ssize_t)len)
		return -EIO;
	got = recv(fd, answer, sizeof(answer) - 1, 0);
	if (got < 0)
		return -errno;
	answer[got] = '\0';
	return got ? -atoi(answer) : -EIO;
}

int fs_write(const char *path, const char *text)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	const char *name = getenv("DMABENCH_FAKE");
	char *message;
	int fd, len, ret;

	if (!name || strlen(name) >= sizeof(address.sun_path))
		return -ENOENT;
	memcpy(address.sun_path, name, strlen(name) + 1);
	len = asprintf(&message, "%s\n%s", path, text);
	if (len < 0)
		return -ENOMEM;
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)))
		ret = -errno;
	else
		ret = ask(fd, message, (size_t)len);
	if (fd >= 0)
		close(fd);
	free(message);
	return ret;
}
