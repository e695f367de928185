#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# In a guest: the conformance suite and the kernel's own dmatest on a device of dmasim
# with a planted defect, in this one boot. What they say is left in files NAME.json and
# NAME.dmatest in the working folder. The defect `none` is none.
#
#	guest.sh "DEFECT ..." ["KNOB=VALUE ..."]
#
# A name may be followed by ":" and a knob that its device needs. The knobs shape the
# devices of all of them.

SIM=/sys/kernel/debug/dmasim
ITERATIONS=${DMABENCH_ITERATIONS:-60}

# said: what dmatest has written to the log since its run began
said() {
	dmesg | sed "1,/$begun/d" | sed -n 's/.*dmatest: //p'
}

# The threads of a channel that loses completions take a second for each of them.
dmatest() {
	begun="mutants run dmatest on $1 $(cut -d ' ' -f 1 /proc/uptime)"
	echo "<6>dmabench: $begun" > /dev/kmsg
	modprobe dmatest device="$1" iterations="$ITERATIONS" max_channels=1 timeout=500 \
		dyndbg=-p || return
	echo 1 > /sys/module/dmatest/parameters/run
	threads=$(said | awk '/^Started / { n += $2 } END { print n + 0 }')
	rounds=0
	until [ "$(said | grep -c ': summary ')" -ge "$threads" ] || [ $rounds -gt 400 ]; do
		rounds=$((rounds + 1))
		sleep 0.1
	done
	rmmod dmatest
	echo "threads: $threads"
	said
}

modprobe dmatest dyndbg=-p 2> /dev/null && rmmod dmatest && have_dmatest=y

for word in $1; do
	name=${word%%:*}
	lacks=${word#"$name"}
	# shellcheck disable=SC2086
	dmabench sim add mutant channels=4 defect="$name" $2 ${lacks#:} || exit 1
	device=$(cat /sys/kernel/config/dmasim/mutant/device)
	channel=$(head -n 1 /sys/kernel/config/dmasim/mutant/channel_names)
	dmabench test "$channel" --quiet --json "$name.json" timeout_ms=1000 \
		case_timeout_ms=20000 seed=1 > "$name.txt" 2>&1
	echo "$name: suite ended with $?"
	cat "$SIM/$device/defect" > "$name.hits" 2> /dev/null
	[ -z "$have_dmatest" ] || dmatest "$device" > "$name.dmatest" 2>&1
	# Not while the suite keeps a channel in quarantine.
	dmabench sim del mutant > /dev/null 2>&1
done
cat $SIM/defects > defects.list
dmesg > mutants.dmesg
