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

# loop: knobs of a job that sends to the loopback pair and receives from it
loop() {
	sed -n 's/^loopback0 .* tx=\([^ ]*\) rx=\([^ ]*\) .*/endpoint=loopback tx_addr=\1 rx_addr=\2/p' \
		"$SIM/$device/peripherals"
	sed -n "s/^\([^ ]*\) device=$device .*/rx_channel=\1/p" $ROOT/channels | sed -n 2p
}

# noticed DEFECT KNOB=VALUE...: not only by the cases of the suite; the run says what it saw
noticed() {
	given
	# shellcheck disable=SC2046
	fresh noticed timeout_ms=1000 $(loop)
	defect=$1
	shift
	knobs "$@"
	plant "$defect"
	start
	wait_end
	plant none
	must status state failed
	[ -n "$(value status reason)" ] || fail "no reason"
	value status reason
	echo noticed > $ROOT/del
	fresh whole op=memcpy size=1001 depth=4
	run_ok iterations=100
}

# noticed_in_flight DEFECT KNOB=VALUE...: the same, where each transfer is under way for a
# while, so that what strikes only then does not depend on how fast the machine is
noticed_in_flight() {
	provide latency_ns=300000
	noticed "$@"
	provide
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
case_of "mode=control notices that a pause loses data" noticed_in_flight pause_loses_data \
	mode=control op=slave_sg iterations=500 size=32K depth=4
case_of "mode=control notices a callback of what was terminated" noticed_in_flight \
	cb_after_terminate mode=control iterations=500 size=64K depth=4
case_of "op=slave_sg notices that bytes are missing" noticed len_off_by_one op=slave_sg \
	size=4100 segments=3 iterations=20
case_of "op=cyclic notices an end" noticed cyclic_one_period_stops op=cyclic size=4K period=4K \
	iterations=40
for defect in $(sed 's/ .*//' $SIM/defects); do
	case $defect in
	caps_lie_*) continue ;;
	esac
	case_of "the device is whole after $defect" survived "$defect"
done
finish
