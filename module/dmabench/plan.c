// SPDX-License-Identifier: GPL-2.0-only
/*
 * The plan of a run: whether knobs, channels and memory fit, and what each worker
 * gets. Everything that `run` refuses is refused here.
 */
#include <linux/dma-mapping.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include "ring.h"
#include "runner.h"

static int refuse(char *reason, size_t size, const char *why)
{
	scnprintf(reason, size, "%s", why);
	return -EINVAL;
}

/* A thread that works for several cannot wait for one of them. */
static bool can_share_threads(const struct dmabench_knobs *knobs)
{
	const struct dmabench_op *op = dmabench_ops[knobs->op];

	return knobs->mode == DMABENCH_MODE_transfer && knobs->wait == DMABENCH_WAIT_POLL &&
	       knobs->verify == DMABENCH_VERIFY_NONE && !op->cpu && !op->endless;
}

/**
 * dmabench_plan_check - whether knobs fit each other
 * @knobs: the knobs
 * @reason: receives one line if they do not
 * @reason_size: room of @reason
 *
 * Return: 0, -EINVAL.
 */
int dmabench_plan_check(const struct dmabench_knobs *knobs, char *reason, size_t reason_size)
{
	const struct dmabench_mode *mode = dmabench_modes[knobs->mode];

	if (knobs->batch > knobs->depth)
		return refuse(reason, reason_size, "batch is larger than depth");
	if (knobs->size_min > knobs->size)
		return refuse(reason, reason_size, "size_min is larger than size");
	if (knobs->segments_min > knobs->segments)
		return refuse(reason, reason_size, "segments_min is larger than segments");
	if (knobs->align && !is_power_of_2(knobs->align))
		return refuse(reason, reason_size, "align is not a power of two");
	if (!knobs->iterations && !knobs->runtime_ms)
		return refuse(reason, reason_size,
			      "neither iterations nor runtime_ms says when to end");
	if (knobs->threshold_ns && !knobs->stages)
		return refuse(reason, reason_size, "threshold_ns needs stages=1");
	if (knobs->workers && !can_share_threads(knobs))
		return refuse(reason, reason_size,
			      "workers is for mode=transfer wait=poll verify=none, and engines");
	if (*knobs->cpus && !dmabench_run_cpu(knobs, 0))
		return refuse(reason, reason_size, "cpus: no such list, or none of them is online");
	if (knobs->node >= 0 && (knobs->node >= MAX_NUMNODES || !node_online(knobs->node)))
		return refuse(reason, reason_size, "there is no such node");
	return mode->check ? mode->check(knobs, reason, reason_size) : 0;
}

/* ------------------------------------------------------------- operations */

static int mix_add(struct dmabench_run *run, const char *name, unsigned int weight,
		   char *reason, size_t size)
{
	int which = match_string(dmabench_op_names, DMABENCH_OPS, name);
	unsigned int i;

	for (i = 0; which >= 0 && i < run->nr_mix; i++)
		if (run->mix[i].op == dmabench_ops[which])
			which = -1;
	if (which < 0 || !weight) {
		scnprintf(reason, size,
			  "mix: \"%.32s\" is no operation, comes twice or weighs nothing", name);
		return -EINVAL;
	}
	run->mix[run->nr_mix].op = dmabench_ops[which];
	run->mix[run->nr_mix].until = weight +
				      (run->nr_mix ? run->mix[run->nr_mix - 1].until : 0);
	run->nr_mix++;
	return 0;
}

static int mix_parse(struct dmabench_run *run, char *reason, size_t size)
{
	char *list __free(kfree) = kstrdup(run->load.knobs.mix, GFP_KERNEL);
	char *rest = list, *word;
	int ret = 0;

	if (!list)
		return -ENOMEM;
	while (!ret && (word = strsep(&rest, ","))) {
		char *weight = strchr(word, ':');
		u16 number = 1;

		if (weight)
			*weight++ = '\0';
		if (weight && kstrtou16(weight, 0, &number))
			number = 0;
		ret = mix_add(run, word, number, reason, size);
	}
	return ret;
}

