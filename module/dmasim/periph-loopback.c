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
#include <linux/list.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "dmasim.h"

#define DMASIM_LOOPBACK_SIZE	SZ_4K
/* Metadata that wait for a reader. */
#define DMASIM_LOOPBACK_METAS	16
#define DMASIM_LOOPBACK_TX	0x0
#define DMASIM_LOOPBACK_RX	0x10

/**
 * struct dmasim_loopback - a pair of registers and the FIFO between them
 * @tx:		register that takes bytes
 * @rx:		register that gives them
 * @lock:	protects @in, @out, @buf and the metadata; BH disabled, @wait_lock nests inside
 * @in:		bytes that were written
 * @out:	bytes that were read
 * @wait_lock:	protects @waiting; taken in any context
 * @waiting:	channels that wait, linked by their @stall
 * @buf:	holds the bytes between
 * @meta_in:	metadata that have come
 * @meta_out:	metadata that have gone
 * @metas:	those between
 */
struct dmasim_loopback {
	struct dmasim_port tx;
	struct dmasim_port rx;
	spinlock_t lock;	/* of the FIFO */
	u64 in;
	u64 out;
	spinlock_t wait_lock;	/* of the list */
	struct list_head waiting;
	u8 buf[DMASIM_LOOPBACK_SIZE];
	unsigned int meta_in;
	unsigned int meta_out;
	struct {
		size_t len;
		u8 buf[DMASIM_META_MAX];
	} metas[DMASIM_LOOPBACK_METAS];
};

static void dmasim_loopback_forget(struct dmasim_loopback *l, struct dmasim_chan *c)
{
	unsigned long flags;

	spin_lock_irqsave(&l->wait_lock, flags);
	list_del_init(&c->stall);
	spin_unlock_irqrestore(&l->wait_lock, flags);
}

/*
 * The end of every exchange: who got nothing waits, who got something lets the
 * others try. They are woken under the lock: a channel leaves the list before
 * it can be closed.
 */
static void dmasim_loopback_settle(struct dmasim_loopback *l, struct dmasim_chan *c, size_t n)
{
	struct dmasim_chan *other, *next;
	unsigned long flags;

	lockdep_assert_held(&l->lock);

	spin_lock_irqsave(&l->wait_lock, flags);
	if (n) {
		list_del_init(&c->stall);
		list_for_each_entry_safe(other, next, &l->waiting, stall) {
			list_del_init(&other->stall);
			dmasim_wake(other);
		}
	} else if (list_empty(&c->stall)) {
		list_add_tail(&c->stall, &l->waiting);
	}
	spin_unlock_irqrestore(&l->wait_lock, flags);
}

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

	dmasim_loopback_settle(l, c, n);
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

	dmasim_loopback_settle(l, c, n);
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
	dmasim_loopback_forget(container_of(port, struct dmasim_loopback, tx), c);
}

static void dmasim_loopback_forget_rx(struct dmasim_port *port, struct dmasim_chan *c)
{
	dmasim_loopback_forget(container_of(port, struct dmasim_loopback, rx), c);
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
	spin_lock_init(&l->wait_lock);
	INIT_LIST_HEAD(&l->waiting);
	l->tx.ops = &dmasim_loopback_tx_ops;
	l->tx.addr = base + DMASIM_LOOPBACK_TX;
	l->rx.ops = &dmasim_loopback_rx_ops;
	l->rx.addr = base + DMASIM_LOOPBACK_RX;
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
	u64 in, out;

	spin_lock_bh(&l->lock);
	in = l->in;
	out = l->out;
	spin_unlock_bh(&l->lock);

	seq_printf(s, " tx=%pa rx=%pa fifo_bytes=%u level=%llu bytes_in=%llu bytes_out=%llu",
		   &l->tx.addr, &l->rx.addr, DMASIM_LOOPBACK_SIZE, in - out, in, out);
}

const struct dmasim_periph_kind dmasim_loopback = {
	.name = "loopback",
	.create = dmasim_loopback_create,
	.destroy = dmasim_loopback_destroy,
	.port = dmasim_loopback_port,
	.show = dmasim_loopback_show,
};
