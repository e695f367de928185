# SPDX-License-Identifier: GPL-2.0-only
"""All operations of a channel beside each other, and why others are missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from .. import units
from ..hist import Histogram, merge
from ..model import TOTAL, Results, Run
from ..points import spread
from ..words import cpu_name
from . import rows, style
from .base import Chapter, Figure, Omitted, Table, facts

#: So many operations are compared before each of them has a chapter of its own.
MANY = 3

#: Sizes that are drawn at most: the smallest and the largest ones.
_MOST_SIZES = 3


@dataclass(frozen=True)
class Row:
    """All measured runs of one operation; several if sections measured it differently."""

    name: str
    runs: tuple[Run, ...]

    @property
    def baseline(self) -> bool:
        """True if the CPU did the work."""
        return self.runs[0].baseline

    @property
    def sizes(self) -> list[int]:
        """Sizes that it was measured at."""
        return sorted({run.size for run in self.runs})

    def best(self, size: int, key: str) -> float | None:
        """The highest rate at a size over all depths, the median of its repeats."""
        by_depth: dict[tuple[int, str], list[float]] = {}
        for run in self.runs:
            if run.size == size and run.number(key) > 0:
                by_depth.setdefault((run.depth, str(run.config.get("wait"))),
                                    []).append(run.number(key))
        return max((spread(values).median for values in by_depth.values()), default=None)

    def latency(self, size: int) -> Histogram | None:
        """Samples of `total` at a size, one transfer at a time where that was measured."""
        staged = [run for run in self.runs if run.size == size and TOTAL in run.stages]
        if not staged:
            return None
        depth = min(run.depth for run in staged)
        return merge([run.stages[TOTAL] for run in staged if run.depth == depth])


def rows_of(results: Results) -> list[Row]:
    """A row for each operation that measured something, the CPU's last."""
    runs = [run for run in results.runs if run.measured and run.mode == "transfer"]
    keys = dict.fromkeys((run.operation, run.section) for run in runs)
    operations = [operation for operation, _ in keys]
    found = []
    for operation, section in keys:
        name = cpu_name(operation) if operation.startswith("cpu_") else operation
        if operations.count(operation) > 1 and section not in (operation, ""):
            name += f" ({section})"
        found.append(Row(name, tuple(run for run in runs
                                     if (run.operation, run.section) == (operation, section))))
    return sorted(found, key=lambda row: row.baseline)


def many(results: Results) -> bool:
    """True if there are so many operations that they are to be compared."""
    return len({run.operation for run in results.runs if run.measured and not run.baseline
                and run.mode == "transfer"}) >= MANY


def not_run(results: Results) -> list[tuple[str, str, str]]:
    """(operation, section, reason) of what was skipped and never measured."""
    done = {(run.operation, run.section) for run in results.runs if run.measured}
    return list(dict.fromkeys(
        (what_of(run), run.section, run.reason or "no reason given") for run in results.runs
        if run.skipped and (run.operation, run.section) not in done))


def what_of(run: Run) -> str:
    """An operation, or a mode that it is used in: memcpy, memcpy in mode control."""
    return run.operation if run.mode == "transfer" else f"{run.operation} in mode {run.mode}"


def chapter(results: Results) -> Chapter:
    """Rates, latencies, and what did not run."""
    found = rows_of(results)
    intro = ("Every operation of the channel at the same sizes. Rates are those of the best "
             "depth; latencies are of the least one. How many sources, segments and periods an "
             "operation had stands in the configuration.")
    return Chapter("All operations", intro, (
        _rates(results, found, "Throughput by operation", "bytes_per_s", "throughput"),
        _rates(results, found, "Operations per second by operation", "ops_per_s", "operations"),
        _latencies(results, found), *_missing(results)))


def _sizes(found: list[Row]) -> list[int]:
    sizes = sorted({size for row in found for size in row.sizes})
    return sizes if len(sizes) <= _MOST_SIZES else [sizes[0], sizes[len(sizes) // 2], sizes[-1]]


def _columns(found: list[Row], value: Callable[[Row, int], float | None]) -> list[rows.Dots]:
    sizes = _sizes(found)
    looks = style.looks([(size, 0) for size in sizes])
    return [rows.Dots(units.size(size), look, [value(row, size) for row in found])
            for size, look in zip(sizes, looks)]


def _rates(results: Results, found: list[Row], title: str, key: str,
           stem: str) -> Figure | Omitted:
    def value(row: Row, size: int) -> float | None:
        return row.best(size, key)

    able = [row for row in found if any(row.best(size, key) for size in row.sizes)]
    show, binary = (units.rate, True) if key == "bytes_per_s" else (units.ops, False)
    tick = units.rate_tick if binary else units.ops_tick
    if not able:
        return Omitted(title, "No operation has such a figure.")
    top = max(((row, size) for row in able for size in row.sizes if not row.baseline),
              key=lambda pair: value(*pair) or 0, default=(able[0], able[0].sizes[0]))
    note = (f"The highest is that of {top[0].name} at {units.size(top[1])}: "
            f"{show(value(*top) or 0)}.")
    silent = [row.name for row in found if row not in able]
    if silent:
        note += f" Not drawn, as it moves no data: {units.listed(silent)}."
    sizes = sorted({size for row in found for size in row.sizes})
    table = Table(title, ("operation", *map(units.size, sizes)), tuple(
        (row.name, *(show(rate) if (rate := value(row, size)) else "–" for size in sizes))
        for row in found))
    return Figure(f"operations-{stem}", title, note, _facts(results, able), table,
                  lambda: rows.dots([row.name for row in able], _columns(able, value), tick,
                                    f"{stem} at the best depth", binary))


def _latencies(results: Results, found: list[Row]) -> Figure | Omitted:
    title = "Latency by operation"
    sizes = sorted({size for row in found for size in row.sizes})
    spans = [rows.Span(f"{row.name}, {units.size(size)}", stage) for row in found
             for size in _ends(row.sizes) if (stage := row.latency(size))]
    if not spans:
        return Omitted(title, "No run has samples of `total`: stamps were off (stages=0).")
    depths = {run.depth for row in found for run in row.runs}
    note = ("From the preparation of a transfer until its waiter knows that it is done"
            + (", one transfer at a time." if min(depths) == 1 else
               f", at depth {min(depths)}, where transfers wait for each other.")
            + " The line reaches from the fastest to the slowest, its thick part from the median "
            "to the 99th percentile.")
    table = Table(*rows.span_table(title, [
        rows.Span(f"{row.name}, {units.size(size)}", stage) for row in found for size in sizes
        if (stage := row.latency(size))], "operation"))
    return Figure("operations-latency", title, note,
                  _facts(results, [row for row in found if any(map(row.latency, row.sizes))]),
                  table, lambda: rows.spans(spans, "latency"))


def _ends(sizes: list[int]) -> list[int]:
    return sorted({sizes[0], sizes[-1]})


def _facts(results: Results, found: list[Row]) -> str:
    return facts(results, [run for row in found for run in row.runs])


def _missing(results: Results) -> tuple[Omitted, ...]:
    missing = not_run(results)
    if not missing:
        return ()
    table = Table("What did not run", ("operation", "section", "reason"), tuple(missing),
                  words=True)
    names = list(dict.fromkeys(what for what, _, _ in missing))
    return (Omitted("What did not run", f"{units.listed(names)}: this channel, this kernel or "
                    "this module cannot do it, or what it needs was not there; the table has the "
                    "reasons.", table, wanted=False),)
