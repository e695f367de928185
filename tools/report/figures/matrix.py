# SPDX-License-Identifier: GPL-2.0-only
"""The conformance matrix: rules by channels, a word in each cell."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from .. import units
from ..conformance import MARKS, NO_CASE, NOT_RUN, VERDICTS, Matrix, Rule
from . import style
from .base import Figure, Table

#: Paper and hatch of a cell; the word in it says the same.
_LOOKS = {"failed": ("#f5b5b0", None), "advised": ("#fde4b0", "//"), "waived": ("#e3d3ee", "\\\\"),
          "passed": ("#cdebd3", None), "skipped": ("#eceff2", None),
          NOT_RUN: (style.PAPER, "..."), NO_CASE: (style.PAPER, None)}

#: From so many rows on, they stand in two halves beside each other.
_MOST_ROWS = 24
#: As long as there is room for them.
_MOST_BESIDE = 2

_ROW = 0.2
_TEXT = style.FONT - 2


def figure(matrix: Matrix) -> Figure:
    """The matrix as a figure, of which there is at most one on a page."""
    rows = tuple((rule.number, rule.grade, *(matrix.verdict(suite, rule)
                                             for suite in matrix.suites)) for rule in matrix.rules)
    title = "Rules of the dmaengine contract" if len(matrix.suites) > 1 \
        else f"Rules of the dmaengine contract: {matrix.names[0]}"
    return Figure("conformance-matrix", title, _note(matrix), facts(matrix),
                  Table(title, ("rule", "grade", *matrix.names), rows, words=True),
                  lambda: _draw(matrix))


def _note(matrix: Matrix) -> str:
    parts = []
    for name, suite in zip(matrix.names, matrix.suites):
        verdicts = [matrix.verdict(suite, rule) for rule in matrix.rules]
        said = [f"{verdicts.count(verdict)} {verdict}" for verdict in (*VERDICTS, NOT_RUN, NO_CASE)
                if verdict in verdicts]
        parts.append((f"{name}: " if len(matrix.suites) > 1 else "") + ", ".join(said))
    return f"A row is a rule, by the worst of its cases. {'; '.join(parts)}."


def facts(matrix: Matrix) -> str:
    """The circumstances, for the caption."""
    found = []
    for suite in matrix.suites:
        found.append(" · ".join((
            f"{suite.channel} of {suite.head.get('device', 'an unknown device')} ({suite.driver})",
            f"Linux {suite.system.kernel}", suite.system.machine, suite.system.accelerator,
            units.plural(len(suite.outcomes), "case"), f"seed {suite.seed}")))
    return "; ".join(found)


def _halves(matrix: Matrix) -> list[list[tuple[str, list[Rule]]]]:
    """The parts in one column, or in two of about the same length."""
    parts = matrix.parts
    whole = sum(len(rules) + 1 for _, rules in parts)
    if whole <= _MOST_ROWS or len(matrix.suites) > _MOST_BESIDE or len(parts) < 2:
        return [parts]
    cut = min(range(1, len(parts)), key=lambda at: abs(
        2 * sum(len(rules) + 1 for _, rules in parts[:at]) - whole))
    return [parts[:cut], parts[cut:]]


def _draw(matrix: Matrix) -> Canvas:
    halves = _halves(matrix)
    most = max(sum(len(rules) + 1 for _, rules in half) for half in halves)
    below = 0.05
    above = 0.2 + 0.13 * max(name.count(" ") + 1 for name in matrix.names)
    height = above + below + _ROW * max(most, 2)
    drawn = Canvas(figsize=(style.WIDTH, height))
    gap = 0.15
    width = (style.WIDTH - gap * (len(halves) + 1)) / len(halves)
    for index, half in enumerate(halves):
        axes = drawn.add_axes(((gap + index * (width + gap)) / style.WIDTH, below / height,
                               width / style.WIDTH, (height - above - below) / height))
        _panel(axes, matrix, half, most, width)
    return drawn


def _panel(axes: Axes, matrix: Matrix, parts: list[tuple[str, list[Rule]]], most: int,
           width: float) -> None:
    """Rows from the top down; x is in inches."""
    labels = 1.15
    cell = (width - labels) / len(matrix.suites)
    axes.set_xlim(0, width)
    axes.set_ylim(max(most, 2), 0)
    axes.axis("off")
    row = 0
    for column, name in enumerate(matrix.names):
        axes.text(labels + (column + 0.5) * cell, -0.15, _heading(name, cell), ha="center",
                  va="bottom", fontsize=_TEXT, fontweight="bold")
    for title, rules in parts:
        axes.text(0, row + 0.55, style.short(title), va="center", fontsize=_TEXT + 0.5,
                  fontweight="bold")
        row += 1
        for rule in rules:
            axes.text(0.08, row + 0.5, f"{rule.number} {rule.grade}", va="center", fontsize=_TEXT)
            for column, suite in enumerate(matrix.suites):
                _cell(axes, labels + column * cell, row, cell, matrix.verdict(suite, rule))
            row += 1


def _cell(axes: Axes, left: float, top: float, width: float, verdict: str) -> None:
    color, hatch = _LOOKS[verdict]
    axes.add_patch(Rectangle((left, top), width, 1, facecolor=color, hatch=hatch, linewidth=1.2,
                             edgecolor=style.GRID if color == style.PAPER else style.PAPER))
    text = f"{MARKS[verdict]} {verdict}"
    if style.text_width(text, _TEXT) > 72 * width - 4:
        text = MARKS[verdict]
    axes.text(left + width / 2, top + 0.52, text, ha="center", va="center", fontsize=_TEXT,
              fontweight="bold" if verdict == "failed" else "normal",
              bbox={"facecolor": color, "edgecolor": "none", "pad": 0.8} if hatch else None)


def _heading(name: str, width: float) -> str:
    """The name, a word in a line, each cut to what stands above a cell."""
    return "\n".join(_fitting(word, width) for word in name.split(" "))


def _fitting(name: str, width: float) -> str:
    """The name, cut to what stands above a cell."""
    shown = name
    while len(shown) > 2 and style.text_width(shown, _TEXT) * 1.15 > 72 * width - 4:
        shown = shown[:-2].rstrip("… ") + "…"
    return shown
