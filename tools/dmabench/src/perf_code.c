// SPDX-License-Identifier: GPL-2.0-only
/* Hot instructions: which ones they are, from the memory of the running kernel. */
#include <elf.h>
#include <fcntl.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fs.h"
#include "json.h"
#include "mem.h"
#include "perf_code.h"

#define FUNCTIONS	16
#define LONGEST		4096

/* Instructions that are shown before and after one with samples. */
#define AROUND		2

#if defined(__x86_64__)
#define MACHINE		"i386:x86-64"
#elif defined(__aarch64__)
#define MACHINE		"aarch64"
#elif defined(__arm__)
#define MACHINE		"arm"
#else
#define MACHINE		NULL
#endif

/**
 * struct spot - an instruction, or what else begins at an offset
 * @offset: from the function's start
 * @weight: its samples
 * @text: the instruction, or NULL
 */
struct spot {
	__u64 offset;
	struct weight weight;
	char *text;
};

/**
 * struct function - a function with samples
 * @frame: number of its frame
 * @start: its address
 * @end: the address of what follows it
 * @weight: all samples in it
 * @spots: where they lie, later all its instructions
 * @n: how many
 */
struct function {
	size_t frame;
	__u64 start;
	__u64 end;
	struct weight weight;
	struct spot *spots;
	size_t n;
};

static struct spot *add_spot(struct function *function, __u64 offset, struct weight weight)
{
	struct spot *spot;

	function->spots = xgrow(function->spots, function->n + 1, sizeof(*function->spots));
	spot = &function->spots[function->n++];
	*spot = (struct spot){ .offset = offset, .weight = weight };
	return spot;
}

static struct function *collect(const struct fold *fold, size_t *n)
{
	struct function *functions = xcalloc(fold->frames.n, sizeof(*functions));

	for (size_t i = 0; i < fold->places.keys.n; i++) {
		struct weight weight = fold->places.weights[i];
		__u64 offset, address;
		struct function *function;
		size_t frame;

		if (sscanf(fold->places.keys.texts[i], "%zu %llu %llu", &frame, &offset,
			   &address) != 3)
			continue;
		function = &functions[frame];
		function->frame = frame;
		function->start = address - offset;
		function->end = function->start + LONGEST;
		function->weight.samples += weight.samples;
		function->weight.ns += weight.ns;
		add_spot(function, offset, weight);
	}
	*n = fold->frames.n;
	return functions;
}

static int by_time(const void *a, const void *b)
{
	const struct function *left = a, *right = b;

	return (left->weight.ns < right->weight.ns) - (left->weight.ns > right->weight.ns);
}

static int by_offset(const void *a, const void *b)
{
	const struct spot *left = a, *right = b;

	return (left->offset > right->offset) - (left->offset < right->offset);
}

/* Functions end where the next symbol begins. */
static void find_ends(struct function *functions, size_t n)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	__u64 address;

	while (file && fscanf(file, "%llx %*c %*[^\n]", &address) == 1)
		for (size_t i = 0; i < n; i++)
			if (address > functions[i].start && address < functions[i].end)
				functions[i].end = address;
	if (file)
		fclose(file);
}

/* kcore is an ELF file whose segments are the kernel's memory. */
static bool read_code(const struct function *function, void *code, size_t len)
{
	ElfW(Ehdr) head;
	int fd = open("/proc/kcore", O_RDONLY | O_CLOEXEC);
	bool good = false;

	if (fd < 0)
		return false;
	if (pread(fd, &head, sizeof(head), 0) != (ssize_t)sizeof(head))
		head.e_phnum = 0;
	for (unsigned int i = 0; i < head.e_phnum && !good; i++) {
		ElfW(Phdr) part;
		off_t at = (off_t)(head.e_phoff + i * sizeof(part));

		if (pread(fd, &part, sizeof(part), at) != (ssize_t)sizeof(part))
			break;
		if (part.p_type != PT_LOAD || function->start < part.p_vaddr ||
		    function->start - part.p_vaddr + len > part.p_filesz)
			continue;
		at = (off_t)(part.p_offset + (function->start - part.p_vaddr));
		good = pread(fd, code, len, at) == (ssize_t)len;
	}
	close(fd);
	return good;
}

