// SPDX-License-Identifier: GPL-2.0-only
/*
 * Channels: which there are, taking one, giving it back, keeping it for ever.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/device.h>
#include <linux/device/bus.h>
#include <linux/dma-mapping.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include "chan.h"

/*
 * Guards the lists of held channels and of providers that are being unbound. It
 * nests inside the core's dma_list_mutex (filters run under that one) and inside
 * the buses' notifier locks, hence nothing that takes these may be called with
 * it held.
 */
static DEFINE_MUTEX(chan_lock);
static LIST_HEAD(chan_held);
static LIST_HEAD(chan_unbinding);

/* A provider between the notice that it is unbound and the end of that. */
struct chan_provider {
	struct device *dev;
	struct list_head entry;
};

/* The core's device class: known from the first channel that is seen. */
static struct class *chan_class;

/*
 * A bus whose drivers' unbinding we hear of. Very few buses have DMA engines.
 * Whether a bus is const is not the same in all kernels, hence the void casts.
 */
struct chan_bus {
	const struct bus_type *bus;
	struct notifier_block nb;
};

static struct chan_bus chan_bus[8];
static DEFINE_MUTEX(chan_bus_lock);	/* guards chan_bus */

static struct dmabench_chan *chan_find(const struct dma_chan *dma)
{
	struct dmabench_chan *chan;

	lockdep_assert_held(&chan_lock);

	list_for_each_entry(chan, &chan_held, entry)
		if (chan->dma == dma)
			return chan;
	return NULL;
}

static struct dmabench_chan *chan_find_name(const char *name)
{
	struct dmabench_chan *chan;

	lockdep_assert_held(&chan_lock);

	list_for_each_entry(chan, &chan_held, entry)
		if (!strcmp(chan->name, name))
			return chan;
	return NULL;
}

static void chan_free(struct kref *ref)
{
	struct dmabench_chan *chan = container_of(ref, struct dmabench_chan, ref);

	put_device(chan->map_dev);
	put_device(chan->provider);
	kfree(chan);
}

static struct chan_provider *chan_provider_find(struct device *dev)
{
	struct chan_provider *provider;

	lockdep_assert_held(&chan_lock);

	list_for_each_entry(provider, &chan_unbinding, entry)
		if (provider->dev == dev)
			return provider;
	return NULL;
}

static struct dmabench_chan *chan_take_of(struct device *dev)
{
	struct dmabench_chan *chan;

	guard(mutex)(&chan_lock);
	list_for_each_entry(chan, &chan_held, entry) {
		if (chan->provider == dev && !chan->quarantined) {
			kref_get(&chan->ref);
			if (!chan->leaving)
				chan->revoke(chan->owner);
			return chan;
		}
	}
	return NULL;
}

/* From now on nobody gets a channel of this provider. */
static void chan_provider_close(struct device *dev)
{
	struct chan_provider *provider = kzalloc_obj(*provider);

	if (!provider)
		return;
	provider->dev = dev;
	guard(mutex)(&chan_lock);
	list_add(&provider->entry, &chan_unbinding);
}

static void chan_provider_forget(struct device *dev)
{
	struct chan_provider *provider;

	guard(mutex)(&chan_lock);
	provider = chan_provider_find(dev);
	if (provider) {
		list_del(&provider->entry);
		kfree(provider);
	}
}

/*
 * Called before the provider's remove function. Whoever uses the channels now
 * lets go of them first: the core copes badly with a channel that is released
 * after its provider has gone (contract A.y-1).
 */
static int chan_bus_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct dmabench_chan *chan;

	switch (event) {
	case BUS_NOTIFY_UNBIND_DRIVER:
		chan_provider_close(data);
		while ((chan = chan_take_of(data))) {
			wait_for_completion(&chan->released);
			kref_put(&chan->ref, chan_free);
		}
		return NOTIFY_OK;
	case BUS_NOTIFY_UNBOUND_DRIVER:
	case BUS_NOTIFY_DRIVER_NOT_BOUND:
		chan_provider_forget(data);
		return NOTIFY_OK;
	default:
		return NOTIFY_DONE;
	}
}

