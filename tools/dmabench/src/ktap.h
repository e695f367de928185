/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_KTAP_H
#define DMABENCH_KTAP_H

#include <stddef.h>

/**
 * enum ktap_verdict - how a case has ended
 * @KTAP_PASSED: as it must
 * @KTAP_FAILED: not so
 * @KTAP_ADVISED: not so, but its rule is advisory
 * @KTAP_WAIVED: not so, but that is accepted
 * @KTAP_SKIPPED: it could not be seen
 */
enum ktap_verdict {
	KTAP_PASSED,
	KTAP_FAILED,
	KTAP_ADVISED,
	KTAP_WAIVED,
	KTAP_SKIPPED,
	KTAP_VERDICTS
};

extern const char *const ktap_verdict_names[KTAP_VERDICTS];

/**
 * struct ktap_case - one result line of a suite's report
 * @name: group.rule_in_words
 * @verdict: how it has ended
 * @reason: of a skip, else ""
 * @said: the lines before it, without "# ", each with its line end
 */
struct ktap_case {
	char *name;
	enum ktap_verdict verdict;
	char *reason;
	char *said;
};

/**
 * struct ktap - a suite's report
 * @head: what it says before the first case, without "# "
 * @v: the cases, in the order in which they ran
 * @n: how many
 * @planned: how many were to run
 * @bailed_out: why not all of them did, or NULL
 */
struct ktap {
	char *head;
	struct ktap_case *v;
	size_t n;
	size_t planned;
	char *bailed_out;
};

/** ktap_parse - read a report; free it with ktap_free() */
void ktap_parse(struct ktap *ktap, const char *text);

void ktap_free(struct ktap *ktap);

#endif
