// SPDX-License-Identifier: GPL-2.0-only
/*
 * A0: channels, from request to release. Release of a channel that is in use is in
 * channel-release.c.
 */
#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../suite.h"
#include "channel.h"

#define CHANNEL_ROUNDS	200
#define CHANNEL_MOST	256

static const struct dmabench_rule channel_rules[] = {
	{ "A0.1", DMABENCH_STRICT, "drivers/dma/dmaengine.c:662-697,761-800; client.rst:31-62",
	  "a requested channel is nobody else's until it is released" },
	{ "A0.2", DMABENCH_STRICT, "drivers/dma/dmaengine.c:819-880",
	  "dma_request_chan gives an error pointer, never NULL" },
	{ "A0.3", DMABENCH_STRICT, "drivers/dma/dmaengine.c:888-907",
	  "dma_request_chan_by_mask gives -ENODEV if no channel can do that" },
	{ "A0.4", DMABENCH_STRICT, "drivers/dma/dmaengine.c:638-660,761",
	  "a filter is shown each free channel once, and its refusal is obeyed" },
	{ "A0.5", DMABENCH_STRICT, "drivers/dma/dmaengine.c:638-643,670-697,909-933",
	  "a device with public users gives no private channel",
	  "the core's own, and it takes all public channels of the system" },
	{ "A0.6", DMABENCH_STRICT, "drivers/dma/dmaengine.c:447-487,495-524; provider.rst:373-384",
	  "what a request takes the release gives back, any number of times" },
	{ "A0.7", DMABENCH_STRICT, "drivers/dma/dmaengine.h:16-20; drivers/dma/dmaengine.c:495-524",
	  "a requested channel is idle, nothing of its last user is left" },
	{ "A0.8", DMABENCH_DOCUMENTED, "drivers/dma/dmaengine.c:495-524; provider.rst:373",
	  "release stops a transfer that is running" },
	{ "A0.9", DMABENCH_STRICT, "drivers/dma/dmaengine.c:703-760",
	  "dma_get_any_slave_channel gives a slave channel of the device",
	  "for providers only: declared in a private header" },
	{ "A0.10", DMABENCH_STRICT, "drivers/dma/dmaengine.c:951-968",
	  "devm_dma_request_chan releases when the driver is unbound",
	  "the core's own: needs a device that is a client's" },
	{ "A0.11", DMABENCH_STRICT, "drivers/dma/dmaengine.c:1178-1296",
	  "a device without the functions of its capabilities is not registered",
	  "the core's own: dmasim_client registers such devices" },
	{ "A0.12", DMABENCH_STRICT, "drivers/dma/dmaengine.c:1129-1160,1306-1337",
	  "a device is there until its last channel is released",
	  "needs the provider to be unbound: a selftest does that" },
	{ "A0.13", DMABENCH_STRICT, "drivers/dma/dmaengine.c:1129,1163",
	  "channels come and go one by one",
	  "only a provider can add or remove its channels" },
	{ "A0.14", DMABENCH_ADVISORY, "drivers/dma/dmaengine.c:160-240",
	  "channels have names of their own, and are counted" },
	{ "A0.15", DMABENCH_STRICT, "include/linux/dmaengine.h:1669-1675; client.rst:72-90",
	  "memory is mapped for the device that dmaengine_get_dma_device tells" },
};

/**
 * channel_is_well - whether a channel works
 * @t: the trial
 *
 * A transfer whose data are right is the proof.
 *
 * Return: true; else the case has ended.
 */
bool channel_is_well(struct case_trial *t)
{
	struct case_tx *tx = case_carry(t, case_round(t, 1 + case_random(t) % 2000));

	return tx && case_do(tx);
}

/* ----------------------------------------------------------------- requests */

/* What a filter has seen; @want is the only one that it takes, or none if NULL. */
struct channel_walk {
	const struct dma_chan *want;
	const struct dma_chan *ours;
	const struct dma_chan *seen[CHANNEL_MOST];
	unsigned int nr;
	unsigned int own;
	unsigned int twice;
	unsigned int busy;
};

static bool channel_filter(struct dma_chan *dma, void *param)
{
	struct channel_walk *walk = param;
	unsigned int i;

	for (i = 0; i < min(walk->nr, CHANNEL_MOST); i++)
		walk->twice += walk->seen[i] == dma;
	if (walk->nr < CHANNEL_MOST)
		walk->seen[walk->nr] = dma;
	walk->nr++;
	walk->own += dma == walk->ours;
	walk->busy += dma->client_count > 0;
	return dma == walk->want;
}

static struct dma_chan *request_any(dma_filter_fn filter, void *param)
{
	dma_cap_mask_t mask;

	dma_cap_zero(mask);
	return dma_request_channel(mask, filter, param);
}

