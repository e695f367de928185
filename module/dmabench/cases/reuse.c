// SPDX-License-Identifier: GPL-2.0-only
/*
 * A9: descriptors that are used again, metadata. The cases of the former, and the list
 * of all.
 */
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>

#include "life-kit.h"
#include "reuse.h"

static const struct dmabench_rule reuse_rules[] = {
	{ "A9.1", DMABENCH_STRICT, "dmaengine.h:188,1577-1610; provider.rst:574-588",
	  "a descriptor with DMA_CTRL_REUSE can be submitted again and again until it is freed" },
	{ "A9.2", DMABENCH_STRICT,
	  "provider.rst:574-588; pl330.c (callback_result of re-used descs)",
	  "a descriptor that is used again calls back as it was last told to" },
	{ "A9.3", DMABENCH_STRICT,
	  "dmaengine.h:242-296,1090-1123; dmaengine.c:1490-1560; client.rst:167-258",
	  "metadata: by one mode, if it is offered, and they come with the transfer" },
	{ "A9.4", DMABENCH_STRICT, "20191220101456.GO2536",
	  "a client's buffer of metadata is not touched after the callback" },
	{ "A9.5", DMABENCH_ADVISORY, "dmaengine.h:587-628; dmaengine.c:1567-1640",
	  "dependencies of a descriptor are run when it is complete",
	  "only async_tx may set them: raid456 on such a channel tests them" },
};

static dma_cookie_t next_cookie(dma_cookie_t cookie)
{
	return cookie == S32_MAX ? DMA_MIN_COOKIE : cookie + 1;
}

/* A new transfer by the descriptor of an old one, that is over. */
static struct case_tx *by_same(struct case_tx *old)
{
	struct case_tx *tx = case_tx_new(old->t, old->chan);

	if (!tx)
		return NULL;
	tx->src = old->src;
	tx->dst = old->dst;
	tx->len = old->len;
	return case_tx_made(tx, old->desc) ? tx : NULL;
}

static struct case_tx *keep(struct case_trial *t, size_t len)
{
	struct case_tx *tx = case_carry(t, len);
	int ret;

	if (!tx)
		return NULL;
	ret = dmaengine_desc_set_reuse(tx->desc);
	if (ret) {
		/* It has to be submitted all the same: prep may have taken a lock. */
		if (case_do(tx))
			case_fail_tx(tx, "expected 0 from set_reuse, seen %d", ret);
		return NULL;
	}
	return tx;
}

/* Done once, told once, in the way that was asked for. */
static bool done_once(struct case_tx *tx, bool result)
{
	int calls = atomic_read(&tx->calls);

	return case_intact(tx) &&
	       case_expect_tx(tx, calls == 1, "expected one callback, seen %d", calls) &&
	       case_expect_tx(tx, tx->told == result,
			      "expected the %s callback, seen the %s one",
			      result ? "result's" : "plain", result ? "plain" : "result's") &&
	       (!result ||
		(case_expect_tx(tx, tx->result == DMA_TRANS_NOERROR,
				"expected no error as the result, seen %d", tx->result) &&
		 case_expect_tx(tx, !tx->residue, "expected a residue of 0, seen %u",
				tx->residue)));
}

static bool freed(struct case_tx *tx)
{
	int ret = dmaengine_desc_free(tx->desc);

	return case_expect_tx(tx, !ret, "expected 0 from desc_free, seen %d", ret);
}

#define REUSE_TIMES	500U

static void again(struct case_trial *t)
{
	struct case_tx *tx = keep(t, case_round(t, 3000)), *other, *old;
	unsigned int rounds = case_rounds(t, REUSE_TIMES, SZ_8K, 300), i;
	unsigned long since = jiffies;
	struct case_tx *beside;

	if (!tx || !case_do(tx) || !done_once(tx, false))
		return;
	beside = case_carry(t, case_round(t, 700));
	if (!beside || !case_expect_tx(tx, beside->desc != tx->desc,
				       "expected prep not to give the kept descriptor, seen it") ||
	    !case_do(beside))
		return;
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++) {
		bool result = case_random(t) % 2;

		case_refill(tx);
		old = tx;
		tx = by_same(old);
		if (!tx)
			return;
		if (result)
			case_ask_result(tx);
		if (!case_do(tx) || !done_once(tx, result) ||
		    !case_expect_tx(old, atomic_read(&old->calls) == 1,
				    "expected no callback with the old parameter, seen %d",
				    atomic_read(&old->calls) - 1) ||
		    !case_expect_tx(tx, tx->cookie != old->cookie,
				    "expected a new cookie, seen %d again", tx->cookie))
			return;
		if (case_random(t) % 3)
			continue;
		case_refill(beside);
		other = case_again(beside);
		if (!other ||
		    !case_expect_tx(tx, other->desc != tx->desc,
				    "expected prep not to give the kept descriptor, seen it") ||
		    !case_do(other) ||
		    !case_expect_tx(other, other->cookie == next_cookie(tx->cookie),
				    "expected cookie %d, seen %d", next_cookie(tx->cookie),
				    other->cookie))
			return;
	}
	if (freed(tx) && case_still(t, 10))
		case_works(t);
}

