# SPDX-License-Identifier: GPL-2.0-only
"""Layers, the split of a transfer's time, flame graphs, and the chapter that shows them."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import pytest

from report import layers, load, page, sampled
from report.errors import ReportError
from report.figures import flame
from report.tests.synthetic import Maker

WORKER = ["kthread", "run_thread dmabench", "transfer_work dmabench", "refill dmabench"]
SUBMIT = [*WORKER, "dmabench_xfer_submit dmabench", "leg_submit dmabench"]
ISSUE = [*WORKER, "dmabench_queue_issue dmabench", "__local_bh_enable_ip", "do_softirq",
         "handle_softirqs", "tasklet_action_common", "dmasim_run dmasim"]
IDLE = ["common_startup_64", "cpu_startup_entry", "do_idle", "default_idle_call", "default_idle",
        "pv_native_safe_halt"]


def frames(words: list[str]) -> tuple[layers.Frame, ...]:
    """Frames of words "symbol module"."""
    return tuple((word.partition(" ")[0], word.partition(" ")[2]) for word in words)


@pytest.mark.parametrize("stack, layer, outside", [
    (SUBMIT, layers.CLIENT, False),
    ([*SUBMIT, "ktime_get"], layers.CLIENT, False),
    ([*SUBMIT, "dmasim_prep_memcpy dmasim"], layers.PROVIDER, False),
    ([*SUBMIT, "dmasim_submit dmasim", "_raw_spin_unlock_irqrestore"], layers.PROVIDER, False),
    ([*SUBMIT, "zynqmp_dma_prep_memcpy zynqmp_dma"], layers.PROVIDER, False),
    ([*SUBMIT, "pl330_tx_submit"], layers.PROVIDER, False),
    (ISSUE, layers.PROVIDER, False),
    (ISSUE[:-1], layers.SCHEDULER, False),
    ([*ISSUE, "dmasim_memcpy_move dmasim", "memcpy_orig"], layers.COPY, False),
    ([*ISSUE, "dmasim_memcpy_move dmasim", "__pi_memcpy_generic"], layers.COPY, False),
    ([*ISSUE, "dma_run_dependencies"], layers.CORE, False),
    ([*ISSUE, "dmasim_finish dmasim", "xfer_callback_result dmabench"], layers.CLIENT, False),
    ([*ISSUE, "xfer_callback_result dmabench", "try_to_wake_up"], layers.SCHEDULER, False),
    ([*WORKER[:3], "wait_for_some dmabench", "schedule_timeout", "__schedule"], layers.SCHEDULER,
     False),
    ([*WORKER, "dmabench_xfer_map dmabench"], layers.CLIENT, True),
    ([*WORKER, "dmabench_xfer_map dmabench", "dma_map_page_attrs"], layers.MAPPING, True),
    ([*WORKER, "dmabench_xfer_map dmabench", "swiotlb_map"], layers.MAPPING, True),
    ([*WORKER, "dmabench_xfer_setup dmabench"], layers.CLIENT, True),
    ([*WORKER[:3], "wait_for_some dmabench", "reap dmabench", "dmabench_account_done dmabench"],
     layers.CLIENT, True),
    ([*WORKER[:3], "wait_for_some dmabench", "reap dmabench", "xfer_recycle dmabench"],
     layers.CLIENT, True),
    ([*WORKER[:3], "wait_for_some dmabench"], layers.CLIENT, False),
    ([*WORKER[:3], "wait_for_some dmabench", "ktime_get", "read_tsc"], layers.CLIENT, True),
    ([*WORKER[:3], "stream_in_turn dmabench"], layers.CLIENT, True),
    ([*WORKER[:3], "wait_for_some dmabench", "reap_landed dmabench", "ktime_get"], layers.CLIENT,
     True),
    ([*WORKER[:3], "wait_for_some dmabench", "reaped dmabench"], layers.CLIENT, True),
    (WORKER, layers.CLIENT, True),
    ([*WORKER, "asm_sysvec_apic_timer_interrupt", "sysvec_apic_timer_interrupt"],
     layers.SCHEDULER, True),
    ([*WORKER, "asm_sysvec_apic_timer_interrupt", "handle_softirqs", "dmasim_run dmasim"],
     layers.PROVIDER, False),
    (IDLE, layers.IDLE, False),
    (IDLE[:3], layers.SCHEDULER, False),
    ([*IDLE, "asm_sysvec_call_function_single", "handle_softirqs"], layers.SCHEDULER, False),
    (["[user]"], layers.OTHER, False),
    (["entry_SYSCALL_64_after_hwframe", "do_syscall_64", "schedule"], layers.OTHER, False),
    (["entry_SYSCALL_64_after_hwframe", "handle_softirqs", "dmasim_run dmasim"], layers.PROVIDER,
     False),
    (["entry_SYSCALL_64_after_hwframe", "vfs_read"], layers.OTHER, False),
])
def test_a_stack_has_its_layer(stack, layer, outside):
    assert (layers.layer(frames(stack)), layers.is_outside(frames(stack))) == (layer, outside)


def test_what_cannot_be_told_is_known_as_such():
    assert layers.is_lost(frames(["__softirqentry_text_end"]))
    assert not layers.is_lost(frames(["[user]"]))
    assert not layers.is_lost(frames(["refill dmabench"]))
    assert not layers.is_lost(frames(["vfs_read", "__x86_return_thunk"]))


def recorded(stacks: list[tuple[int, int, int, list[str]]], **changes) -> dict:
    """The member `perf` with one run of these (worker, ns, samples, words)."""
    names = list(dict.fromkeys(word for *_, words in stacks for word in words))
    run = {
        "run": 0,
        "sampled": {"window_ns": 1000000, "transfers": 100,
                    "stages": {"total": {"count": 100, "sum": 700000}}, "samples": 9,
                    "stacks": [[worker, ns, samples, *map(names.index, words)]
                               for worker, ns, samples, words in stacks]},
        "traced": {"window_ns": 5, "transfers": 64,
                   "events": {"sched:sched_wakeup": 32, "irq:softirq_entry": 64,
                              "dmabench:dmabench_done": 64}}}
    return {"version": "perf version 0.0-synthetic", "clock": "cpu-clock", "frequency": 997,
            # What a compiler appends to names is not theirs.
            "frames": [[word.partition(" ")[0] + (".part.0" if word == SUBMIT[-1] else ""),
                        word.partition(" ")[2]] for word in names],
            "runs": [run],
            "functions": [
                {"frame": names.index(stacks[0][3][-1]), "size": 64, "samples": 5, "ns": 500,
                 "why": None, "code": [[0, 0, 0, "endbr64"], [4, 5, 500, "rep movsb <%rsi>"],
                                       [6, 0, 0, "ret"]]},
                {"frame": names.index(SUBMIT[-1]), "size": 9, "samples": 1, "ns": 1,
                 "why": "its code cannot be read", "code": [[3, 1, 1, ""]]}], **changes}


STACKS = [
    (1, 300000, 3, [*ISSUE, "dmasim_memcpy_move dmasim", "memcpy_orig"]),
    (1, 200000, 2, SUBMIT),
    (1, 100000, 1, ISSUE),
    (1, 100000, 1, [*WORKER, "dmabench_xfer_map dmabench", "dma_map_page_attrs"]),
    (1, 100000, 1, [*WORKER, "dmabench_xfer_setup dmabench"]),
    (0, 50000, 1, ["kthread", "dmasim_thread dmasim", "dmasim_run dmasim"]),
    (0, 900000, 9, IDLE),
    (0, 50000, 1, ["[user]"]),
]


def one(stacks) -> sampled.Sampled:
    """The only run of a recording."""
    return sampled.read(recorded(stacks)).runs[0]


def test_a_transfers_time_is_split_by_layer():
    split = sampled.times(one(STACKS))
    assert split.inside == pytest.approx({layers.COPY: 3000, layers.CLIENT: 2000,
                                          layers.PROVIDER: 1000 + 500})
    assert split.outside == pytest.approx({layers.MAPPING: 1000, layers.CLIENT: 1000})
    # The thread did not run for 200 µs; of these another worked for it for 50.
    assert split.waiting == pytest.approx(1500)
    assert split.sum == pytest.approx(8000) and split.total == 7000
    # Eight samples of the worker, of which a fifth of the time lies outside.
    assert split.samples == 8
    assert split.uncertainty == pytest.approx(1.96 * (0.2 / 0.8 / 8) ** 0.5)


def test_others_count_as_far_as_the_worker_waits():
    split = sampled.times(one([*STACKS[:5], (1, 150000, 1, SUBMIT), STACKS[5], STACKS[5]]))
    assert split.waiting == 0
    assert split.inside[layers.PROVIDER] == pytest.approx(1000 + 500)
    assert split.sum + sum(split.outside.values()) == pytest.approx(10000)


def test_samples_that_cannot_be_told_are_spread():
    split = sampled.times(one([*STACKS[:5], (1, 200000, 1, ["__softirqentry_text_end"])]))
    assert layers.OTHER not in split.inside
    assert split.inside[layers.COPY] == pytest.approx(3000 * 10 / 8)
    assert split.waiting == pytest.approx(0)


def test_without_samples_there_is_no_split():
    assert sampled.times(sampled.Sampled(0, 1, 0, 0, {}, (), 0, {})) is None


def test_boxes_stand_on_their_callers():
    found = flame.boxes(one(STACKS).work)
    bottom = [box for box in found if box.row == 0]
    assert bottom[0].frame == ("run_thread", "dmabench"), "kthread says nothing"
    assert sum(box.width for box in bottom) == pytest.approx(1)
    assert sum(box.time for box in bottom) == 850000
    for box in found:
        if box.row:
            below = [each for each in found if each.row == box.row - 1 and
                     each.left <= box.left + 1e-9 and
                     box.left + box.width <= each.left + each.width + 1e-9]
            assert len(below) == 1, box
    assert not [box for box in found if box.layer == layers.IDLE]


def test_its_svg_is_text_with_tooltips_and_no_script():
    found = flame.boxes(one(STACKS).work)
    markup = flame.markup(found, 100, "stem", "a <title> & more")
    root = ET.fromstring(markup)
    titles = [element.text for element in root.iter("title")]
    assert titles[0] == "a <title> & more"
    assert "memcpy_orig: copy, 35\xa0%, 3.00\xa0µs per transfer" in titles
    assert "transfer_work" in [element.text for element in root.iter("text")]
    assert "script" not in markup and "http" not in markup
    used = {element.get("fill") for element in root.iter()}
    assert {layers.LAYERS[name] for name in (layers.CLIENT, layers.COPY, layers.PROVIDER)} <= used


def rendered(tmp_path, perf) -> dict[str, bytes]:
    """The files of a report whose first run was sampled."""
    document = Maker(samples=40).sweep(size=[64, 4096], depth=[1, 16]).document(perf=perf)
    source = tmp_path / "results.json"
    source.write_text(json.dumps(document))
    return page.render([load.load(source)]).files


def test_the_page_tells_all_of_it(tmp_path):
    files = rendered(tmp_path, recorded(STACKS))
    html = files["report.html"].decode()
    assert files["memcpy-flame-64-depth1.png"].startswith(b"\x89PNG")
    assert "Where a transfer&#39;s time goes" in html
    row = re.search(r"<th scope=\"row\">difference</th><td>([^<]*)</td>", html)
    assert row and row[1].startswith("+14.3")
    assert "rep movsb &lt;%rsi&gt;" in html and "its code cannot be read" in html
    cells = re.search(r"64\xa0B, depth 1, irq</th><td>([^<]*)</td><td>([^<]*)</td>", html)
    assert cells and [float(cell) for cell in cells.groups()] == [0.5, 1.0]


def test_without_perf_the_page_has_no_such_chapter(tmp_path):
    document = Maker(samples=40).sweep(size=[64]).document()
    source = tmp_path / "results.json"
    source.write_text(json.dumps(document))
    assert "by perf" not in page.render([load.load(source)]).files["report.html"].decode()


@pytest.mark.parametrize("change", [
    {"frames": [["only one"]]}, {"runs": [{}]}, {"functions": [{"frame": 99}]}, {"runs": 7},
    {"frequency": "often"},
])
def test_a_damaged_member_is_refused(change, tmp_path):
    with pytest.raises(ReportError, match="perf: "):
        rendered(tmp_path, recorded(STACKS, **change))
