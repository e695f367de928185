// SPDX-License-Identifier: GPL-2.0-only
/*
 * Metadata: bytes beside the data, in a buffer of ours (metadata=client) or of the
 * engine (metadata=engine). Contract A9.3, A9.4.
 *
 * What a provider does with them between memory and memory is its own business.
 * Through a peripheral that returns what it gets they must arrive, in order. Those
 * of one transfer may arrive with a later one: a peripheral passes bytes on before
 * the descriptor that brought them is complete.
 */
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "xfer.h"

#define META_GUARD	16
#define META_POISON	0xa5
#define META_TELLING	8

static bool is_client(const struct dmabench_xfer *x)
{
	return x->queue->knobs->metadata == DMABENCH_METADATA_CLIENT;
}

static size_t meta_size(const struct dmabench_xfer *x)
{
	return x->queue->knobs->metadata_bytes;
}

static const struct dmabench_route *leg_route(const struct dmabench_leg *leg)
{
	return &leg->x->queue->route[dmabench_leg_route(leg)];
}

/**
 * dmabench_meta_check - whether the metadata that are wanted can be had
 * @knobs: of the run
 * @chan: the channel
 * @reason: receives one line if not
 * @reason_size: room of @reason
 *
 * Return: 0, -EINVAL, -EOPNOTSUPP.
 */
int dmabench_meta_check(const struct dmabench_knobs *knobs, struct dmabench_chan *chan,
			char *reason, size_t reason_size)
{
	bool client = knobs->metadata == DMABENCH_METADATA_CLIENT;

	if (knobs->mode != DMABENCH_MODE_transfer || dmabench_ops[knobs->op]->endless) {
		scnprintf(reason, reason_size,
			  "metadata go with transfers that end by themselves");
		return -EINVAL;
	}
	if (!client && knobs->wait == DMABENCH_WAIT_POLL) {
		scnprintf(reason, reason_size,
			  "metadata=engine are read in the callback: wait=irq or hybrid");
		return -EINVAL;
	}
	if (dmaengine_is_metadata_mode_supported(chan->dma, client ? DESC_METADATA_CLIENT :
								     DESC_METADATA_ENGINE))
		return 0;
	scnprintf(reason, reason_size, "%s: has no metadata of the %s", chan->name,
		  client ? "client" : "engine");
	return -EOPNOTSUPP;
}

/**
 * dmabench_meta_bytes - memory for the metadata of a transfer
 * @knobs: of the run
 *
 * Return: bytes.
 */
size_t dmabench_meta_bytes(const struct dmabench_knobs *knobs)
{
	if (knobs->metadata == DMABENCH_METADATA_NONE)
		return 0;
	return DMABENCH_MAX_ROUTES * (2 * META_GUARD + knobs->metadata_bytes);
}

/**
 * dmabench_meta_alloc - get the buffers of a transfer's metadata
 * @x: the transfer
 *
 * Context: may sleep.
 *
 * Return: 0, -ENOMEM; what there is then is freed by dmabench_meta_free().
 */
int dmabench_meta_alloc(struct dmabench_xfer *x)
{
	size_t size = 2 * META_GUARD + meta_size(x);
	unsigned int i;

	if (x->queue->knobs->metadata == DMABENCH_METADATA_NONE)
		return 0;
	for (i = 0; i < x->queue->nr_routes; i++) {
		x->more->keep[i].meta.buf = kmalloc_node(size, GFP_KERNEL, x->queue->spec->node);
		if (!x->more->keep[i].meta.buf)
			return -ENOMEM;
		memset(x->more->keep[i].meta.buf, META_POISON, size);
	}
	return 0;
}

/**
 * dmabench_meta_free - give them back
 * @x: the transfer
 */
void dmabench_meta_free(struct dmabench_xfer *x)
{
	unsigned int i;

	for (i = 0; x->more && i < x->queue->nr_routes; i++)
		kfree(x->more->keep[i].meta.buf);
}

/* The metadata of a transfer are a function of the run and its number. */
static u64 meta_key(const struct dmabench_xfer *x, u64 seq)
{
	return dmabench_mix(dmabench_pattern_key(x->queue->seed, x->queue->worker, seq,
						 DMABENCH_PATTERN_SETUP) + 'M');
}

/**
 * dmabench_meta_fill - write what goes along with a transfer
 * @x: set up, not in flight
 */
void dmabench_meta_fill(struct dmabench_xfer *x)
{
	unsigned int i;

	for (i = 0; i < x->queue->nr_routes; i++) {
		struct dmabench_meta *meta = &x->more->keep[i].meta;

		if (meta->poisoned && memchr_inv(meta->buf, META_POISON,
						 2 * META_GUARD + meta_size(x)))
			x->queue->meta_late++;
		meta->poisoned = false;
		meta->error = 0;
		meta->got = 0;
		if (x->queue->route[i].dir == DMA_DEV_TO_MEM)
			memset(meta->buf + META_GUARD, 0, meta_size(x));
		else
			dmabench_pattern_fill(meta->buf + META_GUARD, meta_size(x),
					      meta_key(x, x->seq), 0);
	}
}

static int attach_engine(struct dmabench_leg *leg, struct dma_async_tx_descriptor *tx)
{
	struct dmabench_meta *meta = &dmabench_leg_keep(leg)->meta;
	size_t len, most, size = meta_size(leg->x);
	void *to;

	meta->tx = tx;
	if (leg_route(leg)->dir == DMA_DEV_TO_MEM)
		return 0;
	to = dmaengine_desc_get_metadata_ptr(tx, &len, &most);
	if (IS_ERR_OR_NULL(to))
		return to ? PTR_ERR(to) : -ENODATA;
	if (most < size)
		return -EMSGSIZE;
	memcpy(to, meta->buf + META_GUARD, size);
	return dmaengine_desc_set_metadata_len(tx, size);
}

