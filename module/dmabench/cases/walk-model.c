// SPDX-License-Identifier: GPL-2.0-only
/*
 * The model of the random walk: which moves are legal, what they do to the channel,
 * and what must hold after each of them.
 */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/string.h>

#include "../suite.h"
#include "life-kit.h"
#include "terminate.h"
#include "walk.h"

/**
 * walk_open - get ready to walk
 * @w: zeroed
 * @t: the trial
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool walk_open(struct walk *w, struct case_trial *t)
{
	unsigned int i;

	w->t = t;
	w->wait_ms = case_timeout_ms(t);
	/* Whatever the channel needs to carry anything it has from now on. */
	if (!case_works(t))
		return false;
	for (i = 0; i < WALK_SLOTS; i++) {
		struct walk_slot *slot = &w->slots[i];

		slot->src = case_buf_new(t, case_round(t, WALK_LEN));
		if (!slot->src)
			return false;
		if (!case_can(t, CASE_NEED_MEMCPY))
			continue;
		slot->dst = case_buf_new(t, slot->src->len);
		if (!slot->dst)
			return false;
	}
	return true;
}

/**
 * walk_reset - begin anew
 * @w: opened; nothing is in line on the channel
 */
void walk_reset(struct walk *w)
{
	unsigned int i;

	for (i = 0; i < WALK_SLOTS; i++) {
		w->slots[i].state = WALK_FREE;
		w->slots[i].was_used = false;
	}
	w->seq = 0;
	w->cookie = 0;
	w->paused = false;
	w->caught = NULL;
	w->terminated = false;
	w->issued_since = false;
}

/* ------------------------------------------------------------------- legal */

static unsigned int count(const struct walk *w, enum walk_state state)
{
	unsigned int i, n = 0;

	for (i = 0; i < WALK_SLOTS; i++)
		n += w->slots[i].state == state;
	return n;
}

/* That one of those in a state that an argument chooses. */
static struct walk_slot *choose(struct walk *w, enum walk_state state, unsigned int arg)
{
	unsigned int i, n = count(w, state);

	if (!n)
		return NULL;
	n = arg % n;
	for (i = 0; i < WALK_SLOTS; i++)
		if (w->slots[i].state == state && !n--)
			return &w->slots[i];
	return NULL;
}

static bool may_prepare_several(const struct walk *w)
{
	return case_can(w->t, CASE_NEED_SLAVE_CAP) ||
	       w->t->suite->opted & OPT_IN(SEVERAL_PREPS);
}

/**
 * walk_legal - whether the API allows a move now
 * @w: the model
 * @move: the move
 *
 * Return: true if so, and if the channel offers what it takes.
 */
bool walk_legal(const struct walk *w, const struct walk_move *move)
{
	const struct case_trial *t = w->t;

	switch (move->kind) {
	case WALK_PREP:
		return count(w, WALK_FREE);
	case WALK_SUBMIT:
		return count(w, WALK_PREPARED);
	case WALK_STATUS:
		return count(w, WALK_SUBMITTED) || count(w, WALK_ISSUED);
	case WALK_WAIT:
		return count(w, WALK_ISSUED);
	case WALK_PAUSE:
		return case_can(t, CASE_NEED_PAUSE) && case_can(t, CASE_NEED_RESUME) &&
		       !w->paused && count(w, WALK_ISSUED);
	case WALK_RESUME:
		return w->paused;
	case WALK_TERMINATE_ASYNC:
	case WALK_TERMINATE_SYNC:
	case WALK_RENEW:
		return case_can(t, CASE_NEED_TERMINATE);
	case WALK_SYNCHRONIZE:
		return w->terminated && !w->issued_since && !count(w, WALK_SUBMITTED) &&
		       !count(w, WALK_ISSUED);
	default:
		return true;
	}
}

/* ------------------------------------------------------------------- checks */

static u64 digest_of(const struct walk_slot *slot)
{
	return slot->dst ? case_buf_digest(slot->dst) : case_buf_digest(slot->src);
}

/* What lies behind the transfer in its destination is as it was. */
static bool tail_untouched(struct walk_slot *slot)
{
	struct dmabench_mismatch m = {};
	size_t len = slot->tx->len;

	if (!slot->dst)
		return true;
	return case_expect_tx(slot->tx, case_buf_is(slot->dst, len, slot->dst->len - len,
						    slot->dst->key[DMABENCH_PATTERN_OLD], len,
						    &m),
			      "expected nothing behind the %zu bytes of a transfer, seen %zu bytes, the first %zu behind",
			      len, m.count, m.first);
}

