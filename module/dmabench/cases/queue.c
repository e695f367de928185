// SPDX-License-Identifier: GPL-2.0-only
/*
 * A4: submission, issue, cookies.
 */
#include <linux/kernel.h>

#include "case.h"

static const struct dmabench_rule queue_rules[] = {
	{ "A4.3", DMABENCH_DOCUMENTED, "client.rst:260-298; drivers/dma/TODO",
	  "submit does not start a transfer, only issue_pending does" },
};

static void submit_does_not_start(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_round(t, 4096));
	enum dma_status status;

	if (!tx || !case_submit(tx))
		return;
	case_sleep(t, 40);
	if (!case_untouched(tx))
		return;
	if (!case_expect_tx(tx, !atomic_read(&tx->calls),
			    "expected no callback before issue_pending, seen %d",
			    atomic_read(&tx->calls)))
		return;
	status = case_status(tx, NULL);
	if (!case_expect_tx(tx, status == DMA_IN_PROGRESS,
			    "expected status in progress before issue_pending, seen %s",
			    case_status_name(status)))
		return;
	case_issue(t, t->chan);
	if (case_wait(tx))
		case_intact(tx);
}

static const struct dmabench_case queue_cases[] = {
	{
		.name	= "queue.submit_does_not_start",
		.rules	= "A4.3 A5.1",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "a submitted transfer does nothing before issue_pending",
		.run	= submit_does_not_start,
	},
};

const struct dmabench_chapter dmabench_chapter_queue = {
	.name		= "queue",
	.rules		= queue_rules,
	.nr_rules	= ARRAY_SIZE(queue_rules),
	.cases		= queue_cases,
	.nr_cases	= ARRAY_SIZE(queue_cases),
};
