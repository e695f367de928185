// SPDX-License-Identifier: GPL-2.0-only
/*
 * A6.6 and A6.7: what callback_result tells, of success and of failure. A failure has
 * to be provoked: by a peripheral that is known to fail, whose address the user gives.
 */
#include <linux/kernel.h>

#include "../suite.h"
#include "callback.h"

/**
 * callback_result_goes_first - A6.6 at success
 * @t: the trial
 */
void callback_result_goes_first(struct case_trial *t)
{
	struct case_tx *tx;
	unsigned int i;

	for (i = 0; i < 12 && !case_over(t); i++) {
		tx = case_carry(t, case_round(t, 1 + case_random(t) % 5000));
		if (!tx)
			return;
		case_ask_result(tx);
		if (!case_start(tx) || !case_wait(tx) || !case_intact(tx))
			return;
		if (!case_expect_tx(tx, tx->told,
				    "expected callback_result called, seen only callback") ||
		    !case_expect_tx(tx, tx->result == DMA_TRANS_NOERROR,
				    "expected result NOERROR (0), seen %d", (int)tx->result) ||
		    !case_expect_tx(tx, !tx->residue, "expected residue 0 with the result, seen %u",
				    tx->residue))
			return;
		case_sleep(t, 1);
		if (!case_expect_tx(tx, atomic_read(&tx->calls) == 1,
				    "expected callback_result alone, seen %d calls",
				    atomic_read(&tx->calls)))
			return;
	}
}

static bool configure_failing(struct case_trial *t)
{
	struct dma_slave_config config = {
		.direction = DMA_MEM_TO_DEV,
		.dst_addr = suite_knobs(t->suite)->failing_addr,
		.dst_addr_width = case_width(t),
		.dst_maxburst = 1,
	};
	int ret = dmaengine_slave_config(t->chan, &config);

	return case_expect(t, !ret, "expected slave_config to take the failing peripheral, seen %d",
			   ret);
}

/* A transfer that the peripheral fails; NULL: it did not, or the case has ended. */
static struct case_tx *provoke(struct case_trial *t)
{
	size_t len = SZ_16K;
	struct case_buf *buf = case_buf_new(t, len);
	struct case_tx *tx;

	if (!buf || !configure_failing(t))
		return NULL;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	tx = case_slave(t, buf, len, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx)
		return NULL;
	case_ask_result(tx);
	return case_start(tx) && case_wait(tx) ? tx : NULL;
}

/**
 * callback_failure_is_told - A6.7: the client learns of a failure
 * @t: the trial
 */
void callback_failure_is_told(struct case_trial *t)
{
	struct dma_tx_state state;
	enum dma_status status;
	struct case_tx *tx;

	tx = provoke(t);
	if (!tx)
		return;
	status = case_status(tx, &state);
	if (!case_expect_tx(tx, (tx->told && tx->result != DMA_TRANS_NOERROR) ||
			    status == DMA_ERROR,
			    "expected a failed transfer told by its result or by status error, seen result %d and status %s",
			    (int)tx->result, case_status_name(status)))
		return;
	if (tx->told && tx->result != DMA_TRANS_NOERROR) {
		case_expect_tx(tx, tx->result <= DMA_TRANS_ABORTED,
			       "expected one of enum dmaengine_tx_result, seen %d",
			       (int)tx->result);
		case_expect_tx(tx, tx->residue && tx->residue <= tx->len,
			       "expected the bytes that were not moved as residue, 1 to %zu, seen %u",
			       tx->len, tx->residue);
	}
}

/**
 * callback_channel_works_after_failure - A6.7: a failure is not the end
 * @t: the trial
 */
void callback_channel_works_after_failure(struct case_trial *t)
{
	struct case_tx *tx;
	unsigned int i;

	for (i = 0; i < 3; i++) {
		if (!provoke(t) || case_terminate(t, t->chan))
			return;
		tx = case_carry(t, case_round(t, 4096));
		if (!tx || !case_do(tx))
			return;
		case_sleep(t, 1);
		if (!case_expect_tx(tx, case_status(tx, NULL) == DMA_COMPLETE,
				    "expected a transfer after a failure complete, seen %s",
				    case_status_name(case_status(tx, NULL))))
			return;
	}
}
