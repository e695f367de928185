# SPDX-License-Identifier: GPL-2.0-only
"""A drawn figure as PNG, and as SVG that can stand inside of an HTML page."""

from __future__ import annotations

import io
import re
import textwrap
import warnings
import xml.etree.ElementTree as ET

import matplotlib
from matplotlib.figure import Figure as Canvas

from .figures import style
from .figures.base import Figure

#: Written into every PNG, so that files of our own making are known as such.
SOFTWARE = "dmabench-report"

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_REFERENCE = re.compile(r"url\(#([^)]+)\)")


def render(figure: Figure) -> tuple[str, bytes]:
    """(SVG markup, PNG bytes) of a figure, the same bytes for the same data."""
    # Ids are derived from the content and this salt: two figures share none.
    with matplotlib.rc_context({**style.RC, "svg.hashsalt": figure.name}), \
            warnings.catch_warnings():
        # A name in a script that the font lacks is drawn as boxes; that is no news.
        warnings.filterwarnings("ignore", "Glyph .* missing from current font")
        drawn = figure.draw()
        markup = figure.markup(figure.name) if figure.markup else inline(
            _svg(drawn), figure.name, f"{figure.title}. {figure.note}")
        return markup, _png(drawn, figure)


def _svg(drawn: Canvas) -> str:
    stream = io.StringIO()
    drawn.savefig(stream, format="svg")
    return stream.getvalue()


def _png(drawn: Canvas, figure: Figure) -> bytes:
    """With title and caption, as the file is looked at without the page around it."""
    width, height = drawn.get_size_inches()
    title = textwrap.wrap(figure.title, round(9 * width))
    caption = textwrap.wrap(figure.facts, round(16.5 * width))
    above, below = 0.1 + 0.22 * len(title), 0.1 + 0.135 * len(caption)
    _extend(drawn, above, below)
    whole = above + height + below
    drawn.text(0.1 / width, 1 - 0.1 / whole, "\n".join(title), fontsize=style.FONT + 2.5,
               fontweight="bold", va="top")
    drawn.text(0.1 / width, 0.08 / whole, "\n".join(caption), fontsize=style.FONT - 2.5,
               color=style.MUTED, va="bottom", linespacing=1.35)
    stream = io.BytesIO()
    drawn.savefig(stream, format="png", dpi=160, metadata={"Software": SOFTWARE})
    return stream.getvalue()


def _extend(drawn: Canvas, above: float, below: float) -> None:
    """Makes a figure higher by so many inches, its axes stay as large as they were."""
    width, height = drawn.get_size_inches()
    whole = above + height + below
    drawn.set_size_inches(width, whole)
    for axes in drawn.axes:
        box = axes.get_position()
        axes.set_position((box.x0, (box.y0 * height + below) / whole,
                           box.width, box.height * height / whole))


def inline(markup: str, name: str, description: str) -> str:
    """Standalone SVG made part of a page.

    Namespaces, global styles, size, metadata and ids that nothing refers to go; the other
    ids get the figure's name as a prefix; a title that says what is to be seen comes.
    """
    root = ET.fromstring(printable(markup))
    for parent in list(root.iter()):
        parent.tag = _local(parent.tag)
        parent.attrib = {_local(key): _prefixed(_local(key), value, name)
                         for key, value in parent.attrib.items()}
        for child in list(parent):
            if _local(child.tag) in ("style", "metadata"):
                parent.remove(child)
    for key in ("width", "height", "version"):
        root.attrib.pop(key, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title")
    _drop_unused_ids(root)
    title = ET.Element("title", {"id": f"{name}-title"})
    title.text = description
    root.insert(0, title)
    return ET.tostring(root, encoding="unicode", short_empty_elements=False)


def printable(text: str) -> str:
    """The text without control characters, which neither XML nor HTML may hold."""
    return _CONTROL.sub("\ufffd", text)


def _drop_unused_ids(root: ET.Element) -> None:
    used = set()
    for element in root.iter():
        for key, value in element.attrib.items():
            used.update(_REFERENCE.findall(value))
            if key == "href":
                used.add(value[1:])
    for element in root.iter():
        if element.get("id") not in used:
            element.attrib.pop("id", None)


def _local(name: str) -> str:
    return name.rsplit("}", 1)[-1]


def _prefixed(key: str, value: str, name: str) -> str:
    if key == "id":
        return f"{name}-{value}"
    if key == "href" and value.startswith("#"):
        return f"#{name}-{value[1:]}"
    return _REFERENCE.sub(rf"url(#{name}-\1)", value)
