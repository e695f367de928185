# SPDX-License-Identifier: GPL-2.0-only
"""The smaller parts: cache, configs, sources, images, machines."""

import gzip
import lzma
import struct
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from lab import cache, host, image, kernel, machine, modules, own, source, target
from lab.errors import LabError


def test_new_folder_is_all_or_nothing(own_cache):
    final = own_cache / "thing"
    with pytest.raises(RuntimeError):
        with cache.new_folder(final) as temp:
            (temp / "half").touch()
            raise RuntimeError
    assert not final.exists() and not list(own_cache.glob(".thing*"))
    for text in ("one", "two"):
        with cache.new_folder(final) as temp:
            (temp / "whole").write_text(text)
    assert (final / "whole").read_text() == "two"
    left = own_cache / ".thing.killed"
    left.mkdir()
    with cache.new_folder(final):
        assert not left.exists()


def test_lock_makes_the_second_wait():
    order = []
    inside = threading.Event()

    def second():
        inside.wait()
        with cache.lock("x"):
            order.append("second")

    thread = threading.Thread(target=second)
    with cache.lock("x"):
        thread.start()
        inside.set()
        thread.join(0.2)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]


def test_broken_state_is_no_state():
    cache.write_state("x", {"a": 1})
    assert cache.read_state("x") == {"a": 1}
    cache.place("state", "x.json").write_text("{")
    assert cache.read_state("x") == {}


def test_unmet_options():
    wanted = "CONFIG_A=y\nCONFIG_B=m\nCONFIG_C=n\nCONFIG_D=\"x\"\nCONFIG_E=y\nCONFIG_A=n\n"
    got = "CONFIG_B=y\n# CONFIG_E is not set\nCONFIG_D=\"x\"\n"
    assert own.unmet(wanted, got) == ["CONFIG_B=m", "CONFIG_E=y"]


def test_source_parts():
    assert source.check_parts(["./scripts/", "drivers/dma"]) == ["scripts", "drivers/dma"]
    for bad in ("", "/etc", "a/../..", "*.c"):
        with pytest.raises(LabError):
            source.check_parts([bad])


def _bzimage(payload):
    head = bytearray(1024)
    head[0x1f1] = 1
    head[0x202:0x206] = b"HdrS"
    struct.pack_into("<II", head, 0x248, 16, len(payload))
    return bytes(head) + b"c" * 16 + payload + b"trailing code"


@pytest.mark.parametrize("pack", [lzma.compress, gzip.compress])
def test_extract_vmlinux(pack):
    body = b"\x7fELF" + bytes(range(256)) * 50
    # The build appends the unpacked size to most formats.
    assert kernel.extract_vmlinux(_bzimage(pack(body) + struct.pack("<I", len(body)))) == body


@pytest.mark.parametrize("data", [b"", b"\x7fELF" + b"\0" * 2000, _bzimage(b"????????")])
def test_no_bzimage(data):
    with pytest.raises(LabError, match="kernel image"):
        kernel.extract_vmlinux(data)


def test_module_depends():
    assert kernel.module_depends(b"\0license=GPL\0depends=virtio_ring,a-b\0x") == ["virtio_ring",
                                                                                  "a_b"]
    assert kernel.module_depends(b"\0depends=\0") == [] == kernel.module_depends(b"")


def test_dependencies_load_what_is_needed_first():
    lines = image.dependencies({"pci": ["ring", "virtio", "builtin"], "virtio": ["ring"],
                                "ring": []})
    assert lines == {"pci": ["virtio", "ring"], "virtio": ["ring"], "ring": []}


@pytest.mark.parametrize("text, place", [("", "/root/f"), (":/x", "/x"), (":/x/", "/x/f")])
def test_split_file(tmp_path, text, place):
    (tmp_path / "f").touch()
    assert image.split_file(f"{tmp_path}/f{text}") == (tmp_path / "f", place)


def test_copy_changed_touches_only_what_differs(tmp_path):
    origin, copy = tmp_path / "origin", tmp_path / "copy"
    (origin / "sub").mkdir(parents=True)
    for name in ("same.c", "changed.c", "sub/gone.c", "product.o"):
        (origin / name).write_text("1")
    modules.copy_changed(origin, copy)
    assert not (copy / "product.o").exists()
    (copy / "sub/made.ko").touch()
    before = (copy / "same.c").stat().st_mtime_ns
    (origin / "changed.c").write_text("2")
    (origin / "sub/gone.c").unlink()
    modules.copy_changed(origin, copy)
    assert (copy / "same.c").stat().st_mtime_ns == before
    assert (copy / "changed.c").read_text() == "2"
    assert sorted(path.name for path in (copy / "sub").iterdir()) == ["made.ko"]


