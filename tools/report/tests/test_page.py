# SPDX-License-Identifier: GPL-2.0-only
"""Pages of results in every shape, and what must hold of each of them."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from report import load, page
from report.tests.synthetic import Maker, full

SIZES = [64, 4096, 1048576]
_VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    """Collects what the checks below look at, and insists on balanced elements."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.scripts: dict[str, str] = {}
        self.text = ""
        self._script = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        for key, value in attrs:
            if key == "id":
                self.ids.append(value)
            if key in ("href", "src", "srcset", "action", "data", "xlink:href", "poster"):
                self.links.append(value)
            if key.startswith("on"):
                self.handlers.append(key)
            self.links += [f"#{found}" for found in re.findall(r"url\(#([^)]+)\)", value or "")]
        if tag == "script":
            found = dict(attrs)
            assert found["type"] == "application/json"
            self._script = found["id"]
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open and self.open.pop() == tag, f"</{tag}> closes nothing"
        self._script = ""

    def handle_data(self, data):
        if self._script:
            self.scripts[self._script] = self.scripts.get(self._script, "") + data
        else:
            self.text += data


def rendered(tmp_path, *documents) -> tuple[dict[str, bytes], str]:
    """Files and page of documents, by way of their files."""
    many = []
    for index, document in enumerate(documents):
        path = tmp_path / f"results-{index}.json"
        path.write_text(json.dumps(document))
        many.append(load.load(path))
    files = page.render(many).files
    return files, files["report.html"].decode()


def check(files, html, *documents) -> Reader:
    """What must hold of every page."""
    read = Reader(html)
    assert not read.open, "elements left open"
    assert len(read.ids) == len(set(read.ids)), "an id stands twice"
    for link in read.links:
        assert link == "data:," or (link.startswith("#") and link[1:] in read.ids), link
    outside = re.sub(r"<script.*?</script>", "", html, flags=re.S)
    assert "//" not in outside and "@import" not in outside and "xmlns" not in outside
    assert not read.handlers and "img" not in read.tags
    assert list(map(json.loads, read.scripts.values())) == list(documents)
    drawn = [name for name in files if name.endswith(".png")]
    assert read.tags.count("svg") == read.tags.count("figure") == len(drawn)
    for name in drawn:
        assert files[name].startswith(b"\x89PNG") and re.fullmatch(r"[A-Za-z0-9_-]+\.png", name)
        assert name.removesuffix(".png") in read.ids
    for drawing in re.findall(r"<svg.*?</svg>", html, re.S):
        used = set(re.findall(r'(?:#|labelledby=")([\w-]+)', drawing))
        assert set(re.findall(r' id="([^"]+)"', drawing)) <= used, "an id that nothing needs"
        assert drawing.count("<path") > 5 and drawing.count("<text") > 3, "an empty plot"
    assert "nan" not in re.sub(r"[a-z]+nan|nan[a-z]+", "", read.text.lower())
    return read


def maker() -> Maker:
    """Few samples, so that a page is quick."""
    return Maker(samples=60)


def no_roof():
    """Engine runs alone."""
    return maker().sweep(size=SIZES, depth=[1, 16]).document()


def no_engine():
    """The baseline alone."""
    return maker().sweep(op="cpu_memcpy", size=SIZES).document()


def one_run():
    """As `dmabench bench` without a profile leaves it."""
    made = maker()
    made.add("command line", size=4096)
    return made.document(profile=None)


def one_depth():
    """A roof and one line."""
    return maker().sweep(size=SIZES).sweep(op="cpu_memcpy", size=SIZES).document()


def one_size():
    """Depth was swept, size was not."""
    return maker().sweep(size=4096, depth=[1, 16, 64]).document()


def all_failed():
    """Nothing was measured."""
    made = maker()
    made.add(size=64, state="failed")
    made.add(size=128, state="skipped")
    return made.document(return_code=1)


def some_failed():
    """Failed, stopped and empty runs between good ones; the file ends early."""
    made = maker().sweep(size=SIZES, depth=[1, 16])
    made.add(size=SIZES[0], depth=64)
    made.add(size=SIZES[1], depth=64, state="failed")
    made.add(size=SIZES[2], depth=64, state="stopped")
    made.add(size=SIZES[2], depth=1)["result"].update(transfers=0, ops_per_s=0, bytes_per_s=0)
    return made.document(interrupted=True, finished=None)


