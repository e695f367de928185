/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DMABENCH_PERF_FOLD_H
#define DMABENCH_PERF_FOLD_H

#include <json-c/json.h>
#include <stdbool.h>

#include "defs.h"
#include "intern.h"

/** FOLD_CPUS - CPUs that are told apart; those above share a place */
#define FOLD_CPUS	1024

/** FOLD_WORKERS - threads of a run that are known as its workers, at most */
#define FOLD_WORKERS	64

/**
 * struct weight - what has come together under one key
 * @samples: how many
 * @ns: the time that they stand for
 */
struct weight {
	__u64 samples;
	__u64 ns;
};

/**
 * struct weighted - keys and what has come together under them
 * @keys: texts
 * @weights: one for each
 */
struct weighted {
	struct intern keys;
	struct weight *weights;
};

/**
 * struct module_range - where a module of the kernel lies
 * @name: of the module
 * @from: its first address
 * @to: the address behind it
 */
struct module_range {
	char *name;
	__u64 from;
	__u64 to;
};

/**
 * struct span - a run that was recorded
 * @from: when recording was switched on, ns of the monotonic clock
 * @to: when it was switched off
 * @open: when the first window opened, 0: it did not
 * @close: when the first window closed, 0: it did not
 * @workers: threads that opened a window
 * @nr_workers: how many
 * @samples: in the window
 * @stacks: "worker frame ...", 1 for a worker's thread, then numbers of frames from the root to
 *	the leaf
 * @events: names of tracepoints
 */
struct span {
	__u64 from;
	__u64 to;
	__u64 open;
	__u64 close;
	unsigned int workers[FOLD_WORKERS];
	size_t nr_workers;
	__u64 samples;
	struct weighted stacks;
	struct weighted events;
};

/**
 * struct fold - what `perf script` printed, folded
 * @spans: in the order of time
 * @n: how many
 * @modules: of the kernel
 * @nr_modules: how many
 * @frames: "symbol\tmodule", of the kernel itself without a module
 * @places: "frame offset address" of samples
 * @clock: the event that samples, or NULL if there was none
 * @now: the sample that is being read
 */
struct fold {
	struct span *spans;
	size_t n;
	struct module_range *modules;
	size_t nr_modules;
	struct intern frames;
	struct weighted places;
	char *clock;
	struct {
		bool wanted;
		unsigned int thread;
		unsigned int cpu;
		__u64 at;
		struct span *span;
		size_t frame[128];
		size_t depth;
		__u64 offset;
		__u64 address;
		__u64 most;
		__u64 last[FOLD_CPUS];
	} now;
};

/**
 * fold_modules - learn where modules lie
 * @fold: to know it
 * @text: what /proc/modules holds
 *
 * perf tells functions of modules from those of the kernel only where it finds their files.
 */
void fold_modules(struct fold *fold, const char *text);

/**
 * fold_line - read a line of `perf script`
 * @to: a struct fold with its spans' times set
 * @text: the line
 *
 * A sample stands for the time since the one before it on its CPU, as far as that lies in the
 * window: what holds the sampling interrupt back is counted where it lets it go.
 */
void fold_line(void *to, char *text);

/** fold_finish - the last line was read */
void fold_finish(struct fold *fold);

/** fold_frames - [[symbol, module], ...] */
struct json_object *fold_frames(const struct fold *fold);

/** fold_stacks - [[worker, ns, samples, frame, ...], ...] of a span, from the root to the leaf */
struct json_object *fold_stacks(const struct span *span);

/** fold_events - how often each tracepoint of a span was hit: {name: number} */
struct json_object *fold_events(const struct span *span);

void fold_free(struct fold *fold);

#endif
