# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# Sourced by init and by lab-push: how records reach the host.
#
# A record is a line of words, and for a file its bytes and a line end after it. It starts
# with a key that the host draws for each run, so that no file can be taken for a record.
# Only one process may write at a time; busybox has no flock, a folder serves as the lock.

# shellcheck source=/dev/null
. /lab/config

lab_lock() {
	until mkdir /lab/lock 2>/dev/null; do
		usleep 20000
	done
}

lab_unlock() {
	rmdir /lab/lock
}

# lab_line WORD...: send a record that is a line
lab_line() {
	lab_lock
	echo "$LAB_KEY $*" > "$LAB_DATA"
	lab_unlock
}

# lab_file KIND FILE [NAME]: send a file with its size and sum
lab_file() {
	lab_size=$(wc -c < "$2") || return 1
	lab_sum=$(sha256sum < "$2") || return 1
	lab_lock
	{
		echo "$LAB_KEY $1 $lab_size ${lab_sum%% *} $3"
		cat "$2"
		echo
	} > "$LAB_DATA"
	lab_unlock
}
