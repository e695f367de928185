#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every operation that the module has and the channel can do, verified: in every
# completion context of dmasim, in each direction, aligned and unaligned, in one
# segment and in many, or on the channel that DMABENCH_CHANNEL names.
#
# covers: device_prep_dma_memcpy device_prep_dma_memset device_prep_dma_memset_sg
# covers: device_prep_dma_xor device_prep_dma_xor_val device_prep_dma_pq
# covers: device_prep_dma_pq_val device_prep_dma_interrupt device_prep_interleaved_dma
# covers: device_prep_slave_sg device_prep_peripheral_dma_vec dmaengine_slave_config
# covers: dmaengine_prep_dma_memset max_xor dma_maxpq

cd "$(dirname "$0")" || exit 1
. ./lib.sh

count=${DMABENCH_ITERATIONS:-32}
SIM=/sys/kernel/debug/dmasim/dmasim.0

# all_right: the run ended well, and every transfer was checked
#
# There are some hundred cases: what is right is found right by one process.
all_right() {
	right=$(grep -cxE "state: done|errno: 0|errors_data: 0|callbacks_extra: 0|transfers: $count|verified: $count" \
		"$ROOT/$job/result")
	[ "$right" != 6 ] || return 0
	must status state "done"
	must status errno 0
	must result errors_data 0
	must result callbacks_extra 0
	must result transfers "$count"
	must result verified "$count"
}

verified() {
	knobs "$@"
	start
	wait_end
	all_right
}

# look: what there is to test, looked up once for many cases
look() {
	can=$(sed -n "s/^$channel can=\([^ ]*\) .*/,\1,/p" $ROOT/ops)
	peripherals=
	[ -n "$DMABENCH_CHANNEL" ] || peripherals=$(sed 's/$/ /' $SIM/peripherals)
}

# capable OP: skip if the channel lacks what the operation needs
capable() {
	case $can in
	*,"$1",*) return ;;
	esac
	lacks=$(sed -n "s/^$channel .*[=,]$1:\([^, ]*\).*/\1/p" $ROOT/ops)
	case $lacks in
	"") grep -q "^$1 needs=none " $ROOT/ops || fail "there is no operation $1" ;;
	kernel*) skip "$1 needs $lacks" ;;
	*) skip "$channel lacks $lacks" ;;
	esac
}

# of_sim KIND KEY: sets addr to the value of a key of dmasim's peripheral of that kind
of_sim() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs a peripheral of dmasim"
	case $peripherals in
	*" kind=$1 "*"$2="*) ;;
	*) skip "dmasim has no peripheral of kind $1" ;;
	esac
	addr=${peripherals#* kind="$1" }
	addr=${addr#*"$2="}
	addr=${addr%% *}
}

# shape ALIGNED SEGMENTS: sizes and places of the job
shape() {
	case $1 in
	aligned) knobs size=4K ;;
	unaligned) knobs size=3333 size_min=1 random_offset=99 ;;
	esac
	case $2 in
	one) knobs segments=1 ;;
	many) knobs segments=9 segments_min=2 layout=scattered ;;
	esac
}

# memory_op NAME ALIGNED SEGMENTS
memory_op() {
	given
	capable "$1"
	fresh op op="$1" iterations="$count" warmup=0 depth=8 batch=8
	shape "$2" "$3"
	verified
}

# small_pieces: as many as there can be, one behind the other
small_pieces() {
	given
	capable memset_sg
	fresh op op=memset_sg iterations="$count" warmup=0 depth=8 batch=8 size=600 size_min=1 \
		segments=9 segments_min=9 layout=packed
	verified
}

# peripheral_job JOB NAME DIRECTION ALIGNED SEGMENTS
peripheral_job() {
	given
	capable "$2"
	fresh "$1" op="$2" iterations="$count" warmup=0 depth=8 batch=8 direction="$3"
	shape "$4" "$5"
	[ "$4" = aligned ] || knobs width=1
}

# to_peripheral NAME ALIGNED SEGMENTS
to_peripheral() {
	of_sim sink tx
	peripheral_job op "$1" tx "$2" "$3"
	verified tx_addr="$addr"
}

# What is received comes from another job, on another channel.
from_peripheral() {
	of_sim loopback tx
	tx=$addr
	of_sim loopback rx
	rx=$addr
	peripheral_job op "$1" rx "$2" "$3"
	knobs rx_addr="$rx" seed=7
	start
	peripheral_job feeder "$1" tx "$2" "$3"
	knobs channel= device="$device" tx_addr="$tx" seed=7
	start
	for job in feeder op; do
		wait_end
		all_right
	done
}

