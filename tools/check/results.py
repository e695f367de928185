# SPDX-License-Identifier: GPL-2.0-only
"""Measure in a guest for real, and check what results.json says against itself, as KTAP.

    python3 tools/check/results.py [TARGET]
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
# Random sizes, so that a seed that did not reproduce them would show.
POINT = ("op=memcpy size=16K size_min=64 align=64 random_offset=512 depth=8 iterations=500 "
         "runtime_ms=0 warmup=0 verify=full")
COMMANDS = "\n".join([
    "dmabench bench quick --quiet --json results.json || exit",
    f"dmabench bench {POINT} seed=0x5eed --quiet --json first.json || exit",
    f"dmabench bench {POINT} seed=0x5eed --quiet --json again.json || exit",
    f"dmabench bench {POINT} seed=0x5eee --quiet --json other.json",
])


class Checks:
    """The cases, each a method that raises AssertionError if it fails."""

    def __init__(self, target: str) -> None:
        self.target = target
        self.out = Path("out/check/results")

    def _load(self, name: str) -> dict[str, Any]:
        document: dict[str, Any] = json.loads((self.out / name).read_text(encoding="utf-8"))
        return document

    def the_profile_quick_runs_in_a_guest(self) -> None:
        done = subprocess.run([PYTHON, "tools/lab", "run", self.target, "--out", str(self.out),
                               "--", COMMANDS], check=False, text=True, capture_output=True)
        assert done.returncode == 0, f"exit {done.returncode}: {done.stdout}{done.stderr}"

    def results_are_valid_by_the_schema(self) -> None:
        schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
        for name in ("results.json", "first.json"):
            jsonschema.validate(self._load(name), schema)

    def no_run_failed(self) -> None:
        document = self._load("results.json")
        assert len(document["runs"]) > 30, "hardly any runs"
        for run in document["runs"]:
            assert run["status"]["state"] == "done", run["status"]

    def histograms_add_up_to_the_transfers(self) -> None:
        for run in self._load("results.json")["runs"]:
            transfers = run["result"]["transfers"]
            assert transfers > 0, f"run {run['id']}: no transfers"
            assert "total" in run["stages"], f"run {run['id']}: no stage total"
            for name, stage in run["stages"].items():
                samples = sum(count for _low, _high, count in stage["bins"])
                assert samples == stage["count"] == transfers, \
                    f"run {run['id']} {name}: {samples} in bins, {stage['count']}, {transfers}"

    def a_seed_reproduces_sizes_and_data(self) -> None:
        first, again, other = (self._load(name)["runs"][0]["result"]
                               for name in ("first.json", "again.json", "other.json"))
        assert first["bytes"] == again["bytes"] != other["bytes"]
        assert first["verified"] == again["verified"] == 500

    def a_report_comes_of_it(self) -> None:
        done = subprocess.run([PYTHON, "tools/report", str(self.out / "results.json"), "-o",
                               str(self.out)], check=False, text=True, capture_output=True)
        assert done.returncode == 0, done.stderr
        assert (self.out / "report.html").stat().st_size > 100_000

    def all(self) -> list[Callable[[], None]]:
        """Return the cases in their order."""
        return [self.the_profile_quick_runs_in_a_guest, self.results_are_valid_by_the_schema,
                self.no_run_failed, self.histograms_add_up_to_the_transfers,
                self.a_seed_reproduces_sizes_and_data, self.a_report_comes_of_it]


def main(target: str = "uml-7.2") -> int:
    """Run all cases; return the exit code."""
    return cases.run("results", Checks(target).all())


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
