#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Junk in every file that the modules have, one writer at a time, then many at once that
# take each other's jobs and devices away. What is refused must leave everything as it was,
# what is taken must be read as it can be written, and afterwards all works as before.
#
# Only on dmasim: addresses are its own, and runs are short. All that is written follows
# from DMABENCH_SEED (0: a random one); what happens at once does not, beyond that.
# DMABENCH_STEPS is how many writes each case makes.

cd "$(dirname "$0")" || exit 1
. ./lib.sh
. ./sim.sh
. ./junk.sh

STEPS=${DMABENCH_STEPS:-400}
SEED=${DMABENCH_SEED:-0}
[ "$SEED" != 0 ] || SEED=$(($(date +%s) % 100000 * 100 + $$ % 100))

# Runs that are over soon, and need little. Knobs that decide on this, or on where the
# engine writes, are not drawn for jobs that run.
BOUNDS="channel= device=dmasim.0 iterations=40 runtime_ms=200 warmup=0 timeout_ms=500
	memory_limit=16M case_timeout_ms=500 cases=caps walk_steps=20 restarts=1
	endpoint=loopback tx_addr=0xd5a00000 rx_addr=0xd5a00010"
LIMITED=" device tx_addr rx_addr failing_addr opt_in memory_limit peripheral "

# astray FILE WORDS: what should not have happened
astray() {
	echo "DMABENCH_SEED=$SEED, write $i: '$text' to $1: said '$(cat "$SCRATCH/said")'"
	shift
	fail "$*"
}

# holds FILE: its value, of one line
holds() {
	held=
	IFS= read -r held < "$1"
}

# has_no_nul FILE: what was taken there
has_no_nul() {
	case $whole$text in
	1*\\0000*) astray "$1" "took a NUL" ;;
	esac
}

# throw FILE: junk for a file that holds a value
throw() {
	holds "$1"
	before=$held
	junk "$before"
	if put "$1"; then
		has_no_nul "$1"
		holds "$1"
		printf '%s\n' "$held" 2> "$SCRATCH/said" > "$1" ||
			astray "$1" "it does not take back the '$held' that it holds"
		now=$held
		holds "$1"
		[ "$held" = "$now" ] || astray "$1" "'$now' became '$held'"
	elif [ $whole = 1 ]; then
		holds "$1"
		[ "$held" = "$before" ] || astray "$1" "was refused, and yet '$before' is '$held'"
	fi
}

# throw_lines FILE: $text for a file of many lines
throw_lines() {
	cat "$1" > "$SCRATCH/before"
	if put "$1"; then
		has_no_nul "$1"
	elif [ $whole = 1 ]; then
		cat "$1" > "$SCRATCH/after"
		cmp -s "$SCRATCH/before" "$SCRATCH/after" ||
			astray "$1" "was refused, but has changed"
	fi
}

# The keys of a file, which holds nothing but what can be printed.
keys_of() {
	keys=
	while IFS= read -r line; do
		case $line in
		*[!\ -~]*) astray "$1" "holds what cannot be printed: $line" ;;
		esac
		keys="$keys ${line%%:*}"
	done < "$1"
}

# A reason that repeats what was written must not look like another line.
status_keeps_its_form() {
	keys_of "$ROOT/$job/status"
	[ "$keys" = "$form" ] || astray "$ROOT/$job/status" "its keys are$keys"
}

# has_status STATE...: one of them
has_status() {
	seen=$(value status state)
	case " $* " in
	*" $seen "*) ;;
	*) astray "$ROOT/$job/run" "is $seen, not one of $*; $(value status reason)" ;;
	esac
}

has_reason() {
	[ "$(value status errno)" -lt 0 ] || astray "$ROOT/$job/run" "no errno: $1"
	[ -n "$(value status reason)" ] || astray "$ROOT/$job/run" "no reason: $1"
}

