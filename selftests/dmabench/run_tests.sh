#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the tests where the kernel's own runner is not at hand, on a board or in an
# initramfs with nothing but busybox, and prints what that runner would print.
#
#	run_tests.sh [TEST.sh ...]
#
# As there, a program may take as many seconds as ./settings says, or as the variable
# kselftest_override_timeout; 0 is for ever. What takes longer is ended, and the others go on.

cd "$(dirname "$0")" || exit 1

if [ $# = 0 ]; then
	# The Makefile holds the list and its order.
	# shellcheck disable=SC2046
	set -- $(sed -n 's/^TEST_PROGS [:+]= //p' Makefile)
fi

limit=${kselftest_override_timeout:-$(sed -n 's/^timeout=//p' settings)}
late=/tmp/dmabench-late.$$
# What ends a program must reach all that it has started.
if ! command -v setsid > /dev/null || [ "$limit" = 0 ]; then
	limit=
fi

# end SIGNAL LEADER: a session, or who is about to open it
end() {
	kill "-$1" "$2" "-$2" 2> /dev/null
}

# run TEST.sh: as a program of its own, for no longer than the limit
run() {
	if [ -z "$limit" ]; then
		sh "./$1"
		return
	fi
	setsid sh "./$1" &
	program=$!
	setsid sh -c "sleep $limit; : > $late; kill -TERM -$program; sleep 10; kill -KILL -$program" \
		> /dev/null 2>&1 &
	watchdog=$!
	trap 'end TERM "$program"; end KILL "$watchdog"; exit 130' INT TERM HUP
	wait "$program"
	status=$?
	# Unless it is at it: it may still have somebody to kill.
	[ -e "$late" ] || end KILL "$watchdog"
	wait "$watchdog" 2> /dev/null
	return $status
}

number=0
failed=0
skipped=0
echo "KTAP version 1"
echo "1..$#"
for test in "$@"; do
	number=$((number + 1))
	echo "# selftests: dmabench: $test"
	rm -f "$late"
	{ run "$test"; echo $? > /tmp/dmabench-status.$$; } 2>&1 |
		while IFS= read -r line; do echo "# $line"; done
	read -r status < /tmp/dmabench-status.$$
	rm -f /tmp/dmabench-status.$$
	[ ! -e "$late" ] || status=late
	rm -f "$late"
	case $status in
	0) echo "ok $number selftests: dmabench: $test" ;;
	4)
		skipped=$((skipped + 1))
		echo "ok $number selftests: dmabench: $test # SKIP"
		;;
	late)
		failed=$((failed + 1))
		echo "not ok $number selftests: dmabench: $test # TIMEOUT $limit seconds"
		;;
	*)
		failed=$((failed + 1))
		echo "not ok $number selftests: dmabench: $test # exit=$status"
		;;
	esac
done
echo "# Totals: pass:$((number - failed - skipped)) fail:$failed skip:$skipped"
[ $failed = 0 ]
