// SPDX-License-Identifier: GPL-2.0-only
/*
 * A2: preparation. That descriptors run out is in prep-pool.c, slave_config in
 * prep-config.c.
 */
#include <linux/kernel.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "../suite.h"
#include "flow-kit.h"
#include "prep.h"
#include "slave-kit.h"

static const struct dmabench_rule prep_rules[] = {
	{ "A2.1", DMABENCH_STRICT, "provider.rst:386-420; dmaengine.h:587-628",
	  "prep returns a descriptor of the channel, with the flags given, or NULL" },
	{ "A2.2", DMABENCH_DOCUMENTED, "ZR/htuZSKGJP1wgU@matsya; client.rst:140-144",
	  "prep neither starts nor queues anything; cookies are assigned at submit, in its order" },
	{ "A2.3", DMABENCH_DOCUMENTED, "provider.rst:386-404; 20191015103321.GU2654",
	  "prep can be called in atomic context" },
	{ "A2.4", DMABENCH_STRICT, "dmaengine.h:974-988",
	  "the provider keeps no pointer to an argument of prep" },
	{ "A2.5", DMABENCH_DOCUMENTED, "dmaengine.h:974-1090; provider.rst:386",
	  "what makes no sense is refused with NULL, or is over at once" },
	{ "A2.6", DMABENCH_STRICT, "provider.rst:386",
	  "without a descriptor prep returns NULL, and recovers" },
	{ "A2.7", DMABENCH_DOCUMENTED, "dmaengine.h:1594-1610; virt-dma.h:185-195",
	  "a descriptor that is never submitted is released by terminate" },
	{ "A2.8", DMABENCH_DOCUMENTED, "dmaengine.h:959-966; provider.rst:469-487",
	  "slave_config replaces the one before, for descriptors that are prepared afterwards" },
	{ "A2.9", DMABENCH_STRICT, "dmaengine.h:396-460",
	  "slave_config copies its argument, and refuses what cannot be" },
};

/* ------------------------------------------------------------- descriptors */

static void descriptor_is_as_asked_for(struct case_trial *t)
{
	struct case_tx *tx;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		unsigned long flags;
		bool chan, submit;

		tx = case_carry(t, case_round(t, 1 + case_random(t) % 2000));
		if (!tx)
			return;
		/* Nothing may come between prep and submit: look now, judge later. */
		chan = tx->desc->chan == t->chan;
		submit = tx->desc->tx_submit;
		flags = tx->desc->flags;
		if (!case_submit(tx))
			return;
		case_issue(t, t->chan);
		if (!case_expect(t, chan,
				 "expected a descriptor of this channel, seen another's") ||
		    !case_expect(t, submit, "expected tx_submit set, seen NULL") ||
		    !case_expect(t, flags == CASE_FLAGS, "expected the flags %#lx, seen %#lx",
				 (unsigned long)CASE_FLAGS, flags) ||
		    !case_wait(tx) || !case_intact(tx))
			return;
	}
}

static void starts_nothing(struct case_trial *t)
{
	dma_cookie_t before = t->chan->cookie;
	struct case_tx *tx = case_carry(t, case_round(t, 2048));

	if (!tx)
		return;
	dma_async_issue_pending(t->chan);
	case_sleep(t, 25);
	if (!case_expect(t, t->chan->cookie == before,
			 "expected no cookie before submit, seen the channel's go from %d to %d",
			 before, t->chan->cookie) ||
	    !case_expect_tx(tx, !atomic_read(&tx->calls),
			    "expected no callback of what is not submitted, seen %d",
			    atomic_read(&tx->calls)) ||
	    !case_untouched(tx))
		return;
	case_do(tx);
}

