// SPDX-License-Identifier: GPL-2.0-only
/* What all subcommands do with arguments that they do not know. */
#include <getopt.h>

#include "cmd.h"

void cmd_bad_option(const char *command, char **argv, int missing)
{
	const char *word = argv[optind - 1];
	char letter[3] = { '-', (char)optopt, '\0' };

	/* A letter may stand in the middle of a word, which optind has not left yet. */
	if (optopt && !(word[0] == '-' && word[1] == '-'))
		word = letter;
	die(RC_USAGE, "%s: %s, see: dmabench %s --help", word,
	    missing ? "this option needs an argument" : "no such option", command);
}

void cmd_no_more(const char *command, int argc, char **argv, int at)
{
	if (at < argc)
		die(RC_USAGE, "%s: one argument too many, see: dmabench %s --help", argv[at],
		    command);
}
