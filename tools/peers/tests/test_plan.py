# SPDX-License-Identifier: GPL-2.0-only
"""The table is whole, and the plan does what the table says."""

import re
import subprocess
from pathlib import Path

import pytest
from peertable import plan
from peertable.rows import CONTEXTS, GROUPS, ROWS

GUEST = Path(__file__).resolve().parents[1] / "guest.sh"
BY_KEY = {row.key: row for row in ROWS}


def functions():
    """Names of the functions of the guest's script."""
    return set(re.findall(r"^(\w+)\(\) \{", GUEST.read_text(encoding="utf-8"), re.M))


def test_each_row_has_a_key_of_its_own():
    assert len(BY_KEY) == len(ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.key)
def test_a_row_compares_what_its_group_has(row):
    names = [one.name for one in GROUPS[row.group].contenders]
    assert len(names) == len(set(names))
    assert set(row.over + row.under) <= set(names)
    assert set(row.targets) <= set(CONTEXTS)
    assert row.unit or row.under


@pytest.mark.parametrize("key", GROUPS)
def test_a_call_names_a_function_and_known_variables(key):
    found = {search.name for search in GROUPS[key].searches} | {"cpus", "JOB", "SIM"}
    for one in GROUPS[key].contenders:
        assert one.call.split()[0] in functions()
        assert {name for name in re.findall(r"\$(\w+)", one.call)} <= found


def test_no_two_searches_share_a_variable():
    names = [search.name for group in GROUPS.values() for search in group.searches]
    assert len(names) == len(set(names))


def test_buffers_fit():
    for group in GROUPS.values():
        for search in group.searches:
            size = int(re.search(r"size=(\d+)", search.fixed)[1])
            for text in search.candidates:
                knobs = dict(word.split("=") for word in text.split())
                depth = int(knobs["depth"])
                assert depth == 1 or 2 * size * depth <= 64 << 20
                assert 1 <= int(knobs["batch"]) <= depth


def test_runs_go_there_and_back(monkeypatch):
    monkeypatch.setattr(plan, "TRIES", 2)
    lines = plan.script([BY_KEY["same64"]], 2, ["inline"]).splitlines()
    order = [line.split()[1:3] for line in lines if line.startswith(("bench ", "peer "))]
    there = ["same64.same64", "same64.dmatest64x1"]
    assert order == [[name, repeat] for repeat in "01" for turn in (there, there[::-1])
                     for name in turn]


def test_only_what_the_rows_need_is_measured():
    text = plan.script([BY_KEY["default"]], 1, CONTEXTS)
    assert "dmatest64x1" in text and "dmatest64x8" not in text
    assert [line for line in text.splitlines() if line.startswith("provide")] == [
        "provide inline", "provide softirq"]


def test_a_search_comes_before_what_it_is_for():
    lines = plan.script([BY_KEY["virtdma"]], 1, ["inline"]).splitlines()
    first = {name: next(i for i, line in enumerate(lines) if f"${name}" in line)
             for name in ("deepsim", "deepvirt")}
    for name, used in first.items():
        assert any(line.startswith(f"choose {name} ") for line in lines[:used])


def test_what_the_client_may_lack_is_asked_for():
    text = plan.script([BY_KEY["channels"]], 1, ["inline"])
    assert "if has knob-workers; then bench channels.channels64 0 all" in text
    assert "else skip channels.channels64" in text


def test_the_whole_plan_is_a_script():
    text = plan.script(ROWS, 2)
    done = subprocess.run(["sh", "-n"], input=text, text=True, check=False, capture_output=True)
    assert done.returncode == 0, done.stderr


def test_the_guest_goes_by_the_clock_that_was_asked_for():
    assert "\nmachine\n" in plan.script(ROWS, 7)
    assert "\nmachine hpet\n" in plan.script(ROWS, 7, clock="hpet")
