// SPDX-License-Identifier: GPL-2.0-only
/* dmabench sim */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "lookup.h"
#include "mem.h"
#include "near.h"
#include "shape.h"
#include "simfs.h"
#include "table.h"

static const char help[] =
	"usage: dmabench sim list\n"
	"       dmabench sim add NAME [SHAPE] [KNOB=VALUE ...]\n"
	"       dmabench sim del NAME ...\n"
	"\n"
	"Make devices of the provider dmasim, and take them down.\n"
	"\n"
	"  list   the devices that were made so, and the shapes that there are\n"
	"  add    make a device: SHAPE is a file of lines KNOB=VALUE, or the name of a\n"
	"         shape; what stands on the command line comes on top of it\n"
	"  del    take devices down, also while they are in use\n"
	"\n"
	"exit codes: 0 good, 1 it could not be done, 2 usage, 4 no module\n";

static void device_row(struct table *table, const char *name)
{
	char *live = simfs_text(name, "live");
	char *channels = simfs_text(name, "channel_names");
	char *device = simfs_text(name, "device");

	for (char *c = channels; *c; c++)
		if (*c == '\n')
			*c = ',';
	table_cell(table, name);
	table_cell(table, device);
	table_cell(table, !strcmp(live, "1") ? "yes" : "no");
	table_cell(table, channels);
	free(live);
	free(channels);
	free(device);
}

static void print_devices(void)
{
	static const char *const heads[] = { "name", "device", "live", "channels" };
	struct strlist names = { 0 };
	struct table table = { 0 };

	simfs_names(&names);
	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		table_head(&table, heads[i]);
	for (size_t i = 0; i < names.n; i++)
		device_row(&table, names.v[i]);
	table_print(&table, stdout, 0);
	strlist_free(&names);
}

static void print_shapes(void)
{
	struct strlist folders = { 0 }, names = { 0 };
	struct table table = { 0 };

	lookup_folders(&lookup_shapes, &folders);
	lookup_names(&lookup_shapes, &names, &folders);
	table_head(&table, "shape");
	table_head(&table, "what it is like");
	for (size_t i = 0; i < names.n; i++) {
		char *path = lookup_find(&lookup_shapes, names.v[i], &folders);
		char *summary = path ? shape_summary(path) : xstrdup("");

		table_cell(&table, names.v[i]);
		table_cell(&table, summary);
		free(summary);
		free(path);
	}
	table_print(&table, stdout, 0);
	strlist_free(&names);
	strlist_free(&folders);
}

static enum rc sim_list(int argc, char **argv)
{
	cmd_no_more("sim", argc, argv, 1);
	simfs_require();
	print_devices();
	putchar('\n');
	print_shapes();
	return RC_GOOD;
}

static enum rc sim_add(int argc, char **argv)
{
	struct shape shape = { 0 };
	char *device, *channels;
	const char *name;

	if (argc < 2)
		die(RC_USAGE, "sim add: it needs a NAME, see: dmabench sim --help");
	name = argv[1];
	if (strchr(name, '='))
		die(RC_USAGE, "%s: the first argument is the NAME of the device", name);
	for (int i = 2; i < argc; i++) {
		if (!strchr(argv[i], '=')) {
			if (i > 2)
				die(RC_USAGE, "%s: a shape comes right behind the name", argv[i]);
			shape_load(&shape, argv[i]);
		} else if (shape_set(&shape, argv[i], "")) {
			die(RC_USAGE, "%s: the knob has no name", argv[i]);
		}
	}

	simfs_require();
	simfs_add(name, &shape);
	device = simfs_text(name, "device");
	channels = simfs_text(name, "channel_names");
	printf("%s:", device);
	for (char *rest = channels, *one; (one = strsep(&rest, "\n"));)
		printf(" %s", one);
	putchar('\n');
	free(device);
	free(channels);
	shape_free(&shape);
	return RC_GOOD;
}

static enum rc sim_del(int argc, char **argv)
{
	if (argc < 2)
		die(RC_USAGE, "sim del: it needs a NAME, see: dmabench sim --help");
	simfs_require();
	for (int i = 1; i < argc; i++)
		simfs_del(argv[i]);
	return RC_GOOD;
}

static const struct {
	const char *name;
	enum rc (*run)(int argc, char **argv);
} actions[] = {
	{ "list", sim_list },
	{ "add", sim_add },
	{ "del", sim_del },
};

static noreturn void unknown_action(const char *name)
{
	char *names[ARRAY_SIZE(actions)];
	const char *meant;

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		names[i] = (char *)actions[i].name;
	meant = near_name(name, names, ARRAY_SIZE(actions));
	die(RC_USAGE, "%s: sim cannot do that%s%s%s, see: dmabench sim --help", name,
	    meant ? ", did you mean '" : "", meant ? meant : "", meant ? "'?" : "");
}

static enum rc cmd_sim_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		if (opt != 'h')
			cmd_bad_option("sim", argv, opt == ':');
		fputs(help, stdout);
		return RC_GOOD;
	}
	if (optind == argc)
		die(RC_USAGE, "sim: list, add or del? See: dmabench sim --help");
	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(argv[optind], actions[i].name))
			return actions[i].run(argc - optind, argv + optind);
	unknown_action(argv[optind]);
}

const struct command cmd_sim = {
	.name = "sim",
	.summary = "devices of the provider dmasim",
	.run = cmd_sim_run,
};
