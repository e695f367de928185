// SPDX-License-Identifier: GPL-2.0-only
/* Readers of the module's text grammar, with hostile input too. */
#include <stdint.h>
#include <string.h>

#include "defs.h"
#include "kv.h"
#include "tap.h"

static void pairs(void)
{
	struct kvlist list;

	kv_parse(&list, "state: running\nerrno: -110\nreason: a reason: with = and : in it\n"
		 "empty:\n# comment: no\nno separator\n: no key\nbytes: 18446744073709551615\n"
		 "state: second\nlast: line without end", ':');
	EXPECT(list.n == 7);
	EXPECT_TEXT(kv_get(&list, "state"), "running");
	EXPECT(kv_int(&list, "errno", 0) == -110);
	EXPECT_TEXT(kv_get(&list, "reason"), "a reason: with = and : in it");
	EXPECT_TEXT(kv_get(&list, "empty"), "");
	EXPECT(kv_u64(&list, "bytes", 0) == UINT64_MAX);
	EXPECT_TEXT(kv_get(&list, "last"), "line without end");
	EXPECT(!kv_get(&list, "no key") && !kv_get(&list, ""));
	EXPECT(kv_u64(&list, "state", 3) == 3 && kv_int(&list, "bytes", -3) == -3);
	EXPECT(kv_u64(&list, "absent", 5) == 5);
	EXPECT_TEXT(kv_text(&list, "absent", "x"), "x");
	kv_free(&list);
}

static void config(void)
{
	struct kvlist list;

	kv_parse(&list, "channel=\ndepth=64\nseed=0xdead\nodd=a=b\n", '=');
	EXPECT(list.n == 4);
	EXPECT_TEXT(kv_get(&list, "channel"), "");
	EXPECT_TEXT(kv_get(&list, "odd"), "a=b");
	EXPECT(kv_u64(&list, "seed", 1) == 1);
	kv_free(&list);
}

static void records(void)
{
	struct records list;
	const struct record *record;

	records_parse(&list,
		      "# channels\ndma0chan0 device=dmasim.0 caps=memcpy,private copy_align=1\n"
		      "\n \t\ndma1chan0\n"
		      "  dma2chan0   device=b  word =x node=-1\ndma3chan0 a=1 a=2");
	EXPECT(list.n == 4);
	record = records_find(&list, "dma0chan0");
	EXPECT(record && record->pairs.n == 3);
	EXPECT_TEXT(kv_get(&record->pairs, "caps"), "memcpy,private");
	record = records_find(&list, "dma1chan0");
	EXPECT(record && record->pairs.n == 0);
	record = records_find(&list, "dma2chan0");
	EXPECT(record && record->pairs.n == 2 && kv_int(&record->pairs, "node", 0) == -1);
	EXPECT(!records_find(&list, "dma9chan0"));
	records_free(&list);
	records_parse(&list, "");
	EXPECT(list.n == 0);
	records_free(&list);
}

static void hostile(void)
{
	static const char *const texts[] = {
		"", "\n\n\n", ":", "=", ":::::", "a", "a:", ":a", " : ", "\xff\xfe: x\n", "a b: c",
		"#", "# a: b", "a:\tb\t\n", "%s%n: %s%n", "\r\n", "k\x01y: v",
	};
	struct records list;
	struct kvlist found;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		kv_parse(&found, texts[i], ':');
		for (size_t j = 0; j < found.n; j++)
			for (const char *c = found.v[j].key; *c; c++)
				EXPECT(*c > ' ' && *c <= '~');
		kv_free(&found);
		records_parse(&list, texts[i]);
		records_free(&list);
	}
	kv_parse(&found, "%s%n: %s%n", ':');
	EXPECT_TEXT(kv_get(&found, "%s%n"), "%s%n");
	kv_free(&found);
}

static const struct test tests[] = {
	{ "kv: lines of key: value", pairs },
	{ "kv: lines of key=value", config },
	{ "kv: records of a word and pairs", records },
	{ "kv: hostile input is left out", hostile },
};

SUITE(kv_suite, tests);
