// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmabench: a test and benchmark client for the dmaengine framework.
 */
#include <linux/module.h>

#include "chan.h"
#include "debugfs.h"
#include "port.h"
#include "runner.h"
#include "version.h"

static bool run;
module_param(run, bool, 0444);
MODULE_PARM_DESC(run, "start the job `default` at load and log its summary");

static int __init dmabench_init(void)
{
	int ret;

	ret = dmabench_runner_init();
	if (ret)
		return ret;
	dmabench_chan_init();
	ret = dmabench_peripheral_init();
	if (ret)
		goto err_chan;
	ret = dmabench_debugfs_init(run);
	if (ret)
		goto err_peripheral;
	return 0;

err_peripheral:
	dmabench_peripheral_exit();
err_chan:
	dmabench_chan_exit();
	dmabench_runner_exit();
	return ret;
}
module_init(dmabench_init);

static void __exit dmabench_exit(void)
{
	dmabench_debugfs_exit();
	dmabench_peripheral_exit();
	dmabench_runner_exit();
	dmabench_chan_exit();
}
module_exit(dmabench_exit);

MODULE_DESCRIPTION("Test and benchmark client for the dmaengine framework");
MODULE_AUTHOR("The dmabench authors");
MODULE_VERSION(DMABENCH_VERSION);
MODULE_LICENSE("GPL");