static void is_exclusive(struct case_trial *t)
{
	struct channel_walk *walk = kzalloc_obj(*walk);
	struct dma_chan *ours = t->chan, *other;

	if (!walk) {
		case_skip(t, "no memory for a list of channels");
		return;
	}
	walk->want = ours;
	walk->ours = ours;
	case_expect(t, ours->client_count == 1, "expected 1 client of the channel, seen %d",
		    ours->client_count);
	other = request_any(channel_filter, walk);
	if (other)
		dma_release_channel(other);
	case_expect(t, !other, "expected no channel where the only one wanted is held, seen %s",
		    other == ours ? "the same once more" : "another");
	case_expect(t, !walk->own, "expected the held channel not to be offered, seen it %u times",
		    walk->own);
	kfree(walk);
	if (!case_release(t) || !case_request(t))
		return;
	case_expect(t, t->chan == ours, "expected the released channel again, seen another");
}

static bool same_device_filter(struct dma_chan *dma, void *param)
{
	return dma->device == param;
}

static void all_are_distinct(struct case_trial *t)
{
	struct dma_chan **list = kcalloc(CHANNEL_MOST, sizeof(*list), GFP_KERNEL);
	unsigned int nr = 0, i, same = 0;

	if (!list) {
		case_skip(t, "no memory for a list of channels");
		return;
	}
	while (nr < CHANNEL_MOST) {
		list[nr] = request_any(same_device_filter, t->chan->device);
		if (!list[nr])
			break;
		same += list[nr] == t->chan;
		for (i = 0; i < nr; i++)
			same += list[i] == list[nr];
		nr++;
	}
	case_expect(t, !same, "expected %u channels of the device to differ, seen %u equal ones",
		    nr + 1, same);
	case_expect(t, nr < t->chan->device->chancnt,
		    "expected at most %u more channels of the device, seen %u",
		    t->chan->device->chancnt - 1, nr);
	for (i = 0; i < nr; i++)
		dma_release_channel(list[i]);
	kfree(list);
	if (t->verdict == CASE_PASSED)
		channel_is_well(t);
}

static void filter_is_obeyed(struct case_trial *t)
{
	struct channel_walk *walk = kzalloc_obj(*walk);
	struct dma_chan *ours = t->chan, *other;

	if (!walk) {
		case_skip(t, "no memory for a list of channels");
		return;
	}
	walk->ours = ours;
	if (!case_release(t)) {
		kfree(walk);
		return;
	}
	other = request_any(channel_filter, walk);
	if (other)
		dma_release_channel(other);
	case_expect(t, !other, "expected NULL where the filter takes none, seen a channel");
	case_expect(t, walk->own == 1,
		    "expected the free channel to be offered once, seen %u times",
		    walk->own);
	case_expect(t, !walk->twice, "expected no channel twice, seen %u", walk->twice);
	case_expect(t, !walk->busy, "expected no channel in use, seen %u", walk->busy);
	kfree(walk);
	case_request(t);
}

static void unknown_name_is_error(struct case_trial *t)
{
	struct dma_chan *chan = dma_request_chan(t->suite->chan->provider, "dmabench-none");
	long error = PTR_ERR_OR_ZERO(chan);

	if (!IS_ERR_OR_NULL(chan))
		dma_release_channel(chan);
	case_expect(t, chan, "expected an error pointer for an unknown name, seen NULL");
	case_expect(t, error == -EPROBE_DEFER || error == -ENODEV,
		    "expected %d or %d for an unknown name, seen %ld", -EPROBE_DEFER, -ENODEV,
		    error);
}

static bool can_do_all(const struct dma_chan *chan)
{
	return bitmap_full(chan->device->cap_mask.bits, DMA_TX_TYPE_END);
}

static void impossible_mask_is_error(struct case_trial *t)
{
	struct dma_chan *chan;
	dma_cap_mask_t mask;
	bool able = false;
	long error;

	bitmap_fill(mask.bits, DMA_TX_TYPE_END);
	chan = dma_request_chan_by_mask(&mask);
	error = PTR_ERR_OR_ZERO(chan);
	if (!IS_ERR_OR_NULL(chan)) {
		able = can_do_all(chan);
		dma_release_channel(chan);
	}
	if (able)
		case_skip(t, "there is a channel that can do all");
	else
		case_expect(t, error == -ENODEV,
			    "expected %d where no channel can do all, seen %ld", -ENODEV, error);
}

