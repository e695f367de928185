/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is an initcall in the kernel is called by the init function of the module. Each
 * of the kernel's files has one at most.
 */
#ifndef GCOV_PARTS_H
#define GCOV_PARTS_H

#include <linux/init.h>
#include <linux/module.h>

extern const initcall_t gcov_base_start;
extern const initcall_t gcov_fs_start;

#undef device_initcall

#endif /* GCOV_PARTS_H */
