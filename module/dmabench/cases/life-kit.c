// SPDX-License-Identifier: GPL-2.0-only
/*
 * See life-kit.h.
 */
#include <linux/delay.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include "../suite.h"
#include "life-kit.h"

/* What flushing a loopback sends, and how much of others' it can take in. */
#define KIT_MARK	64U
#define KIT_FLUSH	SZ_64K

/* How long rounds may take together, and how many there are in any case. */
#define KIT_ROUNDS_MS	250U
#define KIT_FEW		3U

/**
 * case_again - prepare another transfer of the same kind with the same memory
 * @like: of case_carry(); over, or this one is to be queued behind it
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_again(struct case_tx *like)
{
	if (like->dst)
		return case_memcpy(like->t, like->dst, 0, like->src, 0, like->len, CASE_FLAGS);
	return case_slave(like->t, like->src, like->len, DMA_MEM_TO_DEV, CASE_FLAGS);
}

/**
 * case_refill - make memory as it was before the transfer
 * @like: over, of case_carry()
 *
 * The source gets other data than before, so that what is left of an earlier transfer
 * can be told from what a later one writes.
 */
void case_refill(struct case_tx *like)
{
	struct case_buf *src = like->src, *dst = like->dst;

	src->key[DMABENCH_PATTERN_SOURCE] = dmabench_mix(src->key[DMABENCH_PATTERN_SOURCE]);
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	if (!dst)
		return;
	dst->key[DMABENCH_PATTERN_OLD] = dmabench_mix(dst->key[DMABENCH_PATTERN_OLD]);
	case_buf_fill(dst, DMABENCH_PATTERN_OLD);
}

static u8 pattern_byte(u64 key, size_t at)
{
	return dmabench_pattern_word(key, at / 8) >> (at % 8 * 8);
}

/**
 * case_partial - check what a transfer has left that ended before its time
 * @tx: of case_carry(), terminated and synchronized
 *
 * Every byte of the destination is either the source's or as it was, the source has
 * not changed, and nothing was written around either.
 *
 * Return: true; else the case has failed.
 */
bool case_partial(struct case_tx *tx)
{
	u64 key = tx->src->key[DMABENCH_PATTERN_SOURCE];
	struct dmabench_mismatch m = {};
	size_t at;

	if (!case_expect_tx(tx, case_buf_is(tx->src, 0, tx->len, key, 0, &m),
			    "expected the source as it was, seen %zu bytes changed, the first at %zu",
			    m.count, m.first) ||
	    !case_guards_intact(tx->t, tx->src, "source"))
		return false;
	if (!tx->dst)
		return true;
	for (at = case_buf_arrived(tx->dst, tx->src, tx->len); at < tx->len; at++) {
		u8 seen = READ_ONCE(tx->dst->data[at]);
		u8 old = pattern_byte(tx->dst->key[DMABENCH_PATTERN_OLD], at);

		if (!case_expect_tx(tx, seen == old || seen == pattern_byte(key, at),
				    "expected what was sent or what was there at byte %zu of %zu, %#x or %#x, seen %#x",
				    at, tx->len, pattern_byte(key, at), old, seen))
			return false;
	}
	return case_guards_intact(tx->t, tx->dst, "destination");
}

/* What empties a loopback goes on all the time. */
static bool is_drain(struct case_trial *t, const struct case_buf *buf)
{
	return t->suite->drain && t->suite->drain->dst == buf;
}

static u64 digest(struct case_trial *t)
{
	const struct case_buf *buf;
	u64 sum = 0;

	list_for_each_entry(buf, &t->bufs, entry)
		if (!is_drain(t, buf))
			sum = dmabench_mix(sum + case_buf_digest(buf));
	return sum;
}

/* Of all transfers of the case; what empties a loopback has its own. */
static int calls(struct case_trial *t)
{
	struct case_tx *tx;
	int sum = 0;

	list_for_each_entry(tx, &t->txs, entry)
		if (tx != t->suite->drain)
			sum += atomic_read(&tx->calls);
	return sum;
}

/**
 * case_still - check that nothing happens for a while
 * @t: the trial; nothing is running, or what is running is paused
 * @ms: how long to watch
 *
 * Context: may sleep.
 *
 * Return: true; else the case has failed: memory has changed or a callback has come.
 */
