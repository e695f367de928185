// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of operations, and what the copying ones have in common.
 */
#include <linux/kernel.h>

#include "../xfer.h"
#include "op.h"

const struct dmabench_op *const dmabench_ops[DMABENCH_OPS] = {
	[DMABENCH_OP_MEMCPY]		= &dmabench_op_memcpy,
	[DMABENCH_OP_CPU_MEMCPY]	= &dmabench_op_cpu_memcpy,
};

/* The knob's words; the enum keeps them in step with dmabench_ops. */
const char *const dmabench_op_names[] = {
	[DMABENCH_OP_MEMCPY]		= "memcpy",
	[DMABENCH_OP_CPU_MEMCPY]	= "cpu_memcpy",
	NULL
};

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
