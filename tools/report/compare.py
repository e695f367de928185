# SPDX-License-Identifier: GPL-2.0-only
"""Compares results: what changed for sure, by how much, and where nothing can be said.

A cell is one figure of one point in one file against the same in the first file. It is
called a change only if

* a Mann-Whitney test says so, corrected (Holm) for the number of cells in its table, and
* the change is larger than the noise floor: what the same thing differs from itself.

The floor of a cell is the most that two halves of its own repeats differ (the even ones and
the odd ones, the earlier and the later ones, on either side): a machine that drifts shows.
If two files of the same thing are given, it is no less than what these differ in.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import Sequence

from . import stats
from .errors import ReportError
from .metrics import METRICS, Metric, values_of
from .model import Results
from .pairing import Pairing, Row, pair, refuse_mixture

#: How often even one cell of a table may be called a change when nothing has changed.
ALPHA = 0.05

#: Repeats that a half must have for its median to mean something.
_HALF = 3

SAME, BETTER, WORSE = "~", "better", "worse"


@dataclass(frozen=True)
class Sample:
    """The values of a figure over repeats: all of them, median, interval of the median."""

    values: tuple[float, ...]
    median: float
    low: float
    high: float

    @property
    def spread(self) -> float:
        """How far the interval goes from the median, relative to it; inf if it has no end."""
        return max(self.high / self.median - 1, 1 - self.low / self.median)


@dataclass(frozen=True)
class Cell:
    """One figure of one point: a file against the first one.

    delta: relative change of the median; low, high: what it is at least and at most, by the
    intervals of both medians; chance: p of the test; corrected: for all cells of the table;
    floor: relative noise, None if it is not known; verdict: SAME, BETTER or WORSE.
    """

    sample: Sample
    delta: float
    low: float
    high: float
    chance: float
    corrected: float = 1.0
    floor: float | None = None
    verdict: str = SAME


@dataclass(frozen=True)
class Line:
    """A row of a table: the first file's sample and a cell for each of the others."""

    name: str
    base: Sample
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True)
class Grid:
    """All points of one figure. means: the geometric mean of new / old for each other file."""

    metric: Metric
    lines: tuple[Line, ...]
    means: tuple[float | None, ...]
    missing: tuple[str, ...] = ()
    weak: str = ""

    @property
    def cells(self) -> list[Cell]:
        """All of them, without those that lack."""
        return [cell for line in self.lines for cell in line.cells if cell]


@dataclass(frozen=True)
class Comparison:
    """Files side by side, a grid for each figure that they have."""

    files: tuple[Results, ...]
    labels: tuple[str, ...]
    pairing: Pairing
    grids: tuple[Grid, ...]
    missing: tuple[str, ...]

    @property
    def cells(self) -> list[Cell]:
        """Cells of all grids."""
        return [cell for grid in self.grids for cell in grid.cells]

    def count(self, verdict: str) -> int:
        """How many cells have this verdict."""
        return sum(cell.verdict == verdict for cell in self.cells)


def sample(values: Sequence[float]) -> Sample:
    """Of one or more values; the interval is never below zero, as no figure is."""
    middle, low, high = stats.median_ci(values)
    return Sample(tuple(values), middle, max(0.0, low), high)


def _change(new: Sequence[float], old: Sequence[float]) -> float:
    return median(new) / median(old) - 1


def own_noise(values: Sequence[float]) -> float | None:
    """How much the halves of repeats differ, the larger way of halving; None if too few."""
    if len(values) < 2 * _HALF:
        return None
    half = len(values) // 2
    return max(abs(_change(values[1::2], values[::2])),
               abs(_change(values[len(values) - half:], values[:half])))


def _cell(new: list[float], old: list[float], least: float | None) -> Cell:
    here, there = sample(new), sample(old)
    floors = [floor for floor in (own_noise(new), own_noise(old), least) if floor is not None]
    return Cell(here, _change(new, old),
                here.low / there.high - 1 if math.isfinite(there.high) else -1.0,
                here.high / there.low - 1 if there.low else math.inf,
                stats.mann_whitney(new, old), floor=max(floors) if floors else None)


def _judged(cell: Cell, corrected: float, metric: Metric) -> Cell:
    verdict = SAME
    if corrected < ALPHA and abs(cell.delta) > (cell.floor or 0.0):
        verdict = BETTER if metric.better(cell.delta) else WORSE
    return Cell(cell.sample, cell.delta, cell.low, cell.high, cell.chance, corrected, cell.floor,
                verdict)