/**
 * dmabench_meta_attach - tell a descriptor of its metadata
 * @leg: filled
 * @tx: its descriptor, prepared and not submitted
 *
 * An error is kept for the check: the descriptor cannot be taken back.
 *
 * Context: must not sleep.
 */
void dmabench_meta_attach(struct dmabench_leg *leg, struct dma_async_tx_descriptor *tx)
{
	struct dmabench_meta *meta = &dmabench_leg_keep(leg)->meta;

	if (is_client(leg->x))
		meta->error = dmaengine_desc_attach_metadata(tx, meta->buf + META_GUARD,
							     meta_size(leg->x));
	else
		meta->error = attach_engine(leg, tx);
}

/**
 * dmabench_meta_landed - take what has come back
 * @leg: complete
 *
 * Context: the descriptor's callback; what is the engine's is gone afterwards.
 */
void dmabench_meta_landed(struct dmabench_leg *leg)
{
	struct dmabench_meta *meta = &dmabench_leg_keep(leg)->meta;
	size_t len = 0, most;
	void *from;

	if (is_client(leg->x) || leg_route(leg)->dir == DMA_MEM_TO_DEV || meta->error)
		return;
	from = dmaengine_desc_get_metadata_ptr(meta->tx, &len, &most);
	if (IS_ERR_OR_NULL(from)) {
		meta->error = from ? PTR_ERR(from) : -ENODATA;
		return;
	}
	meta->got = min(len, meta_size(leg->x));
	memcpy(meta->buf + META_GUARD, from, meta->got);
}

static bool guards_right(const struct dmabench_xfer *x, const struct dmabench_meta *meta)
{
	return !memchr_inv(meta->buf, META_POISON, META_GUARD) &&
	       !memchr_inv(meta->buf + META_GUARD + meta_size(x), META_POISON, META_GUARD);
}

static bool nothing_came(const struct dmabench_xfer *x, const struct dmabench_meta *meta)
{
	if (is_client(x))
		return !memchr_inv(meta->buf + META_GUARD, 0, meta_size(x));
	return !meta->got;
}

/*
 * What is sent comes back, none is missed that is not looked at, and there are
 * enough bytes to tell one from another.
 */
static bool arrives(const struct dmabench_queue *queue)
{
	if (queue->knobs->metadata_bytes < META_TELLING)
		return false;
	return queue->nr_routes > 1 && queue->port->endpoint == DMABENCH_ENDPOINT_LOOPBACK &&
	       queue->knobs->verify == DMABENCH_VERIFY_FULL;
}

/*
 * Those of the transfers before must all have come before. Until the first one has,
 * what somebody else has left in the peripheral may come.
 */
static const char *received_wrong(struct dmabench_xfer *x, const struct dmabench_meta *meta)
{
	struct dmabench_queue *queue = x->queue;
	struct dmabench_mismatch m;

	bool right;

	right = (is_client(x) || meta->got == meta_size(x)) &&
		dmabench_pattern_check(meta->buf + META_GUARD, meta_size(x),
				       meta_key(x, queue->meta_next), 0, &m);
	if (!right && (!queue->meta_next || nothing_came(x, meta)))
		return x->seq - queue->meta_next < queue->knobs->depth ? NULL : "did not arrive";
	if (!right)
		return "are not those that are next in line";
	queue->meta_next++;
	return NULL;
}

static const char *leg_wrong(struct dmabench_leg *leg)
{
	struct dmabench_meta *meta = &dmabench_leg_keep(leg)->meta;
	struct dmabench_xfer *x = leg->x;
	struct dmabench_mismatch m;

	if (meta->error)
		return "were refused";
	if (!guards_right(x, meta))
		return "overrun their buffer";
	if (x->queue->meta_late)
		return "came after a callback";
	switch (leg_route(leg)->dir) {
	case DMA_MEM_TO_DEV:
		return dmabench_pattern_check(meta->buf + META_GUARD, meta_size(x),
					      meta_key(x, x->seq), 0, &m) ?
		       NULL : "of what was sent have changed";
	case DMA_DEV_TO_MEM:
		return arrives(x->queue) ? received_wrong(x, meta) : NULL;
	default:
		return NULL;
	}
}

/**
 * dmabench_meta_verify - check the metadata of a transfer
 * @x: over; transfers are checked in their order
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * The buffers are poisoned then, and nobody may touch them until they are filled
 * the next time.
 *
 * Return: true if all is right.
 */
bool dmabench_meta_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	const char *wrong = NULL;
	unsigned int i;

	for (i = 0; i < x->queue->nr_routes; i++) {
		struct dmabench_leg *leg = dmabench_xfer_leg(x, i);

		wrong = leg_wrong(leg);
		if (wrong) {
			scnprintf(reason, reason_size, "metadata %s (%d)", wrong,
				  dmabench_leg_keep(leg)->meta.error);
			break;
		}
	}
	for (i = 0; i < x->queue->nr_routes; i++) {
		struct dmabench_meta *meta = &x->more->keep[i].meta;

		memset(meta->buf, META_POISON, 2 * META_GUARD + meta_size(x));
		meta->poisoned = true;
	}
	return !wrong;
}
