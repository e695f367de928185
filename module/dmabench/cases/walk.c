// SPDX-License-Identifier: GPL-2.0-only
/*
 * The random walk: legal moves in a random order, the model beside. The moves of a
 * walk that fails are recorded; as many of them as possible are left out while it
 * still fails, and what is left is told. It has no rules of its own.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../suite.h"
#include "life-kit.h"
#include "walk.h"

static const struct walk_kind_info {
	const char *name;
	unsigned int weight;
	bool tell_arg;
} walk_kinds[WALK_KINDS] = {
	[WALK_PREP]		= { "prep", 24, true },
	[WALK_SUBMIT]		= { "submit", 24, true },
	[WALK_ISSUE]		= { "issue", 14 },
	[WALK_SPIN]		= { "spin", 8, true },
	[WALK_SLEEP]		= { "sleep", 1 },
	[WALK_STATUS]		= { "status", 10, true },
	[WALK_WAIT]		= { "wait", 5 },
	[WALK_PAUSE]		= { "pause", 6 },
	[WALK_RESUME]		= { "resume", 5 },
	[WALK_TERMINATE_ASYNC]	= { "terminate_async", 3 },
	[WALK_TERMINATE_SYNC]	= { "terminate_sync", 2 },
	[WALK_SYNCHRONIZE]	= { "synchronize", 3 },
	[WALK_RENEW]		= { "renew", 1 },
};

static struct walk_move draw(struct case_trial *t)
{
	unsigned int kind, sum = 0, at;

	for (kind = 0; kind < WALK_KINDS; kind++)
		sum += walk_kinds[kind].weight;
	at = case_random(t) % sum;
	for (kind = 0; at >= walk_kinds[kind].weight; kind++)
		at -= walk_kinds[kind].weight;
	return (struct walk_move) { .kind = kind, .arg = case_random(t) };
}

/* ------------------------------------------------------------------- shrink */

/* How often a shorter walk may be tried before it counts as one that does not fail. */
#define SHRINK_TRIES	3
#define SHRINK_MS	6000U

/* Of a failure only what happens in replays that are as short as possible. */
struct shrink {
	struct walk *w;
	struct walk_move *moves;
	unsigned int nr;
	struct walk_move *fewer;
	unsigned long end;
	char text[sizeof_field(struct case_trial, text)];
};

/* Makes the channel as new; false: it cannot be had, or there is no time. */
static bool recover(struct shrink *s)
{
	struct case_trial *t = s->w->t;

	if (time_after(jiffies, s->end) || !t->suite->chan || !t->chan ||
	    READ_ONCE(t->suite->worker->load->leaving))
		return false;
	if (case_terminate(t, t->chan) || !case_release(t) || !case_request(t))
		return false;
	t->verdict = CASE_PASSED;
	atomic_set(&t->late, 0);
	atomic_set(&t->overlaps, 0);
	walk_reset(s->w);
	return case_can(t, CASE_NEED_MEMCPY) || case_configure(t, DMA_MEM_TO_DEV);
}

static bool fails(struct shrink *s, const struct walk_move *moves, unsigned int nr)
{
	struct case_trial *t = s->w->t;
	unsigned int try, i;

	for (try = 0; try < SHRINK_TRIES; try++) {
		if (!recover(s))
			return false;
		for (i = 0; i < nr && t->verdict == CASE_PASSED; i++)
			if (walk_legal(s->w, &moves[i]) && !walk_do(s->w, &moves[i]))
				break;
		if (t->verdict == CASE_PASSED)
			walk_close(s->w);
		if (t->verdict == CASE_FAILED) {
			strscpy(s->text, t->text, sizeof(s->text));
			return true;
		}
	}
	return false;
}

