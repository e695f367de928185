#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The peripherals of dmasim: what they give, take and count, and what they can be
# told. The transfers are those of the test module dmasim_client.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

SIM=/sys/kernel/debug/dmasim/dmasim.0
PERIPH=$SIM/peripheral

sim_load() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	have_module dmasim_client || skip "there is no module dmasim_client"
	unload
	modprobe dmasim "$@" || fail "dmasim does not load with $*"
}

# of NAME KEY: a value of a peripheral
of() {
	sed -n "s/^$1 .*\<$2=\([^ ]*\).*/\1/p" "$SIM/peripherals"
}

# counts NAME KEY=VALUE...: what a peripheral must have counted
counts() {
	who=$1
	shift
	for pair in "$@"; do
		[ "$(of "$who" "${pair%%=*}")" = "${pair#*=}" ] ||
			fail "$who: not $pair: $(cat "$PERIPH/$who")"
	done
}

tell() {
	echo "$2" > "$PERIPH/$1" || fail "$1 cannot be told '$2'"
}

# client TEST PARAMETER=VALUE...: run a test of the module; all of them must pass
client() {
	test=$1
	shift
	modprobe dmasim_client only="$test" "$@" source_rx="$(of source0 rx)" \
		counter_rx="$(of counter0 rx)" check_tx="$(of check0 tx)" \
		stall_tx="$(of stall0 tx)" stall_rx="$(of stall0 rx)" \
		fail_tx="$(of fail0 tx)" fail_rx="$(of fail0 rx)" \
		audio_tx="$(of audio0 tx)" audio_rx="$(of audio0 rx)" || fail "does not load"
	cat /sys/kernel/debug/dmasim_client/ktap > "$SCRATCH/ktap"
	rmmod dmasim_client || fail "does not unload"
	grep -q '^ok 1 ' "$SCRATCH/ktap" || fail "$(cat "$SCRATCH/ktap")"
	grep -E '^not ok|# SKIP' "$SCRATCH/ktap" && fail "$(cat "$SCRATCH/ktap")"
	true
}

# noted WORDS: the number behind these words in what the module has noted
noted() {
	sed -n "s/^# $1 \([0-9]*\).*/\1/p" "$SCRATCH/ktap"
}

all_there() {
	sim_load
	for name in loopback0 sink0 source0 counter0 check0 stall0 fail0 audio0 loopback1; do
		grep -q "^$name kind=${name%[0-9]} " $SIM/peripherals || fail "no $name"
		[ "$(cat $PERIPH/$name)" = "$(grep "^$name " $SIM/peripherals)" ] ||
			fail "$name reads otherwise in its own file"
	done
	grep -o ' [tr]x=[^ ]*' $SIM/peripherals | sed 's/.*=//' | sort > "$SCRATCH/addresses"
	[ "$(wc -l < "$SCRATCH/addresses")" = 14 ] || fail "$(cat "$SCRATCH/addresses")"
	[ -z "$(uniq -d "$SCRATCH/addresses")" ] || fail "an address is taken twice"
}

