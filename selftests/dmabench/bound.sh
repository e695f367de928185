#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Transfers with a peripheral that firmware describes and dmabench is bound to, see
# docs/bindings: DMABENCH_PERIPHERAL names it, as the file `peripherals` does. What
# comes and goes is verified as far as its endpoint allows.
#
# covers: dma_request_chan device_config device_prep_slave_sg device_prep_dma_cyclic

cd "$(dirname "$0")" || exit 1
. ./lib.sh

count=${DMABENCH_ITERATIONS:-64}

bound() {
	[ -n "$DMABENCH_PERIPHERAL" ] || skip "DMABENCH_PERIPHERAL is not set"
	have_module dmabench || skip "there is no module dmabench"
	[ -d "$ROOT" ] || modprobe dmabench || fail "dmabench does not load"
	grep "^$DMABENCH_PERIPHERAL endpoint=" $ROOT/peripherals > "$SCRATCH/peripheral" ||
		fail "not bound, these are: $(cat $ROOT/peripherals)"
	# The knobs that name a channel stay empty: the peripheral says which it is.
	echo "" "" > "$SCRATCH/provider"
}

# possible DIRECTION: skip what this peripheral cannot do
possible() {
	endpoint=$(sed -n 's/.* endpoint=\([^ ]*\) .*/\1/p' "$SCRATCH/peripheral")
	case $endpoint-$1 in
	loopback-tx | loopback-rx) skip "a loopback stands still with one way alone" ;;
	fifo-rx | fifo-duplex) skip "nobody knows whether anything comes" ;;
	esac
}

# through OP DIRECTION KNOB=VALUE...
through() {
	way=$2
	possible "$way"
	fresh bound op="$1" direction="$way" peripheral="$DMABENCH_PERIPHERAL" warmup=0 \
		iterations="$count"
	shift 2
	run_ok "$@"
	must result quarantined 0
	must result transfers "$count"
}

slave_sg() {
	through slave_sg "$@"
	must result verified "$count"
}

cyclic() {
	through cyclic "$1" size=1K
	[ "$way" != rx ] || [ "$endpoint" = fifo ] ||
		[ "$(value result cyclic.rx.verified)" -ge "$count" ] ||
		fail "only $(value result cyclic.rx.verified) periods were verified"
	if [ "$way" != tx ]; then
		must result cyclic.rx.lost_periods 0
		must result cyclic.rx.duplicate_periods 0
	fi
	[ "$way" = rx ] || [ "$(value result cyclic.tx.periods)" -gt 0 ] || fail "nothing was sent"
}

begin
need_of "the peripheral is bound" bound
for direction in tx rx duplex; do
	case_of "slave_sg $direction, one segment" slave_sg $direction size=1K
	case_of "slave_sg $direction, many segments" slave_sg $direction size=4K segments=9 \
		segments_min=2 layout=scattered
	case_of "slave_sg $direction, coherent memory" slave_sg $direction size=1K memory=coherent
	case_of "cyclic $direction" cyclic $direction
done
finish
