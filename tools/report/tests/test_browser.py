# SPDX-License-Identifier: GPL-2.0-only
"""The page in a real browser: nothing in its console, nothing cut off, nothing overlapping."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from report import load, page
from report.tests import suites
from report.tests.synthetic import Maker

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))),
               None)

pytestmark = pytest.mark.skipif(BROWSER is None, reason="no chromium is installed")

#: Looks at a page from within, and tells the page around it what it saw, as JSON.
PROBE = """
<script>
const seen = {width: document.documentElement.scrollWidth, window: innerWidth,
              cut: [], overlap: [], small: 1e9, texts: 0};
for (const svg of document.querySelectorAll("figure svg")) {
  const frame = svg.getBoundingClientRect();
  const boxes = [...svg.querySelectorAll("text")].map(
    text => [text.textContent, text.getBoundingClientRect()]);
  seen.texts += boxes.length;
  for (const [name, box] of boxes) {
    seen.small = Math.min(seen.small, box.height);
    if (box.left < frame.left - 1 || box.right > frame.right + 1 ||
        box.top < frame.top - 1 || box.bottom > frame.bottom + 1) seen.cut.push(name);
  }
  for (let i = 0; i < boxes.length; i++) for (let j = 0; j < i; j++) {
    const [a, b] = [boxes[i][1], boxes[j][1]];
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 1 && high > 0.3 * Math.min(a.height, b.height))
      seen.overlap.push(boxes[i][0] + " / " + boxes[j][0]);
  }
}
parent.postMessage(JSON.stringify(seen), "*");
</script>
"""

#: A window cannot be made as narrow as a phone, a frame in it can.
FRAME = """<!DOCTYPE html><html><head><title>frame</title></head><body>
<script>
addEventListener("message", message => {
  const out = document.createElement("pre");
  out.id = "probe";
  out.textContent = message.data;
  document.body.append(out);
});
</script>
<iframe src="probed.html" width="WIDTH" height="2000" frameborder="0" scrolling="no"></iframe>
</body></html>
"""


def browse(path: Path, profile: Path) -> tuple[str, list[str]]:
    """(DOM after loading, lines of the console) of a page."""
    done = subprocess.run(
        [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking", "--disable-component-update",
         "--disable-sync", "--hide-scrollbars", f"--user-data-dir={profile}",
         "--window-size=1400,2000", "--virtual-time-budget=3000",
         "--enable-logging=stderr", "--v=0", "--dump-dom", path.resolve().as_uri()],
        capture_output=True, text=True, check=False, timeout=120)
    assert "<html" in done.stdout, done.stderr
    return done.stdout, [line for line in done.stderr.splitlines()
                         if re.search(r":CONSOLE[(:]", line)]


def many(run: dict, factor: int) -> None:
    """As if so many times more transfers had been made: long tails have long labels."""
    run["result"]["transfers"] *= factor
    for stage in run["stages"].values():
        stage["sum"] *= factor
        stage["bins"] = [[low, high, count * factor] for low, high, count in stage["bins"]]


@pytest.fixture(scope="module", name="report")
def _report(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("browser")
    maker = Maker(samples=80)
    sizes = [64, 1024, 16384, 1048576]
    for repeat in range(2):
        maker.sweep(size=sizes, depth=[1, 16, 256], repeat=repeat)
        maker.sweep(op="cpu_memcpy", size=sizes, repeat=repeat)
    maker.sweep(size=sizes[:2], wait=["poll", "hybrid"])
    for run in maker.runs:
        many(run, 20000)
    maker.add(size=64, state="failed")
    source = folder / "results.json"
    source.write_text(json.dumps(maker.document()))
    for name, content in page.render([load.load(source)]).files.items():
        (folder / name).write_bytes(content)
    return folder / "report.html"


def probed(report: Path, tmp_path: Path, width: int) -> dict:
    """What the probe sees in a copy of the page that lets scripts run."""
    html = report.read_text()
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    (tmp_path / "probed.html").write_text(html.replace("</body>", PROBE + "</body>"))
    frame = tmp_path / "frame.html"
    frame.write_text(FRAME.replace("WIDTH", str(width)))
    dom, console = browse(frame, tmp_path / "profile")
    assert not console
    return json.loads(re.search(r'<pre id="probe">(.*?)</pre>', dom, re.S).group(1))


def test_console_stays_empty(report, tmp_path):
    dom, console = browse(report, tmp_path / "profile")
    assert console == []
    assert dom.count("<svg") == len(list(report.parent.glob("*.png")))


@pytest.mark.parametrize("fault", [
    "<script>throw new Error('on purpose')</script>",
    "<script>console.error('on purpose')</script>",
    "<img src='missing.png'>",
])
def test_a_fault_in_a_page_would_be_seen(fault, report, tmp_path):
    broken = tmp_path / "broken.html"
    broken.write_text(report.read_text().replace("</body>", fault + "</body>"))
    assert browse(broken, tmp_path / "profile")[1]


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_cut_off_or_overlaps_at_any_width(width, report, tmp_path):
    seen = probed(report, tmp_path, width)
    assert seen["window"] == width and seen["width"] <= width
    assert seen["texts"] > 200
    assert seen["cut"] == []
    assert seen["overlap"] == []
    assert seen["small"] >= 8, "too small to be read"


def test_the_probe_sees_text_that_is_cut_off_or_overlaps(report, tmp_path):
    fault = ('<figure style="width: 3000px"><svg viewBox="0 0 100 20">'
             '<text x="90" y="10">beyond the edge</text><text x="92" y="10">twice</text></svg>')
    broken = tmp_path / "broken.html"
    broken.write_text(report.read_text().replace("<footer>", fault + "</figure><footer>"))
    seen = probed(broken, tmp_path, 1280)
    assert seen["width"] > 1280 and seen["cut"] and seen["overlap"]


@pytest.mark.parametrize("number", [1, 2, 5])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_matrix_fits_at_any_width(number, width, tmp_path):
    rules = [f"A{part}.{row}\tdocumented\tx.h\ttext\t" for part in range(6)
             for row in range(1, 9)]
    tested = []
    for index in range(number):
        path = tmp_path / f"{index}.json"
        path.write_text(json.dumps(suites.mixed(
            rules=rules, channel=f"dma{index}chan10",
            driver=f"synthetic-{index}-with-a-long-name")))
        tested.append(load.load(path))
    report = tmp_path / "report.html"
    report.write_bytes(page.render(tested).files["report.html"])
    seen = probed(report, tmp_path, width)
    assert seen["window"] == width and seen["width"] <= width
    assert seen["texts"] > 48 * number
    assert seen["cut"] == []
    assert seen["overlap"] == []
