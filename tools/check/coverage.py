# SPDX-License-Identifier: GPL-2.0-only
"""Measure which lines and branches of both modules the selftests reach.

    python3 tools/check/coverage.py [--least PERCENT] [TEST.sh ...]

Runs the selftests in a user-mode kernel with modules that count, prints a table by file, and
leaves it and pages with the sources in out/coverage. The exit code is 1 if the tests fail or
fewer lines than PERCENT are reached.
"""

from __future__ import annotations

import argparse
import json
import shlex
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

TARGET = "uml-7.2"
OUT = Path("out/coverage")
# The kernel is none that counts: gcov is a module of its own, known only when it is loaded.
VARIABLES = ("KCFLAGS=-fprofile-arcs -ftest-coverage -fno-tree-loop-im",
             "KBUILD_MODPOST_WARN=1")
# Which lines are reached does not depend on how often.
SETTINGS = ("DMABENCH_ITERATIONS=16 DMABENCH_RESTARTS=20 DMABENCH_STEPS=100 DMABENCH_LOADS=4 "
            "DMABENCH_SEED=1")
# The counts are files of no size, which tar takes for empty.
COLLECT = """
cd /sys/kernel/debug/gcov || exit 1
find . -name '*.gcda' | while read -r file; do
	mkdir -p "/tmp/gcov/${file%/*}"
	cat "$file" > "/tmp/gcov/$file"
done
tar -cf /results/gcov.tar -C /tmp/gcov .
exit $status
"""
SHOWN = 12


def run_guest(tests: list[str]) -> int:
    """Run the selftests with counting modules; return the exit code of the lab."""
    script = ("modprobe gcov || exit 1\n"
              f"{SETTINGS} DMABENCH_README=/root/README.md sh /kselftest/dmabench/run_tests.sh "
              f"{shlex.join(tests)}\nstatus=$?\n{COLLECT}")
    command = ["/usr/bin/python3", "tools/lab", "run", TARGET, "--out", str(OUT), "--timeout",
               "5400", "--no-modules", "--file", "README.md", "--driver", "gcov"]
    for variable in VARIABLES:
        command += ["--make", variable]
    with (OUT / "tests.log").open("w", encoding="utf-8") as log:
        return subprocess.run([*command, "--", script], check=False, stdout=log).returncode


def collect(archive: Path, tree: Path) -> None:
    """Lay out sources, the compiler's notes and the counts as they were when compiled.

    The guest names the counts by the full path of their object.
    """
    shutil.rmtree(tree, ignore_errors=True)
    with tarfile.open(archive) as tar:
        for member in tar:
            origin = Path("/") / member.name
            if origin.suffix != ".gcda" or "module" not in origin.parts:
                continue
            top = len(origin.parts) - 1 - origin.parts[::-1].index("module")
            base, name = Path(*origin.parts[:top + 1]), Path(*origin.parts[top + 1:])
            if not tree.exists():
                shutil.copytree(base, tree, ignore=shutil.ignore_patterns("*.o", "*.ko", ".*"))
            data = tar.extractfile(member)
            if data:
                (tree / name).write_bytes(data.read())
    if not tree.exists():
        raise SystemExit(f"coverage: {archive} has no counts of the modules")


def summarise(tree: Path) -> dict[str, Any]:
    """Have gcovr read the counts and write its pages; return its document, line by line."""
    pages = OUT / "pages"
    pages.mkdir(exist_ok=True)
    subprocess.run(["gcovr", "--root", str(tree), "--gcov-ignore-parse-errors",
                    "--exclude-unreachable-branches", "--json", str(OUT / "coverage.json"),
                    "--html-details", str(pages / "index.html"), str(tree)], check=True)
    document: dict[str, Any] = json.loads((OUT / "coverage.json").read_text(encoding="utf-8"))
    return document


def ranges(numbers: list[int]) -> str:
    """Return line numbers in short: 3-5,9."""
    parts: list[list[int]] = []
    for number in sorted(numbers):
        if parts and number == parts[-1][1] + 1:
            parts[-1][1] = number
        else:
            parts.append([number, number])
    return ",".join(f"{low}" if low == high else f"{low}-{high}" for low, high in parts)


def percent(part: int, whole: int) -> str:
    """Return a share as people read it; of nothing all is reached."""
    return f"{100 * part / whole:.1f}" if whole else "-"


def table(document: dict[str, Any]) -> tuple[list[str], float]:
    """Return the table, a line for each file and one for all, and the share of lines."""
    rows = [f"{'FILE':34}{'LINES':>7}{'%':>7}{'BRANCHES':>10}{'%':>7}  NOT REACHED"]
    total = [0, 0, 0, 0]
    for file in sorted(document["files"], key=lambda item: str(item["file"])):
        lines = [line for line in file["lines"] if not line.get("gcovr/noncode")]
        missed = [line["line_number"] for line in lines if not line["count"]]
        branches = [branch for line in lines for branch in line["branches"]]
        taken = sum(1 for branch in branches if branch["count"])
        counts = [len(lines) - len(missed), len(lines), taken, len(branches)]
        total = [have + more for have, more in zip(total, counts)]
        rows.append(f"{file['file']:34}{counts[1]:>7}{percent(*counts[:2]):>7}{counts[3]:>10}"
                    f"{percent(*counts[2:]):>7}  {ranges(missed)}".rstrip())
    rows.append(f"{'all':34}{total[1]:>7}{percent(*total[:2]):>7}{total[3]:>10}"
                f"{percent(*total[2:]):>7}")
    return rows, 100 * total[0] / total[1] if total[1] else 0.0


def main(argv: list[str]) -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(prog="coverage", description=__doc__)
    parser.add_argument("--least", type=float, default=0.0, metavar="PERCENT")
    parser.add_argument("tests", nargs="*", metavar="TEST.sh")
    args = parser.parse_args(argv)
    OUT.mkdir(parents=True, exist_ok=True)
    code = run_guest(args.tests)
    if code:
        log = (OUT / "tests.log").read_text(encoding="utf-8", errors="replace").splitlines()
        failed = [line for line in log if "not ok" in line]
        print("\n".join(failed[:SHOWN]), f"coverage: the tests ended with {code}, all of it in "
              f"{OUT / 'tests.log'}", sep="\n", file=sys.stderr)
    if not (OUT / "gcov.tar").is_file():
        return 1
    collect(OUT / "gcov.tar", OUT / "tree")
    rows, reached = table(summarise(OUT / "tree"))
    text = "\n".join(rows)
    (OUT / "coverage.txt").write_text(text + "\n", encoding="utf-8")
    print(text)
    if reached < args.least:
        print(f"coverage: fewer than {args.least:g} % of the lines are reached", file=sys.stderr)
    return 1 if code or reached < args.least else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
