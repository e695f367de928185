#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The provider goes away while transfers are in flight.

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
for context in inline softirq timer thread; do
	case_of "the provider is unbound in context $context" unbinds_in_flight $context
done
case_of "the provider is unbound while a job is paused" unbinds_while_paused
case_of "the modules unload afterwards" unloads_after_unbind
finish
