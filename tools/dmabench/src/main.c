// SPDX-License-Identifier: GPL-2.0-only
/* dmabench: test and measure DMA engines. */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "defs.h"
#include "near.h"

static const struct command *const commands[] = {
	&cmd_list,
	&cmd_test,
	&cmd_bench,
	&cmd_stat,
	&cmd_sim,
	&cmd_version,
};

static void print_help(FILE *out)
{
	fputs("usage: dmabench COMMAND [OPTIONS]\n\nTest and measure DMA engines.\n\n", out);
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		fprintf(out, "  %-9s %s\n", commands[i]->name, commands[i]->summary);
	fputs("\n'dmabench COMMAND --help' tells more.\n"
	      "\nexit codes: 0 good, 1 a transfer failed or it was interrupted, 2 usage,\n"
	      "4 skipped (no module, no channel, nothing to test)\n", out);
}

static noreturn void unknown_command(const char *name)
{
	char *names[ARRAY_SIZE(commands)];
	const char *meant;

	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		names[i] = (char *)commands[i]->name;
	meant = near_name(name, names, ARRAY_SIZE(commands));
	if (meant)
		die(RC_USAGE, "%s: no such command, did you mean '%s'?", name, meant);
	die(RC_USAGE, "%s: no such command, 'dmabench --help' lists them", name);
}

int main(int argc, char **argv)
{
	const char *name = argc > 1 ? argv[1] : NULL;

	if (!name) {
		print_help(stderr);
		return RC_USAGE;
	}
	if (!strcmp(name, "--help") || !strcmp(name, "-h") || !strcmp(name, "help")) {
		print_help(stdout);
		return RC_GOOD;
	}
	if (!strcmp(name, "--version"))
		name = "version";
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++)
		if (!strcmp(name, commands[i]->name)) {
			enum rc code;

			opterr = 0;
			code = commands[i]->run(argc - 1, argv + 1);
			if (fflush(stdout) || ferror(stdout))
				die(RC_FAILED, "stdout: the output could not be written");
			return code;
		}
	unknown_command(name);
}
