# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
#
# In a guest: what the plan of tools/peers is made of. The plan sources this and calls
# the functions below, one line for each measurement, in the order in which they are to
# be made. What comes of it is appended to files in the working folder:
#
#	results	CONTEXT NAME REPEAT VALUE: operations per second, or bytes
#	chosen	CONTEXT NAME OPS KNOBS: what a search has found to be fastest
#	skipped	CONTEXT NAME REASON
#	machine	KEY VALUE
#	dmatest.log	what dmatest has said of each of its runs

ROOT=/sys/kernel/debug/dmabench
JOB=$ROOT/peers
# shellcheck disable=SC2034
SIM=/sys/kernel/debug/dmasim
DMATEST=/sys/module/dmatest/parameters
KMSG=/dev/kmsg

# What every run of dmabench has, unless it is told otherwise.
USUAL="mode=transfer op=memcpy verify=none map=once stages=0 slowest_max=0 iterations=0 \
warmup=64 seed=1 batch=1 depth=1 wait=irq threads=1 channel= device= max_channels=1"

context=

# skipped NAME REASON
skip() {
	grep -q "^$context $1 " skipped 2> /dev/null || echo "$context $1 $2" >> skipped
}

# channel_of DRIVER: its first channel
channel_of() {
	sed -n "s/ .*driver=$1 .*//p" $ROOT/channels | head -n 1
}

# provide CONTEXT: both providers, completing in this context
#
# Without what nobody here uses: dmatest would start threads for it.
provide() {
	context=$1
	for module in dmatest dmabench dmasim virtdma; do
		[ ! -d /sys/module/$module ] || rmmod $module || exit 1
	done
	modprobe dmasim completion="$1" channels=64 \
		omit=all,-memcpy,-terminate,-synchronize || exit 1
	modprobe virtdma completion="$1" channels=1 || exit 1
	modprobe dmabench || exit 1
	modprobe dmatest norandom=1 noverify=1 timeout=30000 dyndbg=-p || exit 1
	echo peers > $ROOT/new
	dmasim=$(channel_of dmasim)
	virtdma=$(channel_of virtdma)
	# Of dmatest, by size and threads; found anew.
	unset rate64x1 rate64x2 rate64x4 rate64x8 rate4096x1
	# Of those that came later than this file: what they must be without being asked for.
	! has knob-workers || USUAL="$USUAL workers=0"
}

# has WORD: whether the client has this knob, mode or operation (knob-X, mode-X, op-X)
has() {
	case $1 in
	knob-*) [ -f "$JOB/${1#knob-}" ] ;;
	*) grep -qx "$1" $ROOT/features ;;
	esac
}

# run KNOB=VALUE...: a run of dmabench; sets $ops, or $why
run() {
	ops=
	why=
	if ! echo "$USUAL $*" > $JOB/config 2> /dev/null || ! echo 1 > $JOB/run 2> /dev/null; then
		why=$(sed -n 's/^reason: //p' $JOB/status)
		return 1
	fi
	cat $JOB/finished > /dev/null
	# shellcheck disable=SC2046
	set -- $(sed -n -e 's/^errno: //p' -e 's/^ops_per_s: //p' $JOB/result)
	if [ "$1" != 0 ]; then
		why=$(sed -n 's/^reason: //p' $JOB/status)
		return 1
	fi
	ops=$2
}

# on WHERE: sets $where to the knobs of a channel, or of all channels of dmasim
on() {
	case $1 in
	dmasim) where=channel=$dmasim ;;
	virtdma) where=channel=$virtdma ;;
	all) where="device=dmasim.0 max_channels=0" ;;
	esac
}

# bench NAME REPEAT WHERE KNOB=VALUE...: measure dmabench on a channel
bench() {
	name=$1
	repeat=$2
	on "$3"
	shift 3
	if run "$where" runtime_ms="$WINDOW" "$@"; then
		echo "$context $name $repeat $ops" >> results
	else
		skip "$name" "$why"
	fi
}

# choose NAME WHERE "KNOBS" "CANDIDATE" ...: set NAME to the fastest candidate's knobs
#
# All of them once, then the best four three times more, in turn, as one may be lucky.
choose() {
	name=$1
	fixed=$3
	on "$2"
	shift 3
	: > tried
	for candidate in "$@"; do
		# shellcheck disable=SC2086
		run "$where" runtime_ms="$GLANCE" $fixed $candidate || continue
		echo "$ops $candidate" >> tried
	done
	sort -rn tried | head -n 4 | sed 's/[^ ]* //' > final
	: > tried
	for _ in 1 2 3; do
		while read -r candidate; do
			# shellcheck disable=SC2086
			run "$where" runtime_ms="$GLANCE" $fixed $candidate || continue
			echo "$ops $candidate" >> tried
		done < final
	done
	awk '{ ops = $1; sub(/[^ ]* /, ""); if (ops > most[$0]) most[$0] = ops }
		END { for (c in most) print most[c], c }' tried | sort -rn | head -n 1 > final
	if ! read -r ops candidate < final; then
		skip "$name" "$why"
		candidate=
	fi
	eval "$name=\$candidate"
	echo "$context $name $ops $candidate" >> chosen
}

