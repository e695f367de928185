#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# mode=control: random starts, pauses, resumes and terminates of transfers in
# flight, verified step by step: every operation that the channel can do, in every
# completion context of dmasim, with providers that lack controls, and with one
# that goes away. DMABENCH_STEPS is how many steps each operation makes, DMABENCH_OPS
# leaves all but these operations out.
#
# covers: dmaengine_pause dmaengine_resume dmaengine_terminate_async
# covers: dmaengine_terminate_sync dmaengine_synchronize device_pause device_resume
# covers: device_terminate_all device_synchronize

cd "$(dirname "$0")" || exit 1
. ./lib.sh

# An emulated machine is some ten times slower than User-Mode Linux.
if grep -q "User Mode Linux" /proc/cpuinfo; then
	steps=${DMABENCH_STEPS:-10000}
else
	steps=${DMABENCH_STEPS:-500}
fi
few=$((steps / 20 + 300))

# A transfer takes some milliseconds, and in many parts: steps find it half done,
# even where timers are no finer than a tick of 10 ms.
slow="latency_ns=20000 jitter_ns=30000 bandwidth=2M"

# counted WHAT: a number of the worker's
counted() {
	value result "worker.0.control.$1"
}

must_count() {
	must result "worker.0.control.$1" "$2"
}

# balanced: what the provider was given has come back, all of it
balanced() {
	[ -z "$DMABENCH_CHANNEL" ] || return 0
	if grep -vE ' prepared=0 submitted=0 issued=0 unacked=0 ' \
		"/sys/kernel/debug/dmasim/$device/state"; then
		fail "the provider still has descriptors"
	fi
	awk '{
		for (i = 2; i <= NF; i++) {
			split($i, pair, "=")
			n[pair[1]] = pair[2]
		}
		if (n["submitted"] != n["completed"] + n["terminated"] + n["aborted"] ||
		    n["descriptors"] != 0) {
			print
			bad = 1
		}
	} END { exit bad }' "/sys/kernel/debug/dmasim/$device/counters" ||
		fail "the provider's counters do not add up"
}

# peripheral: the knobs that operations with a peripheral need, if there is one
peripheral() {
	[ -z "$DMABENCH_CHANNEL" ] || return 0
	sed -n 's/^loopback0 .* tx=\([^ ]*\) rx=\([^ ]*\) .*/endpoint=loopback tx_addr=\1 rx_addr=\2/p' \
		"/sys/kernel/debug/dmasim/$device/peripherals"
}

# steps_ok KNOB=VALUE...: a run in which every check of every step must hold
steps_ok() {
	run_ok "$@"
	must result errors_control 0
	must result quarantined 0
	must_count moved_max 0
	[ -n "$DMABENCH_CHANNEL" ] || must_count ran_paused 0
	[ "$(counted steps)" -gt 0 ] || fail "no step was made"
	balanced
}

# happened WHAT...: each of these must have been seen
happened() {
	for what_happened in "$@"; do
		[ "$(counted "$what_happened")" -gt 0 ] || fail "$what_happened: none of $steps steps"
	done
}

# op NAME CONTEXT KNOB=VALUE...
op() {
	which=$1
	context=$2
	shift 2
	size=8K
	if [ -n "$DMABENCH_CHANNEL" ]; then
		provide
	elif [ "$context" = thread ]; then
		# It really works at the same time: no timer is needed.
		provide completion=thread channels=2
		size=128K
	else
		# shellcheck disable=SC2086
		provide completion="$context" channels=2 $slow
	fi
	# shellcheck disable=SC2046
	case $which in
	cyclic) fresh steps mode=control op=cyclic iterations="$steps" size=$size $(peripheral) ;;
	*)
		fresh steps mode=control op="$which" iterations="$steps" depth=6 size=$size \
			size_min=64 segments=5 layout=scattered $(peripheral)
		;;
	esac
	steps_ok "$@"
	must_count steps "$steps"
	# Some dozen steps, drawn anew each time, may do without one by chance, but not
	# again and again.
	for _ in 1 2 3 4; do
		[ "$(counted issue)" = 0 ] || break
		steps_ok "$@"
	done
	happened start issue
	# Of few steps it is a matter of luck what they come upon.
	[ "$steps" -ge 2000 ] || return 0
	[ -n "$DMABENCH_CHANNEL" ] ||
		happened pause resume terminate terminate_sync terminated quiet
	[ -n "$DMABENCH_CHANNEL" ] || [ "$which" = interrupt ] || must_count not_paused 0
	case $which in
	cyclic) ;;
	*) happened wait completed restarts ;;
	esac
}

# lacks WORDS: a provider that does not have these
lacks() {
	# shellcheck disable=SC2086
	provide channels=2 completion=softirq omit="$1" $slow
	# shellcheck disable=SC2046
	fresh lacking mode=control iterations="$few" depth=4 op="$2" $(peripheral)
}

no_pause() {
	lacks pause "$1"
	steps_ok
	must_count pause 0
	must_count resume 0
	happened terminate terminate_sync terminated
}

# A pause has only one way out then.
no_resume() {
	lacks resume "$1"
	steps_ok
	must_count resume 0
	happened pause terminate terminated completed
}

