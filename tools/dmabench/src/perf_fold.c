// SPDX-License-Identifier: GPL-2.0-only
/* What `perf script` prints, folded into stacks and counts. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "mem.h"
#include "perf.h"
#include "perf_fold.h"
#include "strlist.h"

#define NS_PER_S	1000000000ull

/* Whatever runs outside of the kernel is one frame: it is nobody's stage. */
#define USER		"[user]\t"

static struct weight *weight_of(struct weighted *weighted, const char *key)
{
	size_t before = weighted->keys.n, at = intern(&weighted->keys, key);

	if (weighted->keys.n != before) {
		weighted->weights = xgrow(weighted->weights, at + 1, sizeof(*weighted->weights));
		weighted->weights[at] = (struct weight){ 0 };
	}
	return &weighted->weights[at];
}

static void weigh(struct weighted *weighted, const char *key, __u64 ns)
{
	struct weight *weight = weight_of(weighted, key);

	weight->samples++;
	weight->ns += ns;
}

/* The part of the time since the last sample of this CPU that lies in the window. */
static __u64 time_of(struct fold *fold)
{
	const struct span *span = fold->now.span;
	__u64 from = fold->now.last[fold->now.cpu], to = fold->now.at;

	if (!span->open)
		return 0;
	if (from < span->open)
		from = span->open;
	if (span->close && to > span->close)
		to = span->close;
	if (fold->now.most && to > from + fold->now.most)
		from = to - fold->now.most;
	return to > from ? to - from : 0;
}

static bool is_worker(const struct fold *fold)
{
	const struct span *span = fold->now.span;

	for (size_t i = 0; i < span->nr_workers; i++)
		if (span->workers[i] == fold->now.thread)
			return true;
	return false;
}

static void add_sample(struct fold *fold)
{
	struct strlist words = { 0 };
	__u64 ns = time_of(fold);
	char *key;

	fold->now.last[fold->now.cpu] = fold->now.at;
	if (!ns || !fold->now.depth)
		return;
	strlist_add(&words, is_worker(fold) ? "1" : "0");
	for (size_t i = fold->now.depth; i; i--)
		strlist_take(&words, xasprintf("%zu", fold->now.frame[i - 1]));
	key = strlist_join(&words, " ");
	weigh(&fold->now.span->stacks, key, ns);
	fold->now.span->samples++;
	free(key);
	strlist_free(&words);
	if (fold->now.address) {
		key = xasprintf("%zu %llu %llu", fold->now.frame[0], fold->now.offset,
				fold->now.address);
		weigh(&fold->places, key, ns);
		free(key);
	}
}

void fold_finish(struct fold *fold)
{
	if (fold->now.wanted)
		add_sample(fold);
	fold->now.wanted = false;
}

static struct span *span_at(struct fold *fold, __u64 at)
{
	for (size_t i = 0; i < fold->n; i++)
		if (at >= fold->spans[i].from && at <= fold->spans[i].to)
			return &fold->spans[i];
	return NULL;
}

static void note_window(struct fold *fold, const char *text)
{
	struct span *span = fold->now.span;

	if (strstr(text, "open=1")) {
		if (!span->open)
			span->open = fold->now.at;
		if (span->nr_workers < FOLD_WORKERS)
			span->workers[span->nr_workers++] = fold->now.thread;
	} else if (!span->close) {
		span->close = fold->now.at;
	}
}

static void note_clock(struct fold *fold, const char *name, size_t len)
{
	if (fold->clock)
		return;
	fold->clock = xstrndup(name, len);
	/* A CPU that halts counts no cycles: the time before a sample may be idle. */
	if (!strncmp(name, "cycles", strlen("cycles")))
		fold->now.most = NS_PER_S / PERF_FREQUENCY * 3 / 2;
}

/* "  181 [001]  12.345678901: cpu-clock: ", of a tracepoint with its fields behind it */
static void read_head(struct fold *fold, const char *text)
{
	const char *name, *fields;
	unsigned int thread, cpu;
	__u64 s, ns;
	int used = 0;

	if (sscanf(text, " %u [%u] %llu.%llu: %n", &thread, &cpu, &s, &ns, &used) < 4 || !used)
		return;
	fold->now.at = s * NS_PER_S + ns;
	fold->now.thread = thread;
	fold->now.cpu = cpu % FOLD_CPUS;
	fold->now.span = span_at(fold, fold->now.at);
	fold->now.depth = 0;
	fold->now.address = 0;
	if (!fold->now.span)
		return;
	name = text + used;
	/* In front of it stands the period, where perf prints it. */
	name += strspn(name, "0123456789 ");
	fields = strstr(name, ": ");
	if (!fields)
		fields = name + strcspn(name, ": ");
	if (!strncmp(name, PERF_WINDOW, strlen(PERF_WINDOW)))
		note_window(fold, text);
	if (!strchr(name, ':') || fields <= name)
		return;
	if (!memchr(name, ':', (size_t)(fields - name))) {
		note_clock(fold, name, (size_t)(fields - name));
		fold->now.wanted = true;
		return;
	}
	if (fold->now.span->open && !fold->now.span->close) {
		char *key = xstrndup(name, (size_t)(fields - name));

		weigh(&fold->now.span->events, key, 0);
		free(key);
	}
}

