// SPDX-License-Identifier: GPL-2.0-only
/*
 * One run of a case: its verdict, its time, its random numbers and its buffers.
 */
#include <linux/delay.h>
#include <linux/device.h>
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../suite.h"

/* Wide enough for the longest burst that an engine may overrun by. */
#define CASE_GUARD	256U

/* ----------------------------------------------------------------- verdict */

static __printf(3, 0)
void case_end_with(struct case_trial *t, enum case_verdict verdict, const char *format,
		   va_list args)
{
	unsigned long flags;

	/* Callbacks and helper threads judge, too; the first word counts. */
	spin_lock_irqsave(&t->suite->lock, flags);
	if (t->verdict == CASE_PASSED) {
		t->verdict = verdict;
		vscnprintf(t->text, sizeof(t->text), format, args);
	}
	spin_unlock_irqrestore(&t->suite->lock, flags);
}

/**
 * case_fail - what must hold does not
 * @t: the trial
 * @format: as of printf: "expected ..., seen ..."
 *
 * Context: any.
 */
void case_fail(struct case_trial *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	case_end_with(t, CASE_FAILED, format, args);
	va_end(args);
}

/**
 * case_skip - what must hold could not be seen
 * @t: the trial
 * @format: as of printf: why
 *
 * Context: any.
 */
void case_skip(struct case_trial *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	case_end_with(t, CASE_SKIPPED, format, args);
	va_end(args);
}

/**
 * case_note - say something beside the verdict
 * @t: the trial
 * @format: as of printf; the last note stays
 *
 * Context: thread.
 */
void case_note(struct case_trial *t, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vscnprintf(t->more, sizeof(t->more), format, args);
	va_end(args);
}

/* -------------------------------------------------------------------- time */

/**
 * case_over - whether a case has to end
 * @t: the trial
 *
 * To be asked in loops. A case that has taken too long is skipped with that reason,
 * unless it has failed.
 *
 * Return: true if so.
 */
bool case_over(struct case_trial *t)
{
	if (READ_ONCE(t->suite->worker->load->leaving)) {
		case_skip(t, "the run was ended");
		return true;
	}
	if (time_after(jiffies, t->deadline)) {
		case_skip(t, "did not come to an end within case_timeout_ms");
		return true;
	}
	return t->verdict != CASE_PASSED;
}

/**
 * case_sleep - let time pass
 * @t: the trial
 * @ms: how long at least, milliseconds
 *
 * Context: may sleep.
 */
void case_sleep(struct case_trial *t, unsigned int ms)
{
	unsigned long until = jiffies + msecs_to_jiffies(ms) + 1;

	while (time_before(jiffies, until) && !READ_ONCE(t->suite->worker->load->leaving))
		schedule_timeout_idle(min_t(long, until - jiffies, HZ / 20 + 1));
}

/**
 * case_spin - let a short time pass without sleeping
 * @us: microseconds
 *
 * Context: any.
 */
void case_spin(unsigned int us)
{
	u64 until = ktime_get_ns() + us * NSEC_PER_USEC;

	while (ktime_get_ns() < until)
		cpu_relax();
}

/**
 * case_random - the next random number of a case
 * @t: the trial
 *
 * Context: the trial's thread.
 *
 * Return: the number; the same ones come for the same seed and case.
 */
u32 case_random(struct case_trial *t)
{
	t->random = dmabench_mix(t->random + 1);
	return t->random >> 32;
}

/* ----------------------------------------------------------------- buffers */

static u64 name_hash(const char *name)
{
	u64 hash = 0;

	while (*name)
		hash = dmabench_mix(hash + *name++);
	return hash;
}

/**
 * case_key - the key of data that no other buffer has
 * @t: the trial
 * @nr: number of the buffer
 * @kind: of data
 *
 * Cases do not share data: what one has left in a peripheral must not look right
 * in the next.
 *
 * Return: the key.
 */
u64 case_key(const struct case_trial *t, unsigned int nr, enum dmabench_pattern_kind kind)
{
	return dmabench_pattern_key(t->seed, name_hash(t->which->name), nr, kind);
}

/**
 * case_buf_new - memory for a transfer
 * @t: the trial, with which it goes
 * @len: bytes of data
 *
 * Coherent, so that the CPU sees what the engine does while it does it.
 *
 * Context: may sleep.
 *
 * Return: the buffer, its guards filled; NULL: the case is skipped for want of memory.
 */
struct case_buf *case_buf_new(struct case_trial *t, size_t len)
{
	struct case_buf *buf = kzalloc_obj(*buf);
	unsigned int kind;
	size_t tail;

