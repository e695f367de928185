#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Cyclic transfers over dmasim's loopback and to its sink: every byte of every
# period is checked, in every completion context, and what ends or breaks them.
#
# covers: device_prep_dma_cyclic dmaengine_prep_dma_cyclic dmaengine_terminate_sync
# covers: dmaengine_tx_status dmaengine_pause dmaengine_resume

cd "$(dirname "$0")" || exit 1
. ./lib.sh

count=${DMABENCH_ITERATIONS:-200}

# ready PARAMETER=VALUE...: a fresh provider, whatever an earlier case has left running
ready() {
	for running in "$ROOT"/*/run; do
		[ ! -f "$running" ] || echo 0 > "$running"
	done
	provide "$@"
}

# address PERIPHERAL REGISTER
address() {
	sed -n "s/^$1 .* $2=0x0*\([0-9a-f]*\).*/0x\1/p" "/sys/kernel/debug/dmasim/$device/peripherals"
}

# other N: the channel N places behind the one under test
other() {
	sed -n "s/ device=$device .*//p" $ROOT/channels | sed -n "$(($1 + 1))p"
}

# looped JOB KNOB=VALUE...: a job that receives what it sends
looped() {
	name_of_job=$1
	shift
	fresh "$name_of_job" op=cyclic endpoint=loopback tx_addr="$(address loopback0 tx)" \
		rx_addr="$(address loopback0 rx)" rx_channel="$(other 1)" iterations="$count" "$@"
}

# all_right PERIODS: nothing was lost, or came twice
all_right() {
	must result transfers "$1"
	must result cyclic.rx.lost_periods 0
	must result cyclic.rx.duplicate_periods 0
	must result cyclic.rx.leftover_bytes 0
	seen=$(value result cyclic.rx.verified)
	[ $((seen + $(value result cyclic.rx.overruns))) -ge "$1" ] ||
		fail "only $seen periods were verified"
	[ "$(value result cyclic.tx.periods)" -ge "$1" ] || fail "fewer periods sent than received"
}

in_context() {
	ready completion="$1" channels=3 bandwidth=4M
	looped duplex size=4K
	run_ok
	all_right "$count"
	must result stage.terminate_sync.count 2
	run_ok size=4K period=128 memory=coherent
	all_right "$count"
	run_ok size=3000 period=1000 memory=streaming map=once src_offset=64 dst_offset=128
	all_right "$count"
	run_ok size=64K period=64 map=transfer src_offset=0 dst_offset=0
	all_right "$count"
	run_ok size=8K period=4K
	all_right "$count"
}

one_period() {
	ready completion="$1" channels=3 bandwidth=4M
	looped single size=1K period=1K
	run_ok
	all_right "$count"
	run_ok memory=coherent size=64 period=64
	all_right "$count"
}

by_granularity() {
	ready granularity="$1" channels=3 bandwidth=4M
	looped coarse size=4K
	run_ok
	all_right "$count"
}

to_the_sink() {
	ready channels=3
	fresh sends op=cyclic direction=tx tx_addr="$(address sink0 tx)" size=4K iterations=20
	run_ok
	must result transfers 20
	bytes=$(sed -n 's/^sink0 .*bytes_in=\([0-9]*\).*/\1/p' \
		"/sys/kernel/debug/dmasim/$device/peripherals")
	[ "$bytes" -ge $((20 * 1024)) ] || fail "the sink has seen $bytes bytes only"
}

by_time() {
	given
	looped time size=4K iterations=0 runtime_ms=300 verify=none
	run_ok
	[ "$(value result transfers)" -gt 0 ] || fail "no periods"
	must result verified 0
}

refuses() {
	given
	looped refused size=4K period=1000
	run_refused -22
	knobs size=1023 period=0
	run_refused -22
	knobs size=32 period=0
	run_refused -22
	knobs size=4K period=8K
	run_refused -22
	knobs period=0 depth=2
	run_refused -22
	knobs depth=1 size_min=1K
	run_refused -22
	knobs size_min=0 mix=cyclic
	run_refused -22
	knobs mix= width=8 size=4080 period=204
	run_refused -22
}

lacks() {
	ready omit="$1" channels=3
	looped lacking size=4K
	run_refused -95
}

nothing_comes() {
	given
	looped silent direction=rx rx_channel= timeout_ms=200
	start
	wait_end
	must status state failed
	must status errno -110
	must result quarantined 0
	looped silent
	run_ok
	all_right "$count"
}

# Somebody else takes bytes out of the FIFO, or puts some in: who waits depends on
# whether it is full or empty most of the time.
disturbed() {
	given
	looped heard size=4K period=1K iterations=0 runtime_ms=60000
	start
	for way in tx rx tx rx; do
		fresh "disturb-$way" channel="$(other 2)" op=slave_sg direction=$way size=64 \
			iterations=1 warmup=0 timeout_ms=100 verify=none \
			"${way}_addr=$(address loopback0 $way)"
		start
		wait_end
	done
	job=heard
	wait_end
	must status state failed
	must status errno -74
	[ "$(value result errors_data)" -ge 1 ] || fail "no error was counted"
}

ended_by() {
	given
	looped ended size=4K iterations=0 runtime_ms=60000
	start
	usleep 100000
	$1
	wait_end
	must status state stopped
	must status errno -125
	must result errors_data 0
	must result quarantined 0
	# What the end has left in the loopback comes first, and does not matter.
	looped again size=4K
	run_ok
	must result cyclic.rx.lost_periods 0
}

stop_it() {
	echo 0 > "$ROOT/$job/run"
}

terminate_it() {
	echo terminate > "$ROOT/$job/control"
}

held_still() {
	given
	looped held size=4K iterations=0 runtime_ms=60000
	start
	for _ in 1 2 3; do
		usleep 50000
		echo pause > "$ROOT/held/control"
		must status state paused
		# Longer than the worker looks away.
		usleep 150000
		before=$(value result cyclic.rx.periods)
		usleep 100000
		[ "$(value result cyclic.rx.periods)" = "$before" ] || fail "moves while paused"
		echo resume > "$ROOT/held/control"
	done
	usleep 50000
	stop_it
	wait_end
	must status errno -125
	must result errors_data 0
	must result cyclic.rx.lost_periods 0
	must result stage.pause.count 6
	must result stage.resume.count 6
}

unbound() {
	ready completion="$1" channels=3 bandwidth=4M
	driver=$(readlink -f "/sys/bus/platform/devices/$device/driver")
	looped unbound size=4K iterations=0 runtime_ms=60000
	start
	usleep 100000
	echo "$device" > "$driver/unbind" || return 1
	wait_end
	must status state failed
	must status errno -19
	must result quarantined 0
	echo "$device" > "$driver/bind"
}

begin
for context in $(contexts inline softirq timer thread); do
	case_of "both ways in context $context" in_context $context
	case_of "one period in context $context" one_period $context
done
for granularity in descriptor segment; do
	case_of "with a residue by $granularity" by_granularity $granularity
done
case_of "to the sink" to_the_sink
need_of "there is a provider" ready channels=3 bandwidth=4M
case_of "by time, not verified" by_time
case_of "what makes no ring is refused" refuses
case_of "nothing comes: a timeout, and the channel is fine" nothing_comes
case_of "bytes too many or too few are noticed" disturbed
case_of "stopped by the user" ended_by stop_it
case_of "terminated by the user" ended_by terminate_it
case_of "paused and resumed by the user" held_still
for context in $(contexts softirq thread); do
	case_of "the provider goes, context $context" unbound $context
done
for what in cyclic terminate; do
	case_of "a provider without $what is refused" lacks $what
done
finish
