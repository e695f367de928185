# SPDX-License-Identifier: GPL-2.0-only
"""Finds out whether KVM works here, by really booting: /dev/kvm may exist and be of no use."""

from __future__ import annotations

import os
import platform
import tempfile
import time
from pathlib import Path

from lab import cache, cpio, machine
from lab.errors import Unavailable
from lab.progress import say
from lab.target import Target

_LIMIT_SECONDS = 8
_SIGN = "lab: alive"
_HOST_ARCH = {"x86_64": "x86_64", "aarch64": "arm64"}


def _write_initrd(path: Path, busybox: Path) -> None:
    with path.open("wb") as file:
        out = cpio.Writer(file)
        out.device("dev/console", 5, 1)
        out.file("bin/busybox", busybox.read_bytes(), executable=True)
        script = f"#!/bin/busybox sh\necho '{_SIGN}'\n/bin/busybox poweroff -f\n"
        out.file("init", script.encode(), executable=True)
        out.close()


def _probe(target: Target, image: Path, busybox: Path) -> bool:
    with tempfile.TemporaryDirectory(prefix="dmabench-lab-") as name:
        folder = Path(name)
        _write_initrd(folder / "initrd", busybox)
        boot = machine.Boot(target, image, folder / "initrd", folder, "kvm")
        deadline = time.monotonic() + _LIMIT_SECONDS
        try:
            with machine.start(boot) as guest:
                running = True
                while running and time.monotonic() < deadline:
                    running = guest.wait(0.1)
                    if _SIGN in (folder / machine.CONSOLE).read_text("utf-8", "replace"):
                        return True
        except Unavailable:
            pass
    return False


def accelerator(target: Target, image: Path, busybox: Path) -> str:
    """Return `kvm` if a guest of the target reaches its init under it, else `tcg`.

    The verdict is kept until the machine boots again.
    """
    if not target.machine.kvm or _HOST_ARCH.get(platform.machine()) != target.kernel.arch:
        return "tcg"
    if not os.access("/dev/kvm", os.R_OK | os.W_OK):
        return "tcg"
    key = f"{image.parent.name}/{image.name}"
    with cache.lock("kvm"):
        record = cache.read_state("kvm")
        if record.get("host") != cache.this_boot():
            record = {"host": cache.this_boot(), "works": {}}
        works = record["works"]
        # A failure lies with the host: it is not tried again for each kernel.
        if not all(works.values()):
            return "tcg"
        if key not in works:
            say(f"trying KVM with a boot of {target.name} (at most {_LIMIT_SECONDS} s)")
            works[key] = _probe(target, image, busybox)
            say("KVM works" if works[key] else "KVM does not get a guest to its init: using TCG")
            cache.write_state("kvm", record)
        return "kvm" if works[key] else "tcg"
