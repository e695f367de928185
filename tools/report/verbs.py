# SPDX-License-Identifier: GPL-2.0-only
"""The verbs of the command beside making a page: what they take, and what they do."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Callable

from . import compare, compare_words, load, output
from .errors import ReportError
from .model import Results

#: Exit code of `compare --fail-if-worse` if something is worse.
WORSE = 1


def measured(path: Path) -> Results:
    """The results of a file of `dmabench bench`."""
    found = load.load(path)
    if not isinstance(found, Results):
        raise ReportError(str(path), "it is of `dmabench test`, which measures nothing",
                          "name files of `dmabench bench --json`")
    return found


def add_compare(subs: argparse._SubParsersAction) -> None:
    """The arguments of `compare`."""
    parser = subs.add_parser(
        "compare", help="what changed between files, and whether it is more than noise",
        description="Compares the figures of files with those of the first: medians over "
        "repeats with 95 % intervals, the change, and ~ where nothing can be said.",
        epilog="Exit status: 0 compared, 1 something is worse and --fail-if-worse was given, "
        "2 wrong arguments or input.")
    parser.add_argument("files", nargs="+", metavar="RESULTS.json", type=Path,
                        help="two or more; the first is what the others are compared with")
    parser.add_argument("--noise", nargs=2, metavar="SAME.json", type=Path,
                        help="two measurements of the same thing: what differs less than "
                        "these do is no change")
    parser.add_argument("--json", metavar="FILE", type=Path, help="write it for machines, too")
    parser.add_argument("-o", "--output", metavar="DIR", type=Path,
                        help="write compare.html and a PNG of each figure there, too")
    parser.add_argument("--fail-if-worse", action="store_true",
                        help="exit with 1 if any cell is worse")
    parser.set_defaults(action=_compare, problem=_too_few)


def _too_few(options: argparse.Namespace) -> str:
    return "" if len(options.files) > 1 else "compare: name two files or more"


def _compare(options: argparse.Namespace) -> int:
    noise = compare.noise_of([measured(path) for path in options.noise]) if options.noise else None
    found = compare.compare([measured(path) for path in options.files], noise)
    print(compare_words.text(found), end="")
    if options.json:
        text = json.dumps(compare_words.document(found), indent=1) + "\n"
        output.put(options.json, text.encode())
    if options.output:
        from . import compare_page  # pylint: disable=import-outside-toplevel
        output.write(options.output, compare_page.render(found), "compare-*.png")
        print(f"{options.output / 'compare.html'}: written")
    return WORSE if options.fail_if_worse and found.count(compare.WORSE) else 0


#: By name, how each verb's arguments are added.
VERBS: dict[str, Callable[[argparse._SubParsersAction], None]] = {
    "compare": add_compare,
}
