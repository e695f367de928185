// SPDX-License-Identifier: GPL-2.0-only
/*
 * Descriptors of cases: making them, waiting for them, and what their callbacks see.
 */
#include <linux/delay.h>
#include <linux/hardirq.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/rcupdate.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include "../suite.h"

/* Longest carried transfer: coherent memory of more is hard to get. */
#define CASE_LONGEST	SZ_1M

/* -------------------------------------------------------------- completion */

static void tx_tell(struct case_tx *tx, struct case_trial *t,
		    const struct dmaengine_result *result)
{
	u64 now = ktime_get_ns();
	int state = READ_ONCE(tx->state);
	void (*hook)(struct case_tx *tx);

	if (state == CASE_TX_DEAD)
		atomic_inc(&t->late);
	if (atomic_inc_return(&t->inside) > 1)
		atomic_inc(&t->overlaps);
	if (!atomic_read(&tx->calls)) {
		tx->called = now;
		tx->order = atomic_inc_return(&t->calls);
		tx->completed = READ_ONCE(tx->chan->completed_cookie);
		tx->in_hardirq = in_hardirq();
		tx->irqs_off = irqs_disabled();
		if (result) {
			tx->told = true;
			tx->result = result->result;
			tx->residue = result->residue;
		}
	}
	atomic_inc(&tx->calls);
	hook = READ_ONCE(tx->hook);
	if (hook)
		hook(tx);
	complete(&tx->done);
	atomic_dec(&t->inside);
}

/* The end of a trial waits for a grace period before it forgets what we refer to. */
static void tx_called(struct case_tx *tx, const struct dmaengine_result *result)
{
	struct case_trial *t;

	atomic64_inc(&tx->suite->callbacks);
	rcu_read_lock();
	t = READ_ONCE(tx->t);
	if (t)
		tx_tell(tx, t, result);
	else
		atomic_inc(&tx->suite->stray);
	rcu_read_unlock();
}

static void tx_callback(void *param)
{
	tx_called(param, NULL);
}

static void tx_callback_result(void *param, const struct dmaengine_result *result)
{
	static const struct dmaengine_result none = { .result = -1, .residue = ~0U };

	tx_called(param, result ?: &none);
}

/* ------------------------------------------------------------------ making */

/**
 * case_tx_new - a descriptor to be
 * @t: the trial
 * @chan: the channel
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case is skipped for want of memory.
 */
struct case_tx *case_tx_new(struct case_trial *t, struct dma_chan *chan)
{
	struct dmabench_suite *suite = t->suite;
	struct case_tx *tx;
	unsigned long flags;

	/* Those that nobody uses any more are left alone for as long as possible. */
	spin_lock_irqsave(&suite->lock, flags);
	tx = list_first_entry_or_null(&suite->pool, struct case_tx, entry);
	if (tx && ktime_get_ns() - tx->called > NSEC_PER_SEC)
		list_del(&tx->entry);
	else
		tx = NULL;
	spin_unlock_irqrestore(&suite->lock, flags);

	if (!tx)
		tx = kmalloc_obj(*tx);
	if (!tx) {
		case_skip(t, "no memory for a descriptor");
		return NULL;
	}
	memset(tx, 0, sizeof(*tx));
	tx->suite = suite;
	tx->chan = chan;
	init_completion(&tx->done);
	WRITE_ONCE(tx->t, t);
	WRITE_ONCE(tx->state, CASE_TX_PREPARED);
	spin_lock_irqsave(&suite->lock, flags);
	list_add_tail(&tx->entry, &t->txs);
	spin_unlock_irqrestore(&suite->lock, flags);
	return tx;
}

/**
 * case_tx_made - take what a prep function has returned
 * @tx: to which it belongs
 * @desc: that
 *
 * Context: any.
 *
 * Return: true; else the case has failed, "expected a descriptor".
 */
