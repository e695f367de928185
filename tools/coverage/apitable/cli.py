# SPDX-License-Identifier: GPL-2.0-only
"""The command line."""

from __future__ import annotations

import argparse
import dataclasses
import sys
from pathlib import Path

from . import covers, header, names, reasons, sources, table
from .errors import CoverageError
from .header import Api

_HOME = Path(__file__).resolve().parents[1]
PROJECT = _HOME.parents[1]
NAMES = _HOME / "names.toml"
REASONS = _HOME / "reasons.toml"
PAGE = PROJECT / "docs" / "coverage.md"

EXIT_FAILED = 1
EXIT_USAGE = 2


@dataclasses.dataclass
class Found:
    """The page as it should be, and what is wrong, in words."""

    page: str
    problems: list[str]


def with_core(api: Api, core: dict[str, list[str]]) -> Api:
    """Return the API with what functions of the core use, which the header does not tell."""
    calls = {name: sorted({*uses, *core.get(name, [])}) for name, uses in api.calls.items()}
    return dataclasses.replace(api, calls=calls)


def examine(project: Path, listed: Api, why: reasons.Reasons) -> Found:
    """Look at the sources of a project."""
    api = with_core(listed, why.core)
    tests = project / "selftests" / "dmabench"
    claims = covers.read(tests)
    columns = {"dmasim": sources.provided(sources.read(project / "module" / "dmasim"), api),
               "dmabench": sources.used(sources.read(project / "module" / "dmabench"), api),
               "selftest": covers.places(claims)}
    problems = reasons.problems(why, listed)
    problems += covers.problems(claims, api, sources.used(sources.read(tests), api))
    problems += table.problems(table.rows(api.names, columns, why), why)
    return Found(table.render(api, columns, why), problems)


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="coverage", description="What of the dmaengine API is provided, used and tested.",
        epilog="exit codes: 0 good; 1 something is wrong, line by line on stdout; 2 wrong usage")
    verb = parser.add_mutually_exclusive_group(required=True)
    verb.add_argument("--write", action="store_true", help="write docs/coverage.md")
    verb.add_argument("--check", action="store_true",
                      help="check docs/coverage.md, reasons.toml and lines `covers:`")
    verb.add_argument("--names", type=Path, metavar="HEADER",
                      help="write names.toml from a dmaengine.h")
    parser.add_argument("--header", type=Path,
                        help="with --check: check names.toml against this dmaengine.h, too")
    return parser.parse_args(words)


def _parse_header(path: Path) -> Api:
    try:
        return header.parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CoverageError(f"{path}: {error.strerror}") from error


def _check(found: Found, listed: Api, options: argparse.Namespace) -> list[str]:
    told = list(found.problems)
    if options.header:
        told += names.differences(listed, _parse_header(options.header))
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != found.page:
        told.append("docs/coverage.md: out of date, run: /usr/bin/python3 tools/coverage --write")
    return told


def main(words: list[str]) -> int:
    """Carry out a command line; return the exit code."""
    options = _arguments(words)
    try:
        if options.names:
            NAMES.write_text(names.render(_parse_header(options.names)), encoding="utf-8")
            return 0
        listed = names.read(NAMES)
        found = examine(PROJECT, listed, reasons.read(REASONS))
        if options.write:
            PAGE.write_text(found.page, encoding="utf-8")
            return 0
        told = _check(found, listed, options)
    except CoverageError as error:
        print(f"coverage: {error}", file=sys.stderr)
        return EXIT_USAGE
    for line in told:
        print(line)
    return EXIT_FAILED if told else 0
