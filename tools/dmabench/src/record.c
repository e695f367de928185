// SPDX-License-Identifier: GPL-2.0-only
/* One run of a job as JSON (docs/results.md). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgfs.h"
#include "defs.h"
#include "fs.h"
#include "json.h"
#include "mem.h"
#include "num.h"
#include "record.h"
#include "strlist.h"

#define STAGE	"stage."
#define WORKER	"worker."

struct json_object *record_status(const char *state, int err, const char *reason)
{
	struct json_object *status = json_object_new_object();
	const char *name = err ? strerrorname_np(err < 0 ? -err : err) : NULL;

	json_put_text(status, "state", state);
	json_put_number(status, "errno", err);
	json_object_object_add(status, "error", name ? json_text(name) : NULL);
	json_put_text(status, "reason", reason);
	return status;
}

struct json_object *record_config(const struct kvlist *config)
{
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; i < config->n; i++)
		json_object_object_add(object, config->v[i].key,
				       json_value(config->v[i].key, config->v[i].value));
	return object;
}

static bool starts_with(const char *text, const char *start)
{
	return !strncmp(text, start, strlen(start));
}

static struct json_object *record_result(const struct kvlist *result)
{
	struct json_object *object = json_object_new_object();

	for (size_t i = 0; i < result->n; i++) {
		const char *key = result->v[i].key, *value = result->v[i].value;
		struct json_object *json;

		if (starts_with(key, STAGE) || starts_with(key, WORKER))
			continue;
		if (!strcmp(key, "channels"))
			json = json_list(value);
		else if (!strcmp(key, "first_error") && !strcmp(value, "none"))
			json = NULL;
		else
			json = json_value(key, value);
		json_object_object_add(object, key, json);
	}
	return object;
}

static void add_bin(struct json_object *bins, const char *line)
{
	__u64 low, high, count;
	struct json_object *bin;

	/* A comment or a line of another form converts no number. */
	if (sscanf(line, "%20llu %20llu %20llu", &low, &high, &count) != 3)
		return;
	bin = json_object_new_array_ext(3);
	json_object_array_add(bin, json_object_new_uint64(low));
	json_object_array_add(bin, json_object_new_uint64(high));
	json_object_array_add(bin, json_object_new_uint64(count));
	json_object_array_add(bins, bin);
}

struct json_object *record_bins(const char *text)
{
	struct json_object *bins = json_object_new_array();
	struct strlist lines = { 0 };

	strlist_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++)
		add_bin(bins, lines.v[i]);
	strlist_free(&lines);
	return bins;
}

/* Member @name of @parent, made if it is not there yet. */
static struct json_object *child(struct json_object *parent, const char *name)
{
	struct json_object *object;

	if (!json_object_object_get_ex(parent, name, &object)) {
		object = json_object_new_object();
		json_object_object_add(parent, name, object);
	}
	return object;
}

/* Stages without samples are left out: they have no percentiles. */
static bool has_samples(const struct kvlist *result, const char *stage)
{
	char *key = xasprintf(STAGE "%s.count", stage);
	bool has = kv_u64(result, key, 0) > 0;

	free(key);
	return has;
}

struct json_object *record_stages(const char *job, const struct kvlist *result)
{
	struct json_object *stages = json_object_new_object();

	for (size_t i = 0; i < result->n; i++) {
		const char *name = result->v[i].key + strlen(STAGE), *dot;
		char *stage;

		if (!starts_with(result->v[i].key, STAGE))
			continue;
		dot = strchr(name, '.');
		if (!dot || dot == name)
			continue;
		stage = xstrndup(name, (size_t)(dot - name));
		if (has_samples(result, stage))
			json_object_object_add(child(stages, stage), dot + 1,
					       json_value(dot + 1, result->v[i].value));
		free(stage);
	}
	json_object_object_foreach(stages, name, stage) {
		char *file = xasprintf("hist/%s", name);
		char *text = dbgfs_text(job, file);

		json_object_object_add(stage, "bins", record_bins(text));
		free(text);
		free(file);
	}
	return stages;
}

/* The worker whose number is the @len bytes at @number, made if it is not there yet. */
static struct json_object *worker_of(struct json_object *workers, struct strlist *numbers,
				     const char *number, size_t len)
{
	struct json_object *worker;

	for (size_t i = 0; i < numbers->n; i++)
		if (strlen(numbers->v[i]) == len && !strncmp(numbers->v[i], number, len))
			return json_object_array_get_idx(workers, i);
	strlist_take(numbers, xstrndup(number, len));
	worker = json_object_new_object();
	json_object_array_add(workers, worker);
	return worker;
}

struct json_object *record_workers(const struct kvlist *result)
{
	struct json_object *workers = json_object_new_array();
	struct strlist numbers = { 0 };

	for (size_t i = 0; i < result->n; i++) {
		const char *number = result->v[i].key + strlen(WORKER), *dot;

		if (!starts_with(result->v[i].key, WORKER))
			continue;
		dot = strchr(number, '.');
		if (!dot || dot == number)
			continue;
		json_object_object_add(worker_of(workers, &numbers, number, (size_t)(dot - number)),
				       dot + 1, json_value(dot + 1, result->v[i].value));
	}
	strlist_free(&numbers);
	return workers;
}

struct json_object *record_slowest(const char *text)
{
	struct json_object *slowest = json_object_new_array();
	struct records records;

	records_parse(&records, text);
	for (size_t i = 0; i < records.n; i++) {
		const struct kvlist *pairs = &records.v[i].pairs;
		struct json_object *transfer = json_object_new_object();

		json_object_object_add(transfer, "seq", json_value("seq", records.v[i].word));
		for (size_t j = 0; j < pairs->n; j++) {
			const char *key = pairs->v[j].key, *value = pairs->v[j].value;

			/* "map" is a time here, and a word where it is a knob. */
			json_object_object_add(transfer, key, strcmp(key, "channel") ?
					       json_value("", value) : json_text(value));
		}
		json_object_array_add(slowest, transfer);
	}
	records_free(&records);
	return slowest;
}

void record_measured(struct json_object *run, const char *job, const struct kvlist *result)
{
	char *text = dbgfs_text(job, "slowest");

	json_object_object_add(run, "result", record_result(result));
	json_object_object_add(run, "stages", record_stages(job, result));
	json_object_object_add(run, "workers", record_workers(result));
	json_object_object_add(run, "slowest", record_slowest(text));
	free(text);
}

__u64 record_errors(const struct kvlist *result)
{
	__u64 errors = 0;

	for (size_t i = 0; i < result->n; i++)
		if (starts_with(result->v[i].key, "errors_"))
			errors += kv_u64(result, result->v[i].key, 0);
	return errors;
}
