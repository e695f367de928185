# SPDX-License-Identifier: GPL-2.0-only
"""Where the time of a transfer goes: the mean of each stage as its share, by size."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from .. import units
from ..model import STAGES, TOTAL
from ..points import Point, Series, base_of, knob_words
from . import style
from .base import Chapter, Figure, Omitted, Subject, Table

#: Time within `total` that lies between the stamps.
BETWEEN = "between"

#: Wait modes that are drawn at most.
_MOST_WAITS = 3


@dataclass(frozen=True)
class Split:
    """Mean ns of each stage at one size; `whole` is their sum."""

    size: int
    parts: dict[str, float]
    total: float

    @property
    def whole(self) -> float:
        """From the first stage's beginning to the last one's end, ns."""
        return sum(self.parts.values())


def split(point: Point) -> Split | None:
    """The stages of a point; None unless there is more than `total`."""
    found = {name: point.stage(name) for name in (*STAGES, TOTAL)}
    means = {name: stage.mean for name, stage in found.items() if stage is not None}
    total = means.pop(TOTAL, 0.0)
    if not means:
        return None
    inside = sum(value for name, value in means.items() if name not in ("map", "unmap"))
    if total > inside:
        unmap = means.pop("unmap", None)
        means[BETWEEN] = total - inside
        if unmap is not None:
            means["unmap"] = unmap
    result = Split(point.size, means, total)
    return result if result.whole > 0 else None


def chapter(subject: Subject) -> Chapter:
    """A figure for each wait mode at the least depth."""
    title = f"Where the time of a {subject.operation} goes"
    splits = _splits(subject.engines)
    if not splits:
        return Chapter(title, "", (Omitted(
            "Stages by size", "No run has samples of the stages: stamps were off (stages=0) "
            "or nothing completed."),))
    intro = ("Mean time of each stage as a share of the whole transfer. “between” is time inside "
             "of total that lies between the stamps; map and unmap lie outside of total.")
    return Chapter(title, intro, tuple(_figure(subject, one, found)
                                       for one, found in splits[:_MOST_WAITS]))


def _splits(engines: list[Series]) -> list[tuple[Series, list[Split]]]:
    found = [(one, [each for each in map(split, one.points) if each]) for one in engines]
    found = [(one, splits) for one, splits in found if splits]
    if not found:
        return []
    depth = min(one.depth for one, _ in found)
    base = base_of([one for one, _ in found if one.depth == depth], ("wait",))
    return [(one, splits) for one, splits in found
            if all(one.knob(knob) == value for knob, value in base.items())]


def _figure(subject: Subject, one: Series, splits: list[Split]) -> Figure:
    wait = one.knob("wait")
    where = knob_words("depth", one.depth) + (f", {knob_words('wait', wait)}" if wait else "")
    leaders = {}
    for each in (splits[0], splits[-1]):
        name = max(each.parts, key=lambda part, each=each: each.parts[part])
        leaders[each.size] = f"{units.percent(each.parts[name] / each.whole)} {name}"
    note = "Most of it is: " + "; ".join(f"at {units.size(size)} {text}"
                                         for size, text in leaders.items()) + "."
    return Figure(f"{subject.operation}-stages" + (f"-{wait}" if wait else ""),
                  f"Stages by size: {where}", note, subject.facts(one.runs),
                  _table(f"Mean of each stage: {where}", splits),
                  lambda: _draw(splits))


def _present(splits: list[Split]) -> list[str]:
    order = (*STAGES[:-1], BETWEEN, STAGES[-1])
    return [name for name in order if any(name in each.parts for each in splits)]


def _table(title: str, splits: list[Split]) -> Table:
    names = _present(splits)
    return Table(title, ("size", *names, "sum", TOTAL), tuple(
        (units.size(each.size),
         *(units.duration(each.parts[name]) if name in each.parts else "–" for name in names),
         units.duration(each.whole), units.duration(each.total)) for each in splits))


def _draw(splits: list[Split]) -> Canvas:
    names = [name for name in _present(splits) if any(each.parts.get(name) for each in splits)]
    height = 1.35 + 0.36 * len(splits)
    figure, (axes,) = style.canvas(height=height)
    # The bars leave room for the whole's mean at the right, the legend takes two lines above.
    width, legend = axes.get_position().width, 0.58
    axes.set_position((0.75 / style.WIDTH, 0.5 / height, width - 0.5 / style.WIDTH,
                       (height - 0.5 - legend) / height))
    for row, each in enumerate(reversed(splits)):
        left = 0.0
        for name in names:
            share = each.parts.get(name, 0.0) / each.whole
            if share <= 0:
                continue
            _bar(axes, row, left, share, name)
            left += share
        axes.text(1.02, row, units.duration(each.whole), va="center", fontweight="bold",
                  fontsize=style.FONT)
    axes.text(1.02, len(splits) - 0.42, "mean", va="bottom", fontsize=style.FONT - 1,
              color=style.MUTED)
    axes.set_yticks(range(len(splits)), [units.size(each.size) for each in reversed(splits)])
    axes.set_ylim(-0.55, len(splits) - 0.45)
    axes.set_xlim(0, 1)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0", "25 %", "50 %", "75 %", "100 %"])
    axes.grid(False)
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
    _legend(axes, names)
    return figure


def _color(name: str) -> str:
    return style.BETWEEN if name == BETWEEN else style.STAGES[name].color


def _bar(axes, row: int, left: float, share: float, name: str) -> None:
    axes.barh(row, share, left=left, height=0.72, color=_color(name), edgecolor=style.PAPER,
              hatch=style.HATCHES[name], linewidth=0.8)
    text = f"{100 * share:.0f} %"
    width = axes.get_window_extent().width * 72 / axes.figure.dpi
    if share * width > style.text_width(text, style.FONT - 1) + 5:
        axes.text(left + share / 2, row, text, ha="center", va="center",
                  fontsize=style.FONT - 1, color=style.INK,
                  bbox={"facecolor": style.PAPER, "edgecolor": "none", "pad": 1.2, "alpha": 0.92})


def _legend(axes, names: list[str]) -> None:
    handles = [Rectangle((0, 0), 1, 1, facecolor=_color(name), edgecolor=style.PAPER,
                         hatch=style.HATCHES[name], linewidth=0.8) for name in names]
    axes.legend(handles, names, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncol=4,
                frameon=False, fontsize=style.FONT, handlelength=1.7, handleheight=1.0,
                columnspacing=1.2, borderaxespad=0.2, labelspacing=0.35)
