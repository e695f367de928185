# SPDX-License-Identifier: GPL-2.0-only
"""Starts a guest and makes sure that it ends.

The guest writes into three files of the host: the kernel's console, the output of the
command, and the data, see stream.py. QEMU writes them itself. A user-mode kernel wants
pipes, which are emptied while the lab waits.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import select
import shlex
import signal
import subprocess
import tempfile
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lab.errors import Unavailable
from lab.target import Target

CONSOLE, OUTPUT, DATA = "console.log", "output.log", "stream.bin"
OWN_LOG = "machine.log"
_PR_SET_PDEATHSIG = 1
_GUESSED_KHZ = 2_500_000


@dataclass(frozen=True)
class Boot:  # pylint: disable=too-many-instance-attributes
    """What to boot and where its words go. `folder` receives the three files.

    `interactive` puts the console on the lab's own terminal. At the socket `control` QEMU takes
    commands, see control.py. A guest that `waits` at a third port for its run can be taken a
    snapshot of, one with a `snapshot` is restored from it; at the port both find the file
    `payload`.in. See snapshot.py. `share` is a folder of the host that the guest may mount to read.
    """

    target: Target
    image: Path
    initrd: Path
    folder: Path
    accelerator: str
    cmdline: str = ""
    dtbs: Path | None = None
    interactive: bool = False
    control: Path | None = None
    waits: bool = False
    snapshot: Path | None = None
    payload: Path | None = None
    share: str = ""


def ports(target: Target) -> tuple[str, str]:
    """Return the guest's devices for the output and the data."""
    if target.machine.transport.startswith("virtio"):
        return "/dev/vport0p1", "/dev/vport0p2"
    return f"/dev/{target.machine.ports[0]}", f"/dev/{target.machine.ports[1]}"


def _host_khz() -> int:
    """Return the clock rate of the host's CPUs, a guess where it does not tell."""
    try:
        match = re.search(r"^cpu MHz\s*: (\d+)\.(\d{3})", Path("/proc/cpuinfo").read_text("ascii"),
                          re.MULTILINE)
    except (OSError, ValueError):
        match = None
    return int(match[1] + match[2]) if match else _GUESSED_KHZ


def kernel_words(boot: Boot) -> list[str]:
    """Return the kernel's command line as words.

    A kernel in trouble must end the run (panic=-1 with -no-reboot); the console shows
    warnings and worse, as each line costs time; the log keeps all.
    """
    machine = boot.target.machine
    console = [] if boot.target.is_uml else [f"console={machine.console}"]
    cmdline = machine.cmdline.replace("HOST_KHZ", str(_host_khz()))
    return [*console, "loglevel=5", "panic=-1", "oops=panic", "printk.time=1", "log_buf_len=4M",
            *cmdline.split(), *boot.cmdline.split()]


def _option(path: Path) -> str:
    # A comma ends an option of QEMU unless it is doubled.
    return str(path).replace(",", ",,")


def _chardev(name: str, path: Path) -> list[str]:
    return ["-chardev", f"file,id={name},path={_option(path)}"]


def _snapshot_options(boot: Boot) -> list[str]:
    """Return what a guest needs to be stopped and restored: both have the same devices.

    A restored kernel learns from vmgenid that it is another one now, and draws new random numbers.
    """
    # A pipe PATH reads PATH.in, which may be a file, and writes PATH.out. Both are open from the
    # start: the guest would take one that is not for the end of its data.
    source = f"pipe,path={_option(boot.payload)}" if boot.payload else f"file,path={os.devnull}"
    options = ["-chardev", f"{source},id=payload", "-device", "virtserialport,chardev=payload,nr=3",
               "-device", "vmgenid,guid=auto"]
    if boot.snapshot:
        options += ["-incoming", f"exec:cat {shlex.quote(str(boot.snapshot))}"]
    return options


def qemu_command(boot: Boot) -> list[str]:
    """Return the command line that starts the guest in QEMU."""
    machine = boot.target.machine
    accelerator = machine.tcg if boot.accelerator == "tcg" else boot.accelerator
    command = [machine.program, *machine.arguments, "-m", machine.memory, "-nodefaults",
               "-display", "none", "-monitor", "none", "-no-reboot",
               "-accel", accelerator, "-kernel", str(boot.image), "-initrd", str(boot.initrd),
               "-append", " ".join(kernel_words(boot))]
    if machine.dtb and boot.dtbs:
        command += ["-dtb", str(boot.dtbs / machine.dtb)]
    if boot.control:
        command += ["-qmp", f"unix:{_option(boot.control)},server=on,wait=off"]
    console = boot.folder / CONSOLE
    if boot.interactive:
        command += ["-chardev", f"stdio,id=console,signal=off,logfile={_option(console)}"]
    else:
        command += _chardev("console", console)
    command += ["-serial", "chardev:console",
                *_chardev("output", boot.folder / OUTPUT), *_chardev("data", boot.folder / DATA)]
    if machine.transport == "uart":
        return command + ["-serial", "chardev:output", "-serial", "chardev:data"]
    if machine.transport == "usb":
        return command + ["-device", "usb-hub,port=1",
                          "-device", "usb-serial,chardev=output,port=1.1",
                          "-device", "usb-serial,chardev=data,port=1.2"]
    bus = "virtio-serial-pci" if machine.transport == "virtio-pci" else "virtio-serial-device"
    command += ["-device", bus, "-device", "virtserialport,chardev=output,nr=1",
                "-device", "virtserialport,chardev=data,nr=2"]
    # Behind the ports, whose names in the guest count the devices before them.
    if boot.share:
        command += ["-virtfs", f"local,path={boot.share},mount_tag=usr,security_model=none,"
                               "readonly=on,multidevs=remap"]
    return command + (_snapshot_options(boot) if boot.waits or boot.snapshot else [])


