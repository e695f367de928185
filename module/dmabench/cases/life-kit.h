/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What cases about the life of a transfer share: starting another one of the same
 * kind, seeing that nothing stirs, and a loopback with nothing left in it.
 */
#ifndef _DMABENCH_LIFE_KIT_H
#define _DMABENCH_LIFE_KIT_H

#include "case.h"

/* Long enough for a late callback or write to be seen, short enough for many cases. */
#define CASE_WATCH_MS	40

struct case_tx *case_again(struct case_tx *like);
void case_refill(struct case_tx *like);
bool case_partial(struct case_tx *tx);
bool case_still(struct case_trial *t, unsigned int ms);
bool case_works(struct case_trial *t);
unsigned int case_rounds(struct case_trial *t, unsigned int most, size_t len, unsigned int ms);
bool case_goes_on(struct case_trial *t, unsigned int round, unsigned long since);
unsigned int case_takes_us(struct case_trial *t, size_t len);
int case_kill(struct case_trial *t, struct dma_chan *chan);

struct case_tx *case_loop_tx(struct case_trial *t, struct case_buf *buf, size_t len);
struct case_tx *case_loop_rx(struct case_trial *t, struct case_buf *buf, size_t len);
struct case_tx *case_stalled(struct case_trial *t);
bool case_loop_undrain(struct case_trial *t);
bool case_loop_drain(struct case_trial *t);
bool case_flush(struct case_trial *t);
bool case_loop_works(struct case_trial *t);
enum dma_transfer_direction case_cyclic_dir(struct case_trial *t);
struct case_tx *case_endless(struct case_trial *t, size_t len, size_t period);

#endif
