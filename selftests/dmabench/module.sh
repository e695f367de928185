#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and unloading, module parameters, use with no tool but modprobe.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

loads_and_unloads() {
	have_module dmasim || skip "there is no module dmasim"
	i=0
	while [ $i -lt 50 ]; do
		unload
		if [ $((i % 2)) = 0 ]; then
			modprobe dmasim && modprobe dmabench || return 1
		else
			modprobe dmabench && modprobe dmasim || return 1
		fi
		i=$((i + 1))
	done
}

stays_while_running() {
	provide
	fresh unload iterations=0 runtime_ms=60000
	start
	(rmmod dmabench) 2> /dev/null && fail "was unloaded under a running job"
	(rmmod dmasim) 2> /dev/null && fail "the provider was unloaded under a running job"
	must status state running
	echo 0 > $ROOT/unload/run || return 1
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	unload
}

# bad PARAMETER=VALUE: modprobe must fail, and nothing must stay behind
bad() {
	if modprobe dmabench "$1" 2> /dev/null; then
		fail "dmabench took $1"
	fi
	[ ! -d $ROOT ] || fail "$1 left $ROOT behind"
}

refuses_bad_parameters() {
	have_module dmabench || skip "there is no module dmabench"
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	unload
	bad depth=0
	bad depth=1025
	bad depth=x
	bad depth=
	bad op=mamcpy
	bad wait=never
	bad size=17M
	bad size=-1
	bad timeout_ms=0
	bad "run=perhaps"
}

presets_the_default_job() {
	have_module dmabench || skip "there is no module dmabench"
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	unload
	modprobe dmabench depth=7 op=cpu_memcpy size=64K channel=nowhere || return 1
	job=default
	for line in depth=7 op=cpu_memcpy size=65536 channel=nowhere batch=1; do
		grep -qx "$line" $ROOT/default/config || fail "config lacks $line"
	done
}

runs_at_load_and_logs_a_summary() {
	have_module dmasim || skip "there is no module dmasim"
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	unload
	modprobe dmasim || return 1
	modprobe dmabench op=memcpy iterations=500 run=1 || return 1
	job=default
	wait_end
	must status state "done"
	must result transfers 500
	dmesg | tail -n 20 | grep -q 'dmabench: default: memcpy on dma.*: 500 transfers, 0 errors,' ||
		fail "no summary in the log: $(dmesg | tail -n 5)"
}

loads_although_the_run_is_refused() {
	have_module dmabench || skip "there is no module dmabench"
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	unload
	modprobe dmabench channel=nowhere run=1 || fail "does not load"
	dmesg | tail -n 5 | grep -q 'default: not started: nowhere: .*(-19)' ||
		fail "the log does not say why: $(dmesg | tail -n 5)"
	job=default
	must status errno -19
}

begin
case_of "both modules load and unload 50 times" loads_and_unloads
case_of "the modules stay while a job runs" stays_while_running
case_of "bad parameters keep the module from loading" refuses_bad_parameters
case_of "parameters preset the job default" presets_the_default_job
case_of "run=1 runs at load and logs a summary" runs_at_load_and_logs_a_summary
case_of "a refused run=1 is logged and the module stays" loads_although_the_run_is_refused
finish
