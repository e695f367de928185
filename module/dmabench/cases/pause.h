/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_PAUSE_H
#define _DMABENCH_PAUSE_H

#include <linux/types.h>

struct case_trial;
struct dma_chan;

bool case_pause(struct case_trial *t, struct dma_chan *chan);
bool case_resume(struct case_trial *t, struct dma_chan *chan);

/* pause-data.c: nothing is lost */
void case_pause_no_loss(struct case_trial *t);
void case_pause_no_loss_loopback(struct case_trial *t);
void case_pause_no_loss_cyclic_tx(struct case_trial *t);
void case_pause_no_loss_cyclic_rx(struct case_trial *t);

/* pause-end.c: how it ends, and what it does beside */
void case_pause_odd(struct case_trial *t);
void case_pause_odd_stalled(struct case_trial *t);
void case_pause_terminate(struct case_trial *t);
void case_pause_terminate_stalled(struct case_trial *t);
void case_pause_terminate_cyclic(struct case_trial *t);
void case_pause_issue(struct case_trial *t);
void case_pause_irq_off(struct case_trial *t);
void case_pause_other_channel(struct case_trial *t);
void case_pause_release(struct case_trial *t);
void case_pause_runtime_pm(struct case_trial *t);

#endif
