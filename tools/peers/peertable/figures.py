# SPDX-License-Identifier: GPL-2.0-only
"""From what a guest has left to the figures of the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from report.stats import ratio_ci
from peertable.rows import Row

#: Fewer pairs give no interval at 95 %.
FEWEST = 6


@dataclass
class Guest:
    """What one guest has measured. VALUES and SKIPPED are by context and contender."""

    target: str
    accelerator: str = ""
    values: dict[tuple[str, str], dict[int, float]] = field(default_factory=dict)
    skipped: dict[tuple[str, str], str] = field(default_factory=dict)
    chosen: dict[tuple[str, str], tuple[int, str]] = field(default_factory=dict)
    machine: dict[str, str] = field(default_factory=dict)

    @property
    def emulated(self) -> bool:
        """Whether its CPU is not a real one, so that only ratios mean anything."""
        return self.accelerator == "tcg"


@dataclass
class Figure:
    """A row in a context: the VALUE with its interval, of so many PAIRS.

    WHY tells why there is no value. OVER and UNDER are who was compared, with their medians.
    """

    row: Row
    context: str
    target: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    pairs: int = 0
    over: tuple[str, float] | None = None
    under: tuple[str, float] | None = None
    why: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the target is reached; None if there is none."""
        if self.target is None:
            return None
        if self.value is None:
            return False
        return self.value <= self.target if self.row.at_most else self.value >= self.target

    @property
    def sure(self) -> bool:
        """Whether the whole interval is on the same side of the target."""
        if self.target is None or self.low is None or self.high is None:
            return self.target is None or not self.row.under
        return not self.low < self.target < self.high


def _lines(path: Path, words: int) -> list[list[str]]:
    if not path.is_file():
        return []
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    split = [line.split(" ", words - 1) for line in lines if line]
    return [one + [""] * (words - len(one)) for one in split]


def read(folder: Path, target: str, accelerator: str) -> Guest:
    """Read the files that a guest has left."""
    guest = Guest(target, accelerator)
    for context, name, repeat, value in _lines(folder / "results", 4):
        runs = guest.values.setdefault((context, name), {})
        runs[int(repeat)] = max(float(value), runs.get(int(repeat), 0.0))
    for context, name, reason in _lines(folder / "skipped", 3):
        guest.skipped[context, name] = reason
    for context, name, ops, knobs in _lines(folder / "chosen", 4):
        guest.chosen[context, name] = (int(ops), knobs)
    guest.machine = {key: value.strip() for key, value in _lines(folder / "machine", 2)}
    return guest


def _best(guest: Guest, context: str, group: str,
          names: Iterable[str]) -> tuple[str, dict[int, float]] | None:
    """The contender with the highest median, and its values by repeat."""
    found = [(name, guest.values[context, f"{group}.{name}"]) for name in names
             if guest.values.get((context, f"{group}.{name}"))]
    return max(found, key=lambda one: median(one[1].values()), default=None)


def _why(guest: Guest, row: Row, context: str) -> str:
    for name in row.over + row.under:
        reason = guest.skipped.get((context, f"{row.group}.{name}"))
        if reason:
            return f"{name}: {reason}"
    return "was not measured"


def figure(guest: Guest, row: Row, context: str, judged: bool) -> Figure:
    """Work out a row in a context; JUDGED: this guest is one that has to reach the targets."""
    found = Figure(row, context)
    if judged or row.everywhere:
        found.target = row.targets.get(context)
    over = _best(guest, context, row.group, row.over)
    under = _best(guest, context, row.group, row.under)
    if not over or (row.under and not under):
        found.why = _why(guest, row, context)
        return found
    found.over = (over[0], median(over[1].values()))
    if not under:
        found.value, found.pairs = found.over[1], len(over[1])
        return found
    found.under = (under[0], median(under[1].values()))
    both = sorted(set(over[1]) & set(under[1]))
    if not both:
        found.why = "no repeat has both"
        return found
    found.pairs = len(both)
    found.value, low, high = ratio_ci([over[1][i] for i in both], [under[1][i] for i in both])
    if found.pairs >= FEWEST:
        found.low, found.high = low, high
    return found


def figures(guest: Guest, rows: Iterable[Row], contexts: Iterable[str],
            judged: bool) -> list[Figure]:
    """Work out all rows in all contexts, row by row."""
    contexts = tuple(contexts)
    return [figure(guest, row, context, judged) for row in rows for context in contexts]
