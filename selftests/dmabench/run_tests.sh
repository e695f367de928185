#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Runs the tests where the kernel's own runner is not at hand, on a board or in an
# initramfs with nothing but busybox, and prints what that runner would print.
#
#	run_tests.sh [TEST.sh ...]

cd "$(dirname "$0")" || exit 1

if [ $# = 0 ]; then
	# The Makefile holds the list and its order.
	# shellcheck disable=SC2046
	set -- $(sed -n 's/^TEST_PROGS [:+]= //p' Makefile)
fi

number=0
failed=0
skipped=0
echo "KTAP version 1"
echo "1..$#"
for test in "$@"; do
	number=$((number + 1))
	echo "# selftests: dmabench: $test"
	{ sh "./$test"; echo $? > /tmp/dmabench-status.$$; } 2>&1 |
		while IFS= read -r line; do echo "# $line"; done
	read -r status < /tmp/dmabench-status.$$
	rm -f /tmp/dmabench-status.$$
	case $status in
	0) echo "ok $number selftests: dmabench: $test" ;;
	4)
		skipped=$((skipped + 1))
		echo "ok $number selftests: dmabench: $test # SKIP"
		;;
	*)
		failed=$((failed + 1))
		echo "not ok $number selftests: dmabench: $test # exit=$status"
		;;
	esac
done
echo "# Totals: pass:$((number - failed - skipped)) fail:$failed skip:$skipped"
[ $failed = 0 ]
