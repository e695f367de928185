# SPDX-License-Identifier: GPL-2.0-only
"""docs/performance.md, whole: nobody edits it by hand."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from pathlib import Path

from peertable import bounds, plan, table
from peertable.figures import Figure, Guest
from peertable.rows import CONTEXTS

#: What the page begins with; the program fills in what stands in braces.
_HEAD = Path(__file__).resolve().parents[1] / "head.md"
_WIDTH = 150


@dataclass(frozen=True)
class Occasion:
    """When and how a page came about."""

    date: str
    command: str
    revision: str
    repeats: int
    window: int
    host: str


def _cells(by_context: dict[str, Figure]) -> list[str]:
    cells = []
    for context in CONTEXTS:
        one = by_context.get(context)
        cells += [table.number(one), table.target(one).replace("<=", "≤").replace(">=", "≥"),
                  table.verdict(one)] if one else ["", "", ""]
    return cells


def _rows(found: list[Figure]) -> dict[str, dict[str, Figure]]:
    rows: dict[str, dict[str, Figure]] = {}
    for one in found:
        rows.setdefault(one.row.key, {})[one.context] = one
    return rows


def _section(guest: Guest, found: list[Figure], texts: dict[str, str]) -> list[str]:
    about = ", ".join(f"{key} {value}" for key, value in guest.machine.items())
    how = {"tcg": "emulated (TCG)", "uml": "user-mode Linux, native copies",
           "kvm": "KVM"}.get(guest.accelerator, guest.accelerator)
    lines = [f"## {guest.target}: {how}", "", f"{about}.", "",
             "| figure | inline | target | holds | softirq | target | holds |",
             "|---|---|---|---|---|---|---|"]
    rows = _rows(found)
    for by_context in rows.values():
        what = next(iter(by_context.values())).row.what
        lines.append(f"| {' | '.join([what, *_cells(by_context)])} |")
    lines += ["", *_missed(found, texts), *_details(guest, found)]
    return lines


def _missed(found: list[Figure], texts: dict[str, str]) -> list[str]:
    missed = [one for one in found if one.holds is False]
    if not missed:
        return []
    lines = ["What bounds what does not hold:", ""]
    for one in missed:
        text = one.why or bounds.explain(texts, one.row.key, one.context) or "not explained yet."
        lines += textwrap.wrap(f"- {one.row.what}, {one.context}: {text}", _WIDTH,
                               subsequent_indent="  ", break_long_words=False,
                               break_on_hyphens=False)
    return [*lines, ""]


def _details(guest: Guest, found: list[Figure]) -> list[str]:
    label = ", emulated" if guest.emulated else ""
    lines = [f"Medians (operations per second{label}; bytes of the last two) and what was "
             "chosen:", "", "| figure | context | of | to | pairs |", "|---|---|---|---|---|"]
    for one in found:
        if not one.over:
            continue
        sides = [f"`{side[0]}` {side[1]:,.0f}" if side else ""
                 for side in (one.over, one.under)]
        lines.append(f"| {one.row.key} | {one.context} | {' | '.join(sides)} | {one.pairs} |")
    lines += ["", "| search | context | fastest |", "|---|---|---|"]
    lines += [f"| {name} | {context} | `{knobs}` |"
              for (context, name), (_ops, knobs) in guest.chosen.items()]
    return [*lines, ""]


def page(occasion: Occasion, guests: list[tuple[Guest, list[Figure]]],
         texts: dict[str, str]) -> str:
    """Return the page."""
    emulated = any(guest.emulated for guest, _ in guests)
    note = " Where a guest is emulated, only ratios mean anything." if emulated else ""
    head = _HEAD.read_text(encoding="utf-8").format(tries=plan.TRIES, emulated=note)
    lines = [head,
             f"- date: {occasion.date}, revision {occasion.revision}",
             f"- host: {occasion.host}",
             f"- command: `{occasion.command}`, {occasion.repeats} repeats of "
             f"{occasion.window} ms each", ""]
    for guest, found in guests:
        lines += _section(guest, found, texts)
    return "\n".join(lines).rstrip() + "\n"
