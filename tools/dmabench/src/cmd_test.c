// SPDX-License-Identifier: GPL-2.0-only
/* dmabench test */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channels.h"
#include "cmd.h"
#include "dbgfs.h"
#include "job.h"
#include "json.h"
#include "knobs.h"
#include "measure.h"
#include "mem.h"
#include "num.h"
#include "progress.h"
#include "stop.h"
#include "suite.h"
#include "sysinfo.h"

static const char help[] =
	"usage: dmabench test [CHANNEL] [KNOB=VALUE ...] [OPTIONS]\n"
	"\n"
	"Check rule by rule whether the provider of a channel keeps the dmaengine\n"
	"contract. Without CHANNEL: the first free one.\n"
	"\n"
	"  --cases NAMES     only these: names, groups or globs, separated by commas\n"
	"  --list            list the cases and end\n"
	"  --repeat N        go through them N times\n"
	"  --shuffle         in an order that the seed decides\n"
	"  --seed N          of the order and of the data\n"
	"  --opt-in WORDS    run dangerous kinds of cases, too, see docs/suite.md\n"
	"  --waivers FILE    accept the failures that this INI file gives a reason for\n"
	"                    (default: drivers)\n"
	"  --no-waivers      accept none\n"
	"  --peripheral NAME test slave transfers with this bound peripheral\n"
	"  --ktap            print KTAP instead of a summary\n"
	"  --json FILE       write everything there, '-' for stdout\n"
	"  -q, --quiet       no progress\n"
	"\n"
	"The slave part needs a peripheral: a bound one, or tx_addr=, rx_addr= and\n"
	"rx_channel=. Of dmasim a loopback pair is used by itself.\n"
	"\n"
	"exit codes: 0 no rule is broken, 1 one is, or it was interrupted, 2 usage,\n"
	"4 no module, or nothing to test\n";

/**
 * struct arguments - what stands on the command line
 * @channel: name, or NULL
 * @peripheral: name, or NULL
 * @waivers: files
 * @no_waivers: not even the shipped ones
 * @knobs: words "knob=value"
 * @json: file, or NULL
 * @list: list the cases only
 * @ktap: print KTAP
 * @quiet: no progress
 */
struct arguments {
	const char *channel;
	const char *peripheral;
	struct strlist waivers;
	bool no_waivers;
	struct strlist knobs;
	const char *json;
	bool list;
	bool ktap;
	bool quiet;
};

enum {
	OPT_CASES = 256,
	OPT_LIST,
	OPT_REPEAT,
	OPT_SHUFFLE,
	OPT_SEED,
	OPT_OPT_IN,
	OPT_WAIVERS,
	OPT_NO_WAIVERS,
	OPT_PERIPHERAL,
	OPT_KTAP,
	OPT_JSON,
};

static void knob(struct arguments *args, const char *name, const char *value)
{
	strlist_take(&args->knobs, xasprintf("%s=%s", name, value));
}

static void parse_option(struct arguments *args, int opt, char **argv)
{
	switch (opt) {
	case 'h':
		fputs(help, stdout);
		exit(RC_GOOD);
	case 'q':
		args->quiet = true;
		break;
	case OPT_CASES:
		knob(args, "cases", optarg);
		break;
	case OPT_LIST:
		args->list = true;
		break;
	case OPT_REPEAT:
		knob(args, "repeat", optarg);
		break;
	case OPT_SHUFFLE:
		knob(args, "shuffle", "1");
		break;
	case OPT_SEED:
		knob(args, "seed", optarg);
		break;
	case OPT_OPT_IN:
		knob(args, "opt_in", optarg);
		break;
	case OPT_WAIVERS:
		strlist_add(&args->waivers, optarg);
		break;
	case OPT_NO_WAIVERS:
		args->no_waivers = true;
		break;
	case OPT_PERIPHERAL:
		args->peripheral = optarg;
		break;
	case OPT_KTAP:
		args->ktap = true;
		break;
	case OPT_JSON:
		if (!*optarg)
			die(RC_USAGE, "--json: the name of the file is empty, give one or '-'");
		args->json = optarg;
		break;
	default:
		cmd_bad_option("test", argv, opt == ':');
	}
}

