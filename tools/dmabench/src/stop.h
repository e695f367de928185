/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_STOP_H
#define DMABENCH_STOP_H

#include <stdbool.h>

#include "defs.h"

/**
 * stop_install - from now on SIGINT, SIGTERM and SIGHUP ask for an end
 *
 * The first asks for an orderly end, a second for one at once; a third has its usual effect.
 */
void stop_install(void);

/** stop_after - ask for an end in @seconds, too; 0 for never */
void stop_after(unsigned int seconds);

/** stop_requested - whether an end was asked for */
bool stop_requested(void);

/** stop_at_once - whether it was asked for twice */
bool stop_at_once(void);

/** stop_cause - what asked for the end, for messages: "SIGINT", "the time limit" */
const char *stop_cause(void);

/** tick_start - interrupt blocking calls every @ms milliseconds, so that they can be watched */
void tick_start(unsigned int ms);
void tick_stop(void);

/** now_ns - monotonic clock in nanoseconds */
__u64 now_ns(void);

#endif
