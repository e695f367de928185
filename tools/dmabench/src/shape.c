// SPDX-License-Identifier: GPL-2.0-only
/* Shapes of simulated devices: files of lines KNOB=VALUE, and the command line. */
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "fs.h"
#include "lookup.h"
#include "mem.h"
#include "shape.h"

static char *skip_blanks(char *text)
{
	return text + strspn(text, " \t");
}

int shape_set(struct shape *shape, const char *text, const char *where)
{
	char *copy = xstrdup(text), *knob = skip_blanks(copy), *value = strchr(knob, '=');

	if (!value || value == knob) {
		free(copy);
		return -1;
	}
	*value++ = '\0';
	shape->v = xgrow(shape->v, shape->n + 1, sizeof(*shape->v));
	shape->v[shape->n++] = (struct setting){
		.knob = xstrdup(fs_trim(knob)),
		.value = xstrdup(fs_trim(skip_blanks(value))),
		.where = xstrdup(where),
	};
	free(copy);
	return 0;
}

static void load_line(struct shape *shape, char *line, const char *where)
{
	line = skip_blanks(fs_trim(line));
	if (!*line || *line == '#')
		return;
	if (shape_set(shape, line, where))
		die(RC_USAGE, "%s: '%s' is not KNOB=VALUE", where, line);
}

void shape_load(struct shape *shape, const char *name)
{
	struct strlist folders = { 0 };
	char *path, *text, *rest, *line;
	unsigned int number = 0;
	int ret;

	lookup_folders(&lookup_shapes, &folders);
	path = lookup_find(&lookup_shapes, name, &folders);
	if (!path)
		die(RC_USAGE, "%s: no such shape, there are: %s", name,
		    lookup_joined(&lookup_shapes, &folders));
	ret = fs_read(path, &text);
	if (ret)
		die(RC_USAGE, "%s: this shape cannot be read: %s", path, strerror(-ret));

	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		char *where = xasprintf("%s:%u", path, ++number);

		load_line(shape, line, where);
		free(where);
	}
	free(text);
	free(path);
	strlist_free(&folders);
}

char *shape_summary(const char *path)
{
	char *text, *rest, *line, *summary = NULL;

	if (fs_read(path, &text))
		return xstrdup("");
	rest = text;
	while (!summary && (line = strsep(&rest, "\n"))) {
		line += strspn(line, "# \t");
		if (*line && strncmp(line, "SPDX", 4))
			summary = xstrdup(line);
	}
	free(text);
	return summary ? summary : xstrdup("");
}

void shape_free(struct shape *shape)
{
	for (size_t i = 0; i < shape->n; i++) {
		free(shape->v[i].knob);
		free(shape->v[i].value);
		free(shape->v[i].where);
	}
	free(shape->v);
	*shape = (struct shape){ 0 };
}
