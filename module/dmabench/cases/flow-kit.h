/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the chapters on queues, status and callbacks share: many transfers at once,
 * and transfers that run for as long as a case wants.
 */
#ifndef _DMABENCH_FLOW_KIT_H
#define _DMABENCH_FLOW_KIT_H

#include "case.h"

/* Length of what is held in a loopback: more than any FIFO has room for. */
#define CASE_HELD	SZ_16K

unsigned int case_affordable(const struct case_trial *t, unsigned int want, size_t len);
size_t case_random_len(struct case_trial *t, size_t most);
struct case_tx *case_carry_again(struct case_trial *t, const struct case_tx *like);
bool case_enqueue(struct case_trial *t, struct case_tx **txs, unsigned int nr, size_t most);
bool case_wait_all(struct case_tx **txs, unsigned int nr);
bool case_once_each(struct case_tx **txs, unsigned int nr);
bool case_ordered(struct case_tx **txs, unsigned int nr);
bool case_tail_first(struct case_tx *tx);
void case_tail_hook(struct case_tx *tx);
enum dma_status case_poll(struct case_tx *tx);

struct case_tx *case_hold(struct case_trial *t);
struct case_tx *case_behind(struct case_trial *t);
bool case_let_go(struct case_trial *t, struct case_tx **txs, unsigned int nr);

#endif
