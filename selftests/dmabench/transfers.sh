#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# 4096 transfers of random size and offset, each with its body, its guards and its
# source checked: in every completion context of dmasim and by every way of
# waiting, or on the channel that DMABENCH_CHANNEL names.
#
# DMABENCH_ITERATIONS changes the number of transfers, DMABENCH_THREADS=1 says that
# the provider's channels cannot be shared.
#
# covers: device_prep_dma_memcpy copy_align dmaengine_submit
# covers: dma_async_issue_pending dmaengine_tx_status dmaengine_get_dma_device

cd "$(dirname "$0")" || exit 1
. ./lib.sh

count=${DMABENCH_ITERATIONS:-4096}

sane() {
	must result transfers "$1"
	must result verified "$2"
	sum=$(awk '!/^#/ { n += $3 } END { print n + 0 }' "$ROOT/$job/hist/total")
	[ "$sum" = "$1" ] || fail "the histogram holds $sum samples"
}

# random_transfers COUNT KNOBS...
random_transfers() {
	count_of_run=$1
	shift
	fresh random iterations="$count_of_run" size=16K size_min=1 random_offset=1000 warmup=0
	for knobs_of_run in "$@"; do
		[ -z "$knobs_of_run" ] || knobs "$knobs_of_run"
	done
	align=$(sed -n "s/^$channel .*copy_align=\([0-9]*\).*/\1/p" $ROOT/channels)
	[ "$align" = 1 ] || knobs size_min="$align"
	run_ok
	sane "$count_of_run" "$count_of_run"
}

in_context() {
	provide completion="$1" channels=1
	for wait in irq poll hybrid; do
		# One at a time takes a tick of the timer each where ticks are coarse.
		random_transfers $((count / 16)) "wait=$wait depth=1"
		random_transfers "$count" "wait=$wait depth=32 batch=8"
	done
	random_transfers "$count" "wait=irq depth=16 map=once"
	random_transfers "$count" "wait=irq depth=16 memory=coherent"
	random_transfers "$count" "wait=irq depth=16 callback=result"
}

on_channel() {
	[ -n "$DMABENCH_CHANNEL" ] || skip "DMABENCH_CHANNEL is not set"
	provide
	random_transfers "$count" "wait=$1 depth=$2 batch=$3"
}

threads_share_a_channel() {
	[ "$DMABENCH_THREADS" != 1 ] || skip "DMABENCH_THREADS says 1"
	provide
	fresh threads threads=4 depth=8 batch=2 iterations=$((count / 4)) warmup=0 size_min=0
	run_ok
	must result workers 4
	sane $((count / 4 * 4)) "$(value result transfers_all)"
}

same_seed_same_sizes() {
	provide
	fresh seed seed=0x1234 size=8K size_min=16 align=16 iterations=300 warmup=0 depth=4
	run_ok
	bytes=$(value result bytes)
	run_ok depth=1
	must result bytes "$bytes"
	must result seed 0x0000000000001234
	run_ok seed=0x1235
	[ "$(value result bytes)" != "$bytes" ] || fail "another seed gives the same sizes"
}

random_seeds_differ() {
	provide
	fresh seed iterations=1
	run_ok
	first=$(value result seed)
	run_ok
	[ "$(value result seed)" != "$first" ] || fail "seed $first twice"
}

by_time() {
	provide
	fresh time iterations=0 runtime_ms=300 verify=ends
	run_ok
	window=$(value result window_ns)
	[ "$window" -ge 300000000 ] || fail "the window is only $window ns"
	[ "$(value result transfers)" -gt 0 ] || fail "no transfers"
}

the_cpu_copies_too() {
	provide
	random_transfers "$count" "op=cpu_memcpy depth=4"
}

# The other baseline maps as an engine is mapped for, so that is where it must be told.
the_cpu_copies_what_was_mapped() {
	provide
	random_transfers "$count" "op=cpu_memcpy_mapped depth=4 map=transfer"
	fresh once op=cpu_memcpy_mapped map=once
	run_refused -22
}