bool case_tx_made(struct case_tx *tx, struct dma_async_tx_descriptor *desc)
{
	tx->prepared = ktime_get_ns();
	if (!case_expect(tx->t, !IS_ERR_OR_NULL(desc),
			 "expected a descriptor from prep, seen %s (%ld)",
			 desc ? "an error pointer" : "NULL", (long)PTR_ERR_OR_ZERO(desc)))
		return false;
	tx->desc = desc;
	/* All three: a descriptor that is used again may have those of its last user. */
	desc->callback = tx_callback;
	desc->callback_result = NULL;
	desc->callback_param = tx;
	WRITE_ONCE(tx->t->dirty, true);
	return true;
}

/**
 * case_ask_result - have the result told with the completion
 * @tx: prepared
 */
void case_ask_result(struct case_tx *tx)
{
	tx->desc->callback_result = tx_callback_result;
}

/**
 * case_memcpy - prepare a copy
 * @t: the trial
 * @dst: destination
 * @dst_at: offset in it
 * @src: source
 * @src_at: offset in it
 * @len: bytes
 * @flags: of the descriptor
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_memcpy(struct case_trial *t, struct case_buf *dst, size_t dst_at,
			    struct case_buf *src, size_t src_at, size_t len, unsigned long flags)
{
	struct case_tx *tx = case_tx_new(t, t->chan);

	if (!tx)
		return NULL;
	tx->dst = dst;
	tx->src = src;
	tx->len = len;
	if (!case_tx_made(tx, dmaengine_prep_dma_memcpy(t->chan, dst->dma + dst_at,
							src->dma + src_at, len, flags)))
		return NULL;
	return tx;
}

/**
 * case_slave - prepare a transfer to or from the peripheral
 * @t: the trial; the channel is configured
 * @buf: the side in memory
 * @len: bytes
 * @dir: DMA_MEM_TO_DEV or DMA_DEV_TO_MEM
 * @flags: of the descriptor
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_slave(struct case_trial *t, struct case_buf *buf, size_t len,
			   enum dma_transfer_direction dir, unsigned long flags)
{
	struct dma_chan *chan = case_chan_of(t, dir);
	struct case_tx *tx = case_tx_new(t, chan);

	if (!tx)
		return NULL;
	tx->src = dir == DMA_MEM_TO_DEV ? buf : NULL;
	tx->dst = dir == DMA_DEV_TO_MEM ? buf : NULL;
	tx->len = len;
	if (!case_tx_made(tx, dmaengine_prep_slave_single(chan, buf->dma, len, dir, flags)))
		return NULL;
	return tx;
}

/**
 * case_cyclic - prepare an endless transfer to or from the peripheral
 * @t: the trial; the channel is configured
 * @buf: the side in memory
 * @len: bytes of a round
 * @period: bytes between two callbacks
 * @dir: DMA_MEM_TO_DEV or DMA_DEV_TO_MEM
 * @flags: of the descriptor
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_cyclic(struct case_trial *t, struct case_buf *buf, size_t len,
			    size_t period, enum dma_transfer_direction dir, unsigned long flags)
{
	struct dma_chan *chan = case_chan_of(t, dir);
	struct case_tx *tx = case_tx_new(t, chan);

	if (!tx)
		return NULL;
	tx->src = dir == DMA_MEM_TO_DEV ? buf : NULL;
	tx->dst = dir == DMA_DEV_TO_MEM ? buf : NULL;
	tx->len = len;
	if (!case_tx_made(tx, dmaengine_prep_dma_cyclic(chan, buf->dma, len, period, dir, flags)))
		return NULL;
	return tx;
}

/* What is written to a loopback must be read, or it fills up. */
static bool drain(struct case_trial *t)
{
	struct case_buf *buf;

	if (t->suite->drain || !case_can(t, CASE_NEED_LOOPBACK))
		return true;
	buf = case_buf_new(t, SZ_4K);
	if (!buf || !case_configure(t, DMA_DEV_TO_MEM))
		return false;
	t->suite->drain = case_cyclic(t, buf, SZ_4K, SZ_4K, DMA_DEV_TO_MEM, DMA_CTRL_ACK);
	return t->suite->drain && case_start(t->suite->drain);
}

