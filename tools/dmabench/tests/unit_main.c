// SPDX-License-Identifier: GPL-2.0-only
/* Runs the unit tests of the command and prints KTAP. */
#include <stdio.h>
#include <string.h>

#include "defs.h"
#include "tap.h"

static bool failed;

void expect_that(bool good, const char *file, int line, const char *what)
{
	if (good)
		return;
	printf("# %s:%d: not so: %s\n", file, line, what);
	failed = true;
}

void expect_text(const char *got, const char *want, const char *file, int line)
{
	if (got && !strcmp(got, want))
		return;
	printf("# %s:%d: got '%s', expected '%s'\n", file, line, got ? got : "(null)", want);
	failed = true;
}

int main(void)
{
	static const struct suite *const suites[] = {
		&text_suite, &sweep_suite, &profile_suite, &kv_suite, &json_suite,
		&fold_suite,
	};
	const size_t n = ARRAY_SIZE(suites);
	size_t total = 0, number = 0, bad = 0;

	for (size_t i = 0; i < n; i++)
		total += suites[i]->n;
	printf("KTAP version 1\n1..%zu\n", total);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < suites[i]->n; j++) {
			failed = false;
			suites[i]->tests[j].run();
			bad += failed;
			printf("%s %zu %s\n", failed ? "not ok" : "ok", ++number,
			       suites[i]->tests[j].name);
			fflush(stdout);
		}
	printf("# pass:%zu fail:%zu\n", total - bad, bad);
	return bad ? 1 : 0;
}