/* "ffffffff81ce5ff0:	mov    %rsp,%rbp" */
static void read_instruction(void *to, char *text)
{
	struct function *function = to;
	char *colon;
	__u64 address = strtoull(text, &colon, 16), offset = address - function->start;
	struct spot *spot = NULL;

	if (*colon != ':' || colon[1] != '\t' || address < function->start ||
	    address >= function->end)
		return;
	for (size_t i = 0; i < function->n && !spot; i++)
		if (function->spots[i].offset == offset)
			spot = &function->spots[i];
	if (!spot)
		spot = add_spot(function, offset, (struct weight){ 0 });
	free(spot->text);
	spot->text = xstrdup(fs_trim(colon + 2));
}

/* Why a function has no instructions, or NULL if it has. */
static const char *disassemble(struct perf *perf, struct function *function)
{
	size_t len = (size_t)(function->end - function->start);
	char *path = xasprintf("%s/code", perf->folder), *code = xcalloc(len, 1);
	char *shift = xasprintf("--adjust-vma=%#llx", function->start);
	char *const argv[] = { "objdump", "-D", "-b", "binary", "-m", MACHINE,
			       "--no-show-raw-insn", shift, path, NULL };
	const char *why = NULL;
	FILE *file = fopen(path, "we");

	if (!MACHINE)
		why = "no disassembler is known for this architecture";
	else if (!read_code(function, code, len))
		why = "its code cannot be read from /proc/kcore";
	else if (!file || fwrite(code, len, 1, file) != 1 || fflush(file))
		why = "its code cannot be stored";
	else if (perf_run(perf, argv, read_instruction, function))
		why = "objdump does not run here (Debian: binutils)";
	if (file)
		fclose(file);
	qsort(function->spots, function->n, sizeof(*function->spots), by_offset);
	free(shift);
	free(code);
	free(path);
	return why;
}

static bool is_near(const struct function *function, size_t at)
{
	size_t from = at > AROUND ? at - AROUND : 0;

	for (size_t i = from; i < function->n && i <= at + AROUND; i++)
		if (function->spots[i].weight.samples)
			return true;
	return false;
}

static struct json_object *function_json(const struct function *function, const char *why)
{
	struct json_object *object = json_object_new_object(), *code = json_object_new_array();

	json_put_number(object, "frame", (__s64)function->frame);
	json_put_number(object, "size", (__s64)(function->end - function->start));
	json_put_number(object, "samples", (__s64)function->weight.samples);
	json_put_number(object, "ns", (__s64)function->weight.ns);
	json_object_object_add(object, "why", why ? json_text(why) : NULL);
	for (size_t i = 0; i < function->n; i++) {
		const struct spot *spot = &function->spots[i];
		struct json_object *line;

		if (!is_near(function, i))
			continue;
		line = json_object_new_array_ext(4);
		json_object_array_add(line, json_object_new_uint64(spot->offset));
		json_object_array_add(line, json_object_new_uint64(spot->weight.samples));
		json_object_array_add(line, json_object_new_uint64(spot->weight.ns));
		json_object_array_add(line, json_text(spot->text ? spot->text : ""));
		json_object_array_add(code, line);
	}
	json_object_object_add(object, "code", code);
	return object;
}

struct json_object *perf_code(struct perf *perf, const struct fold *fold)
{
	struct json_object *array = json_object_new_array();
	struct function *functions;
	size_t n;

	functions = collect(fold, &n);
	qsort(functions, n, sizeof(*functions), by_time);
	find_ends(functions, n < FUNCTIONS ? n : FUNCTIONS);
	for (size_t i = 0; i < n && i < FUNCTIONS && functions[i].n; i++)
		json_object_array_add(array, function_json(&functions[i],
							   disassemble(perf, &functions[i])));
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < functions[i].n; j++)
			free(functions[i].spots[j].text);
		free(functions[i].spots);
	}
	free(functions);
	return array;
}
