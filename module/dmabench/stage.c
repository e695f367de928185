// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stages: what they are called, and all those of a transfer.
 */
#include "xfer.h"

const char *const dmabench_stage_names[DMABENCH_ALL_STAGES] = {
	[DMABENCH_STAGE_MAP]		= "map",
	[DMABENCH_STAGE_PREP]		= "prep",
	[DMABENCH_STAGE_SUBMIT]		= "submit",
	[DMABENCH_STAGE_ISSUE]		= "issue",
	[DMABENCH_STAGE_COMPLETE]	= "complete",
	[DMABENCH_STAGE_WAKE]		= "wake",
	[DMABENCH_STAGE_UNMAP]		= "unmap",
	[DMABENCH_STAGE_TOTAL]		= "total",
	[DMABENCH_STAGE_PERIOD]		= "period",
	[DMABENCH_STAGE_START]		= "start",
	[DMABENCH_STAGE_PAUSE]		= "pause",
	[DMABENCH_STAGE_RESUME]		= "resume",
	[DMABENCH_STAGE_RESTART]	= "restart",
	[DMABENCH_STAGE_TERMINATE]	= "terminate",
	[DMABENCH_STAGE_SYNCHRONIZE]	= "synchronize",
	[DMABENCH_STAGE_TERMINATE_SYNC]	= "terminate_sync",
};

/**
 * dmabench_xfer_stages - how long the stages of a transfer took
 * @x: over and unmapped
 * @stage: receives them, ns, DMABENCH_STAGES of them
 */
void dmabench_xfer_stages(const struct dmabench_xfer *x, u64 *stage)
{
	unsigned int i;

	for (i = 0; i < DMABENCH_STAGES; i++)
		stage[i] = dmabench_xfer_stage(x, i);
}
