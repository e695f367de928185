# SPDX-License-Identifier: GPL-2.0-only
"""Reads a results.json, checks what the report relies on, and makes the model of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from . import hist, sampled
from .conformance import VERDICTS, Definition, Outcome, Rule, Suite
from .errors import ReportError
from .model import Results, Run, System

SCHEMA_VERSION = 1

_DAMAGED = "measure again, or repair the file by docs/results.schema.json"


class _Flaw(Exception):
    """Where a document departs from its schema, and how."""


def load(path: Path) -> Results | Suite:
    """The model of a file; ReportError if it cannot be read or is not of the schema."""
    document = _document(path)
    try:
        version = document.get("schema_version")
        if version != SCHEMA_VERSION or isinstance(version, bool):
            raise ReportError(
                str(path), f"its schema_version is {version!r}, this report reads {SCHEMA_VERSION}",
                "use the dmabench-report that belongs to the dmabench that wrote it")
        if "suite" in document:
            return _suite(path.name, document)
        runs = _need(document, "runs", list, "the file")
        if not runs:
            raise ReportError(str(path), "it holds no runs",
                              "measure first: dmabench bench PROFILE --json FILE")
        return Results(
            name=path.name, document=document,
            system=System(_optional(document, "system", dict, "the file")),
            runs=tuple(_run(entry, f"runs[{index}]") for index, entry in enumerate(runs)),
            perf=sampled.read(document.get("perf")))
    except (_Flaw, sampled.Broken) as flaw:
        raise ReportError(str(path), str(flaw), _DAMAGED) from None


def _document(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ReportError(str(path), error.strerror or "cannot be read",
                          "name a results.json that dmabench wrote") from None
    except UnicodeDecodeError:
        raise ReportError(str(path), "not UTF-8 text",
                          "name a results.json that dmabench wrote") from None
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise ReportError(str(path), f"not JSON: {error.msg} in line {error.lineno}",
                          "name a results.json that dmabench wrote") from None
    except (_Flaw, RecursionError) as error:
        raise ReportError(str(path), f"not JSON: {error}", _DAMAGED) from None
    if not isinstance(document, dict):
        raise ReportError(str(path), "not a JSON object", "name a results.json that dmabench wrote")
    return document


def _no_constant(name: str) -> None:
    raise _Flaw(f"{name} is no JSON number")


def _need(holder: dict[str, Any], key: str, kind: type, where: str) -> Any:
    if key not in holder:
        raise _Flaw(f"{where} lacks `{key}`")
    return _typed(holder[key], kind, f"{where}: `{key}`")


def _optional(holder: dict[str, Any], key: str, kind: type, where: str) -> Any:
    value = holder.get(key)
    return kind() if value is None else _typed(value, kind, f"{where}: `{key}`")


def _typed(value: Any, kind: type, where: str) -> Any:
    # bool is a kind of int in Python, but not in JSON.
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise _Flaw(f"{where} is not {_NAMES[kind]}")
    return value


_NAMES = {dict: "an object", list: "a list", str: "a string", int: "an integer"}


def _run(entry: Any, where: str) -> Run:
    _typed(entry, dict, where)
    config = _need(entry, "config", dict, where)
    _need(config, "op", str, f"{where}: config")
    for knob in ("size", "depth"):
        if _need(config, knob, int, f"{where}: config") < 1:
            raise _Flaw(f"{where}: config: `{knob}` is not positive")
    status = _need(entry, "status", dict, where)
    stages = _optional(entry, "stages", dict, where)
    return Run(
        ident=_optional(entry, "id", int, where),
        section=_optional(entry, "section", str, where),
        repeat=_optional(entry, "repeat", int, where),
        config=config,
        state=_need(status, "state", str, f"{where}: status"),
        error=_optional(status, "error", str, f"{where}: status"),
        reason=_optional(status, "reason", str, f"{where}: status"),
        result=_optional(entry, "result", dict, where),
        stages={name: stage for name, stage in
                ((name, _stage(stages[name], f"{where}: stages.{name}")) for name in stages)
                if stage.count},
        slowest=tuple(_typed(slow, dict, f"{where}: slowest")
                      for slow in _optional(entry, "slowest", list, where)),
        workers=tuple(_typed(worker, dict, f"{where}: workers")
                      for worker in _optional(entry, "workers", list, where)))


def _stage(entry: Any, where: str) -> hist.Histogram:
    _typed(entry, dict, where)
    rows = [_bin(row, f"{where}.bins[{index}]")
            for index, row in enumerate(_optional(entry, "bins", list, where))]
    if rows != sorted(rows):
        raise _Flaw(f"{where}.bins are not in ascending order")
    values = {}
    for key in ("sum", "min", "max"):
        value = entry.get(key)
        values[key] = None if value is None else _typed(value, int, f"{where}.{key}")
    return hist.from_bins(rows, values["sum"], values["min"], values["max"])


def _bin(row: Any, where: str) -> tuple[int, int, int]:
    if not isinstance(row, list) or len(row) != 3:
        raise _Flaw(f"{where} is not [low, high, count]")
    low, high, number = (_typed(value, int, where) for value in row)
    if not 0 <= low <= high < 2 ** 63 or not 0 <= number < 2 ** 63:
        raise _Flaw(f"{where} is out of range")
    return low, high, number


def _suite(name: str, document: dict[str, Any]) -> Suite:
    suite = _need(document, "suite", dict, "the file")
    run = _optional(document, "run", dict, "the file")
    status = _optional(run, "status", dict, "run")
    texts = {key: [_typed(line, str, f"suite: {key}[{index}]") for index, line in
                   enumerate(_optional(suite, key, list, "suite"))]
             for key in ("definitions", "rules")}
    definitions = [_definition(line) for line in texts["definitions"]]
    rules = [_rule(line) for line in texts["rules"]]
    head = _optional(suite, "head", str, "suite").split()
    # The suite's own words tell a rule that is broken; other ends are trouble of the run.
    problem = "" if status.get("error") in (None, "EPROTO") else \
        _optional(status, "reason", str, "run: status")
    return Suite(
        name=name, document=document,
        system=System(_optional(document, "system", dict, "the file")),
        head=dict(word.split("=", 1) for word in head if "=" in word),
        planned=_optional(suite, "planned", int, "suite"),
        bailed_out=_optional(suite, "bailed_out", str, "suite"), problem=problem,
        outcomes=tuple(_outcome(entry, f"suite: cases[{index}]") for index, entry in
                       enumerate(_need(suite, "cases", list, "suite"))),
        definitions={one.name: one for one in definitions},
        rules={rule.number: rule for rule in rules})


def _outcome(entry: Any, where: str) -> Outcome:
    _typed(entry, dict, where)
    verdict = _need(entry, "verdict", str, where)
    if verdict not in VERDICTS:
        raise _Flaw(f"{where}: `{verdict}` is no verdict")
    return Outcome(_need(entry, "name", str, where), verdict,
                   _optional(entry, "reason", str, where), _optional(entry, "said", str, where))


def _definition(line: str) -> Definition:
    words = line.split(" ", 5)
    keys = [word.partition("=")[0] for word in words[1:5]]
    if len(words) < 6 or keys != ["rules", "grade", "needs", "opt_in"]:
        raise _Flaw(f"suite: definitions: `{line}` is no line of the file `cases`")
    return Definition(words[0], tuple(words[1].partition("=")[2].split(",")),
                      words[2].partition("=")[2], words[5])


def _rule(line: str) -> Rule:
    fields = line.split("\t")
    if len(fields) != 5:
        raise _Flaw(f"suite: rules: `{line}` is no line of the file `rules`")
    return Rule(*fields)
