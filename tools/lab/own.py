# SPDX-License-Identifier: GPL-2.0-only
"""Kernels that the lab builds itself, from linux-source and configs/kernel/*.config.

What is kept in the cache is small: the bootable file, its config, the modules asked for,
and a build tree for further modules without sources and objects.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from lab import cache, source
from lab.errors import BuildError, LabError
from lab.kernel import Kernel
from lab.progress import say
from lab.target import PROJECT, Target

_PROGRESS_SECONDS = 15
_IMAGES = {"um": "linux", "x86_64": "vmlinux"}
# What to make: all for user-mode Linux; a packed image of x86 would only be unpacked again.
_GOALS: dict[str, tuple[str, ...]] = {"um": (), "x86_64": ("vmlinux", "modules")}
# Source folders of an architecture: user-mode Linux takes most of its headers from x86.
_ARCH_FOLDERS = {"um": ("um", "x86"), "x86_64": ("x86",)}
# Large parts that no kernel of the lab compiles; their Kconfig and make files stay.
_LEFT_OUT = tuple(f"{folder}/*.{suffix}"
                  for folder in ("drivers/gpu", "drivers/net/ethernet", "drivers/net/wireless",
                                 "drivers/media", "drivers/infiniband", "drivers/staging",
                                 "Documentation", "sound", "tools/testing", "tools/perf")
                  for suffix in ("c", "h", "S", "rst", "json", "yaml"))
_KEPT_SUFFIXES = (".h", ".lds", ".include")


def fragment_text(target: Target) -> str:
    """Return the target's config fragments, one after the other: later lines win."""
    folder = PROJECT / "configs" / "kernel"
    return "\n".join((folder / f"{name}.config").read_text(encoding="utf-8")
                     for name in target.kernel.fragments)


def parse_config(text: str) -> dict[str, str]:
    """Return the options that a config sets; `is not set` counts as n, later lines win."""
    values = {}
    for line in text.splitlines():
        unset = re.match(r"# (CONFIG_\w+) is not set$", line)
        value = re.match(r"(CONFIG_\w+)=(.*)$", line)
        if unset:
            values[unset[1]] = "n"
        elif value:
            values[value[1]] = value[2]
    return values


def unmet(wanted: str, got: str) -> list[str]:
    """Return the lines of WANTED that did not make it into the config GOT."""
    final = parse_config(got)
    return [f"{name}={value}" for name, value in parse_config(wanted).items()
            if final.get(name, "n") != value]


def _compiler(target: Target) -> str:
    done = subprocess.run([f"{target.kernel.cross}gcc", "--version"], check=False, text=True,
                          stdout=subprocess.PIPE)
    return done.stdout.splitlines()[0] if done.stdout else "none"


def _key(target: Target, version: str) -> str:
    return cache.digest(version, fragment_text(target), _compiler(target), *target.kernel.products,
                        *target.kernel.make, *target.kernel.build)


def _make_command(target: Target, folder: Path) -> list[str]:
    command = ["make", "-C", str(folder), f"ARCH={target.kernel.arch}", *target.kernel.make,
               *target.kernel.build]
    if target.kernel.cross:
        command.append(f"CROSS_COMPILE={target.kernel.cross}")
    return command


def _configure(target: Target, folder: Path) -> None:
    wanted = fragment_text(target)
    (folder / "all.config").write_text(wanted, encoding="utf-8")
    done = subprocess.run([*_make_command(target, folder), "KCONFIG_ALLCONFIG=all.config",
                           "allnoconfig"], check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT)
    if done.returncode:
        raise BuildError(f"{target.name}: kernel config: {done.stdout[-400:].strip()}")
    lost = unmet(wanted, (folder / ".config").read_text(encoding="utf-8"))
    if lost:
        raise LabError(f"{target.name}: kernel config: {', '.join(lost)} cannot be had in this "
                       "kernel, a dependency is missing or the option is gone")