static void order_is_that_of_submit(struct case_trial *t)
{
	static const u8 order[] = { 2, 0, 3, 1, 4 };
	struct case_tx *tx[ARRAY_SIZE(order)];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tx); i++) {
		tx[i] = case_carry_later(t, case_round(t, 1 + case_random(t) % 4000));
		if (!tx[i])
			return;
	}
	for (i = 0; i < ARRAY_SIZE(tx); i++)
		if (!case_prep_again(tx[i]))
			return;
	for (i = 0; i < ARRAY_SIZE(tx); i++)
		if (!case_submit(tx[order[i]]))
			return;
	case_issue(t, t->chan);
	for (i = 0; i < ARRAY_SIZE(tx); i++)
		if (!case_wait(tx[order[i]]) || !case_intact(tx[order[i]]))
			return;
	for (i = 1; i < ARRAY_SIZE(tx); i++) {
		struct case_tx *one = tx[order[i - 1]], *next = tx[order[i]];

		if (!case_expect_tx(next, next->cookie > one->cookie,
				    "expected a cookie above %d, of the one submitted before, seen %d",
				    one->cookie, next->cookie) ||
		    !case_expect_tx(next, next->order > one->order,
				    "expected it called back behind the one submitted before, seen it as number %d, the other as number %d",
				    next->order, one->order))
			return;
	}
}

/* ---------------------------------------------------------------- contexts */

static void with_softirqs_off(struct case_trial *t)
{
	struct case_tx *tx;
	spinlock_t lock;	/* the client's own, held around calls that must not sleep */
	unsigned int i;
	bool good;

	spin_lock_init(&lock);
	for (i = 0; i < 12; i++) {
		tx = case_carry_later(t, case_round(t, 1 + case_random(t) % 3000));
		if (!tx)
			return;
		spin_lock_bh(&lock);
		good = case_prep_again(tx) && case_submit(tx);
		if (good)
			dma_async_issue_pending(t->chan);
		spin_unlock_bh(&lock);
		if (!good) {
			case_note(t, "under a spinlock, with softirqs off");
			return;
		}
		if (!case_wait(tx) || !case_intact(tx))
			return;
	}
}

static void with_interrupts_off(struct case_trial *t)
{
	unsigned long flags;
	struct case_tx *tx;
	spinlock_t lock;	/* the client's own, held around calls that must not sleep */
	unsigned int i;
	bool good;

	spin_lock_init(&lock);
	for (i = 0; i < 12; i++) {
		tx = case_carry_later(t, case_round(t, 1 + case_random(t) % 3000));
		if (!tx)
			return;
		spin_lock_irqsave(&lock, flags);
		good = case_prep_again(tx) && case_submit(tx);
		if (good)
			dma_async_issue_pending(t->chan);
		spin_unlock_irqrestore(&lock, flags);
		if (!good) {
			case_note(t, "under a spinlock, with interrupts off");
			return;
		}
		if (!case_wait(tx) || !case_intact(tx))
			return;
	}
}

static void do_in_interrupt(void *data)
{
	struct case_tx *tx = data;

	if (case_prep_again(tx) && case_submit(tx))
		dma_async_issue_pending(tx->chan);
}

static void in_an_interrupt(struct case_trial *t)
{
	struct case_tx *tx;
	unsigned int i;

	for (i = 0; i < 8; i++) {
		tx = case_carry_later(t, case_round(t, 1 + case_random(t) % 3000));
		if (!tx || case_in_hardirq(do_in_interrupt, tx) || case_over(t))
			return;
		if (!case_wait(tx) || !case_intact(tx))
			return;
	}
}

/* --------------------------------------------------------------- arguments */

#define ENTRIES	5

/* Each of another length; @buf holds all of them side by side. */
static struct scatterlist *make_list(struct case_trial *t, struct case_buf *buf, size_t unit,
				     size_t *len)
{
	struct scatterlist *sg = kcalloc(ENTRIES, sizeof(*sg), GFP_KERNEL);
	unsigned int i;

	*len = 0;
	if (!sg) {
		case_skip(t, "no memory for a scatterlist");
		return NULL;
	}
	sg_init_table(sg, ENTRIES);
	for (i = 0; i < ENTRIES; i++) {
		size_t bytes = (1 + i + case_random(t) % 30) * unit;

		sg_dma_address(&sg[i]) = buf->dma + *len;
		sg_dma_len(&sg[i]) = bytes;
		sg[i].length = bytes;
		*len += bytes;
	}
	return sg;
}

