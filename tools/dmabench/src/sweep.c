// SPDX-License-Identifier: GPL-2.0-only
/* Sweeps: one text, many values. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "mem.h"
#include "num.h"
#include "sweep.h"

#define BLANKS	" \t"

/* The part of @text without blanks around it, as text of its own. */
static char *trimmed(const char *text, size_t len)
{
	while (len && strchr(BLANKS, *text)) {
		text++;
		len--;
	}
	while (len && strchr(BLANKS, text[len - 1]))
		len--;
	return xstrndup(text, len);
}

static int too_many(char **error)
{
	*error = xasprintf("more than %d values in one sweep", SWEEP_MAX);
	return -1;
}

struct range {
	__s64 first;
	__s64 last;
	__s64 step;
	bool factor;
};

static bool parse_step(const char *text, struct range *range)
{
	range->factor = *text == '*';
	if (*text != '*' && *text != '+')
		return false;
	text += 1 + strspn(text + 1, BLANKS);
	return num_human(text, &range->step);
}

static int parse_range(const char *item, const char *dots, struct range *range, char **error)
{
	const char *step = dots + 2 + strcspn(dots + 2, "*+");
	char *first = trimmed(item, (size_t)(dots - item));
	char *last = trimmed(dots + 2, (size_t)(step - dots - 2));
	bool numbers = num_human(first, &range->first) && num_human(last, &range->last);

	free(first);
	free(last);
	if (!numbers)
		*error = xasprintf("'%s': a range is two numbers, as in 64..1M *4", item);
	else if (!parse_step(step, range))
		*error = xasprintf("'%s': a range needs a step: 1..16 +1 or *2", item);
	else if (range->first > range->last)
		*error = xasprintf("'%s': the range ends before it begins", item);
	else if (range->factor ? range->step < 2 : range->step < 1)
		*error = xasprintf("'%s': the step is +1 or more, the factor *2 or more", item);
	else if (range->factor && range->first < 1)
		*error = xasprintf("'%s': a factor needs a range that begins at 1 or more", item);
	else
		return 0;
	return -1;
}

static int expand_range(const struct range *range, struct strlist *values, char **error)
{
	__s64 value = range->first;

	for (;;) {
		if (values->n >= SWEEP_MAX)
			return too_many(error);
		strlist_take(values, xasprintf("%lld", value));
		if (range->factor) {
			if (value > range->last / range->step)
				return 0;
			value *= range->step;
		} else {
			/* As unsigned: the distance may be more than a signed number holds. */
			if ((__u64)range->last - (__u64)value < (__u64)range->step)
				return 0;
			value += range->step;
		}
	}
}

static int expand_item(char *item, struct strlist *values, char **error)
{
	const char *dots = strstr(item, "..");
	size_t len = strlen(item);
	struct range range;

	if (*item == '"') {
		if (len < 2 || strchr(item + 1, '"') != item + len - 1) {
			*error = xasprintf("%s: a quote is open or stands inside a value", item);
			return -1;
		}
		strlist_take(values, xstrndup(item + 1, len - 2));
		return 0;
	}
	if (dots) {
		if (parse_range(item, dots, &range, error))
			return -1;
		return expand_range(&range, values, error);
	}
	if (!len) {
		*error = xstrdup("a value is missing beside a comma");
		return -1;
	}
	if (strpbrk(item, BLANKS "\"")) {
		*error = xasprintf("'%s' is no single value: separate values by commas", item);
		return -1;
	}
	strlist_add(values, item);
	return 0;
}

/* Length up to the next comma that is not quoted. */
static size_t item_length(const char *text)
{
	bool quoted = false;
	size_t len;

	for (len = 0; text[len] && (quoted || text[len] != ','); len++)
		if (text[len] == '"')
			quoted = !quoted;
	return len;
}

int sweep_expand(const char *text, struct strlist *values, char **error)
{
	if (!text[strspn(text, BLANKS)]) {
		strlist_add(values, "");
		return 0;
	}
	for (;;) {
		size_t len = item_length(text);
		char *item = trimmed(text, len);
		int ret = values->n >= SWEEP_MAX ? too_many(error) :
						   expand_item(item, values, error);

		free(item);
		if (ret || !text[len])
			return ret;
		text += len + 1;
	}
}
