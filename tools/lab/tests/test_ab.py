# SPDX-License-Identifier: GPL-2.0-only
"""Revisions against each other: how sides are named, and in which order a guest takes them."""

from __future__ import annotations

import argparse
import importlib.util
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

AB = Path(__file__).resolve().parent.parent.parent / "ab"

#: Stands for every command of the guest that does something; tells what it was asked.
STUB = """#!/bin/sh
echo "${0##*/} $*" >> "$LOG"
[ "${0##*/}" != dmabench ] || eval "echo {} > \\$7"
[ "${0##*/} $1" != "$BAD" ]
"""


def main_module() -> ModuleType:
    """tools/ab as a module."""
    spec = importlib.util.spec_from_file_location("ab_main", AB / "__main__.py")
    module = importlib.util.module_from_spec(spec)
    # Dataclasses look their module up.
    importlib.sys.modules["ab_main"] = module
    spec.loader.exec_module(module)
    return module


def guest(folder: Path, rounds: int, *sides: str, bad: str = "") -> tuple[int, list[str]]:
    """Run guest.sh with stubs; return its status and what was called, one line each."""
    stubs = folder / "bin"
    stubs.mkdir()
    for name in ("modprobe", "insmod", "rmmod", "dmabench", "mount"):
        (stubs / name).write_text(STUB)
        (stubs / name).chmod(0o755)
    for side in sides:
        place = folder / "ab" / side
        place.mkdir(parents=True)
        (place / "dmasim.ko").touch()
        (place / "params").write_text(f"dmasim seed={side} channels=1\nother x=1\n")
    done = subprocess.run(
        ["sh", str(AB / "guest.sh"), "quick", str(rounds), *sides], cwd=folder, check=False,
        env={"PATH": f"{stubs}:/usr/bin:/bin", "LOG": str(folder / "log"), "BAD": bad,
             "AB_ROOT": str(folder / "ab"), "AB_LOAD": "engine dmasim"})
    return done.returncode, (folder / "log").read_text().splitlines()


def test_rounds_go_there_and_back_and_leave_a_file_each(tmp_path):
    code, calls = guest(tmp_path, 3, "A", "B", "C")
    assert code == 0
    measured = [line.split()[-1] for line in calls if line.startswith("dmabench")]
    assert measured == [f"{side}.{number}.json" for number, order in
                        enumerate(("ABC", "CBA", "ABC")) for side in order]
    assert all((tmp_path / name).is_file() for name in measured)


def test_each_measurement_has_its_own_modules_with_their_parameters(tmp_path):
    code, calls = guest(tmp_path, 1, "A", "B")
    assert code == 0
    assert [line for line in calls if line.startswith(("insmod", "rmmod", "dmabench"))][1:] == [
        line for side in "AB" for line in (
            f"insmod {tmp_path}/ab/{side}/dmasim.ko seed={side} channels=1",
            f"dmabench bench quick --repeats 1 --quiet --json {side}.0.json", "rmmod dmasim")]
    # A provider that no side has comes with the kernel, and stays.
    assert calls.count("modprobe engine") == 1 and "rmmod engine" not in calls


@pytest.mark.parametrize("bad", ["rmmod dmasim", "modprobe engine"])
def test_what_does_not_load_or_unload_ends_it(bad, tmp_path):
    code, calls = guest(tmp_path, 2, "A", "B", bad=bad)
    assert code == 1 and not any(line.startswith("dmabench") for line in calls)


def test_a_side_is_a_name_a_revision_and_parameters():
    main = main_module()
    assert main.side_of("A=v1.0") == main.Side("A", "v1.0", ())
    assert main.side_of("B=.,dmasim.slowdown=20,dmasim.omit=xor") == main.Side(
        "B", ".", (("dmasim", "slowdown=20"), ("dmasim", "omit=xor")))


@pytest.mark.parametrize("text", ["A", "A=", "=main", "a b=main", "A=main,slowdown=20",
                                  "A=main,dmasim.slowdown", "../A=main"])
def test_a_side_that_is_none(text):
    with pytest.raises(argparse.ArgumentTypeError):
        main_module().side_of(text)


def test_a_revision_that_is_none_is_told_in_one_line(capsys):
    with pytest.raises(SystemExit) as ended:
        main_module().commit_of("no-such-revision")
    said = capsys.readouterr().err
    assert ended.value.code == 2 and said.count("\n") == 1 and "no-such-revision" in said
