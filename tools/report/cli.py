# SPDX-License-Identifier: GPL-2.0-only
"""The command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import NoReturn, Sequence

from .errors import ReportError

PROGRAM = "dmabench-report"
USAGE_ERROR = 2

#: What the first word may be instead of a file; report.verbs has them.
VERBS = ("compare", "history")


class _Parser(argparse.ArgumentParser):
    """Tells what is wrong in the one line that all of the project's commands use."""

    def error(self, message: str) -> NoReturn:
        self.exit(USAGE_ERROR, f"{PROGRAM}: command line: {message}, see {PROGRAM} --help\n")


def _arguments(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _Parser(
        prog=PROGRAM, description="Makes a page with figures of what dmabench measured, and "
        "tables of what it tested.",
        epilog="Writes report.html, which needs nothing else, and a PNG of each figure. "
        "Exit status: 0 good, 2 wrong arguments or input. Other things to do with results, each "
        f"with its own --help: {', '.join(f'{PROGRAM} {verb}' for verb in VERBS)}.")
    parser.add_argument("results", nargs="+", metavar="RESULTS.json", type=Path,
                        help="written by dmabench bench --json or dmabench test --json; several "
                        "make one page, and several of test one matrix")
    parser.add_argument("-o", "--output", metavar="DIR", type=Path, required=True,
                        help="folder for the page and the figures, created if need be")
    return parser.parse_args(arguments)


def _verb(arguments: Sequence[str]) -> int:
    """Carries out what is not a page: its name comes first."""
    parser = _Parser(prog=PROGRAM)
    try:
        _check_libraries()
        from . import verbs  # pylint: disable=import-outside-toplevel
        subs = parser.add_subparsers(parser_class=_Parser)
        for add in verbs.VERBS.values():
            add(subs)
        options = parser.parse_args(arguments)
        problem = options.problem(options)
        if problem:
            parser.error(problem)
        return int(options.action(options))
    except ReportError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return USAGE_ERROR


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments and arguments[0] in VERBS:
        return _verb(arguments)
    options = _arguments(arguments)
    try:
        _check_libraries()
        # Slow to import, and the only part that needs Debian's modules.
        from . import load, output, page  # pylint: disable=import-outside-toplevel
        many = [load.load(path) for path in options.results]
        rendered = page.render(many)
        output.write(options.output, rendered.files)
    except ReportError as error:
        print(f"{PROGRAM}: {error}", file=sys.stderr)
        return USAGE_ERROR
    figures = len(rendered.files) - 1
    print(f"{options.output / 'report.html'}: {figures} figure{'' if figures == 1 else 's'}")
    return 0


def _check_libraries() -> None:
    for module in ("numpy", "matplotlib", "jinja2"):
        try:
            __import__(module)
        except ImportError:
            raise ReportError(
                sys.executable, f"this Python has no {module}",
                f"run it as /usr/bin/python3 and install python3-{module}") from None
