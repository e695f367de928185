# SPDX-License-Identifier: GPL-2.0-only
"""What a restored guest gets, and when."""

from dataclasses import replace
from pathlib import Path

import pytest

from lab import image, machine, snapshot, target


@pytest.fixture(name="contents")
def _contents(tmp_path):
    busybox = tmp_path / "busybox"
    busybox.write_bytes(b"busybox")
    word = tmp_path / "word"
    word.write_bytes(b"of this run")
    return image.Contents("6.12", busybox, {"LAB_KEY": "lab-1"}, "true", files=[(word, "/root/w")])


def _names(path):
    """Return the names in an archive: a field of 8 digits before each tells how long it is."""
    data, pos, names = path.read_bytes(), 0, []
    while True:
        size, length = (int(data[pos + at:pos + at + 8], 16) for at in (54, 94))
        name = data[pos + 110:pos + 110 + length - 1].decode()
        if name == "TRAILER!!!":
            return names
        names.append(name)
        pos += (110 + length + 3) // 4 * 4 + (size + 3) // 4 * 4


def test_both_halves_are_the_whole(tmp_path, contents):
    image.write(tmp_path / "whole", contents)
    image.write_system(tmp_path / "system", contents, {})
    image.write_run(tmp_path / "run", contents)
    whole, system, run = (set(_names(tmp_path / name)) for name in ("whole", "system", "run"))
    assert system | run == whole
    assert "root/w" in run - system and "lab/command" in run - system
    assert "init" in system - run and "bin/busybox" in system - run


def test_a_snapshot_is_taken_once_and_again_for_another_machine(tmp_path, contents, monkeypatch):
    taken = []

    def take(boot, final, _key):
        taken.append(boot)
        final.mkdir(parents=True)

    monkeypatch.setattr(snapshot, "_take", take)
    boot = machine.Boot(target.find("x86_64-6.12"), tmp_path / "vmlinux", tmp_path / "initrd",
                        tmp_path, "tcg")
    first = snapshot.boot_from(boot, contents)
    contents.command = "false"
    assert snapshot.boot_from(boot, contents).snapshot == first.snapshot
    assert len(taken) == 1 and "lab/command" in _names(tmp_path / "payload.in")
    other = machine.Boot(boot.target, boot.image, boot.initrd, tmp_path, "tcg", "debug")
    assert snapshot.boot_from(other, contents).snapshot != first.snapshot
    assert taken[-1].cmdline == "debug" and taken[-1].initrd.name == "system"
    contents.busybox.write_bytes(b"another one")
    snapshot.boot_from(boot, contents)
    assert len(taken) == 3


def test_both_guests_have_the_same_devices():
    boot = machine.Boot(target.find("x86_64-6.12"), Path("k"), Path("i"), Path("f"), "tcg")
    stopped = machine.qemu_command(replace(boot, control=Path("c"), waits=True))
    restored = machine.qemu_command(replace(boot, snapshot=Path("a b"), payload=Path("p,q")))
    devices = [[value for option, value in zip(command, command[1:]) if option == "-device"]
               for command in (stopped, restored)]
    assert devices[0] == devices[1] and "virtserialport,chardev=payload,nr=3" in devices[0]
    assert "exec:cat 'a b'" in restored
    assert "pipe,path=p,,q,id=payload" in restored
    assert "-incoming" not in stopped and "-qmp" not in restored


def test_a_usual_boot_has_no_third_port():
    boot = machine.Boot(target.find("x86_64-6.12"), Path("k"), Path("i"), Path("f"), "tcg")
    assert not any("payload" in word for word in machine.qemu_command(boot))
