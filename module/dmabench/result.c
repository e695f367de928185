// SPDX-License-Identifier: GPL-2.0-only
/*
 * Results: what the workers counted, merged when somebody asks and put into
 * text. Nothing here changes anything, and a run may be going on meanwhile.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/mm.h>
#include <linux/slab.h>
#include <linux/sort.h>

#include "result.h"

/* Sums over all workers, but for the window: the longest of theirs. */
struct result_sum {
	u64 window;
	u64 transfers;
	u64 bytes;
	u64 transfers_all;
	u64 verified;
	u64 issues;
	u64 prepares;
	u64 ops_per_s;
	u64 bytes_per_s;
	u64 errors[DMABENCH_ERRORS];
	u64 errors_all;
	u64 callbacks_extra;
	u64 before_issue;
	u64 progress;
	const char *first_error;
};

static u64 per_second(u64 count, u64 ns)
{
	return ns ? mul_u64_u64_div_u64(count, NSEC_PER_SEC, ns) : 0;
}

/* Per mille of what the worker has to do; whichever end is nearer counts. */
static u64 worker_progress(const struct dmabench_worker *worker, u64 window)
{
	const struct dmabench_knobs *knobs = &worker->load->knobs;
	u64 progress = 0;

	if (worker->goal)
		return div64_u64(worker->steps * 1000, worker->goal);
	if (knobs->iterations)
		progress = div64_u64((worker->steps ?: worker->transfers) * 1000,
				     knobs->iterations);
	if (knobs->runtime_ms)
		progress = max(progress, div64_u64(window, knobs->runtime_ms * 1000));
	return min_t(u64, progress, 1000);
}

static void result_sum(const struct dmabench_run *run, struct result_sum *sum)
{
	u64 now = run->ended ?: dmabench_clock();
	unsigned int i, e;

	memset(sum, 0, sizeof(*sum));
	sum->first_error = "none";
	for (i = 0; i < run->nr_workers; i++) {
		const struct dmabench_worker *worker = run->workers[i];
		u64 window = dmabench_worker_window(worker, now);

		sum->window = max(sum->window, window);
		sum->transfers += worker->transfers;
		sum->bytes += worker->bytes;
		sum->transfers_all += worker->transfers_all;
		sum->verified += worker->verified;
		sum->issues += worker->queue.issues;
		sum->prepares += worker->queue.prepares;
		sum->ops_per_s += per_second(worker->transfers, window);
		sum->bytes_per_s += per_second(worker->bytes, window);
		sum->callbacks_extra += atomic_read(&worker->queue.callbacks_extra);
		sum->before_issue += worker->before_issue;
		sum->progress += worker_progress(worker, window);
		if (!sum->errors_all && dmabench_worker_errors(worker))
			sum->first_error = worker->first_error;
		for (e = 0; e < DMABENCH_ERRORS; e++)
			sum->errors[e] += worker->errors[e];
		sum->errors_all += dmabench_worker_errors(worker);
	}
	sum->progress = div_u64(sum->progress, run->nr_workers);
}

static const char *run_op(const struct dmabench_run *run)
{
	return run->nr_mix > 1 ? run->load.knobs.mix : run->mix[0].op->name;
}

static void standing_show(struct seq_file *m, const struct dmabench_standing *standing)
{
	seq_printf(m, "state: %s\n", dmabench_state_names[standing->state]);
	seq_printf(m, "errno: %d\n", standing->error);
	seq_printf(m, "reason: %s\n", standing->reason);
}

/**
 * dmabench_status_show - print a job's status
 * @m: where to
 * @run: the last run, or NULL
 * @standing: where it stands
 */
void dmabench_status_show(struct seq_file *m, struct dmabench_run *run,
			  const struct dmabench_standing *standing)
{
	struct result_sum sum = {};
	u64 elapsed = 0;

	if (run) {
		result_sum(run, &sum);
		elapsed = (run->ended ?: dmabench_clock()) - run->started;
	}
	standing_show(m, standing);
	seq_printf(m, "elapsed_ns: %llu\n", elapsed);
	seq_printf(m, "progress: %llu\n",
		   standing->state == DMABENCH_STATE_DONE ? 1000 : sum.progress);
	seq_printf(m, "transfers: %llu\n", sum.transfers);
	seq_printf(m, "bytes: %llu\n", sum.bytes);
	seq_printf(m, "errors: %llu\n", sum.errors_all);
	seq_printf(m, "runs: %llu\n", standing->runs);
}

