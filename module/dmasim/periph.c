// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - the peripherals of a device
 *
 * Their registers live at addresses that mean something to this device alone.
 * No CPU ever accesses them, so it does not matter what else is there.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/seq_file.h>
#include <linux/string.h>

#include "dmasim.h"

#define DMASIM_PERIPH_BASE	0xd5a00000U
#define DMASIM_PERIPH_SIZE	0x1000U

/* Their order makes their addresses. */
static const struct {
	const struct dmasim_periph_kind *kind;
	unsigned int number;
} dmasim_periph_table[] = {
	{ &dmasim_loopback_kind, 0 },
	{ &dmasim_sink_kind, 0 },
	{ &dmasim_source_kind, 0 },
	{ &dmasim_counter_kind, 0 },
	{ &dmasim_check_kind, 0 },
	{ &dmasim_stall_kind, 0 },
	{ &dmasim_fail_kind, 0 },
	{ &dmasim_audio_kind, 0 },
	{ &dmasim_loopback_kind, 1 },
};

static_assert(ARRAY_SIZE(dmasim_periph_table) == DMASIM_NR_PERIPHS);

/**
 * dmasim_periph_create() - make the peripherals of a device
 * @sim:	device
 *
 * Return: 0 or an errno, after which dmasim_periph_destroy() is still due
 */
int dmasim_periph_create(struct dmasim *sim)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		struct dmasim_periph *p = &sim->periphs[i];
		void *data;

		p->kind = dmasim_periph_table[i].kind;
		p->number = dmasim_periph_table[i].number;
		p->base = DMASIM_PERIPH_BASE + i * DMASIM_PERIPH_SIZE;
		data = p->kind->create(&sim->cfg, p->base);
		if (IS_ERR(data))
			return PTR_ERR(data);
		p->data = data;
	}
	return 0;
}

/**
 * dmasim_periph_destroy() - undo dmasim_periph_create()
 * @sim:	device
 */
void dmasim_periph_destroy(struct dmasim *sim)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++)
		if (sim->periphs[i].data)
			sim->periphs[i].kind->destroy(sim->periphs[i].data);
}

/**
 * dmasim_periph_show() - print a line about a peripheral
 * @s:		file to print to
 * @p:		peripheral
 */
void dmasim_periph_show(struct seq_file *s, const struct dmasim_periph *p)
{
	seq_printf(s, "%s%u kind=%s", p->kind->name, p->number, p->kind->name);
	p->kind->show(s, p->data);
	seq_putc(s, '\n');
}

/**
 * struct dmasim_order - one thing that a user tells a peripheral
 * @key:	what
 * @value:	checked
 */
struct dmasim_order {
	const struct dmasim_periph_key *key;
	u64 value;
};

static int dmasim_order_parse(const struct dmasim_periph *p, char *word,
			      struct dmasim_order *order)
{
	const struct dmasim_periph_key *key;
	char *value = strchr(word, '=');
	unsigned int n;
	int ret;

	if (!value)
		return -EINVAL;
	*value++ = '\0';

	for (key = p->kind->keys; key->name && strcmp(key->name, word); key++)
		;
	if (!key->name)
		return -ENOENT;

	order->key = key;
	if (key->word) {
		for (n = 0; key->word(n); n++)
			if (!strcmp(key->word(n), value))
				break;
		order->value = n;
		return key->word(n) ? 0 : -EINVAL;
	}
	ret = dmasim_parse_number(value, &order->value);
	if (ret)
		return ret;
	return order->value > key->max ? -ERANGE : 0;
}

/* More than there are keys. */
#define DMASIM_MAX_ORDERS	8

/**
 * dmasim_periph_tell() - do what a user tells a peripheral to do
 * @p:		peripheral
 * @text:	pairs key=value separated by blanks or newlines; is taken apart
 *
 * All or nothing, in the order in which they are written.
 *
 * Context: may sleep
 * Return: 0; -ENOENT: there is no such key; -EINVAL: no key=value, or no value
 * that it takes; -ERANGE: out of bounds; -E2BIG: too many at once
 */
