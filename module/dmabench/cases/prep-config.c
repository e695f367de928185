// SPDX-License-Identifier: GPL-2.0-only
/*
 * A2.8 and A2.9: which configuration a transfer goes by. A peripheral that fails and
 * one that gives back what it gets tell where data went.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "../suite.h"
#include "prep.h"
#include "slave-kit.h"

/* What goes to the loopback, in units; the failing peripheral takes none of it. */
#define CONFIG_UNITS	32

static int config_to(struct case_trial *t, u64 addr, unsigned int width, unsigned int burst)
{
	struct dma_slave_config config = {
		.direction = DMA_MEM_TO_DEV,
		.dst_addr = addr,
		.dst_addr_width = width,
		.dst_maxburst = burst,
	};

	return dmaengine_slave_config(t->chan, &config);
}

static bool expect_config(struct case_trial *t, u64 addr)
{
	int ret = config_to(t, addr, case_width(t), t->suite->port->maxburst);

	return case_expect(t, !ret, "expected slave_config to return 0, seen %d", ret);
}

static bool arrived(struct case_tx *tx, const struct case_buf *in, const struct case_buf *out,
		    size_t len)
{
	struct dmabench_mismatch m = {};
	bool right = case_buf_is(in, 0, len, out->key[DMABENCH_PATTERN_SOURCE], 0, &m);

	return case_expect_tx(tx, right,
			      "expected %zu bytes at the peripheral configured before prep, seen %zu wrong, the first at %zu",
			      len, m.count, m.first);
}

