# SPDX-License-Identifier: GPL-2.0-only
"""One look for all figures: colours, markers, dashes, ticks, and labels beside lines.

Nothing is told by colour alone: a line also has a marker, a dash pattern and its name at
its end; a bar has a hatch. Sizes are in inches and points, chosen so that a figure reads
in half of a desktop's width and on a phone.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as Canvas
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedFormatter, FixedLocator, NullFormatter, NullLocator
from matplotlib.textpath import text_to_path

from .. import units

INK = "#1b1f24"
MUTED = "#57606a"
GRID = "#e1e4e8"
PAPER = "#ffffff"
BETWEEN = "#9aa4af"

FONT = 9.5
WIDTH = 5.2
HEIGHT = 3.8

#: In characters; what is longer is cut, the table has the whole.
_LONGEST_LABEL = 30

RC = {
    "font.family": "DejaVu Sans", "font.size": FONT, "text.color": INK,
    "axes.edgecolor": MUTED, "axes.labelcolor": INK, "axes.linewidth": 0.8,
    "axes.spines.top": False, "axes.spines.right": False, "axes.axisbelow": True,
    "axes.grid": True, "grid.color": GRID, "grid.linewidth": 0.8,
    "xtick.color": INK, "ytick.color": INK, "xtick.labelsize": FONT, "ytick.labelsize": FONT,
    "xtick.major.size": 3.5, "ytick.major.size": 3.5, "xtick.minor.size": 2,
    "lines.linewidth": 1.8, "lines.markersize": 5.5, "hatch.linewidth": 0.6,
    "figure.facecolor": PAPER, "savefig.facecolor": PAPER, "figure.dpi": 100,
    "svg.fonttype": "none", "path.simplify": True, "text.parse_math": False,
}

# Dark to light of one hue each; every shade has a contrast of 3:1 or more on white.
_RAMPS = (
    ("#08306b", "#4493c8"),   # blue
    ("#7a2e00", "#d9752b"),   # orange
    ("#00463a", "#2f9c82"),   # green
    ("#4a1259", "#b070c0"),   # purple
    ("#4d4d00", "#8f8a2a"),   # olive
)
_MARKERS = "osD^vP<>*hpd"
_DASHES = ("-", (0, (6, 2)), (0, (2, 1.6)), (0, (7, 2, 1.5, 2)), (0, (4, 1, 1, 1, 1, 1)))


@dataclass(frozen=True)
class Look:
    """How a line is drawn."""

    color: str
    marker: str | None
    dash: object = "-"
    width: float = 1.8

    def keywords(self) -> dict[str, object]:
        """For Axes.plot()."""
        return {"color": self.color, "marker": self.marker, "linestyle": self.dash,
                "linewidth": self.width, "markeredgecolor": PAPER, "markeredgewidth": 0.7}


ROOF = Look(INK, "X", (0, (1, 1.4)), 2.2)

#: Stage to colour, marker, dash and hatch; the colours are those of Okabe and Ito, darkened
#: where white is too near.
STAGES = {
    "map": Look("#6a4c93", "<", (0, (2, 1.6))),
    "prep": Look("#0072b2", "o", "-"),
    "submit": Look("#3d9bd1", "s", (0, (6, 2))),
    "issue": Look("#00805f", "D", (0, (7, 2, 1.5, 2))),
    "complete": Look("#d55e00", "^", "-"),
    "wake": Look("#a63d79", "v", (0, (6, 2))),
    "unmap": Look("#8a6d00", ">", (0, (2, 1.6))),
    "total": Look(INK, "X", "-", 2.4),
}
HATCHES = {"map": "|||", "prep": "", "submit": "///", "issue": "xxx", "complete": "",
           "wake": "\\\\\\", "between": "---", "unmap": "++"}


def _mix(first: str, second: str, share: float) -> str:
    parts = []
    for start in (1, 3, 5):
        low, high = int(first[start:start + 2], 16), int(second[start:start + 2], 16)
        parts.append(f"{round(low + share * (high - low)):02x}")
    return "#" + "".join(parts)


def looks(keys: Sequence[tuple[object, object]]) -> list[Look]:
    """Looks for lines that are named by (group, rank within the group).

    A group has a hue and a dash pattern, a rank its shade (the higher, the darker); a
    marker belongs to one line alone.
    """
    groups = list(dict.fromkeys(group for group, _ in keys))
    ranks = sorted({rank for _, rank in keys}, key=lambda rank: (str(type(rank)), rank))
    found = []
    for index, (group, rank) in enumerate(keys):
        dark, light = _RAMPS[groups.index(group) % len(_RAMPS)]
        share = 1 - ranks.index(rank) / (len(ranks) - 1) if len(ranks) > 1 else 0.4
        found.append(Look(_mix(dark, light, share), _MARKERS[index % len(_MARKERS)],
                          _DASHES[groups.index(group) % len(_DASHES)]))
    return found


def text_width(text: str, size: float = FONT) -> float:
    """Width of a text in points."""
    font = FontProperties(family=RC["font.family"], size=size)
    return float(text_to_path.get_text_width_height_descent(text, font, ismath=False)[0])


def short(label: str) -> str:
    """A label that is not too long to stand beside an axis."""
    return label if len(label) <= _LONGEST_LABEL else label[:_LONGEST_LABEL - 1] + "…"


def canvas(labels: Sequence[str] = (), height: float = HEIGHT, left: float = 0.82,
           rows: int = 1, above: float = 0.0) -> tuple[Canvas, list[Axes]]:
    """A figure of axes below each other.

    labels: names that need room at the right of the axes; above: inches over the topmost
    axes beside those that the name of their y axis takes.
    """
    right = 0.2 if not labels else 0.58 + max(text_width(short(each)) for each in labels) / 72
    width = max(WIDTH, left + right + 2.6)
    top, bottom, gap = 0.34 + above, 0.56, 0.92
    figure = Canvas(figsize=(width, height))
    FigureCanvasAgg(figure)
    each = (height - top - bottom - gap * (rows - 1)) / rows
    axes = [figure.add_axes((left / width, (bottom + row * (each + gap)) / height,
                             (width - left - right) / width, each / height))
            for row in reversed(range(rows))]
    return figure, axes


def name_y(axes: Axes, text: str) -> None:
    """Names the y axis above it, where it is read without turning the head."""
    axes.annotate(text, (0, 1), xycoords="axes fraction", xytext=(-0.72 * 72, 8),
                  textcoords="offset points", ha="left", va="bottom")


def spread_out(wanted: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Positions as near as possible to the wanted ones, `gap` apart, within low..high.

    With too many for the room they are spaced evenly.
    """
    if not wanted:
        return []
    gap = min(gap, (high - low) / max(1, len(wanted) - 1)) if len(wanted) > 1 else gap
    order = sorted(range(len(wanted)), key=lambda index: wanted[index])
    # Labels that collide form a block that is centred on the mean of their wishes.
    blocks: list[list[float]] = []   # [centre, number of labels]
    for index in order:
        centre = min(max(wanted[index], low), high)
        blocks.append([centre, 1])
        while True:
            block = blocks[-1]
            half = gap * (block[1] - 1) / 2
            block[0] = min(max(block[0], low + half), high - half)
            if len(blocks) < 2:
                break
            lower = blocks[-2]
            if block[0] - half - (lower[0] + gap * (lower[1] - 1) / 2) >= gap - 1e-9:
                break
            total = lower[1] + block[1]
            lower[0] = (lower[0] * lower[1] + block[0] * block[1]) / total
            lower[1] = total
            blocks.pop()
    places = [centre + gap * (step - (number - 1) / 2)
              for centre, number in blocks for step in range(int(number))]
    found = [0.0] * len(wanted)
    for index, place in zip(order, places):
        found[index] = place
    return found


