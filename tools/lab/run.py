# SPDX-License-Identifier: GPL-2.0-only
"""Runs a command in a guest: prepares, boots, waits, fetches, judges."""

from __future__ import annotations

import contextlib
import fcntl
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lab import (cache, control, devicetree, guard, host, hostperf, image, kernel, kvm, machine,
                 modules, own, snapshot, stream, userland)
from lab.errors import EXIT_FAILED, EXIT_INTERRUPTED, EXIT_TIMEOUT, LabError
from lab.progress import complain, say
from lab.target import DriverSpec, Target

VERDICT = "verdict.json"
_OWN_FILES = {VERDICT, ".lock", machine.CONSOLE, machine.OUTPUT, machine.DATA, machine.OWN_LOG}
_POWER_OFF_SECONDS = 5
_LAST_WORDS_SECONDS = 20
_SOCKET_PATH = 107
_CONSOLE_TAIL = 16384
_POLL_SECONDS = 0.05
_QUOTED = 4


@dataclass
class Request:  # pylint: disable=too-many-instance-attributes
    """What to run and how. `timeout` is in seconds, None for none."""

    target: Target
    command: str
    out: Path
    timeout: int | None = None
    params: list[str] = field(default_factory=list)
    load: bool = True
    cmdline: str = ""
    files: list[tuple[Path, str]] = field(default_factory=list)
    user_kernel: tuple[Path, Path] | None = None
    accelerator: str = "auto"
    interactive: bool = False
    offline: bool = False
    may_install: bool = True
    drivers: tuple[DriverSpec, ...] = ()
    variables: list[str] = field(default_factory=list)
    snapshot: bool = False
    perf: bool = False
    key: str = field(default_factory=stream.new_key)


@dataclass
class Outcome:
    """How the guest ended. Times are in seconds on the host's clock; `boot` is to init."""

    accelerator: str
    boot: float | None = None
    total: float = 0.0
    timed_out: bool = False
    interrupted: bool = False


def get_kernel(request: Request) -> kernel.Kernel:
    """Return the kernel of a request, fetched or built if need be."""
    target = request.target
    if request.user_kernel:
        return kernel.from_user(*request.user_kernel)
    if target.kernel.fragments:
        return own.from_source(target, request.offline)
    return kernel.from_debian(target, request.offline)


def prepare(request: Request) -> None:
    """Fetch and build all that a run needs, without running."""
    target = request.target
    host.install([target], request.may_install)
    found = get_kernel(request)
    libraries = userland.fetch(target, request.offline)
    with modules.built(target, found, offline=request.offline, drivers=request.drivers):
        pass
    userland.build_command(target, libraries)
    say(f"{target.name}: ready, kernel {found.release}")


def _settings(request: Request, accelerator: str) -> dict[str, str]:
    target = request.target
    output, data = machine.ports(target)
    system = f"accelerator={accelerator} machine={target.machine.name} target={target.name}"
    return {"LAB_KEY": request.key, "LAB_OUTPUT": output, "LAB_DATA": data,
            "LAB_TTY": "0" if target.machine.transport.startswith("virtio") else "1",
            "LAB_EARLY": " ".join(target.guest.early),
            "LAB_LOAD": " ".join(target.guest.load) if request.load else "",
            "LAB_SHELL": "1" if request.interactive else "0", "DMABENCH_SYSTEM": system,
            "LAB_NOW": str(int(time.time())), "LAB_PAYLOAD": ""}


def _check_loadable(request: Request, found: kernel.Kernel, files: list[Path]) -> None:
    there = {path.stem.replace("-", "_") for path in files}
    if found.modules:
        there |= {path.stem.replace("-", "_") for path in found.modules.glob("*.ko")}
    lacking = [name for name in request.target.guest.load if name not in there]
    if request.load and lacking:
        raise LabError(f"{request.target.file.name}: guest: load: {', '.join(lacking)}: no such "
                       "module was built, give --no-modules to run without")


def _control(target: Target, folder: Path) -> Path | None:
    """Return where the guest's control socket is to be; None where there can be none."""
    path = folder / "control"
    return None if target.is_uml or len(str(path)) > _SOCKET_PATH else path


def _accelerator(request: Request, image_file: Path, busybox: Path) -> str:
    if request.target.is_uml:
        return "uml"
    if request.accelerator != "auto":
        return request.accelerator
    return kvm.accelerator(request.target, image_file, busybox)


