# SPDX-License-Identifier: GPL-2.0-only
"""A kernel package's device tree with nodes that only a test needs."""

from __future__ import annotations

import subprocess
from pathlib import Path

from lab.errors import BuildError, LabError

DTC = "dtc"


def _compile(source: str, *words: str) -> bytes:
    try:
        done = subprocess.run([DTC, "-q", *words], input=source.encode(), check=False,
                              capture_output=True)
    except OSError as error:
        raise LabError(f"{DTC}: {error}, install device-tree-compiler") from error
    if done.returncode:
        words = " ".join(done.stderr.decode("utf-8", "replace").split())
        raise BuildError(f"{DTC}: {words}, see `dts` in the target's file")
    return done.stdout


def amend(blob: Path, dts: str, output: Path) -> None:
    """Write to `output` the device tree `blob` with the source text `dts` appended.

    The text can refer to nodes by path, as in `&{/soc/dma-controller@12680000}`: a tree
    in a package has no labels. Errors: LabError with what dtc said.
    """
    source = _compile("", "-I", "dtb", "-O", "dts", str(blob)).decode()
    output.write_bytes(_compile(f"{source}\n{dts}\n", "-I", "dts", "-O", "dtb", "-"))
