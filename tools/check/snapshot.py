# SPDX-License-Identifier: GPL-2.0-only
"""Restore a guest from a snapshot, twice, and look for what must differ, as KTAP.

    python3 tools/check/snapshot.py [TARGET]
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import cases

PYTHON = "/usr/bin/python3"
COMMAND = ("cat /proc/sys/kernel/random/uuid > uuid; date +%s > date; cat /root/word > word; "
           "uname -r > release; dmabench bench op=memcpy iterations=100 --json results.json")
# A loaded host takes its time between the moment that it tells and the command.
LATE_SECONDS = 120


class Checks:
    """The cases, each a method that raises AssertionError if it fails."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.out = [Path(f"out/check/snapshot/{name}") for name in ("first", "second")]

    def _read(self, number: int, name: str) -> str:
        return (self.out[number] / name).read_text(encoding="utf-8").strip()

    def _run(self, number: int, *options: str) -> str:
        out = self.out[number]
        out.mkdir(parents=True, exist_ok=True)
        word = out.with_suffix(".word")
        word.write_text(f"word {number}\n", encoding="utf-8")
        done = subprocess.run(
            [PYTHON, "tools/lab", "run", self.target, "--snapshot", "--out", str(out), "--file",
             f"{word}:/root/word", *options, "--", COMMAND], check=False, text=True,
            capture_output=True)
        assert done.returncode == 0, f"exit {done.returncode}: {done.stdout}{done.stderr}"
        return done.stderr

    def two_runs_are_restored(self) -> None:
        for number in range(2):
            said = self._run(number)
            assert "restoring" in said, said
        assert "taking a snapshot" not in said, said

    def each_has_its_own_files(self) -> None:
        assert [self._read(number, "word") for number in range(2)] == ["word 0", "word 1"]

    def each_has_random_numbers_of_its_own(self) -> None:
        assert self._read(0, "uuid") != self._read(1, "uuid")
        seeds = [json.loads(self._read(number, "results.json"))["runs"][0]["result"]["seed"]
                 for number in range(2)]
        assert seeds[0] != seeds[1], seeds

    def each_knows_the_time(self) -> None:
        late = time.time() - int(self._read(1, "date"))
        assert 0 <= late < LATE_SECONDS, f"the guest is {late:.0f} s late"

    def another_command_line_is_another_guest(self) -> None:
        said = self._run(1, "--param", "dmasim.channels=3")
        assert "restoring" in said, said
        channels = json.loads(self._read(1, "results.json"))["channels"]
        assert len(channels) == 3, f"{len(channels)} channels"

    def all(self) -> list[Callable[[], None]]:
        """Return the cases in their order."""
        return [self.two_runs_are_restored, self.each_has_its_own_files,
                self.each_has_random_numbers_of_its_own, self.each_knows_the_time,
                self.another_command_line_is_another_guest]


def main(target: str = "x86_64-6.12") -> int:
    """Run all cases; return the exit code."""
    return cases.run("snapshot", Checks(target).all())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
