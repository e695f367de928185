/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - metadata of a transfer
 */
#ifndef _DMASIM_META_H
#define _DMASIM_META_H

#include <linux/types.h>

struct dma_device;
struct dmasim_chan;
struct dmasim_desc;

#define DMASIM_META_MAX		256

/**
 * struct dmasim_meta - the metadata of a descriptor
 * @client:	the client's buffer, NULL: the client uses @buf
 * @room:	bytes of @client
 * @len:	bytes of @buf that mean something
 * @buf:	the engine's buffer
 *
 * Stays with the descriptor's slot once it was needed.
 */
struct dmasim_meta {
	u8 *client;
	size_t room;
	size_t len;
	u8 buf[];
};

void dmasim_meta_attach(struct dma_device *dma);
void dmasim_meta_offer(struct dmasim_desc *d);
bool dmasim_meta_prepare(struct dmasim_chan *c, struct dmasim_desc *d);
void dmasim_meta_submit(struct dmasim_desc *d);
void dmasim_meta_complete(struct dmasim_desc *d);

#endif /* _DMASIM_META_H */
