# SPDX-License-Identifier: GPL-2.0-only
"""How figures went over revisions and kernels, as one self-contained HTML page with PNGs."""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass
from typing import Sequence

from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Canvas

from . import stats, svg, units
from .compare import Sample, sample
from .compare_words import percent, spread
from .errors import ReportError
from .figures import style
from .figures.base import Figure, Table
from .history import Entry, Values
from .metrics import METRICS, Metric
from .page import template
from .pairing import Key, names_of

#: How many points have a figure of their own unless some were chosen.
MOST_POINTS = 4

Place = tuple[str, str, str]


@dataclass(frozen=True)
class Track:
    """One figure of one point on one kernel, machine and target, by revision."""

    place: Place
    key: Key
    samples: dict[str, Sample]


def render(entries: Sequence[Entry], values: Sequence[Values], only: str | None,
           database: str) -> dict[str, bytes]:
    """Files by name: history.html and the figures.

    only: figures of those points alone whose name has this text. ReportError if there is
    nothing to show, or if emulated machines would stand beside real ones.
    """
    _refuse_mixture(entries, database)
    values = matched(values)
    names = names_of({one.key for one in values})
    chosen = [key for key in sorted({one.key for one in values}, key=_order)
              if not only or only in names[key].replace(units.GAP, " ")]
    if not chosen:
        raise ReportError(database, "it holds no such figures", "see what `show` lists")
    files: dict[str, bytes] = {}
    revisions = list(dict.fromkeys(entry.revision for entry in entries))
    parts = []
    for metric in METRICS:
        tracks = _tracks(metric, values, chosen)
        if tracks:
            drawn = [_overview(metric, tracks, revisions, entries)] if len(chosen) > 1 else []
            drawn += [_point(metric, names[key], revisions, entries,
                             [track for track in tracks if track.key == key])
                      for key in _some(chosen, only) if any(track.key == key for track in tracks)]
            parts.append({"metric": metric, "table": _table(metric, tracks, revisions, names),
                          "figures": [_rendered(figure, files) for figure in drawn]})
    places = _places(entries)
    html = template("history.html.j2").render(
        title=f"{units.plural(len(revisions), 'revision')} on " + (
            f"Linux {place_name(places[0])}" if len(places) == 1
            else f"{len(places)} kernels and machines"),
        parts=parts, places=[place_name(place) for place in places],
        emulated=entries[0].emulated, files=_files(entries))
    files["history.html"] = svg.printable(html).encode("utf-8")
    return files


def _order(key: Key) -> tuple[str, int, str]:
    knobs = dict(key)
    return str(knobs["op"]), int(knobs["size"]), repr(key)


def matched(values: Sequence[Values]) -> list[Values]:
    """The same without knobs that some revision lacks: a knob that came later, with one value
    throughout each file, is no reason to take points for different ones."""
    seen: dict[int, dict[str, set[str]]] = {}
    for one in values:
        for name, value in one.key:
            seen.setdefault(one.entry.ident, {}).setdefault(name, set()).add(repr(value))
    late = {name for knobs in seen.values() for name in knobs
            if any(name not in other for other in seen.values())
            and all(len(other.get(name, ())) <= 1 for other in seen.values())}
    return [dataclasses.replace(one, key=tuple((name, value) for name, value in one.key
                                               if name not in late)) for one in values]


def _refuse_mixture(entries: Sequence[Entry], database: str) -> None:
    real = [entry for entry in entries if not entry.emulated]
    emulated = [entry for entry in entries if entry.emulated]
    if real and emulated:
        raise ReportError(
            database, f"{emulated[0].target} is an emulated machine, {real[0].target} is not, and "
            "emulated times say nothing about real ones",
            "choose by --target, --kernel or --machine")


def _places(entries: Sequence[Entry]) -> list[Place]:
    return list(dict.fromkeys(entry.place for entry in entries))


def place_name(place: Place) -> str:
    """The kernel and what it ran on: 7.2.12, uml-7.2."""
    kernel, machine, target = place
    return f"{kernel}, {target if target != 'none' else machine}"


