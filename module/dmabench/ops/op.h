/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_OP_H
#define _DMABENCH_OP_H

#include <linux/dmaengine.h>
#include <linux/types.h>

struct dmabench_knobs;
struct dmabench_route;
struct dmabench_worker;
struct dmabench_xfer;
struct seq_file;

/**
 * struct dmabench_op - one kind of operation
 * @name: the word that the knob `op` takes
 * @cap: the capability that a channel must have (enum dma_transaction_type), or
 *	-1 for a baseline that the CPU runs
 * @sources: number of source buffers of a transfer
 * @dests: number of destination buffers; the operation has no size if there are
 *	neither
 * @many: there are as many sources more as the knob `sources` says
 * @peripheral: one end is a peripheral. What lies in memory is then one source,
 *	one destination, or both, as the knob `direction` says, and @sources and
 *	@dests are not looked at
 * @sg: the buffers are scatterlists
 * @gaps: parts of the destination keep what they hold
 * @state_size: bytes of the transfer's @state
 * @align: offset in struct dma_device of the alignment that it must keep
 * @max_sources: how many of the @many sources the provider takes; else NULL
 * @lacks: what the provider lacks though it has the capability, in a word, or NULL;
 *	may be absent
 * @prep: get the descriptor of one route from the provider; called by xfer.c only,
 *	between its stamps, so it does nothing else. NULL if @cap is -1
 * @cpu: do the work here and now; NULL unless @cap is -1
 * @setup: choose what is random about a transfer beyond sizes and places; may be
 *	absent
 * @fill: write the sources, and what destinations hold before the transfer
 * @verify: check destinations, sources and all that surrounds them. On a
 *	mismatch it puts what is wrong into words and returns false
 * @endless: the transfer goes round until it is terminated; @verify is for what
 *	surrounds the data
 * @worker_size: bytes of worker->state for @work, zeroed at the start of a run
 * @check: refuses knobs that make no sense, with an errno and one line; may be
 *	absent
 * @work: takes the place of mode=transfer for an operation that does not end by
 *	itself, see struct dmabench_mode
 * @show: with @work, as @show of struct dmabench_mode
 */
struct dmabench_op {
	const char *name;
	int cap;
	unsigned int sources;
	unsigned int dests;
	bool many;
	bool peripheral;
	bool sg;
	bool gaps;
	size_t state_size;
	size_t align;
	unsigned int (*max_sources)(struct dma_device *device);
	const char *(*lacks)(struct dma_device *device);
	struct dma_async_tx_descriptor *(*prep)(struct dmabench_xfer *x,
						const struct dmabench_route *route,
						unsigned long flags);
	void (*cpu)(struct dmabench_xfer *x);
	void (*setup)(struct dmabench_xfer *x);
	void (*fill)(struct dmabench_xfer *x);
	bool (*verify)(struct dmabench_xfer *x, char *reason, size_t reason_size);
	bool endless;
	size_t worker_size;
	int (*check)(const struct dmabench_knobs *knobs, char *reason, size_t reason_size);
	void (*work)(struct dmabench_worker *worker);
	void (*show)(struct seq_file *m, const struct dmabench_worker *worker);
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

const char *dmabench_op_lacks(const struct dmabench_op *op, struct dma_chan *dma);
void dmabench_op_sides(const struct dmabench_op *op, const struct dmabench_knobs *knobs,
		       unsigned int *sources, unsigned int *sides);

/* What a knob can ask for. */
#define DMABENCH_MAX_SOURCES	32

struct dma_async_tx_descriptor *
dmabench_memcpy_prep(struct dmabench_xfer *x, const struct dmabench_route *route,
		     unsigned long flags);

/* For operations that move the bytes of one source to one destination. */
void dmabench_copy_fill(struct dmabench_xfer *x);
bool dmabench_copy_verify(struct dmabench_xfer *x, char *reason, size_t reason_size);

#endif
