# SPDX-License-Identifier: GPL-2.0-only
"""Synthetic documents of `dmabench test --json`: of no channel that there ever was."""

from __future__ import annotations

import copy
from typing import Any

RULES = ["A4.3\tdocumented\tclient.rst:1\tsubmit does not start, <b>only</b> issue does\t",
         "A4.7\tstrict\tdmaengine.h:2\tcompleted in order\t",
         "A4.9\tstrict\tprovider.rst:3\tnothing is lost\t",
         "A4.10\tstrict\tprovider.rst:4\tdata come before the callback\tno client can tell",
         "A5.1\tadvisory\tclient.rst:5\tstatus is true\t"]
CASES = ["queue.in_order rules=A4.7,A4.9 grade=strict needs=carrier,order opt_in=none in order",
         "queue.swapped rules=A4.7 grade=strict needs=none opt_in=none never swapped",
         "queue.submit rules=A4.3 grade=documented needs=none opt_in=none nothing happens yet",
         "status.true rules=A5.1,A4.7 grade=advisory needs=none opt_in=reentry as it is"]

SAID = ("rule A4.3 (documented): submit does not start\nstands in: client.rst:1\n"
        "expected 0 bytes, seen 4096 & <script>\ncookie 4, submitted 5888 ns\n"
        "seen after 253 ms and 3 transfers of the suite; again: cases=queue.submit seed=7\n")


def outcome(name: str, verdict: str, reason: str = "", said: str = "") -> dict[str, str]:
    """An entry of suite.cases."""
    return {"name": name, "verdict": verdict, "reason": reason,
            "said": said or (SAID if verdict in ("failed", "waived", "advised") else "")}


def document(*cases: dict[str, str], channel: str = "dma0chan0", driver: str = "synthetic",
             kernel: str = "6.12.0-synthetic", planned: int = 0, **suite: Any) -> dict[str, Any]:
    """A whole document."""
    return copy.deepcopy({
        "schema_version": 1, "tool": {"name": "dmabench", "version": "0"},
        "command": ["test", channel], "module": {"version": "0", "interface": 1},
        "system": {"kernel": kernel, "machine": "paper", "arch": "x86_64", "cpus": 2,
                   "accelerator": "tcg", "emulated": True},
        "run": {"config": {"mode": "suite"}, "status": {"state": "done", "errno": 0,
                                                        "error": None, "reason": ""}},
        "suite": {"head": f"channel={channel} device={driver}.0 driver={driver} seed=7 shuffle=0 "
                  "repeat=1\n", "planned": planned or len(cases), "cases": list(cases),
                  "definitions": CASES, "rules": RULES, **suite}})


def mixed(**changes: Any) -> dict[str, Any]:
    """Every verdict once."""
    return document(
        outcome("queue.in_order", "passed"),
        outcome("queue.swapped", "skipped", "the provider completes out of order"),
        outcome("queue.submit", "failed"),
        outcome("status.true", "advised"), **changes)
