# SPDX-License-Identifier: GPL-2.0-only
"""How long a transfer takes: distributions by stage, and their tails."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Iterable

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from .. import units
from ..hist import PERCENTILES, Histogram
from ..model import STAGES, TOTAL
from ..points import Point, Series, base_of, knob_words, size_words
from . import style
from .base import Chapter, Figure, Omitted, Subject, Table

#: Points that are drawn at most: a small and a large size in each wait mode.
_MOST_POINTS = 6


@dataclass(frozen=True)
class Chosen:
    """A point to look at closely."""

    series: Series
    point: Point

    @property
    def name(self) -> str:
        """What tells it from the other chosen ones."""
        wait = self.series.knob("wait")
        size = size_words(self.series, self.point.size)
        return f"{size}, {knob_words('wait', wait)}" if wait else size

    @property
    def stem(self) -> str:
        """The same as part of a file name."""
        wait = self.series.knob("wait")
        size = units.size(self.point.size).replace("\u00a0", "").replace(".", "_")
        return f"{size}-{wait}" if wait else size

    def stages(self) -> dict[str, Histogram]:
        """Its histograms, in the order of a transfer's life, `total` last."""
        found = {name: self.point.stage(name) for name in (*STAGES, TOTAL)}
        return {name: stage for name, stage in found.items() if stage is not None}


def chosen(engines: list[Series]) -> list[Chosen]:
    """A small and a large size at the least depth, for each wait mode."""
    staged = [one for one in engines if any(TOTAL in point.stages for point in one.points)]
    if not staged:
        return []
    depth = min(one.depth for one in staged)
    staged = [one for one in staged if one.depth == depth]
    base = base_of(staged, ("wait",))
    by_wait = {str(one.knob("wait")): one for one in staged
               if all(one.knob(knob) == value for knob, value in base.items())}
    sizes = {wait: {point.size for point in one.points if TOTAL in point.stages}
             for wait, one in by_wait.items()}
    common = set.intersection(*sizes.values())
    found = []
    for wait, one in by_wait.items():
        among = common or sizes[wait]
        for size in sorted({min(among), max(among)}):
            point = one.point(size)
            if point is not None:
                found.append(Chosen(one, point))
    return sorted(found, key=lambda each: each.point.size)[:_MOST_POINTS]


def chapter(subject: Subject) -> Chapter:
    """Tails of `total`, then every stage of each chosen point."""
    points = chosen(subject.engines)
    title = f"Latency of {subject.operation}"
    if not points:
        return Chapter(title, "", (Omitted(
            "Latency distributions", "No run has samples of `total`: stamps were off "
            "(stages=0) or nothing completed."),))
    depth = points[0].series.depth
    intro = ("One transfer at a time (depth 1), so that nothing waits in a queue." if depth == 1
             else f"No run had depth 1: at depth {depth}, transfers wait for each other, too.")
    intro += _clock(points)
    return Chapter(title, intro, (_by_size(subject, points), _tails(subject, points),
                                  *(_stages(subject, each) for each in points)))


def _clock(points: list[Chosen]) -> str:
    """What the clock itself does to short times, empty if the client did not say."""
    runs = [run for each in points for run in each.point.runs]
    cost, step = (max(run.number(key) for run in runs) for key in
                  ("clock_cost_ns", "clock_step_ns"))
    if not cost:
        return ""
    return (f" Reading the clock costs {units.duration(cost)} and its smallest step is "
            f"{units.duration(step)}: times near to these are the clock's.")


def _by_size(subject: Subject, points: list[Chosen]) -> Figure | Omitted:
    title = "Latency against size"
    lines = []
    for one in dict((each.series.knobs, each.series) for each in points).values():
        totals = [(point.size, total) for point in one.points if (total := point.stage(TOTAL))]
        lines += [(one, name, [size for size, _ in totals],
                   [float(total.percentile(PERCENTILES[name])) for _, total in totals])
                  for name in ("p50", "p99")]
    sizes = sorted({size for _, _, found, _ in lines for size in found})
    table = Table(title, ("size", *(_line_name(one, name) for one, name, *_ in lines)), tuple(
        (units.size(size), *(units.duration(values[found.index(size)]) if size in found else "–"
                             for _, _, found, values in lines)) for size in sizes))
    if len(sizes) < 2:
        return Omitted(title, f"Only one size, {units.size(sizes[0])}, was measured: there is no "
                       "line to draw.", table)
    runs = [run for one, name, *_ in lines if name == "p50" for run in one.runs]
    note = ("Median (p50) and 99th percentile (p99) of total, from the preparation of a transfer "
            "until its waiter knows that it is done.")
    return Figure(f"{subject.operation}-latency-size", title, note, subject.facts(runs), table,
                  lambda: _draw_by_size(lines, sizes))


