// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - a device: registration with the core, its life and its end
 *
 * A device can be unbound while clients hold its channels. Its memory then
 * lives until the last of them lets go.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/random.h>
#include <linux/slab.h>

#include "dmasim.h"

const struct dmasim_feature dmasim_features[] = {
	{ "memcpy",		dmasim_memcpy_attach },
	{ "memset",		dmasim_memset_attach },
	{ "memset_sg",		dmasim_memset_sg_attach },
	{ "xor",		dmasim_xor_attach },
	{ "xor_val",		dmasim_xor_val_attach },
	{ "pq",			dmasim_pq_attach },
	{ "pq_val",		dmasim_pq_val_attach },
	{ "interrupt",		dmasim_interrupt_attach },
	{ "slave",		dmasim_slave_attach },
	{ "cyclic",		dmasim_cyclic_attach },
	{ "dma_vec",		dmasim_dma_vec_attach },
	{ "interleaved",	dmasim_interleave_attach },
	{ "repeat",		dmasim_repeat_attach },
	{ "reuse",		dmasim_reuse_attach },
	{ "pause",		dmasim_pause_attach },
	{ "resume",		dmasim_resume_attach },
	{ "terminate",		dmasim_terminate_attach },
	{ "synchronize",	dmasim_synchronize_attach },
};

const unsigned int dmasim_nr_features = ARRAY_SIZE(dmasim_features);

static struct workqueue_struct *dmasim_wq;

/**
 * dmasim_provider_init() - get ready to drive devices
 *
 * Return: 0 or -ENOMEM
 */
int dmasim_provider_init(void)
{
	dmasim_wq = alloc_workqueue("dmasim", WQ_UNBOUND, 0);
	return dmasim_wq ? 0 : -ENOMEM;
}

/**
 * dmasim_provider_exit() - undo dmasim_provider_init(), when all devices are gone
 */
void dmasim_provider_exit(void)
{
	destroy_workqueue(dmasim_wq);
}

static void dmasim_free(struct dmasim *sim)
{
	struct dma_chan *chan, *next;

	list_for_each_entry_safe(chan, next, &sim->dma.channels, device_node) {
		if (sim->named)
			put_device(&chan->dev->device);
		dmasim_chan_destroy(to_dmasim_chan(chan));
	}
	dmasim_clients_unmap(sim);
	dmasim_periph_destroy(sim);
	put_device(sim->dev);
	kfree(sim);
}

static bool dmasim_no_channel(struct dma_chan *chan, void *param)
{
	return false;
}

static void dmasim_free_work(struct work_struct *work)
{
	dma_cap_mask_t mask;

	/*
	 * Called for the side effect of taking the mutex under which the core
	 * is releasing the last channel: after that it is through with it.
	 */
	dma_cap_zero(mask);
	dma_request_channel(mask, dmasim_no_channel, NULL);

	dmasim_free(container_of(work, struct dmasim, free_work));
}

/*
 * There are no references any more, says the core, and goes on to use the
 * channel that it has just released.
 */
static void dmasim_release(struct dma_device *dma)
{
	queue_work(dmasim_wq, &to_dmasim(dma)->free_work);
}

static void dmasim_unregister(void *data)
{
	struct dmasim *sim = data;
	struct dma_chan *chan;

	dmasim_clients_destroy(sim);
	list_for_each_entry(chan, &sim->dma.channels, device_node)
		dmasim_chan_kill(to_dmasim_chan(chan));
	dmasim_debugfs_remove(sim);
	dmasim_fault_exit(sim);
	dmasim_defect_exit(sim);
	dmasim_slow_exit(sim);
	dma_async_device_unregister(&sim->dma);
}

static void dmasim_describe(struct dmasim *sim)
{
	const struct dmasim_config *cfg = &sim->cfg;
	struct dma_device *dma = &sim->dma;
	unsigned int i;

	dma->dev = sim->dev;
	dma->device_release = dmasim_release;
	dma->copy_align = ilog2(cfg->align);
	dma->residue_granularity = cfg->granularity;
	dmasim_meta_attach(dma);
	if (cfg->no_order)
		dma_cap_set(DMA_COMPLETION_NO_ORDER, dma->cap_mask);
	sim->flags = DMA_PREP_INTERRUPT | DMA_CTRL_ACK | DMA_PREP_FENCE;
	dmasim_debugfs_attach(dma);
	/*
	 * Nobody gets one of these channels who has not asked for it. If they
	 * are public, the core adds DMA_ASYNC_TX by itself to a device that
	 * offers all that async_tx may want.
	 */
	if (!cfg->public)
		dma_cap_set(DMA_PRIVATE, dma->cap_mask);

	dmasim_chan_attach(dma);
	for (i = 0; i < dmasim_nr_features; i++)
		if (!(cfg->omit & BIT(i)))
			dmasim_features[i].attach(dma);

	dmasim_caps_describe(sim);
}

static int dmasim_populate(struct dmasim *sim)
{
	unsigned int i;
	int ret;

	for (i = 0; i < sim->cfg.channels; i++)
		if (!dmasim_chan_create(sim, i))
			return -ENOMEM;

	ret = dmasim_periph_create(sim);
	return ret ?: dmasim_clients_map(sim);
}

/*
 * The core frees the names of the channels when the device is unregistered,
 * but uses them for as long as a client has one of them.
 */
static void dmasim_hold_names(struct dmasim *sim)
{
	struct dma_chan *chan;

	list_for_each_entry(chan, &sim->dma.channels, device_node)
		get_device(&chan->dev->device);
	sim->named = true;
}

/**
 * dmasim_probe() - drive a platform device
 * @pdev:	device whose platform data is a struct dmasim_config
 *
 * Return: 0 or an errno
 */
int dmasim_probe(struct platform_device *pdev)
{
	const struct dmasim_config *cfg = dev_get_platdata(&pdev->dev);
	struct device *dev = &pdev->dev;
	struct dmasim *sim;
	int ret;

	if (!cfg)
		return dev_err_probe(dev, -EINVAL, "the device has no configuration\n");

	ret = dmasim_addr_setup(dev);
	if (ret)
		return ret;
	dma_set_max_seg_size(dev, cfg->max_segment);
	dma_set_seg_boundary(dev, cfg->boundary - 1);

	sim = kzalloc_obj(*sim);
	if (!sim)
		return -ENOMEM;

	sim->cfg = *cfg;
	if (!sim->cfg.seed)
		sim->cfg.seed = get_random_u64();
	sim->dev = get_device(dev);
	dmasim_fault_init(sim);
	INIT_WORK(&sim->free_work, dmasim_free_work);
	INIT_LIST_HEAD(&sim->dma.channels);
	dmasim_describe(sim);

	ret = dmasim_defect_init(sim);
	if (ret) {
		dev_err_probe(dev, ret, "defect %s has nothing to be wrong about\n",
			      dmasim_defect_word(sim->cfg.defect));
		goto err_free;
	}

	dmasim_slow_init(sim);
	ret = dmasim_populate(sim);
	if (ret)
		goto err_slow;

	ret = dma_async_device_register(&sim->dma);
	if (ret)
		goto err_slow;

	platform_set_drvdata(pdev, sim);
	dmasim_hold_names(sim);
	dmasim_debugfs_add(sim);
	ret = devm_add_action_or_reset(dev, dmasim_unregister, sim);
	return ret ?: dmasim_clients_create(sim);

err_slow:
	dmasim_slow_exit(sim);
	dmasim_defect_exit(sim);
err_free:
	dmasim_free(sim);
	return ret;
}
