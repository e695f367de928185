// SPDX-License-Identifier: GPL-2.0-only
/* dmabench bench: its arguments */
#include <getopt.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "cmd.h"
#include "dbgfs.h"
#include "defs.h"
#include "knobs.h"
#include "lookup.h"
#include "mem.h"
#include "num.h"

#define REPEATS_MAX	1000
#define TIMEOUT_MAX	(30 * 24 * 3600)

static const char help[] =
	"usage: dmabench bench [PROFILE] [KNOB=VALUES ...] [OPTIONS]\n"
	"\n"
	"Measure what a profile describes, or the points that the knobs span.\n"
	"\n"
	"  PROFILE           an INI file, or the name of one: quick, full, ops, pcm\n"
	"  KNOB=VALUES       a value, or a sweep: depth=1,16,64 size=64..1M*4;\n"
	"                    goes before what the profile says\n"
	"  --channel NAMES   run on these channels, separated by commas\n"
	"  --json FILE       write results there, '-' for stdout\n"
	"  --repeats N       measure everything N times\n"
	"  --only SECTION    only this section of the profile; may be repeated\n"
	"  --job NAME        use this job; one that exists gets its knobs back\n"
	"  --perf            run each point again under perf, for the report; needs --json\n"
	"  --timeout S       end after S seconds and keep what was measured\n"
	"  --threshold STAGE=TIME  stop at the first transfer with a stage that takes\n"
	"                    longer (total=500us), and stop tracing\n"
	"  -n, --dry-run     print the points and measure nothing\n"
	"  -q, --quiet       no progress and no table\n"
	"\n"
	"SIGINT ends the current run and keeps what was measured; a second one gives\n"
	"that run up.\n"
	"\n"
	"exit codes: 0 good, 1 a transfer failed or it was interrupted, 2 usage,\n"
	"4 no module, no channel, or nothing that can be run on it,\n"
	"5 a transfer was slower than --threshold\n"
	"\n"
	"knobs:\n";

enum {
	OPT_CHANNEL = 256,
	OPT_JSON,
	OPT_REPEATS,
	OPT_ONLY,
	OPT_JOB,
	OPT_PERF,
	OPT_TIMEOUT,
	OPT_THRESHOLD,
};

/**
 * struct arguments - what stands on the command line
 * @profile: name or file, or NULL
 * @channel: names, or NULL
 * @threshold: "stage=time", or NULL
 * @repeats: 0 if not given
 * @only: sections
 * @knobs: words "knob=values"
 * @dry_run: print the plan only
 */
struct arguments {
	const char *profile;
	const char *channel;
	const char *threshold;
	unsigned int repeats;
	struct strlist only;
	struct strlist knobs;
	bool dry_run;
};

static unsigned int parse_number(const char *option, const char *text, unsigned int max)
{
	__u64 number;

	if (!num_u64(text, &number) || !number || number > max)
		die(RC_USAGE, "%s %s: it takes a number from 1 to %u", option, text, max);
	return (unsigned int)number;
}

static void print_knobs(void)
{
	struct knobs knobs;

	knobs_read(&knobs);
	knobs_print(&knobs, stdout);
	knobs_free(&knobs);
}

static void parse_option(struct arguments *args, struct bench *bench, int opt, char **argv)
{
	switch (opt) {
	case 'h':
		fputs(help, stdout);
		print_knobs();
		exit(RC_GOOD);
	case 'n':
		args->dry_run = true;
		break;
	case 'q':
		bench->quiet = true;
		break;
	case OPT_CHANNEL:
		args->channel = optarg;
		break;
	case OPT_JSON:
		if (!*optarg)
			die(RC_USAGE, "--json: the name of the file is empty, give one or '-'");
		bench->json = optarg;
		break;
	case OPT_REPEATS:
		args->repeats = parse_number("--repeats", optarg, REPEATS_MAX);
		break;
	case OPT_ONLY:
		strlist_add(&args->only, optarg);
		break;
	case OPT_JOB:
		bench->job = optarg;
		break;
	case OPT_PERF:
		bench->perf = true;
		break;
	case OPT_TIMEOUT:
		bench->timeout_s = parse_number("--timeout", optarg, TIMEOUT_MAX);
		break;
	case OPT_THRESHOLD:
		args->threshold = optarg;
		break;
	default:
		cmd_bad_option("bench", argv, opt == ':');
	}
}

static void parse_words(struct arguments *args, int argc, char **argv)
{
	for (int i = optind; i < argc; i++) {
		if (*argv[i] == '=')
			die(RC_USAGE, "%s: the knob has no name, write KNOB=VALUES", argv[i]);
		if (strchr(argv[i], '='))
			strlist_add(&args->knobs, argv[i]);
		else if (!args->profile)
			args->profile = argv[i];
		else
			die(RC_USAGE,
			    "%s: there is a profile already (%s), knobs are written KNOB=VALUES",
			    argv[i], args->profile);
	}
}