static struct dmabench_hist *hist_merged(const struct dmabench_run *run, enum dmabench_stage stage)
{
	struct dmabench_hist *hist;
	unsigned int i;

	hist = kvmalloc_obj(*hist);
	if (!hist)
		return NULL;
	dmabench_hist_init(hist);
	for (i = 0; i < run->nr_workers; i++)
		if (stage < run->workers[i]->nr_stages)
			dmabench_hist_merge(hist, &run->workers[i]->hist[stage]);
	return hist;
}

static void stages_show(struct seq_file *m, const struct dmabench_run *run)
{
	static const struct {
		const char *name;
		unsigned int per_100000;
	} percentile[] = {
		{ "p50", 50000 }, { "p90", 90000 }, { "p99", 99000 },
		{ "p99.9", 99900 }, { "p99.99", 99990 },
	};
	unsigned int stage, i;

	for (stage = 0; stage < DMABENCH_ALL_STAGES; stage++) {
		struct dmabench_hist *hist = hist_merged(run, stage);
		const char *name = dmabench_stage_names[stage];

		if (hist && hist->count) {
			seq_printf(m, "stage.%s.count: %llu\n", name, hist->count);
			seq_printf(m, "stage.%s.sum: %llu\n", name, hist->sum);
			seq_printf(m, "stage.%s.min: %llu\n", name, hist->min);
			seq_printf(m, "stage.%s.mean: %llu\n", name, dmabench_hist_mean(hist));
			seq_printf(m, "stage.%s.max: %llu\n", name, hist->max);
			for (i = 0; i < ARRAY_SIZE(percentile); i++)
				seq_printf(m, "stage.%s.%s: %llu\n", name, percentile[i].name,
					   dmabench_hist_percentile(hist,
								    percentile[i].per_100000));
		}
		kvfree(hist);
	}
}

/* The channels stand in the order of the knob, their workers side by side. */
static unsigned int worker_chan(const struct dmabench_run *run, unsigned int worker)
{
	return worker / (unsigned int)run->load.knobs.threads;
}

static void workers_show(struct seq_file *m, const struct dmabench_run *run)
{
	u64 now = run->ended ?: dmabench_clock();
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++) {
		const struct dmabench_worker *worker = run->workers[i];

		seq_printf(m, "worker.%u.channel: %s\n", i, run->names[worker_chan(run, i)].name);
		seq_printf(m, "worker.%u.transfers: %llu\n", i, worker->transfers);
		seq_printf(m, "worker.%u.bytes: %llu\n", i, worker->bytes);
		seq_printf(m, "worker.%u.window_ns: %llu\n", i,
			   dmabench_worker_window(worker, now));
		seq_printf(m, "worker.%u.errors: %llu\n", i, dmabench_worker_errors(worker));
	}
}

/* Whether the rate was steady: that of the first half of the window, and of the second. */
static void drift_show(struct seq_file *m, const struct dmabench_run *run, u64 now)
{
	u64 first = 0, second = 0;
	unsigned int i;

	for (i = 0; i < run->nr_workers; i++) {
		const struct dmabench_worker *worker = run->workers[i];
		u64 half = worker->half_ns, window = dmabench_worker_window(worker, now);

		if (!half || window <= half)
			return;
		first += per_second(worker->half_transfers, half);
		second += per_second(worker->transfers - worker->half_transfers, window - half);
	}
	if (!first)
		return;
	seq_printf(m, "ops_per_s_first_half: %llu\n", first);
	seq_printf(m, "ops_per_s_second_half: %llu\n", second);
	seq_printf(m, "drift_permille: %lld\n",
		   div64_s64((s64)(second - first) * 1000, first));
}

/* From the first window's opening to the last one's end. */
static void cpu_show(struct seq_file *m, const struct dmabench_run *run,
		     const struct result_sum *sum)
{
	const struct dmabench_cpu_times *before = &run->load.cpu_before;
	const struct dmabench_cpu_times *after = &run->load.cpu_after;
	u64 all, idle, busy, worker = 0;
	unsigned int i;

	if (!after->at || !before->at)
		return;
	for (i = 0; i < run->nr_workers; i++)
		worker += run->workers[i]->cpu_ns;
	all = (after->at - before->at) * after->cpus;
	idle = min(after->idle - before->idle, all);
	busy = all - idle;
	seq_printf(m, "cpu.cpus: %u\n", after->cpus);
	seq_printf(m, "cpu.window_ns: %llu\n", after->at - before->at);
	seq_printf(m, "cpu.worker_ns: %llu\n", worker);
	seq_printf(m, "cpu.softirq_ns: %llu\n", after->softirq - before->softirq);
	seq_printf(m, "cpu.irq_ns: %llu\n", after->irq - before->irq);
	seq_printf(m, "cpu.idle_ns: %llu\n", idle);
	seq_printf(m, "cpu.busy_ns: %llu\n", busy);
	seq_printf(m, "cpu.busy_ns_per_op: %llu\n",
		   sum->transfers ? div64_u64(busy, sum->transfers) : 0);
	seq_printf(m, "cpu.busy_ps_per_byte: %llu\n",
		   sum->bytes ? mul_u64_u64_div_u64(busy, 1000, sum->bytes) : 0);
}

