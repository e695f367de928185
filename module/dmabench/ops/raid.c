// SPDX-License-Identifier: GPL-2.0-only
/*
 * What operations over many sources have in common. Sources hold data of their
 * own, each another pattern, and coefficients are random: with equal sources or
 * coefficients of one, a source left out or a wrong polynomial would look right.
 */
#include <linux/kernel.h>
#include <linux/math64.h>

#include "../gf.h"
#include "raid.h"

/**
 * dmabench_raid_sources - the sources that are summed up
 * @x: the transfer
 *
 * Return: their number; P and Q of pq_val, which stand behind them, not counted.
 */
unsigned int dmabench_raid_sources(struct dmabench_xfer *x)
{
	return x->sources - x->op->sources;
}

/**
 * dmabench_raid_addresses - where the device finds the sources
 * @x: the transfer, mapped
 * @src: receives an address for each
 */
void dmabench_raid_addresses(struct dmabench_xfer *x, dma_addr_t *src)
{
	unsigned int i;

	for (i = 0; i < dmabench_raid_sources(x); i++)
		src[i] = dmabench_xfer_dma(x, i);
}

/**
 * dmabench_raid_coefficients - the coefficients of a transfer's sources
 * @x: the transfer
 * @coef: receives one for each, never 0, so that no source is without effect
 */
void dmabench_raid_coefficients(struct dmabench_xfer *x, u8 *coef)
{
	unsigned int i;

	for (i = 0; i < dmabench_raid_sources(x); i++)
		coef[i] = (u8)dmabench_xfer_random(x, i) ?: 1;
}

/**
 * dmabench_raid_fill_sources - write all sources
 * @x: the transfer
 */
void dmabench_raid_fill_sources(struct dmabench_xfer *x)
{
	unsigned int i;

	for (i = 0; i < dmabench_raid_sources(x); i++)
		dmabench_xfer_fill_side(x, i, DMABENCH_PATTERN_SOURCE);
}

/**
 * dmabench_raid_check_sources - check that no source has changed
 * @x: the transfer
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if all is right.
 */
bool dmabench_raid_check_sources(struct dmabench_xfer *x, char *reason, size_t reason_size)
{
	unsigned int i;
	char what[16];

	for (i = 0; i < dmabench_raid_sources(x); i++) {
		scnprintf(what, sizeof(what), "source %u", i);
		if (!dmabench_xfer_check_side(x, i, DMABENCH_PATTERN_SOURCE, what,
					      reason, reason_size))
			return false;
	}
	return true;
}

static void raid_pointers(struct dmabench_xfer *x, size_t from, const u8 **src)
{
	unsigned int i;

	for (i = 0; i < dmabench_raid_sources(x); i++)
		src[i] = dmabench_xfer_mem(x, i) + from;
}

/**
 * dmabench_raid_p - a stretch of the sources' P
 * @x: the transfer
 * @from: offset of the stretch
 * @to: receives it
 * @len: its bytes
 */
void dmabench_raid_p(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	const u8 *src[DMABENCH_MAX_SOURCES];

	raid_pointers(x, from, src);
	dmabench_gf_xor(to, src, dmabench_raid_sources(x), len);
}

/**
 * dmabench_raid_q - a stretch of the sources' Q
 * @x: the transfer
 * @from: offset of the stretch
 * @to: receives it
 * @len: its bytes
 */
void dmabench_raid_q(struct dmabench_xfer *x, size_t from, u8 *to, size_t len)
{
	const u8 *src[DMABENCH_MAX_SOURCES];
	u8 coef[DMABENCH_MAX_SOURCES];

	raid_pointers(x, from, src);
	dmabench_raid_coefficients(x, coef);
	dmabench_gf_syndrome(to, src, coef, dmabench_raid_sources(x), len);
}

/**
 * dmabench_raid_flip - turn one bit of a buffer over; a second call turns it back
 * @x: the transfer
 * @side: number of the buffer
 */
void dmabench_raid_flip(struct dmabench_xfer *x, unsigned int side)
{
	u64 random = dmabench_xfer_random(x, DMABENCH_MAX_SOURCES);
	u8 *mem = dmabench_xfer_mem(x, side);
	u64 at;

	div64_u64_rem(random >> 8, x->size, &at);
	mem[at] ^= 1 << random % 8;
}

/**
 * dmabench_raid_check_result - check what a _val operation has found
 * @x: the transfer
 * @expected: what it should have found
 * @reason: receives what is wrong
 * @reason_size: room of @reason
 *
 * Return: true if it is right.
 */
bool dmabench_raid_check_result(struct dmabench_xfer *x, enum sum_check_flags expected,
				char *reason, size_t reason_size)
{
	/* Of what was terminated nobody says whether there is one. */
	if (x->check == expected || x->fate != DMABENCH_FATE_COMPLETE)
		return true;
	scnprintf(reason, reason_size, "result wrong: expected 0x%x, found 0x%x",
		  expected, x->check);
	return false;
}
