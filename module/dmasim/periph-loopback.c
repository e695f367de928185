// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - what is written to its tx register comes out of its rx register
 *
 * In between is a FIFO. A channel that finds it full or empty waits until
 * another one has made room or brought bytes, however long that takes: this is
 * the flow control of a peripheral's request line.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "dmasim.h"

#define DMASIM_LOOPBACK_SIZE	SZ_4K
/* Metadata that wait for a reader. */
#define DMASIM_LOOPBACK_METAS	16

/**
 * struct dmasim_loopback - a pair of registers and the FIFO between them
 * @tx:		register that takes bytes
 * @rx:		register that gives them
 * @waiters:	channels that found it full or empty
 * @lock:	protects what follows; interrupts disabled
 * @in:		bytes that were written
 * @out:	bytes that were read
 * @in_base:	@in as of the last reset of counters
 * @out_base:	@out as of then
 * @buf:	holds the bytes between
 * @meta_in:	metadata that have come
 * @meta_out:	metadata that have gone
 * @metas:	those between
 */
struct dmasim_loopback {
	struct dmasim_port tx;
	struct dmasim_port rx;
	struct dmasim_waiters waiters;
	spinlock_t lock;	/* of the FIFO */
	u64 in;
	u64 out;
	u64 in_base;
	u64 out_base;
	u8 buf[DMASIM_LOOPBACK_SIZE];
	unsigned int meta_in;
	unsigned int meta_out;
	struct {
		size_t len;
		u8 buf[DMASIM_META_MAX];
	} metas[DMASIM_LOOPBACK_METAS];
};

static ssize_t dmasim_loopback_push(struct dmasim_port *port, struct dmasim_chan *c,
				    const u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_loopback *l = container_of(port, struct dmasim_loopback, tx);
	size_t n, at, first;

	spin_lock(&l->lock);

	n = dmasim_beats(len, DMASIM_LOOPBACK_SIZE - (l->in - l->out), width);
	at = l->in % DMASIM_LOOPBACK_SIZE;
	first = min(n, DMASIM_LOOPBACK_SIZE - at);
	memcpy(l->buf + at, buf, first);
	memcpy(l->buf, buf + first, n - first);
	l->in += n;

	dmasim_waiters_settle(&l->waiters, c, n);
	spin_unlock(&l->lock);
	return n;
}

static ssize_t dmasim_loopback_pull(struct dmasim_port *port, struct dmasim_chan *c,
				    u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_loopback *l = container_of(port, struct dmasim_loopback, rx);
	size_t n, at, first;

	spin_lock(&l->lock);

	n = dmasim_beats(len, l->in - l->out, width);
	at = l->out % DMASIM_LOOPBACK_SIZE;
	first = min(n, DMASIM_LOOPBACK_SIZE - at);
	memcpy(buf, l->buf + at, first);
	memcpy(buf + first, l->buf, n - first);
	l->out += n;

	dmasim_waiters_settle(&l->waiters, c, n);
	spin_unlock(&l->lock);
	return n;
}

/* Metadata for which there is no room are lost. */
static void dmasim_loopback_put_meta(struct dmasim_port *port, const u8 *buf, size_t len)
{
	struct dmasim_loopback *l = container_of(port, struct dmasim_loopback, tx);
	unsigned int at;

	spin_lock(&l->lock);
	if (l->meta_in - l->meta_out < DMASIM_LOOPBACK_METAS) {
		at = l->meta_in % DMASIM_LOOPBACK_METAS;
		memcpy(l->metas[at].buf, buf, len);
		l->metas[at].len = len;
		WRITE_ONCE(l->meta_in, l->meta_in + 1);
	}
	spin_unlock(&l->lock);
}

static size_t dmasim_loopback_get_meta(struct dmasim_port *port, u8 *buf, size_t len)
{
	struct dmasim_loopback *l = container_of(port, struct dmasim_loopback, rx);
	unsigned int at;

	if (READ_ONCE(l->meta_in) == READ_ONCE(l->meta_out))
		return 0;

	spin_lock(&l->lock);
	if (l->meta_in == l->meta_out) {
		len = 0;
	} else {
		at = l->meta_out % DMASIM_LOOPBACK_METAS;
		len = min(len, l->metas[at].len);
		memcpy(buf, l->metas[at].buf, len);
		WRITE_ONCE(l->meta_out, l->meta_out + 1);
	}
	spin_unlock(&l->lock);
	return len;
}

static void dmasim_loopback_forget_tx(struct dmasim_port *port, struct dmasim_chan *c)
{
	dmasim_waiters_del(&container_of(port, struct dmasim_loopback, tx)->waiters, c);
}

static void dmasim_loopback_forget_rx(struct dmasim_port *port, struct dmasim_chan *c)
{
	dmasim_waiters_del(&container_of(port, struct dmasim_loopback, rx)->waiters, c);
}

static const struct dmasim_port_ops dmasim_loopback_tx_ops = {
	.push = dmasim_loopback_push,
	.put_meta = dmasim_loopback_put_meta,
	.forget = dmasim_loopback_forget_tx,
};

static const struct dmasim_port_ops dmasim_loopback_rx_ops = {
	.pull = dmasim_loopback_pull,
	.get_meta = dmasim_loopback_get_meta,
	.forget = dmasim_loopback_forget_rx,
};

static void *dmasim_loopback_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	struct dmasim_loopback *l = kzalloc_obj(*l);

	if (!l)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&l->lock);
	dmasim_waiters_init(&l->waiters);
	l->tx.ops = &dmasim_loopback_tx_ops;
	l->tx.addr = base + DMASIM_PERIPH_TX;
	l->rx.ops = &dmasim_loopback_rx_ops;
	l->rx.addr = base + DMASIM_PERIPH_RX;
	return l;
}

static void dmasim_loopback_destroy(void *periph)
{
	kfree(periph);
}

static struct dmasim_port *dmasim_loopback_port(void *periph, phys_addr_t addr)
{
	struct dmasim_loopback *l = periph;

	if (addr == l->tx.addr)
		return &l->tx;
	return addr == l->rx.addr ? &l->rx : NULL;
}

static void dmasim_loopback_show(struct seq_file *s, void *periph)
{
	struct dmasim_loopback *l = periph;
	u64 level, in, out;

	spin_lock_irq(&l->lock);
	level = l->in - l->out;
	in = l->in - l->in_base;
	out = l->out - l->out_base;
	spin_unlock_irq(&l->lock);

	seq_printf(s, " tx=%pa rx=%pa fifo_bytes=%u level=%llu bytes_in=%llu bytes_out=%llu",
		   &l->tx.addr, &l->rx.addr, DMASIM_LOOPBACK_SIZE, level, in, out);
}

static void dmasim_loopback_reset(void *periph, u64 value)
{
	struct dmasim_loopback *l = periph;

	spin_lock_irq(&l->lock);
	l->in_base = l->in;
	l->out_base = l->out;
	spin_unlock_irq(&l->lock);
}

static const struct dmasim_periph_key dmasim_loopback_keys[] = {
	{ .name = "reset", .max = 1, .set = dmasim_loopback_reset },
	{ }
};

const struct dmasim_periph_kind dmasim_loopback_kind = {
	.name = "loopback",
	.client = "dmabench-loopback",
	.keys = dmasim_loopback_keys,
	.create = dmasim_loopback_create,
	.destroy = dmasim_loopback_destroy,
	.port = dmasim_loopback_port,
	.show = dmasim_loopback_show,
};
