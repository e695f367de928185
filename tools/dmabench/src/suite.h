/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_SUITE_H
#define DMABENCH_SUITE_H

#include <json-c/json.h>

#include "ktap.h"
#include "kv.h"
#include "strlist.h"
#include "waivers.h"

/** suite_print - a readable summary: groups, failures with what they said, why cases skip */
void suite_print(const struct ktap *ktap, const struct waivers *waivers);

/** suite_json - cases and rules of a report, for the report's conformance matrix */
struct json_object *suite_json(const struct ktap *ktap, const struct waivers *waivers);

/**
 * suite_find_peripheral - knobs that name a peripheral to test slave transfers with
 * @knobs: appended to, "knob=value"; nothing if no peripheral is known for sure
 * @channels: of channels_read()
 * @channel: the channel under test
 *
 * Only peripherals of dmasim are found: those of hardware are named by the user.
 */
void suite_find_peripheral(struct strlist *knobs, const struct records *channels,
			   const char *channel);

#endif
