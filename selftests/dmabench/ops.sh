#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every operation that the module has and the channel can do, verified: in every
# completion context of dmasim, aligned and unaligned, with few and many sources,
# or on the channel that DMABENCH_CHANNEL names.
#
# covers: device_prep_dma_memcpy device_prep_dma_memset device_prep_dma_xor
# covers: device_prep_dma_xor_val device_prep_dma_pq device_prep_dma_pq_val
# covers: device_prep_dma_interrupt dmaengine_prep_dma_memset max_xor dma_maxpq

cd "$(dirname "$0")" || exit 1
. ./lib.sh

count=${DMABENCH_ITERATIONS:-500}

verified() {
	run_ok "$@"
	must result transfers "$count"
	must result verified "$count"
}

# capable OP: skip if the channel lacks what the operation needs
capable() {
	needs=$(sed -n "s/^$1 needs=\([^ ]*\) .*/\1/p" $ROOT/ops)
	[ -n "$needs" ] || fail "there is no operation $1"
	[ "$needs" = none ] ||
		grep -qE "^$channel .* caps=([^ ]*,)?$needs(,| )" $ROOT/channels ||
		skip "$channel lacks $needs"
}

# op NAME CONTEXT
op() {
	[ "$1" != cyclic ] || skip "cyclic.sh tests it"
	if [ -n "$2" ]; then
		provide completion="$2" channels=1
	else
		provide
	fi
	capable "$1"
	fresh op op="$1" iterations="$count" warmup=0 depth=16 batch=4 size=4K
	verified
	verified wait=poll map=once
	[ -z "$DMABENCH_CHANNEL" ] || return 0
	verified wait=irq size=3333 size_min=1 random_offset=99
	case $1 in
	xor* | pq*)
		verified sources=1
		verified sources=2
		verified sources=16 map=transfer
		knobs sources=17
		run_refused -95
		;;
	esac
	case $1 in
	pq*)
		verified pq=p sources=5
		verified pq=q
		;;
	esac
}

begin
if [ -n "$DMABENCH_CHANNEL" ]; then
	contexts=""
	need_of "there is a provider" provide
else
	contexts="inline softirq timer thread"
	need_of "there is a provider" provide channels=1
fi
while read -r name_of_op _; do
	if [ -z "$contexts" ]; then
		case_of "$name_of_op" op "$name_of_op" ""
	fi
	for context in $contexts; do
		case_of "$name_of_op in context $context" op "$name_of_op" "$context"
	done
done <<EOF
$(cat $ROOT/ops)
EOF
finish
