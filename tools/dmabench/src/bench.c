// SPDX-License-Identifier: GPL-2.0-only
/* Running a profile, point by point. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"
#include "dbgfs.h"
#include "defs.h"
#include "job.h"
#include "json.h"
#include "knobs.h"
#include "measure.h"
#include "mem.h"
#include "progress.h"
#include "results.h"
#include "sampling.h"
#include "stop.h"
#include "summary.h"

/**
 * struct tally - what has happened so far
 * @outcomes: one per point
 * @points: how many
 * @runs: that are recorded
 * @measured: runs with figures
 * @failed: runs that failed
 * @refused: runs whose knobs were refused
 * @interrupted: it ends before its time
 * @slow: it ends at a transfer that was slower than the threshold
 * @unsampled: perf was wanted, and has failed
 */
struct tally {
	struct outcome *outcomes;
	size_t points;
	size_t runs;
	size_t measured;
	size_t failed;
	size_t refused;
	bool interrupted;
	bool slow;
	bool unsampled;
};

void bench_check_knobs(const struct profile *profile, const struct knobs *knobs)
{
	for (size_t i = 0; i < profile->n && knobs->n && !profile->skip_unknown; i++) {
		const struct section *section = &profile->sections[i];

		for (size_t j = 0; j < section->n; j++) {
			const struct setting *setting = &section->settings[j];
			const char *meant;

			if (knobs_find(knobs, setting->knob))
				continue;
			meant = knobs_suggest(knobs, setting->knob);
			if (meant)
				die(RC_USAGE, "%s: no knob '%s', did you mean '%s'?",
				    setting->where, setting->knob, meant);
			die(RC_USAGE, "%s: no knob '%s', 'dmabench bench --help' lists them",
			    setting->where, setting->knob);
		}
	}
}

/* "throughput size=64 depth=16": only what the section sweeps. */
static char *label_of(const struct section *section, size_t point)
{
	struct strlist words = { 0 };
	char *label;

	strlist_add(&words, section->name);
	for (size_t i = 0; i < section->n; i++)
		if (section->settings[i].values.n > 1)
			strlist_take(&words, xasprintf("%s=%s", section->settings[i].knob,
						       section_value(section, point, i)));
	label = strlist_join(&words, " ");
	strlist_free(&words);
	return label;
}

void bench_print_plan(const struct bench *bench)
{
	const struct profile *profile = &bench->profile;

	for (size_t i = 0; i < profile->n; i++) {
		const struct section *section = &profile->sections[i];

		for (size_t point = 0; point < section->points; point++) {
			printf("%s:", section->name);
			for (size_t j = 0; j < section->n; j++)
				printf(" %s=%s", section->settings[j].knob,
				       section_value(section, point, j));
			putchar('\n');
		}
	}
	printf("%zu points, %u times each\n", profile_points(profile), profile->repeats);
}

/* Whether the module knows a knob and, where the knob takes words, this one. */
static bool is_known(const struct knobs *knobs, const char *name, const char *value)
{
	const struct knob *knob = knobs_find(knobs, name);

	return !knobs->n || (knob && (!knob->words.n || strlist_has(&knob->words, value)));
}

/* The knobs of a point as lines: what the job had, and on top what the point wants. */
static char *config_of(const struct section *section, size_t point, const struct knobs *knobs)
{
	const struct kvlist *base = job_base();
	struct strlist lines = { 0 };
	char *config;

	for (size_t i = 0; i < base->n; i++) {
		const char *value = base->v[i].value;

		for (size_t j = 0; j < section->n; j++)
			if (!strcmp(section->settings[j].knob, base->v[i].key))
				value = section_value(section, point, j);
		if (is_known(knobs, base->v[i].key, value))
			strlist_take(&lines, xasprintf("%s=%s\n", base->v[i].key, value));
	}
	config = strlist_join(&lines, "");
	strlist_free(&lines);
	return config;
}

/* What of a point the module does not know, as lines; "" if it knows all. To be freed. */
static char *unknown_of(const struct section *section, size_t point, const struct knobs *knobs)
{
	struct strlist lines = { 0 };
	char *unknown;

	for (size_t i = 0; i < section->n; i++) {
		const char *knob = section->settings[i].knob;
		const char *value = section_value(section, point, i);

		if (!is_known(knobs, knob, value))
			strlist_take(&lines, xasprintf("%s=%s\n", knob, value));
	}
	unknown = strlist_join(&lines, "");
	strlist_free(&lines);
	return unknown;
}

/* The words that @name takes, to be freed; "" if it takes none, or that is not known. */
static char *words_of(const struct knobs *knobs, const char *name)
{
	const struct knob *knob = knobs_find(knobs, name);

	return knob ? strlist_join(&knob->words, ", ") : xstrdup("");
}

