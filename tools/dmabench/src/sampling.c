// SPDX-License-Identifier: GPL-2.0-only
/* Points that are run once more under perf: what its records come to as JSON. */
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "diag.h"
#include "fs.h"
#include "json.h"
#include "kv.h"
#include "measure.h"
#include "mem.h"
#include "perf_code.h"
#include "perf_fold.h"
#include "progress.h"
#include "sampling.h"
#include "stop.h"

/*
 * Long enough for some hundred samples on each CPU, and for some transfers with all
 * their events. Each transfer that is checked would be filled and checked inside of the window.
 */
#define SAMPLED		"verify=ends\niterations=0\nruntime_ms=%u\n"
#define SAMPLED_MS	300
/* One transfer at a time is what the report splits into parts. */
#define SAMPLED_ALONE_MS	2000
#define TRACED		"verify=ends\nruntime_ms=0\nwarmup=0\niterations=64\n"

static bool applies(const char *config)
{
	struct kvlist knobs;
	bool does;

	kv_parse(&knobs, config, '=');
	/* Other modes have no window of transfers; of the CPU's own copy there is no engine. */
	does = !strcmp(kv_text(&knobs, "mode", "transfer"), "transfer") &&
	       strncmp(kv_text(&knobs, "op", ""), "cpu_", strlen("cpu_"));
	kv_free(&knobs);
	return does;
}

void sampling_add(struct sampling *sampling, const char *config, const char *label, size_t run)
{
	if (!applies(config))
		return;
	for (size_t i = 0; i < sampling->n; i++)
		if (!strcmp(sampling->points[i].config, config))
			return;
	sampling->points = xgrow(sampling->points, sampling->n + 1, sizeof(*sampling->points));
	sampling->points[sampling->n++] = (struct sampled_point){
		.config = xstrdup(config), .label = xasprintf("perf: %s", label), .run = run,
	};
}

/* Returns false if perf does not answer; what does not run is left out alone. */
static bool run_recorded(struct recorder *recorder, const struct sampled_point *point,
			 const char *more, struct point_run *run)
{
	char *knobs = xasprintf("%s%s", point->config, more);
	struct sample sample;
	bool answers;

	run->run = json_object_new_object();
	run->from = now_ns();
	answers = perf_record(recorder, true);
	measure(knobs, point->label, run->run, &sample);
	answers = perf_record(recorder, false) && answers;
	run->to = now_ns();
	progress_done(point->label, sample.verdict == VERDICT_DONE ? "recorded" : "not recorded");
	if (sample.verdict != VERDICT_DONE) {
		run->from = 0;
		run->to = 0;
	}
	sample_free(&sample);
	free(knobs);
	return answers;
}

static bool is_alone(const struct sampled_point *point)
{
	struct kvlist knobs;
	bool alone;

	kv_parse(&knobs, point->config, '=');
	alone = kv_u64(&knobs, "depth", 0) == 1;
	kv_free(&knobs);
	return alone;
}

static bool run_points(struct sampling *sampling, struct recorder *recorder)
{
	bool samples = recorder == &sampling->perf.samples;
	bool good = perf_begin(&sampling->perf, recorder);

	for (size_t i = 0; i < sampling->n && good && !stop_requested(); i++) {
		struct sampled_point *point = &sampling->points[i];
		char *more = samples ? xasprintf(SAMPLED, is_alone(point) ? SAMPLED_ALONE_MS :
								    SAMPLED_MS) : xstrdup(TRACED);

		good = run_recorded(recorder, point, more,
				    samples ? &point->sampled : &point->traced);
		free(more);
	}
	perf_end(recorder);
	return good;
}

static bool read_records(struct sampling *sampling, struct recorder *recorder, struct fold *fold)
{
	char *modules;
	bool good;

	if (!fs_read("/proc/modules", &modules)) {
		fold_modules(fold, modules);
		free(modules);
	}
	fold->n = sampling->n;
	fold->spans = xcalloc(fold->n, sizeof(*fold->spans));
	for (size_t i = 0; i < fold->n; i++) {
		const struct sampled_point *point = &sampling->points[i];
		const struct point_run *run = recorder == &sampling->perf.samples ?
					      &point->sampled : &point->traced;

		fold->spans[i].from = run->from;
		fold->spans[i].to = run->to;
	}
	good = perf_script(&sampling->perf, recorder, fold_line, fold);
	fold_finish(fold);
	return good;
}

