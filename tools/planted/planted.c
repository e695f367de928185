// SPDX-License-Identifier: GPL-2.0-only
/*
 * planted - faults of every kind that a debug kernel claims to find
 *
 * A kernel that reports nothing has looked at sound code, or has not looked. Loading this
 * module with the name of a fault commits it once, and the kernel has to say so. It is
 * for guests that are thrown away.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/completion.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>
#include <linux/timer.h>

#define SIZE	128

static char *fault = "none";
module_param(fault, charp, 0444);
MODULE_PARM_DESC(fault, "what to do wrong (default: none, which lists them)");

/* ------------------------------------------------------------------- data races */

/* How long two threads meet at one word. */
#define RACE_MS	2000

static unsigned int word;
static DEFINE_SPINLOCK(word_lock);

static noinline void step_plain(void)
{
	word++;
}

/* Steps may be lost here too, but it was said that this is known. */
static noinline void step_marked(void)
{
	WRITE_ONCE(word, READ_ONCE(word) + 1);
}

static noinline void step_locked(void)
{
	spin_lock(&word_lock);
	word++;
	spin_unlock(&word_lock);
}

static int race_thread(void *data)
{
	unsigned long end = jiffies + msecs_to_jiffies(RACE_MS);
	void (*step)(void) = data;
	unsigned int i;

	while (time_before(jiffies, end)) {
		for (i = 0; i < 1000; i++)
			step();
		cond_resched();
	}
	while (!kthread_should_stop())
		msleep(20);
	return 0;
}

static int race(void (*step)(void))
{
	struct task_struct *threads[2];
	unsigned int i, started = 0;
	int ret = 0;

	for (i = 0; i < ARRAY_SIZE(threads); i++) {
		threads[i] = kthread_create(race_thread, step, "planted/%u", i);
		if (IS_ERR(threads[i])) {
			ret = PTR_ERR(threads[i]);
			break;
		}
		kthread_bind(threads[i], i);
		wake_up_process(threads[i]);
		started++;
	}
	if (!ret)
		msleep(RACE_MS + 200);
	while (started)
		kthread_stop(threads[--started]);
	return ret;
}

static int race_plain(void)
{
	return race(step_plain);
}

static int race_marked(void)
{
	return race(step_marked);
}

static int race_locked(void)
{
	return race(step_locked);
}

/* ------------------------------------------------------------ locks and contexts */

static DEFINE_MUTEX(first);
static DEFINE_MUTEX(second);

static int lock_order(void)
{
	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);

	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
	return 0;
}

static int sleep_atomic(void)
{
	spin_lock(&word_lock);
	might_sleep();
	spin_unlock(&word_lock);
	return 0;
}

/* ------------------------------------------------------------------------ memory */

static int use_after_free(void)
{
	u8 *mem = kmalloc(SIZE, GFP_KERNEL);

	if (!mem)
		return -ENOMEM;
	/* The compiler need not see it. */
	OPTIMIZER_HIDE_VAR(mem);
	kfree(mem);
	WRITE_ONCE(mem[1], 0);
	return 0;
}

static int leak(void)
{
	u8 *mem = kmalloc(SIZE, GFP_KERNEL);

	if (!mem)
		return -ENOMEM;
	memset(mem, 0x5a, SIZE);
	return 0;
}

static void never(struct timer_list *unused)
{
}

static int free_active_timer(void)
{
	struct timer_list *timer = kmalloc(sizeof(*timer), GFP_KERNEL);

	if (!timer)
		return -ENOMEM;
	timer_setup(timer, never, 0);
	mod_timer(timer, jiffies + 3600 * HZ);
	/* The kernel takes it out of its list before the memory goes. */
	kfree(timer);
	return 0;
}

/* -------------------------------------------------------------- arithmetic, mappings */

static int shift_too_far(void)
{
	unsigned int bits = 33;

	OPTIMIZER_HIDE_VAR(bits);
	word = 1 << bits;
	return 0;
}

static bool any(struct dma_chan *chan, void *unused)
{
	return true;
}

static int unmap_other_size(void)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;
	struct device *dev;
	dma_addr_t addr;
	u8 *mem;
	int ret = -ENOMEM;

	dma_cap_zero(mask);
	chan = dma_request_channel(mask, any, NULL);
	if (!chan)
		return -ENODEV;

	dev = dmaengine_get_dma_device(chan);
	mem = kmalloc(SIZE, GFP_KERNEL);
	if (!mem)
		goto err_release;

	addr = dma_map_single(dev, mem, SIZE, DMA_TO_DEVICE);
	if (dma_mapping_error(dev, addr))
		goto err_free;
	dma_unmap_single(dev, addr, SIZE / 2, DMA_TO_DEVICE);
	ret = 0;

err_free:
	kfree(mem);
err_release:
	dma_release_channel(chan);
	return ret;
}

/**
 * struct planted - a fault
 * @name:	as the parameter takes it
 * @commit:	does it, returns 0 or an errno if it could not be done
 */
struct planted {
	const char *name;
	int (*commit)(void);
};

static const struct planted faults[] = {
	{ "race_plain", race_plain },
	/* The two that are right and may not be reported. */
	{ "race_marked", race_marked },
	{ "race_locked", race_locked },
	{ "lock_order", lock_order },
	{ "sleep_atomic", sleep_atomic },
	{ "use_after_free", use_after_free },
	{ "leak", leak },
	{ "free_active_timer", free_active_timer },
	{ "shift_too_far", shift_too_far },
	{ "unmap_other_size", unmap_other_size },
};

static int __init planted_init(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(faults); i++) {
		if (!strcmp(fault, "none"))
			pr_info("fault=%s\n", faults[i].name);
		if (strcmp(fault, faults[i].name))
			continue;

		pr_info("%s begins\n", fault);
		return faults[i].commit();
	}
	return strcmp(fault, "none") ? -EINVAL : 0;
}
module_init(planted_init);

static void __exit planted_exit(void)
{
}
module_exit(planted_exit);

MODULE_DESCRIPTION("Faults that debug kernels have to find");
MODULE_LICENSE("GPL");
