// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mode=pcm adds to the result.
 */
#include <linux/kernel.h>

#include "pcm.h"

static const struct {
	const char *key;
	size_t offset;
} pcm_counts[] = {
#define COUNT(_key, _member)	{ _key, offsetof(struct dmabench_pcm_count, _member) }
	COUNT("bytes", bytes),
	COUNT("periods", periods),
	COUNT("callbacks", callbacks),
	COUNT("callbacks_paused", callbacks_paused),
	COUNT("polls", polls),
	COUNT("polls_invalid", invalid),
	COUNT("polls_not_paused", not_paused),
	COUNT("in_flight_max_bytes", in_flight),
	COUNT("pointer_error_bytes", pointer_error),
	COUNT("underruns", underruns),
	COUNT("overruns", overruns),
	COUNT("frames_checked", frames),
	COUNT("frames_lost", lost),
	COUNT("frames_lost_paused", lost_paused),
	COUNT("frames_duplicate", duplicate),
	COUNT("frames_stale", stale),
	COUNT("frames_early", early),
	COUNT("epochs", epochs),
	COUNT("pauses", pauses),
	COUNT("suspends", suspends),
	COUNT("restarts", restarts),
	COUNT("pointer_only_bytes", pointer_only),
	COUNT("closed_paused", closed_paused),
	COUNT("last_write_ns", last_write),
	COUNT("widths_refused", widths_refused),
#undef COUNT
};

static void caps_show(struct seq_file *m, const struct dmabench_pcm *pcm)
{
	const struct dmabench_port *port = pcm->worker->queue.port;
	const struct dma_slave_caps *caps = &pcm->caps;

	seq_printf(m, "pcm.caps.known: %d\n", pcm->caps_known);
	seq_printf(m, "pcm.caps.pause_resume: %d\n", pcm->can_pause);
	seq_printf(m, "pcm.caps.batch: %d\n",
		   caps->residue_granularity <= DMA_RESIDUE_GRANULARITY_SEGMENT);
	seq_printf(m, "pcm.caps.no_residue: %d\n", pcm->no_residue);
	seq_printf(m, "pcm.caps.widths: 0x%x\n",
		   pcm->playback ? caps->dst_addr_widths : caps->src_addr_widths);
	seq_printf(m, "pcm.caps.period_bytes_min: %u\n",
		   port->maxburst > 1 ? port->maxburst * 8 : 256);
	seq_printf(m, "pcm.caps.period_bytes_max: %u\n", pcm->period_max);
}

/**
 * dmabench_pcm_show - print what a scenario has found
 * @m: where to
 * @worker: may be running
 */
void dmabench_pcm_show(struct seq_file *m, const struct dmabench_worker *worker)
{
	const struct dmabench_pcm *pcm = worker->state;
	unsigned int i;

	if (!READ_ONCE(pcm->worker))
		return;
	caps_show(m, pcm);
	for (i = 0; i < ARRAY_SIZE(pcm_counts); i++)
		seq_printf(m, "pcm.%s: %llu\n", pcm_counts[i].key,
			   *(const u64 *)((const void *)&pcm->count + pcm_counts[i].offset));
	seq_printf(m, "pcm.callbacks_late: %d\n", atomic_read(&pcm->ring.callbacks_late));
}
