# SPDX-License-Identifier: GPL-2.0-only
"""Commit faults in a debug kernel, and see that it reports each, as KTAP.

    python3 tools/check/planted.py TARGET

A kernel that says nothing has found nothing wrong, or does not look. The faults are those of
the module tools/planted. Each has its part of the kernel log, which is read by the lab's guard.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from lab import guard  # noqa: E402  # pylint: disable=wrong-import-position

# What the guard has to be told of each; nothing where all is right.
REPORTS = {
    "race_marked": None,
    "race_locked": None,
    "race_plain": r"KCSAN: data-race in step_plain",
    "lock_order": r"possible circular locking dependency",
    "sleep_atomic": r"sleeping function called from invalid context",
    "shift_too_far": r"UBSAN: shift-out-of-bounds",
    "unmap_other_size": r"DMA-API: .*different size",
    "free_active_timer": r"ODEBUG: free active",
    "leak": r"kmemleak: \d+ new suspected",
    "use_after_free": r"KASAN: .*use-after-free in use_after_free",
}
# In this order: the first report of lockdep is its last, and that of KASAN is the last of both.
USUAL = ["lock_order", "sleep_atomic", "shift_too_far", "unmap_other_size", "free_active_timer"]
FAULTS = {
    "uml-7.2-debug": [*USUAL, "use_after_free"],
    "x86_64-debug": [*USUAL, "leak", "use_after_free"],
    "x86_64-kcsan": ["race_marked", "race_locked", "race_plain"],
}
# Memory is a leak at the age of five seconds, and when a second look finds it unchanged.
COMMIT = r"""
echo on 2> /dev/null > /sys/kernel/debug/kcsan
for fault in {faults}; do
	echo "<4>planted: part $fault" > /dev/kmsg
	modprobe planted fault=$fault || echo "$fault cannot be committed"
	rmmod planted
	[ $fault != leak ] || for turn in 1 2; do
		sleep 6
		echo scan > /sys/kernel/debug/kmemleak
	done
done
"""


def parts(log: str) -> dict[str, list[str]]:
    """Return the lines of a kernel log by the fault that was being committed."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in log.splitlines():
        match = re.search(r"planted: part (\S+)$", line)
        if match:
            lines = found.setdefault(match[1], [])
        else:
            lines.append(line)
    return found


def verdict(fault: str, lines: list[str] | None) -> str:
    """Return what is wrong with the part of a fault, nothing if all is as it should be."""
    if lines is None:
        return "was not committed"
    report = REPORTS[fault]
    found = guard.check(lines)
    seen = [finding.line for finding in found]
    if report is None:
        return f"was reported: {seen}" if seen else ""
    # Newer kernels say in the second line of a warning what it is about.
    if not any(re.search(report, line) for finding in found
               for line in (finding.line, *finding.context)):
        return f"was not reported, the kernel said {seen or 'nothing'}"
    return ""


def main(target: str) -> int:
    """Commit all faults that the kernel of a target is to find; return the exit code."""
    out = Path("out/check") / f"planted-{target}"
    # Not elsewhere: it is slow, and blind in user-mode Linux.
    options = ["--cmdline", "kmemleak=on"] if "leak" in FAULTS[target] else []
    done = subprocess.run(
        ["/usr/bin/python3", "tools/lab", "run", target, "--driver", "planted", "--out", str(out),
         *options, "--", COMMIT.format(faults=" ".join(FAULTS[target]))],
        check=False, text=True, capture_output=True)
    try:
        found = parts((out / "dmesg.txt").read_text(encoding="utf-8", errors="replace"))
    except OSError:
        found = {}
        print("\n".join(f"# {line}" for line in done.stderr.splitlines()[-20:]))
    cases = [(f"{fault} is {'reported' if REPORTS[fault] else 'not reported'}",
              verdict(fault, found.get(fault))) for fault in FAULTS[target]]
    cases.append(("the lab fails the run", "" if done.returncode == 1
                  else f"it ended with {done.returncode}: {done.stdout}{done.stderr}"))
    print(f"KTAP version 1\n1..{len(cases)}")
    for number, (what, wrong) in enumerate(cases, 1):
        if wrong:
            print("\n".join(f"# {line}" for line in wrong.splitlines()[:20]))
        print(f"{'not ok' if wrong else 'ok'} {number} planted.{target}: {what}")
    return 1 if any(wrong for _what, wrong in cases) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
