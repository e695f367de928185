// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode=suite: the conformance cases, one after the other, on one channel.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "../cases/slave-kit.h"
#include "../suite.h"
#include "mode.h"

/* After so many cases in a row that wait in vain it is found out whether the channel is stuck. */
#define SUITE_MAX_TIMED_OUT	6
/* So many waits in vain take longer than what is left to be learned is worth. */
#define SUITE_MAX_TIMEOUTS	32

/* Who needs none of these moves nothing, and does not wait. */
#define SUITE_MOVES	(NEEDS(MEMCPY) | NEEDS(MEMSET) | NEEDS(MEMSET_SG) | NEEDS(XOR) |	\
			 NEEDS(XOR_VAL) | NEEDS(PQ) | NEEDS(PQ_VAL) | NEEDS(INTERRUPT) |	\
			 NEEDS(INTERLEAVE) | NEEDS(REPEAT) | NEEDS(CARRIER) | NEEDS(TX) |	\
			 NEEDS(RX) | NEEDS(LOOPBACK) | NEEDS(CYCLIC) | NEEDS(DMA_VEC) |	\
			 NEEDS(FAILING))

static const char *const tally_words[DMABENCH_TALLIES] = {
	[DMABENCH_TALLY_PASSED]		= "passed",
	[DMABENCH_TALLY_FAILED]		= "failed",
	[DMABENCH_TALLY_SKIPPED]	= "skipped",
	[DMABENCH_TALLY_WAIVED]		= "waived",
	[DMABENCH_TALLY_ADVISED]	= "advised",
};

static void suite_show(struct seq_file *m, const struct dmabench_worker *worker)
{
	const struct dmabench_suite *suite = worker->state;
	unsigned int i;

	for (i = 0; i < DMABENCH_TALLIES; i++)
		seq_printf(m, "cases_%s: %llu\n", tally_words[i], suite->tally[i]);
	seq_printf(m, "case_transfers: %lld\n", atomic64_read(&suite->transfers));
	seq_printf(m, "case_timeouts: %llu\n", suite->timeouts);
	seq_printf(m, "bailed_out: %s\n", *suite->lost ? suite->lost : "no");
}

/* ------------------------------------------------------------------ choice */

/* All cases that the user wants, in the order of the contract. */
static const struct dmabench_case **choose(const struct dmabench_knobs *knobs, unsigned int *nr)
{
	const struct dmabench_case **list;
	unsigned int c, i, most = 0;

	for (c = 0; c < DMABENCH_CHAPTERS; c++)
		most += dmabench_chapters[c]->nr_cases;
	*nr = 0;
	list = kvcalloc(most, sizeof(*list), GFP_KERNEL);
	for (c = 0; list && c < DMABENCH_CHAPTERS; c++) {
		for (i = 0; i < dmabench_chapters[c]->nr_cases; i++) {
			const struct dmabench_case *which = &dmabench_chapters[c]->cases[i];

			if (!*knobs->cases || dmabench_globs_match(knobs->cases, which->name))
				list[(*nr)++] = which;
		}
	}
	return list;
}

static void shuffle(const struct dmabench_case **list, unsigned int nr, u64 seed)
{
	unsigned int i;

	for (i = nr; i > 1; i--) {
		seed = dmabench_mix(seed + i);
		swap(list[i - 1], list[(u32)seed % i]);
	}
}

/* ------------------------------------------------------------------ a case */

static const char *unmet(const struct dmabench_suite *suite, const struct dmabench_case *which)
{
	unsigned int i;

	for (i = 0; i < CASE_NEEDS; i++)
		if (which->needs & BIT(i) && suite->unmet[i])
			return suite->unmet[i];
	return NULL;
}

/* On channels of peripherals these two are what the documentation allows. */
static const char *not_opted(const struct dmabench_suite *suite, const struct dmabench_case *which)
{
	u32 missing = which->opt_in & ~suite->opted;
	unsigned int i;

	if (!suite->unmet[CASE_NEED_SLAVE_CAP])
		missing &= ~(OPT_IN(SEVERAL_PREPS) | OPT_IN(REENTRY));
	for (i = 0; i < CASE_OPT_INS; i++)
		if (missing & BIT(i))
			return dmabench_opt_in_names[i];
	return NULL;
}

static void tell_failure(struct dmabench_suite *suite, const struct case_trial *t)
{
	const struct dmabench_rule *rule = dmabench_rule_find(t->which->rules);

	dmabench_ktap_print(&suite->ktap, "# rule %s (%s): %s\n# stands in: %s\n",
			    t->which->rules, dmabench_grade_name(t->which->grade),
			    rule ? rule->text : t->which->what, rule ? rule->source : "?");
	dmabench_ktap_print(&suite->ktap, "# %s\n", t->text);
	if (*t->more)
		dmabench_ktap_print(&suite->ktap, "# %s\n", t->more);
	dmabench_ktap_print(&suite->ktap,
			    "# seen after %llu ms and %lld transfers of the suite; again: cases=%s seed=%lld\n",
			    div_u64(dmabench_clock() - suite_run(suite)->started, NSEC_PER_MSEC),
			    atomic64_read(&suite->transfers), t->which->name, (s64)t->seed);
}