def name_lines(axes: Axes, names: Sequence[tuple[str, Look, float, float]]) -> None:
    """Writes (name, look, last x, last y) of lines at the right of the axes, none overlapping.

    A sample of the line stands before its name, and a thin leader joins it to a line that
    ends at the right edge.
    """
    box = axes.get_window_extent()
    pixel = 72 / axes.figure.dpi
    ends = [axes.transData.transform((x, y)) for _, _, x, y in names]
    wanted = [(end[1] - box.y0) * pixel for end in ends]
    places = spread_out(wanted, FONT * 1.45, 0, box.height * pixel)
    width, height = box.width * pixel, box.height * pixel
    for (text, look, _, _), end, place in zip(names, ends, places):
        level = place / height
        start = (end[0] - box.x0) * pixel / width
        if start > 0.9:
            axes.add_line(Line2D((start, 1 + 9 / width),
                                 ((end[1] - box.y0) * pixel / height, level), color=MUTED,
                                 linewidth=0.5, transform=axes.transAxes, clip_on=False,
                                 zorder=1))
        axes.add_line(Line2D((1 + 10 / width, 1 + 20 / width, 1 + 30 / width), (level,) * 3,
                             transform=axes.transAxes, clip_on=False, markevery=[1],
                             **look.keywords()))
        axes.text(1 + 35 / width, level, short(text), transform=axes.transAxes, va="center",
                  ha="left", fontsize=FONT)