brings_the_modules() {
	sim_load channels=4
	other=$(grep -v ' driver=dmasim ' $ROOT/channels | head -n 1)
	[ -z "$other" ] || skip "there are other providers: ${other%% *}"
	channel=$(sed -n 's/ .*driver=dmasim .*//p' $ROOT/channels | head -n 1)
	echo "$channel" dmasim.0 > "$SCRATCH/provider"
}

takes_knobs_of_a_job() {
	sow $((SEED + 1))
	fresh junk
	keys_of $ROOT/junk/status
	form=$keys
	i=0
	while [ $i -lt "$STEPS" ]; do
		i=$((i + 1))
		# shellcheck disable=SC2086
		pick $KNOBS
		throw "$ROOT/junk/$text"
		status_keeps_its_form
	done
	cat $ROOT/junk/config > "$SCRATCH/config"
	cat "$SCRATCH/config" > $ROOT/junk/config || fail "config does not take what it gives"
	cat $ROOT/junk/config | cmp - "$SCRATCH/config" || fail "config has changed"
}

# lines_for NAMES: up to six lines NAME=JUNK, in $text
lines_for() {
	lines=
	draw 6
	more=$drawn
	while [ "$more" -ge 0 ]; do
		more=$((more - 1))
		# shellcheck disable=SC2086
		pick $1
		one=$text
		draw 4
		if [ "$drawn" = 0 ]; then
			junk 1
		else
			pick 0 1 2 4096
		fi
		lines="$lines$one=$text"
		pick ' ' '\n' '\n\n' '\t' '\n#' "$lines"
		lines=$lines$text
	done
	text=$lines
}

takes_lines_of_a_job() {
	sow $((SEED + 2))
	fresh junk
	keys_of $ROOT/junk/status
	form=$keys
	i=0
	while [ $i -lt $((STEPS / 2)) ]; do
		i=$((i + 1))
		lines_for "$KNOBS"
		throw_lines $ROOT/junk/config
		status_keeps_its_form
	done
}

