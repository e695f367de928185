# SPDX-License-Identifier: GPL-2.0-only
"""Arranges runs by what was swept: repeats make a point, points by size make a series."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import median
from typing import Any, Callable, Iterable

from . import hist, units
from .model import Run

#: Knobs that say how long and how carefully to measure, not what; `size` is the axis.
_NOT_IDENTITY = frozenset((
    "op", "size", "iterations", "runtime_ms", "warmup", "timeout_ms", "verify", "max_errors",
    "slowest_max", "seed", "memory_limit"))

#: The order in which knobs name a series; others follow by name.
_FIRST_KNOBS = ("depth", "wait", "threads", "batch")

_WAITS = ("irq", "poll", "hybrid")


@dataclass(frozen=True)
class Spread:
    """A figure over repeats: median, smallest, largest, and of how many."""

    median: float
    low: float
    high: float
    repeats: int


def spread(values: Iterable[float]) -> Spread:
    """The spread of one or more values."""
    ordered = sorted(values)
    return Spread(median(ordered), ordered[0], ordered[-1], len(ordered))


@dataclass(frozen=True)
class Point:
    """The repeats of one configuration at one size."""

    size: int
    runs: tuple[Run, ...]

    @property
    def ops(self) -> Spread:
        """Operations per second."""
        return spread(run.number("ops_per_s") for run in self.runs)

    @property
    def rate(self) -> Spread:
        """Bytes per second."""
        return spread(run.number("bytes_per_s") for run in self.runs)

    @property
    def stages(self) -> list[str]:
        """Stages that have samples."""
        return list(dict.fromkeys(name for run in self.runs for name in run.stages))

    def stage(self, name: str) -> hist.Histogram | None:
        """All repeats' samples of a stage in one histogram, None if there are none."""
        parts = [run.stages[name] for run in self.runs if name in run.stages]
        return hist.merge(parts) if parts else None


@dataclass(frozen=True)
class Series:
    """Points of one operation and one set of knobs, ascending by size."""

    operation: str
    knobs: tuple[tuple[str, Any], ...]
    points: tuple[Point, ...]

    def knob(self, name: str, default: Any = None) -> Any:
        """Value of a knob."""
        return dict(self.knobs).get(name, default)

    @property
    def depth(self) -> int:
        """Transfers in flight per worker."""
        return int(self.knob("depth", 1))

    @property
    def sizes(self) -> list[int]:
        """Sizes of its points."""
        return [point.size for point in self.points]

    def point(self, size: int) -> Point | None:
        """The point of a size."""
        return next((point for point in self.points if point.size == size), None)

    @property
    def workers(self) -> int:
        """Threads that worked at the same time."""
        return max(int(run.number("workers")) for run in self.runs)

    @property
    def runs(self) -> list[Run]:
        """All runs of all points."""
        return [run for point in self.points for run in point.runs]


def _knob_order(name: str) -> tuple[int, str]:
    return (_FIRST_KNOBS.index(name) if name in _FIRST_KNOBS else len(_FIRST_KNOBS), name)


def identity(run: Run) -> tuple[tuple[str, Any], ...]:
    """The knobs that must be equal for two runs of an operation to be of one series."""
    names = sorted((name for name in run.config if name not in _NOT_IDENTITY), key=_knob_order)
    return tuple((name, str(run.config[name]) if isinstance(run.config[name], (dict, list))
                  else run.config[name]) for name in names)


def _sortable(key: tuple[tuple[str, Any], ...]) -> list[tuple[Any, ...]]:
    """Numbers by value and before words, so that keys of any types can be ordered."""
    return [(name, 0, value, "") if isinstance(value, (int, float))
            else (name, 1, _WAITS.index(value) if value in _WAITS else len(_WAITS), str(value))
            for name, value in key]


def series_of(runs: Iterable[Run]) -> list[Series]:
    """All series of the runs that measured something, by operation and knobs."""
    groups: dict[tuple[str, Any], dict[int, list[Run]]] = {}
    for run in runs:
        if run.measured:
            sizes = groups.setdefault((run.operation, identity(run)), {})
            sizes.setdefault(run.size, []).append(run)
    return [Series(operation, key, tuple(Point(size, tuple(groups[operation, key][size]))
                                  for size in sorted(groups[operation, key])))
            for operation, key in sorted(groups, key=lambda group: (group[0], _sortable(group[1])))]


def varying(many: Iterable[Series]) -> list[str]:
    """Names of the knobs in which series differ, in naming order."""
    values: dict[str, set[str]] = {}
    many = list(many)
    for name in dict.fromkeys(name for one in many for name, _ in one.knobs):
        values[name] = {repr(one.knob(name)) for one in many}
    return sorted((name for name, seen in values.items() if len(seen) > 1), key=_knob_order)


