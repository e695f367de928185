/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dmabench

#if !defined(_DMABENCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _DMABENCH_TRACE_H

#include <linux/tracepoint.h>

#include "xfer.h"

/*
 * A transfer passes map, prep, submit, issue, callback, wake and unmap in this order,
 * by itself or, at issue, with others. worker and seq name it within a run; worker and
 * slot are never those of two transfers at once, and few: keys for histograms. Stages
 * can be told from the events' own time stamps, or taken ready from dmabench_done.
 * Events take pointers that are at hand and look into them themselves: where one is off,
 * nothing is loaded for it. docs/tracing.md has all of it with examples.
 */
DECLARE_EVENT_CLASS(dmabench_step,
	TP_PROTO(const struct dmabench_xfer *x),
	TP_ARGS(x),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(unsigned int, slot)
		__field(u64, seq)
		__field(u64, size)
	),
	TP_fast_assign(
		__entry->worker = x->queue->worker;
		__entry->slot = x->slot;
		__entry->seq = x->seq;
		__entry->size = x->size;
	),
	TP_printk("worker=%u slot=%u seq=%llu size=%llu",
		  __entry->worker, __entry->slot, __entry->seq, __entry->size)
);

/* Its buffers are mapped. */
DEFINE_EVENT(dmabench_step, dmabench_map,
	TP_PROTO(const struct dmabench_xfer *x),
	TP_ARGS(x)
);

/* The provider is about to be asked for a descriptor: stage total begins. */
DEFINE_EVENT(dmabench_step, dmabench_prep,
	TP_PROTO(const struct dmabench_xfer *x),
	TP_ARGS(x)
);

/* The waiter knows that it is over: stage total ends. */
DEFINE_EVENT(dmabench_step, dmabench_wake,
	TP_PROTO(const struct dmabench_xfer *x),
	TP_ARGS(x)
);

/* Its buffers are unmapped. */
DEFINE_EVENT(dmabench_step, dmabench_unmap,
	TP_PROTO(const struct dmabench_xfer *x),
	TP_ARGS(x)
);

/* A descriptor is submitted. */
TRACE_EVENT(dmabench_submit,
	TP_PROTO(const struct dmabench_leg *leg),
	TP_ARGS(leg),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(unsigned int, slot)
		__field(u64, seq)
		__field(s32, cookie)
		__field(u64, size)
	),
	TP_fast_assign(
		__entry->worker = leg->x->queue->worker;
		__entry->slot = leg->x->slot;
		__entry->seq = leg->x->seq;
		__entry->cookie = leg->cookie;
		__entry->size = leg->x->size;
	),
	TP_printk("worker=%u slot=%u seq=%llu cookie=%d size=%llu",
		  __entry->worker, __entry->slot, __entry->seq, __entry->cookie, __entry->size)
);

/* issue_pending has returned, for so many transfers. */
TRACE_EVENT(dmabench_issue,
	TP_PROTO(const struct dmabench_queue *queue),
	TP_ARGS(queue),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(unsigned int, transfers)
	),
	TP_fast_assign(
		__entry->worker = queue->worker;
		__entry->transfers = queue->nr_pending;
	),
	TP_printk("worker=%u transfers=%u", __entry->worker, __entry->transfers)
);

/* The provider has called back; where completions are polled, nothing does. */
TRACE_EVENT(dmabench_callback,
	TP_PROTO(const struct dmabench_leg *leg),
	TP_ARGS(leg),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(unsigned int, slot)
		__field(u64, seq)
		__field(s32, cookie)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->worker = leg->x->queue->worker;
		__entry->slot = leg->x->slot;
		__entry->seq = leg->x->seq;
		__entry->cookie = leg->cookie;
		__entry->result = leg->x->result;
	),
	TP_printk("worker=%u slot=%u seq=%llu cookie=%d result=%d",
		  __entry->worker, __entry->slot, __entry->seq, __entry->cookie,
		  __entry->result)
);

/* It is counted: its stages in ns, 0 where one does not apply. In the window alone. */
TRACE_EVENT(dmabench_done,
	TP_PROTO(const struct dmabench_xfer *x, const u64 *stage),
	TP_ARGS(x, stage),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(u64, seq)
		__field(u64, size)
		__field(u64, map)
		__field(u64, prep)
		__field(u64, submit)
		__field(u64, issue)
		__field(u64, complete)
		__field(u64, wake)
		__field(u64, unmap)
		__field(u64, total)
	),
	TP_fast_assign(
		__entry->worker = x->queue->worker;
		__entry->seq = x->seq;
		__entry->size = x->size;
		__entry->map = stage[DMABENCH_STAGE_MAP];
		__entry->prep = stage[DMABENCH_STAGE_PREP];
		__entry->submit = stage[DMABENCH_STAGE_SUBMIT];
		__entry->issue = stage[DMABENCH_STAGE_ISSUE];
		__entry->complete = stage[DMABENCH_STAGE_COMPLETE];
		__entry->wake = stage[DMABENCH_STAGE_WAKE];
		__entry->unmap = stage[DMABENCH_STAGE_UNMAP];
		__entry->total = stage[DMABENCH_STAGE_TOTAL];
	),
	TP_printk("worker=%u seq=%llu size=%llu map=%llu prep=%llu submit=%llu issue=%llu complete=%llu wake=%llu unmap=%llu total=%llu",
		  __entry->worker, __entry->seq, __entry->size, __entry->map, __entry->prep,
		  __entry->submit, __entry->issue, __entry->complete, __entry->wake,
		  __entry->unmap, __entry->total)
);

/* A worker's window opens after the warm-up, and closes before the drain. */
TRACE_EVENT(dmabench_window,
	TP_PROTO(const struct dmabench_queue *queue, bool open),
	TP_ARGS(queue, open),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(bool, open)
	),
	TP_fast_assign(
		__entry->worker = queue->worker;
		__entry->open = open;
	),
	TP_printk("worker=%u open=%d", __entry->worker, __entry->open)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
