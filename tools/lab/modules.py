# SPDX-License-Identifier: GPL-2.0-only
"""Builds modules for a target's kernel: the project's own and drivers from linux-source.

Sources are copied to a build folder of the cache first. So several targets can be built
side by side, the project's folders stay clean, and only changed files are compiled again.
"""

from __future__ import annotations

import contextlib
import filecmp
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from lab import cache, source
from lab.errors import BuildError, LabError
from lab.kernel import Kernel
from lab.progress import say
from lab.target import PROJECT, DriverSpec, Target

_PRODUCTS = (".o", ".ko", ".mod", ".mod.c", ".cmd", ".order", ".symvers", ".a", ".d",
             ".gcno", ".gcda")
_SHOWN = 40
_LOG = ".build.log"


def _is_product(name: str) -> bool:
    return name.endswith(_PRODUCTS)


def copy_changed(origin: Path, copy: Path) -> None:
    """Make COPY hold the sources of ORIGIN, touching only files whose content differs.

    What was removed from ORIGIN is removed from COPY; products of a build are left alone.
    """
    copy.mkdir(parents=True, exist_ok=True)
    names = set()
    for entry in sorted(origin.iterdir()):
        if _is_product(entry.name) or entry.name.startswith("."):
            continue
        names.add(entry.name)
        twin = copy / entry.name
        if entry.is_dir():
            copy_changed(entry, twin)
        elif not (twin.is_file() and filecmp.cmp(entry, twin, shallow=False)):
            shutil.copyfile(entry, twin)
    for twin in copy.iterdir():
        if twin.name in names or _is_product(twin.name) or twin.name.startswith("."):
            continue
        if twin.is_dir():
            shutil.rmtree(twin)
        else:
            twin.unlink()


def own_folders() -> list[Path]:
    """Return the project's folders that hold modules: module/ and those among the selftests."""
    folders = [PROJECT / "module"]
    folders += sorted(path.parent for path in (PROJECT / "selftests").rglob("Kbuild"))
    return [folder for folder in folders if (folder / "Kbuild").is_file()]


def _make(target: Target, kernel: Kernel, folder: Path, variables: list[str],
          loud: bool) -> None:
    """Run the kernel's build on FOLDER; raise BuildError with the end of its output."""
    command = ["make", "-C", str(kernel.kdir), f"M={folder}", f"ARCH={target.kernel.arch}",
               # Debian's build trees name a tool that is needed for type information only.
               "CONFIG_DEBUG_INFO_BTF_MODULES=", f"-j{os.cpu_count() or 1}"]
    if target.kernel.cross:
        command.append(f"CROSS_COMPILE={target.kernel.cross}")
    extra = [*target.kernel.make, *variables, "modules"]
    log = folder / _LOG
    with subprocess.Popen([*command, *extra], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, errors="replace") as process, \
         log.open("w", encoding="utf-8") as copy:
        lines = []
        for line in process.stdout or ():
            copy.write(line)
            lines.append(line)
            if loud:
                print(line, end="", flush=True)
    if process.returncode:
        if not loud:
            # What went wrong is far from the end where several compilers run at once.
            first = next((number for number, line in enumerate(lines) if "error:" in line), 0)
            print("".join(lines[first:][:_SHOWN] if first else lines[-_SHOWN:]), end="",
                  file=sys.stderr, flush=True)
        raise BuildError(f"{target.name}: modules: make in {folder} failed, see above or "
                         f"{log}")


def _fingerprint(folder: Path) -> str:
    """Return a sum over the sources in a build folder."""
    sums = []
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_file() and not _is_product(name) and not path.name.startswith("."):
            sums += [name, hashlib.sha256(path.read_bytes()).hexdigest()]
    return cache.digest(*sums)


def _clean(folder: Path) -> None:
    """Remove what an earlier build made."""
    for path in folder.rglob("*"):
        if path.is_file() and _is_product(path.name):
            path.unlink()


def _build(target: Target, kernel: Kernel, folder: Path, variables: list[str],
           loud: bool) -> list[Path]:
    """Build a folder, unless nothing changed since it was; return its modules."""
    stamp = folder / ".built"
    key = _fingerprint(folder)
    fresh = stamp.is_file() and stamp.read_text(encoding="ascii") == key
    if loud and variables:
        # Warnings come with the compilation: whoever asks for them gets all of them, those
        # that were told of the same sources once more.
        if fresh and (folder / _LOG).is_file():
            print((folder / _LOG).read_text(encoding="utf-8"), end="", flush=True)
        else:
            _clean(folder)
            fresh = False
    if not fresh:
        say(f"building modules for {kernel.release}: {folder.name}")
        stamp.unlink(missing_ok=True)
        _make(target, kernel, folder, variables, loud)
        cache.write_text(stamp, key)
    return sorted(folder.rglob("*.ko"))


def _mirror_driver(spec: DriverSpec, target: Target, kernel: Kernel, folder: Path,
                   offline: bool) -> Path:
    """Lay a driver's files out as in the kernel tree, for its relative includes."""
    files = [spec.file] if spec.file else []
    files += spec.needs
    tree = source.tree(target.kernel.source, files, kernel.version, offline) if files else folder
    for name in files:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if not (place.is_file() and filecmp.cmp(tree / name, place, shallow=False)):
            shutil.copyfile(tree / name, place)
    if spec.folder:
        place = folder / "drivers" / "dma" / spec.module
        copy_changed(PROJECT / spec.folder, place)
        return place
    place = folder / spec.file
    if place.stem != spec.module:
        raise LabError(f"{target.file.name}: driver {spec.module}: its file must be called "
                       f"{spec.module}.c")
    (place.parent / "Kbuild").write_text(f"obj-m := {spec.module}.o\n", encoding="ascii")
    return place.parent


@contextlib.contextmanager
def built(target: Target, kernel: Kernel, variables: list[str] | None = None, *,
          loud: bool = False, offline: bool = False,
          drivers: tuple[DriverSpec, ...] = ()) -> Iterator[list[Path]]:
    """Build the project's modules and DRIVERS for a target's kernel.

    Gives the .ko files, locked within the block.

    VARIABLES are passed to make (W=1, C=2 ...); each set of them has a build folder of its
    own, as they change the compiler's flags. LOUD copies make's output to stdout.
    """
    variables = variables or []
    key = cache.digest(PROJECT, kernel.kdir, kernel.release, *variables)
    base = cache.place("build", f"{target.name}-{key}")
    with cache.lock(f"build-{base.name}"):
        found: list[Path] = []
        for origin in own_folders():
            folder = base / origin.relative_to(PROJECT)
            copy_changed(origin, folder)
            found += _build(target, kernel, folder, variables, loud)
        for spec in drivers:
            folder = base / "upstream" / spec.module
            place = _mirror_driver(spec, target, kernel, folder, offline)
            found += _build(target, kernel, place, [], loud=False)
        yield found


def stripped(target: Target, files: list[Path], folder: Path) -> list[Path]:
    """Return copies of modules in FOLDER without debug information, which is most of their size.

    What the kernel names functions by stays.
    """
    folder.mkdir()
    for path in files:
        subprocess.run([f"{target.kernel.cross}strip", "--strip-debug", "-o",
                        str(folder / path.name), str(path)], check=True)
    return [folder / path.name for path in files]
