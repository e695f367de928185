// SPDX-License-Identifier: GPL-2.0-only
/* What a suite's report is shown as. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dbgfs.h"
#include "defs.h"
#include "fs.h"
#include "json.h"
#include "mem.h"
#include "suite.h"
#include "table.h"

/**
 * struct group - what the cases of a chapter came to
 * @name: of the chapter
 * @count: by verdict
 */
struct group {
	char *name;
	unsigned int count[KTAP_VERDICTS];
};

static struct group *group_of(struct group **groups, size_t *n, const char *name)
{
	size_t len = strcspn(name, ".");

	for (size_t i = 0; i < *n; i++)
		if (strlen((*groups)[i].name) == len && !strncmp((*groups)[i].name, name, len))
			return &(*groups)[i];
	*groups = xgrow(*groups, *n + 1, sizeof(**groups));
	(*groups)[*n] = (struct group){ .name = xstrndup(name, len) };
	return &(*groups)[(*n)++];
}

static void count_row(struct table *table, const char *name, const unsigned int *count)
{
	table_cell(table, name);
	for (size_t v = 0; v < KTAP_VERDICTS; v++) {
		char *text = count[v] ? xasprintf("%u", count[v]) : xstrdup("");

		table_cell(table, text);
		free(text);
	}
}

static void print_groups(const struct ktap *ktap)
{
	struct group *groups = NULL, all = { .name = "all" };
	struct table table = { 0 };
	size_t n = 0;

	table_head(&table, "group");
	for (size_t v = 0; v < KTAP_VERDICTS; v++) {
		char *head = xasprintf(">%s", ktap_verdict_names[v]);

		table_head(&table, head);
		free(head);
	}
	for (size_t i = 0; i < ktap->n; i++) {
		group_of(&groups, &n, ktap->v[i].name)->count[ktap->v[i].verdict]++;
		all.count[ktap->v[i].verdict]++;
	}
	for (size_t i = 0; i < n; i++) {
		count_row(&table, groups[i].name, groups[i].count);
		free(groups[i].name);
	}
	count_row(&table, all.name, all.count);
	table_print(&table, stdout, 0);
	free(groups);
}

static void print_said(const char *said)
{
	char *copy = xstrdup(said), *rest = copy, *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			printf("    %s\n", line);
	free(copy);
}

static void print_verdict(const struct ktap *ktap, const struct waivers *waivers,
			  enum ktap_verdict verdict, const char *title)
{
	bool any = false;

	for (size_t i = 0; i < ktap->n; i++) {
		const struct ktap_case *c = &ktap->v[i];
		const char *reason;

		if (c->verdict != verdict)
			continue;
		if (!any)
			printf("\n%s\n", title);
		any = true;
		printf("  %s\n", c->name);
		reason = verdict == KTAP_WAIVED ? waivers_reason(waivers, c->name) : NULL;
		if (reason)
			printf("    waived because: %s\n", reason);
		print_said(c->said);
	}
}

/* Why cases were skipped, each reason once with how many there were. */
static void print_skips(const struct ktap *ktap)
{
	bool any = false;

	for (size_t i = 0; i < ktap->n; i++) {
		const struct ktap_case *c = &ktap->v[i];
		unsigned int same = 0;
		bool first = true;

		if (c->verdict != KTAP_SKIPPED)
			continue;
		for (size_t j = 0; j < ktap->n; j++) {
			if (ktap->v[j].verdict != KTAP_SKIPPED ||
			    strcmp(ktap->v[j].reason, c->reason))
				continue;
			same++;
			first &= j >= i;
		}
		if (!first)
			continue;
		if (!any)
			printf("\nskipped, because\n");
		any = true;
		printf("  %s: %u case%s, as %s\n", c->reason, same, same == 1 ? "" : "s",
		       c->name);
	}
}

