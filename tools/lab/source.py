# SPDX-License-Identifier: GPL-2.0-only
"""Kernel sources: Debian's linux-source packages, unpacked whole or in parts."""

from __future__ import annotations

import dataclasses
import re
import subprocess
from pathlib import Path
from typing import Any

from lab import apt, cache
from lab.errors import LabError, Unavailable
from lab.kernel import remembered
from lab.progress import say

# Where a series can be found, the narrowest suite first: the wide ones have large indexes.
STABLE = ("bookworm", "bookworm-updates", "bookworm-security")
NEWER = ("trixie-backports", "testing", "sid")
WHOLE = "."


def _groups(suites: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the suites to ask together: a release with its updates, the others alone."""
    if any(suite.endswith(("-updates", "-security")) for suite in suites):
        return [suites]
    return [(suite,) for suite in suites]


def _ask(series: str, suites: tuple[str, ...], version: str, offline: bool) -> dict[str, Any]:
    name = f"linux-source-{series}"
    for group in _groups(suites):
        archive = apt.Archive(apt.host_arch(), group, offline)
        archive.refresh()
        versions = archive.versions(name)
        same = [package for package in versions if package.version == version]
        if versions:
            package = (same or versions)[0]
            if version and not same:
                say(f"{name} {version} is gone from the mirror, taking {package.version}")
            return {"package": dataclasses.asdict(package), "suites": list(group)}
    raise Unavailable(f"{name}: not in {', '.join(suites)} of this machine's Debian mirror")


def _package(series: str, suites: tuple[str, ...], version: str,
             offline: bool) -> tuple[apt.Package, apt.Archive]:
    """Return the source package of a series, in that version if it can be had."""
    name = f"source-{series}-{version}" if version else f"source-{series}"
    record = remembered(name, offline, lambda: _ask(series, suites, version, offline))
    archive = apt.Archive(apt.host_arch(), tuple(record["suites"]), offline)
    return apt.Package(**record["package"]), archive


def _suites(series: str) -> tuple[str, ...]:
    return STABLE if series in ("6.1", "6.12") else NEWER


def _has(parts: set[str], part: str) -> bool:
    """Whether PART is unpacked: it, or a folder above it."""
    return any(part == have or have == WHOLE or part.startswith(have + "/") for have in parts)


def check_parts(parts: list[str]) -> list[str]:
    """Return the parts in their plainest form; complain about those outside the tree."""
    plain = [part.strip().rstrip("/").removeprefix("./") for part in parts]
    for part in plain:
        outside = not part or part.startswith("/") or ".." in part.split("/")
        if outside or re.search(r"[*?[\\]", part):
            raise LabError(f"--only: `{part}` is no path inside the source tree, give for example "
                           "scripts,drivers/dma")
    return plain


def extract(deb: Path, series: str, folder: Path, parts: list[str],
            leave: tuple[str, ...] = ()) -> None:
    """Unpack PARTS of a linux-source package into FOLDER, without its leading folder.

    LEAVE are tar wildcards of what is not wanted. Raises LabError if a part is not there.
    """
    top = f"linux-source-{series}"
    whole = parts == [WHOLE]
    command = ["tar", "-x", "-C", str(folder), "--strip-components=1", "--no-same-owner",
               *(f"--exclude={top}/{pattern}" for pattern in leave),
               *([] if whole else [f"{top}/{part}" for part in parts])]
    with subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(deb)],
                          stdout=subprocess.PIPE) as package, \
         subprocess.Popen(["tar", "-xO", f"./usr/src/{top}.tar.xz"], stdin=package.stdout,
                          stdout=subprocess.PIPE) as inner, \
         subprocess.Popen(["xz", "-dc"], stdin=inner.stdout, stdout=subprocess.PIPE) as plain:
        done = subprocess.run(command, stdin=plain.stdout, check=False, text=True,
                              stderr=subprocess.PIPE)
        for process in (package, inner, plain):
            if process.stdout:
                process.stdout.close()
    missing = re.search(rf"{re.escape(top)}/(\S+): Not found", done.stderr)
    if missing:
        raise LabError(f"linux-source-{series}: has no {missing[1]}, check the path")
    if done.returncode:
        raise LabError(f"{deb.name}: cannot be unpacked ({done.stderr.strip()[:200]})")


def tree(series: str, parts: list[str] | None = None, version: str = "",
         offline: bool = False) -> Path:
    """Return a tree of linux-source-SERIES that holds PARTS (paths in it; None: all of it).

    VERSION asks for the source of that very package version; a newer one is taken, and
    said so, where it is gone. What is unpacked stays in the cache and grows by need.
    """
    if not re.fullmatch(r"\d+\.\d+", series):
        raise LabError(f"{series}: is no kernel series, give for example 6.12")
    wanted = check_parts(parts) if parts is not None else [WHOLE]
    package, archive = _package(series, _suites(series), version, offline)
    folder = cache.place("source", package.key)
    listing = folder / ".parts"
    with cache.lock(f"source-{package.key}"):
        have = set(listing.read_text(encoding="utf-8").split("\n")) if listing.exists() else set()
        missing = [part for part in wanted if not _has(have, part)]
        if missing:
            deb = archive.fetch(package)
            say(f"unpacking linux-source-{series} "
                f"({'all of it' if missing == [WHOLE] else ', '.join(missing)})")
            folder.mkdir(parents=True, exist_ok=True)
            extract(deb, series, folder, missing)
            # Written last: a part counts only when all of it is there.
            cache.write_text(listing, "\n".join(sorted(have | set(missing))).strip("\n"))
    return folder


def package_file(series: str, offline: bool = False) -> tuple[apt.Package, Path]:
    """Return the newest source package of a series and its file, fetched if need be."""
    package, archive = _package(series, _suites(series), "", offline)
    return package, archive.fetch(package)


def newest(series: str, offline: bool = False) -> apt.Package:
    """Return the newest source package of a series, without fetching it."""
    return _package(series, _suites(series), "", offline)[0]