static void parse_words(struct arguments *args, int argc, char **argv)
{
	for (int i = optind; i < argc; i++) {
		if (*argv[i] == '=')
			die(RC_USAGE, "%s: the knob has no name, write KNOB=VALUE", argv[i]);
		if (strchr(argv[i], '='))
			strlist_add(&args->knobs, argv[i]);
		else if (!args->channel)
			args->channel = argv[i];
		else
			die(RC_USAGE,
			    "%s: there is a channel already (%s), knobs are written KNOB=VALUE",
			    argv[i], args->channel);
	}
	if (args->peripheral && args->channel)
		die(RC_USAGE, "--peripheral %s: it has channels of its own, leave %s out",
		    args->peripheral, args->channel);
}

static void list_cases(void)
{
	char *text = dbgfs_text(NULL, "cases");

	fputs(text, stdout);
	free(text);
}

/* Found before anything is taken: the module would only say that there is no such file. */
static void check_knobs(const struct arguments *args)
{
	struct knobs knobs;

	knobs_read(&knobs);
	for (size_t i = 0; knobs.n && i < args->knobs.n; i++) {
		char *name = xstrndup(args->knobs.v[i], strcspn(args->knobs.v[i], "="));
		const char *meant = knobs_suggest(&knobs, name);

		if (!knobs_find(&knobs, name) && meant)
			die(RC_USAGE, "%s: no such knob, did you mean '%s'?", name, meant);
		if (!knobs_find(&knobs, name))
			die(RC_USAGE, "%s: no such knob, docs/debugfs.md lists them", name);
		free(name);
	}
	knobs_free(&knobs);
}

static bool gives(const struct arguments *args, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < args->knobs.n; i++)
		if (!strncmp(args->knobs.v[i], name, len) && args->knobs.v[i][len] == '=')
			return true;
	return false;
}

/* The channel that is tested, and the driver whose failures may be waived. */
static char *choose_channel(struct arguments *args, const char **channel)
{
	struct records channels, peripherals;
	const struct record *found = NULL;
	char *driver;

	if (args->peripheral) {
		peripherals_read(&peripherals);
		if (!records_find(&peripherals, args->peripheral))
			die(RC_SKIPPED,
			    "%s: no such peripheral is bound, 'dmabench list' shows those that are",
			    args->peripheral);
		records_free(&peripherals);
		knob(args, "peripheral", args->peripheral);
		*channel = NULL;
		return xstrdup("");
	}
	channels_read(&channels, false);
	for (size_t i = 0; i < channels.n && !found; i++) {
		const char *state = kv_text(&channels.v[i].pairs, "state", "");

		if (args->channel ? !strcmp(channels.v[i].word, args->channel) :
				    !strcmp(state, "free"))
			found = &channels.v[i];
	}
	if (!found && args->channel)
		die(RC_SKIPPED, "%s: no such channel, 'dmabench list' shows those that are there",
		    args->channel);
	if (!found)
		die(RC_SKIPPED, "no channel is free, 'dmabench list' shows who has them");
	*channel = xstrdup(found->word);
	driver = xstrdup(kv_text(&found->pairs, "driver", ""));
	if (!gives(args, "peripheral") && !gives(args, "tx_addr") && !gives(args, "rx_addr") &&
	    !gives(args, "endpoint"))
		suite_find_peripheral(&args->knobs, &channels, *channel);
	records_free(&channels);
	return driver;
}

static void load_waivers(const struct arguments *args, struct waivers *waivers,
			 const char *driver)
{
	if (args->no_waivers)
		return;
	for (size_t i = 0; i < args->waivers.n; i++)
		if (!waivers_load(waivers, args->waivers.v[i], driver))
			die(RC_USAGE, "--waivers %s: there is no such file", args->waivers.v[i]);
	/* Where only the command was copied to, nothing is waived. */
	if (!args->waivers.n)
		waivers_load(waivers, "drivers", driver);
}

static char *config_of(const struct arguments *args, const char *channel,
		       const struct waivers *waivers)
{
	char *waive = waivers_knob(waivers), *config;
	struct strlist lines = { 0 };

	strlist_add(&lines, "mode=suite");
	if (channel)
		strlist_take(&lines, xasprintf("channel=%s", channel));
	strlist_take(&lines, xasprintf("waive=%s", waive));
	for (size_t i = 0; i < args->knobs.n; i++)
		strlist_add(&lines, args->knobs.v[i]);
	strlist_add(&lines, "");
	config = strlist_join(&lines, "\n");
	strlist_free(&lines);
	free(waive);
	return config;
}

