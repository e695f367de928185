/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_DEBUGFS_H
#define _DMABENCH_DEBUGFS_H

#include <linux/types.h>

int dmabench_debugfs_init(bool run);
void dmabench_debugfs_exit(void);

#endif
