// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver for peripherals that are there to be tested with: what they are is in
 * docs/bindings. It only notes what firmware says of them; a run that names one
 * requests its channels "tx" and "rx" through the device, as any client driver
 * does.
 */
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/property.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "port.h"

static DEFINE_MUTEX(peripheral_lock);	/* guards peripherals */
static LIST_HEAD(peripherals);

/**
 * struct dmabench_peripheral - a device that our driver is bound to
 * @dev: the device, referenced
 * @port: what it says of itself
 * @ref: one of the driver, one of each run that uses it
 * @entry: in the list of all
 */
struct dmabench_peripheral {
	struct device *dev;
	struct dmabench_port port;
	struct kref ref;
	struct list_head entry;
};

static void peripheral_free(struct kref *ref)
{
	struct dmabench_peripheral *p = container_of(ref, struct dmabench_peripheral, ref);

	put_device(p->dev);
	kfree(p);
}

/**
 * dmabench_peripheral_get - look a bound peripheral up
 * @name: of its device
 *
 * The device may be unbound at any time; requesting its channels then fails, or
 * they are revoked with their provider.
 *
 * Return: the peripheral with a reference for the caller, or NULL.
 */
struct dmabench_peripheral *dmabench_peripheral_get(const char *name)
{
	struct dmabench_peripheral *p;

	guard(mutex)(&peripheral_lock);
	list_for_each_entry(p, &peripherals, entry) {
		if (!strcmp(dev_name(p->dev), name)) {
			kref_get(&p->ref);
			return p;
		}
	}
	return NULL;
}

/**
 * dmabench_peripheral_put - drop a reference
 * @peripheral: the peripheral
 */
void dmabench_peripheral_put(struct dmabench_peripheral *peripheral)
{
	kref_put(&peripheral->ref, peripheral_free);
}

/**
 * dmabench_peripheral_device - the device that channels are requested for
 * @peripheral: the peripheral
 *
 * Return: the device, valid as long as the peripheral is held.
 */
struct device *dmabench_peripheral_device(const struct dmabench_peripheral *peripheral)
{
	return peripheral->dev;
}

/**
 * dmabench_peripheral_describe - what firmware says of a peripheral
 * @peripheral: the peripheral
 * @port: its addresses, width, burst, rate and behaviour are set
 */
void dmabench_peripheral_describe(const struct dmabench_peripheral *peripheral,
				  struct dmabench_port *port)
{
	port->endpoint = peripheral->port.endpoint;
	port->tx_addr = peripheral->port.tx_addr;
	port->rx_addr = peripheral->port.rx_addr;
	port->width = peripheral->port.width;
	port->maxburst = peripheral->port.maxburst;
	port->frame_rate = peripheral->port.frame_rate;
}

/**
 * dmabench_peripheral_show_all - print the bound peripherals, a line each
 * @m: where to
 */
void dmabench_peripheral_show_all(struct seq_file *m)
{
	struct dmabench_peripheral *p;

	guard(mutex)(&peripheral_lock);
	list_for_each_entry(p, &peripherals, entry)
		seq_printf(m, "%s endpoint=%s tx_addr=0x%llx rx_addr=0x%llx width=%u maxburst=%u frame_rate=%u\n",
			   dev_name(p->dev), dmabench_endpoint_names[p->port.endpoint],
			   p->port.tx_addr, p->port.rx_addr, p->port.width, p->port.maxburst,
			   p->port.frame_rate);
}

/* Of a device tree node the registers are `reg`, named tx and rx. */
static void peripheral_registers(struct platform_device *pdev, struct dmabench_port *port)
{
	struct resource *tx = platform_get_resource_byname(pdev, IORESOURCE_MEM, "tx");
	struct resource *rx = platform_get_resource_byname(pdev, IORESOURCE_MEM, "rx");

	if (tx)
		port->tx_addr = tx->start;
	else
		device_property_read_u64(&pdev->dev, "dmabench,tx-address", &port->tx_addr);
	if (rx)
		port->rx_addr = rx->start;
	else
		device_property_read_u64(&pdev->dev, "dmabench,rx-address", &port->rx_addr);
}

static int peripheral_endpoint(struct device *dev, struct dmabench_port *port)
{
	const char *word = dmabench_endpoint_names[DMABENCH_ENDPOINT_LOOPBACK];
	int which;

	device_property_read_string(dev, "dmabench,endpoint", &word);
	which = match_string(dmabench_endpoint_names, -1, word);
	if (which < 0)
		return dev_err_probe(dev, -EINVAL, "dmabench,endpoint: \"%s\" is unknown\n", word);
	port->endpoint = which;
	return 0;
}

static void peripheral_unlist(void *data)
{
	struct dmabench_peripheral *p = data;

	scoped_guard(mutex, &peripheral_lock)
		list_del(&p->entry);
	dmabench_peripheral_put(p);
}

static int peripheral_probe(struct platform_device *pdev)
{
	struct device *dev = &pdev->dev;
	struct dmabench_peripheral *p = kzalloc_obj(*p);
	int ret;

	if (!p)
		return -ENOMEM;
	p->port.width = 4;
	p->port.maxburst = 1;
	p->port.frame_rate = 48000;
	peripheral_registers(pdev, &p->port);
	device_property_read_u32(dev, "dmabench,width", &p->port.width);
	device_property_read_u32(dev, "dmabench,maxburst", &p->port.maxburst);
	device_property_read_u32(dev, "dmabench,frame-rate", &p->port.frame_rate);
	ret = peripheral_endpoint(dev, &p->port);
	if (ret) {
		kfree(p);
		return ret;
	}
	/* The bounds of the knobs. */
	if (!p->port.width || p->port.width > 64 || !p->port.maxburst ||
	    p->port.maxburst > SZ_64K || !p->port.frame_rate || p->port.frame_rate > 10000000) {
		kfree(p);
		return dev_err_probe(dev, -EINVAL, "width, burst or frame rate makes no sense\n");
	}

	p->dev = get_device(dev);
	kref_init(&p->ref);
	platform_set_drvdata(pdev, p);
	scoped_guard(mutex, &peripheral_lock)
		list_add_tail(&p->entry, &peripherals);
	return devm_add_action_or_reset(dev, peripheral_unlist, p);
}

/* Not exported as aliases: a test client is loaded by who wants it, not by udev. */
static const struct platform_device_id peripheral_ids[] = {
	{ .name = "dmabench-loopback" },
	{ .name = "dmabench-audio" },
	{ }
};

static const struct of_device_id peripheral_of_ids[] = {
	{ .compatible = "dmabench,loopback" },
	{ }
};

static struct platform_driver peripheral_driver = {
	.driver = {
		.name = "dmabench-peripheral",
		.of_match_table = peripheral_of_ids,
	},
	.id_table = peripheral_ids,
	.probe = peripheral_probe,
};

/**
 * dmabench_peripheral_init - bind to the peripherals that there are
 *
 * Return: 0 or an errno.
 */
int dmabench_peripheral_init(void)
{
	return platform_driver_register(&peripheral_driver);
}

/**
 * dmabench_peripheral_exit - let go of all of them
 *
 * Context: module exit, no run uses one.
 */
void dmabench_peripheral_exit(void)
{
	platform_driver_unregister(&peripheral_driver);
}
