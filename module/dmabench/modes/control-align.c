// SPDX-License-Identifier: GPL-2.0-only
/*
 * mode=control: a loopback's stream is brought back in step.
 *
 * What was sent before a terminate and not received stays in the peripheral, who
 * knows how much, and comes before all that is sent afterwards. No residue tells
 * for certain, and no time is long enough for every peripheral. The data do: a
 * transfer both ways is made, and where its source appears in what is received
 * tells how many bytes are ahead of it. As many are then left behind at its end,
 * and are received alone. If the source does not appear, at least so many are
 * ahead as it has, and that many can be received without any doubt that they
 * come. A loopback needs to keep bytes and their order for
 * this, nothing else; it is not asked how many it holds.
 */
#include <linux/math.h>
#include <linux/sizes.h>

#include "control.h"

/* More than any loopback holds. */
#define ALIGN_MOST	SZ_1M

static bool align_transfer(struct dmabench_worker *worker, struct dmabench_xfer *x, size_t size)
{
	dmabench_xfer_setup(x, worker->seq++);
	dmabench_xfer_resize(x, size);
	x->fate = DMABENCH_FATE_UNKNOWN;
	dmabench_xfer_fill(x);
	if (!control_submit(worker, x))
		return false;
	dmabench_queue_issue(&worker->queue);
	while (worker->queue.nr_flying)
		if (!control_wait(worker))
			return false;
	return true;
}

/* Receives what is left; the route that receives is the first one. */
static bool align_receive(struct dmabench_worker *worker, struct dmabench_xfer *x, size_t size)
{
	unsigned int routes = worker->queue.nr_routes;
	bool done;

	worker->queue.nr_routes = 1;
	done = align_transfer(worker, x, size);
	/* If it is still in flight the worker is about to end, and needs them all. */
	worker->queue.nr_routes = routes;
	return done;
}

/**
 * control_align - bring a loopback's stream back in step
 * @worker: nothing of it is in flight
 */
void control_align(struct dmabench_worker *worker)
{
	size_t size = worker->load->knobs.size, received, left;
	struct control *control = worker->state;
	struct dmabench_xfer *x;
	u64 end;

	control->aligned++;
	for (received = 0; received < ALIGN_MOST; received += size) {
		x = list_first_entry(&worker->free, struct dmabench_xfer, entry);
		if (!align_transfer(worker, x, size))
			return;
		if (dmabench_xfer_locate_end(x, x->sources, &end)) {
			if (end < size)
				align_receive(worker, x, size - end);
			return;
		}
		/* Fewer than 8 bytes of it may be there, unrecognised. */
		left = roundup(size - 7, worker->queue.port->width);
		x = list_first_entry(&worker->free, struct dmabench_xfer, entry);
		if (!align_receive(worker, x, left))
			return;
	}
	control_fail(worker, DMABENCH_ERROR_DATA, NULL,
		     "%zu bytes were received after a terminate, none of them newly sent",
		     received);
}
