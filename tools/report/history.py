# SPDX-License-Identifier: GPL-2.0-only
"""Keeps the figures of many results in SQLite: by revision, kernel, machine and target."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable

from .errors import ReportError
from .metrics import METRICS, values_of
from .model import Results
from .pairing import Key, pair

#: Marks a file of SQLite as ours, and the form of its tables.
_APPLICATION, _VERSION = 0x646D6162, 1

_TABLES = """
CREATE TABLE entry (
    id INTEGER PRIMARY KEY, digest TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    revision TEXT NOT NULL, kernel TEXT NOT NULL, machine TEXT NOT NULL, target TEXT NOT NULL,
    accelerator TEXT NOT NULL, emulated INTEGER NOT NULL, profile TEXT NOT NULL,
    started TEXT NOT NULL);
CREATE TABLE figure (
    entry INTEGER NOT NULL REFERENCES entry (id), point TEXT NOT NULL, metric TEXT NOT NULL,
    repeats TEXT NOT NULL, PRIMARY KEY (entry, point, metric)) WITHOUT ROWID;
"""

_COLUMNS = ("revision", "kernel", "machine", "target", "accelerator", "emulated", "profile",
            "started")


@dataclass(frozen=True)
class Entry:  # pylint: disable=too-many-instance-attributes
    """A file that was added, and where its figures come from."""

    ident: int
    name: str
    revision: str
    kernel: str
    machine: str
    target: str
    accelerator: str
    emulated: bool
    profile: str
    started: str

    @property
    def place(self) -> tuple[str, str, str]:
        """What must be equal for revisions to be compared: kernel, machine, target."""
        return self.kernel, self.machine, self.target


@dataclass(frozen=True)
class Values:
    """The repeats of one figure of one point in one entry."""

    entry: Entry
    key: Key
    metric: str
    repeats: tuple[float, ...]


class History:
    """An open database."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def add(self, path: Path, results: Results, revision: str | None) -> bool:
        """Adds a file; False, and nothing changes, if its content is there already."""
        text = json.dumps(results.document, sort_keys=True, separators=(",", ":"))
        digest = hashlib.sha256(text.encode()).hexdigest()
        if self._connection.execute("SELECT 1 FROM entry WHERE digest = ?", (digest,)).fetchone():
            return False
        facts = results.system
        values = (revision or revision_of(results), facts.kernel, facts.machine,
                  str(facts.facts.get("target") or "none"),
                  str(facts.facts.get("accelerator") or "unknown"), facts.emulated,
                  results.profile, results.started)
        ident = self._connection.execute(
            f"INSERT INTO entry (digest, name, {', '.join(_COLUMNS)}) "
            f"VALUES (?, ?{', ?' * len(_COLUMNS)})", (digest, path.name, *values)).lastrowid
        self._connection.executemany(
            "INSERT INTO figure VALUES (?, ?, ?, ?)",
            ((ident, point, metric, json.dumps(repeats))
             for point, metric, repeats in _figures(results)))
        return True

    def entries(self, **wanted: str | None) -> list[Entry]:
        """The files in the order in which they were added, those that have these columns."""
        chosen = {name: value for name, value in wanted.items() if value is not None}
        where = " AND ".join(f"{name} = ?" for name in chosen) or "1"
        rows = self._connection.execute(
            f"SELECT id, name, {', '.join(_COLUMNS)} FROM entry WHERE {where} ORDER BY id",
            tuple(chosen.values()))
        return [Entry(*row[:7], bool(row[7]), *row[8:]) for row in rows]

    def values(self, entries: Iterable[Entry]) -> list[Values]:
        """All that was kept of these files."""
        return [Values(entry, tuple((name, value) for name, value in json.loads(point)), metric,
                       tuple(json.loads(repeats)))
                for entry in entries
                for point, metric, repeats in self._connection.execute(
                    "SELECT point, metric, repeats FROM figure WHERE entry = ?", (entry.ident,))]


def _figures(results: Results) -> Iterator[tuple[str, str, list[float]]]:
    for row in pair([results]).rows:
        for metric in METRICS:
            found = values_of(metric, row.runs[0])
            if found:
                yield json.dumps(row.key), metric.name, found


def revision_of(results: Results) -> str:
    """What a file says of the revision of the project: the commit, or the module's version."""
    module: dict[str, Any] = results.section("module")
    return str(results.document.get("revision") or module.get("version") or "unknown")


def _prepare(connection: sqlite3.Connection, path: Path, make: bool) -> None:
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    if make and not tables and not application:
        connection.executescript(f"PRAGMA application_id = {_APPLICATION};"
                                 f"PRAGMA user_version = {_VERSION};{_TABLES}")
    elif application != _APPLICATION:
        raise ReportError(str(path), "a database of something else", "name another file")
    elif version != _VERSION:
        raise ReportError(str(path), f"its form is {version}, this report reads {_VERSION}",
                          "use the dmabench-report that made it")


@contextmanager
def opened(path: Path, make: bool = False) -> Iterator[History]:
    """The database in a file, made if wanted; what is done in the block is kept all or not at all.

    ReportError if it is none of ours, or cannot be read or written.
    """
    if not make and not path.is_file():
        raise ReportError(str(path), "there is no such file",
                          "add results first: dmabench-report history FILE add RESULTS.json")
    try:
        with closing(sqlite3.connect(path)) as connection:
            _prepare(connection, path, make)
            with connection:
                yield History(connection)
    except sqlite3.Error as error:
        raise ReportError(str(path), f"not usable as a database ({error})",
                          "name a file that history made, or a new one") from None
