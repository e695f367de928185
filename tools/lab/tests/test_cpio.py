# SPDX-License-Identifier: GPL-2.0-only
"""The archive writer, checked against cpio itself."""

import io
import os
import shutil
import subprocess

import pytest

from lab import cpio

pytestmark = pytest.mark.skipif(not shutil.which("cpio"), reason="cpio is not installed")


def _archive():
    buffer = io.BytesIO()
    out = cpio.Writer(buffer)
    out.folder("proc")
    out.file("bin/tool", b"#!/bin/sh\n", executable=True)
    for size in range(6):
        out.file(f"lib/deep/er/{'n' * size}file{size}", b"x" * size)
    out.link("sbin/modprobe", "/bin/busybox")
    out.device("dev/console", 5, 1)
    out.close()
    return buffer.getvalue()


def test_cpio_lists_every_entry():
    done = subprocess.run(["cpio", "-tv"], input=_archive(), capture_output=True, check=True)
    lines = done.stdout.decode().splitlines()
    names = [line.split()[-1] for line in lines if "->" not in line]
    assert names == ["proc", "bin", "bin/tool", "lib", "lib/deep", "lib/deep/er",
                     *(f"lib/deep/er/{'n' * size}file{size}" for size in range(6)),
                     "sbin", "dev", "dev/console"]
    assert any(line.startswith("crw-------") and "5,   1" in line for line in lines)
    assert any("sbin/modprobe -> /bin/busybox" in line for line in lines)


def test_cpio_unpacks_contents_and_modes(tmp_path):
    subprocess.run(["cpio", "-id", "--no-preserve-owner", "bin/*", "lib/*"], cwd=tmp_path,
                   input=_archive(), capture_output=True, check=True)
    assert (tmp_path / "bin/tool").read_bytes() == b"#!/bin/sh\n"
    assert os.access(tmp_path / "bin/tool", os.X_OK)
    for size in range(6):
        path = tmp_path / f"lib/deep/er/{'n' * size}file{size}"
        assert path.read_bytes() == b"x" * size
        assert not os.access(path, os.X_OK)
