# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# lib.sh, which comes first, sets SCRATCH; what is drawn here is used by those who ask:
# shellcheck disable=SC2034,SC2154
#
# Texts that nobody should write to a file, drawn from a seed. Nothing here starts a
# process for a draw: a guest that is emulated makes hundreds of them.

# What was drawn last. A NUL in $text is always \0000.
drawn=0
state=1
text=

# sow SEED: all that is drawn from here on follows from it
sow() {
	state=$(($1 % 2147483647 + 1))
	draw 2
	draw 2
}

# draw N: a number below N, in $drawn
draw() {
	state=$(((state * 1103515245 + 12345) % 2147483648))
	drawn=$((state / 256 % $1))
}

# pick WORD...: one of them, in $text
pick() {
	draw $#
	shift "$drawn"
	text=$1
}

# bytes N: so many of any value, NULs and line feeds too, as printf's %b reads them
bytes() {
	text=
	left=$1
	while [ "$left" -gt 0 ]; do
		left=$((left - 1))
		draw 256
		text="$text\\0$((drawn / 64))$((drawn / 8 % 8))$((drawn % 8))"
	done
}

# crop N: the first N characters of $text
crop() {
	while [ ${#text} -gt "$1" ]; do
		text=${text%?}
	done
}

# What is longer than a value, a page, two pages.
ZEROS300=$(printf '%0300d' 0)
ZEROS4095=$(printf '%04095d' 0)

# What is no number, or none that fits, or one that looks like none.
odd_number() {
	pick -1 -0 +1 0x 0xg 0x10 08 010 1.5 1e3 '1 2' '1,2' K 4KK 4k 4T 0x1K -1K 1- 0b1 ' 7 ' '7\t' \
		'7\n' '\n7' '7\n8' '7\0000' '\0007' 2147483648 4294967296 4294967297 \
		9223372036854775807 9223372036854775808 18446744073709551615 18446744073709551616 \
		18446744073709551617 36893488147419103233 9999999999G 18014398509481984K \
		18014398509481985K 0x10000000000000001 99999999999999999999999999 "$ZEROS300"
}

# What means something to a shell, to printf, to a path, or to a reader of lines.
odd_word() {
	pick %s%n%n%x '%999999d' ../../etc/passwd . .. / // '*' '?' '[' '[a-' '$(id)' \
		'\033[31mred' 'a b' 'a\tb' 'a\n' '\na' 'x\nerrno: 0' 'x\nstate: idle' \
		"'" '"' '\\' = == =1 a= , ,, a,,b -, none,none all,-all -none '#' '# a' '\0000' '\0000\0000' \
		'\0200' '\0303\0244' '\0355\0240\0200' '\0376\0377' '\r' 'a\r\n' '\0177' "$ZEROS300" \
		"$ZEROS4095" "$ZEROS4095"0 "$ZEROS4095"00 "$ZEROS4095$ZEROS4095"
}

# mutated VALUE: a good value, with something done to it
mutated() {
	text=$1
	draw 7
	case $drawn in
	0) text="$text$text" ;;
	1) text="$text,$text" ;;
	2) text="$text $text" ;;
	3) text="${text}x" ;;
	4) text=${text%?} ;;
	5) text="$text\\0000$text" ;;
	6) text="$text\\n$text" ;;
	esac
}

# junk VALUE: something to write where VALUE would be right, in $text for printf's %b
junk() {
	draw 6
	case $drawn in
	0)
		draw 40
		bytes "$drawn"
		;;
	1 | 2) odd_number ;;
	3) odd_word ;;
	4) mutated "$1" ;;
	5) text=$1 ;;
	esac
}

# What the last writer was told, in $SCRATCH/said; whether $text went in one call, which is
# when it has an effect whole or not at all.
whole=1

dd_put() {
	printf '%b' "$2" > "$SCRATCH/text"
	dd if="$SCRATCH/text" of="$1" conv=notrunc "$3" "$4" 2> "$SCRATCH/said"
}

# put FILE: write $text there in one of the ways in which a file can be written
put() {
	whole=1
	# The shell writes what is longer in pieces.
	[ ${#text} -lt 1000 ] || whole=0
	draw 12
	case $drawn in
	0)
		# Twice, by one who keeps the file open.
		whole=0
		{ printf '%b' "$text" && printf '%b' "$text"; } 2> "$SCRATCH/said" > "$1"
		;;
	1) printf '%b\n' "$text" 2> "$SCRATCH/said" >> "$1" ;;
	2)
		# Maybe not from the beginning.
		whole=1
		draw 3
		dd_put "$1" "$text" bs=70000 seek="$drawn"
		;;
	3)
		# A byte at a time.
		whole=0
		crop 30
		dd_put "$1" "$text" bs=1 seek=0
		;;
	4)
		# More in one call than any value has; configfs takes a page of it.
		whole=1
		case $1 in
		*/config/*) whole=0 ;;
		esac
		dd_put "$1" "$text\n$ZEROS4095$ZEROS4095" bs=70000 seek=0
		;;
	5 | 6 | 7) printf '%b\n' "$text" 2> "$SCRATCH/said" > "$1" ;;
	*) printf '%b' "$text" 2> "$SCRATCH/said" > "$1" ;;
	esac
}
