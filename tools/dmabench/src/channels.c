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
	static const char *const keys[] = { "caps", "directions", "needs", "can" };

	for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
		if (!strcmp(key, keys[i]))
			return true;
	return false;
}

/* Widths are numbers: "1,2,4" is [1, 2, 4]. */
static struct json_object *json_numbers(const char *text)
{
	struct json_object *array = json_object_new_array();
	struct strlist words = { 0 };

	if (strcmp(text, "none"))
		strlist_split(&words, text, ",");
	for (size_t i = 0; i < words.n; i++)
		json_object_array_add(array, json_value("", words.v[i]));
	strlist_free(&words);
	return array;
}

/* "memset:memset,cyclic:terminate": each operation with what is lacking. */
static struct json_object *json_lacks(const char *text)
{
	struct json_object *object = json_object_new_object();
	struct strlist words = { 0 };

	if (strcmp(text, "none"))
		strlist_split(&words, text, ",");
	for (size_t i = 0; i < words.n; i++) {
		char *colon = strchr(words.v[i], ':');

		if (!colon)
			continue;
		*colon = '\0';
		json_put_text(object, words.v[i], colon + 1);
	}
	strlist_free(&words);
	return object;
}

static void put_pairs(struct json_object *object, const struct kvlist *pairs)
{
	for (size_t i = 0; i < pairs->n; i++) {
		const char *key = pairs->v[i].key, *value = pairs->v[i].value;
		struct json_object *json;

		if (is_list(key))
			json = json_list(value);
		else if (!strcmp(key, "src_widths") || !strcmp(key, "dst_widths"))
			json = json_numbers(value);
		else if (!strcmp(key, "cannot"))
			json = json_lacks(value);
		else
			json = json_value(key, value);
		json_object_object_add(object, key, json);
	}
}

/* Records as an array of objects; @more has further pairs of some of them, or is NULL. */
static struct json_object *records_json(const struct records *records, const struct records *more)
{
	struct json_object *array = json_object_new_array();

	for (size_t i = 0; i < records->n; i++) {
		struct json_object *object = json_object_new_object();
		const struct record *further = more ? records_find(more, records->v[i].word) : NULL;

		json_put_text(object, "name", records->v[i].word);
		put_pairs(object, &records->v[i].pairs);
		if (further)
			put_pairs(object, &further->pairs);
		json_object_array_add(array, object);
	}
	return array;
}

struct json_object *channels_json(bool all)
{
	struct records channels, abilities;
	struct json_object *array;

	channels_read(&channels, all);
	abilities_read(&abilities);
	array = records_json(&channels, &abilities);
	records_free(&abilities);
	records_free(&channels);
	return array;
}

/* Those records of a file of the module that have the key @key. */
static void read_having(struct records *records, const char *file, const char *key)
{
	char *text = dbgfs_text(NULL, file);
	size_t kept = 0;

	records_parse(records, text);
	free(text);
	for (size_t i = 0; i < records->n; i++) {
		if (kv_get(&records->v[i].pairs, key))
			records->v[kept++] = records->v[i];
		else
			kv_free(&records->v[i].pairs);
	}
	records->n = kept;
}

void operations_read(struct records *operations)
{
	read_having(operations, "ops", "timed");
}

void abilities_read(struct records *abilities)
{
	read_having(abilities, "ops", "can");
}

bool channel_can(const struct record *ability, const char *operation)
{
	struct strlist words = { 0 };
	bool can;

	strlist_split(&words, kv_text(&ability->pairs, "can", ""), ",");
	can = strlist_has(&words, operation);
	strlist_free(&words);
	return can;
}

void peripherals_read(struct records *peripherals)
{
	read_having(peripherals, "peripherals", "endpoint");
}

struct json_object *operations_json(void)
{
	struct records operations;
	struct json_object *array;

	operations_read(&operations);
	array = records_json(&operations, NULL);
	records_free(&operations);
	return array;
}

struct json_object *peripherals_json(void)
{
	struct records peripherals;
	struct json_object *array;

	peripherals_read(&peripherals);
	array = records_json(&peripherals, NULL);
	records_free(&peripherals);
	return array;
}
