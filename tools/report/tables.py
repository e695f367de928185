# SPDX-License-Identifier: GPL-2.0-only
"""The tables behind the figures: runs, trouble, slowest transfers, configuration, system."""

from __future__ import annotations

from typing import Any

from . import units
from .figures.base import Table
from .hist import PERCENTILES
from .model import STAGES, TOTAL, Results, Run
from .summary import troubled

#: How many of the slowest transfers of all runs are shown.
_SLOWEST = 10

_FACTS = {"kernel": "kernel", "kernel_version": "kernel version", "machine": "machine",
          "arch": "architecture", "cpu_model": "CPU", "cpus": "CPUs", "memory_bytes": "memory",
          "accelerator": "accelerator", "emulated": "emulated", "target": "target",
          "cmdline": "kernel command line"}


def runs(results: Results) -> Table:
    """Every run with its main figures."""
    swept = _swept(results)
    head = ("run", "section", "repeat", "op", "size", *swept, "state", "transfers", "throughput",
            "operations", "p50", "p99", "errors", "seed")
    return Table("Every run", head, tuple(_row(run, swept) for run in results.runs))


def _row(run: Run, swept: list[str]) -> tuple[str, ...]:
    total = run.stages.get(TOTAL)
    return (str(run.ident), run.section, str(run.repeat), run.operation, units.size(run.size),
            *(text(run.config.get(knob)) for knob in swept), run.state,
            units.count(run.transfers),
            units.rate(run.number("bytes_per_s")) if run.measured else "–",
            units.ops(run.number("ops_per_s")) if run.measured else "–",
            *(units.duration(total.percentile(PERCENTILES[name])) if total else "–"
              for name in ("p50", "p99")),
            units.count(run.errors), str(run.result.get("seed", "–")))


def _swept(results: Results) -> list[str]:
    """Knobs other than op and size that differ between runs; depth always."""
    names = dict.fromkeys(name for run in results.runs for name in run.config)
    return [name for name in names if name not in ("op", "size", "seed")
            and (name == "depth" or len({repr(run.config.get(name)) for run in results.runs}) > 1)]


def trouble(results: Results) -> Table | None:
    """Runs that failed, were stopped or skipped, and why; None if there are none."""
    found = tuple(
        (str(run.ident), run.section, run.operation, units.size(run.size), str(run.depth),
         run.state, run.error or "–", run.reason or _no_reason(run), _first_error(run))
        for run in troubled(results))
    head = ("run", "section", "op", "size", "depth", "state", "error", "reason", "first error")
    return Table("Runs without a full result", head, found, words=True) if found else None


def _no_reason(run: Run) -> str:
    if run.state == "stopped" and run.measured:
        return "ended by the user; its figures hold for the shorter window"
    return "no transfer completed in the window" if run.state == "done" else "no reason given"


def _first_error(run: Run) -> str:
    error = str(run.result.get("first_error") or "none")
    return "–" if error == "none" else error


def slowest(results: Results) -> Table | None:
    """The slowest transfers of all measured runs of an engine; None if none were kept."""
    kept = [(run, entry) for run in results.runs if run.measured and not run.baseline
            for entry in run.slowest if isinstance(entry.get(TOTAL), (int, float))]
    kept.sort(key=lambda pair: -pair[1][TOTAL])
    present = [name for name in STAGES if any(name in entry for _, entry in kept)]
    rows = tuple(
        (str(run.ident), text(entry.get("seq")), text(entry.get("channel")),
         units.size(entry["size"]) if isinstance(entry.get("size"), int) else "–",
         str(run.depth), text(run.config.get("wait")), units.duration(entry[TOTAL]),
         *(units.duration(entry[name]) if isinstance(entry.get(name), (int, float)) else "–"
           for name in present))
        for run, entry in kept[:_SLOWEST])
    head = ("run", "transfer", "channel", "size", "depth", "wait", TOTAL, *present)
    return Table("Slowest transfers of all runs", head, rows) if rows else None


def configuration(results: Results) -> Table:
    """Every knob: its value, or the values that it was swept over."""
    names = dict.fromkeys(name for run in results.runs for name in run.config)
    rows = []
    for name in names:
        values = list(dict.fromkeys(text(run.config.get(name)) for run in results.runs))
        rows.append((name, ", ".join(values), "swept" if len(values) > 1 else ""))
    return Table("Configuration", ("knob", "value", ""), tuple(rows), words=True)


def channels(results: Results) -> Table | None:
    """The channels that the client saw; None if it listed none."""
    names = list(dict.fromkeys(name for entry in results.channels for name in entry))
    rows = tuple(tuple(text(entry.get(name)) for name in names) for entry in results.channels)
    return Table("Channels", tuple(names), rows, words=True) if rows else None


def system(results: Results) -> Table:
    """The machine, the tool and when."""
    rows = []
    for key in dict.fromkeys((*_FACTS, *results.system.facts)):
        value = results.system.facts.get(key)
        if value is None:
            continue
        shown = units.size(value) if key.endswith("_bytes") and isinstance(value, int) \
            else text(value)
        rows.append((_FACTS.get(key, key), shown))
    for name in ("tool", "module", "profile"):
        for key, value in results.section(name).items():
            rows.append((f"{name} {key}", text(value)))
    command = results.document.get("command")
    if isinstance(command, list):
        rows.append(("command", " ".join(map(str, command))))
    for key in ("started", "finished", "return_code"):
        if results.document.get(key) is not None:
            rows.append((key.replace("_", " "), text(results.document[key])))
    return Table("System", ("what", "value"), tuple(rows), words=True)


def text(value: Any) -> str:
    """A value of the JSON as a cell."""
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value)) or "–"
    return str(value)
