# SPDX-License-Identifier: GPL-2.0-only
"""Looks for trouble in a kernel log, whatever the command said of itself."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lab.target import Allowed

# What a sound kernel never says. Case counts: "BUG" is a report, "Debug" is not.
_TROUBLE = re.compile("|".join((
    r"\bWARNING:",
    r"\bBUG\b",
    r"\bOops\b",
    r"\bINFO: (task|rcu|trying to register|lockdep|possible|inconsistent|suspicious)",
    r"Kernel panic",
    r"Internal error:",
    r"Unable to handle kernel",
    r"general protection fault",
    r"unable to handle (page fault|kernel)",
    r"\b(KASAN|KCSAN|KMSAN|KFENCE|UBSAN|ODEBUG)\b:",
    r"\bDMA-API\b: (?!preallocated \d+ debug entries$|debugging enabled by kernel config$)",
    r"kmemleak: \d+ new suspected",
    r"(possible|suspicious) (circular|recursive|RCU)",
    r"DEBUG_LOCKS_WARN_ON",
    r"soft lockup|hard LOCKUP",
    r"blocked for more than \d+ seconds",
    r"detected (expedited )?stalls?\b|self-detected stall",
    r"workqueue lockup|hogged CPU for",
    r"refcount_t:",
    r"usage count underflow",
    r"list_(add|del) corruption|slab corruption|Poison overwritten|Redzone overwritten",
    r"scheduling while atomic|sleeping function called from invalid context",
    r"page allocation failure|invoked oom-killer|Out of memory:",
    r"\bsegfault at\b|unhandled signal|traps: \S+\[\d+\]",
    r"nobody cared|unchecked MSR access",
    r"Trying to (free already-free|vfree)|Bad page (state|map)|stack smashing|stack-protector:",
    r"cannot create duplicate filename|tried to init an initialized object",
    r"module is already loaded|Unknown symbol|disagrees about version of symbol",
)))
_STAMP = re.compile(r"^(?:<\d+>)?\[\s*\d+\.\d+\](?:\[\s*[TC]\d+\])?\s?")
_END = re.compile(r"---\[ end (trace|Kernel panic)")
_CONTEXT = 14


@dataclass(frozen=True)
class Finding:
    """One report of the kernel: the line that gave it away and those that follow it."""

    line: str
    context: tuple[str, ...]


def plain(line: str) -> str:
    """Return a line of the log without its level and time stamp."""
    return _STAMP.sub("", line.rstrip("\r\n"))


# What the lab itself brings about where a guest hangs, see control.py.
ASKED = "Kernel panic - not syncing: NMI: Not continuing"
_FRAME = re.compile(r"^ [^?]\S*\+0x[0-9a-f]+/0x[0-9a-f]+")


def whereabouts(lines: Iterable[str]) -> list[str]:
    """Return what each CPU was at when an NMI made the kernel tell: its task and its stack."""
    found: list[str] = []
    stack = None
    for line in lines:
        text = plain(line)
        if text.startswith("NMI backtrace for cpu "):
            stack = "NMI"
        elif stack is None:
            continue
        elif match := re.match(r"(CPU: \d+) .*?(PID: \d+ Comm: \S+)", text):
            found.append(f"{match[1]} {match[2]}")
        elif match := re.match(r" <(/?)(NMI|IRQ|TASK)>", text):
            stack = "" if match[1] else match[2]
        elif text.startswith("RIP: ") and stack != "TASK" or _FRAME.match(text) and stack != "NMI":
            found.append(f"  {text.strip()}")
    return found


def merge(console: str, dmesg: str) -> list[str]:
    """Return the lines of both logs, those of the console first, each once.

    The console lacks what was too quiet for it, the guest's own log all that came after a
    crash. Stamps make lines that are repeated by the kernel differ.
    """
    lines = [line.rstrip("\r") for line in console.split("\n")]
    seen = set(lines)
    return lines + [line for line in dmesg.splitlines() if line not in seen]


def check(lines: Iterable[str], allowed: Iterable[Allowed] = ()) -> list[Finding]:
    """Return what the guard objects to, one finding for each report.

    A report ends at the kernel's end mark or after a few lines; what else matches within it
    belongs to it.
    """
    passes = [re.compile(item.match) for item in allowed]
    found: list[Finding] = []
    report: list[str] = []
    title = ""

    def close() -> None:
        nonlocal title
        if title:
            found.append(Finding(title, tuple(report)))
        report.clear()
        title = ""

    for line in lines:
        text = plain(line)
        if title:
            report.append(text)
            if _END.search(text) or len(report) >= _CONTEXT:
                close()
            continue
        if _TROUBLE.search(text) and not any(rule.search(text) for rule in passes):
            title = text
    close()
    return found
