#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Readers of everything during a run, writers that are killed, many at once.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

# For SECONDS, read every readable file of the job again and again.
read_all() {
	end=$(($(date +%s) + $1))
	while [ "$(date +%s)" -lt $end ]; do
		for file in "$ROOT"/version "$ROOT"/features "$ROOT"/channels "$ROOT"/ops \
			"$ROOT"/knobs /sys/kernel/debug/dmaengine/summary \
			"$ROOT/$job"/[a-eg-z]* "$ROOT/$job"/hist/*; do
			[ -f "$file" ] || continue
			case $file in
			*/control | */finished) ;;
			*) cat "$file" > /dev/null || return 1 ;;
			esac
		done
	done
}

everything_is_read_during_a_run() {
	provide
	fresh read iterations=0 runtime_ms=4000 depth=16 threads=2
	start
	read_all 3 &
	first=$!
	read_all 3 &
	second=$!
	wait $first || fail "a file could not be read"
	wait $second || fail "a file could not be read"
	wait_end
	must status state "done"
	must result errors_data 0
}

killed_writers_do_no_harm() {
	provide
	fresh killed iterations=0 runtime_ms=60000 depth=256 size=64K memory_limit=1G
	i=0
	while [ $i -lt 10 ]; do
		i=$((i + 1))
		sh -c "echo 1 > $ROOT/killed/run" 2> /dev/null &
		writer=$!
		[ $((i % 2)) = 0 ] && usleep 20000
		kill -9 $writer 2> /dev/null
		wait $writer 2> /dev/null
		echo 0 > $ROOT/killed/run
	done
	run_ok iterations=20 runtime_ms=0 depth=1
}

killed_waiters_do_no_harm() {
	provide
	fresh killed iterations=0 runtime_ms=60000
	start
	cat $ROOT/killed/finished > /dev/null &
	waiter=$!
	usleep 100000
	kill -9 $waiter
	wait $waiter 2> /dev/null
	must status state running
	echo 0 > $ROOT/killed/run
	must status state stopped
}

# write_wildly NUMBER: start, stop, pause and configure in an order of its own
write_wildly() {
	i=0
	while [ $i -lt 40 ]; do
		i=$((i + 1))
		case $(((i + $1) % 5)) in
		0) echo depth="$1" batch=1 > $ROOT/many/config ;;
		1) echo 1 > $ROOT/many/run ;;
		2) echo pause > $ROOT/many/control ;;
		3) echo resume > $ROOT/many/control ;;
		4) echo 0 > $ROOT/many/run ;;
		esac
	done 2> /dev/null
}

# A paused run does not end by itself.
resume_always() {
	while :; do
		(echo resume > $ROOT/many/control) 2> /dev/null
		usleep 50000
	done
}

many_writers_at_once() {
	provide
	fresh many iterations=10
	resume_always &
	resumer=$!
	writers=
	for n in 1 2 3 4; do
		write_wildly $n &
		writers="$writers $!"
	done
	i=0
	while [ $i -lt 20 ]; do
		i=$((i + 1))
		echo many$i > $ROOT/new && echo many$i > $ROOT/del || return 1
	done
	# shellcheck disable=SC2086
	wait $writers
	kill $resumer
	wait $resumer 2> /dev/null
	echo 0 > $ROOT/many/run
	run_ok depth=1 batch=1 iterations=10
}

begin
case_of "every file is read during a run" everything_is_read_during_a_run
case_of "writers that are killed" killed_writers_do_no_harm
case_of "waiters that are killed" killed_waiters_do_no_harm
case_of "many writers at once" many_writers_at_once
finish