/* The slot is ours again; whoever writes to it until its next use is seen then. */
static bool let_go(struct walk_slot *slot)
{
	if (!tail_untouched(slot))
		return false;
	slot->left = digest_of(slot);
	slot->was_used = true;
	slot->state = WALK_FREE;
	return true;
}

static bool still_as_left(struct walk_slot *slot)
{
	return !slot->was_used ||
	       case_expect_tx(slot->tx, digest_of(slot) == slot->left,
			      "expected memory of a transfer that is over to hold still, seen it change");
}

static bool sane(struct walk *w)
{
	struct case_trial *t = w->t;
	unsigned int i;

	for (i = 0; i < WALK_SLOTS; i++) {
		struct walk_slot *slot = &w->slots[i];
		int calls = slot->tx ? atomic_read(&slot->tx->calls) : 0;

		if (!case_expect_tx(slot->tx, calls <= 1,
				    "expected at most one callback, seen %d", calls))
			return false;
		if ((slot->state == WALK_PREPARED || slot->state == WALK_SUBMITTED) &&
		    (!case_expect_tx(slot->tx, !calls,
				     "expected no callback before issue_pending, seen one") ||
		     (slot->state == WALK_SUBMITTED && !case_untouched(slot->tx))))
			return false;
	}
	return case_expect(t, !atomic_read(&t->late),
			   "expected no callback after synchronize, seen %d",
			   atomic_read(&t->late)) &&
	       case_expect(t, !atomic_read(&t->overlaps),
			   "expected callbacks one after the other, seen %d at once",
			   atomic_read(&t->overlaps));
}

static u64 frozen_digest(const struct walk *w)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < WALK_SLOTS; i++)
		if (w->frozen[i])
			sum = dmabench_mix(sum + digest_of(&w->slots[i]));
	return sum;
}

static bool still_paused(struct walk *w)
{
	struct dma_tx_state state;
	enum dma_status status;

	if (!w->caught)
		return true;
	status = case_status(w->caught->tx, &state);
	return case_expect_tx(w->caught->tx, status == DMA_PAUSED,
			      "expected status paused, seen %s", case_status_name(status)) &&
	       case_expect_tx(w->caught->tx, state.residue == w->caught_residue,
			      "expected the residue to stay %u while paused, seen %u",
			      w->caught_residue, state.residue) &&
	       case_expect_tx(w->caught->tx, frozen_digest(w) == w->frozen_digest,
			      "expected memory to hold still while paused, seen it change");
}

static bool status_is_right(struct walk *w, struct walk_slot *slot)
{
	/* In this order: who was called back was complete before. */
	bool called = atomic_read(&slot->tx->calls);
	bool fine = case_can(w->t, CASE_NEED_RESIDUE);
	struct case_tx *tx = slot->tx;
	struct dma_tx_state state;
	enum dma_status status;
	bool usable;

	/* Pairs with the ordering of atomic operations in tx_tell() and of completion. */
	smp_rmb();
	status = case_status(tx, &state);
	if (!case_expect_tx(tx, !w->cookie || state.used == w->cookie,
			    "expected the last cookie used to be %d, seen %d", w->cookie,
			    state.used) ||
	    !case_expect_tx(tx, state.residue <= tx->len,
			    "expected a residue of at most %zu, seen %u", tx->len,
			    state.residue))
		return false;
	if (slot->state == WALK_SUBMITTED)
		return case_expect_tx(tx, status == DMA_IN_PROGRESS,
				      "expected status in progress before issue_pending, seen %s",
				      case_status_name(status)) &&
		       case_expect_tx(tx, !fine || state.residue == tx->len,
				      "expected a residue of %zu before issue_pending, seen %u",
				      tx->len, state.residue);
	if (called || slot->complete)
		return case_expect_tx(tx, status == DMA_COMPLETE && !state.residue,
				      "expected status complete with a residue of 0 after completion, seen %s with %u",
				      case_status_name(status), state.residue);
	usable = status == DMA_COMPLETE || status == DMA_IN_PROGRESS ||
		 (status == DMA_PAUSED && w->paused);
	if (!case_expect_tx(tx, usable,
			    "expected status complete or in progress, seen %s",
			    case_status_name(status)) ||
	    !case_expect_tx(tx, state.residue <= slot->residue,
			    "expected a residue of at most %u as seen before, seen %u",
			    slot->residue, state.residue))
		return false;
	if (status != DMA_COMPLETE) {
		if (fine)
			slot->residue = state.residue;
		return true;
	}
	slot->complete = true;
	return case_expect_tx(tx, dma_async_is_complete(tx->cookie, state.last, state.used) ==
				      DMA_COMPLETE,
			      "expected a last cookie complete that covers cookie %d, seen %d",
			      tx->cookie, state.last) &&
	       case_intact(tx);
}

