// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - exchanges so many bytes, and then lets the transfer fail
 *
 * The next transfer succeeds until as many bytes have gone again. What it gives
 * are the words 0, 1, 2 and so on, what it takes is forgotten.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "dmasim.h"

/**
 * struct dmasim_fail_port - one of its registers
 * @port:	the register
 * @left:	bytes until it fails
 * @bytes:	that were exchanged
 */
struct dmasim_fail_port {
	struct dmasim_port port;
	u64 left;
	u64 bytes;
};

/**
 * struct dmasim_failer - two registers that fail, each for itself
 * @tx:		takes bytes
 * @rx:		gives bytes
 * @lock:	protects the ports and what follows; interrupts disabled
 * @after:	bytes until a port fails
 * @result:	with what
 * @failures:	how many times they have failed
 */
struct dmasim_failer {
	struct dmasim_fail_port tx;
	struct dmasim_fail_port rx;
	spinlock_t lock;	/* of the ports */
	u64 after;
	enum dmaengine_tx_result result;
	u64 failures;
};

static ssize_t dmasim_fail_exchange(struct dmasim_failer *l, struct dmasim_fail_port *p,
				    size_t len, unsigned int width)
{
	size_t n;

	lockdep_assert_held(&l->lock);

	n = dmasim_beats(len, min_t(u64, p->left, SIZE_MAX), width);
	if (!n) {
		p->left = l->after;
		l->failures++;
		return -(ssize_t)l->result;
	}
	p->left -= n;
	p->bytes += n;
	return n;
}

static ssize_t dmasim_fail_push(struct dmasim_port *port, struct dmasim_chan *c,
				const u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_failer *l = container_of(port, struct dmasim_failer, tx.port);
	ssize_t n;

	spin_lock(&l->lock);
	n = dmasim_fail_exchange(l, &l->tx, len, width);
	spin_unlock(&l->lock);
	return n;
}

static ssize_t dmasim_fail_pull(struct dmasim_port *port, struct dmasim_chan *c,
				u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_failer *l = container_of(port, struct dmasim_failer, rx.port);
	u64 at;
	ssize_t n;

	spin_lock(&l->lock);
	at = l->rx.bytes;
	n = dmasim_fail_exchange(l, &l->rx, len, width);
	if (n > 0)
		dmasim_words_make(buf, n, at, 0, U32_MAX);
	spin_unlock(&l->lock);
	return n;
}

static const struct dmasim_port_ops dmasim_fail_tx_ops = {
	.push = dmasim_fail_push,
};

static const struct dmasim_port_ops dmasim_fail_rx_ops = {
	.pull = dmasim_fail_pull,
};

static void *dmasim_fail_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	struct dmasim_failer *l = kzalloc_obj(*l);

	if (!l)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&l->lock);
	l->tx.port.ops = &dmasim_fail_tx_ops;
	l->tx.port.addr = base + DMASIM_PERIPH_TX;
	l->rx.port.ops = &dmasim_fail_rx_ops;
	l->rx.port.addr = base + DMASIM_PERIPH_RX;
	l->after = cfg->fail_after;
	l->tx.left = l->after;
	l->rx.left = l->after;
	l->result = cfg->fail_result + 1;
	return l;
}

static void dmasim_fail_destroy(void *periph)
{
	kfree(periph);
}

static struct dmasim_port *dmasim_fail_port(void *periph, phys_addr_t addr)
{
	struct dmasim_failer *l = periph;

	if (addr == l->tx.port.addr)
		return &l->tx.port;
	return addr == l->rx.port.addr ? &l->rx.port : NULL;
}

static void dmasim_fail_show(struct seq_file *s, void *periph)
{
	struct dmasim_failer *l = periph;
	enum dmaengine_tx_result result;
	u64 after, in, out, failures;

	spin_lock_irq(&l->lock);
	after = l->after;
	result = l->result;
	in = l->tx.bytes;
	out = l->rx.bytes;
	failures = l->failures;
	spin_unlock_irq(&l->lock);

	seq_printf(s, " tx=%pa rx=%pa after=%llu result=%s bytes_in=%llu bytes_out=%llu",
		   &l->tx.port.addr, &l->rx.port.addr, after, dmasim_result_word(result - 1),
		   in, out);
	seq_printf(s, " failures=%llu", failures);
}

static void dmasim_fail_reset(void *periph, u64 value)
{
	struct dmasim_failer *l = periph;

	spin_lock_irq(&l->lock);
	l->tx.left = l->after;
	l->tx.bytes = 0;
	l->rx.left = l->after;
	l->rx.bytes = 0;
	l->failures = 0;
	spin_unlock_irq(&l->lock);
}

static void dmasim_fail_after(void *periph, u64 value)
{
	struct dmasim_failer *l = periph;

	spin_lock_irq(&l->lock);
	l->after = value;
	l->tx.left = value;
	l->rx.left = value;
	spin_unlock_irq(&l->lock);
}

static void dmasim_fail_result(void *periph, u64 value)
{
	struct dmasim_failer *l = periph;

	spin_lock_irq(&l->lock);
	l->result = value + 1;
	spin_unlock_irq(&l->lock);
}

static const struct dmasim_periph_key dmasim_fail_keys[] = {
	{ .name = "reset", .max = 1, .set = dmasim_fail_reset },
	{ .name = "after", .max = U64_MAX, .set = dmasim_fail_after },
	{ .name = "result", .word = dmasim_result_word, .set = dmasim_fail_result },
	{ }
};

const struct dmasim_periph_kind dmasim_fail_kind = {
	.name = "fail",
	.keys = dmasim_fail_keys,
	.create = dmasim_fail_create,
	.destroy = dmasim_fail_destroy,
	.port = dmasim_fail_port,
	.show = dmasim_fail_show,
};
