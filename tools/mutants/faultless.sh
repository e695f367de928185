#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In a guest: the conformance suite on dmasim without any defect, in each timing
# profile, many times, shuffled. Prints KTAP; fails if any case fails.
#
#	faultless.sh [REPEATS] [PROFILE ...]


# shellcheck disable=SC1091,SC2154
. /kselftest/dmabench/lib.sh
# shellcheck disable=SC1091
. /kselftest/dmabench/conform.sh

repeats=${1:-20}
[ $# = 0 ] || shift
[ $# -gt 0 ] || set -- instant softirq timer thread random slow

faultless() {
	started=$(cut -d . -f 1 /proc/uptime)
	# shellcheck disable=SC2046
	provide $(profile "$1")
	fresh faultless
	# shellcheck disable=SC2046
	knobs mode=suite repeat="$repeats" shuffle=1 seed="${DMABENCH_SEED:-0}" $(loopback)
	# 64 KiB through its loopback take seconds where timers are as coarse as 10 ms.
	[ "$1" != slow ] || knobs timeout_ms=30000 case_timeout_ms=120000
	start
	wait_end
	grep -B 6 -E '^not ok|Bail' "$ROOT/$job/ktap"
	# What is skipped, and why, each reason once.
	sed -n 's/^ok [0-9]* \(.*\) # SKIP \(.*\)/\2 (\1)/p' "$ROOT/$job/ktap" |
		sort | uniq -c > "/tmp/$1.skips"
	echo "# $1: $repeats times in $(($(cut -d . -f 1 /proc/uptime) - started)) s:" \
		"$(sed -n 's/^# Totals: //p' "$ROOT/$job/ktap")" >> "$SCRATCH/told"
	sed 's/^/# skipped /' "/tmp/$1.skips" >> "$SCRATCH/told"
	must status errno 0
}

begin
for word in "$@"; do
	: > "$SCRATCH/told"
	case_of "$repeats times shuffled, $word" faultless "$word"
	cat "$SCRATCH/told"
done
finish
