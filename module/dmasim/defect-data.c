// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - defects of moving bytes
 *
 * No byte is ever written beside the destination: not every client has a guard
 * there, and what is there instead is somebody else's.
 */
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "dmasim.h"

/* What the bus of memory is wide, in bytes. */
#define DMASIM_BUS	8

/* Blocks of this size are exchanged by a wrong address bit. */
#define DMASIM_BLOCK	64

static bool dmasim_last(const struct dmasim_desc *d, size_t len)
{
	return !d->period && d->done + len == d->len;
}

/* Moves all but the last n bytes; nobody knows. */
static ssize_t dmasim_move_short(struct dmasim_chan *c, struct dmasim_desc *d, size_t len,
				 size_t n)
{
	ssize_t moved;

	if (len <= n)
		return len;
	moved = d->mover->move(c, d, len - n);
	return moved == len - n ? len : moved;
}

static ssize_t dmasim_move_late(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	u8 was[DMASIM_LATE_BYTES], is[DMASIM_LATE_BYTES], *mem;
	dma_addr_t dst = d->segs[d->seg].dst + d->off + len;
	size_t n = min3(len, (size_t)offset_in_page(dst - 1) + 1, (size_t)DMASIM_LATE_BYTES);
	ssize_t moved;

	/* None of them is in another page. */
	dst -= n;
	mem = dmasim_addr_map(c->sim, dst, &n);
	memcpy(was, mem, n);
	dmasim_addr_unmap(mem);

	moved = d->mover->move(c, d, len);
	if (moved != len)
		return moved;

	mem = dmasim_addr_map(c->sim, dst, &n);
	memcpy(is, mem, n);
	if (dmasim_late_write(c, DMASIM_DEFECT_complete_before_data,
			      dmasim_addr_page(c->sim, dst), offset_in_page(dst), n, 1, is))
		memcpy(mem, was, n);
	dmasim_addr_unmap(mem);
	return len;
}

static ssize_t dmasim_move_16bit(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	u32 limit = d->segs[d->seg].len & U16_MAX;

	if (d->off >= limit)
		return len;
	return d->mover->move(c, d, min_t(size_t, len, limit - d->off));
}

static ssize_t dmasim_move_crossed(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	const struct dmasim_seg *seg = &d->segs[d->seg];
	ssize_t moved = 0;

	dmasim_addr_copy(c->sim, seg->dst + DMASIM_BLOCK, seg->src, DMASIM_BLOCK);
	dmasim_addr_copy(c->sim, seg->dst, seg->src + DMASIM_BLOCK, DMASIM_BLOCK);
	if (len > 2 * DMASIM_BLOCK) {
		d->off += 2 * DMASIM_BLOCK;
		moved = d->mover->move(c, d, len - 2 * DMASIM_BLOCK);
		d->off -= 2 * DMASIM_BLOCK;
	}
	return moved < 0 ? moved : moved + 2 * DMASIM_BLOCK;
}

static size_t dmasim_swap_entries(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	/* Once: what is submitted again would be put right. */
	if (d->defect || d->done || d->tx.flags & DMA_CTRL_REUSE ||
	    !dmasim_defect_of(c, d, DMASIM_DEFECT_sg_swap))
		return len;
	swap(d->segs[0], d->segs[1]);
	return min(len, d->segs[0].len);
}

/* Is there something else now where the scatterlist was? It may not even be mapped. */
static bool dmasim_sgl_changed(const struct dmasim_desc *d)
{
	const void *sgl = (const void *)(uintptr_t)d->segs[d->nsegs].src;
	struct scatterlist sg;

	return copy_from_kernel_nofault(&sg, sgl, sizeof(sg)) ||
	       sg_dma_address(&sg) != d->segs[0].src || sg_dma_len(&sg) != d->segs[0].len;
}