static enum dmabench_tally judge(struct dmabench_suite *suite, const struct case_trial *t)
{
	switch (t->verdict) {
	case CASE_PASSED:
		return DMABENCH_TALLY_PASSED;
	case CASE_SKIPPED:
		return DMABENCH_TALLY_SKIPPED;
	default:
		if (dmabench_globs_match(suite_knobs(suite)->waive, t->which->name))
			return DMABENCH_TALLY_WAIVED;
		return t->which->grade == DMABENCH_ADVISORY ? DMABENCH_TALLY_ADVISED :
							      DMABENCH_TALLY_FAILED;
	}
}

static void count_failure(struct dmabench_suite *suite, const struct case_trial *t)
{
	struct dmabench_worker *worker = suite->worker;

	if (!dmabench_worker_errors(worker))
		scnprintf(worker->first_error, sizeof(worker->first_error), "%s: %s",
			  t->which->name, t->text);
	worker->errors[DMABENCH_ERROR_CASE]++;
}

static void report(struct dmabench_suite *suite, const struct case_trial *t, unsigned int number)
{
	enum dmabench_tally tally = judge(suite, t);
	struct dmabench_ktap *ktap = &suite->ktap;
	const char *name = t->which->name;

	suite->tally[tally]++;
	if (t->verdict == CASE_FAILED)
		tell_failure(suite, t);
	else if (*t->more)
		dmabench_ktap_print(ktap, "# %s\n", t->more);

	switch (tally) {
	case DMABENCH_TALLY_PASSED:
		dmabench_ktap_print(ktap, "ok %u %s\n", number, name);
		break;
	case DMABENCH_TALLY_SKIPPED:
		dmabench_ktap_print(ktap, "ok %u %s # SKIP %s\n", number, name, t->text);
		break;
	case DMABENCH_TALLY_WAIVED:
		dmabench_ktap_print(ktap, "ok %u %s # XFAIL waived\n", number, name);
		break;
	case DMABENCH_TALLY_ADVISED:
		dmabench_ktap_print(ktap, "ok %u %s # XFAIL advisory\n", number, name);
		break;
	default:
		count_failure(suite, t);
		dmabench_ktap_print(ktap, "not ok %u %s\n", number, name);
	}
}

/* What the case before has left in a loopback is not what this one has sent. */
static bool peripheral_ready(struct case_trial *t)
{
	u32 users = NEEDS(LOOPBACK) | NEEDS(CYCLIC) | NEEDS(TX) | NEEDS(RX) | NEEDS(DMA_VEC);

	return !(t->which->needs & users) || !case_can(t, CASE_NEED_LOOPBACK) ||
	       case_loop_ready(t);
}

/* A channel that a case has failed on may be in any state: take it anew. */
static void renew(struct case_trial *t)
{
	if (case_release(t))
		case_request(t);
}

static void run_case(struct dmabench_suite *suite, const struct dmabench_case *which,
		     unsigned int number, u64 seed)
{
	struct case_trial *t = kzalloc_obj(*t);
	const char *missing = unmet(suite, which);
	const char *opt_in = not_opted(suite, which);
	u64 timeouts = suite->timeouts;

	if (!t) {
		dmabench_ktap_print(&suite->ktap, "ok %u %s # SKIP no memory\n", number,
				    which->name);
		suite->tally[DMABENCH_TALLY_SKIPPED]++;
		return;
	}
	dmabench_trial_begin(t, suite, which, seed);
	if (missing)
		case_skip(t, "%s", missing);
	else if (opt_in)
		case_skip(t, "only with opt_in=%s", opt_in);
	else if (peripheral_ready(t))
		which->run(t);
	/* What hooks refer to may have been on the case's stack. */
	case_calm(t);
	dmabench_trial_end(t);
	suite->timed_out = suite->timeouts == timeouts ? 0 : suite->timed_out + 1;
	if (*suite->lost)
		dmabench_ktap_print(&suite->ktap, "# lost in %s: %s\n", which->name, suite->lost);
	if (t->verdict == CASE_FAILED && suite->chan)
		renew(t);
	report(suite, t, number);
	kfree(t);
}

/* ------------------------------------------------------------------- suite */

static bool suite_goes_on(struct dmabench_suite *suite)
{
	struct dmabench_load *load = suite->worker->load;

	wait_event_idle(load->resume,
			!READ_ONCE(load->paused) || READ_ONCE(load->stopping) ||
			READ_ONCE(load->leaving));
	if (READ_ONCE(load->leaving) || READ_ONCE(load->stopping))
		return false;
	return !*suite->lost;
}

/* Many have waited in vain: is it the channel, or what they have asked of it? */
static void doubt(struct dmabench_suite *suite)
{
	if (*suite->stuck || *suite->lost ||
	    (suite->timed_out < SUITE_MAX_TIMED_OUT && suite->timeouts < SUITE_MAX_TIMEOUTS))
		return;
	if (suite->timeouts >= SUITE_MAX_TIMEOUTS)
		scnprintf(suite->stuck, sizeof(suite->stuck), "%llu waits were in vain",
			  suite->timeouts);
	else if (suite->unmet[CASE_NEED_CARRIER])
		scnprintf(suite->stuck, sizeof(suite->stuck), "%u cases in a row have timed out",
			  suite->timed_out);
	else
		dmabench_suite_alive(suite);
	suite->timed_out = 0;
}