bool case_still(struct case_trial *t, unsigned int ms)
{
	u64 before = digest(t);
	int called = calls(t);

	case_sleep(t, ms);
	return case_expect(t, digest(t) == before,
			   "expected memory to hold still for %u ms, seen it change", ms) &&
	       case_expect(t, calls(t) == called, "expected no callback for %u ms, seen %d", ms,
			   calls(t) - called) &&
	       case_expect(t, !atomic_read(&t->late),
			   "expected no callback after synchronize, seen %d",
			   atomic_read(&t->late));
}

/**
 * case_works - check that the channel does a transfer as if nothing had been
 * @t: the trial
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_works(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_round(t, 1 + case_random(t) % SZ_8K));

	return tx && case_do(tx) &&
	       case_expect_tx(tx, atomic_read(&tx->calls) == 1,
			      "expected one callback, seen %d", atomic_read(&tx->calls));
}

/**
 * case_takes_us - about how long a carried transfer takes
 * @t: the trial
 * @len: its bytes
 *
 * Return: microseconds.
 */
unsigned int case_takes_us(struct case_trial *t, size_t len)
{
	u64 ns = t->suite->small_ns + t->suite->kib_ns * (len / SZ_1K);

	return clamp_t(u64, div_u64(ns, NSEC_PER_USEC), 1, USEC_PER_SEC);
}

/**
 * case_rounds - how many times to do something
 * @t: the trial
 * @most: that many if the channel is fast
 * @len: bytes that are transferred each time
 * @ms: how long all may take together
 *
 * Return: at least 3.
 */
unsigned int case_rounds(struct case_trial *t, unsigned int most, size_t len, unsigned int ms)
{
	return clamp_t(u64, ms * USEC_PER_MSEC / (case_takes_us(t, len) + 1), 3, most);
}

/**
 * case_goes_on - whether a case does another round
 * @t: the trial
 * @round: its number, from 0
 * @since: jiffies when the first one began
 *
 * What a round costs beside its transfers (waking up, above all) is not known before.
 *
 * Return: true for the first few, and as long as there is time for more.
 */
bool case_goes_on(struct case_trial *t, unsigned int round, unsigned long since)
{
	return (round < KIT_FEW || time_before(jiffies, since + msecs_to_jiffies(KIT_ROUNDS_MS))) &&
	       !case_over(t);
}

/**
 * case_kill - terminate and synchronize in a loop
 * @t: the trial
 * @chan: the channel
 *
 * As case_terminate(), but without the grace period where there is no synchronize: a
 * case that calls this often calls case_terminate() at its end.
 *
 * Context: may sleep.
 *
 * Return: what the provider returns, -ETIMEDOUT if it does not.
 */
int case_kill(struct case_trial *t, struct dma_chan *chan)
{
	if (chan->device->device_synchronize)
		return case_terminate(t, chan);
	return case_terminate_async(t, chan);
}

/* ---------------------------------------------------------------- loopback */

