#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The kernel's own test client on dmasim: every kind of transfer that dmatest
# knows, in every completion context, by interrupt and polled.
#
# covers: device_prep_dma_memcpy device_prep_dma_memset device_prep_dma_xor
# covers: device_prep_dma_pq dma_sync_wait dma_async_is_tx_complete
# covers: dmaengine_terminate_sync dma_maxpq dmaengine_get_unmap_data
# covers: dmaengine_unmap_put dmaengine_get_dma_device

cd "$(dirname "$0")" || exit 1
. ./lib.sh

ITERATIONS=20

# What dmatest has said since the run began.
said() {
	dmesg | sed "1,/$begun/d" | sed -n "s/.*dmatest: //p"
}

# started, ended: threads of the run
started() {
	said | awk '/^Started / { n += $2 } END { print n + 0 }'
}

ended() {
	said | grep -c ': summary '
}

# dmatest THREADS PARAMETER=VALUE...: a run of so many threads, without a failure
dmatest() {
	threads=$1
	shift
	[ ! -d /sys/module/dmatest ] || fail "dmatest is loaded already"
	begun="selftest $name $$ runs dmatest $(cut -d ' ' -f 1 /proc/uptime)"
	echo "<6>dmabench: $begun" > /dev/kmsg
	trap 'rmmod dmatest' EXIT
	# A host that is busy elsewhere delays transfers by seconds. Where debugging is
	# on, several lines for each transfer would push the summaries out of the log.
	modprobe dmatest device="$device" iterations=$ITERATIONS timeout=30000 dyndbg=-p "$@" ||
		fail "dmatest does not load with $*"
	# Not as a parameter of modprobe: that requests channels twice.
	echo 1 > /sys/module/dmatest/parameters/run || fail "dmatest does not run: $(said | tail -n 40)"
	[ "$(started)" = "$threads" ] || fail "not $threads threads: $(said | tail -n 40)"
	# `wait` does not wait for threads that have not run yet.
	rounds=0
	until [ "$(ended)" = "$threads" ]; do
		rounds=$((rounds + 1))
		[ $rounds -le 600 ] || fail "no end: $(said | tail -n 40)"
		cat /sys/module/dmatest/parameters/wait > /dev/null
		sleep 0.1
	done
	trap - EXIT
	rmmod dmatest || fail "dmatest does not unload"
	said | sed -n 's/.*: summary \([0-9]*\) tests, \([0-9]*\) failures.*/\1 \2/p' |
		awk -v threads="$threads" -v tests=$ITERATIONS '
			$1 == tests && $2 == 0 { good++ }
			END { exit good != threads }' || fail "$(said | tail -n 40)"
}

# others KIND: the kinds of dmatest but this one, for the parameter omit
others() {
	for kind in memcpy memset xor pq; do
		[ $kind = "$1" ] || printf '%s,' $kind
	done
}

# Number of the parameter dmatest: memset is tested instead of memcpy.
mode() {
	[ "$1" = memset ] && echo 1 || echo 0
}

have_dmatest() {
	have_module dmatest || skip "there is no module dmatest"
}

# Polled it terminates the channel after each transfer, so that threads which
# share one oops: a single kind, a single channel.
one_kind() {
	have_dmatest
	provide completion="$1" channels=2 omit="$(others "$2")"
	dmatest 8 dmatest="$(mode "$2")" threads_per_chan=4
	dmatest 1 dmatest="$(mode "$2")" polled=1 max_channels=1
}

all_kinds() {
	have_dmatest
	provide completion="$1" channels=2
	dmatest 24 threads_per_chan=4
	dmatest 24 threads_per_chan=4 dmatest=1
}

begin
for context in $(contexts inline softirq timer thread); do
	for kind_of_case in memcpy memset xor pq; do
		case_of "dmatest's $kind_of_case in context $context" one_kind $context $kind_of_case
	done
	case_of "all of dmatest in context $context" all_kinds $context
done
finish
