// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of operations, and what the copying ones have in common.
 */
#include <linux/kernel.h>

#include "../xfer.h"
#include "op.h"

/* In the order of enum dmabench_op_id, which comes from the same list. */
const struct dmabench_op *const dmabench_ops[DMABENCH_OPS] = {
#define DMABENCH_OP(_name)	&dmabench_op_##_name,
#include "op-list.h"
#undef DMABENCH_OP
};

/* The words of the knob `op`. */
const char *const dmabench_op_names[] = {
#define DMABENCH_OP(_name)	#_name,
#include "op-list.h"
#undef DMABENCH_OP
	NULL
};

/**
 * dmabench_op_sides - how many buffers a transfer has
 * @op: the operation
 * @knobs: of the run
 * @sources: receives the number of those that are read, which come first
 * @sides: receives the number of all
 */
void dmabench_op_sides(const struct dmabench_op *op, const struct dmabench_knobs *knobs,
		       unsigned int *sources, unsigned int *sides)
{
	if (op->peripheral) {
		*sources = knobs->direction != DMABENCH_DIRECTION_RX;
		*sides = *sources + (knobs->direction != DMABENCH_DIRECTION_TX);
	} else {
		*sources = op->sources + (op->many ? knobs->sources : 0);
		*sides = *sources + op->dests;
	}
}

/**
 * dmabench_op_lacks - what keeps a channel from an operation
 * @op: the operation
 * @dma: the channel
 *
 * Return: what it lacks in a word, or NULL.
 */
const char *dmabench_op_lacks(const struct dmabench_op *op, struct dma_chan *dma)
{
	struct dma_device *device = dma->device;

	if (op->cpu)
		return NULL;
	if (op->cap >= 0 && !dma_has_cap(op->cap, device->cap_mask))
		return dmabench_cap_name(op->cap);
	/* There would be no end to it. */
	if (op->endless && !device->device_terminate_all)
		return "terminate";
	return op->lacks ? op->lacks(device) : NULL;
}

/**
 * dmabench_copy_fill - prepare the memory of a copy
 * @x: the transfer: one source, one destination
 */
void dmabench_copy_fill(struct dmabench_xfer *x)
{
	dmabench_xfer_fill_side(x, 0, DMABENCH_PATTERN_SOURCE);
	dmabench_xfer_fill_side(x, 1, DMABENCH_PATTERN_OLD);
}

/**
 * dmabench_copy_verify - check the memory of a copy
 * @x: the transfer, as filled by dmabench_copy_fill()
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if the destination holds the source, the source is unchanged and
 * so is all that surrounds them.
 */
bool dmabench_copy_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	return dmabench_xfer_check_side(x, 1, DMABENCH_PATTERN_SOURCE, "destination",
					reason, reason_size) &&
	       dmabench_xfer_check_side(x, 0, DMABENCH_PATTERN_SOURCE, "source",
					reason, reason_size);
}
