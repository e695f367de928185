// SPDX-License-Identifier: GPL-2.0-only
/* Numbers, units, names, tables. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "near.h"
#include "num.h"
#include "strlist.h"
#include "summary.h"
#include "sysinfo.h"
#include "table.h"
#include "tap.h"
#include "units.h"

static void numbers_are_strict(void)
{
	static const char *const bad[] = {
		"", " 1", "1 ", "+1", "-", "--1", "0x10", "1.5", "1e3", "a", "1a",
		"18446744073709551616", "99999999999999999999999999",
	};
	__u64 u = 7;
	__s64 s = 7;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		EXPECT(!num_u64(bad[i], &u));
		EXPECT(!num_s64(bad[i], &s));
	}
	EXPECT(u == 7 && s == 7);
	EXPECT(num_u64("18446744073709551615", &u) && u == UINT64_MAX);
	EXPECT(num_s64("-95", &s) && s == -95);
	EXPECT(!num_u64("-1", &u));
	EXPECT(!num_s64("9223372036854775808", &s));
	EXPECT(num_s64("9223372036854775807", &s) && s == INT64_MAX);
}

static void numbers_of_people(void)
{
	static const char *const bad[] = {
		"", "K", "0x", "0xg", "4KB", "4 K", "4T", "1..2", "-", "9000000000G", "0x-1",
		"9223372036854775808",
	};
	__s64 n = 7;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++)
		EXPECT(!num_human(bad[i], &n));
	EXPECT(n == 7);
	EXPECT(num_human("4K", &n) && n == 4096);
	EXPECT(num_human("0x10", &n) && n == 16);
	EXPECT(num_human("16m", &n) && n == 16 << 20);
	EXPECT(num_human("3G", &n) && n == 3ll << 30);
	EXPECT(num_human("-1", &n) && n == -1);
	EXPECT(num_human("010", &n) && n == 10);
	EXPECT(num_human("9223372036854775807", &n) && n == INT64_MAX);
}

static void units_round_well(void)
{
	char text[UNITS_LEN];

	EXPECT_TEXT(units_size(text, 0), "0 B");
	EXPECT_TEXT(units_size(text, 64), "64 B");
	EXPECT_TEXT(units_size(text, 4096), "4 KiB");
	EXPECT_TEXT(units_size(text, 1536 * 1024), "1536 KiB");
	EXPECT_TEXT(units_size(text, 1 << 20), "1 MiB");
	EXPECT_TEXT(units_size(text, 1500), "1500 B");
	EXPECT_TEXT(units_size(text, 123456789), "117.7 MiB");
	EXPECT_TEXT(units_size(text, UINT32_MAX), "4.0 GiB");
	EXPECT_TEXT(units_count(text, 0, ""), "0");
	EXPECT_TEXT(units_count(text, 999, "ops/s"), "999 ops/s");
	EXPECT_TEXT(units_count(text, 1000, "B/s"), "1.00 kB/s");
	EXPECT_TEXT(units_count(text, 9996, ""), "10.0 k");
	EXPECT_TEXT(units_count(text, 99960, ""), "100 k");
	EXPECT_TEXT(units_count(text, 999499, ""), "999 k");
	EXPECT_TEXT(units_count(text, 999500, ""), "1.00 M");
	EXPECT_TEXT(units_count(text, 504000000, "B/s"), "504 MB/s");
	EXPECT_TEXT(units_count(text, UINT64_MAX, ""), "18447 P");
	EXPECT_TEXT(units_ns(text, 850), "850 ns");
	EXPECT_TEXT(units_ns(text, 12345), "12.3 us");
	EXPECT_TEXT(units_ns(text, 3000000000), "3.00 s");
	EXPECT_TEXT(units_ns(text, 123456000000000), "123456 s");
}

static void near_names(void)
{
	char *const names[] = { "size", "size_min", "depth", "wait", "runtime_ms", "op" };
	const size_t n = ARRAY_SIZE(names);

	EXPECT_TEXT(near_name("ssize", names, n), "size");
	EXPECT_TEXT(near_name("depht", names, n), "depth");
	EXPECT_TEXT(near_name("runtimems", names, n), "runtime_ms");
	EXPECT(!near_name("colour", names, n));
	EXPECT(!near_name("", names, n));
	EXPECT(!near_name("test", names, n));
	EXPECT(!near_name("a name that is much longer than any that there could be", names, n));
}

static void lists_split_and_join(void)
{
	struct strlist list = { 0 };
	char *text;

	strlist_split(&list, ",b,,a,", ",");
	EXPECT(list.n == 2);
	strlist_sort(&list);
	text = strlist_join(&list, ", ");
	EXPECT_TEXT(text, "a, b");
	EXPECT(strlist_has(&list, "b") && !strlist_has(&list, ""));
	free(text);
	strlist_free(&list);
	text = strlist_join(&list, ", ");
	EXPECT_TEXT(text, "");
	free(text);
}

static void tables_align(void)
{
	struct table table = { 0 };
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	table_head(&table, "name");
	table_head(&table, ">n");
	table_head(&table, "note");
	table_head(&table, "");
	table_cell(&table, "a");
	table_cell(&table, "100");
	table_cell(&table, "");
	table_blank(&table);
	table_cell(&table, "longer");
	table_blank(&table);
	table_cell(&table, "x");
	table_cell(&table, "end");
	table_print(&table, out, 1);
	fclose(out);
	EXPECT_TEXT(text, " name      n  note\n a       100  -\n longer       x     end\n");
	free(text);
}

static void medians(void)
{
	__u64 odd[] = { 5, 1, 3 };
	__u64 even[] = { UINT64_MAX, 1, UINT64_MAX - 2, 2 };

	EXPECT(median(NULL, 0) == 0);
	EXPECT(median(odd, 3) == 3);
	EXPECT(median(even, 2) == 1 + (UINT64_MAX - 1) / 2);
	EXPECT(median(even, 4) == 2 + (UINT64_MAX - 4) / 2);
}

static void processors(void)
{
	char *text;

	text = sysinfo_cpu_model("processor\t: 0\nmodel name\t: Great CPU 9\nflags : a\n");
	EXPECT_TEXT(text, "Great CPU 9");
	free(text);
	text = sysinfo_cpu_model("CPU implementer\t: 0x41\nCPU part\t: 0xd08\n");
	EXPECT_TEXT(text, "implementer 0x41 part 0xd08");
	free(text);
	text = sysinfo_cpu_model("");
	EXPECT_TEXT(text, "unknown");
	free(text);
	EXPECT_TEXT(sysinfo_accelerator("vendor_id\t: User Mode Linux\nmodel name\t: UML\n"),
		    "uml");
	EXPECT_TEXT(sysinfo_accelerator("model name\t: QEMU TCG CPU version 2.5+\n"), "tcg");
}

static const struct test tests[] = {
	{ "text: numbers are read strictly", numbers_are_strict },
	{ "text: numbers as people write them", numbers_of_people },
	{ "text: units are rounded to three digits", units_round_well },
	{ "text: the near name is found, a far one is not", near_names },
	{ "text: lists split, sort and join", lists_split_and_join },
	{ "text: tables are aligned, lines end without blanks", tables_align },
	{ "text: medians, of numbers that overflow in sum too", medians },
	{ "text: processors and accelerators are recognised", processors },
};

SUITE(text_suite, tests);
