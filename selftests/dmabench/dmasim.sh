#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dmasim by a client in the kernel: slave, cyclic, pause, residue, terminate and
# the like, in every completion context. The cases are those of the test module
# dmasim_client. DMABENCH_EFFORT is how many of their rounds are made, in percent.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

effort=${DMABENCH_EFFORT:-100}
# To use up all descriptors takes as many transfers as there are.
few=
[ "$effort" = 100 ] || few=queue_limit=1K

peripheral() {
	sed -n "s/^$1 .*$2=\([^ ]*\).*/\1/p" "/sys/kernel/debug/dmasim/$device/peripherals"
}

client_in() {
	have_module dmasim_client || skip "there is no module dmasim_client"
	# Alignments other than 1 have a case of their own.
	align=1
	[ "$1" != softirq ] || align=16
	# shellcheck disable=SC2086
	provide completion="$1" channels=4 align=$align $few
	rmmod dmabench
	modprobe dmasim_client device="$device" loopback_tx="$(peripheral loopback0 tx)" \
		loopback_rx="$(peripheral loopback0 rx)" sink="$(peripheral sink0 tx)" \
		effort="$effort" || fail "dmasim_client does not load"
	cat /sys/kernel/debug/dmasim_client/ktap > "$SCRATCH/ktap" || fail "no results"
	rmmod dmasim_client || fail "dmasim_client does not unload"
	grep -q '^1\.\.[1-9]' "$SCRATCH/ktap" || fail "no plan: $(cat "$SCRATCH/ktap")"
}

# adopt CONTEXT: the module's cases become ours
adopt() {
	while read -r verdict rest; do
		case "$verdict $rest" in
		"ok "[0-9]* | "not ok "[0-9]*) ;;
		"# "*)
			echo "$verdict $rest"
			continue
			;;
		*) continue ;;
		esac
		number=$((number + 1))
		# Without a process: there are some hundred cases.
		title=${rest#ok }
		title=${title#* }
		case "$verdict $title" in
		not*) failed=$((failed + 1)) verdict="not ok" ;;
		*SKIP*) skipped=$((skipped + 1)) ;;
		*) passed=$((passed + 1)) ;;
		esac
		echo "$verdict $number $1: $title"
	done < "$SCRATCH/ktap"
}

fault() {
	echo "$1" > "/sys/kernel/debug/dmasim/$device/fault"
}

# struck CONTEXT FAULT EVERY AT: the client, while transfers fail
struck() {
	have_module dmasim_client || skip "there is no module dmasim_client"
	provide completion="$1"
	rmmod dmabench
	fault "fault=$2 fault_every=$3 fault_at=$4" || fail "the fault was refused"
	modprobe dmasim_client device="$device" only=fault_ sink="$(peripheral sink0 tx)" \
		fault="$2" fault_every="$3" fault_at="$4" || fail "dmasim_client does not load"
	cat /sys/kernel/debug/dmasim_client/ktap > "$SCRATCH/ktap" || fail "no results"
	rmmod dmasim_client || fail "dmasim_client does not unload"
	grep -q '^1\.\.[1-9]' "$SCRATCH/ktap" || fail "no plan: $(cat "$SCRATCH/ktap")"
	fault fault=none || fail "the fault cannot be taken away"
}

# shaped WORD PARAMETER...: the cases of this name, with dmasim so shaped
shaped() {
	have_module dmasim_client || skip "there is no module dmasim_client"
	word=$1
	shift
	provide channels=4 "$@"
	rmmod dmabench
	modprobe dmasim_client device="$device" only="$word" effort="$effort" \
		loopback_tx="$(peripheral loopback0 tx)" \
		loopback_rx="$(peripheral loopback0 rx)" sink="$(peripheral sink0 tx)" ||
		fail "dmasim_client does not load"
	cat /sys/kernel/debug/dmasim_client/ktap > "$SCRATCH/ktap" || fail "no results"
	rmmod dmasim_client || fail "dmasim_client does not unload"
	grep -q '^1\.\.[1-9]' "$SCRATCH/ktap" || fail "no plan: $(cat "$SCRATCH/ktap")"
	grep -q SKIP "$SCRATCH/ktap" && fail "skipped: $(cat "$SCRATCH/ktap")"
	return 0
}