#define REUSE_QUEUE	4U

/* Several go round, some of them at a time, others that are used once between. */
static void queue(struct case_trial *t)
{
	unsigned int rounds = case_rounds(t, 100, REUSE_QUEUE * SZ_4K, 300), i, j;
	struct case_tx *kept[REUSE_QUEUE], *once;
	unsigned long since = jiffies;

	for (j = 0; j < REUSE_QUEUE; j++) {
		kept[j] = keep(t, case_round(t, 64 + case_random(t) % 4000));
		if (!kept[j] || !case_do(kept[j]))
			return;
	}
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++) {
		unsigned int first = case_random(t) % REUSE_QUEUE;
		struct case_tx *last = NULL;

		for (j = 0; j < REUSE_QUEUE; j++) {
			struct case_tx **tx = &kept[(first + j) % REUSE_QUEUE];

			case_refill(*tx);
			*tx = by_same(*tx);
			if (!*tx || !case_submit(*tx))
				return;
			if (case_random(t) % 2)
				case_issue(t, t->chan);
		}
		once = case_carry(t, case_round(t, 300));
		if (!once || !case_do(once))
			return;
		for (j = 0; j < REUSE_QUEUE; j++) {
			struct case_tx *tx = kept[(first + j) % REUSE_QUEUE];

			if (!case_wait(tx) || !done_once(tx, false) ||
			    !case_expect_tx(tx, !last || tx->order > last->order,
					    "expected callbacks in order, seen this one before that of cookie %d",
					    last ? last->cookie : 0))
				return;
			last = tx;
		}
	}
	for (j = 0; j < REUSE_QUEUE; j++)
		if (!freed(kept[j]))
			return;
	case_works(t);
}

/* More than any pool, if there is time: kept, used, and given back in either way. */
static void no_leak(struct case_trial *t)
{
	struct case_tx *like = case_carry(t, case_round(t, 64)), *tx;
	unsigned int rounds = case_rounds(t, 5000, 256, 500), i;
	unsigned long since = jiffies;

	if (!like || !case_do(like))
		return;
	for (i = 0; i < rounds && case_goes_on(t, i, since); i++) {
		tx = case_again(like);
		if (!tx)
			return;
		if (dmaengine_desc_set_reuse(tx->desc)) {
			if (case_do(tx))
				case_fail_tx(tx, "expected 0 from set_reuse, seen an error");
			return;
		}
		if (!case_do(tx))
			return;
		if (i % 2) {
			if (!freed(tx))
				return;
			continue;
		}
		tx = by_same(tx);
		if (!tx)
			return;
		/* This time it goes as any other. */
		dmaengine_desc_clear_reuse(tx->desc);
		if (!case_do(tx))
			return;
	}
	case_note(t, "%u descriptors were kept and given back", i);
	case_works(t);
}

/* One that is kept works as it did after others have been through the channel. */
static void outlives(struct case_trial *t)
{
	struct case_tx *tx = keep(t, case_round(t, 2222));
	unsigned int i, j;

	if (!tx || !case_do(tx))
		return;
	for (i = 0; i < 5 && !case_over(t); i++) {
		for (j = 0; j < 5; j++)
			if (!case_works(t))
				return;
		case_refill(tx);
		if (!case_still(t, 2) || !case_untouched(tx))
			return;
		tx = by_same(tx);
		if (!tx || !case_submit(tx))
			return;
		if (!case_expect_tx(tx, case_status(tx, NULL) != DMA_COMPLETE,
				    "expected what is not issued not to be complete, seen it")) {
			case_issue(t, t->chan);
			return;
		}
		case_issue(t, t->chan);
		if (!case_wait(tx) || !done_once(tx, false))
			return;
	}
	freed(tx);
}

