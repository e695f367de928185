/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_CASES_CHANNEL_H
#define _DMABENCH_CASES_CHANNEL_H

#include "case.h"

/* channel.c */
bool channel_is_well(struct case_trial *t);
bool channel_is_idle(struct case_trial *t);

/* channel-release.c: release of a channel that is in use */
void channel_running_is_terminated(struct case_trial *t);
void channel_running_is_stopped(struct case_trial *t);
void channel_queued_is_terminated(struct case_trial *t);
void channel_queued_is_dropped(struct case_trial *t);
void channel_cyclic_is_stopped(struct case_trial *t);
void channel_receiving_is_stopped(struct case_trial *t);

#endif
