// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - defects of issuing, completing, status and control
 *
 * What would hang or corrupt a machine is made up: who would wait for a lock
 * for ever is refused, and in what would be a hard irq nothing was interrupted
 * that holds a lock.
 */
#include <linux/bottom_half.h>
#include <linux/hardirq.h>
#include <linux/mm.h>
#include <linux/preempt.h>
#include <linux/smp.h>

#include "dmasim.h"

/* How often a transfer that was terminated goes on writing. */
#define DMASIM_LATE_WRITES	20

/**
 * dmasim_defect_holds_lock() - would a call from here wait for a lock for ever?
 * @c:		channel
 *
 * Context: any
 * Return: whether it comes from a callback that is called under the lock
 */
bool dmasim_defect_holds_lock(const struct dmasim_chan *c)
{
	return READ_ONCE(c->defect.lock_cpu) == raw_smp_processor_id() + 1;
}

/**
 * dmasim_defect_issue() - issue_pending is called
 * @c:		channel
 *
 * Context: any
 * Return: true if that is to have no effect
 */
bool dmasim_defect_issue(struct dmasim_chan *c)
{
	unsigned int issued = READ_ONCE(c->issued);
	unsigned int tail = READ_ONCE(c->tail);

	if (dmasim_defect_holds_lock(c))
		return true;
	if (READ_ONCE(c->done) != issued && dmasim_defect(c, DMASIM_DEFECT_issue_while_busy_lost))
		return true;
	if (tail != issued && dmasim_defect(c, DMASIM_DEFECT_issue_completes_running)) {
		WRITE_ONCE(c->defect.hurry, tail + 1);
		dmasim_kick(c);
	}
	return false;
}

/**
 * dmasim_defect_hurry() - is a transfer to be completed as it is?
 * @c:		channel
 * @d:		its active descriptor
 * @pos:	its position
 *
 * Context: the runner
 * Return: whether it is
 */
bool dmasim_defect_hurry(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos)
{
	if (READ_ONCE(c->defect.hurry) != pos || d->period ||
	    !dmasim_defect_planted(c, DMASIM_DEFECT_issue_completes_running))
		return false;
	if (d->port && d->port->ops->forget)
		d->port->ops->forget(d->port, c);
	return true;
}

/* Something may be written as long as synchronize keeps the client from freeing it. */
static void dmasim_defect_write_on(struct dmasim_chan *c, struct dmasim_desc *d)
{
	enum dmasim_defect_id id = c->defect.closing ? DMASIM_DEFECT_free_leaves_running :
						       DMASIM_DEFECT_writes_after_sync;
	const struct dmasim_seg *seg = &d->segs[d->seg];
	dma_addr_t dst;

	if (!dmasim_defect_planted(c, id) || !d->mover || !d->mover->writes ||
	    d->seg == d->nsegs || !(c->sim->dma.device_synchronize || c->defect.closing))
		return;
	dst = seg->dst + d->off;
	dmasim_late_write(c, id, dmasim_addr_page(c->sim, dst), offset_in_page(dst),
			  min_t(size_t, seg->len - d->off, PAGE_SIZE), DMASIM_LATE_WRITES, NULL);
}

/**
 * dmasim_defect_drop() - a transfer was terminated
 * @c:		channel
 * @d:		descriptor
 * @pos:	its position
 *
 * Context: the runner
 * Return: true if the descriptor is not to be given back
 */
bool dmasim_defect_drop(struct dmasim_chan *c, struct dmasim_desc *d, unsigned int pos)
{
	struct dmasim_callback cb;

	if (test_bit(DMASIM_DEAD, &c->flags))
		return false;

	dmasim_callback_make(&cb, d, DMA_TRANS_ABORTED, d->len - d->done);
	if ((cb.plain || cb.result) && !c->defect.closing &&
	    dmasim_defect(c, DMASIM_DEFECT_cb_after_terminate)) {
		c->callbacks++;
		dmasim_callback_run(&cb);
	}
	if (pos != c->defect.current_pos)
		return false;

	if ((cb.plain || cb.result) && !c->defect.closing &&
	    dmasim_defect_planted(c, DMASIM_DEFECT_sync_nowait))
		dmasim_late_call(c, &cb);
	dmasim_defect_write_on(c, d);
	return dmasim_defect(c, DMASIM_DEFECT_terminate_leaks_current);
}

/**
 * dmasim_defect_conclude() - a transfer is over, and nobody knows yet
 * @c:		channel
 * @d:		descriptor
 * @cb:		what its client is to be told; may be changed
 *
 * Context: the runner
 * Return: false if it is not to be seen complete
 */
bool dmasim_defect_conclude(struct dmasim_chan *c, struct dmasim_desc *d,
			    struct dmasim_callback *cb)
{
	if (dmasim_defect(c, DMASIM_DEFECT_cb_lost)) {
		cb->plain = NULL;
		cb->result = NULL;
		return false;
	}
	if (cb->result && cb->outcome.result == DMA_TRANS_NOERROR &&
	    dmasim_defect(c, DMASIM_DEFECT_result_unset)) {
		/* A result that exists: clients may look it up in a table. */
		cb->outcome.result = DMA_TRANS_ABORTED;
		cb->outcome.residue = 0x5a5a5a5a;
	}
	if (d->has_meta && d->meta->client && virt_addr_valid(d->meta->client) &&
	    dmasim_defect_planted(c, DMASIM_DEFECT_metadata_late_write))
		dmasim_late_write(c, DMASIM_DEFECT_metadata_late_write,
				  virt_to_page(d->meta->client), offset_in_page(d->meta->client),
				  d->meta->room, 1, NULL);
	return true;
}

