/* SPDX-License-Identifier: GPL-2.0-only */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM dmabench

#if !defined(_DMABENCH_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define _DMABENCH_TRACE_H

#include <linux/tracepoint.h>

/*
 * worker and seq name a transfer within a run. Stages can be told from the
 * events' own time stamps, or taken ready from dmabench_done.
 */
TRACE_EVENT(dmabench_submit,
	TP_PROTO(unsigned int worker, u64 seq, s32 cookie, size_t size),
	TP_ARGS(worker, seq, cookie, size),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(u64, seq)
		__field(s32, cookie)
		__field(size_t, size)
	),
	TP_fast_assign(
		__entry->worker = worker;
		__entry->seq = seq;
		__entry->cookie = cookie;
		__entry->size = size;
	),
	TP_printk("worker=%u seq=%llu cookie=%d size=%zu",
		  __entry->worker, __entry->seq, __entry->cookie, __entry->size)
);

TRACE_EVENT(dmabench_issue,
	TP_PROTO(unsigned int worker, unsigned int transfers),
	TP_ARGS(worker, transfers),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(unsigned int, transfers)
	),
	TP_fast_assign(
		__entry->worker = worker;
		__entry->transfers = transfers;
	),
	TP_printk("worker=%u transfers=%u", __entry->worker, __entry->transfers)
);

TRACE_EVENT(dmabench_callback,
	TP_PROTO(unsigned int worker, u64 seq, s32 cookie, int result),
	TP_ARGS(worker, seq, cookie, result),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(u64, seq)
		__field(s32, cookie)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->worker = worker;
		__entry->seq = seq;
		__entry->cookie = cookie;
		__entry->result = result;
	),
	TP_printk("worker=%u seq=%llu cookie=%d result=%d",
		  __entry->worker, __entry->seq, __entry->cookie, __entry->result)
);

TRACE_EVENT(dmabench_done,
	TP_PROTO(unsigned int worker, u64 seq, size_t size, const u64 *stage),
	TP_ARGS(worker, seq, size, stage),
	TP_STRUCT__entry(
		__field(unsigned int, worker)
		__field(u64, seq)
		__field(size_t, size)
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
		__entry->worker = worker;
		__entry->seq = seq;
		__entry->size = size;
		__entry->map = stage[0];
		__entry->prep = stage[1];
		__entry->submit = stage[2];
		__entry->issue = stage[3];
		__entry->complete = stage[4];
		__entry->wake = stage[5];
		__entry->unmap = stage[6];
		__entry->total = stage[7];
	),
	TP_printk("worker=%u seq=%llu size=%zu map=%llu prep=%llu submit=%llu issue=%llu complete=%llu wake=%llu unmap=%llu total=%llu",
		  __entry->worker, __entry->seq, __entry->size, __entry->map, __entry->prep,
		  __entry->submit, __entry->issue, __entry->complete, __entry->wake,
		  __entry->unmap, __entry->total)
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