/**
 * case_carry_later - get ready for a transfer of whatever kind the channel does
 * @t: the trial
 * @len: bytes, see case_round()
 *
 * A copy where the channel copies, else one to the peripheral. Its source is filled
 * with data, its destination with what must be gone afterwards. What is left to do is
 * case_prep_again(), in any context.
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_carry_later(struct case_trial *t, size_t len)
{
	bool copies = case_can(t, CASE_NEED_MEMCPY);
	struct case_buf *src = case_buf_new(t, len), *dst = NULL;
	struct case_tx *tx;

	if (!src)
		return NULL;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	if (copies) {
		dst = case_buf_new(t, len);
		if (!dst)
			return NULL;
		case_buf_fill(dst, DMABENCH_PATTERN_OLD);
	} else if (!drain(t) || !case_configure(t, DMA_MEM_TO_DEV)) {
		return NULL;
	}
	tx = case_tx_new(t, t->chan);
	if (!tx)
		return NULL;
	tx->src = src;
	tx->dst = dst;
	tx->len = len;
	return tx;
}

/**
 * case_prep_again - prepare the transfer that a descriptor stands for
 * @tx: of case_carry_later(), or completed
 *
 * Context: any.
 *
 * Return: true; else the case has failed.
 */
bool case_prep_again(struct case_tx *tx)
{
	struct dma_async_tx_descriptor *desc;

	if (tx->dst)
		desc = dmaengine_prep_dma_memcpy(tx->chan, tx->dst->dma, tx->src->dma, tx->len,
						 CASE_FLAGS);
	else
		desc = dmaengine_prep_slave_single(tx->chan, tx->src->dma, tx->len,
						   DMA_MEM_TO_DEV, CASE_FLAGS);
	return case_tx_made(tx, desc);
}

/**
 * case_carry - prepare a transfer of whatever kind the channel does
 * @t: the trial
 * @len: bytes, see case_round()
 *
 * See case_carry_later().
 *
 * Context: may sleep.
 *
 * Return: it, or NULL: the case has ended.
 */
struct case_tx *case_carry(struct case_trial *t, size_t len)
{
	struct case_tx *tx = case_carry_later(t, len);

	return tx && case_prep_again(tx) ? tx : NULL;
}

/**
 * case_round - the next length that the channel can carry
 * @t: the trial
 * @len: bytes
 *
 * Return: @len or a little more.
 */
size_t case_round(struct case_trial *t, size_t len)
{
	return roundup(max_t(size_t, len, 1), case_align(t));
}

/**
 * case_long - the length of a carried transfer that lasts
 * @t: the trial
 * @ms: how long it should last, milliseconds
 *
 * From what was measured before the first case. It may be over sooner all the same:
 * a fast engine takes no longer for all the memory that can be had.
 *
 * Return: bytes.
 */
size_t case_long(struct case_trial *t, unsigned int ms)
{
	u64 len = div64_u64((u64)ms * NSEC_PER_MSEC * SZ_1K, t->suite->kib_ns ?: 1);

	return case_round(t, clamp_t(u64, len, SZ_4K, CASE_LONGEST));
}

/* ------------------------------------------------------------------- using */

/**
 * case_submit - submit a descriptor
 * @tx: prepared
 *
 * Context: any.
 *
 * Return: true; else the case has failed (A4.1).
 */
