# SPDX-License-Identifier: GPL-2.0-only
"""The figures of the page, a file for each question; `all_of` knows them all."""

from __future__ import annotations

from ..model import Results
from ..points import series_of
from . import heatmap, latency, stages, throughput
from .base import Chapter, Subject


def all_of(results: Results) -> list[Chapter]:
    """Every chapter of figures for each operation that an engine ran."""
    series = series_of(results.runs)
    baselines = [one for one in series if one.points[0].runs[0].baseline]
    engines = [one for one in series if one not in baselines]
    found = []
    for operation in dict.fromkeys(one.operation for one in engines):
        own = [one for one in engines if one.operation == operation]
        roof = [one for one in baselines if one.operation == f"cpu_{operation}"]
        for kind in (throughput, latency, stages, heatmap):
            found.append(kind.chapter(Subject(results, operation, own, roof)))
    if baselines and not engines:
        found.append(throughput.chapter(Subject(results, baselines[0].operation, baselines, [])))
    return found
