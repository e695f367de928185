#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What `run` must refuse: each wrong combination with its own errno and a reason,
# and nothing is left behind that keeps the next run from starting.
#
# covers: cap_mask dma_has_cap copy_align

cd "$(dirname "$0")" || exit 1
. ./lib.sh

# nope ERRNO KNOB=VALUE...: these knobs must be refused
nope() {
	wanted=$1
	shift
	fresh nope "$@"
	run_refused "$wanted"
}

contradictions() {
	nope -22 depth=4 batch=5
	nope -22 size=64 size_min=65
	nope -22 align=3
	nope -22 align=96
	nope -22 iterations=0 runtime_ms=0
	nope -22 node=1023
}

unknown_channels() {
	fresh nope
	for name in nowhere dma dma0 dma0chan dma99chan0 dma0chan9999 "$channel,nowhere" \
		"nowhere,$channel" "$channel," ",$channel" "${channel}x" "../$channel"; do
		knobs channel="$name"
		run_refused -19
	done
	knobs channel= device=nowhere
	run_refused -19
	# A channel by name is taken whatever the provider's name.
	knobs channel="$channel" device=nowhere iterations=10
	run_ok
}

more_channels_than_there_are() {
	provide channels=2
	fresh more channel= device="$device" max_channels=64 iterations=10
	run_ok
	must result workers 2
	must status reason ""
}

channel_named_twice() {
	nope -16 channel="$(cut -d ' ' -f 1 "$SCRATCH/provider"),$(cut -d ' ' -f 1 "$SCRATCH/provider")"
}

too_much_memory() {
	nope -105 size=1M depth=1024
	nope -105 size=4K depth=1024 threads=64 memory_limit=1M
	nope -105 size=1 depth=1024 threads=64 memory_limit=1M
	nope -105 size=64K src_offset=64K random_offset=64K depth=1024 memory_limit=16M
	# On a machine of 32 bits the product itself does not fit.
	fresh nope size=16M depth=1024 threads=64 memory_limit=64G
	(echo 1 > "$ROOT/nope/run") 2> /dev/null && fail "took more memory than there is"
	case $(value status errno) in
	-12 | -75 | -105) ;;
	*) fail "errno $(value status errno): $(value status reason)" ;;
	esac
}

nothing_is_left_behind() {
	fresh nope
	run_ok iterations=10
}

busy_job() {
	fresh busy iterations=0 runtime_ms=60000
	start
	refused "$EBUSY" $ROOT/busy/run 1
	refused "$EBUSY" $ROOT/busy/depth 2
	refused "$EBUSY" $ROOT/busy/config depth=2
	must status state running
	echo 0 > $ROOT/busy/run
	must status errors 0
}

channel_of_another_job() {
	fresh busy iterations=0 runtime_ms=60000
	start
	fresh other
	run_refused -16
	job=busy
	must status state running
	echo 0 > $ROOT/busy/run
	job=other
	run_ok iterations=10
}

alignment() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs dmasim with align=16"
	provide align=16
	nope -22 size=100
	nope -22 size=64 size_min=8
	nope -22 size=64 src_offset=8
	nope -22 size=64 dst_offset=1
	nope -22 size=64 align=8
	fresh nope size=4080 size_min=16 random_offset=160
	run_ok iterations=200
}

missing_operation() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs dmasim with omit=memcpy"
	provide omit=memcpy
	nope -95 op=memcpy
	fresh nope op=cpu_memcpy
	run_ok iterations=10
}

# Any device can be made a peripheral of, here the provider's own, which says nothing
# of addresses: the engine must not be sent to address 0.
peripheral_without_address() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unbind what it did not load"
	provide
	platform=/sys/bus/platform
	echo "$device" > "$(readlink -f "$platform/devices/$device/driver")/unbind" || return 1
	echo dmabench-peripheral > "$platform/devices/$device/driver_override" || return 1
	echo "$device" > $platform/drivers/dmabench-peripheral/bind || return 1
	job=default
	for direction in tx rx duplex; do
		knobs op=slave_sg direction=$direction peripheral="$device"
		run_refused -89
	done
	echo "$device" > $platform/drivers/dmabench-peripheral/unbind
}

no_provider() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	have_module dmabench || skip "there is no module dmabench"
	unload
	modprobe dmabench || return 1
	job=default
	for op in memcpy cpu_memcpy; do
		echo op=$op > $ROOT/default/config
		run_refused -19
	done
}

begin
need_of "there is a provider" provide
case_of "knobs that contradict each other" contradictions
case_of "channels that do not exist" unknown_channels
case_of "a channel named twice" channel_named_twice
case_of "more channels than there are" more_channels_than_there_are
case_of "more memory than allowed" too_much_memory
case_of "a refusal leaves nothing behind" nothing_is_left_behind
case_of "a job that runs" busy_job
case_of "a channel that another job has" channel_of_another_job
case_of "what the channel's alignment forbids" alignment
case_of "an operation that the channel lacks" missing_operation
case_of "a peripheral without an address" peripheral_without_address
case_of "no provider at all" no_provider
finish
