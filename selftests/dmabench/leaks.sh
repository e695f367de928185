#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Memory that nobody points to any more, once both modules have done some of all they can
# and are gone. Needs a kernel with kmemleak, and kmemleak=on on its command line.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

LEAKS=/sys/kernel/debug/kmemleak

watching() {
	[ -e $LEAKS ] || skip "this kernel has no kmemleak"
	# Nine planted leaks of nine were not found there.
	! grep -q "User Mode Linux" /proc/cpuinfo || skip "kmemleak is blind in user-mode Linux"
	(echo scan > $LEAKS) 2> /dev/null || skip "kmemleak is off, boot with kmemleak=on"
	echo clear > $LEAKS
}

# of_sim PERIPHERAL KEY
of_sim() {
	sed -n "s/^$1 .* $2=\([^ ]*\).*/\1/p" "/sys/kernel/debug/dmasim/$device/peripherals"
}

every_operation() {
	provide channels=4
	for op in $(sed -n 's/^\([a-z_]*\) needs=.*/\1/p' $ROOT/ops); do
		fresh leak op="$op" iterations=8 warmup=0 depth=4
		case $op in
		slave_sg | dma_vec)
			knobs direction=tx tx_addr="$(of_sim sink0 tx)"
			;;
		cyclic)
			knobs depth=1 direction=tx tx_addr="$(of_sim sink0 tx)"
			;;
		esac
		start
		wait_end
		must status state "done"
	done
}

every_mode() {
	provide channels=4
	fresh leak mode=control iterations=50 depth=4
	start
	wait_end
	must status state "done"
	fresh leak channel= mode=pcm op=cyclic peripheral=dmabench-audio.0 memory=coherent size=16K \
		period=4K iterations=8 restarts=2 direction=tx
	start
	wait_end
	must status state "done"
}

a_run_that_is_stopped() {
	provide latency_ns=1000000
	fresh leak iterations=0 runtime_ms=60000 depth=64 threads=2
	start
	usleep 100000
	echo 0 > $ROOT/leak/run
	must status state stopped
	echo leak > $ROOT/del
}

# An allocation counts as a leak at the age of five seconds, and when a second look at it
# finds it unchanged.
nothing_is_lost() {
	unload
	sleep 6
	echo scan > $LEAKS
	sleep 6
	echo scan > $LEAKS
	cat $LEAKS > "$SCRATCH/leaks" || fail "$LEAKS cannot be read"
	[ ! -s "$SCRATCH/leaks" ] || fail "$(cat "$SCRATCH/leaks")"
}

begin
need_of "kmemleak is watching" watching
case_of "every operation" every_operation
case_of "every mode" every_mode
case_of "a run that is stopped" a_run_that_is_stopped
case_of "nothing is lost" nothing_is_lost
finish