static void mask_is_obeyed(struct case_trial *t)
{
	struct dma_chan *ours = t->chan, *chan;
	struct channel_walk *walk;
	dma_cap_mask_t mask;

	if (can_do_all(ours)) {
		case_skip(t, "the channel can do all");
		return;
	}
	walk = kzalloc_obj(*walk);
	if (!walk || !case_release(t)) {
		case_skip(t, "no memory for a list of channels");
		kfree(walk);
		return;
	}
	walk->want = ours;
	walk->ours = ours;
	bitmap_fill(mask.bits, DMA_TX_TYPE_END);
	chan = dma_request_channel(mask, channel_filter, walk);
	if (chan)
		dma_release_channel(chan);
	case_expect(t, !chan && !walk->own,
		    "expected no offer of a channel that lacks capabilities, seen %u", walk->own);
	kfree(walk);
	case_request(t);
}

/* ------------------------------------------------------------------ balance */

/**
 * channel_is_idle - whether nothing of before is left on a channel that was just requested
 * @t: the trial
 *
 * Return: true; else the case has failed.
 */
bool channel_is_idle(struct case_trial *t)
{
	struct dma_tx_state state = {};
	dma_cookie_t cookie = t->chan->cookie;
	enum dma_status status;

	if (!case_can(t, CASE_NEED_ORDER) || cookie < DMA_MIN_COOKIE)
		return true;
	status = dmaengine_tx_status(t->chan, cookie, &state);
	return case_expect(t, status == DMA_COMPLETE,
			   "expected status complete of the last cookie (%d) after request, seen %s",
			   cookie, case_status_name(status)) &&
	       case_expect(t, !state.residue,
			   "expected residue 0 of the last cookie after request, seen %u",
			   state.residue);
}

static bool again(struct case_trial *t)
{
	struct dma_chan *ours = t->chan;

	return case_release(t) && case_request(t) &&
	       case_expect(t, t->chan == ours, "expected the same channel, seen another") &&
	       case_expect(t, ours->client_count == 1, "expected 1 client, seen %d",
			   ours->client_count) && channel_is_idle(t);
}

static void hundreds_of_requests(struct case_trial *t)
{
	unsigned int i;

	for (i = 0; i < CHANNEL_ROUNDS && !case_over(t); i++) {
		if (i % 20 == 0 && !channel_is_well(t))
			return;
		if (!again(t))
			return;
	}
	if (!case_over(t))
		channel_is_well(t);
}

static void idle_after_use(struct case_trial *t)
{
	unsigned int i;

	for (i = 0; i < 8 && !case_over(t); i++)
		if (!channel_is_well(t) || !again(t))
			return;
	dma_async_issue_pending(t->chan);
	if (channel_is_idle(t))
		channel_is_well(t);
}

/* ----------------------------------------------------------- names, mapping */

struct channel_names {
	const char *name;
	const struct dma_device *last;
	unsigned int same;
};

/* Under dma_list_mutex: the lists stay. */
static bool names_filter(struct dma_chan *dma, void *param)
{
	struct channel_names *names = param;
	struct dma_chan *sibling;

	if (dma->device == names->last)
		return false;
	names->last = dma->device;
	list_for_each_entry(sibling, &dma->device->channels, device_node)
		names->same += !strcmp(dma_chan_name(sibling), names->name);
	return false;
}

static void has_own_name(struct case_trial *t)
{
	struct channel_names names = { .name = t->suite->chan->name };
	unsigned int device, id;
	char end;

	case_expect(t, sscanf(names.name, "dma%uchan%u%c", &device, &id, &end) == 2,
		    "expected a name as dma0chan0, seen %s", names.name);
	case_expect(t, t->chan->device->chancnt, "expected the device to count channels, seen 0");
	if (!case_release(t))
		return;
	request_any(names_filter, &names);
	case_expect(t, names.same == 1, "expected one channel named %s, seen %u", names.name,
		    names.same);
	case_request(t);
}

/* Kept for ever if the copy does not end: the engine may still write. */
static void mapping_device_works(struct case_trial *t)
{
	struct device *dev = dmaengine_get_dma_device(t->chan);
	size_t len = case_round(t, SZ_4K);
	struct dmabench_mismatch m = {};
	dma_addr_t from, to;
	struct case_tx *tx;
	u8 *src, *dst;

	if (!case_expect(t, dev, "expected a device to map memory for, seen NULL"))
		return;
	src = kmalloc(len, GFP_KERNEL);
	dst = kzalloc(len, GFP_KERNEL);
	tx = case_tx_new(t, t->chan);
	if (!src || !dst || !tx) {
		case_skip(t, "no memory for a copy");
		goto free;
	}
	dmabench_pattern_fill(src, len, t->seed, 0);
	from = dma_map_single(dev, src, len, DMA_TO_DEVICE);
	to = dma_map_single(dev, dst, len, DMA_FROM_DEVICE);
	if (dma_mapping_error(dev, from) || dma_mapping_error(dev, to)) {
		case_fail(t, "expected memory to be mapped for %s, seen an error", dev_name(dev));
		return;
	}
	tx->len = len;
	if (case_tx_made(tx, dmaengine_prep_dma_memcpy(t->chan, to, from, len, CASE_FLAGS)) &&
	    (!case_start(tx) || !case_wait(tx)))
		return;
	dma_unmap_single(dev, from, len, DMA_TO_DEVICE);
	dma_unmap_single(dev, to, len, DMA_FROM_DEVICE);
	if (t->verdict == CASE_PASSED)
		case_expect_tx(tx, dmabench_pattern_check(dst, len, t->seed, 0, &m),
			       "expected %zu bytes as mapped for %s, seen %zu wrong, the first at %zu",
			       len, dev_name(dev), m.count, m.first);
free:
	kfree(src);
	kfree(dst);
}