static void threshold_show(struct seq_file *m, const struct dmabench_run *run)
{
	const struct dmabench_slow *slow = &run->load.slow;
	unsigned int i;

	if (!run->ended || !atomic_read(&run->load.hit))
		return;
	seq_printf(m, "threshold.worker: %u\n", slow->worker);
	seq_printf(m, "threshold.transfer: %llu\n", slow->seq);
	seq_printf(m, "threshold.size: %llu\n", slow->size);
	seq_printf(m, "threshold.start_ns: %llu\n", slow->start);
	for (i = 0; i < DMABENCH_STAGES; i++)
		seq_printf(m, "threshold.%s_ns: %llu\n", dmabench_stage_names[i],
			   slow->stage[i]);
}

static void mode_show(struct seq_file *m, const struct dmabench_run *run)
{
	void (*show)(struct seq_file *m, const struct dmabench_worker *worker);
	unsigned int i;

	show = dmabench_modes[run->load.knobs.mode]->show;
	if (run->load.knobs.mode == DMABENCH_MODE_transfer)
		show = run->mix[0].op->show;
	for (i = 0; show && i < run->nr_workers; i++)
		show(m, run->workers[i]);
}

/**
 * dmabench_result_show - print what a run has measured
 * @m: where to
 * @run: the run, or NULL: prints the state only
 * @standing: where it stands
 */
void dmabench_result_show(struct seq_file *m, struct dmabench_run *run,
			  const struct dmabench_standing *standing)
{
	struct result_sum sum;
	unsigned int i;

	if (!run) {
		standing_show(m, standing);
		return;
	}
	result_sum(run, &sum);

	seq_printf(m, "job: %s\n", run->job);
	seq_printf(m, "op: %s\n", run_op(run));
	standing_show(m, standing);
	seq_printf(m, "seed: 0x%016llx\n", run->load.seed);
	seq_puts(m, "channels: ");
	for (i = 0; i < run->nr_names; i++)
		seq_printf(m, "%s%s", i ? "," : "", run->names[i].name);
	seq_printf(m, "\ndevice: %s\n", run->names[0].device);
	seq_printf(m, "driver: %s\n", run->names[0].driver);
	seq_printf(m, "workers: %u\n", run->nr_workers);
	seq_printf(m, "depth: %lld\n", run->load.knobs.depth);
	seq_printf(m, "buffer_bytes: %zu\n", run->specs[0].bytes);
	seq_printf(m, "memory_bytes: %zu\n", run->memory);
	seq_printf(m, "guard_bytes: %zu\n", min_t(size_t, run->specs[0].guard, DMABENCH_GUARD));
	seq_printf(m, "transfer_bytes: %zu\n",
		   dmabench_xfer_bytes(&run->load.knobs, &run->specs[0]));
	seq_printf(m, "clock_cost_ns: %llu\n", run->clock_cost);
	seq_printf(m, "clock_step_ns: %llu\n", run->clock_step);
	seq_printf(m, "window_ns: %llu\n", sum.window);
	seq_printf(m, "transfers: %llu\n", sum.transfers);
	seq_printf(m, "bytes: %llu\n", sum.bytes);
	seq_printf(m, "transfers_all: %llu\n", sum.transfers_all);
	seq_printf(m, "verified: %llu\n", sum.verified);
	seq_printf(m, "issues: %llu\n", sum.issues);
	seq_printf(m, "prepares: %llu\n", sum.prepares);
	seq_printf(m, "ops_per_s: %llu\n", sum.ops_per_s);
	seq_printf(m, "bytes_per_s: %llu\n", sum.bytes_per_s);
	drift_show(m, run, run->ended ?: dmabench_clock());
	cpu_show(m, run, &sum);
	threshold_show(m, run);
	for (i = 0; i < DMABENCH_ERRORS; i++)
		seq_printf(m, "errors_%s: %llu\n", dmabench_error_names[i], sum.errors[i]);
	seq_printf(m, "callbacks_extra: %llu\n", sum.callbacks_extra);
	seq_printf(m, "complete_before_issue: %llu\n", sum.before_issue);
	seq_printf(m, "quarantined: %llu\n", run->quarantined);
	seq_printf(m, "first_error: %s\n", sum.first_error);
	stages_show(m, run);
	workers_show(m, run);
	mode_show(m, run);
}

