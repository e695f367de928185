#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Jobs: made, run, paused, stopped, terminated, removed.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

default_job_exists() {
	[ -d $ROOT/default ] || fail "there is no job default"
	job=default
	must status state idle
	must status runs 0
	must status errno 0
	[ "$(cat $ROOT/default/run)" = 0 ]
}

makes_and_removes() {
	echo made > $ROOT/new || fail "cannot be made"
	[ -d $ROOT/made/hist ] || fail "has no files"
	refused "$EEXIST" $ROOT/new made
	echo made > $ROOT/del || fail "cannot be removed"
	[ ! -e $ROOT/made ] || fail "is still there"
	refused "$ENOENT" $ROOT/del made
}

refuses_bad_names() {
	refused "$EINVAL" $ROOT/new ""
	refused "$EINVAL" $ROOT/new "a/b"
	refused "$EINVAL" $ROOT/new ".."
	refused "$EINVAL" $ROOT/new "a b"
	refused "$EINVAL" $ROOT/new "a*"
	refused "$EEXIST" $ROOT/new "version"
	refused "$EEXIST" $ROOT/new "default"
	refused "$ENAMETOOLONG" $ROOT/new "a23456789012345678901234567890123"
	refused "$ENOENT" $ROOT/del "nobody"
	echo a234567890123456789012345678901 > $ROOT/new || fail "31 characters are too long"
	echo a234567890123456789012345678901 > $ROOT/del
}

has_a_limit_of_jobs() {
	for folder in $ROOT/*/; do
		name_of_job=$(basename "$folder")
		[ "$name_of_job" = default ] || echo "$name_of_job" > $ROOT/del
	done
	i=0
	while [ $i -lt 100 ] && (echo "many$i" > $ROOT/new) 2> /dev/null; do
		i=$((i + 1))
	done
	made=$i
	while [ $i -gt 0 ]; do
		i=$((i - 1))
		echo "many$i" > $ROOT/del || return 1
	done
	[ "$made" = 63 ] || fail "$made jobs could be made"
}

goes_through_all_states() {
	fresh states iterations=0 runtime_ms=60000 verify=ends
	must status state idle
	start
	must status state running
	[ "$(cat $ROOT/states/run)" = 1 ] || fail "run does not read 1"
	echo pause > $ROOT/states/control || return 1
	must status state paused
	sleep 1
	before=$(value status transfers)
	sleep 1
	[ "$(value status transfers)" = "$before" ] || fail "transfers while paused"
	echo resume > $ROOT/states/control || return 1
	must status state running
	sleep 1
	[ "$(value status transfers)" -gt "$before" ] || fail "no transfers after resume"
	echo 0 > $ROOT/states/run || return 1
	must status state stopped
	must status errno -125
	[ "$(value result transfers)" -gt 0 ] || fail "what was measured is lost"
	must result errors_data 0
}

terminates() {
	fresh terminate iterations=0 runtime_ms=60000 depth=32 size=64K
	i=0
	while [ $i -lt 5 ]; do
		start
		echo terminate > $ROOT/terminate/control || return 1
		wait_end
		must status state stopped
		i=$((i + 1))
	done
	run_ok runtime_ms=0 iterations=100 depth=4
}

terminates_while_paused() {
	fresh terminate iterations=0 runtime_ms=60000 depth=4
	start
	echo pause > $ROOT/terminate/control
	echo terminate > $ROOT/terminate/control || return 1
	wait_end
	must status state stopped
}

refuses_control_without_a_run() {
	fresh control
	refused "$ESRCH" $ROOT/control/control pause
	refused "$ESRCH" $ROOT/control/control terminate
	refused "$EINVAL" $ROOT/control/control dance
	refused "$EINVAL" $ROOT/control/run perhaps
	echo 0 > $ROOT/control/run || fail "stopping an idle job is no error"
	for word in "" 2 10 01 on yes 1x; do
		refused "$EINVAL" $ROOT/control/run "$word"
	done
}

runs_again_and_again() {
	fresh again iterations=50
	i=0
	while [ $i -lt 20 ]; do
		i=$((i + 1))
		run_ok
		must status runs $i
		must result transfers 50
	done
}

is_removed_while_running() {
	fresh removed iterations=0 runtime_ms=60000
	start
	cat $ROOT/removed/finished > "$SCRATCH/finished" &
	waiter=$!
	sleep 1
	echo removed > $ROOT/del || return 1
	[ ! -e $ROOT/removed ] || fail "is still there"
	wait $waiter
	grep -q 'state: stopped' "$SCRATCH/finished" || fail "who waited was not told"
}

begin
need_of "there is a provider" provide
case_of "the job default exists and is idle" default_job_exists
case_of "jobs are made and removed" makes_and_removes
case_of "bad names are refused" refuses_bad_names
case_of "the number of jobs has a limit" has_a_limit_of_jobs
case_of "a job goes through all states" goes_through_all_states
case_of "a job is terminated in flight" terminates
case_of "a paused job is terminated" terminates_while_paused
case_of "control needs a run" refuses_control_without_a_run
case_of "a job runs again and again" runs_again_and_again
case_of "a job is removed while it runs" is_removed_while_running
finish