void fold_modules(struct fold *fold, const char *text)
{
	struct strlist lines = { 0 };

	/* "dmasim 118784 1 - Live 0xffffffffc0320000 (OE)" */
	strlist_split(&lines, text, "\n");
	for (size_t i = 0; i < lines.n; i++) {
		char name[64];
		__u64 size, from;

		if (sscanf(lines.v[i], "%63s %llu %*s %*s %*s %llx", name, &size, &from) != 3)
			continue;
		fold->modules = xgrow(fold->modules, fold->nr_modules + 1, sizeof(*fold->modules));
		fold->modules[fold->nr_modules++] = (struct module_range){
			.name = xstrdup(name), .from = from, .to = from + size,
		};
	}
	strlist_free(&lines);
}

/* The module, "" of the kernel itself, NULL of all else. */
static const char *module_of(const struct fold *fold, __u64 address, const char *dso)
{
	const struct module_range *found = NULL;

	/* A size is that of all parts of a module: others may lie between its code and its data. */
	for (size_t i = 0; i < fold->nr_modules; i++) {
		const struct module_range *module = &fold->modules[i];

		if (address >= module->from && address < module->to &&
		    (!found || module->from > found->from))
			found = module;
	}
	if (found)
		return found->name;
	if (*dso == '[' && strncmp(dso, "[unknown]", 9) && strncmp(dso, "[vdso]", 6))
		return "";
	return NULL;
}

/* "	ffffffff81ce5fff pv_native_safe_halt+0xf ([kernel.kallsyms])" */
static void read_frame(struct fold *fold, char *text)
{
	char *symbol, *dso, *offset, *frame;
	const char *module;
	__u64 address;

	address = strtoull(text, &symbol, 16);
	dso = strrchr(text, '(');
	if (symbol == text || *symbol != ' ' || !dso || dso <= symbol ||
	    fold->now.depth == ARRAY_SIZE(fold->now.frame))
		return;
	symbol++;
	dso[-1] = '\0';
	module = module_of(fold, address, dso + 1);
	/* What unwinding finds beyond the entry from user space is no frame. */
	if (!module && fold->now.depth)
		return;
	offset = strrchr(symbol, '+');
	if (offset)
		*offset++ = '\0';
	if (module && offset && !fold->now.depth) {
		fold->now.offset = strtoull(offset, NULL, 16);
		fold->now.address = address;
	}
	frame = module ? xasprintf("%s\t%s", symbol, module) : xstrdup(USER);
	fold->now.frame[fold->now.depth++] = intern(&fold->frames, frame);
	free(frame);
}

void fold_line(void *to, char *text)
{
	struct fold *fold = to;

	if (*text == '\t' || (*text == ' ' && !strchr(text, '['))) {
		if (fold->now.wanted)
			read_frame(fold, text + strspn(text, " \t"));
	} else {
		fold_finish(fold);
		if (*text)
			read_head(fold, text);
	}
}

struct json_object *fold_frames(const struct fold *fold)
{
	struct json_object *frames = json_object_new_array();

	for (size_t i = 0; i < fold->frames.n; i++) {
		const char *text = fold->frames.texts[i], *tab = strchr(text, '\t');
		struct json_object *frame = json_object_new_array_ext(2);
		char *symbol = xstrndup(text, (size_t)(tab - text));

		json_object_array_add(frame, json_text(symbol));
		json_object_array_add(frame, json_text(tab + 1));
		json_object_array_add(frames, frame);
		free(symbol);
	}
	return frames;
}

struct json_object *fold_stacks(const struct span *span)
{
	struct json_object *stacks = json_object_new_array();

	for (size_t i = 0; i < span->stacks.keys.n; i++) {
		const struct weight *weight = &span->stacks.weights[i];
		struct json_object *stack = json_object_new_array();
		struct strlist numbers = { 0 };

		strlist_split(&numbers, span->stacks.keys.texts[i], " ");
		json_object_array_add(stack, json_object_new_int(atoi(numbers.v[0])));
		json_object_array_add(stack, json_object_new_uint64(weight->ns));
		json_object_array_add(stack, json_object_new_uint64(weight->samples));
		for (size_t j = 1; j < numbers.n; j++)
			json_object_array_add(stack, json_object_new_int(atoi(numbers.v[j])));
		strlist_free(&numbers);
		json_object_array_add(stacks, stack);
	}
	return stacks;
}

struct json_object *fold_events(const struct span *span)
{
	struct json_object *events = json_object_new_object();

	for (size_t i = 0; i < span->events.keys.n; i++)
		json_put_number(events, span->events.keys.texts[i],
				(__s64)span->events.weights[i].samples);
	return events;
}

static void weighted_free(struct weighted *weighted)
{
	intern_free(&weighted->keys);
	free(weighted->weights);
}

void fold_free(struct fold *fold)
{
	for (size_t i = 0; i < fold->n; i++) {
		weighted_free(&fold->spans[i].stacks);
		weighted_free(&fold->spans[i].events);
	}
	free(fold->spans);
	free(fold->clock);
	for (size_t i = 0; i < fold->nr_modules; i++)
		free(fold->modules[i].name);
	free(fold->modules);
	intern_free(&fold->frames);
	weighted_free(&fold->places);
}