static void chan_watch(const struct bus_type *bus)
{
	unsigned int i;

	if (!bus)
		return;

	guard(mutex)(&chan_bus_lock);
	for (i = 0; i < ARRAY_SIZE(chan_bus); i++) {
		if (chan_bus[i].bus == bus)
			return;
		if (chan_bus[i].bus)
			continue;
		chan_bus[i].nb.notifier_call = chan_bus_event;
		if (!bus_register_notifier((void *)bus, &chan_bus[i].nb))
			chan_bus[i].bus = bus;
		return;
	}
	pr_warn_once("too many buses: unbinding of drivers of the others is not noticed\n");
}

/**
 * dmabench_chan_init - listen to the bus of most DMA engines
 *
 * Other buses are listened to from the first use of a channel there on.
 */
void dmabench_chan_init(void)
{
	chan_watch(&platform_bus_type);
}

/**
 * dmabench_chan_exit - forget the buses that were watched
 *
 * Context: module exit, no channel is held any more.
 */
void dmabench_chan_exit(void)
{
	struct chan_provider *provider, *next;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(chan_bus) && chan_bus[i].bus; i++)
		bus_unregister_notifier((void *)chan_bus[i].bus, &chan_bus[i].nb);
	list_for_each_entry_safe(provider, next, &chan_unbinding, entry)
		kfree(provider);
}

/* What the filter has seen; decides which errno a search without a find has. */
struct chan_search {
	const struct dmabench_chan_want *want;
	bool device_seen;
	bool sibling_seen;
	const char *lacks;
	bool chosen;
};

static bool chan_filter(struct dma_chan *dma, void *param)
{
	struct chan_search *search = param;
	const struct dmabench_chan_want *want = search->want;
	struct dma_chan *sibling;

	chan_class = (struct class *)dma->dev->device.class;

	if (want->device && strcmp(dev_name(dma->device->dev), want->device))
		return false;
	search->device_seen = true;

	if (want->name && strcmp(dma_chan_name(dma), want->name)) {
		list_for_each_entry(sibling, &dma->device->channels, device_node)
			if (!strcmp(dma_chan_name(sibling), want->name))
				search->sibling_seen = true;
		return false;
	}
	search->lacks = want->lacks(dma, want->dir, want->owner);
	search->chosen = !search->lacks;
	return search->chosen;
}

static bool chan_exists(const char *name)
{
	struct device *dev;

	if (!chan_class)
		return false;
	dev = class_find_device_by_name(chan_class, name);
	put_device(dev);
	return dev;
}

static int chan_not_found(const struct chan_search *search, char *reason, size_t size)
{
	const struct dmabench_chan_want *want = search->want;
	const char *what = want->name ?: want->device ?: "no channel";

	if (search->chosen) {
		scnprintf(reason, size, "%.64s: the provider did not hand it out", what);
		return -EBUSY;
	}
	if (search->lacks) {
		scnprintf(reason, size, "%.64s: cannot do %s", what, search->lacks);
		return -EOPNOTSUPP;
	}
	if (want->device && !search->device_seen) {
		scnprintf(reason, size, "%.64s: no channel of such a device is free", want->device);
		return -ENODEV;
	}
	if (want->name && (search->sibling_seen || chan_exists(want->name))) {
		scnprintf(reason, size,
			  "%.64s: another client has it, or its device is in public use", what);
		return -EBUSY;
	}
	scnprintf(reason, size, "%.64s: no such channel is free", what);
	return -ENODEV;
}

static struct dma_chan *chan_request_any(const struct dmabench_chan_want *want,
					 char *reason, size_t size)
{
	struct chan_search search = { .want = want };
	struct dma_chan *dma;
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	dma = dma_request_channel(mask, chan_filter, &search);
	return dma ?: ERR_PTR(chan_not_found(&search, reason, size));
}

