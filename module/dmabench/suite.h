/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_SUITE_H
#define _DMABENCH_SUITE_H

#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/seq_file.h>
#include <linux/spinlock.h>

#include "cases/case.h"
#include "runner.h"

/**
 * struct dmabench_ktap - the report of a suite, readable while it grows
 * @lock: guards the members
 * @text: what was written so far
 * @len: bytes of it
 * @size: room of @text
 * @lost: lines that there was no room for
 */
struct dmabench_ktap {
	struct mutex lock;	/* the members below */
	char *text;
	size_t len;
	size_t size;
	u64 lost;
};

/* How the verdicts of a suite are counted. */
enum dmabench_tally {
	DMABENCH_TALLY_PASSED,
	DMABENCH_TALLY_FAILED,
	DMABENCH_TALLY_SKIPPED,
	DMABENCH_TALLY_WAIVED,	/* would have failed, but the user has a reason */
	DMABENCH_TALLY_ADVISED,	/* would have failed, but the rule is advisory */
	DMABENCH_TALLIES
};

/**
 * struct dmabench_suite - the conformance cases on one channel
 * @worker: whose thread runs it
 * @chan: the channel under test; NULL once it is lost
 * @peer: of a pair, the channel that receives, or NULL
 * @port: the peripheral, or NULL
 * @caps: what dma_get_slave_caps() tells, if @has_caps
 * @has_caps: it tells something
 * @unmet: by need, what is missing in words, or NULL if it is met
 * @opted: OPT_IN() of what the user has asked for
 * @hand: does what may never return
 * @lock: guards @pool and the trials' lists of descriptors
 * @pool: descriptors that no trial uses, the longest unused first
 * @kept: buffers of cases that have failed: whatever the provider says, an engine may
 *	still write to them before the channels are given back
 * @stray: callbacks of descriptors that no trial uses
 * @stray_seen: those that were told already
 * @drain: endless transfer that empties the loopback, of the current trial
 * @small_ns: what a transfer of 64 bytes takes, ns
 * @kib_ns: what each KiB of a large one takes, ns
 * @timeouts: waits that have ended without what was waited for
 * @timed_out: cases in a row that have met one
 * @stuck: in what way nothing completes, or empty
 * @lost: why no case can run any more, or empty
 * @tally: verdicts
 * @transfers: that were submitted
 * @callbacks: that have come
 * @ktap: the report
 */
struct dmabench_suite {
	struct dmabench_worker *worker;
	struct dmabench_chan *chan;
	struct dmabench_chan *peer;
	struct dmabench_port *port;
	struct dma_slave_caps caps;
	bool has_caps;
	const char *unmet[CASE_NEEDS];
	u32 opted;
	struct kthread_worker *hand;
	spinlock_t lock;	/* the lists of descriptors */
	struct list_head pool;
	struct list_head kept;
	atomic_t stray;
	int stray_seen;
	struct case_tx *drain;
	u64 small_ns;
	u64 kib_ns;
	u64 timeouts;
	unsigned int timed_out;
	char stuck[160];
	char lost[200];
	u64 tally[DMABENCH_TALLIES];
	atomic64_t transfers;
	atomic64_t callbacks;
	struct dmabench_ktap ktap;
};

static inline struct dmabench_run *suite_run(const struct dmabench_suite *suite)
{
	return container_of(suite->worker->load, struct dmabench_run, load);
}

static inline const struct dmabench_knobs *suite_knobs(const struct dmabench_suite *suite)
{
	return &suite->worker->load->knobs;
}

extern const char *const dmabench_opt_in_names[];

/* suite-plan.c */
int dmabench_suite_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size);
int dmabench_suite_plan(struct dmabench_run *run, char *reason, size_t reason_size);
bool dmabench_globs_match(const char *globs, const char *name);
u32 dmabench_suite_opted(const struct dmabench_knobs *knobs);

/* suite-needs.c */
void dmabench_suite_explore(struct dmabench_suite *suite);
const char *dmabench_need_name(enum case_need need);

/* suite-show.c */
void dmabench_cases_show(struct seq_file *m);
void dmabench_rules_show(struct seq_file *m);
const struct dmabench_rule *dmabench_rule_find(const char *numbers);
const char *dmabench_grade_name(enum dmabench_grade grade);

/* ktap.c */
void dmabench_ktap_init(struct dmabench_ktap *ktap);
void dmabench_ktap_free(struct dmabench_ktap *ktap);
__printf(2, 3) void dmabench_ktap_print(struct dmabench_ktap *ktap, const char *format, ...);
int dmabench_ktap_show(struct seq_file *m, struct dmabench_run *run);

/* cases/trial.c, contain.c and probe.c: between the suite and a case */
void dmabench_trial_begin(struct case_trial *t, struct dmabench_suite *suite,
			  const struct dmabench_case *which, u64 seed);
void dmabench_trial_end(struct case_trial *t);
void dmabench_trial_free_bufs(struct case_trial *t);
void dmabench_trial_keep_bufs(struct case_trial *t);
void dmabench_kept_free(struct dmabench_suite *suite);
void dmabench_pool_free(struct dmabench_suite *suite);
bool dmabench_suite_alive(struct dmabench_suite *suite);
void dmabench_suite_measure(struct dmabench_suite *suite);
void dmabench_suite_lose(struct dmabench_suite *suite, const char *why);

#endif
