// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - gives the words 0, 1, 2 and so on, at a steady rate or on demand
 *
 * At a rate, words that find no room are lost: a client sees a gap in the
 * numbers. A transfer that is broken off stops the source; it goes on with the
 * next word when it is wanted again.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "dmasim.h"

/**
 * struct dmasim_source - a register that gives numbered words
 * @rx:		the register
 * @broken:	a transfer was broken off; written in any context
 * @lock:	protects what follows; interrupts disabled
 * @fill:	FIFO
 * @at:		number of the next byte
 * @bytes:	that were given
 * @overruns:	how many times words were lost
 * @words_lost:	how many words were
 */
struct dmasim_source {
	struct dmasim_port rx;
	bool broken;
	spinlock_t lock;	/* of what follows */
	struct dmasim_fill fill;
	u64 at;
	u64 bytes;
	u64 overruns;
	u64 words_lost;
};

static ssize_t dmasim_source_pull(struct dmasim_port *port, struct dmasim_chan *c,
				  u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_source *r = container_of(port, struct dmasim_source, rx);
	u64 lost;
	size_t n;

	spin_lock(&r->lock);

	if (READ_ONCE(r->broken)) {
		WRITE_ONCE(r->broken, false);
		r->at = round_up(r->at, DMASIM_WORD);
	}
	n = dmasim_fill_get(&r->fill, c, len, width, &lost);
	r->at += lost;
	r->words_lost += lost / DMASIM_WORD;
	r->overruns += !!lost;
	dmasim_words_make(buf, n, r->at, 0, U32_MAX);
	r->at += n;
	r->bytes += n;

	spin_unlock(&r->lock);
	return n;
}

static void dmasim_source_forget(struct dmasim_port *port, struct dmasim_chan *c)
{
	struct dmasim_source *r = container_of(port, struct dmasim_source, rx);

	WRITE_ONCE(r->broken, true);
	dmasim_fill_stop(&r->fill);
}

static const struct dmasim_port_ops dmasim_source_ops = {
	.pull = dmasim_source_pull,
	.forget = dmasim_source_forget,
};

static void *dmasim_source_make(u32 rate, phys_addr_t base)
{
	struct dmasim_source *r = kzalloc_obj(*r);

	if (!r)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&r->lock);
	r->rx.ops = &dmasim_source_ops;
	r->rx.addr = base + DMASIM_PERIPH_RX;
	dmasim_fill_init(&r->fill, rate);
	return r;
}

static void *dmasim_source_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	return dmasim_source_make(cfg->source_rate, base);
}

static void *dmasim_counter_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	return dmasim_source_make(0, base);
}

static void dmasim_source_destroy(void *periph)
{
	kfree(periph);
}

static struct dmasim_port *dmasim_source_port(void *periph, phys_addr_t addr)
{
	struct dmasim_source *r = periph;

	return addr == r->rx.addr ? &r->rx : NULL;
}

static void dmasim_counter_show(struct seq_file *s, void *periph)
{
	struct dmasim_source *r = periph;
	u64 at, bytes;

	spin_lock_irq(&r->lock);
	at = r->at;
	bytes = r->bytes;
	spin_unlock_irq(&r->lock);

	seq_printf(s, " rx=%pa bytes_out=%llu next_word=%u", &r->rx.addr, bytes,
		   (u32)(at / DMASIM_WORD));
}

static void dmasim_source_show(struct seq_file *s, void *periph)
{
	struct dmasim_source *r = periph;
	u64 overruns, words_lost;

	dmasim_counter_show(s, periph);

	spin_lock_irq(&r->lock);
	overruns = r->overruns;
	words_lost = r->words_lost;
	spin_unlock_irq(&r->lock);

	seq_printf(s, " rate=%u fifo_bytes=%u overruns=%llu words_lost=%llu", r->fill.rate,
		   r->fill.size, overruns, words_lost);
}

static void dmasim_source_reset(void *periph, u64 value)
{
	struct dmasim_source *r = periph;

	spin_lock_irq(&r->lock);
	r->at = 0;
	r->bytes = 0;
	r->overruns = 0;
	r->words_lost = 0;
	dmasim_fill_stop(&r->fill);
	spin_unlock_irq(&r->lock);
}

static const struct dmasim_periph_key dmasim_source_keys[] = {
	{ .name = "reset", .max = 1, .set = dmasim_source_reset },
	{ }
};

const struct dmasim_periph_kind dmasim_source_kind = {
	.name = "source",
	.keys = dmasim_source_keys,
	.create = dmasim_source_create,
	.destroy = dmasim_source_destroy,
	.port = dmasim_source_port,
	.show = dmasim_source_show,
};

const struct dmasim_periph_kind dmasim_counter_kind = {
	.name = "counter",
	.keys = dmasim_source_keys,
	.create = dmasim_counter_create,
	.destroy = dmasim_source_destroy,
	.port = dmasim_source_port,
	.show = dmasim_counter_show,
};
