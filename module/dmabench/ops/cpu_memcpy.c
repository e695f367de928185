// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu_memcpy: the same buffers, filled, copied and checked by the same harness,
 * but the CPU copies. It is the roof and the price to which an engine compares.
 */
#include <linux/compiler.h>
#include <linux/string.h>

#include "../xfer.h"
#include "op.h"

static void cpu_memcpy_run(struct dmabench_xfer *x)
{
	void *(*copy)(void *to, const void *from, size_t len) = memcpy;

	/* The kernel's memcpy() is to be measured, not one that is inlined here. */
	OPTIMIZER_HIDE_VAR(copy);
	copy(dmabench_xfer_mem(x, 1), dmabench_xfer_mem(x, 0), x->size);
}

const struct dmabench_op dmabench_op_cpu_memcpy = {
	.name		= "cpu_memcpy",
	.cap		= -1,
	.sources	= 1,
	.dests		= 1,
	.cpu		= cpu_memcpy_run,
	.fill		= dmabench_copy_fill,
	.verify		= dmabench_copy_verify,
};
