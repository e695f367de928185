// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim_client - an in-kernel client that tests the provider dmasim
 *
 * It uses the public API only. Of the provider it knows the name and, from
 * parameters, the addresses of its peripherals, which debugfs shows. It runs
 * when it is loaded; the verdict is KTAP in the kernel log and in
 * /sys/kernel/debug/dmasim_client/ktap.
 */
#define pr_fmt(fmt) "dmasim_client: " fmt

#include <linux/debugfs.h>
#include <linux/delay.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/prandom.h>
#include <linux/scatterlist.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "client.h"

static char *device = "dmasim.0";
module_param(device, charp, 0444);
MODULE_PARM_DESC(device, "provider to test (default dmasim.0)");

static char *channel = "";
module_param(channel, charp, 0444);
MODULE_PARM_DESC(channel, "its first channel to take, for example dma0chan0 (default: any)");

static char *only = "";
module_param(only, charp, 0444);
MODULE_PARM_DESC(only, "run the tests whose name contains this (default: all)");

unsigned long client_loopback_tx;
module_param_named(loopback_tx, client_loopback_tx, ulong, 0444);
MODULE_PARM_DESC(loopback_tx, "address of a loopback's tx register (default: skip what needs it)");

unsigned long client_loopback_rx;
module_param_named(loopback_rx, client_loopback_rx, ulong, 0444);
MODULE_PARM_DESC(loopback_rx, "address of its rx register");

unsigned long client_sink;
module_param_named(sink, client_sink, ulong, 0444);
MODULE_PARM_DESC(sink, "address of a sink (default: skip what needs it)");

char *client_fault = "none";
module_param_named(fault, client_fault, charp, 0444);
MODULE_PARM_DESC(fault, "fault that was written to the device (default none: skip what needs one)");

unsigned int client_fault_every = 1;
module_param_named(fault_every, client_fault_every, uint, 0444);
MODULE_PARM_DESC(fault_every, "its fault_every");

unsigned int client_fault_at;
module_param_named(fault_at, client_fault_at, uint, 0444);
MODULE_PARM_DESC(fault_at, "its fault_at");

static unsigned int effort = 100;
module_param(effort, uint, 0444);
MODULE_PARM_DESC(effort, "percent of the usual rounds, 1..100, for slow machines (default 100)");

struct client client;

#define CLIENT_XFERS	SZ_4K

/* ------------------------------------------------------------------- report */

#define CLIENT_KTAP	SZ_64K

static char *ktap;
static size_t ktap_len;
static struct dentry *dir;

static __printf(2, 0) void ktap_vprint(const char *prefix, const char *fmt, va_list args)
{
	size_t start = ktap_len;

	ktap_len += scnprintf(ktap + ktap_len, CLIENT_KTAP - ktap_len, "%s", prefix);
	ktap_len += vscnprintf(ktap + ktap_len, CLIENT_KTAP - ktap_len, fmt, args);
	ktap_len += scnprintf(ktap + ktap_len, CLIENT_KTAP - ktap_len, "\n");
	pr_info("%s", ktap + start);
}

static __printf(1, 2) void ktap_print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ktap_vprint("", fmt, args);
	va_end(args);
}

/* Says why the running test fails, and returns what it has to return. */
int client_fail(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ktap_vprint("# ", fmt, args);
	va_end(args);
	return -EINVAL;
}

/* Says something that is worth knowing. */
void client_note(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	ktap_vprint("# ", fmt, args);
	va_end(args);
}

