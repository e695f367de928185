#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# lint.sh [CHECK ...]: what must hold of the sources, check by check, as KTAP.
#
# Needs the Debian packages that `make lint` installs; kernel trees and headers
# come from the lab's cache.

set -u
cd "$(dirname "$0")/../.." || exit 1

PYTHON=${PYTHON:-/usr/bin/python3}
LAB="$PYTHON tools/lab"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# What is looked at: what git tracks, and what it would if it were added.
tracked() {
	git ls-files -co --exclude-standard -- "$@" | while read -r file; do
		[ -f "$file" ] && echo "$file"
	done
}

kernel_sources() {
	tracked 'module/*.c' 'module/*.h' 'selftests/*.c' 'selftests/*.h' 'tools/virtdma/*.c' \
		'tools/terminate_prepared/*.c' 'tools/planted/*.c'
}

# A kernel tree's own checkers, of the newest source that can be had.
source_tree() {
	for series in 7.2 6.12; do
		$LAB source $series --only scripts,tools/lib/python,tools/docs,Documentation/process 2> "$scratch/source" && return
	done
	cat "$scratch/source" >&2
	return 1
}

# The build may print what it does; what a compiler says has file:line: in it.
built_without_a_word() {
	$LAB modules "$@" > "$scratch/build" 2>&1
	local status=$?

	[ $status = 0 ] || tail -n 40 "$scratch/build"
	! grep -E '(warning|error):' "$scratch/build" && return $status
}

warnings_6_1() {
	built_without_a_word x86_64-6.1 W=1
}

# With sparse in the same build, which costs less than one of its own.
warnings_6_12() {
	built_without_a_word x86_64-6.12 W=1 C=2
}

warnings_7_2() {
	built_without_a_word uml-7.2 W=1
}

sparse() {
	built_without_a_word x86_64-6.12 C=2
}

# checkpatch takes any word that begins with case, such as case_wait(), for a label,
# and then the colon behind it for a label's: a copy that looks at whole words.
whole_words() {
	mkdir -p "$scratch/scripts"
	ln -sf "$1"/scripts/* "$scratch/scripts/"
	rm "$scratch/scripts/checkpatch.pl"
	sed -e 's,/^(case)/o,/^(case)\\b/o,' -e 's,(?:case\\s\*,(?:case\\b\\s*,' \
		"$1/scripts/checkpatch.pl" > "$scratch/scripts/checkpatch.pl"
	chmod +x "$scratch/scripts/checkpatch.pl"
}

checkpatch() {
	local tree headers

	tree=$(source_tree) || return 4
	whole_words "$tree"
	kernel_sources | grep -v '/trace\.h$' | xargs "$scratch/scripts/checkpatch.pl" --terse --no-summary \
		-f > "$scratch/out" || { cat "$scratch/out"; return 1; }
	# The layout that TRACE_EVENT() has all over the kernel.
	headers=$(kernel_sources | grep '/trace\.h$')
	[ -z "$headers" ] || echo "$headers" | xargs "$scratch/scripts/checkpatch.pl" --terse --no-summary \
		--ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT -f
}

checkpatch_userspace() {
	local tree

	tree=$(source_tree) || return 4
	# Userspace has no kernel types, macros or printing to prefer.
	tracked 'tools/*.c' 'tools/*.h' | grep -vE '^tools/(virtdma|terminate_prepared|planted)/' |
		xargs "$tree/scripts/checkpatch.pl" --terse --no-summary \
		--ignore NEW_TYPEDEFS,PREFER_KERNEL_TYPES,CONSTANT_COMPARISON,AVOID_EXTERNS,STRCPY \
		--ignore STRLCPY,PREFER_DEFINED_ATTRIBUTE_MACRO,CAMELCASE -f
}

kernel_doc() {
	local tree

	tree=$(source_tree) || return 4
	kernel_sources | xargs "$tree/scripts/kernel-doc" -none -Wall > "$scratch/out" 2>&1
	! grep -E '(warning|error)' "$scratch/out"
}

spelling() {
	tracked '*.c' '*.h' '*.sh' '*.py' '*.md' '*.ini' '*.toml' '*.1' 'Makefile' '*/Makefile' '*Kconfig' |
		xargs codespell
}

