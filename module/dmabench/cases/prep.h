/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_CASES_PREP_H
#define _DMABENCH_CASES_PREP_H

#include "case.h"

/* prep-pool.c: descriptors run out, and come back */
void prep_exhaustion_recovers(struct case_trial *t);
void prep_completions_cost_nothing(struct case_trial *t);
void prep_refusals_cost_nothing(struct case_trial *t);
void prep_terminations_cost_nothing(struct case_trial *t);
void prep_unsubmitted_are_released(struct case_trial *t);

/* prep-config.c: slave_config */
void prep_config_is_for_later(struct case_trial *t);
void prep_config_replaces(struct case_trial *t);
void prep_config_is_copied(struct case_trial *t);
void prep_config_of_each_width(struct case_trial *t);
void prep_config_refuses(struct case_trial *t);

#endif
