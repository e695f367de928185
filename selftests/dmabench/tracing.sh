#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Tracepoints: all of them, in their order, and the examples of docs/tracing.md as printed.
#
# DMABENCH_TRACING names that file. A block of it is known by its first line, a comment.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

TRACING=/sys/kernel/tracing
EVENTS=$TRACING/events/dmabench

# block NAME: run a block of the page, what it shows goes to $SCRATCH/seen
block() {
	[ -r "$DMABENCH_TRACING" ] || skip "DMABENCH_TRACING names no file"
	awk -v name="# $1" '/^```/ { inside = !inside; if (kept) exit; next }
		inside && $0 == name { kept = 1 } kept { print }' "$DMABENCH_TRACING" > "$SCRATCH/block"
	[ -s "$SCRATCH/block" ] || fail "the page has no block '$1'"
	(cd / && sh -e -x "$SCRATCH/block") > "$SCRATCH/seen" 2>&1 || fail "$(cat "$SCRATCH/seen")"
}

seen() {
	grep -qE "$1" "$SCRATCH/seen" || fail "no '$1' in: $(cat "$SCRATCH/seen")"
}

traced_kernel() {
	[ -d $TRACING/events ] || mount -t tracefs tracefs $TRACING 2> /dev/null
	[ -d $TRACING/events ] || skip "the kernel has no tracefs"
	[ -z "$DMABENCH_CHANNEL" ] || skip "types what needs dmasim"
	provide
	[ -d $EVENTS ] || skip "the kernel has no tracepoints"
}

need_hist() {
	[ -e $EVENTS/dmabench_done/hist ] || skip "the kernel has no hist triggers"
}

need_program() {
	command -v "$1" > /dev/null || skip "there is no $1"
}

# Events that are on cost what the run is to show, so none may be left.
all_off() {
	[ "$(cat $EVENTS/enable)" = 0 ] || fail "events are on: $(grep -l 1 $EVENTS/*/enable)"
	if grep -v '^#' $EVENTS/*/trigger; then
		fail "triggers are left"
	fi
}

page_has_all() {
	[ -r "$DMABENCH_TRACING" ] || skip "DMABENCH_TRACING names no file"
	# shellcheck disable=SC2016
	sed -n 's/^| `\(dmabench_[a-z]*\)` |.*/\1/p' "$DMABENCH_TRACING" | sort > "$SCRATCH/told"
	for event in "$EVENTS"/dmabench_*; do
		echo "${event##*/}"
	done | sort > "$SCRATCH/there"
	cmp "$SCRATCH/told" "$SCRATCH/there" ||
		fail "the page has $(cat "$SCRATCH/told"), the kernel $(cat "$SCRATCH/there")"
}

# order ARG...: the events of the only transfer of a run with these knobs, in their order
order() {
	fresh order size=64 depth=1 warmup=0 verify=none iterations=1 "$@"
	echo > $TRACING/trace
	echo 1 > $EVENTS/enable
	start
	wait_end
	echo 0 > $EVENTS/enable
	sed -n 's/.*: dmabench_\([a-z]*\): .*/\1/p' $TRACING/trace > "$SCRATCH/all"
	grep -vE 'window|issue|callback' "$SCRATCH/all" | head -n 6 | tr '\n' ' ' > "$SCRATCH/order"
	must status state "done"
}

in_order() {
	order wait=irq map=transfer
	[ "$(cat "$SCRATCH/order")" = "map prep submit wake unmap done " ] ||
		fail "seen: $(cat "$SCRATCH/all")"
	for event in issue callback; do
		grep -q "^$event$" "$SCRATCH/all" || fail "no $event: $(cat "$SCRATCH/all")"
	done
	[ "$(grep -c window "$SCRATCH/all")" = 2 ] || fail "the window: $(cat "$SCRATCH/all")"
}

polled_and_mapped_once() {
	order wait=poll map=once
	[ "$(cut -c 1-17 "$SCRATCH/order")" = "prep submit wake " ] || fail "seen: $(cat "$SCRATCH/all")"
	grep -q callback "$SCRATCH/all" && fail "a callback: $(cat "$SCRATCH/all")"
	grep -q map "$SCRATCH/all" && fail "mapped: $(cat "$SCRATCH/all")"
	return 0
}

a_job_to_look_at() {
	block "a job to look at"
	seen 'state: done|done'
}

every_event_as_text() {
	block "every event, as text"
	for event in prep submit issue callback wake; do
		seen "dmabench_$event: worker="
	done
	all_off
}

total_by_size() {
	need_hist
	block "total by size"
	seen 'size: ~ 2\^[0-9]+ .*hitcount: +[0-9]+ +total: +[0-9]+'
	seen 'Hits: 2000'
	seen 'Dropped: 0'
	all_off
}

submit_to_callback() {
	need_hist
	[ -e $TRACING/synthetic_events ] || skip "the kernel has no synthetic events"
	block "latency from submit to callback"
	seen 'ns: ~ 2\^[0-9]+ .*hitcount: +[0-9]+'
	# Those before the window count, too.
	hits=$(sed -n 's/.*Hits: //p' "$SCRATCH/seen" | tail -n 1)
	[ "$hits" -ge 2000 ] || fail "$hits hits"
	seen 'Dropped: 0'
	all_off
}

with_perf() {
	need_program perf
	block "perf: stages, and who was at work"
	seen 'dmabench:dmabench_done: worker=0 .*total=[0-9]+'
	seen 'cpu-clock|cycles'
	all_off
}

with_trace_cmd() {
	need_program trace-cmd
	block "trace-cmd: record and report"
	seen 'dmabench_done: +worker=0 .*total=[0-9]+'
	all_off
}

begin
need_of "the kernel has tracing" traced_kernel
case_of "the page tells of all events" page_has_all
case_of "the events of a transfer come in order" in_order
case_of "polled and mapped once there are fewer" polled_and_mapped_once
case_of "page: the job" a_job_to_look_at
case_of "page: every event" every_event_as_text
case_of "page: a histogram of total by size" total_by_size
case_of "page: a synthetic event" submit_to_callback
case_of "page: perf" with_perf
case_of "page: trace-cmd" with_trace_cmd
finish