static int ktap_show(struct seq_file *s, void *unused)
{
	seq_write(s, ktap, ktap_len);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(ktap);

/* ----------------------------------------------------------------- channels */

static bool client_filter(struct dma_chan *chan, void *first)
{
	if (strcmp(dev_name(chan->device->dev), device))
		return false;
	return !*(bool *)first || !*channel || !strcmp(dma_chan_name(chan), channel);
}

/* Takes so many channels, idle and not configured. */
int client_open(unsigned int channels)
{
	unsigned int i;
	bool first;

	for (i = 0; i < channels; i++) {
		dma_cap_mask_t mask;

		first = !i;
		dma_cap_zero(mask);
		client.chan[i] = dma_request_channel(mask, client_filter, &first);
		if (!client.chan[i]) {
			client_note("%s has no %u free channels", device, channels);
			client_close();
			return -EOPNOTSUPP;
		}
	}
	memset(client.dst, 0xee, CLIENT_BUF);
	for (i = 0; i < CLIENT_XFERS; i++) {
		memset(&client.xfers[i], 0, sizeof(client.xfers[i]));
		init_completion(&client.xfers[i].done);
	}
	atomic_set(&client.order, 0);
	return 0;
}

/* Gives the channels back. */
void client_close(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(client.chan); i++) {
		if (client.chan[i])
			dma_release_channel(client.chan[i]);
		client.chan[i] = NULL;
	}
}

/* Has the open channel this capability? */
bool client_can(enum dma_transaction_type cap)
{
	return test_bit(cap, client.chan[0]->device->cap_mask.bits);
}

/* Can the open channel be terminated and synchronized with? */
bool client_has_terminate(void)
{
	return client.chan[0]->device->device_terminate_all &&
	       client.chan[0]->device->device_synchronize;
}

/* --------------------------------------------------------------------- data */

/* Fills with bytes that depend on the seed and do not repeat. */
void client_fill(u8 *buf, size_t len, u32 seed)
{
	struct rnd_state rnd;

	prandom_seed_state(&rnd, seed);
	prandom_bytes_state(&rnd, buf, len);
}

/* Is that what client_fill() made? */
int client_check(const u8 *buf, size_t len, u32 seed)
{
	u8 *want = vmalloc(len);
	size_t i;
	int ret = 0;

	if (!want)
		return client_fail("no memory");
	client_fill(want, len, seed);
	/* Byte by byte only if need be: debug kernels look at each access. */
	if (memcmp(buf, want, len)) {
		for (i = 0; i < len - 1 && buf[i] == want[i]; i++)
			;
		ret = client_fail("byte %zu of %zu is %#x, not %#x", i, len, buf[i], want[i]);
	}
	vfree(want);
	return ret;
}

/* Is every byte this one? */
int client_check_byte(const u8 *buf, size_t len, u8 byte)
{
	const u8 *other = memchr_inv(buf, byte, len);

	if (other)
		return client_fail("byte %zu of %zu was touched: %#x", other - buf, len, *other);
	return 0;
}

/* ---------------------------------------------------------------- transfers */

static void client_called(struct client_xfer *x)
{
	if (in_hardirq() || irqs_disabled())
		atomic_inc(&x->bad_context);
	if (dmaengine_tx_status(x->chan, x->cookie, NULL) != DMA_COMPLETE)
		atomic_inc(&x->incomplete);
	if (atomic_inc_return(&x->calls) == 1)
		x->order = atomic_inc_return(&client.order);
	complete(&x->done);
}

static void client_callback(void *param)
{
	struct client_xfer *x = param;

	atomic_inc(&x->plain);
	client_called(x);
}

static void client_callback_result(void *param, const struct dmaengine_result *result)
{
	struct client_xfer *x = param;

	if (result)
		x->result = *result;
	client_called(x);
}

/* Submits with callback_result; does not issue. */
int client_submit(struct client_xfer *x, struct dma_async_tx_descriptor *tx)
{
	EXPECT(tx);
	x->chan = tx->chan;
	x->result.result = DMA_TRANS_WRITE_FAILED;
	x->result.residue = ~0;
	tx->callback_result = client_callback_result;
	tx->callback_param = x;
	x->cookie = dmaengine_submit(tx);
	EXPECT(!dma_submit_error(x->cookie));
	return 0;
}