bool case_submit(struct case_tx *tx)
{
	struct dma_async_tx_descriptor *desc = tx->desc;

	WRITE_ONCE(tx->state, CASE_TX_SUBMITTED);
	tx->cookie = dmaengine_submit(desc);
	/* Others who share the channel look at it, to say what they have issued. */
	WRITE_ONCE(tx->submitted, ktime_get_ns());
	atomic64_inc(&tx->suite->transfers);
	return case_expect_tx(tx, tx->cookie >= DMA_MIN_COOKIE,
			      "expected a cookie of at least %d from submit, seen %d",
			      DMA_MIN_COOKIE, tx->cookie);
}

/**
 * case_issue - issue what is pending
 * @t: the trial
 * @chan: the channel
 *
 * Context: the trial's thread.
 */
void case_issue(struct case_trial *t, struct dma_chan *chan)
{
	u64 now = ktime_get_ns();
	struct case_tx *tx;
	unsigned long flags;

	spin_lock_irqsave(&t->suite->lock, flags);
	list_for_each_entry(tx, &t->txs, entry)
		if (tx->chan == chan && READ_ONCE(tx->submitted) && !tx->issued)
			tx->issued = now;
	spin_unlock_irqrestore(&t->suite->lock, flags);
	dma_async_issue_pending(chan);
}

static bool wait_slices(struct case_tx *tx)
{
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(tx->t)) + 1;

	do {
		if (wait_for_completion_timeout(&tx->done, HZ / 10 + 1))
			return true;
		if (READ_ONCE(tx->suite->worker->load->leaving)) {
			case_skip(tx->t, "the run was ended");
			return false;
		}
	} while (time_before(jiffies, end));

	tx->suite->timeouts++;
	case_fail_tx(tx, "expected a callback within %u ms, seen none, status %s",
		     case_timeout_ms(tx->t), case_status_name(case_status(tx, NULL)));
	return false;
}

/**
 * case_wait - wait for a callback
 * @tx: submitted and issued
 *
 * Context: may sleep.
 *
 * Return: true, once per callback; else the case has ended (A4.9, A6.1).
 */
bool case_wait(struct case_tx *tx)
{
	return wait_slices(tx);
}

/**
 * case_wait_complete - wait until the status is another than in progress
 * @tx: submitted and issued
 *
 * Context: may sleep.
 *
 * Return: true if it is DMA_COMPLETE; else the case has ended (A4.9, A5.1).
 */
bool case_wait_complete(struct case_tx *tx)
{
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(tx->t)) + 1;
	enum dma_status status;

	while ((status = case_status(tx, NULL)) == DMA_IN_PROGRESS) {
		if (time_after(jiffies, end)) {
			tx->suite->timeouts++;
			case_fail_tx(tx, "expected status complete within %u ms, seen %s",
				     case_timeout_ms(tx->t), case_status_name(status));
			return false;
		}
		if (READ_ONCE(tx->suite->worker->load->leaving)) {
			case_skip(tx->t, "the run was ended");
			return false;
		}
		usleep_range(20, 200);
	}
	return case_expect_tx(tx, status == DMA_COMPLETE, "expected status complete, seen %s",
			      case_status_name(status));
}

/**
 * case_start - submit and issue a descriptor
 * @tx: prepared
 *
 * Return: true; else the case has failed.
 */
bool case_start(struct case_tx *tx)
{
	if (!case_submit(tx))
		return false;
	case_issue(tx->t, tx->chan);
	return true;
}

/**
 * case_do - do a transfer and check its data
 * @tx: prepared
 *
 * Context: may sleep.
 *
 * Return: true; else the case has ended.
 */
bool case_do(struct case_tx *tx)
{
	return case_start(tx) && case_wait(tx) && case_intact(tx);
}

/**
 * case_data_seen - whether the data of a transfer can be looked at where they go
 * @tx: the descriptor
 *
 * Return: true of copies, false of what goes to or comes from a peripheral.
 */
bool case_data_seen(const struct case_tx *tx)
{
	return tx->src && tx->dst;
}