def _line_name(one: Series, percentile: str) -> str:
    return f"{one.knob('wait', '')} {percentile}".strip()


def _draw_by_size(lines: list[tuple[Series, str, list[int], list[float]]],
                  sizes: list[int]) -> Canvas:
    looks = style.looks([(str(one.knob("wait")), name) for one, name, *_ in lines])
    names = [_line_name(one, name) for one, name, *_ in lines]
    figure, (axes,) = style.canvas(names)
    style.size_axis(axes, sizes)
    floor = _positive(np.array(values) for *_, values in lines)
    style.decimal_axis(axes, "y", [max(value, floor) for *_, values in lines for value in values],
                       units.duration_tick)
    style.name_y(axes, "latency")
    for look, (_, _, found, values) in zip(looks, lines):
        axes.plot(found, np.maximum(values, floor), **look.keywords())
    style.name_lines(axes, [(name, look, found[-1], max(values[-1], floor))
                            for name, look, (_, _, found, values) in zip(names, looks, lines)])
    return figure


def _tails(subject: Subject, points: list[Chosen]) -> Figure:
    totals = [(each, each.stages()[TOTAL]) for each in points]
    worst = max(totals, key=lambda pair: pair[1].percentile(PERCENTILES["p99"]))
    note = (f"How slow the slowest are: at {worst[0].name}, half of the transfers are done within "
            f"{units.duration(worst[1].percentile(PERCENTILES['p50']))} and 99 % within "
            f"{units.duration(worst[1].percentile(PERCENTILES['p99']))}. "
            "A line ends where its samples do.")
    runs = [run for each in points for run in each.point.runs]
    table = _table("Total latency", [(each.name, total) for each, total in totals], "point")
    return Figure(f"{subject.operation}-tails", "Total latency by percentile", note,
                  subject.facts(runs), table, lambda: _draw_tails(totals))


def _stages(subject: Subject, each: Chosen) -> Figure | Omitted:
    stages = each.stages()
    title = f"Latency by stage: {each.name}"
    table = _table(f"Stages at {each.name}", list(stages.items()), "stage")
    slowest = max((name for name in stages if name != TOTAL), default=TOTAL,
                  key=lambda name: stages[name].mean)
    note = (f"Above: share of the transfers whose stage took no longer than so much. Below: the "
            f"same by percentile, to show the tail. The longest stage is {slowest}: "
            f"{units.duration(stages[slowest].mean)} on average.")
    drawn = {name: stage for name, stage in stages.items() if stage.maximum > 0}
    note += _undrawn([name for name in stages if name not in drawn])
    if not drawn:
        return Omitted(title, "All times are 0.", table)
    return Figure(f"{subject.operation}-latency-{each.stem}", title, note,
                  subject.facts(each.point.runs), table, lambda: _draw_stages(drawn))


def _undrawn(names: list[str]) -> str:
    """Why stages are missing in a figure whose axis has no zero."""
    if not names:
        return ""
    text = f" Not drawn, as all samples are 0: {units.listed(names)}."
    if "complete" in names:
        text += " (A transfer that is over when issue_pending returns has no time to complete.)"
    return text


def _table(title: str, rows: list[tuple[str, Histogram]], first: str) -> Table:
    return Table(title, (first, "n", "min", "mean", *PERCENTILES, "max"), tuple(
        (name, units.count(stage.count), units.duration(stage.minimum),
         units.duration(stage.mean),
         *(units.duration(stage.percentile(per)) for per in PERCENTILES.values()),
         units.duration(stage.maximum)) for name, stage in rows))


def nines(stage: Histogram) -> tuple[np.ndarray, np.ndarray]:
    """(-log10(1 - share), duration in ns) up to the last sample that stands for itself.

    The position is the number of nines: 90 % at 1, 99 % at 2. Of n samples none lies beyond
    1 - 1/n, so the line ends there with the maximum.
    """
    durations, shares = stage.cdf()
    most = 1 - 1 / stage.count if stage.count > 1 else 0.5
    keep = shares < most
    return (np.append(-np.log10(1 - shares[keep]), -math.log10(1 - most)),
            np.append(durations[keep], stage.maximum))


