# SPDX-License-Identifier: GPL-2.0-only
"""One self-contained HTML page of everything, and the PNGs that go beside it."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from . import figures, svg, tables, verdicts
from .conformance import MARKS, Suite, matrix
from .figures import matrix as matrix_figure
from .figures.base import Chapter, Figure, Omitted
from .model import Results
from .summary import summarize

_HERE = Path(__file__).resolve().parent


@dataclasses.dataclass(frozen=True)
class Rendered:
    """Files by name, ready to be written."""

    files: dict[str, bytes]


def render(many: list[Results | Suite]) -> Rendered:
    """report.html and a PNG for each figure, of one or more results.

    What was measured has a part each; what was tested stands in one matrix.
    """
    files: dict[str, bytes] = {}
    measured = [one for one in many if isinstance(one, Results)]
    tested = [one for one in many if isinstance(one, Suite)]
    parts = [_part(results, f"{index}-" if len(measured) > 1 else "", files)
             for index, results in enumerate(measured, 1)]
    html = template("page.html.j2").render(
        parts=parts, conformance=_conformance(tested, files) if tested else None,
        title=_title(measured, tested))
    files["report.html"] = svg.printable(html).encode("utf-8")
    return Rendered(files)


def template(name: str) -> jinja2.Template:
    """A template of the package, which knows the look of all pages."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE), autoescape=True, trim_blocks=True,
        lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    css = Markup((_HERE / "page.css").read_text(encoding="utf-8"))
    return environment.get_template(name, globals={"css": css})


def _title(measured: list[Results], tested: list[Suite]) -> str:
    drivers = dict.fromkeys([suite.driver for suite in tested] + [
        str(run.result.get("driver")) for results in measured
        for run in results.runs if run.measured and not run.baseline])
    kernels = dict.fromkeys(one.system.kernel for one in (*tested, *measured))
    return f"{', '.join(drivers) or 'DMA engines'} on Linux {', '.join(kernels)}"


def _conformance(tested: list[Suite], files: dict[str, bytes]) -> dict[str, Any]:
    found = matrix(tested)
    figure = matrix_figure.figure(found)
    markup, png = svg.render(figure)
    files[f"{figure.name}.png"] = png
    return {
        "matrix": found,
        "facts": verdicts.facts(found),
        "summary": verdicts.summarize(found),
        **{verdict: verdicts.told(found, verdict) for verdict in ("failed", "advised", "waived")},
        "legend": [verdicts.Cell(verdict, verdict) for verdict in MARKS],
        "rows": verdicts.rows(found),
        "figure": figure,
        "svg": Markup(markup),
        "tables": [table for table in (verdicts.heads(found), verdicts.skips(found),
                                       verdicts.not_run(found)) if table],
        "json": [embedded(suite.document) for suite in tested],
    }


def _part(results: Results, prefix: str, files: dict[str, bytes]) -> dict[str, Any]:
    return {
        "prefix": prefix,
        "results": results,
        "summary": summarize(results),
        "chapters": [_chapter(chapter, prefix, files) for chapter in figures.all_of(results)],
        "trouble": tables.trouble(results),
        "tables": [table for table in (tables.runs(results), tables.slowest(results),
                                       tables.configuration(results), tables.channels(results),
                                       tables.system(results)) if table],
        "json": embedded(results.document),
    }


def _chapter(chapter: Chapter, prefix: str, files: dict[str, bytes]) -> dict[str, Any]:
    items = []
    for item in chapter.items:
        if isinstance(item, Omitted):
            items.append({"omitted": item, "table": item.table})
            continue
        figure: Figure = dataclasses.replace(item, name=_stem(prefix + item.name, files))
        markup, png = svg.render(figure)
        files[f"{figure.name}.png"] = png
        items.append({"omitted": None, "figure": figure, "svg": Markup(markup),
                      "table": figure.table})
    return {"title": chapter.title, "intro": chapter.intro, "items": items}


def _stem(name: str, files: dict[str, bytes]) -> str:
    """A name that is fit for a file and an id, whatever the results call their things."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "_", name)[:100]
    number = 2
    found = stem
    while f"{found}.png" in files:
        found = f"{stem}-{number}"
        number += 1
    return found


def embedded(document: dict[str, Any]) -> Markup:
    """JSON that can stand in a script element: no `<` can end it or open a comment in it."""
    text = json.dumps(document, separators=(",", ":"), ensure_ascii=True)
    return Markup(text.replace("<", "\\u003c"))
