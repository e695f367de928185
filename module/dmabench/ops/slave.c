// SPDX-License-Identifier: GPL-2.0-only
/*
 * What operations with a peripheral have in common: what is sent, and what can be
 * known of what is received.
 */
#include <linux/kernel.h>
#include <linux/string.h>

#include "slave.h"

static bool sends(const struct dmabench_xfer *x)
{
	return x->sources;
}

static bool receives(const struct dmabench_xfer *x)
{
	return x->sides > x->sources;
}

/* Words that count up from one transfer to the next, as the peripheral has them. */
static void counter_expect(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	u32 first = x->queue->counter;
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = (first + (from + i) / 4) >> (from + i) % 4 * 8;
}

/* The word is written before the transfer, and read over and over. */
static void word_expect(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	u32 width = x->queue->port->width;
	size_t i;

	for (i = 0; i < len; i++)
		to[i] = dmabench_xfer_random(x, (from + i) % width);
}

/**
 * dmabench_slave_fill - write what is sent, and what is overwritten
 * @x: the transfer, set up
 */
void dmabench_slave_fill(struct dmabench_xfer *x)
{
	const struct dmabench_port *port = x->queue->port;

	if (sends(x) && port->endpoint == DMABENCH_ENDPOINT_COUNTER) {
		dmabench_xfer_fill_computed(x, 0, counter_expect);
		x->queue->counter += x->size / 4;
	} else if (sends(x)) {
		dmabench_xfer_fill_side(x, 0, DMABENCH_PATTERN_SOURCE);
	}
	if (receives(x))
		dmabench_xfer_fill_side(x, x->sources, DMABENCH_PATTERN_OLD);
	if (port->endpoint == DMABENCH_ENDPOINT_WORD)
		word_expect(x, 0, port->word, port->width);
}

/* Where the peripheral's count stands is known from the first word that it gives. */
static void counter_begin(struct dmabench_xfer *x)
{
	const struct dmabench_piece *piece;
	unsigned int count;
	const u8 *mem;

	if (x->queue->counting)
		return;
	piece = dmabench_xfer_pieces(x, x->sources, &count);
	mem = x->side[x->sources].buf.start + piece->at;
	x->queue->counter = mem[0] | mem[1] << 8 | mem[2] << 16 | (u32)mem[3] << 24;
	x->queue->counting = true;
}

static bool check_received(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	unsigned int side = x->sources;
	bool right;

	switch (x->queue->port->endpoint) {
	case DMABENCH_ENDPOINT_LOOPBACK:
		/* One way alone, nothing is known of the other. */
		if (!sends(x))
			break;
		return dmabench_xfer_check_side(x, side, DMABENCH_PATTERN_SOURCE, "destination",
						reason, reason_size);
	case DMABENCH_ENDPOINT_WORD:
		if (sends(x))
			break;
		return dmabench_xfer_check_computed(x, side, "destination", word_expect,
						    reason, reason_size);
	case DMABENCH_ENDPOINT_COUNTER:
		/* Words that the engine had taken are lost, nobody knows how many. */
		if (x->fate != DMABENCH_FATE_COMPLETE) {
			x->queue->counting = false;
			break;
		}
		counter_begin(x);
		right = dmabench_xfer_check_computed(x, side, "destination", counter_expect,
						     reason, reason_size);
		x->queue->counter += x->size / 4;
		return right;
	default:
		break;
	}
	return dmabench_xfer_check_guards(x, side, "destination", reason, reason_size);
}

/* The last beat is what the word holds now. */
static bool check_word(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	u32 width = x->queue->port->width;
	const struct dmabench_piece *last;
	unsigned int count;
	const u8 *beat;

	last = dmabench_xfer_pieces(x, 0, &count);
	last += count - 1;
	beat = x->side[0].buf.start + last->at + last->len - width;
	if (!memcmp(x->queue->port->word, beat, width))
		return true;
	scnprintf(reason, reason_size, "the word holds %*ph, the last beat was %*ph",
		  min_t(int, width, 8), x->queue->port->word, min_t(int, width, 8), beat);
	return false;
}

static bool check_sent(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	if (x->queue->port->endpoint == DMABENCH_ENDPOINT_COUNTER)
		return dmabench_xfer_check_guards(x, 0, "source", reason, reason_size);
	if (x->queue->port->endpoint == DMABENCH_ENDPOINT_WORD && !receives(x) &&
	    x->fate == DMABENCH_FATE_COMPLETE && !check_word(x, reason, reason_size))
		return false;
	return dmabench_xfer_check_side(x, 0, DMABENCH_PATTERN_SOURCE, "source",
					reason, reason_size);
}

/**
 * dmabench_slave_verify - check what was received, and what was sent
 * @x: the transfer, as filled by dmabench_slave_fill()
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if all that can be known is right.
 */
bool dmabench_slave_verify(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	return (!receives(x) || check_received(x, reason, reason_size)) &&
	       (!sends(x) || check_sent(x, reason, reason_size));
}
