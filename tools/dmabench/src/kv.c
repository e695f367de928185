// SPDX-License-Identifier: GPL-2.0-only
/* Readers for the text grammar of the module's files (docs/debugfs.md). */
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "kv.h"
#include "mem.h"
#include "num.h"

/* Keys are printable ASCII: anything else is no line of ours. */
static bool is_key(const char *key)
{
	for (; *key; key++)
		if (*key <= ' ' || *key > '~')
			return false;
	return true;
}

static void add_pair(struct kvlist *list, const char *key, const char *value)
{
	if (!is_key(key))
		return;
	list->v = xgrow(list->v, list->n + 1, sizeof(*list->v));
	list->v[list->n++] = (struct kv){ key, value };
}

void kv_parse(struct kvlist *list, const char *text, char separator)
{
	char *line, *next, *value;

	*list = (struct kvlist){ .text = xstrdup(text) };
	for (line = list->text; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (*line == '#')
			continue;
		value = strchr(line, separator);
		if (!value || value == line)
			continue;
		*value++ = '\0';
		value += strspn(value, " \t");
		add_pair(list, line, value);
	}
}

const char *kv_get(const struct kvlist *list, const char *key)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i].key, key))
			return list->v[i].value;
	return NULL;
}

const char *kv_text(const struct kvlist *list, const char *key, const char *otherwise)
{
	const char *value = kv_get(list, key);

	return value ? value : otherwise;
}

__u64 kv_u64(const struct kvlist *list, const char *key, __u64 otherwise)
{
	const char *value = kv_get(list, key);
	__u64 number;

	return value && num_u64(value, &number) ? number : otherwise;
}

int kv_int(const struct kvlist *list, const char *key, int otherwise)
{
	const char *value = kv_get(list, key);
	__s64 number;

	if (!value || !num_s64(value, &number) || number < INT_MIN || number > INT_MAX)
		return otherwise;
	return (int)number;
}

void kv_free(struct kvlist *list)
{
	free(list->text);
	free(list->v);
	*list = (struct kvlist){ 0 };
}

static void parse_record(struct records *records, const char *line, size_t len)
{
	struct record record = { .pairs.text = xstrndup(line, len) };
	char *rest = NULL, *word, *value;

	record.word = strtok_r(record.pairs.text, " \t", &rest);
	if (!record.word || *record.word == '#') {
		kv_free(&record.pairs);
		return;
	}
	while ((word = strtok_r(NULL, " \t", &rest))) {
		value = strchr(word, '=');
		if (!value || value == word)
			continue;
		*value++ = '\0';
		add_pair(&record.pairs, word, value);
	}
	records->v = xgrow(records->v, records->n + 1, sizeof(*records->v));
	records->v[records->n++] = record;
}

void records_parse(struct records *records, const char *text)
{
	*records = (struct records){ 0 };
	while (*text) {
		size_t len = strcspn(text, "\n");

		parse_record(records, text, len);
		text += len + (text[len] == '\n');
	}
}

const struct record *records_find(const struct records *records, const char *word)
{
	for (size_t i = 0; i < records->n; i++)
		if (!strcmp(records->v[i].word, word))
			return &records->v[i];
	return NULL;
}

void records_free(struct records *records)
{
	for (size_t i = 0; i < records->n; i++)
		kv_free(&records->v[i].pairs);
	free(records->v);
	*records = (struct records){ 0 };
}
