// SPDX-License-Identifier: GPL-2.0-only
/* Allocation that never fails. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "mem.h"

static void *checked(void *p)
{
	if (!p)
		die(RC_FAILED, "out of memory");
	return p;
}

void *xcalloc(size_t n, size_t size)
{
	return checked(calloc(n ? n : 1, size ? size : 1));
}

void *xgrow(void *array, size_t n, size_t size)
{
	return checked(reallocarray(array, n ? n : 1, size));
}

char *xstrdup(const char *text)
{
	return checked(strdup(text));
}

char *xstrndup(const char *text, size_t n)
{
	return checked(strndup(text, n));
}

char *xasprintf(const char *format, ...)
{
	char *text = NULL;
	va_list args;
	int ret;

	va_start(args, format);
	ret = vasprintf(&text, format, args);
	va_end(args);
	return checked(ret < 0 ? NULL : text);
}
