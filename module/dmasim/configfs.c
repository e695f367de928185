// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - devices made by users: /sys/kernel/config/dmasim/<name>/
 *
 * An item holds the configuration of a device that may come to be. Writing 1
 * to `live` makes the device, 0 or rmdir takes it down. While it is there its
 * configuration cannot be changed.
 *
 * An item pins the module, so there are none left when the module goes.
 */
#include <linux/cleanup.h>
#include <linux/configfs.h>
#include <linux/device.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/platform_device.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "dmasim.h"

/**
 * struct dmasim_item - a folder in configfs, and the device that it describes
 * @item:	the folder
 * @id:		number of the device
 * @lock:	protects @cfg and @pdev
 * @cfg:	configuration
 * @pdev:	the device, NULL: not live
 */
struct dmasim_item {
	struct config_item item;
	int id;
	struct mutex lock;	/* of what follows */
	struct dmasim_config cfg;
	struct platform_device *pdev;
};

static struct dmasim_item *to_dmasim_item(struct config_item *item)
{
	return container_of(item, struct dmasim_item, item);
}

static ssize_t dmasim_item_knob_show(struct config_item *item, enum dmasim_knob_id id, char *page)
{
	struct dmasim_item *i = to_dmasim_item(item);
	int len;

	guard(mutex)(&i->lock);
	len = dmasim_knob_print(&dmasim_knob_table[id], &i->cfg, page, PAGE_SIZE - 1);
	page[len] = '\n';
	return len + 1;
}

/* Who writes a NUL means something else than what is before it. */
static bool dmasim_item_is_text(const char *page, size_t count)
{
	return strnlen(page, count) == count;
}

static ssize_t dmasim_item_knob_store(struct config_item *item, enum dmasim_knob_id id,
				      const char *page, size_t count)
{
	struct dmasim_item *i = to_dmasim_item(item);
	int ret;

	if (!dmasim_item_is_text(page, count))
		return -EINVAL;
	guard(mutex)(&i->lock);
	if (i->pdev)
		return -EBUSY;
	ret = dmasim_knob_set(&dmasim_knob_table[id], &i->cfg, page, NULL, 0);
	return ret ?: count;
}

/* A show and a store function for each knob: they are not told which one it is. */
#define KNOB_ATTR(_name)							\
static ssize_t dmasim_item_##_name##_show(struct config_item *item, char *page)	\
{										\
	return dmasim_item_knob_show(item, DMASIM_KNOB_##_name, page);		\
}										\
										\
static ssize_t dmasim_item_##_name##_store(struct config_item *item,		\
					   const char *page, size_t count)	\
{										\
	return dmasim_item_knob_store(item, DMASIM_KNOB_##_name, page, count);	\
}										\
CONFIGFS_ATTR(dmasim_item_, _name);

#define KNOB_NUMBER(_name, ...)		KNOB_ATTR(_name)
#define KNOB_POWER(_name, ...)		KNOB_ATTR(_name)
#define KNOB_WORD(_name, ...)		KNOB_ATTR(_name)
#define KNOB_WORDS(_name, ...)		KNOB_ATTR(_name)
#include "config-list.h"
#undef KNOB_NUMBER
#undef KNOB_POWER
#undef KNOB_WORD
#undef KNOB_WORDS

static ssize_t dmasim_item_device_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "dmasim.%d\n", to_dmasim_item(item)->id);
}

CONFIGFS_ATTR_RO(dmasim_item_, device);

static ssize_t dmasim_item_channel_names_show(struct config_item *item, char *page)
{
	struct dmasim_item *i = to_dmasim_item(item);
	struct dma_chan *chan;
	struct dmasim *sim;
	int len = 0;

	guard(mutex)(&i->lock);
	if (!i->pdev)
		return 0;

	/* Users may unbind the driver whenever they like. */
	device_lock(&i->pdev->dev);
	sim = platform_get_drvdata(i->pdev);
	if (sim)
		list_for_each_entry(chan, &sim->dma.channels, device_node)
			len += sysfs_emit_at(page, len, "%s\n", dma_chan_name(chan));
	device_unlock(&i->pdev->dev);
	return len;
}

CONFIGFS_ATTR_RO(dmasim_item_, channel_names);

static int dmasim_item_activate(struct dmasim_item *i)
{
	struct platform_device *pdev;

	lockdep_assert_held(&i->lock);

	pdev = dmasim_device_add(&i->cfg, i->id);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	i->pdev = pdev;
	return 0;
}

