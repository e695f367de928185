#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Devices that users make in configfs: knobs, refusals, life and end.

cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./sim.sh

ENXIO="No such device or address"

# make_item NAME KNOB=VALUE...: a folder, with knobs, not live
make_item() {
	item=$CONFIG/$1
	mkdir "$item" || fail "$item cannot be made"
	shift
	for setting in "$@"; do
		echo "${setting#*=}" > "$item/${setting%%=*}" || fail "$item: $setting is refused"
	done
}

# make_live NAME KNOB=VALUE...: the same, and live
make_live() {
	make_item "$@"
	echo 1 > "$item/live" || fail "$item does not come up"
	device=$(cat "$item/device")
	channel=$(head -n 1 "$item/channel_names")
}

# reads FILE VALUE
reads() {
	seen=$(cat "$1")
	[ "$seen" = "$2" ] || fail "$1 is '$seen', not '$2'"
}

# errno_of WORDS COMMAND...: the command must fail with this errno
errno_of() {
	words=$1
	shift
	error=$( ("$@") 2>&1) && fail "'$*' was not refused"
	echo "$error" | grep -qE "$words" || fail "'$*': expected '$words', seen '$error'"
}

one_device_or_none() {
	sim_load instances=0
	[ ! -e /sys/bus/platform/devices/dmasim.0 ] || fail "there is a dmasim.0"
	unload
	sim_load instances=1
	[ -e $SIM/dmasim.0/config ] || fail "there is no dmasim.0"
	unload
	modprobe dmasim instances=2 2> /dev/null && fail "instances=2 was taken"
	sim_load instances=0
}

# A new folder says what a device is of which nothing is said.
has_every_knob() {
	make_item preset
	while read -r knob preset rest; do
		reads "$item/$knob" "${preset#preset=}"
	done < $SIM/knobs
	reads "$item/live" 0
	reads "$item/channel_names" ""
	reads "$item/device" dmasim.1
	[ ! -e /sys/bus/platform/devices/dmasim.1 ] || fail "it is there before it is live"
	rmdir "$item"
}

refuses_bad_values() {
	make_item bad channels=3 omit=slave
	dmesg | grep -c dmasim: > "$SCRATCH/lines"
	for value in "" x 4x 0x -1 "1 2" 4KK 0.5 K "$(head -c 2000 /dev/zero | tr '\0' 7)"; do
		refused "$EINVAL" "$item/channels" "$value"
	done
	for value in 0 65 4G 18446744073709551615 18446744073709551616 20000000000G; do
		refused "$ERANGE" "$item/channels" "$value"
	done
	refused "$EINVAL" "$item/align" 3
	refused "$EINVAL" "$item/completion" ""
	refused "$EINVAL" "$item/completion" hardirq
	refused "$EINVAL" "$item/completion" "softirq thread"
	refused "$EINVAL" "$item/omit" memcpy,nonsense
	refused "$EINVAL" "$item/omit" "memcpy slave"
	refused "$EINVAL" "$item/live" on
	refused "$EINVAL" "$item/live" ""
	refused "$ERANGE" "$item/live" 2
	refused "$EINVAL|$ERANGE" "$item/live" -1
	refused "denied|$EINVAL|I/O error" "$item/device" dmasim.9
	printf '5\0' > "$item/channels" 2> /dev/null && fail "channels took a NUL"
	printf '1\0' > "$item/live" 2> /dev/null && fail "live took a NUL"
	reads "$item/channels" 3
	reads "$item/omit" slave
	reads "$item/completion" softirq
	reads "$item/live" 0
	[ "$(dmesg | grep -c dmasim:)" = "$(cat "$SCRATCH/lines")" ] ||
		fail "it was logged: $(dmesg | tail -n 3)"
	rmdir "$item"
}

is_constant_while_live() {
	remove_all
	make_live constant channels=3 align=8 omit=xor,slave seed=9 max_segment=0x1000
	while read -r knob rest; do
		refused "$EBUSY" "$item/$knob" "$(cat "$item/$knob")"
		grep -qx "$knob=$(cat "$item/$knob")" "$SIM/$device/config" ||
			fail "the device has another $knob"
	done < $SIM/knobs
	reads "$item/live" 1
	[ "$(wc -l < "$item/channel_names")" = 3 ] || fail "channels: $(cat "$item/channel_names")"
	while read -r name; do
		grep -q "^$name device=$device .* copy_align=8 " $ROOT/channels || fail "no $name"
	done < "$item/channel_names"
	grep "device=$device " $ROOT/channels | grep -qE 'caps=([a-z_]*,)*(slave|xor)[, ]' &&
		fail "it offers what it should not"
	# To say what is so already is no error.
	echo 1 > "$item/live" || fail "live again is refused"
	reads "$item/device" "$device"
	echo 0 > "$item/live" || fail "cannot be taken down"
	[ ! -e "/sys/bus/platform/devices/$device" ] || fail "$device is still there"
	reads "$item/channel_names" ""
	echo 0 > "$item/live" || fail "taking down again is refused"
	echo 2 > "$item/channels" || fail "channels cannot be changed afterwards"
	echo 1 > "$item/live" || fail "does not come up again"
	[ "$(wc -l < "$item/channel_names")" = 2 ] || fail "channels: $(cat "$item/channel_names")"
	rmdir "$item"
	[ ! -e "/sys/bus/platform/devices/$device" ] || fail "$device outlives its folder"
}

# transfers NAME: copy something on the device under test
transfers() {
	echo "$channel" "$device" > "$SCRATCH/provider"
	fresh "$1"
	run_ok iterations=200 size=4K
}

