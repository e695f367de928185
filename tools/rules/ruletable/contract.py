# SPDX-License-Identifier: GPL-2.0-only
"""Rules, cases and defects as the C sources hold them, and what does not fit."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from . import csource
from .csource import Source
from .errors import RulesError

GRADES = {"DMABENCH_STRICT": "strict", "DMABENCH_DOCUMENTED": "documented",
          "DMABENCH_ADVISORY": "advisory"}

# As in module/dmabench/cases/case.h.
_RULE = ("number", "grade", "source", "text", "untested")
_CASE = ("name", "rules", "grade", "needs", "opt_in", "vital", "what", "run")
_CHAPTER = ("name", "rules", "nr_rules", "cases", "nr_cases")


@dataclass(frozen=True)
class Rule:
    """A rule of the contract."""

    number: str
    grade: str
    source: str
    text: str
    untested: str | None = None
    place: str = ""


@dataclass(frozen=True)
class Case:
    """A conformance case."""

    name: str
    rules: tuple[str, ...]
    grade: str
    what: str
    place: str = ""


@dataclass(frozen=True)
class Defect:
    """A defect that dmasim can have."""

    name: str
    rules: tuple[str, ...]
    what: str


@dataclass(frozen=True)
class Chapter:
    """A chapter: its rules and cases in the order of the sources."""

    name: str
    rules: tuple[Rule, ...] = ()
    cases: tuple[Case, ...] = ()


@dataclass
class Contract:
    """All of it."""

    chapters: list[Chapter] = field(default_factory=list)
    defects: list[Defect] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)

    @property
    def rules(self) -> list[Rule]:
        """The rules of all chapters."""
        return [rule for chapter in self.chapters for rule in chapter.rules]

    @property
    def cases(self) -> list[Case]:
        """The cases of all chapters."""
        return [case for chapter in self.chapters for case in chapter.cases]

    def cases_of(self, number: str) -> list[Case]:
        """Return the cases that test a rule, those that are of it first of all."""
        found = [case for case in self.cases if number in case.rules]
        return sorted(found, key=lambda case: case.rules[0] != number)

    def defects_of(self, number: str) -> list[Defect]:
        """Return the defects that break a rule."""
        return [defect for defect in self.defects if number in defect.rules]

    def untested(self) -> list[Rule]:
        """Return the rules that neither have a case nor say why."""
        return [rule for rule in self.rules if not rule.untested and not self.cases_of(rule.number)]

    def unproven(self) -> list[Rule]:
        """Return the strict rules that no defect proves and that could be tested."""
        return [rule for rule in self.rules if rule.grade == "strict" and not rule.untested
                and not self.defects_of(rule.number)]

    def stray_defects(self) -> list[tuple[Defect, list[str]]]:
        """Return the defects with numbers of rules that are not there."""
        known = {rule.number for rule in self.rules}
        found = [(defect, [number for number in defect.rules if number not in known])
                 for defect in self.defects]
        return [(defect, numbers) for defect, numbers in found if numbers]


def _text(source: Source, found: dict[str, csource.Item], name: str, line: int) -> str:
    value = csource.string(source, found[name]) if name in found else None
    if not value:
        raise source.fault(line, f"no `{name}`")
    return value


def _grade(source: Source, found: dict[str, csource.Item], line: int) -> str:
    # What is left out is 0 in C, the first of the grades; here it has to be said.
    if "grade" not in found:
        raise source.fault(line, "no `grade`")
    name = csource.word(source, found["grade"])
    if name not in GRADES:
        raise source.fault(line, f"`{name}` is no grade")
    return GRADES[name]


def _rule(source: Source, line: int, items: list[csource.Item]) -> Rule:
    found = csource.members(source, items, _RULE)
    untested = csource.string(source, found["untested"]) if "untested" in found else None
    return Rule(_text(source, found, "number", line), _grade(source, found, line),
                _text(source, found, "source", line), _text(source, found, "text", line),
                untested, f"{source.path}:{line}")


def _case(source: Source, line: int, items: list[csource.Item]) -> Case:
    found = csource.members(source, items, _CASE)
    return Case(_text(source, found, "name", line),
                tuple(_text(source, found, "rules", line).split()),
                _grade(source, found, line), _text(source, found, "what", line),
                f"{source.path}:{line}")


def parse(sources: list[Source], order: list[str]) -> Contract:
    """Make a contract of the files of cases/; ORDER is that of the list of chapters."""
    rules: dict[str, tuple[Rule, ...]] = {}
    cases: dict[str, tuple[Case, ...]] = {}
    for source in sources:
        for name, entries in csource.arrays(source, "dmabench_rule").items():
            rules[name] = tuple(_rule(source, *entry) for entry in entries)
        for name, entries in csource.arrays(source, "dmabench_case").items():
            cases[name] = tuple(_case(source, *entry) for entry in entries)
    contract = Contract()
    chapters: dict[str, Chapter] = {}
    used: set[str] = set()
    for source in sources:
        for variable, items in csource.structs(source, "dmabench_chapter").items():
            found = csource.members(source, items, _CHAPTER)
            line = items[0].line if items else 0
            tables = {key: csource.word(source, found[key]) for key in ("rules", "cases")
                      if key in found}
            used |= set(tables.values())
            chapters[variable.removeprefix("dmabench_chapter_")] = Chapter(
                _text(source, found, "name", line), rules.get(tables.get("rules", ""), ()),
                cases.get(tables.get("cases", ""), ()))
    for key in order:
        if key not in chapters:
            raise RulesError(f"chapter-list.h: {key}: there is no such chapter")
        contract.chapters.append(chapters[key])
    contract.orphans = [f"{name}: no chapter has this table" for name in (*rules, *cases)
                        if name not in used]
    contract.orphans += [f"{key}: this chapter is not in chapter-list.h" for key in chapters
                         if key not in order]
    return contract


def parse_defects(source: Source) -> list[Defect]:
    """Read the list of defects of dmasim."""
    found = []
    for line, values in csource.calls(source, "DEFECT"):
        if len(values) != 3:
            raise source.fault(line, "a DEFECT has a name, rules and a description")
        found.append(Defect(values[0], tuple(re.split(r"[,\s]+", values[1].strip())), values[2]))
    return found


def read(project: Path) -> Contract:
    """Read the sources of the project."""
    folder = project / "module" / "dmabench" / "cases"
    defects = project / "module" / "dmasim" / "defect-list.h"

    def source(path: Path) -> Source:
        try:
            headers = "".join(header.read_text(encoding="utf-8")
                              for header in sorted(path.parent.glob("*.h")))
            return csource.read(str(path.relative_to(project)), path.read_text(encoding="utf-8"),
                                headers)
        except OSError as error:
            raise RulesError(f"{path}: {error.strerror}") from error

    listed = source(folder / "chapter-list.h")
    order = [values[0] for _, values in csource.calls(listed, "DMABENCH_CHAPTER")]
    contract = parse([source(path) for path in sorted(folder.glob("*.c"))
                      if not path.name.endswith(".mod.c")], order)
    contract.defects = parse_defects(source(defects))
    return contract


def _repeated(what: str, names: list[str]) -> list[str]:
    return [f"{name}: {count} {what} have this name" for name, count in Counter(names).items()
            if count > 1]


def problems(contract: Contract) -> list[str]:
    """Return what does not fit together, in words."""
    known = {rule.number for rule in contract.rules}
    told = list(contract.orphans)
    told += _repeated("cases", [case.name for case in contract.cases])
    told += _repeated("rules", [rule.number for rule in contract.rules])
    told += _repeated("defects", [defect.name for defect in contract.defects])
    for chapter in contract.chapters:
        for case in chapter.cases:
            if case.name.split(".")[0] != chapter.name or not re.fullmatch(r"\w+\.\w+", case.name):
                told.append(f"{case.place}: {case.name}: a case of this chapter is called "
                            f"{chapter.name}.SOMETHING")
            told += [f"{case.place}: {case.name}: there is no rule {number}"
                     for number in case.rules if number not in known]
    told += [f"{rule.place}: {rule.number}: says why it is untested, but there is "
             f"{contract.cases_of(rule.number)[0].name}"
             for rule in contract.rules if rule.untested and contract.cases_of(rule.number)]
    return told