# Whatever jobs there are have names as they are documented.
names_are_good() {
	for folder in "$ROOT"/*/; do
		name_of=${folder%/}
		name_of=${name_of##*/}
		case $name_of in
		*[!A-Za-z0-9_-]*) astray $ROOT/new "there is a job '$name_of'" ;;
		esac
		[ ${#name_of} -lt 32 ] || astray $ROOT/new "there is a job '$name_of'"
		[ "$name_of" = default ] || echo "$name_of" > $ROOT/del ||
			astray $ROOT/del "job $name_of cannot be removed"
	done
}

names_jobs() {
	sow $((SEED + 3))
	i=0
	while [ $i -lt $((STEPS / 2)) ]; do
		i=$((i + 1))
		pick default job knobs ZZ-_9
		junk "$text"
		put $ROOT/new
		names_are_good
		pick default nobody knobs
		junk "$text"
		put $ROOT/del
		[ -d $ROOT/default ] || echo default > $ROOT/new || fail "no new default"
	done
}

is_read_only() {
	sow $((SEED + 4))
	fresh junk
	i=0
	for file in $ROOT/version $ROOT/features $ROOT/channels $ROOT/ops $ROOT/peripherals \
		$ROOT/cases $ROOT/rules $ROOT/knobs $ROOT/junk/status $ROOT/junk/finished \
		$ROOT/junk/result $ROOT/junk/slowest $ROOT/junk/ktap $ROOT/junk/hist/* $SIM/knobs \
		$SIM/defects $SIM/dmasim.0/config $SIM/dmasim.0/state $SIM/dmasim.0/counters \
		$SIM/dmasim.0/peripherals; do
		i=$((i + 1))
		cat "$file" > "$SCRATCH/before" || fail "$file cannot be read"
		text=
		while [ -z "$text" ]; do
			junk 1
		done
		{ put "$file"; } 2> /dev/null && astray "$file" "was written"
		# From the middle, and in bytes.
		draw 300
		dd if="$file" bs=7 skip=$drawn count=3 of=/dev/null 2> "$SCRATCH/said" ||
			astray "$file" "cannot be read from there"
		[ -z "$(tr -d '\t\n -~' < "$file")" ] || astray "$file" "has what is no text"
	done
}

# good KNOB: a value that a knob of a job that runs may have, in $text
good() {
	case $1 in
	size | size_min | period) pick 0 1 2 63 64 512 4096 5000 32768 ;;
	iterations | runtime_ms | warmup) pick 0 1 2 40 ;;
	timeout_ms | case_timeout_ms) pick 1 100 200 500 ;;
	threads | max_channels | restarts | repeat) pick 1 1 2 3 ;;
	walk_steps) pick 1 20 ;;
	mix) pick '' '' memcpy:3,memset cyclic memcpy:0 nothing ;;
	channel | rx_channel) pick '' '' "$channel" dma99chan0 "$channel,$channel" ;;
	cases) pick caps queue.submit_does_not_start walk.random nothing ;;
	waive) pick '' caps nothing ;;
	align) pick 0 1 2 4 64 3 ;;
	*)
		eval "rest=\$knob_$1"
		case $rest in
		*" words="*)
			rest=${rest#* words=}
			IFS=,
			# shellcheck disable=SC2086
			set -- ${rest%% #*}
			unset IFS
			pick "$@"
			;;
		*) pick 0 0 1 1 2 4 16 50 ;;
		esac
		;;
	esac
}

# some_good JOB: a few knobs of a job that runs; with more of them most are refused
some_good() {
	draw 4
	more=$drawn
	while [ "$more" -ge 0 ]; do
		more=$((more - 1))
		# shellcheck disable=SC2086
		pick $FREE
		one=$text
		good "$one"
		echo "$text" > "$ROOT/$1/$one"
	done 2> "$SCRATCH/said"
}

# During a run: controls, and what is refused.
during() {
	draw 4
	more=$drawn
	while [ "$more" -gt 0 ]; do
		more=$((more - 1))
		junk pause
		draw 2
		[ "$drawn" = 0 ] || pick pause resume terminate 1
		put "$ROOT/$job/control"
		junk 5
		put "$ROOT/$job/depth"
	done
}

runs_or_says_why_not() {
	sow $((SEED + 5))
	started=0
	i=0
	while [ $i -lt $((STEPS / 4)) ]; do
		i=$((i + 1))
		# shellcheck disable=SC2086
		fresh wild $BOUNDS
		keys_of $ROOT/wild/status
		form=$keys
		some_good wild
		text=1
		if echo 1 2> "$SCRATCH/said" > $ROOT/wild/run; then
			started=$((started + 1))
			during
			echo 0 > $ROOT/wild/run || astray $ROOT/wild/run "does not stop"
			has_status "done" stopped failed
			[ "$(value status state)" != failed ] || has_reason "failed"
		else
			has_reason "was refused"
		fi
		status_keeps_its_form
		holds $ROOT/wild/run
		[ "$held" = 0 ] || astray $ROOT/wild/run "still runs"
		# What is neither 0 nor 1 starts nothing.
		pick 2 on y 11 10 -1 '1 1' '0x1' '' '1\01' true '0\n1'
		{ printf '%b' "$text" > $ROOT/wild/run; } 2> "$SCRATCH/said" && [ -n "$text" ] &&
			astray $ROOT/wild/run "was taken"
		holds $ROOT/wild/run
		[ "$held" = 0 ] || astray $ROOT/wild/run "was started by it"
	done
	[ $started -gt 0 ] || fail "none of them ran"
}

takes_defects_and_faults() {
	sow $((SEED + 6))
	defects=$(sed 's/ .*//' $SIM/defects)
	i=0
	while [ $i -lt $((STEPS / 2)) ]; do
		i=$((i + 1))
		lines_for "fault fault_every fault_at"
		throw_lines $SIM/dmasim.0/fault
		# shellcheck disable=SC2086
		pick $defects none
		junk "$text every=3"
		throw_lines $SIM/dmasim.0/defect
		cat $SIM/dmasim.0/fault > "$SCRATCH/fault"
		cat "$SCRATCH/fault" > $SIM/dmasim.0/fault || fail "fault does not take what it gives"
	done
	echo "fault=none fault_every=1 fault_at=0" > $SIM/dmasim.0/fault || return 1
	echo none > $SIM/dmasim.0/defect
}

tells_peripherals() {
	sow $((SEED + 7))
	i=0
	while [ $i -lt $((STEPS / 2)) ]; do
		i=$((i + 1))
		pick "$SIM"/dmasim.0/peripheral/*
		file=$text
		lines_for "reset release after result epoch"
		put "$file"
		cat "$file" > /dev/null || astray "$file" "cannot be read"
	done
	for file in "$SIM"/dmasim.0/peripheral/*; do
		echo reset=1 > "$file" || return 1
	done
	for file in stall0 fail0; do
		echo after=4096 > $SIM/dmasim.0/peripheral/$file || return 1
	done
	echo result=aborted > $SIM/dmasim.0/peripheral/fail0
}

# Devices of any shape: they come, or do not and say why by an errno.
lives() {
	junk 1
	put "$CONFIG/junk/live"
	echo 1 2> "$SCRATCH/said" > $CONFIG/junk/live
	holds $CONFIG/junk/live
	if [ "$held" = 1 ]; then
		cat $CONFIG/junk/channel_names $SIM/"$(cat $CONFIG/junk/device)"/* \
			$ROOT/channels $ROOT/ops > /dev/null 2>&1
		# shellcheck disable=SC2086
		pick $SHAPES
		file=$text
		holds "$CONFIG/junk/$file"
		before=$held
		junk "$before"
		put "$CONFIG/junk/$file" && [ -n "$text" ] && astray "$file" "was taken while live"
		holds "$CONFIG/junk/$file"
		[ "$held" = "$before" ] || astray "$file" "has changed while live"
	fi
	echo 0 > $CONFIG/junk/live || fail "cannot be taken down"
}

takes_knobs_of_a_device() {
	sow $((SEED + 8))
	mkdir $CONFIG/junk || return 1
	i=0
	while [ $i -lt "$STEPS" ]; do
		i=$((i + 1))
		# shellcheck disable=SC2086
		pick $SHAPES
		throw "$CONFIG/junk/$text"
		[ $((i % 16)) != 0 ] || lives
	done
	{ echo x > $CONFIG/junk/device; } 2> /dev/null && fail "device can be written"
	{ echo x > $CONFIG/junk/channel_names; } 2> /dev/null && fail "channel_names can be written"
	rmdir $CONFIG/junk
}

names_devices() {
	sow $((SEED + 9))
	i=0
	while [ $i -lt $((STEPS / 4)) ]; do
		i=$((i + 1))
		junk device
		name_of=$(printf '%b' "$text" | tr -d '/\000')
		case $name_of in
		. | ..) continue ;;
		esac
		mkdir "$CONFIG/$name_of" 2> "$SCRATCH/said" || continue
		draw 2
		[ "$drawn" = 0 ] || echo 1 > "$CONFIG/$name_of/live" || astray $CONFIG "no device"
		rmdir "$CONFIG/$name_of" || astray $CONFIG "cannot be removed"
	done
	[ -z "$(ls $CONFIG)" ] || fail "left over: $(ls $CONFIG)"
}

# Beside each other. Each draws from a seed of its own, and none expects anything.

some_job() {
	pick aa bb cc
	one_job=$text
}

throws_at_jobs() {
	some_job
	# shellcheck disable=SC2086
	pick $FREE
	file=$ROOT/$one_job/$text
	good "$text"
	draw 3
	[ "$drawn" = 0 ] && [ "${file##*/}" != iterations ] && junk 1
	put "$file"
}

