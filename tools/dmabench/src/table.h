/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_TABLE_H
#define DMABENCH_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "strlist.h"

/**
 * struct table - rows of text in aligned columns
 * @heads: titles; one that starts with '>' has its column aligned to the right
 * @cells: row after row
 */
struct table {
	struct strlist heads;
	struct strlist cells;
};

/** table_head - add a column, before the first cell */
void table_head(struct table *table, const char *title);

/** table_cell - add the next cell of the current row; an empty one is shown as '-' */
void table_cell(struct table *table, const char *text);

/** table_blank - leave the next cell of the current row blank */
void table_blank(struct table *table);

/** table_print - write it all, every line indented by @indent blanks, and free it */
void table_print(struct table *table, FILE *out, int indent);

#endif
