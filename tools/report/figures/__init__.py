# SPDX-License-Identifier: GPL-2.0-only
"""The figures of the page, a file for each question; `all_of` knows them all."""

from __future__ import annotations

from ..model import Results
from ..points import Series, series_of
from . import audio, controls, heatmap, latency, operations, profile, stages, throughput
from .base import Chapter, Subject


def all_of(results: Results) -> list[Chapter]:
    """Every chapter of figures for each operation that an engine ran."""
    series = series_of(run for run in results.runs if run.sweepable)
    baselines = [one for one in series if one.points[0].runs[0].baseline]
    engines = [one for one in series if one not in baselines]
    found = []
    many = operations.many(results)
    if many:
        found.append(operations.chapter(results))
    for operation in dict.fromkeys(one.operation for one in engines):
        if many and not swept([one for one in engines if one.operation == operation]):
            continue
        own = [one for one in engines if one.operation == operation]
        roof = [one for one in baselines if one.operation == f"cpu_{operation}"]
        for kind in (throughput, latency, stages, heatmap):
            found.append(kind.chapter(Subject(results, operation, own, roof)))
    if baselines and not engines:
        found.append(throughput.chapter(Subject(results, baselines[0].operation, baselines, [])))
    if results.perf:
        found.append(profile.chapter(results))
    if controls.runs_of(results):
        found.append(controls.chapter(results))
    if audio.runs_of(results):
        found.append(audio.chapter(results))
    return found


def swept(own: list[Series]) -> bool:
    """True if an operation was measured at so many sizes that lines say more than rows."""
    return len({size for one in own for size in one.sizes}) > 3
