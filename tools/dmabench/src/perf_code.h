/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_PERF_CODE_H
#define DMABENCH_PERF_CODE_H

#include <json-c/json.h>

#include "perf.h"
#include "perf_fold.h"

/**
 * perf_code - the functions in which most samples lie, with their hot instructions
 * @perf: runs objdump
 * @fold: finished
 *
 * The code is that which runs, with all that the kernel has patched: it comes from /proc/kcore.
 * Where that or objdump is not to be had, a function says why, and has its samples alone.
 *
 * Return: an array, the hottest first.
 */
struct json_object *perf_code(struct perf *perf, const struct fold *fold);

#endif
