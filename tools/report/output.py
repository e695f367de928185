# SPDX-License-Identifier: GPL-2.0-only
"""Writes files so that a folder holds the old ones or the new ones, never a half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from .errors import ReportError
from .svg import SOFTWARE

_ADVICE = "name a folder that can be written to with -o"


def write(folder: Path, files: dict[str, bytes], figures: str = "*.png") -> None:
    """Puts files into a folder; figures of an earlier report that this one lacks go.

    All are written beside their places first and renamed then, the page last. Files that
    are not of our making stay. ReportError if the folder cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".report-", dir=folder) as near:
            for name, content in files.items():
                (Path(near) / name).write_bytes(content)
            for name in sorted(files, key=lambda name: name.endswith(".html")):
                os.replace(Path(near) / name, folder / name)
        for path in folder.glob(figures) if figures else ():
            if path.name not in files and _ours(path):
                path.unlink()
    except OSError as error:
        raise ReportError(str(folder), error.strerror or "cannot be written", _ADVICE) from None


def put(path: Path, content: bytes) -> None:
    """Writes one file, all of it or nothing. ReportError if it cannot be written."""
    write(path.parent, {path.name: content}, figures="")


def _ours(path: Path) -> bool:
    with path.open("rb") as stream:
        return SOFTWARE.encode() in stream.read(512)