fault_file() {
	have_module dmasim || skip "there is no module dmasim"
	provide
	file=/sys/kernel/debug/dmasim/$device/fault
	[ "$(tr '\n' ' ' < "$file")" = "fault=none fault_every=1 fault_at=0 " ] || fail "$(cat "$file")"
	fault "fault_at=0x1K fault=short" || fail "was refused"
	[ "$(tr '\n' ' ' < "$file")" = "fault=short fault_every=1 fault_at=1024 " ] || fail "$(cat "$file")"
	refused "Invalid argument" "$file" "fault_at=1 fault=long"
	refused "Invalid argument" "$file" "fault"
	refused "Invalid argument" "$file" "fault_at="
	refused "Invalid argument" "$file" "faults=none"
	refused "out of range|result not representable" "$file" "fault_every=0"
	# One more than fits into 64 bits is 1 to those who do not look.
	refused "$ERANGE" "$file" "fault_every=18446744073709551617"
	printf 'fault=none\0' > "$file" 2> /dev/null && fail "it took a NUL"
	printf 'fault=none' | dd of="$file" bs=1 seek=1 2> /dev/null && fail "it took half a text"
	refused "out of range|result not representable" "$file" "fault_at=4G"
	# Whole or not at all.
	[ "$(tr '\n' ' ' < "$file")" = "fault=short fault_every=1 fault_at=1024 " ] || fail "$(cat "$file")"
}

# counted KEY: of the first channel that has moved anything
counted() {
	sed -n "/ bytes=0 /d; s/.* $1=\([0-9]*\).*/\1/p" "/sys/kernel/debug/dmasim/$device/counters" |
		head -n 1
}

# slowed PERCENT: as the module itself counts, nothing is timed here
slowed() {
	have_module dmasim || skip "there is no module dmasim"
	provide channels=1 slowdown="$1"
	fresh slowed op=memcpy size=64K depth=4
	run_ok iterations=64 runtime_ms=0 verify=full
	busy=$(counted slow_busy_ns)
	wasted=$(counted slow_wasted_ns)
	[ -n "$busy" ] && [ -n "$wasted" ] || fail "$(cat "/sys/kernel/debug/dmasim/$device/counters")"
	if [ "$1" = 0 ]; then
		[ "$busy $wasted" = "0 0" ] || fail "moving was timed: $busy ns, $wasted ns"
		return 0
	fi
	[ "$busy" -gt 0 ] || fail "nothing was timed"
	# What is owed at the end, and the readings of the clock, are left.
	[ "$wasted" -ge $((busy / 100 * $1 / 2)) ] || fail "$wasted ns were added to $busy ns"
}

begin
case_of "without slowdown, moving is not timed" slowed 0
case_of "with slowdown, moving takes longer, and is right" slowed 1000
case_of "the file fault takes what is right" fault_file
for context in $(contexts inline softirq timer thread); do
	: > "$SCRATCH/ktap"
	case_of "the client runs in context $context" client_in $context
	adopt $context
done
for shape in "no_order no_order=1 completion=softirq" "no_order no_order=1 completion=thread seed=7" \
	"shape_public public=1" "shape_alternate directions=alternate" \
	"shape_limits boundary=8K widths=2,4 max_burst=8 granularity=segment"; do
	: > "$SCRATCH/ktap"
	# shellcheck disable=SC2086
	case_of "the client runs with $shape" shaped $shape
	adopt "$shape"
done
for fault in "read 1 0" "write 3 1000" "abort 2 4096" "short 4 5000"; do
	for context in $(contexts inline thread); do
		: > "$SCRATCH/ktap"
		# shellcheck disable=SC2086
		case_of "the client runs in context $context with fault $fault" struck $context $fault
		adopt "$context, $fault"
	done
done
finish
