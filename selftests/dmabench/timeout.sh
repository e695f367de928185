#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Transfers that never complete. The last cases pin the module on purpose, so
# this one comes last of all.
#
# covers: dmaengine_terminate_sync device_terminate_all

cd "$(dirname "$0")" || exit 1
. ./lib.sh

# hangs KNOB=VALUE...: a run that must end by its time limit
hangs() {
	fresh hang iterations=10 warmup=0 timeout_ms=200 "$@"
	start
	wait_end
	must status state failed
	must status errno -110
	[ "$(value result errors_timeout)" -ge 1 ] || fail "no error was counted"
	value result first_error | grep -q 'did not complete in time' ||
		fail "first_error: $(value result first_error)"
}

times_out() {
	provide completion="$1" latency_ns=20000000000 channels=2
	for wait in irq poll hybrid; do
		hangs wait=$wait depth=1
		must result quarantined 0
		hangs wait=$wait depth=16 batch=4
		must result quarantined 0
	done
	hangs threads=3 depth=4
	must result quarantined 0
	hangs map=once depth=4
	must result quarantined 0
	hangs mode=bare wait=poll verify=none stages=0 map=once depth=4 batch=2
	must result quarantined 0
	# It was terminated, so the channel is as good as new.
	grep -q "^$channel .*state=free" $ROOT/channels || fail "$channel is not free"
}

terminate_ends_what_hangs() {
	provide latency_ns=20000000000 channels=2
	fresh hang iterations=10 warmup=0 timeout_ms=60000 depth=8
	start
	echo terminate > $ROOT/hang/control || return 1
	wait_end
	must status state stopped
	must result quarantined 0
}

quarantines_what_cannot_be_stopped() {
	provide omit=terminate latency_ns=4000000000 channels=2
	hangs depth=4
	must result quarantined 4
	grep -q "^$channel .*state=quarantined" $ROOT/channels ||
		fail "$channel is not quarantined: $(cat $ROOT/channels)"
	dmesg | tail -n 10 | grep -q "$channel: a transfer could not be stopped" ||
		fail "the log does not say so"
	fresh again
	run_refused -117
	(rmmod dmabench) 2> /dev/null && fail "the module was unloaded under a live transfer"
	echo hang > $ROOT/del || fail "the job cannot be removed"
}

others_go_on() {
	given
	other=$(sed -n "s/ device=$device .*state=free.*//p" $ROOT/channels | head -n 1)
	[ -n "$other" ] || fail "no other channel"
	fresh other channel="$other" timeout_ms=20000
	run_ok iterations=1 warmup=0
}

late_completions_do_no_harm() {
	sleep 6
	fresh again
	run_refused -117
}

begin
for context in $(contexts softirq timer thread); do
	case_of "a transfer hangs in context $context" times_out $context
done
case_of "terminate ends what hangs" terminate_ends_what_hangs
case_of "what cannot be stopped is quarantined" quarantines_what_cannot_be_stopped
case_of "other channels go on" others_go_on
case_of "late completions do no harm" late_completions_do_no_harm
finish
