/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_RESULT_H
#define _DMABENCH_RESULT_H

#include <linux/seq_file.h>

#include "runner.h"

/**
 * struct dmabench_standing - what status files tell
 * @state: where the run stands
 * @error: errno it ended with
 * @reason: in words
 * @runs: how many runs the job was given
 */
struct dmabench_standing {
	enum dmabench_state state;
	int error;
	const char *reason;
	u64 runs;
};

void dmabench_status_show(struct seq_file *m, struct dmabench_run *run,
			  const struct dmabench_standing *standing);
void dmabench_result_show(struct seq_file *m, struct dmabench_run *run,
			  const struct dmabench_standing *standing);
int dmabench_hist_show(struct seq_file *m, struct dmabench_run *run, enum dmabench_stage stage);
int dmabench_slowest_show(struct seq_file *m, struct dmabench_run *run);
void dmabench_result_log(struct dmabench_run *run);

#endif
