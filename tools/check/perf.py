# SPDX-License-Identifier: GPL-2.0-only
"""Profile transfers by perf in a guest, and check what comes of it, as KTAP.

    python3 tools/check/perf.py [TARGET]

How long anything took is not checked: that every part is there, and fits the others, is.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, Callable

import cases
import jsonschema

SCHEMA = Path("docs/results.schema.json")
PYTHON = "/usr/bin/python3"
COMMAND = ("dmabench bench size=64,4K,1M depth=1 verify=ends iterations=0 runtime_ms=100 "
           "--json results.json --perf --quiet")


class Checks:
    """The cases, each a method that raises AssertionError if it fails."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.out = Path("out/check/perf")

    def _load(self) -> dict[str, Any]:
        document: dict[str, Any] = json.loads(
            (self.out / "results.json").read_text(encoding="utf-8"))
        return document

    def perf_records_in_a_guest(self) -> None:
        done = subprocess.run([PYTHON, "tools/lab", "run", self.target, "--perf", "--out",
                               str(self.out), "--timeout", "1800", "--", COMMAND], check=False,
                              text=True, capture_output=True)
        assert done.returncode == 0, f"exit {done.returncode}: {done.stdout}{done.stderr}"

    def results_are_valid_by_the_schema(self) -> None:
        jsonschema.validate(self._load(), json.loads(SCHEMA.read_text(encoding="utf-8")))

    def every_point_was_sampled_and_traced(self) -> None:
        document = self._load()
        assert [run["run"] for run in document["perf"]["runs"]] == [0, 1, 2]
        for run in document["perf"]["runs"]:
            assert run["sampled"]["samples"] > 20, f"run {run['run']}: hardly any samples"
            assert run["traced"]["transfers"] == 64, run["traced"]
            # Each of them, and no other: the window is that of the transfers.
            assert run["traced"]["events"]["dmabench:dmabench_done"] == 64, run["traced"]

    def samples_fill_the_window(self) -> None:
        document = self._load()
        for run in document["perf"]["runs"]:
            whole = run["sampled"]["window_ns"] * document["system"]["cpus"]
            seen = sum(stack[1] for stack in run["sampled"]["stacks"])
            assert 0.9 * whole < seen <= whole, f"run {run['run']}: {seen} of {whole} ns"

    def client_and_provider_are_seen(self) -> None:
        modules = {module for _, module in self._load()["perf"]["frames"]}
        assert {"", "dmabench", "dmasim"} <= modules, modules

    def hot_functions_have_instructions(self) -> None:
        functions = self._load()["perf"]["functions"]
        assert functions and all(one["why"] is None for one in functions), functions[:2]
        for one in functions:
            hot = [line for line in one["code"] if line[1]]
            assert hot and all(line[3] for line in hot), one

    def a_report_comes_of_it(self) -> None:
        done = subprocess.run([PYTHON, "tools/report", str(self.out / "results.json"), "-o",
                               str(self.out)], check=False, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        for size in (64, 4096, 1048576):
            assert (self.out / f"memcpy-flame-{size}-depth1.png").is_file(), size

    def all(self) -> list[Callable[[], None]]:
        """Return the cases in their order."""
        return [self.perf_records_in_a_guest, self.results_are_valid_by_the_schema,
                self.every_point_was_sampled_and_traced, self.samples_fill_the_window,
                self.client_and_provider_are_seen, self.hot_functions_have_instructions,
                self.a_report_comes_of_it]


def main(target: str = "x86_64-6.12") -> int:
    """Run all cases; return the exit code."""
    return cases.run("perf", Checks(target).all())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
