/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - the peripherals at the other end of slave transfers
 */
#ifndef _DMASIM_PERIPH_H
#define _DMASIM_PERIPH_H

#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

struct dmasim;
struct dmasim_chan;
struct dmasim_config;
struct dmasim_port;
struct seq_file;

/**
 * struct dmasim_port_ops - what a peripheral does at one of its registers
 * @push:	takes up to @len bytes; returns how many
 * @pull:	gives up to @len bytes; returns how many
 * @put_meta:	takes the metadata of a transfer that is complete; may be absent
 * @get_meta:	gives those of one, at most @len bytes; returns how many; may be
 *		absent
 * @forget:	a transfer of @c was broken off, @c does not wait any more; any
 *		context, so no lock that @push or @pull takes; may be absent
 *
 * Of the two, a port has the one of its direction. Both move whole beats of
 * @width bytes, and a shorter one only at the end, when @len < @width. Return 0
 * or less than 0 as dmasim_mover.move() does. Run as the runner of @c.
 */
struct dmasim_port_ops {
	ssize_t (*push)(struct dmasim_port *port, struct dmasim_chan *c,
			const u8 *buf, size_t len, unsigned int width);
	ssize_t (*pull)(struct dmasim_port *port, struct dmasim_chan *c,
			u8 *buf, size_t len, unsigned int width);
	void (*put_meta)(struct dmasim_port *port, const u8 *buf, size_t len);
	size_t (*get_meta)(struct dmasim_port *port, u8 *buf, size_t len);
	void (*forget)(struct dmasim_port *port, struct dmasim_chan *c);
};

/**
 * struct dmasim_port - a register of a peripheral
 * @ops:	what it does
 * @addr:	its address on the bus, as slave_config takes it
 */
struct dmasim_port {
	const struct dmasim_port_ops *ops;
	phys_addr_t addr;
};

/* Of a peripheral that has them. */
#define DMASIM_PERIPH_TX	0x0
#define DMASIM_PERIPH_RX	0x10

/**
 * struct dmasim_periph_key - something that a peripheral can be told
 * @name:	as users write it
 * @max:	largest number
 * @word:	the n-th word that users write instead of a number, NULL past
 *		the last one
 * @set:	does it; the number, or the index of the word, has been checked
 */
struct dmasim_periph_key {
	const char *name;
	u64 max;
	const char *(*word)(unsigned int n);
	void (*set)(void *periph, u64 value);
};

/**
 * struct dmasim_periph_kind - a kind of peripheral
 * @name:	its instances are called <name><number>
 * @client:	name of the device that stands for it, NULL: it has none
 * @keys:	what it can be told, ends with an empty one
 * @create:	makes an instance whose registers begin at @base; may sleep;
 *		returns it or an ERR_PTR
 * @destroy:	frees it
 * @port:	the port at @addr, NULL if there is none
 * @show:	prints one line of key=value pairs after the name
 *
 * One line of dmasim_periph_table per instance of a device.
 */
struct dmasim_periph_kind {
	const char *name;
	const char *client;
	const struct dmasim_periph_key *keys;
	void *(*create)(const struct dmasim_config *cfg, phys_addr_t base);
	void (*destroy)(void *periph);
	struct dmasim_port *(*port)(void *periph, phys_addr_t addr);
	void (*show)(struct seq_file *s, void *periph);
};

extern const struct dmasim_periph_kind dmasim_loopback_kind;
extern const struct dmasim_periph_kind dmasim_sink_kind;
extern const struct dmasim_periph_kind dmasim_source_kind;
extern const struct dmasim_periph_kind dmasim_counter_kind;
extern const struct dmasim_periph_kind dmasim_check_kind;
extern const struct dmasim_periph_kind dmasim_stall_kind;
extern const struct dmasim_periph_kind dmasim_fail_kind;
extern const struct dmasim_periph_kind dmasim_audio_kind;

/**
 * struct dmasim_periph - a peripheral of a device
 * @kind:	what it is
 * @number:	counts the instances of this kind
 * @base:	address of its first register
 * @data:	what @kind has created
 */
