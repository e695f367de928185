#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Loading and unloading, module parameters, use with no tool but modprobe.
#
# DMABENCH_LOADS changes how many times both modules are loaded.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

loads_and_unloads() {
	have_module dmasim || skip "there is no module dmasim"
	i=0
	while [ $i -lt "${DMABENCH_LOADS:-50}" ]; do
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

# bad_for_dmasim PARAMETER=VALUE: the same of the provider
bad_for_dmasim() {
	if modprobe dmasim "$1" 2> /dev/null; then
		fail "dmasim took $1"
	fi
	[ ! -d /sys/kernel/debug/dmasim ] || fail "$1 left a folder behind"
}

provider_refuses_bad_parameters() {
	have_module dmasim || skip "there is no module dmasim"
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	unload
	bad_for_dmasim channels=0
	bad_for_dmasim channels=65
	bad_for_dmasim channels=
	bad_for_dmasim channels=4x
	bad_for_dmasim align=3
	bad_for_dmasim completion=soft
	bad_for_dmasim completion=
	bad_for_dmasim omit=memcpy,slaves
	bad_for_dmasim max_segment=2G
	bad_for_dmasim latency_ns=20000000000G
	bad_for_dmasim seed=0x10000000000000000
}

# Every knob can be given as it is printed, and comes out as it went in.
provider_takes_what_it_prints() {
	have_module dmasim || skip "there is no module dmasim"
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	unload
	modprobe dmasim channels=0x2 omit=slave,memcpy max_segment=128k seed=1 \
		granularity=segment || return 1
	cat /sys/kernel/debug/dmasim/dmasim.0/config > "$SCRATCH/config"
	for line in channels=2 omit=memcpy,slave max_segment=131072 granularity=segment align=1; do
		grep -qx "$line" "$SCRATCH/config" || fail "config lacks $line"
	done
	for parameter in /sys/module/dmasim/parameters/*; do
		[ "${parameter##*/}" != instances ] || continue
		line=${parameter##*/}=$(cat "$parameter")
		grep -qxF "$line" "$SCRATCH/config" || fail "config lacks $line"
		grep -q "^${parameter##*/} preset=" /sys/kernel/debug/dmasim/knobs ||
			fail "knobs lacks ${parameter##*/}"
	done
	unload
	# shellcheck disable=SC2046
	modprobe dmasim $(cat "$SCRATCH/config") || fail "its own config is refused"
	cmp /sys/kernel/debug/dmasim/dmasim.0/config "$SCRATCH/config" || fail "it has changed"
	modprobe dmabench
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
case_of "bad parameters keep the provider from loading" provider_refuses_bad_parameters
case_of "the provider takes the parameters that it prints" provider_takes_what_it_prints
case_of "parameters preset the job default" presets_the_default_job
case_of "run=1 runs at load and logs a summary" runs_at_load_and_logs_a_summary
case_of "a refused run=1 is logged and the module stays" loads_although_the_run_is_refused
finish