	if (!buf)
		goto no_memory;
	buf->dev = t->suite->chan->map_dev;
	buf->len = len;
	buf->bytes = CASE_GUARD + len + CASE_GUARD;
	buf->mem = dma_alloc_coherent(buf->dev, buf->bytes, &buf->handle, GFP_KERNEL);
	if (!buf->mem) {
		kfree(buf);
		goto no_memory;
	}
	buf->data = buf->mem + CASE_GUARD;
	buf->dma = buf->handle + CASE_GUARD;
	for (kind = 0; kind < DMABENCH_PATTERN_KINDS; kind++)
		buf->key[kind] = case_key(t, t->nr_bufs, kind);
	t->nr_bufs++;
	tail = buf->bytes - CASE_GUARD - len;
	dmabench_pattern_fill(buf->mem, CASE_GUARD, buf->key[DMABENCH_PATTERN_GUARD], 0);
	dmabench_pattern_fill(buf->data + len, tail, buf->key[DMABENCH_PATTERN_GUARD],
			      CASE_GUARD);
	list_add_tail(&buf->entry, &t->bufs);
	return buf;

no_memory:
	case_skip(t, "no memory for a buffer of %zu bytes", len);
	return NULL;
}

/**
 * case_buf_fill - fill a buffer's data
 * @buf: the buffer
 * @kind: with what
 */
void case_buf_fill(struct case_buf *buf, enum dmabench_pattern_kind kind)
{
	dmabench_pattern_fill(buf->data, buf->len, buf->key[kind], 0);
}

/**
 * case_buf_is - whether a stretch of a buffer holds a pattern
 * @buf: the buffer
 * @at: where the stretch begins
 * @len: its bytes
 * @key: of the pattern
 * @pos: position in the pattern that @at must hold
 * @m: filled in if not, offsets from @at
 *
 * Context: any.
 *
 * Return: true if so.
 */
bool case_buf_is(const struct case_buf *buf, size_t at, size_t len, u64 key, u64 pos,
		 struct dmabench_mismatch *m)
{
	/* What was completed before we were told is read after we were told. */
	dma_rmb();
	return dmabench_pattern_check(buf->data + at, len, key, pos, m);
}

/**
 * case_guards_intact - whether nothing was written around a buffer
 * @t: the trial
 * @buf: the buffer
 * @what: the buffer in a word, for the reason
 *
 * Return: true if so; else the case has failed.
 */
bool case_guards_intact(struct case_trial *t, const struct case_buf *buf, const char *what)
{
	u64 key = buf->key[DMABENCH_PATTERN_GUARD];
	struct dmabench_mismatch m = {};
	bool before = dmabench_pattern_check(buf->mem, CASE_GUARD, key, 0, &m);

	if (!case_expect(t, before,
			 "expected the %u bytes before the %s as they were, seen %zu changed, the first %zu before it: %#x became %#x",
			 CASE_GUARD, what, m.count, CASE_GUARD - m.first, m.expected, m.found))
		return false;
	memset(&m, 0, sizeof(m));
	before = dmabench_pattern_check(buf->data + buf->len, CASE_GUARD, key, CASE_GUARD, &m);
	return case_expect(t, before,
			   "expected the %u bytes behind the %s as they were, seen %zu changed, the first %zu behind it: %#x became %#x",
			   CASE_GUARD, what, m.count, m.first, m.expected, m.found);
}

/**
 * case_buf_digest - a number that changes when the memory does
 * @buf: the buffer, with its guards
 *
 * Return: the number.
 */
u64 case_buf_digest(const struct case_buf *buf)
{
	const u64 *word = buf->mem;
	u64 digest = 0;
	size_t i;

	for (i = 0; i < buf->bytes / sizeof(*word); i++)
		digest = (digest ^ READ_ONCE(word[i])) * 0x9e3779b97f4a7c15ULL;
	return digest;
}

/**
 * case_buf_arrived - how much of a transfer has arrived
 * @dst: destination
 * @src: source, filled as DMABENCH_PATTERN_SOURCE
 * @len: bytes of the transfer
 *
 * Context: any; the engine may be writing.
 *
 * Return: bytes at the start of @dst that are those of @src.
 */
size_t case_buf_arrived(const struct case_buf *dst, const struct case_buf *src, size_t len)
{
	struct dmabench_mismatch m = {};

	dma_rmb();
	if (dmabench_pattern_check(dst->data, len, src->key[DMABENCH_PATTERN_SOURCE], 0, &m))
		return len;
	return m.first;
}

static void case_buf_free(struct case_buf *buf)
{
	dma_free_coherent(buf->dev, buf->bytes, buf->mem, buf->handle);
	kfree(buf);
}

/* ------------------------------------------------------------------- trial */

