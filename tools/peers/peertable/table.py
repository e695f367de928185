# SPDX-License-Identifier: GPL-2.0-only
"""The table in words: for a terminal, for docs/performance.md, for docs/performance.json."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from peertable.figures import Figure, Guest
from report.units import digits


def number(figure: Figure) -> str:
    """The figure with its interval: 12.3 [11.9, 12.8]."""
    if figure.value is None:
        return "–"
    if figure.row.unit:
        return f"{figure.value:.0f} {figure.row.unit}"
    text = digits(figure.value)
    if figure.low is not None and figure.high is not None:
        text += f" [{digits(figure.low)}, {digits(figure.high)}]"
    return text


def target(figure: Figure) -> str:
    """What the figure is to reach: >= 18."""
    if figure.target is None:
        return ""
    return f"{'<=' if figure.row.at_most else '>='} {figure.target:g}{figure.row.unit and ' '}" \
           f"{figure.row.unit}"


def verdict(figure: Figure) -> str:
    """Whether it holds, and `~` if the interval does not say so."""
    if figure.holds is None:
        return ""
    if figure.value is None:
        return "not measured"
    return ("yes" if figure.holds else "no") + ("" if figure.sure else " ~")


def sides(figure: Figure) -> str:
    """Who was compared and what they reached: best 390 k, dmatest64x1 40 k."""
    named = [side for side in (figure.over, figure.under) if side]
    return figure.why or ", ".join(
        f"{name} {value:,.0f}" + ("" if figure.row.unit else "/s") for name, value in named)


def plain(found: Iterable[Figure]) -> str:
    """Return the table for a terminal."""
    lines = [("ROW", "CONTEXT", "FIGURE", "TARGET", "HOLDS", "OF")]
    lines += [(one.row.key, one.context, number(one), target(one), verdict(one), sides(one))
              for one in found]
    widths = [max(len(line[i]) for line in lines) for i in range(5)]
    return "\n".join("  ".join([*(line[i].ljust(widths[i]) for i in range(5)), line[5]]).rstrip()
                     for line in lines)


def record(guest: Guest, found: Iterable[Figure]) -> dict[str, Any]:
    """Return what there is of a guest for the JSON file: figures, and all that was measured."""
    return {
        "target": guest.target, "accelerator": guest.accelerator, "emulated": guest.emulated,
        "machine": guest.machine,
        "chosen": [{"context": context, "name": name, "ops_per_s": ops, "knobs": knobs}
                   for (context, name), (ops, knobs) in guest.chosen.items()],
        "figures": [{
            "row": one.row.key, "what": one.row.what, "context": one.context,
            "unit": one.row.unit or "ratio", "value": one.value, "low": one.low,
            "high": one.high, "pairs": one.pairs, "target": one.target,
            "at_most": one.row.at_most, "holds": one.holds, "sure": one.sure,
            "over": one.over and one.over[0], "under": one.under and one.under[0],
            "why": one.why} for one in found],
        "values": [{"context": context, "name": name,
                    "values": [values[i] for i in sorted(values)]}
                   for (context, name), values in guest.values.items()],
    }
