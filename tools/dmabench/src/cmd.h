/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_CMD_H
#define DMABENCH_CMD_H

#include "defs.h"
#include "diag.h"

/**
 * struct command - a subcommand
 * @name: as typed
 * @summary: one line for the list of commands
 * @run: does it; gets its arguments from its own name on, returns the exit code
 */
struct command {
	const char *name;
	const char *summary;
	enum rc (*run)(int argc, char **argv);
};

extern const struct command cmd_list;
extern const struct command cmd_bench;
extern const struct command cmd_test;
extern const struct command cmd_stat;
extern const struct command cmd_sim;
extern const struct command cmd_version;

/**
 * cmd_bad_option - refuse what getopt_long() does not know; does not return
 * @command: name of the subcommand
 * @argv: its arguments
 * @missing: whether it is a known option without its argument
 */
noreturn void cmd_bad_option(const char *command, char **argv, int missing);

/** cmd_no_more - refuse arguments from @argv[@at] on, if there are any */
void cmd_no_more(const char *command, int argc, char **argv, int at);

#endif
