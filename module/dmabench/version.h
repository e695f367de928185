/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _DMABENCH_VERSION_H
#define _DMABENCH_VERSION_H

#define DMABENCH_VERSION	"0.1.0"

/* Of the grammar in docs/debugfs.md; changes when old readers would go wrong. */
#define DMABENCH_INTERFACE	1

#endif
