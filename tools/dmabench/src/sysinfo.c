// SPDX-License-Identifier: GPL-2.0-only
/* What there is to know of the machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <sys/utsname.h>
#include <unistd.h>
#if __has_include("cpuid.h")
#include <cpuid.h>
#endif

#include "defs.h"
#include "fs.h"
#include "json.h"
#include "kv.h"
#include "mem.h"
#include "sysinfo.h"

static char *file_text(const char *path)
{
	char *text;

	return fs_read(path, &text) ? xstrdup("") : fs_trim(text);
}

/* Value of the first line "name<blanks>: value", to be freed; NULL if there is none. */
static char *cpuinfo_field(const char *cpuinfo, const char *name)
{
	size_t len = strlen(name);

	for (const char *line = cpuinfo; line; line = strchr(line, '\n')) {
		const char *at;

		line += *line == '\n';
		if (strncmp(line, name, len))
			continue;
		at = line + len + strspn(line + len, " \t");
		if (*at == ':') {
			at++;
			at += strspn(at, " \t");
			return xstrndup(at, strcspn(at, "\n"));
		}
	}
	return NULL;
}

char *sysinfo_cpu_model(const char *cpuinfo)
{
	static const char *const names[] = { "model name", "cpu model", "Processor", "cpu",
					     "Hardware" };
	char *part = NULL, *implementer, *text;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		text = cpuinfo_field(cpuinfo, names[i]);
		if (text)
			return text;
	}
	/* arm64 tells numbers only. */
	implementer = cpuinfo_field(cpuinfo, "CPU implementer");
	part = cpuinfo_field(cpuinfo, "CPU part");
	text = implementer && part ? xasprintf("implementer %s part %s", implementer, part) :
				     xstrdup("unknown");
	free(implementer);
	free(part);
	return text;
}

#if __has_include("cpuid.h")
static const char *hypervisor(void)
{
	unsigned int eax, ebx, ecx, edx;
	char name[13] = "";

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx))
		return "unknown";
	if (!(ecx & (1u << 31)))
		return "metal";
	__cpuid(0x40000000, eax, ebx, ecx, edx);
	memcpy(name, &ebx, 4);
	memcpy(name + 4, &ecx, 4);
	memcpy(name + 8, &edx, 4);
	if (!strcmp(name, "TCGTCGTCGTCG"))
		return "tcg";
	if (!strcmp(name, "KVMKVMKVM"))
		return "kvm";
	return "unknown";
}
#else
static const char *hypervisor(void)
{
	return "unknown";
}
#endif

const char *sysinfo_accelerator(const char *cpuinfo)
{
	char *model;
	bool tcg;

	/* Its processes run on the host's processor, which must not be asked. */
	if (strstr(cpuinfo, "User Mode Linux"))
		return "uml";
	model = sysinfo_cpu_model(cpuinfo);
	tcg = strstr(model, "TCG") || strstr(model, "QEMU Virtual CPU");
	free(model);
	return tcg ? "tcg" : hypervisor();
}

static char *guess_machine(void)
{
	static const char *const paths[] = { "/sys/class/dmi/id/product_name",
					     "/proc/device-tree/model" };

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char *text = file_text(paths[i]);

		if (*text)
			return text;
		free(text);
	}
	return xstrdup("unknown");
}

static struct json_object *emulated(const char *accelerator)
{
	if (!strcmp(accelerator, "unknown"))
		return NULL;
	return json_object_new_boolean(!strcmp(accelerator, "tcg"));
}

static void add_platform(struct json_object *system, const char *cpuinfo)
{
	const char *given = getenv("DMABENCH_SYSTEM");
	char *line = xasprintf("system %s", given ? given : "");
	char *machine = guess_machine();
	const char *accelerator, *target;
	const struct kvlist *pairs;
	struct records records;

	records_parse(&records, line);
	pairs = &records.v[0].pairs;
	accelerator = kv_text(pairs, "accelerator", sysinfo_accelerator(cpuinfo));
	target = kv_get(pairs, "target");
	json_put_text(system, "accelerator", accelerator);
	json_object_object_add(system, "emulated", emulated(accelerator));
	json_put_text(system, "machine", kv_text(pairs, "machine", machine));
	json_object_object_add(system, "target", target ? json_text(target) : NULL);
	records_free(&records);
	free(machine);
	free(line);
}

struct json_object *sysinfo_json(void)
{
	struct json_object *system = json_object_new_object();
	char *cpuinfo = file_text("/proc/cpuinfo");
	char *cmdline = file_text("/proc/cmdline");
	char *model = sysinfo_cpu_model(cpuinfo);
	struct sysinfo memory = { 0 };
	struct utsname name = { 0 };

	uname(&name);
	sysinfo(&memory);
	json_put_text(system, "kernel", name.release);
	json_put_text(system, "kernel_version", name.version);
	json_put_text(system, "arch", name.machine);
	json_put_text(system, "cpu_model", model);
	json_put_number(system, "cpus", sysconf(_SC_NPROCESSORS_ONLN));
	json_put_number(system, "memory_bytes", (__s64)memory.totalram * memory.mem_unit);
	json_put_text(system, "cmdline", cmdline);
	add_platform(system, cpuinfo);
	free(model);
	free(cmdline);
	free(cpuinfo);
	return system;
}
