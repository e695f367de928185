# SPDX-License-Identifier: GPL-2.0-only
"""The verbs of the command beside making a page: what they take, and what they do."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Callable

from . import compare, compare_words, history, load, output
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


def add_history(subs: argparse._SubParsersAction) -> None:
    """The arguments of `history`."""
    parser = subs.add_parser(
        "history", help="keep the figures of many results, and plot them over revisions",
        description="Keeps figures by revision of the project, kernel, machine and target in a "
        "file of SQLite, and plots each over revisions and kernels.",
        epilog="Exit status: 0 good, 2 wrong arguments or input.")
    parser.add_argument("database", metavar="DB", type=Path, help="made by the first `add`")
    verbs = parser.add_subparsers(metavar="VERB", required=True, parser_class=type(parser))
    add = verbs.add_parser("add", help="keep the figures of files; of one that is there already, "
                           "nothing is kept")
    add.add_argument("files", nargs="+", metavar="RESULTS.json", type=Path)
    add.add_argument("--revision", metavar="REV", help="of the project (default: what the file "
                     "says, or the module's version)")
    add.set_defaults(action=_history_add, problem=lambda _: "")
    show = verbs.add_parser("show", help="list the files that were added")
    plot = verbs.add_parser("plot", help="write history.html and a PNG of each figure")
    plot.add_argument("-o", "--output", metavar="DIR", type=Path, required=True)
    plot.add_argument("--only", metavar="TEXT", help="points whose name has this text, all of "
                      "them, such as 'depth 16'")
    for verb, action in ((show, _history_show), (plot, _history_plot)):
        for column in ("kernel", "machine", "target"):
            verb.add_argument(f"--{column}", help=f"only files of this {column}")
        verb.set_defaults(action=action, problem=lambda _: "")


def _history_add(options: argparse.Namespace) -> int:
    # All are read before anything is written: a bad file changes nothing.
    files = [(path, measured(path)) for path in options.files]
    with history.opened(options.database, make=True) as found:
        for path, results in files:
            new = found.add(path, results, options.revision)
            print(f"{path}: {'added' if new else 'is there already, nothing was added'}")
    return 0


def _chosen(options: argparse.Namespace, found: history.History) -> list[history.Entry]:
    entries = found.entries(kernel=options.kernel, machine=options.machine,
                            target=options.target)
    if not entries:
        raise ReportError(str(options.database), "it holds no such files",
                          "choose others by --kernel, --machine or --target, or add them")
    return entries


def _history_show(options: argparse.Namespace) -> int:
    with history.opened(options.database) as found:
        rows = [["revision", "kernel", "target", "machine", "runs on", "profile", "file"]]
        rows += [[entry.revision, entry.kernel, entry.target, entry.machine, entry.accelerator,
                  entry.profile, entry.name] for entry in _chosen(options, found)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())
    return 0


def _history_plot(options: argparse.Namespace) -> int:
    from . import history_page  # pylint: disable=import-outside-toplevel
    with history.opened(options.database) as found:
        entries = _chosen(options, found)
        files = history_page.render(entries, found.values(entries), options.only,
                                    str(options.database))
    output.write(options.output, files, "history-*.png")
    print(f"{options.output / 'history.html'}: {len(files) - 1} figures")
    return 0


#: By name, how each verb's arguments are added.
VERBS: dict[str, Callable[[argparse._SubParsersAction], None]] = {
    "compare": add_compare,
    "history": add_history,
}