def _compile(target: Target, folder: Path, log: Path) -> None:
    """Build the kernel and its modules, with a line of progress now and then."""
    began = said = time.monotonic()
    files = 0
    command = [*_make_command(target, folder), f"-j{os.cpu_count() or 1}",
               *_GOALS[target.kernel.arch]]
    with subprocess.Popen(command, text=True, errors="replace", stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process, \
         log.open("w", encoding="utf-8") as copy:
        for line in process.stdout or ():
            copy.write(line)
            files += line.startswith("  CC")
            if time.monotonic() - said >= _PROGRESS_SECONDS:
                said = time.monotonic()
                say(f"{target.name}: {files} files compiled in {said - began:.0f} s")
    if process.returncode:
        for line in log.read_text(encoding="utf-8").splitlines():
            if re.search(r"error|\*\*\*|undefined reference", line):
                print(f"    {line}", file=sys.stderr)
        raise BuildError(f"{target.name}: the kernel does not build, see above or {log}")
    say(f"{target.name}: kernel built in {time.monotonic() - began:.0f} s")


def _keeps(path: Path) -> bool:
    """Whether a file of an architecture's folder is needed to build modules."""
    return path.suffix in _KEPT_SUFFIXES or path.name.startswith(("Makefile", "Kconfig", "Kbuild"))


def _slim(target: Target, folder: Path, kdir: Path) -> None:
    """Copy what building modules needs of a built tree."""
    kdir.mkdir()
    for name in ("Makefile", "Kbuild", "Kconfig", ".config", "Module.symvers"):
        shutil.copy2(folder / name, kdir / name)
    ignore = shutil.ignore_patterns("*.o", "*.cmd", "*.a")
    for name in ("include", "scripts"):
        shutil.copytree(folder / name, kdir / name, symlinks=True, ignore=ignore)
    for arch in _ARCH_FOLDERS[target.kernel.arch]:
        for path in (folder / "arch" / arch).rglob("*"):
            # Folders that stay empty are on the compiler's include path all the same.
            if path.is_dir() and "include" in path.parts:
                (kdir / path.relative_to(folder)).mkdir(parents=True, exist_ok=True)
            elif path.is_file() and _keeps(path):
                copy = kdir / path.relative_to(folder)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(path, copy)
    objtool = folder / "tools/objtool/objtool"
    if objtool.exists():
        (kdir / "tools/objtool").mkdir(parents=True)
        shutil.copy2(objtool, kdir / "tools/objtool")


def estimate(target: Target, cpus: int) -> str:
    """Return in words how long a build may take on so many CPUs."""
    if not target.kernel.build_seconds:
        return "some minutes"
    minutes = round(target.kernel.build_seconds / cpus / 60) or 1
    return f"about {minutes} min with {cpus} {'CPU' if cpus == 1 else 'CPUs'}"


def _build(target: Target, deb: Path, final: Path) -> None:
    with cache.new_folder(final) as temp:
        tree = temp / "tree"
        tree.mkdir()
        say(f"{target.name}: unpacking the sources")
        source.extract(deb, target.kernel.source, tree, [source.WHOLE], _LEFT_OUT)
        say(f"{target.name}: building Linux {target.kernel.source} once, with the options of "
            f"{', '.join(target.kernel.fragments)}; this takes "
            f"{estimate(target, os.cpu_count() or 1)}")
        _configure(target, tree)
        log = cache.place("build", f"kernel-{target.name}.log")
        _compile(target, tree, log)
        shutil.copy2(tree / _IMAGES[target.kernel.arch], temp / "image")
        shutil.copy2(tree / ".config", temp / "config")
        (temp / "modules").mkdir()
        for product in target.kernel.products:
            shutil.copy2(tree / product, temp / "modules")
        _slim(target, tree, temp / "kdir")
        say(f"{target.name}: cleaning up")
        shutil.rmtree(tree)


def from_source(target: Target, offline: bool = False) -> Kernel:
    """Return the target's own kernel, built if the cache does not have it.

    Raises Unavailable if the sources cannot be had, BuildError if they do not build.
    """
    series = target.kernel.source
    package = source.newest(series, offline)
    final = cache.place("own", f"{target.name}-{package.version}-{_key(target, package.version)}")
    with cache.lock(f"own-{final.name}"):
        if not final.exists():
            _, deb = source.package_file(series, offline)
            _build(target, deb, final)
    kdir = final / "kdir"
    release = (kdir / "include/config/kernel.release").read_text(encoding="ascii").strip()
    return Kernel(release, package.version, final / "image", kdir, final / "modules")


def is_cached(target: Target) -> str:
    """Return the version of the newest kernel of the target in the cache, empty if none."""
    found = sorted((cache.root() / "own").glob(f"{target.name}-*"),
                   key=lambda path: path.stat().st_mtime)
    return found[-1].name.removeprefix(f"{target.name}-").rsplit("-", 1)[0] if found else ""
