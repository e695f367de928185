// SPDX-License-Identifier: GPL-2.0-only
/*
 * A0.7 and A0.8: release of a channel that is in use, with terminate and without. On an
 * engine that is through with all that can be had before it is released, a loopback
 * that nobody reads, or nobody writes to, makes transfers last.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "../suite.h"
#include "channel.h"
#include "flow-kit.h"
#include "slave-kit.h"

#define RELEASE_QUEUED	4
#define RELEASE_TRIES	5

/* How long a released engine is watched, ms. */
#define RELEASE_WATCH_MS	30

/* What waits to be received, in units: within what is written at once. */
#define RELEASE_UNITS	32

static bool in_progress(struct case_tx *tx)
{
	return case_status(tx, NULL) == DMA_IN_PROGRESS && !atomic_read(&tx->calls);
}

/* ------------------------------------------------------------------ a queue */

static bool queue_up(struct case_trial *t, struct case_tx **txs, size_t len)
{
	unsigned int i;

	for (i = 0; i < RELEASE_QUEUED; i++) {
		txs[i] = case_carry(t, len);
		if (!txs[i] || !case_submit(txs[i]))
			return false;
	}
	return true;
}

/* Several that last, and which their peripheral holds up if they do not. */
static bool queue_held(struct case_trial *t, struct case_tx **txs)
{
	unsigned int i;

	txs[0] = case_hold(t);
	if (!txs[0])
		return false;
	for (i = 1; i < RELEASE_QUEUED; i++) {
		txs[i] = case_behind(t);
		if (!txs[i] || !case_start(txs[i]))
			return false;
	}
	return true;
}

/* What a held transfer may go on with once it was released: somebody reads. */
static struct case_tx *read_on(struct case_trial *t)
{
	struct case_buf *buf = case_buf_new(t, CASE_HELD);
	struct case_tx *rx = buf ? case_slave(t, buf, CASE_HELD, DMA_DEV_TO_MEM, CASE_FLAGS) : NULL;

	return rx && case_start(rx) ? rx : NULL;
}

/* Nothing is written, called or left over once the channel was released. */
static void released_is_over(struct case_trial *t, struct case_tx **txs, bool held)
{
	u64 before[RELEASE_QUEUED], now;
	int calls[RELEASE_QUEUED];
	struct case_tx *rx = NULL;
	unsigned int i;

	for (i = 0; i < RELEASE_QUEUED; i++) {
		before[i] = txs[i]->dst ? case_buf_digest(txs[i]->dst) : 0;
		calls[i] = atomic_read(&txs[i]->calls);
	}
	if (held)
		rx = read_on(t);
	case_sleep(t, RELEASE_WATCH_MS);
	if (rx) {
		case_expect_tx(txs[0], !atomic_read(&rx->calls),
			       "expected a sender to stop with release, seen all of its %zu bytes come",
			       txs[0]->len);
		case_terminate(t, rx->chan);
	}
	if (!case_request(t))
		return;
	channel_is_idle(t);
	dma_async_issue_pending(t->chan);
	channel_is_well(t);
	for (i = 0; i < RELEASE_QUEUED; i++) {
		now = txs[i]->dst ? case_buf_digest(txs[i]->dst) : 0;
		case_expect_tx(txs[i], now == before[i],
			       "expected no write after release, seen transfer %u of %u write",
			       i + 1, RELEASE_QUEUED);
		case_expect_tx(txs[i], atomic_read(&txs[i]->calls) == calls[i],
			       "expected no callback after release, seen %d more",
			       atomic_read(&txs[i]->calls) - calls[i]);
	}
	/* No engine may be left writing to what is freed next. */
	if (t->chan)
		case_terminate(t, t->chan);
}

static void release(struct case_trial *t, struct case_tx **txs, bool terminate, bool held)
{
	if (terminate && !case_expect(t, !case_terminate(t, t->chan),
				      "expected terminate_sync to return 0, seen an error"))
		return;
	if (case_release(t))
		released_is_over(t, txs, held);
}

static void release_running(struct case_trial *t, bool terminate)
{
	struct case_tx *txs[RELEASE_QUEUED];
	unsigned int i;

	for (i = 0; i < RELEASE_TRIES && !case_over(t); i++) {
		if (!queue_up(t, txs, case_long(t, 50)))
			return;
		case_issue(t, t->chan);
		if (in_progress(txs[RELEASE_QUEUED - 1])) {
			release(t, txs, terminate, false);
			return;
		}
	}
	if (case_over(t))
		return;
	if (!case_can(t, CASE_NEED_LOOPBACK))
		case_skip(t, "all was over before it could be released");
	else if (case_loop_ready(t) && queue_held(t, txs))
		release(t, txs, terminate, true);
}

static void release_queued(struct case_trial *t, bool terminate)
{
	struct case_tx *txs[RELEASE_QUEUED];

	if (queue_up(t, txs, case_round(t, 3000)))
		release(t, txs, terminate, false);
}

/**
 * channel_running_is_terminated - A0.7: terminated, then released
 * @t: the trial
 */
void channel_running_is_terminated(struct case_trial *t)
{
	release_running(t, true);
}

/**
 * channel_running_is_stopped - A0.8: released without terminate
 * @t: the trial
 */
void channel_running_is_stopped(struct case_trial *t)
{
	release_running(t, false);
}

/**
 * channel_queued_is_terminated - A0.7: never issued, terminated, released
 * @t: the trial
 */
