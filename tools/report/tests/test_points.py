# SPDX-License-Identifier: GPL-2.0-only
"""Grouping of runs, and where an engine overtakes the CPU."""

import json
import math

import pytest

from report import load, units, words
from report.figures.latency import chosen
from report.figures.stages import BETWEEN, split
from report.figures.throughput import views
from report.points import (against_cpu, base_of, best, comparable, crossover, label, series_of,
                           varying)
from report.tests.synthetic import Maker, full


def loaded(tmp_path, document):
    """A document by way of its file."""
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document))
    return load.load(path)


def test_repeats_make_one_point_with_median_and_range(tmp_path):
    maker = Maker()
    for repeat, rate in enumerate((100, 300, 110)):
        maker.add(size=64, repeat=repeat)["result"].update(ops_per_s=rate, bytes_per_s=rate * 64)
    (series,) = series_of(loaded(tmp_path, maker.document()).runs)
    spread = series.point(64).ops
    assert (spread.median, spread.low, spread.high, spread.repeats) == (110, 100, 300, 3)
    assert series.point(64).stage("total").count == 3 * maker.samples


def test_how_long_a_run_lasted_does_not_split_a_series(tmp_path):
    maker = Maker()
    maker.add(size=64, iterations=100)
    maker.add(size=128, iterations=900, runtime_ms=5, seed="77", verify="none")
    assert len(series_of(loaded(tmp_path, maker.document()).runs)) == 1


def test_any_other_knob_splits_and_names_a_series(tmp_path):
    maker = Maker()
    maker.sweep(size=[64, 128], depth=[1, 16], wait=["poll", "irq"], map=["once"])
    maker.add(size=64, threads=2)
    series = series_of(loaded(tmp_path, maker.document()).runs)
    names = varying(series)
    assert names == ["depth", "wait", "threads", "map"]
    assert [label(one, names[:2]).replace(units.GAP, " ") for one in series] == [
        "depth 1, irq", "depth 1, irq", "depth 1, poll", "depth 16, irq", "depth 16, poll"]
    assert base_of(series, ("wait",))["depth"] == 1


def test_failed_and_empty_runs_are_in_no_series(tmp_path):
    maker = Maker()
    maker.add(size=64, state="failed")
    maker.add(size=64)["result"].update(transfers=0)
    maker.add(size=64)["status"]["state"] = "failed"
    assert not series_of(loaded(tmp_path, maker.document()).runs)


def test_crossover_is_interpolated_on_logarithmic_axes():
    # Engine s, CPU constant 1000: equal at exactly 1000 bytes.
    sizes = [64 * 4 ** power for power in range(5)]
    found = crossover({size: float(size) for size in sizes}, dict.fromkeys(sizes, 1000.0))
    assert found.rises == (pytest.approx(1000),) and not found.falls
    assert found.closest == (16384, pytest.approx(16.384))


def test_crossover_finds_none_always_and_falling():
    cpu = {64: 100.0, 128: 100.0, 256: 100.0}
    never = crossover({64: 50.0, 128: 92.0, 256: 90.0}, cpu)
    assert never.crossings == [] and never.closest == (128, pytest.approx(0.92))
    assert "no crossover" in words.crossover_sentence(never, "CPU memcpy")
    assert "92\u00a0%" in words.crossover_sentence(never, "CPU memcpy")
    always = crossover({64: 150.0, 128: 200.0, 256: 300.0}, cpu)
    assert "faster than CPU memcpy at every size" in words.crossover_sentence(always, "CPU memcpy")
    falling = crossover({64: 200.0, 128: 200.0, 256: 50.0}, cpu)
    assert falling.falls == (pytest.approx(128 * 2 ** 0.5),)
    assert "up to about 181" in words.crossover_sentence(falling, "CPU memcpy")


def test_a_lead_within_the_noise_is_not_called_one():
    cpu = {64: 100.0, 128: 100.0, 256: 100.0}
    close = crossover({64: 50.0, 128: 90.0, 256: 105.0}, cpu)
    assert "draws level" in words.crossover_sentence(close, "CPU memcpy")
    clear = crossover({64: 50.0, 128: 90.0, 256: 115.0}, cpu)
    assert "overtakes" in words.crossover_sentence(clear, "CPU memcpy")