/**
 * dmabench_hist_show - print the histogram of a stage
 * @m: where to
 * @run: the run, or NULL: prints nothing
 * @stage: which stage
 *
 * Return: 0, -ENOMEM.
 */
int dmabench_hist_show(struct seq_file *m, struct dmabench_run *run, enum dmabench_stage stage)
{
	struct dmabench_hist *hist;
	unsigned int i;

	seq_puts(m, "# low_ns high_ns count\n");
	if (!run)
		return 0;
	hist = hist_merged(run, stage);
	if (!hist)
		return -ENOMEM;
	for (i = 0; i < DMABENCH_HIST_BINS; i++)
		if (hist->bin[i])
			seq_printf(m, "%llu %llu %llu\n", dmabench_hist_low(i),
				   dmabench_hist_high(i), hist->bin[i]);
	kvfree(hist);
	return 0;
}

static int slow_compare(const void *a, const void *b)
{
	u64 x = ((const struct dmabench_slow *)a)->stage[DMABENCH_STAGE_TOTAL];
	u64 y = ((const struct dmabench_slow *)b)->stage[DMABENCH_STAGE_TOTAL];

	return x > y ? -1 : x < y;
}

/**
 * dmabench_slowest_show - print the slowest transfers
 * @m: where to
 * @run: the run, or NULL: prints nothing
 *
 * Return: 0, -ENOMEM.
 */
int dmabench_slowest_show(struct seq_file *m, struct dmabench_run *run)
{
	struct dmabench_slow *all;
	unsigned int i, stage, count = 0, most = 0;

	if (!run)
		return 0;
	for (i = 0; i < run->nr_workers; i++)
		most += READ_ONCE(run->workers[i]->nr_slow);
	if (!most)
		return 0;
	all = kvcalloc(most, sizeof(*all), GFP_KERNEL);
	if (!all)
		return -ENOMEM;
	for (i = 0; i < run->nr_workers; i++) {
		const struct dmabench_worker *worker = run->workers[i];
		/* Pairs with slow_keep(). */
		unsigned int own = min(smp_load_acquire(&worker->nr_slow), most - count);

		memcpy(&all[count], worker->slow, own * sizeof(*all));
		count += own;
	}
	sort(all, count, sizeof(*all), slow_compare, NULL);

	for (i = 0; i < min_t(u64, count, run->load.knobs.slowest_max); i++) {
		const struct dmabench_slow *slow = &all[i];

		seq_printf(m, "%llu worker=%u channel=%s size=%llu start_ns=%llu total=%llu",
			   slow->seq, slow->worker,
			   run->names[worker_chan(run, slow->worker)].name, slow->size,
			   slow->start, slow->stage[DMABENCH_STAGE_TOTAL]);
		for (stage = 0; stage < DMABENCH_STAGE_TOTAL; stage++)
			seq_printf(m, " %s=%llu", dmabench_stage_names[stage],
				   slow->stage[stage]);
		seq_putc(m, '\n');
	}
	kvfree(all);
	return 0;
}

/**
 * dmabench_result_log - leave the gist of a run in the kernel log
 * @run: has ended
 */
void dmabench_result_log(struct dmabench_run *run)
{
	struct dmabench_hist *total = hist_merged(run, DMABENCH_STAGE_TOTAL);
	struct result_sum sum;

	result_sum(run, &sum);
	pr_info("%s: %s on %s: %llu transfers, %llu errors, %llu ops/s, %llu KiB/s (%d)\n",
		run->job, run_op(run), run->names[0].name, sum.transfers, sum.errors_all,
		sum.ops_per_s, sum.bytes_per_s / SZ_1K, run->error);
	if (total && total->count)
		pr_info("%s: latency in ns: min %llu, p50 %llu, p99 %llu, max %llu; seed 0x%016llx\n",
			run->job, total->min, dmabench_hist_percentile(total, 50000),
			dmabench_hist_percentile(total, 99000), total->max, run->load.seed);
	if (run->error)
		pr_info("%s: %s: %s\n", run->job, dmabench_state_names[run->state], run->reason);
	kvfree(total);
}
