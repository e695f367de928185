#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# A run that stops at the first transfer slower than threshold_ns, and keeps it.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

TRACING=/sys/kernel/tracing/tracing_on
ENDLESS="iterations=0 runtime_ms=600000 warmup=0 verify=none"

slow_engine() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs the latency of dmasim"
	provide latency_ns=3000000
}

# stops_at STAGE LEAST: the run has stopped at a transfer whose STAGE took LEAST ns or more
stops_at() {
	must status errno -62
	value status reason | grep -q "threshold: worker .* $1 took" ||
		fail "status says $(value status reason)"
	took=$(value result "threshold.${1}_ns")
	[ "${took:-0}" -gt "$2" ] || fail "threshold.${1}_ns is ${took:-not there}"
	value result threshold.transfer | grep -q '^[0-9]' || fail "which transfer is not told"
}

slow_transfer_stops() {
	slow_engine
	[ ! -e $TRACING ] || echo 1 > $TRACING
	# shellcheck disable=SC2086
	fresh threshold $ENDLESS threshold_ns=1000000
	start
	wait_end
	stops_at total 1000000
	[ ! -e $TRACING ] || [ "$(cat $TRACING)" = 0 ] || fail "the trace buffer is written on"
	[ ! -e $TRACING ] || echo 1 > $TRACING
}

one_stage_stops() {
	slow_engine
	# shellcheck disable=SC2086
	fresh threshold $ENDLESS threshold_ns=1000000 threshold_stage=complete depth=4
	start
	wait_end
	stops_at complete 1000000
}

others_go_on() {
	slow_engine
	fresh threshold iterations=20 warmup=0 verify=none
	run_ok threshold_ns=600000000000
	# It is the engine that is slow, and only that was asked for.
	run_ok threshold_ns=60000000000 threshold_stage=unmap
	[ -z "$(value result threshold.total_ns)" ] || fail "a threshold that was not reached"
}

needs_stages() {
	provide
	fresh threshold stages=0 threshold_ns=1000
	run_refused -22
}

by_the_command() {
	command -v dmabench > /dev/null || skip "no command dmabench here"
	slow_engine
	# shellcheck disable=SC2086
	dmabench bench --threshold total=1ms --json "$SCRATCH/slow.json" \
		channel="$channel" $ENDLESS > /dev/null
	code=$?
	[ ! -e $TRACING ] || echo 1 > $TRACING
	[ $code = 5 ] || fail "exit code $code"
	grep -q '"threshold.total_ns"' "$SCRATCH/slow.json" || fail "the results do not have it"
}

begin
case_of "a slow transfer stops the run and the trace" slow_transfer_stops
case_of "a slow stage does" one_stage_stops
case_of "what is not as slow as that does not" others_go_on
case_of "without stages there is nothing to compare" needs_stages
case_of "the command exits with 5" by_the_command
finish
