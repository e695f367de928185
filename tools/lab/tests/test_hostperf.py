# SPDX-License-Identifier: GPL-2.0-only
"""perf of the host in a guest."""

from dataclasses import replace
from pathlib import Path

import pytest

from lab import apt, hostperf, kernel, machine, target
from lab.errors import Unavailable


def _kernel(folder: Path, *names: str) -> kernel.Kernel:
    for name in names:
        (folder / f"{name}.ko").touch()
    return kernel.Kernel("6.12-test", "1", folder / "image", folder, folder)


@pytest.fixture(name="share")
def _share(tmp_path, monkeypatch):
    monkeypatch.setattr(hostperf, "SHARE", str(tmp_path / "usr"))
    monkeypatch.setattr(apt, "host_arch", lambda: "amd64")
    (tmp_path / "usr/bin").mkdir(parents=True)
    return tmp_path / "usr/bin"


def test_the_guest_gets_a_script_for_each_program_that_is_there(share, tmp_path):
    found = _kernel(tmp_path, "9p", "9pnet_virtio", "netfs")
    chosen = target.find("x86_64-6.12")
    assert hostperf.files(chosen, found) == []
    (share / "perf").touch()
    (share / "objdump").touch()
    files = hostperf.files(chosen, found)
    assert [place for _, place in files] == ["/usr/bin/perf", "/usr/bin/objdump"]
    assert all(origin.is_file() for origin, _ in files)


@pytest.mark.usefixtures("share")
def test_guests_that_cannot_run_them_are_refused(tmp_path):
    whole = _kernel(tmp_path, "9p", "9pnet_virtio")
    for name in ("uml-7.2", "arm64-zynqmp", "armhf-pl330"):
        with pytest.raises(Unavailable, match="cannot run the programs"):
            hostperf.files(target.find(name), whole)
    with pytest.raises(Unavailable, match="6.12-test lacks 9p, 9pnet_virtio"):
        hostperf.files(target.find("x86_64-6.12"), replace(whole, modules=None))


def test_targets_that_could_have_what_it_needs():
    for name in ("x86_64-6.12", "x86_64-6.1"):
        assert {"9p", "9pnet_virtio"} <= set(target.find(name).kernel.modules)


def test_the_share_comes_behind_the_ports():
    boot = machine.Boot(target.find("x86_64-6.12"), Path("/k/image"), Path("/w/initrd"),
                        Path("/out"), "tcg")
    assert "-virtfs" not in machine.qemu_command(boot)
    command = machine.qemu_command(replace(boot, share="/usr"))
    share = command[command.index("-virtfs") + 1]
    assert "path=/usr," in share and "readonly=on" in share
    # The names of the ports count the devices before them.
    assert command.index("-virtfs") > command.index("virtserialport,chardev=data,nr=2")
