// SPDX-License-Identifier: GPL-2.0-only
/*
 * A10: channels that any subsystem may use. To be found they must be free, so the
 * channel under test is given back for the time of the case.
 */
#include <linux/kernel.h>

#include "../suite.h"
#include "flow-kit.h"

static const struct dmabench_rule public_rules[] = {
	{ "A10", DMABENCH_DOCUMENTED, "dmaengine.c:551-575, 969-1029",
	  "channels of public devices are found and shared, from several CPUs at once" },
};

#define SHARED_THREADS	3
#define SHARED_ROUNDS	24

struct shared {
	struct dma_chan *chan;
	struct case_buf *src[SHARED_THREADS];
	struct case_buf *dst[SHARED_THREADS];
};

static bool shared_copy(struct case_trial *t, struct shared *shared, unsigned int i,
			unsigned int round)
{
	struct case_buf *src = shared->src[i], *dst = shared->dst[i];
	struct dma_async_tx_descriptor *desc;
	struct dmabench_mismatch m = {};
	enum dma_status status;
	dma_cookie_t cookie;

	case_buf_fill(dst, DMABENCH_PATTERN_OLD);
	desc = dmaengine_prep_dma_memcpy(shared->chan, dst->dma, src->dma, src->len,
					 DMA_CTRL_ACK | DMA_PREP_INTERRUPT);
	if (!case_expect(t, desc, "expected a descriptor of a public channel, seen NULL"))
		return false;
	cookie = dmaengine_submit(desc);
	if (!case_expect(t, cookie >= DMA_MIN_COOKIE, "expected a cookie, seen %d", cookie))
		return false;
	status = dma_sync_wait(shared->chan, cookie);
	return case_expect(t, status == DMA_COMPLETE,
			   "expected a copy on a public channel complete, seen %s",
			   case_status_name(status)) &&
	       case_expect(t, case_buf_is(dst, 0, dst->len, src->key[DMABENCH_PATTERN_SOURCE], 0,
					  &m),
			   "expected round %u of thread %u copied, seen %zu bytes wrong, the first at %zu",
			   round, i, m.count, m.first);
}

static void shared_thread(struct case_trial *t, unsigned int i, void *data)
{
	unsigned int round;

	for (round = 0; round < SHARED_ROUNDS; round++)
		if (!shared_copy(t, data, i, round))
			return;
}

static void share(struct case_trial *t, struct dma_device *device)
{
	struct shared shared = {};
	unsigned int i;

	shared.chan = dma_find_channel(DMA_MEMCPY);
	if (!shared.chan || shared.chan->device != device) {
		case_skip(t, "the device's channels are not public, or one is in private use");
		return;
	}
	for (i = 0; i < SHARED_THREADS; i++) {
		shared.src[i] = case_buf_new(t, 1024 + 256 * i);
		shared.dst[i] = case_buf_new(t, 1024 + 256 * i);
		if (!shared.src[i] || !shared.dst[i])
			return;
		case_buf_fill(shared.src[i], DMABENCH_PATTERN_SOURCE);
	}
	case_threads(t, SHARED_THREADS, shared_thread, &shared);
}

static void found_and_shared(struct case_trial *t)
{
	struct dma_device *device = t->chan->device;

	if (!case_release(t))
		return;
	dmaengine_get();
	share(t, device);
	dmaengine_put();
	case_request(t);
}

static const struct dmabench_case public_cases[] = {
	{
		.name	= "public.found_and_shared",
		.rules	= "A10 A4.8",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(MEMCPY) | NEEDS(ORDER),
		.opt_in	= OPT_IN(PUBLIC),
		.what	= "a channel that anybody finds copies right for several threads at once",
		.run	= found_and_shared,
	},
};

const struct dmabench_chapter dmabench_chapter_public = {
	.name		= "public",
	.rules		= public_rules,
	.nr_rules	= ARRAY_SIZE(public_rules),
	.cases		= public_cases,
	.nr_cases	= ARRAY_SIZE(public_cases),
};
