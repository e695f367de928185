// SPDX-License-Identifier: GPL-2.0-only
/* The knobs of a job, as the module lists them. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dbgfs.h"
#include "defs.h"
#include "knobs.h"
#include "kv.h"
#include "mem.h"
#include "near.h"
#include "num.h"

/* A bound as people would write it: 16777216 is 16M, but 86400000 no number of K. */
static char *bound_text(__s64 bound)
{
	static const char units[] = { 'G', 'M', 'K' };

	for (size_t i = 0; i < ARRAY_SIZE(units); i++) {
		int shift = 30 - 10 * (int)i;

		if (bound > 0 && !(bound & ((1LL << shift) - 1)) && bound >> shift < 1024)
			return xasprintf("%lld%c", bound >> shift, units[i]);
	}
	return xasprintf("%lld", bound);
}

static char *range_text(const struct kvlist *pairs)
{
	char *from, *to, *text;
	__s64 low, high;

	if (!num_s64(kv_text(pairs, "min", ""), &low) || !num_s64(kv_text(pairs, "max", ""), &high))
		return xstrdup(kv_get(pairs, "length") ? "text" : "");
	if (low == INT64_MIN && high == INT64_MAX)
		return xstrdup("any 64-bit number");
	from = bound_text(low);
	to = bound_text(high);
	text = high == INT64_MAX ? xasprintf("%s and more", from) : xasprintf("%s..%s", from, to);
	free(from);
	free(to);
	return text;
}

/* "depth preset=1 min=1 max=1024 # transfers that a worker keeps in flight" */
static void add_knob(struct knobs *knobs, const char *line)
{
	const char *comment = strstr(line, " # ");
	char *facts = xstrndup(line, comment ? (size_t)(comment - line) : strlen(line));
	struct records records;
	struct knob knob = { 0 };

	/* The comment is prose, where "wait=hybrid:" means nothing. */
	records_parse(&records, facts);
	free(facts);
	if (records.n) {
		const struct kvlist *pairs = &records.v[0].pairs;

		knob.name = xstrdup(records.v[0].word);
		knob.meaning = xstrdup(comment ? comment + 3 : "");
		strlist_split(&knob.words, kv_text(pairs, "words", ""), ",");
		knob.values = knob.words.n ? strlist_join(&knob.words, ", ") : range_text(pairs);
		knobs->v = xgrow(knobs->v, knobs->n + 1, sizeof(*knobs->v));
		knobs->v[knobs->n++] = knob;
	}
	records_free(&records);
}

void knobs_parse(struct knobs *knobs, const char *text)
{
	struct strlist lines = { 0 };

	*knobs = (struct knobs){ 0 };
	strlist_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++)
		add_knob(knobs, lines.v[i]);
	strlist_free(&lines);
}

void knobs_read(struct knobs *knobs)
{
	char *text = dbgfs_text(NULL, "knobs");

	knobs_parse(knobs, text);
	free(text);
}

const struct knob *knobs_find(const struct knobs *knobs, const char *name)
{
	for (size_t i = 0; i < knobs->n; i++)
		if (!strcmp(knobs->v[i].name, name))
			return &knobs->v[i];
	return NULL;
}

const char *knobs_suggest(const struct knobs *knobs, const char *name)
{
	char **names = xcalloc(knobs->n, sizeof(*names));
	const char *found;

	for (size_t i = 0; i < knobs->n; i++)
		names[i] = knobs->v[i].name;
	found = near_name(name, names, knobs->n);
	free(names);
	return found;
}

void knobs_print(const struct knobs *knobs, FILE *out)
{
	for (size_t i = 0; i < knobs->n; i++)
		fprintf(out, "  %-14s %s%s%s%s\n", knobs->v[i].name, knobs->v[i].meaning,
			*knobs->v[i].values ? " (" : "", knobs->v[i].values,
			*knobs->v[i].values ? ")" : "");
	if (!knobs->n)
		fprintf(out, "  the module lists them: load it first, modprobe dmabench\n");
}

void knobs_free(struct knobs *knobs)
{
	for (size_t i = 0; i < knobs->n; i++) {
		free(knobs->v[i].name);
		free(knobs->v[i].values);
		free(knobs->v[i].meaning);
		strlist_free(&knobs->v[i].words);
	}
	free(knobs->v);
	*knobs = (struct knobs){ 0 };
}
