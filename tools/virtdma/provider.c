// SPDX-License-Identifier: GPL-2.0-only
/*
 * virtdma - the smallest provider on the kernel's virt-dma that does memcpy
 *
 * What most drivers of drivers/dma share is virt-dma: its lists, its locking, its
 * tasklet. Here is nothing else, so what it costs and what it does wrong shows. The
 * CPU copies, one descriptor of a channel at a time: whoever finds a channel at rest
 * works off all that was issued.
 *
 * Needs memory that the CPU reaches by the address that the device has for it, and
 * through its caches: no IOMMU that translates, no highmem, a coherent machine.
 */
#include <linux/dma-direct.h>
#include <linux/dma-map-ops.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/iommu.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait.h>

#include "../virt-dma.h"

#define VIRTDMA_NAME		"virtdma"
#define VIRTDMA_CHANNELS_MAX	64

/* As many are copied in a row, or a callback that submits again would hold a CPU for ever. */
#define VIRTDMA_BATCH		64

static unsigned int channels = 1;
module_param(channels, uint, 0444);
MODULE_PARM_DESC(channels, "channels, 1..64 (default 1)");

static char *completion = "softirq";
module_param(completion, charp, 0444);
MODULE_PARM_DESC(completion, "where descriptors are worked off: softirq (a tasklet of the channel's own, the default) or inline (issue_pending)");

/**
 * struct virtdma_desc - a copy
 * @vd:		what virt-dma has of it
 * @dst:	bus address
 * @src:	bus address
 * @len:	bytes
 */
struct virtdma_desc {
	struct virt_dma_desc vd;
	dma_addr_t dst;
	dma_addr_t src;
	size_t len;
};

/**
 * struct virtdma_chan - a channel
 * @vc:		virt-dma's half; its lock protects @running and @busy
 * @engine:	the tasklet that copies
 * @running:	the descriptor that is being copied, NULL: none, or it was terminated
 * @busy:	somebody works off what was issued
 * @rest:	where to wait for @busy to become false
 */
struct virtdma_chan {
	struct virt_dma_chan vc;
	struct tasklet_struct engine;
	struct virtdma_desc *running;
	bool busy;
	wait_queue_head_t rest;
};

/**
 * struct virtdma - the device
 * @dma:	what the framework knows of it
 * @inlined:	issue_pending copies
 * @count:	length of @chans
 * @chans:	the channels
 */
struct virtdma {
	struct dma_device dma;
	bool inlined;
	unsigned int count;
	struct virtdma_chan chans[];
};

static struct virtdma_chan *to_chan(struct dma_chan *chan)
{
	return container_of(chan, struct virtdma_chan, vc.chan);
}

static struct virtdma_desc *to_desc(struct virt_dma_desc *vd)
{
	return container_of(vd, struct virtdma_desc, vd);
}

static void virtdma_desc_free(struct virt_dma_desc *vd)
{
	kfree(to_desc(vd));
}

static void *virtdma_memory(struct device *dev, dma_addr_t addr)
{
	return phys_to_virt(dma_to_phys(dev, addr));
}

static bool virtdma_reaches(struct device *dev, dma_addr_t addr, size_t len)
{
	unsigned long first = PHYS_PFN(dma_to_phys(dev, addr));
	unsigned long last = PHYS_PFN(dma_to_phys(dev, addr + len - 1));

	return addr + len > addr && pfn_valid(first) && pfn_valid(last) &&
	       !PageHighMem(pfn_to_page(first)) && !PageHighMem(pfn_to_page(last));
}

static struct dma_async_tx_descriptor *
virtdma_prep_memcpy(struct dma_chan *chan, dma_addr_t dst, dma_addr_t src, size_t len,
		    unsigned long flags)
{
	const struct virtdma_desc init = { .dst = dst, .src = src, .len = len };
	struct virtdma_chan *c = to_chan(chan);
	struct device *dev = chan->device->dev;
	struct virtdma_desc *d;

	if (!len || !virtdma_reaches(dev, dst, len) || !virtdma_reaches(dev, src, len))
		return NULL;

	d = kmemdup(&init, sizeof(init), GFP_NOWAIT);
	if (!d)
		return NULL;

	return vchan_tx_prep(&c->vc, &d->vd, flags);
}

