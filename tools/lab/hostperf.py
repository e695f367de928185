# SPDX-License-Identifier: GPL-2.0-only
"""perf in a guest: the host's own, with its libraries, from a /usr that the guest reads.

No image is to be built and nothing to be installed in the guest. docs/lab.md tells how.
"""

from __future__ import annotations

from pathlib import Path

from lab import apt, image
from lab.errors import Unavailable
from lab.kernel import Kernel
from lab.target import Target

SHARE = "/usr"
PROGRAMS = ("perf", "objdump", "trace-cmd")
_MODULES = ("9p", "9pnet_virtio")


def files(target: Target, found: Kernel) -> list[tuple[Path, str]]:
    """Return what the guest needs to run the host's programs, as pairs of file and place.

    Raises Unavailable if it could not run them, with the reason.
    """
    if target.machine.transport != "virtio-pci" or target.kernel.debian_arch != apt.host_arch():
        raise Unavailable(f"{target.name}: --perf: this guest cannot run the programs of this "
                          "machine, take x86_64-6.12")
    there = {path.stem for path in found.modules.glob("*.ko")} if found.modules else set()
    lacking = [name for name in _MODULES if name not in there]
    if lacking:
        raise Unavailable(f"{target.name}: --perf: {found.release} lacks {', '.join(lacking)}")
    # Without perf the guest has none either, and `dmabench bench --perf` says so.
    return [(image.GUEST / "host-program", f"/usr/bin/{name}") for name in PROGRAMS
            if (Path(SHARE) / "bin" / name).is_file()]