/* Submits with callback; does not issue. */
int client_submit_plain(struct client_xfer *x, struct dma_async_tx_descriptor *tx)
{
	EXPECT(tx);
	x->chan = tx->chan;
	tx->callback = client_callback;
	tx->callback_param = x;
	x->cookie = dmaengine_submit(tx);
	EXPECT(!dma_submit_error(x->cookie));
	return 0;
}

/* Submits a copy between the buffers; does not issue. */
int client_memcpy(struct client_xfer *x, size_t dst, size_t src, size_t len)
{
	return client_submit(x, dmaengine_prep_dma_memcpy(client.chan[0], client.dst_dma + dst,
							  client.src_dma + src, len,
							  CLIENT_FLAGS));
}

/* Waits for the callback of a transfer and looks at everything about it. */
int client_wait(struct client_xfer *x)
{
	EXPECT(wait_for_completion_timeout(&x->done, CLIENT_TIMEOUT));
	return client_finished(x);
}

/* Did a transfer end as it should? */
int client_finished(struct client_xfer *x)
{
	struct dma_tx_state state = { .residue = ~0, .in_flight_bytes = ~0 };

	EXPECT_EQ(atomic_read(&x->calls), 1);
	EXPECT_EQ(atomic_read(&x->bad_context), 0);
	EXPECT_EQ(atomic_read(&x->incomplete), 0);
	if (!atomic_read(&x->plain)) {
		EXPECT_EQ(x->result.result, DMA_TRANS_NOERROR);
		EXPECT_EQ(x->result.residue, 0);
	}
	EXPECT_EQ(dmaengine_tx_status(x->chan, x->cookie, &state), DMA_COMPLETE);
	EXPECT_EQ(state.residue, 0);
	EXPECT_EQ(state.in_flight_bytes, 0);
	return 0;
}

/* Tells a channel where its peripheral is. */
int client_config(unsigned int chan, enum dma_transfer_direction dir, unsigned long addr,
		  unsigned int width, unsigned int burst)
{
	struct dma_slave_config cfg = { .direction = dir };
	int ret;

	if (dir == DMA_MEM_TO_DEV) {
		cfg.dst_addr = addr;
		cfg.dst_addr_width = width;
		cfg.dst_maxburst = burst;
	} else {
		cfg.src_addr = addr;
		cfg.src_addr_width = width;
		cfg.src_maxburst = burst;
	}
	ret = dmaengine_slave_config(client.chan[chan], &cfg);
	/* The provider has to have copied it. */
	memset(&cfg, 0xff, sizeof(cfg));
	return ret;
}

/* Prepares a slave transfer of one piece. */
struct dma_async_tx_descriptor *client_single(unsigned int chan, dma_addr_t addr, size_t len,
					      enum dma_transfer_direction dir)
{
	return dmaengine_prep_slave_single(client.chan[chan], addr, len, dir, CLIENT_FLAGS);
}

/* Empties the loopback by a read that is larger than it can be. */
int client_drain_loopback(void)
{
	EXPECT_EQ(client_config(1, DMA_DEV_TO_MEM, client_loopback_rx, 1, 1), 0);
	TRY(client_submit(&client.xfers[CLIENT_XFERS - 1],
			  client_single(1, client.dst_dma, SZ_1M, DMA_DEV_TO_MEM)));
	dma_async_issue_pending(client.chan[1]);
	msleep(20);
	EXPECT_EQ(dmaengine_terminate_sync(client.chan[1]), 0);
	memset(client.dst, 0xee, CLIENT_BUF);
	return 0;
}

/* As many rounds as the machine is fit for, but not so few that none follows another. */
unsigned int client_rounds(unsigned int usual)
{
	return max(usual * min(effort, 100U) / 100, min(usual, 4U));
}

