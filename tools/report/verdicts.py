# SPDX-License-Identifier: GPL-2.0-only
"""Test results in words and tables, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import units
from .conformance import MARKS, NOT_RUN, VERDICTS, Matrix, Outcome, Suite
from .figures.base import Table
from .summary import Summary, Tile


@dataclass(frozen=True)
class Cell:
    """A verdict as it is shown: a class for its colour, a mark and words."""

    verdict: str
    words: str

    @property
    def mark(self) -> str:
        """The sign beside the words."""
        return MARKS[self.verdict]

    @property
    def style(self) -> str:
        """The class."""
        return self.verdict.replace(" ", "-")


@dataclass(frozen=True)
class Told:
    """A case that did not pass, with all that it said."""

    name: str
    where: str
    cell: Cell
    what: str
    waiver: str
    lines: tuple[str, ...]


def summarize(matrix: Matrix) -> Summary:
    """What a reader should know who reads nothing else."""
    sentences = []
    for suite in matrix.suites:
        tool = suite.document.get("tool")
        version = tool.get("version", "") if isinstance(tool, dict) else ""
        text = (f"dmabench {version}".strip() + f" ran {units.plural(len(suite.outcomes), 'case')} "
                f"on {suite.channel} of {suite.head.get('device', 'an unknown device')} (driver "
                f"{suite.driver}) under Linux {suite.system.kernel} ({suite.system.machine}): "
                + units.listed([f"{suite.count(verdict)} {verdict}" for verdict in VERDICTS
                                if suite.count(verdict)] or ["none came to an end"]) + ".")
        sentences.append(text)
        if suite.bailed_out or len(suite.outcomes) < suite.planned:
            sentences.append(f"It ended after {len(suite.outcomes)} of {suite.planned} cases"
                             + (f": {suite.bailed_out}." if suite.bailed_out else "."))
        if suite.problem:
            sentences.append(f"The run: {suite.problem}.")
    failed = [rule for rule in matrix.rules
              if "failed" in (matrix.verdict(suite, rule) for suite in matrix.suites)]
    if failed:
        sentences.append("Rules that are broken: "
                         + units.listed([rule.number for rule in failed]) + ".")
    tiles = [Tile(f"cases {verdict}", str(sum(suite.count(verdict) for suite in matrix.suites)),
                  f"{MARKS[verdict]} {_NOTES[verdict]}") for verdict in VERDICTS]
    tested = [rule for rule in matrix.rules
              if any(matrix.verdict(suite, rule) in ("failed", "advised", "waived", "passed")
                     for suite in matrix.suites)]
    tiles.append(Tile("rules tested", f"{len(tested)} of {len(matrix.rules)}",
                      "on these channels" if len(matrix.suites) > 1 else "on this channel"))
    return Summary(tuple(sentences), tuple(tiles))


_NOTES = {"failed": "a rule is broken", "advised": "a rule that does not bind",
          "waived": "known, with a reason", "passed": "the rule holds",
          "skipped": "could not be tested here"}


def facts(matrix: Matrix) -> list[str]:
    """What stands above all: each fact once."""
    found: dict[str, None] = dict.fromkeys(matrix.names)
    for suite in matrix.suites:
        found |= dict.fromkeys((f"Linux {suite.system.kernel}", suite.system.machine,
                                suite.system.accelerator))
    seeds = [suite.seed for suite in matrix.suites]
    return [*found, f"seed{'s' if len(seeds) > 1 else ''} {', '.join(seeds)}"]


def heads(matrix: Matrix) -> Table:
    """The circumstances of each suite."""
    found = []
    for name, suite in zip(matrix.names, matrix.suites):
        found.append((name, suite.name, suite.channel, suite.head.get("device", "–"), suite.driver,
                     suite.system.kernel, suite.system.machine, suite.system.accelerator,
                     suite.seed, suite.head.get("shuffle", "–"), suite.head.get("repeat", "–"),
                     f"{len(suite.outcomes)} of {suite.planned}"))
    return Table("What was tested", ("suite", "file", "channel", "device", "driver", "kernel",
                                     "machine", "runs on", "seed", "shuffled", "rounds", "cases"),
                 tuple(found), words=True)


def rows(matrix: Matrix) -> list[dict[str, Any]]:
    """The matrix, part by part: rules, each with its own cases."""
    return [{"title": title, "rules": [
        {"rule": rule, "cells": [_cell_of_rule(matrix, suite, rule) for suite in matrix.suites],
         "cases": [{"case": one, "cells": [_cell_of_case(suite, one.name)
                                           for suite in matrix.suites]}
                   for one in matrix.own(rule)],
         "others": [one.name for one in matrix.others(rule)]} for rule in rules]}
        for title, rules in matrix.parts]


def _cell_of_rule(matrix: Matrix, suite: Suite, rule: Any) -> Cell:
    verdict = matrix.verdict(suite, rule)
    return Cell(verdict, "untested" if verdict == "no case" and rule.untested else verdict)


def _cell_of_case(suite: Suite, name: str) -> Cell:
    verdict = suite.verdict(name)
    found = suite.rounds(name)
    words = verdict
    same = sum(outcome.verdict == verdict for outcome in found)
    if len(found) > 1 and same < len(found):
        words += f" {same} of {len(found)}"
    return Cell(verdict, words)


def told(matrix: Matrix, verdict: str) -> list[Told]:
    """The cases that ended so, each round of each suite, with what they said."""
    found = []
    for name, suite in zip(matrix.names, matrix.suites):
        for outcome in suite.outcomes:
            if outcome.verdict == verdict:
                one = suite.definitions.get(outcome.name)
                found.append(Told(outcome.name, name, Cell(verdict, verdict),
                                  one.what if one else "", _waiver(outcome), _lines(outcome)))
    return found


def _waiver(outcome: Outcome) -> str:
    if outcome.verdict != "waived":
        return ""
    return outcome.reason or "no reason given"


def _lines(outcome: Outcome) -> tuple[str, ...]:
    return tuple(line for line in outcome.said.splitlines() if line.strip())


def skips(matrix: Matrix) -> Table | None:
    """Why cases were skipped; None if none was."""
    found = tuple((reason or "no reason given", name, str(number), example)
                  for name, reason, number, example in matrix.skips())
    return Table("Why cases were skipped", ("reason", "suite", "cases", "such as"), found,
                 words=True) if found else None


def not_run(matrix: Matrix) -> Table | None:
    """Cases that a suite which ended early did not come to; None if there are none."""
    found = tuple((one.name, name, NOT_RUN) for name, suite in zip(matrix.names, matrix.suites)
                  if len(suite.outcomes) < suite.planned
                  for one in suite.definitions.values() if not suite.rounds(one.name))
    return Table("Cases that were not run", ("case", "suite", "verdict"), found,
                 words=True) if found else None