/* Returns whether there may be more to do. Under the lock, which is dropped meanwhile. */
static bool virtdma_copy_one(struct virtdma_chan *c)
{
	struct device *dev = c->vc.chan.device->dev;
	struct virt_dma_desc *vd = vchan_next_desc(&c->vc);
	struct virtdma_desc *d;
	void *dst, *src;
	size_t len;

	if (!vd)
		return false;

	list_del(&vd->node);
	d = to_desc(vd);
	c->running = d;
	dst = virtdma_memory(dev, d->dst);
	src = virtdma_memory(dev, d->src);
	len = d->len;

	/* Meanwhile terminate may take the descriptor away, and free it at its second call. */
	spin_unlock_irq(&c->vc.lock);
	memcpy(dst, src, len);
	spin_lock_irq(&c->vc.lock);

	if (c->running) {
		c->running = NULL;
		vchan_cookie_complete(vd);
	}
	return true;
}

static void virtdma_work(struct virtdma_chan *c)
{
	unsigned int left = VIRTDMA_BATCH;
	bool more = true;

	spin_lock_irq(&c->vc.lock);
	if (!c->busy) {
		c->busy = true;
		while (more && left--)
			more = virtdma_copy_one(c);
		c->busy = false;
		if (more)
			tasklet_schedule(&c->engine);
		wake_up_all(&c->rest);
	}
	spin_unlock_irq(&c->vc.lock);
}

static void virtdma_engine(struct tasklet_struct *t)
{
	struct virtdma_chan *c = from_tasklet(c, t, engine);

	virtdma_work(c);
}

static void virtdma_issue_pending(struct dma_chan *chan)
{
	struct virtdma *v = container_of(chan->device, struct virtdma, dma);
	struct virtdma_chan *c = to_chan(chan);
	unsigned long flags;
	bool any;

	spin_lock_irqsave(&c->vc.lock, flags);
	any = vchan_issue_pending(&c->vc);
	spin_unlock_irqrestore(&c->vc.lock, flags);
	if (!any)
		return;

	if (irqs_disabled()) {
		tasklet_schedule(&c->engine);
		return;
	}

	/*
	 * A tasklet scheduled by a task waits for ksoftirqd, unless bottom halves are
	 * off: then it runs when they are on again, as it would behind an interrupt.
	 */
	local_bh_disable();
	if (v->inlined)
		virtdma_work(c);
	else
		tasklet_schedule(&c->engine);
	local_bh_enable();
}

static enum dma_status virtdma_tx_status(struct dma_chan *chan, dma_cookie_t cookie,
					 struct dma_tx_state *state)
{
	enum dma_status status = dma_cookie_status(chan, cookie, state);
	struct virtdma_chan *c = to_chan(chan);
	struct virt_dma_desc *vd;
	unsigned long flags;

	if (status == DMA_COMPLETE || !state)
		return status;

	/* To the descriptor: what is queued or running lacks all of its bytes. */
	spin_lock_irqsave(&c->vc.lock, flags);
	vd = vchan_find_desc(&c->vc, cookie);
	if (vd)
		dma_set_residue(state, to_desc(vd)->len);
	else if (c->running && c->running->vd.tx.cookie == cookie)
		dma_set_residue(state, c->running->len);
	spin_unlock_irqrestore(&c->vc.lock, flags);

	return status;
}

static int virtdma_terminate_all(struct dma_chan *chan)
{
	struct virtdma_chan *c = to_chan(chan);
	unsigned long flags;
	LIST_HEAD(head);

	/* As the others do it: what is running goes when it is synchronized, the rest now. */
	spin_lock_irqsave(&c->vc.lock, flags);
	vchan_get_all_descriptors(&c->vc, &head);
	if (c->running) {
		vchan_terminate_vdesc(&c->running->vd);
		c->running = NULL;
	}
	spin_unlock_irqrestore(&c->vc.lock, flags);

	vchan_dma_desc_free_list(&c->vc, &head);
	return 0;
}

static void virtdma_synchronize(struct dma_chan *chan)
{
	struct virtdma_chan *c = to_chan(chan);

	tasklet_kill(&c->engine);
	wait_event(c->rest, !READ_ONCE(c->busy));
	vchan_synchronize(&c->vc);
}

static void virtdma_free_chan_resources(struct dma_chan *chan)
{
	virtdma_terminate_all(chan);
	virtdma_synchronize(chan);
	vchan_free_chan_resources(&to_chan(chan)->vc);
}

static void virtdma_kill(void *data)
{
	struct virtdma *v = data;
	unsigned int i;

	for (i = 0; i < v->count; i++) {
		tasklet_kill(&v->chans[i].engine);
		tasklet_kill(&v->chans[i].vc.task);
	}
}

