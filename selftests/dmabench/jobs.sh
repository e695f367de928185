#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Several jobs side by side, several channels in one job.
#
# DMABENCH_ITERATIONS changes the number of transfers.
#
# covers: channels dma_request_channel dma_release_channel dma_chan_name

cd "$(dirname "$0")" || exit 1
. ./lib.sh

count=${DMABENCH_ITERATIONS:-2000}

side_by_side() {
	provide channels=4
	rest=$(sed -n "s/ device=$device .*//p" $ROOT/channels)
	for c in $rest; do
		fresh "on-$c" channel="$c" iterations="$count" depth=8 size=2K
	done
	for c in $rest; do
		job=on-$c
		start
	done
	for c in $rest; do
		job=on-$c
		wait_end
		must status state "done"
		must result transfers "$count"
		must result channels "$c"
	done
}

all_channels_in_one() {
	provide channels=4
	fresh all channel= device="$device" max_channels=0 iterations=$((count / 4)) depth=4 \
		threads=2
	run_ok
	must result workers 8
	must result transfers $((count / 4 * 8))
	[ "$(value result channels | tr , '\n' | sort -u | wc -l)" = 4 ] ||
		fail "channels: $(value result channels)"
	free=$(grep -c 'state=free' $ROOT/channels)
	[ "$free" -ge 4 ] || fail "only $free channels are free afterwards"
}

channels_by_name() {
	provide channels=4
	names=$(sed -n "s/ device=$device .*//p" $ROOT/channels | sort -r | tr '\n' , | sed 's/,$//')
	fresh names channel="$names" iterations=100
	run_ok
	must result channels "$names"
}

shows_who_has_a_channel() {
	provide channels=2
	fresh holder iterations=0 runtime_ms=60000
	grep -q "^$channel .*state=free" $ROOT/channels || fail "$channel is not free"
	start
	grep -q "^$channel .*state=held" $ROOT/channels || fail "$channel is not held"
	echo 0 > $ROOT/holder/run
	grep -q "^$channel .*state=free" $ROOT/channels || fail "$channel is not free again"
}

another_client_has_it() {
	have_module dmatest || skip "there is no module dmatest"
	provide channels=2
	# When it gives up waiting it frees what the provider still writes, see docs/findings.md.
	modprobe dmatest timeout=30000 || return 1
	trap 'rmmod dmatest' EXIT
	echo 0 > /sys/module/dmatest/parameters/iterations
	echo "$channel" > /sys/module/dmatest/parameters/channel || return 1
	echo 1 > /sys/module/dmatest/parameters/run
	fresh rival
	run_refused -16
	echo 0 > /sys/module/dmatest/parameters/run
	trap - EXIT
	rmmod dmatest || fail "dmatest does not unload"
	run_ok iterations=10
}

begin
case_of "a job on each channel, side by side" side_by_side
case_of "one job on all channels" all_channels_in_one
case_of "one job on channels by name" channels_by_name
case_of "channels shows who has a channel" shows_who_has_a_channel
case_of "a channel that another client has" another_client_has_it
finish