static noreturn void refuse_value(const struct setting *setting, const char *value, int err,
				  const struct knobs *knobs)
{
	const char *knob = setting->knob;
	char *why = job_reason(job_name(), err), *words = words_of(knobs, knob);
	size_t prefix = strlen(knob);
	const char *said = why;

	/* The module's reason names the knob, and so do we. */
	if (!strncmp(why, knob, prefix) && !strncmp(why + prefix, ": ", 2))
		said += prefix + 2;
	if (*words)
		die(RC_USAGE, "%s: %s=%s: %s; there are: %s", setting->where, knob, value, said,
		    words);
	die(RC_USAGE, "%s: %s=%s: %s", setting->where, knob, value, said);
}

static void check_value(const struct setting *setting, const char *value,
			const struct knobs *knobs)
{
	char *line = xasprintf("%s\n", value);
	int ret = dbgfs_write(line, job_name(), setting->knob);

	free(line);
	if (ret)
		refuse_value(setting, value, ret, knobs);
}

/*
 * Write every value once before anything is measured: a wrong one in the last
 * section shall not be found after an hour.
 */
static void check_values(const struct profile *profile, const struct knobs *knobs)
{
	for (size_t i = 0; i < profile->n; i++) {
		const struct section *section = &profile->sections[i];

		for (size_t j = 0; j < section->n; j++) {
			const struct setting *setting = &section->settings[j];

			for (size_t k = 0; k < setting->values.n; k++) {
				const char *value = setting->values.v[k];

				if (!profile->skip_unknown ||
				    is_known(knobs, setting->knob, value))
					check_value(setting, value, knobs);
			}
		}
	}
}

static struct json_object *sweep_json(const struct section *section, size_t point,
				      struct json_object *config)
{
	struct json_object *sweep = json_object_new_object();

	for (size_t i = 0; i < section->n; i++) {
		const struct setting *setting = &section->settings[i];
		struct json_object *value;

		if (setting->values.n < 2)
			continue;
		/* As the module reads it: "4K" was written, 4096 is meant. */
		if (json_object_object_get_ex(config, setting->knob, &value))
			json_object_object_add(sweep, setting->knob, json_object_get(value));
		else
			json_object_object_add(sweep, setting->knob,
					       json_value(setting->knob,
							  section_value(section, point, i)));
	}
	return sweep;
}

static void count(struct tally *tally, const struct sample *sample)
{
	tally->runs++;
	tally->measured += sample->verdict == VERDICT_DONE ||
			   sample->verdict == VERDICT_STOPPED ||
			   sample->verdict == VERDICT_SLOW;
	tally->slow |= sample->verdict == VERDICT_SLOW;
	tally->failed += sample->verdict == VERDICT_FAILED;
	tally->refused += sample->verdict == VERDICT_REFUSED;
}

static struct kvlist point_config(const char *config, const char *unknown)
{
	char *lines = xasprintf("%s%s", config, unknown);
	struct kvlist list;

	kv_parse(&list, lines, '=');
	free(lines);
	return list;
}

/* "this module does not know op=memset_sg", with what it does not know of the point. */
static void skip_point(const char *config, const char *unknown, struct json_object *run,
		       struct sample *sample)
{
	struct strlist lines = { 0 };
	char *list, *reason;

	strlist_split(&lines, unknown, "\n");
	list = strlist_join(&lines, ", ");
	reason = xasprintf("this module does not know %s", list);
	measure_skip(config, unknown, reason, run, sample);
	free(reason);
	free(list);
	strlist_free(&lines);
}

static void run_point(struct tally *tally, struct results *results, const struct knobs *known,
		      const struct section *section, size_t point, unsigned int repeat,
		      struct outcome *outcome)
{
	struct json_object *run = json_object_new_object(), *knobs;
	char *config = config_of(section, point, known);
	char *unknown = unknown_of(section, point, known);
	char *label = label_of(section, point);
	struct sample sample;
	char *line;

	json_put_number(run, "id", (__s64)tally->runs);
	json_put_text(run, "section", section->name);
	json_object_object_add(run, "sweep", NULL);
	json_put_number(run, "repeat", repeat);
	if (*unknown)
		skip_point(config, unknown, run, &sample);
	else
		measure(config, label, run, &sample);
	json_object_object_get_ex(run, "config", &knobs);
	json_object_object_add(run, "sweep", sweep_json(section, point, knobs));

	line = sample_line(&sample);
	progress_done(label, line);
	tally->interrupted |= sample.verdict == VERDICT_STOPPED ||
			      sample.verdict == VERDICT_ABORTED;
	if (sample.verdict == VERDICT_ABORTED) {
		json_object_put(run);
		sample_free(&sample);
	} else {
		count(tally, &sample);
		results_add(results, run);
		if (!outcome->n) {
			outcome->section = section->name;
			outcome->run = tally->runs - 1;
			outcome->config = point_config(config, unknown);
		}
		outcome->samples = xgrow(outcome->samples, outcome->n + 1,
					 sizeof(*outcome->samples));
		outcome->samples[outcome->n++] = sample;
	}
	free(line);
	free(label);
	free(unknown);
	free(config);
}