/* On a channel on which nothing completes there is little that can be told. */
static bool worth_it(const struct dmabench_suite *suite, const struct dmabench_case *which)
{
	return !*suite->stuck || which->vital || !(which->needs & SUITE_MOVES);
}

static void run_cases(struct dmabench_suite *suite, const struct dmabench_case **list,
		      unsigned int nr)
{
	const struct dmabench_knobs *knobs = suite_knobs(suite);
	u64 seed = suite->worker->load->seed;
	unsigned int round, i, number = 0;

	for (round = 0; round < knobs->repeat; round++) {
		if (round && *suite->stuck)
			break;
		/* The first round of a seed is the same whatever follows. */
		u64 own = round ? dmabench_mix(seed + round) : seed;

		if (knobs->shuffle)
			shuffle(list, nr, own);
		if (knobs->repeat > 1)
			dmabench_ktap_print(&suite->ktap, "# round %u seed=%lld\n", round + 1,
					    (s64)own);
		for (i = 0; i < nr; i++) {
			doubt(suite);
			if (!suite_goes_on(suite))
				return;
			if (!worth_it(suite, list[i]))
				continue;
			run_case(suite, list[i], ++number, own);
			suite->worker->steps = number;
		}
	}
	if (*suite->stuck && !*suite->lost)
		scnprintf(suite->lost, sizeof(suite->lost), "%s; %llu cases were not run",
			  suite->stuck, suite->worker->goal - number);
}

/* What is found out before the first case stands before the plan. */
static void print_head(struct dmabench_suite *suite)
{
	const struct dmabench_knobs *knobs = suite_knobs(suite);

	dmabench_ktap_print(&suite->ktap, "KTAP version 1\n");
	dmabench_ktap_print(&suite->ktap,
			    "# channel=%s device=%s driver=%s seed=%lld shuffle=%lld repeat=%lld\n",
			    suite->chan->name, suite->chan->device, suite->chan->driver,
			    (s64)suite->worker->load->seed, knobs->shuffle, knobs->repeat);
	dmabench_suite_explore(suite);
	dmabench_suite_measure(suite);
	dmabench_ktap_print(&suite->ktap, "1..%llu\n", suite->worker->goal);
}

static void print_tail(struct dmabench_suite *suite)
{
	const u64 *tally = suite->tally;

	if (*suite->lost) {
		dmabench_ktap_print(&suite->ktap, "Bail out! %s\n", suite->lost);
		if (!dmabench_worker_errors(suite->worker))
			scnprintf(suite->worker->first_error,
				  sizeof(suite->worker->first_error), "bailed out: %s",
				  suite->lost);
		suite->worker->errors[DMABENCH_ERROR_CASE]++;
	}
	dmabench_ktap_print(&suite->ktap, "# Totals: pass:%llu fail:%llu xfail:%llu skip:%llu\n",
			    tally[DMABENCH_TALLY_PASSED], tally[DMABENCH_TALLY_FAILED],
			    tally[DMABENCH_TALLY_WAIVED] + tally[DMABENCH_TALLY_ADVISED],
			    tally[DMABENCH_TALLY_SKIPPED]);
}

static void suite_work(struct dmabench_worker *worker)
{
	struct dmabench_suite *suite = worker->state;
	struct dmabench_run *run = suite_run(suite);
	const struct dmabench_case **list;
	unsigned int nr;

	/* For the time being they are ours: cases give them back and take them anew. */
	suite->chan = xchg(&run->chans[0], NULL);
	suite->peer = xchg(&run->peers[0], NULL);

	list = choose(&worker->load->knobs, &nr);
	suite->hand = kthread_create_worker(0, "dmabench/hand");
	if (!list || IS_ERR(suite->hand)) {
		strscpy(suite->lost, "no memory for the list of cases", sizeof(suite->lost));
	} else {
		worker->goal = nr * worker->load->knobs.repeat;
		print_head(suite);
		run_cases(suite, list, nr);
	}
	print_tail(suite);
	kvfree(list);
	if (!IS_ERR_OR_NULL(suite->hand))
		kthread_destroy_worker(suite->hand);

	run->chans[0] = suite->chan;
	run->peers[0] = suite->peer;
}

static void suite_forget(struct dmabench_worker *worker)
{
	struct dmabench_suite *suite = worker->state;

	/* One that was not planned to its end has neither. */
	if (!suite || !suite->worker)
		return;
	dmabench_pool_free(suite);
	dmabench_kept_free(suite);
	dmabench_ktap_free(&suite->ktap);
}

const struct dmabench_mode dmabench_mode_suite = {
	.name		= "suite",
	.state_size	= sizeof(struct dmabench_suite),
	.check		= dmabench_suite_check,
	.plan		= dmabench_suite_plan,
	.work		= suite_work,
	.show		= suite_show,
	.forget		= suite_forget,
};