void channel_queued_is_terminated(struct case_trial *t)
{
	release_queued(t, true);
}

/**
 * channel_queued_is_dropped - A0.8: never issued, released
 * @t: the trial
 */
void channel_queued_is_dropped(struct case_trial *t)
{
	release_queued(t, false);
}

/* ------------------------------------------------- what never ends by itself */

/**
 * channel_cyclic_is_stopped - A0.8: an endless sender
 * @t: the trial
 *
 * The rounds of writer and reader differ, so the reader's memory changes for as long
 * as the writer writes.
 */
void channel_cyclic_is_stopped(struct case_trial *t)
{
	struct case_buf *src = case_buf_new(t, 3072), *dst = case_buf_new(t, SZ_4K);
	struct case_tx *rx, *tx;
	u64 before;
	int calls;

	if (!src || !dst)
		return;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	if (!case_configure(t, DMA_DEV_TO_MEM) || !case_configure(t, DMA_MEM_TO_DEV))
		return;
	rx = case_cyclic(t, dst, SZ_4K, SZ_4K, DMA_DEV_TO_MEM, CASE_FLAGS);
	if (!rx || !case_start(rx))
		return;
	tx = case_cyclic(t, src, 3072, 1024, DMA_MEM_TO_DEV, CASE_FLAGS);
	if (!tx || !case_start(tx) || !case_wait(tx))
		return;
	if (!case_release(t))
		return;
	calls = atomic_read(&tx->calls);
	/* What the peripheral holds may still be read. */
	case_sleep(t, RELEASE_WATCH_MS);
	before = case_buf_digest(dst);
	case_sleep(t, RELEASE_WATCH_MS);
	case_expect_tx(tx, case_buf_digest(dst) == before,
		       "expected a cyclic transfer to end with release, seen it go on");
	case_expect_tx(tx, atomic_read(&tx->calls) == calls,
		       "expected no callback after release, seen %d more",
		       atomic_read(&tx->calls) - calls);
	case_terminate(t, case_peer(t));
	if (!case_request(t))
		return;
	channel_is_idle(t);
	case_terminate(t, t->chan);
	channel_is_well(t);
}

static bool goes(struct dma_chan *chan, enum dma_transfer_direction dir)
{
	struct dma_slave_caps caps;

	/* Many providers leave the directions empty (A1.1). */
	return dma_get_slave_caps(chan, &caps) || !caps.directions || caps.directions & BIT(dir);
}

/* Each channel the other way round: the one under test receives. */
static struct case_tx *turned(struct case_trial *t, struct dma_chan *chan, struct case_buf *buf,
			      enum dma_transfer_direction dir)
{
	const struct dmabench_port *port = t->suite->port;
	bool sends = dir == DMA_MEM_TO_DEV;
	struct dma_slave_config config = {
		.direction	= dir,
		.dst_addr	= sends ? port->tx_addr : 0,
		.dst_addr_width	= sends ? port->width : 0,
		.dst_maxburst	= sends ? port->maxburst : 0,
		.src_addr	= sends ? 0 : port->rx_addr,
		.src_addr_width	= sends ? 0 : port->width,
		.src_maxburst	= sends ? 0 : port->maxburst,
	};
	int ret = dmaengine_slave_config(chan, &config);
	struct case_tx *tx;

	if (!case_expect(t, !ret, "expected slave_config to take the peripheral, seen %d", ret))
		return NULL;
	tx = case_tx_new(t, chan);
	if (!tx)
		return NULL;
	tx->len = buf->len;
	if (!case_tx_made(tx, dmaengine_prep_slave_single(chan, buf->dma, buf->len, dir,
							  CASE_FLAGS)))
		return NULL;
	return tx;
}

/**
 * channel_receiving_is_stopped - A0.8: a receiver to which nobody sends
 * @t: the trial
 *
 * It certainly runs when it is released. What is sent afterwards is not for it.
 */
void channel_receiving_is_stopped(struct case_trial *t)
{
	size_t len = RELEASE_UNITS * case_unit(t);
	struct case_buf *in = case_buf_new(t, len), *out = in ? case_buf_new(t, len) : NULL;
	struct dma_chan *peer = case_peer(t);
	struct case_tx *rx, *tx;
	u64 before;

	if (!out)
		return;
	if (!goes(t->chan, DMA_DEV_TO_MEM)) {
		case_skip(t, "the channel under test only sends");
		return;
	}
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	rx = turned(t, t->chan, in, DMA_DEV_TO_MEM);
	if (!rx || !case_start(rx))
		return;
	case_sleep(t, 1);
	if (!case_expect_tx(rx, in_progress(rx),
			    "expected status in progress while nothing is sent, seen %s, %d callbacks",
			    case_status_name(case_status(rx, NULL)), atomic_read(&rx->calls)))
		return;
	before = case_buf_digest(in);
	if (!case_release(t))
		return;
	tx = goes(peer, DMA_MEM_TO_DEV) ? turned(t, peer, out, DMA_MEM_TO_DEV) : NULL;
	if (tx)
		case_start(tx);
	case_sleep(t, RELEASE_WATCH_MS);
	case_expect_tx(rx, case_buf_digest(in) == before,
		       "expected no write after release, seen one");
	case_expect_tx(rx, !atomic_read(&rx->calls),
		       "expected no callback after release, seen %d", atomic_read(&rx->calls));
	case_terminate(t, peer);
	if (!case_request(t))
		return;
	channel_is_idle(t);
	case_terminate(t, t->chan);
	channel_is_well(t);
}
