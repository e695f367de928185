/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The least that a unit test needs: cases that can fail, told as KTAP.
 */
#ifndef _UNIT_H
#define _UNIT_H

#include <stdbool.h>
#include <stdio.h>

struct unit_case {
	const char *name;
	void (*run)(void);
};

static bool unit_failed;

/* Notes the first failures of a case, and goes on. */
#define EXPECT(_condition, ...)							\
	do {									\
		if (!(_condition)) {						\
			unit_failed = true;					\
			printf("# %s:%d: %s:", __FILE__, __LINE__, #_condition); \
			printf(" " __VA_ARGS__);					\
			printf("\n");						\
		}								\
	} while (0)

static inline int unit_main(const struct unit_case *cases, size_t count)
{
	size_t i, failed = 0;

	printf("KTAP version 1\n1..%zu\n", count);
	for (i = 0; i < count; i++) {
		unit_failed = false;
		cases[i].run();
		printf("%s %zu %s\n", unit_failed ? "not ok" : "ok", i + 1, cases[i].name);
		failed += unit_failed;
	}
	return failed ? 1 : 0;
}

#define UNIT_COUNT(_cases)	(sizeof(_cases) / sizeof((_cases)[0]))

#endif
