# SPDX-License-Identifier: GPL-2.0-only
"""Finds the points that several files have in common, and names them by what tells them apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterable

from . import points, units
from .errors import ReportError
from .model import Results, Run

Key = tuple[tuple[str, Any], ...]


@dataclass(frozen=True)
class Row:
    """One configuration, and its runs in each of the files, in the order of the files."""

    key: Key
    name: str
    runs: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Pairing:
    """The points of several files side by side.

    differing: knobs in which whole files differ, with the value in each; they name no row.
    """

    rows: tuple[Row, ...]
    differing: tuple[tuple[str, tuple[str, ...]], ...]


def _knobs(run: Run) -> dict[str, Any]:
    return {"op": run.operation, "size": run.size, **dict(points.identity(run))}


def _of_files(many: list[list[dict[str, Any]]], names: Iterable[str]) -> list[str]:
    """Knobs with one value throughout each file, but not the same one in all of them."""
    found = []
    for name in names:
        sets = [{repr(knobs.get(name)) for knobs in one} for one in many]
        if all(len(one) == 1 for one in sets) and len(set().union(*sets)) > 1 \
                and name not in ("op", "size"):
            found.append(name)
    return found


def _knob_text(value: Any) -> str:
    return "none" if value is None or value == "" else str(value)


def pair(many: list[Results]) -> Pairing:
    """The points of files; runs of a configuration are its repeats, those that failed included."""
    knobs = [[_knobs(run) for run in results.runs] for results in many]
    names = list(dict.fromkeys(name for one in knobs for each in one for name in each))
    apart = _of_files(knobs, names)
    groups: dict[Key, list[list[Run]]] = {}
    for index, results in enumerate(many):
        for run, own in zip(results.runs, knobs[index]):
            key = tuple((name, value) for name, value in own.items()
                        if name not in apart and value is not None)
            groups.setdefault(key, [[] for _ in many])[index].append(run)
    titles = names_of(groups)
    rows = tuple(Row(key, titles[key], tuple(map(tuple, runs))) for key, runs in groups.items())
    return Pairing(rows, tuple((name, tuple(_knob_text(one[0].get(name)) for one in knobs))
                               for name in apart))


def names_of(keys: Iterable[Key]) -> dict[Key, str]:
    """What to call each of some points: operation, size, and the knobs in which they differ."""
    knobs = {key: dict(key) for key in keys}
    swept = [name for name in dict.fromkeys(name for one in knobs.values() for name in one)
             if name not in ("op", "size", "size_min")
             and len({repr(one.get(name)) for one in knobs.values()}) > 1]
    return {key: _name(key, swept) for key in knobs}


def _name(key: Key, swept: list[str]) -> str:
    """memcpy 4 KiB, depth 16, poll."""
    knobs = dict(key)
    least = knobs.get("size_min")
    size = units.size(knobs["size"])
    words = [f"{knobs['op']} {units.size(least) + ' to ' if least else ''}{size}"]
    words += [points.knob_words(name, knobs.get(name)) for name in swept
              if knobs.get(name) not in (None, "")]
    return ", ".join(words)


def refuse_mixture(many: list[Results]) -> None:
    """ReportError if some were measured on an emulated machine and others were not."""
    emulated = [results for results in many if results.system.emulated]
    if emulated and len(emulated) < len(many):
        real = next(results for results in many if not results.system.emulated)
        raise ReportError(
            f"{emulated[0].name} and {real.name}",
            f"the first was measured on an emulated machine, the second on one that is not "
            f"({real.system.accelerator}), and emulated times say nothing about real ones",
            "compare files of machines of one kind")
