#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The command on the real module: run as root where dmabench and a provider that
# can copy are loaded. Needs busybox only; prints KTAP.
#
# usage: guest.sh DMABENCH [FOLDER]
#
# The results files stay in FOLDER (default: a new one under /tmp), where they
# can be checked against the schema afterwards.

dmabench=${1:?usage: guest.sh DMABENCH [FOLDER]}
out=${2:-$(mktemp -d)}
root=/sys/kernel/debug/dmabench
number=0
failed=0

if ! [ -r $root/version ]; then
	echo "1..0 # SKIP the module dmabench is not loaded"
	exit 4
fi
if ! "$dmabench" list | grep -q '^dma.* free .*memcpy'; then
	echo "1..0 # SKIP there is no free channel that can copy"
	exit 4
fi

# ok NAME CODE COMMAND...: run it; it must exit with CODE. What it prints is kept.
ok() {
	name=$1
	code=$2
	shift 2
	"$@" >"$out/stdout" 2>"$out/stderr"
	verdict "$name" $? "$code"
}

# verdict NAME GOT WANTED
verdict() {
	number=$((number + 1))
	if [ "$2" = "$3" ]; then
		echo "ok $number $1"
		return
	fi
	echo "not ok $number $1"
	echo "# got $2, expected $3"
	sed 's/^/# /' "$out/stdout" "$out/stderr"
	failed=$((failed + 1))
}

# says NAME TEXT: the last command has said it
says() {
	cat "$out/stdout" "$out/stderr" | grep -qF -- "$2"
	verdict "$1" $? 0
}

# holds NAME FILE TEXT: a results file holds it
holds() {
	grep -qF -- "$3" "$out/$2"
	verdict "$1" $? 0
}

jobs_left() {
	set -- "$root"/bench-*
	[ -d "$1" ] && echo $# || echo 0
}

# wait_running: until some job of the command runs
wait_running() {
	tries=0
	until grep -q '^state: running' $root/bench-*/status 2>/dev/null; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] || return 1
		sleep 0.1
	done
}

channel=$("$dmabench" list | sed -n 's/^\(dma[^ ]*\) .* free .*memcpy.*/\1/p' | head -n 1)

echo "KTAP version 1"

ok "version knows the module" 0 "$dmabench" version
says "version says the module's" "interface 1"
ok "list" 0 "$dmabench" list
says "list has the operation memcpy" "memcpy"
ok "list --json" 0 "$dmabench" list --json
ok "one point" 0 "$dmabench" bench --json "$out/point.json"
holds "one point: done" point.json '"state":"done"'
ok "random sizes and offsets, all verified" 0 "$dmabench" bench --json "$out/random.json" \
	iterations=4096 size=16K size_min=1 random_offset=64 depth=8
holds "random sizes: all transfers were measured" random.json '"transfers":4096'
ok "a sweep on one channel, every way to wait" 0 "$dmabench" bench --json "$out/sweep.json" \
	--channel "$channel" size=64..64K*32 wait=irq,poll,hybrid iterations=200 --repeats 2
holds "a sweep: its last run" sweep.json '"id":17'
ok "the CPU baseline" 0 "$dmabench" bench --json "$out/cpu.json" op=cpu_memcpy
ok "no such channel: skipped" 4 "$dmabench" bench --json "$out/nodev.json" --channel dma99chan99
holds "no such channel: ENODEV" nodev.json '"error":"ENODEV"'
ok "more memory than allowed: skipped" 4 "$dmabench" bench --json "$out/nobufs.json" \
	memory_limit=1M size=1M depth=4
holds "more memory than allowed: ENOBUFS" nobufs.json '"error":"ENOBUFS"'
ok "knobs that contradict each other" 2 "$dmabench" bench batch=8 depth=4
ok "a value out of bounds" 2 "$dmabench" bench depth=1025
says "a value out of bounds: its bounds" "1 to 1024"
ok "an unknown operation" 2 "$dmabench" bench op=memcopy
says "an unknown operation: those that exist" "cpu_memcpy"

echo 'size=128' >$root/default/config
before=$(cat $root/default/config)
ok "a borrowed job" 0 "$dmabench" bench --job default depth=4 --json "$out/borrowed.json"
holds "a borrowed job: its knobs are the base" borrowed.json '"size":128'
verdict "a borrowed job gets its knobs back" "$(cat $root/default/config)" "$before"
echo 'size=4096' >$root/default/config

"$dmabench" bench --channel "$channel" iterations=0 runtime_ms=60000 --json "$out/int.json" \
	>"$out/int.out" 2>&1 &
pid=$!
wait_running
verdict "a run goes on" $? 0
ok "a channel in use: skipped" 4 "$dmabench" bench --channel "$channel" --json "$out/busy.json"
holds "a channel in use: EBUSY" busy.json '"error":"EBUSY"'
ok "stat during a run" 0 "$dmabench" stat
kill -TERM $pid
wait $pid
verdict "SIGTERM ends a run" $? 1
holds "SIGTERM: what was measured is kept" int.json '"state":"stopped"'
verdict "SIGTERM: no job is left" "$(jobs_left)" 0

"$dmabench" bench --channel "$channel" iterations=0 runtime_ms=60000 >/dev/null 2>&1 &
pid=$!
wait_running
kill -KILL $pid
wait $pid 2>/dev/null
verdict "SIGKILL leaves the job behind" "$(jobs_left)" 1
ok "the next start removes it" 0 "$dmabench" bench --channel "$channel"
verdict "no job is left" "$(jobs_left)" 0

simulated=/sys/kernel/config/dmasim
if [ -d $simulated ]; then
	ok "sim add" 0 "$dmabench" sim add sim-a memcpy channels=3
	says "sim add names the channels" "chan2"
	verdict "sim add: the shape" "$(cat $simulated/sim-a/granularity)" descriptor
	verdict "sim add: the command line comes on top" "$(cat $simulated/sim-a/channels)" 3
	device=$(cat $simulated/sim-a/device)
	ok "a run on it" 0 "$dmabench" bench device="$device" iterations=100
	ok "sim list" 0 "$dmabench" sim list
	says "sim list has it" "$device"
	says "sim list has the shapes" "pl330"
	ok "sim add: the name is taken" 2 "$dmabench" sim add sim-a
	ok "sim add: a value out of bounds" 2 "$dmabench" sim add sim-b raid channels=65
	says "sim add: its bounds" "channels=65: out of bounds (min=1 max=64)"
	ok "sim add: an unknown word" 2 "$dmabench" sim add sim-b completion=soft
	says "sim add: those that exist" "softirq,timer"
	ok "sim add: an unknown knob" 2 "$dmabench" sim add sim-b channelz=2
	says "sim add: what may be meant" "'channels'"
	verdict "sim add: nothing is left of it" "$(ls -d $simulated/sim-b 2> /dev/null)" ""
	ok "sim del" 0 "$dmabench" sim del sim-a
	ok "sim del: there is none" 2 "$dmabench" sim del sim-a
else
	number=$((number + 1))
	echo "ok $number sim # SKIP there is no dmasim in configfs"
fi

echo "1..$number"
echo "# pass:$((number - failed)) fail:$failed"
[ $failed -eq 0 ]
