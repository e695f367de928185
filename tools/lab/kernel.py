# SPDX-License-Identifier: GPL-2.0-only
"""Kernels: from Debian's packages, or a user's own image and build tree.

A kernel package is unpacked into the cache, never installed. Only the image, its device
trees and the few modules that a target names are kept; the headers are kept whole.
"""

from __future__ import annotations

import dataclasses
import lzma
import os
import re
import shutil
import struct
import subprocess
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab import apt, cache
from lab.errors import LabError, Unavailable
from lab.progress import say
from lab.target import Target

_DAY = 24 * 3600


@dataclass(frozen=True)
class Kernel:
    """A kernel that can be booted and built for.

    `modules` holds those of its own modules that the guest may want, `dtbs` its device trees
    (None: it brings none). `version` is the package's, empty for a user's own.
    """

    release: str
    version: str
    image: Path
    kdir: Path
    modules: Path | None = None
    dtbs: Path | None = None


@dataclass(frozen=True)
class Pair:
    """The packages of one kernel: its image, and what is needed to build modules for it."""

    image: apt.Package
    headers: tuple[apt.Package, ...]
    release: str


def _module_name(file: str) -> str:
    return file.split("/")[-1].split(".ko")[0].replace("-", "_")


def module_depends(data: bytes) -> list[str]:
    """Return the names of the modules that a .ko (its bytes) says it depends on."""
    match = re.search(rb"\0depends=([^\0]*)\0", data)
    text = match[1].decode() if match else ""
    return [name.replace("-", "_") for name in text.split(",") if name]


def extract_vmlinux(data: bytes) -> bytes:
    """Return the ELF file inside a bzImage; its header tells where the payload is.

    Raises LabError if this is no bzImage or its compression is not known.
    """
    if data[0x202:0x206] != b"HdrS":
        raise LabError("kernel image: not a bzImage, drop `unpack_kernel` from the target")
    start = (data[0x1f1] + 1) * 512 + struct.unpack_from("<I", data, 0x248)[0]
    payload = data[start:start + struct.unpack_from("<I", data, 0x24c)[0]]
    if payload.startswith(b"\xfd7zXZ\0"):
        return lzma.LZMADecompressor().decompress(payload)
    if payload.startswith(b"\x1f\x8b"):
        return zlib.decompressobj(31).decompress(payload)
    if payload.startswith(b"\x28\xb5\x2f\xfd"):
        # The last four bytes are the unpacked size, which zstd takes for a broken frame.
        done = subprocess.run(["zstd", "-dcq"], input=payload[:-4], stdout=subprocess.PIPE,
                              check=False)
        if done.returncode == 0:
            return done.stdout
    raise LabError("kernel image: its payload cannot be unpacked, drop `unpack_kernel` from the "
                   "target")


def pick_pair(images: list[apt.Package], find: Callable[[str], list[apt.Package]],
              kbuild: Callable[[str], list[apt.Package]]) -> Pair | None:
    """Return the newest image for which the headers are there too.

    IMAGES are versions of the meta package, newest first. FIND and KBUILD return the versions
    of a package, the latter for the machine's own architecture. Either half can be late:
    images are signed after the headers are published, and old versions vanish.
    """
    for meta in images:
        match = re.search(r"\blinux-image-([^\s,]+)", meta.depends)
        if not match:
            continue
        release = match[1]
        image = next((p for p in find(f"linux-image-{release}") if p.version == meta.version), None)
        headers = next((p for p in find(f"linux-headers-{release}")
                        if p.version == meta.version), None)
        if image is None or headers is None:
            continue
        wanted = re.findall(r"\b(linux-(?:headers|kbuild)-[^\s,]+)", headers.depends)
        parts = [headers]
        for name in wanted:
            versions = kbuild(name) if "-kbuild-" in name else find(name)
            same = [p for p in versions if p.version == headers.version]
            parts += (same or versions)[:1]
        if len(parts) == len(wanted) + 1:
            return Pair(image, tuple(parts), release)
    return None


