// SPDX-License-Identifier: GPL-2.0-only
/*
 * The knobs of a job, as far as the command knows them by itself: for help
 * and for messages where there is no module. The module's own list decides.
 */
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "knobs.h"
#include "mem.h"
#include "near.h"

static const struct knob knobs[] = {
	{ "op", "a name from 'dmabench list'", "operation to run" },
	{ "channel", "names", "channels to use; several in quotes: channel='\"a,b\"'" },
	{ "device", "a name", "without channel: only channels of this provider" },
	{ "max_channels", "0..64", "without channel: how many to take, 0 for all" },
	{ "threads", "1..64", "workers per channel" },
	{ "depth", "1..1024", "transfers that a worker keeps in flight" },
	{ "batch", "1..1024", "submits per issue_pending, not above depth" },
	{ "wait", "irq, poll or hybrid", "how a worker learns of a completion" },
	{ "callback", "plain or result", "which callback tells of completion" },
	{ "hybrid_us", "0..1000000", "how long hybrid watches before it sleeps" },
	{ "size", "1..16M", "bytes of a transfer, the most if they vary" },
	{ "size_min", "0..16M", "0: all alike; else random from here to size" },
	{ "sources", "1..32", "of xor, pq and their checks: how many sources" },
	{ "pq", "both, p or q", "which of P and Q pq and pq_val work on" },
	{ "align", "0 or a power of two up to 4096", "alignment, 0: what the channel asks for" },
	{ "src_offset", "0..65536", "bytes that the source starts behind its alignment" },
	{ "dst_offset", "0..65536", "bytes that the destination starts behind its alignment" },
	{ "random_offset", "0..65536", "adds a random offset of up to so many bytes" },
	{ "map", "transfer or once", "map buffers for each transfer or beforehand" },
	{ "memory", "streaming or coherent", "kind of DMA memory" },
	{ "node", "-1..1023", "NUMA node, -1: the channel's" },
	{ "iterations", "0..2^32", "measured transfers of a worker, 0: by runtime_ms" },
	{ "runtime_ms", "0..86400000", "measured time, 0: by iterations" },
	{ "warmup", "0..2^32", "transfers before the measurement" },
	{ "timeout_ms", "1..3600000", "a transfer that takes longer has failed" },
	{ "verify", "none, ends or full", "which transfers to check" },
	{ "max_errors", "1..2^32", "a worker stops at so many bad transfers" },
	{ "stages", "0 or 1", "0: no time stamps and histograms" },
	{ "slowest_max", "0..64", "how many of the slowest transfers to keep" },
	{ "seed", "a 64-bit number", "of sizes, offsets and data, 0: random" },
	{ "memory_limit", "1M..64G", "a run that needs more memory is refused" },
};

const struct knob *knob_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(knobs); i++)
		if (!strcmp(knobs[i].name, name))
			return &knobs[i];
	return NULL;
}

bool knob_exists(const char *name, const struct kvlist *config)
{
	return config ? !!kv_get(config, name) : !!knob_find(name);
}

const char *knob_suggest(const char *name, const struct kvlist *config)
{
	size_t n = config ? config->n : ARRAY_SIZE(knobs);
	char **names = xcalloc(n, sizeof(*names));
	const char *found;

	for (size_t i = 0; i < n; i++)
		names[i] = (char *)(config ? config->v[i].key : knobs[i].name);
	found = near_name(name, names, n);
	free(names);
	return found;
}

void knobs_print(FILE *out)
{
	for (size_t i = 0; i < ARRAY_SIZE(knobs); i++)
		fprintf(out, "  %-14s %s (%s)\n", knobs[i].name, knobs[i].meaning,
			knobs[i].values);
}
