// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - consumes bytes at a steady rate, and sums them up
 */
#include <linux/compiler.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "dmasim.h"

#define FNV1A_64_INIT	0xcbf29ce484222325ULL
#define FNV1A_64_PRIME	0x100000001b3ULL

/**
 * struct dmasim_sink - a register that takes bytes at a rate
 * @tx:		the register
 * @lock:	protects what follows; interrupts disabled
 * @drain:	FIFO
 * @bytes:	that have entered
 * @sum:	64-bit FNV-1a hash of all of them, in order
 */
struct dmasim_sink {
	struct dmasim_port tx;
	spinlock_t lock;	/* of what follows */
	struct dmasim_drain drain;
	u64 bytes;
	u64 sum;
};

static ssize_t dmasim_sink_push(struct dmasim_port *port, struct dmasim_chan *c,
				const u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_sink *k = container_of(port, struct dmasim_sink, tx);
	u64 sum;
	size_t i, n;

	spin_lock(&k->lock);

	n = dmasim_drain_put(&k->drain, c, len, width);
	sum = k->sum;
	for (i = 0; i < n; i++)
		/* As of a device: a client that is late may be writing there. */
		sum = (sum ^ data_race(buf[i])) * FNV1A_64_PRIME;
	k->sum = sum;
	k->bytes += n;

	spin_unlock(&k->lock);
	return n;
}

static void dmasim_sink_forget(struct dmasim_port *port, struct dmasim_chan *c)
{
	dmasim_drain_forget(&container_of(port, struct dmasim_sink, tx)->drain);
}

static const struct dmasim_port_ops dmasim_sink_ops = {
	.push = dmasim_sink_push,
	.forget = dmasim_sink_forget,
};

static void *dmasim_sink_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	struct dmasim_sink *k = kzalloc_obj(*k);

	if (!k)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&k->lock);
	k->tx.ops = &dmasim_sink_ops;
	k->tx.addr = base + DMASIM_PERIPH_TX;
	dmasim_drain_init(&k->drain, cfg->sink_rate);
	k->sum = FNV1A_64_INIT;
	return k;
}

static void dmasim_sink_destroy(void *periph)
{
	kfree(periph);
}

static struct dmasim_port *dmasim_sink_port(void *periph, phys_addr_t addr)
{
	struct dmasim_sink *k = periph;

	return addr == k->tx.addr ? &k->tx : NULL;
}

static void dmasim_sink_show(struct seq_file *s, void *periph)
{
	struct dmasim_sink *k = periph;
	u64 bytes, sum;

	spin_lock_irq(&k->lock);
	bytes = k->bytes;
	sum = k->sum;
	spin_unlock_irq(&k->lock);

	seq_printf(s, " tx=%pa rate=%u fifo_bytes=%u bytes_in=%llu fnv1a=0x%016llx",
		   &k->tx.addr, k->drain.rate, k->drain.size, bytes, sum);
}

static void dmasim_sink_reset(void *periph, u64 value)
{
	struct dmasim_sink *k = periph;

	spin_lock_irq(&k->lock);
	k->bytes = 0;
	k->sum = FNV1A_64_INIT;
	spin_unlock_irq(&k->lock);
}

static const struct dmasim_periph_key dmasim_sink_keys[] = {
	{ .name = "reset", .max = 1, .set = dmasim_sink_reset },
	{ }
};

const struct dmasim_periph_kind dmasim_sink_kind = {
	.name = "sink",
	.keys = dmasim_sink_keys,
	.create = dmasim_sink_create,
	.destroy = dmasim_sink_destroy,
	.port = dmasim_sink_port,
	.show = dmasim_sink_show,
};