/* Sums are enough to compare with, and a hundredth of the histograms. */
static struct json_object *stage_sums(struct json_object *run)
{
	static const char *const kept[] = { "count", "sum" };
	struct json_object *sums = json_object_new_object(), *stages;

	if (!json_object_object_get_ex(run, "stages", &stages))
		return sums;
	json_object_object_foreach(stages, name, stage) {
		struct json_object *sum = json_object_new_object();

		for (size_t i = 0; i < ARRAY_SIZE(kept); i++) {
			struct json_object *value = json_object_object_get(stage, kept[i]);

			json_object_object_add(sum, kept[i], json_object_get(value));
		}
		json_object_object_add(sums, name, sum);
	}
	return sums;
}

static struct json_object *span_json(const struct span *span, struct json_object *run)
{
	struct json_object *object = json_object_new_object(), *result;
	__u64 window = span->close > span->open ? span->close - span->open : 0;

	json_object_object_get_ex(run, "result", &result);
	json_object_object_add(object, "window_ns", json_object_new_uint64(window));
	json_object_object_add(object, "transfers",
			       json_object_get(json_object_object_get(result, "transfers")));
	return object;
}

static struct json_object *point_json(const struct sampled_point *point, const struct span *samples,
				      const struct span *events)
{
	struct json_object *object = json_object_new_object(), *part;

	json_put_number(object, "run", (__s64)point->run);
	part = span_json(samples, point->sampled.run);
	json_object_object_add(part, "stages", stage_sums(point->sampled.run));
	json_put_number(part, "samples", (__s64)samples->samples);
	json_object_object_add(part, "stacks", fold_stacks(samples));
	json_object_object_add(object, "sampled", part);
	part = span_json(events, point->traced.run);
	json_object_object_add(part, "events", fold_events(events));
	json_object_object_add(object, "traced", part);
	return object;
}

static struct json_object *points_json(const struct sampling *sampling,
				       const struct fold *samples, const struct fold *events)
{
	struct json_object *runs = json_object_new_array();

	for (size_t i = 0; i < sampling->n; i++)
		if (sampling->points[i].sampled.from && sampling->points[i].traced.from)
			json_object_array_add(runs, point_json(&sampling->points[i],
							       &samples->spans[i],
							       &events->spans[i]));
	return runs;
}

static struct json_object *perf_json(struct sampling *sampling, const struct fold *samples,
				     const struct fold *events)
{
	struct json_object *object = json_object_new_object();
	struct perf *perf = &sampling->perf;

	json_put_text(object, "version", perf->version);
	json_put_text(object, "clock", samples->clock ? samples->clock : perf->clock);
	json_put_number(object, "frequency", PERF_FREQUENCY);
	json_object_object_add(object, "frames", fold_frames(samples));
	json_object_object_add(object, "runs", points_json(sampling, samples, events));
	json_object_object_add(object, "functions", perf_code(perf, samples));
	return object;
}

struct json_object *sampling_run(struct sampling *sampling, bool quiet)
{
	struct fold *samples = xcalloc(1, sizeof(*samples)), *events = xcalloc(1, sizeof(*events));
	struct perf *perf = &sampling->perf;
	struct json_object *object = NULL;

	progress_begin(2 * sampling->n, quiet);
	if (run_points(sampling, &perf->samples) && run_points(sampling, &perf->events) &&
	    read_records(sampling, &perf->samples, samples) &&
	    read_records(sampling, &perf->events, events)) {
		object = perf_json(sampling, samples, events);
	} else {
		char *why = perf_trouble(perf);

		warn("--perf: perf has failed: %s", why);
		free(why);
	}
	progress_end();
	fold_free(samples);
	fold_free(events);
	free(samples);
	free(events);
	return object;
}

void sampling_free(struct sampling *sampling)
{
	for (size_t i = 0; i < sampling->n; i++) {
		struct sampled_point *point = &sampling->points[i];

		json_object_put(point->sampled.run);
		json_object_put(point->traced.run);
		free(point->config);
		free(point->label);
	}
	free(sampling->points);
	perf_free(&sampling->perf);
}
