/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_PROFILE_H
#define DMABENCH_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "strlist.h"

/** PROFILE_MAX_RUNS - the most runs that a profile may come to */
#define PROFILE_MAX_RUNS	100000

/**
 * struct setting - one knob and the values that it takes
 * @knob: its name
 * @where: who set it, for messages: "quick.ini:12" or "command line"
 * @values: one or more
 */
struct setting {
	char *knob;
	char *where;
	struct strlist values;
};

/**
 * struct section - one sweep: the product of all its settings
 * @name: of the section
 * @settings: in the order of writing; the last one varies fastest
 * @n: how many settings
 * @points: product of the numbers of their values
 */
struct section {
	char *name;
	struct setting *settings;
	size_t n;
	size_t points;
};

/**
 * struct profile - what a bench run goes through
 * @name: of the profile, or NULL if the points come from the command line
 * @file: name of its file without the folder, or NULL
 * @description: one line, or NULL
 * @repeats: how often all points are measured
 * @skip_unknown: points with knobs or words that the module does not know are skipped, not refused
 * @defaults: settings for all sections that do not have their own
 * @sections: the sweeps, in the order of the file
 * @n: how many sections
 */
struct profile {
	char *name;
	char *file;
	char *description;
	unsigned int repeats;
	bool skip_unknown;
	struct section defaults;
	struct section *sections;
	size_t n;
};

/**
 * profile_parse - read a profile
 * @profile: filled; free it with profile_free(), after a failure too
 * @name: of the file, for messages and as the profile's name if it gives none
 * @file: open for reading
 * @error: on failure "FILE:LINE: what is wrong", to be freed
 *
 * Return: 0 or -1.
 */
int profile_parse(struct profile *profile, const char *name, FILE *file, char **error);

/** profile_point - make @profile the single section "command line", without settings */
void profile_point(struct profile *profile);

/**
 * profile_override - set a knob in every section, whatever the profile says
 * @profile: parsed
 * @knob: name of the knob
 * @text: values as in a profile
 * @error: on failure what is wrong, to be freed
 *
 * Return: 0 or -1.
 */
int profile_override(struct profile *profile, const char *knob, const char *text, char **error);

/** profile_fix - as profile_override(), with one value that is taken as it is */
void profile_fix(struct profile *profile, const char *knob, const char *value);

/**
 * profile_finish - apply the defaults, drop other sections, count the points
 * @profile: parsed and overridden
 * @only: sections to keep; empty for all
 * @error: on failure what is wrong, to be freed
 *
 * Return: 0 or -1.
 */
int profile_finish(struct profile *profile, const struct strlist *only, char **error);

/** profile_points - points of all sections; valid after profile_finish() */
size_t profile_points(const struct profile *profile);

/** section_value - the value that setting @setting has at point @point of @section */
const char *section_value(const struct section *section, size_t point, size_t setting);

void profile_free(struct profile *profile);

#endif
