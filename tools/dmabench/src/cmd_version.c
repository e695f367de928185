// SPDX-License-Identifier: GPL-2.0-only
/* dmabench version */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd.h"
#include "dbgfs.h"
#include "kv.h"

static const char help[] =
	"usage: dmabench version\n"
	"\n"
	"Print the versions of the command and, where it is loaded, of the module.\n";

static void print_module(void)
{
	char *text = dbgfs_text(NULL, "version");
	struct kvlist version;

	kv_parse(&version, text, ':');
	printf("module %s, interface %s\n", kv_text(&version, "version", "unknown"),
	       kv_text(&version, "interface", "unknown"));
	kv_free(&version);
	free(text);
}

static enum rc cmd_version_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ 0 },
	};
	int opt;

	while ((opt = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		switch (opt) {
		case 'h':
			fputs(help, stdout);
			return RC_GOOD;
		default:
			cmd_bad_option("version", argv, opt == ':');
		}
	}
	cmd_no_more("version", argc, argv, optind);
	printf("dmabench %s, interface %d\n", VERSION, DBGFS_INTERFACE);
	if (dbgfs_present())
		print_module();
	else
		puts("module not loaded or not readable");
	return RC_GOOD;
}

const struct command cmd_version = {
	.name = "version",
	.summary = "versions of the command and the module",
	.run = cmd_version_run,
};
