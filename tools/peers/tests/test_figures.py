# SPDX-License-Identifier: GPL-2.0-only
"""Figures, verdicts and the page, from files as a guest leaves them."""

import json

import pytest
from peertable import bounds, cli, figures, page, table
from peertable.errors import PeersError
from peertable.rows import ROWS

BY_KEY = {row.key: row for row in ROWS}


def leave(folder, ratio=20.0, repeats=7, context="softirq", slower=()):
    """What a guest leaves: dmabench is RATIO times as fast as one thread of dmatest."""
    lines = []
    for repeat in range(repeats):
        peer = 1000.0 * (1 + repeat % 3)
        lines += [f"{context} peers.best {repeat} {peer * (ratio + 0.01 * repeat):.0f}",
                  f"{context} peers.dmatest64x1 {repeat} {peer:.0f}"]
        lines += [f"{context} peers.dmatest64x{threads} {repeat} {peer * factor:.0f}"
                  for threads, factor in slower]
    lines.append(f"{context} memory.client 0 552")
    (folder / "results").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "skipped").write_text(
        f"{context} channels.channels64 this dmabench has no knob-workers\n", encoding="utf-8")
    (folder / "chosen").write_text(
        f"{context} best64 20000 depth=64 batch=64 wait=hybrid\n", encoding="utf-8")
    (folder / "machine").write_text("kernel 6.12.0\nmodel QEMU Virtual CPU\n", encoding="utf-8")
    return figures.read(folder, "x86_64-6.12", "tcg")


def one(guest, key, judged=True, context="softirq"):
    """The figure of a row."""
    return figures.figure(guest, BY_KEY[key], context, judged)


def test_the_ratio_is_that_of_pairs(tmp_path):
    # The machine was up to three times slower at times; the pairs do not notice.
    found = one(leave(tmp_path), "default")
    assert found.value == pytest.approx(20.03)
    assert found.low == pytest.approx(20.0) and found.high == pytest.approx(20.06)
    assert found.pairs == 7 and found.holds and found.sure


def test_of_the_runs_of_a_repeat_the_fastest_counts(tmp_path):
    leave(tmp_path)
    with (tmp_path / "results").open("a", encoding="utf-8") as file:
        file.write("softirq peers.best 0 1\nsoftirq peers.best 1 90000\n")
    values = figures.read(tmp_path, "x", "tcg").values["softirq", "peers.best"]
    assert values[0] == 20000 and values[1] == 90000


def test_below_the_target_does_not_hold(tmp_path):
    found = one(leave(tmp_path, ratio=17.5), "default")
    assert found.holds is False and found.sure
    assert table.verdict(found) == "no"


def test_an_interval_across_the_target_is_not_sure(tmp_path):
    found = one(leave(tmp_path, ratio=17.99), "default")
    assert found.holds and not found.sure
    assert table.verdict(found) == "yes ~"


def test_few_pairs_have_no_interval(tmp_path):
    found = one(leave(tmp_path, repeats=3), "default")
    assert found.low is None
    assert table.number(found) == "20.0"


def test_the_best_of_the_peers_counts(tmp_path):
    guest = leave(tmp_path, slower=[(2, 1.5), (4, 1.25), (8, 0.5)])
    found = one(guest, "threads")
    assert found.under[0] == "dmatest64x2"
    assert found.value == pytest.approx(20.03 / 1.5, rel=1e-3)
    # One thread is one thread, whatever others reach.
    assert one(guest, "default").under[0] == "dmatest64x1"


def test_what_grows_must_not_grow_too_much(tmp_path):
    row = BY_KEY["depth"]
    assert figures.Figure(row, "inline", 1.15, 1.16).holds is False
    assert figures.Figure(row, "inline", 1.15, 1.14).holds is True
    assert one(leave(tmp_path), "client").holds is False


def test_what_was_not_measured_does_not_hold(tmp_path):
    found = one(leave(tmp_path), "channels")
    assert found.holds is False
    assert found.why == "channels64: this dmabench has no knob-workers"
    assert one(leave(tmp_path), "stamps").why == "was not measured"


