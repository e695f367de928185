# SPDX-License-Identifier: GPL-2.0-only
"""Measure dmabench and dmasim against their peers, in one boot of a guest.

    python3 tools/peers [--target TARGET] [--rows ROW,...] [--repeats N] [--write]

dmatest is the kernel's own, unmodified; the provider on the kernel's virt-dma is
tools/virtdma; the rest are baselines that dmabench itself has. What is compared is measured
in turns. The table is printed; --write puts it into docs/performance.md and .json. Exit 0
only if each figure that has a target reaches it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path[:0] = [str(TOP / "tools" / "peers"), str(TOP / "tools")]

# pylint: disable=wrong-import-position
import figures  # noqa: E402
import plan  # noqa: E402
import table  # noqa: E402
from rows import CONTEXTS, ROWS  # noqa: E402

LAB = ["/usr/bin/python3", "tools/lab"]
#: Reported without targets, save those that hold everywhere: copies are native, locks dear.
UNJUDGED = ("uml-7.2",)


def measure(target: str, rows: list, args: argparse.Namespace) -> figures.Guest:
    """Run the plan in a guest and read what it has left."""
    folder = args.out / target
    folder.mkdir(parents=True, exist_ok=True)
    path = args.out / f"plan-{target}"
    path.write_text(plan.script(rows, args.repeats, args.contexts, args.window),
                    encoding="utf-8")
    # User-mode Linux has dmatest from its own build.
    drivers = ["virtdma"] if target.startswith("uml") else ["virtdma", "dmatest"]
    done = subprocess.run(
        [*LAB, "run", target, "--no-modules", "--out", str(folder), "--timeout",
         str(args.timeout), *(word for name in drivers for word in ("--driver", name)),
         "--file", "tools/peers/guest.sh", "--file", f"{path}:/root/plan.sh", "--",
         "sh /root/plan.sh"],
        check=False, cwd=TOP, stdin=subprocess.DEVNULL)
    verdict = folder / "verdict.json"
    if done.returncode or not verdict.is_file():
        raise SystemExit(f"peers: {target}: the guest ended with {done.returncode}")
    accelerator = json.loads(verdict.read_text(encoding="utf-8"))["accelerator"]
    return figures.read(folder, target, accelerator)


def _words(known: tuple[str, ...]) -> object:
    def split(text: str) -> list[str]:
        words = text.split(",")
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(
                    f"`{word}` is none of {' '.join(known)}")
        return words
    return split


def _arguments() -> argparse.Namespace:
    keys = tuple(row.key for row in ROWS)
    parser = argparse.ArgumentParser(prog="tools/peers", description=__doc__.split("\n", 1)[0])
    parser.add_argument("--target", action="append", default=[], metavar="TARGET",
                        help="may be repeated (default x86_64-6.12)")
    parser.add_argument("--rows", type=_words(keys), default=list(keys), metavar="ROW,...",
                        help=" ".join(keys))
    parser.add_argument("--contexts", type=_words(CONTEXTS), default=list(CONTEXTS))
    parser.add_argument("--repeats", type=int, default=11, metavar="N")
    parser.add_argument("--window", type=int, default=plan.WINDOW, metavar="MS",
                        help="length of a measured run")
    parser.add_argument("--timeout", type=int, default=3600, metavar="S")
    parser.add_argument("--out", type=Path, default=Path("out/peers"))
    args = parser.parse_args()
    args.target = args.target or ["x86_64-6.12"]
    return args


def main() -> int:
    """Run what the command line asks for; the exit code is 1 unless each figure holds."""
    args = _arguments()
    rows = [row for row in ROWS if row.key in args.rows]
    missed = 0
    for target in args.target:
        guest = measure(target, rows, args)
        found = figures.figures(guest, rows, args.contexts, target not in UNJUDGED)
        print(f"\n{target}: {guest.machine.get('kernel')}, {guest.accelerator}, "
              f"{args.repeats} repeats")
        print(table.plain(found), flush=True)
        missed += sum(one.holds is False for one in found)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
