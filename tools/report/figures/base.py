# SPDX-License-Identifier: GPL-2.0-only
"""What a figure is to the page: words, numbers and a function that draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

from matplotlib.figure import Figure as Canvas

from .. import units
from ..model import Results, Run
from ..points import Series


@dataclass(frozen=True)
class Subject:
    """What chapters are about: one operation of an engine, and the CPU's runs of the same."""

    results: Results
    operation: str
    engines: list[Series]
    roof: list[Series]

    def facts(self, runs: Sequence[Run]) -> str:
        """The circumstances of these runs, for a caption."""
        return facts(self.results, runs)


@dataclass(frozen=True)
class Table:
    """Numbers in columns; the first column names the row.

    words: the cells are words rather than numbers; code: the last column is code.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: bool = False
    code: bool = False


@dataclass(frozen=True)
class Figure:
    """A figure that can be drawn.

    name: stem of its file; note: what to see in it; facts: under which circumstances it
    was measured, the same for the page and for the PNG that travels alone. markup: makes the
    SVG of a figure, given its stem, where the library's own is not good enough; such a figure
    is as wide as the page.
    """

    name: str
    title: str
    note: str
    facts: str
    table: Table
    draw: Callable[[], Canvas]
    markup: Callable[[str], str] | None = None


@dataclass(frozen=True)
class Omitted:
    """A figure that the data do not allow, and why; its numbers may still be had.

    wanted: there should be a figure; else the words introduce a table that says all.
    """

    title: str
    why: str
    table: Table | None = None
    wanted: bool = True


@dataclass(frozen=True)
class Chapter:
    """Figures that answer one question."""

    title: str
    intro: str
    items: tuple[Figure | Omitted, ...]


def facts(results: Results, runs: Sequence[Run]) -> str:
    """The circumstances of these runs, for a caption."""
    system = results.system
    parts = [
        units.listed(list(dict.fromkeys(run.operation for run in runs))) + _where(runs),
        f"Linux {system.kernel}",
        system.machine,
        system.accelerator,
        f"n\u00a0=\u00a0{units.plural(sum(run.transfers for run in runs), 'transfer')} in "
        f"{units.plural(len(runs), 'run')}",
        f"{units.duration(sum(run.number('window_ns') for run in runs))} measured",
        _seed(runs),
    ]
    return " · ".join(parts)


def _where(runs: Sequence[Run]) -> str:
    engine = [run for run in runs if not run.baseline] or list(runs)
    names = list(dict.fromkeys(name for run in engine for name in run.channels))
    devices = list(dict.fromkeys(
        f"{run.result.get('device', 'unknown device')} ({run.result.get('driver', 'unknown')})"
        for run in engine if not run.baseline))
    shown = units.listed(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    if not devices:
        return ""
    return f" on {units.listed(devices[:2])}" + (f", {shown}" if names else "")


def _seed(runs: Sequence[Run]) -> str:
    seeds = list(dict.fromkeys(str(run.result.get("seed", "unknown")) for run in runs))
    if len(seeds) == 1:
        return f"seed {seeds[0]}"
    return f"{len(seeds)} seeds, all in the results"
