/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_CHANNELS_H
#define DMABENCH_CHANNELS_H

#include <json-c/json.h>
#include <stdbool.h>

#include "kv.h"

/**
 * channels_read - all channels that can be seen
 * @channels: filled; free it with records_free()
 * @all: also those that only /sys/class/dma knows; their state is "busy" or "hidden"
 */
void channels_read(struct records *channels, bool all);

/** channels_json - the same as an array of objects, each with what it can do and cannot */
struct json_object *channels_json(bool all);

/** operations_read - the operations that the module has; free with records_free() */
void operations_read(struct records *operations);

/** operations_json - the same as an array of objects */
struct json_object *operations_json(void);

/**
 * abilities_read - which operations run on the channels that the module sees
 * @abilities: per channel "can", and "cannot" with what it lacks; free with records_free()
 */
void abilities_read(struct records *abilities);

/** channel_can - whether @operation runs on a channel of abilities_read() */
bool channel_can(const struct record *ability, const char *operation);

/** peripherals_read - the peripherals that the module is bound to; free with records_free() */
void peripherals_read(struct records *peripherals);

/** peripherals_json - the same as an array of objects */
struct json_object *peripherals_json(void);

#endif
