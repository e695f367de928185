#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# mode=pcm, the ALSA scenario, on dmasim: playback to the sink, and playback and
# capture with each other over the loopback, where every frame is checked.
#
# DMABENCH_RESTARTS changes how many times a stream is stopped and started.
#
# covers: device_prep_dma_cyclic dmaengine_terminate_async dmaengine_synchronize
# covers: dmaengine_pause dmaengine_resume dma_get_slave_caps dmaengine_slave_config
# covers: dma_request_chan filter

cd "$(dirname "$0")" || exit 1
. ./lib.sh

restarts=${DMABENCH_RESTARTS:-1000}
rate=192000

# Of whoever keeps another one company, which may be long in coming.
endless="iterations=0 runtime_ms=600000 timeout_ms=600000"

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

# stream JOB KNOB=VALUE...
stream() {
	name_of_job=$1
	shift
	fresh "$name_of_job" op=cyclic mode=pcm endpoint=audio memory=coherent size=16K \
		iterations=20 restarts=20 "$@"
}

# player JOB KNOB=VALUE...: plays into the loopback
player() {
	name_of_player=$1
	shift
	# What plays late plays old frames: not for anybody's test of capture.
	stream "$name_of_player" size=128K period=4K direction=tx tx_addr="$(address loopback0 tx)" "$@"
}

# listener JOB KNOB=VALUE...: captures what the player plays
listener() {
	name_of_listener=$1
	shift
	stream "$name_of_listener" direction=rx rx_addr="$(address loopback0 rx)" "$@"
	knobs channel="$(other 1)"
}

# whole RESTARTS: the scenario was gone through from end to end
whole() {
	must result pcm.restarts "$1"
	must result pcm.pauses 8
	must result pcm.suspends 2
	must result pcm.closed_paused 1
	must result pcm.widths_refused 0
	must result pcm.polls_not_paused 0
	[ "$(value result pcm.pointer_only_bytes)" -gt 0 ] || fail "nothing without wakeups"
	[ "$(value result pcm.callbacks)" -le "$(value result pcm.periods)" ] ||
		fail "more callbacks than periods"
}

playback() {
	ready completion="$1" channels=2
	stream plays direction=tx tx_addr="$(address sink0 tx)"
	run_ok
	must result transfers 20
	whole 20
	must result pcm.caps.pause_resume 1
	run_ok memory=streaming period=1K iterations=40
	whole 20
	run_ok size=64K period=32K iterations=3 restarts=2
	whole 2
	run_ok size=15000 period=3000 iterations=5
	whole 2
}

# Whoever only keeps company goes round in the first step until it is stopped.
capture() {
	ready completion="$1" channels=2 bandwidth=$rate
	player company "$endless"
	start
	listener captures
	run_ok
	whole 20
	must result pcm.frames_lost 0
	must result pcm.frames_duplicate 0
	must result pcm.frames_stale 0
	[ "$(value result pcm.frames_checked)" -gt $((20 * 1024)) ] || fail "few frames were checked"
	run_ok memory=streaming
	whole 20
	job=company
	echo 0 > $ROOT/company/run
	wait_end
	must status errno -125
	must result errors_data 0
}

# A listener that keeps company hears each frame once, and of no start that is over.
heard() {
	ready completion=softirq channels=2 bandwidth=$rate
	listener company "$endless"
	start
	player plays restarts="$1"
	run_ok
	whole "$1"
	job=company
	must result pcm.frames_stale 0
	[ "$(value result pcm.epochs)" -ge $(($1 / 2)) ] ||
		fail "only $(value result pcm.epochs) starts were heard"
	echo 0 > $ROOT/company/run
	wait_end
	must status errno -125
	must result errors_data 0
}

restarts_of_capture() {
	ready completion=softirq channels=2 bandwidth=$rate
	player company "$endless"
	start
	listener captures restarts="$1"
	run_ok
	whole "$1"
	must result pcm.frames_stale 0
	echo 0 > $ROOT/company/run
}

by_granularity() {
	ready granularity="$1" channels=2
	stream coarse direction=tx tx_addr="$(address sink0 tx)" period=1K
	run_ok
	must result pcm.restarts 20
	must result pcm.caps.no_residue "$2"
}

without() {
	ready omit="$1" channels=2
	stream limited direction=tx tx_addr="$(address sink0 tx)"
	run_ok
	must result pcm.caps.pause_resume 0
	must result pcm.pauses 0
	must result pcm.closed_paused 0
	must result pcm.suspends 1
	must result pcm.restarts 20
}

