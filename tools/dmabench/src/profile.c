// SPDX-License-Identifier: GPL-2.0-only
/* Profiles: sections of knobs and sweeps, and the points that they span. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "profile.h"
#include "sweep.h"

static struct setting *find_setting(const struct section *section, const char *knob)
{
	for (size_t i = 0; i < section->n; i++)
		if (!strcmp(section->settings[i].knob, knob))
			return &section->settings[i];
	return NULL;
}

static void free_setting(struct setting *setting)
{
	free(setting->knob);
	free(setting->where);
	strlist_free(&setting->values);
}

static void free_section(struct section *section)
{
	for (size_t i = 0; i < section->n; i++)
		free_setting(&section->settings[i]);
	free(section->settings);
	free(section->name);
}

/* Put a setting with these values at the end, or in the place of the one that is there. */
static void set_values(struct section *section, const char *knob, const char *where,
		       const struct strlist *values)
{
	struct setting *setting = find_setting(section, knob);

	if (setting) {
		free_setting(setting);
	} else {
		section->settings = xgrow(section->settings, section->n + 1,
					  sizeof(*section->settings));
		setting = &section->settings[section->n++];
	}
	*setting = (struct setting){ .knob = xstrdup(knob), .where = xstrdup(where) };
	for (size_t i = 0; i < values->n; i++)
		strlist_add(&setting->values, values->v[i]);
}

void profile_point(struct profile *profile)
{
	*profile = (struct profile){ .repeats = 1, .n = 1 };
	profile->sections = xcalloc(1, sizeof(*profile->sections));
	profile->sections->name = xstrdup("command line");
}

static void override(struct profile *profile, const char *knob, const struct strlist *values)
{
	set_values(&profile->defaults, knob, "command line", values);
	for (size_t i = 0; i < profile->n; i++)
		set_values(&profile->sections[i], knob, "command line", values);
}

int profile_override(struct profile *profile, const char *knob, const char *text, char **error)
{
	struct strlist values = { 0 };
	int ret = sweep_expand(text, &values, error);

	if (!ret)
		override(profile, knob, &values);
	strlist_free(&values);
	return ret;
}

void profile_fix(struct profile *profile, const char *knob, const char *value)
{
	struct strlist values = { 0 };

	strlist_add(&values, value);
	override(profile, knob, &values);
	strlist_free(&values);
}

static void apply_defaults(struct profile *profile, struct section *section)
{
	for (size_t i = 0; i < profile->defaults.n; i++) {
		const struct setting *from = &profile->defaults.settings[i];

		if (!find_setting(section, from->knob))
			set_values(section, from->knob, from->where, &from->values);
	}
}

static int check_only(const struct profile *profile, const struct strlist *only, char **error)
{
	for (size_t i = 0; i < only->n; i++) {
		struct strlist names = { 0 };
		char *list;

		for (size_t j = 0; j < profile->n; j++)
			strlist_add(&names, profile->sections[j].name);
		if (strlist_has(&names, only->v[i])) {
			strlist_free(&names);
			continue;
		}
		list = strlist_join(&names, ", ");
		*error = xasprintf("%s: no such section, there are: %s", only->v[i], list);
		free(list);
		strlist_free(&names);
		return -1;
	}
	return 0;
}

static void keep_only(struct profile *profile, const struct strlist *only)
{
	size_t kept = 0;

	for (size_t i = 0; i < profile->n; i++) {
		if (strlist_has(only, profile->sections[i].name))
			profile->sections[kept++] = profile->sections[i];
		else
			free_section(&profile->sections[i]);
	}
	profile->n = kept;
}

static int count_points(struct section *section, char **error)
{
	section->points = 1;
	for (size_t i = 0; i < section->n; i++) {
		section->points *= section->settings[i].values.n;
		if (section->points > PROFILE_MAX_RUNS) {
			*error = xasprintf("section %s: more than %d points, use coarser sweeps",
					   section->name, PROFILE_MAX_RUNS);
			return -1;
		}
	}
	return 0;
}

int profile_finish(struct profile *profile, const struct strlist *only, char **error)
{
	size_t points = 0;

	if (check_only(profile, only, error))
		return -1;
	if (only->n)
		keep_only(profile, only);
	for (size_t i = 0; i < profile->n; i++) {
		apply_defaults(profile, &profile->sections[i]);
		if (count_points(&profile->sections[i], error))
			return -1;
		points += profile->sections[i].points;
		if (points > PROFILE_MAX_RUNS / profile->repeats) {
			*error = xasprintf("more than %d runs, use coarser sweeps or fewer repeats",
					   PROFILE_MAX_RUNS);
			return -1;
		}
	}
	return 0;
}

size_t profile_points(const struct profile *profile)
{
	size_t points = 0;

	for (size_t i = 0; i < profile->n; i++)
		points += profile->sections[i].points;
	return points;
}

const char *section_value(const struct section *section, size_t point, size_t setting)
{
	for (size_t i = section->n; --i > setting;)
		point /= section->settings[i].values.n;
	return section->settings[setting].values.v[point % section->settings[setting].values.n];
}

void profile_free(struct profile *profile)
{
	free(profile->name);
	free(profile->file);
	free(profile->description);
	free_section(&profile->defaults);
	for (size_t i = 0; i < profile->n; i++)
		free_section(&profile->sections[i]);
	free(profile->sections);
	*profile = (struct profile){ 0 };
}
