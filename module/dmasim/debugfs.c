// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - what can be seen: /sys/kernel/debug/dmasim/<device>/
 *
 * Reading has no effect. The runner takes no lock, so numbers of a busy
 * channel may be of moments that are some nanoseconds apart.
 */
#include <linux/bitmap.h>
#include <linux/debugfs.h>
#include <linux/err.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "dmasim.h"

static struct dentry *dmasim_root;

static int config_show(struct seq_file *s, void *unused)
{
	struct dmasim *sim = s->private;

	dmasim_config_show(s, &sim->cfg);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(config);

static int knobs_show(struct seq_file *s, void *unused)
{
	dmasim_knobs_show(s);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(knobs);

static int sizes_show(struct seq_file *s, void *unused)
{
	seq_printf(s, "descriptor: %zu\n", sizeof(struct dmasim_desc));
	seq_printf(s, "segment: %zu\n", sizeof(struct dmasim_seg));
	seq_printf(s, "channel: %zu\n", sizeof(struct dmasim_chan));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(sizes);

static unsigned int dmasim_count(const struct list_head *list)
{
	struct list_head *entry;
	unsigned int n = 0;

	list_for_each(entry, list)
		n++;
	return n;
}

static void dmasim_state_line(struct seq_file *s, struct dmasim_chan *c)
{
	unsigned int used, submitted, issued, tail, unacked, parked;
	dma_cookie_t cookie, completed;
	unsigned long flags;

	spin_lock_irqsave(&c->lock, flags);
	used = bitmap_weight(c->used, c->limit);
	tail = READ_ONCE(c->tail);
	issued = READ_ONCE(c->issued) - tail;
	submitted = c->head - tail - issued;
	unacked = dmasim_count(&c->unacked);
	parked = dmasim_count(&c->parked);
	cookie = c->chan.cookie;
	completed = READ_ONCE(c->chan.completed_cookie);
	spin_unlock_irqrestore(&c->lock, flags);

	seq_printf(s, "%s state=%s context=%s free=%u prepared=%d submitted=%u issued=%u",
		   dma_chan_name(&c->chan), dmasim_chan_state(c), c->context->name,
		   c->limit - used, max_t(int, 0, used - submitted - issued - unacked - parked),
		   submitted, issued);
	seq_printf(s, " unacked=%u cookie=%d completed=%d parked=%u\n", unacked, cookie, completed,
		   parked);
}

static int state_show(struct seq_file *s, void *unused)
{
	struct dmasim *sim = s->private;
	struct dma_chan *chan;

	list_for_each_entry(chan, &sim->dma.channels, device_node)
		dmasim_state_line(s, to_dmasim_chan(chan));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(state);

static void dmasim_counters_line(struct seq_file *s, struct dmasim_chan *c)
{
	seq_printf(s, "%s submitted=%lu completed=%lu terminated=%lu aborted=%lu",
		   dma_chan_name(&c->chan), READ_ONCE(c->submitted), READ_ONCE(c->completed),
		   READ_ONCE(c->dropped), READ_ONCE(c->aborted));
	seq_printf(s, " bytes=%llu callbacks=%lu terminates=%lu prep_failed=%ld descriptors=%u failed=%lu",
		   READ_ONCE(c->bytes), READ_ONCE(c->callbacks), READ_ONCE(c->terminates),
		   atomic_long_read(&c->prep_failed), atomic_read(&c->allocated),
		   READ_ONCE(c->failures));
	seq_printf(s, " slow_busy_ns=%llu slow_wasted_ns=%llu\n", READ_ONCE(c->slow.busy_ns),
		   READ_ONCE(c->slow.wasted_ns));
}

static int counters_show(struct seq_file *s, void *unused)
{
	struct dmasim *sim = s->private;
	struct dma_chan *chan;

	list_for_each_entry(chan, &sim->dma.channels, device_node)
		dmasim_counters_line(s, to_dmasim_chan(chan));
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(counters);

static int peripherals_show(struct seq_file *s, void *unused)
{
	struct dmasim *sim = s->private;
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++)
		dmasim_periph_show(s, &sim->periphs[i]);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(peripherals);

/*
 * The files that can be written take a text in one piece. What is more than a page, has
 * a NUL in it, or is not from the beginning, is refused rather than understood by halves.
 */
static ssize_t dmasim_write(void *object, int (*take)(void *object, char *text),
			    const char __user *buf, size_t len, loff_t *pos)
{
	char *text;
	int ret;

	if (*pos)
		return -EINVAL;
	if (len >= PAGE_SIZE)
		return -E2BIG;
	text = memdup_user_nul(buf, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	ret = strlen(text) == len ? take(object, text) : -EINVAL;
	kfree(text);
	return ret ?: len;
}

static int fault_show(struct seq_file *s, void *unused)
{
	dmasim_fault_show(s, s->private);
	return 0;
}

static int fault_open(struct inode *inode, struct file *file)
{
	return single_open(file, fault_show, inode->i_private);
}

static int fault_take(void *sim, char *text)
{
	return dmasim_fault_write(sim, text);
}

static ssize_t fault_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct seq_file *s = file->private_data;

	return dmasim_write(s->private, fault_take, buf, len, pos);
}

static const struct file_operations fault_fops = {
	.owner = THIS_MODULE,
	.open = fault_open,
	.read = seq_read,
	.write = fault_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int defects_show(struct seq_file *s, void *unused)
{
	dmasim_defects_show(s);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(defects);

static int defect_show(struct seq_file *s, void *unused)
{
	dmasim_defect_show(s, s->private);
	return 0;
}

static int defect_open(struct inode *inode, struct file *file)
{
	return single_open(file, defect_show, inode->i_private);
}

static int defect_take(void *sim, char *text)
{
	return dmasim_defect_write(sim, text);
}

static ssize_t defect_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct seq_file *s = file->private_data;

	return dmasim_write(s->private, defect_take, buf, len, pos);
}

static const struct file_operations defect_fops = {
	.owner = THIS_MODULE,
	.open = defect_open,
	.read = seq_read,
	.write = defect_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static int peripheral_show(struct seq_file *s, void *unused)
{
	dmasim_periph_show(s, s->private);
	return 0;
}

static int peripheral_open(struct inode *inode, struct file *file)
{
	return single_open(file, peripheral_show, inode->i_private);
}

static int peripheral_take(void *p, char *text)
{
	return dmasim_periph_tell(p, text);
}

static ssize_t peripheral_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	struct seq_file *s = file->private_data;

	return dmasim_write(s->private, peripheral_take, buf, len, pos);
}

static const struct file_operations peripheral_fops = {
	.owner = THIS_MODULE,
	.open = peripheral_open,
	.read = seq_read,
	.write = peripheral_write,
	.llseek = seq_lseek,
	.release = single_release,
};

static void dmasim_debugfs_add_peripherals(struct dmasim *sim)
{
	struct dentry *dir = debugfs_create_dir("peripheral", sim->dir);
	unsigned int i;
	char name[32];

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		struct dmasim_periph *p = &sim->periphs[i];

		snprintf(name, sizeof(name), "%s%u", p->kind->name, p->number);
		debugfs_create_file(name, 0644, dir, p, &peripheral_fops);
	}
}

static void dmasim_summary_show(struct seq_file *s, struct dma_device *dma)
{
	struct dma_chan *chan;

	list_for_each_entry(chan, &dma->channels, device_node) {
		struct dmasim_chan *c = to_dmasim_chan(chan);
		unsigned int tail = READ_ONCE(c->tail);

		if (!chan->client_count)
			continue;
		seq_printf(s, " %-13s| %s (%s, %s, %u issued, %u not)\n", dma_chan_name(chan),
			   chan->dbg_client_name ?: "in-use", c->context->name,
			   dmasim_chan_state(c), READ_ONCE(c->issued) - tail,
			   READ_ONCE(c->head) - READ_ONCE(c->issued));
	}
}

/**
 * dmasim_debugfs_attach() - add the device's part of the core's summary
 * @dma:	device before its registration
 */
void dmasim_debugfs_attach(struct dma_device *dma)
{
	dma->dbg_summary_show = dmasim_summary_show;
}

/**
 * dmasim_debugfs_init() - make the folder of the module
 */
void dmasim_debugfs_init(void)
{
	dmasim_root = debugfs_create_dir("dmasim", NULL);
	debugfs_create_file("knobs", 0444, dmasim_root, NULL, &knobs_fops);
	debugfs_create_file("defects", 0444, dmasim_root, NULL, &defects_fops);
	debugfs_create_file("sizes", 0444, dmasim_root, NULL, &sizes_fops);
}

/**
 * dmasim_debugfs_exit() - remove the folder of the module
 */
void dmasim_debugfs_exit(void)
{
	debugfs_remove(dmasim_root);
}

/**
 * dmasim_debugfs_add() - make the folder of a device
 * @sim:	device
 */
void dmasim_debugfs_add(struct dmasim *sim)
{
	sim->dir = debugfs_create_dir(dev_name(sim->dev), dmasim_root);
	debugfs_create_file("config", 0444, sim->dir, sim, &config_fops);
	debugfs_create_file("state", 0444, sim->dir, sim, &state_fops);
	debugfs_create_file("counters", 0444, sim->dir, sim, &counters_fops);
	debugfs_create_file("fault", 0644, sim->dir, sim, &fault_fops);
	debugfs_create_file("defect", 0644, sim->dir, sim, &defect_fops);
	debugfs_create_file("peripherals", 0444, sim->dir, sim, &peripherals_fops);
	dmasim_debugfs_add_peripherals(sim);
}

/**
 * dmasim_debugfs_remove() - remove the folder of a device; waits for readers
 * @sim:	device
 */
void dmasim_debugfs_remove(struct dmasim *sim)
{
	debugfs_remove(sim->dir);
}
