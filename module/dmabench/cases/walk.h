/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The random walk: moves over the public API, and a model that knows after each of
 * them what must hold.
 */
#ifndef _DMABENCH_WALK_H
#define _DMABENCH_WALK_H

#include "case.h"

#define WALK_SLOTS	8U

/* Most bytes of a transfer of the walk. */
#define WALK_LEN	SZ_16K

enum walk_kind {
	WALK_PREP,		/* prepare a transfer, of so many bytes */
	WALK_SUBMIT,		/* submit one of those that are prepared */
	WALK_ISSUE,
	WALK_SPIN,		/* let so many us pass */
	WALK_SLEEP,		/* let a tick pass */
	WALK_STATUS,		/* ask for the status of one that is in line */
	WALK_WAIT,		/* until all that is issued is complete */
	WALK_PAUSE,
	WALK_RESUME,
	WALK_TERMINATE_ASYNC,
	WALK_TERMINATE_SYNC,
	WALK_SYNCHRONIZE,
	WALK_RENEW,		/* give the channel back, and take it again */
	WALK_KINDS
};

/**
 * struct walk_move - a move; a list of them can be walked again
 * @kind: enum walk_kind
 * @arg: what is random in it
 */
struct walk_move {
	u16 kind;
	u16 arg;
};

/**
 * enum walk_state - where the model believes a transfer to be
 * @WALK_FREE: nowhere
 * @WALK_PREPARED: prepared
 * @WALK_SUBMITTED: submitted, not issued
 * @WALK_ISSUED: issued, perhaps complete
 * @WALK_DYING: terminated, not synchronized
 */
enum walk_state {
	WALK_FREE,
	WALK_PREPARED,
	WALK_SUBMITTED,
	WALK_ISSUED,
	WALK_DYING,
};

/**
 * struct walk_slot - a transfer of the walk, with its memory
 * @tx: the transfer, of whoever had the slot last
 * @src: source
 * @dst: destination, NULL of what goes to a peripheral
 * @state: enum walk_state
 * @left: digest of the destination since the slot is free, if @was_used
 * @was_used: it was
 * @seq: how many were submitted before it
 * @residue: smallest that was seen
 * @complete: its status was seen to be complete
 */
struct walk_slot {
	struct case_tx *tx;
	struct case_buf *src;
	struct case_buf *dst;
	enum walk_state state;
	u64 left;
	bool was_used;
	u32 seq;
	u32 residue;
	bool complete;
};

/**
 * struct walk - the model
 * @t: the trial
 * @slots: transfers
 * @seq: of the next one that is submitted
 * @cookie: of the last one that was submitted, 0: not known
 * @paused: pause was called, resume was not
 * @caught: what was active when it was paused, or NULL
 * @caught_residue: its residue then
 * @frozen: by slot, whether it was issued then
 * @frozen_digest: of what these write to
 * @terminated: terminate_async was called, and no synchronize since
 * @issued_since: something was issued since then: synchronize is not defined
 * @wait_ms: how long to wait for a completion
 */
struct walk {
	struct case_trial *t;
	struct walk_slot slots[WALK_SLOTS];
	u32 seq;
	dma_cookie_t cookie;
	bool paused;
	struct walk_slot *caught;
	u32 caught_residue;
	bool frozen[WALK_SLOTS];
	u64 frozen_digest;
	bool terminated;
	bool issued_since;
	unsigned int wait_ms;
};

bool walk_open(struct walk *w, struct case_trial *t);
void walk_reset(struct walk *w);
bool walk_legal(const struct walk *w, const struct walk_move *move);
bool walk_do(struct walk *w, const struct walk_move *move);
bool walk_close(struct walk *w);

#endif