/* What can stand side by side in a job, and what its buffers can be. */
static int mix_check(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	bool sg = false, contiguous = false;
	unsigned int i;
	int ret;

	for (i = 0; i < run->nr_mix; i++) {
		const struct dmabench_op *op = run->mix[i].op;

		if ((run->nr_mix > 1 && (op->cpu || op->peripheral)) ||
		    (*knobs->mix && op->endless)) {
			scnprintf(reason, size, "mix: %s cannot be mixed", op->name);
			return -EINVAL;
		}
		if (op->cpu && dmabench_modes[knobs->mode]->controls) {
			scnprintf(reason, size, "there is nothing to control in %s", op->name);
			return -EINVAL;
		}
		if (dmabench_modes[knobs->mode]->rings && !op->endless) {
			scnprintf(reason, size, "mode=%s has no use for %s",
				  dmabench_mode_names[knobs->mode], op->name);
			return -EINVAL;
		}
		if (op->check) {
			ret = op->check(knobs, reason, size);
			if (ret)
				return ret;
		}
		sg |= op->sg;
		contiguous |= !op->sg;
	}
	if (contiguous && knobs->memory == DMABENCH_MEMORY_PAGES)
		return refuse(reason, size, "memory=pages is for operations on scatterlists");
	if (sg && knobs->map == DMABENCH_MAP_ONCE)
		return refuse(reason, size, "scatterlists are mapped for each transfer");
	return 0;
}

static int plan_mix(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	int ret;

	if (*knobs->mix) {
		ret = mix_parse(run, reason, size);
		if (ret)
			return ret;
	} else {
		run->mix[0].op = dmabench_ops[knobs->op];
		run->mix[0].until = 1;
		run->nr_mix = 1;
	}
	return mix_check(run, reason, size);
}

/* --------------------------------------------------------------- channels */

static const char *chan_lacks(struct dma_chan *dma, enum dma_transfer_direction dir, void *owner)
{
	struct dmabench_run *run = owner;
	const struct dmabench_mode *mode = dmabench_modes[run->load.knobs.mode];
	struct dma_slave_caps caps;
	const char *lacks = mode->lacks ? mode->lacks(dma->device) : NULL;
	unsigned int i;

	for (i = 0; !lacks && i < run->nr_mix; i++)
		lacks = dmabench_op_lacks(run->mix[i].op, dma);
	if (lacks || run->mix[0].op->cpu)
		return lacks;
	if (run->load.knobs.wait == DMABENCH_WAIT_POLL &&
	    dma_has_cap(DMA_COMPLETION_NO_ORDER, dma->device->cap_mask))
		return "wait=poll, as it completes out of order";
	if (!run->peripheral)
		return NULL;
	/* Many providers leave the directions empty (contract A1.1). */
	if (!dma_get_slave_caps(dma, &caps) && caps.directions && !(caps.directions & BIT(dir)))
		return dir == DMA_MEM_TO_DEV ? "mem_to_dev" : "dev_to_mem";
	return NULL;
}

static int check_extras(const struct dmabench_run *run, struct dmabench_chan *chan,
			char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	int ret = 0;

	if (run->mix[0].op->cpu)
		return 0;
	if (knobs->reuse)
		ret = dmabench_reuse_check(knobs, chan, reason, size);
	if (!ret && knobs->metadata)
		ret = dmabench_meta_check(knobs, chan, reason, size);
	return ret;
}

