// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - metadata of a transfer
 *
 * What is given in at submit goes to the peripheral at completion, what the
 * peripheral has goes to the client. Memory to memory has no peripheral to do
 * something with it, so every byte comes back inverted: metadata that nobody
 * has touched could not be told from such that were returned as they are.
 */
#include <linux/err.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "dmasim.h"
#include "meta.h"

static size_t dmasim_meta_size(const struct dmasim_desc *d)
{
	return to_dmasim_chan(d->tx.chan)->sim->cfg.metadata_bytes;
}

static bool dmasim_meta_alloc(struct dmasim_desc *d)
{
	struct dmasim_meta *meta = d->meta;

	if (!meta) {
		meta = kzalloc_flex(*meta, buf, dmasim_meta_size(d), GFP_NOWAIT | __GFP_NOWARN);
		d->meta = meta;
	}
	return meta;
}

/* The first call for a descriptor since it was prepared. */
static bool dmasim_meta_use(struct dmasim_desc *d)
{
	if (d->has_meta)
		return true;
	if (!dmasim_meta_alloc(d))
		return false;
	d->meta->client = NULL;
	d->meta->len = 0;
	d->has_meta = true;
	return true;
}

/**
 * dmasim_meta_prepare() - get ready to take metadata from a peripheral
 * @c:		channel
 * @d:		descriptor that reads from a port
 *
 * The client may ask for them as late as in the callback, so they are taken
 * whether or not anybody asks.
 *
 * Return: false if there is no memory
 */
bool dmasim_meta_prepare(struct dmasim_chan *c, struct dmasim_desc *d)
{
	if (!c->sim->cfg.metadata_bytes || !d->port->ops->get_meta)
		return true;
	return dmasim_meta_use(d);
}

static bool dmasim_meta_in_line(const struct dmasim_desc *d)
{
	return READ_ONCE(d->state) == DMASIM_DESC_QUEUED;
}

static int dmasim_meta_attach_buffer(struct dma_async_tx_descriptor *tx, void *data, size_t len)
{
	struct dmasim_desc *d = to_dmasim_desc(tx);

	if (!data || !len || len > dmasim_meta_size(d))
		return -EINVAL;
	if (dmasim_meta_in_line(d))
		return -EBUSY;
	if (!dmasim_meta_use(d))
		return -ENOMEM;
	d->meta->client = data;
	d->meta->room = len;
	return 0;
}

static void *dmasim_meta_get_ptr(struct dma_async_tx_descriptor *tx, size_t *payload_len,
				 size_t *max_len)
{
	struct dmasim_desc *d = to_dmasim_desc(tx);

	if (!dmasim_meta_use(d))
		return ERR_PTR(-ENOMEM);
	*payload_len = d->meta->len;
	*max_len = dmasim_meta_size(d);
	return d->meta->buf;
}

static int dmasim_meta_set_len(struct dma_async_tx_descriptor *tx, size_t payload_len)
{
	struct dmasim_desc *d = to_dmasim_desc(tx);

	if (payload_len > dmasim_meta_size(d))
		return -EINVAL;
	if (dmasim_meta_in_line(d))
		return -EBUSY;
	if (!dmasim_meta_use(d))
		return -ENOMEM;
	d->meta->len = payload_len;
	return 0;
}

static struct dma_descriptor_metadata_ops dmasim_meta_ops = {
	.attach = dmasim_meta_attach_buffer,
	.get_ptr = dmasim_meta_get_ptr,
	.set_len = dmasim_meta_set_len,
};

/**
 * dmasim_meta_offer() - let a new descriptor have metadata, if its device does
 * @d:		descriptor
 */
void dmasim_meta_offer(struct dmasim_desc *d)
{
	if (dmasim_meta_size(d))
		d->tx.metadata_ops = &dmasim_meta_ops;
}

/**
 * dmasim_meta_submit() - take what the client gives
 * @d:		descriptor that has metadata
 *
 * Context: any
 */
void dmasim_meta_submit(struct dmasim_desc *d)
{
	struct dmasim_meta *meta = d->meta;

	if (d->port && d->port->ops->pull) {
		meta->len = 0;
	} else if (meta->client) {
		memcpy(meta->buf, meta->client, meta->room);
		meta->len = meta->room;
	}
}

/**
 * dmasim_meta_complete() - do with the metadata what their direction asks for
 * @d:		descriptor that has metadata, its bytes moved
 *
 * What the client's buffer has room for beyond them is zeroed. It is not
 * touched after the return.
 *
 * Context: the runner, before anybody can see that the transfer is complete
 */
void dmasim_meta_complete(struct dmasim_desc *d)
{
	struct dmasim_meta *meta = d->meta;
	struct dmasim_port *port = d->port;
	size_t i, n;

	if (port && !port->ops->pull) {
		if (port->ops->put_meta && meta->len)
			port->ops->put_meta(port, meta->buf, meta->len);
		return;
	}

	if (port) {
		if (port->ops->get_meta)
			meta->len = port->ops->get_meta(port, meta->buf, dmasim_meta_size(d));
	} else {
		for (i = 0; i < meta->len; i++)
			meta->buf[i] = ~meta->buf[i];
	}

	if (!meta->client)
		return;
	n = min(meta->len, meta->room);
	memcpy(meta->client, meta->buf, n);
	memset(meta->client + n, 0, meta->room - n);
}

/**
 * dmasim_meta_attach() - add metadata
 * @dma:	device before its registration
 */
void dmasim_meta_attach(struct dma_device *dma)
{
	if (to_dmasim(dma)->cfg.metadata_bytes)
		dma->desc_metadata_modes = DESC_METADATA_CLIENT | DESC_METADATA_ENGINE;
}