#define CHANNEL_CASE(_name, _rules, _grade, _needs, _what)				\
{											\
	.name	= "channel." #_name,							\
	.rules	= _rules,								\
	.grade	= DMABENCH_##_grade,							\
	.needs	= _needs,								\
	.what	= _what,								\
	.run	= _name,								\
}

/* Those of channel-release.c. */
#define RELEASE_CASE(_name, _rules, _grade, _needs, _what)				\
{											\
	.name	= "channel." #_name,							\
	.rules	= _rules,								\
	.grade	= DMABENCH_##_grade,							\
	.needs	= _needs,								\
	.what	= _what,								\
	.run	= channel_##_name,							\
}

static const struct dmabench_case channel_cases[] = {
	CHANNEL_CASE(is_exclusive, "A0.1", STRICT, 0,
		     "a held channel is not handed out, a released one is"),
	CHANNEL_CASE(all_are_distinct, "A0.1", STRICT, NEEDS(CARRIER),
		     "the channels of a device, all requested, differ from each other"),
	CHANNEL_CASE(unknown_name_is_error, "A0.2", STRICT, 0,
		     "a name that there is not gives an error pointer"),
	CHANNEL_CASE(impossible_mask_is_error, "A0.3", STRICT, 0,
		     "capabilities that no channel has give -ENODEV"),
	CHANNEL_CASE(filter_is_obeyed, "A0.4", STRICT, 0,
		     "a filter sees each free channel once and can refuse them all"),
	CHANNEL_CASE(mask_is_obeyed, "A0.4", STRICT, 0,
		     "a filter does not see channels that lack what is asked for"),
	CHANNEL_CASE(hundreds_of_requests, "A0.6 A0.7", STRICT, NEEDS(CARRIER),
		     "a channel can be requested and released hundreds of times"),
	CHANNEL_CASE(idle_after_use, "A0.7", STRICT, NEEDS(CARRIER),
		     "a channel is idle after request, whatever was done before"),
	RELEASE_CASE(running_is_terminated, "A0.7 A7.3", STRICT,
		     NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(ORDER),
		     "what ran and was terminated does nothing to the next user"),
	RELEASE_CASE(queued_is_terminated, "A0.7 A7.3", STRICT,
		     NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(ORDER),
		     "what was queued and terminated does nothing to the next user"),
	RELEASE_CASE(running_is_stopped, "A0.8 A0.7", DOCUMENTED,
		     NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(ORDER),
		     "release without terminate stops what is running"),
	RELEASE_CASE(queued_is_dropped, "A0.8 A0.7", DOCUMENTED,
		     NEEDS(CARRIER) | NEEDS(TERMINATE) | NEEDS(ORDER),
		     "release without terminate drops what is queued"),
	RELEASE_CASE(cyclic_is_stopped, "A0.8 A0.7", DOCUMENTED,
		     NEEDS(LOOPBACK) | NEEDS(CYCLIC) | NEEDS(TERMINATE),
		     "release without terminate stops an endless transfer"),
	RELEASE_CASE(receiving_is_stopped, "A0.8 A0.7", DOCUMENTED,
		     NEEDS(LOOPBACK) | NEEDS(TERMINATE) | NEEDS(ORDER),
		     "release without terminate stops what waits for a peripheral"),
	CHANNEL_CASE(has_own_name, "A0.14", ADVISORY, 0,
		     "a channel's name is well-formed and nobody else's"),
	CHANNEL_CASE(mapping_device_works, "A0.15", STRICT, NEEDS(MEMCPY),
		     "memory mapped for the channel's device is copied"),
};

const struct dmabench_chapter dmabench_chapter_channel = {
	.name		= "channel",
	.rules		= channel_rules,
	.nr_rules	= ARRAY_SIZE(channel_rules),
	.cases		= channel_cases,
	.nr_cases	= ARRAY_SIZE(channel_cases),
};