def no_stages():
    """Runs with stages=0 have counters alone."""
    return unstamped(maker().sweep(size=SIZES, depth=[1, 16], stages=0))


def unstamped(made: Maker):
    """Without samples there are few figures, which is quick."""
    for run in made.runs:
        run["stages"] = {}
    return made.document()


def only_total():
    """An older client may know fewer stages."""
    made = maker().sweep(size=SIZES, map="once")
    for run in made.runs:
        run["stages"] = {"total": run["stages"]["total"]}
    return made.document()


def zero_samples():
    """Stages that are there, with no samples; and times of zero."""
    made = maker().sweep(size=SIZES)
    for run in made.runs:
        count = run["result"]["transfers"]
        nothing = dict.fromkeys(run["stages"]["wake"], 0)
        run["stages"]["wake"] = {**nothing, "bins": []}
        run["stages"]["submit"] = {**nothing, "count": count, "bins": [[0, 0, count]]}
    return made.document()


def random_sizes():
    """A size is the largest of many."""
    return maker().sweep(size=SIZES, size_min=1, depth=[1]).document()


def one_transfer():
    """Histograms of a single sample."""
    return Maker(samples=1).sweep(size=SIZES, depth=[1, 4]).document()


def repeats():
    """Three of each, interleaved."""
    made = maker()
    for repeat in range(3):
        made.sweep("throughput", size=SIZES, depth=[1, 16], repeat=repeat)
        made.sweep("roof", op="cpu_memcpy", size=SIZES, repeat=repeat)
    return made.document()


def bare():
    """Only what the loader insists on."""
    return {"schema_version": 1, "runs": [{
        "config": {"op": "memcpy", "size": size, "depth": 1},
        "status": {"state": "done"},
        "result": {"transfers": 5, "ops_per_s": 10, "bytes_per_s": 10 * size}}
        for size in SIZES]}


def two_operations():
    """Another operation beside memcpy, with its own baseline missing."""
    return unstamped(maker().sweep(size=SIZES[:2]).sweep(
        op="cpu_memcpy", size=SIZES[:2]).sweep(op="memset", size=SIZES[:2]))


SHAPES = {made.__name__: made for made in (
    no_roof, no_engine, one_run, one_depth, one_size, all_failed, some_failed, no_stages,
    only_total, zero_samples, random_sizes, one_transfer, repeats, bare, two_operations)}

