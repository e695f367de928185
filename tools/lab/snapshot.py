# SPDX-License-Identifier: GPL-2.0-only
"""Guests that start where an earlier one stood: after its boot, before anything of a run.

The first file system of such a guest holds only what all runs have in common. Its init waits at
a third port for the rest, and there the snapshot is taken. A restored guest finds the rest of its
own run at that port. A snapshot holds until the host boots again, since the guest's clock counts
what the host's does.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shlex
import shutil
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from lab import cache, control, image, machine
from lab.errors import LabError
from lab.progress import say

_LIMIT_SECONDS = 120
_SETTLE_SECONDS = 0.5
_UNUSED_SECONDS = 86400


def _wait_for_init(guest: machine.Guest, folder: Path, key: str) -> None:
    """Wait until the guest is at its third port."""
    deadline = time.monotonic() + _LIMIT_SECONDS
    sign = f"{key} phase waiting ".encode()
    while sign not in (folder / machine.DATA).read_bytes():
        if not guest.wait(0.05) or time.monotonic() > deadline:
            raise LabError("snapshot: the guest does not get to its init, run without --snapshot "
                           "to see why")
    # It says so just before it reads.
    guest.wait(_SETTLE_SECONDS)


def _save(socket: Path, path: Path) -> None:
    with contextlib.closing(control.Control(socket)) as monitor:
        monitor.ask("migrate", uri=f"exec:cat > {shlex.quote(str(path))}")
        deadline = time.monotonic() + _LIMIT_SECONDS
        while (state := monitor.ask("query-migrate").get("status")) != "completed":
            if state in ("failed", "cancelled") or time.monotonic() > deadline:
                raise LabError(f"snapshot: it cannot be saved ({state})")
            time.sleep(0.05)


def _take(boot: machine.Boot, final: Path, key: str) -> None:
    """Boot a guest and save it as FINAL."""
    say(f"{boot.target.name}: taking a snapshot of the guest at its init")
    with cache.new_folder(final) as entry, \
         tempfile.TemporaryDirectory(prefix="dmabench-lab-") as name:
        folder = Path(name)
        socket = folder / "control"
        with machine.start(replace(boot, folder=folder, control=socket, waits=True)) as guest:
            _wait_for_init(guest, folder, key)
            _save(socket, entry / "memory")


def _remove_unused(folder: Path) -> None:
    for entry in folder.glob("[!.]*"):
        if time.time() - entry.stat().st_mtime > _UNUSED_SECONDS:
            shutil.rmtree(entry)


def _stamp(path: Path) -> str:
    """Name a file as it is now: another emulator may not read what this one wrote."""
    return f"{path} {path.stat().st_mtime_ns}" if path.is_file() else str(path)


def boot_from(boot: machine.Boot, contents: image.Contents) -> machine.Boot:
    """Return how to restore the guest that BOOT would start, taking a snapshot if there is none.

    CONTENTS are those of the run. Beside the initrd of BOOT appears what the guest gets at its
    third port instead.
    """
    target = boot.target
    system = boot.initrd.with_name("system")
    # Whoever takes the snapshot must know the key; whoever restores it gets another one.
    key = "lab-snapshot"
    image.write_system(system, contents, {**contents.settings, "LAB_KEY": key, "LAB_LOAD": "",
                                          "LAB_NOW": "", "LAB_PAYLOAD": "/dev/vport0p3"})
    payload = boot.initrd.with_name("payload")
    image.write_run(payload.with_name("payload.in"), contents)
    out = payload.with_name("payload.out")
    out.unlink(missing_ok=True)
    out.symlink_to(os.devnull)
    command = machine.qemu_command(replace(boot, initrd=Path("system"), folder=Path("folder"),
                                           control=Path("control"), waits=True))
    name = cache.digest(cache.this_boot(), _stamp(Path(shutil.which(target.machine.program) or "")),
                        _stamp(boot.image), hashlib.sha256(system.read_bytes()).hexdigest(),
                        *command)
    final = cache.place("snapshots", target.name, name)
    with cache.lock(f"snapshot-{target.name}"):
        _remove_unused(final.parent)
        if not final.is_dir():
            _take(replace(boot, initrd=system), final, key)
        final.touch()
    return replace(boot, initrd=system, snapshot=final / "memory", payload=payload)
