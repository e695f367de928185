// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of modes.
 */
#include <linux/stddef.h>

#include "mode.h"

/* In the order of enum dmabench_mode_id, which comes from the same list. */
const struct dmabench_mode *const dmabench_modes[DMABENCH_MODES] = {
#define DMABENCH_MODE(_name)	&dmabench_mode_##_name,
#include "mode-list.h"
#undef DMABENCH_MODE
};

/* The words of the knob `mode`. */
const char *const dmabench_mode_names[] = {
#define DMABENCH_MODE(_name)	#_name,
#include "mode-list.h"
#undef DMABENCH_MODE
	NULL
};
