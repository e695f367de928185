// SPDX-License-Identifier: GPL-2.0-only
/* The name that somebody meant. */
#include <stdint.h>
#include <string.h>

#include "near.h"

#define NAME_MAX_LEN	31

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits between two names; neighbours that are swapped count as one. */
static size_t distance(const char *a, const char *b)
{
	size_t rows[3][NAME_MAX_LEN + 1];
	size_t *before = rows[0], *last = rows[1], *row = rows[2], *swap;
	size_t la = strlen(a), lb = strlen(b);

	if (la > NAME_MAX_LEN || lb > NAME_MAX_LEN)
		return SIZE_MAX;
	for (size_t j = 0; j <= lb; j++)
		last[j] = j;
	for (size_t i = 1; i <= la; i++) {
		row[0] = i;
		for (size_t j = 1; j <= lb; j++) {
			row[j] = smaller(last[j] + 1, row[j - 1] + 1);
			row[j] = smaller(row[j], last[j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
		swap = before;
		before = last;
		last = row;
		row = swap;
	}
	return last[lb];
}

const char *near_name(const char *wrong, char *const *names, size_t n)
{
	/* One slip in three letters: more of them make another word. */
	size_t best = strlen(wrong) > 3 ? strlen(wrong) / 3 : 1;
	const char *found = NULL;

	for (size_t i = 0; i < n; i++) {
		size_t d = distance(wrong, names[i]);

		if (d <= best && (!found || d < best)) {
			best = d;
			found = names[i];
		}
	}
	return found;
}