/* Leaves out a stretch of so many moves wherever it is not needed. */
static bool leave_out(struct shrink *s, unsigned int stretch)
{
	unsigned int at = 0;
	bool shorter = false;

	while (at < s->nr) {
		unsigned int n = min(stretch, s->nr - at);

		memcpy(s->fewer, s->moves, at * sizeof(*s->moves));
		memcpy(s->fewer + at, s->moves + at + n, (s->nr - at - n) * sizeof(*s->moves));
		if (s->nr > n && fails(s, s->fewer, s->nr - n)) {
			swap(s->fewer, s->moves);
			s->nr -= n;
			shorter = true;
		} else {
			at += n;
		}
		if (time_after(jiffies, s->end))
			return false;
	}
	return shorter;
}

static void tell(struct case_trial *t, const struct walk_move *moves, unsigned int nr,
		 unsigned int of)
{
	size_t room = sizeof(t->more), len;
	unsigned int i;

	len = scnprintf(t->more, room, "%u moves of %u:", nr, of);
	for (i = 0; i < nr && len < room - 24; i++) {
		const struct walk_kind_info *info = &walk_kinds[moves[i].kind];

		len += scnprintf(t->more + len, room - len, " %s", info->name);
		if (info->tell_arg)
			len += scnprintf(t->more + len, room - len, "(%u)", moves[i].arg);
	}
	if (i < nr)
		scnprintf(t->more + len, room - len, " ...");
}

static void shrink(struct walk *w, struct walk_move *moves, unsigned int nr)
{
	struct case_trial *t = w->t;
	unsigned int stretch, all = nr;
	struct shrink *s;

	s = kzalloc_obj(*s);
	if (s)
		s->fewer = kvcalloc(nr, sizeof(*moves), GFP_KERNEL);
	if (!s || !s->fewer) {
		tell(t, moves, nr, all);
		kfree(s);
		return;
	}
	strscpy(s->text, t->text, sizeof(s->text));
	s->w = w;
	s->moves = moves;
	s->nr = nr;
	s->end = jiffies + msecs_to_jiffies(SHRINK_MS);
	/* Only that a shorter walk fails is wanted, not that it fails for sure. */
	w->wait_ms = min(w->wait_ms, 300 + 20 * case_takes_us(t, WALK_LEN) / 1000);
	for (stretch = nr / 2; stretch; stretch /= 2)
		while (leave_out(s, stretch) && stretch == 1)
			;
	t->verdict = CASE_FAILED;
	strscpy(t->text, s->text, sizeof(t->text));
	tell(t, s->moves, s->nr, all);
	/* One of the two is the caller's. */
	kvfree(s->moves == moves ? s->fewer : s->moves);
	kfree(s);
}

/* --------------------------------------------------------------------- walk */

static void walk(struct case_trial *t)
{
	unsigned int steps = suite_knobs(t->suite)->walk_steps, nr = 0, ended;
	struct walk_move *moves = kvcalloc(steps, sizeof(*moves), GFP_KERNEL);
	struct walk *w = kzalloc_obj(*w);

	if (!moves || !w) {
		case_skip(t, "no memory for %u moves", steps);
		goto out;
	}
	if (!walk_open(w, t))
		goto out;
	while (nr < steps && t->verdict == CASE_PASSED) {
		struct walk_move move = draw(t);

		/* A long walk may have to end before its time. */
		if (time_after(jiffies, t->deadline) ||
		    READ_ONCE(t->suite->worker->load->leaving))
			break;
		if (!walk_legal(w, &move))
			continue;
		moves[nr++] = move;
		if (!walk_do(w, &move))
			break;
	}
	ended = nr;
	if (t->verdict == CASE_PASSED && walk_close(w)) {
		case_note(t, "%u moves, %u transfers", ended, w->seq);
		goto out;
	}
	if (t->verdict == CASE_FAILED)
		shrink(w, moves, nr);
out:
	kfree(w);
	kvfree(moves);
}

static const struct dmabench_case walk_cases[] = {
	{
		.name	= "walk.random",
		.rules	= "A7.5 A4.7 A4.9 A5.1 A6.1 A7.2 A8.1 A8.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	=
			"walk_steps random legal calls, after each of which all must be as it should",
		.run	= walk,
	},
};

const struct dmabench_chapter dmabench_chapter_walk = {
	.name		= "walk",
	.cases		= walk_cases,
	.nr_cases	= ARRAY_SIZE(walk_cases),
};
