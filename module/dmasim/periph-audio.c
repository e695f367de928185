// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - both directions of a codec, which numbers its frames
 *
 * A frame is a word: its number in the low 24 bits, in the top 8 an epoch. Each
 * epoch begins with frame 0. Who starts a stream anew uses the next epoch, so a
 * frame that was left over from before can be told.
 *
 * A transfer that is terminated may still read what is in its buffer by then: the
 * frames of the next start, at the places of its own. Those are early. The first
 * frame that follows a transfer that was broken off begins a start, and what is
 * missing before that one is lost.
 *
 * Where frames were lost on the way out, their numbers are missing from those
 * that come in, and the other way around.
 */
#include <linux/bits.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "dmasim.h"

#define DMASIM_FRAME_BITS	24
#define DMASIM_FRAME_MASK	GENMASK(DMASIM_FRAME_BITS - 1, 0)
#define DMASIM_EPOCH_MAX	255

/**
 * struct dmasim_playback - what comes to the codec
 * @tx:		the register
 * @drain:	FIFO
 * @stream:	puts the frames together
 * @epoch:	the newest one
 * @next:	number of the frame that must come
 * @start:	the next frame is the first one after a transfer that was broken off
 * @midway:	the epoch changed within a transfer
 * @accepted:	frames that came in order, gaps aside
 * @lost:	frames that were left out
 * @duplicate:	frames whose number had been passed already
 * @stale:	frames of an epoch older than the newest
 * @early:	frames that a transfer read which had been terminated
 */
struct dmasim_playback {
	struct dmasim_port tx;
	struct dmasim_drain drain;
	struct dmasim_words stream;
	u8 epoch;
	u32 next;
	bool start;
	bool midway;
	u64 accepted;
	u64 lost;
	u64 duplicate;
	u64 stale;
	u64 early;
};

/**
 * struct dmasim_capture - what comes from the codec
 * @rx:		the register
 * @broken:	a transfer was broken off; written in any context
 * @fill:	FIFO
 * @epoch:	of the frames
 * @turn:	@next_epoch begins with the next frame
 * @next_epoch:	see @turn
 * @at:		number of the next byte of this epoch
 * @frames:	that were given, the last one maybe in part
 * @overruns:	how many times frames found no room
 * @lost:	how many did not
 */
struct dmasim_capture {
	struct dmasim_port rx;
	bool broken;
	struct dmasim_fill fill;
	u8 epoch;
	bool turn;
	u8 next_epoch;
	u64 at;
	u64 frames;
	u64 overruns;
	u64 lost;
};

/**
 * struct dmasim_codec - a codec
 * @lock:	protects both directions; interrupts disabled
 * @out:	playback
 * @in:		capture
 */
struct dmasim_codec {
	spinlock_t lock;	/* of both directions */
	struct dmasim_playback out;
	struct dmasim_capture in;
};

static void dmasim_audio_frame(void *periph, u32 word)
{
	struct dmasim_playback *p = periph;
	u8 epoch = word >> DMASIM_FRAME_BITS;
	u32 number = word & DMASIM_FRAME_MASK;
	bool start = p->start, again = start && p->midway;
	u32 ahead;

	p->start = false;
	if (start)
		p->midway = false;

	if ((s8)(epoch - p->epoch) < 0) {
		p->stale++;
		return;
	}
	if (epoch != p->epoch) {
		if (number && !start) {
			/* It stands where one of the transfer's own frames stood. */
			p->early++;
			p->next = (p->next + 1) & DMASIM_FRAME_MASK;
			return;
		}
		p->midway = !start;
		p->epoch = epoch;
		p->next = 0;
	} else if (again && !number) {
		p->early += p->next;
		p->accepted -= p->next;
		p->next = 0;
	}
	/* Numbers wrap: what is far ahead is behind. */
	ahead = (word - p->next) & DMASIM_FRAME_MASK;
	if (ahead > DMASIM_FRAME_MASK / 2) {
		p->duplicate++;
		return;
	}
	p->lost += ahead;
	p->accepted++;
	p->next = (word + 1) & DMASIM_FRAME_MASK;
}

static ssize_t dmasim_audio_push(struct dmasim_port *port, struct dmasim_chan *c,
				 const u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_codec *k = container_of(port, struct dmasim_codec, out.tx);
	size_t n;

	spin_lock(&k->lock);
	n = dmasim_drain_put(&k->out.drain, c, len, width);
	if (n && READ_ONCE(k->out.stream.broken))
		k->out.start = true;
	dmasim_words_feed(&k->out.stream, buf, n, dmasim_audio_frame, &k->out);
	spin_unlock(&k->lock);
	return n;
}

static void dmasim_audio_give(struct dmasim_capture *in, u8 *buf, size_t n)
{
	dmasim_words_make(buf, n, in->at, (u32)in->epoch << DMASIM_FRAME_BITS,
			  DMASIM_FRAME_MASK);
	in->frames += DIV_ROUND_UP_ULL(in->at + n, DMASIM_WORD) -
		      DIV_ROUND_UP_ULL(in->at, DMASIM_WORD);
	in->at += n;
}

/* The new epoch begins once the frame is complete that was given in part. */
static size_t dmasim_audio_turn(struct dmasim_capture *in, u8 *buf, size_t n)
{
	size_t rest = min_t(u64, round_up(in->at, DMASIM_WORD) - in->at, n);

	dmasim_audio_give(in, buf, rest);
	if (in->at % DMASIM_WORD == 0) {
		in->turn = false;
		in->epoch = in->next_epoch;
		in->at = 0;
	}
	return rest;
}

