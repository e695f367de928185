# SPDX-License-Identifier: GPL-2.0-only
"""What it takes to pause, resume, terminate and synchronize a channel."""

from __future__ import annotations

from .. import units
from ..hist import PERCENTILES, merge
from ..model import CONTROLS, Results, Run
from . import latency, rows, style
from .base import Chapter, Figure, Omitted, Table, facts

#: Curves are drawn of so many controls at most, in the order of CONTROLS.
_MOST_CURVES = 7


def runs_of(results: Results) -> list[Run]:
    """Runs whose subject are controls."""
    return [run for run in results.runs if run.measured and run.mode == "control"]


def spans_of(runs: list[Run]) -> list[rows.Span]:
    """The samples of each control over all runs."""
    return [rows.Span(name.replace("_", " + ") if name == "terminate_sync" else name,
                      merge([run.stages[name] for run in runs if name in run.stages]))
            for name in CONTROLS if any(name in run.stages for run in runs)]


def chapter(results: Results) -> Chapter:
    """For each operation that was disturbed, how long its controls took."""
    runs = runs_of(results)
    intro = ("Controls are called while transfers are in flight. A call counts from its entry to "
             "its return; start, and restart by a resume, count until the channel has shown that "
             "it moves, where the client can see that.")
    items: list[Figure | Omitted] = []
    for key in dict.fromkeys((run.section, run.operation) for run in runs):
        items += _figures(results, [run for run in runs if (run.section, run.operation) == key])
    counted = _counted(runs)
    if counted:
        items.append(Omitted("What was counted", "What the runs did and saw beside "
                             "the times.", counted, wanted=False))
    return Chapter("Controls", intro, tuple(items))


def _figures(results: Results, runs: list[Run]) -> list[Figure | Omitted]:
    operation, section = runs[0].operation, runs[0].section
    title = f"Time of controls: {operation}" + (f", {section}" if section not in
                                                (operation, "control", "") else "")
    spans = spans_of(runs)
    if not spans:
        return [Omitted(title, "No control has samples: the provider offers none, or stamps were "
                        "off (stages=0).")]
    slow = max(spans, key=lambda span: span.stage.percentile(PERCENTILES["p50"]))
    note = (f"The line reaches from the fastest call to the slowest, its thick part from the "
            f"median to the 99th percentile. The slowest at the median is {slow.name}: "
            f"{units.duration(slow.stage.percentile(PERCENTILES['p50']))}.")
    table = Table(*rows.span_table(title, spans, "control"))
    stem = f"control-{section}-{operation}"
    shown = facts(results, runs)
    found: list[Figure | Omitted] = [Figure(stem, title, note, shown, table,
                                            lambda: rows.spans(spans, "time of a call"))]
    lines = list(zip(spans[:_MOST_CURVES], style.looks(
        [(span.name, 0) for span in spans[:_MOST_CURVES]])))
    found.append(Figure(
        f"{stem}-tails", f"Tails of controls: {operation}",
        "How slow the slowest calls are. A line ends where its samples do.", shown, table,
        lambda: latency.draw_nines([(span.name, look, span.stage) for span, look in lines],
                                   "time of a call")))
    return found


def _counted(runs: list[Run]) -> Table | None:
    """What the mode counted beside the times."""
    rows_found = tuple((str(run.ident), run.operation, key, units.count(value))
                       for run in runs for key, value in run.extras("control").items())
    return Table("What controls counted", ("run", "operation", "what", "number"),
                 rows_found) if rows_found else None
