// SPDX-License-Identifier: GPL-2.0-only
/*
 * What cases with a peripheral have in common. Bytes that a case has left in a
 * loopback would come out in the next one.
 */
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/sizes.h>
#include <linux/string.h>

#include "../suite.h"
#include "slave-kit.h"

/* More than a loopback's memory is at a time. */
#define FLUSH_BYTES	SZ_16K
#define FLUSH_TRIES	6

/**
 * case_unit - what a transfer that leaves nothing in a burst is a multiple of
 * @t: the trial; there is a peripheral
 *
 * Return: bytes of a burst.
 */
size_t case_unit(const struct case_trial *t)
{
	return (size_t)case_width(t) * max_t(u32, t->suite->port->maxburst, 1);
}

/**
 * case_period - a random length of a period
 * @t: the trial; there is a peripheral
 *
 * Return: bytes, a multiple of case_unit().
 */
size_t case_period(struct case_trial *t)
{
	size_t unit = case_unit(t);

	return unit * (1 + case_below(t, max_t(size_t, CASE_LONGEST_PERIOD / unit, 1)));
}

/**
 * case_slave_at - prepare a transfer to or from the peripheral
 * @t: the trial; the channel is configured
 * @buf: the side in memory
 * @at: offset in it
 * @len: bytes
 * @dir: DMA_MEM_TO_DEV or DMA_DEV_TO_MEM
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_slave_at(struct case_trial *t, struct case_buf *buf, size_t at, size_t len,
			      enum dma_transfer_direction dir)
{
	struct dma_chan *chan = case_chan_of(t, dir);
	struct case_tx *tx = case_tx_new(t, chan);

	if (!tx)
		return NULL;
	tx->len = len;
	if (!case_tx_made(tx, dmaengine_prep_slave_single(chan, buf->dma + at, len, dir,
							  CASE_FLAGS)))
		return NULL;
	return tx;
}

/* Sends a few bytes; whether it is them that come back. */
static bool loop_probe(struct case_trial *t)
{
	size_t len = roundup(16 * case_width(t), case_unit(t));
	struct case_buf *out = case_buf_new(t, len), *in = out ? case_buf_new(t, len) : NULL;
	struct case_tx *tx, *rx;

	if (!in || !case_configure(t, DMA_DEV_TO_MEM) || !case_configure(t, DMA_MEM_TO_DEV))
		return false;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_slave(t, in, len, DMA_DEV_TO_MEM, CASE_FLAGS);
	if (!rx || !case_start(rx))
		return false;
	tx = case_slave(t, out, len, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx || !case_start(tx) || !case_wait(tx) || !case_wait(rx))
		return false;
	dma_rmb();
	return !memcmp(in->data, out->data, len);
}

/* Reads until nothing comes any more. */
static bool loop_flush(struct case_trial *t)
{
	unsigned int quiet = 20 + min_t(u64, div64_u64(t->suite->small_ns, NSEC_PER_MSEC / 4), 400);
	struct case_buf *buf = case_buf_new(t, FLUSH_BYTES);
	struct case_tx *rx;
	u64 before;

	if (!buf)
		return false;
	if (!case_can(t, CASE_NEED_TERMINATE)) {
		case_skip(t, "the loopback is not empty, and it takes terminate_all to empty it");
		return false;
	}
	rx = case_slave(t, buf, FLUSH_BYTES, DMA_DEV_TO_MEM, CASE_FLAGS);
	if (!rx || !case_start(rx))
		return false;
	do {
		before = case_buf_digest(buf);
		case_sleep(t, quiet);
	} while (case_buf_digest(buf) != before && !case_over(t));
	return !case_terminate(t, rx->chan);
}

/**
 * case_loop_ready - get a loopback ready
 * @t: the trial; nothing is in flight
 *
 * Both channels are configured, and it is empty.
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_loop_ready(struct case_trial *t)
{
	unsigned int i;

	for (i = 0; i < FLUSH_TRIES; i++) {
		if (loop_probe(t))
			return true;
		if (case_over(t) || !loop_flush(t))
			return false;
	}
	case_fail(t, "expected a few bytes to come back through the loopback, seen others %u times",
		  FLUSH_TRIES);
	return false;
}

/**
 * case_dir - whether the peripheral can be reached in a direction
 * @t: the trial
 * @dir: DMA_MEM_TO_DEV or DMA_DEV_TO_MEM
 *
 * Return: true if so.
 */
bool case_dir(struct case_trial *t, enum dma_transfer_direction dir)
{
	return case_can(t, dir == DMA_MEM_TO_DEV ? CASE_NEED_TX : CASE_NEED_RX);
}