/**
 * case_loop_tx - prepare a transfer into the loopback
 * @t: the trial
 * @buf: what is read
 * @len: bytes of it
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_loop_tx(struct case_trial *t, struct case_buf *buf, size_t len)
{
	if (!case_configure(t, DMA_MEM_TO_DEV))
		return NULL;
	return case_slave(t, buf, len, DMA_MEM_TO_DEV, CASE_FLAGS);
}

/**
 * case_loop_rx - prepare a transfer out of the loopback
 * @t: the trial
 * @buf: what is written
 * @len: bytes of it
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_loop_rx(struct case_trial *t, struct case_buf *buf, size_t len)
{
	if (!case_configure(t, DMA_DEV_TO_MEM))
		return NULL;
	return case_slave(t, buf, len, DMA_DEV_TO_MEM, CASE_FLAGS);
}

/**
 * case_loop_undrain - see to it that nobody reads the loopback
 * @t: the trial
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_loop_undrain(struct case_trial *t)
{
	return !t->suite->drain || !case_terminate(t, t->suite->drain->chan);
}

/**
 * case_loop_drain - see to it that somebody reads what goes into a loopback
 * @t: the trial; with no loopback, nothing is done
 *
 * Undone by terminating the peer.
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_loop_drain(struct case_trial *t)
{
	struct case_tx *rx;
	struct case_buf *in;

	if (!case_can(t, CASE_NEED_LOOPBACK) || t->suite->drain)
		return true;
	in = case_buf_new(t, SZ_8K);
	if (!in || !case_configure(t, DMA_DEV_TO_MEM))
		return false;
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	if (case_can(t, CASE_NEED_CYCLIC)) {
		rx = case_cyclic(t, in, in->len, in->len / 2, DMA_DEV_TO_MEM, CASE_FLAGS);
		return rx && case_start(rx);
	}
	case_skip(t, "no cyclic to read the loopback with");
	return false;
}

/**
 * case_stalled - prepare a transfer that never completes by itself
 * @t: the trial, with a loopback that nobody reads
 *
 * It is longer than any FIFO, and has to be terminated.
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_stalled(struct case_trial *t)
{
	struct case_buf *buf = case_buf_new(t, SZ_64K);

	if (!buf || !case_loop_undrain(t))
		return NULL;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	return case_loop_tx(t, buf, buf->len);
}

static bool holds(const struct case_buf *in, size_t width, u64 key)
{
	struct dmabench_mismatch m;
	size_t at;

	for (at = 0; at + KIT_MARK <= in->len; at += width)
		if (READ_ONCE(in->data[at]) == pattern_byte(key, 0) &&
		    case_buf_is(in, at, KIT_MARK, key, 0, &m))
			return true;
	return false;
}

/**
 * case_flush - take out of a loopback what others have left in it
 * @t: the trial; nothing is running on either channel
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_flush(struct case_trial *t)
{
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(t)) + 1;
	struct case_buf *in = case_buf_new(t, KIT_FLUSH);
	struct case_buf *mark = case_buf_new(t, KIT_MARK);
	struct case_tx *rx, *tx;
	u64 key;

	if (!in || !mark || !case_loop_undrain(t))
		return false;
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	case_buf_fill(mark, DMABENCH_PATTERN_SOURCE);
	key = mark->key[DMABENCH_PATTERN_SOURCE];
	rx = case_loop_rx(t, in, in->len);
	if (!rx || !case_start(rx))
		return false;
	tx = case_loop_tx(t, mark, mark->len);
	if (!tx || !case_start(tx) || !case_wait(tx))
		return false;
	while (!holds(in, case_width(t), key)) {
		if (time_after(jiffies, end)) {
			case_skip(t, "what is left in the loopback cannot be flushed out of it");
			break;
		}
		usleep_range(50, 500);
	}
	return !case_terminate(t, case_peer(t)) && !case_over(t);
}

/**
 * case_loop_works - check that both sides of a loopback pass data on
 * @t: the trial; nothing is running, nothing is left in the loopback
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_loop_works(struct case_trial *t)
{
	size_t len = case_round(t, 1 + case_random(t) % SZ_16K);
	struct case_buf *out, *in;
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;

	len = roundup(len, case_width(t));
	out = case_buf_new(t, len);
	in = case_buf_new(t, len);
	if (!out || !in)
		return false;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_loop_rx(t, in, len);
	if (!rx || !case_start(rx))
		return false;
	tx = case_loop_tx(t, out, len);
	if (!tx || !case_start(tx) || !case_wait(tx) || !case_wait(rx))
		return false;
	return case_expect_tx(rx, case_buf_is(in, 0, len, out->key[DMABENCH_PATTERN_SOURCE], 0,
					      &m),
			      "expected %zu bytes to come back as sent, seen %zu wrong, from %zu to %zu",
			      len, m.count, m.first, m.last) &&
	       case_intact(tx) && case_guards_intact(t, in, "destination");
}

/* ------------------------------------------------------------------ cyclic */

/**
 * case_cyclic_dir - a direction in which the channel can go round
 * @t: the trial, which has CASE_NEED_CYCLIC
 *
 * Return: DMA_MEM_TO_DEV if it can do that, else DMA_DEV_TO_MEM.
 */
enum dma_transfer_direction case_cyclic_dir(struct case_trial *t)
{
	return case_can(t, CASE_NEED_TX) ? DMA_MEM_TO_DEV : DMA_DEV_TO_MEM;
}

/**
 * case_endless - prepare a cyclic transfer
 * @t: the trial, which has CASE_NEED_CYCLIC
 * @len: bytes of a round
 * @period: bytes of a period
 *
 * To the peripheral if it can be written to: a loopback must be read by somebody then.
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_endless(struct case_trial *t, size_t len, size_t period)
{
	enum dma_transfer_direction dir = case_cyclic_dir(t);
	struct case_buf *buf = case_buf_new(t, len);

	if (!buf || !case_configure(t, dir))
		return NULL;
	case_buf_fill(buf, dir == DMA_MEM_TO_DEV ? DMABENCH_PATTERN_SOURCE :
						   DMABENCH_PATTERN_OLD);
	return case_cyclic(t, buf, len, period, dir, CASE_FLAGS);
}