static void refused(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_round(t, 1000));
	bool can = case_can(t, CASE_NEED_REUSE) && case_caps(t);
	int set, ret;

	if (!tx)
		return;
	/* Submitted before anybody judges: prep may have taken a lock. */
	ret = dmaengine_desc_free(tx->desc);
	set = can ? 0 : dmaengine_desc_set_reuse(tx->desc);
	if (!case_do(tx))
		return;
	case_expect_tx(tx, ret == -EPERM,
		       "expected -EPERM (%d) from desc_free without DMA_CTRL_REUSE, seen %d",
		       -EPERM, ret);
	case_expect_tx(tx, can || set < 0,
		       "expected an error from set_reuse where it is not offered, seen %d", set);
}

static const struct dmabench_case reuse_cases[] = {
	{
		.name	= "reuse.refused",
		.rules	= "A9.1 A1.4",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	=
			"desc_free without the flag, and the flag where it is not offered, are refused",
		.run	= refused,
	},
	{
		.name	= "reuse.again",
		.rules	= "A9.1 A9.2",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(REUSE) | NEEDS(ORDER) | NEEDS(SLAVE_CAP),
		.what	=
			"a descriptor is submitted hundreds of times, each with new data and callback",
		.run	= again,
	},
	{
		.name	= "reuse.queue",
		.rules	= "A9.1 A4.7",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(REUSE) | NEEDS(ORDER) | NEEDS(SLAVE_CAP),
		.what	= "several such descriptors in line, in changing order",
		.run	= queue,
	},
	{
		.name	= "reuse.no_leak",
		.rules	= "A9.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(REUSE) | NEEDS(ORDER) | NEEDS(SLAVE_CAP),
		.what	= "freed, or with the flag cleared, descriptors come back",
		.run	= no_leak,
	},
	{
		.name	= "reuse.outlives",
		.rules	= "A9.1",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(REUSE) | NEEDS(ORDER) | NEEDS(SLAVE_CAP),
		.what	=
			"a descriptor that is kept does nothing until it is submitted, and then all",
		.run	= outlives,
	},
	{
		.name	= "reuse.metadata_refused",
		.rules	= "A9.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER),
		.what	= "a mode of metadata that is not offered is -ENOTSUPP",
		.run	= case_metadata_refused,
	},
	{
		.name	= "reuse.metadata_one_mode",
		.rules	= "A9.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(METADATA_CLIENT) | NEEDS(METADATA_ENGINE),
		.what	= "the other mode on the same descriptor is -EINVAL",
		.run	= case_metadata_one_mode,
	},
	{
		.name	= "reuse.metadata_client",
		.rules	= "A9.4 A9.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(METADATA_CLIENT),
		.what	=
			"a client's metadata: nothing around them is written, nothing after the callback",
		.run	= case_metadata_client,
	},
	{
		.name	= "reuse.metadata_engine",
		.rules	= "A9.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(CARRIER) | NEEDS(METADATA_ENGINE),
		.what	= "the engine's metadata: there is room, of the length that is told",
		.run	= case_metadata_engine,
	},
	{
		.name	= "reuse.metadata_client_loopback",
		.rules	= "A9.3 A9.4",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE) | NEEDS(METADATA_CLIENT),
		.what	=
			"what the client attaches on one side is there at the callback of the other",
		.run	= case_metadata_client_loopback,
	},
	{
		.name	= "reuse.metadata_engine_loopback",
		.rules	= "A9.3",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE) | NEEDS(METADATA_ENGINE),
		.what	= "the same with metadata of the engine",
		.run	= case_metadata_engine_loopback,
	},
	{
		.name	= "reuse.metadata_terminated",
		.rules	= "A9.4 A7.3",
		.grade	= DMABENCH_STRICT,
		.needs	= NEEDS(LOOPBACK) | NEEDS(TERMINATE) | NEEDS(METADATA_CLIENT),
		.what	= "metadata of a terminated transfer are not touched after synchronize",
		.run	= case_metadata_terminated,
	},
};

const struct dmabench_chapter dmabench_chapter_reuse = {
	.name		= "reuse",
	.rules		= reuse_rules,
	.nr_rules	= ARRAY_SIZE(reuse_rules),
	.cases		= reuse_cases,
	.nr_cases	= ARRAY_SIZE(reuse_cases),
};