def ticks(axis: Axis, major: Sequence[float], minor: Sequence[float],
          text: Callable[[float], str]) -> None:
    """Ticks at these places, the major ones named."""
    axis.set_major_locator(FixedLocator(list(major)))
    axis.set_major_formatter(FixedFormatter([text(value) for value in major]))
    axis.set_minor_locator(FixedLocator(list(minor)) if len(minor) else NullLocator())
    axis.set_minor_formatter(NullFormatter())


def powers(low: float, high: float, base: float, most: int) -> list[float]:
    """Powers of a base within low..high, every n-th so that there are at most so many."""
    first = math.ceil(math.log(low, base) - 1e-9)
    last = math.floor(math.log(high, base) + 1e-9)
    for step in range(1, max(2, last - first + 2)):
        found = [power for power in range(first, last + 1) if power % step == 0]
        if len(found) <= most:
            break
    return [float(base) ** power for power in found]


def log_limits(values: Sequence[float], room: float = 0.06) -> tuple[float, float]:
    """Limits of a logarithmic axis: the values with some room, half a decade at least."""
    low, high = math.log10(min(values)), math.log10(max(values))
    if high - low < 0.5:
        middle = (low + high) / 2
        low, high = middle - 0.25, middle + 0.25
    pad = (high - low) * room
    return 10 ** (low - pad), 10 ** (high + pad)


def size_axis(axes: Axes, sizes: Sequence[int]) -> None:
    """x: bytes of a transfer, a tick mark at each measured size."""
    axes.set_xscale("log", base=2)
    low, high = log_limits(sizes, 0.03)
    axes.set_xlim(low, high)
    ticks(axes.xaxis, powers(low, high, 4, 5) or [min(sizes)], list(sizes), units.size)
    axes.set_xlabel("size of a transfer")


def rate_axis(axes: Axes, values: Sequence[float]) -> None:
    """y: bytes per second."""
    axes.set_yscale("log", base=2)
    low, high = log_limits(values)
    axes.set_ylim(low, high)
    for base in (2, 4, 8, 16, 32):
        major = powers(low, high, base, 8)
        if len(major) <= 7:
            break
    ticks(axes.yaxis, major, [], units.rate_tick)


def decimal_axis(axes: Axes, which: str, values: Sequence[float],
                 text: Callable[[float], str]) -> None:
    """x or y: a logarithmic axis with decimal ticks; 1-2-5 between where there is room."""
    low, high = log_limits(values)
    if which == "x":
        axes.set_xscale("log")
        axes.set_xlim(low, high)
    else:
        axes.set_yscale("log")
        axes.set_ylim(low, high)
    major = powers(low, high, 10, 7)
    minor = [factor * power for power in powers(low / 10, high, 10, 99) for factor in range(2, 10)
             if low <= factor * power <= high]
    if len(major) < 3:
        steps = (1, 2, 5) if high / low < 1000 else (1, 3)
        major = [factor * power for power in powers(low / 10, high, 10, 99) for factor in steps
                 if low <= factor * power <= high]
    axis = axes.xaxis if which == "x" else axes.yaxis
    ticks(axis, major, [value for value in minor if value not in major], text)
