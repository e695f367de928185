/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * dmasim - programs, and the descriptors that hold them
 */
#ifndef _DMASIM_DESC_H
#define _DMASIM_DESC_H

#include <linux/dmaengine.h>
#include <linux/list.h>
#include <linux/types.h>

struct dmasim_chan;
struct dmasim_desc;
struct dmasim_meta;
struct dmasim_port;

/**
 * struct dmasim_seg - one step of a program
 * @dst:	bus address that is written
 * @src:	bus address that is read; of a memset the byte
 * @len:	bytes, never 0
 *
 * On the side of a peripheral the address is not used.
 */
struct dmasim_seg {
	dma_addr_t dst;
	dma_addr_t src;
	size_t len;
};

/**
 * struct dmasim_mover - how the bytes of a program are moved
 * @move:	moves up to @len bytes of the current segment from its current
 *		offset; returns how many. 0 means that the peripheral is not
 *		ready: the mover has then arranged that the channel is kicked,
 *		or has set c->wake_at to the time when to try again. Less than
 *		0: the transfer ends here, with that enum dmaengine_tx_result,
 *		negated.
 *		Runs as the runner, interrupts disabled.
 * @scattered:	the addresses of the segments are relative
 * @reads:	src of the segments is memory
 * @writes:	dst of the segments is memory
 * @copies:	@move does nothing but copy all of @len from src to dst
 * @weight:	how many bytes are read for each byte of the program; absent: 1
 */
struct dmasim_mover {
	ssize_t (*move)(struct dmasim_chan *c, struct dmasim_desc *d, size_t len);
	bool scattered;
	bool reads;
	bool writes;
	bool copies;
	unsigned int (*weight)(const struct dmasim_desc *d);
};

extern const struct dmasim_mover dmasim_memset_mover;

/**
 * enum dmasim_desc_state - where a descriptor is
 * @DMASIM_DESC_FREE:	its slot can be taken
 * @DMASIM_DESC_PREPARED: with the client, never submitted
 * @DMASIM_DESC_QUEUED:	in the ring
 * @DMASIM_DESC_PARKED:	with the client, has finished and can be submitted again
 */
enum dmasim_desc_state {
	DMASIM_DESC_FREE,
	DMASIM_DESC_PREPARED,
	DMASIM_DESC_QUEUED,
	DMASIM_DESC_PARKED,
};

/**
 * struct dmasim_desc - a program and the descriptor that the client sees
 * @tx:		the client's part
 * @mover:	how bytes are moved
 * @segs:	the program: @one, or what is freed with the descriptor
 * @one:	room for one segment without another allocation
 * @frame:	current one of @frames
 * @seg:	current segment
 * @off:	bytes of the current segment that were moved
 * @fault:	which one it meets, 0: not decided
 * @defect:	the one that strikes it, 0: not decided
 * @started:	the timing model has begun
 * @node:	links the channel's lists of unacknowledged and of parked descriptors
 * @port:	the peripheral's end of a slave transfer
 * @meta:	metadata, NULL until the first use of the slot for such
 * @nsegs:	number of segments; an interrupt has none
 * @frames:	how often the segments are gone through
 * @len:	bytes of the whole program
 * @done:	bytes that were moved; of a cyclic program in this round
 * @mark:	@done as it was at the last segment or period boundary
 * @period:	bytes, 0: not cyclic
 * @slot:	index in the channel's pool
 * @burst:	bytes of a burst
 * @terminates:	of the channel when it was prepared; whose wrap only makes one
 *		that was never submitted wait for another terminate
 * @width:	bytes of a beat at @port
 * @repeat:	at the end of a period a successor may take over
 * @listed:	behind the segments there is the address of the client's scatterlist
 * @state:	enum dmasim_desc_state
 * @has_meta:	@meta is in use
 *
 * @frame, @seg, @off, @done, @mark and @started belong to the runner between issue and
 * completion; anybody may read @done and @mark. What only the runner needs shares its
 * room with @node, which is used when the runner is through.
 *
 * Three cache lines where pointers have 64 bits.
 */
struct dmasim_desc {
	struct dma_async_tx_descriptor tx;
	const struct dmasim_mover *mover;
	struct dmasim_seg *segs;
	struct dmasim_seg one;
	union {
		struct {
			unsigned int frame;
			unsigned int seg;
			u32 off;
			u8 fault;
			u8 defect;
			bool started;
		};
		struct list_head node;
	};
	struct dmasim_port *port;
	struct dmasim_meta *meta;
	unsigned int nsegs;
	unsigned int frames;
	u32 len;
	u32 done;
	u32 mark;
	u32 period;
	u16 slot;
	u16 burst;
	u8 terminates;
	u8 width : 6;
	u8 repeat : 1;
	u8 listed : 1;
	u8 state;
	bool has_meta;
};

/* All that is ours: transfers in flight are many. */
static_assert(sizeof(struct dmasim_desc) <= sizeof(struct dma_async_tx_descriptor) + 104);

static inline struct dmasim_desc *to_dmasim_desc(struct dma_async_tx_descriptor *tx)
{
	return container_of(tx, struct dmasim_desc, tx);
}

int dmasim_desc_cache_init(void);
void dmasim_desc_cache_exit(void);
int dmasim_pool_create(struct dmasim_chan *c, unsigned int limit);
void dmasim_pool_destroy(struct dmasim_chan *c);
int dmasim_pool_fill(struct dmasim_chan *c);
void dmasim_pool_empty(struct dmasim_chan *c);
struct dmasim_desc *dmasim_desc_get(struct dmasim_chan *c, unsigned long flags,
				    unsigned int nsegs);
struct dmasim_desc *dmasim_desc_get_sized(struct dmasim_chan *c, unsigned long flags,
					  unsigned int nsegs, size_t size);
void dmasim_desc_rewind(struct dmasim_desc *d);
void dmasim_desc_put(struct dmasim_chan *c, struct dmasim_desc *d);
void dmasim_desc_retire(struct dmasim_chan *c, struct dmasim_desc *d);
void dmasim_desc_forget(struct dmasim_chan *c);
void dmasim_desc_park(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos);
int dmasim_desc_unpark(struct dmasim_chan *c, struct dmasim_desc *d);
int dmasim_desc_free(struct dma_async_tx_descriptor *tx);

#endif /* _DMASIM_DESC_H */