many_at_once() {
	remove_all
	n=0
	while [ $n -lt 24 ]; do
		n=$((n + 1))
		make_live "many$n" channels=$((n % 4 + 1)) completion=thread align=$((1 << n % 4))
		echo "$device" >> "$SCRATCH/devices"
	done
	[ "$(sort -u "$SCRATCH/devices" | wc -l)" = 24 ] || fail "names are not unique"
	for n in 1 7 24; do
		item=$CONFIG/many$n
		device=$(cat "$item/device")
		channel=$(tail -n 1 "$item/channel_names")
		grep -q "^$channel .* copy_align=$((1 << n % 4)) " $ROOT/channels || fail "$channel"
		transfers "on-many$n"
	done
	# One in the middle goes and comes with another shape, the others stay.
	rmdir $CONFIG/many12
	make_live many12 channels=9
	transfers on-many12
	n=0
	while [ $n -lt 24 ]; do
		n=$((n + 1))
		rmdir $CONFIG/many$n || fail "many$n cannot be removed"
	done
	[ -z "$(ls -d /sys/bus/platform/devices/dmasim.* 2> /dev/null)" ] || fail "some are left"
}

pins_the_module() {
	make_item pin
	(rmmod dmasim) 2> /dev/null && fail "was unloaded under a folder"
	rmdir "$item"
}

# A client runs transfers all the while.
goes_while_in_use() {
	make_live other channels=1
	other_channel=$channel
	other_device=$device
	i=0
	while [ $i -lt 5 ]; do
		i=$((i + 1))
		make_live used channels=2 completion="$1"
		echo "$channel" "$device" > "$SCRATCH/provider"
		fresh used iterations=0 runtime_ms=60000 depth=16 size=16K
		start
		if [ "$2" = rmdir ]; then
			rmdir "$item" || fail "cannot be removed"
		else
			echo 0 > "$item/live" || fail "cannot be taken down"
			reads "$item/live" 0
			# While the client has not let go of the old one, perhaps.
			echo 1 > "$item/live" || fail "does not come up again"
			rmdir "$item"
		fi
		wait_end
		must status state failed
		must status errno -19
	done
	channel=$other_channel
	device=$other_device
	transfers bystander
	rmdir $CONFIG/other
}

# A channel is held, but nothing runs on it.
goes_while_held() {
	make_live held channels=1 latency_ns=60G
	echo "$channel" "$device" > "$SCRATCH/provider"
	fresh held iterations=1 timeout_ms=600000
	start
	rmdir "$item" || fail "cannot be removed"
	wait_end
	must status errno -19
}

# Files of a folder that is gone.
goes_while_open() {
	make_live open channels=1
	exec 3> "$item/live" 4< "$item/channels" 5> "$item/channels"
	rmdir "$item" || fail "cannot be removed"
	{ echo 1 >&3; } 2> /dev/null && fail "a folder that is gone came to life"
	{ echo 1 >&5; } 2> /dev/null && fail "a folder that is gone takes knobs"
	cat <&4 > /dev/null 2>&1 && fail "a folder that is gone can be read"
	exec 3>&- 4<&- 5>&-
	[ ! -e "/sys/bus/platform/devices/$device" ] || fail "$device is back"
}

goes_while_unbound() {
	make_live unbound channels=2
	driver=$(readlink -f "/sys/bus/platform/devices/$device/driver")
	echo "$device" > "$driver/unbind" || return 1
	reads "$item/live" 1
	reads "$item/channel_names" ""
	refused "$EBUSY" "$item/channels" 3
	echo "$device" > "$driver/bind" || return 1
	channel=$(head -n 1 "$item/channel_names")
	transfers rebound
	echo "$device" > "$driver/unbind" || return 1
	rmdir "$item" || fail "cannot be removed"
}

fails_without_a_driver() {
	make_item alone
	echo 0 > /sys/bus/platform/drivers_autoprobe
	errno_of "$ENXIO" sh -c "echo 1 > $item/live"
	echo 1 > /sys/bus/platform/drivers_autoprobe
	reads "$item/live" 0
	echo 1 > "$item/live" || fail "does not come up afterwards"
	rmdir "$item"
}

# Two writers of `live` and one that removes the folder.
raced() {
	remove_all
	i=0
	while [ $i -lt 30 ]; do
		i=$((i + 1))
		make_item "raced$i" channels=2
		for value in 1 0; do
			while [ -d "$item" ]; do
				(echo $value > "$item/live") 2> /dev/null
			done &
		done
		usleep 10000
		rmdir "$item" || fail "cannot be removed"
		wait
	done
	[ -z "$(ls -d /sys/bus/platform/devices/dmasim.* 2> /dev/null)" ] || fail "some are left"
}

unloads_afterwards() {
	remove_all
	unload
}

begin
need_of "the parameters make one device or none" one_device_or_none
case_of "a new folder has every knob at its preset" has_every_knob
case_of "malformed values are refused and not logged" refuses_bad_values
case_of "nothing can be changed while it is live" is_constant_while_live
case_of "24 devices of different shapes" many_at_once
case_of "a folder pins the module" pins_the_module
for context in $(contexts inline softirq timer thread); do
	case_of "removed in use, context $context" goes_while_in_use $context rmdir
done
case_of "taken down in use" goes_while_in_use softirq live
case_of "removed while a transfer waits" goes_while_held
case_of "removed while its files are open" goes_while_open
case_of "removed while it is unbound" goes_while_unbound
case_of "does not come up without a driver" fails_without_a_driver
case_of "removed while others write live" raced
case_of "the modules unload afterwards" unloads_afterwards
finish
