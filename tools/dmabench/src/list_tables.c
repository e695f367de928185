// SPDX-License-Identifier: GPL-2.0-only
/* The tables of dmabench list. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "channels.h"
#include "defs.h"
#include "list_tables.h"
#include "mem.h"
#include "strlist.h"
#include "table.h"
#include "units.h"

static void heads(struct table *table, const char *const *names, size_t n)
{
	for (size_t i = 0; i < n; i++)
		table_head(table, names[i]);
}

static void size_cell(struct table *table, const struct kvlist *pairs, const char *key)
{
	__u64 bytes = kv_u64(pairs, key, 0);
	char text[UNITS_LEN] = "";

	if (kv_get(pairs, key))
		units_size(text, bytes);
	table_cell(table, text);
}

static void controls_cell(struct table *table, const struct kvlist *pairs)
{
	static const char *const controls[] = { "pause", "resume", "terminate", "synchronize" };
	struct strlist words = { 0 };
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(controls); i++)
		if (kv_u64(pairs, controls[i], 0))
			strlist_add(&words, controls[i]);
	text = strlist_join(&words, ",");
	table_cell(table, text);
	free(text);
	strlist_free(&words);
}

void list_print_channels(const struct records *channels)
{
	static const char *const names[] = { "channel", "device", "driver", "state", "granularity",
					     "directions", "controls", "capabilities" };
	struct table table = { 0 };

	heads(&table, names, ARRAY_SIZE(names));
	for (size_t i = 0; i < channels->n; i++) {
		const struct kvlist *pairs = &channels->v[i].pairs;

		table_cell(&table, channels->v[i].word);
		table_cell(&table, kv_get(pairs, "device"));
		table_cell(&table, kv_get(pairs, "driver"));
		table_cell(&table, kv_get(pairs, "state"));
		table_cell(&table, kv_get(pairs, "granularity"));
		table_cell(&table, kv_get(pairs, "directions"));
		controls_cell(&table, pairs);
		table_cell(&table, kv_get(pairs, "caps"));
	}
	table_print(&table, stdout, 0);
}

/* Whether two records say the same under all of these keys. */
static bool alike(const struct record *a, const struct record *b, const char *const *keys,
		  size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(kv_text(&a->pairs, keys[i], ""), kv_text(&b->pairs, keys[i], "")))
			return false;
	return true;
}

/*
 * The name of row @index: "dma0chan0 +3" if three of the records behind it are
 * alike, NULL if it is like one before it. To be freed.
 */
static char *row_name(const struct records *records, size_t index, const char *const *keys,
		      size_t n)
{
	const struct record *record = &records->v[index];
	size_t more = 0;

	for (size_t i = 0; i < index; i++)
		if (alike(&records->v[i], record, keys, n))
			return NULL;
	for (size_t i = index + 1; i < records->n; i++)
		more += alike(&records->v[i], record, keys, n);
	return more ? xasprintf("%s +%zu", record->word, more) : xstrdup(record->word);
}

/* "copy 1, xor 4": alignments of memory transfers, one number if they are the same. */
static void align_cell(struct table *table, const struct kvlist *pairs)
{
	static const char *const names[] = { "copy", "xor", "pq", "fill" };
	struct strlist words = { 0 };
	bool same = true;
	char *text;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		char *key = xasprintf("%s_align", names[i]);
		const char *value = kv_get(pairs, key);

		free(key);
		if (!value)
			continue;
		same &= !strcmp(value, kv_text(pairs, "copy_align", ""));
		strlist_take(&words, xasprintf("%s:%s", names[i], value));
	}
	text = strlist_join(&words, ",");
	table_cell(table, same && words.n ? kv_get(pairs, "copy_align") : text);
	free(text);
	strlist_free(&words);
}

/* A number that is 0 where the provider has not said anything. */
static void limit_cell(struct table *table, const struct kvlist *pairs, const char *key)
{
	table_cell(table, kv_u64(pairs, key, 0) ? kv_get(pairs, key) : "");
}

static void burst_cell(struct table *table, const struct kvlist *pairs)
{
	__u64 low = kv_u64(pairs, "min_burst", 0), high = kv_u64(pairs, "max_burst", 0);
	char *text = high ? xasprintf("%llu..%llu", low ? low : 1, high) : xstrdup("");

	table_cell(table, text);
	free(text);
}

