// SPDX-License-Identifier: GPL-2.0-only
/* The document of a bench run and its file. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "channels.h"
#include "defs.h"
#include "diag.h"
#include "json.h"
#include "mem.h"
#include "results.h"
#include "stop.h"
#include "sysinfo.h"

/* Writing may take this part of the time. */
#define WRITE_SHARE	10

static struct json_object *timestamp(void)
{
	time_t now = time(NULL);
	char text[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return json_object_new_string(text);
}

static struct json_object *command_line(int argc, char *const *argv)
{
	struct json_object *words = json_object_new_array();

	json_object_array_add(words, json_text("dmabench"));
	for (int i = 0; i < argc; i++)
		json_object_array_add(words, json_text(argv[i]));
	return words;
}

static struct json_object *profile_json(const struct profile *profile)
{
	struct json_object *object;

	if (!profile->name)
		return NULL;
	object = json_object_new_object();
	json_put_text(object, "name", profile->name);
	json_put_text(object, "file", profile->file);
	json_put_text(object, "description", profile->description ? profile->description : "");
	json_put_number(object, "repeats", profile->repeats);
	return object;
}

static bool write_stream(struct results *results, FILE *file)
{
	bool good = json_print(results->doc, file);

	if (good && !results->in_place)
		good = !fsync(fileno(file));
	return !fclose(file) && good;
}

static bool write_file(struct results *results)
{
	const char *path = results->path;
	__u64 begin = now_ns();
	bool good = false;
	char *draft;
	FILE *file;

	draft = results->in_place ? xstrdup(path) : xasprintf("%s.%d.tmp", path, (int)getpid());
	file = fopen(draft, "we");
	if (file) {
		good = write_stream(results, file);
		if (good && !results->in_place)
			good = !rename(draft, path);
		if (!good && !results->in_place) {
			int err = errno;

			unlink(draft);
			errno = err;
		}
	}
	free(draft);
	results->wrote_ns = now_ns();
	results->write_ns = results->wrote_ns - begin;
	return good;
}

static bool only_at_end(const struct results *results)
{
	return !results->path || results->in_place || !strcmp(results->path, "-");
}

void results_open(struct results *results, const char *path, int argc, char *const *argv,
		  const struct profile *profile)
{
	struct stat st;

	*results = (struct results){ .path = path };
	results->doc = json_head();
	results->runs = json_object_new_array();
	json_object_object_add(results->doc, "command", command_line(argc, argv));
	json_object_object_add(results->doc, "started", timestamp());
	/* Until the end is written: what a crash of the machine leaves says so itself. */
	json_object_object_add(results->doc, "finished", NULL);
	json_object_object_add(results->doc, "interrupted", json_object_new_boolean(1));
	json_object_object_add(results->doc, "profile", profile_json(profile));
	json_object_object_add(results->doc, "system", sysinfo_json());
	json_object_object_add(results->doc, "module", json_module());
	json_object_object_add(results->doc, "channels", channels_json(false));
	json_object_object_add(results->doc, "runs", results->runs);
	json_object_object_add(results->doc, "return_code", NULL);
	if (path && !stat(path, &st))
		results->in_place = !S_ISREG(st.st_mode);
	if (!only_at_end(results) && !write_file(results))
		die(RC_USAGE, "--json %s: cannot be written: %s", path, strerror(errno));
}

/*
 * A run is turned into text once, when it is added: the document is written
 * often, and most of it are runs that no longer change.
 */
static struct json_object *frozen(struct json_object *run)
{
	struct json_object *object = json_object_new_object();
	char *text = xstrdup(json_object_to_json_string_ext(run, JSON_C_TO_STRING_PLAIN |
							    JSON_C_TO_STRING_NOSLASHESCAPE));

	json_object_set_serializer(object, json_object_userdata_to_json_string, text,
				   json_object_free_userdata);
	json_object_put(run);
	return object;
}

void results_add(struct results *results, struct json_object *run)
{
	json_object_array_add(results->runs, frozen(run));
	if (only_at_end(results))
		return;
	if (now_ns() - results->wrote_ns < WRITE_SHARE * results->write_ns)
		return;
	if (!write_file(results))
		warn("--json %s: cannot be written now: %s", results->path, strerror(errno));
}

void results_perf(struct results *results, struct json_object *perf)
{
	json_object_object_add(results->doc, "perf", frozen(perf));
}

bool results_close(struct results *results, bool interrupted, int code)
{
	bool good = true;

	json_object_object_add(results->doc, "finished", timestamp());
	json_object_object_add(results->doc, "interrupted", json_object_new_boolean(interrupted));
	json_object_object_add(results->doc, "return_code", json_object_new_int(code));
	if (results->path) {
		errno = 0;
		good = strcmp(results->path, "-") ? write_file(results) :
						    json_print(results->doc, stdout);
		if (!good)
			warn("--json %s: cannot be written: %s", results->path, strerror(errno));
	}
	json_object_put(results->doc);
	return good;
}
