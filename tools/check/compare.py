# SPDX-License-Identifier: GPL-2.0-only
"""Does a comparison find what is there, and nothing else? Tried on measurements of a guest.

    python3 tools/check/compare.py [--target uml-7.2] [--trials 10] [--rounds 10] [--write FILE]

* dmasim against itself, TRIALS times with ROUNDS repeats on either side: at least 95 % of all
  cells must say ~.
* dmasim against itself with slowdown=20, with 3 * ROUNDS repeats: it must be found, and not one
  cell may call it an improvement.

Each is measured in one boot, interleaved. Prints its counts; exits with 1 if either fails.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tools"))

from report import compare, load  # noqa: E402 pylint: disable=wrong-import-position
from report.merge import merged  # noqa: E402 pylint: disable=wrong-import-position

PYTHON = "/usr/bin/python3"
OUT = TOP / "out/check"
SLOWDOWN = 20
ENOUGH = 0.95


def measure(name: str, target: str, rounds: int, other: str) -> Path:
    """Measure this tree as A against OTHER as B; return the folder with each round's results."""
    out = OUT / name
    done = subprocess.run(
        [PYTHON, "tools/ab", "A=.", f"B={other}", "--target", target, "--repeats", str(rounds),
         "--profile", "tools/check/compare.ini", "--out", str(out)], cwd=TOP,
        stdout=subprocess.DEVNULL, check=False)
    if done.returncode:
        sys.exit(f"compare: tools/ab ended with {done.returncode}")
    return out / "rounds"


def compared(folder: Path, rounds: range) -> compare.Comparison:
    """Compare both sides over some of the rounds."""
    files = []
    for side in "AB":
        path = folder / f"{side}.{rounds.start}-{rounds.stop - 1}.json"
        path.write_text(json.dumps(merged(
            [json.loads((folder / f"{side}.{number}.json").read_text(encoding="utf-8"))
             for number in rounds])), encoding="utf-8")
        files.append(load.load(path))
        path.unlink()
    return compare.compare(files)


def counts(comparisons: list[compare.Comparison]) -> dict[str, Counter[str]]:
    """How many cells have which verdict, for each figure."""
    found: dict[str, Counter[str]] = {}
    for one in comparisons:
        for grid in one.grids:
            counter = found.setdefault(grid.metric.name, Counter())
            counter.update(cell.verdict for cell in grid.cells)
    return found


def table(title: str, found: dict[str, Counter[str]]) -> list[str]:
    """The counts as a table, with a sum."""
    lines = [f"| {title} | cells | `~` | better | worse |", "|---|---|---|---|---|"]
    whole = sum(found.values(), Counter())
    for name, counter in [*found.items(), ("all", whole)]:
        lines.append(f"| {name} | {sum(counter.values())} | {counter[compare.SAME]} | "
                     f"{counter[compare.BETTER]} | {counter[compare.WORSE]} |")
    return lines


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="compare", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", default="uml-7.2")
    parser.add_argument("--trials", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=10, help="repeats of a trial")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables there, too")
    return parser.parse_args()


def main() -> int:
    """Measure, compare, count; return 1 if something was seen that is not there, or missed."""
    options = _arguments()
    folder = measure("compare-same", options.target, options.trials * options.rounds, ".")
    same = counts([compared(folder, range(first * options.rounds, (first + 1) * options.rounds))
                   for first in range(options.trials)])
    folder = measure("compare-slow", options.target, 3 * options.rounds,
                     f".,dmasim.slowdown={SLOWDOWN}")
    slow = counts([compared(folder, range(3 * options.rounds))])
    lines = [*table(f"the same, {options.trials} trials of {options.rounds} repeats", same), "",
             *table(f"slowdown={SLOWDOWN}, {3 * options.rounds} repeats", slow)]
    print("\n".join(lines))
    if options.write:
        options.write.write_text("\n".join(lines) + "\n", encoding="utf-8")
    all_same, all_slow = sum(same.values(), Counter()), sum(slow.values(), Counter())
    share = all_same[compare.SAME] / sum(all_same.values())
    quiet = share >= ENOUGH
    seen = all_slow[compare.WORSE] > 0 and not all_slow[compare.BETTER]
    print(f"\n{100 * share:.1f} % of the cells of the same thing say ~: "
          f"{'good' if quiet else f'less than {100 * ENOUGH:.0f} %'}")
    print(f"slowdown={SLOWDOWN} is called worse in {all_slow[compare.WORSE]} cells, better in "
          f"{all_slow[compare.BETTER]}: {'good' if seen else 'it was not found'}")
    return 0 if quiet and seen else 1


if __name__ == "__main__":
    sys.exit(main())
