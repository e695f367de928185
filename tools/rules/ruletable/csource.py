# SPDX-License-Identifier: GPL-2.0-only
"""Just enough of C to read const tables in the style of this project; no parser for any C."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

from .errors import RulesError

_TOKEN = re.compile(r"""
    (?P<skip>\s+|/\*.*?\*/|//[^\n]*|^[ \t]*\#(?:\\\n|[^\n])*)
  | (?P<string>"(?:\\.|[^"\\\n])*")
  | (?P<word>[A-Za-z_]\w*|\d\w*)
  | (?P<mark>.)""", re.X | re.S | re.M)
_ESCAPE = re.compile(r"\\(.)", re.S)
_DEFINE = re.compile(r"^#define[ \t]+(\w+)(?:\(([^)\n]*)\))?[ \t]+((?:\\\n|[^\n])*)", re.M)
_OPENS = {"{": "}", "(": ")", "[": "]"}


@dataclass(frozen=True)
class Token:
    """A string (its text), a word or a mark, and the line that it is in."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True)
class Item:
    """A member of an initialiser: its NAME if it is designated, and its VALUE."""

    name: str | None
    value: tuple[Token, ...]
    line: int


@dataclass(frozen=True)
class Source:
    """A file of C: its PATH, to be told in errors, and its TOKENS."""

    path: str
    tokens: tuple[Token, ...]

    def fault(self, line: int, what: str) -> RulesError:
        """Return an error that says where it is."""
        return RulesError(f"{self.path}:{line}: {what}")


@dataclass(frozen=True)
class Macro:
    """A macro that stands for a string or for an entry; PARAMETERS: None if it has no list."""

    parameters: tuple[str, ...] | None
    body: tuple[Token, ...]


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), text)


def _tokens(text: str) -> Iterator[Token]:
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "string":
            yield Token("string", _unescaped(match[0][1:-1]), line)
        elif match.lastgroup != "skip":
            yield Token(str(match.lastgroup), match[0], line)
        line += match[0].count("\n")


def _macros(text: str) -> dict[str, Macro]:
    found = {}
    for name, parameters, body in _DEFINE.findall(text):
        tokens = tuple(_tokens(body.replace("\\\n", " ")))
        listed = tuple(word.strip() for word in parameters.split(",")) if parameters else None
        if tokens and (tokens[0].kind == "string" or tokens[0].text == "{"):
            found[name] = Macro(listed, tokens)
    return found


def _substituted(macro: Macro, arguments: dict[str, tuple[Token, ...]], line: int) -> list[Token]:
    """Return the body of a macro with its arguments, `#` and `##` carried out."""
    done: list[Token] = []
    hashes = 0
    for token in macro.body:
        if token.text == "#" and token.kind == "mark":
            hashes += 1
            continue
        values = [Token(one.kind, one.text, line)
                  for one in arguments.get(token.text, (token,))]
        if hashes == 1:
            done.append(Token("string", " ".join(one.text for one in values), line))
        elif hashes and done and values:
            done[-1:] = [Token(done[-1].kind, done[-1].text + values[0].text, line), *values[1:]]
        else:
            done += values
        hashes = 0
    return done


def _expanded(source: Source, macros: dict[str, Macro]) -> Iterator[Token]:
    place = 0
    while place < len(source.tokens):
        token = source.tokens[place]
        macro = macros.get(token.text) if token.kind == "word" else None
        place += 1
        if not macro:
            yield token
        elif macro.parameters is None:
            yield from _substituted(macro, {}, token.line)
        else:
            end = _matching(source, place)
            given = [source.tokens[begin:until]
                     for begin, until in _split(source, place + 1, end)]
            if len(given) != len(macro.parameters):
                raise source.fault(token.line, f"{token.text}: {len(given)} arguments for "
                                   f"{len(macro.parameters)} parameters")
            yield from _substituted(macro, dict(zip(macro.parameters, given)), token.line)
            place = end + 1


def read(path: str, text: str, headers: str = "") -> Source:
    """Take a file apart.

    Macros of its own, and those of HEADERS, are expanded if they stand for a string or for
    `{ ... }`; all other lines of the preprocessor are left out.
    """
    source = Source(path, tuple(_tokens(text)))
    macros = _macros(headers) | _macros(text)
    return Source(path, tuple(_expanded(source, macros))) if macros else source