int dmasim_periph_tell(struct dmasim_periph *p, char *text)
{
	struct dmasim_order orders[DMASIM_MAX_ORDERS];
	unsigned int i, n = 0;
	char *word;
	int ret;

	while ((word = strsep(&text, " \t\n"))) {
		if (!*word)
			continue;
		if (n == DMASIM_MAX_ORDERS)
			return -E2BIG;
		ret = dmasim_order_parse(p, word, &orders[n]);
		if (ret)
			return ret;
		n++;
	}
	for (i = 0; i < n; i++)
		orders[i].key->set(p->data, orders[i].value);
	return n ? 0 : -EINVAL;
}

/**
 * dmasim_port_find() - which register is at an address?
 * @sim:	device
 * @addr:	as slave_config has it
 * @dir:	direction of the transfer
 *
 * Return: a port that can do @dir, or NULL
 */
struct dmasim_port *dmasim_port_find(struct dmasim *sim, phys_addr_t addr,
				     enum dma_transfer_direction dir)
{
	unsigned int i;

	for (i = 0; i < DMASIM_NR_PERIPHS; i++) {
		const struct dmasim_periph *p = &sim->periphs[i];
		struct dmasim_port *port = p->kind->port(p->data, addr);

		if (!port)
			continue;
		if (dir == DMA_MEM_TO_DEV ? !!port->ops->push : !!port->ops->pull)
			return port;
	}
	return NULL;
}

/**
 * dmasim_beats() - how many bytes a port can exchange
 * @len:	bytes that are wanted
 * @room:	bytes that it has, or has room for
 * @width:	bytes of a beat
 *
 * Return: whole beats; the rest of a transfer that is shorter than a beat; or 0
 */
size_t dmasim_beats(size_t len, size_t room, unsigned int width)
{
	if (len < width)
		return room < len ? 0 : len;
	len = min(len, room);
	return len - len % width;
}

/* ------------------------------------------------------------------ waiting */

/**
 * dmasim_waiters_init() - set up a list of waiting channels
 * @w:		list
 */
void dmasim_waiters_init(struct dmasim_waiters *w)
{
	spin_lock_init(&w->lock);
	INIT_LIST_HEAD(&w->list);
}

/**
 * dmasim_waiters_add() - a channel waits
 * @w:		list
 * @c:		channel, on no other list
 *
 * Context: any
 * Return: whether it did not wait before
 */
bool dmasim_waiters_add(struct dmasim_waiters *w, struct dmasim_chan *c)
{
	unsigned long flags;
	bool added;

	spin_lock_irqsave(&w->lock, flags);
	added = list_empty(&c->stall);
	if (added)
		list_add_tail(&c->stall, &w->list);
	spin_unlock_irqrestore(&w->lock, flags);
	return added;
}

/**
 * dmasim_waiters_del() - a channel does not wait any more
 * @w:		list
 * @c:		channel, may not be on it
 *
 * Context: any
 */
void dmasim_waiters_del(struct dmasim_waiters *w, struct dmasim_chan *c)
{
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	list_del_init(&c->stall);
	spin_unlock_irqrestore(&w->lock, flags);
}

/* Under the lock: a channel leaves the list before it can be closed. */
static void dmasim_waiters_wake_locked(struct dmasim_waiters *w)
{
	struct dmasim_chan *c, *next;

	lockdep_assert_held(&w->lock);

	list_for_each_entry_safe(c, next, &w->list, stall) {
		list_del_init(&c->stall);
		dmasim_wake(c);
	}
}

/**
 * dmasim_waiters_wake() - let all that wait try again
 * @w:		list
 *
 * Context: any
 */
void dmasim_waiters_wake(struct dmasim_waiters *w)
{
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	dmasim_waiters_wake_locked(w);
	spin_unlock_irqrestore(&w->lock, flags);
}

/**
 * dmasim_waiters_settle() - the end of an exchange
 * @w:		list
 * @c:		channel
 * @n:		bytes that it has exchanged
 *
 * Who got nothing waits, who got something lets the others try.
 *
 * Context: any
 */
void dmasim_waiters_settle(struct dmasim_waiters *w, struct dmasim_chan *c, size_t n)
{
	unsigned long flags;

	spin_lock_irqsave(&w->lock, flags);
	if (n) {
		list_del_init(&c->stall);
		dmasim_waiters_wake_locked(w);
	} else if (list_empty(&c->stall)) {
		list_add_tail(&c->stall, &w->list);
	}
	spin_unlock_irqrestore(&w->lock, flags);
}
