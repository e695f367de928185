# SPDX-License-Identifier: GPL-2.0-only
"""Measures revisions of the project against each other: interleaved, in one boot of a guest.

    python3 tools/ab A=main B=HEAD                        two revisions
    python3 tools/ab A=. B=.                              the same twice: how large is the noise?
    python3 tools/ab A=. B=.,dmasim.slowdown=20           the same with another parameter

Each side's modules are built from its revision, `.` being the tree as it is. One guest loads,
measures and unloads them in turn, A B B A and so on. The command is this tree's, for all
sides. Leaves SIDE.json for each side, and their comparison.
"""

from __future__ import annotations

import argparse
import functools
import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

TOP = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(TOP / "tools"))

from lab import target as targets  # noqa: E402 pylint: disable=wrong-import-position
from lab.errors import LabError  # noqa: E402 pylint: disable=wrong-import-position
from report.merge import merged  # noqa: E402 pylint: disable=wrong-import-position

PYTHON = "/usr/bin/python3"
HERE = "."


@dataclass(frozen=True)
class Side:
    """What is measured under a NAME: modules of a REVISION with PARAMS (module, knob=value)."""

    name: str
    revision: str
    params: tuple[tuple[str, str], ...]


def _fail(text: str, code: int = 2) -> NoReturn:
    print(f"ab: {text}", file=sys.stderr)
    sys.exit(code)


def side_of(text: str) -> Side:
    """Read NAME=REVISION[,MODULE.KNOB=VALUE...]."""
    name, equal, rest = text.partition("=")
    revision, *params = rest.split(",")
    split = [re.fullmatch(r"(\w+)\.(\w+=\S+)", param) for param in params]
    if not equal or not revision or not re.fullmatch(r"\w+", name) or not all(split):
        raise argparse.ArgumentTypeError(
            f"{text}: must be NAME=REVISION or NAME=REVISION,MODULE.KNOB=VALUE")
    return Side(name, revision, tuple((match[1], match[2]) for match in split if match))


def _git(*arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(TOP), *arguments], capture_output=True, text=True,
                          check=False)
    if done.returncode:
        words = done.stderr.strip().splitlines() or ["there is no such thing"]
        _fail(f"git {' '.join(arguments)}: {words[-1]}")
    return done.stdout.strip()


@functools.cache
def commit_of(revision: str) -> str:
    """The commit that a revision is; of the tree as it is, the one that it stands on.

    As it was when first asked: a branch may move while its modules build.
    """
    return _git("rev-parse", "--verify", "--quiet", "--short=12", f"{revision}^{{commit}}") \
        if revision != HERE else _git("describe", "--always", "--dirty", "--abbrev=12",
                                      "--exclude=*")


def _drop_tree(place: Path) -> None:
    if place.is_dir():
        _git("worktree", "remove", "--force", str(place))


def _compile(side: Side, target: str, out: Path) -> Path:
    """Build a side's modules by the lab of its own revision; return their folder."""
    folder, tree = out / "modules" / side.name, TOP
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if side.revision != HERE:
        # A place that depends on the name alone: the lab's cache then knows most of its files.
        tree = out / f"tree-{side.name}"
        _drop_tree(tree)
        _git("worktree", "add", "--detach", "--force", str(tree), commit_of(side.revision))
    try:
        code = subprocess.run(
            [PYTHON, "tools/lab", "modules", target, "--quiet", "--out", str(folder)], cwd=tree,
            stdout=subprocess.DEVNULL, stderr=None, check=False).returncode
    finally:
        if tree != TOP:
            _drop_tree(tree)
    if code:
        _fail(f"{side.name}: the modules of {side.revision} do not build for {target}", 1)
    return folder


def build(sides: list[Side], target: str, out: Path) -> None:
    """Put each side's modules and parameters into out/modules/SIDE."""
    built: dict[str, Path] = {}
    for side in sides:
        commit_of(side.revision)
    for side in sides:
        folder = out / "modules" / side.name
        if side.revision in built:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(built[side.revision], folder)
        else:
            built[side.revision] = _compile(side, target, out)
        params: dict[str, list[str]] = {}
        for module, knob in side.params:
            params.setdefault(module, []).append(knob)
        (folder / "params").write_text("".join(
            f"{module} {' '.join(knobs)}\n" for module, knobs in params.items()), encoding="utf-8")


def measure(sides: list[Side], options: argparse.Namespace) -> int:
    """Run all sides in one guest, results to options.out/rounds; return the lab's exit code."""
    out = options.out.resolve()
    load = " ".join(targets.find(options.target).guest.load)
    profile = options.profile if options.profile.is_file() \
        else TOP / "configs/profiles" / f"{options.profile}.ini"
    if not profile.is_file():
        _fail(f"there is no profile {options.profile}")
    build(sides, options.target, out)
    places = [word for side in sides
              for word in ("--file", f"{out / 'modules' / side.name}:/ab/{side.name}")]
    names = " ".join(side.name for side in sides)
    return subprocess.run(
        [PYTHON, "tools/lab", "run", options.target, "--no-modules", "--out", str(out / "rounds"),
         "--timeout", str(options.timeout), "--file", "tools/ab/guest.sh",
         "--file", str(profile.resolve()), *places, "--", f"AB_LOAD='{load}' sh /root/guest.sh "
         f"/root/{profile.name} {options.repeats} {names}"], cwd=TOP, check=False).returncode


def collect(side: Side, rounds: list[int], folder: Path) -> dict:
    """The results of a side over these rounds as one document, which names its revision."""
    documents = [json.loads((folder / f"{side.name}.{number}.json").read_text(encoding="utf-8"))
                 for number in rounds]
    return merged(documents, revision=commit_of(side.revision))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="ab", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sides", nargs="+", type=side_of,
                        metavar="NAME=REVISION[,MODULE.KNOB=VALUE...]")
    parser.add_argument("--target", default="x86_64-6.12", help="guest (default: %(default)s)")
    parser.add_argument("--profile", type=Path, default=Path("quick"),
                        help="a name or a file (default: %(default)s)")
    parser.add_argument("--repeats", type=int, default=10,
                        help="rounds, each of which measures every side (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=Path("out/ab"))
    parser.add_argument("--timeout", type=int, default=3 * 3600, metavar="S",
                        help="for the guest (default: %(default)s)")
    options = parser.parse_args()
    if len({side.name for side in options.sides}) < max(2, len(options.sides)):
        parser.error("name two sides or more, each with a name of its own")
    if options.repeats < 1:
        parser.error("--repeats: at least 1")
    return options


def main() -> int:
    """Measure, merge, compare; return 0, or what went wrong."""
    options = _arguments()
    os.chdir(TOP)
    try:
        code = measure(options.sides, options)
    except LabError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail("interrupted", 130)
    if code:
        return code
    files = []
    for side in options.sides:
        path = options.out / f"{side.name}.json"
        path.write_text(json.dumps(collect(side, list(range(options.repeats)),
                                           options.out / "rounds")), encoding="utf-8")
        files.append(str(path))
    return subprocess.run([PYTHON, "tools/report", "compare", *files, "-o", str(options.out),
                           "--json", str(options.out / "compare.json")], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
