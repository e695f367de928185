/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - transfers that fail on request
 */
#ifndef _DMASIM_FAULT_H
#define _DMASIM_FAULT_H

#include <linux/jump_label.h>
#include <linux/types.h>

struct dmasim;
struct dmasim_chan;
struct dmasim_desc;
struct seq_file;

/**
 * struct dmasim_fault - which transfers of a device fail, and how
 * @kind:	index into the table of faults, 0: none
 * @every:	every Nth transfer of a channel
 * @at:		bytes that are moved before it strikes
 *
 * Written one by one, each takes effect on what starts afterwards.
 */
struct dmasim_fault {
	unsigned int kind;
	u32 every;
	u32 at;
};

DECLARE_STATIC_KEY_FALSE(dmasim_fault_key);

void dmasim_fault_init(struct dmasim *sim);
void dmasim_fault_exit(struct dmasim *sim);
int dmasim_fault_write(struct dmasim *sim, char *text);
void dmasim_fault_show(struct seq_file *s, struct dmasim *sim);
size_t dmasim_fault_clip(struct dmasim_chan *c, struct dmasim_desc *d, size_t len);
int dmasim_fault_result(const struct dmasim_desc *d);

#endif /* _DMASIM_FAULT_H */
