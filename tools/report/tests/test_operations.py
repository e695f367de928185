# SPDX-License-Identifier: GPL-2.0-only
"""Pages over many operations, controls and audio streams."""

import json

import numpy as np

from report import load
from report.figures import all_of, audio, controls, operations
from report.summary import mismatched, summarize
from report.tests.synthetic import Maker, controlled, quick, stage_of, streamed
from report.tests.synthetic import operations as ops
from report.tests.synthetic import streams as pcm
from report.tests.test_page import check, rendered


def loaded(tmp_path, document):
    """A document by way of its file."""
    path = tmp_path / "results.json"
    path.write_text(json.dumps(document))
    return load.load(path)


def titles(results):
    """Titles of all chapters."""
    return [chapter.title for chapter in all_of(results)]


def test_many_operations_share_a_chapter(tmp_path):
    results = loaded(tmp_path, ops())
    assert titles(results) == ["All operations", "Controls"]
    rows = {row.name: row for row in operations.rows_of(results)}
    assert list(rows)[-1] == "CPU memcpy" and rows["interrupt"].best(4096, "bytes_per_s") is None
    assert rows["interrupt"].best(4096, "ops_per_s") > 0
    assert rows["pq"].latency(4096).count == 300, "the least depth alone"
    files, html = rendered(tmp_path, ops())
    check(files, html, ops())
    assert {"operations-throughput.png", "operations-operations.png", "operations-latency.png",
            "control-control-slave_sg.png"} <= set(files)


def test_an_operation_with_a_sweep_keeps_its_own_chapters(tmp_path):
    document = ops()
    maker = Maker(samples=60)
    maker.runs = document["runs"]
    maker.sweep("sweep", size=[64, 256, 1024, 16384], depth=[1, 16])
    found = titles(loaded(tmp_path, maker.document()))
    assert "All operations" in found and "Latency of memcpy" in found
    assert "Latency of xor" not in found


def test_two_operations_are_not_many(tmp_path):
    assert "All operations" not in titles(loaded(tmp_path, quick()))


def test_what_did_not_run_is_told_with_its_reason(tmp_path):
    results = loaded(tmp_path, ops())
    assert operations.not_run(results) == [
        ("memset_sg", "memset_sg", "synthetic0chan0: cannot do memset_sg"),
        ("dma_vec", "dma_vec", "this module does not know op=dma_vec")]
    said = " ".join(summarize(results).sentences)
    assert "Not run: memset_sg and dma_vec" in said and "There were no errors." in said
    html = rendered(tmp_path, ops())[1]
    assert html.count("this module does not know op=dma_vec") >= 2


def test_a_size_that_was_skipped_does_not_make_an_operation_missing(tmp_path):
    document = ops()
    maker = Maker(samples=60)
    maker.runs = document["runs"]
    maker.add("memcpy", state="skipped", op="memcpy", size=1 << 24)
    assert len(operations.not_run(loaded(tmp_path, maker.document()))) == 2


def test_controls_are_merged_and_counted(tmp_path):
    maker = Maker(samples=60)
    controlled(maker)
    controlled(maker, repeat=1)
    results = loaded(tmp_path, maker.document())
    spans = {span.name: span.stage for span in controls.spans_of(controls.runs_of(results))}
    assert spans["pause"].count == 600 and "restart" not in spans
    assert controls.runs_of(results)[0].extras("control") == {"pause": 300, "refused": 0}
    assert not mismatched(results), "samples of controls are no transfers"
    said = " ".join(summarize(results).sentences)
    assert "controls take: start" in said and "No run of an engine" not in said
    check(*rendered(tmp_path, maker.document()), maker.document())


def test_what_goes_round_is_prepared_once_for_all_its_periods(tmp_path):
    maker = Maker(samples=60)
    for name in ("cyclic", "memcpy"):
        maker.add(name, op=name)["stages"]["prep"] = stage_of(np.array([700.0]))
    assert [words.split(":")[0] for words in mismatched(loaded(tmp_path, maker.document()))] \
        == ["run 1"]


def test_tables_of_many_columns_have_the_whole_width(tmp_path):
    html = rendered(tmp_path, pcm())[1]
    assert html.count('class="omitted wide"') == 2


def test_a_channel_without_controls_has_a_page(tmp_path):
    maker = Maker(samples=60)
    run = controlled(maker)
    run["stages"] = {}
    files, html = rendered(tmp_path, maker.document())
    check(files, html, maker.document())
    assert "No control has samples" in html


def test_a_clean_stream_is_called_clean(tmp_path):
    results = loaded(tmp_path, pcm())
    assert audio.verdict(results) == (
        "The stream was clean: 2,800 period intervals in 4 runs, no frame lost, repeated or "
        "stale. The pointer was 64\u00a0B off at most. 2,800 callbacks told of 2,800 periods.")
    files, html = rendered(tmp_path, pcm())
    check(files, html, pcm())
    assert {"audio-periods.png", "audio-controls.png"} <= set(files)
    assert "playback, 1\u00a0KiB" in html and "pause resume" in html


def test_a_stream_with_a_flaw_is_not(tmp_path):
    maker = Maker(samples=50)
    streamed(maker, "playback", "tx", 1024)
    streamed(maker, "capture", "rx", 1024, frames_lost=3, frames_stale=1)
    results = loaded(tmp_path, maker.document())
    assert audio.verdict(results) == ("The stream was not clean: capture, 1\u00a0KiB: 3 frames "
                                      "lost and 1 frames stale.")
    assert any(tile.value == "not clean" for tile in summarize(results).tiles)


def test_a_stream_without_periods_has_a_page(tmp_path):
    maker = Maker(samples=50)
    run = streamed(maker, "playback", "tx", 1024)
    del run["stages"]["period"]
    files, html = rendered(tmp_path, maker.document())
    check(files, html, maker.document())
    assert "no_period_wakeup" in html
