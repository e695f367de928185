/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_SIMFS_H
#define DMABENCH_SIMFS_H

#include "shape.h"
#include "strlist.h"

/** simfs_root - folder of dmasim in configfs; the environment may name another */
const char *simfs_root(void);

/**
 * simfs_require - make sure that devices can be made
 *
 * Does not return otherwise: says what to type and exits with RC_SKIPPED.
 */
void simfs_require(void);

/** simfs_names - append the names of all folders, sorted; 0 or a negative errno */
int simfs_names(struct strlist *names);

/** simfs_text - content of a file of a folder without line ends at its end, to be freed */
char *simfs_text(const char *name, const char *file);

/**
 * simfs_add - make a device
 * @name: of its folder
 * @shape: its knobs
 *
 * Does not return if it cannot be made: says why, leaves nothing behind and exits.
 */
void simfs_add(const char *name, const struct shape *shape);

/** simfs_del - take a device down and remove its folder; does not return on failure */
void simfs_del(const char *name);

#endif
