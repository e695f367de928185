/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_TERMINATE_H
#define _DMABENCH_TERMINATE_H

struct case_trial;
struct case_tx;

bool case_terminate_ended(struct case_tx **txs, unsigned int nr);

/* terminate-run.c: what is running */
void case_terminate_queue(struct case_trial *t);
void case_terminate_running(struct case_trial *t);
void case_terminate_stalled_tx(struct case_trial *t);
void case_terminate_stalled_rx(struct case_trial *t);
void case_terminate_cyclic(struct case_trial *t);
void case_terminate_other_channel(struct case_trial *t);

/* terminate-context.c: from where */
void case_terminate_bh_off(struct case_trial *t);
void case_terminate_irq_off(struct case_trial *t);
void case_terminate_hardirq(struct case_trial *t);
void case_terminate_in_callback(struct case_trial *t);
void case_terminate_in_period(struct case_trial *t);
void case_terminate_waits_for_callback(struct case_trial *t);

/* terminate-again.c: over and over */
void case_terminate_restart(struct case_trial *t);
void case_terminate_restart_loopback(struct case_trial *t);
void case_terminate_restart_cyclic(struct case_trial *t);
void case_terminate_no_leak(struct case_trial *t);
void case_terminate_no_leak_cyclic(struct case_trial *t);
void case_terminate_race(struct case_trial *t);
void case_terminate_then_issue(struct case_trial *t);
void case_terminate_then_issue_synchronize(struct case_trial *t);
void case_terminate_then_issue_stalled(struct case_trial *t);
void case_terminate_concurrent(struct case_trial *t);

#endif
