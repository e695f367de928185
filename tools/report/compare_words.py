# SPDX-License-Identifier: GPL-2.0-only
"""A comparison in words: the table for a terminal, sentences, and the JSON for machines."""

from __future__ import annotations

import math
from typing import Any

from . import units
from .compare import ALPHA, BETTER, SAME, WORSE, Cell, Comparison, Grid, Sample
from .model import Results

SCHEMA_VERSION = 1


def spread(one: Sample) -> str:
    """How sure the median is: ±3 %, ±∞ of too few repeats."""
    return f"±{percent(one.spread)}" if math.isfinite(one.spread) else "±∞"


def percent(share: float, sign: bool = False) -> str:
    """A share in percent with one place: 12.3 %."""
    return f"{100 * share:{'+' if sign else ''}.1f}{units.GAP}%"


def change(cell: Cell) -> str:
    """What the cell says: -16.4 % worse, or ~."""
    return SAME if cell.verdict == SAME else f"{percent(cell.delta, True)} {cell.verdict}"


def chance(share: float) -> str:
    """A p with so many digits as matter."""
    if share < 0.0001:
        return "p<0.0001"
    return f"p={share:.4f}" if share < 0.1 else f"p={share:.2f}"


def repeats(base: Sample, cell: Cell) -> str:
    """n=7+7."""
    return f"n={len(base.values)}+{len(cell.sample.values)}"


def sentences(comparison: Comparison) -> list[str]:
    """What a reader should know who reads nothing else."""
    first, *others = comparison.labels
    found = []
    for column, label in enumerate(others):
        cells = [line.cells[column] for grid in comparison.grids for line in grid.lines
                 if line.cells[column]]
        counts = {verdict: sum(cell.verdict == verdict for cell in cells)
                  for verdict in (BETTER, WORSE, SAME)}
        found.append(
            f"{label} against {first}: of {units.plural(len(cells), 'cell')} "
            f"{counts[BETTER]} {_be(counts[BETTER])} better, {counts[WORSE]} "
            f"{_be(counts[WORSE])} worse, and of {counts[SAME]} nothing can be said (~).")
    found += [f"{knob} differs: " + ", ".join(
        f"{value} in {label}" for label, value in zip(comparison.labels, values)) + "."
        for knob, values in comparison.pairing.differing]
    found += _circumstances(comparison)
    found += list(dict.fromkeys(grid.weak for grid in comparison.grids if grid.weak))
    return found


def _be(count: int) -> str:
    return "is" if count == 1 else "are"


def _circumstances(comparison: Comparison) -> list[str]:
    """That files come from different machines, which may be all that there is to see."""
    found = []
    for name, what in (("kernel", "The kernels differ"), ("machine", "The machines differ"),
                       ("accelerator", "What runs them differs"), ("target", "The targets differ"),
                       ("cpu_model", "The CPUs differ")):
        values = [str(results.system.facts.get(name) or "unknown") for results in comparison.files]
        if len(set(values)) > 1:
            found.append(f"{what}: {', '.join(values)}.")
    return found


def where(results: Results) -> str:
    """Kernel, machine and what runs it."""
    return " · ".join((f"Linux {results.system.kernel}", results.system.machine,
                       results.system.accelerator))


def _aligned(rows: list[list[str]]) -> list[str]:
    columns = max(map(len, rows))
    rows = [row + [""] * (columns - len(row)) for row in rows]
    widths = [max(len(row[column]) for row in rows) for column in range(columns)]
    return ["  ".join([row[0].ljust(widths[0]),
                       *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:]))]).rstrip()
            for row in rows]


def _row(grid: Grid, name: str, base: Sample, cells: tuple[Cell | None, ...]) -> list[str]:
    row = [name, f"{grid.metric.text(base.median)} {spread(base)}"]
    for cell in cells:
        row += [f"{grid.metric.text(cell.sample.median)} {spread(cell.sample)}", change(cell),
                f"{chance(cell.corrected)} {repeats(base, cell)}"] if cell else ["–", "", ""]
    return row


def table(grid: Grid, labels: tuple[str, ...]) -> str:
    """A grid as aligned text."""
    head = [f"{grid.metric.title} ({grid.metric.direction})", labels[0]]
    for label in labels[1:]:
        head += [label, "change", ""]
    mean = ["geometric mean", ""]
    for ratio in grid.means:
        mean += ["", percent(ratio - 1, True) if ratio else "–", ""]
    return "\n".join(_aligned([head, *(_row(grid, line.name, line.base, line.cells)
                                       for line in grid.lines), mean]))


def text(comparison: Comparison) -> str:
    """The whole comparison for a terminal."""
    parts = ["\n".join(f"{label}: {where(results)}" for label, results in
                       zip(comparison.labels, comparison.files))]
    parts += [table(grid, comparison.labels) for grid in comparison.grids]
    told = [*comparison.missing, *(f"{grid.metric.title}: {one}" for grid in comparison.grids
                                   for one in grid.missing)]
    if told:
        parts.append("\n".join(["Missing:", *(f"  {line}" for line in dict.fromkeys(told))]))
    parts.append("\n".join(sentences(comparison)))
    return "\n\n".join(parts).replace(units.GAP, " ") + "\n"


def _sample(one: Sample) -> dict[str, Any]:
    return {"median": one.median, "low": _finite(one.low),
            "high": _finite(one.high), "values": list(one.values)}


def _finite(value: float) -> float | None:
    """JSON knows no infinity: what has no bound is null."""
    return value if math.isfinite(value) else None


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    return cell and {
        **_sample(cell.sample), "delta": cell.delta, "delta_low": cell.low,
        "delta_high": _finite(cell.high), "p": cell.chance, "p_corrected": cell.corrected,
        "noise_floor": cell.floor, "verdict": cell.verdict}


def document(comparison: Comparison) -> dict[str, Any]:
    """The whole comparison for machines; shares are of one, values in ns, bytes, per second."""
    return {
        "schema_version": SCHEMA_VERSION, "compare": {
            "files": [{"name": results.name, "label": label, "system": results.system.facts}
                      for results, label in zip(comparison.files, comparison.labels)],
            "alpha": ALPHA,
            "differing": {name: list(values) for name, values in comparison.pairing.differing},
            "missing": list(comparison.missing),
            "figures": [{
                "name": grid.metric.name, "higher_is_better": grid.metric.higher,
                "geometric_means": list(grid.means), "missing": list(grid.missing),
                "points": [{"name": line.name.replace(units.GAP, " "),
                            "base": _sample(line.base),
                            "others": [_cell(cell) for cell in line.cells]}
                           for line in grid.lines]} for grid in comparison.grids]}}
