// SPDX-License-Identifier: GPL-2.0-only
/* Texts as numbers. */
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "intern.h"
#include "mem.h"

#define FIRST_ROOM	256

/* FNV-1a */
static size_t hash(const char *text)
{
	__u64 sum = 0xcbf29ce484222325;

	while (*text)
		sum = (sum ^ (unsigned char)*text++) * 0x100000001b3;
	return (size_t)(sum ^ (sum >> 32));
}

static size_t *slot_of(struct intern *intern, const char *text)
{
	size_t at = hash(text) & (intern->room - 1);

	while (intern->slots[at] && strcmp(intern->texts[intern->slots[at] - 1], text))
		at = (at + 1) & (intern->room - 1);
	return &intern->slots[at];
}

static void grow(struct intern *intern)
{
	intern->room = intern->room ? 2 * intern->room : FIRST_ROOM;
	free(intern->slots);
	intern->slots = xcalloc(intern->room, sizeof(*intern->slots));
	for (size_t i = 0; i < intern->n; i++)
		*slot_of(intern, intern->texts[i]) = i + 1;
}

size_t intern(struct intern *intern, const char *text)
{
	size_t *slot;

	if (2 * intern->n >= intern->room)
		grow(intern);
	slot = slot_of(intern, text);
	if (!*slot) {
		intern->texts = xgrow(intern->texts, intern->n + 1, sizeof(*intern->texts));
		intern->texts[intern->n++] = xstrdup(text);
		*slot = intern->n;
	}
	return *slot - 1;
}

void intern_free(struct intern *intern)
{
	for (size_t i = 0; i < intern->n; i++)
		free(intern->texts[i]);
	free(intern->texts);
	free(intern->slots);
	*intern = (struct intern){ 0 };
}
