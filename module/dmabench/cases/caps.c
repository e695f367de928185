// SPDX-License-Identifier: GPL-2.0-only
/*
 * A1: capabilities. What is advertised must work, and what is not must be refused or
 * right all the same.
 */
#include <linux/kernel.h>
#include <linux/slab.h>

#include "../suite.h"
#include "data-kit.h"
#include "flow-kit.h"
#include "life-kit.h"
#include "slave-kit.h"

static const struct dmabench_rule caps_rules[] = {
	{ "A1.1", DMABENCH_STRICT, "dmaengine.c:577-622",
	  "dma_get_slave_caps() tells of controls that are there, and of no others" },
	{ "A1.2", DMABENCH_DOCUMENTED, "dmaengine.h:488-523; provider.rst:60-144",
	  "directions, widths, bursts, controls and granularity that are advertised work" },
	{ "A1.3", DMABENCH_DOCUMENTED, "dmaengine.c:609-617; 20260211140051.8177-1",
	  "capabilities are those of the channel: one that only sends says so" },
	{ "A1.4", DMABENCH_STRICT, "dmaengine.h:1577-1592",
	  "with descriptor_reuse a descriptor can be set so, else it cannot" },
	{ "A1.5", DMABENCH_STRICT, "dmaengine.h:744-754, 1249-1277",
	  "every aligned transfer is right, one that is not is refused or right" },
	{ "A1.6", DMABENCH_STRICT, "dmaengine.h:756-780, 1279-1331",
	  "max_xor and max_pq sources are taken" },
	{ "A1.7", DMABENCH_STRICT, "soc-generic-dmaengine-pcm.c:128; 20220307191211.12087-2",
	  "no length is cut short: a long one is refused or done" },
	{ "A1.8", DMABENCH_ADVISORY, "dmaengine.h:498-499",
	  "bursts out of bounds are refused" },
	{ "A1.9", DMABENCH_ADVISORY, "provider.rst:205-211; YpWmcHtGzrv4oP5L@matsya",
	  "the capability DMA_INTERRUPT says nothing of DMA_PREP_INTERRUPT",
	  "a warning to clients, there is nothing that a provider could do wrong" },
};

/* ------------------------------------------------------------------ what is told */

static void tells_of_controls(struct case_trial *t)
{
	struct dma_device *device = t->chan->device;
	struct dma_slave_caps caps;
	bool slave = !t->suite->unmet[CASE_NEED_SLAVE_CAP];
	int ret;

	ret = dma_get_slave_caps(NULL, &caps);
	if (!case_expect(t, ret == -EINVAL, "expected -EINVAL without a channel, seen %d", ret))
		return;
	ret = dma_get_slave_caps(t->chan, NULL);
	if (!case_expect(t, ret == -EINVAL, "expected -EINVAL without room, seen %d", ret))
		return;
	memset(&caps, 0xa5, sizeof(caps));
	ret = dma_get_slave_caps(t->chan, &caps);
	if (!slave) {
		case_expect(t, ret == -ENXIO, "expected -ENXIO of no slave, seen %d", ret);
		return;
	}
	if (!device->directions) {
		/* Twelve drivers of the kernel leave them out. */
		if (case_expect(t, ret == -ENXIO,
				"expected -ENXIO without directions, seen %d", ret))
			case_skip(t, "the provider tells no directions");
		return;
	}
	if (!case_expect(t, !ret, "expected 0, seen %d", ret))
		return;
	/* A control may be missing on this channel, but not be told of and missing. */
	if (!case_expect(t, !caps.cmd_pause || device->device_pause,
			 "expected no pause told of, as there is no operation, seen one") ||
	    !case_expect(t, !caps.cmd_resume || device->device_resume,
			 "expected no resume told of, as there is no operation, seen one") ||
	    !case_expect(t, !caps.cmd_terminate || device->device_terminate_all,
			 "expected no terminate told of, as there is no operation, seen one"))
		return;
	case_expect(t, caps.residue_granularity <= DMA_RESIDUE_GRANULARITY_BURST,
		    "expected a granularity that there is, seen %d",
		    (int)caps.residue_granularity);
}

