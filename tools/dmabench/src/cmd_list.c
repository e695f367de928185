// SPDX-License-Identifier: GPL-2.0-only
/* dmabench list */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "channels.h"
#include "cmd.h"
#include "dbgfs.h"
#include "json.h"
#include "list_tables.h"

static const char help[] =
	"usage: dmabench list [channels | operations | peripherals] [--json]\n"
	"\n"
	"List the DMA channels of this machine with their limits and what they can\n"
	"do, the operations of the module, and the peripherals that it is bound to.\n"
	"\n"
	"  --json   write JSON to stdout\n"
	"\n"
	"A channel is free, busy (another client has it), held (a job has it),\n"
	"quarantined (it may still write to memory) or hidden (the core does not\n"
	"offer it now). 'dma0chan0 +3' are four channels that do not differ.\n"
	"\n"
	"exit codes: 0 good, 2 usage, 4 no module or no channel\n";

/**
 * enum what - parts of the list
 * @WHAT_ALL: all of them
 * @WHAT_CHANNELS: channels, their limits and what they can do
 * @WHAT_OPERATIONS: operations of the module
 * @WHAT_PERIPHERALS: peripherals that it is bound to
 */
enum what {
	WHAT_ALL,
	WHAT_CHANNELS,
	WHAT_OPERATIONS,
	WHAT_PERIPHERALS,
};

static bool wanted(enum what what, enum what part)
{
	return what == WHAT_ALL || what == part;
}

static bool print_json(enum what what)
{
	struct json_object *doc = json_head();
	bool good;

	json_object_object_add(doc, "module", json_module());
	if (wanted(what, WHAT_CHANNELS))
		json_object_object_add(doc, "channels", channels_json(true));
	if (wanted(what, WHAT_OPERATIONS))
		json_object_object_add(doc, "operations", operations_json());
	if (wanted(what, WHAT_PERIPHERALS))
		json_object_object_add(doc, "peripherals", peripherals_json());
	good = json_print(doc, stdout);
	json_object_put(doc);
	return good;
}

static void print_channels(const struct records *channels, const struct records *abilities)
{
	list_print_channels(channels);
	putchar('\n');
	list_print_limits(channels);
	if (abilities->n) {
		putchar('\n');
		list_print_abilities(abilities);
	}
}

static void print_tables(enum what what, const struct records *channels)
{
	struct records operations, abilities, peripherals;

	operations_read(&operations);
	abilities_read(&abilities);
	peripherals_read(&peripherals);
	if (wanted(what, WHAT_CHANNELS) && channels->n)
		print_channels(channels, &abilities);
	if (what == WHAT_ALL && channels->n)
		putchar('\n');
	if (wanted(what, WHAT_OPERATIONS))
		list_print_operations(&operations, &abilities);
	if (what == WHAT_ALL && peripherals.n)
		putchar('\n');
	if (wanted(what, WHAT_PERIPHERALS) && peripherals.n)
		list_print_peripherals(&peripherals);
	else if (what == WHAT_PERIPHERALS)
		warn("no peripheral is bound, docs/dmasim.md and docs/bindings tell of some");
	records_free(&peripherals);
	records_free(&abilities);
	records_free(&operations);
}

static enum rc list(enum what what, bool json)
{
	struct records channels;
	enum rc code = RC_GOOD;

	dbgfs_require();
	channels_read(&channels, true);
	if (!json)
		print_tables(what, &channels);
	else if (!print_json(what))
		code = RC_FAILED;
	if (wanted(what, WHAT_CHANNELS) && !channels.n) {
		warn("no channel: no DMA provider is registered, load one: modprobe dmasim");
		code = code ? code : RC_SKIPPED;
	}
	records_free(&channels);
	return code;
}

static enum what parse_what(int argc, char **argv)
{
	static const char *const names[] = {
		[WHAT_CHANNELS] = "channels",
		[WHAT_OPERATIONS] = "operations",
		[WHAT_PERIPHERALS] = "peripherals",
	};

	if (optind == argc)
		return WHAT_ALL;
	for (enum what what = WHAT_CHANNELS; what <= WHAT_PERIPHERALS; what++)
		if (!strcmp(argv[optind], names[what])) {
			optind++;
			return what;
		}
	die(RC_USAGE, "list %s: it lists channels, operations or peripherals", argv[optind]);
}

static enum rc cmd_list_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "json", no_argument, NULL, 'j' },
		{ 0 },
	};
	enum what what;
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
	what = parse_what(argc, argv);
	cmd_no_more("list", argc, argv, optind);
	return list(what, json);
}

const struct command cmd_list = {
	.name = "list",
	.summary = "channels, operations, peripherals",
	.run = cmd_list_run,
};
