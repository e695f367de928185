#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# mode=suite itself: its knobs, its report, and that it comes to an end on providers
# that are broken in the worst ways. What the cases find is in conform_*.sh.
# DMABENCH_KNOBS are more knobs of the suite for providers that are slow but sound.
#
# covers: dmaengine_get dmaengine_put dma_find_channel

cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./conform.sh

FEW="queue.submit_does_not_start,callback.comes_exactly_once"

# suite KNOB=VALUE...: a run; its end must be told by the report, too
suite() {
	knobs mode=suite "$@"
	start
	wait_end
	grep -q '^KTAP version 1$' "$ROOT/$job/ktap" || fail "no report"
	grep -q '^# Totals: ' "$ROOT/$job/ktap" || fail "a report without its end"
}

listed() {
	provide
	count=$(wc -l < $ROOT/cases)
	[ "$count" -gt 100 ] || fail "only $count cases"
	cut -d ' ' -f 1 $ROOT/cases | sort | uniq -d | grep . && fail "a name stands twice"
	cut -d ' ' -f 2 $ROOT/cases | sed 's/rules=//' | tr ',' '\n' | sort -u > "$SCRATCH/named"
	cut -f 1 $ROOT/rules | sort > "$SCRATCH/rules"
	uniq -d "$SCRATCH/rules" | grep . && fail "a rule stands twice"
	grep -vxF -f "$SCRATCH/rules" "$SCRATCH/named" && fail "no such rule"
	true
}

chosen() {
	fresh chosen
	suite cases="$FEW" seed=7
	must status errno 0
	grep -q '^1\.\.2$' "$ROOT/$job/ktap" || fail "$(cat "$ROOT/$job/ktap")"
	sed '1,/^1\.\./d' "$ROOT/$job/ktap" | grep -q '^# 64 bytes' && fail "measured after the plan"
	must result cases_passed 2
	suite cases='queue.submit_does*' repeat=3 shuffle=1
	grep -q '^1\.\.3$' "$ROOT/$job/ktap" || fail "$(cat "$ROOT/$job/ktap")"
}

nonsense() {
	fresh nonsense mode=suite
	knobs cases=no.such_case
	run_refused -22
	knobs cases= waive=no.such_case
	run_refused -22
	knobs waive= opt_in=everything
	run_refused -22
	knobs opt_in= channel=dma0chan0,dma0chan1
	run_refused -22
	refused "$EINVAL|$ERANGE" "$ROOT/$job/repeat" 0
	refused "$EINVAL|$ERANGE" "$ROOT/$job/case_timeout_ms" 1
}

same_seed_same_order() {
	fresh order
	for round in 1 2; do
		suite cases=data shuffle=1 seed=5
		sed -n 's/^ok [0-9]* \([^ ]*\).*/\1/p' "$ROOT/$job/ktap" > "$SCRATCH/order.$round"
	done
	cmp "$SCRATCH/order.1" "$SCRATCH/order.2" || fail "another order"
	[ "$(sort "$SCRATCH/order.1" | uniq | wc -l)" -gt 10 ] || fail "too few cases"
}

# plant DEFECT: on the device under test
plant() {
	given
	echo "$1" > "/sys/kernel/debug/dmasim/$device/defect" || fail "no defect $1"
}

told() {
	provide
	plant start_at_submit
	fresh told
	suite cases="$FEW"
	plant none
	must status errno -71
	must result cases_failed 1
	must result cases_passed 1
	grep -q '^not ok 1 queue.submit_does_not_start$' "$ROOT/$job/ktap" || fail "not told"
	for words in '^# rule A4.3' '^# stands in: ' '^# expected .*, seen ' 'seed='; do
		grep -q "$words" "$ROOT/$job/ktap" || fail "no '$words' in the report"
	done
}

waived() {
	plant start_at_submit
	fresh waived
	suite cases="$FEW" waive='queue.submit*'
	plant none
	must status errno 0
	must result cases_waived 1
	grep -q '^ok 1 queue.submit_does_not_start # XFAIL waived$' "$ROOT/$job/ktap" ||
		fail "not told"
}

stopped() {
	fresh stopped mode=suite repeat=1000
	start
	sleep 1
	echo 0 > "$ROOT/$job/run" || fail "does not stop"
	must status state stopped
	grep -q '^ok ' "$ROOT/$job/ktap" || fail "what was done is lost"
}

# Where transfers are not expected to end, nor cases.
impatient="timeout_ms=150 case_timeout_ms=2000"

# ends_on KNOBS PARAMETER=VALUE...: it comes to an end; what was loaded unloads
ends_on() {
	limits=$1
	shift
	provide "$@"
	# shellcheck disable=SC2086
	fresh ends mode=suite $limits
	# shellcheck disable=SC2046
	suite $(loopback)
	[ "$(value status state)" != running ] || fail "still running"
}

# dead WORDS: the suite has bailed out with these words, and nobody but who can say why failed
dead() {
	grep -q "^Bail out! no transfer completes: $1" "$ROOT/$job/ktap" ||
		fail "$(tail -n 3 "$ROOT/$job/ktap")"
	sed -n 's/^not ok [0-9]* //p' "$ROOT/$job/ktap" > "$SCRATCH/failed"
	grep -qx queue.what_has_moved_is_told "$SCRATCH/failed" || fail "$(cat "$SCRATCH/failed")"
	grep -qx callback.comes_exactly_once "$SCRATCH/failed" || fail "$(cat "$SCRATCH/failed")"
	[ "$(wc -l < "$SCRATCH/failed")" -le 4 ] || fail "$(cat "$SCRATCH/failed")"
	must status errno -71
}