/* Told of, a control does something else than not to exist. */
static void controls_exist(struct case_trial *t)
{
	const struct dma_slave_caps *caps = case_caps(t);
	struct case_tx *tx;
	int ret;

	if (!caps) {
		case_skip(t, "the channel tells no capabilities");
		return;
	}
	tx = case_carry(t, case_long(t, 5));
	if (!tx || !case_start(tx))
		return;
	if (caps->cmd_pause) {
		ret = dmaengine_pause(t->chan);
		if (!case_expect(t, ret != -ENOSYS,
				 "expected a pause that is told of, seen -ENOSYS"))
			return;
	}
	if (caps->cmd_resume) {
		ret = dmaengine_resume(t->chan);
		if (!case_expect(t, ret != -ENOSYS,
				 "expected a resume that is told of, seen -ENOSYS"))
			return;
	}
	if (!caps->cmd_pause || caps->cmd_resume) {
		if (!case_wait(tx) || !case_intact(tx))
			return;
	}
	if (caps->cmd_terminate) {
		ret = case_terminate(t, t->chan);
		case_expect(t, !ret, "expected 0 from a terminate that is told of, seen %d", ret);
	}
}

/* ---------------------------------------------------------------- directions */

static bool direction_works(struct case_trial *t, struct dmabench_chan *chan,
			    enum dma_transfer_direction dir)
{
	struct case_buf *buf = case_buf_new(t, 256);
	struct case_tx *tx = buf ? case_tx_new(t, chan->dma) : NULL;
	struct dma_async_tx_descriptor *desc;
	char reason[120];
	int ret;

	if (!tx)
		return false;
	case_buf_fill(buf, DMABENCH_PATTERN_SOURCE);
	ret = dmabench_port_connect(t->suite->port, chan, dir, reason, sizeof(reason));
	if (!case_expect(t, !ret,
			 "expected slave_config to take a direction that is told of, seen: %s",
			 reason))
		return false;
	desc = dmaengine_prep_slave_single(chan->dma, buf->dma, 256, dir, CASE_FLAGS);
	if (!case_expect(t, desc,
			 "expected a descriptor of %s for a direction that it tells of, %s, seen NULL",
			 chan->name, dir == DMA_MEM_TO_DEV ? "mem_to_dev" : "dev_to_mem") ||
	    !case_tx_made(tx, desc) || !case_submit(tx))
		return false;
	/* Not issued: nothing moves. Terminate drops it. */
	return !case_terminate(t, chan->dma);
}

static bool directions_of(struct case_trial *t, struct dmabench_chan *chan)
{
	struct dma_slave_caps caps;

	if (!chan || dma_get_slave_caps(chan->dma, &caps))
		return true;
	if (caps.directions & BIT(DMA_MEM_TO_DEV) && t->suite->port->tx_addr &&
	    !direction_works(t, chan, DMA_MEM_TO_DEV))
		return false;
	return !(caps.directions & BIT(DMA_DEV_TO_MEM)) || !t->suite->port->rx_addr ||
	       direction_works(t, chan, DMA_DEV_TO_MEM);
}

static void directions_work(struct case_trial *t)
{
	if (directions_of(t, t->suite->chan))
		directions_of(t, t->suite->peer);
}

/* -------------------------------------------------------------- granularity */

/* Some of a transfer has come out of the loopback, the rest of it waits. */
static void residue_is_as_fine_as_told(struct case_trial *t)
{
	const struct dma_slave_caps *caps = case_caps(t);
	unsigned int unit = case_width(t) * t->suite->port->maxburst;
	unsigned long end = jiffies + msecs_to_jiffies(case_timeout_ms(t)) + 1;
	size_t some = roundup(1024, case_unit(t));
	struct dma_tx_state state;
	struct case_buf *in;
	struct case_tx *tx, *rx;

	if (!caps || caps->residue_granularity != DMA_RESIDUE_GRANULARITY_BURST) {
		case_skip(t, "a residue of bursts is not told of");
		return;
	}
	in = case_buf_new(t, some);
	tx = in ? case_stalled(t) : NULL;
	if (!tx || !case_start(tx))
		return;
	rx = case_loop_rx(t, in, some);
	if (!rx || !case_start(rx) || !case_wait(rx))
		return;
	/* What has come out was moved, perhaps not yet accounted for. */
	do {
		case_status(tx, &state);
	} while (state.residue + some > tx->len + unit && time_before(jiffies, end) &&
		 (case_sleep(t, 1), !case_over(t)));
	case_expect_tx(tx, state.residue + some <= tx->len + unit,
		       "expected a residue of at most %zu, as %zu of %zu bytes have come out at the other end, seen %u",
		       tx->len + unit - some, some, tx->len, state.residue);
	case_terminate(t, t->chan);
}

