// SPDX-License-Identifier: GPL-2.0-only
/* dmabench list */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channels.h"
#include "cmd.h"
#include "dbgfs.h"
#include "defs.h"
#include "json.h"
#include "mem.h"
#include "strlist.h"
#include "table.h"
#include "units.h"

static const char help[] =
	"usage: dmabench list [--json]\n"
	"\n"
	"List the DMA channels of this machine and the operations of the module.\n"
	"\n"
	"  --json   write JSON to stdout\n"
	"\n"
	"A channel is free, busy (another client has it), held (a job has it),\n"
	"quarantined (it may still write to memory) or hidden (the core does not\n"
	"offer it now).\n"
	"\n"
	"exit codes: 0 good, 2 usage, 4 no module or no channel\n";

static void size_cell(struct table *table, const struct kvlist *pairs, const char *key)
{
	__u64 bytes = kv_u64(pairs, key, 0);
	char text[UNITS_LEN] = "";

	if (kv_get(pairs, key))
		units_size(text, bytes);
	table_cell(table, text);
}

static void controls_cell(struct table *table, const struct kvlist *pairs)
{
	static const char *const controls[] = { "pause", "resume", "terminate", "synchronize" };
	struct strlist words = { 0 };
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(controls); i++)
		if (kv_u64(pairs, controls[i], 0))
			strlist_add(&words, controls[i]);
	text = strlist_join(&words, ",");
	table_cell(table, text);
	free(text);
	strlist_free(&words);
}

static void print_channels(const struct records *channels)
{
	static const char *const heads[] = { "channel", "device", "driver", "state", ">align",
					     ">max segment", "granularity", "directions",
					     "controls", "capabilities" };
	struct table table = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		table_head(&table, heads[i]);
	for (size_t i = 0; i < channels->n; i++) {
		const struct kvlist *pairs = &channels->v[i].pairs;

		table_cell(&table, channels->v[i].word);
		table_cell(&table, kv_get(pairs, "device"));
		table_cell(&table, kv_get(pairs, "driver"));
		table_cell(&table, kv_get(pairs, "state"));
		size_cell(&table, pairs, "copy_align");
		size_cell(&table, pairs, "max_segment");
		table_cell(&table, kv_get(pairs, "granularity"));
		table_cell(&table, kv_get(pairs, "directions"));
		controls_cell(&table, pairs);
		table_cell(&table, kv_get(pairs, "caps"));
	}
	table_print(&table, stdout, 0);
}

/* How many of the channels have a capability; -1 if the operation needs none. */
static int count_able(const struct records *channels, const char *needs)
{
	int able = 0;

	if (!strcmp(needs, "none"))
		return -1;
	for (size_t i = 0; i < channels->n; i++) {
		struct strlist caps = { 0 }, wanted = { 0 };
		bool all = true;

		strlist_split(&caps, kv_text(&channels->v[i].pairs, "caps", ""), ",");
		strlist_split(&wanted, needs, ",");
		for (size_t j = 0; j < wanted.n; j++)
			all &= strlist_has(&caps, wanted.v[j]);
		able += all;
		strlist_free(&caps);
		strlist_free(&wanted);
	}
	return able;
}

static void print_operations(const struct records *operations, const struct records *channels)
{
	struct table table = { 0 };

	table_head(&table, "operation");
	table_head(&table, "needs");
	table_head(&table, "run by");
	table_head(&table, ">channels");
	for (size_t i = 0; i < operations->n; i++) {
		const struct kvlist *pairs = &operations->v[i].pairs;
		int able = count_able(channels, kv_text(pairs, "needs", "none"));
		char *count = able < 0 ? xstrdup("any") : xasprintf("%d", able);

		table_cell(&table, operations->v[i].word);
		table_cell(&table, kv_get(pairs, "needs"));
		table_cell(&table, kv_get(pairs, "timed"));
		table_cell(&table, count);
		free(count);
	}
	table_print(&table, stdout, 0);
}

static bool print_json(void)
{
	struct json_object *doc = json_head();
	bool good;

	json_object_object_add(doc, "module", json_module());
	json_object_object_add(doc, "channels", channels_json(true));
	json_object_object_add(doc, "operations", operations_json());
	good = json_print(doc, stdout);
	json_object_put(doc);
	return good;
}

static enum rc list(bool json)
{
	struct records channels, operations;
	enum rc code;

	dbgfs_require();
	channels_read(&channels, true);
	operations_read(&operations);
	code = channels.n ? RC_GOOD : RC_SKIPPED;
	if (json) {
		if (!print_json())
			code = RC_FAILED;
	} else {
		if (channels.n) {
			print_channels(&channels);
			putchar('\n');
		}
		print_operations(&operations, &channels);
	}
	if (!channels.n)
		warn("no channel: no DMA provider is registered, load one: modprobe dmasim");
	records_free(&channels);
	records_free(&operations);
	return code;
}

static enum rc cmd_list_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ 0 },
	};
	bool json = false;
	int opt;

	while ((opt = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (opt) {
		case 'h':
			fputs(help, stdout);
			return RC_GOOD;
		case 'j':
			json = true;
			break;
		default:
			cmd_bad_option("list", argv, opt == ':');
		}
	}
	cmd_no_more("list", argc, argv, optind);
	return list(json);
}

const struct command cmd_list = {
	.name = "list",
	.summary = "channels and operations",
	.run = cmd_list_run,
};