runs_jobs() {
	some_job
	pick 1 1 1 0 junk
	put "$ROOT/$one_job/run"
	pick pause resume terminate resume terminate resume x
	put "$ROOT/$one_job/control"
}

makes_jobs() {
	some_job
	echo "$one_job" > $ROOT/new && echo $BOUNDS > "$ROOT/$one_job/config"
	draw 4
	[ "$drawn" != 0 ] || echo "$one_job" > $ROOT/del
}

makes_devices() {
	pick xx yy
	one=$CONFIG/$text
	mkdir "$one"
	# shellcheck disable=SC2086
	pick $SHAPES
	file=$text
	holds "$one/$file"
	junk "$held"
	put "$one/$file"
	pick 2 3
	put "$one/channels"
	pick 1 1 0 x
	put "$one/live"
	draw 3
	[ "$drawn" != 0 ] || rmdir "$one"
}

tells_providers() {
	pick "$SIM"/*/fault "$SIM"/*/peripheral/* "$SIM"/*/defect
	file=$text
	case $file in
	*/fault) lines_for "fault fault_every fault_at" ;;
	*/defect) junk none ;;
	*) lines_for "reset release after result" ;;
	esac
	put "$file"
}

reads_all() {
	find $ROOT $SIM $CONFIG -type f ! -name control ! -name finished ! -name new ! -name del \
		-exec cat {} + > /dev/null
}