static void run_all(struct bench *bench, struct tally *tally, struct results *results,
		    const struct knobs *knobs)
{
	const struct profile *profile = &bench->profile;

	/* Repeats are interleaved: what drifts with time meets all points alike. */
	for (unsigned int repeat = 0; repeat < profile->repeats; repeat++) {
		struct outcome *outcome = tally->outcomes;

		for (size_t i = 0; i < profile->n; i++) {
			const struct section *section = &profile->sections[i];

			for (size_t point = 0; point < section->points; point++) {
				if (stop_requested()) {
					tally->interrupted = true;
					return;
				}
				run_point(tally, results, knobs, section, point, repeat, outcome++);
				if (tally->slow)
					return;
			}
		}
	}
}

/* Under perf after all was measured without it: that it is there changes no figure. */
static void sample_all(const struct bench *bench, struct tally *tally, struct results *results,
		       struct sampling *sampling, const struct knobs *knobs)
{
	const struct outcome *outcome = tally->outcomes;
	struct json_object *perf;

	for (size_t i = 0; i < bench->profile.n; i++) {
		const struct section *section = &bench->profile.sections[i];

		for (size_t point = 0; point < section->points; point++, outcome++) {
			char *config, *label;

			if (!outcome->n || outcome->samples[0].verdict != VERDICT_DONE)
				continue;
			config = config_of(section, point, knobs);
			label = label_of(section, point);
			sampling_add(sampling, config, label, outcome->run);
			free(label);
			free(config);
		}
	}
	perf = sampling_run(sampling, bench->quiet);
	if (perf)
		results_perf(results, perf);
	tally->interrupted |= stop_requested();
	tally->unsampled = !perf;
}

static enum rc verdict(const struct tally *tally)
{
	if (tally->failed || tally->interrupted || tally->unsampled)
		return RC_FAILED;
	if (tally->slow)
		return RC_THRESHOLD;
	if (tally->measured)
		return RC_GOOD;
	return tally->refused ? RC_USAGE : RC_SKIPPED;
}

/* The channels of the first run that had any. */
static const char *channels_of(const struct tally *tally)
{
	for (size_t i = 0; i < tally->points; i++)
		for (size_t j = 0; j < tally->outcomes[i].n; j++)
			if (tally->outcomes[i].samples[j].channels &&
			    *tally->outcomes[i].samples[j].channels)
				return tally->outcomes[i].samples[j].channels;
	return NULL;
}

static void report(const struct bench *bench, const struct tally *tally)
{
	FILE *out = bench->json && !strcmp(bench->json, "-") ? stderr : stdout;
	struct outcome *shown = xcalloc(tally->points, sizeof(*shown));
	const char *channels = channels_of(tally);
	size_t n = 0;

	for (size_t i = 0; i < tally->points; i++)
		if (tally->outcomes[i].n)
			shown[n++] = tally->outcomes[i];
	if (channels)
		fprintf(out, "channels: %s\n", channels);
	if (n)
		summary_print(out, shown, n);
	fflush(out);
	free(shown);
}

static void free_tally(struct tally *tally)
{
	for (size_t i = 0; i < tally->points; i++) {
		for (size_t j = 0; j < tally->outcomes[i].n; j++)
			sample_free(&tally->outcomes[i].samples[j]);
		free(tally->outcomes[i].samples);
		kv_free(&tally->outcomes[i].config);
	}
	free(tally->outcomes);
}

enum rc bench_run(struct bench *bench)
{
	struct tally tally = { .points = profile_points(&bench->profile) };
	size_t total = tally.points * bench->profile.repeats;
	struct sampling sampling = { 0 };
	struct results results;
	struct knobs knobs;
	enum rc code;

	dbgfs_require();
	stop_install();
	stop_after(bench->timeout_s);
	job_open(bench->job);
	knobs_read(&knobs);
	bench_check_knobs(&bench->profile, &knobs);
	check_values(&bench->profile, &knobs);
	if (bench->perf)
		perf_require(&sampling.perf);
	results_open(&results, bench->json, bench->argc, bench->argv, &bench->profile);
	tally.outcomes = xcalloc(tally.points, sizeof(*tally.outcomes));

	progress_begin(total, bench->quiet);
	run_all(bench, &tally, &results, &knobs);
	progress_end();
	if (bench->perf && !tally.interrupted)
		sample_all(bench, &tally, &results, &sampling, &knobs);
	job_close();

	code = verdict(&tally);
	if (!results_close(&results, tally.interrupted, code))
		code = RC_FAILED;
	if (!bench->quiet)
		report(bench, &tally);
	if (tally.interrupted)
		warn("ended by %s after %zu of %zu runs%s%s", stop_cause(), tally.runs, total,
		     bench->json ? ", what was measured is in " : "",
		     bench->json ? bench->json : "");
	if (bench->perf)
		sampling_free(&sampling);
	free_tally(&tally);
	knobs_free(&knobs);
	return code;
}