void suite_print(const struct ktap *ktap, const struct waivers *waivers)
{
	print_groups(ktap);
	print_skips(ktap);
	print_verdict(ktap, waivers, KTAP_ADVISED, "advice: rules that do not bind");
	print_verdict(ktap, waivers, KTAP_WAIVED, "waived");
	print_verdict(ktap, waivers, KTAP_FAILED, "FAILED");
	if (ktap->bailed_out)
		printf("\nended after %zu of %zu cases: %s\n", ktap->n, ktap->planned,
		       ktap->bailed_out);
}

/* The lines of the files `cases` and `rules`, for who has no module at hand. */
static struct json_object *lines_json(const char *file)
{
	struct json_object *array = json_object_new_array();
	char *text = dbgfs_text(NULL, file), *rest = text, *line;

	while ((line = strsep(&rest, "\n")))
		if (*line)
			json_object_array_add(array, json_text(line));
	free(text);
	return array;
}

struct json_object *suite_json(const struct ktap *ktap, const struct waivers *waivers)
{
	struct json_object *suite = json_object_new_object();
	struct json_object *cases = json_object_new_array();

	json_put_text(suite, "head", ktap->head);
	json_put_number(suite, "planned", (__s64)ktap->planned);
	if (ktap->bailed_out)
		json_put_text(suite, "bailed_out", ktap->bailed_out);
	for (size_t i = 0; i < ktap->n; i++) {
		const struct ktap_case *c = &ktap->v[i];
		struct json_object *one = json_object_new_object();
		const char *waiver = waivers_reason(waivers, c->name);

		json_put_text(one, "name", c->name);
		json_put_text(one, "verdict", ktap_verdict_names[c->verdict]);
		if (c->verdict == KTAP_WAIVED)
			json_put_text(one, "reason", waiver ? waiver : "");
		else
			json_put_text(one, "reason", c->reason);
		json_put_text(one, "said", c->said);
		json_object_array_add(cases, one);
	}
	json_object_object_add(suite, "cases", cases);
	json_object_object_add(suite, "definitions", lines_json("cases"));
	json_object_object_add(suite, "rules", lines_json("rules"));
	return suite;
}

/* -------------------------------------------------------------- peripheral */

static const char *free_sibling(const struct records *channels, const struct record *own)
{
	const char *device = kv_text(&own->pairs, "device", "");

	for (size_t i = 0; i < channels->n; i++) {
		const struct record *other = &channels->v[i];

		if (strcmp(other->word, own->word) &&
		    !strcmp(kv_text(&other->pairs, "device", ""), device) &&
		    !strcmp(kv_text(&other->pairs, "state", ""), "free"))
			return other->word;
	}
	return NULL;
}

void suite_find_peripheral(struct strlist *knobs, const struct records *channels,
			   const char *channel)
{
	const struct record *own = records_find(channels, channel);
	const struct record *loopback, *failing;
	struct records peripherals;
	const char *sibling;
	char *path, *text;

	if (!own || strcmp(kv_text(&own->pairs, "driver", ""), "dmasim"))
		return;
	sibling = free_sibling(channels, own);
	path = xasprintf("%s/../dmasim/%s/peripherals", dbgfs_root(),
			 kv_text(&own->pairs, "device", ""));
	if (!sibling || fs_read(path, &text)) {
		free(path);
		return;
	}
	records_parse(&peripherals, text);
	loopback = records_find(&peripherals, "loopback0");
	failing = records_find(&peripherals, "fail0");
	if (failing && kv_get(&failing->pairs, "tx"))
		strlist_take(knobs, xasprintf("failing_addr=%s", kv_get(&failing->pairs, "tx")));
	if (loopback && kv_get(&loopback->pairs, "tx") && kv_get(&loopback->pairs, "rx")) {
		strlist_take(knobs, xasprintf("endpoint=loopback"));
		strlist_take(knobs, xasprintf("tx_addr=%s", kv_get(&loopback->pairs, "tx")));
		strlist_take(knobs, xasprintf("rx_addr=%s", kv_get(&loopback->pairs, "rx")));
		strlist_take(knobs, xasprintf("rx_channel=%s", sibling));
	}
	records_free(&peripherals);
	free(text);
	free(path);
}
