// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the peripherals of a device
 *
 * Their registers live at addresses that mean something to this device alone.
 * No CPU ever accesses them, so it does not matter what else is there.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>

#include "dmasim.h"

#define DMASIM_PERIPH_BASE	0xd5a00000U
#define DMASIM_PERIPH_SIZE	0x1000U

/**
 * struct dmasim_periph_instance - a peripheral that every device has
 * @kind:	what it is
 * @number:	counts the instances of this kind
 */
struct dmasim_periph_instance {
	const struct dmasim_periph_kind *kind;
	unsigned int number;
};

static const struct dmasim_periph_instance dmasim_periphs[] = {
	{ &dmasim_loopback, 0 },
	{ &dmasim_sink, 0 },
};

static_assert(ARRAY_SIZE(dmasim_periphs) == DMASIM_NR_PERIPHS);

/**
 * dmasim_periph_create() - make the peripherals of a device
 * @sim:	device
 *
 * Return: 0 or an errno, after which dmasim_periph_destroy() is still due
 */
int dmasim_periph_create(struct dmasim *sim)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		void *periph = dmasim_periphs[i].kind->create(&sim->cfg,
				DMASIM_PERIPH_BASE + i * DMASIM_PERIPH_SIZE);

		if (IS_ERR(periph))
			return PTR_ERR(periph);
		sim->periphs[i] = periph;
	}
	return 0;
}

/**
 * dmasim_periph_destroy() - undo dmasim_periph_create()
 * @sim:	device
 */
void dmasim_periph_destroy(struct dmasim *sim)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++)
		if (sim->periphs[i])
			dmasim_periphs[i].kind->destroy(sim->periphs[i]);
}

/**
 * dmasim_periph_show() - print the peripherals, a line each
 * @s:		file to print to
 * @sim:	device
 */
void dmasim_periph_show(struct seq_file *s, struct dmasim *sim)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		const struct dmasim_periph_instance *p = &dmasim_periphs[i];

		seq_printf(s, "%s%u kind=%s", p->kind->name, p->number, p->kind->name);
		p->kind->show(s, sim->periphs[i]);
		seq_putc(s, '\n');
	}
}

/**
 * dmasim_port_find() - which register is at an address?
 * @sim:	device
 * @addr:	as slave_config has it
 * @dir:	direction of the transfer
 *
 * Return: a port that can do @dir, or NULL
 */
struct dmasim_port *dmasim_port_find(struct dmasim *sim, phys_addr_t addr,
				     enum dma_transfer_direction dir)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		struct dmasim_port *port = dmasim_periphs[i].kind->port(sim->periphs[i], addr);

		if (!port)
			continue;
		if (dir == DMA_MEM_TO_DEV ? !!port->ops->push : !!port->ops->pull)
			return port;
	}
	return NULL;
}

/**
 * dmasim_beats() - how many bytes a port can exchange
 * @len:	bytes that are wanted
 * @room:	bytes that it has, or has room for
 * @width:	bytes of a beat
 *
 * Return: whole beats; the rest of a transfer that is shorter than a beat; or 0
 */
size_t dmasim_beats(size_t len, size_t room, unsigned int width)
{
	if (len < width)
		return room < len ? 0 : len;
	len = min(len, room);
	return len - len % width;
}