/* All that was in line, in the order of its submission; returns how many. */
static unsigned int in_line(struct walk *w, struct walk_slot **line, bool submitted)
{
	unsigned int i, j, n = 0;

	for (i = 0; i < WALK_SLOTS; i++) {
		struct walk_slot *slot = &w->slots[i];

		if (slot->state == WALK_FREE || slot->state == WALK_PREPARED ||
		    (slot->state == WALK_SUBMITTED && !submitted))
			continue;
		for (j = n++; j && line[j - 1]->seq > slot->seq; j--)
			line[j] = line[j - 1];
		line[j] = slot;
	}
	return n;
}

/* --------------------------------------------------------------------- moves */

static bool submit(struct walk *w, struct walk_slot *slot)
{
	bool grows;

	if (!case_submit(slot->tx))
		return false;
	slot->state = WALK_SUBMITTED;
	slot->seq = w->seq++;
	/* Cookies begin anew behind the largest. */
	grows = !w->cookie || slot->tx->cookie > w->cookie || slot->tx->cookie < S16_MAX;
	if (!case_expect_tx(slot->tx, grows,
			    "expected a cookie above %d, seen %d", w->cookie, slot->tx->cookie))
		return false;
	w->cookie = slot->tx->cookie;
	return true;
}

static bool submit_all(struct walk *w)
{
	struct walk_slot *slot;

	while ((slot = choose(w, WALK_PREPARED, 0)))
		if (!submit(w, slot))
			return false;
	return true;
}

static void refill(struct case_buf *buf, enum dmabench_pattern_kind kind)
{
	buf->key[kind] = dmabench_mix(buf->key[kind]);
	case_buf_fill(buf, kind);
}

static bool prepare(struct walk *w, unsigned int arg)
{
	struct walk_slot *slot = choose(w, WALK_FREE, arg);
	size_t len = case_round(w->t, 1 + arg % WALK_LEN);

	if (!still_as_left(slot))
		return false;
	refill(slot->src, DMABENCH_PATTERN_SOURCE);
	if (slot->dst)
		refill(slot->dst, DMABENCH_PATTERN_OLD);
	slot->tx = slot->dst ? case_memcpy(w->t, slot->dst, 0, slot->src, 0, len, CASE_FLAGS) :
			       case_slave(w->t, slot->src, len, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!slot->tx)
		return false;
	slot->state = WALK_PREPARED;
	slot->residue = len;
	slot->complete = false;
	return may_prepare_several(w) || submit(w, slot);
}

static void issue(struct walk *w)
{
	unsigned int i;

	for (i = 0; i < WALK_SLOTS; i++)
		if (w->slots[i].state == WALK_SUBMITTED)
			w->slots[i].state = WALK_ISSUED;
	w->issued_since = true;
	dma_async_issue_pending(w->t->chan);
}

static bool resume(struct walk *w)
{
	int ret = dmaengine_resume(w->t->chan);

	w->paused = false;
	w->caught = NULL;
	return case_expect(w->t, !ret, "expected 0 from resume, seen %d", ret);
}

/* The first in line that is not complete is the active one. */
static bool pause(struct walk *w)
{
	int ret = dmaengine_pause(w->t->chan);
	struct walk_slot *line[WALK_SLOTS];
	struct dma_tx_state state;
	unsigned int i, n;

	if (!case_expect(w->t, !ret, "expected 0 from pause, seen %d", ret))
		return false;
	w->paused = true;
	n = in_line(w, line, false);
	for (i = 0; i < n; i++)
		if (line[i]->state == WALK_ISSUED &&
		    case_status(line[i]->tx, &state) != DMA_COMPLETE)
			break;
	w->caught = i < n ? line[i] : NULL;
	if (!w->caught)
		return true;
	w->caught_residue = state.residue;
	for (i = 0; i < WALK_SLOTS; i++)
		w->frozen[i] = w->slots[i].state == WALK_ISSUED;
	w->frozen_digest = frozen_digest(w);
	return still_paused(w);
}

static bool wait_for(struct walk *w, struct case_tx *tx)
{
	unsigned long end = jiffies + msecs_to_jiffies(w->wait_ms) + 1;

	while (!wait_for_completion_timeout(&tx->done, HZ / 20 + 1)) {
		if (READ_ONCE(w->t->suite->worker->load->leaving)) {
			case_skip(w->t, "the run was ended");
			return false;
		}
		if (time_before(jiffies, end))
			continue;
		case_fail_tx(tx, "expected a callback within %u ms, seen none, status %s",
			     w->wait_ms, case_status_name(case_status(tx, NULL)));
		return false;
	}
	return true;
}

