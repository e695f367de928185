#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The conformance cases notice: with a defect planted in dmasim, a case of a rule that it
# breaks fails, tells why, and the suite comes to its end. Which case catches what, and
# what dmatest makes of it, is measured by make mutants; here only one has to.
#
# DMABENCH_DEFECTS names the defects. Otherwise it is all but those of an engine that goes
# on writing: the suite keeps its memory and its channel for ever, and nothing unloads then.

cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./conform.sh
. ./sim.sh

# shape DEFECT: a lie needs something to lie about
shape() {
	case $1 in
	caps_lie_directions) echo directions=alternate ;;
	caps_lie_pause) echo omit=pause ;;
	caps_lie_granularity) echo granularity=segment ;;
	esac
}

# cases_of DEFECT: those of its rules, as the knob takes them; not more than fit into it
cases_of() {
	sed -n "s/^$1 rules=\([^ ]*\) .*/\1/p" $SIM/defects | tr ',' '\n' > "$SCRATCH/rules"
	sed 's/ rules=\([^ ]*\) .*/ ,\1,/' $ROOT/cases > "$SCRATCH/cases"
	while read -r rule; do
		sed -n "s/^\([^ ]*\) .*,$rule,.*/\1/p" "$SCRATCH/cases"
	done < "$SCRATCH/rules" | sort -u | awk -v most="$2" '
		length(all) + length($0) < most { all = all comma $0; comma = "," } END { print all }'
}

# on_device REPEATS KNOB=VALUE...: a device with the defect, and the suite on it
on_device() {
	item=$CONFIG/caught
	repeats=$1
	mkdir "$item" || fail "$item cannot be made"
	shift
	for setting in channels=4 "$@"; do
		echo "${setting#*=}" > "$item/${setting%%=*}" || fail "$setting is refused"
	done
	echo 1 > "$item/live" || fail "the device does not come up"
	device=$(cat "$item/device")
	channel=$(head -n 1 "$item/channel_names")
	echo "$channel" "$device" > "$SCRATCH/provider"
	fresh caught mode=suite timeout_ms=500 case_timeout_ms=5000 seed=1
	# shellcheck disable=SC2046
	knobs $(loopback) cases="$cases" repeat="$repeats"
	start
	wait_end
	cp "$ROOT/$job/ktap" "$SCRATCH/ktap"
	echo "$job" > $ROOT/del
	echo none > "$SIM/$device/defect"
	rmdir "$item"
	grep -q '^not ok ' "$SCRATCH/ktap"
}

caught() {
	given
	cases=$(cases_of "$1" "$length")
	[ -n "$cases" ] || fail "no case has its rules"
	# What a fast device hides a slow one shows; and what depends on the time needs some luck
	# on a machine that is busy.
	# shellcheck disable=SC2046
	on_device 1 defect="$1" $(shape "$1") ||
		on_device 1 completion=thread latency_ns=2M defect="$1" $(shape "$1") ||
		on_device 10 defect="$1" $(shape "$1") ||
		fail "none of $cases has failed: $(cat "$SCRATCH/ktap")"
	grep -q '^# rule ' "$SCRATCH/ktap" || fail "no rule in $(cat "$SCRATCH/ktap")"
}

brings_the_modules() {
	sim_load instances=0
	sed -n 's/^cases .*length=\([0-9]*\) .*/\1/p' $ROOT/knobs > "$SCRATCH/length"
	echo none none > "$SCRATCH/provider"
}

begin
need_of "the modules are there" brings_the_modules
length=$(cat "$SCRATCH/length")
for defect in ${DMABENCH_DEFECTS:-$(sed 's/ .*//' $SIM/defects |
	grep -vxE 'writes_after_sync|free_leaves_running')}; do
	case_of "$defect is caught" caught "$defect"
done
finish