@contextlib.contextmanager
def _boot(request: Request, found: kernel.Kernel, folder: Path) -> Iterator[machine.Boot]:
    """Make the guest's first file system, and with it all that machine.start() asks for."""
    target = request.target
    libraries = userland.fetch(target, request.offline)
    busybox = userland.busybox(libraries)
    program = userland.build_command(target, libraries)
    accelerator = _accelerator(request, found.image, busybox)
    contents = image.Contents(found.release, busybox, _settings(request, accelerator),
                              request.command, program=program,
                              files=[*image.project_files(), *request.files])
    if request.perf:
        contents.files += hostperf.files(target, found)
    if found.modules:
        contents.modules[image.KERNEL] = sorted(found.modules.glob("*.ko"))
    with tempfile.TemporaryDirectory(prefix="dmabench-lab-") as temp:
        initrd = Path(temp) / "initrd"
        boot = machine.Boot(target, found.image, initrd, folder, accelerator,
                            " ".join([request.cmdline, *request.params]),
                            _device_trees(target, found.dtbs, initrd.parent),
                            request.interactive,
                            control=_control(target, Path(temp)),
                            share=hostperf.SHARE if request.perf else "")
        with modules.built(target, found, request.variables, offline=request.offline,
                           drivers=request.drivers) as files:
            _check_loadable(request, found, files)
            contents.modules[image.EXTRA] = modules.stripped(target, files,
                                                             Path(temp) / "modules")
            # Elsewhere a boot takes no longer than this would.
            if request.snapshot and not boot.share and target.machine.snapshot and \
                    accelerator == "tcg":
                boot = snapshot.boot_from(boot, contents)
            else:
                image.write(initrd, contents)
        yield boot


@contextlib.contextmanager
def _out_folder(request: Request) -> Iterator[Path]:
    """Give the folder for the results, without those of the last run and for this run alone."""
    folder = request.out.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = (folder / ".lock").open("w", encoding="ascii")
    except OSError as error:
        raise LabError(f"--out {request.out}: {error.strerror}, give another folder") from error
    with handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LabError(f"{request.out}: in use by another run, give another --out") from error
        try:
            old = json.loads((folder / VERDICT).read_text(encoding="utf-8"))["files"]
        except (OSError, ValueError, KeyError):
            old = []
        # Only what a run has left, as its own list says: the folder may hold more.
        for name in [*old, VERDICT, machine.DATA, machine.OUTPUT, machine.CONSOLE]:
            if stream.safe_name(name):
                (folder / name).unlink(missing_ok=True)
        yield folder


class _Tail:  # pylint: disable=too-few-public-methods
    """Copies what is appended to a file to stdout."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._at = 0

    def copy(self) -> None:
        """Copy what came since the last call."""
        with self._path.open("rb") as file:
            file.seek(self._at)
            data = file.read()
        if data:
            self._at += len(data)
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()


def _is_over(path: Path, key: str) -> bool:
    """Whether the data end with a verdict."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 80))
        return stream.has_ended(file.read(), key)


def _has_panicked(path: Path) -> bool:
    """Whether the console's last lines tell of a panic; some machines then stand still."""
    try:
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - _CONSOLE_TAIL))
            return b"Kernel panic - not syncing" in file.read()
    except OSError:
        return False


def _where_it_hangs(guest: machine.Guest, boot: machine.Boot) -> None:
    """Have a guest whose time is up say on its console what its CPUs are at."""
    if boot.control and control.interrupt(boot.control):
        deadline = time.monotonic() + _LAST_WORDS_SECONDS
        while guest.wait(_POLL_SECONDS) and time.monotonic() < deadline:
            pass


def _watch(guest: machine.Guest, boot: machine.Boot, request: Request) -> Outcome:
    """Wait until the guest is gone, its verdict is there, or its time is up."""
    outcome = Outcome(boot.accelerator)
    tail = None if boot.interactive else _Tail(boot.folder / machine.OUTPUT)
    data = boot.folder / machine.DATA
    began = time.monotonic()
    over: float | None = None
    running = True
    try:
        while running:
            running = guest.wait(_POLL_SECONDS)
            now = time.monotonic()
            if outcome.boot is None and data.stat().st_size:
                outcome.boot = now - began
            if tail:
                tail.copy()
            # Some machines cannot switch themselves off.
            gone = _is_over(data, request.key) or _has_panicked(boot.folder / machine.CONSOLE)
            over = (over or now) if gone else None
            if over and now - over > _POWER_OFF_SECONDS:
                break
            if request.timeout and now - began > request.timeout and not over:
                outcome.timed_out = True
                break
    except KeyboardInterrupt:
        outcome.interrupted = True
    outcome.total = time.monotonic() - began
    if outcome.timed_out:
        _where_it_hangs(guest, boot)
    guest.kill()
    if tail:
        tail.copy()
    return outcome


def _quote(findings: list[guard.Finding]) -> None:
    for finding in findings[:_QUOTED]:
        complain(f"kernel log: {finding.line}")
        for line in finding.context:
            print(f"    {line}", file=sys.stderr)
    if len(findings) > _QUOTED:
        complain(f"kernel log: {len(findings) - _QUOTED} more")