/* Takes a channel to write to the loopback and one to read from it, both idle. */
int client_loopback_open(unsigned int width, unsigned int burst)
{
	TRY(client_open(2));
	if (!client_can(DMA_SLAVE) || !client_has_terminate() || !client_loopback_tx ||
	    !client_loopback_rx)
		return -EOPNOTSUPP;
	TRY(client_drain_loopback());
	EXPECT_EQ(client_config(0, DMA_MEM_TO_DEV, client_loopback_tx, width, burst), 0);
	EXPECT_EQ(client_config(1, DMA_DEV_TO_MEM, client_loopback_rx, width, burst), 0);
	return 0;
}

/* --------------------------------------------------------------------- main */

static const struct client_test * const client_chapters[] = {
	client_memory_tests,
	client_raid_tests,
	client_scatter_tests,
	client_queue_tests,
	client_slave_tests,
	client_cyclic_tests,
	client_vec_tests,
	client_interleave_tests,
	client_repeat_tests,
	client_control_tests,
	client_reuse_tests,
	client_unmap_tests,
	client_meta_tests,
	client_shape_tests,
	client_fault_tests,
	client_periph_tests,
	client_life_tests,
};

static void client_run(void)
{
	unsigned int i, n = 0, failed = 0, skipped = 0;
	const struct client_test *t;
	int ret;

	ktap_print("KTAP version 1");
	for (i = 0; i < ARRAY_SIZE(client_chapters); i++)
		for (t = client_chapters[i]; t->name; t++)
			n += !!strstr(t->name, only);
	ktap_print("1..%u", n);

	n = 0;
	for (i = 0; i < ARRAY_SIZE(client_chapters); i++) {
		for (t = client_chapters[i]; t->name; t++) {
			if (!strstr(t->name, only))
				continue;
			n++;
			ret = t->run();
			client_close();
			if (ret == -EOPNOTSUPP) {
				skipped++;
				ktap_print("ok %u %s # SKIP not offered", n, t->name);
			} else {
				failed += !!ret;
				ktap_print("%s %u %s", ret ? "not ok" : "ok", n, t->name);
			}
		}
	}
	ktap_print("# pass:%u fail:%u skip:%u", n - failed - skipped, failed, skipped);
}

static int client_alloc(void)
{
	dma_cap_mask_t mask;
	bool first = false;

	dma_cap_zero(mask);
	client.chan[0] = dma_request_channel(mask, client_filter, &first);
	if (!client.chan[0]) {
		pr_err("%s has no free channel\n", device);
		return -ENODEV;
	}
	client.dev = get_device(client.chan[0]->device->dev);
	client_close();

	client.nr_xfers = CLIENT_XFERS;
	client.xfers = vzalloc(array_size(CLIENT_XFERS, sizeof(*client.xfers)));
	client.src = dma_alloc_coherent(client.dev, CLIENT_BUF, &client.src_dma, GFP_KERNEL);
	client.dst = dma_alloc_coherent(client.dev, CLIENT_BUF, &client.dst_dma, GFP_KERNEL);
	return client.xfers && client.src && client.dst ? 0 : -ENOMEM;
}

static void client_free(void)
{
	if (client.dst)
		dma_free_coherent(client.dev, CLIENT_BUF, client.dst, client.dst_dma);
	if (client.src)
		dma_free_coherent(client.dev, CLIENT_BUF, client.src, client.src_dma);
	vfree(client.xfers);
	put_device(client.dev);
}

static int __init client_init(void)
{
	int ret;

	ktap = vzalloc(CLIENT_KTAP);
	if (!ktap)
		return -ENOMEM;

	ret = client_alloc();
	if (!ret)
		client_run();
	client_free();
	if (ret) {
		vfree(ktap);
		return ret;
	}

	dir = debugfs_create_dir("dmasim_client", NULL);
	debugfs_create_file("ktap", 0444, dir, NULL, &ktap_fops);
	return 0;
}

static void __exit client_exit(void)
{
	debugfs_remove(dir);
	vfree(ktap);
}

module_init(client_init);
module_exit(client_exit);

MODULE_DESCRIPTION("Test client of the DMA engine provider dmasim");
MODULE_LICENSE("GPL");
