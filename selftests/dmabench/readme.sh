#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# The README's lines for a board with nothing but a shell, typed as printed.
#
# DMABENCH_README names the file; its blocks that begin with `modprobe` are run.

cd "$(dirname "$0")" || exit 1
. ./lib.sh

blocks() {
	awk '/^```/ { inside = !inside; kept = 0; next }
	     inside && !kept { kept = ($1 == "modprobe") ? 1 : 2 }
	     inside && kept == 1 { print }' "$1"
}

typed_as_printed() {
	[ -r "$DMABENCH_README" ] || skip "DMABENCH_README names no file"
	[ -z "$DMABENCH_CHANNEL" ] || skip "types what needs dmasim"
	have_module dmasim || skip "there is no module dmasim"
	unload
	blocks "$DMABENCH_README" > "$SCRATCH/typed"
	[ -s "$SCRATCH/typed" ] || fail "the README has no such block"
	cd / || return 1
	sh -e -x "$SCRATCH/typed" > "$SCRATCH/seen" 2>&1 || fail "$(cat "$SCRATCH/seen")"
	cat "$SCRATCH/seen"
	grep -q 'state: done' "$SCRATCH/seen" || fail "no result was shown"
}

begin
case_of "the README's lines work as printed" typed_as_printed
finish
