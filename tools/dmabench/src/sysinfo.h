/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_SYSINFO_H
#define DMABENCH_SYSINFO_H

#include <json-c/json.h>

/**
 * sysinfo_json - the machine that was measured on, as "system" of a document
 *
 * DMABENCH_SYSTEM in the environment ("accelerator=tcg machine=virt target=arm64") overrides what
 * a guest can only guess about itself. The host name is left out on purpose.
 */
struct json_object *sysinfo_json(void);

/**
 * sysinfo_accelerator - guess what executes this machine's instructions
 * @cpuinfo: content of /proc/cpuinfo
 *
 * Return: "uml", "tcg", "kvm", "metal" or "unknown".
 */
const char *sysinfo_accelerator(const char *cpuinfo);

/** sysinfo_cpu_model - name of the processor in @cpuinfo, to be freed */
char *sysinfo_cpu_model(const char *cpuinfo);

#endif