/* Takes the channel's present configuration for that of a transfer. */
static void dmasim_reconnect(struct dmasim_chan *c, struct dmasim_desc *d)
{
	bool to_dev = d->mover->reads;
	struct dma_slave_config cfg;
	struct dmasim_port *port;
	unsigned long flags;
	u8 width;

	spin_lock_irqsave(&c->lock, flags);
	cfg = c->config;
	spin_unlock_irqrestore(&c->lock, flags);

	port = dmasim_port_find(c->sim, to_dev ? cfg.dst_addr : cfg.src_addr,
				to_dev ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM);
	width = to_dev ? cfg.dst_addr_width : cfg.src_addr_width;
	if (!port || !width || (port == d->port && width == d->width) ||
	    !dmasim_defect_of(c, d, DMASIM_DEFECT_config_applies_queued))
		return;
	if (d->port->ops->forget)
		d->port->ops->forget(d->port, c);
	d->port = port;
	d->width = width;
}

static bool dmasim_lose(struct dmasim_chan *c, const struct dmasim_desc *d, size_t *len)
{
	size_t n = min_t(size_t, *len, DMASIM_BLOCK);

	if (!test_and_clear_bit(0, &c->defect.lost))
		return false;
	if (d->port && n > d->width)
		n -= n % d->width;
	*len = n;
	return true;
}

/**
 * dmasim_defect_move() - move bytes, maybe in a wrong way
 * @c:		channel of a module that has defective devices
 * @d:		its active descriptor
 * @len:	bytes, not 0
 *
 * Context: the runner
 * Return: as dmasim_mover.move()
 */
ssize_t dmasim_defect_move(struct dmasim_chan *c, struct dmasim_desc *d, size_t len)
{
	const struct dmasim_mover *mover = d->mover;
	enum dmasim_defect_id id = READ_ONCE(c->sim->defect.id);
	bool list = d->nsegs > 1 && !mover->scattered;
	size_t rest;

	switch (id) {
	case DMASIM_DEFECT_pause_loses_data:
		if (dmasim_lose(c, d, &len))
			return len;
		break;
	case DMASIM_DEFECT_complete_before_data:
		if (mover->writes && dmasim_last(d, len))
			return dmasim_move_late(c, d, len);
		break;
	case DMASIM_DEFECT_len_off_by_one:
		if (!mover->weight && dmasim_last(d, len) && dmasim_defect_of(c, d, id))
			return dmasim_move_short(c, d, len, 1);
		break;
	case DMASIM_DEFECT_tail_dropped:
		rest = d->len % (d->port ? d->width : DMASIM_BUS);
		if (rest && !mover->weight && dmasim_last(d, len) && dmasim_defect_of(c, d, id))
			return dmasim_move_short(c, d, len, rest);
		break;
	case DMASIM_DEFECT_len_16bit:
		if (d->segs[d->seg].len > U16_MAX && !mover->weight && !d->period &&
		    dmasim_defect_of(c, d, id))
			return dmasim_move_16bit(c, d, len);
		break;
	case DMASIM_DEFECT_addr_32bit:
		if (mover->reads && mover->writes && !d->done && len >= 2 * DMASIM_BLOCK &&
		    dmasim_defect_of(c, d, id))
			return dmasim_move_crossed(c, d, len);
		break;
	case DMASIM_DEFECT_sg_last_missing:
		if (list && d->seg == d->nsegs - 1 && dmasim_defect_of(c, d, id))
			return len;
		break;
	case DMASIM_DEFECT_sg_swap:
		if (list && d->port)
			len = dmasim_swap_entries(c, d, len);
		break;
	case DMASIM_DEFECT_keeps_sgl_pointer:
		if (d->listed && !d->done && dmasim_sgl_changed(d) && dmasim_defect_of(c, d, id))
			return -DMA_TRANS_ABORTED;
		break;
	case DMASIM_DEFECT_config_applies_queued:
		if (d->port && !mover->scattered && !d->done)
			dmasim_reconnect(c, d);
		break;
	default:
		break;
	}
	return mover->move(c, d, len);
}
