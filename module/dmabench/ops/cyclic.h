/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_CYCLIC_H
#define _DMABENCH_CYCLIC_H

#include "../ring.h"

/**
 * struct dmabench_cyclic_leg - one way of a cyclic transfer
 * @ring: the transfer
 * @endpoint: what is known of the peripheral
 * @looped: what is received is what this run sends
 * @verify: fill and check data at all
 * @callbacks: that came
 * @passed: periods that have passed, by position
 * @slot: the one of the buffer that the engine is in
 * @last: when the last callback came, ns; 0 before
 * @intervals: between callbacks, without those that the user has paused in
 * @interval_sum: between callbacks, ns
 * @interval_min: the shortest
 * @interval_max: the longest
 * @filled: tx: periods that the buffer was filled with
 * @underruns: tx: periods that were not refilled in time
 * @collected: rx: periods that were taken from the buffer
 * @verified: rx: of these, how many were checked
 * @overruns: rx: periods that were overwritten before they were looked at
 * @found: rx: the data's place is known
 * @next: rx: bytes of what was sent up to here; with words, number of the next one
 * @fixed: rx: the bits of each word that do not count
 * @leftover: rx: bytes that came before what was sent
 * @stale: rx: periods that hold what was sent a lap before
 * @lost: rx: periods that never came
 * @duplicate: rx: periods that came again
 * @errors: wrong data; written by the callback behind @text
 * @text: the first of them in words
 *
 * Between start and end all of it is the callback's, but what the worker reads.
 */
struct dmabench_cyclic_leg {
	struct dmabench_ring ring;
	enum dmabench_endpoint endpoint;
	bool looped;
	bool verify;
	u64 callbacks;
	u64 passed;
	u32 slot;
	u64 last;
	u64 intervals;
	u64 interval_sum;
	u64 interval_min;
	u64 interval_max;
	u64 filled;
	u64 underruns;
	u64 collected;
	u64 verified;
	u64 overruns;
	bool found;
	u64 next;
	u32 fixed;
	u64 leftover;
	u64 stale;
	u64 lost;
	u64 duplicate;
	unsigned long errors;
	char text[160];
};

/* cyclic-data.c */
void dmabench_cyclic_prefill(struct dmabench_xfer *x);
void dmabench_cyclic_refill(struct dmabench_cyclic_leg *leg);
void dmabench_cyclic_collect(struct dmabench_cyclic_leg *leg);
bool dmabench_cyclic_check_sent(struct dmabench_cyclic_leg *leg, char *reason, size_t size);

#endif