static int take_chan(struct dmabench_run *run, struct dmabench_chan **chan, const char *name,
		     enum dma_transfer_direction dir, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	struct dmabench_peripheral *peripheral = run->port.peripheral;
	const struct dmabench_chan_want want = {
		.name = name,
		.device = !name && *knobs->device ? knobs->device : NULL,
		.peripheral = peripheral ? dmabench_peripheral_device(peripheral) : NULL,
		.slave = dir == DMA_MEM_TO_DEV ? "tx" : "rx",
		.lacks = chan_lacks,
		.dir = dir,
		.revoke = dmabench_run_revoke,
		.owner = run,
	};
	struct dmabench_chan *got;
	int ret;

	got = dmabench_chan_get(&want, reason, size);
	if (IS_ERR(got))
		return PTR_ERR(got);
	ret = check_extras(run, got, reason, size);
	if (!ret && run->peripheral)
		ret = dmabench_port_connect(&run->port, got, dir, reason, size);
	if (ret) {
		dmabench_chan_put(got);
		return ret;
	}
	*chan = got;
	strscpy(run->names[run->nr_names].name, got->name, sizeof(run->names[0].name));
	strscpy(run->names[run->nr_names].device, got->device, sizeof(run->names[0].device));
	strscpy(run->names[run->nr_names].driver, got->driver, sizeof(run->names[0].driver));
	run->nr_names++;
	return 0;
}

static int take_memory_chan(struct dmabench_run *run, const char *name, char *reason, size_t size)
{
	int ret;

	if (run->nr_chans == DMABENCH_MAX_CHANNELS) {
		scnprintf(reason, size, "more than %d channels", DMABENCH_MAX_CHANNELS);
		return -EINVAL;
	}
	ret = take_chan(run, &run->chans[run->nr_chans], name, DMA_MEM_TO_MEM, reason, size);
	if (!ret)
		run->nr_chans++;
	return ret;
}

static int take_memory_chans(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	unsigned int most = knobs->max_channels ?: DMABENCH_MAX_CHANNELS;
	char *list, *rest, *name;
	int ret = 0;

	if (!*knobs->channel) {
		while (!ret && run->nr_chans < most)
			ret = take_memory_chan(run, NULL, reason, size);
		return run->nr_chans ? 0 : ret;
	}

	list = kstrdup(knobs->channel, GFP_KERNEL);
	if (!list)
		return -ENOMEM;
	rest = list;
	while (!ret && (name = strsep(&rest, ",")))
		ret = take_memory_chan(run, name, reason, size);
	kfree(list);
	return ret;
}

/* There is one peripheral, hence one channel, or one for each of its ways. */
static int take_peripheral_chans(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	const char *name = *knobs->channel ? knobs->channel : NULL;
	bool receive_only = knobs->direction == DMABENCH_DIRECTION_RX;
	int ret;

	if (knobs->threads > 1)
		return refuse(reason, size, "one worker at a time can use a peripheral");

	ret = take_chan(run, &run->chans[0], name,
			receive_only ? DMA_DEV_TO_MEM : DMA_MEM_TO_DEV, reason, size);
	if (ret)
		return ret;
	run->nr_chans = 1;
	if (knobs->direction != DMABENCH_DIRECTION_DUPLEX)
		return 0;
	return take_chan(run, &run->peers[0], *knobs->rx_channel ? knobs->rx_channel : NULL,
			 DMA_DEV_TO_MEM, reason, size);
}

static int check_sources(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	unsigned int c, i, most;

	for (c = 0; c < run->nr_chans; c++) {
		for (i = 0; i < run->nr_mix; i++) {
			const struct dmabench_op *op = run->mix[i].op;

			if (!op->max_sources)
				continue;
			most = op->max_sources(run->chans[c]->dma->device);
			if (knobs->sources <= most)
				continue;
			scnprintf(reason, size, "%s: takes %u sources of %s at most",
				  run->chans[c]->name, most, op->name);
			return -EOPNOTSUPP;
		}
	}
	return 0;
}