#: What a page of a shape says, whatever else it says.
SAYS = {
    "no_roof": ["was not measured", "There were no errors."],
    "no_engine": ["No run of an engine measured anything: there are figures of the CPU alone."],
    "one_run": ["from the command line", "The one run gave figures: 60 transfers",
                "Left out. Only one size, 4 KiB, was measured"],
    "one_depth": ["Crossover with CPU memcpy", "Left out. Only one depth was measured"],
    "one_size": ["Left out. Only one size, 4 KiB, was measured", "Only one size was measured"],
    "all_failed": ["None of 2 runs gave figures.", "No run of an engine measured anything.",
                   "synthetic: a transfer did not complete within 3000 ms", "ETIMEDOUT",
                   "1 run did not finish", "1 run was skipped"],
    "some_failed": ["8 of 10 runs gave figures", "The measurement was interrupted",
                    "3 runs did not finish", "failed", "shorter window",
                    "no transfer completed in the window"],
    "no_stages": ["stamps were off (stages=0)"],
    "only_total": ["No run has samples of the stages"],
    "zero_samples": ["Stages by size", "Not drawn, as all samples are 0: submit."],
    "random_sizes": ["memcpy at 1 B to 64 B, irq", "Sizes are random, up to the one"],
    "one_transfer": ["n = 1 transfer in 1 run"],
    "repeats": ["Points are medians", "up to 3 runs"],
    "bare": ["unknown kernel", "unknown machine"],
    "two_operations": ["Throughput of memset", "CPU memset was not measured"],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_gives_a_sound_page(shape, tmp_path):
    document = SHAPES[shape]()
    read = check(*rendered(tmp_path, document), document)
    said = re.sub(r"\s+", " ", read.text)
    for words in SAYS[shape]:
        assert words in said, words


def test_the_shape_of_the_full_profile(tmp_path):
    document = full()
    files, html = rendered(tmp_path, document)
    read = check(files, html, document)
    assert "2 runs were skipped" in read.text and "There were no errors." in read.text
    assert re.search(r">skipped</text>", html), "the map shows the hole"
    assert {"memcpy-throughput.png", "memcpy-throughput-wait.png", "memcpy-operations-threads.png",
            "memcpy-throughput-map.png",
            "memcpy-stages-poll.png", "memcpy-heatmap-p99.png"} < set(files)


def test_several_files_make_one_page_with_a_part_each(tmp_path):
    first, second = one_depth(), no_stages()
    files, html = rendered(tmp_path, first, second)
    read = check(files, html, first, second)
    assert {"1-memcpy-throughput.png", "2-memcpy-throughput.png"} < set(files)
    assert "1. results-0.json" in read.text and "2. results-1.json" in read.text


HOSTILE = ["<script>alert(1)</script> \" onload=\"alert(1) ' onload='alert(1)",
           "</script><script>alert(1)</script> <!-- <script> --> ]]> &lt;b&gt;",
           "{{ 7 * 7 }} {% raw %} $\\frac{1}{0}$ ../../etc/passwd",
           "日本 \u2028\u202e\x00\x1b[31m \x7f"]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_strings_are_shown_and_do_nothing(text, tmp_path):
    made = Maker(samples=20).sweep(size=SIZES[:2], depth=[1, 2], stages=0)
    document = made.document(profile={"name": text}, command=["dmabench", text])
    for run in made.runs:
        run["stages"] = {}
        run["result"].update(channels=[text], device=text, driver=text, seed=text,
                             first_error=text)
        run["config"].update(wait=text, op=text, device=text)
        run["section"] = text
    made.runs[0]["config"]["wait"] = "irq"
    made.add(size=64, state="failed")["status"].update(reason=text, error=text)
    document["channels"][0].update(name=text, driver=text)
    document["system"].update(kernel=text, machine=text, cmdline=text, accelerator=text)
    files, html = rendered(tmp_path, document)
    read = Reader(html)
    assert read.tags.count("script") == 1 and not read.handlers
    assert json.loads(read.scripts["json"]) == document
    assert len(read.ids) == len(set(read.ids))
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+\.png|report\.html", name) for name in files)
    assert text.split()[0] in read.text and "49" not in html.split("<h1>")[1][:80]


@pytest.mark.parametrize("shape", sorted(set(SHAPES) - {"bare"}))
def test_what_these_tests_assume_is_what_the_schema_says(shape):
    jsonschema = pytest.importorskip("jsonschema")
    schema = Path(__file__).resolve().parents[3] / "docs" / "results.schema.json"
    jsonschema.validate(SHAPES[shape](), json.loads(schema.read_text()))


def test_histograms_that_do_not_add_up_are_called_out(tmp_path):
    document = one_run()
    document["runs"][0]["stages"]["prep"]["bins"][0][2] += 7
    _, html = rendered(tmp_path, document)
    assert "the histogram of prep holds 67 samples for 60 transfers" in Reader(html).text


def test_every_number_of_a_figure_is_in_its_table(tmp_path):
    document = no_stages()
    _, html = rendered(tmp_path, document)
    text = Reader(html).text.replace("\u00a0", " ")
    for run in document["runs"]:
        rate = run["result"]["bytes_per_s"]
        unit, factor = next((unit, 1024 ** power) for power, unit in
                            ((3, "GiB/s"), (2, "MiB/s"), (1, "KiB/s")) if rate >= 1024 ** power)
        shown = [float(number) for number in re.findall(rf"([0-9.]+) {unit}", text)]
        assert any(abs(number * factor / rate - 1) < 0.006 for number in shown)


@pytest.mark.parametrize("emulated, accelerator, words", [
    (True, "tcg", "emulated (TCG): compare ratios, not absolute times"),
    (False, "kvm", "KVM"), (False, "metal", "bare metal"), (False, "uml", "user-mode Linux")])
def test_every_caption_names_the_circumstances(emulated, accelerator, words, tmp_path):
    document = unstamped(maker().sweep(size=SIZES[:2]))
    document["system"].update(emulated=emulated, accelerator=accelerator)
    _, html = rendered(tmp_path, document)
    captions = re.findall(r"<figcaption>(.*?)</figcaption>", html, re.S)
    assert captions
    for caption in captions:
        for part in (words, "Linux 0.0.0-synthetic", "synthetic machine", "synthetic.0",
                     "synthetic0chan0", "transfers in", "measured", "seed"):
            assert part in caption, part
    assert ("compare ratios" in html) == emulated