# told: what dmatest has said since the run began, each line with its time in seconds
#
# Kernels with CONFIG_DMADEVICES_DEBUG say a lot more, between its lines.
told() {
	dmesg | awk -v mark="$mark" '
		index($0, mark) { begun = 1 }
		begun && /dmatest: / {
			time = $0
			sub(/^\[ */, "", time)
			sub(/\].*/, "", time)
			sub(/.*dmatest: /, "")
			print time, $0
		}'
}

# rate THREADS: from lines of told, the transfers per second
#
# A single thread tells its own rate. Those of many cannot be added: who begins late or
# ends late has a time for itself. They have the time from their start to the last end.
rate() {
	awk -v threads="$1" '
		/ Started / { start = $1 }
		/: summary / {
			bad += $6
			tests += $4
			own = $8
			end = $1
			count++
		}
		END {
			if (bad || count != threads || (threads > 1 && end <= start))
				exit 1
			printf "%.0f", (threads > 1) ? tests / (end - start) : own
		}'
}

# attempt SIZE THREADS ITERATIONS: a run of dmatest on dmasim's channel; sets $ops
#
# It is given a number of transfers, not a time: told to stop it gives up what it waits
# for, and frees memory that the engine still works on.
attempt() {
	mark="peers $context $(cut -d ' ' -f 1 /proc/uptime) $1 $2 $3"
	echo "<6>dmabench: $mark" > $KMSG
	echo "$1" > $DMATEST/transfer_size
	echo $(($1 * 2)) > $DMATEST/test_buf_size
	echo "$2" > $DMATEST/threads_per_chan
	echo "$3" > $DMATEST/iterations
	echo "$dmasim" > $DMATEST/channel && echo 1 > $DMATEST/run || return 1
	tries=0
	# `wait` does not wait for threads that have not run yet.
	until [ "$(told | grep -c ': summary ')" = "$2" ]; do
		tries=$((tries + 1))
		[ $tries -le 200 ] || break
		cat $DMATEST/wait > /dev/null
	done
	# Gives the channel back.
	echo 0 > $DMATEST/run
	told > said
	echo "$mark" | cat - said >> dmatest.log
	ops=$(rate "$2" < said)
}

# peer NAME REPEAT SIZE THREADS: measure dmatest, for about as long as the others
peer() {
	rate=rate$3x$4
	eval "ops=\$$rate"
	[ -n "$ops" ] || attempt "$3" "$4" 4000
	most=${ops:-0}
	if [ -z "$ops" ] || ! attempt "$3" "$4" $((ops * WINDOW / 1000 / $4 + 100)); then
		skip "$1" "dmatest failed: $(grep -m 1 -v ' 0 failures' said)"
		return
	fi
	# By the fastest run so far: a disturbed one must not make the next ones short.
	[ "$most" -ge "$ops" ] || most=$ops
	eval "$rate=$most"
	echo "$context $1 $2 $ops" >> results
}

# figure NAME REPEAT FILE KEY: a number that one of the modules tells after a run
figure() {
	run channel="$dmasim" size=64 iterations=64
	number=$(sed -n "s/^$4: //p" "$3" 2> /dev/null)
	if [ -n "$number" ]; then
		echo "$context $1 $2 $number" >> results
	else
		skip "$1" "no $4 in $3"
	fi
}

CLOCK=/sys/devices/system/clocksource/clocksource0

# machine [CLOCK]: what all of it is measured on, by this clock if it is given
machine() {
	if [ -n "$1" ] && ! echo "$1" > $CLOCK/current_clocksource; then
		echo "no clock $1, there are $(cat $CLOCK/available_clocksource)"
		exit 1
	fi
	cpus=$(nproc)
	{
		echo "kernel $(uname -r)"
		echo "machine $(uname -m)"
		echo "cpus $cpus"
		echo "model $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
		echo "clock $(cat $CLOCK/current_clocksource)"
		echo "memory $(sed -n 's/^MemTotal: *//p' /proc/meminfo)"
	} > machine
}

# say WORDS: where the script is, for whoever watches; what there is goes out, as a run
# that is broken off is worth looking at, too
say() {
	echo "$context: $*"
	for file in machine chosen skipped results; do
		[ ! -f $file ] || ! command -v lab-push > /dev/null || lab-push $file
	done
}
