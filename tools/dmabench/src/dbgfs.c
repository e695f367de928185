// SPDX-License-Identifier: GPL-2.0-only
/* The module's folder in debugfs, and what to do when it is not there. */
#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "dbgfs.h"
#include "defs.h"
#include "diag.h"
#include "fs.h"
#include "kv.h"
#include "mem.h"

#define DEBUGFS		"/sys/kernel/debug"

const char *dbgfs_root(void)
{
	const char *root = getenv("DMABENCH_DEBUGFS");

	return root && *root ? root : DEBUGFS "/dmabench";
}

static char *path_of(const char *job, const char *file)
{
	const char *root = dbgfs_root();

	return job ? xasprintf("%s/%s/%s", root, job, file) : xasprintf("%s/%s", root, file);
}

int dbgfs_read(char **text, const char *job, const char *file)
{
	char *path = path_of(job, file);
	int ret = fs_read(path, text);

	free(path);
	return ret;
}

int dbgfs_read_wait(char **text, const char *job, const char *file)
{
	char *path = path_of(job, file);
	int ret = fs_read_wait(path, text);

	free(path);
	return ret;
}

char *dbgfs_text(const char *job, const char *file)
{
	char *text;

	return dbgfs_read(&text, job, file) ? xstrdup("") : text;
}

int dbgfs_write(const char *text, const char *job, const char *file)
{
	char *path = path_of(job, file);
	int ret = fs_write(path, text);

	free(path);
	return ret;
}

int dbgfs_jobs(struct strlist *names)
{
	return fs_folders(dbgfs_root(), names);
}

static noreturn void explain(int ret)
{
	const char *root = dbgfs_root();
	struct statfs fs;

	if (getenv("DMABENCH_DEBUGFS"))
		die(RC_SKIPPED, "%s: %s, DMABENCH_DEBUGFS must name the module's folder", root,
		    strerror(-ret));
	if (ret == -EACCES || ret == -EPERM)
		die(RC_SKIPPED, "%s: permission denied, only root may look there: use sudo", root);
	if (ret == -ENOENT && !statfs(DEBUGFS, &fs) && fs.f_type != DEBUGFS_MAGIC)
		die(RC_SKIPPED, "%s: debugfs is not mounted, type: mount -t debugfs none %s", root,
		    DEBUGFS);
	if (ret == -ENOENT)
		die(RC_SKIPPED, "%s: the module is not loaded, type: modprobe dmabench", root);
	die(RC_SKIPPED, "%s: %s, is this the folder of the module?", root, strerror(-ret));
}

bool dbgfs_present(void)
{
	char *text;

	if (dbgfs_read(&text, NULL, "version"))
		return false;
	free(text);
	return true;
}

void dbgfs_require(void)
{
	struct kvlist version;
	int interface, ret;
	char *text;

	ret = dbgfs_read(&text, NULL, "version");
	if (ret)
		explain(ret);
	kv_parse(&version, text, ':');
	interface = kv_int(&version, "interface", -1);
	if (interface != DBGFS_INTERFACE)
		die(RC_SKIPPED,
		    "%s/version: interface %s, this command speaks %d: install command and module of one release",
		    dbgfs_root(), kv_text(&version, "interface", "unknown"), DBGFS_INTERFACE);
	kv_free(&version);
	free(text);
}
