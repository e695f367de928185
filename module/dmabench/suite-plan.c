// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a suite starts with: one worker, the channel under test, and what is known
 * of a peripheral. Which cases can run on that is found out later; only what makes
 * no sense at all is refused here.
 */
#include <linux/glob.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "suite.h"

const char *const dmabench_opt_in_names[] = {
	[CASE_OPT_IN_SEVERAL_PREPS]	= "several_preps",
	[CASE_OPT_IN_REENTRY]		= "reentry",
	[CASE_OPT_IN_SHARED_CHANNEL]	= "shared_channel",
	[CASE_OPT_IN_COOKIE_WRAP]	= "cookie_wrap",
	[CASE_OPT_IN_PUBLIC]		= "public",
	NULL
};

/* Calls @fn with each word of a list separated by commas, until it returns true. */
static bool words_any(const char *list, bool (*fn)(const char *word, const void *data),
		      const void *data)
{
	char word[64];

	while (*list) {
		size_t len = strcspn(list, ",");

		strscpy(word, list, min(len + 1, sizeof(word)));
		if (len && fn(strim(word), data))
			return true;
		list += len + (list[len] == ',');
	}
	return false;
}

static bool glob_is(const char *glob, const void *name)
{
	const char *dot = strchr(name, '.');

	/* A group's name stands for all of it. */
	if (dot && strlen(glob) == dot - (const char *)name &&
	    !strncmp(glob, name, dot - (const char *)name))
		return true;
	return glob_match(glob, name);
}

/**
 * dmabench_globs_match - whether a case is one of those that a list names
 * @globs: names, groups or globs, separated by commas
 * @name: of the case
 *
 * Return: true if so.
 */
bool dmabench_globs_match(const char *globs, const char *name)
{
	return words_any(globs, glob_is, name);
}

static bool opt_in_is(const char *word, const void *name)
{
	return !strcmp(word, name);
}

/**
 * dmabench_suite_opted - what the user has opted in to
 * @knobs: of the run
 *
 * Return: mask of OPT_IN().
 */
u32 dmabench_suite_opted(const struct dmabench_knobs *knobs)
{
	unsigned int i;
	u32 opted = 0;

	for (i = 0; i < CASE_OPT_INS; i++)
		if (words_any(knobs->opt_in, opt_in_is, dmabench_opt_in_names[i]))
			opted |= BIT(i);
	return opted;
}

static bool glob_is_idle(const char *glob, const void *unused)
{
	unsigned int c, i;

	for (c = 0; c < DMABENCH_CHAPTERS; c++)
		for (i = 0; i < dmabench_chapters[c]->nr_cases; i++)
			if (glob_is(glob, dmabench_chapters[c]->cases[i].name))
				return false;
	return true;
}

static bool opt_in_is_none(const char *word, const void *unused)
{
	return match_string(dmabench_opt_in_names, CASE_OPT_INS, word) < 0;
}

/**
 * dmabench_suite_check - whether knobs fit a suite
 * @knobs: the knobs
 * @reason: receives one line if they do not
 * @reason_size: room of @reason
 *
 * Return: 0, -EINVAL.
 */
int dmabench_suite_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size)
{
	if (words_any(knobs->cases, glob_is_idle, NULL)) {
		scnprintf(reason, reason_size,
			  "cases: a word of it matches no case, see the file `cases`");
		return -EINVAL;
	}
	if (words_any(knobs->waive, glob_is_idle, NULL)) {
		scnprintf(reason, reason_size,
			  "waive: a word of it matches no case, see the file `cases`");
		return -EINVAL;
	}
	if (words_any(knobs->opt_in, opt_in_is_none, NULL)) {
		scnprintf(reason, reason_size,
			  "opt_in: takes several_preps, reentry, shared_channel, cookie_wrap, public");
		return -EINVAL;
	}
	if (strchr(knobs->channel, ',')) {
		scnprintf(reason, reason_size, "mode=suite tests one channel at a time");
		return -EINVAL;
	}
	return 0;
}

/* Every channel can be tested in some way. */
static const char *suite_lacks(struct dma_chan *dma, enum dma_transfer_direction dir, void *owner)
{
	return NULL;
}

