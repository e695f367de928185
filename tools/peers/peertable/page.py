# SPDX-License-Identifier: GPL-2.0-only
"""docs/performance.md, whole: nobody edits it by hand."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from peertable import bounds, plan, table
from peertable.figures import Figure, Guest
from peertable.rows import CONTEXTS

_HEAD = """# Performance, beside its peers

Written by `make bench-peers`. Each figure is the median of the ratios of pairs, measured next to each other in one boot of the guest, with the
95 % interval of that median behind it. Of each side of a pair the fastest of {tries} runs counts, which were made in turns. `~` marks a verdict that the interval does not confirm.{emulated}

What is compared with what:

- **dmatest** is the unmodified file of the kernel's sources, with `norandom=1 noverify=1`, on the same channel of the same provider. Its rate is what it
  logs; of several threads all their transfers by the time between the lines of the log that tell of their start and of the last one's end. It is told a number of transfers, as many as take about as long as a run of dmabench.
- **best depth and wait mode** comes from a search, once for each figure before its repeats: depth 1, 16, 64 and 256 (of large buffers as far as they fit), batches of 1, a
  quarter and all of it, all ways to wait; then the best four three times more. Of several peers the one with the best median counts.
- dmabench maps once and takes no stamps where its best is asked for; the figures of the same work map each transfer, as dmatest does.
- **CPU memcpy** is `op=cpu_memcpy` with as many buffers as the transfers beside it have; with mapping it is `op=cpu_memcpy_mapped`.
- **the bare loop** is `mode=bare`, with the same depth and batch, polling as the loop beside it.
- **the minimal provider** is `tools/virtdma`, which stands on the kernel's virt-dma and does nothing else. Each provider has its own best batch and way to wait.

Every comparison has both sides in the same completion context. A cost that grows is above 1.
"""


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
        text = one.why or bounds.of(texts, one.row.key, one.context) or "not explained yet."
        lines += textwrap.wrap(f"- {one.row.what}, {one.context}: {text}", _WIDTH,
                               subsequent_indent="  ", break_long_words=False,
                               break_on_hyphens=False)
    return [*lines, ""]


def _details(guest: Guest, found: list[Figure]) -> list[str]:
    label = ", emulated" if guest.emulated else ""
    lines = [f"Medians (operations per second{label}; bytes of the last two) and what was chosen:", "",
             "| figure | context | of | to | pairs |", "|---|---|---|---|---|"]
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
    lines = [_HEAD.format(tries=plan.TRIES, emulated=" Where a guest is emulated, only ratios mean anything." if
                          emulated else ""),
             f"- date: {occasion.date}, revision {occasion.revision}",
             f"- host: {occasion.host}",
             f"- command: `{occasion.command}`, {occasion.repeats} repeats of "
             f"{occasion.window} ms each", ""]
    for guest, found in guests:
        lines += _section(guest, found, texts)
    return "\n".join(lines).rstrip() + "\n"