nothing_completes() {
	ends_on "$impatient" completion=timer latency_ns=600000000000
	dead '.* no callback .*, and its data do not arrive'
	grep -q 'the data have not arrived either$' "$ROOT/$job/ktap" || fail "not told"
	unload
}

nobody_is_told() {
	ends_on "$impatient" completion=softirq defect=cb_lost
	dead '.* no callback .*, though its data arrive'
	grep -q 'the data have arrived$' "$ROOT/$job/ktap" || fail "not told"
	unload
}

# What is sent to one loopback does not come out of another: many cases in a row wait in
# vain on a channel that is well.
goes_on() {
	provide completion=softirq
	# shellcheck disable=SC2086
	fresh goes_on mode=suite $impatient
	rx=$(sed -n 's/^loopback1 .* rx=\([^ ]*\) .*/\1/p' \
		"/sys/kernel/debug/dmasim/$device/peripherals")
	# shellcheck disable=SC2046
	suite $(loopback) rx_addr="$rx" cases="slave.sg_*,slave.cyclic_*,queue.completes_in_order"
	must status errno -71
	grep -q '^Bail out!' "$ROOT/$job/ktap" && fail "$(tail -n 3 "$ROOT/$job/ktap")"
	[ "$(value result case_timeouts)" -gt 6 ] || fail "$(cat "$ROOT/$job/result")"
	grep -q '^ok [0-9]* queue.completes_in_order$' "$ROOT/$job/ktap" || fail "not run"
	unload
}

at_once() {
	ends_on "$DMABENCH_KNOBS" completion=inline
	must status errno 0
	unload
}

out_of_order() {
	ends_on "$DMABENCH_KNOBS" completion=softirq no_order=1
	must status errno 0
	[ "$(grep -c '# SKIP the provider completes out of order' "$ROOT/$job/ktap")" -gt 10 ] ||
		fail "no_order=1 is not to be seen"
	unload
}

without_terminate() {
	ends_on "$DMABENCH_KNOBS" completion=softirq omit=terminate
	must status errno 0
	unload
}

without_descriptors() {
	ends_on "$impatient" completion=softirq defect=prep_null
	must status errno -71
	unload
}

provider_goes() {
	provide
	fresh goes mode=suite repeat=1000
	start
	sleep 1
	echo "$device" > /sys/bus/platform/drivers/dmasim/unbind || fail "cannot be unbound"
	wait_end
	must status errno -19
	unload
}

# What is deadly for some providers in the kernel is not for this one.
dangers() {
	least=$1
	passes=0
	shift
	provide "$@"
	sed -n 's/^\([^ ]*\) .* opt_in=\([a-z_,]*\) .*/\1 \2/p' $ROOT/cases |
		grep -v ' none$' > "$SCRATCH/dangers"
	[ "$(wc -l < "$SCRATCH/dangers")" -gt 5 ] || fail "only $(cat "$SCRATCH/dangers")"
	fresh dangers
	while read -r name_of_case words; do
		suite cases="$name_of_case" opt_in=
		grep -q "^ok 1 $name_of_case # SKIP only with opt_in=" "$ROOT/$job/ktap" ||
			[ "$1" = public=1 ] || fail "ran without being asked: $name_of_case"
		# The public path needs all channels of the device to be free, so no peer.
		peer=$(loopback)
		[ "$words" != public ] || peer="rx_channel= tx_addr=0 rx_addr=0"
		# shellcheck disable=SC2086
		suite cases="$name_of_case" opt_in="$words" $peer
		must status errno 0
		grep '# SKIP' "$ROOT/$job/ktap"
		passes=$((passes + $(value result cases_passed)))
	done < "$SCRATCH/dangers"
	[ "$passes" -ge "$least" ] || fail "only $passes of $(wc -l < "$SCRATCH/dangers") ran"
	unload
}

needs_dmasim() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "needs dmasim"
	have_module dmasim || skip "there is no module dmasim"
}

begin
need_of "dmasim is there" needs_dmasim
case_of "cases and rules are listed, each once" listed
case_of "names, groups and globs choose" chosen
case_of "a seed means an order" same_seed_same_order
case_of "nonsense is refused" nonsense
case_of "a failure tells rule, source, expected and seen" told
case_of "a waived failure is told and does not fail" waived
case_of "stopped it keeps what was done" stopped
case_of "what needs an opt-in is right on a public channel" dangers 12 public=1
case_of "and runs by nothing else where there are no slaves" dangers 11 omit=slave,cyclic public=0
case_of "ends when the provider goes" provider_goes
case_of "ends on a provider that completes at once" at_once
case_of "has nothing to say against a provider that completes out of order" out_of_order
case_of "ends on a provider without terminate" without_terminate
case_of "ends on a provider without descriptors" without_descriptors
case_of "ends on a provider that completes nothing, and says so" nothing_completes
case_of "ends on a provider that tells nobody of completions, and says so" nobody_is_told
case_of "goes on after many timeouts on a channel that is well" goes_on
finish
