// SPDX-License-Identifier: GPL-2.0-only
/* Sweeps, good, malformed and huge. */
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "sweep.h"
#include "tap.h"

/* The values joined by blanks, or the error behind a '!'. */
static void expands(const char *text, const char *want, const char *file, int line)
{
	struct strlist values = { 0 };
	char *error = NULL, *got;

	if (sweep_expand(text, &values, &error)) {
		expect_that(error && *error, file, line, "a failed sweep has an error");
		got = strdup("!");
	} else {
		expect_that(!error, file, line, "a good sweep has no error");
		got = strlist_join(&values, " ");
	}
	expect_text(got, want, file, line);
	strlist_free(&values);
	free(error);
	free(got);
}

#define EXPANDS(_text, _want)	expands((_text), (_want), __FILE__, __LINE__)

static void values(void)
{
	EXPANDS("irq", "irq");
	EXPANDS("1,16,64", "1 16 64");
	EXPANDS("  4K ,\t64K ", "4K 64K");
	EXPANDS("\"dma0chan0,dma0chan1\", dma1chan0", "dma0chan0,dma0chan1 dma1chan0");
	EXPANDS("\"\"", "");
	EXPANDS("", "");
	EXPANDS("   ", "");
}

static void ranges(void)
{
	EXPANDS("64..1M *4", "64 256 1024 4096 16384 65536 262144 1048576");
	EXPANDS("64..1M*4", "64 256 1024 4096 16384 65536 262144 1048576");
	EXPANDS("1..16 +5", "1 6 11 16");
	EXPANDS("1 .. 4 + 2, 8", "1 3 8");
	EXPANDS("-1..1 +1", "-1 0 1");
	EXPANDS("5..5 *2", "5");
	EXPANDS("5..6 *2", "5");
	EXPANDS("0x10..0x40 *2", "16 32 64");
}

static void malformed(void)
{
	static const char *const bad[] = {
		",", "1,", ",1", "1,,2", "1 2", "1..2", "1..", "..", "..2", "...", "1..2..3 +1",
		"1...3 +1", "a..b +1", "1..2 -1", "1..2 +", "1..2 *", "1..2 +x", "1..2 +1 +1",
		"4..1 +1", "1..4 +0", "1..4 *1", "1..4 *0", "1..4 +-1", "1..4 *-2", "0..4 *2",
		"-4..4 *2", "\"a", "a\"", "a\"b", "\"", "\"a\"b", "\"a\"b\"", "1..4 *2 5",
		"1..99999999999999999999 *2", "1..4 *99999999999999999999",
	};

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		EXPANDS(bad[i], "!");
}

static void edges(void)
{
	/* Steps that would pass the largest number. */
	EXPANDS("9223372036854775806..9223372036854775807 +2", "9223372036854775806");
	EXPANDS("1..9223372036854775807 *9223372036854775807", "1 9223372036854775807");
	EXPANDS("4611686018427387904..9223372036854775807 *2", "4611686018427387904");
	EXPANDS("-9223372036854775807..9223372036854775807 +9223372036854775807",
		"-9223372036854775807 0 9223372036854775807");
}

static void too_large(void)
{
	char *commas = calloc(2 * (SWEEP_MAX + 2), 1);
	struct strlist list = { 0 };
	char *error;

	EXPANDS("1..1000000000000 +1", "!");
	EXPANDS("-9223372036854775807..9223372036854775807 +1", "!");
	EXPECT(!sweep_expand("1..4096 +1", &list, &error) && list.n == SWEEP_MAX);
	strlist_free(&list);
	EXPANDS("1..4096 +1, 1", "!");
	EXPANDS("1..4097 +1", "!");
	for (int i = 0; i < SWEEP_MAX; i++)
		memcpy(commas + 2 * i, "1,", 2);
	commas[2 * SWEEP_MAX] = '1';
	EXPANDS(commas, "!");
	free(commas);
}

static const struct test tests[] = {
	{ "sweep: single values, lists, quotes", values },
	{ "sweep: ranges by step and by factor", ranges },
	{ "sweep: what is malformed is refused", malformed },
	{ "sweep: ranges at the end of the numbers", edges },
	{ "sweep: no more values than can be meant", too_large },
};

SUITE(sweep_suite, tests);
