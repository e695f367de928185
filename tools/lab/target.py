# SPDX-License-Identifier: GPL-2.0-only
"""Target files: what the lab can boot. docs/lab.md describes every key."""

from __future__ import annotations

import dataclasses
import re
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import tomllib

from lab.errors import LabError

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "configs" / "targets"
TRANSPORTS = ("virtio-pci", "virtio-mmio", "uart", "usb", "uml")

# The records below mirror the tables of a file, key for key.
# pylint: disable=too-many-instance-attributes


@dataclass(frozen=True)
class KernelSpec:
    """Where the kernel comes from: `image` (a Debian package) or `fragments` (own build).

    Of an own build, `build` are variables for the make of the kernel alone, `build_seconds` is
    what one CPU takes for it.
    """

    arch: str
    debian_arch: str
    source: str
    suites: tuple[str, ...]
    image: str = ""
    fragments: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    make: tuple[str, ...] = ()
    build: tuple[str, ...] = ()
    build_seconds: int = 0
    modules: tuple[str, ...] = ()
    cross: str = ""


@dataclass(frozen=True)
class MachineSpec:
    """The machine that runs it. Without `program` the kernel is a program itself (UML)."""

    name: str
    cmdline: str
    transport: str
    console: str
    program: str = ""
    arguments: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()
    dtb: str = ""
    dts: str = ""
    memory: str = "1G"
    kvm: bool = False
    tcg: str = "tcg"
    unpack_kernel: bool = False
    snapshot: bool = False


@dataclass(frozen=True)
class GuestSpec:
    """What the guest does before the command: `early` modules for its ports, then `load`.

    `suites` is where busybox and the libraries of the command come from: where the kernel
    comes from unless given.
    """

    load: tuple[str, ...] = ()
    early: tuple[str, ...] = ()
    suites: tuple[str, ...] = ()


@dataclass(frozen=True)
class DriverSpec:
    """A driver of the linux-source of the same version, or one of the project beside it.

    `file` is a driver that is built unmodified, out of tree. `folder` is one of the project,
    laid out as a folder of drivers/dma, above which are the private headers that it needs.
    One that is `on_demand` is built for runs that ask for it: others need no linux-source.
    """

    module: str
    file: str = ""
    folder: str = ""
    needs: tuple[str, ...] = ()
    on_demand: bool = False


@dataclass(frozen=True)
class Allowed:
    """A line of the kernel log that the guard would object to, and why it may stay."""

    match: str
    reason: str


@dataclass(frozen=True)
class Target:
    """One target file."""

    name: str
    description: str
    download_mb: int
    kernel: KernelSpec
    machine: MachineSpec
    guest: GuestSpec = GuestSpec()
    packages: tuple[str, ...] = ()
    driver: tuple[DriverSpec, ...] = ()
    allow: tuple[Allowed, ...] = ()
    timeout: int = 600
    default: bool = False
    file: Path = field(default=Path(), compare=False)

    @property
    def is_uml(self) -> bool:
        """Whether the kernel is a program of the host."""
        return self.machine.transport == "uml"

    def drivers(self, demanded: list[str]) -> tuple[DriverSpec, ...]:
        """Return the drivers to build if those DEMANDED are wanted beside the usual ones."""
        on_demand = [spec.module for spec in self.driver if spec.on_demand]
        for name in demanded:
            if name not in on_demand:
                raise LabError(f"--driver {name}: no such driver in {self.file.name}, "
                               f"{' '.join(on_demand) or 'none'} can be asked for")
        return tuple(spec for spec in self.driver
                     if not spec.on_demand or spec.module in demanded)


def _fail(where: str, problem: str) -> typing.NoReturn:
    raise LabError(f"{where}: {problem}, see docs/lab.md")


def _convert(where: str, kind: Any, value: Any) -> Any:
    """Return VALUE as KIND (a type of one of the fields above), or complain."""
    if dataclasses.is_dataclass(kind):
        if not isinstance(value, dict):
            _fail(where, "must be a table")
        return _read_table(where, kind, value)
    if isinstance(kind, types.GenericAlias):
        item = typing.get_args(kind)[0]
        if not isinstance(value, list):
            _fail(where, "must be a list")
        return tuple(_convert(f"{where}[{index}]", item, part)
                     for index, part in enumerate(value))
    if type(value) is not kind:  # pylint: disable=unidiomatic-typecheck  # a bool is no int here
        _fail(where, f"must be {'text' if kind is str else kind.__name__}, is {value!r}")
    if value == "":
        _fail(where, "is empty")
    return value