def test_download_size():
    text = ("'http://m/a_1_amd64.deb' a_1_amd64.deb 1200 SHA256:00\n"
            "'http://m/b_1_amd64.deb' b_1_amd64.deb 34 \nnoise\n")
    assert host.download_size(text) == 1234


def _boot(name, **changes):
    return replace(machine.Boot(target.find(name), Path("/k/image"), Path("/w/initrd"),
                                Path("/o,ut"), "tcg", "one two", Path("/k/dtbs")), **changes)


def test_qemu_command_virtio():
    command = machine.qemu_command(_boot("x86_64-6.1"))
    append = command[command.index("-append") + 1].split()
    for word in ("console=ttyS0", "panic=-1", "oops=panic", "tsc=reliable",
                 "clearcpuid=erms,rep_good", "one", "two"):
        assert word in append
    assert {"-no-reboot", "-nodefaults", "virtio-serial-pci"} <= set(command)
    assert "file,id=data,path=/o,,ut/stream.bin" in command


def test_qemu_accelerator():
    for accelerator, words in (("kvm", "kvm"), ("tcg", "tcg,thread=single")):
        command = machine.qemu_command(_boot("x86_64-6.12", accelerator=accelerator))
        assert command[command.index("-accel") + 1] == words


def test_qemu_command_usb():
    command = machine.qemu_command(_boot("armhf-bcm2835"))
    devices = [word for before, word in zip(command, command[1:]) if before == "-device"]
    assert devices[0] == "usb-hub,port=1"
    assert [word.split(",")[1] for word in devices[1:]] == ["chardev=output", "chardev=data"]
    assert machine.ports(target.find("armhf-bcm2835")) == ("/dev/ttyUSB0", "/dev/ttyUSB1")


def test_qemu_command_uart():
    command = machine.qemu_command(_boot("armhf-pl330"))
    serials = [command[at + 1] for at, word in enumerate(command) if word == "-serial"]
    assert serials == ["chardev:console", "chardev:output", "chardev:data"]
    assert command[command.index("-dtb") + 1] == "/k/dtbs/exynos4210-smdkv310.dtb"
    assert not any("virtio" in word for word in command)


def test_uml_command():
    command = machine.uml_command(_boot("uml-7.2"), [5, 6, 7])
    assert command[0] == "/k/image"
    assert {"con0=null,fd:5", "ssl0=null,fd:6", "ssl1=null,fd:7", "seccomp=on"} <= set(command)


def test_own_driver_lies_where_one_of_the_kernel_would(tmp_path):
    spec = target.DriverSpec("terminate_prepared", folder="tools/terminate_prepared")
    # pylint: disable=protected-access
    place = modules._mirror_driver(spec, target.find("uml-7.2"), None, tmp_path, offline=True)
    assert place == tmp_path / "drivers" / "dma" / "terminate_prepared"
    assert (place / "Kbuild").read_text() == (
        target.PROJECT / "tools" / "terminate_prepared" / "Kbuild").read_text()


def test_guest_is_killed_with_its_children(tmp_path):
    program = tmp_path / "image"
    program.write_text("#!/bin/sh\nsleep 99 &\necho $! > ${0%image}child\nwait\n")
    program.chmod(0o755)
    boot = _boot("uml-7.2", image=program, folder=tmp_path)
    with machine.start(boot) as guest:
        while not (tmp_path / "child").is_file() or not (tmp_path / "child").read_text():
            assert guest.wait(0.05)
        child = Path("/proc") / (tmp_path / "child").read_text().strip()
        assert child.exists()
    state = child / "stat"
    assert not state.exists() or state.read_text().split()[2] == "Z"


def test_pipes_of_a_guest_end_in_files(tmp_path):
    program = tmp_path / "image"
    program.write_text("#!/bin/bash\nfor word; do case $word in ssl0=*) fd=${word##*:};; esac; done\n"
                       "head -c 300000 /dev/zero >&$fd\n")
    program.chmod(0o755)
    with machine.start(_boot("uml-7.2", image=program, folder=tmp_path)) as guest:
        while guest.wait(0.05):
            pass
    assert (tmp_path / "output.log").stat().st_size == 300000