/* The buffers, and a transfer that waits for what comes back. */
static struct case_tx *listen(struct case_trial *t, struct case_buf **out, struct case_buf **in,
			      size_t len)
{
	struct case_tx *rx;

	*out = case_buf_new(t, len);
	*in = *out ? case_buf_new(t, len) : NULL;
	if (!*in || !case_configure(t, DMA_DEV_TO_MEM))
		return NULL;
	case_buf_fill(*out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(*in, DMABENCH_PATTERN_OLD);
	rx = case_slave_at(t, *in, 0, len, DMA_DEV_TO_MEM);
	return rx && case_start(rx) ? rx : NULL;
}

/**
 * prep_config_is_for_later - A2.8: not for what is queued
 * @t: the trial
 */
void prep_config_is_for_later(struct case_trial *t)
{
	size_t len = CONFIG_UNITS * case_unit(t);
	struct case_buf *out, *in;
	struct case_tx *rx, *tx;
	unsigned int i;

	for (i = 0; i < 3 && !case_over(t); i++) {
		rx = listen(t, &out, &in, len);
		if (!rx || !expect_config(t, t->suite->port->tx_addr))
			return;
		tx = case_slave_at(t, out, 0, len, DMA_MEM_TO_DEV);
		if (!tx || !case_submit(tx))
			return;
		if (i == 1) {
			case_issue(t, t->chan);
			/* Perhaps in the middle of it. */
			case_spin(case_random(t) % 20);
		}
		if (!expect_config(t, suite_knobs(t->suite)->failing_addr))
			return;
		case_issue(t, t->chan);
		if (!case_wait(tx) || !case_wait(rx) || !arrived(tx, in, out, len))
			return;
	}
}

/* Configured for one peripheral and then for another: whether the other one gets the data. */
static bool replaced_by_loopback(struct case_trial *t)
{
	size_t len = CONFIG_UNITS * case_unit(t);
	struct case_buf *out, *in;
	struct case_tx *rx, *tx;

	rx = listen(t, &out, &in, len);
	if (!rx || !expect_config(t, suite_knobs(t->suite)->failing_addr) ||
	    !expect_config(t, t->suite->port->tx_addr))
		return false;
	tx = case_slave_at(t, out, 0, len, DMA_MEM_TO_DEV);
	return tx && case_start(tx) && case_wait(tx) && case_wait(rx) && arrived(tx, in, out, len);
}

/* The other way round: of what goes to the failing one nothing comes back. */
static bool replaced_by_failing(struct case_trial *t)
{
	size_t len = CONFIG_UNITS * case_unit(t);
	struct dmabench_mismatch m = {};
	struct case_buf *out, *in;
	struct case_tx *rx, *tx;
	bool quiet;

	rx = listen(t, &out, &in, len);
	if (!rx || !expect_config(t, t->suite->port->tx_addr) ||
	    !expect_config(t, suite_knobs(t->suite)->failing_addr))
		return false;
	tx = case_slave_at(t, out, 0, len, DMA_MEM_TO_DEV);
	if (!tx || !case_start(tx) || !case_wait(tx))
		return false;
	/* The reader may be behind the writer. */
	case_sleep(t, 20);
	quiet = case_buf_is(in, 0, len, in->key[DMABENCH_PATTERN_OLD], 0, &m);
	return case_expect_tx(tx, quiet,
			      "expected nothing at the peripheral of the configuration before, seen %zu bytes there",
			      m.count) &&
	       case_expect_tx(tx, !atomic_read(&rx->calls),
			      "expected no end of the receiver to which nothing is sent, seen %d callbacks",
			      atomic_read(&rx->calls)) &&
	       !case_terminate(t, tx->chan) && !case_terminate(t, rx->chan);
}

/**
 * prep_config_replaces - A2.8: nothing stays
 * @t: the trial
 */
void prep_config_replaces(struct case_trial *t)
{
	unsigned int i;

	for (i = 0; i < 3 && !case_over(t); i++)
		if (!replaced_by_loopback(t) || !replaced_by_failing(t))
			return;
}

/**
 * prep_config_is_copied - A2.9
 * @t: the trial
 */
void prep_config_is_copied(struct case_trial *t)
{
	size_t len = CONFIG_UNITS * case_unit(t);
	struct dma_slave_config *config;
	struct case_buf *out, *in;
	struct case_tx *rx, *tx;
	int ret;

	rx = listen(t, &out, &in, len);
	config = rx ? kzalloc_obj(*config) : NULL;
	if (!config)
		return;
	config->direction = DMA_MEM_TO_DEV;
	config->dst_addr = t->suite->port->tx_addr;
	config->dst_addr_width = case_width(t);
	config->dst_maxburst = t->suite->port->maxburst;
	ret = dmaengine_slave_config(t->chan, config);
	/* As if it had been on a stack. */
	memset(config, 0xa5, sizeof(*config));
	kfree(config);
	if (!case_expect(t, !ret, "expected slave_config to return 0, seen %d", ret))
		return;
	tx = case_slave_at(t, out, 0, len, DMA_MEM_TO_DEV);
	if (tx && case_start(tx) && case_wait(tx) && case_wait(rx))
		arrived(tx, in, out, len);
}

static bool width_works(struct case_trial *t, unsigned int before, unsigned int width, size_t len)
{
	struct case_buf *out, *in;
	struct case_tx *rx, *tx;
	int ret;

	rx = listen(t, &out, &in, len);
	if (!rx)
		return false;
	config_to(t, t->suite->port->tx_addr, before, 1);
	ret = config_to(t, t->suite->port->tx_addr, width, 1);
	if (!case_expect(t, !ret,
			 "expected slave_config to take width %u, which is offered, seen %d",
			 width, ret))
		return false;
	tx = case_slave_at(t, out, 0, len, DMA_MEM_TO_DEV);
	if (!tx) {
		case_note(t, "width %u after width %u", width, before);
		return false;
	}
	return case_start(tx) && case_wait(tx) && case_wait(rx) && arrived(tx, in, out, len);
}

/**
 * prep_config_of_each_width - A2.8 and A1.2: each width after each other one
 * @t: the trial
 */
void prep_config_of_each_width(struct case_trial *t)
{
	const struct dma_slave_caps *caps = case_caps(t);
	u32 widths = caps ? caps->dst_addr_widths : 0;
	unsigned int before, width, tried = 0;
	/* A multiple of all widths up to 8. */
	size_t len = 24 * case_unit(t);

	/* Of more than one byte order and FIFO width nothing is known: dmasim's has none. */
	for (before = 1; before <= 8; before++) {
		for (width = 1; width <= 8; width++) {
			if (before == width || !(widths & BIT(before)) || !(widths & BIT(width)))
				continue;
			if (!width_works(t, before, width, len))
				return;
			tried++;
		}
	}
	if (!tried)
		case_skip(t, "fewer than two widths are offered");
}

/**
 * prep_config_refuses - A2.9 and A1.8: what is not offered
 * @t: the trial
 */
void prep_config_refuses(struct case_trial *t)
{
	const struct dma_slave_caps *caps = case_caps(t);
	u64 addr = t->suite->port->tx_addr;
	unsigned int width;

	if (!caps || !caps->dst_addr_widths) {
		case_skip(t, "it is not told which widths are offered");
		return;
	}
	for (width = 1; width <= 64; width++) {
		/* The mask has bits for those below 32. */
		if (width < 32 && caps->dst_addr_widths & BIT(width))
			continue;
		if (!case_expect(t, config_to(t, addr, width, 1),
				 "expected slave_config to refuse width %u, seen 0", width))
			return;
	}
	if (caps->max_burst)
		case_expect(t, config_to(t, addr, case_width(t), caps->max_burst + 1),
			    "expected slave_config to refuse a burst of %u, seen 0",
			    caps->max_burst + 1);
}