/**
 * dmabench_trial_begin - get ready for a case
 * @t: zeroed
 * @suite: that runs it
 * @which: the case
 * @seed: of the round
 */
void dmabench_trial_begin(struct case_trial *t, struct dmabench_suite *suite,
			  const struct dmabench_case *which, u64 seed)
{
	t->suite = suite;
	t->which = which;
	t->chan = suite->chan ? suite->chan->dma : NULL;
	t->seed = seed;
	t->random = dmabench_mix(seed) ^ name_hash(which->name);
	t->deadline = jiffies + msecs_to_jiffies(suite_knobs(suite)->case_timeout_ms);
	INIT_LIST_HEAD(&t->bufs);
	INIT_LIST_HEAD(&t->txs);
}

/**
 * dmabench_trial_free_bufs - free the buffers of a trial
 * @t: no engine may access them any more
 *
 * Context: may sleep.
 */
void dmabench_trial_free_bufs(struct case_trial *t)
{
	struct case_buf *buf, *next;

	list_for_each_entry_safe(buf, next, &t->bufs, entry) {
		list_del(&buf->entry);
		case_buf_free(buf);
	}
}

/**
 * dmabench_trial_keep_bufs - keep the buffers of a trial until the channels are gone
 * @t: the trial
 */
void dmabench_trial_keep_bufs(struct case_trial *t)
{
	struct case_buf *buf;

	list_for_each_entry(buf, &t->bufs, entry)
		get_device(buf->dev);
	list_splice_tail_init(&t->bufs, &t->suite->kept);
}

/**
 * dmabench_kept_free - free what dmabench_trial_keep_bufs() has kept
 * @suite: its channels were given back
 *
 * Context: may sleep.
 */
void dmabench_kept_free(struct dmabench_suite *suite)
{
	struct case_buf *buf, *next;

	list_for_each_entry_safe(buf, next, &suite->kept, entry) {
		struct device *dev = buf->dev;

		list_del(&buf->entry);
		case_buf_free(buf);
		put_device(dev);
	}
}

/* ------------------------------------------------- what is known of the channel */

/**
 * case_peer - the channel that receives, of a pair
 * @t: the trial
 *
 * Return: the channel or NULL.
 */
struct dma_chan *case_peer(const struct case_trial *t)
{
	return t->suite->peer ? t->suite->peer->dma : NULL;
}

/**
 * case_chan_of - the channel for a direction
 * @t: the trial
 * @dir: DMA_MEM_TO_DEV or DMA_DEV_TO_MEM
 *
 * Return: the channel.
 */
struct dma_chan *case_chan_of(const struct case_trial *t, enum dma_transfer_direction dir)
{
	return dir == DMA_DEV_TO_MEM && t->suite->peer ? t->suite->peer->dma : t->chan;
}

/**
 * case_caps - what dma_get_slave_caps() tells of the channel under test
 * @t: the trial
 *
 * Return: the capabilities, or NULL if it tells none.
 */
const struct dma_slave_caps *case_caps(const struct case_trial *t)
{
	return t->suite->has_caps ? &t->suite->caps : NULL;
}

/**
 * case_timeout_ms - how long a transfer may take
 * @t: the trial
 *
 * Return: milliseconds.
 */
unsigned int case_timeout_ms(const struct case_trial *t)
{
	return suite_knobs(t->suite)->timeout_ms;
}

/**
 * case_align - what lengths and addresses of a carried transfer are multiples of
 * @t: the trial
 *
 * Return: bytes.
 */
size_t case_align(const struct case_trial *t)
{
	if (case_can(t, CASE_NEED_MEMCPY))
		return 1UL << t->chan->device->copy_align;
	return case_width(t);
}

/**
 * case_width - bytes of an access to the peripheral
 * @t: the trial
 *
 * Return: bytes, 1 without a peripheral.
 */
unsigned int case_width(const struct case_trial *t)
{
	return t->suite->port ? t->suite->port->width : 1;
}

/**
 * case_configure - tell the channel for a direction of the peripheral
 * @t: the trial; there is a peripheral
 * @dir: DMA_MEM_TO_DEV or DMA_DEV_TO_MEM
 *
 * Return: true; else the case has failed.
 */
bool case_configure(struct case_trial *t, enum dma_transfer_direction dir)
{
	struct dmabench_suite *suite = t->suite;
	struct dmabench_chan *chan = dir == DMA_DEV_TO_MEM && suite->peer ? suite->peer :
									      suite->chan;
	char reason[120];

	if (!dmabench_port_connect(suite->port, chan, dir, reason, sizeof(reason)))
		return true;
	case_fail(t, "expected slave_config to take the peripheral, seen: %s", reason);
	return false;
}
