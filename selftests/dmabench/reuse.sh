#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Descriptors that are prepared once and submitted again and again.
#
# covers: dmaengine_desc_set_reuse dmaengine_desc_free dma_get_slave_caps

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

has() {
	for o in "$@"; do
		grep -qE "^$channel can=([^ ]*,)?$o(,| )" $ROOT/ops || skip "$channel lacks $o"
	done
}

prepared() {
	seen=$(value result prepares)
	[ "$seen" = "$1" ] || fail "$seen descriptors were prepared, expected $1"
}

reuses() {
	given
	fresh reuse reuse=1 map=once iterations="$count" warmup=0 depth=4 size_min=64 \
		align=64 random_offset=1024
	start
	wait_end
	[ "$(value status errno)" != -95 ] || skip "$(value status reason)"
	[ -n "$(value result prepares)" ] || fail "result does not tell prepares"
	verified callback=result
	prepared 4
	verified callback=plain wait=hybrid verify=full
	prepared 4
	verified map=transfer memory=coherent threads=1
	prepared 4
	run_ok threads=2 verify=ends
	prepared 8
	run_ok threads=1 reuse=0
	prepared "$(value result transfers_all)"
}

reuses_operations() {
	given
	for o in memset memset_sg xor pq_val interrupt interleaved; do
		(has $o) || continue
		fresh reuse op=$o reuse=1 iterations="$count" warmup=0 depth=4 memory=coherent \
			segments=4
		start
		wait_end
		must status state "done"
		prepared 4
		must result verified "$count"
	done
}

# The provider takes back what was in line, and what was not.
reuses_until_terminated() {
	provide channels=1 latency_ns=50M
	fresh reuse reuse=1 map=once iterations=0 runtime_ms=60000 warmup=0 depth=8
	start
	echo terminate > $ROOT/reuse/control
	wait_end
	must status state stopped
	run_ok iterations=4 runtime_ms=0
	provide channels=1
	fresh reuse reuse=1 map=once
	run_ok
	prepared 1
	seen=$(sed -n 's/.* prepared=\([0-9]*\) .*/\1/p' $SIM/state | head -n 1)
	[ "$seen" = 0 ] || fail "dmasim has $seen prepared descriptors: $(cat $SIM/state)"
}

reuse_refused() {
	nope -22 reuse=1
	nope -22 reuse=1 map=once wait=poll
	[ -z "$DMABENCH_CHANNEL" ] || return 0
	provide omit=reuse
	nope -95 reuse=1 map=once
	fresh nope
	run_ok
}

begin
need_of "there is a provider" provide
case_of "descriptors are used again" reuses
case_of "descriptors of other operations are used again" reuses_operations
case_of "reuse where it cannot be" reuse_refused
[ -n "$DMABENCH_CHANNEL" ] ||
	case_of "descriptors that are used again, until terminated" reuses_until_terminated
finish