/* What would have to be known of the peripheral for each transfer, and is not. */
static int check_endpoint(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;

	switch (run->port.endpoint) {
	case DMABENCH_ENDPOINT_WORD:
		if (knobs->depth > 1)
			return refuse(reason, size,
				      "endpoint=word holds one transfer: depth must be 1");
		return 0;
	case DMABENCH_ENDPOINT_COUNTER:
		if (knobs->direction == DMABENCH_DIRECTION_DUPLEX)
			return refuse(reason, size, "endpoint=counter gives or takes, not both");
		if (!IS_ALIGNED(knobs->size | knobs->size_min | knobs->period, 4))
			return refuse(reason, size, "endpoint=counter deals in words of 4 bytes");
		if (knobs->verify != DMABENCH_VERIFY_FULL)
			return refuse(reason, size, "endpoint=counter needs verify=full");
		return 0;
	case DMABENCH_ENDPOINT_AUDIO:
		if (run->mix[0].op->sg)
			return refuse(reason, size, "endpoint=audio is for mode=pcm and cyclic");
		return 0;
	default:
		return 0;
	}
}

static int plan_chans(struct dmabench_run *run, char *reason, size_t size)
{
	int ret;

	run->peripheral = run->mix[0].op->peripheral;
	if (!run->peripheral) {
		ret = take_memory_chans(run, reason, size);
		return ret ?: check_sources(run, reason, size);
	}
	ret = dmabench_port_open(&run->port, &run->load.knobs, reason, size);
	if (ret) {
		/* There is nothing to close. */
		run->peripheral = false;
		return ret;
	}
	ret = check_endpoint(run, reason, size);
	return ret ?: take_peripheral_chans(run, reason, size);
}

/* ----------------------------------------------------------------- memory */

static size_t chan_align(const struct dmabench_run *run, const struct dmabench_chan *chan)
{
	size_t align = 1;
	unsigned int i;

	for (i = 0; i < run->nr_mix; i++) {
		const void *device = chan->dma->device;
		const enum dmaengine_alignment *shift = device + run->mix[i].op->align;

		if (run->mix[i].op->align)
			align = max_t(size_t, align, 1UL << *shift);
	}
	return align;
}

static int plan_align(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	size_t align = 1;
	unsigned int c;

	for (c = 0; c < run->nr_chans; c++)
		align = max(align, chan_align(run, run->chans[c]));
	/* Memory is read and written in the peripheral's beats. */
	if (run->peripheral)
		align = run->port.width;

	/* Knobs are 64 bits wide, which not every machine divides, and all of them fit. */
	if ((u32)knobs->align % align || (u32)knobs->size % align ||
	    (u32)knobs->size_min % align || (u32)knobs->src_offset % align ||
	    (u32)knobs->dst_offset % align ||
	    (run->mix[0].op->endless && dmabench_ring_period(knobs) % align))
		goto refuse;
	run->load.align = knobs->align ?: align;
	return 0;

refuse:
	scnprintf(reason, size,
		  "the channel asks for sizes, periods, offsets and align of multiples of %zu",
		  align);
	return -EINVAL;
}

static unsigned int most_sides(const struct dmabench_run *run)
{
	unsigned int i, sources, sides, most = 0;

	for (i = 0; i < run->nr_mix; i++) {
		dmabench_op_sides(run->mix[i].op, &run->load.knobs, &sources, &sides);
		most = max(most, sides);
	}
	return most;
}

static bool uses_sg(const struct dmabench_run *run)
{
	unsigned int i;

	for (i = 0; i < run->nr_mix; i++)
		if (run->mix[i].op->sg)
			return true;
	return false;
}

/* Both channels of a pair are of one provider, as a rule; the stricter one counts. */
static void plan_limits(struct dmabench_run *run, unsigned int c, struct dmabench_buf_spec *spec)
{
	struct device *dev = run->chans[c]->dma->device->dev;
	size_t limit = dma_max_mapping_size(spec->dev);

	spec->max_segment = min_t(size_t, dma_get_max_seg_size(dev), limit);
	spec->boundary = dma_get_seg_boundary(dev);
	if (run->peers[c]) {
		dev = run->peers[c]->dma->device->dev;
		spec->max_segment = min_t(size_t, spec->max_segment, dma_get_max_seg_size(dev));
		spec->boundary = min_t(u64, spec->boundary, dma_get_seg_boundary(dev));
	}
	/* Whole beats, even where an entry is cut. */
	spec->max_segment = max(rounddown(spec->max_segment, run->load.align), run->load.align);
}

