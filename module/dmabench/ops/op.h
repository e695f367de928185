/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_OP_H
#define _DMABENCH_OP_H

#include <linux/dmaengine.h>
#include <linux/types.h>

struct dmabench_xfer;

/**
 * struct dmabench_op - one kind of operation
 * @name: the word that the knob `op` takes
 * @cap: the capability that a channel must have (enum dma_transaction_type), or
 *	-1 for a baseline that the CPU runs
 * @sources: number of source buffers of a transfer
 * @dests: number of destination buffers; the operation has no size if there are
 *	neither
 * @many: there are as many sources more as the knob `sources` says
 * @align: offset in struct dma_device of the alignment that it must keep
 * @max_sources: how many of the @many sources the provider takes; else NULL
 * @prep: get the descriptor from the provider; called by xfer.c only, between
 *	its stamps, so it does nothing else. NULL if @cap is -1
 * @cpu: do the work here and now; NULL unless @cap is -1
 * @fill: write the sources, and what destinations hold before the transfer
 * @verify: check destinations, sources and all that surrounds them. On a
 *	mismatch it puts what is wrong into words and returns false
 */
struct dmabench_op {
	const char *name;
	int cap;
	unsigned int sources;
	unsigned int dests;
	bool many;
	size_t align;
	unsigned int (*max_sources)(struct dma_device *device);
	struct dma_async_tx_descriptor *(*prep)(struct dmabench_xfer *x, unsigned long flags);
	void (*cpu)(struct dmabench_xfer *x);
	void (*fill)(struct dmabench_xfer *x);
	bool (*verify)(struct dmabench_xfer *x, char *reason, size_t reason_size);
};

enum dmabench_op_id {
#define DMABENCH_OP(_name)	DMABENCH_OP_##_name,
#include "op-list.h"
#undef DMABENCH_OP
	DMABENCH_OPS
};

#define DMABENCH_OP(_name)	extern const struct dmabench_op dmabench_op_##_name;
#include "op-list.h"
#undef DMABENCH_OP

extern const struct dmabench_op *const dmabench_ops[DMABENCH_OPS];
extern const char *const dmabench_op_names[];

/* What a knob can ask for. */
#define DMABENCH_MAX_SOURCES	32

/* For operations that move the bytes of one source to one destination. */
void dmabench_copy_fill(struct dmabench_xfer *x);
bool dmabench_copy_verify(struct dmabench_xfer *x, char *reason, size_t reason_size);

#endif