# beside NUMBER TIMES FUNCTION: one that works beside others
beside() {
	mkdir -p "$SCRATCH/$1"
	SCRATCH=$SCRATCH/$1
	sow $((SEED + 100 * $1))
	i=0
	while [ $i -lt "$2" ]; do
		i=$((i + 1))
		"$3"
	done > /dev/null 2>&1
}

ends_what_runs() {
	for one_job in "$ROOT"/*/; do
		one_job=${one_job%/}
		[ "${one_job##*/}" = default ] || echo "${one_job##*/}" > $ROOT/del ||
			fail "${one_job##*/} cannot be removed"
	done
	remove_all
	[ -z "$(ls $CONFIG)" ] || fail "left over: $(ls $CONFIG)"
	echo "fault=none" > $SIM/dmasim.0/fault || return 1
	echo none > $SIM/dmasim.0/defect
}

many_at_once() {
	writers=
	number=0
	for word in throws_at_jobs throws_at_jobs runs_jobs runs_jobs makes_jobs makes_devices \
		makes_devices tells_providers; do
		number=$((number + 1))
		beside $number $((STEPS / 2)) $word &
		writers="$writers $!"
	done
	beside 9 $((STEPS / 20)) reads_all &
	# shellcheck disable=SC2086
	wait $writers $!
	ends_what_runs
}

all_is_well_afterwards() {
	fresh afterwards
	run_ok iterations=200 size=4K
	run_ok op=memset
	job=default
	run_ok iterations=200 channel="$channel"
}

unloads_afterwards() {
	remove_all
	unload
}

begin
echo "# DMABENCH_SEED=$SEED"
need_of "the modules are there, and no other provider" brings_the_modules
KNOBS=
while read -r name_of_knob rest; do
	KNOBS="$KNOBS $name_of_knob"
	eval "knob_$name_of_knob=\" \$rest\""
	case $LIMITED in
	*" $name_of_knob "*) ;;
	*) FREE="$FREE $name_of_knob" ;;
	esac
done < $ROOT/knobs
SHAPES=$(sed 's/ .*//' $SIM/knobs)
case_of "junk in the knobs of a job" takes_knobs_of_a_job
case_of "junk in its config" takes_lines_of_a_job
case_of "junk as names of jobs" names_jobs
case_of "junk in what can only be read" is_read_only
case_of "runs with any knobs" runs_or_says_why_not
case_of "junk as faults and defects of a provider" takes_defects_and_faults
case_of "junk for its peripherals" tells_peripherals
case_of "junk in the knobs of a device" takes_knobs_of_a_device
case_of "junk as names of devices" names_devices
case_of "jobs and devices that many write at once" many_at_once
case_of "all works afterwards" all_is_well_afterwards
case_of "the modules unload afterwards" unloads_afterwards
finish
