// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the suite itself has to know of a channel: how fast it is, and whether it
 * completes anything at all.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "../suite.h"

#define PROBE_BYTES	64
/* One transfer may get lost, and cases will tell; of several one comes through. */
#define PROBE_TRIES	3

/* Data, callback, status: who of them has heard of a transfer that did not complete. */
static void describe(struct dmabench_suite *suite, const struct case_tx *tx)
{
	const char *data = "data not to be seen";

	if (case_data_seen(tx))
		data = case_buf_arrived(tx->dst, tx->src, tx->len) == tx->len ?
		       "though its data arrive" : "and its data do not arrive";
	scnprintf(suite->stuck, sizeof(suite->stuck),
		  "no transfer completes: after %u ms %s callback and status %s, %s",
		  case_timeout_ms(tx->t), atomic_read(&tx->calls) ? "a" : "no",
		  case_status_name(case_status(tx, NULL)), data);
}

/* One transfer. False: it was issued, and has not completed in time. */
static bool probe(struct dmabench_suite *suite, size_t len, u64 *took)
{
	static const struct dmabench_case which = { .name = "probe", .rules = "" };
	struct case_trial *t = kzalloc_obj(*t);
	u64 timeouts = suite->timeouts;
	struct case_tx *tx;
	bool alive;

	if (!t)
		return true;
	dmabench_trial_begin(t, suite, &which, suite->worker->load->seed);
	tx = case_carry(t, case_round(t, len));
	if (tx && case_start(tx)) {
		if (case_wait(tx))
			*took = tx->called - min(tx->submitted, tx->called);
		else
			describe(suite, tx);
	}
	alive = suite->timeouts == timeouts;
	/* That an engine cannot be stopped is a timeout of another kind. */
	dmabench_trial_end(t);
	if (t->verdict == CASE_FAILED)
		dmabench_ktap_print(&suite->ktap, "# a transfer of %zu bytes: %s\n", len, t->text);
	kfree(t);
	return alive;
}

/**
 * dmabench_suite_alive - whether a channel completes transfers
 * @suite: has its channel, knows what it offers, nothing is in flight
 *
 * What a transfer that does not complete looks like is told in @suite->stuck.
 *
 * Context: may sleep.
 *
 * Return: true if it does, or if there is nothing to find out with.
 */
bool dmabench_suite_alive(struct dmabench_suite *suite)
{
	unsigned int i;
	u64 took;

	if (suite->unmet[CASE_NEED_CARRIER])
		return true;
	for (i = 0; i < PROBE_TRIES && suite->chan; i++) {
		if (probe(suite, PROBE_BYTES, &took)) {
			*suite->stuck = '\0';
			return true;
		}
	}
	return false;
}

/**
 * dmabench_suite_measure - find out how fast the channel is
 * @suite: has its channel, knows what it offers
 *
 * Context: may sleep.
 */
void dmabench_suite_measure(struct dmabench_suite *suite)
{
	u64 small = 0, large = 0;

	if (suite->unmet[CASE_NEED_CARRIER])
		return;
	if (!probe(suite, PROBE_BYTES, &small) || !probe(suite, SZ_64K, &large)) {
		dmabench_suite_alive(suite);
		return;
	}
	suite->small_ns = small;
	suite->kib_ns = max_t(s64, large - small, 1) / 64 ?: 1;
	dmabench_ktap_print(&suite->ktap, "# %u bytes take %llu ns, a KiB of many %llu ns\n",
			    PROBE_BYTES, suite->small_ns, suite->kib_ns);
}