def _some(keys: list[Key], only: str | None) -> list[Key]:
    """A few of many points, from all over the list."""
    if only or len(keys) <= MOST_POINTS:
        return keys
    return [keys[index * (len(keys) - 1) // (MOST_POINTS - 1)] for index in range(MOST_POINTS)]


def _tracks(metric: Metric, values: Sequence[Values], chosen: list[Key]) -> list[Track]:
    """Repeats of files of the same revision are of one sample."""
    repeats: dict[tuple[Place, Key], dict[str, list[float]]] = {}
    for one in values:
        if one.metric == metric.name and one.key in chosen:
            track = repeats.setdefault((one.entry.place, one.key), {})
            track.setdefault(one.entry.revision, []).extend(one.repeats)
    return [Track(place, key, {revision: sample(many) for revision, many in track.items()})
            for (place, key), track in repeats.items()]


def _facts(entries: Sequence[Entry]) -> str:
    kinds = list(dict.fromkeys(
        f"{entry.machine}, {entry.accelerator}" + (", emulated: compare ratios, not absolute "
                                                   "times" if entry.emulated else "")
        for entry in entries))
    return " · ".join((*kinds, units.plural(len(entries), "file")))


def _rendered(figure: Figure, files: dict[str, bytes]) -> dict[str, object]:
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", figure.name)[:100]
    number = 1
    while f"{stem}.png" in files:
        number += 1
        stem = re.sub(r"(-n\d+)?$", f"-n{number}", stem, count=1)
    figure = dataclasses.replace(figure, name=stem)
    markup, png = svg.render(figure)
    files[f"{stem}.png"] = png
    return {"figure": figure, "svg": Markup(markup)}


def _overview(metric: Metric, tracks: list[Track], revisions: list[str],
              entries: Sequence[Entry]) -> Figure:
    lines = {place_name(place): _index([track for track in tracks if track.place == place],
                                       revisions) for place in _places(entries)}
    return Figure(
        name=f"history-{metric.name}", title=f"{metric.title}, all points",
        note="Geometric mean over the points that a revision has in common with the first one "
        f"on the same kernel and machine, which is 100 % ({metric.direction}).",
        facts=_facts(entries), table=Table("", (), ()),
        draw=lambda: _draw({name: {revision: (value, value, value)
                                   for revision, value in line.items()}
                            for name, line in lines.items() if line}, revisions,
                           lambda value: f"{value:.4g}{units.GAP}%"))


def _index(tracks: list[Track], revisions: list[str]) -> dict[str, float]:
    """By revision, in percent of the first one that there is."""
    there = [revision for revision in revisions
             if any(revision in track.samples for track in tracks)]
    found = {}
    for revision in there:
        ratios = [track.samples[revision].median / track.samples[there[0]].median
                  for track in tracks if revision in track.samples and there[0] in track.samples]
        if ratios:
            found[revision] = 100 * stats.geometric_mean(ratios)
    return found


def _point(metric: Metric, name: str, revisions: list[str], entries: Sequence[Entry],
           tracks: list[Track]) -> Figure:
    lines = {place_name(track.place): {
        revision: (one.median, one.low, one.high) for revision, one in track.samples.items()}
             for track in tracks}
    return Figure(
        name=f"history-{metric.name}-{name}", title=f"{metric.title}, {name}",
        note=f"Median with its 95 % interval, where there are repeats enough for one "
        f"({metric.direction}).", facts=_facts(entries), table=Table("", (), ()),
        draw=lambda: _draw(lines, revisions, metric.text))


def _draw(lines: dict[str, dict[str, tuple[float, float, float]]], revisions: list[str],
          text: object) -> Canvas:
    """A line for each name: by revision (value, low, high); bounds that are none are not drawn."""
    looks = style.looks([(name, 0) for name in lines])
    figure, (axes,) = style.canvas(list(lines), left=1.0)
    shown = [value for line in lines.values() for value, _, _ in line.values()]
    low, high = min(shown), max(shown)
    room = max(0.12 * (high - low), 0.05 * high)
    named = []
    for (name, line), look in zip(lines.items(), looks):
        places = [revisions.index(revision) for revision in revisions if revision in line]
        points = [line[revision] for revision in revisions if revision in line]
        axes.plot(places, [value for value, _, _ in points], **look.keywords())
        for place, (value, least, most) in zip(places, points):
            if 0 < least < value or value < most < float("inf"):
                axes.plot((place, place), (max(least, low - room), min(most, high + room)),
                          color=look.color, linewidth=1.0)
        named.append((name, look, places[-1], points[-1][0]))
    axes.set_ylim(low - room, high + room)
    _revision_axis(axes, revisions)
    axes.yaxis.set_major_formatter(lambda value, _: text(value))  # type: ignore[operator]
    style.name_lines(axes, named)
    return figure


def _revision_axis(axes: Axes, revisions: list[str]) -> None:
    # Names side by side need half an inch each; of many, some are named.
    step = -(-len(revisions) // 5)
    axes.set_xlim(-0.3, len(revisions) - 0.7)
    axes.set_xticks(range(0, len(revisions), step),
                    [short(revision) for revision in revisions[::step]])
    axes.set_xlabel("revision")


def short(revision: str) -> str:
    """A revision that fits below an axis."""
    return revision if len(revision) <= 8 else revision[:7] + "…"


def _table(metric: Metric, tracks: list[Track], revisions: list[str],
           names: dict[Key, str]) -> Table:
    rows = []
    for track in tracks:
        cells, first = [], None
        for revision in revisions:
            one = track.samples.get(revision)
            if one is None:
                cells.append("–")
                continue
            change = "" if first is None else f", {percent(one.median / first - 1, True)}"
            first = first or one.median
            cells.append(f"{metric.text(one.median)} {spread(one)}{change}")
        rows.append((names[track.key], place_name(track.place), *cells))
    return Table(metric.title, ("point", "kernel and target", *revisions), tuple(rows))


def _files(entries: Sequence[Entry]) -> Table:
    return Table("Files", ("file", "revision", "kernel", "target", "machine", "profile", "started"),
                 tuple((entry.name, entry.revision, entry.kernel, entry.target, entry.machine,
                        entry.profile, entry.started or "–") for entry in entries), words=True)
