# SPDX-License-Identifier: GPL-2.0-only
"""What `dmabench test --json` leaves: rules, cases, verdicts; and several of them as a matrix."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Iterable

from .model import System

#: Worst first; `not run` is a case that the suite did not come to.
VERDICTS = ("failed", "advised", "waived", "passed", "skipped")
NOT_RUN = "not run"
#: The suite knows no such case, or the rule has none.
NO_CASE = "no case"

#: Beside the word, so that nothing is told by colour alone.
MARKS = {"failed": "✗", "advised": "!", "waived": "~", "passed": "✓", "skipped": "–",
         NOT_RUN: "…", NO_CASE: "·"}


@dataclass(frozen=True)
class Rule:
    """A rule of the contract, as the file `rules` has it."""

    number: str
    grade: str
    source: str
    text: str
    untested: str

    @property
    def part(self) -> str:
        """The part of the contract: A4 of A4.10."""
        return self.number.split(".")[0]


@dataclass(frozen=True)
class Definition:
    """A case, as the file `cases` has it."""

    name: str
    rules: tuple[str, ...]
    grade: str
    what: str

    @property
    def group(self) -> str:
        """The name of its chapter."""
        return self.name.split(".")[0]


@dataclass(frozen=True)
class Outcome:
    """How one run of a case ended: REASON of a skip or waiver, and what it SAID."""

    name: str
    verdict: str
    reason: str
    said: str


@dataclass(frozen=True)
class Suite:
    """A whole file."""

    name: str
    document: dict[str, Any]
    system: System
    head: dict[str, str]
    planned: int
    bailed_out: str
    problem: str
    outcomes: tuple[Outcome, ...]
    definitions: dict[str, Definition] = field(default_factory=dict)
    rules: dict[str, Rule] = field(default_factory=dict)

    def rounds(self, case: str) -> list[Outcome]:
        """Return the outcomes of a case, one for each round."""
        return [outcome for outcome in self.outcomes if outcome.name == case]

    def verdict(self, case: str) -> str:
        """Return how a case ended, the worst of its rounds."""
        if case not in self.definitions:
            return NO_CASE
        return worst(outcome.verdict for outcome in self.rounds(case))

    def count(self, verdict: str) -> int:
        """Return how many cases ended so."""
        return sum(outcome.verdict == verdict for outcome in self.outcomes)

    @property
    def channel(self) -> str:
        """Name of the channel."""
        return self.head.get("channel", "unknown channel")

    @property
    def driver(self) -> str:
        """Name of the driver."""
        return self.head.get("driver", "unknown driver")

    @property
    def seed(self) -> str:
        """What reproduces it."""
        return self.head.get("seed", "unknown")


def worst(verdicts: Iterable[str]) -> str:
    """Return the worst verdict; passed and skipped together are passed."""
    found = set(verdicts)
    return next((verdict for verdict in VERDICTS if verdict in found), NOT_RUN)


@dataclass(frozen=True)
class Matrix:
    """Several suites beside each other."""

    suites: tuple[Suite, ...]
    rules: tuple[Rule, ...]
    definitions: tuple[Definition, ...]

    @property
    def names(self) -> list[str]:
        """What tells the suites apart: channel and driver; the kernel or file if need be."""
        names = [f"{one.driver} {one.channel}" for one in self.suites]
        for more in (lambda one: one.system.kernel, lambda one: one.name):
            if len(set(names)) < len(names):
                names = [f"{name} {more(one)}" for name, one in zip(names, self.suites)]
        return names

    @property
    def parts(self) -> list[tuple[str, list[Rule]]]:
        """The rules by parts of the contract, each with a title."""
        found: dict[str, list[Rule]] = {}
        for rule in self.rules:
            found.setdefault(rule.part, []).append(rule)
        return [(self._title(part), rules) for part, rules in found.items()]

    def _title(self, part: str) -> str:
        groups = dict.fromkeys(one.group for one in self.definitions
                               if one.rules[0].split(".")[0] == part)
        return f"{part}: {', '.join(groups)}" if groups else part

    def own(self, rule: Rule) -> list[Definition]:
        """Return the cases that are of a rule first of all."""
        return [one for one in self.definitions if one.rules[0] == rule.number]

    def others(self, rule: Rule) -> list[Definition]:
        """Return the cases that look at a rule beside their own."""
        return [one for one in self.definitions if rule.number in one.rules[1:]]

    def verdict(self, suite: Suite, rule: Rule) -> str:
        """Return how a rule fared.

        A case that fails tells of its first rule, so only where a rule has no case of its own
        do the others count.
        """
        cases = [one for one in self.own(rule) or self.others(rule)
                 if one.name in suite.definitions]
        if not cases:
            return NO_CASE
        return worst(outcome.verdict for one in cases for outcome in suite.rounds(one.name))

    def skips(self) -> list[tuple[str, str, int, str]]:
        """Return the reasons of skips: suite, reason, how many cases, one of them."""
        found: dict[tuple[str, str], list[str]] = {}
        for name, suite in zip(self.names, self.suites):
            for outcome in suite.outcomes:
                if outcome.verdict == "skipped":
                    found.setdefault((name, outcome.reason), []).append(outcome.name)
        return [(name, reason, len(cases), cases[0]) for (name, reason), cases in found.items()]


def _natural(rule: Rule) -> tuple[int, ...]:
    digits = [int(word) for word in rule.number.lstrip("A").split(".") if word.isdigit()]
    return tuple(digits) or (1 << 30,)


def matrix(suites: Iterable[Suite]) -> Matrix:
    """Put suites beside each other; what only some of them know is there, too."""
    every = tuple(suites)
    rules = {number: rule for suite in reversed(every) for number, rule in suite.rules.items()}
    definitions = {name: one for suite in reversed(every)
                   for name, one in suite.definitions.items()}
    # Cases of rules that the files do not tell of get a row all the same.
    for one in definitions.values():
        rules.setdefault(one.rules[0], Rule(one.rules[0], one.grade, "", "", ""))
    return Matrix(every, tuple(sorted(rules.values(), key=_natural)), tuple(definitions.values()))
