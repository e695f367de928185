# SPDX-License-Identifier: GPL-2.0-only
"""Reads include/linux/dmaengine.h: the members of struct dma_device, and all functions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from . import csource
from .errors import CoverageError


@dataclass
class Api:
    """The names of the header.

    `operations` are the members of struct dma_device that are functions, `data` the others.
    `calls` are the functions and the macros with arguments, each with the members that it
    uses by itself or through other functions of the header. `descriptor` are the functions
    that a provider hangs on a descriptor; calls use them as they use members.
    """

    operations: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    descriptor: list[str] = field(default_factory=list)
    calls: dict[str, list[str]] = field(default_factory=dict)

    @property
    def members(self) -> list[str]:
        """All members, operations first."""
        return self.operations + self.data

    @property
    def names(self) -> list[str]:
        """All names."""
        return self.members + list(self.calls)


def _without_directives(text: str) -> str:
    return re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", "", text, flags=re.M)


def parse_members(text: str, name: str = "dma_device") -> tuple[list[str], list[str]]:
    """Return the members of a struct that are functions, and the others; TEXT is plain."""
    match = re.search(rf"\bstruct {name}\s*\{{", text)
    if not match:
        raise CoverageError(f"dmaengine.h: struct {name} is not in it")
    body = text[match.end():csource.closing(text, match.end() - 1) - 1]
    operations, data = [], []
    for declaration in _without_directives(body).split(";"):
        function = re.search(r"\(\s*\*\s*(\w+)\s*\)\s*\(", declaration)
        other = re.search(r"(\w+)\s*(?:\[[^]]*\])?\s*$", declaration)
        if function:
            operations.append(function[1])
        elif other:
            data.append(other[1])
    return operations, data


def _functions(text: str) -> dict[str, str]:
    """Return the functions that plain TEXT declares or defines, with their bodies."""
    found: dict[str, str] = {}
    text = _without_directives(text)
    spot = 0
    while match := re.compile(r"[;{]|\b(\w+)\s*\(").search(text, spot):
        spot = match.end()
        if match[0] == "{":
            spot = csource.closing(text, match.start())
        elif match[1]:
            end = csource.closing(text, match.end() - 1)
            arguments = text[match.end() - 1:end]
            body = re.match(r"\s*(\{)?", text[end:])
            spot = end
            if body and body[1]:
                spot = csource.closing(text, end + body.end() - 1)
            elif not text[end:].lstrip().startswith(";"):
                continue
            start = max(text.rfind(mark, 0, match.start()) for mark in ";}")
            if "typedef" not in text[start + 1:match.start()]:
                found[match[1]] = found.get(match[1], "") + arguments + text[end:spot]
    return found


def _macros(text: str) -> dict[str, str]:
    """Return the macros with arguments of plain TEXT, with what they stand for."""
    return dict(re.findall(r"^[ \t]*#[ \t]*define[ \t]+(\w+)\(((?:.*\\\n)*.*)$", text, re.M))


def _closure(name: str, direct: dict[str, set[str]], bodies: dict[str, str]) -> set[str]:
    seen: set[str] = set()
    todo = [name]
    members: set[str] = set()
    while todo:
        one = todo.pop()
        if one not in seen:
            seen.add(one)
            members |= direct[one]
            todo += csource.calls(bodies[one]) & set(bodies)
    return members


def parse(header: str) -> Api:
    """Return the API that the text of the header declares."""
    text = csource.plain(header)
    operations, data = parse_members(text)
    descriptor = [*parse_members(text, "dma_async_tx_descriptor")[0], "metadata_ops"]
    bodies = {**_macros(text), **_functions(text)}
    known = set(operations + data)
    direct = {name: csource.members_used(body, csource.device_names(body)) & known
              | csource.fields(body) & set(descriptor) for name, body in bodies.items()}
    return Api(operations, data, descriptor, {name: sorted(_closure(name, direct, bodies))
                                              for name in bodies})