static ssize_t dmasim_audio_pull(struct dmasim_port *port, struct dmasim_chan *c,
				 u8 *buf, size_t len, unsigned int width)
{
	struct dmasim_codec *k = container_of(port, struct dmasim_codec, in.rx);
	struct dmasim_capture *in = &k->in;
	size_t n, turned = 0;
	u64 lost;

	spin_lock(&k->lock);

	if (READ_ONCE(in->broken)) {
		WRITE_ONCE(in->broken, false);
		in->at = round_up(in->at, DMASIM_WORD);
	}
	n = dmasim_fill_get(&in->fill, c, len, width, &lost);
	in->at += lost;
	in->lost += lost / DMASIM_WORD;
	in->overruns += !!lost;
	if (in->turn)
		turned = dmasim_audio_turn(in, buf, n);
	dmasim_audio_give(in, buf + turned, n - turned);

	spin_unlock(&k->lock);
	return n;
}

static void dmasim_audio_forget_tx(struct dmasim_port *port, struct dmasim_chan *c)
{
	struct dmasim_codec *k = container_of(port, struct dmasim_codec, out.tx);

	WRITE_ONCE(k->out.stream.broken, true);
	dmasim_drain_forget(&k->out.drain);
}

static void dmasim_audio_forget_rx(struct dmasim_port *port, struct dmasim_chan *c)
{
	struct dmasim_codec *k = container_of(port, struct dmasim_codec, in.rx);

	WRITE_ONCE(k->in.broken, true);
	dmasim_fill_stop(&k->in.fill);
}

static const struct dmasim_port_ops dmasim_audio_tx_ops = {
	.push = dmasim_audio_push,
	.forget = dmasim_audio_forget_tx,
};

static const struct dmasim_port_ops dmasim_audio_rx_ops = {
	.pull = dmasim_audio_pull,
	.forget = dmasim_audio_forget_rx,
};

static void *dmasim_audio_create(const struct dmasim_config *cfg, phys_addr_t base)
{
	struct dmasim_codec *k = kzalloc_obj(*k);

	if (!k)
		return ERR_PTR(-ENOMEM);

	spin_lock_init(&k->lock);
	k->out.start = true;
	k->out.tx.ops = &dmasim_audio_tx_ops;
	k->out.tx.addr = base + DMASIM_PERIPH_TX;
	k->in.rx.ops = &dmasim_audio_rx_ops;
	k->in.rx.addr = base + DMASIM_PERIPH_RX;
	dmasim_drain_init(&k->out.drain, cfg->audio_rate);
	dmasim_fill_init(&k->in.fill, cfg->audio_rate);
	return k;
}

static void dmasim_audio_destroy(void *periph)
{
	kfree(periph);
}

static struct dmasim_port *dmasim_audio_port(void *periph, phys_addr_t addr)
{
	struct dmasim_codec *k = periph;

	if (addr == k->out.tx.addr)
		return &k->out.tx;
	return addr == k->in.rx.addr ? &k->in.rx : NULL;
}

static void dmasim_audio_show(struct seq_file *s, void *periph)
{
	struct dmasim_codec *k = periph;
	struct dmasim_playback out;
	struct dmasim_capture in;

	spin_lock_irq(&k->lock);
	out = k->out;
	in = k->in;
	spin_unlock_irq(&k->lock);

	seq_printf(s, " tx=%pa rx=%pa rate=%u fifo_bytes=%u", &out.tx.addr, &in.rx.addr,
		   in.fill.rate, in.fill.size);
	seq_printf(s, " accepted=%llu lost=%llu duplicate=%llu stale=%llu early=%llu newest_epoch=%u",
		   out.accepted, out.lost, out.duplicate, out.stale, out.early, out.epoch);
	seq_printf(s, " epoch=%u frames_out=%llu overruns=%llu frames_lost=%llu",
		   in.turn ? in.next_epoch : in.epoch,
		   in.frames, in.overruns, in.lost);
}

static void dmasim_audio_reset(void *periph, u64 value)
{
	struct dmasim_codec *k = periph;

	spin_lock_irq(&k->lock);
	k->out.stream.have = 0;
	k->out.epoch = 0;
	k->out.next = 0;
	k->out.accepted = 0;
	k->out.lost = 0;
	k->out.duplicate = 0;
	k->out.stale = 0;
	k->out.early = 0;
	k->out.start = true;
	k->out.midway = false;
	k->in.epoch = 0;
	k->in.turn = false;
	k->in.at = 0;
	k->in.frames = 0;
	k->in.overruns = 0;
	k->in.lost = 0;
	dmasim_fill_stop(&k->in.fill);
	spin_unlock_irq(&k->lock);
}

static void dmasim_audio_epoch(void *periph, u64 value)
{
	struct dmasim_codec *k = periph;

	spin_lock_irq(&k->lock);
	k->in.next_epoch = value;
	k->in.turn = true;
	spin_unlock_irq(&k->lock);
}

static const struct dmasim_periph_key dmasim_audio_keys[] = {
	{ .name = "reset", .max = 1, .set = dmasim_audio_reset },
	{ .name = "epoch", .max = DMASIM_EPOCH_MAX, .set = dmasim_audio_epoch },
	{ }
};

const struct dmasim_periph_kind dmasim_audio_kind = {
	.name = "audio",
	.client = "dmabench-audio",
	.keys = dmasim_audio_keys,
	.create = dmasim_audio_create,
	.destroy = dmasim_audio_destroy,
	.port = dmasim_audio_port,
	.show = dmasim_audio_show,
};
