# SPDX-License-Identifier: GPL-2.0-only
"""Size times depth: throughput and tail latency as a map with the numbers in its cells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterable

from matplotlib import colormaps
from matplotlib.colors import LogNorm
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from .. import units
from ..hist import PERCENTILES
from ..model import TOTAL
from ..points import Point, Series, base_of, identity, label, matching, varying
from . import style
from .base import Chapter, Figure, Omitted, Subject, Table

#: More columns than these leave no room for numbers in a cell.
_MOST_DEPTHS = 9


@dataclass(frozen=True)
class Metric:
    """What a cell shows, in one unit for the whole map."""

    name: str
    title: str
    unit: str
    value: Callable[[Point], float | None]
    colors: str
    more_is: str


def _p99(point: Point) -> float | None:
    stage = point.stage(TOTAL)
    return stage.percentile(PERCENTILES["p99"]) / 1e3 if stage else None


RATE = Metric("throughput", "Throughput by size and depth", "MiB/s",
              lambda point: point.rate.median / 2 ** 20, "Blues", "faster")
P99 = Metric("p99", "Total latency, p99, by size and depth", "µs", _p99,
             "Oranges", "slower")


@dataclass(frozen=True)
class Grid:
    """Values by (size, depth), and a word for cells that have none."""

    sizes: list[int]
    depths: list[int]
    cells: dict[tuple[int, int], float]
    without: dict[tuple[int, int], str]


def chapter(subject: Subject) -> Chapter:
    """Both maps, of the setting under which most points were measured."""
    chosen = matching(subject.engines, base_of(subject.engines))
    names = [name for name in varying(subject.engines) if name != "depth"]
    where = label(chosen[0], names)
    items = tuple(_item(subject, metric, chosen, where) for metric in (RATE, P99))
    intro = "A cell is one size at one depth; the darker, the higher the number."
    if where:
        intro += f" All of them: {where}."
    return Chapter(f"Size and depth of {subject.operation}", intro, items)


def _item(subject: Subject, metric: Metric, chosen: list[Series], where: str) -> Figure | Omitted:
    title = metric.title + (f": {where}" if where else "")
    grid = _grid(subject, metric, chosen)
    if not grid.cells:
        return Omitted(title, "No run has samples of `total`: stamps were off (stages=0).")
    lone = [name for name, values in (("size", grid.sizes), ("depth", grid.depths))
            if len(values) < 2]
    if lone:
        return Omitted(title, f"Only one {units.listed(lone)} was measured: there is no map "
                       "to draw.")
    size, depth = max(grid.cells, key=lambda cell: grid.cells[cell])
    note = (f"In {metric.unit}. The highest is {units.digits(grid.cells[size, depth])} "
            f"{metric.unit} at {units.size(size)}, depth {depth}; darker is {metric.more_is}.")
    return Figure(f"{subject.operation}-heatmap-{metric.name}", title, note,
                  subject.facts([run for one in chosen for run in one.runs]),
                  _table(title, metric, grid), lambda: _draw(metric, grid))


def _grid(subject: Subject, metric: Metric, chosen: list[Series]) -> Grid:
    depths = _thinned([one.depth for one in chosen])
    cells = {(point.size, one.depth): value for one in chosen for point in one.points
             if one.depth in depths and (value := metric.value(point))}
    sizes = sorted({size for size, _ in cells})
    return Grid(sizes, sorted({depth for _, depth in cells}), cells, _without(subject, chosen))


def _thinned(depths: list[int]) -> list[int]:
    """As many depths as there is room for, the least and the greatest among them."""
    depths = sorted(set(depths))
    if len(depths) <= _MOST_DEPTHS:
        return depths
    step = (len(depths) - 1) / (_MOST_DEPTHS - 1)
    return [depths[round(index * step)] for index in range(_MOST_DEPTHS)]


def _without(subject: Subject, chosen: list[Series]) -> dict[tuple[int, int], str]:
    """(size, depth) of runs with the setting of the chosen series that measured nothing, why."""
    def setting(knobs: Iterable[tuple[str, object]]) -> dict[str, object]:
        return {name: value for name, value in knobs if name != "depth"}

    return {(run.size, run.depth): "skipped" if run.skipped else "failed"
            for run in subject.results.runs
            if run.operation == subject.operation and not run.measured
            and setting(identity(run)) == setting(chosen[0].knobs)}


def _text(grid: Grid, cell: tuple[int, int]) -> str:
    if cell in grid.cells:
        return units.digits(grid.cells[cell])
    return grid.without.get(cell, "–")


def _table(title: str, metric: Metric, grid: Grid) -> Table:
    head = ("size", *(f"depth {depth}" for depth in grid.depths))
    return Table(f"{title}, {metric.unit}", head, tuple(
        (units.size(size), *(_text(grid, (size, depth)) for depth in grid.depths))
        for size in grid.sizes))


def _draw(metric: Metric, grid: Grid) -> Canvas:
    figure, (axes,) = style.canvas(height=0.7 + 0.34 * len(grid.sizes), above=-0.22)
    low, high = min(grid.cells.values()), max(grid.cells.values())
    norm = LogNorm(low, high if high > low else low * 1.01)
    axes.set_xlim(-0.5, len(grid.depths) - 0.5)
    axes.set_ylim(-0.5, len(grid.sizes) - 0.5)
    for row, size in enumerate(grid.sizes):
        for column, depth in enumerate(grid.depths):
            value = grid.cells.get((size, depth))
            color = style.PAPER if value is None else _shade(metric, float(norm(value)))
            axes.add_patch(Rectangle(
                (column - 0.5, row - 0.5), 1, 1, facecolor=color, linewidth=1.5,
                edgecolor=style.GRID if value is None else style.PAPER,
                hatch="///" if value is None else None))
            axes.text(column, row, _text(grid, (size, depth)), ha="center", va="center",
                      fontsize=style.FONT)
    axes.set_xticks(range(len(grid.depths)), [str(depth) for depth in grid.depths])
    axes.set_yticks(range(len(grid.sizes)), [units.size(size) for size in grid.sizes])
    axes.set_xlabel(f"depth (transfers in flight); cells in {metric.unit}")
    axes.grid(False)
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def _shade(metric: Metric, share: float) -> tuple[float, float, float, float]:
    """Colour of a cell by where it lies between the least (0) and the most (1).

    The darker shades of the map are left out: ink would not read on them.
    """
    return colormaps[metric.colors](0.04 + 0.56 * share)
