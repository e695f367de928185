// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the module: a driver, and the device that the parameters describe
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>

#include "dmasim.h"

static struct platform_driver dmasim_driver = {
	.driver = {
		.name = "dmasim",
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
	},
	.probe = dmasim_probe,
};

static struct platform_device *dmasim_device;

static int dmasim_device_add(const struct dmasim_config *cfg)
{
	struct platform_device_info info = {
		.name = "dmasim",
		.id = 0,
		.dma_mask = DMA_BIT_MASK(64),
		.data = cfg,
		.size_data = sizeof(*cfg),
	};
	struct platform_device *pdev = platform_device_register_full(&info);

	if (IS_ERR(pdev))
		return PTR_ERR(pdev);

	/* Registration succeeds whether or not the driver has taken it. */
	if (!platform_get_drvdata(pdev)) {
		platform_device_unregister(pdev);
		return -ENXIO;
	}
	dmasim_device = pdev;
	return 0;
}

static int __init dmasim_init(void)
{
	int ret;

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

	ret = dmasim_device_add(dmasim_config_params());
	if (ret)
		goto err_driver;

	return 0;

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