/* As a client driver does it: firmware, or the provider's map, knows which one. */
static struct dma_chan *chan_request_slave(const struct dmabench_chan_want *want,
					   char *reason, size_t size)
{
	struct dma_chan *dma = dma_request_chan(want->peripheral, want->slave);
	const char *lacks;

	/* The core says this of a channel that is in use, too (contract A0.2). */
	if (IS_ERR(dma) && PTR_ERR(dma) == -EPROBE_DEFER) {
		scnprintf(reason, size, "%.64s: its channel %s is in use, or not there yet",
			  dev_name(want->peripheral), want->slave);
		return ERR_PTR(-EBUSY);
	}
	if (IS_ERR(dma)) {
		scnprintf(reason, size, "%.64s: it has no channel %s (%ld)",
			  dev_name(want->peripheral), want->slave, PTR_ERR(dma));
		return ERR_PTR(-ENODEV);
	}
	lacks = want->lacks(dma, want->dir, want->owner);
	if (lacks) {
		scnprintf(reason, size, "%.64s: cannot do %s", dma_chan_name(dma), lacks);
		dma_release_channel(dma);
		return ERR_PTR(-EOPNOTSUPP);
	}
	return dma;
}

/**
 * dmabench_chan_get - take a channel for ourselves
 * @want: which one
 * @reason: receives one line if there is none
 * @reason_size: room of @reason
 *
 * Context: may sleep.
 *
 * Return: the channel; -ENODEV if there is no such one, -EBUSY if it is in use,
 * -EUCLEAN if it is quarantined, -EOPNOTSUPP if it cannot do what is wanted,
 * -ENOMEM.
 */
struct dmabench_chan *dmabench_chan_get(const struct dmabench_chan_want *want,
					char *reason, size_t reason_size)
{
	struct chan_provider *unbinding;
	struct dmabench_chan *chan;
	int ret;

	if (want->name) {
		guard(mutex)(&chan_lock);
		chan = chan_find_name(want->name);
		if (chan) {
			scnprintf(reason, reason_size, "%.64s: %s", want->name,
				  chan->quarantined ? "quarantined after an earlier run" :
						      "another job has it");
			return ERR_PTR(chan->quarantined ? -EUCLEAN : -EBUSY);
		}
	}

	chan = kzalloc_obj(*chan);
	if (!chan) {
		scnprintf(reason, reason_size, "no memory for a channel");
		return ERR_PTR(-ENOMEM);
	}

	chan->dma = want->peripheral ? chan_request_slave(want, reason, reason_size) :
				       chan_request_any(want, reason, reason_size);
	if (IS_ERR(chan->dma)) {
		ret = PTR_ERR(chan->dma);
		kfree(chan);
		return ERR_PTR(ret);
	}

	chan->provider = get_device(chan->dma->device->dev);
	chan->map_dev = get_device(dmaengine_get_dma_device(chan->dma));
	chan->node = dev_to_node(chan->provider);
	chan->revoke = want->revoke;
	chan->owner = want->owner;
	strscpy(chan->name, dma_chan_name(chan->dma), sizeof(chan->name));
	strscpy(chan->device, dev_name(chan->provider), sizeof(chan->device));
	strscpy(chan->driver, dmabench_driver_name(chan->provider), sizeof(chan->driver));
	kref_init(&chan->ref);
	init_completion(&chan->released);

	chan_watch(chan->provider->bus);
	scoped_guard(mutex, &chan_lock) {
		unbinding = chan_provider_find(chan->provider);
		if (!unbinding)
			list_add_tail(&chan->entry, &chan_held);
	}
	if (unbinding) {
		scnprintf(reason, reason_size, "%.64s: the provider is going away", chan->name);
		dma_release_channel(chan->dma);
		kref_put(&chan->ref, chan_free);
		return ERR_PTR(-ENODEV);
	}
	return chan;
}

/**
 * dmabench_chan_put - give a channel back
 * @chan: nothing may be in flight on it
 *
 * Context: may sleep.
 */
