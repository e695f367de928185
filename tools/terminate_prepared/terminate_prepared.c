// SPDX-License-Identifier: GPL-2.0-only
/*
 * terminate_prepared - what becomes of a descriptor when its channel is terminated
 * between prep and submit
 *
 * A channel has two users: A has prepared a descriptor, then B terminates, then A
 * submits. Both are played by one thread here, which makes it the same each time.
 * A provider may refuse, or do it, or drop it. It must not free what A still has.
 *
 * Loading the module does it, once. Of a provider that frees, the kernel is not sane
 * any more afterwards, whether or not it says so.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/bug.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/string.h>

#define SIZE	4096

static char *channel = "";
module_param(channel, charp, 0444);
MODULE_PARM_DESC(channel, "channel to use, such as dma0chan0 (default: any that does memcpy)");

static bool swap;
module_param(swap, bool, 0444);
MODULE_PARM_DESC(swap, "B prepares a descriptor too before A submits: what is copied? (default: no)");

/**
 * struct party - a user of the channel
 * @name:	what to call it
 * @fill:	the byte that it copies
 * @src:	where from
 * @dst:	where to
 * @src_dma:	bus address of @src
 * @dst_dma:	bus address of @dst
 */
struct party {
	const char *name;
	u8 fill;
	u8 *src;
	u8 *dst;
	dma_addr_t src_dma;
	dma_addr_t dst_dma;
};

static bool has_name(struct dma_chan *chan, void *name)
{
	return !*(char *)name || !strcmp(dma_chan_name(chan), name);
}

static int party_alloc(struct party *party, struct device *dev)
{
	party->src = dma_alloc_coherent(dev, SIZE, &party->src_dma, GFP_KERNEL);
	party->dst = dma_alloc_coherent(dev, SIZE, &party->dst_dma, GFP_KERNEL);
	if (!party->src || !party->dst)
		return -ENOMEM;

	memset(party->src, party->fill, SIZE);
	memset(party->dst, 0, SIZE);
	return 0;
}

static void party_free(struct party *party, struct device *dev)
{
	if (party->src)
		dma_free_coherent(dev, SIZE, party->src, party->src_dma);
	if (party->dst)
		dma_free_coherent(dev, SIZE, party->dst, party->dst_dma);
}

static struct dma_async_tx_descriptor *party_prep(struct party *party, struct dma_chan *chan)
{
	struct dma_async_tx_descriptor *tx;

	tx = dmaengine_prep_dma_memcpy(chan, party->dst_dma, party->src_dma, SIZE,
				       DMA_PREP_INTERRUPT | DMA_CTRL_ACK);
	pr_info("%s has prepared %p\n", party->name, tx);
	return tx;
}

static bool party_served(const struct party *party)
{
	return !memchr_inv(party->dst, party->fill, SIZE);
}

static void submit(struct dma_chan *chan, struct dma_async_tx_descriptor *tx)
{
	enum dma_status status;
	dma_cookie_t cookie;

	cookie = dmaengine_submit(tx);
	pr_info("A has submitted %p, cookie %d\n", tx, cookie);
	if (dma_submit_error(cookie))
		return;

	status = dma_sync_wait(chan, cookie);
	pr_info("cookie %d is %s\n", cookie, status == DMA_COMPLETE ? "complete" : "not complete");
}

static void play(struct dma_chan *chan, struct party *a, struct party *b)
{
	struct dma_async_tx_descriptor *tx, *other = NULL;

	tx = party_prep(a, chan);
	if (!tx)
		return;

	pr_info("B terminates: %d\n", dmaengine_terminate_sync(chan));
	if (swap)
		other = party_prep(b, chan);

	/* A descriptor that has become another one can be submitted without a crash. */
	if (swap && tx != other) {
		pr_info("the two descriptors differ, A does not submit\n");
		return;
	}
	submit(chan, tx);

	/* The guard of the log must not overlook it. */
	WARN(party_served(b) && !party_served(a),
	     "A was told that its copy is complete, but B's was made, which B has not submitted\n");
}

static int __init terminate_prepared_init(void)
{
	struct party a = { .name = "A", .fill = 0xaa };
	struct party b = { .name = "B", .fill = 0xbb };
	struct dma_chan *chan;
	dma_cap_mask_t mask;
	struct device *dev;
	int err;

	dma_cap_zero(mask);
	dma_cap_set(DMA_MEMCPY, mask);
	chan = dma_request_channel(mask, has_name, channel);
	if (!chan) {
		pr_err("there is no such channel\n");
		return -ENODEV;
	}
	dev = dmaengine_get_dma_device(chan);
	pr_info("on %s of %s\n", dma_chan_name(chan), dev_driver_string(chan->device->dev));

	err = party_alloc(&a, dev);
	if (!err)
		err = party_alloc(&b, dev);
	if (!err)
		play(chan, &a, &b);

	dmaengine_terminate_sync(chan);
	party_free(&b, dev);
	party_free(&a, dev);
	dma_release_channel(chan);
	return err;
}
module_init(terminate_prepared_init);

static void __exit terminate_prepared_exit(void)
{
}
module_exit(terminate_prepared_exit);

MODULE_DESCRIPTION("What becomes of a descriptor that is terminated before it is submitted");
MODULE_LICENSE("GPL");
