# SPDX-License-Identifier: GPL-2.0-only
"""The command line."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from . import contract, page
from .errors import RulesError

PROJECT = Path(__file__).resolve().parents[3]
PAGE = PROJECT / "docs" / "rules.md"

EXIT_FAILED = 1
EXIT_USAGE = 2


def _arguments(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="rules", description="The rules of the contract, their cases, and their defects.",
        epilog="exit codes: 0 good; 1 something is wrong, line by line on stdout; 2 wrong usage, "
        "or sources that cannot be read")
    verb = parser.add_mutually_exclusive_group(required=True)
    verb.add_argument("--write", action="store_true", help="write docs/rules.md")
    verb.add_argument("--check", action="store_true",
                      help="check docs/rules.md, and that cases and rules fit each other")
    return parser.parse_args(words)


def main(words: list[str]) -> int:
    """Carry out a command line; return the exit code."""
    options = _arguments(words)
    try:
        found = contract.read(PROJECT)
    except RulesError as error:
        print(f"rules: {error}", file=sys.stderr)
        return EXIT_USAGE
    text = page.render(found)
    if options.write:
        PAGE.write_text(text, encoding="utf-8")
        return 0
    told = contract.problems(found)
    if not PAGE.is_file() or PAGE.read_text(encoding="utf-8") != text:
        told.append("docs/rules.md: out of date, run: /usr/bin/python3 tools/rules --write")
    for line in told:
        print(line)
    return EXIT_FAILED if told else 0
