// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - how a driver comes by a peripheral and its channels
 *
 * On a board, firmware tells of a peripheral and of the channels that serve it. Here
 * it is a platform device beside each peripheral that a client is made for, with
 * properties as the device tree would have them, and a slave map, by which
 * dma_request_chan(dev, "tx") finds a channel of this provider.
 */
#include <linux/dmaengine.h>
#include <linux/err.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/slab.h>

#include "dmasim.h"

#define DMASIM_AUDIO_FRAME	4

/* Devices are numbered through, over all providers. */
static int dmasim_client_id(const struct dmasim *sim, const struct dmasim_periph *p)
{
	unsigned int i, kin = 0;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++)
		kin += sim->periphs[i].kind == p->kind;
	return to_platform_device(sim->dev)->id * kin + p->number;
}

static bool dmasim_client_filter(struct dma_chan *chan, void *dir)
{
	return to_dmasim_chan(chan)->directions & BIT((uintptr_t)dir);
}

static const struct dma_slave_map dmasim_client_ways[] = {
	{ .slave = "tx", .param = (void *)DMA_MEM_TO_DEV },
	{ .slave = "rx", .param = (void *)DMA_DEV_TO_MEM },
};

/**
 * dmasim_clients_map() - let client drivers find channels
 * @sim:	device with its peripherals, before its registration
 *
 * Return: 0 or -ENOMEM, after which dmasim_clients_unmap() is still due
 */
int dmasim_clients_map(struct dmasim *sim)
{
	unsigned int i, way, n = 0;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		const struct dmasim_periph *p = &sim->periphs[i];
		char *name;

		if (!p->kind->client)
			continue;
		name = kasprintf(GFP_KERNEL, "%s.%d", p->kind->client, dmasim_client_id(sim, p));
		if (!name)
			return -ENOMEM;
		sim->client_name[i] = name;
		for (way = 0; way < ARRAY_SIZE(dmasim_client_ways); way++) {
			sim->client_map[n] = dmasim_client_ways[way];
			sim->client_map[n++].devname = name;
		}
	}
	sim->dma.filter = (struct dma_filter) {
		.fn = dmasim_client_filter,
		.mapcnt = n,
		.map = sim->client_map,
	};
	return 0;
}

/**
 * dmasim_clients_unmap() - undo dmasim_clients_map()
 * @sim:	device that is not registered any more
 */
void dmasim_clients_unmap(struct dmasim *sim)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++)
		kfree(sim->client_name[i]);
}

static struct platform_device *dmasim_client_create(struct dmasim *sim,
						    const struct dmasim_periph *p)
{
	const struct property_entry properties[] = {
		PROPERTY_ENTRY_U64("dmabench,tx-address", p->base + DMASIM_PERIPH_TX),
		PROPERTY_ENTRY_U64("dmabench,rx-address", p->base + DMASIM_PERIPH_RX),
		PROPERTY_ENTRY_U32("dmabench,width", DMASIM_AUDIO_FRAME),
		PROPERTY_ENTRY_U32("dmabench,maxburst", 1),
		PROPERTY_ENTRY_STRING("dmabench,endpoint", p->kind->name),
		PROPERTY_ENTRY_U32("dmabench,frame-rate", sim->cfg.audio_rate / DMASIM_AUDIO_FRAME),
		{ }
	};
	const struct platform_device_info info = {
		.parent = sim->dev,
		.name = p->kind->client,
		.id = dmasim_client_id(sim, p),
		.properties = properties,
	};

	return platform_device_register_full(&info);
}

/**
 * dmasim_clients_create() - make the devices that client drivers bind to
 * @sim:	registered device
 *
 * Return: 0 or an errno; what there is then is removed by dmasim_clients_destroy()
 */
int dmasim_clients_create(struct dmasim *sim)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		struct platform_device *client;

		if (!sim->periphs[i].kind->client || !dma_has_cap(DMA_SLAVE, sim->dma.cap_mask))
			continue;
		client = dmasim_client_create(sim, &sim->periphs[i]);
		if (IS_ERR(client))
			return PTR_ERR(client);
		sim->client[i] = client;
	}
	return 0;
}

/**
 * dmasim_clients_destroy() - undo dmasim_clients_create()
 * @sim:	device
 *
 * Context: may sleep; unbinds drivers
 */
void dmasim_clients_destroy(struct dmasim *sim)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		platform_device_unregister(sim->client[i]);
		sim->client[i] = NULL;
	}
}
