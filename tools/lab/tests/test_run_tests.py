# SPDX-License-Identifier: GPL-2.0-only
"""The runner of the selftests where there is no kernel's own: selftests/dmabench/run_tests.sh."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

RUNNER = Path(__file__).resolve().parents[3] / "selftests/dmabench/run_tests.sh"


@pytest.fixture(name="run")
def run_of_programs(tmp_path):
    """Return a function that runs programs, by name and text, and returns code and lines."""
    def run(limit, **programs):
        shutil.copy(RUNNER, tmp_path)
        (tmp_path / "settings").write_text(f"timeout={limit}\n")
        (tmp_path / "Makefile").write_text(
            "".join(f"TEST_PROGS += {name}.sh\n" for name in programs))
        for name, text in programs.items():
            (tmp_path / f"{name}.sh").write_text(text)
        env = {k: v for k, v in os.environ.items() if k != "kselftest_override_timeout"}
        done = subprocess.run(["sh", str(tmp_path / "run_tests.sh")], env=env, text=True,
                              stdout=subprocess.PIPE, timeout=60, check=False)
        return done.returncode, done.stdout.splitlines()
    return run


def test_says_what_the_kernels_runner_says(run):
    code, lines = run(60, good="echo said\n", none="exit 4\n", bad="exit 3\n")
    assert code == 1
    assert lines[:2] == ["KTAP version 1", "1..3"]
    assert [line for line in lines if not line.startswith("# selftests")][2:] == [
        "# said", "ok 1 selftests: dmabench: good.sh", "ok 2 selftests: dmabench: none.sh # SKIP",
        "not ok 3 selftests: dmabench: bad.sh # exit=3", "# Totals: pass:1 fail:1 skip:1"]


def test_ends_what_hangs_and_goes_on(run, tmp_path):
    # A child that holds the output open must go, too.
    code, lines = run(1, hangs=f"sleep 600 | cat\n: > {tmp_path}/went-on\n", good="exit 0\n")
    assert code == 1
    assert "not ok 1 selftests: dmabench: hangs.sh # TIMEOUT 1 seconds" in lines
    assert "ok 2 selftests: dmabench: good.sh" in lines
    assert not (tmp_path / "went-on").exists()


def test_0_is_no_limit(run):
    code, lines = run(0, good="sleep 1\n")
    assert code == 0 and "ok 1 selftests: dmabench: good.sh" in lines