static int virtdma_probe(struct platform_device *pdev)
{
	static const char * const contexts[] = { "softirq", "inline" };
	struct device *dev = &pdev->dev;
	struct iommu_domain *domain = iommu_get_domain_for_dev(dev);
	int context = match_string(contexts, ARRAY_SIZE(contexts), completion);
	struct dma_device *dma;
	struct virtdma *v;
	unsigned int i;
	int err;

	if (context < 0)
		return dev_err_probe(dev, -EINVAL, "completion must be softirq or inline\n");
	if (!channels || channels > VIRTDMA_CHANNELS_MAX)
		return dev_err_probe(dev, -ERANGE, "channels must be 1..%u\n",
				     VIRTDMA_CHANNELS_MAX);
	if (domain && domain->type != IOMMU_DOMAIN_IDENTITY)
		return dev_err_probe(dev, -EOPNOTSUPP,
				     "the IOMMU translates this device's addresses\n");

	if (!dev_is_dma_coherent(dev))
		return dev_err_probe(dev, -EOPNOTSUPP, "the CPU would copy behind caches\n");

	err = dma_set_mask_and_coherent(dev, DMA_BIT_MASK(64));
	if (err)
		return err;

	v = devm_kzalloc(dev, struct_size(v, chans, channels), GFP_KERNEL);
	if (!v)
		return -ENOMEM;
	v->inlined = context;
	v->count = channels;

	dma = &v->dma;
	dma->dev = dev;
	dma_cap_set(DMA_MEMCPY, dma->cap_mask);
	dma_cap_set(DMA_PRIVATE, dma->cap_mask);
	dma->directions = BIT(DMA_MEM_TO_MEM);
	dma->residue_granularity = DMA_RESIDUE_GRANULARITY_DESCRIPTOR;
	dma->descriptor_reuse = true;
	dma->device_free_chan_resources = virtdma_free_chan_resources;
	dma->device_prep_dma_memcpy = virtdma_prep_memcpy;
	dma->device_issue_pending = virtdma_issue_pending;
	dma->device_tx_status = virtdma_tx_status;
	dma->device_terminate_all = virtdma_terminate_all;
	dma->device_synchronize = virtdma_synchronize;
	INIT_LIST_HEAD(&dma->channels);

	for (i = 0; i < v->count; i++) {
		struct virtdma_chan *c = &v->chans[i];

		init_waitqueue_head(&c->rest);
		tasklet_setup(&c->engine, virtdma_engine);
		c->vc.desc_free = virtdma_desc_free;
		vchan_init(&c->vc, dma);
	}
	err = devm_add_action_or_reset(dev, virtdma_kill, v);
	if (err)
		return err;

	err = dmaenginem_async_device_register(dma);
	if (!err)
		platform_set_drvdata(pdev, v);
	return err;
}

static struct platform_driver virtdma_driver = {
	.driver = {
		.name = VIRTDMA_NAME,
		.probe_type = PROBE_FORCE_SYNCHRONOUS,
		/* Without device_release the framework cannot lose a device that is in use. */
		.suppress_bind_attrs = true,
	},
	.probe = virtdma_probe,
};

static struct platform_device *virtdma_device;

static int __init virtdma_init(void)
{
	static const struct platform_device_info info = {
		.name = VIRTDMA_NAME,
		.id = PLATFORM_DEVID_NONE,
		.dma_mask = DMA_BIT_MASK(64),
	};
	int err;

	err = platform_driver_register(&virtdma_driver);
	if (err)
		return err;

	virtdma_device = platform_device_register_full(&info);
	if (IS_ERR(virtdma_device)) {
		err = PTR_ERR(virtdma_device);
		goto err_driver;
	}
	/* Registration succeeds whether or not the driver has taken it. */
	if (!platform_get_drvdata(virtdma_device)) {
		err = -EINVAL;
		goto err_device;
	}
	return 0;

err_device:
	platform_device_unregister(virtdma_device);
err_driver:
	platform_driver_unregister(&virtdma_driver);
	return err;
}
module_init(virtdma_init);

static void __exit virtdma_exit(void)
{
	platform_device_unregister(virtdma_device);
	platform_driver_unregister(&virtdma_driver);
}
module_exit(virtdma_exit);

MODULE_DESCRIPTION("The smallest memcpy provider on virt-dma");
MODULE_LICENSE("GPL");
