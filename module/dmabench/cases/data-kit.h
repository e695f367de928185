/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_DATA_KIT_H
#define _DMABENCH_DATA_KIT_H

#include "case.h"

/* What of a buffer lies before and behind a transfer, and must stay as it is. */
#define CASE_MARGIN	64U

bool case_sample(struct case_trial *t, unsigned int wanted, size_t len);
size_t case_below(struct case_trial *t, size_t limit);
size_t case_offset(struct case_trial *t, size_t align);
void case_buf_refill(struct case_trial *t, struct case_buf *buf, enum dmabench_pattern_kind kind,
		     size_t len);
u8 *case_image(struct case_trial *t, size_t len);
bool case_image_is(struct case_tx *tx, const struct case_buf *buf, const u8 *image, size_t len,
		   const char *what);
bool case_held(struct case_tx *tx, const struct case_buf *buf, enum dmabench_pattern_kind kind,
	       size_t len, const char *what);
bool case_all(struct case_trial *t, struct case_tx *const *tx, unsigned int nr);

/* data-raid.c */
void case_data_xor(struct case_trial *t);
void case_data_xor_in_place(struct case_trial *t);
void case_data_xor_val_match(struct case_trial *t);
void case_data_xor_val_flip(struct case_trial *t);
void case_data_pq(struct case_trial *t);
void case_data_pq_disabled(struct case_trial *t);
void case_data_pq_continue(struct case_trial *t);
void case_data_pq_val_match(struct case_trial *t);
void case_data_pq_val_flip(struct case_trial *t);

/* data-set.c */
void case_data_memset_values(struct case_trial *t);
void case_data_memset_lengths(struct case_trial *t);
void case_data_memset_sg(struct case_trial *t);
void case_data_interrupt_order(struct case_trial *t);
void case_data_interrupt_alone(struct case_trial *t);
void case_data_no_ack(struct case_trial *t);
void case_data_cmd(struct case_trial *t);

/* data-interleave.c */
void case_data_interleaved(struct case_trial *t);
void case_data_interleaved_any(struct case_trial *t);
void case_data_interleaved_still(struct case_trial *t);

#endif
