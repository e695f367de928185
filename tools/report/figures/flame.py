# SPDX-License-Identifier: GPL-2.0-only
"""A flame graph: who was at work, and who had called them, as boxes on boxes.

Its SVG is our own, not the library's: text that can be selected, a tooltip for each box, no
script. The PNG beside it is drawn from the same boxes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Iterable
from xml.sax.saxutils import escape

from matplotlib.collections import PolyCollection
from matplotlib.figure import Figure as Canvas
from matplotlib.patches import Rectangle

from .. import layers, units
from ..layers import Frame
from ..sampled import Stack
from . import style

#: Of the SVG, in its own units. A phone scrolls: below this width nothing can be read.
WIDTH = 1000
_ROW = 17
_FONT = 11
_LEGEND = 26

#: Boxes that are narrower, as a share of the whole, are left out.
_NARROWEST = 0.0015

#: Frames that every thread or CPU begins with, and that say nothing.
_ROOTS = ("ret_from_fork", "kthread", "start_secondary", "common_startup", "secondary_startup",
          "start_kernel", "rest_init", "x86_64_start", "cpu_startup_entry", "do_idle",
          "default_idle", "arch_cpu_idle", "pv_native_safe_halt", "native_safe_halt")


@dataclass
class _Node:
    """A frame with all that was called from it."""

    frame: Frame
    layer: str
    time: float = 0.0
    children: dict[tuple[Frame, str], "_Node"] = field(default_factory=dict)


@dataclass(frozen=True)
class Box:
    """A box: its place as shares of the width and as a row from below, and what it is."""

    frame: Frame
    layer: str
    left: float
    width: float
    row: int
    time: float


def boxes(stacks: Iterable[Stack]) -> list[Box]:
    """The boxes of all stacks in which a CPU was at work."""
    root = _Node(("", ""), layers.OTHER)
    for stack in stacks:
        if layers.layer(stack.frames) == layers.IDLE:
            continue
        root.time += stack.time
        node = root
        for depth in range(_first(stack.frames), len(stack.frames)):
            frame = stack.frames[depth]
            layer = layers.layer(stack.frames[:depth + 1])
            if layer == layers.IDLE:
                layer = layers.SCHEDULER
            node = node.children.setdefault((frame, layer), _Node(frame, layer))
            node.time += stack.time
    found: list[Box] = []
    if root.time:
        _place(root, 0.0, -1, root.time, found)
    return found


def _first(frames: tuple[Frame, ...]) -> int:
    """The first frame that says something; the leaf if none does."""
    for index, (symbol, _) in enumerate(frames[:-1]):
        if not symbol.startswith(_ROOTS):
            return index
    return len(frames) - 1


def _place(node: _Node, left: float, row: int, whole: float, found: list[Box]) -> None:
    if row >= 0:
        found.append(Box(node.frame, node.layer, left, node.time / whole, row, node.time))
    # The widest first: what matters is at the left of a phone's window.
    for child in sorted(node.children.values(), key=lambda one: (-one.time, one.frame)):
        if child.time / whole >= _NARROWEST:
            _place(child, left, row + 1, whole, found)
        left += child.time / whole


def _label(box: Box, room: float, size: float) -> str:
    """As much of the name as has room, in points or units; empty if that is hardly any."""
    name = box.frame[0]
    if style.text_width(name, size) <= room:
        return name
    count = int(room / (style.text_width("n", size) or 1))
    while count > 3 and style.text_width(name[:count] + "…", size) > room:
        count -= 1
    return name[:count] + "…" if count > 3 else ""


def _rows(found: list[Box]) -> int:
    return 1 + max((box.row for box in found), default=0)


def _present(found: list[Box]) -> list[str]:
    return [name for name in layers.LAYERS if any(box.layer == name for box in found)]


def _words(box: Box, transfers: int) -> str:
    symbol, module = box.frame
    return (f"{symbol}{f' [{module}]' if module else ''}: {box.layer}, "
            f"{units.percent(box.width)}, {units.duration(box.time / transfers)} per transfer")


def markup(found: list[Box], transfers: int, name: str, description: str) -> str:
    """The SVG of these boxes, to stand in a page."""
    height = _LEGEND + _ROW * _rows(found)
    parts = [f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{name}-title" '
             f'font-size="{_FONT}"><title id="{name}-title">{escape(description)}</title>']
    left = 0.0
    for layer in _present(found):
        parts.append(f'<rect x="{left:.0f}" y="3" width="14" height="12" '
                     f'fill="{layers.LAYERS[layer]}"/><text x="{left + 19:.0f}" y="13">{layer}'
                     '</text>')
        left += 42 + style.text_width(layer, _FONT)
    for layer in _present(found):
        parts.append(f'<g fill="{layers.LAYERS[layer]}" stroke="#fff" stroke-width="0.6">')
        for box in found:
            if box.layer == layer:
                top = height - _ROW * (box.row + 1)
                parts.append(f'<rect x="{WIDTH * box.left:.1f}" y="{top}" '
                             f'width="{WIDTH * box.width:.1f}" height="{_ROW}">'
                             f'<title>{escape(_words(box, transfers))}</title></rect>')
        parts.append("</g>")
    # Above all boxes, and not in the way of their tooltips.
    parts.append(f'<g fill="{style.INK}" pointer-events="none">')
    for box in found:
        text = _label(box, WIDTH * box.width - 6, _FONT)
        if text:
            parts.append(f'<text x="{WIDTH * box.left + 3:.1f}" '
                         f'y="{height - _ROW * box.row - 5}">{escape(text)}</text>')
    return "".join(parts) + "</g></svg>"


def draw(found: list[Box]) -> Canvas:
    """The same boxes as a figure of the library, for the PNG."""
    width, row = 10.0, 0.19
    height = 0.45 + row * _rows(found)
    figure, (axes,) = style.canvas(height=height)
    figure.set_size_inches(width, height)
    axes.set_position((0.1 / width, 0.06 / height, 1 - 0.2 / width, row * _rows(found) / height))
    axes.set_axis_off()
    axes.set_xlim(0, 1)
    axes.set_ylim(0, _rows(found))
    axes.add_collection(PolyCollection(
        [[(box.left, box.row), (box.left + box.width, box.row),
          (box.left + box.width, box.row + 1), (box.left, box.row + 1)] for box in found],
        facecolors=[layers.LAYERS[box.layer] for box in found], edgecolors=style.PAPER,
        linewidths=0.5))
    points = (width - 0.2) * 72
    for box in found:
        text = _label(box, points * box.width - 5, style.FONT - 2)
        if text:
            axes.text(box.left + 3 / points, box.row + 0.47, text, va="center",
                      fontsize=style.FONT - 2)
    names = _present(found)
    axes.legend([Rectangle((0, 0), 1, 1, facecolor=layers.LAYERS[name]) for name in names], names,
                loc="lower left", bbox_to_anchor=(0, 1), ncol=len(names), frameon=False,
                fontsize=style.FONT - 1, handlelength=1.3, columnspacing=1.4, borderaxespad=0.3)
    return figure
