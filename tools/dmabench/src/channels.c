// SPDX-License-Identifier: GPL-2.0-only
/* Channels and operations, as the module and the core show them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channels.h"
#include "dbgfs.h"
#include "fs.h"
#include "json.h"
#include "mem.h"
#include "strlist.h"

static const char *class_folder(void)
{
	const char *folder = getenv("DMABENCH_SYSFS");

	return folder && *folder ? folder : "/sys/class/dma";
}

/* A line of the same form as the module's for a channel that it cannot see. */
static char *hidden_line(const char *name)
{
	char *path = xasprintf("%s/%s/device", class_folder(), name);
	char *device = fs_link_name(path), *driver, *line, *in_use;

	free(path);
	path = xasprintf("%s/%s/device/driver", class_folder(), name);
	driver = fs_link_name(path);
	free(path);
	path = xasprintf("%s/%s/in_use", class_folder(), name);
	if (fs_read(path, &in_use))
		in_use = xstrdup("0");
	line = xasprintf("%s device=%s driver=%s state=%s", name, *device ? device : "none",
			 *driver ? driver : "none", atoi(in_use) > 0 ? "busy" : "hidden");
	free(path);
	free(device);
	free(driver);
	free(in_use);
	return line;
}

void channels_read(struct records *channels, bool all)
{
	struct strlist names = { 0 }, lines = { 0 };
	char *text = dbgfs_text(NULL, "channels");

	records_parse(channels, text);
	if (all)
		fs_entries(class_folder(), &names);
	for (size_t i = 0; i < names.n; i++)
		if (!records_find(channels, names.v[i]))
			strlist_take(&lines, hidden_line(names.v[i]));
	if (lines.n) {
		strlist_take(&lines, text);
		text = strlist_join(&lines, "\n");
		records_free(channels);
		records_parse(channels, text);
	}
	strlist_free(&lines);
	strlist_free(&names);
	free(text);
}

static bool is_list(const char *key)
{
	return !strcmp(key, "caps") || !strcmp(key, "directions") || !strcmp(key, "needs");
}

static struct json_object *records_json(const struct records *records)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < records->n; i++) {
		const struct kvlist *pairs = &records->v[i].pairs;
		struct json_object *object = json_object_new_object();

		json_put_text(object, "name", records->v[i].word);
		for (size_t j = 0; j < pairs->n; j++) {
			const char *key = pairs->v[j].key, *value = pairs->v[j].value;

			json_object_object_add(object, key, is_list(key) ? json_list(value) :
									   json_value(key, value));
		}
		json_object_array_add(array, object);
	}
	return array;
}

struct json_object *channels_json(bool all)
{
	struct records channels;
	struct json_object *array;

	channels_read(&channels, all);
	array = records_json(&channels);
	records_free(&channels);
	return array;
}

void operations_read(struct records *operations)
{
	char *text = dbgfs_text(NULL, "ops");

	records_parse(operations, text);
	free(text);
}

struct json_object *operations_json(void)
{
	struct records operations;
	struct json_object *array;

	operations_read(&operations);
	array = records_json(&operations);
	records_free(&operations);
	return array;
}
