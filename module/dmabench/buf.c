// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for transfers:
 *
 *	mem ... | guard | start ... room ... | guard |
 *
 * A transfer may begin anywhere in the room; the guards catch what goes beyond
 * it when the transfer fills the room. Within the room the transfer's own
 * surroundings are checked by whoever knows where it lies (see ops/).
 */
#include <linux/gfp.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "buf.h"

/* Smaller ones would pay too much memory for it. */
#define BUF_STAGGER_MIN	SZ_64K

/* The largest block that the page allocator has. */
static size_t buf_block_max(void)
{
	return KMALLOC_MAX_SIZE;
}

/* A piece may begin and end anywhere, so each cut may be one entry more. */
static unsigned int buf_entries(const struct dmabench_buf_spec *spec)
{
	u64 entries = spec->segments + DIV_ROUND_UP(spec->room, spec->max_segment);

	if (spec->boundary < spec->room)
		entries += spec->room / (size_t)(spec->boundary + 1) + 1;
	if (spec->pages)
		entries += spec->bytes / PAGE_SIZE + 1;
	return entries;
}

/**
 * dmabench_buf_plan - work out the size of the buffers
 * @spec: all is given but @stagger, @guard, @bytes and @sg_room, which are set
 *
 * Large blocks come aligned to their size. Source and destination would often
 * fall on the same sets of caches and TLBs at every step of a copy, or not, as
 * chance has it, and the figures with them. So they are staggered by some pages.
 *
 * A room that just fits the largest block goes without all that, rather than not
 * at all: the result says so by guard_bytes.
 */
void dmabench_buf_plan(struct dmabench_buf_spec *spec)
{
	spec->guard = ALIGN(DMABENCH_GUARD, spec->align);
	spec->stagger = spec->room >= BUF_STAGGER_MIN ? 2 * PAGE_SIZE : 0;
	spec->bytes = spec->room + 2 * spec->guard + spec->sides * spec->stagger;
	if (!spec->coherent && !spec->pages && spec->room <= buf_block_max() &&
	    spec->bytes > buf_block_max()) {
		spec->stagger = 0;
		spec->guard = 0;
		spec->bytes = spec->room;
	}
	/* Memory of less than a page comes from kmalloc, aligned for DMA only. */
	if (spec->bytes < PAGE_SIZE)
		spec->bytes += spec->align;

	if (spec->segments)
		spec->sg_room = buf_entries(spec);
}

/**
 * dmabench_buf_cost - what one buffer takes of the machine's memory
 * @spec: planned by dmabench_buf_plan()
 *
 * Return: bytes, with what the allocator rounds up to.
 */
size_t dmabench_buf_cost(const struct dmabench_buf_spec *spec)
{
	if (spec->coherent)
		return PAGE_SIZE << get_order(spec->bytes);
	if (spec->pages)
		return PAGE_ALIGN(spec->bytes) +
		       PAGE_ALIGN(spec->bytes) / PAGE_SIZE * sizeof(struct page *);
	if (spec->bytes < PAGE_SIZE)
		return roundup_pow_of_two(spec->bytes);
	return PAGE_ALIGN(spec->bytes);
}

/*
 * Like alloc_pages_exact(), but on a node: blocks come in powers of two, and a
 * run with many buffers cannot afford to waste half of each.
 */
static void *buf_pages_alloc(size_t bytes, int node)
{
	unsigned int order = get_order(bytes);
	unsigned long used = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	unsigned long i;
	struct page *page;

	if (bytes > buf_block_max())
		return NULL;
	page = alloc_pages_node(node == NUMA_NO_NODE ? numa_mem_id() : node,
				GFP_KERNEL | __GFP_NOWARN | __GFP_RETRY_MAYFAIL, order);
	if (!page)
		return NULL;

	split_page(page, order);
	for (i = used; i < 1UL << order; i++)
		__free_page(page + i);
	return page_address(page);
}

/*
 * No two of them need to be neighbours, and none needs an address for the kernel.
 * vfree() gives the pages back, too.
 */
static void *buf_single_alloc(size_t bytes, int node)
{
	unsigned int i, count = PAGE_ALIGN(bytes) >> PAGE_SHIFT;
	struct page **page;
	void *mem = NULL;

	page = kvcalloc(count, sizeof(*page), GFP_KERNEL);
	if (!page)
		return NULL;
	for (i = 0; i < count; i++) {
		page[i] = alloc_pages_node(node == NUMA_NO_NODE ? numa_mem_id() : node,
					   GFP_HIGHUSER | __GFP_NOWARN, 0);
		if (!page[i])
			break;
	}
	if (i == count)
		mem = vmap(page, count, VM_MAP | VM_MAP_PUT_PAGES, PAGE_KERNEL);
	if (!mem) {
		while (i--)
			__free_page(page[i]);
		kvfree(page);
	}
	return mem;
}

/**
 * dmabench_buf_alloc - get the memory of one buffer
 * @buf: the buffer
 * @spec: planned by dmabench_buf_plan()
 * @side: its number among the buffers of its transfer
 *
 * Context: may sleep.
 *
 * Return: 0, -ENOMEM.
 */
int dmabench_buf_alloc(struct dmabench_buf *buf, const struct dmabench_buf_spec *spec,
		       unsigned int side)
{
	dma_addr_t handle = 0;

	if (spec->coherent)
		buf->mem = dma_alloc_coherent(spec->dev, spec->bytes, &handle,
					      GFP_KERNEL | __GFP_NOWARN);
	else if (spec->pages)
		buf->mem = buf_single_alloc(spec->bytes, spec->node);
	else if (spec->bytes < PAGE_SIZE)
		buf->mem = kmalloc_node(spec->bytes, GFP_KERNEL | __GFP_NOWARN, spec->node);
	else
		buf->mem = buf_pages_alloc(spec->bytes, spec->node);
	if (!buf->mem)
		return -ENOMEM;

	buf->start = PTR_ALIGN(buf->mem + spec->guard, spec->align) + side * spec->stagger;
	buf->dma = handle + (buf->start - buf->mem);
	return 0;
}

/**
 * dmabench_buf_free - give the memory back
 * @buf: not mapped, and no engine may write to it any more
 * @spec: as it was allocated with
 *
 * Context: may sleep.
 */
void dmabench_buf_free(struct dmabench_buf *buf, const struct dmabench_buf_spec *spec)
{
	size_t i;

	if (!buf->mem)
		return;
	if (spec->coherent) {
		dma_free_coherent(spec->dev, spec->bytes, buf->mem,
				  buf->dma - (buf->start - buf->mem));
	} else if (spec->pages) {
		vfree(buf->mem);
	} else if (spec->bytes < PAGE_SIZE) {
		kfree(buf->mem);
	} else {
		for (i = 0; i < PAGE_ALIGN(spec->bytes); i += PAGE_SIZE)
			free_page((unsigned long)buf->mem + i);
	}
	buf->mem = NULL;
}
