/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every operation, once, in the order in which they are listed. Included several
 * times with DMABENCH_OP defined to what is wanted of the list; no include guard
 * therefore. DMABENCH_OP(name) belongs to ops/name.c, which defines the const
 * struct dmabench_op dmabench_op_name.
 */
DMABENCH_OP(memcpy)
DMABENCH_OP(memset)
DMABENCH_OP(memset_sg)
DMABENCH_OP(xor)
DMABENCH_OP(xor_val)
DMABENCH_OP(pq)
DMABENCH_OP(pq_val)
DMABENCH_OP(interrupt)
DMABENCH_OP(interleaved)
DMABENCH_OP(slave_sg)
DMABENCH_OP(dma_vec)
DMABENCH_OP(cyclic)
DMABENCH_OP(cpu_memcpy)
DMABENCH_OP(cpu_memcpy_mapped)
