# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Names that only the tests use:
# shellcheck disable=SC2034
#
# What the tests of dmabench share. For any POSIX shell with coreutils or with
# nothing but busybox. A test sources this, names its cases, and ends by finish:
#
#	. ./lib.sh
#	begin
#	case_of "what must hold" function
#	finish
#
# A function passes by status 0, skips by 4 and fails by any other; what it prints
# is shown if it does not pass, the last line of a skip is its reason.
#
# DMABENCH_CHANNEL names a channel to test. Without it the tests load the bundled
# provider dmasim, with the parameters that they need. DMABENCH_PERIPHERAL names a
# peripheral that may be used, and that dmabench is bound to. DMABENCH_ALLOW is a
# regular expression for lines of the kernel log that are known faults of others.
# DMABENCH_CONTEXTS leaves all but these completion contexts of dmasim out where one
# after the other is gone through: a machine that is slow need not do all of them.

# The provider is there already, or is ours to load and unload.
export LC_ALL=C
ROOT=/sys/kernel/debug/dmabench
SCRATCH=${TMPDIR:-/tmp}/dmabench-selftest.$$
SKIP=4

# The words of the C library for the errnos that files give (glibc; musl).
EINVAL="Invalid argument"
ERANGE="Numerical result out of range|Result not representable|Result too large"
E2BIG="Argument list too long"
EBUSY="Device or resource busy|Resource busy"
ENOENT="No such file or directory"
EEXIST="File exists"
ENAMETOOLONG="File name too long|Filename too long"
ESRCH="No such process"

# Of the job and of the provider that a case is about.
job=
channel=
device=

begin() {
	passed=0
	failed=0
	skipped=0
	number=0
	name=${0##*/}
	echo "KTAP version 1"
	if [ "$(id -u)" != 0 ]; then
		echo "1..0 # SKIP must be run as root"
		exit $SKIP
	fi
	[ -d /sys/kernel/debug/bdi ] || mount -t debugfs debugfs /sys/kernel/debug 2>/dev/null
	mkdir -p "$SCRATCH"
	trap 'rm -rf "$SCRATCH"' EXIT
	mark="selftest $name $$ begins"
	echo "<6>dmabench: $mark" > /dev/kmsg
}

skip() {
	echo "$*"
	exit $SKIP
}

fail() {
	echo "$*"
	exit 1
}

case_of() {
	number=$((number + 1))
	what=$1
	shift
	("$@") > "$SCRATCH/output" 2>&1
	case $? in
	0)
		passed=$((passed + 1))
		echo "ok $number $what"
		;;
	"$SKIP")
		skipped=$((skipped + 1))
		echo "ok $number $what # SKIP $(tail -n 1 "$SCRATCH/output")"
		;;
	*)
		failed=$((failed + 1))
		sed 's/^/# /' "$SCRATCH/output"
		echo "not ok $number $what"
		;;
	esac
}

# need_of NAME FUNCTION ...: a case without which no other makes sense
need_of() {
	before=$passed
	case_of "$@"
	[ "$passed" != "$before" ] || finish
}

# The kernel's complaints since the test began.
log_is_clean() {
	dmesg | sed "1,/$mark/d" > "$SCRATCH/log"
	[ -z "$DMABENCH_ALLOW" ] || sed -i -E "/$DMABENCH_ALLOW/d" "$SCRATCH/log"
	if grep -E 'WARNING:|BUG:|Oops|Call Trace|refcount_t:|INFO: .*(lockup|stall|hung)|Runtime PM usage count|general protection|unable to handle|slab.*(corrupt|Redzone|Poison)|Objects remaining' \
		"$SCRATCH/log"; then
		return 1
	fi
}

finish() {
	case_of "the kernel log is clean" log_is_clean
	echo "1..$number"
	echo "# $passed passed, $failed failed, $skipped skipped"
	[ "$failed" = 0 ] || exit 1
	[ "$passed" -gt 1 ] || exit $SKIP
	exit 0
}