def remembered(name: str, offline: bool, ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return what ASK finds in the archive, asked once a day; the last answer if it cannot."""
    record = cache.read_state(name)
    age = time.time() - record.get("asked", 0)
    if record and (offline or 0 <= age < _DAY):
        return record
    if offline:
        raise LabError(f"{name}: not in the cache, run once without --offline")
    try:
        answer = ask()
    except Unavailable as error:
        if not record:
            raise
        say(f"{error}; going on with what is cached")
        return record
    answer["asked"] = time.time()
    cache.write_state(name, answer)
    return answer


def _read_pair(record: dict[str, Any]) -> Pair:
    value = record["pair"]
    return Pair(apt.Package(**value["image"]),
                tuple(apt.Package(**part) for part in value["headers"]), value["release"])


def _unpack_headers(pair: Pair, archive: apt.Archive, native: apt.Archive) -> Path:
    """Unpack the headers, unless they are; return the folder to build against."""
    final = cache.place("headers", f"{pair.headers[0].key}-on-{native.arch}")
    kdir = final / "usr" / "src" / f"linux-headers-{pair.release}"
    with cache.lock(f"headers-{final.name}"):
        if kdir.exists():
            return kdir
        debs = [(native if "-kbuild-" in part.name else archive).fetch(part)
                for part in pair.headers]
        say(f"unpacking the headers of {pair.release}")
        with cache.new_folder(final) as temp:
            for deb in debs:
                apt.unpack(deb, temp)
            makefile = temp / kdir.relative_to(final) / "Makefile"
            text = makefile.read_text(encoding="ascii")
            # The packages mean to be installed; a relative path works wherever they are.
            here = "$(dir $(lastword $(MAKEFILE_LIST)))../"
            makefile.write_text(re.sub(r"^include /usr/src/", f"include {here}", text,
                                       flags=re.MULTILINE), encoding="ascii")
        for deb in debs:
            deb.unlink(missing_ok=True)
    return kdir


def _keep_modules(tree: Path, folder: Path, wanted: tuple[str, ...]) -> None:
    """Put the wanted modules and all that they depend on into FOLDER, uncompressed.

    What is built into the kernel is passed over.
    """
    files = {_module_name(path.name): path for path in tree.rglob("*.ko*")}
    todo = [name.replace("-", "_") for name in wanted]
    done: set[str] = set()
    while todo:
        name = todo.pop()
        if name in done or name not in files:
            continue
        done.add(name)
        data = files[name].read_bytes()
        if files[name].suffix == ".xz":
            data = lzma.decompress(data)
        (folder / f"{name}.ko").write_bytes(data)
        todo += module_depends(data)


def _unpack_image(target: Target, pair: Pair, archive: apt.Archive) -> Path:
    """Unpack the image package, unless it is; return the folder with what is kept of it."""
    spec = target.kernel
    unpack = target.machine.unpack_kernel
    final = cache.place("kernels", f"{pair.image.key}-{cache.digest(sorted(spec.modules), unpack)}")
    with cache.lock(f"kernel-{final.name}"):
        if final.exists():
            return final
        deb = archive.fetch(pair.image)
        say(f"unpacking {pair.image.name}")
        with cache.new_folder(final) as temp:
            whole = temp / "whole"
            whole.mkdir()
            apt.unpack(deb, whole)
            image = whole / "boot" / f"vmlinuz-{pair.release}"
            if unpack:
                (temp / "image").write_bytes(extract_vmlinux(image.read_bytes()))
            else:
                shutil.copy(image, temp / "image")
            shutil.copy(whole / "boot" / f"config-{pair.release}", temp / "config")
            (temp / "modules").mkdir()
            _keep_modules(whole, temp / "modules", spec.modules)
            (temp / "dtbs").mkdir()
            for path in whole.rglob(target.machine.dtb or "no device tree"):
                shutil.copy(path, temp / "dtbs")
            shutil.rmtree(whole)
        deb.unlink(missing_ok=True)
    return final


def _archives(target: Target, offline: bool) -> tuple[apt.Archive, apt.Archive]:
    """Return the archive of the guest's architecture, and that of the machine's own."""
    spec = target.kernel
    return (apt.Archive(spec.debian_arch, spec.suites, offline),
            apt.Archive(apt.host_arch(), spec.suites, offline))


def _ask_pair(target: Target) -> dict[str, Any]:
    """Find the newest pair and fetch it, so that only a pair which is there is remembered."""
    archive, native = _archives(target, offline=False)
    archive.refresh()
    native.refresh()
    name = target.kernel.image
    pair = pick_pair(archive.versions(name), archive.versions, native.versions)
    if pair is None:
        raise Unavailable(f"{target.name}: the Debian mirror has no {name} with its headers")
    _unpack_image(target, pair, archive)
    _unpack_headers(pair, archive, native)
    return {"pair": dataclasses.asdict(pair)}


def from_debian(target: Target, offline: bool = False) -> Kernel:
    """Return the newest kernel of the target's packages, fetched and unpacked if need be.

    Raises Unavailable if it cannot be had.
    """
    spec = target.kernel
    pair = _read_pair(remembered(f"kernel-{spec.image}-{spec.debian_arch}", offline,
                                 lambda: _ask_pair(target)))
    archive, native = _archives(target, offline)
    folder = _unpack_image(target, pair, archive)
    kdir = _unpack_headers(pair, archive, native)
    return Kernel(pair.release, pair.image.version, folder / "image", kdir, folder / "modules",
                  folder / "dtbs")


def from_user(image: Path, kdir: Path) -> Kernel:
    """Return a user's own kernel. Raises LabError if the two are not what they should be."""
    if not image.is_file():
        raise LabError(f"--kernel {image}: no such file, give the kernel's image")
    release = kdir / "include" / "config" / "kernel.release"
    if not release.is_file():
        raise LabError(f"--kdir {kdir}: has no include/config/kernel.release, give the build tree "
                       "of that kernel, with modules_prepare done")
    return Kernel(release.read_text(encoding="ascii").strip(), "", image.resolve(),
                  kdir.resolve())


def is_cached(target: Target) -> str:
    """Return the version of the target's kernel in the cache, empty if there is none."""
    record = cache.read_state(f"kernel-{target.kernel.image}-{target.kernel.debian_arch}")
    if "pair" not in record:
        return ""
    pair = _read_pair(record)
    found = list((cache.root() / "kernels").glob(f"{pair.image.key}-*"))
    return pair.image.version if found and os.access(found[0], os.R_OK) else ""