def _read_table(where: str, kind: Any, table: dict[str, Any], **extra: Any) -> Any:
    """Fill the dataclass KIND from TABLE; unknown and missing keys are errors."""
    hints = typing.get_type_hints(kind)
    fields = {item.name: item for item in dataclasses.fields(kind) if item.name not in extra}
    for key in table:
        if key not in fields:
            _fail(where, f"unknown key `{key}`, known are {', '.join(fields)}")
    values = {}
    for name, item in fields.items():
        if name in table:
            values[name] = _convert(f"{where}: {name}", hints[name], table[name])
        elif item.default is dataclasses.MISSING:
            _fail(where, f"key `{name}` is missing")
    return kind(**values, **extra)


def _check_entries(where: str, target: Target) -> None:
    """Complain about entries of the lists `driver` and `allow`."""
    for spec in target.driver:
        if bool(spec.file) == bool(spec.folder):
            _fail(where, f"driver: {spec.module}: give either `file` or `folder`")
        if spec.folder and not (PROJECT / spec.folder / "Kbuild").is_file():
            _fail(where, f"driver: folder: there is no {spec.folder}/Kbuild")
        if spec.on_demand and spec.module in target.guest.load:
            _fail(where, f"guest: load: {spec.module} is built on demand only")
    for allowed in target.allow:
        try:
            re.compile(allowed.match)
        except re.error as error:
            _fail(where, f"allow: match: `{allowed.match}` is no regular expression ({error})")


def _check(where: str, target: Target) -> None:
    """Complain about keys that are well formed but do not fit each other."""
    kernel, machine = target.kernel, target.machine
    if machine.transport not in TRANSPORTS:
        _fail(where, f"machine: transport: `{machine.transport}` is none of "
                     f"{', '.join(TRANSPORTS)}")
    if bool(kernel.image) == bool(kernel.fragments):
        _fail(where, "kernel: give either `image` or `fragments`")
    if kernel.image and (kernel.build or kernel.build_seconds or kernel.products):
        _fail(where, "kernel: `build`, `build_seconds` and `products` need `fragments`")
    if bool(machine.program) == target.is_uml:
        _fail(where, "machine: `program` is needed by every transport but uml")
    if machine.transport in ("uart", "usb", "uml") and len(machine.ports) != 2:
        _fail(where, "machine: `ports` must name the device of the output and that of the data")
    if not re.fullmatch(r"\d+[MG]", machine.memory):
        _fail(where, f"machine: memory: `{machine.memory}` is no size such as 512M or 1G")
    if not re.fullmatch(r"tcg(,[a-z-]+=[a-z0-9]+)*", machine.tcg):
        _fail(where, f"machine: tcg: `{machine.tcg}` is not of the form tcg,NAME=VALUE")
    if machine.snapshot and machine.transport != "virtio-pci":
        _fail(where, "machine: snapshot: needs the transport virtio-pci")
    if target.timeout < 1:
        _fail(where, "timeout: must be at least 1 second")
    for part in kernel.fragments:
        if not (PROJECT / "configs" / "kernel" / f"{part}.config").is_file():
            _fail(where, f"kernel: fragments: there is no configs/kernel/{part}.config")
    _check_entries(where, target)


def read(path: Path) -> Target:
    """Read one target file. Raises LabError with the file and the key that is wrong."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LabError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LabError(f"{path}: is no TOML: {error}") from error
    target: Target = _read_table(path.name, Target, table, name=path.stem, file=path)
    _check(path.name, target)
    return target


def read_all(folder: Path = FOLDER) -> list[Target]:
    """Read all target files, the default one first."""
    targets = [read(path) for path in sorted(folder.glob("*.toml"))]
    return sorted(targets, key=lambda target: not target.default)


def find(name: str, folder: Path = FOLDER) -> Target:
    """Return the target NAME; `default` is the one that its file calls so."""
    path = folder / f"{name}.toml"
    if re.fullmatch(r"[A-Za-z0-9._-]+", name) and path.is_file():
        return read(path)
    targets = read_all(folder)
    if name == "default":
        for target in targets:
            if target.default:
                return target
    raise LabError(f"{name}: no such target, known are "
                   f"{', '.join(target.name for target in targets)}")