no_terminate() {
	lacks terminate "$1"
	steps_ok
	must_count terminate 0
	must_count terminate_sync 0
	must_count terminated 0
	happened pause resume completed
}

no_synchronize() {
	lacks synchronize "$1"
	steps_ok iterations=$((few / 2))
	happened terminate terminate_sync terminated
}

nothing_to_control() {
	lacks pause,terminate memcpy
	run_refused -95
	lacks resume,terminate memcpy
	run_refused -95
}

refusals() {
	provide
	fresh wrong mode=control iterations=10
	for knobs_refused in threads=2 verify=none verify=ends reuse=1 op=cpu_memcpy; do
		knobs threads=1 verify=full reuse=0 op=memcpy
		knobs "$knobs_refused"
		run_refused -22
	done
}

residues() {
	for granularity in descriptor segment; do
		# shellcheck disable=SC2086
		provide channels=2 completion=softirq granularity=$granularity max_segment=512 $slow
		fresh residues mode=control iterations="$few" depth=4
		steps_ok
		happened pause resume terminated completed
	done
}

few_descriptors() {
	# shellcheck disable=SC2086
	provide channels=1 completion=softirq queue_limit=3 $slow
	fresh starving mode=control iterations="$few" depth=8
	steps_ok
	happened put_off
}

polled() {
	# shellcheck disable=SC2086
	[ -n "$DMABENCH_CHANNEL" ] || provide channels=2 completion=softirq $slow
	[ -z "$DMABENCH_CHANNEL" ] || provide
	fresh polled mode=control iterations="$few" depth=4 wait=poll map=once
	steps_ok
	happened completed start
}

ended_by_the_user() {
	# shellcheck disable=SC2046
	fresh ended mode=control iterations=0 runtime_ms=60000 depth=4 op="$1" $(peripheral)
	for word in stop terminate; do
		start
		usleep 300000
		echo pause > $ROOT/ended/control
		usleep 100000
		echo resume > $ROOT/ended/control
		if [ $word = stop ]; then
			echo 0 > $ROOT/ended/run
		else
			echo terminate > $ROOT/ended/control
		fi
		wait_end
		must status state stopped
		must status errno -125
		must result quarantined 0
		balanced
	done
	steps_ok iterations="$few" runtime_ms=0
}

user() {
	# shellcheck disable=SC2086
	provide channels=2 completion="$2" $slow
	ended_by_the_user "$1"
}

unbound() {
	# shellcheck disable=SC2086
	provide channels=2 completion="$2" $slow
	driver=$(readlink -f "/sys/bus/platform/devices/$device/driver")
	[ -w "$driver/unbind" ] || skip "$device cannot be unbound"
	i=0
	while [ $i -lt 4 ]; do
		i=$((i + 1))
		# shellcheck disable=SC2046
		fresh unbound mode=control iterations=0 runtime_ms=60000 depth=6 op="$1" $(peripheral)
		start
		usleep $((i * 70000))
		echo "$device" > "$driver/unbind" || return 1
		wait_end
		must status state failed
		must status errno -19
		must result callbacks_extra 0
		must result quarantined 0
		echo "$device" > "$driver/bind" || return 1
		given
		channel=$(sed -n "s/ device=$device .*//p" $ROOT/channels | head -n 1)
		echo "$channel" "$device" > "$SCRATCH/provider"
	done
}

begin
need_of "there is a provider" provide
given 2> /dev/null
nr=0
for which_op in $(sed -n "s/^$channel can=\([^ ]*\) .*/\1/p" $ROOT/ops | tr , ' '); do
	nr=$((nr + 1))
	case " ${DMABENCH_OPS:-$which_op} " in
	*" $which_op "*) ;;
	*) continue ;;
	esac
	case $((nr % 4)) in
	0) context=inline ;;
	1) context=softirq ;;
	2) context=thread ;;
	3) context=timer ;;
	esac
	case $((nr % 3)) in
	0) knob=callback=result ;;
	1) knob=wait=irq ;;
	2) knob=wait=hybrid ;;
	esac
	if [ -n "$DMABENCH_CHANNEL" ] && grep -qE "^$which_op needs=(slave|cyclic)" $ROOT/ops; then
		continue
	fi
	case_of "$which_op in context $context" op "$which_op" $context $knob
done
case_of "completions are polled" polled
case_of "what makes no sense is refused" refusals
if [ -z "$DMABENCH_CHANNEL" ]; then
	case_of "memcpy of few bytes at odd places" op memcpy inline size=999 size_min=1 random_offset=33
	case_of "coarse residues" residues
	case_of "a provider with few descriptors" few_descriptors
	for what_op in memcpy slave_sg; do
		case_of "$what_op: a provider without pause" no_pause $what_op
		case_of "$what_op: a provider without resume" no_resume $what_op
		case_of "$what_op: a provider without terminate" no_terminate $what_op
		case_of "$what_op: a provider without synchronize" no_synchronize $what_op
	done
	case_of "a provider with nothing to control is refused" nothing_to_control
	case_of "memcpy is ended by the user" user memcpy softirq
	case_of "slave_sg is ended by the user" user slave_sg thread
	case_of "memcpy: the provider is unbound" unbound memcpy thread
	case_of "slave_sg: the provider is unbound" unbound slave_sg softirq
fi
finish
