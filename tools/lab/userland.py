# SPDX-License-Identifier: GPL-2.0-only
"""What runs in a guest beside the kernel: busybox, and the command `dmabench`, both static."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from lab import apt, cache
from lab.errors import BuildError, Unavailable
from lab.kernel import remembered
from lab.progress import say
from lab.target import PROJECT, Target

_PACKAGES = ("busybox-static", "libjson-c-dev", "libinih-dev")


def _unpack(packages: list[apt.Package], archive: apt.Archive) -> Path:
    """Unpack the packages side by side, unless they are; return the folder."""
    final = cache.place("userland",
                        f"{archive.arch}-{cache.digest(*(package.key for package in packages))}")
    with cache.lock(f"userland-{final.name}"):
        if not final.exists():
            debs = [archive.fetch(package) for package in packages]
            with cache.new_folder(final) as temp:
                for deb in debs:
                    apt.unpack(deb, temp)
            for deb in debs:
                deb.unlink(missing_ok=True)
    return final


def _ask(archive: apt.Archive) -> dict[str, Any]:
    archive.refresh()
    packages = []
    for name in _PACKAGES:
        versions = archive.versions(name)
        if not versions:
            raise Unavailable(f"{name} ({archive.arch}): not on this machine's Debian mirror")
        packages.append(versions[0])
    _unpack(packages, archive)
    return {"packages": [dataclasses.asdict(package) for package in packages]}


def fetch(target: Target, offline: bool = False) -> Path:
    """Return a folder with busybox and the libraries for the target's architecture."""
    arch = target.kernel.debian_arch
    archive = apt.Archive(arch, target.guest.suites or target.kernel.suites, offline)
    record = remembered(f"userland-{arch}", offline, lambda: _ask(archive))
    return _unpack([apt.Package(**value) for value in record["packages"]], archive)


def busybox(folder: Path) -> Path:
    """Return the static busybox in an unpacked userland."""
    return next(path for path in (folder / "bin/busybox", folder / "usr/bin/busybox")
                if path.is_file())


def build_command(target: Target, folder: Path) -> Path | None:
    """Build the static command for the target against the libraries in FOLDER.

    Returns its path, or None if the project has no such command (yet).
    """
    origin = PROJECT / "tools" / "dmabench"
    if not (origin / "Makefile").is_file():
        return None
    base = cache.place("build", f"command-{target.kernel.debian_arch}-"
                                f"{cache.digest(PROJECT, folder)}")
    libraries = next((folder / "usr/lib").glob("*/libjson-c.a")).parent
    cross = target.kernel.cross
    with cache.lock(f"build-{base.name}"):
        base.mkdir(parents=True, exist_ok=True)
        program = base / "dmabench"
        before = program.stat().st_mtime_ns if program.is_file() else 0
        done = subprocess.run(
            ["make", "-C", str(origin), "STATIC=1", "PREFIX=/usr", f"O={base}", f"CC={cross}gcc",
             f"CPPFLAGS=-I{folder}/usr/include",
             f"LDFLAGS=-L{libraries}", f"-j{os.cpu_count() or 1}"],
            check=False, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT)
        if done.returncode or not program.is_file():
            print(done.stdout[-4000:], end="", file=sys.stderr, flush=True)
            raise BuildError(f"{target.name}: tools/dmabench does not build for "
                             f"{target.kernel.debian_arch}, see above")
        if program.stat().st_mtime_ns != before:
            say(f"built the command for {target.kernel.debian_arch}")
    return program