static void write_json(const struct arguments *args, int argc, char **argv,
		       struct json_object *run, const struct ktap *ktap,
		       const struct waivers *waivers)
{
	struct json_object *document = json_head(), *words = json_object_new_array();
	FILE *out = strcmp(args->json, "-") ? fopen(args->json, "we") : stdout;

	for (int i = 0; i < argc; i++)
		json_object_array_add(words, json_text(argv[i]));
	json_object_object_add(document, "command", words);
	json_object_object_add(document, "module", json_module());
	json_object_object_add(document, "system", sysinfo_json());
	json_object_object_add(document, "run", run);
	json_object_object_add(document, "suite", suite_json(ktap, waivers));
	if (!out || !json_print(document, out) || (out != stdout && fclose(out)))
		die(RC_FAILED, "%s: the results could not be written: %m", args->json);
	json_object_put(document);
}

static enum rc verdict(const struct sample *sample, const struct ktap *ktap)
{
	size_t seen = 0;

	if (sample->verdict == VERDICT_SKIPPED || sample->verdict == VERDICT_REFUSED) {
		warn("not started: %s", sample->reason);
		return sample->verdict == VERDICT_SKIPPED ? RC_SKIPPED : RC_USAGE;
	}
	if (sample->verdict != VERDICT_DONE) {
		warn("%s", sample->reason);
		return RC_FAILED;
	}
	for (size_t i = 0; i < ktap->n; i++)
		seen += ktap->v[i].verdict != KTAP_SKIPPED;
	return seen ? RC_GOOD : RC_SKIPPED;
}

static enum rc run_suite(struct arguments *args, int argc, char **argv)
{
	struct json_object *run = json_object_new_object();
	struct waivers waivers = { 0 };
	const char *channel;
	char *driver, *config, *text;
	struct sample sample;
	struct ktap ktap;
	enum rc code;

	check_knobs(args);
	driver = choose_channel(args, &channel);
	load_waivers(args, &waivers, driver);
	stop_install();
	job_open(NULL);
	config = config_of(args, channel, &waivers);
	progress_begin(1, args->quiet);
	measure(config, channel ? channel : args->peripheral, run, &sample);
	progress_end();

	/* Whatever the end was: what was found until then is kept. */
	text = dbgfs_text(job_name(), "ktap");
	ktap_parse(&ktap, text);
	if (args->ktap)
		fputs(text, stdout);
	else if (ktap.n && (!args->json || strcmp(args->json, "-")))
		suite_print(&ktap, &waivers);
	if (args->json)
		write_json(args, argc, argv, run, &ktap, &waivers);
	else
		json_object_put(run);
	code = verdict(&sample, &ktap);
	job_close();

	sample_free(&sample);
	ktap_free(&ktap);
	waivers_free(&waivers);
	free(text);
	free(config);
	free(driver);
	free((char *)channel);
	return code;
}

static enum rc cmd_test_run(int argc, char **argv)
{
	static const struct option options[] = {
		{ "help", no_argument, NULL, 'h' },
		{ "quiet", no_argument, NULL, 'q' },
		{ "cases", required_argument, NULL, OPT_CASES },
		{ "list", no_argument, NULL, OPT_LIST },
		{ "repeat", required_argument, NULL, OPT_REPEAT },
		{ "shuffle", no_argument, NULL, OPT_SHUFFLE },
		{ "seed", required_argument, NULL, OPT_SEED },
		{ "opt-in", required_argument, NULL, OPT_OPT_IN },
		{ "waivers", required_argument, NULL, OPT_WAIVERS },
		{ "no-waivers", no_argument, NULL, OPT_NO_WAIVERS },
		{ "peripheral", required_argument, NULL, OPT_PERIPHERAL },
		{ "ktap", no_argument, NULL, OPT_KTAP },
		{ "json", required_argument, NULL, OPT_JSON },
		{ 0 },
	};
	char **typed = xcalloc((size_t)argc, sizeof(*typed));
	struct arguments args = { 0 };
	enum rc code = RC_GOOD;
	int opt;

	/* getopt_long() reorders its arguments; the results keep them as typed. */
	memcpy(typed, argv, (size_t)argc * sizeof(*argv));
	while ((opt = getopt_long(argc, argv, ":hq", options, NULL)) != -1)
		parse_option(&args, opt, argv);
	parse_words(&args, argc, argv);
	dbgfs_require();
	if (args.list)
		list_cases();
	else
		code = run_suite(&args, argc, typed);
	strlist_free(&args.knobs);
	strlist_free(&args.waivers);
	free(typed);
	return code;
}

const struct command cmd_test = {
	.name = "test",
	.summary = "check whether a driver keeps the contract",
	.run = cmd_test_run,
};