/* What was passed to prep is the client's again: something else is there now. */
static void spoil_list(struct scatterlist *sg, dma_addr_t elsewhere)
{
	unsigned int i;

	for (i = 0; i < ENTRIES; i++) {
		sg_dma_address(&sg[i]) = elsewhere;
		sg_dma_len(&sg[i]) = 8;
		sg[i].length = 8;
	}
}

static void keeps_no_scatterlist(struct case_trial *t)
{
	size_t unit = case_unit(t), room = ENTRIES * (ENTRIES + 30) * unit, len;
	struct case_buf *out = case_buf_new(t, room), *in, *other;
	struct dmabench_mismatch m = {};
	struct case_tx *tx, *rx;
	struct scatterlist *sg;
	bool good;

	in = out ? case_buf_new(t, room) : NULL;
	other = in ? case_buf_new(t, 256) : NULL;
	tx = other ? case_tx_new(t, t->chan) : NULL;
	if (!tx || !case_configure(t, DMA_DEV_TO_MEM) || !case_configure(t, DMA_MEM_TO_DEV))
		return;
	case_buf_fill(out, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(in, DMABENCH_PATTERN_OLD);
	case_buf_fill(other, DMABENCH_PATTERN_SETUP);
	sg = make_list(t, out, unit, &len);
	if (!sg)
		return;
	rx = case_slave_at(t, in, 0, len, DMA_DEV_TO_MEM);
	if (!rx || !case_start(rx))
		goto out;

	tx->src = out;
	tx->len = len;
	good = case_tx_made(tx, dmaengine_prep_slave_sg(t->chan, sg, ENTRIES, DMA_MEM_TO_DEV,
							CASE_FLAGS));
	spoil_list(sg, other->dma);
	if (!good || !case_start(tx) || !case_wait(tx) || !case_wait(rx))
		goto out;
	good = case_buf_is(in, 0, len, out->key[DMABENCH_PATTERN_SOURCE], 0, &m);
	case_expect_tx(tx, good,
		       "expected the data of the list as it was at prep, seen %zu of %zu bytes wrong, the first at %zu",
		       m.count, len, m.first);
out:
	/* The list goes when nothing can read it any more. */
	case_terminate(t, t->chan);
	kfree(sg);
}

static void keeps_no_source_list(struct case_trial *t)
{
	unsigned int most = min_t(unsigned int, t->chan->device->max_xor, 4), i, j;
	size_t len = roundup(1024, 1UL << t->chan->device->xor_align);
	struct case_buf *src[4], *dst = case_buf_new(t, len), *other;
	dma_addr_t *list;
	struct case_tx *tx;
	bool good;

	other = dst ? case_buf_new(t, len) : NULL;
	for (i = 0; other && i < most; i++) {
		src[i] = case_buf_new(t, len);
		if (!src[i])
			return;
		case_buf_fill(src[i], DMABENCH_PATTERN_SOURCE);
	}
	tx = other ? case_tx_new(t, t->chan) : NULL;
	if (!tx)
		return;
	case_buf_fill(dst, DMABENCH_PATTERN_OLD);
	case_buf_fill(other, DMABENCH_PATTERN_SETUP);
	list = kcalloc(most, sizeof(*list), GFP_KERNEL);
	if (!list) {
		case_skip(t, "no memory for a list");
		return;
	}
	for (i = 0; i < most; i++)
		list[i] = src[i]->dma;
	tx->len = len;
	good = case_tx_made(tx, t->chan->device->device_prep_dma_xor(t->chan, dst->dma, list, most,
								     len, CASE_FLAGS));
	for (i = 0; i < most; i++)
		list[i] = other->dma;
	if (good && case_start(tx) && case_wait(tx)) {
		for (j = 0; j < len; j++) {
			u8 sum = 0;

			for (i = 0; i < most; i++)
				sum ^= src[i]->data[j];
			if (!case_expect_tx(tx, dst->data[j] == sum,
					    "expected the xor of the sources as listed at prep, seen %#x instead of %#x at %u",
					    dst->data[j], sum, j))
				break;
		}
	}
	if (case_can(t, CASE_NEED_TERMINATE))
		case_terminate(t, t->chan);
	kfree(list);
}

/* ---------------------------------------------------------------- nonsense */

/* NULL, or over at once: what is accepted must end. */
static void zero_bytes_end(struct case_trial *t)
{
	struct case_buf *src = case_buf_new(t, 256), *dst = case_buf_new(t, 256);
	struct dma_async_tx_descriptor *desc;
	struct case_tx *tx;

	tx = src && dst ? case_tx_new(t, t->chan) : NULL;
	if (!tx)
		return;
	case_buf_fill(src, DMABENCH_PATTERN_SOURCE);
	case_buf_fill(dst, DMABENCH_PATTERN_OLD);
	tx->dst = dst;
	desc = dmaengine_prep_dma_memcpy(t->chan, dst->dma, src->dma, 0, CASE_FLAGS);
	if (!desc)
		return;
	tx->len = 256;
	if (case_tx_made(tx, desc) && case_start(tx) && case_wait(tx))
		case_untouched(tx);
}

static void no_such_transfer(struct case_trial *t)
{
	static const struct {
		unsigned int nents;
		enum dma_transfer_direction dir;
		const char *what;
	} nonsense[] = {
		{ 0, DMA_MEM_TO_DEV, "a list of no entries" },
		{ 1, DMA_MEM_TO_MEM, "the direction mem_to_mem" },
		{ 1, DMA_TRANS_NONE, "the direction none" },
	};
	struct case_buf *buf = case_buf_new(t, 256);
	struct dma_async_tx_descriptor *desc;
	struct scatterlist sg;
	unsigned int i;

	if (!buf || !case_configure(t, DMA_MEM_TO_DEV))
		return;
	for (i = 0; i < ARRAY_SIZE(nonsense); i++) {
		sg_init_table(&sg, 1);
		sg_dma_address(&sg) = buf->dma;
		sg_dma_len(&sg) = 256;
		desc = dmaengine_prep_slave_sg(t->chan, &sg, nonsense[i].nents, nonsense[i].dir,
					       CASE_FLAGS);
		if (!case_expect(t, !desc, "expected NULL for %s, seen a descriptor",
				 nonsense[i].what)) {
			/* Never submitted: terminate takes it back. */
			case_terminate(t, t->chan);
			return;
		}
	}
}

static void callers_function_is_not_needed(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_round(t, 1500));

	if (!tx)
		return;
	tx->desc->callback = NULL;
	tx->desc->callback_param = NULL;
	if (case_start(tx) && case_wait_complete(tx))
		case_intact(tx);
}