def _weakness(lines: Sequence[Line]) -> str:
    """Why a table could not have told a change however large, or nothing."""
    cells = [(len(line.base.values), len(cell.sample.values))
             for line in lines for cell in line.cells if cell]
    if not cells or min(stats.least_p(*pair_) for pair_ in cells) * len(cells) < ALPHA:
        return ""
    needed = next(number for number in range(2, 99)
                  if stats.least_p(number, number) * len(cells) < ALPHA)
    return (f"With so few repeats no change in a table of {len(cells)} cells could be told from "
            f"chance: {needed} repeats or more are needed.")


def _grid(metric: Metric, rows: Sequence[Row], labels: Sequence[str],
          least: float | None) -> Grid | None:
    lines, missing = [], []
    for row in rows:
        old, *others = [values_of(metric, runs) for runs in row.runs]
        lacking = [label for label, values in zip(labels, (old, *others)) if not values]
        if len(lacking) == len(labels):
            continue
        if lacking:
            missing.append(f"{row.name}: not of every repeat in {', '.join(lacking)}")
        if old and any(others):
            lines.append(Line(row.name, sample(old), tuple(
                _cell(new, old, least) if new else None for new in others)))
    if not lines:
        return None
    corrected = iter(stats.holm([cell.chance for line in lines for cell in line.cells if cell]))
    judged = tuple(Line(line.name, line.base, tuple(
        cell and _judged(cell, next(corrected), metric) for cell in line.cells))
                   for line in lines)
    means = []
    for column in range(len(labels) - 1):
        ratios = [1 + line.cells[column].delta for line in judged if line.cells[column]]
        means.append(stats.geometric_mean(ratios) if ratios else None)
    return Grid(metric, judged, tuple(means), tuple(missing), _weakness(judged))


def noise_of(same: Sequence[Results]) -> dict[str, float]:
    """For each figure the relative difference that 95 % of the points of two files of the
    same thing stay below; the largest one of fewer than 20 points."""
    refuse_mixture(list(same))
    found: dict[str, list[float]] = {}
    for row in pair(list(same)).rows:
        for metric in METRICS:
            first, second = (values_of(metric, runs) for runs in row.runs)
            if first and second:
                found.setdefault(metric.name, []).append(abs(_change(second, first)))
    return {name: sorted(many)[math.ceil(0.95 * len(many)) - 1] for name, many in found.items()}


def _lost(rows: Sequence[Row], labels: Sequence[str]) -> list[str]:
    """Points that a file lacks, and runs that gave no figures, with the reason."""
    found = []
    for row in rows:
        for label, runs in zip(labels, row.runs):
            lost = [run for run in runs if not run.measured]
            if not runs:
                found.append(f"{row.name}: not in {label}")
            elif lost and any(run.measured for many in row.runs for run in many):
                found.append(f"{row.name}: {len(lost)} of {len(runs)} runs in {label} gave no "
                             f"figures ({lost[0].reason or lost[0].state})")
    return found


def labelled(names: Sequence[str]) -> tuple[str, ...]:
    """Names of columns, A, B and so on before the names of files that are the same."""
    stems = [name.removesuffix(".json") for name in names]
    if len(set(stems)) == len(stems):
        return tuple(stems)
    return tuple(f"{chr(ord('A') + index)} {stem}" for index, stem in enumerate(stems))


def compare(files: Sequence[Results], noise: dict[str, float] | None = None) -> Comparison:
    """Compares every file with the first one; ReportError if that would say nothing.

    noise: of each figure by name, as noise_of() gives it.
    """
    refuse_mixture(list(files))
    pairing = pair(list(files))
    if not any(sum(map(bool, row.runs)) > 1 for row in pairing.rows):
        raise ReportError(" and ".join(results.name for results in files),
                          "they have no configuration in common", "measure the same profile")
    labels = labelled([results.name for results in files])
    grids = [_grid(metric, pairing.rows, labels, (noise or {}).get(metric.name))
             for metric in METRICS]
    none = [f"no two files have {metric.title.lower()}, or of no common point"
            for metric, grid in zip(METRICS, grids) if grid is None]
    return Comparison(tuple(files), labels, pairing, tuple(grid for grid in grids if grid),
                      (*none, *_lost(pairing.rows, labels)))
