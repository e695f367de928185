#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Every knob that the module has: its bounds, and what it must refuse. The list
# is the module's own, so a new knob is tested without a change here.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

word_of() {
	echo "$2" | sed -n "s/.* $1=\([^ ]*\).*/\1/p"
}

reads_back() {
	[ "$(cat "$1")" = "$2" ] || fail "$1 reads '$(cat "$1")' after '$2' was written"
}

number_knob() {
	echo "$2" > "$1" || fail "$1 refuses its minimum $2"
	reads_back "$1" "$2"
	echo "$3" > "$1" || fail "$1 refuses its maximum $3"
	reads_back "$1" "$3"
	if [ "$3" -lt 9223372036854775807 ]; then
		refused "$ERANGE" "$1" $((${2} - 1))
		refused "$ERANGE" "$1" $((${3} + 1))
		refused "$ERANGE" "$1" 9223372036854775807
		refused "$ERANGE" "$1" 9999999999G
	fi
	refused "$ERANGE" "$1" 99999999999999999999
	refused "$EINVAL" "$1" ""
	refused "$EINVAL" "$1" abc
	refused "$EINVAL" "$1" "1 2"
	refused "$EINVAL" "$1" 1KK
	refused "$EINVAL" "$1" K
	refused "$EINVAL" "$1" 1.5
	refused "$EINVAL" "$1" 0x
	reads_back "$1" "$3"
}

word_knob() {
	for word in $(echo "$2" | tr , ' '); do
		echo "$word" > "$1" || fail "$1 refuses its word $word"
		reads_back "$1" "$word"
	done
	refused "$EINVAL" "$1" ""
	refused "$EINVAL" "$1" "${word}x"
	refused "$EINVAL" "$1" "$word $word"
	refused "$EINVAL" "$1" 0
	reads_back "$1" "$word"
}

text_knob() {
	long=$(printf "%0${2}d" 0)
	echo "$long" > "$1" || fail "$1 refuses $2 characters"
	reads_back "$1" "$long"
	refused "$E2BIG" "$1" "${long}0"
	refused "$EINVAL" "$1" "a b"
	refused "$EINVAL" "$1" "$(printf 'a\001b')"
	echo > "$1" || fail "$1 refuses to be empty"
	reads_back "$1" ""
}

knob() {
	job=knobtest
	file=$ROOT/knobtest/$1
	preset=$(cat "$file")
	case $2 in
	*" words="*)
		word_knob "$file" "$(word_of words "$2")"
		;;
	*" length="*)
		text_knob "$file" "$(word_of length "$2")"
		;;
	*" min="*)
		number_knob "$file" "$(word_of min "$2")" "$(word_of max "$2")"
		;;
	*)
		fail "no bounds: $2"
		;;
	esac
	echo "$preset" > "$file"
}

takes_suffixes_and_hex() {
	job=knobtest
	for pair in 4K=4096 4k=4096 1M=1048576 0x40=64 0x1K=1024; do
		echo "${pair%=*}" > $ROOT/knobtest/size || fail "size refuses ${pair%=*}"
		reads_back $ROOT/knobtest/size "${pair#*=}"
	done
}

says_why_it_refuses() {
	job=knobtest
	refused "$ERANGE" $ROOT/knobtest/depth 5000
	value status reason | grep -q '^depth: .*5000.*1.*1024' ||
		fail "reason: '$(value status reason)'"
	# Nobody can write a line of status.
	printf '7\nerrno: -5\033\377' > $ROOT/knobtest/depth 2> /dev/null && fail "depth took lines"
	must status errno 0
	LC_ALL=C grep -q '[^ -~]' $ROOT/knobtest/status && fail "status: $(cat $ROOT/knobtest/status)"
	echo 5 > $ROOT/knobtest/depth
	must status reason ""
}

configures_in_bulk() {
	job=knobtest
	printf '# a comment\ndepth=9\n\nbatch=3 size=8K\n' > $ROOT/knobtest/config || return 1
	reads_back $ROOT/knobtest/depth 9
	reads_back $ROOT/knobtest/batch 3
	reads_back $ROOT/knobtest/size 8192
	cat $ROOT/knobtest/config > "$SCRATCH/config"
	cat "$SCRATCH/config" > $ROOT/knobtest/config || fail "config does not take what it gives"
	cat $ROOT/knobtest/config | cmp -s - "$SCRATCH/config" || fail "config changed"
}

bulk_is_all_or_nothing() {
	job=knobtest
	cat $ROOT/knobtest/config > "$SCRATCH/before"
	refused "$ERANGE" $ROOT/knobtest/config "depth=11 batch=0"
	refused "$ENOENT" $ROOT/knobtest/config "depth=11 deep=1"
	refused "$EINVAL" $ROOT/knobtest/config "depth=11 batch"
	refused "$EINVAL" $ROOT/knobtest/config "depth=11 op=mamcpy"
	refused "$ENOENT" $ROOT/knobtest/config "depth=11 =5"
	cat $ROOT/knobtest/config | cmp -s - "$SCRATCH/before" || fail "config changed by half"
}

refuses_what_is_no_text() {
	job=knobtest
	refused "$E2BIG" $ROOT/knobtest/config "$(printf '#%05000d' 0)"
	printf 'depth=1\0batch=1' > $ROOT/knobtest/config 2> /dev/null && fail "config took a NUL"
	printf '5\0' > $ROOT/knobtest/depth 2> /dev/null && fail "depth took a NUL"
	dd if=/dev/urandom of=$ROOT/knobtest/config bs=512 count=1 2> /dev/null &&
		fail "config took random bytes"
	: > $ROOT/knobtest/config
	# What a second write would continue was understood when the first one came.
	dd if=/dev/zero of=$ROOT/knobtest/depth bs=1 count=2 seek=1 2> /dev/null &&
		fail "depth took a write in the middle"
	return 0
}

files_cannot_be_misused() {
	(echo 1 > $ROOT/knobtest/result) 2> /dev/null && fail "result can be written"
	(cat $ROOT/new > /dev/null) 2> /dev/null && fail "new can be read"
	(echo 1 > $ROOT/version) 2> /dev/null && fail "version can be written"
	(mkdir $ROOT/knobtest/folder) 2> /dev/null && fail "folders can be made"
	mode=$(stat -c %a $ROOT)
	[ "$mode" = 700 ] || fail "the root has mode $mode"
}

makes_the_job() {
	have_module dmabench || skip "there is no module dmabench"
	[ -d $ROOT ] || modprobe dmabench || return 1
	[ ! -d $ROOT/knobtest ] || echo knobtest > $ROOT/del
	echo knobtest > $ROOT/new
	[ -d $ROOT/knobtest ]
}

begin
need_of "the module is there" makes_the_job
if [ -f $ROOT/knobs ]; then
	while read -r name_of_knob rest; do
		case_of "knob $name_of_knob" knob "$name_of_knob" " $rest"
	done < $ROOT/knobs
fi
case_of "suffixes and hexadecimal numbers" takes_suffixes_and_hex
case_of "a refusal says why" says_why_it_refuses
case_of "many knobs in one write" configures_in_bulk
case_of "one write is all or nothing" bulk_is_all_or_nothing
case_of "what is no text is refused" refuses_what_is_no_text
case_of "files cannot be misused" files_cannot_be_misused
finish
