/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_WAIVERS_H
#define DMABENCH_WAIVERS_H

#include <stdbool.h>
#include <stddef.h>

/**
 * struct waiver - a failure that is accepted of a driver
 * @cases: name, group or glob of the cases
 * @reason: why, in words
 */
struct waiver {
	char *cases;
	char *reason;
};

/**
 * struct waivers - those of one driver
 * @v: the waivers
 * @n: how many
 */
struct waivers {
	struct waiver *v;
	size_t n;
};

/**
 * waivers_load - add what a file waives of a driver
 * @waivers: added to
 * @name: of the file, or of one that is shipped
 * @driver: name of the provider's driver, a section of the file
 *
 * Does not return if the file cannot be read, or if a waiver has no reason.
 *
 * Return: false if there is no such file.
 */
bool waivers_load(struct waivers *waivers, const char *name, const char *driver);

/** waivers_knob - their cases as the knob `waive` takes them, to be freed */
char *waivers_knob(const struct waivers *waivers);

/** waivers_reason - the reason of the waiver that covers @name, or NULL */
const char *waivers_reason(const struct waivers *waivers, const char *name);

void waivers_free(struct waivers *waivers);

#endif