shell() {
	local files

	files=$(tracked '*.sh'; tracked | xargs grep -lIE '^#!.*\<(ba|da)?sh\>' |
		xargs awk 'FNR == 1 && /^#!/ { print FILENAME } { nextfile }')
	# Cases are called by name, which shellcheck takes for unreachable.
	echo "$files" | sort -u | xargs shellcheck -x -P SCRIPTDIR -S warning
}

python_flakes() {
	tracked '*.py' | xargs "$PYTHON" -m pyflakes
}

python_lint() {
	# One run for all: what it finds out about a library it finds out once.
	PYTHONPATH=tools:tools/coverage:tools/rules:tools/peers "$PYTHON" -m pylint --rcfile=.pylintrc --jobs=2 --score=n \
		tools/lab tools/report tools/coverage/apitable tools/rules/ruletable \
		tools/peers/peertable
}

# The table of the API, and the list of its names where the header is to be had.
coverage() {
	local tree

	if tree=$($LAB source 7.2 --only include/linux/dmaengine.h 2> /dev/null); then
		set -- --header "$tree/include/linux/dmaengine.h"
	fi
	"$PYTHON" tools/coverage --check "$@"
}

# The rules of the contract, their cases and defects.
rules() {
	"$PYTHON" tools/rules --check
}

# In a kernel tree the schema lies elsewhere, which is what its $id says.
bindings() {
	tracked 'docs/bindings/*.yaml' | xargs dt-doc-validate > "$scratch/schema" 2>&1
	! grep -vE '\$id: relative path|expected: http' "$scratch/schema"
}

licenses() {
	local bad=0

	while read -r file; do
		case $file in
		*.md | *.json | *.png | *.svg | *.html | COPYING | */settings | */config) continue ;;
		esac
		head -n 3 "$file" | grep -q 'SPDX-License-Identifier: GPL-2.0-only' ||
			{ echo "$file: no SPDX line"; bad=1; }
	done < <(tracked)
	return $bad
}

no_version_checks() {
	! tracked 'module/*' | grep -v '^module/compat-include/' |
		xargs grep -nE 'LINUX_VERSION_CODE|KERNEL_VERSION\('
}

no_places() {
	local bad=0 hosts

	# Where this clone lies, and the hosts that this machine fetches packages from.
	tracked | xargs grep -nIF -e "$(dirname "$PWD")/" && bad=1
	hosts=$(cat /etc/apt/sources.list /etc/apt/sources.list.d/* 2> /dev/null |
		grep -oE 'https?://[^/ ]+' | sed 's,.*//,,' | sort -u)
	for host in $hosts; do
		tracked | xargs grep -nIF -e "$host" && bad=1
	done
	return $bad
}

checks="warnings_7_2 warnings_6_12 warnings_6_1 checkpatch checkpatch_userspace kernel_doc
	spelling shell python_flakes python_lint bindings coverage rules licenses no_version_checks no_places"
[ $# = 0 ] || checks=$*

passed=0
failed=0
skipped=0
number=0
echo "KTAP version 1"
# shellcheck disable=SC2086
set -- $checks
echo "1..$#"
for check in "$@"; do
	number=$((number + 1))
	declare -F "$check" > /dev/null || { echo "lint: $check: no such check, choose from $checks" >&2; exit 2; }
	"$check" > "$scratch/$check" 2>&1
	case $? in
	0)
		passed=$((passed + 1))
		echo "ok $number lint.$check"
		;;
	4)
		skipped=$((skipped + 1))
		echo "ok $number lint.$check # SKIP $(tail -n 1 "$scratch/$check")"
		;;
	*)
		failed=$((failed + 1))
		sed 's/^/# /' "$scratch/$check"
		echo "not ok $number lint.$check"
		;;
	esac
done
echo "# Totals: pass:$passed fail:$failed skip:$skipped"
[ $failed = 0 ]
