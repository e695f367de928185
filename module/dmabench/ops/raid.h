/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_RAID_H
#define _DMABENCH_RAID_H

#include "../xfer.h"
#include "op.h"

/* What xor, pq and their checks have in common; see raid.c. */
unsigned int dmabench_raid_sources(struct dmabench_xfer *x);
void dmabench_raid_addresses(struct dmabench_xfer *x, dma_addr_t *src);
void dmabench_raid_coefficients(struct dmabench_xfer *x, u8 *coef);
void dmabench_raid_fill_sources(struct dmabench_xfer *x);
bool dmabench_raid_check_sources(struct dmabench_xfer *x, char *reason, size_t reason_size);
void dmabench_raid_p(struct dmabench_xfer *x, size_t from, u8 *to, size_t len);
void dmabench_raid_q(struct dmabench_xfer *x, size_t from, u8 *to, size_t len);
void dmabench_raid_flip(struct dmabench_xfer *x, unsigned int side);
bool dmabench_raid_check_result(struct dmabench_xfer *x, enum sum_check_flags expected,
				char *reason, size_t reason_size);

#endif
