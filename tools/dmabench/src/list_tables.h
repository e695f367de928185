/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_LIST_TABLES_H
#define DMABENCH_LIST_TABLES_H

#include "kv.h"

/*
 * The tables of dmabench list. Channels that do not differ in what a table shows
 * share a row there, which names the first and how many more there are.
 */

/** list_print_channels - what is there and in which state, a row each */
void list_print_channels(const struct records *channels);

/** list_print_limits - what transfers and slave configurations may be */
void list_print_limits(const struct records *channels);

/** list_print_operations - the operations and on how many of @channels they run */
void list_print_operations(const struct records *operations, const struct records *abilities);

/** list_print_abilities - which operations run on a channel, and what it lacks for the others */
void list_print_abilities(const struct records *abilities);

/** list_print_peripherals - what slave transfers can be tested with */
void list_print_peripherals(const struct records *peripherals);

#endif