/* -------------------------------------------------------------------- bursts */

static bool burst_works(struct case_trial *t, unsigned int burst)
{
	size_t len = roundup(case_width(t) * burst * 3, case_unit(t));
	struct dma_slave_config config = {
		.direction = DMA_MEM_TO_DEV,
		.dst_addr = t->suite->port->tx_addr,
		.dst_addr_width = case_width(t),
		.dst_maxburst = burst,
	};
	struct case_buf *out = case_buf_new(t, len), *in = out ? case_buf_new(t, len) : NULL;
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;
	int ret;

	if (!in || !case_configure(t, DMA_DEV_TO_MEM))
		return false;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	rx = case_slave_at(t, in, 0, len, DMA_DEV_TO_MEM);
	if (!rx || !case_start(rx))
		return false;
	ret = dmaengine_slave_config(t->chan, &config);
	if (!case_expect(t, !ret,
			 "expected slave_config to take a burst of %u, seen %d", burst, ret))
		return false;
	tx = case_slave_at(t, out, 0, len, DMA_MEM_TO_DEV);
	if (!tx || !case_start(tx) || !case_wait(tx) || !case_wait(rx))
		return false;
	return case_expect_tx(tx, case_buf_is(in, 0, len, out->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			      "expected %zu bytes in bursts of %u as sent, seen %zu wrong, the first at %zu",
			      len, burst, m.count, m.first);
}

static void bursts_work(struct case_trial *t)
{
	const struct dma_slave_caps *caps = case_caps(t);
	unsigned int least = caps ? max(caps->min_burst, 1U) : 1;
	unsigned int most = caps ? caps->max_burst : 0;

	if (!most) {
		case_skip(t, "no bursts are told of");
		return;
	}
	if (burst_works(t, least) && burst_works(t, least + (most - least) / 2))
		burst_works(t, most);
}

/* ----------------------------------------------------------------- alignment */

static bool copy_at(struct case_trial *t, struct case_buf *dst, size_t dst_at,
		    struct case_buf *src, size_t src_at, size_t len, bool refusal)
{
	struct dma_async_tx_descriptor *desc;
	struct dmabench_mismatch m = {};
	u64 key = src->key[DMABENCH_PATTERN_SOURCE], old = dst->key[DMABENCH_PATTERN_OLD];
	struct case_tx *tx = case_tx_new(t, t->chan);

	if (!tx)
		return false;
	case_buf_fill(dst, DMABENCH_PATTERN_OLD);
	tx->len = len;
	desc = dmaengine_prep_dma_memcpy(t->chan, dst->dma + dst_at, src->dma + src_at, len,
					 CASE_FLAGS);
	if (!desc && refusal)
		return true;
	if (!case_tx_made(tx, desc) || !case_start(tx) || !case_wait(tx))
		return false;
	if (!case_expect_tx(tx, case_buf_is(dst, dst_at, len, key, src_at, &m),
			    "expected %zu bytes from offset %zu at offset %zu, seen %zu wrong, the first at %zu",
			    len, src_at, dst_at, m.count, m.first))
		return false;
	memset(&m, 0, sizeof(m));
	if (!case_expect_tx(tx, case_buf_is(dst, 0, dst_at, old, 0, &m) &&
			    case_buf_is(dst, dst_at + len, dst->len - dst_at - len, old,
					dst_at + len, &m),
			    "expected nothing beside %zu bytes at offset %zu written, seen %zu bytes changed",
			    len, dst_at, m.count))
		return false;
	return case_guards_intact(t, dst, "destination");
}

static void copy_anywhere(struct case_trial *t, size_t align, bool refusal)
{
	struct case_buf *src = case_buf_new(t, 1024), *dst = src ? case_buf_new(t, 1024) : NULL;
	unsigned int i, nr = case_affordable(t, 200, 512);

	if (!dst)
		return;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	for (i = 0; i < nr && !case_over(t); i++) {
		size_t len = (1 + case_random(t) % (512 / align)) * align;
		size_t from = case_random(t) % (256 / align) * align;
		size_t to = case_random(t) % (256 / align) * align;

		if (!copy_at(t, dst, to, src, from, len, refusal))
			return;
	}
}

static void aligned_is_right(struct case_trial *t)
{
	copy_anywhere(t, 1UL << t->chan->device->copy_align, false);
}

static void unaligned_is_refused_or_right(struct case_trial *t)
{
	if (t->chan->device->copy_align)
		copy_anywhere(t, 1, true);
	else
		case_skip(t, "every copy is aligned");
}

/* ------------------------------------------------------------------- lengths */

/* Where registers for a length end: a bit more, a bit less, and just so. */
static void no_length_is_cut(struct case_trial *t)
{
	static const size_t edges[] = { SZ_4K, SZ_32K, SZ_64K, SZ_128K, SZ_1M };
	size_t align = case_align(t), longest = SZ_1M + 2 * align;
	size_t limit = dma_get_max_seg_size(t->chan->device->dev);
	struct case_buf *src, *dst;
	unsigned int i, j;

	/* A slow channel does not get to the end of the list. */
	while (longest > SZ_4K && t->suite->kib_ns * (longest / SZ_1K) > NSEC_PER_SEC / 4)
		longest /= 2;
	src = case_buf_new(t, longest);
	dst = src ? case_buf_new(t, longest) : NULL;
	if (!dst)
		return;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	for (i = 0; i <= ARRAY_SIZE(edges); i++) {
		size_t edge = i < ARRAY_SIZE(edges) ? edges[i] : rounddown(limit, align);

		for (j = 0; j < 3 && !case_over(t); j++) {
			size_t len = edge + j * align - align;

			if (len && len <= longest && !copy_at(t, dst, 0, src, 0, len, true))
				return;
		}
	}
}

static bool entry_passes(struct case_trial *t, struct case_buf *out, struct case_buf *in,
			 size_t len)
{
	struct dmabench_mismatch m = {};
	struct dma_async_tx_descriptor *desc;
	struct case_tx *tx, *rx;

	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	tx = case_tx_new(t, t->chan);
	if (!tx || !case_configure(t, DMA_DEV_TO_MEM) || !case_configure(t, DMA_MEM_TO_DEV))
		return false;
	tx->src = out;
	tx->len = len;
	desc = dmaengine_prep_slave_single(t->chan, out->dma, len, DMA_MEM_TO_DEV, CASE_FLAGS);
	/* Too long, says the provider: that is right, too. */
	if (!desc)
		return true;
	if (!case_tx_made(tx, desc) || !case_submit(tx))
		return false;
	rx = case_slave_at(t, in, 0, len, DMA_DEV_TO_MEM);
	if (!rx || !case_start(rx))
		return false;
	case_issue(t, t->chan);
	if (!case_wait(tx) || !case_wait(rx))
		return false;
	return case_expect_tx(tx, case_buf_is(in, 0, len, out->key[DMABENCH_PATTERN_SOURCE], 0, &m),
			      "expected an entry of %zu bytes as sent, seen %zu wrong, the first at %zu",
			      len, m.count, m.first);
}

static void no_entry_is_cut(struct case_trial *t)
{
	static const size_t edges[] = { SZ_4K, SZ_32K, SZ_64K, SZ_128K };
	size_t unit = case_unit(t), longest = SZ_128K + 2 * unit;
	struct case_buf *out, *in;
	unsigned int i, j;

	while (longest > SZ_4K && t->suite->kib_ns * (longest / SZ_1K) > NSEC_PER_SEC / 8)
		longest /= 2;
	out = case_buf_new(t, longest);
	in = out ? case_buf_new(t, longest) : NULL;
	if (!in)
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		for (j = 0; j < 3 && !case_over(t); j++) {
			size_t len = rounddown(edges[i] + j * unit - unit, unit);

			if (len <= longest && !entry_passes(t, out, in, len))
				return;
		}
	}
}

