// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - what slave transfers may look like
 */
#include <linux/bits.h>
#include <linux/kernel.h>

#include "dmasim.h"

const struct dmasim_width dmasim_widths[] = {
	{ "1",	DMA_SLAVE_BUSWIDTH_1_BYTE },
	{ "2",	DMA_SLAVE_BUSWIDTH_2_BYTES },
	{ "3",	DMA_SLAVE_BUSWIDTH_3_BYTES },
	{ "4",	DMA_SLAVE_BUSWIDTH_4_BYTES },
	{ "8",	DMA_SLAVE_BUSWIDTH_8_BYTES },
};

const unsigned int dmasim_nr_widths = ARRAY_SIZE(dmasim_widths);

static void dmasim_device_caps(struct dma_chan *chan, struct dma_slave_caps *caps)
{
	struct dmasim_chan *c = to_dmasim_chan(chan);

	caps->directions = c->directions;
	if (dmasim_defective())
		dmasim_defect_caps(c, caps);
}

/**
 * dmasim_caps_describe() - tell the core what slave transfers may look like
 * @sim:	device before its registration, all operations added
 */
void dmasim_caps_describe(struct dmasim *sim)
{
	struct dma_device *dma = &sim->dma;
	unsigned int i;

	for (i = 0; i < dmasim_nr_widths; i++)
		if (sim->cfg.widths & BIT(i))
			sim->widths |= BIT(dmasim_widths[i].width);

	if (!dma_has_cap(DMA_SLAVE, dma->cap_mask) && !dma_has_cap(DMA_CYCLIC, dma->cap_mask))
		return;
	dma->directions = BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM);
	dma->src_addr_widths = sim->widths;
	dma->dst_addr_widths = sim->widths;
	dma->min_burst = 1;
	dma->max_burst = sim->cfg.max_burst;
	dma->device_caps = dmasim_device_caps;
}

/**
 * dmasim_caps_open() - decide which ways a channel goes
 * @c:		new channel
 * @index:	its number
 */
void dmasim_caps_open(struct dmasim_chan *c, unsigned int index)
{
	c->directions = BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM);
	if (c->sim->cfg.directions == DMASIM_DIR_ALTERNATE)
		c->directions = BIT(index % 2 ? DMA_DEV_TO_MEM : DMA_MEM_TO_DEV);
}

/*
 * The other side's fields are often left alone: 0 is not refused here. There is a width of 128
 * bytes, and no bit for it.
 */
static bool dmasim_width_ok(const struct dmasim *sim, unsigned int width)
{
	return !width || (width < BITS_PER_TYPE(sim->widths) && sim->widths & BIT_ULL(width));
}

/**
 * dmasim_caps_accept() - can the device be configured like this?
 * @sim:	device
 * @config:	the client's wish
 *
 * Return: whether widths and bursts are within what is offered
 */
bool dmasim_caps_accept(const struct dmasim *sim, const struct dma_slave_config *config)
{
	return dmasim_width_ok(sim, config->src_addr_width) &&
	       dmasim_width_ok(sim, config->dst_addr_width) &&
	       config->src_maxburst <= sim->cfg.max_burst &&
	       config->dst_maxburst <= sim->cfg.max_burst;
}
