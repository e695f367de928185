/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_SLAVE_KIT_H
#define _DMABENCH_SLAVE_KIT_H

#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/sizes.h>

#include "case.h"
#include "data-kit.h"

/* Of periods, unless a burst is longer, bytes. */
#define CASE_LONGEST_PERIOD	SZ_1K

/* Waits until something holds, as long as a transfer may take; whether it does. */
#define case_until(_t, _holds)							\
({										\
	struct case_trial *__t = (_t);						\
	unsigned long __end = jiffies + msecs_to_jiffies(case_timeout_ms(__t)) + 1; \
	bool __holds;								\
										\
	while (!(__holds = (_holds)) && time_before(jiffies, __end) &&		\
	       !case_over(__t))							\
		usleep_range(50, 200);						\
	__holds;								\
})

bool case_loop_ready(struct case_trial *t);
size_t case_period(struct case_trial *t);
size_t case_unit(const struct case_trial *t);
struct case_tx *case_slave_at(struct case_trial *t, struct case_buf *buf, size_t at, size_t len,
			      enum dma_transfer_direction dir);
bool case_dir(struct case_trial *t, enum dma_transfer_direction dir);

/* slave-cyclic.c */
void case_cyclic_receives(struct case_trial *t);
void case_cyclic_calls_back(struct case_trial *t);
void case_cyclic_sends(struct case_trial *t);
void case_cyclic_reads_anew(struct case_trial *t);
void case_cyclic_waits_for_issue(struct case_trial *t);
void case_cyclic_uneven(struct case_trial *t);
void case_vec_repeats(struct case_trial *t);

/* slave-spin.c */
void case_cyclic_goes_on(struct case_trial *t);
void case_cyclic_not_replaced(struct case_trial *t);

/* slave-repeat.c */
void case_repeat_goes_on(struct case_trial *t);
void case_repeat_load_eot(struct case_trial *t);
void case_repeat_not_replaced(struct case_trial *t);

#endif
