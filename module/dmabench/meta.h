/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_META_H
#define _DMABENCH_META_H

#include <linux/dmaengine.h>
#include <linux/types.h>

struct dmabench_chan;
struct dmabench_knobs;
struct dmabench_leg;
struct dmabench_xfer;

/**
 * struct dmabench_meta - metadata that go with one descriptor
 * @buf: metadata=client: what is attached, with guards before and behind;
 *	metadata=engine: a copy of what the engine had
 * @tx: metadata=engine: the descriptor, for its callback
 * @got: bytes that came back
 * @error: what a call has refused with
 * @poisoned: @buf was given back and holds what nobody may change
 */
struct dmabench_meta {
	u8 *buf;
	struct dma_async_tx_descriptor *tx;
	size_t got;
	int error;
	bool poisoned;
};

int dmabench_meta_check(const struct dmabench_knobs *knobs, struct dmabench_chan *chan,
			char *reason, size_t reason_size);
size_t dmabench_meta_bytes(const struct dmabench_knobs *knobs);
int dmabench_meta_alloc(struct dmabench_xfer *x);
void dmabench_meta_free(struct dmabench_xfer *x);
void dmabench_meta_fill(struct dmabench_xfer *x);
void dmabench_meta_attach(struct dmabench_leg *leg, struct dma_async_tx_descriptor *tx);
void dmabench_meta_landed(struct dmabench_leg *leg);
bool dmabench_meta_verify(struct dmabench_xfer *x, char *reason, size_t reason_size);

#endif
