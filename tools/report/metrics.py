# SPDX-License-Identifier: GPL-2.0-only
"""The figures that can be compared: how to read each from a run, and which way is better."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterable

from . import units
from .hist import PERCENTILES
from .model import TOTAL, Run


@dataclass(frozen=True)
class Metric:
    """A figure of a run.

    name: for machines and files; title: for people; higher: whether more is better;
    value: of a run, None if it has none; text: the value with its unit.
    """

    name: str
    title: str
    higher: bool
    value: Callable[[Run], float | None]
    text: Callable[[float], str]

    @property
    def direction(self) -> str:
        """Which way is better, in words."""
        return "higher is better" if self.higher else "lower is better"

    def better(self, change: float) -> bool:
        """Whether a relative change of this sign is for the better."""
        return (change > 0) == self.higher


def _number(key: str) -> Callable[[Run], float | None]:
    return lambda run: run.number(key) or None


def _mean(run: Run) -> float | None:
    stage = run.stages.get(TOTAL)
    return stage.mean or None if stage else None


def _percentile(name: str) -> Callable[[Run], float | None]:
    # Of fewer samples than this, the percentile is just the largest.
    least = round(1 / (1 - PERCENTILES[name] / 100000))

    def value(run: Run) -> float | None:
        stage = run.stages.get(TOTAL)
        if stage is None or stage.count < least:
            return None
        return float(stage.percentile(PERCENTILES[name])) or None

    return value


METRICS = (
    Metric("throughput", "Throughput", True, _number("bytes_per_s"), units.rate),
    Metric("operations", "Operations per second", True, _number("ops_per_s"), units.ops),
    Metric("mean", "Mean latency (total)", False, _mean, units.duration),
    Metric("p50", "Median latency (total)", False, _percentile("p50"), units.duration),
    Metric("p99", "99th percentile of latency (total)", False, _percentile("p99"),
           units.duration),
)


def values_of(metric: Metric, runs: Iterable[Run]) -> list[float]:
    """The figure of each run that measured anything; none if one of them lacks it.

    It lacks where a run had few transfers, because it was slow: those that are left would say
    too much good.
    """
    found = [metric.value(run) for run in runs if run.measured]
    return [] if None in found else [value for value in found if value is not None]
