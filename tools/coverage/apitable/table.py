# SPDX-License-Identifier: GPL-2.0-only
"""The table: its cells, what is wrong with them, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass, field

from .header import Api
from .reasons import COLUMNS, Reason, Reasons
from .sources import Places

_HEAD = """# What of the dmaengine API is there

Made from the sources by `/usr/bin/python3 tools/coverage --write`; not to be edited. A row is a member of `struct dma_device`
or a function of `include/linux/dmaengine.h` in Linux 7.2.

| column | holds |
|---|---|
| dmasim | the files of `module/dmasim` that implement the operation or set the member; of a function, those of the members that it uses, or, if it uses none, those that call it |
| dmabench | the files of `module/dmabench` that call the function or operation, or read the member |
| selftest | the tests in `selftests/dmabench` whose line `covers:` names it |

A number refers to the notes below the tables: why there is nothing. These reasons are in `tools/coverage/reasons.toml`, which says
also what functions of the core use, whose code is not in the header.

A line `covers: NAME NAME ...` in a comment of a script, or beside the cases of a test module, names what the tests in that file
would fail without. It must be in the header, and a module must use it. `--check` tells of
claims that cannot be true, empty cells without a reason, reasons that are stale, and a page that is out of date.
"""


@dataclass
class Row:
    """A name and its cells by column, each the places in it."""

    name: str
    cells: dict[str, list[str]] = field(default_factory=dict)


def rows(names: list[str], columns: dict[str, Places], reasons: Reasons) -> list[Row]:
    """Return the rows of those names that have one."""
    return [Row(name, {column: sorted(columns[column].get(name, ())) for column in COLUMNS})
            for name in names if not reasons.is_left_out(name)]


def problems(table: list[Row], reasons: Reasons) -> list[str]:
    """Return cells that are empty without a reason and reasons that are stale, in words."""
    told = []
    why = reasons.cells()
    for row in table:
        for column, cell in row.cells.items():
            if not cell and (row.name, column) not in why:
                told.append(f"{row.name}: {column}: empty, without a reason in reasons.toml")
            if cell and (row.name, column) in why:
                told.append(f"reasons.toml: {row.name}: {column}: stale, there is "
                            f"{' '.join(cell)}")
    return told


def _cell(row: Row, column: str, why: dict[tuple[str, str], list[Reason]],
          notes: list[str]) -> str:
    cell = row.cells[column]
    if cell:
        return " ".join(f"`{place}`" for place in cell)
    found = why.get((row.name, column))
    if not found:
        return ""
    if found[0].why not in notes:
        notes.append(found[0].why)
    return f"({notes.index(found[0].why) + 1})"


def _section(title: str, first: str, table: list[Row], reasons: Reasons,
             notes: list[str]) -> list[str]:
    why = reasons.cells()
    lines = ["", f"## {title}", "", f"| {first} | {' | '.join(COLUMNS)} |",
             "|---|" + "---|" * len(COLUMNS)]
    for row in table:
        cells = (_cell(row, column, why, notes) for column in COLUMNS)
        lines.append(f"| `{row.name}` | " + " | ".join(cells) + " |")
    return lines


def render(api: Api, columns: dict[str, Places], reasons: Reasons) -> str:
    """Return the page."""
    notes: list[str] = []
    lines = [_HEAD.rstrip("\n")]
    for title, first, names in (("Operations of a provider", "operation", api.operations),
                                ("Data of a provider", "member", api.data),
                                ("Functions for clients", "function", list(api.calls))):
        lines += _section(title, first, rows(names, columns, reasons), reasons, notes)
    lines += ["", "## Notes", ""]
    lines += [f"{number}. {why}" for number, why in enumerate(notes, 1)]
    lines += ["", "## Left out", "", "| name | why it has no row |", "|---|---|"]
    lines += [f"| `{pattern}` | {why} |" for pattern, why in reasons.left_out.items()]
    return "\n".join(lines) + "\n"
