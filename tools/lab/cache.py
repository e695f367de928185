# SPDX-License-Identifier: GPL-2.0-only
"""The cache: where it is, how entries appear whole or not at all, and who may write.

Nothing in the cache is needed: whatever is missing is fetched or built again, so removing
the folder is always safe while no lab runs.
"""

from __future__ import annotations

import contextlib
import fcntl
import glob
import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lab.progress import say


def root() -> Path:
    """Return the folder of the cache, created if need be."""
    base = os.environ.get("XDG_CACHE_HOME")
    path = (Path(base) if base else Path.home() / ".cache") / "dmabench"
    path.mkdir(parents=True, exist_ok=True)
    return path


def place(*parts: str) -> Path:
    """Return a path below the cache, with the folder that holds it created."""
    path = root().joinpath(*parts)
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def digest(*parts: object) -> str:
    """Return a short name for a combination of inputs; equal inputs give equal names."""
    text = json.dumps([str(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def this_boot() -> str:
    """Name this boot of this machine, for what holds no longer."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot = "unknown"
    return f"{boot} {platform.release()}"


@contextlib.contextmanager
def lock(name: str) -> Iterator[None]:
    """Hold the lock NAME, waiting (and saying so) while another lab has it."""
    path = place("locks", name.replace("/", "_"))
    with path.open("w", encoding="ascii") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"another lab works on {name}, waiting for it")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@contextlib.contextmanager
def new_folder(final: Path) -> Iterator[Path]:
    """Give an empty folder that becomes FINAL when the block ends without an error.

    A FINAL that exists is replaced. Whatever was written is removed if the block fails. The
    caller holds the lock of FINAL, so what an earlier, killed lab has left can go.
    """
    final.parent.mkdir(parents=True, exist_ok=True)
    for left in final.parent.glob(f".{glob.escape(final.name)}.*"):
        shutil.rmtree(left)
    temp = Path(tempfile.mkdtemp(prefix=f".{final.name}.", dir=final.parent))
    temp.chmod(0o755)
    try:
        yield temp
        if final.exists():
            shutil.rmtree(final)
        temp.rename(final)
    except BaseException:
        shutil.rmtree(temp, ignore_errors=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a file so that readers see the old text or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.chmod(name, 0o644)
    os.replace(name, path)


def read_state(name: str) -> dict[str, Any]:
    """Return the record NAME, or an empty one if there is none or it cannot be read."""
    try:
        value = json.loads(place("state", f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def write_state(name: str, value: dict[str, Any]) -> None:
    """Keep the record NAME, which must consist of plain JSON values."""
    write_text(place("state", f"{name}.json"), json.dumps(value, indent=1) + "\n")
