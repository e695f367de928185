# SPDX-License-Identifier: GPL-2.0-only
"""Lines in the selftests that say what of the API a test exercises.

A line of a comment, `covers: NAME NAME ...`, of members and functions of dmaengine.h. It
stands at the head of a script and beside the cases in C; there may be several in a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from .header import Api
from .sources import Places

_LINE = re.compile(r"^\s*(?:#|/?\*|//)\s*covers:(.*?)(?:\*/)?\s*$")


@dataclass(frozen=True)
class Claim:
    """A file, by its path in the selftests, covers a NAME: so says a line of it."""

    file: str
    line: int
    name: str


def parse(file: str, text: str) -> list[Claim]:
    """Return what the lines of a file claim."""
    claims = []
    for number, line in enumerate(text.splitlines(), 1):
        match = _LINE.match(line)
        if match:
            claims += [Claim(file, number, name) for name in match[1].split()]
    return claims


def read(folder: Path) -> list[Claim]:
    """Return what the selftests claim."""
    claims = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in (".sh", ".c", ".h") and path.is_file() and ".mod." not in path.name:
            claims += parse(str(path.relative_to(folder)), path.read_text(encoding="utf-8"))
    return claims


def places(claims: list[Claim]) -> Places:
    """Return which files cover each name."""
    found: Places = {}
    for claim in claims:
        found.setdefault(claim.name, set()).add(claim.file)
    return found


def problems(claims: list[Claim], api: Api, used_in_c: Places) -> list[str]:
    """Return the claims that cannot be true, in words.

    USED_IN_C is what the test modules use. A module cannot cover a function that none of
    its files calls, nor an operation that functions lead to, but none that it calls.
    """
    led_to = {member for uses in api.calls.values() for member in uses}
    checkable = set(api.calls) | led_to & set(api.operations)
    told = []
    for claim in claims:
        where = f"{claim.file}:{claim.line}: covers: {claim.name}"
        if claim.name not in api.names:
            told.append(f"{where} is not in dmaengine.h")
        elif (claim.file.endswith((".c", ".h")) and claim.name in checkable
              and claim.name not in used_in_c):
            told.append(f"{where} is used nowhere in the test module")
    return told
