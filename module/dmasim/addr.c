// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - from bus addresses to memory
 *
 * The engine is the CPU, so it must find the memory that a client has mapped.
 * Without an IOMMU a bus address is a physical address in disguise.
 */
#include <linux/dma-direct.h>
#include <linux/dma-mapping.h>
#include <linux/highmem.h>
#include <linux/iommu.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/string.h>

#include "dmasim.h"

/* In blocks of this size there is memory everywhere or nowhere. */
#if defined(CONFIG_SPARSEMEM_VMEMMAP) && !defined(CONFIG_HAVE_ARCH_PFN_VALID)
#define DMASIM_BLOCK_SHIFT	SUBSECTION_SHIFT
#else
#define DMASIM_BLOCK_SHIFT	PAGE_SHIFT
#endif

/**
 * dmasim_addr_setup() - make a device's mappings such that they can be undone
 * @dev:	device before its first mapping
 *
 * Return: 0, -EOPNOTSUPP behind an IOMMU that translates, or an errno of
 * dma_set_mask()
 */
int dmasim_addr_setup(struct device *dev)
{
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);

	if (domain && domain->type != IOMMU_DOMAIN_IDENTITY)
		return dev_err_probe(dev, -EOPNOTSUPP,
				     "the IOMMU translates this device's addresses, boot with iommu.passthrough=1\n");

	/* It is the CPU that reads and writes, through its caches. */
	dev_set_dma_coherent(dev);

	return dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
}

static unsigned long dmasim_block(phys_addr_t phys)
{
	return phys >> DMASIM_BLOCK_SHIFT;
}

static __always_inline unsigned long *dmasim_block_place(struct dmasim_chan *c,
							 unsigned long block)
{
	return &c->blocks[block % ARRAY_SIZE(c->blocks)];
}

/*
 * pfn_valid() costs as much as a lock. A client's buffers lie in few blocks, so the
 * channel knows most of them. A block that is removed from the machine meanwhile has
 * nobody's buffers in it: only a wrong address could point there.
 */
static __always_inline bool dmasim_block_known(struct dmasim_chan *c, phys_addr_t phys)
{
	unsigned long block = dmasim_block(phys);

	return likely(READ_ONCE(*dmasim_block_place(c, block)) == block + 1);
}

static noinline bool dmasim_block_learn(struct dmasim_chan *c, phys_addr_t phys)
{
	unsigned long block = dmasim_block(phys);

	if (!pfn_valid(PHYS_PFN(phys)))
		return false;
	WRITE_ONCE(*dmasim_block_place(c, block), block + 1);
	return true;
}

/**
 * dmasim_addr_ok() - is there memory at a bus address?
 * @c:		channel
 * @addr:	bus address
 * @len:	bytes, not 0
 *
 * Context: any
 * Return: whether the first and the last byte are memory, and nothing wraps
 */
bool dmasim_addr_ok(struct dmasim_chan *c, dma_addr_t addr, size_t len)
{
	phys_addr_t first = dma_to_phys(c->sim->dev, addr);
	phys_addr_t last = first + len - 1;

	if (last < first)
		return false;
	if (!dmasim_block_known(c, first) && !dmasim_block_learn(c, first))
		return false;
	return dmasim_block(last) == dmasim_block(first) || dmasim_block_known(c, last) ||
	       dmasim_block_learn(c, last);
}

/**
 * dmasim_addr_page() - the page of a bus address
 * @sim:	device
 * @addr:	bus address that dmasim_addr_ok() has approved
 *
 * Return: the page
 */
struct page *dmasim_addr_page(struct dmasim *sim, dma_addr_t addr)
{
	return pfn_to_page(PHYS_PFN(dma_to_phys(sim->dev, addr)));
}

/**
 * dmasim_addr_map() - get at the memory behind a bus address
 * @sim:	device
 * @addr:	bus address that dmasim_addr_ok() has approved
 * @len:	bytes wanted; on return how many can be had at once
 *
 * Undone by dmasim_addr_unmap(), last one first.
 *
 * Context: any
 * Return: address for the CPU
 */
void *dmasim_addr_map(struct dmasim *sim, dma_addr_t addr, size_t *len)
{
	phys_addr_t phys = dma_to_phys(sim->dev, addr);

	if (!IS_ENABLED(CONFIG_HIGHMEM))
		return phys_to_virt(phys);

	*len = min_t(size_t, *len, PAGE_SIZE - offset_in_page(phys));
	return kmap_local_page(pfn_to_page(PHYS_PFN(phys))) + offset_in_page(phys);
}

/**
 * dmasim_addr_unmap() - undo dmasim_addr_map()
 * @vaddr:	what it returned
 */
void dmasim_addr_unmap(void *vaddr)
{
	if (IS_ENABLED(CONFIG_HIGHMEM))
		kunmap_local(vaddr);
}

/**
 * dmasim_addr_copy() - copy memory
 * @sim:	device
 * @dst:	bus address
 * @src:	bus address
 * @len:	bytes
 *
 * Context: any
 */
void dmasim_addr_copy(struct dmasim *sim, dma_addr_t dst, dma_addr_t src, size_t len)
{
	while (len) {
		size_t n = len;
		void *d = dmasim_addr_map(sim, dst, &n);
		void *s = dmasim_addr_map(sim, src, &n);

		memcpy(d, s, n);
		dmasim_addr_unmap(s);
		dmasim_addr_unmap(d);

		dst += n;
		src += n;
		len -= n;
	}
}
