// SPDX-License-Identifier: GPL-2.0-only
/* Profiles: INI files and the points that they span. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "profile.h"
#include "tap.h"

static const struct strlist all;

static int parse_bytes(struct profile *profile, const char *bytes, size_t n, char **error)
{
	FILE *file = fmemopen((void *)bytes, n, "r");
	int ret = profile_parse(profile, "test.ini", file, error);

	fclose(file);
	return ret;
}

static int parse(struct profile *profile, const char *text, char **error)
{
	return parse_bytes(profile, text, strlen(text), error);
}

static void expect_refusal(const char *text, size_t n, const char *want, const char *file, int line)
{
	struct profile profile;
	char *error = NULL;
	int ret = parse_bytes(&profile, text, n, &error);

	if (!ret)
		ret = profile_finish(&profile, &all, &error);
	expect_that(ret && error, file, line, "the profile is refused");
	if (error && !strstr(error, want))
		expect_text(error, want, file, line);
	free(error);
	profile_free(&profile);
}

#define REFUSED(_text, _want) \
	expect_refusal((_text), sizeof(_text) - 1, (_want), __FILE__, __LINE__)

static const char good[] =
	"; a comment\n"
	"[profile]\n"
	"name = demo\n"
	"description = two sweeps\n"
	"repeats = 3\n"
	"\n"
	"[defaults]\n"
	"verify = ends\n"
	"depth = 4\n"
	"[throughput]\n"
	"  size = 64,128\n"
	"\tdepth = 1..4 *2   ; up to four\n"
	"op = memcpy\n"
	"[roof]\n"
	"op = cpu_memcpy\n"
	"[bare]\n";

/* "knob=value ..." of a point. */
static char *point_text(const struct section *section, size_t point)
{
	struct strlist words = { 0 };
	char *text;

	for (size_t i = 0; i < section->n; i++)
		strlist_take(&words, xasprintf("%s=%s", section->settings[i].knob,
					       section_value(section, point, i)));
	text = strlist_join(&words, " ");
	strlist_free(&words);
	return text;
}

static void expect_point(const struct section *section, size_t point, const char *want)
{
	char *got = point_text(section, point);

	EXPECT_TEXT(got, want);
	free(got);
}

static void reads_profile(void)
{
	struct profile profile;
	char *error = NULL;

	EXPECT(!parse(&profile, good, &error) && !error);
	EXPECT_TEXT(profile.name, "demo");
	EXPECT_TEXT(profile.file, "test.ini");
	EXPECT_TEXT(profile.description, "two sweeps");
	EXPECT(profile.repeats == 3 && profile.n == 3);
	EXPECT(!profile_finish(&profile, &all, &error));
	EXPECT(profile_points(&profile) == 8);
	expect_point(&profile.sections[0], 0, "size=64 depth=1 op=memcpy verify=ends");
	expect_point(&profile.sections[0], 1, "size=64 depth=2 op=memcpy verify=ends");
	expect_point(&profile.sections[0], 3, "size=128 depth=1 op=memcpy verify=ends");
	expect_point(&profile.sections[0], 5, "size=128 depth=4 op=memcpy verify=ends");
	expect_point(&profile.sections[1], 0, "op=cpu_memcpy verify=ends depth=4");
	expect_point(&profile.sections[2], 0, "verify=ends depth=4");
	EXPECT_TEXT(profile.sections[0].settings[1].where, "test.ini:12");
	EXPECT_TEXT(profile.sections[1].settings[1].where, "test.ini:8");
	profile_free(&profile);
}

static void overrides(void)
{
	struct strlist only = { 0 };
	struct profile profile;
	char *error = NULL;

	EXPECT(!parse(&profile, good, &error));
	EXPECT(!profile_override(&profile, "depth", "8,9", &error));
	EXPECT(profile_override(&profile, "size", "1..", &error) == -1 && error);
	free(error);
	error = NULL;
	profile_fix(&profile, "channel", "a,b");
	strlist_add(&only, "roof");
	EXPECT(!profile_finish(&profile, &only, &error));
	EXPECT(profile.n == 1 && profile_points(&profile) == 2);
	expect_point(&profile.sections[0], 1, "op=cpu_memcpy depth=9 channel=a,b verify=ends");
	profile_free(&profile);

	EXPECT(!parse(&profile, good, &error));
	strlist_add(&only, "rof");
	EXPECT(profile_finish(&profile, &only, &error) == -1);
	EXPECT_TEXT(error, "rof: no such section, there are: throughput, roof, bare");
	free(error);
	strlist_free(&only);
	profile_free(&profile);

	profile_point(&profile);
	error = NULL;
	EXPECT(!profile_override(&profile, "size", "4K", &error));
	EXPECT(!profile_finish(&profile, &all, &error));
	EXPECT(!profile.name && profile_points(&profile) == 1);
	expect_point(&profile.sections[0], 0, "size=4K");
	profile_free(&profile);
}

