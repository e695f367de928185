# SPDX-License-Identifier: GPL-2.0-only
"""Device trees with nodes appended."""

import shutil
import subprocess
from pathlib import Path

import pytest

from lab import devicetree
from lab.errors import BuildError

BASE = "/dts-v1/; / { soc { dma: dma-controller@1000 { #dma-cells = <1>; }; }; };"

pytestmark = pytest.mark.skipif(not shutil.which(devicetree.DTC), reason="no dtc")


@pytest.fixture(name="blob")
def _blob(tmp_path: Path) -> Path:
    path = tmp_path / "base.dtb"
    path.write_bytes(subprocess.run([devicetree.DTC, "-q", "-O", "dtb", "-"], check=True,
                                    input=BASE.encode(), capture_output=True).stdout)
    return path


def test_amend_refers_by_path(blob: Path, tmp_path: Path) -> None:
    output = tmp_path / "new.dtb"
    devicetree.amend(blob, "/ { user { dmas = <&{/soc/dma-controller@1000} 5>; }; };", output)
    text = subprocess.run([devicetree.DTC, "-q", "-I", "dtb", "-O", "dts", str(output)], check=True,
                          capture_output=True, text=True).stdout
    assert "user {" in text and "phandle = <0x01>" in text and "dmas = <0x01 0x05>" in text


def test_amend_says_what_is_wrong(blob: Path, tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="nowhere"):
        devicetree.amend(blob, "/ { user { dmas = <&{/nowhere} 5>; }; };", tmp_path / "new.dtb")
