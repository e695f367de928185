#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# All conformance cases on dmasim in other shapes than its own: what they skip, refuse or
# do otherwise there is right, too. DMABENCH_SHAPES names the shapes; of "unordered" some
# cases still ask what it does not tell.

cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./conform.sh

SHAPES=${DMABENCH_SHAPES:-slow coarse bare unstoppable counter}

# shape NAME: the parameters of dmasim
shape() {
	case $1 in
	slow) echo "completion=thread latency_ns=2000000 bandwidth=16000000" ;;
	coarse) echo "granularity=segment metadata_bytes=0 align=64 widths=4 max_burst=4" ;;
	bare) echo "granularity=descriptor omit=pause,resume,reuse,repeat,interrupt" ;;
	unstoppable) echo "omit=terminate,synchronize" ;;
	unordered) echo "no_order=1" ;;
	small) echo "queue_limit=24 max_segment=256 directions=alternate" ;;
	counter) echo "completion=softirq" ;;
	*) fail "$1: no such shape" ;;
	esac
}

# peripheral_of SHAPE: what is at the other end
peripheral_of() {
	if [ "$1" = counter ]; then
		sed -n 's/^counter0 .* rx=\([^ ]*\) .*/endpoint=counter direction=rx rx_addr=\1/p' \
			"/sys/kernel/debug/dmasim/$device/peripherals"
	else
		loopback
	fi
}

on_shape() {
	# shellcheck disable=SC2046
	provide $(shape "$1")
	fresh shaped
	# shellcheck disable=SC2046
	run_group "$1" mode=suite shuffle=1 seed="${DMABENCH_SEED:-0}" $(peripheral_of "$1")
}

needs_dmasim() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs dmasim"
	have_module dmasim || skip "there is no module dmasim"
}

begin
need_of "dmasim is there" needs_dmasim
for word in $SHAPES; do
	conform_case "all cases, shape $word" on_shape "$word"
done
finish
