// SPDX-License-Identifier: GPL-2.0-only
/* The table at the end of a bench run. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "mem.h"
#include "num.h"
#include "strlist.h"
#include "summary.h"
#include "table.h"
#include "units.h"

static int compare(const void *a, const void *b)
{
	__u64 x = *(const __u64 *)a, y = *(const __u64 *)b;

	return (x > y) - (x < y);
}

__u64 median(__u64 *numbers, size_t n)
{
	if (!n)
		return 0;
	qsort(numbers, n, sizeof(*numbers), compare);
	if (n % 2)
		return numbers[n / 2];
	return numbers[n / 2 - 1] + (numbers[n / 2] - numbers[n / 2 - 1]) / 2;
}

static bool has_figures(const struct sample *sample)
{
	return sample->transfers > 0 &&
	       (sample->verdict == VERDICT_DONE || sample->verdict == VERDICT_STOPPED ||
		sample->verdict == VERDICT_SLOW || sample->verdict == VERDICT_FAILED);
}

enum figure { OPS, BYTES, P50, P99, MAX };

static __u64 figure_of(const struct sample *sample, enum figure figure)
{
	switch (figure) {
	case OPS:
		return sample->ops_per_s;
	case BYTES:
		return sample->bytes_per_s;
	case P50:
		return sample->p50;
	case P99:
		return sample->p99;
	default:
		return sample->max;
	}
}

static void figure_cell(struct table *table, const struct outcome *outcome, enum figure figure)
{
	__u64 *numbers = xcalloc(outcome->n, sizeof(*numbers)), value;
	char text[UNITS_LEN] = "";
	size_t n = 0;

	for (size_t i = 0; i < outcome->n; i++) {
		const struct sample *sample = &outcome->samples[i];

		if (has_figures(sample) && (figure < P50 || sample->has_latency))
			numbers[n++] = figure_of(sample, figure);
	}
	value = median(numbers, n);
	/* Of the worst there is no median: it is the worst of all. */
	if (n && figure == MAX)
		value = numbers[n - 1];
	if (n && figure == OPS)
		units_count(text, value, "");
	else if (n && figure == BYTES)
		units_count(text, value, "B/s");
	else if (n)
		units_ns(text, value);
	table_cell(table, text);
	free(numbers);
}

static void errors_cell(struct table *table, const struct outcome *outcome)
{
	__u64 errors = 0;
	char text[UNITS_LEN];

	for (size_t i = 0; i < outcome->n; i++)
		errors += outcome->samples[i].errors;
	snprintf(text, sizeof(text), "%llu", errors);
	table_cell(table, text);
}

static const char *note_of(const struct outcome *outcome)
{
	static const char *const notes[] = {
		[VERDICT_DONE] = "",
		[VERDICT_STOPPED] = "stopped early",
		[VERDICT_SLOW] = "threshold",
		[VERDICT_FAILED] = "FAILED",
		[VERDICT_SKIPPED] = "skipped",
		[VERDICT_REFUSED] = "skipped",
		[VERDICT_ABORTED] = "aborted",
	};
	enum verdict worst = VERDICT_DONE;

	for (size_t i = 0; i < outcome->n; i++)
		if (outcome->samples[i].verdict != VERDICT_DONE && worst != VERDICT_FAILED)
			worst = outcome->samples[i].verdict;
	return notes[worst];
}

/* Knobs beside the usual columns whose value is not the same at all points. */
static void varying_knobs(struct strlist *knobs, const struct outcome *outcomes, size_t n)
{
	static const char *const usual[] = { "op", "size", "depth", "wait" };

	for (size_t k = 0; n && k < outcomes[0].config.n; k++) {
		const char *knob = outcomes[0].config.v[k].key;
		bool differs = false, own = false;

		for (size_t i = 0; i < ARRAY_SIZE(usual); i++)
			own |= !strcmp(knob, usual[i]);
		for (size_t i = 1; i < n && !differs; i++)
			differs = strcmp(outcomes[0].config.v[k].value,
					 kv_text(&outcomes[i].config, knob, ""));
		if (differs && !own)
			strlist_add(knobs, knob);
	}
}

static void size_cell(struct table *table, const struct kvlist *config)
{
	char high[UNITS_LEN], low[UNITS_LEN];
	const char *size = kv_text(config, "size", ""), *size_min;
	__s64 most, least = 0;
	char *range;

	if (!num_human(size, &most)) {
		table_cell(table, size);
		return;
	}
	size_min = kv_text(config, "size_min", "0");
	units_size(high, (__u64)most);
	if (!num_human(size_min, &least) || !least) {
		table_cell(table, high);
		return;
	}
	range = xasprintf("%s..%s", units_size(low, (__u64)least), high);
	table_cell(table, range);
	free(range);
}

static void print_table(FILE *out, const struct outcome *outcomes, size_t n)
{
	struct strlist knobs = { 0 };
	struct table table = { 0 };

	varying_knobs(&knobs, outcomes, n);
	table_head(&table, "op");
	table_head(&table, ">size");
	table_head(&table, ">depth");
	table_head(&table, "wait");
	for (size_t i = 0; i < knobs.n; i++)
		table_head(&table, knobs.v[i]);
	table_head(&table, ">ops/s");
	table_head(&table, ">bytes/s");
	table_head(&table, ">p50");
	table_head(&table, ">p99");
	table_head(&table, ">max");
	table_head(&table, ">errors");
	table_head(&table, "");
	for (size_t i = 0; i < n; i++) {
		const struct outcome *outcome = &outcomes[i];
		const char *note = note_of(outcome);

		table_cell(&table, kv_text(&outcome->config, "op", ""));
		size_cell(&table, &outcome->config);
		table_cell(&table, kv_text(&outcome->config, "depth", ""));
		table_cell(&table, kv_text(&outcome->config, "wait", ""));
		for (size_t k = 0; k < knobs.n; k++)
			table_cell(&table, kv_text(&outcome->config, knobs.v[k], ""));
		for (enum figure figure = OPS; figure <= MAX; figure++)
			figure_cell(&table, outcome, figure);
		errors_cell(&table, outcome);
		if (*note)
			table_cell(&table, note);
		else
			table_blank(&table);
	}
	table_print(&table, out, 0);
	strlist_free(&knobs);
}

static void collect_reasons(struct strlist *reasons, const struct outcome *outcome)
{
	for (size_t i = 0; i < outcome->n; i++) {
		const struct sample *sample = &outcome->samples[i];
		char *line;

		if (sample->verdict == VERDICT_DONE || sample->verdict == VERDICT_STOPPED ||
		    sample->verdict == VERDICT_ABORTED)
			continue;
		line = xasprintf("%s %s: %s", outcome->section,
				 sample->verdict == VERDICT_FAILED ? "failed" :
				 sample->verdict == VERDICT_SLOW ? "stopped" : "skipped",
				 sample->reason);
		if (strlist_has(reasons, line))
			free(line);
		else
			strlist_take(reasons, line);
	}
}

void summary_print(FILE *out, const struct outcome *outcomes, size_t n)
{
	struct strlist reasons = { 0 };

	print_table(out, outcomes, n);
	for (size_t i = 0; i < n; i++)
		collect_reasons(&reasons, &outcomes[i]);
	for (size_t i = 0; i < reasons.n; i++)
		fprintf(out, "%s\n", reasons.v[i]);
	strlist_free(&reasons);
}
