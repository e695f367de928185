#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The ready shapes of dmasim come up, offer what they say and lack the rest.
#
# DMABENCH_SHAPES names their folder.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

CONFIG=/sys/kernel/config/dmasim
SHAPES=${DMABENCH_SHAPES:-/usr/share/dmabench/dmasim}
for folder in ../../configs/dmasim /usr/local/share/dmabench/dmasim; do
	[ -d "$SHAPES" ] || SHAPES=$folder
done

loads() {
	[ ! -d $CONFIG ] || find $CONFIG -mindepth 1 -maxdepth 1 -exec rmdir {} +
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	have_module dmasim || skip "there is no module dmasim"
	[ -d "$SHAPES" ] || skip "DMABENCH_SHAPES names no folder"
	unload
	modprobe dmasim instances=0 || fail "dmasim does not load"
	grep -q ' /sys/kernel/config ' /proc/mounts ||
		mount -t configfs configfs /sys/kernel/config || skip "configfs cannot be mounted"
	[ -d $CONFIG ] || skip "dmasim was built without configfs"
	modprobe dmabench
}

# shape NAME: make a device of this shape
shape() {
	item=$CONFIG/$1
	[ ! -d "$item" ] || rmdir "$item"
	mkdir "$item" || fail "cannot be made"
	grep -v '^#' "$SHAPES/$1.conf" > "$SCRATCH/$1"
	while IFS='=' read -r knob setting; do
		[ -z "$knob" ] || echo "$setting" > "$item/$knob" || fail "$knob=$setting is refused"
	done < "$SCRATCH/$1"
	echo 1 > "$item/live" || fail "does not come up"
	device=$(cat "$item/device")
	channel=$(head -n 1 "$item/channel_names")
	echo "$channel" "$device" > "$SCRATCH/provider"
}

# looks CHANNELS KEY=VALUE...: so many channels, and each of these is told of them
looks() {
	[ "$(wc -l < "$item/channel_names")" = "$1" ] || fail "not $1 channels"
	shift
	line=$(grep "^$channel " $ROOT/channels)
	for pair in "$@"; do
		echo "$line" | grep -qE " $pair( |$)" || fail "not $pair: $line"
	done
}

# caps WORD...: what it offers, in alphabetical order; private ones are what all are, and
# async_tx is the kernel's own conclusion from the others
caps() {
	seen=$(sed -n "s/^$channel .* caps=\([^ ]*\).*/\1/p" $ROOT/channels | tr ',' '\n' |
		grep -vx -e private -e async_tx | sort | tr '\n' ' ')
	[ "$seen" = "$* " ] || fail "offers $seen, not $*"
}

# works OP KNOB=VALUE...: a run that must end well
works() {
	op=$1
	shift
	fresh "shape-$op" op="$op"
	run_ok iterations=50 "$@"
}

lacks() {
	for op in "$@"; do
		grep -q "^$op " $ROOT/ops || continue
		grep -qE "^$channel .* cannot=([^ ]*,)?$op:" $ROOT/ops || fail "$op is not told to be missing"
		# Whatever the addresses are, nothing comes of it.
		fresh lacking op="$op" size=4K tx_addr=4096 rx_addr=4096
		run_refused -95
	done
}

gone() {
	rmdir "$item" || fail "cannot be removed"
	[ ! -e "/sys/bus/platform/devices/$device" ] || fail "$device is still there"
}

pl330() {
	shape pl330
	caps cyclic memcpy slave
	looks 8 pause=1 resume=0 terminate=1 synchronize=0 \
		directions=mem_to_dev,dev_to_mem granularity=burst max_segment=1900800 copy_align=1
	works memcpy size=4000 depth=4
	lacks memset xor xor_val pq pq_val interrupt
	gone
}

memcpy() {
	shape memcpy
	caps memcpy
	looks 16 pause=0 resume=0 terminate=1 synchronize=1 directions=none
	works memcpy size=64K depth=16 channel= device="$device" max_channels=0
	lacks memset xor xor_val pq pq_val interrupt slave_sg cyclic
	gone
}

audio() {
	shape audio
	caps cyclic slave
	looks 4 pause=1 resume=1 terminate=1 synchronize=1 \
		directions=mem_to_dev,dev_to_mem granularity=burst max_segment=65536
	lacks memcpy memset xor xor_val pq pq_val interrupt
	gone
}

raid() {
	shape raid
	caps interrupt memcpy pq pq_val xor xor_val
	looks 4 pause=0 resume=0 terminate=0 synchronize=0 \
		directions=none copy_align=64 max_segment=1048576
	works memcpy depth=4
	works interrupt
	for op in xor xor_val pq pq_val; do
		works $op sources=8
		fresh many op=$op sources=9
		run_refused -95
	done
	lacks memset slave_sg cyclic
	gone
}

awkward() {
	shape awkward
	caps memcpy slave
	looks 1 pause=0 resume=0 terminate=0 synchronize=0 \
		granularity=descriptor copy_align=256 max_segment=4096
	works memcpy size=64K depth=3
	fresh unaligned src_offset=1
	run_refused -22
	lacks memset xor xor_val pq pq_val interrupt cyclic
	gone
}

each_has_a_case() {
	for file in "$SHAPES"/*.conf; do
		file=${file##*/}
		grep -q "^case_of .* ${file%.conf}\$" "$0" || fail "${file%.conf} has no case here"
	done
}

unloads() {
	[ ! -d $CONFIG ] || find $CONFIG -mindepth 1 -maxdepth 1 -exec rmdir {} +
	unload
}

begin
need_of "the modules load" loads
case_of "pl330: memory and peripherals, pause without resume" pl330
case_of "memcpy: copies and does nothing else" memcpy
case_of "audio: peripherals and rings, all controls" audio
case_of "raid: sums of many sources, nothing can be stopped" raid
case_of "awkward: what a client may not rely on is not there" awkward
case_of "each shape has a case" each_has_a_case
case_of "the modules unload" unloads
finish
