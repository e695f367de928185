# SPDX-License-Identifier: GPL-2.0-only
"""docs/rules.md."""

from __future__ import annotations

from .contract import Chapter, Contract, Rule

_HEAD = """# The contract, rule by rule

Made from the sources by `/usr/bin/python3 tools/rules --write`; not to be edited. The rules and cases are those of
`module/dmabench/cases`, which the files `rules` and `cases` of the client show, too (docs/suite.md); the defects are those that
`module/dmasim/defect-list.h` lets one plant in dmasim (docs/dmasim.md).

| column | holds |
|---|---|
| grade | strict: documented, or a breach corrupts memory or hangs; documented: drivers differ, a failure can be waived; advisory: told, never a failure |
| where it stands | files of the kernel tree with lines of 6.12, or ids of messages to the dmaengine list |
| cases | what `dmabench test` runs for it; a case that is first of all of another rule stands behind the others |
| defects | planted defects that break the rule: its cases must find them |
"""


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _cases(contract: Contract, rule: Rule) -> str:
    found = contract.cases_of(rule.number)
    if found:
        return "<br>".join(f"`{case.name}`" for case in found)
    return f"none: {_cell(rule.untested)}" if rule.untested else "**none**"


def _row(contract: Contract, rule: Rule) -> str:
    defects = "<br>".join(f"`{defect.name}`" for defect in contract.defects_of(rule.number))
    return (f"| {rule.number} | {rule.grade} | {_cell(rule.text)} | {_cell(rule.source)} | "
            f"{_cases(contract, rule)} | {defects} |")


def _chapter(contract: Contract, chapter: Chapter) -> list[str]:
    return ["", f"## {chapter.name}", "",
            "| rule | grade | what must hold | where it stands | cases | defects |",
            "|---|---|---|---|---|---|",
            *(_row(contract, rule) for rule in chapter.rules)]


def _listed(title: str, words: str, lines: list[str]) -> list[str]:
    return ["", f"## {title}", "", *([words, "", *lines] if lines else ["None."])]


def _brief(rule: Rule) -> str:
    return f"- {rule.number} ({rule.grade}): {_cell(rule.text)}"


def _counts(contract: Contract) -> str:
    rules = contract.rules
    tested = sum(bool(contract.cases_of(rule.number)) for rule in rules)
    reasons = sum(bool(rule.untested) for rule in rules)
    return (f"Rules: {len(rules)}, of which {tested} have a case and {reasons} say why they have "
            f"none. Cases: {len(contract.cases)}. Defects: {len(contract.defects)}.")


def render(contract: Contract) -> str:
    """Return the page."""
    lines = [_HEAD.rstrip("\n"), "", _counts(contract)]
    for chapter in contract.chapters:
        lines += _chapter(contract, chapter)
    lines += _listed("Rules without a case", "A client could test them, and no case does.",
                     [_brief(rule) for rule in contract.untested()])
    lines += _listed("Strict rules without a defect",
                     "No planted defect proves that their cases, if there are any, would notice.",
                     [_brief(rule) for rule in contract.unproven()])
    lines += _listed("Defects of rules that are not in the tables",
                     "No case can be of these rules.",
                     [f"- `{defect.name}`: {', '.join(numbers)}"
                      for defect, numbers in contract.stray_defects()])
    return "\n".join(lines) + "\n"