# counted KEY: a counter of the first channel of dmasim
counted() {
	sed -n "s/^$channel .*$1=\([0-9]*\).*/\1/p" /sys/kernel/debug/dmasim/dmasim.0/counters
}

BARE="mode=bare wait=poll verify=none stages=0 map=once"

# What it claims, the provider must have done. Nothing else may run: it checks no data.
a_bare_loop() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs dmasim's counters"
	provide
	for shape in "depth=1 batch=1" "depth=64 batch=16" "depth=7 batch=3"; do
		before=$(counted completed)
		fresh bare iterations=500 size=100
		# shellcheck disable=SC2086
		run_ok $BARE $shape
		must result transfers 500
		must result bytes 50000
		all=$(value result transfers_all)
		[ "$all" -ge 564 ] || fail "$shape: only $all transfers"
		[ $(($(counted completed) - before)) = "$all" ] ||
			fail "$shape: claims $all transfers, dmasim has done $(($(counted completed) - before))"
	done
	for wrong in wait=irq stages=1 verify=full map=transfer op=cpu_memcpy reuse=1; do
		fresh bare
		# shellcheck disable=SC2086
		knobs $BARE $wrong
		run_refused -22
	done
}

# Workers that share threads: each has its channel, its count and its window, and holds still.
threads_for_all() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs several channels of dmasim"
	provide channels=5
	fresh crew channel= max_channels=0 size=256 depth=4 iterations=2000
	run_ok wait=poll verify=none workers=2
	must result workers 5
	must result transfers 10000
	# shellcheck disable=SC2009
	fresh crew channel= max_channels=0 size=256 depth=4 iterations=0 runtime_ms=60000
	knobs wait=poll verify=none workers=2
	start
	threads=$(ps | grep -c '[d]mabench/crew:')
	[ "$threads" = 2 ] || fail "$threads threads for workers=2"
	echo pause > "$ROOT/$job/control"
	sleep 0.2
	before=$(value result transfers_all)
	sleep 0.2
	[ "$(value result transfers_all)" = "$before" ] || fail "paused, and goes on"
	echo resume > "$ROOT/$job/control"
	sleep 0.5
	[ "$(value result transfers_all)" -gt "$before" ] || fail "resumed, and does not go on"
	echo 0 > "$ROOT/$job/run"
	wait_end
	for wrong in wait=irq verify=full op=cpu_memcpy; do
		fresh crew
		# shellcheck disable=SC2086
		knobs wait=poll verify=none workers=2 $wrong
		run_refused -22
	done
}

extreme_sizes() {
	provide
	align=$(sed -n "s/^$channel .*copy_align=\([0-9]*\).*/\1/p" $ROOT/channels)
	fresh extreme size="$align" iterations=100
	run_ok
	run_ok size=1M iterations=4 warmup=1
	run_ok size=$((1048576 + align)) iterations=4 warmup=1
}

begin
if [ -n "$DMABENCH_CHANNEL" ]; then
	case_of "random transfers, one at a time" on_channel irq 1 1
	case_of "random transfers, many in flight" on_channel irq 32 8
	case_of "random transfers, polled" on_channel poll 4 1
else
	for context in $(contexts inline softirq timer thread); do
		case_of "random transfers in context $context" in_context $context
	done
fi
case_of "threads share a channel" threads_share_a_channel
case_of "the same seed gives the same sizes" same_seed_same_sizes
case_of "seed 0 takes another one each time" random_seeds_differ
case_of "a run by time" by_time
case_of "the baseline cpu_memcpy" the_cpu_copies_too
case_of "the baseline cpu_memcpy_mapped" the_cpu_copies_what_was_mapped
case_of "the baseline mode=bare" a_bare_loop
case_of "threads that work for several channels" threads_for_all
case_of "the smallest and large sizes" extreme_sizes
finish
