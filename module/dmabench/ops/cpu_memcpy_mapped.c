// SPDX-License-Identifier: GPL-2.0-only
/*
 * cpu_memcpy_mapped: as cpu_memcpy, but the buffers are mapped for the device and
 * unmapped first, as they are for each transfer of an engine. What an engine
 * leaves of the difference between the two is its own.
 *
 * The CPU copies when it has the buffers back: what it writes to memory that is
 * mapped from a device may be lost to a bounce buffer.
 */
#include "../xfer.h"
#include "op.h"

static int cpu_memcpy_mapped_check(const struct dmabench_knobs *knobs, char *reason,
				   size_t reason_size)
{
	if (knobs->map == DMABENCH_MAP_TRANSFER && knobs->memory == DMABENCH_MEMORY_STREAMING)
		return 0;
	scnprintf(reason, reason_size,
		  "cpu_memcpy_mapped needs map=transfer and memory=streaming");
	return -EINVAL;
}

static void cpu_memcpy_mapped_run(struct dmabench_xfer *x)
{
	unsigned int side;

	for (side = 0; side < x->sides; side++) {
		if (dmabench_side_map(x, side)) {
			x->result = DMA_TRANS_ABORTED;
			break;
		}
	}
	while (side--)
		dmabench_side_unmap(x, side);
	if (x->result == DMA_TRANS_NOERROR)
		dmabench_op_cpu_memcpy.cpu(x);
}

const struct dmabench_op dmabench_op_cpu_memcpy_mapped = {
	.name		= "cpu_memcpy_mapped",
	.cap		= -1,
	.sources	= 1,
	.dests		= 1,
	.check		= cpu_memcpy_mapped_check,
	.cpu		= cpu_memcpy_mapped_run,
	.fill		= dmabench_copy_fill,
	.verify		= dmabench_copy_verify,
};
