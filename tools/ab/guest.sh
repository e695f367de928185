#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In a guest: a profile on the modules of several sides in turn, in this one boot.
#
#	guest.sh PROFILE ROUNDS SIDE...
#
# /ab/SIDE holds the modules of a side, and a file `params` with lines "MODULE KNOB=VALUE ...".
# AB_LOAD names the modules to load, in this order; those that no side has are loaded once.
# Every other round goes backwards (A B, B A, ...), so that what drifts favours nobody.
# Results are left as SIDE.ROUND.json in the working folder.

profile=$1
rounds=$2
shift 2
root=${AB_ROOT:-/ab}

backwards=
for side in "$@"; do
	backwards="$side $backwards"
done

own=
for module in $AB_LOAD; do
	if [ -f "$root/$1/$module.ko" ]; then
		own="$own $module"
		# What it needs of the kernel's own is loaded with the lab's copy of it, and stays.
		modprobe "$module" && rmmod "$module" || exit 1
	else
		modprobe "$module" || exit 1
	fi
done
mount -t configfs configfs /sys/kernel/config 2> /dev/null

# measure SIDE ROUND
measure() {
	loaded=
	for module in $own; do
		# shellcheck disable=SC2046
		insmod "$root/$1/$module.ko" $(sed -n "s/^$module //p" "$root/$1/params") || exit 1
		loaded="$module $loaded"
	done
	dmabench bench "$profile" --repeats 1 --quiet --json "$1.$2.json" > "$1.log" 2>&1
	status=$?
	# shellcheck disable=SC2086
	rmmod $loaded || exit 1
	# Runs that were skipped or failed are in the results; without any there are none.
	[ -s "$1.$2.json" ] && [ $status -le 1 ] && return
	echo "side $1, round $2: dmabench bench ended with $status"
	cat "$1.log"
	exit 1
}

round=0
while [ $round -lt "$rounds" ]; do
	if [ $((round % 2)) = 0 ]; then
		order=$*
	else
		order=$backwards
	fi
	for side in $order; do
		measure "$side" $round
	done
	round=$((round + 1))
done
