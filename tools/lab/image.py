# SPDX-License-Identifier: GPL-2.0-only
"""Puts together the first file system of a guest (initramfs)."""

from __future__ import annotations

import os
import shlex
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from lab import cpio
from lab.errors import LabError
from lab.kernel import module_depends
from lab.target import PROJECT

GUEST = Path(__file__).resolve().parent / "guest"
# Below /lib/modules/RELEASE: modules of the kernel's package, and those built for the run.
KERNEL, EXTRA = "kernel", "extra"
_FOLDERS = ("proc", "sys", "dev", "tmp", "results", "root", "run", "etc")


@dataclass
class Contents:
    """What a guest consists of.

    `modules` maps a folder below /lib/modules/RELEASE to the .ko files that belong there;
    `files` are pairs of a file or folder of the host and its absolute place in the guest.
    """

    release: str
    busybox: Path
    settings: dict[str, str]
    command: str
    modules: dict[str, list[Path]] = field(default_factory=dict)
    program: Path | None = None
    files: list[tuple[Path, str]] = field(default_factory=list)


def dependencies(depends: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return for each module all that it needs, directly or not, what loads last first.

    That is the order of modules.dep. Names that are no key are taken as built in.
    """
    def collect(name: str, order: list[str]) -> None:
        for item in depends[name]:
            if item in depends and item not in order and item != name:
                collect(item, order)
                order.append(item)

    closed = {}
    for name in depends:
        order: list[str] = []
        collect(name, order)
        closed[name] = order[::-1]
    return closed


def _add_modules(out: cpio.Writer, contents: Contents, folders: Collection[str]) -> None:
    """Add the modules of FOLDERS, and a list of all there are."""
    places: dict[str, str] = {}
    depends: dict[str, list[str]] = {}
    top = f"lib/modules/{contents.release}"
    for folder, files in contents.modules.items():
        for path in files:
            data = path.read_bytes()
            name = path.stem.replace("-", "_")
            places[name] = f"{folder}/{path.name}"
            depends[name] = module_depends(data)
            if folder in folders:
                out.file(f"{top}/{places[name]}", data)
    lines = [f"{places[name]}: {' '.join(places[item] for item in needs)}".rstrip()
             for name, needs in dependencies(depends).items()]
    out.file(f"{top}/modules.dep", ("\n".join(lines) + "\n").encode())


def _add_path(out: cpio.Writer, origin: Path, place: str) -> None:
    """Add a file, or a folder with all that is in it; the guest's copy keeps no links."""
    if origin.is_dir():
        out.folder(place)
        for entry in sorted(origin.iterdir()):
            _add_path(out, entry, f"{place}/{entry.name}")
    elif origin.is_file():
        out.file(place, origin.read_bytes(), os.access(origin, os.X_OK))


def split_file(text: str) -> tuple[Path, str]:
    """Read SRC[:DST] of --file; DST is /root/NAME unless given, and inside DST/ if it ends so."""
    source, _, place = text.partition(":")
    path = Path(source)
    if not path.exists():
        raise LabError(f"--file {text}: there is no {source}")
    if not place:
        place = f"/root/{path.resolve().name}"
    elif place.endswith("/"):
        place += path.resolve().name
    if not place.startswith("/") or ".." in place.split("/"):
        raise LabError(f"--file {text}: `{place}` must be an absolute path in the guest")
    return path, place


def project_files() -> list[tuple[Path, str]]:
    """Return what every guest gets of the project: profiles, shapes, waivers and selftests."""
    wanted = [(PROJECT / "configs/profiles", "/usr/share/dmabench/profiles"),
              (PROJECT / "configs/dmasim", "/usr/share/dmabench/dmasim"),
              (PROJECT / "configs/waivers", "/usr/share/dmabench/waivers"),
              (PROJECT / "selftests/dmabench", "/kselftest/dmabench")]
    return [(origin, place) for origin, place in wanted if origin.is_dir()]


def _add_config(out: cpio.Writer, settings: dict[str, str]) -> None:
    text = "".join(f"{key}={shlex.quote(value)}\n" for key, value in settings.items())
    out.file("lab/config", (text + "export DMABENCH_SYSTEM\n").encode())


def _add_system(out: cpio.Writer, busybox: Path) -> None:
    """Add what a guest needs to get to the point where it can take anything else."""
    for folder in _FOLDERS:
        out.folder(folder)
    out.device("dev/console", 5, 1)
    out.device("dev/null", 1, 3)
    out.file("bin/busybox", busybox.read_bytes(), executable=True)
    # Names that are used by their path, by the kernel and in the first lines of scripts.
    out.link("sbin/modprobe", "/bin/busybox")
    out.link("usr/bin/env", "/bin/busybox")
    out.file("init", (GUEST / "init").read_bytes(), executable=True)
    out.file("bin/lab-push", (GUEST / "lab-push").read_bytes(), executable=True)
    out.file("lab/common.sh", (GUEST / "common.sh").read_bytes())
    out.file("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    out.file("etc/group", b"root:x:0:\n")


def _add_run(out: cpio.Writer, contents: Contents) -> None:
    """Add what this run has of its own."""
    _add_config(out, contents.settings)
    out.file("lab/command", (contents.command + "\n").encode())
    if contents.program:
        out.file("usr/bin/dmabench", contents.program.read_bytes(), executable=True)
    for origin, place in contents.files:
        _add_path(out, origin, place.strip("/"))


def write(path: Path, contents: Contents) -> None:
    """Write the whole archive to PATH."""
    with path.open("wb") as file:
        out = cpio.Writer(file)
        _add_system(out, contents.busybox)
        _add_run(out, contents)
        _add_modules(out, contents, contents.modules)
        out.close()


def write_system(path: Path, contents: Contents, settings: dict[str, str]) -> None:
    """Write to PATH what is the same in all runs: the kernel's modules and SETTINGS, no command."""
    with path.open("wb") as file:
        out = cpio.Writer(file)
        _add_system(out, contents.busybox)
        _add_config(out, settings)
        _add_modules(out, contents, [KERNEL])
        out.close()


def write_run(path: Path, contents: Contents) -> None:
    """Write to PATH what write() has beyond write_system()."""
    with path.open("wb") as file:
        out = cpio.Writer(file)
        _add_run(out, contents)
        _add_modules(out, contents, [folder for folder in contents.modules if folder != KERNEL])
        out.close()
