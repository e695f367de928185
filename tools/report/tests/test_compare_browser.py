# SPDX-License-Identifier: GPL-2.0-only
"""The pages of compare and history in a real browser, as wide as a desktop and a phone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from report import cli
from report.tests.synthetic import Maker
from report.tests.test_browser import BROWSER, browse, probed

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium is installed")


@pytest.fixture(scope="module", name="folder")
def _folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("pages")
    files = []
    for name in ("old", "a-name-that-is-rather-long-for-a-file", "new"):
        maker = Maker(samples=150)
        for repeat in range(6):
            maker.sweep(size=[64, 1048576], depth=[1, 1024], wait=["irq", "hybrid"],
                        repeat=repeat)
        document = maker.document(revision=f"{name[:3]}0123456789")
        document["runs"] = document["runs"][:-1]
        for run in document["runs"]:
            run["result"]["ops_per_s"] = int(run["result"]["ops_per_s"] / len(name) ** 0.1)
        document["system"]["kernel"] = "6.1.0-51-amd64" if name == "new" else "7.2.12"
        files.append(folder / f"{name}.json")
        files[-1].write_text(json.dumps(document))
    for verb in (["compare", *files], ["history", folder / "h.db", "add", *files],
                 ["history", folder / "h.db", "plot"]):
        out = [] if "add" in verb else ["-o", folder]
        assert cli.main([str(word) for word in (*verb, *out)]) == 0
    return folder


@pytest.mark.parametrize("page", ["compare.html", "history.html"])
def test_console_stays_empty(page, folder, tmp_path):
    dom, console = browse(folder / page, tmp_path / "profile")
    assert console == []
    assert dom.count("<svg") == len(list(folder.glob(f"{page[:-5]}-*.png")))


@pytest.mark.parametrize("page", ["compare.html", "history.html"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_cut_off_or_overlaps_at_any_width(page, width, folder, tmp_path):
    seen = probed(folder / page, tmp_path, width)
    assert seen["window"] == width and seen["width"] <= width
    assert seen["texts"] > 100
    assert seen["cut"] == []
    assert seen["overlap"] == []
    assert seen["small"] >= 8, "too small to be read"