void dmabench_chan_put(struct dmabench_chan *chan)
{
	/* It stays on the list until it is given back, so that unbinding waits. */
	scoped_guard(mutex, &chan_lock)
		chan->leaving = true;
	dma_release_channel(chan->dma);
	scoped_guard(mutex, &chan_lock)
		list_del(&chan->entry);
	complete_all(&chan->released);
	kref_put(&chan->ref, chan_free);
}

/**
 * dmabench_chan_forget - a channel was released behind our back
 * @chan: is not ours any more
 *
 * Context: may sleep.
 */
void dmabench_chan_forget(struct dmabench_chan *chan)
{
	scoped_guard(mutex, &chan_lock)
		list_del(&chan->entry);
	complete_all(&chan->released);
	kref_put(&chan->ref, chan_free);
}

/**
 * dmabench_chan_quarantine - keep a channel for ever
 * @chan: the engine behind it may still write to memory of ours
 *
 * The channel stays requested, so that nobody else meets the engine in this
 * state, and the module stays loaded, because a late callback would run its
 * code. Only a reboot ends this.
 *
 * Context: may sleep.
 */
void dmabench_chan_quarantine(struct dmabench_chan *chan)
{
	__module_get(THIS_MODULE);
	scoped_guard(mutex, &chan_lock)
		chan->quarantined = true;
	pr_warn("%s: a transfer could not be stopped: its memory, the channel and this module stay as they are until reboot\n",
		chan->name);
	complete_all(&chan->released);
}

static const char *chan_state(struct dma_chan *dma)
{
	struct dmabench_chan *chan = chan_find(dma);

	if (chan) {
		chan->listed = true;
		return chan->quarantined ? "quarantined" : "held";
	}
	return dma->client_count ? "busy" : "free";
}

struct chan_listing {
	struct seq_file *m;
	void (*show)(struct seq_file *m, struct dma_chan *dma, const char *state);
	struct dma_device *last;
};

/* Runs under dma_list_mutex, so devices and their channels stay. Takes none. */
static bool chan_list_filter(struct dma_chan *dma, void *param)
{
	struct chan_listing *listing = param;
	struct dma_chan *sibling;

	chan_class = (struct class *)dma->dev->device.class;
	if (dma->device == listing->last)
		return false;
	listing->last = dma->device;

	guard(mutex)(&chan_lock);
	list_for_each_entry(sibling, &dma->device->channels, device_node)
		listing->show(listing->m, sibling, chan_state(sibling));
	return false;
}

/**
 * dmabench_chan_show_all - print all channels that can be seen
 * @m: where to, a line each
 * @show: prints that line; must not sleep on anything of the core's
 *
 * The core offers no list of channels but the candidates that it shows to a
 * filter. A device with no candidate left is missing, except for the channels
 * that we hold ourselves.
 *
 * Context: may sleep.
 */
void dmabench_chan_show_all(struct seq_file *m,
			    void (*show)(struct seq_file *m, struct dma_chan *dma,
					 const char *state))
{
	static DEFINE_MUTEX(one_reader);	/* the marks are shared */
	struct chan_listing listing = { .m = m, .show = show };
	struct dmabench_chan *chan;
	dma_cap_mask_t mask;

	guard(mutex)(&one_reader);
	scoped_guard(mutex, &chan_lock)
		list_for_each_entry(chan, &chan_held, entry)
			chan->listed = false;

	dma_cap_zero(mask);
	dma_request_channel(mask, chan_list_filter, &listing);

	guard(mutex)(&chan_lock);
	list_for_each_entry(chan, &chan_held, entry) {
		if (chan->listed)
			continue;
		/* The provider of these may be gone: our copies only. */
		if (chan->quarantined || chan->leaving)
			seq_printf(m, "%s device=%s driver=%s state=%s\n", chan->name,
				   chan->device, chan->driver,
				   chan->quarantined ? "quarantined" : "held");
		else
			show(m, chan->dma, "held");
	}
}