static bool wait(struct walk *w)
{
	struct walk_slot *line[WALK_SLOTS];
	unsigned int i, n;
	int order = 0;

	if (w->paused && !resume(w))
		return false;
	n = in_line(w, line, false);
	for (i = 0; i < n; i++) {
		struct case_tx *tx = line[i]->tx;

		if (line[i]->state != WALK_ISSUED)
			continue;
		if (!wait_for(w, tx) || !case_intact(tx) ||
		    !case_expect_tx(tx, tx->order > order,
				    "expected callbacks in order, seen this before an earlier") ||
		    !status_is_right(w, line[i]) || !let_go(line[i]))
			return false;
		order = tx->order;
	}
	return true;
}

static bool terminate_async(struct walk *w)
{
	unsigned int i;
	int ret;

	if (!submit_all(w))
		return false;
	ret = case_terminate_async(w->t, w->t->chan);
	for (i = 0; i < WALK_SLOTS; i++)
		if (w->slots[i].state == WALK_SUBMITTED || w->slots[i].state == WALK_ISSUED)
			w->slots[i].state = WALK_DYING;
	w->paused = false;
	w->caught = NULL;
	w->terminated = true;
	w->issued_since = false;
	return case_expect(w->t, !ret, "expected 0 from terminate_async, seen %d", ret);
}

/* The channel is synchronized: everything is over, in one way or the other. */
static bool all_over(struct walk *w)
{
	struct walk_slot *line[WALK_SLOTS];
	struct case_tx *txs[WALK_SLOTS];
	unsigned int i, n = in_line(w, line, true);

	w->paused = false;
	w->caught = NULL;
	w->terminated = false;
	/* Of different terminates, each in its own order: one by one. */
	for (i = 0; i < n; i++) {
		txs[0] = line[i]->tx;
		if (!case_terminate_ended(txs, 1) || !let_go(line[i]))
			return false;
	}
	return true;
}

static bool terminate_sync(struct walk *w)
{
	int ret;

	if (!submit_all(w))
		return false;
	ret = case_terminate(w->t, w->t->chan);
	return case_expect(w->t, !ret, "expected 0 from terminate_sync, seen %d", ret) &&
	       all_over(w);
}

static bool renew(struct walk *w)
{
	if (!terminate_sync(w) || !case_release(w->t) || !case_request(w->t))
		return false;
	w->cookie = 0;
	return case_can(w->t, CASE_NEED_MEMCPY) || case_configure(w->t, DMA_MEM_TO_DEV);
}

static bool make(struct walk *w, const struct walk_move *move)
{
	struct walk_slot *slot;

	switch (move->kind) {
	case WALK_PREP:
		return prepare(w, move->arg);
	case WALK_SUBMIT:
		return submit(w, choose(w, WALK_PREPARED, move->arg));
	case WALK_ISSUE:
		issue(w);
		return true;
	case WALK_SPIN:
		case_spin(move->arg % 256);
		return true;
	case WALK_SLEEP:
		case_sleep(w->t, 1);
		return true;
	case WALK_STATUS:
		slot = choose(w, move->arg % 2 ? WALK_SUBMITTED : WALK_ISSUED, move->arg / 2) ?:
		       choose(w, move->arg % 2 ? WALK_ISSUED : WALK_SUBMITTED, move->arg / 2);
		return status_is_right(w, slot);
	case WALK_WAIT:
		return wait(w);
	case WALK_PAUSE:
		return pause(w);
	case WALK_RESUME:
		return resume(w);
	case WALK_TERMINATE_ASYNC:
		return terminate_async(w);
	case WALK_TERMINATE_SYNC:
		return terminate_sync(w);
	case WALK_SYNCHRONIZE:
		return !case_synchronize(w->t, w->t->chan) && all_over(w);
	case WALK_RENEW:
		return renew(w);
	}
	return true;
}

/**
 * walk_do - make a move, and look at everything
 * @w: the model
 * @move: the move, legal
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool walk_do(struct walk *w, const struct walk_move *move)
{
	return make(w, move) && sane(w) && still_paused(w);
}

/**
 * walk_close - bring the walk to its end
 * @w: the model
 *
 * What is in line is done, and then nothing stirs any more.
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool walk_close(struct walk *w)
{
	unsigned int i;

	if (!submit_all(w))
		return false;
	if (w->paused && !resume(w))
		return false;
	issue(w);
	if (!wait(w) || (case_can(w->t, CASE_NEED_TERMINATE) && !terminate_sync(w)) ||
	    !case_still(w->t, 5))
		return false;
	for (i = 0; i < WALK_SLOTS; i++)
		if (!still_as_left(&w->slots[i]))
			return false;
	return sane(w);
}
