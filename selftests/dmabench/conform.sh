# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# lib.sh, which comes first, sets these:
# shellcheck disable=SC2154
#
# What the programs conform_GROUP.sh share: the conformance cases of one group on the
# channel under test, nested as KTAP. A program sources this after lib.sh:
#
#	conform queue
#
# On a board DMABENCH_CHANNEL or DMABENCH_PERIPHERAL says what is tested, with
# DMABENCH_KNOBS for more knobs of the suite and DMABENCH_WAIVE for cases that may fail.
# Otherwise dmasim is, in the timing profiles that DMABENCH_PROFILES names: instant,
# softirq, timer, thread, random, slow. DMABENCH_REPEAT goes through the cases so many
# times, in an order that DMABENCH_SEED decides (0: a random one).

PROFILES=${DMABENCH_PROFILES:-softirq}

# profile NAME: the parameters of dmasim
profile() {
	case $1 in
	instant) echo "completion=inline" ;;
	softirq) echo "completion=softirq" ;;
	timer) echo "completion=timer latency_ns=20000" ;;
	thread) echo "completion=thread" ;;
	random) echo "completion=timer jitter_ns=300000" ;;
	slow) echo "completion=thread latency_ns=20000000 bandwidth=1000000" ;;
	*) fail "$1: no such profile" ;;
	esac
}

# loopback: the knobs of dmasim's loopback pair
loopback() {
	sed -n 's/^loopback0 .* tx=\([^ ]*\) rx=\([^ ]*\) .*/endpoint=loopback tx_addr=\1 rx_addr=\2/p' \
		"/sys/kernel/debug/dmasim/$device/peripherals"
	sed -n 's/^fail0 .* tx=\([^ ]*\) .*/failing_addr=\1/p' \
		"/sys/kernel/debug/dmasim/$device/peripherals"
	sed -n "s/^\([^ ]*\) device=$device .*/rx_channel=\1/p" $ROOT/channels |
		grep -v "=$channel$" | head -n 1
}

# run_group GROUP KNOB=VALUE...: the report of a run, each line indented by two blanks
run_group() {
	group=$1
	shift
	echo "$*" > "$ROOT/$job/config" || fail "refused: $*: $(value status reason)"
	echo 1 > "$ROOT/$job/run" || fail "does not start: $(value status reason)"
	wait_end
	echo "  # Subtest: $group" > "$SCRATCH/report"
	sed 's/^/  /' "$ROOT/$job/ktap" >> "$SCRATCH/report"
	[ "$(value status errno)" = 0 ] || fail "$(value status reason)"
}

common() {
	echo "mode=suite cases=$1 repeat=${DMABENCH_REPEAT:-1} shuffle=1 seed=${DMABENCH_SEED:-0}"
	[ -z "$DMABENCH_WAIVE" ] || echo "waive=$DMABENCH_WAIVE"
	echo "$DMABENCH_KNOBS"
}

on_board() {
	provide
	if [ -n "$DMABENCH_PERIPHERAL" ]; then
		fresh conform
		# shellcheck disable=SC2046
		run_group "$1" channel= peripheral="$DMABENCH_PERIPHERAL" $(common "$1")
	else
		fresh conform
		# shellcheck disable=SC2046
		run_group "$1" $(common "$1")
	fi
}

on_dmasim() {
	# shellcheck disable=SC2046
	provide $(profile "$2")
	fresh conform
	# shellcheck disable=SC2046
	run_group "$1" $(common "$1") $(loopback)
}

# report_of FUNCTION GROUP ...: a case that prints the report of its cases before its own line
report_of() {
	rm -f "$SCRATCH/report"
	"$@"
}

conform_case() {
	what=$1
	shift
	case_of "$what" report_of "$@" > "$SCRATCH/line"
	[ ! -f "$SCRATCH/report" ] || cat "$SCRATCH/report"
	cat "$SCRATCH/line"
}

conform() {
	begin
	if [ -n "$DMABENCH_CHANNEL" ] || [ -n "$DMABENCH_PERIPHERAL" ]; then
		conform_case "$1" on_board "$1"
	else
		for word in $PROFILES; do
			conform_case "$1, $word" on_dmasim "$1" "$word"
		done
	fi
	finish
}
