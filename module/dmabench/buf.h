/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_BUF_H
#define _DMABENCH_BUF_H

#include <linux/dma-mapping.h>
#include <linux/types.h>

/* Wide enough for the longest burst that an engine may overrun by. */
#define DMABENCH_GUARD	256U

/**
 * struct dmabench_buf_spec - what buffers a run needs
 * @dev: the device that they are mapped for
 * @node: NUMA node, or NUMA_NO_NODE
 * @room: bytes from the aligned start that transfers may reach
 * @align: of the start, bytes, a power of two
 * @sides: buffers of a transfer
 * @stagger: bytes that each of them starts later in its memory than the one before
 * @guard: bytes before the start and behind the room, multiple of @align or 0
 * @bytes: what is allocated for one buffer; set by dmabench_buf_plan()
 * @segments: of a scatterlist, the most; 0: what is mapped is contiguous
 * @sg_room: entries that it can come to; set by dmabench_buf_plan()
 * @max_segment: longest entry that the device takes, bytes
 * @boundary: mask of the bits of an address that must not change within an entry
 * @coherent: coherent memory instead of streaming mappings
 * @pages: single pages, highmem where there is some, side by side for the CPU only
 */
struct dmabench_buf_spec {
	struct device *dev;
	int node;
	size_t room;
	size_t align;
	unsigned int sides;
	size_t stagger;
	size_t guard;
	size_t bytes;
	unsigned int segments;
	unsigned int sg_room;
	size_t max_segment;
	u64 boundary;
	bool coherent;
	bool pages;
};

/**
 * struct dmabench_buf - memory for one side of one transfer
 * @mem: as allocated
 * @start: aligned, behind the first guard
 * @dma: address of @start for the device while mapped once (or coherent), else
 *	of the mapped region
 */
struct dmabench_buf {
	void *mem;
	void *start;
	dma_addr_t dma;
};

void dmabench_buf_plan(struct dmabench_buf_spec *spec);
size_t dmabench_buf_cost(const struct dmabench_buf_spec *spec);
int dmabench_buf_alloc(struct dmabench_buf *buf, const struct dmabench_buf_spec *spec,
		       unsigned int side);
void dmabench_buf_free(struct dmabench_buf *buf, const struct dmabench_buf_spec *spec);
int dmabench_buf_map(struct dmabench_buf *buf, const struct dmabench_buf_spec *spec,
		     size_t offset, size_t len, enum dma_data_direction dir);
void dmabench_buf_unmap(struct dmabench_buf *buf, const struct dmabench_buf_spec *spec,
			size_t len, enum dma_data_direction dir);

#endif
