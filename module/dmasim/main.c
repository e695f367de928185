// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the module: a driver, and the device that the parameters describe
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "dmasim.h"

/* Of the device that the parameters describe; others have larger ones. */
#define DMASIM_PARAM_ID		0

static unsigned int dmasim_instances = 1;
module_param_named(instances, dmasim_instances, uint, 0444);
MODULE_PARM_DESC(instances, "devices to make from the parameters, 0 or 1 (default 1)");

static struct platform_driver dmasim_driver = {
	.driver = {
		.name = "dmasim",
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.probe = dmasim_probe,
};

/* NULL: there is none. */
static struct platform_device *dmasim_device;

static DEFINE_IDA(dmasim_ids);

/**
 * dmasim_device_get_id() - reserve the number of a device
 *
 * Context: may sleep
 * Return: the number or an errno
 */
int dmasim_device_get_id(void)
{
	return ida_alloc_min(&dmasim_ids, DMASIM_PARAM_ID + 1, GFP_KERNEL);
}

/**
 * dmasim_device_put_id() - give the number of a device back
 * @id:		what dmasim_device_get_id() has returned
 */
void dmasim_device_put_id(int id)
{
	ida_free(&dmasim_ids, id);
}

/**
 * dmasim_device_add() - make a device
 * @cfg:	its configuration, is copied
 * @id:		its number, no other device has it
 *
 * platform_device_unregister() takes it down, whether or not it is in use.
 *
 * Context: may sleep
 * Return: the device, which the driver has taken, or an ERR_PTR: -ENXIO if the
 * driver has not
 */
struct platform_device *dmasim_device_add(const struct dmasim_config *cfg, int id)
{
	struct platform_device_info info = {
		.name = "dmasim",
		.id = id,
		.dma_mask = DMA_BIT_MASK(64),
		.data = cfg,
		.size_data = sizeof(*cfg),
	};
	struct platform_device *pdev = platform_device_register_full(&info);

	if (IS_ERR(pdev))
		return pdev;

	/* Registration succeeds whether or not the driver has taken it. */
	if (!platform_get_drvdata(pdev)) {
		platform_device_unregister(pdev);
		return ERR_PTR(-ENXIO);
	}
	return pdev;
}

static int __init dmasim_param_device_add(void)
{
	struct platform_device *pdev;

	if (!dmasim_instances)
		return 0;

	pdev = dmasim_device_add(dmasim_config_params(), DMASIM_PARAM_ID);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	dmasim_device = pdev;
	return 0;
}

static int __init dmasim_init(void)
{
	int ret;

	if (dmasim_instances > 1) {
		pr_err("instances: %u is out of range, must be 0..1\n", dmasim_instances);
		return -ERANGE;
	}

	ret = dmasim_desc_cache_init();
	if (ret)
		return ret;

	ret = dmasim_chan_cache_init();
	if (ret)
		goto err_desc_cache;

	ret = dmasim_provider_init();
	if (ret)
		goto err_chan_cache;

	dmasim_debugfs_init();

	ret = platform_driver_register(&dmasim_driver);
	if (ret)
		goto err_provider;

	ret = dmasim_param_device_add();
	if (ret)
		goto err_driver;

	/* Last: from here on users can make devices. */
	ret = dmasim_configfs_init();
	if (ret)
		goto err_device;

	return 0;

err_device:
	platform_device_unregister(dmasim_device);
err_driver:
	platform_driver_unregister(&dmasim_driver);
err_provider:
	dmasim_debugfs_exit();
	dmasim_provider_exit();
err_chan_cache:
	dmasim_chan_cache_exit();
err_desc_cache:
	dmasim_desc_cache_exit();
	return ret;
}

static void __exit dmasim_exit(void)
{
	dmasim_configfs_exit();
	platform_device_unregister(dmasim_device);
	platform_driver_unregister(&dmasim_driver);
	dmasim_debugfs_exit();
	/* Waits for the last device to be freed. */
	dmasim_provider_exit();
	dmasim_chan_cache_exit();
	dmasim_desc_cache_exit();
}

module_init(dmasim_init);
module_exit(dmasim_exit);

MODULE_DESCRIPTION("Software-backed DMA engine");
MODULE_LICENSE("GPL");