static void plan_buffers(struct dmabench_run *run, unsigned int c)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	struct dmabench_buf_spec *spec = &run->specs[c];

	spec->dev = run->chans[c]->map_dev;
	spec->node = knobs->node >= 0 ? knobs->node : run->chans[c]->node;
	spec->room = max(knobs->src_offset, knobs->dst_offset) + knobs->random_offset + knobs->size;
	spec->sides = most_sides(run);
	spec->align = max_t(size_t, roundup_pow_of_two(run->load.align), 8);
	spec->coherent = knobs->memory == DMABENCH_MEMORY_COHERENT;
	spec->pages = knobs->memory == DMABENCH_MEMORY_PAGES;
	plan_limits(run, c, spec);
	if (uses_sg(run)) {
		spec->segments = knobs->segments;
		if (knobs->layout == DMABENCH_LAYOUT_SCATTERED)
			spec->room += knobs->segments * dmabench_side_gap(run->load.align);
	}
	dmabench_buf_plan(spec);
}

static int plan_memory(struct dmabench_run *run, char *reason, size_t size)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	size_t xfer, worker, total;
	bool overflow = false;
	unsigned int c;

	run->nr_workers = run->nr_chans * knobs->threads;
	run->nr_threads = knobs->workers ? min_t(u64, knobs->workers, run->nr_workers) :
					   run->nr_workers;
	for (c = 0; c < run->nr_chans; c++)
		plan_buffers(run, c);

	overflow |= check_mul_overflow(dmabench_buf_cost(&run->specs[0]),
				       (size_t)run->specs[0].sides, &xfer);
	overflow |= check_add_overflow(xfer, dmabench_xfer_bytes(knobs, &run->specs[0]), &xfer);
	overflow |= check_add_overflow(xfer, dmabench_meta_bytes(knobs), &xfer);
	overflow |= check_mul_overflow(xfer, (size_t)knobs->depth, &worker);
	overflow |= check_add_overflow(worker, dmabench_worker_bytes(knobs), &worker);
	overflow |= check_mul_overflow(worker, (size_t)run->nr_workers, &total);
	if (overflow) {
		scnprintf(reason, size, "size x depth x threads x channels is beyond counting");
		return -EOVERFLOW;
	}
	run->memory = total;
	if (total > knobs->memory_limit) {
		scnprintf(reason, size, "needs %zu bytes, memory_limit is %lld", total,
			  knobs->memory_limit);
		return -ENOBUFS;
	}
	if (total >> PAGE_SHIFT > si_mem_available()) {
		scnprintf(reason, size, "needs %zu bytes, more than is available", total);
		return -ENOMEM;
	}
	return 0;
}

/* ---------------------------------------------------------------- workers */

static void plan_routes(struct dmabench_run *run, unsigned int c, struct dmabench_queue *queue)
{
	struct dmabench_route *route = queue->route;

	if (!run->peripheral) {
		*route++ = (struct dmabench_route) {
			.chan = run->chans[c],
			.dir = DMA_MEM_TO_MEM,
		};
	} else {
		bool receive_only = run->load.knobs.direction == DMABENCH_DIRECTION_RX;

		if (run->peers[c])
			*route++ = (struct dmabench_route) {
				.chan = run->peers[c],
				.dir = DMA_DEV_TO_MEM,
				.side = 1,
			};
		*route++ = (struct dmabench_route) {
			.chan = run->chans[c],
			.dir = receive_only ? DMA_DEV_TO_MEM : DMA_MEM_TO_DEV,
		};
	}
	queue->nr_routes = route - queue->route;
}