static void malformed(void)
{
	REFUSED("", "test.ini: no section");
	REFUSED("[profile]\nname = x\n", "no section");
	REFUSED("size = 64\n", "test.ini:1: size stands before");
	REFUSED("[s]\nnonsense\n", "test.ini:2: this is neither");
	REFUSED("[s]\n= 4\n", "test.ini:2:");
	REFUSED("[s\nsize = 4\n", "test.ini:1: a section's name ends in ']'");
	REFUSED("[]\nsize = 4\n", "test.ini:1: a section's name has");
	REFUSED("[aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa]\n", "test.ini:1:");
	REFUSED("[s]\nsize = 4\n[s]\n", "test.ini:3: section [s] stands here a second time");
	REFUSED("[profile]\n[profile]\n", "test.ini:2: section [profile]");
	REFUSED("[defaults]\n[s]\n[defaults]\n", "test.ini:3: section [defaults]");
	REFUSED("[s]\nsize = 4\nsize = 5\n", "test.ini:3: size is given twice");
	REFUSED("[s]\nsize = 1..\n", "test.ini:2: size: '1..'");
	REFUSED("[profile]\nrepeats = 0\n[s]\n", "test.ini:2: repeats = 0");
	REFUSED("[profile]\nrepeats = -1\n[s]\n", "test.ini:2: repeats");
	REFUSED("[profile]\nrepeats = 1001\n[s]\n", "test.ini:2: repeats");
	REFUSED("[profile]\nrepeats = 1K\n[s]\n", "test.ini:2: repeats");
	REFUSED("[profile]\nname = a\nname = b\n[s]\n", "test.ini:3: name is given twice");
	REFUSED("[profile]\ncolour = red\n[s]\n", "test.ini:2: colour");
	REFUSED("[s]\nsize = 4\n\0\n", "test.ini:3: a NUL byte");
	REFUSED("\177ELF\2\1\1\0\0\0", "test.ini:1: this is neither");
}

static void long_lines(void)
{
	char text[1000] = "[s]\nsize = ";
	size_t len = strlen(text);

	memset(text + len, '1', 500);
	stpcpy(text + len + 500, "\ndepth = 1\n");
	expect_refusal(text, strlen(text), "test.ini:2: the line has more than", __FILE__,
		       __LINE__);
}

static void too_many_points(void)
{
	REFUSED("[s]\nsize = 1..1000 +1\ndepth = 1..1000 +1\n", "more than 100000 points");
	/* The product overflows a 64-bit number. */
	REFUSED("[s]\na = 1..4096 +1\nb = 1..4096 +1\nc = 1..4096 +1\nk = 1..4096 +1\n"
		"e = 1..4096 +1\nf = 1..4096 +1\n", "more than 100000 points");
	REFUSED("[profile]\nrepeats = 1000\n[s]\nsize = 1..200 +1\n", "more than 100000 runs");
	REFUSED("[a]\nsize = 1..300 +1\ndepth = 1..300 +1\n"
		"[b]\nsize = 1..300 +1\ndepth = 1..300 +1\n", "more than 100000 runs");
}

/* Whatever bytes come: an answer, and nothing lost or overrun. */
static void noise(void)
{
	static const char letters[] = "[]=;# \t\n\n\nsz0149.*+,\"K-\r\\:x";
	unsigned int state = 1;

	for (int round = 0; round < 3000; round++) {
		struct profile profile;
		char text[120], *error = NULL;
		int ret;

		for (size_t i = 0; i < sizeof(text); i++) {
			state = state * 1103515245u + 12345u;
			text[i] = letters[(state >> 16) % (sizeof(letters) - 1)];
		}
		ret = parse_bytes(&profile, text, sizeof(text), &error);
		EXPECT(!ret == !error);
		free(error);
		error = NULL;
		if (!ret)
			profile_finish(&profile, &all, &error);
		free(error);
		profile_free(&profile);
	}
}

static const struct test tests[] = {
	{ "profile: sections, defaults, repeats, the order of points", reads_profile },
	{ "profile: the command line goes before the file", overrides },
	{ "profile: what is malformed is refused with its line", malformed },
	{ "profile: a long line is refused, not split", long_lines },
	{ "profile: no more points than can be meant", too_many_points },
	{ "profile: noise is refused or read, never more", noise },
};

SUITE(profile_suite, tests);
