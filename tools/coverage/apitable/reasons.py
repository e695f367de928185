# SPDX-License-Identifier: GPL-2.0-only
"""Why cells are empty and names are no rows: what people have written down."""

from __future__ import annotations

import fnmatch
from dataclasses import dataclass, field
from pathlib import Path

import tomllib

from .errors import CoverageError
from .header import Api

COLUMNS = ("dmasim", "dmabench", "selftest")


@dataclass(frozen=True)
class Reason:
    """WHY the cells of NAMES in COLUMNS are empty."""

    names: tuple[str, ...]
    columns: tuple[str, ...]
    why: str


@dataclass
class Reasons:
    """The whole file.

    `left_out` maps patterns of names that are no rows to why; `core` maps functions whose
    bodies are not in the header to the members that they use.
    """

    left_out: dict[str, str] = field(default_factory=dict)
    core: dict[str, list[str]] = field(default_factory=dict)
    reason: list[Reason] = field(default_factory=list)

    def is_left_out(self, name: str) -> bool:
        """Whether a name of the header has no row."""
        return any(fnmatch.fnmatchcase(name, pattern) for pattern in self.left_out)

    def cells(self) -> dict[tuple[str, str], list[Reason]]:
        """Return the reasons for each cell, a pair of name and column."""
        found: dict[tuple[str, str], list[Reason]] = {}
        for reason in self.reason:
            for name in reason.names:
                for column in reason.columns:
                    found.setdefault((name, column), []).append(reason)
        return found


def parse(text: str) -> Reasons:
    """Read the file's text."""
    try:
        table = tomllib.loads(text)
        reasons = [Reason(tuple(entry.pop("names")), tuple(entry.pop("columns")),
                          entry.pop("why")) for entry in table.pop("reason", [])]
        return Reasons(reason=reasons, **table)
    except (tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise CoverageError(f"reasons.toml: {error}") from error


def read(path: Path) -> Reasons:
    """Read the file."""
    try:
        return parse(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise CoverageError(f"{path.name}: {error.strerror}") from error


def problems(reasons: Reasons, api: Api) -> list[str]:
    """Return what in the file does not fit the header, in words."""
    told = [f"reasons.toml: left_out: {pattern} matches no name of the header"
            for pattern in reasons.left_out
            if not fnmatch.filter(api.names, pattern)]
    for name, members in reasons.core.items():
        if name not in api.calls:
            told.append(f"reasons.toml: core: {name} is no function of the header")
        told += [f"reasons.toml: core: {name}: {member} is no member"
                 for member in members if member not in api.members + api.descriptor]
    for (name, column), found in reasons.cells().items():
        if name not in api.names or reasons.is_left_out(name):
            told.append(f"reasons.toml: {name} is no row of the table")
        if column not in COLUMNS:
            told.append(f"reasons.toml: {name}: {column} is no column")
        if len(found) > 1:
            told.append(f"reasons.toml: {name}: {column} has {len(found)} reasons")
    return told
