# SPDX-License-Identifier: GPL-2.0-only
"""Run everything that must hold of the project, part by part, and count.

    python3 tools/check [--debug] [PART ...]

Each part is a command whose output is KTAP or pytest's. Its log goes to out/check/PART.log,
failed cases are printed with what they said, and the last line counts them all.
"""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
OUT = Path("out/check")
MAKEFILE = TOP / "selftests/dmabench/Makefile"
LAB = ["/usr/bin/python3", "tools/lab"]
EXIT_SKIPPED = 4
SHOWN_LINES = 30


@dataclass(frozen=True)
class Part:
    """One command: NAME of its log, what it IS in words, the COMMAND itself."""

    name: str
    what: str
    command: list[str]


@dataclass
class Count:
    """Cases that passed, failed and were skipped."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0

    def __iadd__(self, other: Count) -> Count:
        self.passed += other.passed
        self.failed += other.failed
        self.skipped += other.skipped
        return self

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"

    @property
    def total(self) -> int:
        """Number of all cases."""
        return self.passed + self.failed + self.skipped


def _guest(target: str, script: str, *options: str) -> list[str]:
    # Where KASAN is, the allocator's own checks add nothing; in UML they make its start WARN.
    checks = [] if target.endswith("debug") else ["--cmdline", "slub_debug=FZPU"]
    return [*LAB, "run", target, "--out", f"out/check/{target}", *checks, "--timeout", "3000",
            *options, "--", script]


def _selftests(target: str, *options: str, settings: str = "", share: str = "",
               programs: Sequence[str] = ()) -> Part:
    """All selftests in a guest, or those PROGRAMS that are called SHARE."""
    name = f"selftests-{target}" + (f"-{share}" if share else "")
    words = " ".join(["sh /kselftest/dmabench/run_tests.sh", *programs])
    return Part(name, f"{share or 'all'} selftests in a guest, {target}", _guest(
        target, f"{settings} DMABENCH_README=/root/README.md "
        f"DMABENCH_TRACING=/root/tracing.md {words}",
        "--no-modules", "--file", "README.md", "--file", "docs/tracing.md", *options,
        *(["--out", f"out/check/{target}-{share}"] if share else [])))


def _shares(target: str, *options: str, settings: str = "", **first: str) -> list[Part]:
    """All selftests in several guests: each share begins with its FIRST program."""
    listed = re.findall(r"^TEST_PROGS [:+]= (.*)", MAKEFILE.read_text(encoding="utf-8"),
                        re.MULTILINE)
    programs = " ".join(listed).split()
    starts = [programs.index(name) for name in first.values()]
    assert starts[0] == 0 and starts == sorted(starts)
    return [_selftests(target, *options, settings=settings, share=share,
                       programs=programs[start:end])
            for share, start, end in zip(first, starts, [*starts[1:], len(programs)])]


def _real(target: str, settings: str = "") -> Part:
    return Part(f"driver-{target}", f"verified transfers on a real driver, {target}", _guest(
        target, f"export DMABENCH_CHANNEL=dma0chan0 {settings}; "
        "sh /kselftest/dmabench/run_tests.sh lifecycle.sh knobs.sh refusals.sh transfers.sh ops.sh "
        "bound.sh"))


def _planted(target: str) -> Part:
    return Part(f"planted-{target}", f"faults that the kernel has to report, {target}",
                ["/usr/bin/python3", "tools/check/planted.py", target])


# What takes its time everywhere is done in full on User-Mode Linux. What goes through all
# completion contexts goes through half of them on either of two emulated machines.
EMULATED = ("DMABENCH_RESTARTS=40 DMABENCH_STEPS=150 DMABENCH_LOADS=10 "
            "DMABENCH_DEFECTS='start_at_submit len_off_by_one cb_twice caps_lie_pause'")
SOME = f"{EMULATED} DMABENCH_CONTEXTS='inline timer'"
OTHERS = f"{EMULATED} DMABENCH_CONTEXTS='softirq thread'"

# Debug kernels check each lock and each access: a twentieth of the work is enough, and there
# loading a module takes a second.
DEBUG = ("DMABENCH_EFFORT=5 DMABENCH_ITERATIONS=16 DMABENCH_RESTARTS=20 DMABENCH_STEPS=60 "
         "DMABENCH_LOADS=4 DMABENCH_CONTEXTS='softirq thread' "
         "DMABENCH_DEFECTS='start_at_submit cb_twice prep_null' "
         "kselftest_override_timeout=7200")
# Emulated, on a host that is busy elsewhere, what takes milliseconds may take seconds.
DEBUG_EMULATED = f"{DEBUG} DMABENCH_KNOBS='timeout_ms=30000 case_timeout_ms=120000'"
# What takes locks and runs side by side, and the conformance suite with its random walk; the
# rest is in make check-debug.
GROUPS = ("callback caps channel data pause prep public queue reuse slave status terminate "
          "walk").split()
CORE = ("lifecycle.sh jobs.sh robust.sh faces.sh unbind.sh control.sh mix.sh reuse.sh suite.sh "
        + " ".join(f"conform_{group}.sh" for group in GROUPS))
CORE_OPS = "DMABENCH_OPS='memcpy slave_sg cyclic'"

# Lint comes first: it builds what several others need. Then the longest.
PARTS = [
    Part("lint", "style, warnings, sparse, kernel-doc, spelling", ["tools/lint/lint.sh"]),
    _selftests("x86_64-6.12", "--driver", "dmatest", "--perf", settings=SOME),
    _selftests("x86_64-6.1", "--driver", "dmatest", settings=OTHERS),
    _selftests("uml-7.2"),
    Part("bounce-x86_64-6.12", "all mappings through bounce buffers, x86_64-6.12", _guest(
        "x86_64-6.12", "sh /kselftest/dmabench/run_tests.sh lifecycle.sh ops.sh unbind.sh "
        "timeout.sh", "--no-modules", "--cmdline", "swiotlb=force slub_debug=FZPU", "--out",
        "out/check/bounce-x86_64-6.12")),
    # Faults of pl330 in Debian's 6.1, docs/findings.md: threads that share a channel make it
    # WARN, several descriptors in flight unbalance its runtime PM count.
    _real("armhf-pl330", "DMABENCH_THREADS=1 DMABENCH_PERIPHERAL=dmabench-loopback "
          "DMABENCH_ALLOW='dma-pl330.*usage count underflow'"),
    _real("arm64-zynqmp"),
    Part("pytest-report", "the report", ["/usr/bin/python3", "-m", "pytest", "-q",
                                         "tools/report"]),
    Part("results", "a profile measured in a guest, and what its results say",
         ["/usr/bin/python3", "tools/check/results.py"]),
    Part("snapshot", "a guest restored from a snapshot, x86_64-6.12",
         ["/usr/bin/python3", "tools/check/snapshot.py"]),
    Part("perf-x86_64-6.12", "a profile by perf in a guest, and what it says",
         ["/usr/bin/python3", "tools/check/perf.py"]),
    Part("unit-command", "the command", ["make", "-s", "-C", "tools/dmabench", "check"]),
    Part("unit-module", "histogram, pattern, GF(2^8)", ["make", "-s", "-C", "tools/unit", "check"]),
    Part("pytest-lab", "the lab", ["/usr/bin/python3", "-m", "pytest", "-q", "tools/lab"]),
    Part("debug-uml-7.2", "the suite and what runs side by side, with KASAN and lockdep, "
         "uml-7.2-debug", _guest(
             "uml-7.2-debug", "cd /kselftest/dmabench && "
             f"{DEBUG} {CORE_OPS} sh run_tests.sh {CORE}", "--no-modules", "--out",
             "out/check/debug-uml-7.2")),
    Part("pytest-coverage", "the table of the API", ["/usr/bin/python3", "-m", "pytest", "-q",
                                                     "tools/coverage"]),
    Part("pytest-peers", "the comparison with dmatest and others", [
        "/usr/bin/python3", "-m", "pytest", "-q", "tools/peers"]),
    Part("pytest-rules", "the table of the rules", ["/usr/bin/python3", "-m", "pytest", "-q",
                                                    "tools/rules"]),
]

# Nobody waits for these, and a busy host makes them several times as long.
PATIENCE = ("--timeout", "14400")
# Only by their names, or all of them by make check-debug: they take long.
DEBUG_PARTS = [
    # In shares, as much of the time a guest waits for what a defect does not let end.
    *_shares("x86_64-debug", *PATIENCE, settings=DEBUG_EMULATED, provider="dmasim.sh",
             client="knobs.sh", suite="suite.sh", others="caught.sh"),
    _selftests("uml-7.2-debug", *PATIENCE, settings=DEBUG),
    _planted("uml-7.2-debug"),
    _planted("x86_64-debug"),
    # Not in UML, where kmemleak finds nothing whatever is lost.
    Part("kmemleak", "memory that is lost, x86_64-debug", _guest(
        "x86_64-debug", "sh /kselftest/dmabench/run_tests.sh leaks.sh", "--no-modules",
        "--cmdline", "kmemleak=on", "--out", "out/check/kmemleak")),
    _planted("x86_64-kcsan"),
    Part("kcsan", "data races, x86_64-kcsan", _guest(
        "x86_64-kcsan", f"echo on > /sys/kernel/debug/kcsan; {DEBUG_EMULATED} "
        "sh /kselftest/dmabench/run_tests.sh", "--no-modules", *PATIENCE)),
]

_CASE = re.compile(r"^[# ]*(not ok|ok) \d+ (.*)")
_PYTEST = re.compile(r"(\d+) (passed|failed|skipped|error)")


def count_log(log: str) -> Count:
    """Count the cases of a log: KTAP at its deepest level, or pytest's closing line.

    A line of a test program whose own cases were counted already is not counted again.
    """
    count = Count()
    inner = 0
    for line in log.splitlines():
        match = _CASE.match(line)
        if match:
            if match[2].startswith("selftests: ") and inner:
                inner = 0
                continue
            inner += 1
            if match[1] == "not ok":
                count.failed += 1
            elif "# SKIP" in match[2]:
                count.skipped += 1
            else:
                count.passed += 1
        elif re.match(r"^=* ?\d+ (passed|failed|skipped|error)", line):
            for number, word in _PYTEST.findall(line):
                if word == "passed":
                    count.passed += int(number)
                elif word == "skipped":
                    count.skipped += int(number)
                else:
                    count.failed += int(number)
    return count


def failures(log: str) -> list[str]:
    """Return the lines that tell what failed: the cases, and what they said before."""
    shown: list[str] = []
    said: list[str] = []
    for line in log.splitlines():
        match = _CASE.match(line)
        if match:
            if match[1] == "not ok":
                shown += said[-SHOWN_LINES:] + [line]
            said = []
        else:
            said.append(line)
    return shown


def run(part: Part) -> tuple[Count, int, str]:
    """Run a part with its output in its log; return the cases, the exit code and the log."""
    path = OUT / f"{part.name}.log"
    with path.open("w", encoding="utf-8") as file:
        code = subprocess.run(part.command, check=False, stdin=subprocess.DEVNULL, stdout=file,
                              stderr=subprocess.STDOUT).returncode
    log = path.read_text(encoding="utf-8", errors="replace")
    count = count_log(log)
    if code == EXIT_SKIPPED and not count.total:
        count.skipped = 1
    elif code and not count.failed:
        # It broke off, or something beside its cases went wrong.
        count.failed += 1
    elif not code and not count.total:
        # A part that tested nothing has proved nothing.
        count.failed += 1
    return count, code, log


def tell(part: Part, count: Count, code: int, log: str, seconds: float) -> None:
    """Print how a part ended, with what its failed cases said."""
    if count.failed:
        lines = failures(log)
        # What a guest that was killed says last is no case's.
        if code not in (0, 1) or not lines:
            lines += log.splitlines()[-SHOWN_LINES:]
        print("\n".join("    " + line for line in lines))
        print(f"    exit {code}, all of it in {OUT / part.name}.log")
    elif not count.passed:
        print("    " + "\n    ".join(log.splitlines()[-2:]))
    print(f"{part.name}: {count} in {seconds:.0f} s", flush=True)


def run_timed(part: Part) -> tuple[Part, Count, int, str, float]:
    """Run a part and take its time."""
    # In one piece: two threads print.
    print(f"{part.name}: {part.what} ...\n", end="", flush=True)
    started = time.monotonic()
    count, code, log = run(part)
    return part, count, code, log, time.monotonic() - started


def main(names: list[str]) -> int:
    """Run the parts of these names, or all, some at a time; return the exit code.

    A first name `--debug` takes those for debug kernels as all.
    """
    usual = PARTS
    if names[:1] == ["--debug"]:
        names, usual = names[1:], DEBUG_PARTS
    known = {part.name: part for part in PARTS + DEBUG_PARTS}
    for name in names:
        if name not in known:
            print(f"check: {name}: no such part, choose from {' '.join(known)}", file=sys.stderr)
            return 2
    chosen = [known[name] for name in names] or usual
    OUT.mkdir(parents=True, exist_ok=True)
    total = Count()
    # An emulated guest keeps one CPU busy, one with a debug kernel half of one; and no test
    # looks at times.
    with ThreadPoolExecutor(max_workers=3 if usual is DEBUG_PARTS else 2) as pool:
        for done, future in enumerate(as_completed(pool.submit(run_timed, part)
                                                   for part in chosen), 1):
            part, count, code, log, seconds = future.result()
            total += count
            print(f"[{done}/{len(chosen)}] ", end="")
            tell(part, count, code, log, seconds)
    print(total)
    return 1 if total.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
