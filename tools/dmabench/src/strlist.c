// SPDX-License-Identifier: GPL-2.0-only
/* A growing list of strings. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "strlist.h"

void strlist_take(struct strlist *list, char *text)
{
	/* Grown in powers of two: a sweep may have tens of thousands of values. */
	if (!(list->n & (list->n - 1)))
		list->v = xgrow(list->v, list->n ? list->n * 2 : 1, sizeof(*list->v));
	list->v[list->n++] = text;
}

void strlist_add(struct strlist *list, const char *text)
{
	strlist_take(list, xstrdup(text));
}

void strlist_split(struct strlist *list, const char *text, const char *separators)
{
	while (*text) {
		size_t len = strcspn(text, separators);

		if (len)
			strlist_take(list, xstrndup(text, len));
		text += len;
		text += strspn(text, separators);
	}
}

bool strlist_has(const struct strlist *list, const char *text)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->v[i], text))
			return true;
	return false;
}

char *strlist_join(const struct strlist *list, const char *between)
{
	size_t len = 1, step = strlen(between);
	char *text, *at;

	for (size_t i = 0; i < list->n; i++)
		len += strlen(list->v[i]) + step;
	text = xcalloc(len, 1);
	at = text;
	for (size_t i = 0; i < list->n; i++) {
		if (i)
			at = stpcpy(at, between);
		at = stpcpy(at, list->v[i]);
	}
	return text;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void strlist_sort(struct strlist *list)
{
	if (list->n)
		qsort(list->v, list->n, sizeof(*list->v), compare);
}

void strlist_free(struct strlist *list)
{
	for (size_t i = 0; i < list->n; i++)
		free(list->v[i]);
	free(list->v);
	*list = (struct strlist){ 0 };
}
