// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - takes words and checks that they are numbered one after the other
 *
 * The first word after a reset may have any number. After a wrong one it goes
 * on from there: a gap is one error, however long it is.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "dmasim.h"

/**
 * struct dmasim_checker - a register that takes numbered words
 * @tx:		the register
 * @lock:	protects what follows; interrupts disabled
 * @drain:	FIFO
 * @stream:	puts the words together
 * @next:	the word that must come
 * @words:	that have come
 * @errors:	words that were not @next
 * @first_error: how many words had come before the first of them
 * @expected:	@next at the first error
 * @seen:	what came instead
 */
struct dmasim_checker {
	struct dmasim_port tx;
	spinlock_t lock;	/* of what follows */
	struct dmasim_drain drain;
	struct dmasim_words stream;
	u32 next;
	u64 words;
	u64 errors;
	u64 first_error;
	u32 expected;
	u32 seen;
};

static void dmasim_check_word(void *periph, u32 word)
{
	struct dmasim_checker *k = periph;

	if (k->words && word != k->next && !k->errors++) {
		k->first_error = k->words;
		k->expected = k->next;
		k->seen = word;
	}
	k->next = word + 1;
	k->words++;
}

static ssize_t dmasim_check_push(struct dmasim_port *port, struct dmasim_chan *c,
				 const u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_checker *k = container_of(port, struct dmasim_checker, tx);
	size_t n;

	spin_lock(&k->lock);
	n = dmasim_drain_put(&k->drain, c, len, width);
	dmasim_words_feed(&k->stream, buf, n, dmasim_check_word, k);
	spin_unlock(&k->lock);
	return n;
}

static void dmasim_check_forget(struct dmasim_port *port, struct dmasim_chan *c)
{
	struct dmasim_checker *k = container_of(port, struct dmasim_checker, tx);

	WRITE_ONCE(k->stream.broken, true);
	dmasim_drain_forget(&k->drain);
}

static const struct dmasim_port_ops dmasim_check_ops = {
	.push = dmasim_check_push,
	.forget = dmasim_check_forget,
};

static void *dmasim_check_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	struct dmasim_checker *k = kzalloc_obj(*k);

	if (!k)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&k->lock);
	k->tx.ops = &dmasim_check_ops;
	k->tx.addr = base + DMASIM_PERIPH_TX;
	dmasim_drain_init(&k->drain, cfg->check_rate);
	return k;
}

static void dmasim_check_destroy(void *periph)
{
	kfree(periph);
}

static struct dmasim_port *dmasim_check_port(void *periph, phys_addr_t addr)
{
	struct dmasim_checker *k = periph;

	return addr == k->tx.addr ? &k->tx : NULL;
}

static void dmasim_check_show(struct seq_file *s, void *periph)
{
	struct dmasim_checker *k = periph;
	u64 words, errors, first_error;
	u32 expected, seen;

	spin_lock_irq(&k->lock);
	words = k->words;
	errors = k->errors;
	first_error = k->first_error;
	expected = k->expected;
	seen = k->seen;
	spin_unlock_irq(&k->lock);

	seq_printf(s, " tx=%pa rate=%u fifo_bytes=%u words=%llu errors=%llu", &k->tx.addr,
		   k->drain.rate, k->drain.size, words, errors);
	if (errors)
		seq_printf(s, " first_error=%llu expected=0x%08x seen=0x%08x", first_error,
			   expected, seen);
	else
		seq_puts(s, " first_error=none expected=none seen=none");
}

static void dmasim_check_reset(void *periph, u64 value)
{
	struct dmasim_checker *k = periph;

	spin_lock_irq(&k->lock);
	k->stream.have = 0;
	k->words = 0;
	k->errors = 0;
	spin_unlock_irq(&k->lock);
}

static const struct dmasim_periph_key dmasim_check_keys[] = {
	{ .name = "reset", .max = 1, .set = dmasim_check_reset },
	{ }
};

const struct dmasim_periph_kind dmasim_check_kind = {
	.name = "check",
	.keys = dmasim_check_keys,
	.create = dmasim_check_create,
	.destroy = dmasim_check_destroy,
	.port = dmasim_check_port,
	.show = dmasim_check_show,
};