def _matching(source: Source, start: int) -> int:
    """Return the place of the bracket that closes the one at START."""
    stack: list[str] = []
    for place in range(start, len(source.tokens)):
        token = source.tokens[place]
        if token.kind != "mark":
            continue
        if token.text in _OPENS:
            stack.append(_OPENS[token.text])
        elif token.text in _OPENS.values():
            if stack.pop() != token.text:
                break
            if not stack:
                return place
    raise source.fault(source.tokens[start].line, f"`{source.tokens[start].text}` is never closed")


def _split(source: Source, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places between which the members of a list stand; none is empty."""
    begin = place = start
    while place < end:
        token = source.tokens[place]
        if token.kind == "mark" and token.text in _OPENS:
            place = _matching(source, place)
        elif token.kind == "mark" and token.text == ",":
            if place > begin:
                yield begin, place
            begin = place + 1
        place += 1
    if end > begin:
        yield begin, end


def _items(source: Source, start: int) -> list[Item]:
    """Return the members of the initialiser whose bracket is at START."""
    found = []
    for begin, end in _split(source, start + 1, _matching(source, start)):
        tokens = source.tokens[begin:end]
        if [token.text for token in tokens[:1]] == ["."] and len(tokens) > 2 \
                and tokens[2].text == "=":
            found.append(Item(tokens[1].text, tokens[3:], tokens[0].line))
        else:
            found.append(Item(None, tokens, tokens[0].line))
    return found


def _declared(source: Source, struct: str) -> Iterator[tuple[str, int, bool]]:
    """Yield the name, the place of the initialiser and whether it is an array of each const
    variable of a type."""
    tokens = source.tokens
    for place in range(len(tokens) - 4):
        if [token.text for token in tokens[place:place + 3]] != ["const", "struct", struct]:
            continue
        name = tokens[place + 3]
        after = place + 4
        array = tokens[after].text == "["
        if array:
            after = _matching(source, after) + 1
        if name.kind == "word" and [token.text for token in tokens[after:after + 2]] == ["=", "{"]:
            yield name.text, after + 1, array


def arrays(source: Source, struct: str) -> dict[str, list[tuple[int, list[Item]]]]:
    """Return the const arrays of a type by name: of each entry its line and its members."""
    found = {}
    for name, place, array in _declared(source, struct):
        if not array:
            continue
        entries = []
        for begin, _ in _split(source, place + 1, _matching(source, place)):
            token = source.tokens[begin]
            if token.text != "{":
                raise source.fault(token.line, f"an entry of {name} is no `{{ ... }}`: "
                                   f"it begins with `{token.text}`")
            entries.append((token.line, _items(source, begin)))
        found[name] = entries
    return found


def structs(source: Source, struct: str) -> dict[str, list[Item]]:
    """Return the const variables of a type, which are no arrays, by name."""
    return {name: _items(source, place) for name, place, array in _declared(source, struct)
            if not array}


def members(source: Source, items: list[Item], order: tuple[str, ...]) -> dict[str, Item]:
    """Return the members by name; those that are not designated follow the ORDER."""
    found: dict[str, Item] = {}
    spot = 0
    for item in items:
        if item.name is not None and item.name not in order:
            raise source.fault(item.line, f"`.{item.name}` is no member that is known here")
        spot = order.index(item.name) if item.name is not None else spot
        if spot >= len(order):
            raise source.fault(item.line, f"more than {len(order)} members")
        found[order[spot]] = item
        spot += 1
    return found


def string(source: Source, item: Item) -> str | None:
    """Return a string, put together from its literals and macros; None if it is NULL."""
    if [token.text for token in item.value] == ["NULL"]:
        return None
    parts = []
    for token in item.value:
        if token.kind == "string":
            parts.append(token.text)
        else:
            raise source.fault(token.line, f"`{token.text}` is no string")
    return "".join(parts)


def word(source: Source, item: Item) -> str:
    """Return a name that stands alone, perhaps behind an `&`."""
    words = [token for token in item.value if token.text != "&"]
    if len(words) != 1 or words[0].kind != "word":
        raise source.fault(item.line, "this is no single name")
    return words[0].text


def calls(source: Source, name: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line and the arguments, all of them strings, of each NAME(...)."""
    for place, token in enumerate(source.tokens[:-1]):
        if token.kind != "word" or token.text != name or source.tokens[place + 1].text != "(":
            continue
        values = []
        for begin, end in _split(source, place + 2, _matching(source, place + 1)):
            tokens = source.tokens[begin:end]
            values.append("".join(one.text for one in tokens))
        yield token.line, values
