# SPDX-License-Identifier: GPL-2.0-only
"""Dots and spans in named rows: one quantity of many things, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.lines import Line2D

from .. import units
from ..hist import PERCENTILES, Histogram
from . import style

#: Inches of a row, and of what stands above and below all of them.
_ROW, _LEGEND, _BELOW = 0.33, 0.42, 0.62


@dataclass(frozen=True)
class Dots:
    """One dot in each row; None leaves a row empty."""

    name: str
    look: style.Look
    values: Sequence[float | None]


@dataclass(frozen=True)
class Span:
    """The distribution of one thing: from the least to the largest, p50 and p99 marked."""

    name: str
    stage: Histogram


def _canvas(names: Sequence[str], text: Callable[[float], str], values: Sequence[float],
            label: str) -> tuple[Canvas, Axes]:
    """Rows from top to bottom over a logarithmic axis."""
    left = 0.25 + max(style.text_width(style.short(name)) for name in names) / 72
    height = _LEGEND + _BELOW + _ROW * len(names)
    figure, (axes,) = style.canvas(height=height, left=left)
    width = figure.get_size_inches()[0]
    axes.set_position((left / width, _BELOW / height, (width - left - 0.3) / width,
                       _ROW * len(names) / height))
    style.decimal_axis(axes, "x", values, text)
    axes.set_xlabel(label)
    axes.set_ylim(len(names) - 0.5, -0.5)
    axes.set_yticks(range(len(names)), [style.short(name) for name in names])
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)
    return figure, axes


def _legend(axes: Axes, handles: Sequence[Line2D]) -> None:
    # From the figure's left edge: long names of rows leave the axes little width.
    box = axes.get_position()
    axes.legend(handles=list(handles), loc="lower left",
                bbox_to_anchor=((0.1 / axes.figure.get_size_inches()[0] - box.x0) / box.width, 1.0),
                ncol=len(handles), frameon=False, fontsize=style.FONT, handlelength=1.4,
                columnspacing=1.4, borderaxespad=0.2)


def _handle(name: str, look: style.Look) -> Line2D:
    return Line2D((), (), label=name, **{**look.keywords(), "linestyle": "none"})


def dots(names: Sequence[str], columns: Sequence[Dots], text: Callable[[float], str],
         label: str, binary: bool = False) -> Canvas:
    """A row for each name, a dot in it for each column."""
    values = [value for column in columns for value in column.values if value]
    figure, axes = _canvas(names, text, values, label)
    if binary:
        low, high = axes.get_xlim()
        axes.set_xscale("log", base=2)
        axes.set_xlim(low, high)
        style.ticks(axes.xaxis, style.powers(low, high, 16, 5) if high / low > 256
                    else style.powers(low, high, 4, 5), [], text)
    for column in columns:
        shown = [(value, row) for row, value in enumerate(column.values) if value]
        axes.plot([value for value, _ in shown], [row for _, row in shown],
                  **{**column.look.keywords(), "linestyle": "none", "markersize": 7})
    _legend(axes, [_handle(column.name, column.look) for column in columns])
    return figure


#: How the marks of a span are drawn.
_P50 = style.Look("#08306b", "o")
_P99 = style.Look("#b85410", "D")


def spans(rows: Sequence[Span], label: str) -> Canvas:
    """A row for each span: a line from its least to its largest, thick from p50 to p99."""
    marks = [(max(1, row.stage.minimum), max(1, row.stage.percentile(PERCENTILES["p50"])),
              max(1, row.stage.percentile(PERCENTILES["p99"])), max(1, row.stage.maximum))
             for row in rows]
    figure, axes = _canvas([row.name for row in rows], units.duration_tick,
                           [value for mark in marks for value in mark], label)
    for row, (least, half, most, largest) in enumerate(marks):
        axes.plot((least, largest), (row, row), color=style.MUTED, linewidth=1.0, marker="|",
                  markersize=7)
        axes.plot((half, most), (row, row), color=_P50.color, linewidth=4.5, alpha=0.35,
                  solid_capstyle="butt")
        for value, look in ((most, _P99), (half, _P50)):
            axes.plot((value,), (row,), **{**look.keywords(), "markersize": 7})
    _legend(axes, [_handle("median", _P50), _handle("p99", _P99),
                   Line2D((), (), label="fastest to slowest", color=style.MUTED, linewidth=1.0,
                          marker="|", markersize=7)])
    return figure


def span_table(title: str, rows: Sequence[Span], first: str) -> tuple[str, tuple[str, ...],
                                                                      tuple[tuple[str, ...], ...]]:
    """Title, head and rows of the table behind spans."""
    return (title, (first, "n", "min", "mean", *PERCENTILES, "max"), tuple(
        (row.name, units.count(row.stage.count), units.duration(row.stage.minimum),
         units.duration(row.stage.mean),
         *(units.duration(row.stage.percentile(per)) for per in PERCENTILES.values()),
         units.duration(row.stage.maximum)) for row in rows))
