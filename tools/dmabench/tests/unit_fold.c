// SPDX-License-Identifier: GPL-2.0-only
/* Folding of what `perf script` prints. */
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>

#include "defs.h"
#include "perf_fold.h"
#include "tap.h"

#define MODULES \
	"dmabench 200704 0 - Live 0xffffffffc0400000 (OE)\n" \
	"dmasim 118784 1 - Live 0xffffffffc0300000 (OE)\n" \
	"around 9999999 1 - Live 0xffffffffc0200000\n"

#define FRAMES \
	"[[\"refill\",\"dmabench\"],[\"memcpy_orig\",\"\"],[\"dmasim_run\",\"dmasim\"]," \
	"[\"pv_native_safe_halt\",\"\"]]"

#define EVENTS \
	"{\"dmabench:dmabench_window\":1,\"sched:sched_wakeup\":2,\"irq:softirq_entry\":1}"

static struct fold *fold_text(__u64 from, __u64 to, const char *text)
{
	struct fold *fold = calloc(1, sizeof(*fold));
	char *copy = strdup(text), *line, *rest = copy;

	fold->n = 1;
	fold->spans = calloc(1, sizeof(*fold->spans));
	fold->spans[0].from = from;
	fold->spans[0].to = to;
	fold_modules(fold, MODULES);
	while ((line = strsep(&rest, "\n")))
		fold_line(fold, line);
	fold_finish(fold);
	free(copy);
	return fold;
}

static void expect_json(struct json_object *object, const char *want)
{
	EXPECT_TEXT(json_object_to_json_string_ext(object, JSON_C_TO_STRING_PLAIN), want);
	json_object_put(object);
}

static void end(struct fold *fold)
{
	fold_free(fold);
	free(fold);
}

static void stacks(void)
{
	/* The window is 1.000 to 1.010 s; the last tick lies behind it. */
	struct fold *fold = fold_text(900000000, 1100000000,
		"   77 [001]     0.999500000: cpu-clock:\x20\n"
		"\tffffffffc0401010 refill+0x10 ([dmabench])\n\n"
		"   77 [001]     1.000000000: dmabench:dmabench_window: worker=0 open=1\n"
		"\tffffffffc0402000 window+0x5 ([dmabench])\n\n"
		"   77 [001]     1.004000000: cpu-clock:\x20\n"
		"\tffffffff81000020 memcpy_orig+0x20 ([kernel.kallsyms])\n"
		"\tffffffffc0301000 dmasim_run+0x100 ([kernel.kallsyms])\n"
		"\tffffffffc0401010 refill+0x10 (/lib/modules/x/dmabench.ko)\n\n"
		"    0 [000]     1.006000000:    1003009 cpu-clock:\x20\n"
		"\tffffffff81000f00 pv_native_safe_halt+0xf ([kernel.kallsyms])\n\n"
		"   77 [001]     1.010000000: dmabench:dmabench_window: worker=0 open=0\n\n"
		"   77 [001]     1.012000000: cpu-clock:\x20\n"
		"\tffffffff81000020 memcpy_orig+0x24 ([kernel.kallsyms])\n"
		"\tffffffffc0301000 dmasim_run+0x100 ([kernel.kallsyms])\n"
		"\tffffffffc0401010 refill+0x10 ([kernel.kallsyms])\n"
		"\t          55cafe main+0x1 (/usr/bin/x)\n");

	EXPECT(fold->spans[0].open == 1000000000 && fold->spans[0].close == 1010000000);
	EXPECT_TEXT(fold->clock, "cpu-clock");
	/* The tick before the window stands for none of it, that behind it for its end. */
	expect_json(fold_stacks(&fold->spans[0]),
		    "[[1,10000000,2,0,2,1],[0,6000000,1,3]]");
	expect_json(fold_frames(fold), FRAMES);
	end(fold);
}

static void users(void)
{
	struct fold *fold = fold_text(0, 9000000000,
		"   77 [001]     1.000000000: dmabench:dmabench_window: worker=0 open=1\n\n"
		"   80 [001]     1.001000000: cpu-clock:\x20\n"
		"\t          7f1234 malloc+0x1 (/usr/lib/libc.so.6)\n"
		"\t          55cafe [unknown] (/usr/bin/perf)\n\n"
		"   77 [001]     1.002000000: dmabench:dmabench_window: worker=0 open=0\n");

	expect_json(fold_stacks(&fold->spans[0]), "[[0,1000000,1,0]]");
	expect_json(fold_frames(fold), "[[\"[user]\",\"\"]]");
	end(fold);
}

static void events(void)
{
	struct fold *fold = fold_text(0, 9000000000,
		"   77 [000]     1.000000000: sched:sched_wakeup: comm=before pid=1\n"
		"   77 [000]     2.000000000: dmabench:dmabench_window: worker=0 open=1\n"
		"   77 [000]     2.100000000: sched:sched_wakeup: comm=a: b pid=1 [001] 3.0: x: y\n"
		"   77 [000]     2.200000000: sched:sched_wakeup: comm=x pid=1\n"
		"   77 [001]     2.300000000: irq:softirq_entry: vec=6 [action=TASKLET]\n"
		"   77 [000]     3.000000000: dmabench:dmabench_window: worker=0 open=0\n"
		"   77 [000]     4.000000000: irq:softirq_entry: vec=6 [action=TASKLET]\n");

	expect_json(fold_events(&fold->spans[0]), EVENTS);
	end(fold);
}

static void cycles(void)
{
	/* A halted CPU counts none: a sample stands for one and a half periods at most. */
	struct fold *fold = fold_text(0, 9000000000,
		"   77 [000]     1.000000000: dmabench:dmabench_window: worker=0 open=1\n\n"
		"   77 [000]     1.500000000: cycles:\x20\n"
		"\tffffffff81000020 memcpy_orig+0x20 ([kernel.kallsyms])\n\n"
		"   77 [000]     2.000000000: dmabench:dmabench_window: worker=0 open=0\n");

	EXPECT_TEXT(fold->clock, "cycles");
	expect_json(fold_stacks(&fold->spans[0]), "[[1,1504513,1,0]]");
	end(fold);
}

static void nonsense(void)
{
	struct fold *fold = fold_text(0, 9000000000,
		"\n\t\n\tffff\n   x\n [\n   1 [0] 1.0:\x20\n   1 [0] 1.0: :\n   1 [0] 1.0: cpu-clock:\x20\n"
		"\tnot a frame (x)\n\tffffffff81000020 ()\n\tffffffff81000020 sym ([kernel.kallsyms]\n"
		"   1 [99999999] 1.000000000: dmabench:dmabench_window: open=1\n");

	EXPECT(fold->spans[0].samples == 0);
	end(fold);
}

static const struct test tests[] = {
	{ "fold: stacks, times and the window", stacks },
	{ "fold: user space is one frame", users },
	{ "fold: events in the window are counted", events },
	{ "fold: cycles do not count a halt", cycles },
	{ "fold: lines of no sense", nonsense },
};

SUITE(fold_suite, tests);
