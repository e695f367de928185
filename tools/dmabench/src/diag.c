// SPDX-License-Identifier: GPL-2.0-only
/* What the command says when something is wrong, in one form. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "diag.h"

static void (*before)(void);

void diag_set_hook(void (*hook)(void))
{
	before = hook;
}

static void say(const char *format, va_list args)
{
	if (before)
		before();
	fflush(stdout);
	fputs("dmabench: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

void die(enum rc code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	exit(code);
}