def test_crossover_with_several_crossings_is_said_to_be_so():
    cpu = dict.fromkeys((64, 128, 256, 512), 100.0)
    found = crossover({64: 50.0, 128: 200.0, 256: 50.0, 512: 200.0}, cpu)
    assert len(found.rises) == 2 and len(found.falls) == 1
    assert words.crossover_sentence(found, "CPU memcpy").replace(units.GAP, " ") == (
        "The engine and CPU memcpy cross 3 times: it overtakes at about 91 B, "
        "falls behind at about 181 B and overtakes at about 362 B.")
    assert words.crossover_short(found) == "3 crossings"


def test_crossover_without_a_common_size_is_unknown():
    assert crossover({64: 1.0}, {128: 1.0}) is None
    assert words.crossover_short(None) == "not measured"


def test_equality_counts_as_overtaking_once():
    cpu = dict.fromkeys((64, 128, 256), 100.0)
    assert crossover({64: 50.0, 128: 100.0, 256: 150.0}, cpu).rises == (pytest.approx(128),)


def test_engine_with_more_workers_than_the_cpu_is_not_compared(tmp_path):
    maker = Maker()
    maker.sweep(size=[64, 1048576], depth=1, threads=[1, 4])
    maker.sweep(op="cpu_memcpy", size=[64, 1048576])
    series = series_of(loaded(tmp_path, maker.document()).runs)
    roof = [one for one in series if one.operation == "cpu_memcpy"]
    engines = [one for one in series if one.operation == "memcpy"]
    assert [one.knob("threads") for one in comparable(engines, roof)] == [1]
    one_thread = best(comparable(engines, roof), lambda point: point.rate.median)
    cpu = best(roof, lambda point: point.rate.median)
    assert against_cpu(engines, roof).ratios[64] == pytest.approx(one_thread[64][0] / cpu[64][0])


def test_points_for_latency_are_small_and_large_in_each_wait_mode(tmp_path):
    maker = Maker()
    maker.sweep(size=[64, 4096, 65536], wait=["irq", "poll"], depth=[1, 16])
    maker.add(size=1048576, wait="irq")
    found = chosen(series_of(loaded(tmp_path, maker.document()).runs))
    assert [(each.point.size, each.series.knob("wait"), each.series.depth) for each in found] == [
        (64, "irq", 1), (64, "poll", 1), (65536, "irq", 1), (65536, "poll", 1)]


def test_stages_add_up_to_total_and_mapping(tmp_path):
    maker = Maker()
    maker.add(size=4096)
    point = series_of(loaded(tmp_path, maker.document()).runs)[0].points[0]
    found = split(point)
    outside = point.stage("map").mean + point.stage("unmap").mean
    assert found.whole == pytest.approx(point.stage("total").mean + outside)
    assert found.parts[BETWEEN] == pytest.approx(150, abs=5)


def test_many_lines_are_split_into_views_of_one_knob_each(tmp_path):
    engines = [one for one in series_of(loaded(tmp_path, full()).runs) if one.operation == "memcpy"]
    found = {view.suffix: view for view in views(engines)}
    assert set(found) == {"", "-wait", "-threads", "-map"}
    assert [one.depth for one in found[""].series] == [1, 4, 16, 64, 256]
    assert {one.knob("wait") for one in found["-wait"].series} == {"irq", "poll", "hybrid"}
    assert {one.knob("threads") for one in found["-threads"].series} == {1, 2, 4}
    assert found["-threads"].fixed.replace(units.GAP, " ") == "depth 16, irq, mapped per transfer"


def test_interpolation_of_neighbours_stays_between_them():
    found = crossover({4096: 80.0, 16384: 130.0}, {4096: 100.0, 16384: 100.0})
    assert 4096 < found.rises[0] < 16384
    share = math.log(found.rises[0] / 4096) / math.log(4)
    assert share == pytest.approx(-math.log(0.8) / (math.log(1.3) - math.log(0.8)))
