/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_MEM_H
#define DMABENCH_MEM_H

#include <stddef.h>

#include "defs.h"

/*
 * Allocation that never fails: without memory the command says so and exits,
 * and what it had set up is taken down by its atexit handlers.
 */

/** xcalloc - zeroed array of @n elements of @size bytes */
void *xcalloc(size_t n, size_t size);

/** xgrow - resize @array to @n elements of @size bytes, overflow-safe */
void *xgrow(void *array, size_t n, size_t size);

char *xstrdup(const char *text);
char *xstrndup(const char *text, size_t n);

/** xasprintf - formatted text in memory of its own */
char *xasprintf(const char *format, ...) __printf(1, 2);

#endif
