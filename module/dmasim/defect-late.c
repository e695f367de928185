// SPDX-License-Identifier: GPL-2.0-only
/*
 * dmasim - defects that show when everything should be over
 *
 * A client may have freed its memory by then. So a page is referenced before
 * the client can know that it may free it, and nobody else is given it until
 * the last write is done. Memory whose pages cannot be held like this (of slab,
 * of a bounce buffer, within a block that is no compound page) is not written
 * to: the defect does not strike there.
 */
#include <linux/highmem.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/string.h>

#include "dmasim.h"

#define DMASIM_LATE_NS		NSEC_PER_MSEC

/* From the terminate on; clients have been told to keep callback_param for longer. */
#define DMASIM_LATE_CALL_NS	(2 * NSEC_PER_MSEC)
#define DMASIM_LATE_CALL_MAX_NS	(2 * NSEC_PER_MSEC)

static void dmasim_late_release(struct dmasim_late *late)
{
	if (late->page)
		put_page(late->page);
	late->page = NULL;
	clear_bit_unlock(0, &late->busy);
}

static enum hrtimer_restart dmasim_late_timer(struct hrtimer *t)
{
	struct dmasim_late *late = container_of(t, struct dmasim_late, timer);
	u8 *mem;

	if (late->page) {
		mem = kmap_local_page(late->page);
		memcpy(mem + late->offset, late->data, late->len);
		kunmap_local(mem);
		if (--late->times) {
			memset(late->data, 0xa0 + late->times, late->len);
			hrtimer_forward_now(t, ns_to_ktime(DMASIM_LATE_NS));
			return HRTIMER_RESTART;
		}
	} else if (ktime_get_ns() < late->due + DMASIM_LATE_CALL_MAX_NS) {
		struct dmaengine_result outcome = { .result = DMA_TRANS_NOERROR };

		/* Too late it could find its parameter freed. */
		if (late->result)
			late->result(late->param, &outcome);
		else
			late->plain(late->param);
	}
	dmasim_late_release(late);
	return HRTIMER_NORESTART;
}

/**
 * dmasim_late_init() - set up what comes late
 * @late:	of a new channel
 */
void dmasim_late_init(struct dmasim_late *late)
{
	hrtimer_setup(&late->timer, dmasim_late_timer, CLOCK_MONOTONIC, HRTIMER_MODE_REL_SOFT);
}

/**
 * dmasim_late_stop() - nothing is to come any more
 * @c:		channel without anything in line
 *
 * Context: may sleep
 */
void dmasim_late_stop(struct dmasim_chan *c)
{
	struct dmasim_late *late = &c->defect.late;

	hrtimer_cancel(&late->timer);
	if (test_bit(0, &late->busy))
		dmasim_late_release(late);
}

static bool dmasim_page_hold(struct page *page)
{
	struct page *head = compound_head(page);

	return !PageSlab(head) && !PageReserved(head) && get_page_unless_zero(head);
}

/**
 * dmasim_late_write() - write to a client's memory after the fact
 * @c:		channel
 * @id:		defect on whose account it is, whose occasion this is
 * @page:	page of memory that the client cannot have freed yet
 * @offset:	bytes: where in the page
 * @len:	how many bytes, is cut to what there is room for
 * @times:	how often, a millisecond apart
 * @data:	the bytes, NULL: some
 *
 * Context: the runner
 * Return: false if the page cannot be held, something else is to be done late,
 * or the defect does not strike
 */
bool dmasim_late_write(struct dmasim_chan *c, enum dmasim_defect_id id, struct page *page,
		       u32 offset, u32 len, unsigned int times, const u8 *data)
{
	struct dmasim_late *late = &c->defect.late;

	if (test_and_set_bit_lock(0, &late->busy))
		return false;
	if (!dmasim_page_hold(page)) {
		clear_bit_unlock(0, &late->busy);
		return false;
	}
	/* put_page() finds the head of a compound page by itself. */
	late->page = page;
	if (!dmasim_defect_occasion(c, id)) {
		dmasim_late_release(late);
		return false;
	}
	late->offset = offset;
	late->len = min3(len, (u32)DMASIM_LATE_BYTES, (u32)(PAGE_SIZE - offset));
	late->times = times;
	if (data)
		memcpy(late->data, data, late->len);
	else
		memset(late->data, 0xa0 + times, late->len);
	hrtimer_start(&late->timer, ns_to_ktime(DMASIM_LATE_NS), HRTIMER_MODE_REL_SOFT);
	return true;
}

/**
 * dmasim_late_call() - call a callback after the fact
 * @c:		channel
 * @cb:		of a transfer that was terminated
 *
 * Context: any
 */
void dmasim_late_call(struct dmasim_chan *c, const struct dmasim_callback *cb)
{
	struct dmasim_late *late = &c->defect.late;

	if (test_and_set_bit_lock(0, &late->busy))
		return;
	if (!dmasim_defect_occasion(c, DMASIM_DEFECT_sync_nowait)) {
		clear_bit_unlock(0, &late->busy);
		return;
	}
	late->plain = cb->plain;
	late->result = cb->result;
	late->param = cb->param;
	late->due = ktime_get_ns() + DMASIM_LATE_CALL_NS;
	hrtimer_start(&late->timer, ns_to_ktime(DMASIM_LATE_CALL_NS), HRTIMER_MODE_REL_SOFT);
}