def knob_words(name: str, value: Any) -> str:
    """A knob as part of a label: depth 16, poll, 2 threads."""
    if value is None:
        return f"{name} unset"
    if name == "wait":
        return str(value)
    if name == "map":
        return "mapped once" if value == "once" else f"mapped per {value}"
    if name == "threads":
        return f"{value} thread" if value == 1 else f"{value} threads"
    return f"{name} {value}"


def label(one: Series, names: Iterable[str]) -> str:
    """Name of a series by some of its knobs, which do not break across lines."""
    return ", ".join(knob_words(name, one.knob(name)).replace(" ", units.GAP) for name in names)


def size_words(one: Series, size: int) -> str:
    """A size, or the range of sizes, of the transfers of a point."""
    least = one.knob("size_min")
    return f"{units.size(least)} to {units.size(size)}" if least else units.size(size)


def base_of(many: list[Series], without: tuple[str, ...] = ("depth",)) -> dict[str, Any]:
    """The setting, `without` some knobs, under which most points were measured."""
    def setting(one: Series) -> tuple[tuple[str, Any], ...]:
        return tuple((name, value) for name, value in one.knobs if name not in without)

    weight: dict[tuple[tuple[str, Any], ...], int] = {}
    for one in many:
        weight[setting(one)] = weight.get(setting(one), 0) + len(one.points)
    return dict(max(weight, key=lambda key: weight[key])) if weight else {}


def matching(many: Iterable[Series], setting: dict[str, Any]) -> list[Series]:
    """The series that have these values of these knobs."""
    return [one for one in many
            if all(one.knob(name) == value for name, value in setting.items())]


def best(many: Iterable[Series],
         value: Callable[[Point], float]) -> dict[int, tuple[float, Series]]:
    """For each size the highest value, and whose it is."""
    top: dict[int, tuple[float, Series]] = {}
    for one in many:
        for point in one.points:
            if point.size not in top or value(point) > top[point.size][0]:
                top[point.size] = (value(point), one)
    return dict(sorted(top.items()))


def comparable(engines: Iterable[Series], roof: Iterable[Series]) -> list[Series]:
    """The engine's series that had no more workers than the CPU's best-staffed one.

    Four threads that feed an engine against one that copies would compare nothing.
    """
    most = max((one.workers for one in roof), default=0)
    return [one for one in engines if one.workers <= most]


def against_cpu(engines: Iterable[Series], roof: list[Series]) -> Crossover | None:
    """The best of an engine against the best of the CPU; None if nothing can be compared."""
    def rates(many: Iterable[Series]) -> dict[int, float]:
        return {size: value for size, (value, _) in
                best(many, lambda point: point.rate.median).items()}

    return crossover(rates(comparable(engines, roof)), rates(roof))


@dataclass(frozen=True)
class Crossover:
    """How an engine compares with the CPU over sizes.

    ratios: engine / CPU by size, of the sizes that both were measured at;
    rises, falls: sizes in bytes at which the engine overtakes the CPU, or falls behind it,
    interpolated between measured sizes (both axes logarithmic).
    """

    ratios: dict[int, float]
    rises: tuple[float, ...]
    falls: tuple[float, ...]

    @property
    def crossings(self) -> list[float]:
        """All of them, ascending."""
        return sorted((*self.rises, *self.falls))

    @property
    def closest(self) -> tuple[int, float]:
        """(size, ratio) where the engine does best against the CPU."""
        size = max(self.ratios, key=lambda one: self.ratios[one])
        return size, self.ratios[size]

    @property
    def worst(self) -> tuple[int, float]:
        """(size, ratio) where it does worst."""
        size = min(self.ratios, key=lambda one: self.ratios[one])
        return size, self.ratios[size]


def crossover(engine: dict[int, float], cpu: dict[int, float]) -> Crossover | None:
    """Compares two curves, size to bytes per second; None if they share no size."""
    ratios = {size: engine[size] / cpu[size] for size in sorted(engine) if size in cpu}
    if not ratios:
        return None
    rises, falls = [], []
    sizes = list(ratios)
    for left, right in zip(sizes, sizes[1:]):
        if (ratios[left] >= 1) == (ratios[right] >= 1):
            continue
        start, end = math.log(ratios[left]), math.log(ratios[right])
        share = start / (start - end)
        size = math.exp(math.log(left) + share * (math.log(right) - math.log(left)))
        (falls if ratios[left] >= 1 else rises).append(size)
    return Crossover(ratios, tuple(rises), tuple(falls))