def uml_command(boot: Boot, descriptors: list[int]) -> list[str]:
    """Return the command line that starts a user-mode kernel.

    The descriptors are those for the console, the output and the data.
    """
    console, output, data = descriptors
    terminal = "fd:0,fd:1" if boot.interactive else f"null,fd:{console}"
    return [str(boot.image), f"mem={boot.target.machine.memory}", f"initrd={boot.initrd}",
            "root=/dev/ram0", "con=null", "ssl=null", f"con0={terminal}",
            f"ssl0=null,fd:{output}", f"ssl1=null,fd:{data}", f"uml_dir={boot.initrd.parent}/uml",
            *kernel_words(boot)]


def _die_with_parent() -> None:
    """Have the kernel kill this process when the lab dies, even by SIGKILL."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _give_terminal(group: int) -> None:
    """Make a process group the one that may read the terminal."""
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    with contextlib.suppress(OSError):
        os.tcsetpgrp(0, group)
    signal.signal(signal.SIGTTOU, signal.SIG_DFL)


def _take_terminal() -> None:
    """In the child: become a process group of the lab's session that owns the terminal."""
    _die_with_parent()
    os.setpgid(0, 0)
    _give_terminal(os.getpid())


class Guest:
    """A running guest. Use start() to get one."""

    def __init__(self, process: subprocess.Popen[bytes], pipes: dict[int, Path]) -> None:
        self._process = process
        self._pipes = pipes

    def _pump(self, seconds: float) -> None:
        """Wait for at most SECONDS; store what comes out of the pipes meanwhile."""
        ready, _, _ = select.select(list(self._pipes), [], [], seconds)
        for pipe in ready:
            data = os.read(pipe, 1 << 20)
            if data:
                with self._pipes[pipe].open("ab") as file:
                    file.write(data)
            else:
                os.close(pipe)
                del self._pipes[pipe]

    def wait(self, seconds: float) -> bool:
        """Give the guest some time; return whether it runs on."""
        self._pump(seconds)
        return self._process.poll() is None

    def kill(self) -> None:
        """End the guest with all its processes, whatever it does, and keep its last words."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        deadline = time.monotonic() + 2
        while self._pipes and time.monotonic() < deadline:
            self._pump(0.1)
        for pipe in list(self._pipes):
            os.close(pipe)
            del self._pipes[pipe]


def _spawn(command: list[str], boot: Boot, descriptors: list[int]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "TMPDIR": _memory_folder()}
    # pylint: disable=consider-using-with,subprocess-popen-preexec-fn
    with (boot.folder / OWN_LOG).open("wb") as log:
        if boot.interactive:
            return subprocess.Popen(command, env=environment, pass_fds=descriptors, stderr=log,
                                    preexec_fn=_take_terminal)
        return subprocess.Popen(command, env=environment, pass_fds=descriptors,
                                stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                start_new_session=True, preexec_fn=_die_with_parent)


def _memory_folder() -> str:
    """Return a folder in memory: a user-mode kernel keeps its memory in a file there."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()


@contextlib.contextmanager
def start(boot: Boot) -> Iterator[Guest]:
    """Start a guest; it is dead when the block is left. Raises Unavailable if it cannot start."""
    pipes: dict[int, Path] = {}
    writers: list[int] = []
    for name in (CONSOLE, OUTPUT, DATA):
        (boot.folder / name).write_bytes(b"")
        if boot.target.is_uml:
            reader, writer = os.pipe()
            pipes[reader] = boot.folder / name
            writers.append(writer)
    command = uml_command(boot, writers) if boot.target.is_uml else qemu_command(boot)
    terminal = termios.tcgetattr(0) if boot.interactive and os.isatty(0) else None
    try:
        try:
            process = _spawn(command, boot, writers)
        except OSError as error:
            raise Unavailable(f"{boot.target.name}: {command[0]}: {error.strerror}") from error
        finally:
            for writer in writers:
                os.close(writer)
        guest = Guest(process, pipes)
        try:
            yield guest
        finally:
            guest.kill()
    finally:
        if terminal:
            _give_terminal(os.getpgrp())
            termios.tcsetattr(0, termios.TCSADRAIN, terminal)