# both_ways NAME ALIGNED SEGMENTS KNOB=VALUE...
both_ways() {
	of_sim loopback tx
	tx=$addr
	of_sim loopback rx
	rx=$addr
	peripheral_job op "$1" duplex "$2" "$3"
	shift 3
	verified endpoint=loopback tx_addr="$tx" rx_addr="$rx" "$@"
}

in_memory() {
	given
	capable "$1"
	fresh op op="$1" iterations="$count" warmup=0 depth=8 batch=8
	verified wait=poll map=once
	verified wait=irq memory=coherent map=transfer
}

# sg_memory NAME KIND
sg_memory() {
	given
	capable "$1"
	fresh op op="$1" iterations="$count" warmup=0 depth=8 size=10000 memory="$2" \
		segments=9 layout=scattered
	verified
}

numbers_of_sources() {
	given
	capable "$1"
	fresh op op="$1" iterations="$count" warmup=0 depth=8
	verified sources=1
	verified sources=2
	verified sources=16
	case $1 in
	pq*)
		verified pq=p sources=5
		verified pq=q
		;;
	esac
	knobs sources=17
	run_refused -95
}

a_word() {
	given
	capable slave_sg
	fresh op op=slave_sg endpoint=word direction="$1" iterations="$count" warmup=0
	# dmasim has none to give, however long one waits.
	[ -n "$DMABENCH_CHANNEL" ] || knobs timeout_ms=200
	start
	wait_end
	case $(value result errors_prep) in
	0) ;;
	*) skip "$channel takes no word of memory as a peripheral" ;;
	esac
	must status state "done"
	must result verified "$count"
}

# counts DIRECTION KIND REGISTER
counts() {
	of_sim "$2" "$3"
	peripheral_job op slave_sg "$1" aligned many
	verified endpoint=counter "${3}_addr=$addr"
}

needs_an_address() {
	given
	for op in slave_sg dma_vec; do
		(capable "$op") || continue
		fresh op op="$op"
		run_refused -89
		knobs endpoint=word threads=2
		run_refused -22
	done
}

memory_ops() {
	sed -n 's/^\([a-z_]*\) needs=.*/\1/p' $ROOT/ops | grep -vxE 'slave_sg|dma_vec|cyclic'
}

# matrix CONTEXT: the cases of one context; words of their names are arguments
matrix() {
	for o in $(memory_ops); do
		segments=one
		case $o in
		memset_sg | interleaved) segments="one many" ;;
		esac
		for s in $segments; do
			for a in aligned ${DMABENCH_CHANNEL:-unaligned}; do
				[ "$a" != "$DMABENCH_CHANNEL" ] || continue
				case_of "$o, context $1, $a, $s" memory_op "$o" $a "$s"
			done
		done
	done
	[ -z "$DMABENCH_CHANNEL" ] || return 0
	for o in slave_sg dma_vec; do
		for a in aligned unaligned; do
			for s in one many; do
				case_of "$o tx, context $1, $a, $s" to_peripheral $o $a $s
				case_of "$o rx, context $1, $a, $s" from_peripheral $o $a $s
				case_of "$o duplex, context $1, $a, $s" both_ways $o $a $s
			done
		done
	done
}

begin
if [ -n "$DMABENCH_CHANNEL" ]; then
	need_of "there is a provider" provide
	read -r channel device < "$SCRATCH/provider"
	look
	matrix any
else
	for context in inline timer thread softirq; do
		need_of "there is a provider, context $context" \
			provide completion=$context channels=2 sink_rate=1G
		read -r channel device < "$SCRATCH/provider"
		look
		matrix $context
	done
fi
for o in $(memory_ops); do
	case $o in
	# The one takes no coherent memory, the other maps for each transfer.
	memset_sg | cpu_memcpy_mapped) ;;
	*) case_of "$o, polled and mapped once, and in coherent memory" in_memory "$o" ;;
	esac
	case $o in
	xor* | pq*) case_of "$o of one source to too many" numbers_of_sources "$o" ;;
	esac
done
case_of "memset_sg, short pieces that touch" small_pieces
for m in pages coherent; do
	case_of "memset_sg, memory=$m" sg_memory memset_sg $m
	for o in slave_sg dma_vec; do
		case_of "$o duplex, memory=$m" both_ways $o aligned many memory=$m
	done
done
case_of "slave_sg tx, endpoint=word" a_word tx
case_of "slave_sg rx, endpoint=word" a_word rx
case_of "slave_sg rx, endpoint=counter" counts rx counter rx
case_of "slave_sg tx, endpoint=counter" counts tx check tx
case_of "a peripheral must be named" needs_an_address
finish