struct dmasim_periph {
	const struct dmasim_periph_kind *kind;
	unsigned int number;
	phys_addr_t base;
	void *data;
};

#define DMASIM_NR_PERIPHS	9

int dmasim_periph_create(struct dmasim *sim);
void dmasim_periph_destroy(struct dmasim *sim);
void dmasim_periph_show(struct seq_file *s, const struct dmasim_periph *p);
int dmasim_periph_tell(struct dmasim_periph *p, char *text);
struct dmasim_port *dmasim_port_find(struct dmasim *sim, phys_addr_t addr,
				     enum dma_transfer_direction dir);
size_t dmasim_beats(size_t len, size_t room, unsigned int width);

/* ------------------------------------------------------------------ waiting */

/**
 * struct dmasim_waiters - channels that wait for a peripheral
 * @lock:	protects @list; taken in any context
 * @list:	the channels, linked by their member stall
 */
struct dmasim_waiters {
	spinlock_t lock;	/* of the list */
	struct list_head list;
};

void dmasim_waiters_init(struct dmasim_waiters *w);
bool dmasim_waiters_add(struct dmasim_waiters *w, struct dmasim_chan *c);
void dmasim_waiters_del(struct dmasim_waiters *w, struct dmasim_chan *c);
void dmasim_waiters_wake(struct dmasim_waiters *w);
void dmasim_waiters_settle(struct dmasim_waiters *w, struct dmasim_chan *c, size_t n);

/* ------------------------------------------------------------------- pacing */

/**
 * struct dmasim_drain - a FIFO that is emptied at a rate
 * @rate:	bytes per second, 0: as fast as they come
 * @size:	bytes that it holds
 * @level:	bytes in it at @stamp; below 0: that should have come
 * @waited:	a channel was ready, and is to be woken up
 * @stamp:	ns: up to when it has been accounted for
 */
struct dmasim_drain {
	u32 rate;
	u32 size;
	s32 level;
	bool waited;
	u64 stamp;
};

void dmasim_drain_init(struct dmasim_drain *k, u32 rate);
size_t dmasim_drain_put(struct dmasim_drain *k, struct dmasim_chan *c, size_t len,
			unsigned int width);
void dmasim_drain_forget(struct dmasim_drain *k);

/**
 * struct dmasim_fill - a FIFO that is filled at a rate
 * @rate:	bytes per second, 0: as fast as they are taken
 * @size:	bytes that it holds
 * @running:	it is being filled: from the first bytes that are wanted of it
 *		until the transfer is broken off
 * @start:	ns: since when
 * @came:	bytes that have come since then, as of the last look
 * @gone:	bytes that were taken or lost since then
 * @owner:	channel of the last transfer
 * @pos:	position of the last transfer on its channel
 */
struct dmasim_fill {
	u32 rate;
	u32 size;
	bool running;
	u64 start;
	u64 came;
	u64 gone;
	const struct dmasim_chan *owner;
	unsigned int pos;
};

void dmasim_fill_init(struct dmasim_fill *f, u32 rate);
size_t dmasim_fill_get(struct dmasim_fill *f, struct dmasim_chan *c, size_t len,
		       unsigned int width, u64 *lost);
void dmasim_fill_stop(struct dmasim_fill *f);

/* -------------------------------------------------------------------- words */

#define DMASIM_WORD	sizeof(__le32)

/**
 * struct dmasim_words - puts together the words of a stream of bytes
 * @word:	the one that is not complete yet
 * @have:	how many bytes of it have come
 * @broken:	a transfer was broken off: the next byte begins a word
 */
struct dmasim_words {
	__le32 word;
	unsigned int have;
	bool broken;
};

void dmasim_words_feed(struct dmasim_words *w, const u8 *buf, size_t len,
		       void (*word)(void *periph, u32 word), void *periph);
void dmasim_words_make(u8 *buf, size_t len, u64 at, u32 top, u32 mask);

#endif /* _DMASIM_PERIPH_H */