/* ------------------------------------------------------------------- sources */

static void most_sources_are_taken(struct case_trial *t)
{
	unsigned int most = t->chan->device->max_xor, i, j;
	size_t len = roundup(64, 1UL << t->chan->device->xor_align);
	struct case_buf *src, *dst = case_buf_new(t, len);
	struct case_tx *tx = dst ? case_tx_new(t, t->chan) : NULL;
	dma_addr_t *list;

	if (!tx || !case_expect(t, most >= 2, "expected max_xor of at least 2, seen %u", most))
		return;
	src = case_buf_new(t, most * 256);
	if (!src)
		return;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(dst, DMABENCH_PATTERN_OLD);
	list = kcalloc(most, sizeof(*list), GFP_KERNEL);
	if (!list) {
		case_skip(t, "no memory for a list");
		return;
	}
	for (i = 0; i < most; i++)
		list[i] = src->dma + i * 256;
	tx->len = len;
	if (case_tx_made(tx, t->chan->device->device_prep_dma_xor(t->chan, dst->dma, list, most,
								  len, CASE_FLAGS)) &&
	    case_start(tx) && case_wait(tx)) {
		for (j = 0; j < len; j++) {
			u8 sum = 0;

			for (i = 0; i < most; i++)
				sum ^= src->data[i * 256 + j];
			if (!case_expect_tx(tx, dst->data[j] == sum,
					    "expected the xor of all %u sources, seen %#x instead of %#x at %u",
					    most, dst->data[j], sum, j))
				break;
		}
	}
	kfree(list);
}