static noreturn void unknown_profile(const char *name, const struct strlist *folders)
{
	char *names = lookup_joined(&lookup_profiles, folders);
	struct knobs knobs;

	knobs_read(&knobs);
	if (knobs_find(&knobs, name))
		die(RC_USAGE, "%s: no such profile; if the knob is meant: %s=VALUE", name, name);
	if (!*names)
		die(RC_USAGE, "%s: no such profile, and there is none at all in %s", name,
		    strlist_join(folders, ", "));
	die(RC_USAGE, "%s: no such profile, there are: %s", name, names);
}

static void load_profile(struct profile *profile, const char *name)
{
	struct strlist folders = { 0 };
	const char *base;
	char *path, *why;
	FILE *file;

	lookup_folders(&lookup_profiles, &folders);
	path = lookup_find(&lookup_profiles, name, &folders);
	if (!path)
		unknown_profile(name, &folders);
	file = fopen(path, "re");
	if (!file)
		die(RC_USAGE, "%s: this profile cannot be read: %m", path);
	base = strrchr(path, '/');
	if (profile_parse(profile, base ? base + 1 : path, file, &why))
		die(RC_USAGE, "%s", why);
	fclose(file);
	free(path);
	strlist_free(&folders);
}

static void override(struct profile *profile, const char *word)
{
	char *knob = xstrndup(word, strcspn(word, "="));
	char *why;

	if (profile_override(profile, knob, word + strlen(knob) + 1, &why))
		die(RC_USAGE, "%s: %s", knob, why);
	free(knob);
}

/* Whether the module knows the stage, it says itself. */
static void fix_threshold(struct profile *profile, const char *text)
{
	static const struct {
		const char *unit;
		__u64 ns;
	} units[] = { { "ns", 1 }, { "us", 1000 }, { "ms", 1000000 }, { "s", 1000000000 } };
	size_t stage = strcspn(text, "=");
	const char *time = text + stage + (text[stage] == '=');
	size_t digits = strspn(time, "0123456789");
	char *name = xstrndup(text, stage), *number = xstrndup(time, digits), *knob;
	__u64 value = 0, ns = 0;

	for (size_t i = 0; i < ARRAY_SIZE(units); i++)
		if (!strcmp(time + digits, units[i].unit))
			ns = units[i].ns;
	if (!*name || !ns || !num_u64(number, &value) || !value ||
	    value > (__u64)INT64_MAX / ns)
		die(RC_USAGE, "--threshold %s: write it as total=500us", text);
	knob = xasprintf("%llu", value * ns);
	profile_fix(profile, "threshold_ns", knob);
	profile_fix(profile, "threshold_stage", name);
	free(knob);
	free(number);
	free(name);
}

static void make_profile(struct profile *profile, const struct arguments *args)
{
	char *why;

	if (args->profile)
		load_profile(profile, args->profile);
	else
		profile_point(profile);
	for (size_t i = 0; i < args->knobs.n; i++)
		override(profile, args->knobs.v[i]);
	if (args->channel)
		profile_fix(profile, "channel", args->channel);
	if (args->threshold)
		fix_threshold(profile, args->threshold);
	if (args->repeats)
		profile->repeats = args->repeats;
	if (profile_finish(profile, &args->only, &why))
		die(RC_USAGE, "%s", why);
}

/* Without the module it is not known which knobs there are. */
static void plan(const struct bench *bench)
{
	struct knobs knobs;

	knobs_read(&knobs);
	bench_check_knobs(&bench->profile, &knobs);
	bench_print_plan(bench);
	knobs_free(&knobs);
}

static enum rc cmd_bench_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "dry-run", no_argument, NULL, 'n' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "channel", required_argument, NULL, OPT_CHANNEL },
		{ "json", required_argument, NULL, OPT_JSON },
		{ "repeats", required_argument, NULL, OPT_REPEATS },
		{ "only", required_argument, NULL, OPT_ONLY },
		{ "job", required_argument, NULL, OPT_JOB },
		{ "perf", no_argument, NULL, OPT_PERF },
		{ "timeout", required_argument, NULL, OPT_TIMEOUT },
		{ "threshold", required_argument, NULL, OPT_THRESHOLD },
		{ 0 },
	};
	struct bench bench = { .argc = argc, .argv = xcalloc((size_t)argc, sizeof(*argv)) };
	struct arguments args = { 0 };
	enum rc code = RC_GOOD;
	int opt;

	/* getopt_long() reorders its arguments; the results keep them as typed. */
	memcpy(bench.argv, argv, (size_t)argc * sizeof(*argv));
	while ((opt = getopt_long(argc, argv, ":hnq", options, NULL)) != -1)
		parse_option(&args, &bench, opt, argv);
	parse_words(&args, argc, argv);
	if (bench.perf && !bench.json)
		die(RC_USAGE, "--perf: its records go to the results, give --json FILE, too");
	make_profile(&bench.profile, &args);
	if (args.dry_run)
		plan(&bench);
	else
		code = bench_run(&bench);
	profile_free(&bench.profile);
	strlist_free(&args.only);
	strlist_free(&args.knobs);
	free(bench.argv);
	return code;
}

const struct command cmd_bench = {
	.name = "bench",
	.summary = "measure",
	.run = cmd_bench_run,
};
