# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Those who ask use these:
# shellcheck disable=SC2034
#
# What the programs share that make devices of dmasim in configfs. After lib.sh.

CONFIG=/sys/kernel/config/dmasim
SIM=/sys/kernel/debug/dmasim

# remove_all: take down whatever is left of an earlier test
remove_all() {
	[ ! -d $CONFIG ] || find $CONFIG -mindepth 1 -maxdepth 1 -exec rmdir {} +
}

# sim_load PARAMETER=VALUE...: the modules, freshly loaded
sim_load() {
	[ -z "$DMABENCH_CHANNEL" ] || skip "does not unload what it did not load"
	have_module dmasim || skip "there is no module dmasim"
	remove_all
	unload
	modprobe dmasim "$@" || fail "dmasim does not load with $*"
	[ -d /sys/kernel/config ] || skip "the kernel has no configfs"
	grep -q ' /sys/kernel/config ' /proc/mounts ||
		mount -t configfs configfs /sys/kernel/config || fail "configfs cannot be mounted"
	[ -d $CONFIG ] || skip "dmasim was built without configfs"
	modprobe dmabench || fail "dmabench does not load"
}