static void plan_queue(struct dmabench_run *run, unsigned int worker, struct dmabench_queue *queue)
{
	const struct dmabench_knobs *knobs = &run->load.knobs;
	unsigned int c = worker / (unsigned int)knobs->threads;
	const struct dmabench_op *op = run->mix[0].op;

	plan_routes(run, c, queue);
	memcpy(queue->mix, run->mix, sizeof(queue->mix));
	queue->nr_mix = run->nr_mix;
	queue->sides = run->specs[c].sides;
	queue->port = run->peripheral ? &run->port : NULL;
	queue->knobs = knobs;
	queue->pq_flags = knobs->pq == DMABENCH_PQ_P ? DMA_PREP_PQ_DISABLE_Q :
			  knobs->pq == DMABENCH_PQ_Q ? DMA_PREP_PQ_DISABLE_P : 0;
	queue->spec = &run->specs[c];
	queue->timeout = msecs_to_jiffies(knobs->timeout_ms) + 1;
	queue->align = run->load.align;
	queue->seed = run->load.seed;
	queue->worker = worker;
	queue->flags = DMA_CTRL_ACK | DMA_PREP_INTERRUPT | (knobs->fence ? DMA_PREP_FENCE : 0);
	queue->callback = op->cpu || op->endless || knobs->wait != DMABENCH_WAIT_POLL;
	queue->result = knobs->callback == DMABENCH_CALLBACK_RESULT;
	queue->map_once = knobs->map == DMABENCH_MAP_ONCE || queue->spec->coherent;
	queue->stages = knobs->stages;
	queue->cpu = op->cpu;
	/* Scatterlists in coherent memory have nothing to map, but entries to be made. */
	queue->map_each = !op->cpu && (!queue->map_once || queue->spec->segments);
	queue->reuse = knobs->reuse;
	queue->fixed = run->nr_mix == 1 && !op->sg && !op->setup && !knobs->size_min &&
		       !knobs->random_offset && !knobs->metadata;
}

/* Workers beyond the threads go to those in turn. */
static void plan_thread(struct dmabench_run *run, unsigned int i)
{
	struct dmabench_worker *first = run->workers[i % run->nr_threads];

	if (i < run->nr_threads)
		return;
	run->workers[i]->next = first->next;
	first->next = run->workers[i];
}

static int plan_workers(struct dmabench_run *run, char *reason, size_t size)
{
	struct dmabench_queue *queue __free(kfree) = kzalloc_obj(*queue);
	unsigned int i;
	int ret;

	run->workers = kvcalloc(run->nr_workers, sizeof(*run->workers), GFP_KERNEL);
	run->threads = kvcalloc(run->nr_workers, sizeof(*run->threads), GFP_KERNEL);
	if (!queue || !run->workers || !run->threads)
		goto no_memory;

	for (i = 0; i < run->nr_workers; i++) {
		plan_queue(run, i, queue);
		run->workers[i] = dmabench_worker_alloc(&run->load, queue);
		if (!run->workers[i])
			goto no_memory;
		plan_thread(run, i);
		ret = dmabench_worker_fill(run->workers[i]);
		if (ret == -EINTR) {
			scnprintf(reason, size, "interrupted while getting memory");
			return ret;
		}
		if (ret == -ENODEV) {
			scnprintf(reason, size, "the provider went away");
			return ret;
		}
		if (ret)
			goto no_memory;
	}
	return 0;

no_memory:
	scnprintf(reason, size, "memory of %zu bytes could not be had or mapped", run->memory);
	return -ENOMEM;
}

/**
 * dmabench_plan - get all that a run needs, but its threads
 * @run: its knobs are set
 * @reason: receives one line if it is refused
 * @reason_size: room of @reason
 *
 * Context: may sleep.
 *
 * Return: 0, or what docs/debugfs.md lists for `run`; what was got until then stays
 * with the run.
 */
int dmabench_plan(struct dmabench_run *run, char *reason, size_t reason_size)
{
	const struct dmabench_mode *mode = dmabench_modes[run->load.knobs.mode];
	int ret;

	if (mode->plan)
		return mode->plan(run, reason, reason_size);
	ret = plan_mix(run, reason, reason_size);
	if (!ret)
		ret = plan_chans(run, reason, reason_size);
	if (!ret)
		ret = plan_align(run, reason, reason_size);
	if (!ret)
		ret = plan_memory(run, reason, reason_size);
	return ret ?: plan_workers(run, reason, reason_size);
}