/**
 * case_intact - check what a completed transfer has left
 * @tx: completed
 *
 * The destination holds the source's data, the source has not changed, nothing was
 * written around either.
 *
 * Return: true; else the case has failed.
 */
bool case_intact(struct case_tx *tx)
{
	struct dmabench_mismatch m = {};
	u64 key = tx->src ? tx->src->key[DMABENCH_PATTERN_SOURCE] : 0;
	bool right;

	if (case_data_seen(tx)) {
		right = case_buf_is(tx->dst, 0, tx->len, key, 0, &m);
		if (!case_expect_tx(tx, right,
				    "expected %zu bytes as sent, seen %zu wrong, from %zu to %zu, the first %#x instead of %#x",
				    tx->len, m.count, m.first, m.last, m.found, m.expected))
			return false;
	}
	if (tx->src) {
		memset(&m, 0, sizeof(m));
		right = case_buf_is(tx->src, 0, tx->len, key, 0, &m);
		if (!case_expect_tx(tx, right,
				    "expected the source as it was, seen %zu bytes changed, the first at %zu",
				    m.count, m.first) ||
		    !case_guards_intact(tx->t, tx->src, "source"))
			return false;
	}
	return !tx->dst || case_guards_intact(tx->t, tx->dst, "destination");
}

/**
 * case_untouched - check that a transfer has not written yet
 * @tx: of case_carry()
 *
 * Return: true if so, or if that cannot be seen; else the case has failed.
 */
bool case_untouched(struct case_tx *tx)
{
	struct dmabench_mismatch m = {};
	bool right;

	if (!tx->dst)
		return true;
	right = case_buf_is(tx->dst, 0, tx->len, tx->dst->key[DMABENCH_PATTERN_OLD], 0, &m);
	return case_expect_tx(tx, right,
			      "expected the destination untouched, seen %zu bytes written, the first at %zu",
			      m.count, m.first);
}

/**
 * case_status - the status of a descriptor
 * @tx: submitted
 * @state: receives the residue and more; or NULL
 *
 * Context: any.
 *
 * Return: the status.
 */
enum dma_status case_status(const struct case_tx *tx, struct dma_tx_state *state)
{
	/* Providers may leave members as they were (contract A5.6, A5.8). */
	if (state)
		memset(state, 0, sizeof(*state));
	return dmaengine_tx_status(tx->chan, tx->cookie, state);
}

/**
 * case_status_name - a status in words
 * @status: the status
 *
 * Return: the words.
 */
const char *case_status_name(enum dma_status status)
{
	switch (status) {
	case DMA_COMPLETE:
		return "complete";
	case DMA_IN_PROGRESS:
		return "in progress";
	case DMA_PAUSED:
		return "paused";
	case DMA_ERROR:
		return "error";
	case DMA_OUT_OF_ORDER:
		return "out of order";
	default:
		return "unknown";
	}
}

static s64 since(const struct case_tx *tx, u64 stamp)
{
	return stamp ? (s64)(stamp - tx->prepared) : -1;
}

/**
 * case_fail_tx - what must hold of a transfer does not
 * @tx: the transfer
 * @format: as of printf: "expected ..., seen ..."
 *
 * Its cookie and stamps are told besides.
 *
 * Context: any.
 */
void case_fail_tx(struct case_tx *tx, const char *format, ...)
{
	struct case_trial *t = tx->t;
	char text[sizeof(t->text)];
	va_list args;

	if (t->verdict != CASE_PASSED)
		return;
	va_start(args, format);
	vscnprintf(text, sizeof(text), format, args);
	va_end(args);
	case_fail(t, "%s", text);
	scnprintf(t->more, sizeof(t->more),
		  "cookie %d, %zu bytes, after prep: submitted %lld ns, issued %lld ns, called back %lld ns (%d times)",
		  tx->cookie, tx->len, since(tx, tx->submitted), since(tx, tx->issued),
		  since(tx, tx->called), atomic_read(&tx->calls));
}
