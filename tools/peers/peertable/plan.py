# SPDX-License-Identifier: GPL-2.0-only
"""What a guest is to do: a shell script that calls the functions of guest.sh."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from peertable.rows import CONTEXTS, GROUPS, Contender, Group, Row, Search

#: Milliseconds of a measured run, and of one that only helps to choose.
WINDOW, GLANCE = 120, 60
#: Runs of a contender in each repeat, the fastest of which counts: what disturbs the machine
#: for some milliseconds disturbs one of them.
TRIES = 3


def wanted(rows: Iterable[Row]) -> dict[str, list[Contender]]:
    """Return the contenders of each group that these rows need, in the order of the table."""
    names: dict[str, set[str]] = {}
    for row in rows:
        names.setdefault(row.group, set()).update(row.over + row.under)
    return {key: [one for one in GROUPS[key].contenders if one.name in found]
            for key, found in names.items()}


def needed(group: Group, contenders: list[Contender]) -> list[Search]:
    """Return the searches whose outcome these contenders use."""
    words = {word for one in contenders for word in one.call.split()}
    return [search for search in group.searches if f"${search.name}" in words]


def _call(key: str, one: Contender, repeat: int) -> str:
    function, rest = one.call.split(" ", 1)
    call = f"{function} {key}.{one.name} {repeat} {rest}"
    if not one.needs:
        return call
    conditions = " && ".join(f"has {word}" for word in one.needs)
    reason = f"this dmabench has no {' '.join(one.needs)}"
    return f"if {conditions}; then {call}; else skip {key}.{one.name} {shlex.quote(reason)}; fi"


def _group(key: str, contenders: list[Contender], repeats: int) -> list[str]:
    group = GROUPS[key]
    lines = [f"say {key}"]
    for search in needed(group, contenders):
        lines.append(" ".join(["choose", search.name, search.where, shlex.quote(search.fixed),
                               *map(shlex.quote, search.candidates)]))
    # Figures that do not vary are read once.
    if all(one.call.startswith("figure ") for one in contenders):
        repeats = 1
    for run in range(repeats * TRIES):
        # There and back, so that a drift of the machine favours nobody.
        turn = contenders if run % 2 == 0 else contenders[::-1]
        lines += [_call(key, one, run // TRIES) for one in turn]
    return lines


def script(rows: Iterable[Row], repeats: int, contexts: Iterable[str] = CONTEXTS,
           window: int = WINDOW, clock: str = "") -> str:
    """Return the script that measures these rows so many times in each context.

    The guest goes by the clock source CLOCK, or by the one that it has chosen.
    """
    groups = wanted(rows)
    lines = ["# Made by tools/peers.", f"WINDOW={window}",
             f"GLANCE={min(GLANCE, window)}", ". /root/guest.sh",
             f"machine {shlex.quote(clock)}" if clock else "machine"]
    for context in contexts:
        lines.append(f"provide {context}")
        for key, contenders in groups.items():
            lines += _group(key, contenders, repeats)
    return "\n".join(lines) + "\n"
