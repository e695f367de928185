/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - defects planted on request
 */
#ifndef _DMASIM_DEFECT_H
#define _DMASIM_DEFECT_H

#include <linux/dmaengine.h>
#include <linux/hrtimer.h>
#include <linux/jump_label.h>
#include <linux/types.h>

struct dmasim;
struct dmasim_callback;
struct dmasim_chan;
struct dmasim_desc;
struct page;
struct seq_file;

enum dmasim_defect_id {
	DMASIM_DEFECT_none,
#define DEFECT(_name, ...)	DMASIM_DEFECT_##_name,
#include "defect-list.h"
#undef DEFECT
	DMASIM_DEFECTS
};

/**
 * struct dmasim_defect - the defect of a device
 * @id:		enum dmasim_defect_id
 * @every:	it strikes at every Nth occasion
 * @count:	occasions since it was planted
 * @hits:	how often it has struck since then
 */
struct dmasim_defect {
	unsigned int id;
	u32 every;
	atomic_t count;
	atomic_long_t hits;
};

/* Bytes that a late write is of. */
#define DMASIM_LATE_BYTES	64

/**
 * struct dmasim_late - what a defective channel does after it should have ended
 * @timer:	soft: when to do it
 * @busy:	bit 0: is in use
 * @due:	ns: when a callback is due
 * @page:	referenced page to write to, NULL: there is a callback to call.
 *		As long as we hold it, nobody else is given this memory
 * @offset:	bytes: where in @page
 * @len:	how many bytes
 * @times:	how often, each time with other bytes if it is more than once
 * @plain:	callback
 * @result:	callback
 * @param:	of either
 * @data:	the bytes
 */
struct dmasim_late {
	struct hrtimer timer;
	unsigned long busy;
	u64 due;
	struct page *page;
	u32 offset;
	u32 len;
	unsigned int times;
	dma_async_tx_callback plain;
	dma_async_tx_callback_result result;
	void *param;
	u8 data[DMASIM_LATE_BYTES];
};

/**
 * struct dmasim_defect_chan - what defects keep of a channel
 * @lost:	bit 0: bytes are to be lost; set by pause, cleared by the runner
 * @eats:	bit 0: a terminate is left over
 * @hurry:	position that is to be completed as it is
 * @current_pos: position that was active when terminate came
 * @lock_cpu:	1 + the CPU that pretends to hold the lock
 * @closing:	the client is releasing the channel
 * @late:	what is yet to be done
 */
struct dmasim_defect_chan {
	unsigned long lost;
	unsigned long eats;
	unsigned int hurry;
	unsigned int current_pos;
	unsigned int lock_cpu;
	bool closing;
	struct dmasim_late late;
};

DECLARE_STATIC_KEY_FALSE(dmasim_defect_key);

/* Without any defect in any device this is all that there is of them. */
static __always_inline bool dmasim_defective(void)
{
	return static_branch_unlikely(&dmasim_defect_key);
}

const char *dmasim_defect_word(unsigned int n);
int dmasim_defect_init(struct dmasim *sim);
void dmasim_defect_exit(struct dmasim *sim);
int dmasim_defect_write(struct dmasim *sim, char *text);
void dmasim_defect_show(struct seq_file *s, struct dmasim *sim);
void dmasim_defects_show(struct seq_file *s);
bool dmasim_defect_holds_lock(const struct dmasim_chan *c);
bool dmasim_defect_planted(const struct dmasim_chan *c, enum dmasim_defect_id id);
bool dmasim_defect_occasion(struct dmasim_chan *c, enum dmasim_defect_id id);
bool dmasim_defect_of(struct dmasim_chan *c, struct dmasim_desc *d, enum dmasim_defect_id id);

/* Has the channel this defect? For what leads to an occasion. */
static __always_inline bool dmasim_defect_is(const struct dmasim_chan *c, enum dmasim_defect_id id)
{
	return dmasim_defective() && dmasim_defect_planted(c, id);
}

/* This is an occasion for a defect: does it strike? */
static __always_inline bool dmasim_defect(struct dmasim_chan *c, enum dmasim_defect_id id)
{
	return dmasim_defective() && dmasim_defect_occasion(c, id);
}

/* Would a call from here wait for ever? */
static __always_inline bool dmasim_defect_locked(const struct dmasim_chan *c)
{
	return dmasim_defective() && dmasim_defect_holds_lock(c);
}

bool dmasim_defect_issue(struct dmasim_chan *c);
bool dmasim_defect_hurry(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos);
bool dmasim_defect_drop(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos);
bool dmasim_defect_conclude(struct dmasim_chan *c, struct dmasim_desc *d,
			    struct dmasim_callback *cb);
void dmasim_defect_call(struct dmasim_chan *c, const struct dmasim_callback *cb, unsigned int pos);
enum dma_status dmasim_defect_status(struct dmasim_chan *c, unsigned int pos,
				     enum dma_status status, struct dma_tx_state *st);
void dmasim_defect_reap(struct dmasim_chan *c);
void dmasim_defect_config(struct dma_slave_config *old, const struct dma_slave_config *config);
void dmasim_defect_caps(struct dmasim_chan *c, struct dma_slave_caps *caps);
ssize_t dmasim_defect_move(struct dmasim_chan *c, struct dmasim_desc *d, size_t len);

void dmasim_late_init(struct dmasim_late *late);
void dmasim_late_stop(struct dmasim_chan *c);
bool dmasim_late_write(struct dmasim_chan *c, enum dmasim_defect_id id, struct page *page,
		       u32 offset, u32 len, unsigned int times, const u8 *data);
void dmasim_late_call(struct dmasim_chan *c, const struct dmasim_callback *cb);

#endif /* _DMASIM_DEFECT_H */
