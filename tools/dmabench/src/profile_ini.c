// SPDX-License-Identifier: GPL-2.0-only
/* Profiles as INI files. */
#include <ini.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "mem.h"
#include "num.h"
#include "profile.h"
#include "sweep.h"

#define REPEATS_MAX	1000
#define SECTION_LEN	49

enum place {
	PLACE_NONE,
	PLACE_PROFILE,
	PLACE_DEFAULTS,
	PLACE_SECTION,
};

struct parser {
	struct profile *profile;
	const char *name;
	FILE *file;
	int line;
	enum place place;
	bool seen_profile;
	bool seen_defaults;
	char *error;
};

static bool fail(struct parser *parser, char *what)
{
	if (!parser->error)
		parser->error = xasprintf("%s:%d: %s", parser->name, parser->line, what);
	free(what);
	return false;
}

static bool begin_once(struct parser *parser, bool *seen, enum place place, const char *name)
{
	if (*seen)
		return fail(parser, xasprintf("section [%s] stands here a second time", name));
	*seen = true;
	parser->place = place;
	return true;
}

static bool begin_section(struct parser *parser, const char *name)
{
	struct profile *profile = parser->profile;

	if (!strcmp(name, "profile"))
		return begin_once(parser, &parser->seen_profile, PLACE_PROFILE, name);
	if (!strcmp(name, "defaults"))
		return begin_once(parser, &parser->seen_defaults, PLACE_DEFAULTS, name);
	for (size_t i = 0; i < profile->n; i++)
		if (!strcmp(profile->sections[i].name, name))
			return fail(parser, xasprintf("section [%s] stands here a second time",
						      name));
	profile->sections = xgrow(profile->sections, profile->n + 1, sizeof(*profile->sections));
	profile->sections[profile->n++] = (struct section){ .name = xstrdup(name) };
	parser->place = PLACE_SECTION;
	return true;
}

/* inih tells its handler neither line numbers nor sections without settings. */
static bool note_section(struct parser *parser, const char *line)
{
	size_t len = strcspn(line + 1, "]");
	char *name;
	bool good;

	if (line[1 + len] != ']')
		return fail(parser, xstrdup("a section's name ends in ']'"));
	if (!len || len > SECTION_LEN)
		return fail(parser, xasprintf("a section's name has 1 to %d characters",
					      SECTION_LEN));
	name = xstrndup(line + 1, len);
	good = begin_section(parser, name);
	free(name);
	return good;
}

/*
 * inih would split a long line in two, and take an indented one for the
 * continuation of the line before: here both are lines, or errors.
 */
static char *next_line(char *line, int size, void *opaque)
{
	struct parser *parser = opaque;
	size_t len, blanks;

	if (parser->error || !fgets(line, size, parser->file))
		return NULL;
	parser->line++;
	len = strlen(line);
	if (len == (size_t)size - 1 && line[len - 1] != '\n') {
		fail(parser, xasprintf("the line has more than %d characters", size - 2));
		return NULL;
	}
	if (!len || (line[len - 1] != '\n' && !feof(parser->file))) {
		fail(parser, xstrdup("a NUL byte: this is no text file"));
		return NULL;
	}
	blanks = strspn(line, " \t");
	memmove(line, line + blanks, len - blanks + 1);
	if (*line == '[' && !note_section(parser, line))
		return NULL;
	return line;
}

static bool set_once(struct parser *parser, char **slot, const char *key, const char *value)
{
	if (*slot)
		return fail(parser, xasprintf("%s is given twice", key));
	*slot = xstrdup(value);
	return true;
}

static bool set_unknown(struct parser *parser, const char *value)
{
	if (strcmp(value, "skip") && strcmp(value, "refuse"))
		return fail(parser, xasprintf("unknown = %s: it is skip or refuse", value));
	parser->profile->skip_unknown = !strcmp(value, "skip");
	return true;
}

static bool set_profile_key(struct parser *parser, const char *key, const char *value)
{
	struct profile *profile = parser->profile;
	__u64 repeats;

	if (!strcmp(key, "name"))
		return set_once(parser, &profile->name, key, value);
	if (!strcmp(key, "description"))
		return set_once(parser, &profile->description, key, value);
	if (!strcmp(key, "unknown"))
		return set_unknown(parser, value);
	if (strcmp(key, "repeats"))
		return fail(parser,
			    xasprintf("%s: [profile] has name, description, repeats and unknown",
				      key));
	if (!num_u64(value, &repeats) || !repeats || repeats > REPEATS_MAX)
		return fail(parser, xasprintf("repeats = %s: it is a number from 1 to %d", value,
					      REPEATS_MAX));
	profile->repeats = (unsigned int)repeats;
	return true;
}

static bool set_knob(struct parser *parser, struct section *section, const char *knob,
		     const char *value)
{
	struct setting setting = { 0 };
	char *why;

	for (size_t i = 0; i < section->n; i++)
		if (!strcmp(section->settings[i].knob, knob))
			return fail(parser, xasprintf("%s is given twice in this section", knob));
	if (sweep_expand(value, &setting.values, &why)) {
		fail(parser, xasprintf("%s: %s", knob, why));
		free(why);
		strlist_free(&setting.values);
		return false;
	}
	setting.knob = xstrdup(knob);
	setting.where = xasprintf("%s:%d", parser->name, parser->line);
	section->settings = xgrow(section->settings, section->n + 1, sizeof(*section->settings));
	section->settings[section->n++] = setting;
	return true;
}

static int handle(void *opaque, const char *section, const char *key, const char *value)
{
	struct parser *parser = opaque;
	struct profile *profile = parser->profile;

	(void)section;
	if (!*key)
		return fail(parser, xstrdup("there is no name before '='"));
	switch (parser->place) {
	case PLACE_PROFILE:
		return set_profile_key(parser, key, value);
	case PLACE_DEFAULTS:
		return set_knob(parser, &profile->defaults, key, value);
	case PLACE_SECTION:
		return set_knob(parser, &profile->sections[profile->n - 1], key, value);
	default:
		return fail(parser, xasprintf("%s stands before the first [section]", key));
	}
}

int profile_parse(struct profile *profile, const char *name, FILE *file, char **error)
{
	struct parser parser = { .profile = profile, .name = name, .file = file };
	int line;

	*profile = (struct profile){ .repeats = 1, .file = xstrdup(name) };
	line = ini_parse_stream(next_line, &parser, handle, &parser);
	if (!parser.error && ferror(file))
		fail(&parser, xstrdup("cannot be read to its end"));
	if (!parser.error && line) {
		parser.line = line;
		fail(&parser, xstrdup("this is neither [section] nor knob = value"));
	}
	if (!parser.error && !profile->n)
		parser.error = xasprintf("%s: no section with knobs to sweep", name);
	*error = parser.error;
	if (parser.error)
		return -1;
	if (!profile->name) {
		size_t len = strlen(name);

		if (len > 4 && !strcmp(name + len - 4, ".ini"))
			len -= 4;
		profile->name = xstrndup(name, len);
	}
	return 0;
}
