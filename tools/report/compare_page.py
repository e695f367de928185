# SPDX-License-Identifier: GPL-2.0-only
"""A comparison as one self-contained HTML page, and the PNGs that go beside it."""

from __future__ import annotations

import math
from typing import Any

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from . import compare_words, svg, units
from .compare import BETTER, SAME, WORSE, Cell, Comparison, Grid
from .figures import style
from .figures.base import Figure, Table
from .page import embedded, template

#: More rows than these make no figure that can be read; the table has them all.
_MOST_ROWS = 80

#: Inches of a row, and of what stands above and below all of them.
_ROW, _ABOVE, _BELOW = 0.3, 0.42, 0.62

_LOOKS = {BETTER: style.Look("#00463a", "^"), WORSE: style.Look("#a40e26", "v"),
          SAME: style.Look(style.MUTED, "o")}


def render(comparison: Comparison) -> dict[str, bytes]:
    """Files by name: compare.html and the figures."""
    files: dict[str, bytes] = {}
    parts = [_part(comparison, grid, files) for grid in comparison.grids]
    html = template("compare.html.j2").render(
        title=" against ".join((", ".join(comparison.labels[1:]), comparison.labels[0])),
        comparison=comparison, parts=parts, sentences=compare_words.sentences(comparison),
        wheres=[compare_words.where(results) for results in comparison.files],
        tiles=_tiles(comparison), json=embedded(compare_words.document(comparison)))
    files["compare.html"] = svg.printable(html).encode("utf-8")
    return files


def _tiles(comparison: Comparison) -> list[tuple[str, str, str]]:
    first = comparison.labels[0]
    return [(grid.metric.title, compare_words.percent(ratio - 1, True),
             f"{label} against {first}, geometric mean of "
             + units.plural(sum(1 for line in grid.lines if line.cells[column]), "point"))
            for grid in comparison.grids
            for column, (label, ratio) in enumerate(zip(comparison.labels[1:], grid.means))
            if ratio]


def _part(comparison: Comparison, grid: Grid, files: dict[str, bytes]) -> dict[str, Any]:
    part: dict[str, Any] = {"grid": grid, "rows": [_row(grid, line) for line in grid.lines],
                            "means": [compare_words.percent(ratio - 1, True) if ratio else "–"
                                      for ratio in grid.means], "figures": []}
    for column, label in enumerate(comparison.labels[1:]):
        shown = [(line.name, line.cells[column]) for line in grid.lines if line.cells[column]]
        if not 0 < len(shown) <= _MOST_ROWS:
            continue
        figure = _figure(comparison, grid, f"{column + 1}-" if len(comparison.files) > 2 else "",
                         label, shown)
        markup, png = svg.render(figure)
        files[f"{figure.name}.png"] = png
        part["figures"].append({"figure": figure, "svg": Markup(markup)})
    return part


def _row(grid: Grid, line: Any) -> dict[str, Any]:
    return {"name": line.name,
            "base": (grid.metric.text(line.base.median), compare_words.spread(line.base)),
            "cells": [cell and {
                "median": grid.metric.text(cell.sample.median),
                "spread": compare_words.spread(cell.sample), "verdict": cell.verdict,
                "change": compare_words.percent(cell.delta, True),
                "chance": compare_words.chance(cell.corrected),
                "floor": compare_words.percent(cell.floor) if cell.floor is not None else "–",
                "repeats": compare_words.repeats(line.base, cell)} for cell in line.cells]}


def _figure(comparison: Comparison, grid: Grid, prefix: str, label: str,
            shown: list[tuple[str, Cell]]) -> Figure:
    first = comparison.labels[0]
    facts = " · ".join(dict.fromkeys(map(compare_words.where, comparison.files)))
    counts = sorted({(len(cell.sample.values)) for _, cell in shown})
    return Figure(
        name=f"compare-{prefix}{grid.metric.name}",
        title=f"{grid.metric.title}: {label} against {first}",
        note=f"The change of the median ({grid.metric.direction}). The line spans what it is "
             "at least and at most, by the 95 % intervals of both medians; the band is the noise "
             "of the point itself. A hollow dot: nothing can be said.",
        facts=f"{facts} · {' to '.join(map(str, counts[:1] + counts[1:][-1:]))} repeats",
        table=Table("", (), ()), draw=lambda: _draw(shown))


def _limit(shown: list[tuple[str, Cell]]) -> float:
    """How far the axis goes to either side: all dots, and whiskers unless they are far out."""
    most = max(0.02, *(abs(cell.delta) for _, cell in shown))
    ends = [abs(end) for _, cell in shown for end in (cell.low, cell.high, cell.floor or 0.0)
            if math.isfinite(end) and abs(end) <= 3 * most]
    return 1.08 * max((most, *ends))


def _draw(shown: list[tuple[str, Cell]]) -> Canvas:
    names = [style.short(name) for name, _ in shown]
    left = 0.25 + max(map(style.text_width, names)) / 72
    height = _ABOVE + _BELOW + _ROW * len(shown)
    figure, (axes,) = style.canvas(height=height, left=left)
    width = figure.get_size_inches()[0]
    axes.set_position((left / width, _BELOW / height, (width - left - 0.3) / width,
                       _ROW * len(shown) / height))
    limit = 100 * _limit(shown)
    axes.set_xlim(-limit, limit)
    axes.set_ylim(len(shown) - 0.5, -0.5)
    axes.set_yticks(range(len(shown)), names)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    axes.axvline(0, color=style.INK, linewidth=0.9, zorder=1)
    axes.set_xlabel("change of the median in percent")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+g}" if value else "0")
    for row, (_, cell) in enumerate(shown):
        _dot(axes, row, cell, limit)
    return figure


def _dot(axes: Axes, row: int, cell: Cell, limit: float) -> None:
    look = _LOOKS[cell.verdict]
    if cell.floor:
        reach = min(100 * cell.floor, limit)
        axes.fill_between((-reach, reach), row - 0.32, row + 0.32, color=style.GRID, linewidth=0,
                          zorder=0)
    axes.plot([max(-limit, 100 * cell.low), min(limit, 100 * cell.high)], (row, row),
              color=look.color, linewidth=1.4, zorder=2)
    axes.plot((100 * cell.delta,), (row,), marker=look.marker, markersize=7, linestyle="none",
              color=look.color, zorder=3,
              markerfacecolor=style.PAPER if cell.verdict == SAME else look.color)