refuses() {
	ready channels=2 bandwidth=$rate
	player refused direction=duplex rx_addr="$(address loopback0 rx)" rx_channel="$(other 1)"
	run_refused -22
	knobs direction=tx op=memcpy
	run_refused -22
	knobs op=cyclic size=16K period=16K
	run_refused -22
	knobs size=16K period=5000
	run_refused -22
	knobs size=2M period=0
	run_refused -22
}

# Somebody else takes frames out of the FIFO, or puts some in, see cyclic.sh.
disturbed() {
	given
	player company "$endless"
	start
	listener captures iterations=0 runtime_ms=60000 timeout_ms=60000
	start
	for way in tx rx tx rx; do
		fresh "disturb-$way" channel="$(other 2)" op=slave_sg direction=$way size=64 \
			iterations=1 warmup=0 timeout_ms=100 verify=none \
			"${way}_addr=$(address loopback0 $way)"
		start
		wait_end
	done
	job=captures
	wait_end
	must status state failed
	must status errno -74
	value status reason | grep -qE ': E1[36]: ' ||
		fail "the reason names no step: $(value status reason)"
}

nobody_listens() {
	given
	player alone timeout_ms=200
	start
	wait_end
	must status state failed
	must status errno -110
	value status reason | grep -q ': E[79]: ' ||
		fail "the reason names no step: $(value status reason)"
	must result quarantined 0
}

ended_by() {
	ready channels=2
	stream ended direction=tx tx_addr="$(address sink0 tx)" restarts=1000000 iterations=1
	start
	usleep 500000
	$1
	wait_end
	must status state "$2"
	must status errno "$3"
	must result quarantined 0
	must result errors_data 0
}

# codec DIRECTION: the peripheral counts what was lost, came twice or too late
#
# It has a clock, so the buffer is long: who is late by more than that plays frames
# again. And its FIFO is short: a machine that is busy elsewhere loses captured
# frames now and then, but not each time.
codec() {
	tries=0
	until once_with_codec "$1"; do
		tries=$((tries + 1))
		[ $tries -lt 5 ] || fail "each time: $(value status reason)"
	done
	whole 100
	must result pcm.frames_lost 0
	must result pcm.frames_duplicate 0
	must result pcm.frames_stale 0
	[ "$1" = tx ] || return 0
	grep -q ' lost=0 duplicate=0 stale=0 early=' "$codec" || fail "$(cat "$codec")"
	grep -q ' accepted=0 ' "$codec" && fail "the codec was given nothing"
	return 0
}

# once_with_codec DIRECTION: a run that is worth a look
once_with_codec() {
	ready channels=2
	fresh codec op=cyclic mode=pcm peripheral=dmabench-audio.0 memory=coherent size=60K \
		period=1920 iterations=40 restarts=100 direction="$1"
	# The peripheral brings its channels.
	knobs channel=
	start
	wait_end
	codec=/sys/kernel/debug/dmasim/$device/peripheral/audio0
	case $(value status reason) in
	*": E16: "*" frames lost"*) [ "$1" = tx ] || return 1 ;;
	esac
	must status state "done"
}

stop_it() {
	echo 0 > "$ROOT/$job/run"
}

terminate_it() {
	echo terminate > "$ROOT/$job/control"
}

unbind_it() {
	driver=$(readlink -f "/sys/bus/platform/devices/$device/driver")
	echo "$device" > "$driver/unbind"
	echo "$device" > "$driver/bind"
}

begin
for context in $(contexts inline softirq timer thread); do
	case_of "playback in context $context" playback $context
done
for context in $(contexts softirq thread); do
	case_of "capture in context $context" capture $context
done
case_of "$restarts restarts of playback, heard" heard "$restarts"
case_of "$restarts restarts of capture" restarts_of_capture "$restarts"
case_of "playback with a residue by segment" by_granularity segment 0
case_of "playback with a residue by descriptor" by_granularity descriptor 1
for what in pause resume; do
	case_of "playback without $what" without $what
done
case_of "playback to the codec, which checks every frame" codec tx
case_of "capture from the codec" codec rx
case_of "what is no stream is refused" refuses
need_of "there is a provider" ready channels=3 bandwidth=$rate
case_of "frames too many or too few are noticed" disturbed
need_of "there is a provider again" ready channels=2 bandwidth=$rate
case_of "nobody listens: a timeout" nobody_listens
case_of "stopped by the user" ended_by stop_it stopped -125
case_of "terminated by the user" ended_by terminate_it stopped -125
case_of "the provider goes" ended_by unbind_it failed -19
finish
