// SPDX-License-Identifier: GPL-2.0-only
/* The folder of dmasim in configfs, see docs/dmasim.md. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "diag.h"
#include "fs.h"
#include "mem.h"
#include "near.h"
#include "simfs.h"

#define CONFIGFS	"/sys/kernel/config"
#define KNOBS		"/sys/kernel/debug/dmasim/knobs"

const char *simfs_root(void)
{
	const char *root = getenv("DMABENCH_CONFIGFS");

	return root && *root ? root : CONFIGFS "/dmasim";
}

void simfs_require(void)
{
	const char *root = simfs_root();
	struct strlist names = { 0 };
	int ret = simfs_names(&names);

	strlist_free(&names);
	if (!ret)
		return;
	if (ret == -EACCES || ret == -EPERM)
		die(RC_SKIPPED, "%s: permission denied, only root may look there: use sudo", root);
	if (ret != -ENOENT || getenv("DMABENCH_CONFIGFS"))
		die(RC_SKIPPED, "%s: %s", root, strerror(-ret));
	if (access("/sys/module/dmasim", F_OK))
		die(RC_SKIPPED, "%s: the module is not loaded, type: modprobe dmasim instances=0",
		    root);
	if (access(CONFIGFS, F_OK))
		die(RC_SKIPPED, "%s: this kernel has no configfs", root);
	die(RC_SKIPPED, "%s: configfs is not mounted, type: mount -t configfs none %s", root,
	    CONFIGFS);
}

int simfs_names(struct strlist *names)
{
	return fs_folders(simfs_root(), names);
}

static char *path_of(const char *name, const char *file)
{
	return xasprintf("%s/%s/%s", simfs_root(), name, file);
}

char *simfs_text(const char *name, const char *file)
{
	char *path = path_of(name, file), *text;

	if (fs_read(path, &text))
		text = xstrdup("");
	free(path);
	return fs_trim(text);
}

static int put(const char *name, const char *file, const char *value)
{
	char *path = path_of(name, file), *line = xasprintf("%s\n", value);
	int ret = fs_write(path, line);

	free(path);
	free(line);
	return ret;
}

static int remove_folder(const char *name)
{
	char *path = xasprintf("%s/%s", simfs_root(), name);
	int ret = rmdir(path) ? -errno : 0;

	free(path);
	return ret;
}

/* What the module tells of a knob: " (min=1 max=64)"; "" if it cannot be asked. */
static char *bounds(const char *knob)
{
	char *text, *rest, *line, *result = NULL;
	size_t len = strlen(knob);

	if (fs_read(KNOBS, &text))
		return xstrdup("");
	rest = text;
	while (!result && (line = strsep(&rest, "\n"))) {
		if (strncmp(line, knob, len) || line[len] != ' ')
			continue;
		/* Between the preset and the meaning. */
		line += len + 1;
		line += strcspn(line, " ");
		line[strcspn(line, "#")] = '\0';
		result = xasprintf(" (%s)", fs_trim(line + strspn(line, " ")));
	}
	free(text);
	return result ? result : xstrdup("");
}

static noreturn void unknown_knob(const char *name, const struct setting *setting)
{
	struct strlist knobs = { 0 };
	const char *meant, *between = *setting->where ? ": " : "";
	char *path = xasprintf("%s/%s", simfs_root(), name);

	fs_entries(path, &knobs);
	meant = near_name(setting->knob, knobs.v, knobs.n);
	remove_folder(name);
	if (meant && strcmp(meant, setting->knob))
		die(RC_USAGE, "%s%s%s: no such knob, did you mean '%s'?", setting->where, between,
		    setting->knob, meant);
	die(RC_USAGE, "%s%s%s: no such knob", setting->where, between, setting->knob);
}

static noreturn void refused(const char *name, const struct setting *setting, int ret)
{
	const char *between = *setting->where ? ": " : "";

	remove_folder(name);
	if (ret == -EINVAL || ret == -ERANGE)
		die(RC_USAGE, "%s%s%s=%s: %s%s", setting->where, between, setting->knob,
		    setting->value, ret == -ERANGE ? "out of bounds" : "not a value that it takes",
		    bounds(setting->knob));
	die(RC_FAILED, "%s%s%s=%s: %s", setting->where, between, setting->knob, setting->value,
	    strerror(-ret));
}

/* What is no knob is none of the shape's business. */
static int is_knob(const char *name)
{
	return *name && *name != '.' && !strchr(name, '/') && strcmp(name, "live") &&
	       strcmp(name, "device") && strcmp(name, "channel_names");
}

static void make_folder(const char *name)
{
	char *path = xasprintf("%s/%s", simfs_root(), name);

	if (!*name || *name == '.' || strchr(name, '/'))
		die(RC_USAGE, "'%s' cannot be the name of a device", name);
	if (mkdir(path, 0755)) {
		if (errno == EEXIST)
			die(RC_USAGE,
			    "%s: there is a device of this name already, see: dmabench sim list",
			    name);
		die(RC_FAILED, "%s: %m", path);
	}
	free(path);
}

void simfs_add(const char *name, const struct shape *shape)
{
	int ret;

	make_folder(name);
	for (size_t i = 0; i < shape->n; i++) {
		const struct setting *setting = &shape->v[i];

		ret = is_knob(setting->knob) ? put(name, setting->knob, setting->value) : -ENOENT;
		if (ret == -ENOENT)
			unknown_knob(name, setting);
		if (ret)
			refused(name, setting, ret);
	}
	ret = put(name, "live", "1");
	if (!ret)
		return;
	remove_folder(name);
	die(RC_FAILED, "%s: the device does not come up: %s, see: dmesg", name, strerror(-ret));
}

void simfs_del(const char *name)
{
	int ret;

	if (!*name || *name == '.' || strchr(name, '/'))
		die(RC_USAGE, "'%s' cannot be the name of a device", name);
	ret = remove_folder(name);
	if (ret == -ENOENT)
		die(RC_USAGE, "%s: there is no device of this name, see: dmabench sim list", name);
	if (ret)
		die(RC_FAILED, "%s: %s", name, strerror(-ret));
}
