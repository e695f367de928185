# SPDX-License-Identifier: GPL-2.0-only
"""Prove that the conformance cases bite: run them, and dmatest, on every planted defect.

    python3 tools/mutants [--target TARGET] [--only DEFECT ...] [--jobs N]
        [--write docs/mutants.md]

Each defect of dmasim is planted in a device of its own. The conformance suite and the
kernel's unmodified dmatest run on it, in one boot of a guest, and a table tells which case
has caught it, and whether dmatest has. A defect that no case of its rule catches fails the
run, as does a case that fails without any defect.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
LAB = ["/usr/bin/python3", "tools/lab"]
# Channels whose transfers can be looked at while they run; tried on what is not caught
# where transfers are over at once.
SHAPES = {
    "fast": "completion=softirq",
    "slow": "completion=thread bandwidth=8000000",
}
# Who claims what a device lacks needs a device that lacks it.
LACKS = {
    "caps_lie_directions": "directions=alternate",
    "caps_lie_pause": "omit=pause",
    "caps_lie_granularity": "granularity=segment",
}


@dataclass
class Defect:
    """A planted defect: NAME, the RULES that it breaks, its DESCRIPTION."""

    name: str
    rules: list[str]
    description: str


@dataclass
class Outcome:
    """What the suite and dmatest have said of one device."""

    failed: list[str] = field(default_factory=list)
    rules: dict[str, list[str]] = field(default_factory=dict)
    after: str = ""
    verdicts: int = 0
    hits: str = ""
    bailed_out: str = ""
    tests: int | None = None
    failures: int | None = None


def list_defects(text: str) -> list[Defect]:
    """Read the file `defects` of dmasim."""
    found = []
    for line in text.splitlines():
        match = re.match(r"(\S+) rules=(\S+) (.*)", line)
        if match:
            found.append(Defect(match[1], match[2].split(","), match[3]))
    return found


def read_dmatest(path: Path, outcome: Outcome) -> None:
    """Add what dmatest has counted; it is left out if there was none."""
    if not path.is_file():
        return
    text = path.read_text(encoding="utf-8", errors="replace")
    summaries = re.findall(r"summary (\d+) tests, (\d+) failures", text)
    threads = re.search(r"^threads: (\d+)", text, re.M)
    if not summaries and not threads:
        return
    outcome.tests = sum(int(tests) for tests, _ in summaries)
    outcome.failures = sum(int(failures) for _, failures in summaries)
    # A thread without an end is a failure that dmatest shows by hanging.
    if threads and len(summaries) < int(threads[1]):
        outcome.failures += int(threads[1]) - len(summaries)


def read_outcome(folder: Path, name: str) -> Outcome:
    """Read what a guest has left of one defect."""
    outcome = Outcome()
    path = folder / f"{name}.json"
    if not path.is_file():
        raise SystemExit(f"mutants: {path}: the suite left no results")
    suite = json.loads(path.read_text(encoding="utf-8"))["suite"]
    for line in suite["definitions"]:
        words = line.split()
        outcome.rules[words[0]] = words[1].removeprefix("rules=").split(",")
    for case in suite["cases"]:
        outcome.verdicts += 1
        if case["verdict"] == "failed":
            outcome.failed.append(case["name"])
            seen = re.search(r"seen after (.*) of the suite", case["said"])
            if seen and not outcome.after:
                outcome.after = seen[1]
    outcome.bailed_out = suite.get("bailed_out", "")
    hits = folder / f"{name}.hits"
    outcome.hits = hits.read_text(encoding="utf-8").strip() if hits.is_file() else ""
    read_dmatest(folder / f"{name}.dmatest", outcome)
    return outcome


def of_rule(defect: Defect, outcome: Outcome) -> list[str]:
    """Return the failing cases that are of a rule which the defect breaks."""
    return [name for name in outcome.failed
            if set(outcome.rules.get(name, ())) & set(defect.rules)]


def run_guest(target: str, shape: str, name: str, folder: Path, timeout: int) -> None:
    """Run the suite and dmatest on one defect in one boot; leaves their files in FOLDER.

    A boot for each: an engine that the suite could not stop is in quarantine until reboot.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.*"):
        old.unlink()
    words = f"{name}:{LACKS[name]}" if name in LACKS else name
    # User-mode Linux has it from its own build.
    driver = [] if target.startswith("uml") else ["--driver", "dmatest"]
    done = subprocess.run(
        [*LAB, "run", target, "--out", str(folder), "--timeout", str(timeout), *driver,
         "--file", "tools/mutants/guest.sh", "--",
         f"sh /root/guest.sh '{words}' '{SHAPES[shape]}'"],
        check=False, cwd=TOP, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        print(f"mutants: {name}: the guest ended with {done.returncode}: "
              f"{done.stderr.splitlines()[-1:]}", file=sys.stderr)


def row(defect: Defect, outcomes: dict[str, Outcome]) -> tuple[str, bool, bool | None]:
    """Return the table's line of a defect, whether it is caught, and whether by dmatest."""
    caught: list[str] = []
    others: list[str] = []
    soon = shape_of = ""
    dmatest: bool | None = None
    for shape, outcome in outcomes.items():
        own = of_rule(defect, outcome)
        if own and not caught:
            caught, soon, shape_of = own, outcome.after, shape
            others = [name for name in outcome.failed if name not in own]
        if outcome.failures is not None:
            dmatest = bool(dmatest) or outcome.failures > 0
    cases = "<br>".join(f"`{name}`" for name in caught[:3]) or "**not caught**"
    more = len(caught) - 3 + len(others) if caught else 0
    if more > 0:
        cases += f"<br>and {more} more"
    said = {True: "caught", False: "not caught", None: "not run"}[dmatest]
    return (f"| `{defect.name}` | {', '.join(defect.rules)} | {cases} | "
            f"{soon} ({shape_of}) | {said} |" if caught else
            f"| `{defect.name}` | {', '.join(defect.rules)} | {cases} | | {said} |",
            bool(caught), dmatest)


def page(defects: list[Defect], results: dict[str, dict[str, Outcome]], where: str) -> str:
    """Return the page for docs/; the counts are printed last."""
    rows, caught, by_dmatest, ran = [], 0, 0, 0
    for defect in defects:
        line, good, dmatest = row(defect, results[defect.name])
        rows.append(line)
        caught += good
        by_dmatest += dmatest is True
        ran += dmatest is not None
    print(f"dmatest: caught {by_dmatest} of {ran}")
    print(f"caught {caught} of {len(defects)}")
    return "\n".join([
        "# Planted defects, and who catches them", "",
        "Written by `make mutants`. Each line is a way in which drivers have been wrong, planted in",
        f"dmasim; the conformance suite and the kernel's unmodified dmatest ran on it in one boot ({where}).",
        "A case counts only if it is of a rule that the defect breaks. Cases do not know of defects.", "",
        f"- dmabench: caught {caught} of {len(defects)}",
        f"- dmatest: caught {by_dmatest} of {ran}", "",
        "| defect | rules | caught by | first failure after | dmatest |",
        "|---|---|---|---|---|", *rows, ""])


def outcome_of(args: argparse.Namespace, shape: str, name: str) -> Outcome:
    """Run one defect on a device of this shape and say what came of it."""
    folder = args.out / shape / name
    if not (args.resume and (folder / f"{name}.json").is_file()):
        run_guest(args.target, shape, name, folder, args.timeout)
    outcome = read_outcome(folder, name)
    print(f"{shape}: {name}: {len(outcome.failed)} cases fail", flush=True)
    return outcome


def main() -> int:
    """Run what the command line asks for; the exit code is 1 unless all is caught."""
    parser = argparse.ArgumentParser(prog="tools/mutants", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--target", default="uml-7.2")
    parser.add_argument("--only", action="append", default=[], metavar="DEFECT")
    parser.add_argument("--write", type=Path, metavar="FILE")
    # A suite waits for most of its time.
    parser.add_argument("--jobs", type=int, default=2, metavar="N", help="guests at a time")
    parser.add_argument("--resume", action="store_true",
                        help="take what an earlier run has left in the folder")
    parser.add_argument("--timeout", type=int, default=300, metavar="S")
    parser.add_argument("--out", type=Path, default=Path("out/mutants"))
    args = parser.parse_args()

    listing = subprocess.run([*LAB, "run", args.target, "--", "cat /sys/kernel/debug/dmasim/defects"],
                             check=True, cwd=TOP, stdin=subprocess.DEVNULL, capture_output=True,
                             text=True)
    defects = [defect for defect in list_defects(listing.stdout)
               if not args.only or defect.name in args.only]
    if not defects:
        print("mutants: there is no such defect", file=sys.stderr)
        return 2

    results: dict[str, dict[str, Outcome]] = {defect.name: {} for defect in defects}
    left, wrong = list(defects), []
    for shape in SHAPES:
        control = outcome_of(args, shape, "none")
        wrong += [f"{shape}: {name}" for name in control.failed]
        if control.failures:
            wrong.append(f"{shape}: dmatest")
        with ThreadPoolExecutor(args.jobs) as pool:
            names = [defect.name for defect in left]
            for name, outcome in zip(names, pool.map(partial(outcome_of, args, shape), names)):
                results[name][shape] = outcome
        left = [defect for defect in left if not of_rule(defect, results[defect.name][shape])]
        if not left:
            break

    for name in wrong:
        print(f"mutants: failed without any defect: {name}")
    for defect in left:
        print(f"mutants: not caught: {defect.name}: {defect.description}")
    text = page(defects, results, f"{args.target}, emulated" if "uml" not in args.target
                else f"{args.target}, user-mode Linux")
    if args.write:
        args.write.write_text(text, encoding="utf-8")
    return 1 if left or wrong else 0


if __name__ == "__main__":
    sys.exit(main())
