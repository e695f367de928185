# SPDX-License-Identifier: GPL-2.0-only
"""Makes one document of several that measured the same thing: each becomes a repeat."""

from __future__ import annotations

from typing import Any, Sequence

from .errors import ReportError

_SAME = ("schema_version", "module")


def merged(documents: Sequence[dict[str, Any]], **members: Any) -> dict[str, Any]:
    """The runs of all documents in one, numbered anew, the repeats counted on.

    It has the other members of the first one, and `members`. ReportError if they are of
    different kernels, modules or formats.
    """
    first = documents[0]
    runs: list[dict[str, Any]] = []
    repeat = 0
    for document in documents:
        differing = [key for key in _SAME if document.get(key) != first.get(key)]
        if _kernel(document) != _kernel(first):
            differing.append("kernel")
        if differing:
            raise ReportError("results", f"they differ in their {', '.join(differing)}",
                              "merge only what measured the same thing")
        last = 0
        for run in document["runs"]:
            last = max(last, run.get("repeat") or 0)
            runs.append({**run, "id": len(runs), "repeat": repeat + (run.get("repeat") or 0)})
        repeat += last + 1
    profile = first.get("profile")
    return {**first, "runs": runs, "finished": documents[-1].get("finished"),
            "profile": {**profile, "repeats": repeat} if profile else profile,
            "interrupted": any(document.get("interrupted") for document in documents), **members}


def _kernel(document: dict[str, Any]) -> tuple[Any, ...]:
    system = document.get("system") or {}
    return tuple(system.get(key) for key in ("kernel", "kernel_version", "machine"))
