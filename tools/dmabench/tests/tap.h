/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_TESTS_TAP_H
#define DMABENCH_TESTS_TAP_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct test - one test
 * @name: what it shows
 * @run: does it, with the expect_ macros
 */
struct test {
	const char *name;
	void (*run)(void);
};

/**
 * struct suite - the tests of one file
 * @tests: an array
 * @n: how many
 */
struct suite {
	const struct test *tests;
	size_t n;
};

extern const struct suite fold_suite;
extern const struct suite json_suite;
extern const struct suite kv_suite;
extern const struct suite profile_suite;
extern const struct suite sweep_suite;
extern const struct suite text_suite;

#define SUITE(_name, _tests)						\
	const struct suite _name = {					\
		.tests = _tests,					\
		.n = sizeof(_tests) / sizeof((_tests)[0]),		\
	}

/** expect_that - the current test fails unless @good; says where and what */
void expect_that(bool good, const char *file, int line, const char *what);

/** expect_text - the current test fails unless the two texts are equal */
void expect_text(const char *got, const char *want, const char *file, int line);

#define EXPECT(_condition) \
	expect_that((_condition), __FILE__, __LINE__, #_condition)
#define EXPECT_TEXT(_got, _want) \
	expect_text((_got), (_want), __FILE__, __LINE__)

#endif
