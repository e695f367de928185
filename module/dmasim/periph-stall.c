// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - exchanges so many bytes, and then no more
 *
 * It goes on when it is told to, or when a transfer that waits is broken off;
 * after as many bytes again it stalls again. What it gives are the words 0, 1,
 * 2 and so on, what it takes is forgotten.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "dmasim.h"

/**
 * struct dmasim_stall_port - one of its registers
 * @port:	the register
 * @broken:	a transfer was broken off; written in any context
 * @left:	bytes until it stalls
 * @bytes:	that were exchanged
 * @stalls:	how many times it has stalled
 */
struct dmasim_stall_port {
	struct dmasim_port port;
	bool broken;
	u64 left;
	u64 bytes;
	u64 stalls;
};

/**
 * struct dmasim_staller - two registers that stall, each for itself
 * @tx:		takes bytes
 * @rx:		gives bytes
 * @waiters:	channels that found them stalled
 * @lock:	protects the ports but for @broken, and @after; interrupts disabled
 * @after:	bytes until a port stalls
 */
struct dmasim_staller {
	struct dmasim_stall_port tx;
	struct dmasim_stall_port rx;
	struct dmasim_waiters waiters;
	spinlock_t lock;	/* of the ports */
	u64 after;
};

static size_t dmasim_stall_exchange(struct dmasim_staller *l, struct dmasim_stall_port *p,
				    struct dmasim_chan *c, size_t len, unsigned int width)
{
	size_t n;

	lockdep_assert_held(&l->lock);

	if (READ_ONCE(p->broken)) {
		WRITE_ONCE(p->broken, false);
		p->left = l->after;
	}
	n = dmasim_beats(len, min_t(u64, p->left, SIZE_MAX), width);
	p->left -= n;
	if (!n)
		p->stalls += dmasim_waiters_add(&l->waiters, c);
	return n;
}

static ssize_t dmasim_stall_push(struct dmasim_port *port, struct dmasim_chan *c,
				 const u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_staller *l = container_of(port, struct dmasim_staller, tx.port);
	size_t n;

	spin_lock(&l->lock);
	n = dmasim_stall_exchange(l, &l->tx, c, len, width);
	l->tx.bytes += n;
	spin_unlock(&l->lock);
	return n;
}

static ssize_t dmasim_stall_pull(struct dmasim_port *port, struct dmasim_chan *c,
				 u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_staller *l = container_of(port, struct dmasim_staller, rx.port);
	size_t n;

	spin_lock(&l->lock);
	n = dmasim_stall_exchange(l, &l->rx, c, len, width);
	dmasim_words_make(buf, n, l->rx.bytes, 0, U32_MAX);
	l->rx.bytes += n;
	spin_unlock(&l->lock);
	return n;
}

static void dmasim_stall_forget_tx(struct dmasim_port *port, struct dmasim_chan *c)
{
	struct dmasim_staller *l = container_of(port, struct dmasim_staller, tx.port);

	WRITE_ONCE(l->tx.broken, true);
	dmasim_waiters_del(&l->waiters, c);
}

static void dmasim_stall_forget_rx(struct dmasim_port *port, struct dmasim_chan *c)
{
	struct dmasim_staller *l = container_of(port, struct dmasim_staller, rx.port);

	WRITE_ONCE(l->rx.broken, true);
	dmasim_waiters_del(&l->waiters, c);
}

static const struct dmasim_port_ops dmasim_stall_tx_ops = {
	.push = dmasim_stall_push,
	.forget = dmasim_stall_forget_tx,
};

static const struct dmasim_port_ops dmasim_stall_rx_ops = {
	.pull = dmasim_stall_pull,
	.forget = dmasim_stall_forget_rx,
};

static void *dmasim_stall_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	struct dmasim_staller *l = kzalloc_obj(*l);

	if (!l)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&l->lock);
	dmasim_waiters_init(&l->waiters);
	l->tx.port.ops = &dmasim_stall_tx_ops;
	l->tx.port.addr = base + DMASIM_PERIPH_TX;
	l->rx.port.ops = &dmasim_stall_rx_ops;
	l->rx.port.addr = base + DMASIM_PERIPH_RX;
	l->after = cfg->stall_after;
	l->tx.left = l->after;
	l->rx.left = l->after;
	return l;
}

static void dmasim_stall_destroy(void *periph)
{
	kfree(periph);
}

static struct dmasim_port *dmasim_stall_port(void *periph, phys_addr_t addr)
{
	struct dmasim_staller *l = periph;

	if (addr == l->tx.port.addr)
		return &l->tx.port;
	return addr == l->rx.port.addr ? &l->rx.port : NULL;
}

static void dmasim_stall_show(struct seq_file *s, void *periph)
{
	struct dmasim_staller *l = periph;
	u64 after, in, out, stalls;

	spin_lock_irq(&l->lock);
	after = l->after;
	in = l->tx.bytes;
	out = l->rx.bytes;
	stalls = l->tx.stalls + l->rx.stalls;
	spin_unlock_irq(&l->lock);

	seq_printf(s, " tx=%pa rx=%pa after=%llu bytes_in=%llu bytes_out=%llu stalls=%llu",
		   &l->tx.port.addr, &l->rx.port.addr, after, in, out, stalls);
}

static void dmasim_stall_reset(void *periph, u64 value)
{
	struct dmasim_staller *l = periph;

	spin_lock_irq(&l->lock);
	l->tx.bytes = 0;
	l->tx.stalls = 0;
	l->rx.bytes = 0;
	l->rx.stalls = 0;
	spin_unlock_irq(&l->lock);
}

static void dmasim_stall_release(void *periph, u64 value)
{
	struct dmasim_staller *l = periph;

	spin_lock_irq(&l->lock);
	l->tx.left = l->after;
	l->rx.left = l->after;
	dmasim_waiters_wake(&l->waiters);
	spin_unlock_irq(&l->lock);
}

static void dmasim_stall_after(void *periph, u64 value)
{
	struct dmasim_staller *l = periph;

	spin_lock_irq(&l->lock);
	l->after = value;
	l->tx.left = value;
	l->rx.left = value;
	dmasim_waiters_wake(&l->waiters);
	spin_unlock_irq(&l->lock);
}

static const struct dmasim_periph_key dmasim_stall_keys[] = {
	{ .name = "reset", .max = 1, .set = dmasim_stall_reset },
	{ .name = "release", .max = 1, .set = dmasim_stall_release },
	{ .name = "after", .max = U64_MAX, .set = dmasim_stall_after },
	{ }
};

const struct dmasim_periph_kind dmasim_stall_kind = {
	.name = "stall",
	.keys = dmasim_stall_keys,
	.create = dmasim_stall_create,
	.destroy = dmasim_stall_destroy,
	.port = dmasim_stall_port,
	.show = dmasim_stall_show,
};