# unload: take both modules out, whatever is loaded of them
unload() {
	for module in dmabench dmasim; do
		[ -d /sys/module/$module ] || continue
		rmmod $module || fail "$module does not unload"
	done
	# A kernel that releases objects late on purpose keeps the driver's name for seconds.
	waited=0
	while [ -e /sys/bus/platform/drivers/dmasim ]; do
		waited=$((waited + 1))
		[ $waited -le 30 ] || fail "the driver dmasim does not go away"
		sleep 1
	done
}

# contexts CONTEXT...: those of them that are to be gone through
contexts() {
	for word in "$@"; do
		case " ${DMABENCH_CONTEXTS:-$word} " in
		*" $word "*) echo "$word" ;;
		esac
	done
}

have_module() {
	[ -d "/sys/module/$1" ] || modprobe -D "$1" > /dev/null 2>&1
}

# provide PARAMETER=VALUE...: a freshly loaded provider to test
#
# With DMABENCH_CHANNEL the parameters cannot be had: only a test without any
# wishes goes on then.
provide() {
	if [ -n "$DMABENCH_CHANNEL" ]; then
		[ $# = 0 ] || skip "needs dmasim with $*"
		[ -d "$ROOT" ] || modprobe dmabench || fail "dmabench does not load"
		channel=$DMABENCH_CHANNEL
	else
		have_module dmasim || skip "there is no module dmasim, and DMABENCH_CHANNEL is not set"
		unload
		modprobe dmasim "$@" || fail "dmasim does not load with $*"
		modprobe dmabench || fail "dmabench does not load"
		channel=$(sed -n 's/ .*driver=dmasim .*//p' $ROOT/channels | head -n 1)
		[ -n "$channel" ] || fail "dmasim has no channel: $(cat $ROOT/channels)"
	fi
	device=$(sed -n "s/^$channel device=\([^ ]*\) .*/\1/p" $ROOT/channels)
	echo "$channel" "$device" > "$SCRATCH/provider"
}

# given: the provider that an earlier case has brought
given() {
	read -r channel device < "$SCRATCH/provider" || skip "there is no provider"
}

# fresh JOB KNOB=VALUE...: a new job, on the channel under test
fresh() {
	given
	job=$1
	shift
	if [ -d "$ROOT/$job" ]; then
		echo "$job" > $ROOT/del
	fi
	echo "$job" > $ROOT/new || fail "job $job cannot be made"
	knobs channel="$channel" "$@"
}

# knobs KNOB=VALUE...: set knobs of the job
knobs() {
	echo "$*" > "$ROOT/$job/config" || fail "refused: $*: $(value status reason)"
}

# value FILE KEY: the value of a key of one of the job's files
value() {
	sed -n "s/^$2: \{0,1\}//p" "$ROOT/$job/$1"
}

start() {
	echo 1 > "$ROOT/$job/run" || fail "does not start: $(value status reason)"
}

# wait_end: wait for the end of the run
wait_end() {
	cat "$ROOT/$job/finished" > /dev/null || fail "cannot wait for the end"
}

# must FILE KEY VALUE: a key must have this value
must() {
	seen=$(value "$1" "$2")
	[ "$seen" = "$3" ] || fail "$job: $1: $2: expected '$3', seen '$seen'; $(value status reason)"
}

# run_ok KNOB=VALUE...: a run that must end well
run_ok() {
	knobs "$@"
	start
	wait_end
	must status state "done"
	must status errno 0
	must result errors_data 0
	must result callbacks_extra 0
}

# run_refused ERRNO: a run that must be refused with this errno, and say why
run_refused() {
	if (echo 1 > "$ROOT/$job/run") 2> /dev/null; then
		echo 0 > "$ROOT/$job/run"
		fail "was not refused, expected $1"
	fi
	must status errno "$1"
	[ -n "$(value status reason)" ] || fail "no reason for errno $1"
	must run "" ""
	[ "$(cat "$ROOT/$job/run")" = 0 ] || fail "runs although it was refused"
}

# refused WORDS FILE TEXT: a write that must be refused with this errno
refused() {
	error=$( (echo "$3" > "$2") 2>&1) && fail "$2 took '$(echo "$3" | cut -c 1-80)'"
	echo "$error" | grep -qE "$1" ||
		fail "$2: '$(echo "$3" | cut -c 1-80)': expected '$1', seen '$error'"
}
