// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - memory to peripheral and back
 */
#include <linux/kernel.h>
#include <linux/scatterlist.h>

#include "dmasim.h"

/**
 * dmasim_slave_push() - move bytes from memory to a descriptor's peripheral
 * @c:		channel
 * @d:		descriptor
 * @addr:	bus address of the memory
 * @len:	bytes
 *
 * Context: the runner
 * Return: as dmasim_mover.move()
 */
ssize_t dmasim_slave_push(struct dmasim_chan *c, struct dmasim_desc *d, dma_addr_t addr,
			  size_t len)
{
	void *mem = dmasim_addr_map(c->sim, addr, &len);
	ssize_t n = d->port->ops->push(d->port, c, mem, len, d->width);

	dmasim_addr_unmap(mem);
	return n;
}

/**
 * dmasim_slave_pull() - move bytes from a descriptor's peripheral to memory
 * @c:		channel
 * @d:		descriptor
 * @addr:	bus address of the memory
 * @len:	bytes
 *
 * Context: the runner
 * Return: as dmasim_mover.move()
 */
ssize_t dmasim_slave_pull(struct dmasim_chan *c, struct dmasim_desc *d, dma_addr_t addr,
			  size_t len)
{
	void *mem = dmasim_addr_map(c->sim, addr, &len);
	ssize_t n = d->port->ops->pull(d->port, c, mem, len, d->width);

	dmasim_addr_unmap(mem);
	return n;
}

static ssize_t dmasim_push(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	return dmasim_slave_push(c, d, d->segs[d->seg].src + d->off, len);
}

static ssize_t dmasim_pull(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	return dmasim_slave_pull(c, d, d->segs[d->seg].dst + d->off, len);
}

static const struct dmasim_mover dmasim_push_mover = {
	.move = dmasim_push,
	.reads = true,
};

static const struct dmasim_mover dmasim_pull_mover = {
	.move = dmasim_pull,
	.writes = true,
};

/**
 * dmasim_slave_connect() - connect a descriptor with the configured peripheral
 * @c:		channel
 * @d:		descriptor
 * @dir:	direction
 *
 * What a later slave_config says does not concern the descriptor any more.
 *
 * Return: false if the channel does not go this way, the configuration does not
 * say what is needed, there is no peripheral at its address, or no memory for
 * metadata
 */
bool dmasim_slave_connect(struct dmasim_chan *c, struct dmasim_desc *d,
			  enum dma_transfer_direction dir)
{
	struct dma_slave_config cfg;
	enum dma_slave_buswidth width;
	unsigned long flags;
	phys_addr_t addr;
	u32 maxburst;

	spin_lock_irqsave(&c->lock, flags);
	cfg = c->config;
	spin_unlock_irqrestore(&c->lock, flags);

	if (!(c->directions & BIT(dir)))
		return false;

	if (dir == DMA_MEM_TO_DEV) {
		addr = cfg.dst_addr;
		width = cfg.dst_addr_width;
		maxburst = cfg.dst_maxburst;
		d->mover = &dmasim_push_mover;
	} else {
		addr = cfg.src_addr;
		width = cfg.src_addr_width;
		maxburst = cfg.src_maxburst;
		d->mover = &dmasim_pull_mover;
	}
	if (!width)
		return false;

	d->port = dmasim_port_find(c->sim, addr, dir);
	d->width = width;
	d->burst = width * max_t(u32, maxburst, 1);
	return d->port && (dir == DMA_MEM_TO_DEV || dmasim_meta_prepare(c, d));
}

/**
 * dmasim_slave_segment() - add memory to the program of a slave transfer
 * @c:		channel
 * @d:		descriptor with room for it
 * @n:		index of the segment
 * @addr:	bus address of the memory
 * @len:	bytes
 *
 * Return: false if there is no such memory, or the program becomes too long
 */
bool dmasim_slave_segment(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int n,
			  dma_addr_t addr, size_t len)
{
	if (!len || len > U32_MAX - d->len || !dmasim_addr_ok(c, addr, len))
		return false;

	d->segs[n].src = addr;
	d->segs[n].dst = addr;
	d->segs[n].len = len;
	d->len += len;
	return true;
}

static struct dma_async_tx_descriptor *
dmasim_prep_slave_sg(struct dma_chan *chan, struct scatterlist *sgl, unsigned int nents,
		     enum dma_transfer_direction dir, unsigned long flags, void *context)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);
	bool listed = dmasim_defect_is(c, DMASIM_DEFECT_keeps_sgl_pointer);
	struct scatterlist *sg;
	struct dmasim_desc *d;
	unsigned int i;

	if (!sgl || !nents || !is_slave_direction(dir))
		return NULL;

	if (listed)
		d = dmasim_desc_get_sized(c, flags, nents,
					  array_size(size_add(nents, 1), sizeof(*d->segs)));
	else
		d = dmasim_desc_get(c, flags, nents);
	if (!d)
		return NULL;

	if (!dmasim_slave_connect(c, d, dir))
		goto refuse;

	for_each_sg(sgl, sg, nents, i)
		if (!dmasim_slave_segment(c, d, i, sg_dma_address(sg), sg_dma_len(sg)))
			goto refuse;

	if (listed) {
		d->segs[nents].src = (uintptr_t)sgl;
		d->listed = true;
	}
	return &d->tx;

refuse:
	dmasim_desc_put(c, d);
	return NULL;
}

/**
 * dmasim_slave_attach() - add slave_sg
 * @dma:	device before its registration
 */
void dmasim_slave_attach(struct dma_device *dma)
{
	dma_cap_set(DMA_SLAVE, dma->cap_mask);
	dma->device_prep_slave_sg = dmasim_prep_slave_sg;
}
