# SPDX-License-Identifier: GPL-2.0-only
"""The command line of tools/peers."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from peertable import bounds, figures, page, plan, table
from peertable.errors import PeersError
from peertable.rows import CONTEXTS, ROWS, Row

TOP = Path(__file__).resolve().parents[3]
LAB = ["/usr/bin/python3", "tools/lab"]
BOUNDS = TOP / "tools/peers/bounds.toml"
#: Reported without targets, save those that hold everywhere: copies are native, locks dear.
UNJUDGED = ("uml-7.2",)
#: What is written down needs so many repeats.
FEWEST = 7
SCHEMA_VERSION = 1


def measure(target: str, rows: list[Row], args: argparse.Namespace) -> figures.Guest:
    """Run the plan in a guest and read what it has left."""
    folder = args.out / target
    folder.mkdir(parents=True, exist_ok=True)
    path = args.out / f"plan-{target}"
    path.write_text(plan.script(rows, args.repeats, args.contexts, args.window, args.clock),
                    encoding="utf-8")
    # User-mode Linux has dmatest from its own build.
    drivers = ["virtdma"] if target.startswith("uml") else ["virtdma", "dmatest"]
    done = subprocess.run(
        [*LAB, "run", target, "--no-modules", "--out", str(folder), "--timeout",
         str(args.timeout), *(word for name in drivers for word in ("--driver", name)),
         "--file", "tools/peers/guest.sh", "--file", f"{path}:/root/plan.sh", "--",
         "sh /root/plan.sh"],
        check=False, cwd=TOP, stdin=subprocess.DEVNULL)
    if done.returncode:
        raise PeersError(f"{target}: the guest ended with {done.returncode}, see {folder}")
    verdict = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    return figures.read(folder, target, verdict["accelerator"])


def _words(known: tuple[str, ...]) -> Callable[[str], list[str]]:
    def split(text: str) -> list[str]:
        words = text.split(",")
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(f"`{word}` is none of {' '.join(known)}")
        return words
    return split


def _number(text: str) -> int:
    if not text.isdigit() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"`{text}` is no number above 0")
    return int(text)


def _arguments(argv: list[str]) -> argparse.Namespace:
    keys = tuple(row.key for row in ROWS)
    parser = argparse.ArgumentParser(
        prog="tools/peers", description="Measure dmabench and dmasim against their peers.")
    parser.add_argument("--target", action="append", default=[], metavar="TARGET",
                        help="may be repeated (default x86_64-6.12)")
    parser.add_argument("--rows", type=_words(keys), default=list(keys), metavar="ROW,...",
                        help=f"only these: {' '.join(keys)}")
    parser.add_argument("--contexts", type=_words(CONTEXTS), default=list(CONTEXTS),
                        metavar="CONTEXT,...", help="only these: inline softirq")
    parser.add_argument("--repeats", type=_number, default=11, metavar="N",
                        help="pairs of each figure (default 11; below 6 there is no interval)")
    parser.add_argument("--window", type=_number, default=plan.WINDOW, metavar="MS",
                        help=f"length of a measured run (default {plan.WINDOW})")
    parser.add_argument("--clock", default="", metavar="NAME",
                        help="clock source of the guest, such as hpet (default its own choice)")
    parser.add_argument("--timeout", type=_number, default=7200, metavar="S",
                        help="of a guest (default 7200)")
    parser.add_argument("--out", type=Path, default=Path("out/peers"), metavar="DIR",
                        help="where guests leave their files (default out/peers)")
    parser.add_argument("--again", action="store_true",
                        help="measure nothing, take what guests have left there")
    parser.add_argument("--write", type=Path, metavar="FILE",
                        help="put the page there, and a JSON file beside it")
    args = parser.parse_args(argv)
    args.target = args.target or ["x86_64-6.12"]
    if args.write and (len(args.rows) < len(keys) or len(args.contexts) < len(CONTEXTS) or
                       args.repeats < FEWEST):
        parser.error(f"--write needs all rows, both contexts and {FEWEST} repeats")
    return args


def _revision() -> str:
    done = subprocess.run(["git", "describe", "--always", "--dirty"], check=False, cwd=TOP,
                          capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def _host() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    model = next((line.split(":", 1)[1].strip() for line in lines
                  if line.startswith("model name")), "unknown")
    return f"{model}, {os.cpu_count()} CPUs, load {os.getloadavg()[2]:.1f} while it was measured"


def _occasion(args: argparse.Namespace) -> page.Occasion:
    """Say when and how this was measured, and keep it beside what guests have left."""
    path = args.out / "occasion.json"
    if args.again:
        try:
            return page.Occasion(**json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise PeersError(f"{path}: cannot be read, measure anew") from error
    occasion = page.Occasion(time.strftime("%Y-%m-%d", time.gmtime()),
                             shlex.join(["tools/peers", *sys.argv[1:]]), _revision(),
                             args.repeats, args.window, _host())
    path.write_text(json.dumps(vars(occasion)) + "\n", encoding="utf-8")
    return occasion


def _write(path: Path, occasion: page.Occasion,
           guests: list[tuple[figures.Guest, list[figures.Figure]]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page.page(occasion, guests, bounds.read(BOUNDS)), encoding="utf-8")
    document = {"schema_version": SCHEMA_VERSION, **vars(occasion),
                "guests": [table.record(guest, found) for guest, found in guests]}
    path.with_suffix(".json").write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")


def _left(target: str, args: argparse.Namespace) -> figures.Guest:
    folder = args.out / target
    try:
        verdict = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise PeersError(f"{folder}: no guest has left anything there") from error
    return figures.read(folder, target, verdict["accelerator"])


def _run(args: argparse.Namespace) -> int:
    rows = [row for row in ROWS if row.key in args.rows]
    bounds.read(BOUNDS)
    guests = []
    for target in args.target:
        guest = _left(target, args) if args.again else measure(target, rows, args)
        found = figures.figures(guest, rows, args.contexts, target not in UNJUDGED)
        guests.append((guest, found))
        print(f"\n{target}: {guest.machine.get('kernel', '?')}, {guest.accelerator}"
              f"{', emulated' if guest.emulated else ''}")
        print(table.plain(found) + "\n", flush=True)
    occasion = _occasion(args)
    if args.write:
        _write(args.write, occasion, guests)
    missed = [one for _, found in guests for one in found if one.holds is False]
    for one in missed:
        print(f"peers: does not hold: {one.row.key} {one.context}: {table.number(one)}, "
              f"target {table.target(one)}{one.why and f' ({one.why})'}")
    return 1 if missed else 0


def main(argv: list[str]) -> int:
    """Carry out a command line; the exit code is 1 unless each figure with a target holds."""
    args = _arguments(argv)
    try:
        return _run(args)
    except PeersError as error:
        print(f"peers: {error}", file=sys.stderr)
        return 2