static int suite_take(struct dmabench_run *run, struct dmabench_chan **chan, const char *name,
		      enum dma_transfer_direction dir, char *reason, size_t size)
{
	struct dmabench_peripheral *peripheral = run->port.peripheral;
	const struct dmabench_chan_want want = {
		.name = name,
		.device = !name && *run->load.knobs.device ? run->load.knobs.device : NULL,
		.peripheral = peripheral ? dmabench_peripheral_device(peripheral) : NULL,
		.slave = dir == DMA_MEM_TO_DEV ? "tx" : "rx",
		.lacks = suite_lacks,
		.dir = dir,
		.revoke = dmabench_run_revoke,
		.owner = run,
	};
	struct dmabench_chan *got = dmabench_chan_get(&want, reason, size);

	if (IS_ERR(got))
		return PTR_ERR(got);
	*chan = got;
	strscpy(run->names[run->nr_names].name, got->name, sizeof(run->names[0].name));
	strscpy(run->names[run->nr_names].device, got->device, sizeof(run->names[0].device));
	strscpy(run->names[run->nr_names].driver, got->driver, sizeof(run->names[0].driver));
	run->nr_names++;
	return 0;
}

static bool has_port(const struct dmabench_knobs *knobs)
{
	return *knobs->peripheral || knobs->tx_addr || knobs->rx_addr ||
	       knobs->endpoint == DMABENCH_ENDPOINT_WORD;
}

static int suite_chans(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	bool receive_only = knobs->direction == DMABENCH_DIRECTION_RX;
	int ret;

	if (has_port(knobs)) {
		ret = dmabench_port_open(&run->port, knobs, reason, size);
		if (ret)
			return ret;
		run->peripheral = true;
	}
	ret = suite_take(run, &run->chans[0], *knobs->channel ? knobs->channel : NULL,
			 receive_only ? DMA_DEV_TO_MEM : DMA_MEM_TO_DEV, reason, size);
	if (ret)
		return ret;
	run->nr_chans = 1;
	if (!run->peripheral || knobs->direction != DMABENCH_DIRECTION_DUPLEX ||
	    (!run->port.peripheral && !*knobs->rx_channel))
		return 0;
	return suite_take(run, &run->peers[0], *knobs->rx_channel ? knobs->rx_channel : NULL,
			  DMA_DEV_TO_MEM, reason, size);
}

static int suite_worker(struct dmabench_run *run, char *reason, size_t size)
{
	struct dmabench_queue *queue __free(kfree) = kzalloc_obj(*queue);
	struct dmabench_suite *suite;

	run->specs[0].dev = run->chans[0]->map_dev;
	run->specs[0].node = NUMA_NO_NODE;
	run->nr_workers = 1;
	run->nr_threads = 1;
	run->workers = kvcalloc(1, sizeof(*run->workers), GFP_KERNEL);
	run->threads = kvcalloc(1, sizeof(*run->threads), GFP_KERNEL);
	if (!queue || !run->workers || !run->threads)
		goto no_memory;

	queue->knobs = &run->load.knobs;
	queue->spec = &run->specs[0];
	queue->mix[0] = run->mix[0];
	queue->nr_mix = 1;
	queue->seed = run->load.seed;
	run->workers[0] = dmabench_worker_alloc(&run->load, queue);
	if (!run->workers[0])
		goto no_memory;

	suite = run->workers[0]->state;
	suite->worker = run->workers[0];
	suite->port = run->peripheral ? &run->port : NULL;
	suite->opted = dmabench_suite_opted(&run->load.knobs);
	spin_lock_init(&suite->lock);
	INIT_LIST_HEAD(&suite->pool);
	INIT_LIST_HEAD(&suite->kept);
	dmabench_ktap_init(&suite->ktap);
	return 0;

no_memory:
	scnprintf(reason, size, "no memory for a suite");
	return -ENOMEM;
}

/**
 * dmabench_suite_plan - get what a suite starts with
 * @run: its knobs are set
 * @reason: receives one line if it is refused
 * @reason_size: room of @reason
 *
 * Context: may sleep.
 *
 * Return: 0, or what docs/debugfs.md lists for `run`; what was got until then stays
 * with the run.
 */
int dmabench_suite_plan(struct dmabench_run *run, char *reason, size_t reason_size)
{
	int ret;

	run->mix[0].op = dmabench_ops[run->load.knobs.op];
	run->mix[0].until = 1;
	run->nr_mix = 1;
	ret = suite_chans(run, reason, reason_size);
	return ret ?: suite_worker(run, reason, reason_size);
}