/* --------------------------------------------------------------------- reuse */

static void reuse_is_as_told(struct case_trial *t)
{
	bool told = t->chan->device->descriptor_reuse;
	struct dma_async_tx_descriptor *desc;
	struct case_tx *tx = case_carry(t, case_round(t, 256));
	int ret;

	if (!tx)
		return;
	desc = tx->desc;
	ret = dmaengine_desc_set_reuse(desc);
	if (!case_submit(tx))
		return;
	case_issue(t, t->chan);
	if (!case_wait(tx))
		return;
	if (told && case_expect(t, !ret,
				"expected 0 from dmaengine_desc_set_reuse(), seen %d", ret)) {
		ret = dmaengine_desc_free(desc);
		case_expect(t, !ret, "expected 0 from dmaengine_desc_free(), seen %d", ret);
	} else if (!told) {
		case_expect(t, ret == -EPERM,
			    "expected -EPERM from dmaengine_desc_set_reuse(), as reuse is not told of, seen %d",
			    ret);
	}
	case_intact(tx);
}

static const struct dmabench_case caps_cases[] = {
	{
		.name	= "caps.tells_of_controls",
		.rules	= "A1.1",
		.grade	= DMABENCH_STRICT,
		.what	=
			"dma_get_slave_caps() refuses nonsense, and tells of no control that is missing",
		.run	= tells_of_controls,
	}, {
		.name	= "caps.controls_exist",
		.rules	= "A1.2 A1.1",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.what	= "pause, resume and terminate that are told of can be called",
		.run	= controls_exist,
	}, {
		.name	= "caps.directions_work",
		.rules	= "A1.3 A1.2",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(TX) | NEEDS(TERMINATE),
		.what	= "each direction that a channel tells of can be prepared on it",
		.run	= directions_work,
	}, {
		.name	= "caps.residue_is_as_fine_as_told",
		.rules	= "A1.2 A5.2",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "a residue of bursts follows what has come out at the other end",
		.run	= residue_is_as_fine_as_told,
	}, {
		.name	= "caps.bursts_work",
		.rules	= "A1.2",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK),
		.what	= "the shortest, a middling and the longest burst move data right",
		.run	= bursts_work,
	}, {
		.name	= "caps.aligned_is_right",
		.rules	= "A1.5 A3.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(MEMCPY),
		.what	= "copies at every aligned offset and length are right",
		.run	= aligned_is_right,
	}, {
		.name	= "caps.unaligned_is_refused_or_right",
		.rules	= "A1.5",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(MEMCPY) | NEEDS(SLAVE_CAP),
		.what	= "copies that are not aligned are refused or right",
		.run	= unaligned_is_refused_or_right,
	}, {
		.name	= "caps.no_length_is_cut",
		.rules	= "A1.7 A3.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(MEMCPY),
		.what	= "copies as long as length registers go are refused or whole",
		.run	= no_length_is_cut,
	}, {
		.name	= "caps.no_entry_is_cut",
		.rules	= "A1.7 A3.10",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "entries as long as length registers go are refused or whole",
		.run	= no_entry_is_cut,
	}, {
		.name	= "caps.most_sources_are_taken",
		.rules	= "A1.6 A3.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(XOR),
		.what	= "an xor takes max_xor sources",
		.run	= most_sources_are_taken,
	}, {
		.name	= "caps.reuse_is_as_told",
		.rules	= "A1.4",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(SLAVE_CAP),
		.what	= "a descriptor can be set to be used again if that is told of, else not",
		.run	= reuse_is_as_told,
	},
};

const struct dmabench_chapter dmabench_chapter_caps = {
	.name		= "caps",
	.rules		= caps_rules,
	.nr_rules	= ARRAY_SIZE(caps_rules),
	.cases		= caps_cases,
	.nr_cases	= ARRAY_SIZE(caps_cases),
};