_NINES = {0: "0", -math.log10(0.5): "50", 1: "90", 2: "99", 3: "99.9", 4: "99.99",
          5: "99.999", 6: "99.9999", 7: "99.99999", 8: "99.999999"}


def _nines_axis(axes: Axes, most: float) -> None:
    """x: percentiles; those that would overlap their right neighbour's name have none."""
    most = max(1.0, most) * 1.02
    axes.set_xlim(0, most)
    point = most / (axes.get_window_extent().width * 72 / axes.figure.dpi)
    room, named = math.inf, []
    for place in sorted((place for place in _NINES if place <= most), reverse=True):
        half = (style.text_width(_NINES[place]) / 2 + 3) * point
        if place + half <= room:
            named.append(place)
            room = place - half
    axes.set_xticks(named, [_NINES[place] for place in named])
    axes.set_xticks([place for place in _NINES if place <= most], minor=True)
    axes.set_xlabel("percentile")


def _positive(curves: Iterable[np.ndarray]) -> float:
    """The least time above 0, which stands for 0 on axes that have none."""
    return min((float(value) for values in curves for value in values if value > 0), default=1.0)


def _draw_tails(totals: list[tuple[Chosen, Histogram]]) -> Canvas:
    looks = style.looks([(str(each.series.knob("wait")), each.point.size) for each, _ in totals])
    figure, (axes,) = style.canvas([each.name for each, _ in totals])
    _nines_panel(axes, [(each.name, look, total) for look, (each, total) in zip(looks, totals)])
    return figure


def draw_nines(lines: list[tuple[str, style.Look, Histogram]], name: str) -> Canvas:
    """Curves by percentile, each up to its last sample."""
    figure, (axes,) = style.canvas([each for each, *_ in lines])
    _nines_panel(axes, lines, name)
    return figure


def _draw_stages(stages: dict[str, Histogram]) -> Canvas:
    figure, (above, below) = style.canvas(list(stages), height=6.4, rows=2)
    lines = [(name, style.STAGES.get(name, style.STAGES[TOTAL]), stage)
             for name, stage in stages.items()]
    _cdf_panel(above, lines)
    _nines_panel(below, lines)
    return figure


def _nines_panel(axes: Axes, lines: list[tuple[str, style.Look, Histogram]],
                 quantity: str = "latency") -> None:
    curves = [(name, look, *nines(stage)) for name, look, stage in lines]
    floor = _positive(values for *_, values in curves)
    curves = [(name, look, places, np.maximum(values, floor))
              for name, look, places, values in curves]
    _nines_axis(axes, max(float(places[-1]) for _, _, places, _ in curves))
    style.decimal_axis(axes, "y", [value for *_, values in curves for value in values],
                       units.duration_tick)
    style.name_y(axes, quantity)
    for index, (_, look, places, values) in enumerate(curves):
        axes.plot(places, values, markevery=_every(places, index, len(curves)),
                  **look.keywords())
    style.name_lines(axes, [(name, look, places[-1], float(values[-1]))
                            for name, look, places, values in curves])


def _cdf_panel(axes: Axes, lines: list[tuple[str, style.Look, Histogram]]) -> None:
    curves = [(name, look, *stage.cdf()) for name, look, stage in lines]
    floor = _positive(values for _, _, values, _ in curves)
    curves = [(name, look, np.maximum(values, floor), shares)
              for name, look, values, shares in curves]
    style.decimal_axis(axes, "x", [value for _, _, values, _ in curves for value in values],
                       units.duration_tick)
    axes.set_ylim(0, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    style.name_y(axes, "transfers that took no longer")
    axes.set_xlabel("latency")
    for index, (_, look, values, shares) in enumerate(curves):
        axes.plot(values, shares, markevery=_every(shares, index, len(curves)),
                  **look.keywords())
    # All lines end at 100 %, so they are listed, the slowest first as below.
    order = sorted(curves, key=lambda curve: float(np.interp(0.5, curve[3], curve[2])))
    low, high = axes.get_xlim()
    names = [(name, look, math.sqrt(low * high), (rank + 0.5) / len(order))
             for rank, (name, look, *_) in enumerate(order)]
    style.name_lines(axes, names)


def _every(places: np.ndarray, index: int, lines: int) -> list[int]:
    """Indices of a curve that carry a marker: four, staggered from line to line."""
    wanted = places[0] + (places[-1] - places[0]) * (
        (np.arange(4) + (index + 0.5) / max(1, lines)) / 4)
    return sorted({int(np.argmin(np.abs(places - place))) for place in wanted})
