#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Metadata that go along with transfers.
#
# covers: dmaengine_desc_attach_metadata dmaengine_desc_get_metadata_ptr
# covers: dmaengine_desc_set_metadata_len dmaengine_is_metadata_mode_supported

cd "$(dirname "$0")" || exit 1
. ./lib.sh

count=${DMABENCH_ITERATIONS:-500}
SIM=/sys/kernel/debug/dmasim/dmasim.0

# nope ERRNO KNOB=VALUE...: these knobs must be refused
nope() {
	wanted=$1
	shift
	fresh nope "$@"
	run_refused "$wanted"
}

verified() {
	run_ok "$@"
	must result transfers "$count"
	must result verified "$count"
}

loopback() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs a peripheral of dmasim"
	sed -n 's/.* kind=loopback tx=\([^ ]*\) rx=\([^ ]*\) .*/tx_addr=\1 rx_addr=\2/p' \
		$SIM/peripherals | head -n 1
}

# metadata MODE BYTES
metadata() {
	given
	fresh meta metadata="$1" metadata_bytes="$2" iterations="$count" warmup=0 depth=8
	start
	wait_end
	[ "$(value status errno)" != -95 ] || skip "$(value status reason)"
	verified
	[ "$1" = engine ] || verified wait=poll
	verified wait=irq callback=result
	run_ok verify=ends
}

# metadata_arrive MODE CONTEXT
metadata_arrive() {
	provide completion="$2" channels=2
	addresses=$(loopback) || skip "$addresses"
	# shellcheck disable=SC2086
	fresh meta op=slave_sg endpoint=loopback $addresses metadata="$1" depth=8 size=512 \
		segments=3 iterations="$count" warmup=0
	verified
	verified depth=1 metadata_bytes=64
	verified depth=4 metadata_bytes=8 size=8K
}

metadata_refused() {
	provide
	nope -22 metadata=client reuse=1 map=once
	nope -22 metadata=client mode=control
	nope -22 metadata=engine wait=poll
	provide metadata_bytes=0
	nope -95 metadata=client
	nope -95 metadata=engine
	provide metadata_bytes=16
	fresh meta metadata=client metadata_bytes=17
	start
	wait_end
	must status state failed
	must status errno -74
	value status reason | grep -q "metadata were refused" || fail "$(value status reason)"
}

begin
need_of "there is a provider" provide
for m in client engine; do
	case_of "metadata=$m, of 16 bytes" metadata $m 16
	case_of "metadata=$m, of 1 byte" metadata $m 1
done
if [ -z "$DMABENCH_CHANNEL" ]; then
	for m in client engine; do
		for context in $(contexts inline softirq thread); do
			case_of "metadata=$m arrive, context $context" metadata_arrive $m $context
		done
	done
	case_of "metadata where there are none" metadata_refused
fi
finish
