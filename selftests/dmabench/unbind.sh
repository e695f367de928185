#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The provider goes away while transfers are in flight.
#
# covers: device_release dma_submit_error

cd "$(dirname "$0")" || exit 1
. ./lib.sh

unbinds_in_flight() {
	provide completion="$1" channels=2
	driver=/sys/bus/platform/devices/$device/driver
	driver=$(readlink -f "$driver")
	[ -w "$driver/unbind" ] || skip "$device cannot be unbound"
	i=0
	while [ $i -lt 5 ]; do
		i=$((i + 1))
		fresh unbound iterations=0 runtime_ms=60000 depth=16 size=16K
		start
		echo "$device" > "$driver/unbind" || return 1
		wait_end
		must status state failed
		must status errno -19
		grep -q "device=$device " $ROOT/channels && fail "$device still has channels"
		run_refused -19
		echo "$device" > "$driver/bind" || return 1
		given
		channel=$(sed -n "s/ device=$device .*//p" $ROOT/channels | head -n 1)
		echo "$channel" "$device" > "$SCRATCH/provider"
	done
	fresh rebound
	run_ok iterations=100
}

# The run is still being built when the provider goes: many threads take a while.
unbinds_during_the_start() {
	provide completion=softirq channels=16
	driver=$(readlink -f "/sys/bus/platform/devices/$device/driver")
	i=0
	while [ $i -lt 8 ]; do
		i=$((i + 1))
		fresh early channel= device="$device" max_channels=0 threads=16 size=64 \
			iterations=0 runtime_ms=60000 stages=0
		(echo 1 > $ROOT/early/run) 2> /dev/null &
		starter=$!
		usleep $((i * 3000))
		echo "$device" > "$driver/unbind" || return 1
		wait $starter
		wait_end
		case $(value status errno) in
		0 | -19) ;;
		*) fail "errno $(value status errno): $(value status reason)" ;;
		esac
		echo early > $ROOT/del || return 1
		echo "$device" > "$driver/bind" || return 1
	done
}

unbinds_while_paused() {
	provide completion=softirq channels=1
	driver=$(readlink -f "/sys/bus/platform/devices/$device/driver")
	fresh unbound iterations=0 runtime_ms=60000
	start
	echo pause > $ROOT/unbound/control
	echo "$device" > "$driver/unbind" || return 1
	wait_end
	must status errno -19
	echo "$device" > "$driver/bind"
}

unloads_after_unbind() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	unload
}

begin
for context in $(contexts inline softirq timer thread); do
	case_of "the provider is unbound in context $context" unbinds_in_flight $context
done
case_of "the provider is unbound while a job starts" unbinds_during_the_start
case_of "the provider is unbound while a job is paused" unbinds_while_paused
case_of "the modules unload afterwards" unloads_after_unbind
finish