def _tail_of(path: Path, count: int = 8) -> list[str]:
    try:
        return path.read_text("utf-8", "replace").splitlines()[-count:]
    except OSError:
        return []


def _judge(request: Request, outcome: Outcome, result: stream.Stream,
           findings: list[guard.Finding], folder: Path) -> tuple[int, str]:
    """Return the exit code and what happened, in words. The gravest comes first."""
    code = EXIT_FAILED
    if outcome.interrupted:
        code, words = EXIT_INTERRUPTED, "interrupted"
    elif outcome.timed_out:
        code, words = EXIT_TIMEOUT, (f"killed after {request.timeout} s, in phase "
                                     f"{result.last_phase}; give a longer --timeout if it was on "
                                     "its way")
    elif result.status is None:
        words = f"the guest died in phase {result.last_phase}"
        # A report of the kernel has been quoted already and says more.
        for name in () if findings else (machine.OWN_LOG, machine.CONSOLE):
            for line in _tail_of(folder / name):
                print(f"    {line}", file=sys.stderr)
    elif result.last_phase == "modules":
        words = "; ".join(line.split("lab: ", 1)[-1]
                          for line in _tail_of(folder / machine.CONSOLE, 1000)
                          if "does not load" in line)
    elif findings:
        words = f"trouble in the kernel log ({len(findings)})"
    elif result.damage:
        words = "; ".join(result.damage)
    else:
        code, words = result.status, f"the command ended with {result.status}"
    return code, words


def _fetch(request: Request, folder: Path) -> stream.Stream:
    """Read what the guest sent and store its files."""
    data = folder / machine.DATA
    result = stream.parse(data.read_bytes(), request.key)
    for name in _OWN_FILES & set(result.files):
        del result.files[name]
        result.damage.append(f"{name}: the lab's own file has this name, choose another")
    stream.store(result, folder)
    if result.status is not None and not result.damage:
        data.unlink()
    return result


def _conclude(request: Request, outcome: Outcome, folder: Path, release: str) -> int:
    """Store what came back, judge it, write the verdict; return the exit code."""
    result = _fetch(request, folder)
    console = (folder / machine.CONSOLE).read_text("utf-8", "replace")
    dmesg = result.files.get("dmesg.txt", b"").decode("utf-8", "replace")
    lines = guard.merge(console, dmesg)
    findings = guard.check(lines, request.target.allow)
    if outcome.timed_out:
        findings = [finding for finding in findings if finding.line != guard.ASKED]
    _quote(findings)
    if outcome.timed_out:
        for line in guard.whereabouts(lines):
            print(f"    {line}", file=sys.stderr)
    code, words = _judge(request, outcome, result, findings, folder)
    record: dict[str, Any] = {
        "target": request.target.name, "kernel": release, "accelerator": outcome.accelerator,
        "command": request.command, "exit_code": code, "status": result.status,
        "outcome": words, "phase": result.last_phase, "phases": result.phases,
        "boot_seconds": outcome.boot and round(outcome.boot, 2),
        "total_seconds": round(outcome.total, 2),
        "kernel_log": [finding.line for finding in findings], "damage": result.damage,
        "finished": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "files": sorted(result.files),
    }
    cache.write_text(folder / VERDICT, json.dumps(record, indent=1) + "\n")
    cache.write_state(f"run-{request.target.name}", record)
    boot = f"boot {outcome.boot:.1f} s, " if outcome.boot is not None else ""
    text = (f"{request.target.name}: {words} ({boot}total {outcome.total:.1f} s, "
            f"{outcome.accelerator.upper()}); results in {request.out}")
    good = result.status is not None and code == result.status
    (say if good else complain)(text)
    return code


def _device_trees(target: Target, dtbs: Path | None, temp: Path) -> Path | None:
    """Return the folder of the device tree to boot with: the package's, or `temp` with its own."""
    if dtbs is None or not target.machine.dts:
        return dtbs
    devicetree.amend(dtbs / target.machine.dtb, target.machine.dts, temp / target.machine.dtb)
    return temp


def run(request: Request) -> int:
    """Carry out a request; return the exit code of the lab."""
    target = request.target
    host.install([target], request.may_install)
    found = get_kernel(request)
    with _out_folder(request) as folder, _boot(request, found, folder) as boot:
        say(f"{target.name}: {'restoring' if boot.snapshot else 'booting'} {found.release} "
            f"({boot.accelerator.upper()})")
        with machine.start(boot) as guest:
            outcome = _watch(guest, boot, request)
        return _conclude(request, outcome, folder, found.release)
