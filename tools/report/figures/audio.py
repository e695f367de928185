# SPDX-License-Identifier: GPL-2.0-only
"""A channel as a sound card uses it: how even its periods are, and whether a frame is lost."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure as Canvas

from .. import units
from ..hist import PERCENTILES, Histogram, merge
from ..model import CONTROLS, Results, Run
from . import rows, style
from .base import Chapter, Figure, Omitted, Table, facts

#: The stage of the time between two periods.
PERIOD = "period"

_DIRECTIONS = {"tx": "playback", "rx": "capture", "duplex": "playback and capture"}

#: A counter with one of these words in its name must be 0 in a good stream.
_FLAWS = ("lost", "duplicate", "stale", "underrun", "overrun")

#: What a provider says of itself, which is no count.
_CAPS = "caps."

#: Intervals are drawn up to so many usual times.
_WIDEST = 3.0


def runs_of(results: Results) -> list[Run]:
    """Runs that behaved as a sound card does."""
    return [run for run in results.runs if run.measured and run.mode == "pcm"]


def name_of(run: Run) -> str:
    """Playback, 1 KiB periods."""
    direction = str(run.config.get("direction", ""))
    period = run.config.get("period")
    words = _DIRECTIONS.get(direction, direction or run.section)
    return f"{words}, {units.size(period)}" if isinstance(period, int) and period else words


def flaws(run: Run) -> dict[str, int]:
    """What went wrong in a stream, by what was counted."""
    return {key: int(value) for key, value in run.extras("pcm").items()
            if value > 0 and any(word in key for word in _FLAWS)
            and not key.endswith(("_ns", "_bytes", "_paused"))}


def verdict(results: Results) -> str:
    """Whether a listener would have heard anything."""
    runs = runs_of(results)
    bad = [f"{name_of(run)}: " + units.listed([f"{units.count(value)} {key.replace('_', ' ')}"
                                               for key, value in found.items()])
           for run in runs if (found := flaws(run))]
    periods = sum(stage.count for run in runs if (stage := run.stages.get(PERIOD)))
    if bad:
        return f"The stream was not clean: {'; '.join(bad)}."
    wrong = sum(run.errors for run in runs)
    if wrong:
        return f"The stream was not clean: {units.plural(wrong, 'error')}."
    text = (f"The stream was clean: {units.plural(periods, 'period interval')} in "
            f"{units.plural(len(runs), 'run')}, no frame lost, repeated or stale.")
    return text + _pointer(runs)


def _pointer(runs: list[Run]) -> str:
    """How far the pointer was from the truth, and whether every period had its callback."""
    text = ""
    errors = [run.extras("pcm")["pointer_error_bytes"] for run in runs
              if "pointer_error_bytes" in run.extras("pcm")]
    if errors:
        text += f" The pointer was {units.size(max(errors))} off at most."
    counted = [(found["periods"], found["callbacks"]) for run in runs
               if {"periods", "callbacks"} <= set(found := run.extras("pcm"))]
    if counted:
        periods, callbacks = (int(sum(column)) for column in zip(*counted))
        text += (f" {units.plural(callbacks, 'callback')} told of "
                 f"{units.plural(periods, 'period')}.")
    return text


def usual(stage: Histogram) -> float:
    """What the time between two periods is in a steady stream, ns: its median."""
    return float(stage.percentile(PERCENTILES["p50"]))


def chapter(results: Results) -> Chapter:
    """Intervals, controls, and what was counted."""
    runs = runs_of(results)
    intro = verdict(results) + (" Periods are told by callbacks, as a sound card's driver tells "
                                "its own.")
    items = [_intervals(results, runs), *_controls(results, runs), *_counted(runs)]
    return Chapter("Audio", intro, tuple(items))


def _grouped(runs: list[Run]) -> dict[str, list[Run]]:
    found: dict[str, list[Run]] = {}
    for run in runs:
        found.setdefault(name_of(run), []).append(run)
    return found


def _intervals(results: Results, runs: list[Run]) -> Figure | Omitted:
    title = "Time between periods"
    timed = [run for run in runs if PERIOD in run.stages]
    if not timed:
        return Omitted(title, "No run has samples of `period`: stamps were off, or no period "
                       "came (no_period_wakeup).")
    merged = {name: merge([run.stages[PERIOD] for run in own])
              for name, own in _grouped(timed).items()}
    groups = [(name, max(1.0, usual(stage)), stage) for name, stage in merged.items()]
    worst = max(groups, key=lambda group: _jitter(group[2], group[1]) / group[1])
    beyond = sum(_beyond(stage, middle) for _, middle, stage in groups)
    note = (f"Share of the periods that came no later than so much of the usual time after the "
            f"one before; a perfect stream is a step at 100 %. The least even is {worst[0]}: 99 % "
            f"of its periods are within {units.duration(_jitter(worst[2], worst[1]))} of the "
            f"{units.duration(worst[1])} that is usual.")
    if beyond:
        note += (f" {units.plural(beyond, 'interval')} of more than "
                 f"{_WIDEST:.0f} periods {'is' if beyond == 1 else 'are'} beyond the edge.")
    table = Table(title, ("stream", "usual", "n", "min", "mean", *PERCENTILES, "max",
                          "99 % within"), tuple(
        (name, units.duration(middle), units.count(stage.count), units.duration(stage.minimum),
         units.duration(stage.mean),
         *(units.duration(stage.percentile(per)) for per in PERCENTILES.values()),
         units.duration(stage.maximum), "± " + units.duration(_jitter(stage, middle)))
        for name, middle, stage in groups))
    return Figure("audio-periods", title, note, facts(results, timed), table,
                  lambda: _draw_intervals(groups))


def _jitter(stage: Histogram, middle: float) -> float:
    """How far from the nominal time 99 % of the intervals are at most, ns."""
    away = np.maximum(np.abs(stage.low - middle), np.abs(np.minimum(stage.high, stage.maximum)
                                                         - middle))
    order = np.argsort(away)
    reached = np.searchsorted(np.cumsum(stage.counts[order]), 0.99 * stage.count)
    return float(away[order][min(int(reached), len(order) - 1)])


def _beyond(stage: Histogram, middle: float) -> int:
    return int(stage.counts[stage.low > _WIDEST * middle].sum())


def _draw_intervals(groups: list[tuple[str, float, Histogram]]) -> Canvas:
    names = [name for name, _, _ in groups]
    looks = style.looks([(name.split(",", maxsplit=1)[0], rank)
                         for rank, name in enumerate(names)])
    figure, (axes,) = style.canvas(names)
    curves = []
    for _, middle, stage in groups:
        values, shares = stage.cdf()
        curves.append((values / middle, shares))
    widest = min(_WIDEST, max(float(values[-1]) for values, _ in curves) * 1.02)
    axes.set_xlim(0, max(2.0, widest))
    axes.set_xticks([0, 0.5, 1, 1.5, 2] if widest <= 2 else [0, 1, 2, 3],
                    ["0", "50 %", "100 %", "150 %", "200 %"] if widest <= 2
                    else ["0", "100 %", "200 %", "300 %"])
    axes.set_ylim(0, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    axes.axvline(1.0, color=style.MUTED, linewidth=1.0, linestyle=(0, (4, 3)))
    style.name_y(axes, "periods that came no later")
    axes.set_xlabel("time since the period before, of the usual time")
    for look, (values, shares) in zip(looks, curves):
        places = [int(np.argmin(np.abs(shares - share))) for share in (0.1, 0.5, 0.9)]
        axes.step(values, shares, where="post", markevery=sorted(set(places)), **look.keywords())
    style.name_lines(axes, [(name, look, 0.0, 1 - (rank + 0.5) / len(names))
                            for rank, (name, look) in enumerate(zip(names, looks))])
    return figure


def _controls(results: Results, runs: list[Run]) -> list[Figure]:
    spans, used = [], []
    for name, own in _grouped(runs).items():
        for control in CONTROLS:
            parts = [run.stages[control] for run in own if control in run.stages]
            if parts:
                spans.append(rows.Span(f"{control}: {name}", merge(parts)))
                used += [run for run in own if run not in used]
    if not spans:
        return []
    title = "Starting, pausing and stopping the stream"
    note = ("start: until the stream has begun to move; the others are the times of the calls. The "
            "line reaches from the fastest to the slowest, its thick part from the median to the "
            "99th percentile.")
    return [Figure("audio-controls", title, note, facts(results, used),
                   Table(*rows.span_table(title, spans, "what")),
                   lambda: rows.spans(spans, "time"))]


def _counted(runs: list[Run]) -> list[Omitted]:
    keys = list(dict.fromkeys(key for run in runs for key in run.extras("pcm")))
    tables = []
    for title, why, chosen in (
            ("Frames, callbacks and pointers", "What was played and captured, how many callbacks "
             "and periods there were, and how far the pointer was from the truth.",
             [key for key in keys if not key.startswith(_CAPS)]),
            ("What a sound card's driver would offer", "As it follows from what the channel says "
             "of itself.", [key for key in keys if key.startswith(_CAPS)])):
        if chosen:
            tables.append(Omitted(title, why, _numbers(runs, title, chosen), wanted=False))
    return tables


def _numbers(runs: list[Run], title: str, keys: list[str]) -> Table:
    """A row for each number, a column for each run."""
    return Table(title, ("what", *(f"{name_of(run)} (run {run.ident})" for run in runs)), tuple(
        (key.removeprefix(_CAPS).replace("_", " "),
         *(_cell(key, run.extras("pcm").get(key)) for run in runs)) for key in keys))


def _cell(key: str, value: float | None) -> str:
    if value is None:
        return "–"
    if key.endswith("_ns"):
        return units.duration(value)
    return units.size(value) if key.endswith("bytes") else units.count(value)
