# SPDX-License-Identifier: GPL-2.0-only
"""Comparisons of files whose truth is known: what is told, what is not, what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest

from report import cli, compare, compare_page, compare_words, load
from report.tests.synthetic import Maker

SIZES = [64, 4096]
DEPTHS = [1, 16]


def measured(seed: int, factor: float = 1.0, repeats: int = 10, noise: float = 0.02,
             **changes: object) -> dict:
    """A document whose rates are those of one engine, times a factor, with noise.

    Rates alone: stages are left out, so that there is a cell per point and rate.
    """
    random = np.random.default_rng(seed)
    maker = Maker(samples=20)
    for repeat in range(repeats):
        maker.sweep(size=SIZES, depth=DEPTHS, repeat=repeat)
    for run in maker.runs:
        rate = 1e6 * run["config"]["depth"] * factor * (1 + noise * random.standard_normal())
        run["result"].update(ops_per_s=int(rate), bytes_per_s=int(rate * run["config"]["size"]))
        run["stages"] = {}
    return maker.document(**changes)


@pytest.fixture(name="put")
def _put(tmp_path):
    def put(name: str, document: object) -> Path:
        path = tmp_path / f"{name}.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return path
    return put


@pytest.fixture(name="compared")
def _compared(put):
    def compared(*documents: dict) -> compare.Comparison:
        return compare.compare([load.load(put("abc"[index], document))
                                for index, document in enumerate(documents)])
    return compared


def verdicts(comparison: compare.Comparison) -> set[str]:
    """All that is said."""
    return {cell.verdict for cell in comparison.cells}


def test_a_slower_engine_is_worse_and_a_faster_one_better_in_every_cell(compared):
    found = compared(measured(1), measured(2, 0.85), measured(3, 1.2))
    assert len(found.cells) == 16
    for grid in found.grids:
        for line in grid.lines:
            slower, faster = line.cells
            assert (slower.verdict, faster.verdict) == ("worse", "better")
            assert slower.low < slower.delta < slower.high < 0
        assert [round(ratio, 1) for ratio in grid.means] == [0.8, 1.2] or \
            grid.means == pytest.approx((0.85, 1.2), abs=0.02)


def test_of_latency_more_is_worse(compared):
    documents = []
    for factor in (1, 3):
        maker = Maker(samples=400)
        for repeat in range(10):
            maker.sweep(size=[64], repeat=repeat)
        for run in maker.runs:
            stage = run["stages"]["total"]
            stage["sum"] *= factor
            stage["max"] *= factor
            stage["bins"] = [[low * factor, high * factor, count]
                             for low, high, count in stage["bins"]]
        documents.append(maker.document())
    found = {grid.metric.name: grid.cells[0].verdict for grid in compared(*documents).grids}
    assert found == {"throughput": "~", "operations": "~", "mean": "worse", "p50": "worse",
                     "p99": "worse"}


def test_the_same_engine_is_told_apart_from_itself_in_few_tables(compared):
    tables = [compared(measured(2 * seed), measured(2 * seed + 1)) for seed in range(40)]
    cells = [cell for table in tables for cell in table.cells]
    # By Holm 5 % of the 80 tables at most, in the mean; cells are far fewer.
    assert sum(cell.verdict != "~" for cell in cells) <= 0.05 * len(cells)


def test_a_change_below_the_noise_of_the_point_itself_is_none(compared):
    """Both sides get 20 % slower on the way: 5 % between them may be no more than that."""
    def drifting(seed: int, factor: float) -> dict:
        document = measured(seed, factor, repeats=20, noise=0.001)
        for run in document["runs"]:
            run["result"]["ops_per_s"] = int(
                run["result"]["ops_per_s"] * (0.8 if run["repeat"] >= 10 else 1))
        return document

    found = compared(drifting(1, 1), drifting(2, 0.75))
    cell = next(grid for grid in found.grids if grid.metric.name == "operations").cells[0]
    assert cell.floor == pytest.approx(0.2, abs=0.01) and cell.verdict == "worse"
    found = compared(drifting(1, 1), drifting(2, 0.81))
    cell = next(grid for grid in found.grids if grid.metric.name == "operations").cells[0]
    assert cell.corrected < 0.05 and cell.verdict == "~"


def test_a_pair_of_the_same_thing_sets_the_floor(put, capsys):
    good, bad = put("good", measured(1)), put("bad", measured(2, 0.9))
    loud = put("loud", measured(3, 0.8))
    assert cli.main(["compare", str(good), str(bad), "--fail-if-worse"]) == 1
    assert cli.main(["compare", str(good), str(bad), "--noise", str(good), str(loud),
                     "--fail-if-worse"]) == 0
    assert " 8 cells 0 are better, 0 are worse" in capsys.readouterr().out.splitlines()[-1]


def test_too_few_repeats_say_so_and_nothing_else(compared):
    found = compared(measured(1, repeats=2), measured(2, 0.5, repeats=2))
    assert verdicts(found) == {"~"}
    assert "±∞" in compare_words.text(found)
    assert "5 repeats or more are needed" in compare_words.text(found)


def test_points_are_matched_by_their_knobs_and_named_by_those_that_vary(compared):
    found = compared(measured(1), measured(2))
    assert [row.name.replace("\u00a0", " ") for row in found.pairing.rows] == [
        "memcpy 64 B, depth 1", "memcpy 64 B, depth 16", "memcpy 4 KiB, depth 1",
        "memcpy 4 KiB, depth 16"]


def test_a_knob_in_which_whole_files_differ_is_told_and_matches(compared):
    other = measured(2)
    for run in other["runs"]:
        run["config"].update(wait="poll", knob_of_tomorrow=7)
    found = compared(measured(1), other)
    assert len(found.cells) == 8
    assert dict(found.pairing.differing) == {"wait": ("irq", "poll"),
                                             "knob_of_tomorrow": ("none", "7")}
    assert "wait differs: irq in a, poll in b." in compare_words.text(found)


def test_what_a_file_lacks_is_told(compared):
    other = measured(2)
    other["runs"] = [run for run in other["runs"] if run["config"]["size"] == 64]
    failed = other["runs"][0]
    failed["status"].update(state="failed", reason="an engine error")
    found = compared(measured(1), other)
    text = compare_words.text(found)
    assert "memcpy 4 KiB, depth 16: not in b" in text
    assert "memcpy 64 B, depth 1: 1 of 10 runs in b gave no figures (an engine error)" in text
    assert "no two files have median latency (total)" in text
    assert len(found.cells) == 4


def test_a_figure_that_a_slow_repeat_lacks_is_not_taken_from_the_others(compared):
    documents = []
    for samples in (400, 50):
        maker = Maker(samples=400)
        for repeat in range(10):
            maker.samples = samples if repeat == 9 else 400
            maker.sweep(size=[64], repeat=repeat)
        documents.append(maker.document())
    found = compared(*documents)
    assert "p99" not in {grid.metric.name for grid in found.grids}
    assert {grid.metric.name: len(grid.cells[0].sample.values) for grid in found.grids}["p50"] == 10
    assert "99th percentile of latency (total)" in compare_words.text(found)


def test_json_holds_what_the_table_says(put, tmp_path, capsys):
    path = tmp_path / "new" / "compare.json"
    assert cli.main(["compare", str(put("a", measured(1, repeats=3))),
                     str(put("b", measured(2, 0.8, repeats=7))), "--json", str(path)]) == 0
    document = json.loads(path.read_text())
    points = document["compare"]["figures"][0]["points"]
    assert document["schema_version"] == 1 and len(points) == 4
    assert points[0]["base"]["low"] == 0 and points[0]["base"]["high"] is None
    assert len(points[0]["base"]["values"]) == 3 and len(points[0]["others"][0]["values"]) == 7
    assert points[0]["others"][0]["delta"] == pytest.approx(-0.2, abs=0.03)
    assert "memcpy 64 B, depth 1" in capsys.readouterr().out


def test_the_page_is_complete_and_leaves_other_pictures_alone(put, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "report.png").write_bytes(b"\x89PNG dmabench-report")
    files = [str(put("a", measured(1))), str(put("b", measured(2, 0.8)))]
    assert cli.main(["compare", *files, "-o", str(tmp_path / "out")]) == 0
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "compare-operations.png", "compare-throughput.png", "compare.html", "report.png"]
    html = (tmp_path / "out" / "compare.html").read_text()
    assert html.count("<svg") == 2 and html.count('class="chip failed"') == 8
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", html)
    embedded = re.search(r'id="json">(.*?)</script>', html, re.S).group(1)
    assert json.loads(embedded)["compare"]["files"][0]["label"] == "a"


def test_the_page_survives_names_that_are_markup(compared):
    other = measured(2)
    for run in other["runs"]:
        run["config"]["channel"] = "<script>alert(1)</script>"
    html = compare_page.render(compared(measured(1), other))["compare.html"].decode()
    assert "<script>alert" not in html


REAL = {"system": {**measured(1)["system"], "accelerator": "metal", "emulated": False}}

SUITE = {"schema_version": 1, "suite": {"cases": []}}

BAD = {
    "emulated with real": (measured(2, **REAL), "emulated times say nothing about real ones"),
    "no JSON": ("{", "not JSON"),
    "no runs": ({"schema_version": 1, "runs": []}, "holds no runs"),
    "a suite": (SUITE, "it is of `dmabench test`"),
    "nothing in common": (Maker(samples=5).sweep(op="memset", size=[7]).document(),
                          "no configuration in common"),
}


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("first", [True, False])
def test_what_cannot_be_compared_is_refused_in_one_line(name, first, put, tmp_path, capsys):
    document, why = BAD[name]
    files = [str(put("good", measured(1))), str(put("bad", document))]
    out = tmp_path / "out"
    assert cli.main(["compare", *(files if first else files[::-1]), "-o", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1 and why in said.err
    assert not out.exists()


@pytest.mark.parametrize("arguments, why", [
    (["compare"], "required: RESULTS.json"), (["compare", "x.json"], "two files or more"),
    (["compare", "x.json", "y.json", "--noise", "z.json"], "expected 2 arguments"),
])
def test_wrong_arguments(arguments, why, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    said = capsys.readouterr().err
    assert ended.value.code == 2 and why in said and said.count("\n") == 1


def test_a_missing_file(tmp_path, capsys):
    assert cli.main(["compare", str(tmp_path / "a.json"), str(tmp_path / "b.json")]) == 2
    assert "No such file" in capsys.readouterr().err
