# SPDX-License-Identifier: GPL-2.0-only
"""How much gets through: bytes and operations per second against size, with the CPU's roof."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from .. import units, words
from ..model import BASELINE_PREFIX
from ..points import (Point, Series, Spread, against_cpu, base_of, best, comparable, label,
                      matching, varying)
from . import style
from .base import Chapter, Figure, Omitted, Subject, Table

#: More lines than these in one figure cannot be told apart.
_MOST_LINES = 7


_PLAIN = {"wait": "wait mode", "threads": "number of threads", "batch": "batch size",
          "map": "mapping", "memory": "kind of memory"}


@dataclass(frozen=True)
class View:
    """Series that are drawn in one figure, and the knobs that tell them apart."""

    suffix: str
    title: str
    series: tuple[Series, ...]
    fixed: str = ""
    dropped: int = 0


@dataclass(frozen=True)
class Metric:
    """What is drawn: its name, its unit, and how to get it from a point."""

    name: str
    title: str
    spread: Callable[[Point], Spread]
    text: Callable[[float], str]
    axis: Callable[[Axes, list[float]], None]
    ylabel: str

    def value(self, point: Point) -> float:
        """The median over repeats."""
        return self.spread(point).median


RATE = Metric("throughput", "Throughput against size", lambda point: point.rate, units.rate,
              style.rate_axis, "throughput")
OPS = Metric("operations", "Operations per second against size", lambda point: point.ops,
             units.ops, lambda axes, values: style.decimal_axis(axes, "y", values, units.ops_tick),
             "operations per second")


def chapter(subject: Subject) -> Chapter:
    """Throughput and operations of one operation."""
    items: list[Figure | Omitted] = []
    for view in views(subject.engines):
        for metric in (RATE, OPS):
            items.append(_item(subject, metric, view))
    intro = "Depth is how many transfers are kept in flight."
    if not subject.roof and not subject.operation.startswith(BASELINE_PREFIX):
        intro += (f" The CPU baseline (op cpu_{subject.operation}) was not measured, so nothing "
                  "can be said about where an engine pays.")
    return Chapter(f"Throughput of {subject.operation}", intro, tuple(items))


def views(engines: list[Series]) -> list[View]:
    """One view of everything, or, where that is too much, one per knob that was swept."""
    if len(engines) <= _MOST_LINES:
        return [View("", "", tuple(engines))]
    base = base_of(engines)
    swept = varying(engines)
    found = [_thinned("", "", matching(engines, base), swept)]
    for name in swept:
        if name == "depth":
            continue
        others = {knob: value for knob, value in base.items() if knob != name}
        line = matching(engines, others)
        depths = [depth for depth in sorted({one.depth for one in line})
                  if len([one for one in line if one.depth == depth]) > 1]
        chosen = [one for one in line if one.depth in (depths[:1] + depths[-1:])]
        if chosen:
            found.append(_thinned(f"-{name}", f" by {_PLAIN.get(name, name)}", chosen, swept))
    return found


def _thinned(suffix: str, title: str, series: list[Series], swept: list[str]) -> View:
    """At most as many lines as can be told apart, the first and the last among them.

    swept: knobs that vary elsewhere; those that do not vary here are named once.
    """
    fixed = [name for name in swept if name not in varying(series)]
    most = min(len(series), _MOST_LINES)
    keep = sorted({round(step * (len(series) - 1) / max(1, most - 1)) for step in range(most)})
    return View(suffix, title, tuple(series[index] for index in keep), label(series[0], fixed),
                len(series) - len(keep))


def _item(subject: Subject, metric: Metric, view: View) -> Figure | Omitted:
    roof = subject.roof
    title = metric.title + view.title
    sizes = sorted({size for one in view.series for size in one.sizes})
    table = _table(title, metric, view, roof)
    if len(sizes) < 2:
        return Omitted(title, f"Only one size, {units.size(sizes[0])}, was measured: "
                       "there is no line to draw.", table)
    runs = [run for one in (*view.series, *roof) for run in one.runs]
    return Figure(
        f"{subject.operation}-{metric.name}{view.suffix}", title, _note(metric, view, roof),
        subject.facts(runs), table, lambda: _draw(metric, view, roof))


def _note(metric: Metric, view: View, roof: list[Series]) -> str:
    top = best(view.series, metric.value)
    size = max(top, key=lambda one: top[one][0])
    value, series = top[size]
    names = varying(view.series) or ["depth"]
    parts = [f"All lines: {view.fixed}."] if view.fixed else []
    parts += [f"The most is {metric.text(value)} at {units.size(size)} "
             f"({label(series, names)})."]
    if any(one.knob("size_min") for one in view.series):
        parts.append("Sizes are random, up to the one that is shown.")
    found = against_cpu(view.series, roof)
    if found and metric is RATE:
        parts.append(words.crossover_sentence(found, words.cpu_name(roof[0].operation)))
        if len(comparable(view.series, roof)) < len(view.series):
            parts.append("(Lines with more workers than the CPU had are not compared.)")
    repeats = max(metric.spread(point).repeats for one in view.series for point in one.points)
    if repeats > 1:
        parts.append("Points are medians, bars reach from the smallest to the largest of up to "
                     f"{repeats} runs.")
    if view.dropped:
        parts.append(f"{units.plural(view.dropped, 'more line')} left out for legibility; "
                     "their figures are in the table of runs.")
    return " ".join(parts)


def _table(title: str, metric: Metric, view: View, roof: list[Series]) -> Table:
    names = varying(view.series) or ["depth"]
    cpu = best(roof, metric.value)
    top = best(view.series, metric.value)
    head = ["size", *(label(one, names) for one in view.series)]
    if cpu:
        head += [words.cpu_name(roof[0].operation), "best / CPU"]
    rows = []
    for size in sorted({*top, *cpu}):
        row = [units.size(size)]
        row += [_cell(metric, one.point(size)) for one in view.series]
        if cpu:
            row.append(metric.text(cpu[size][0]) if size in cpu else "–")
            row.append(units.digits(top[size][0] / cpu[size][0])
                       if size in cpu and size in top else "–")
        rows.append(tuple(row))
    return Table(f"{title}: median over repeats", tuple(head), tuple(rows))


def _cell(metric: Metric, point: Point | None) -> str:
    if point is None:
        return "–"
    found = metric.spread(point)
    text = metric.text(found.median)
    if found.repeats == 1:
        return text
    return f"{text} ({metric.text(found.low)} to {metric.text(found.high)})"


def _draw(metric: Metric, view: View, roof: list[Series]) -> Canvas:
    cpu = {size: value for size, (value, _) in best(roof, metric.value).items()}
    cpu_name = words.cpu_name(roof[0].operation) if roof else ""
    crossing = against_cpu(view.series, roof) if metric is RATE else None
    marks = crossing.crossings if crossing else []
    lines = _lines(metric, view)
    figure, (axes,) = style.canvas([*(name for name, *_ in lines), *([cpu_name] if cpu else [])],
                                   above=0.2 if marks else 0.0)
    spreads = [spread for *_, found in lines for spread in found.values()]
    style.size_axis(axes, sorted({*cpu, *(size for *_, found in lines for size in found)}))
    metric.axis(axes, [*(spread.low for spread in spreads), *(spread.high for spread in spreads),
                       *cpu.values()])
    style.name_y(axes, metric.ylabel)

    named = []
    if cpu:
        axes.plot(list(cpu), list(cpu.values()), zorder=2, **style.ROOF.keywords())
        named.append((cpu_name, style.ROOF, max(cpu), cpu[max(cpu)]))
    for name, look, found in lines:
        axes.plot(list(found), [each.median for each in found.values()], zorder=3,
                  **look.keywords())
        if any(each.repeats > 1 for each in found.values()):
            axes.vlines(list(found), [each.low for each in found.values()],
                        [each.high for each in found.values()], color=look.color, linewidth=1.2,
                        zorder=3)
        named.append((name, look, max(found), found[max(found)].median))
    style.name_lines(axes, named)
    if marks:
        _mark(axes, marks, cpu)
    return figure


def _lines(metric: Metric, view: View) -> list[tuple[str, style.Look, dict[int, Spread]]]:
    """(name, look, spread by size) of each line."""
    names = varying(view.series) or ["depth"]
    others = [name for name in names if name != "depth"]
    looks = style.looks([(label(one, others), one.depth) for one in view.series])
    return [(label(one, names), look, {point.size: metric.spread(point) for point in one.points})
            for one, look in zip(view.series, looks)]


def _mark(axes: Axes, sizes: list[float], cpu: dict[int, float]) -> None:
    """Names crossovers where they are: a ring on the roof, a line, its size above the axes."""
    box = axes.get_window_extent()
    width, height = (length * 72 / axes.figure.dpi for length in (box.width, box.height))
    prefix = "crossover ≈ " if len(sizes) == 1 else "≈ "
    texts = [prefix + words.rounded(size) for size in sizes]
    half = max(style.text_width(text, style.FONT + 1) for text in texts) / 2
    wanted = [axes.transData.transform((size, 1))[0] for size in sizes]
    places = style.spread_out([(place - box.x0) * 72 / axes.figure.dpi for place in wanted],
                              2 * half + 8, half, width - half)
    for size, text, place in zip(sizes, texts, places):
        axes.axvline(size, ymax=1 + 20 / height, color=style.INK, linewidth=1,
                     linestyle=(0, (3, 2)), clip_on=False, zorder=2)
        axes.plot([size], [_between(size, cpu)], marker="o", markersize=11,
                  markerfacecolor="none", markeredgecolor=style.INK, markeredgewidth=1.5,
                  linestyle="", zorder=5)
        axes.annotate(text, (place / width, 1), xycoords="axes fraction", xytext=(0, 22),
                      textcoords="offset points", ha="center", va="bottom", fontweight="bold")


def _between(size: float, curve: dict[int, float]) -> float:
    """Value of a curve at a size within it, both axes logarithmic."""
    sizes = sorted(curve)
    return float(np.exp(np.interp(math.log(size), np.log(sizes),
                                  np.log([curve[each] for each in sizes]))))
