// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a channel can do, in words.
 */
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/dmaengine.h>
#include <linux/seq_file.h>

#include "chan.h"

static const char *const cap_names[DMA_TX_TYPE_END] = {
	[DMA_MEMCPY]		= "memcpy",
	[DMA_XOR]		= "xor",
	[DMA_PQ]		= "pq",
	[DMA_XOR_VAL]		= "xor_val",
	[DMA_PQ_VAL]		= "pq_val",
	[DMA_MEMSET]		= "memset",
	[DMA_MEMSET_SG]		= "memset_sg",
	[DMA_INTERRUPT]		= "interrupt",
	[DMA_PRIVATE]		= "private",
	[DMA_ASYNC_TX]		= "async_tx",
	[DMA_SLAVE]		= "slave",
	[DMA_CYCLIC]		= "cyclic",
	[DMA_INTERLEAVE]	= "interleave",
	[DMA_COMPLETION_NO_ORDER] = "completion_no_order",
	[DMA_REPEAT]		= "repeat",
	[DMA_LOAD_EOT]		= "load_eot",
};

/**
 * dmabench_cap_name - the word for a capability
 * @cap: an enum dma_transaction_type, or -1
 *
 * Return: the word; "none" for -1.
 */
const char *dmabench_cap_name(int cap)
{
	if (cap < 0)
		return "none";
	return cap_names[cap] ?: "unknown";
}

/**
 * dmabench_driver_name - name of a device's driver
 * @dev: the device
 *
 * Return: the name; "none" if it has no driver.
 */
const char *dmabench_driver_name(struct device *dev)
{
	const struct device_driver *driver = READ_ONCE(dev->driver);

	return driver ? driver->name : "none";
}

/* " key=word,word": the words of all bits that are set, "none" if none is. */
static void show_words(struct seq_file *m, const char *key, u32 bits,
		       const char *const *words, unsigned int nr_words)
{
	const char *separator = "";
	unsigned int i;

	seq_printf(m, " %s=", key);
	for (i = 0; i < nr_words; i++) {
		if ((bits & BIT(i)) && words[i]) {
			seq_printf(m, "%s%s", separator, words[i]);
			separator = ",";
		}
	}
	if (!*separator)
		seq_puts(m, "none");
}

/* Of bus widths the number of a bit is the width in bytes. */
static void show_widths(struct seq_file *m, const char *key, u32 widths)
{
	const char *separator = "";
	unsigned int bytes;

	seq_printf(m, " %s=", key);
	for (bytes = 1; bytes < 32; bytes++) {
		if (widths & BIT(bytes)) {
			seq_printf(m, "%s%u", separator, bytes);
			separator = ",";
		}
	}
	if (!*separator)
		seq_puts(m, "none");
}

static void show_caps(struct seq_file *m, struct dma_device *device)
{
	const char *separator = "";
	int cap;

	seq_puts(m, " caps=");
	for (cap = 0; cap < DMA_TX_TYPE_END; cap++) {
		if (dma_has_cap(cap, device->cap_mask)) {
			seq_printf(m, "%s%s", separator, dmabench_cap_name(cap));
			separator = ",";
		}
	}
	if (!*separator)
		seq_puts(m, "none");
}

/* All zero if the provider has no slave capabilities. */
static void show_slave(struct seq_file *m, const struct dma_slave_caps *caps)
{
	show_widths(m, "src_widths", caps->src_addr_widths);
	show_widths(m, "dst_widths", caps->dst_addr_widths);
	seq_printf(m, " min_burst=%u max_burst=%u max_sg_burst=%u reuse=%d", caps->min_burst,
		   caps->max_burst, caps->max_sg_burst, caps->descriptor_reuse);
}

static const char *metadata_word(const struct dma_device *device)
{
	switch (device->desc_metadata_modes & (DESC_METADATA_CLIENT | DESC_METADATA_ENGINE)) {
	case DESC_METADATA_CLIENT:
		return "client";
	case DESC_METADATA_ENGINE:
		return "engine";
	case DESC_METADATA_CLIENT | DESC_METADATA_ENGINE:
		return "both";
	default:
		return "none";
	}
}

static void show_limits(struct seq_file *m, const struct dma_device *device)
{
	seq_printf(m, " xor_align=%u pq_align=%u fill_align=%u", 1U << device->xor_align,
		   1U << device->pq_align, 1U << device->fill_align);
	seq_printf(m, " max_xor=%u max_pq=%u", device->max_xor,
		   device->max_pq & ~DMA_HAS_PQ_CONTINUE);
	/* The last address that a segment may reach from the start of its window. */
	seq_printf(m, " boundary=0x%lx metadata=%s", dma_get_seg_boundary(device->dev),
		   metadata_word(device));
}

/**
 * dmabench_chan_show - print what a channel can do, a line
 * @m: where to
 * @dma: the channel
 * @state: of the channel, a word
 */
void dmabench_chan_show(struct seq_file *m, struct dma_chan *dma, const char *state)
{
	static const char *const directions[] = {
		[DMA_MEM_TO_MEM] = "mem_to_mem",
		[DMA_MEM_TO_DEV] = "mem_to_dev",
		[DMA_DEV_TO_MEM] = "dev_to_mem",
		[DMA_DEV_TO_DEV] = "dev_to_dev",
	};
	static const char *const granularity[] = {
		[DMA_RESIDUE_GRANULARITY_DESCRIPTOR]	= "descriptor",
		[DMA_RESIDUE_GRANULARITY_SEGMENT]	= "segment",
		[DMA_RESIDUE_GRANULARITY_BURST]		= "burst",
	};
	struct dma_device *device = dma->device;
	struct dma_slave_caps caps = {};
	bool slave;

	seq_printf(m, "%s device=%s driver=%s state=%s", dma_chan_name(dma),
		   dev_name(device->dev), dmabench_driver_name(device->dev), state);
	show_caps(m, device);

	slave = !dma_get_slave_caps(dma, &caps);
	if (!slave)
		memset(&caps, 0, sizeof(caps));
	show_words(m, "directions", caps.directions, directions, ARRAY_SIZE(directions));
	seq_printf(m, " granularity=%s",
		   slave && caps.residue_granularity < ARRAY_SIZE(granularity) ?
		   granularity[caps.residue_granularity] : "none");
	seq_printf(m, " copy_align=%u max_segment=%u", 1U << device->copy_align,
		   dma_get_max_seg_size(device->dev));
	seq_printf(m, " pause=%d resume=%d terminate=%d synchronize=%d node=%d",
		   !!device->device_pause, !!device->device_resume,
		   !!device->device_terminate_all, !!device->device_synchronize,
		   dev_to_node(device->dev));
	show_limits(m, device);
	show_slave(m, &caps);
	seq_putc(m, '\n');
}
