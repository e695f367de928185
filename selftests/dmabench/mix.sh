#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Jobs whose transfers are of several operations.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

count=${DMABENCH_ITERATIONS:-500}
ALL=memcpy:3,memset:2,memset_sg:2,xor,xor_val:2,pq,pq_val,interleaved:4,interrupt

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

mixes() {
	given
	has memcpy memset memset_sg xor xor_val pq pq_val interleaved interrupt
	fresh mix mix=$ALL iterations="$count" warmup=0 depth=16 batch=4 size_min=1 segments=5
	verified
	verified wait=poll size=3333 random_offset=50 layout=scattered
	verified wait=irq memory=coherent
	verified memory=streaming mix=memcpy:1,memset:1,xor:1 map=once
}

# Far enough from the weights that chance alone never gets there.
weights_count() {
	given
	has memcpy interrupt
	fresh mix iterations=2000 warmup=0 depth=16 size=64 seed=1
	run_ok mix=memcpy:3,interrupt:1
	copied=$(($(value result bytes) / 64))
	[ $copied -gt 1350 ] && [ $copied -lt 1650 ] || fail "$copied of 2000 are memcpy"
	run_ok mix=memcpy:1,interrupt:3
	copied=$(($(value result bytes) / 64))
	[ $copied -gt 350 ] && [ $copied -lt 650 ] || fail "$copied of 2000 are memcpy"
}

mixes_side_by_side() {
	provide channels=3
	rest=$(sed -n "s/ device=$device .*//p" $ROOT/channels)
	for c in $rest; do
		fresh "mix-$c" channel="$c" mix=$ALL iterations="$count" depth=8 segments=3
	done
	for c in $rest; do
		job=mix-$c
		start
	done
	for c in $rest; do
		job=mix-$c
		wait_end
		must status state "done"
		must result transfers "$count"
	done
}

mixes_refused() {
	given
	for mix in mamcpy memcpy:0 memcpy:-1 memcpy:99999 memcpy: memcpy:x memcpy,memcpy :1 "," \
		"memcpy," memcpy:1:1 cpu_memcpy,memcpy memcpy,slave_sg slave_sg,dma_vec; do
		nope -22 mix="$mix" tx_addr=1 rx_addr=1
	done
	nope -22 mix=memcpy,memset_sg map=once
	nope -22 mix=memcpy,memset_sg memory=pages
}

begin
need_of "there is a provider" provide
case_of "operations mixed" mixes
case_of "weights of a mix" weights_count
case_of "mixes that are refused" mixes_refused
[ -n "$DMABENCH_CHANNEL" ] || case_of "jobs that mix, side by side" mixes_side_by_side
finish
