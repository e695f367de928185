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

/**
 * dmabench_xfer_stage - how long a stage of a transfer took
 * @x: over and unmapped
 * @stage: which one
 *
 * Return: ns. Completion before issue_pending has returned is legal, and counts
 * as 0.
 */
u64 dmabench_xfer_stage(const struct dmabench_xfer *x, enum dmabench_stage stage)
{
	static const struct {
		u8 from;
		u8 to;
	} span[DMABENCH_STAGES] = {
		[DMABENCH_STAGE_MAP]	  = { DMABENCH_AT_MAP, DMABENCH_AT_MAPPED },
		[DMABENCH_STAGE_PREP]	  = { DMABENCH_AT_PREP, DMABENCH_AT_PREPPED },
		[DMABENCH_STAGE_SUBMIT]	  = { DMABENCH_AT_PREPPED, DMABENCH_AT_SUBMITTED },
		[DMABENCH_STAGE_ISSUE]	  = { DMABENCH_AT_ISSUE, DMABENCH_AT_ISSUED },
		[DMABENCH_STAGE_COMPLETE] = { DMABENCH_AT_ISSUED, DMABENCH_AT_CALLBACK },
		[DMABENCH_STAGE_WAKE]	  = { DMABENCH_AT_CALLBACK, DMABENCH_AT_KNOWN },
		[DMABENCH_STAGE_UNMAP]	  = { DMABENCH_AT_UNMAP, DMABENCH_AT_UNMAPPED },
		[DMABENCH_STAGE_TOTAL]	  = { DMABENCH_AT_PREP, DMABENCH_AT_KNOWN },
	};
	u64 from = x->at[span[stage].from];
	u64 to = x->at[span[stage].to];

	return to > from ? to - from : 0;
}
