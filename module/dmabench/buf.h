/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_BUF_H
#define _DMABENCH_BUF_H

#include <linux/dma-mapping.h>
#include <linux/mm.h>
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

/* What follows is done for every transfer that is mapped for itself: no calls. */

/**
 * dmabench_buf_map - hand a region to the device
 * @buf: streaming memory, contiguous and in the kernel's linear mapping
 * @spec: of the buffer
 * @offset: of the region from the buffer's start
 * @len: of the region
 * @dir: who writes
 *
 * Only the region is mapped: what surrounds it is nobody's business but ours,
 * and a bounce buffer or a cache must not carry our guards along.
 *
 * Context: any.
 *
 * Return: 0, -ENOMEM if it cannot be mapped (now).
 */
static inline int dmabench_buf_map(struct dmabench_buf *buf, const struct dmabench_buf_spec *spec,
				   size_t offset, size_t len, enum dma_data_direction dir)
{
	void *mem = buf->start + offset;

	/* What dma_map_single() does, less its check that this is no vmalloc memory. */
	buf->dma = dma_map_page(spec->dev, virt_to_page(mem), offset_in_page(mem), len, dir);
	return dma_mapping_error(spec->dev, buf->dma) ? -ENOMEM : 0;
}

/**
 * dmabench_buf_unmap - take a region back
 * @buf: mapped by dmabench_buf_map()
 * @spec: of the buffer
 * @len: as it was mapped
 * @dir: as it was mapped
 *
 * Context: any.
 */
static inline void dmabench_buf_unmap(struct dmabench_buf *buf,
				      const struct dmabench_buf_spec *spec, size_t len,
				      enum dma_data_direction dir)
{
	dma_unmap_page(spec->dev, buf->dma, len, dir);
}

#endif
