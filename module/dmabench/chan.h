/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_CHAN_H
#define _DMABENCH_CHAN_H

#include <linux/completion.h>
#include <linux/dmaengine.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/seq_file.h>

/**
 * struct dmabench_chan - a channel that we hold
 * @dma: the channel
 * @provider: the provider's device, referenced
 * @map_dev: the device that buffers are mapped for (contract A0.15)
 * @node: NUMA node of the provider, or NUMA_NO_NODE
 * @name: of the channel. The core's own copy is gone once the provider is
 *	unregistered (contract A.y-1), so we keep ours
 * @device: name of the provider's device
 * @driver: name of the provider's driver
 * @quarantined: memory that belongs to the engine is kept with the channel
 * @leaving: being given back
 * @revoke: called with @owner when the provider is about to be unbound, must
 *	not sleep; the owner then puts the channel as fast as it can
 * @owner: of the channel
 * @ref: one of the owner, one of whoever waits for @released
 * @released: done when the channel was given back, or quarantined
 * @entry: in the list of all channels that we hold
 * @listed: scratch of dmabench_chan_show_all()
 */
struct dmabench_chan {
	struct dma_chan *dma;
	struct device *provider;
	struct device *map_dev;
	int node;
	char name[32];
	char device[64];
	char driver[32];
	bool quarantined;
	bool leaving;
	void (*revoke)(void *owner);
	void *owner;
	struct kref ref;
	struct completion released;
	struct list_head entry;
	bool listed;
};

/**
 * struct dmabench_chan_want - which channel is wanted
 * @name: of the channel, or NULL for any
 * @device: name of the provider's device, or NULL for any
 * @peripheral: device that it must serve, as @slave, or NULL
 * @slave: name of the peripheral's channel ("tx", "rx")
 * @lacks: says in a word what a candidate lacks, or NULL if nothing; asked with
 *	@dir and @owner
 * @dir: direction of the transfers
 * @revoke: see struct dmabench_chan
 * @owner: see struct dmabench_chan
 */
struct dmabench_chan_want {
	const char *name;
	const char *device;
	struct device *peripheral;
	const char *slave;
	const char *(*lacks)(struct dma_chan *dma, enum dma_transfer_direction dir, void *owner);
	enum dma_transfer_direction dir;
	void (*revoke)(void *owner);
	void *owner;
};

const char *dmabench_cap_name(int cap);
const char *dmabench_driver_name(struct device *dev);
struct dmabench_chan *dmabench_chan_get(const struct dmabench_chan_want *want,
					char *reason, size_t reason_size);
void dmabench_chan_put(struct dmabench_chan *chan);
void dmabench_chan_quarantine(struct dmabench_chan *chan);
void dmabench_chan_forget(struct dmabench_chan *chan);
void dmabench_chan_show_all(struct seq_file *m,
			    void (*show)(struct seq_file *m, struct dma_chan *dma,
					 const char *state));
void dmabench_chan_show(struct seq_file *m, struct dma_chan *dma, const char *state);
void dmabench_chan_init(void);
void dmabench_chan_exit(void);

#endif