static void dmasim_item_deactivate(struct dmasim_item *i)
{
	lockdep_assert_held(&i->lock);

	platform_device_unregister(i->pdev);
	i->pdev = NULL;
}

static ssize_t dmasim_item_live_show(struct config_item *item, char *page)
{
	struct dmasim_item *i = to_dmasim_item(item);

	guard(mutex)(&i->lock);
	return sysfs_emit(page, "%d\n", !!i->pdev);
}

static ssize_t dmasim_item_live_store(struct config_item *item, const char *page, size_t count)
{
	struct dmasim_item *i = to_dmasim_item(item);
	unsigned int live;
	int ret;

	if (!dmasim_item_is_text(page, count))
		return -EINVAL;
	ret = kstrtouint(page, 0, &live);
	if (ret)
		return ret;
	if (live > 1)
		return -ERANGE;

	guard(mutex)(&i->lock);
	if (live && !i->pdev)
		ret = dmasim_item_activate(i);
	else if (!live && i->pdev)
		dmasim_item_deactivate(i);
	return ret ?: count;
}

CONFIGFS_ATTR(dmasim_item_, live);

static struct configfs_attribute *dmasim_item_attrs[] = {
#define KNOB_NUMBER(_name, ...)		&dmasim_item_attr_##_name,
#define KNOB_POWER(_name, ...)		&dmasim_item_attr_##_name,
#define KNOB_WORD(_name, ...)		&dmasim_item_attr_##_name,
#define KNOB_WORDS(_name, ...)		&dmasim_item_attr_##_name,
#include "config-list.h"
#undef KNOB_NUMBER
#undef KNOB_POWER
#undef KNOB_WORD
#undef KNOB_WORDS
	&dmasim_item_attr_device,
	&dmasim_item_attr_channel_names,
	&dmasim_item_attr_live,
	NULL
};

static void dmasim_item_release(struct config_item *item)
{
	struct dmasim_item *i = to_dmasim_item(item);

	dmasim_device_put_id(i->id);
	mutex_destroy(&i->lock);
	kfree(i);
}

static struct configfs_item_operations dmasim_item_ops = {
	.release = dmasim_item_release,
};

static const struct config_item_type dmasim_item_type = {
	.ct_owner = THIS_MODULE,
	.ct_item_ops = &dmasim_item_ops,
	.ct_attrs = dmasim_item_attrs,
};

static struct config_item *dmasim_make_item(struct config_group *group, const char *name)
{
	struct dmasim_item *i;

	i = kzalloc_obj(*i);
	if (!i)
		return ERR_PTR(-ENOMEM);

	i->id = dmasim_device_get_id();
	if (i->id < 0) {
		int ret = i->id;

		kfree(i);
		return ERR_PTR(ret);
	}
	mutex_init(&i->lock);
	dmasim_config_preset(&i->cfg);
	config_item_init_type_name(&i->item, name, &dmasim_item_type);
	return &i->item;
}

static void dmasim_drop_item(struct config_group *group, struct config_item *item)
{
	struct dmasim_item *i = to_dmasim_item(item);

	/* Whoever still has an attribute open cannot use it any more. */
	scoped_guard(mutex, &i->lock)
		if (i->pdev)
			dmasim_item_deactivate(i);
	config_item_put(item);
}

static struct configfs_group_operations dmasim_group_ops = {
	.make_item = dmasim_make_item,
	.drop_item = dmasim_drop_item,
};

static const struct config_item_type dmasim_group_type = {
	.ct_owner = THIS_MODULE,
	.ct_group_ops = &dmasim_group_ops,
};

static struct configfs_subsystem dmasim_subsystem = {
	.su_group.cg_item = {
		.ci_namebuf = "dmasim",
		.ci_type = &dmasim_group_type,
	},
};

/**
 * dmasim_configfs_init() - offer the folder in which users make devices
 *
 * Return: 0 or an errno
 */
int dmasim_configfs_init(void)
{
	config_group_init(&dmasim_subsystem.su_group);
	mutex_init(&dmasim_subsystem.su_mutex);
	return configfs_register_subsystem(&dmasim_subsystem);
}

/**
 * dmasim_configfs_exit() - undo dmasim_configfs_init()
 */
void dmasim_configfs_exit(void)
{
	configfs_unregister_subsystem(&dmasim_subsystem);
	mutex_destroy(&dmasim_subsystem.su_mutex);
}