def test_elsewhere_only_what_holds_everywhere_is_judged(tmp_path):
    guest = leave(tmp_path)
    assert one(guest, "default", judged=False).holds is None
    assert one(guest, "virtdma", judged=False).target == 1.3


def a_page(tmp_path, texts, ratio=17.5, accelerator="tcg"):
    """A page of one guest."""
    guest = leave(tmp_path, ratio)
    guest.accelerator = accelerator
    found = figures.figures(guest, ROWS, ["softirq"], True)
    return page.page(page.Occasion("2026-01-01", "tools/peers", "abc", 7, 250, "a host"),
                     [(guest, found)], texts)


def test_the_page_explains_what_does_not_hold(tmp_path):
    text = a_page(tmp_path, {"default": "the tasklet's lock."})
    assert "with its default of one thread, softirq: the tasklet's lock." in " ".join(text.split())
    assert "17.5 [17.5, 17.6] | ≥ 18 | no |" in text
    assert "client, softirq: not explained yet." in " ".join(text.split())


def test_the_page_does_not_explain_what_holds(tmp_path):
    assert "the tasklet's lock" not in a_page(tmp_path, {"default": "the tasklet's lock."}, 20)


def test_what_is_emulated_is_called_so(tmp_path):
    assert "## x86_64-6.12: emulated (TCG)" in a_page(tmp_path, {})
    assert "emulated" not in a_page(tmp_path, {}, accelerator="kvm")


def test_explanations_are_by_row_or_by_context(tmp_path):
    path = tmp_path / "bounds.toml"
    path.write_text('same4k = "both"\n[same64]\ninline = "one"\n', encoding="utf-8")
    texts = bounds.read(path)
    assert bounds.explain(texts, "same4k", "inline") == "both"
    assert bounds.explain(texts, "same64", "inline") == "one"
    assert bounds.explain(texts, "same64", "softirq") is None
    path.write_text('nothing = "x"\n', encoding="utf-8")
    with pytest.raises(PeersError, match="nothing: no such row"):
        bounds.read(path)


def test_the_explanations_that_there_are_can_be_read():
    bounds.read(cli.BOUNDS)


def test_the_table_is_made_again_from_what_is_left(tmp_path, capsys):
    (tmp_path / "x86_64-6.12").mkdir()
    leave(tmp_path / "x86_64-6.12")
    (tmp_path / "x86_64-6.12/verdict.json").write_text('{"accelerator": "tcg"}', encoding="utf-8")
    (tmp_path / "occasion.json").write_text(json.dumps(
        vars(page.Occasion("2026-01-01", "tools/peers", "abc", 7, 250, "a host"))), "utf-8")
    common = ["--again", "--out", str(tmp_path)]
    assert cli.main([*common, "--rows", "default", "--contexts", "softirq"]) == 0
    assert "20.0 [20.0, 20.1]" in capsys.readouterr().out
    assert cli.main([*common, "--write", str(tmp_path / "performance.md")]) == 1
    document = json.loads((tmp_path / "performance.json").read_text(encoding="utf-8"))
    assert document["schema_version"] == 1 and document["repeats"] == 7
    guest = document["guests"][0]
    assert guest["emulated"] is True
    found = [figure for figure in guest["figures"] if figure["row"] == "default"]
    assert [figure["holds"] for figure in found] == [False, True]
    assert (tmp_path / "performance.md").read_text(encoding="utf-8").startswith("# Performance")


def test_part_of_the_table_is_not_written(tmp_path, capsys):
    with pytest.raises(SystemExit):
        cli.main(["--rows", "default", "--write", str(tmp_path / "x.md")])
    assert "--write needs all rows" in capsys.readouterr().err


def test_the_folder_of_the_page_is_made(tmp_path):
    path = tmp_path / "new" / "page.md"
    # pylint: disable-next=protected-access
    cli._write(path, page.Occasion("2026-01-01", "tools/peers", "abc", 7, 250, "a host"), [])
    assert path.exists() and path.with_suffix(".json").exists()
