#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# dmasim by a client in the kernel: slave, cyclic, pause, residue, terminate and
# the like, in every completion context. The cases are those of the test module
# dmasim_client.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

peripheral() {
	sed -n "s/^$1 .*$2=\([^ ]*\).*/\1/p" "/sys/kernel/debug/dmasim/$device/peripherals"
}

client_in() {
	have_module dmasim_client || skip "there is no module dmasim_client"
	# Alignments other than 1 have a case of their own.
	align=1
	[ "$1" != softirq ] || align=16
	provide completion="$1" channels=4 align=$align
	rmmod dmabench
	modprobe dmasim_client device="$device" loopback_tx="$(peripheral loopback0 tx)" \
		loopback_rx="$(peripheral loopback0 rx)" sink="$(peripheral sink0 tx)" ||
		fail "dmasim_client does not load"
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
		title=$(echo "${rest#ok }" | cut -d ' ' -f 2-)
		case "$verdict $title" in
		not*) failed=$((failed + 1)) verdict="not ok" ;;
		*SKIP*) skipped=$((skipped + 1)) ;;
		*) passed=$((passed + 1)) ;;
		esac
		echo "$verdict $number $1: $title"
	done < "$SCRATCH/ktap"
}

begin
for context in inline softirq timer thread; do
	: > "$SCRATCH/ktap"
	case_of "the client runs in context $context" client_in $context
	adopt $context
done
finish
