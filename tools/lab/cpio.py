# SPDX-License-Identifier: GPL-2.0-only
"""Writes the archive that a kernel unpacks as its first file system (cpio, format newc)."""

from __future__ import annotations

import stat
from typing import BinaryIO

_MAGIC = b"070701"


class Writer:
    """Adds entries to an archive. All belong to root; folders above an entry are made."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._inode = 0
        self._folders: set[str] = set()

    def _entry(self, name: str, mode: int, data: bytes, device: tuple[int, int]) -> None:
        self._inode += 1
        path = name.encode()
        fields = (self._inode, mode, 0, 0, 1, 0, len(data), 0, 0, *device, len(path) + 1, 0)
        head = _MAGIC + b"".join(b"%08X" % field for field in fields) + path + b"\0"
        self._out.write(head + b"\0" * (-len(head) % 4))
        self._out.write(data + b"\0" * (-len(data) % 4))

    def _parents(self, name: str) -> None:
        parts = name.split("/")[:-1]
        for count in range(1, len(parts) + 1):
            self.folder("/".join(parts[:count]))

    def folder(self, name: str) -> None:
        """Add a folder, unless it is there. Names have no leading slash."""
        if name and name not in self._folders:
            self._parents(name)
            self._folders.add(name)
            self._entry(name, stat.S_IFDIR | 0o755, b"", (0, 0))

    def file(self, name: str, data: bytes, executable: bool = False) -> None:
        """Add a regular file."""
        self._parents(name)
        self._entry(name, stat.S_IFREG | (0o755 if executable else 0o644), data, (0, 0))

    def link(self, name: str, target: str) -> None:
        """Add a symbolic link."""
        self._parents(name)
        self._entry(name, stat.S_IFLNK | 0o777, target.encode(), (0, 0))

    def device(self, name: str, major: int, minor: int) -> None:
        """Add a character device."""
        self._parents(name)
        self._entry(name, stat.S_IFCHR | 0o600, b"", (major, minor))

    def close(self) -> None:
        """Write the end mark; the underlying file stays open."""
        self._entry("TRAILER!!!", 0, b"", (0, 0))
