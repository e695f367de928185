// SPDX-License-Identifier: GPL-2.0-only
/*
 * The stages: what they are called, and which clock readings they lie between.
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

static u64 between(const struct dmabench_xfer *x, enum dmabench_stamp from,
		   enum dmabench_stamp to)
{
	return x->at[to] > x->at[from] ? x->at[to] - x->at[from] : 0;
}

/**
 * dmabench_xfer_stages - how long the stages of a transfer took
 * @x: over and unmapped
 * @stage: receives them, ns, DMABENCH_STAGES of them
 *
 * Completion before issue_pending has returned is legal, and counts as 0.
 */
void dmabench_xfer_stages(const struct dmabench_xfer *x, u64 *stage)
{
	stage[DMABENCH_STAGE_MAP] = x->map_ns;
	stage[DMABENCH_STAGE_PREP] = between(x, DMABENCH_AT_PREP, DMABENCH_AT_PREPPED);
	stage[DMABENCH_STAGE_SUBMIT] = between(x, DMABENCH_AT_PREPPED, DMABENCH_AT_SUBMITTED);
	stage[DMABENCH_STAGE_ISSUE] = between(x, DMABENCH_AT_ISSUE, DMABENCH_AT_ISSUED);
	stage[DMABENCH_STAGE_COMPLETE] = between(x, DMABENCH_AT_ISSUED, DMABENCH_AT_CALLBACK);
	stage[DMABENCH_STAGE_WAKE] = x->queue->cpu ? 0 :
				     between(x, DMABENCH_AT_CALLBACK, DMABENCH_AT_KNOWN);
	stage[DMABENCH_STAGE_UNMAP] = x->unmap_ns;
	stage[DMABENCH_STAGE_TOTAL] = between(x, DMABENCH_AT_PREP, DMABENCH_AT_KNOWN);
}