told_nonsense() {
	cat $SIM/peripherals > "$SCRATCH/before"
	for file in $PERIPH/*; do
		refused "$ENOENT" "$file" nonsense=1
		refused "$EINVAL" "$file" reset
		refused "$EINVAL" "$file" ""
		refused "$EINVAL" "$file" reset=x
		refused "$ERANGE" "$file" reset=2
		refused "$E2BIG" "$file" \
			"reset=1 reset=1 reset=1 reset=1 reset=1 reset=1 reset=1 reset=1 reset=1"
		refused "$E2BIG" "$file" "$(head -c 70000 /dev/zero | tr '\0' x)"
	done
	refused "$ERANGE" $PERIPH/audio0 epoch=256
	refused "$EINVAL" $PERIPH/audio0 epoch=-1
	refused "$EINVAL" $PERIPH/fail0 result=good
	refused "$EINVAL" $PERIPH/fail0 result=0
	# All or nothing.
	refused "$EINVAL" $PERIPH/fail0 "after=7 result=good"
	refused "$ENOENT" $PERIPH/stall0 "after=7 after2=8"
	cat $SIM/peripherals > "$SCRATCH/after"
	cmp "$SCRATCH/before" "$SCRATCH/after" || fail "something has changed"
}

knobs_arrive() {
	sim_load source_rate=1000 check_rate=8M audio_rate=96000 sink_rate=5 stall_after=1K \
		fail_after=0 fail_result=read_failed
	counts source0 rate=1000 fifo_bytes=64
	counts check0 rate=8388608 fifo_bytes=4096
	counts audio0 rate=96000 fifo_bytes=96
	counts sink0 rate=5
	counts stall0 after=1024
	counts fail0 after=0 result=read_failed
	sim_load
}

counter() {
	client periph_counter
	bytes=$(of counter0 bytes_out)
	counts counter0 next_word=$((bytes / 4))
	client periph_counter
	counts counter0 bytes_out=$((2 * bytes))
	tell counter0 reset=1
	counts counter0 bytes_out=0 next_word=0
}

checks() {
	client periph_check_good
	counts check0 words=100000 errors=0 first_error=none
	tell check0 reset=1
	client periph_check_bad
	counts check0 words=10000 errors=2 first_error=777 expected=0x00000309 seen=0x0000030e
	tell check0 reset=1
	counts check0 words=0 errors=0 first_error=none
}

fails() {
	client periph_fail_
	counts fail0 failures=4 bytes_in=12288 bytes_out=8192
	# In the middle of a beat, and with another word.
	tell fail0 "reset=1 after=1001 result=read_failed"
	client periph_fail_ after=1001 result=1
	tell fail0 "reset=1 result=write_failed after=4"
	client periph_fail_ after=4 result=2
	counts fail0 failures=4
	tell fail0 "result=aborted after=0"
}

stalls() {
	client periph_stall_
	tell stall0 "reset=1 after=2K"
	client periph_stall_ after=2048
	[ "$(of stall0 stalls)" -ge 4 ] || fail "$(cat $PERIPH/stall0)"
	tell stall0 "reset=1 after=4K"
	counts stall0 stalls=0 bytes_in=0 bytes_out=0
}

# wait_stalls N: until it has stalled so many times
wait_stalls() {
	i=0
	while [ "$(of stall0 stalls)" != "$1" ]; do
		i=$((i + 1))
		[ $i -lt 200 ] || return 1
		usleep 50000
	done
}

released() {
	tell stall0 "reset=1 after=4K"
	{
		wait_stalls 1 && tell stall0 release=1
		wait_stalls 2 && tell stall0 release=1
	} &
	client periph_release_rx
	wait
	counts stall0 stalls=2 bytes_out=10240
}

sources() {
	tell source0 reset=1
	client periph_source
	counts source0 "words_lost=$(noted missing)" bytes_out=20480
	counts source0 "next_word=$((5120 + $(noted missing)))"
	tell source0 reset=1
	client periph_overrun
	counts source0 "words_lost=$(noted missing)" bytes_out=2048
	[ "$(of source0 overruns)" -ge 1 ] || fail "$(cat $PERIPH/source0)"
	client periph_restart
}

audio_out() {
	tell audio0 reset=1
	client periph_audio_out
	counts audio0 accepted=170 lost=5 duplicate=10 stale=3 early=5 newest_epoch=2
	# From its point of view all this is old, but the new epoch is not.
	client periph_audio_out
	counts audio0 accepted=170 lost=5 duplicate=60 stale=136 early=10 newest_epoch=2
	tell audio0 reset=1
	counts audio0 accepted=0 lost=0 duplicate=0 stale=0 early=0 newest_epoch=0
}

audio_in() {
	for epoch in 0 7 255; do
		tell audio0 "reset=1 epoch=$epoch"
		counts audio0 epoch=$epoch
		client periph_audio_in epoch=$epoch
		counts audio0 frames_out=2048 "frames_lost=$(noted missing)"
	done
	# A new one begins with frame 0 without any reset; what had come before is lost.
	tell audio0 epoch=1
	client periph_audio_in epoch=1
	counts audio0 frames_out=4096
	[ "$(of audio0 frames_lost)" -gt 0 ] || fail "$(cat $PERIPH/audio0)"
}

second_loopback() {
	modprobe dmasim_client only=slave_ loopback_tx="$(of loopback1 tx)" \
		loopback_rx="$(of loopback1 rx)" || fail "does not load"
	cat /sys/kernel/debug/dmasim_client/ktap > "$SCRATCH/ktap"
	rmmod dmasim_client
	grep -E '^not ok|# SKIP' "$SCRATCH/ktap" && fail "$(cat "$SCRATCH/ktap")"
	counts loopback0 bytes_in=0 bytes_out=0
	[ "$(of loopback1 bytes_out)" -gt 1000000 ] || fail "$(cat $PERIPH/loopback1)"
	tell loopback1 reset=1
	counts loopback1 bytes_in=0 bytes_out=0
}

in_context() {
	sim_load completion="$1"
	counter && checks && fails && stalls && sources && audio_out && audio_in
}

begin
need_of "every peripheral is there" all_there
case_of "nonsense is refused, and changes nothing" told_nonsense
case_of "rates and positions are knobs" knobs_arrive
case_of "counter: words in order, across transfers" counter
case_of "check: counts words, errors, and names the first" checks
case_of "fail: at its byte and with its result" fails
case_of "stall: until the transfer is terminated" stalls
case_of "stall: until it is released" released
case_of "source: its rate, and what it loses" sources
case_of "audio: accepted, lost, duplicate, stale" audio_out
case_of "audio: frames and epochs of the source" audio_in
case_of "loopback1 is another than loopback0" second_loopback
for context in $(contexts inline timer thread); do
	case_of "all of this in context $context" in_context $context
done
case_of "the modules unload" unload
finish