void list_print_limits(const struct records *channels)
{
	static const char *const keys[] = {
		"copy_align", "xor_align", "pq_align", "fill_align", "max_segment", "boundary",
		"max_xor", "max_pq", "src_widths", "dst_widths", "min_burst", "max_burst",
		"max_sg_burst", "metadata", "reuse",
	};
	static const char *const names[] = {
		"channel", "align", ">max segment", "boundary", ">max xor", ">max pq",
		"from widths", "to widths", "burst", ">max sg", "metadata", "reuse",
	};
	struct table table = { 0 };

	heads(&table, names, ARRAY_SIZE(names));
	for (size_t i = 0; i < channels->n; i++) {
		const struct kvlist *pairs = &channels->v[i].pairs;
		char *name;

		/* Of a channel that the module does not see there is nothing to tell. */
		if (!kv_get(pairs, "copy_align"))
			continue;
		name = row_name(channels, i, keys, ARRAY_SIZE(keys));
		if (!name)
			continue;
		table_cell(&table, name);
		align_cell(&table, pairs);
		size_cell(&table, pairs, "max_segment");
		table_cell(&table, kv_get(pairs, "boundary"));
		limit_cell(&table, pairs, "max_xor");
		limit_cell(&table, pairs, "max_pq");
		table_cell(&table, kv_get(pairs, "src_widths"));
		table_cell(&table, kv_get(pairs, "dst_widths"));
		burst_cell(&table, pairs);
		limit_cell(&table, pairs, "max_sg_burst");
		table_cell(&table, kv_get(pairs, "metadata"));
		table_cell(&table, !kv_get(pairs, "reuse") ? "" :
				   kv_u64(pairs, "reuse", 0) ? "yes" : "no");
		free(name);
	}
	table_print(&table, stdout, 0);
}

void list_print_operations(const struct records *operations, const struct records *abilities)
{
	struct table table = { 0 };

	table_head(&table, "operation");
	table_head(&table, "needs");
	table_head(&table, "run by");
	table_head(&table, ">channels");
	for (size_t i = 0; i < operations->n; i++) {
		const struct kvlist *pairs = &operations->v[i].pairs;
		bool cpu = !strcmp(kv_text(pairs, "timed", ""), "cpu");
		size_t able = 0;
		char *count;

		for (size_t j = 0; j < abilities->n; j++)
			able += channel_can(&abilities->v[j], operations->v[i].word);
		count = cpu ? xstrdup("any") : xasprintf("%zu", able);
		table_cell(&table, operations->v[i].word);
		table_cell(&table, kv_get(pairs, "needs"));
		table_cell(&table, kv_get(pairs, "timed"));
		table_cell(&table, count);
		free(count);
	}
	table_print(&table, stdout, 0);
}

/* "memset:memset,xor_val:xor_val" as "memset, xor_val", or "cyclic (no terminate)". */
static char *cannot_text(const struct kvlist *pairs)
{
	struct strlist words = { 0 }, said = { 0 };
	const char *list = kv_text(pairs, "cannot", "none");
	char *text;

	if (strcmp(list, "none"))
		strlist_split(&words, list, ",");
	for (size_t i = 0; i < words.n; i++) {
		const char *colon = strchr(words.v[i], ':');

		strlist_take(&said, colon ? xasprintf("%.*s (no %s)", (int)(colon - words.v[i]),
						      words.v[i], colon + 1) :
					    xstrdup(words.v[i]));
	}
	text = strlist_join(&said, ", ");
	strlist_free(&said);
	strlist_free(&words);
	return text;
}

void list_print_abilities(const struct records *abilities)
{
	static const char *const keys[] = { "can", "cannot" };
	struct table table = { 0 };

	table_head(&table, "channel");
	table_head(&table, "can run");
	table_head(&table, "cannot run");
	for (size_t i = 0; i < abilities->n; i++) {
		const struct kvlist *pairs = &abilities->v[i].pairs;
		char *name = row_name(abilities, i, keys, ARRAY_SIZE(keys)), *cannot;

		if (!name)
			continue;
		cannot = cannot_text(pairs);
		table_cell(&table, name);
		table_cell(&table, kv_get(pairs, "can"));
		table_cell(&table, cannot);
		free(cannot);
		free(name);
	}
	table_print(&table, stdout, 0);
}

void list_print_peripherals(const struct records *peripherals)
{
	static const char *const names[] = { "peripheral", "endpoint", "transmit at", "receive at",
					     ">width", ">burst", ">frames/s" };
	static const char *const keys[] = { "endpoint", "tx_addr", "rx_addr", "width", "maxburst",
					    "frame_rate" };
	struct table table = { 0 };

	heads(&table, names, ARRAY_SIZE(names));
	for (size_t i = 0; i < peripherals->n; i++) {
		table_cell(&table, peripherals->v[i].word);
		for (size_t j = 0; j < ARRAY_SIZE(keys); j++)
			table_cell(&table, kv_get(&peripherals->v[i].pairs, keys[j]));
	}
	table_print(&table, stdout, 0);
}
