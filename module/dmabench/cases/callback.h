/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_CASES_CALLBACK_H
#define _DMABENCH_CASES_CALLBACK_H

#include "case.h"

/* callback-result.c: cases of this chapter */
void callback_result_goes_first(struct case_trial *t);
void callback_failure_is_told(struct case_trial *t);
void callback_channel_works_after_failure(struct case_trial *t);

#endif
