# SPDX-License-Identifier: GPL-2.0-only
"""Reads what a guest sent: records of phases, files, and the verdict that ends a run.

    KEY phase NAME UPTIME
    KEY file SIZE SHA256 NAME     and SIZE bytes, and a line end
    KEY tar SIZE SHA256           the same, of all that is in /results
    KEY verdict STATUS PHASE UPTIME

KEY is drawn for each run: text in a file is never taken for a record. A stream without a
verdict is that of a guest which died: what arrived whole is still good.
"""

from __future__ import annotations

import hashlib
import io
import re
import secrets
import tarfile
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath


@dataclass
class Stream:
    """The contents of a stream. `status` is None if there was no verdict."""

    phases: dict[str, float] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    status: int | None = None
    last_phase: str = "boot"
    uptime: float = 0.0
    damage: list[str] = field(default_factory=list)


def new_key() -> str:
    """Return a key for one run."""
    return f"lab-{secrets.token_hex(8)}"


def has_ended(tail: bytes, key: str) -> bool:
    """Whether a stream is complete, told by its last bytes (80 are enough)."""
    return bool(re.search(rb"\n%s verdict \d+ \w+ [\d.]+\n\Z" % key.encode(), tail))


def safe_name(name: str) -> str | None:
    """Return a relative path without detours, or None if NAME does not stay below its folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or "\0" in name or not path.parts:
        return None
    return str(path)


def _read_tar(data: bytes, stream: Stream) -> None:
    try:
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            for member in archive:
                name = safe_name(member.name)
                if not member.isfile() or name is None:
                    continue
                handle = archive.extractfile(member)
                if handle is not None:
                    stream.files[name] = handle.read()
    except tarfile.TarError as error:
        stream.damage.append(f"the archive of the results cannot be read: {error}")


def _read_payload(words: list[str], data: bytes, pos: int, mark: bytes, stream: Stream) -> int:
    """Take the record whose payload starts at POS; return where the next one starts."""
    kind, size, digest = words[0], int(words[1]), words[2]
    name = "the results" if kind == "tar" else words[3]
    payload = data[pos:pos + size]
    if size < 0:
        raise ValueError("negative size")
    if len(payload) < size:
        stream.damage.append(f"{name}: only {len(payload)} of {size} bytes arrived")
    elif hashlib.sha256(payload).hexdigest() != digest:
        stream.damage.append(f"{name}: the sum of what arrived is wrong")
    else:
        if kind == "tar":
            _read_tar(payload, stream)
        elif safe_name(name) is None:
            stream.damage.append(f"{name}: is no path below the results")
        else:
            stream.files[str(safe_name(name))] = payload
        return pos + size + 1
    # A writer that was killed leaves a record short: look for the next one inside it.
    following = data.find(mark, pos)
    return following if following >= 0 else len(data)


def parse(data: bytes, key: str) -> Stream:
    """Parse a stream, complete or not. Never raises: what is wrong is listed in `damage`."""
    stream = Stream()
    mark = key.encode() + b" "
    pos = 0
    while pos < len(data):
        end = data.find(b"\n", pos)
        if end < 0:
            stream.damage.append("the last record has no end")
            break
        words = data[pos:end].decode("utf-8", "replace").split(" ", 4)
        pos = end + 1
        try:
            if words[0] != key:
                raise ValueError("not a record")
            if words[1] == "phase":
                stream.phases[words[2]] = float(words[3])
                stream.last_phase = words[2]
            elif words[1] == "verdict":
                status, stream.last_phase, stream.uptime = int(words[2]), words[3], float(words[4])
                stream.status = status
            elif words[1] in ("file", "tar"):
                pos = _read_payload(words[1:], data, pos, mark, stream)
            else:
                raise ValueError("unknown record")
        except (ValueError, IndexError):
            stream.damage.append(f"a record cannot be read: {' '.join(words)[:60]!r}")
    return stream


def store(stream: Stream, folder: Path) -> None:
    """Write the files of a stream below FOLDER."""
    for name, data in stream.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
