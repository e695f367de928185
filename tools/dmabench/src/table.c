// SPDX-License-Identifier: GPL-2.0-only
/* Aligned columns. */
#include <stdlib.h>
#include <string.h>

#include "mem.h"
#include "table.h"

void table_head(struct table *table, const char *title)
{
	strlist_add(&table->heads, title);
}

void table_cell(struct table *table, const char *text)
{
	strlist_add(&table->cells, text && *text ? text : "-");
}

void table_blank(struct table *table)
{
	strlist_add(&table->cells, "");
}

static void print_row(FILE *out, char *const *cells, const struct strlist *heads,
		      const size_t *widths, int indent)
{
	size_t pending = (size_t)indent;

	/* Blanks are written only before text, so that no line ends in them. */
	for (size_t i = 0; i < heads->n; i++) {
		const char *text = cells[i] + (cells == heads->v && *cells[i] == '>');
		size_t pad = widths[i] - strlen(text);
		bool right = *heads->v[i] == '>';

		if (!*text) {
			pending += pad + 2;
			continue;
		}
		fprintf(out, "%*s%s", (int)(pending + (right ? pad : 0)), "", text);
		pending = 2 + (right ? 0 : pad);
	}
	fputc('\n', out);
}

void table_print(struct table *table, FILE *out, int indent)
{
	size_t columns = table->heads.n;
	size_t *widths = xcalloc(columns, sizeof(*widths));

	for (size_t i = 0; i < columns; i++)
		widths[i] = strlen(table->heads.v[i]) - (*table->heads.v[i] == '>');
	for (size_t i = 0; i < table->cells.n; i++) {
		size_t len = strlen(table->cells.v[i]);

		if (len > widths[i % columns])
			widths[i % columns] = len;
	}
	print_row(out, table->heads.v, &table->heads, widths, indent);
	for (size_t i = 0; i + columns <= table->cells.n; i += columns)
		print_row(out, table->cells.v + i, &table->heads, widths, indent);
	free(widths);
	strlist_free(&table->heads);
	strlist_free(&table->cells);
}