static const struct dmabench_case prep_cases[] = {
	{
		.name	= "prep.descriptor_is_as_asked_for",
		.rules	= "A2.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	=
			"a descriptor is the channel's, can be submitted, and has the flags given",
		.run	= descriptor_is_as_asked_for,
	}, {
		.name	= "prep.starts_nothing",
		.rules	= "A2.2",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.opt_in	= OPT_IN(SEVERAL_PREPS),
		.what	= "what is only prepared has no cookie, no effect and no callback",
		.run	= starts_nothing,
	}, {
		.name	= "prep.order_is_that_of_submit",
		.rules	= "A2.2 A4.7",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.opt_in	= OPT_IN(SEVERAL_PREPS),
		.what	=
			"several are prepared first and then submitted in another order, which counts",
		.run	= order_is_that_of_submit,
	}, {
		.name	= "prep.with_softirqs_off",
		.rules	= "A2.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER),
		.what	= "prep, submit and issue work under a spinlock with softirqs off",
		.run	= with_softirqs_off,
	}, {
		.name	= "prep.with_interrupts_off",
		.rules	= "A2.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(SLAVE_CAP),
		.what	= "prep, submit and issue work under a spinlock with interrupts off",
		.run	= with_interrupts_off,
	}, {
		.name	= "prep.in_an_interrupt",
		.rules	= "A2.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(SLAVE_CAP),
		.what	= "prep, submit and issue work in a hard interrupt",
		.run	= in_an_interrupt,
	}, {
		.name	= "prep.keeps_no_scatterlist",
		.rules	= "A2.4",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "a scatterlist that changes behind prep changes nothing",
		.run	= keeps_no_scatterlist,
	}, {
		.name	= "prep.keeps_no_source_list",
		.rules	= "A2.4",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(XOR),
		.what	= "a list of sources that changes behind prep changes nothing",
		.run	= keeps_no_source_list,
	}, {
		.name	= "prep.zero_bytes_end",
		.rules	= "A2.5",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(MEMCPY) | NEEDS(SLAVE_CAP),
		.what	= "a copy of no bytes is refused, or ends",
		.run	= zero_bytes_end,
	}, {
		.name	= "prep.no_such_transfer",
		.rules	= "A2.5",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(TX) | NEEDS(SLAVE_CAP) | NEEDS(TERMINATE),
		.what	= "no entries and impossible directions are refused",
		.run	= no_such_transfer,
	}, {
		.name	= "prep.callers_function_is_not_needed",
		.rules	= "A2.1 A6.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "a transfer without a callback is done all the same",
		.run	= callers_function_is_not_needed,
	}, {
		.name	= "prep.exhaustion_recovers",
		.rules	= "A2.6",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	= "when descriptors run out prep returns NULL, and they come back",
		.run	= prep_exhaustion_recovers,
	}, {
		.name	= "prep.completions_cost_nothing",
		.rules	= "A2.6",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	= "after thousands of transfers there are as many descriptors as before",
		.run	= prep_completions_cost_nothing,
	}, {
		.name	= "prep.refusals_cost_nothing",
		.rules	= "A2.6 A2.5",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(TX) | NEEDS(SLAVE_CAP) | NEEDS(TERMINATE),
		.what	= "what prep refuses costs no descriptor",
		.run	= prep_refusals_cost_nothing,
	}, {
		.name	= "prep.terminations_cost_nothing",
		.rules	= "A2.6 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(LOOPBACK) | NEEDS(TERMINATE),
		.what	= "terminated transfers give their descriptors back",
		.run	= prep_terminations_cost_nothing,
	}, {
		.name	= "prep.unsubmitted_are_released",
		.rules	= "A2.7",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(TERMINATE),
		.opt_in	= OPT_IN(SEVERAL_PREPS),
		.what	= "terminate takes back what was prepared and never submitted",
		.run	= prep_unsubmitted_are_released,
	}, {
		.name	= "prep.config_is_for_later",
		.rules	= "A2.8",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK) | NEEDS(FAILING) | NEEDS(TERMINATE),
		.what	= "slave_config leaves alone what was queued before",
		.run	= prep_config_is_for_later,
	}, {
		.name	= "prep.config_replaces",
		.rules	= "A2.8",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK) | NEEDS(FAILING) | NEEDS(TERMINATE),
		.what	= "nothing stays of the configuration before",
		.run	= prep_config_replaces,
	}, {
		.name	= "prep.config_is_copied",
		.rules	= "A2.9",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK),
		.what	= "a configuration that changes behind slave_config changes nothing",
		.run	= prep_config_is_copied,
	}, {
		.name	= "prep.config_of_each_width",
		.rules	= "A2.8 A1.2",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK),
		.what	= "each width that is offered works after each other one",
		.run	= prep_config_of_each_width,
	}, {
		.name	= "prep.config_refuses",
		.rules	= "A2.9 A1.8",
		.grade	= DMABENCH_ADVISORY,
		.needs	= NEEDS(TX),
		.what	= "slave_config refuses widths and bursts that are not offered",
		.run	= prep_config_refuses,
	},
};

const struct dmabench_chapter dmabench_chapter_prep = {
	.name		= "prep",
	.rules		= prep_rules,
	.nr_rules	= ARRAY_SIZE(prep_rules),
	.cases		= prep_cases,
	.nr_cases	= ARRAY_SIZE(prep_cases),
};
