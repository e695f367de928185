// SPDX-License-Identifier: GPL-2.0-only
/* Waivers: which failures of a driver are accepted, and why. */
#include <fnmatch.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "lookup.h"
#include "mem.h"
#include "strlist.h"
#include "waivers.h"

struct parser {
	struct waivers *waivers;
	const char *driver;
	const char *path;
};

static int handle(void *opaque, const char *section, const char *key, const char *value)
{
	struct parser *parser = opaque;
	struct waivers *waivers = parser->waivers;

	if (!*section)
		die(RC_USAGE, "%s: %s stands before the first [driver]", parser->path, key);
	if (!*value)
		die(RC_USAGE, "%s: [%s] %s: a waiver without a reason, write %s = WHY",
		    parser->path, section, key, key);
	if (strcmp(section, parser->driver))
		return 1;
	waivers->v = xgrow(waivers->v, waivers->n + 1, sizeof(*waivers->v));
	waivers->v[waivers->n++] = (struct waiver){
		.cases = xstrdup(key),
		.reason = xstrdup(value),
	};
	return 1;
}

bool waivers_load(struct waivers *waivers, const char *name, const char *driver)
{
	struct parser parser = { .waivers = waivers, .driver = driver };
	struct strlist folders = { 0 };
	char *path;
	int line;

	lookup_folders(&lookup_waivers, &folders);
	path = lookup_find(&lookup_waivers, name, &folders);
	strlist_free(&folders);
	if (!path)
		return false;
	parser.path = path;
	line = ini_parse(path, handle, &parser);
	if (line < 0)
		die(RC_USAGE, "%s: these waivers cannot be read: %m", path);
	if (line)
		die(RC_USAGE, "%s:%d: this is neither [driver] nor case = reason", path, line);
	free(path);
	return true;
}

char *waivers_knob(const struct waivers *waivers)
{
	struct strlist cases = { 0 };
	char *text;

	for (size_t i = 0; i < waivers->n; i++)
		strlist_add(&cases, waivers->v[i].cases);
	text = strlist_join(&cases, ",");
	strlist_free(&cases);
	return text;
}

const char *waivers_reason(const struct waivers *waivers, const char *name)
{
	for (size_t i = 0; i < waivers->n; i++) {
		const char *cases = waivers->v[i].cases;
		size_t group = strcspn(name, ".");

		if (!fnmatch(cases, name, 0) ||
		    (strlen(cases) == group && !strncmp(cases, name, group)))
			return waivers->v[i].reason;
	}
	return NULL;
}

void waivers_free(struct waivers *waivers)
{
	for (size_t i = 0; i < waivers->n; i++) {
		free(waivers->v[i].cases);
		free(waivers->v[i].reason);
	}
	free(waivers->v);
	*waivers = (struct waivers){ 0 };
}
