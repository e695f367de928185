# SPDX-License-Identifier: GPL-2.0-only
"""Runs checks that are methods and prints what they come to as KTAP."""

from __future__ import annotations

from collections.abc import Callable

_SHOWN_LINES = 20


def run(group: str, cases: list[Callable[[], None]]) -> int:
    """Run CASES, which raise if they fail, as GROUP.name; return the exit code."""
    failed = 0
    print(f"KTAP version 1\n1..{len(cases)}")
    for number, case in enumerate(cases, 1):
        verdict = "ok"
        try:
            case()
        # Whatever goes wrong in one case, the others are still to be told of.
        except Exception as error:  # pylint: disable=broad-exception-caught
            verdict = "not ok"
            failed += 1
            text = f"{type(error).__name__}: {error}"
            print("\n".join(f"# {line}" for line in text.splitlines()[:_SHOWN_LINES]))
        print(f"{verdict} {number} {group}.{case.__name__}", flush=True)
    return 1 if failed else 0
