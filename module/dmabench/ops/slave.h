/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_SLAVE_H
#define _DMABENCH_SLAVE_H

#include "../xfer.h"
#include "op.h"

/* What operations with a peripheral have in common; see slave.c. */
void dmabench_slave_fill(struct dmabench_xfer *x);
bool dmabench_slave_verify(struct dmabench_xfer *x, char *reason, size_t reason_size);

#endif
