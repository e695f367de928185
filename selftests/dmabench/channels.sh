#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What the files `channels` and `ops` tell of a provider is what it was made to be.
#
# covers: dma_get_slave_caps desc_metadata_modes min_burst max_burst src_addr_widths
# covers: dst_addr_widths descriptor_reuse dbg_summary_show

cd "$(dirname "$0")" || exit 1
. ./lib.sh

# shown FILE WORD...: the channel's line in FILE must hold every word
shown() {
	line=$(grep "^$channel " "$ROOT/$1")
	shift
	for word in "$@"; do
		case " $line " in
		*" $word "*) ;;
		*) fail "no $word in: $line" ;;
		esac
	done
}

limits() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs a dmasim of its own"
	provide align=16 max_segment=8K max_xor=5 max_pq=7 metadata_bytes=0 granularity=segment
	shown channels copy_align=16 xor_align=16 pq_align=16 fill_align=16 max_segment=8192 \
		max_xor=5 max_pq=7 metadata=none granularity=segment src_widths=1,2,3,4,8 \
		max_burst=256 reuse=1
	provide omit=reuse,slave,cyclic
	shown channels reuse=0 metadata=both max_xor=16
}

abilities() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs a dmasim of its own"
	provide omit=memset,xor_val
	line=$(grep "^$channel " $ROOT/ops)
	for word in memcpy interrupt xor; do
		echo "$line" | grep -qE "can=([^ ]*,)?$word(,| )" || fail "cannot do $word: $line"
	done
	for word in memset:memset xor_val:xor_val; do
		echo "$line" | grep -qE "cannot=([^ ]*,)?$word(,|\$)" || fail "no $word: $line"
	done
}

# Whoever writes a reader must find every key on the line of any provider.
keys() {
	provide
	for key in device driver state caps directions granularity copy_align max_segment pause \
		resume terminate synchronize node xor_align pq_align fill_align max_xor max_pq \
		boundary metadata src_widths dst_widths min_burst max_burst max_sg_burst reuse; do
		[ "$(grep "^$channel " $ROOT/channels | grep -o " $key=[^ ]" | wc -l)" = 1 ] ||
			fail "$key= does not stand once in the line of $channel"
	done
}

# The core's own list of who has which channel shows what the provider adds to it.
summary() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs a dmasim of its own"
	[ -r /sys/kernel/debug/dmaengine/summary ] || skip "this kernel has no summary"
	provide completion=thread
	fresh held iterations=0 runtime_ms=60000
	start
	seen=$(grep "$channel " /sys/kernel/debug/dmaengine/summary)
	echo 0 > "$ROOT/$job/run"
	case $seen in
	*"(thread, "*) ;;
	*) fail "the summary says: $seen" ;;
	esac
}

begin
need_of "there is a provider" provide
case_of "every key stands once" keys
case_of "limits are the provider's" limits
case_of "what a channel can do and what it lacks" abilities
case_of "the core's summary" summary
finish