/* As if in an interrupt, which has interrupted nobody but us. */
static void dmasim_defect_call_hard(const struct dmasim_callback *cb)
{
	unsigned long flags;

	local_irq_save(flags);
	preempt_count_add(HARDIRQ_OFFSET);
	dmasim_callback_run(cb);
	preempt_count_sub(HARDIRQ_OFFSET);
	local_irq_restore(flags);
}

/**
 * dmasim_defect_call() - call a callback, maybe in a wrong way
 * @c:		channel
 * @cb:		callback
 * @pos:	position of its transfer
 *
 * Context: the runner
 */
void dmasim_defect_call(struct dmasim_chan *c, const struct dmasim_callback *cb, unsigned int pos)
{
	if (dmasim_defect(c, DMASIM_DEFECT_cb_in_hardirq)) {
		dmasim_defect_call_hard(cb);
		return;
	}
	if (dmasim_defect(c, DMASIM_DEFECT_cb_under_lock)) {
		WRITE_ONCE(c->defect.lock_cpu, raw_smp_processor_id() + 1);
		dmasim_callback_run(cb);
		WRITE_ONCE(c->defect.lock_cpu, 0);
		return;
	}
	dmasim_callback_run(cb);
	if (!dmasim_reached(READ_ONCE(c->drop), pos) && dmasim_defect(c, DMASIM_DEFECT_cb_twice)) {
		c->callbacks++;
		dmasim_callback_run(cb);
	}
}

/**
 * dmasim_defect_reap() - tx_status is called
 * @c:		channel
 *
 * Does the channel's work and calls back, but only where a softirq could do so:
 * a client that holds a lock which its callback takes keeps softirqs out.
 *
 * Context: any
 */
void dmasim_defect_reap(struct dmasim_chan *c)
{
	if (!dmasim_defect_planted(c, DMASIM_DEFECT_status_runs_callback) ||
	    preempt_count() || irqs_disabled() || READ_ONCE(c->tail) == READ_ONCE(c->issued) ||
	    !dmasim_defect(c, DMASIM_DEFECT_status_runs_callback))
		return;

	local_bh_disable();
	dmasim_run(c, DMASIM_BUDGET_INLINE);
	local_bh_enable();
}

/**
 * dmasim_defect_status() - what tx_status is about to tell of a transfer in line
 * @c:		channel, locked
 * @pos:	position of the transfer
 * @status:	of it
 * @st:		of it; may be changed
 *
 * Return: the status to tell
 */
enum dma_status dmasim_defect_status(struct dmasim_chan *c, unsigned int pos,
				     enum dma_status status, struct dma_tx_state *st)
{
	const struct dmasim_desc *d = c->ring[pos & c->ring_mask];
	unsigned int issued = READ_ONCE(c->issued);
	unsigned int active = READ_ONCE(c->tail) + 1;

	lockdep_assert_held(&c->lock);

	if (!dmasim_reached(issued, pos) &&
	    dmasim_defect(c, DMASIM_DEFECT_status_unissued_complete)) {
		st->residue = 0;
		st->in_flight_bytes = 0;
		return DMA_COMPLETE;
	}
	if (pos != active && dmasim_reached(issued, active) &&
	    dmasim_defect(c, DMASIM_DEFECT_status_of_channel)) {
		dmasim_progress(c, c->ring[active & c->ring_mask], st);
		return test_bit(DMASIM_PAUSED, &c->flags) ? DMA_PAUSED : DMA_IN_PROGRESS;
	}
	if (status == DMA_PAUSED && dmasim_defect(c, DMASIM_DEFECT_pause_in_progress))
		return DMA_IN_PROGRESS;
	/* At the granularity of descriptors there is no residue. */
	if (!st->residue)
		return status;
	if (d->period && dmasim_defect(c, DMASIM_DEFECT_residue_cyclic_over))
		st->residue += d->len;
	else if (!d->period && dmasim_defect(c, DMASIM_DEFECT_residue_inverted))
		st->residue = d->len - st->residue;
	return status;
}

/**
 * dmasim_defect_config() - configure a channel, and not all of it
 * @old:	configuration of the channel, which is locked
 * @config:	the client's wish
 */
void dmasim_defect_config(struct dma_slave_config *old, const struct dma_slave_config *config)
{
	struct dma_slave_config new = *config;

	new.src_addr_width |= old->src_addr_width;
	new.dst_addr_width |= old->dst_addr_width;
	if (old->src_addr)
		new.src_addr = old->src_addr;
	if (old->dst_addr)
		new.dst_addr = old->dst_addr;
	*old = new;
}

/**
 * dmasim_defect_caps() - what is claimed without being so
 * @c:		channel
 * @caps:	its capabilities; may be changed
 */
void dmasim_defect_caps(struct dmasim_chan *c, struct dma_slave_caps *caps)
{
	if (dmasim_defect(c, DMASIM_DEFECT_caps_lie_directions))
		caps->directions = BIT(DMA_MEM_TO_DEV) | BIT(DMA_DEV_TO_MEM);
	if (dmasim_defect(c, DMASIM_DEFECT_caps_lie_pause))
		caps->cmd_pause = true;
	if (dmasim_defect(c, DMASIM_DEFECT_caps_lie_granularity))
		caps->residue_granularity = DMA_RESIDUE_GRANULARITY_BURST;
}
