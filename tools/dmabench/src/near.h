/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_NEAR_H
#define DMABENCH_NEAR_H

#include <stddef.h>

/**
 * near_name - what somebody who wrote a wrong name may have meant
 * @wrong: the name as written
 * @names: those that exist
 * @n: how many
 *
 * Return: the closest of @names, or NULL if none is close.
 */
const char *near_name(const char *wrong, char *const *names, size_t n);

#endif
