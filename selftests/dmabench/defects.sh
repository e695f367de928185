#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The defects that can be planted in dmasim: what their file takes, that the device is
# whole before and after each of them, and that some of them strike.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

SIM=/sys/kernel/debug/dmasim

plant() {
	echo "$1" > "$SIM/$device/defect" || fail "$1 was refused"
}

hits() {
	sed 's/.* hits=//' "$SIM/$device/defect"
}

file_takes() {
	have_module dmasim || skip "there is no module dmasim"
	provide
	file=$SIM/$device/defect
	[ "$(cat "$file")" = none ] || fail "$(cat "$file")"
	plant "cb_twice every=3"
	refused "$EINVAL" "$file" "cb_thrice"
	refused "$EINVAL" "$file" "every=3"
	refused "$EINVAL" "$file" "none every="
	refused "$EINVAL" "$file" "none cb_twice"
	refused "$ERANGE" "$file" "none every=0"
	refused "$ERANGE" "$file" "none every=4G"
	refused "not supported" "$file" "caps_lie_pause"
	# Whole or not at all.
	[ "$(cat "$file")" = "cb_twice every=3 hits=0" ] || fail "$(cat "$file")"
	plant none
	[ "$(cat "$file")" = none ] || fail "$(cat "$file")"
}

# struck DEFECT: memcpy goes on whatever happens, and goes well afterwards
struck() {
	given
	fresh struck op=memcpy size=1001 depth=4 iterations=40
	plant "$1 every=2"
	start
	wait_end
	[ "$(hits)" -gt 0 ] || fail "$1 has not struck: $(cat "$SIM/$device/defect")"
	[ "$(value result errors_data)" -gt 0 ] || fail "$1 is not to be seen"
	plant none
	fresh whole op=memcpy size=1001 depth=4
	run_ok iterations=100
}

# survived DEFECT: whatever it does, the device is whole afterwards
survived() {
	given
	fresh survived op=memcpy size=1001 depth=4 iterations=20 timeout_ms=200
	plant "$1 every=5"
	if (echo 1 > "$ROOT/$job/run") 2> /dev/null; then
		wait_end
	fi
	plant none
	fresh whole op=memcpy size=1001 depth=4
	run_ok iterations=100
	# Nothing of it keeps the modules from going.
	unload
	provide
}

begin
need_of "the file defect takes what is right" file_takes
for defect in len_off_by_one tail_dropped addr_32bit; do
	case_of "$defect strikes" struck $defect
done
for defect in $(sed 's/ .*//' $SIM/defects); do
	case $defect in
	caps_lie_*) continue ;;
	esac
	case_of "the device is whole after $defect" survived "$defect"
done
finish
