# SPDX-License-Identifier: GPL-2.0-only
"""Results of `dmabench test`: verdicts, the matrix, its page."""

from __future__ import annotations

import json
import re

import pytest

from report import load, verdicts
from report.conformance import MARKS, NO_CASE, NOT_RUN, VERDICTS, matrix, worst
from report.errors import ReportError
from report.tests import suites
from report.tests.suites import document, mixed, outcome
from report.tests.synthetic import Maker
from report.tests.test_page import check, rendered


def loaded(tmp_path, *documents):
    """The matrix of documents, by way of their files."""
    found = []
    for index, one in enumerate(documents):
        path = tmp_path / f"suite-{index}.json"
        path.write_text(json.dumps(one))
        found.append(load.load(path))
    return matrix(found)


def by_rule(found):
    """Verdicts by number, a list with one for each suite."""
    return {rule.number: [found.verdict(suite, rule) for suite in found.suites]
            for rule in found.rules}


@pytest.mark.parametrize("verdicts_of, expected", [
    (["passed", "skipped"], "passed"), (["skipped"], "skipped"), ([], NOT_RUN),
    (["passed", "waived", "failed"], "failed"), (["advised", "waived"], "advised")])
def test_worst(verdicts_of, expected):
    assert worst(verdicts_of) == expected


def test_a_rule_is_as_its_own_cases_are(tmp_path):
    found = loaded(tmp_path, mixed())
    assert by_rule(found) == {
        # status.true looks at A4.7, too, and fails: that tells of A5.1.
        "A4.3": ["failed"], "A4.7": ["passed"], "A4.9": ["passed"], "A4.10": [NO_CASE],
        "A5.1": ["advised"]}
    assert [title for title, _ in found.parts] == ["A4: queue", "A5: status"]


def test_rules_are_in_the_order_of_their_numbers(tmp_path):
    rules = list(reversed(suites.RULES))
    assert [rule.number for rule in loaded(tmp_path, mixed(rules=rules)).rules] == [
        "A4.3", "A4.7", "A4.9", "A4.10", "A5.1"]


def test_rounds_count_by_the_worst(tmp_path):
    found = loaded(tmp_path, document(
        outcome("queue.submit", "passed"), outcome("queue.submit", "failed"),
        outcome("queue.submit", "passed")))
    assert by_rule(found)["A4.3"] == ["failed"]
    cells = [case["cells"][0].words for part in verdicts.rows(found) for row in part["rules"]
             for case in row["cases"] if case["case"].name == "queue.submit"]
    assert cells == ["failed 1 of 3"]


def test_several_suites_side_by_side(tmp_path):
    older = mixed(driver="other", definitions=suites.CASES[:3], rules=suites.RULES[:3])
    older["suite"]["cases"] = older["suite"]["cases"][:2]
    found = loaded(tmp_path, mixed(), older)
    assert found.names == ["synthetic dma0chan0", "other dma0chan0"]
    assert by_rule(found)["A4.3"] == ["failed", NOT_RUN]
    assert by_rule(found)["A5.1"] == ["advised", NO_CASE]


def test_suites_that_differ_in_kernel_or_file_alone(tmp_path):
    assert loaded(tmp_path, mixed(), mixed(kernel="6.1.0")).names == [
        "synthetic dma0chan0 6.12.0-synthetic", "synthetic dma0chan0 6.1.0"]
    assert loaded(tmp_path, mixed(), mixed()).names == [
        "synthetic dma0chan0 6.12.0-synthetic suite-0.json",
        "synthetic dma0chan0 6.12.0-synthetic suite-1.json"]


def test_page_of_one(tmp_path):
    one = mixed()
    files, html = rendered(tmp_path, one)
    read = check(files, html, one)
    assert set(files) == {"report.html", "conformance-matrix.png"}
    for words in ("synthetic on Linux 6.12.0-synthetic", "seed 7", "paper", "emulated",
                  "expected 0 bytes, seen 4096 & <script>", "cookie 4, submitted 5888 ns",
                  "stands in: client.rst:1", "the provider completes out of order",
                  "Untested: no client can tell.", "Looked at by queue.in_order",
                  "Rules that are broken: A4.3.", "1 failed, 1 advised, 1 passed and 1 skipped",
                  "only"):
        assert words in read.text, words
    assert "<b>only</b>" not in html


def test_every_verdict_has_a_word_and_a_mark(tmp_path):
    one = mixed(planned=9)
    one["suite"]["cases"][0]["verdict"] = "waived"
    one["suite"]["cases"][0]["reason"] = "it is known"
    _, html = rendered(tmp_path, one)
    chips = re.findall(r'class="chip ([\w-]+)"><b aria-hidden="true">(.)</b> ([^<]*)<', html)
    assert {verdict.replace(" ", "-") for verdict in MARKS} == {style for style, *_ in chips}
    for style, mark, words in chips:
        assert MARKS[style.replace("-", " ")] == mark
        assert words.startswith(style.replace("-", " ")) or words == "untested"
    assert len(set(MARKS.values())) == len(MARKS)
    assert "Waived because: it is known" in html


def test_page_of_an_end_before_time(tmp_path):
    one = document(outcome("queue.in_order", "passed"), planned=4,
                   bailed_out="6 cases in a row have timed out")
    files, html = rendered(tmp_path, one)
    read = check(files, html, one)
    assert "It ended after 1 of 4 cases: 6 cases in a row have timed out." in read.text
    assert "Cases that were not run" in read.text


def test_page_of_nothing_run(tmp_path):
    one = document(planned=4)
    one["run"]["status"] = {"state": "failed", "errno": -16, "error": "EBUSY",
                            "reason": "dma0chan0 is in use"}
    files, html = rendered(tmp_path, one)
    assert "The run: dma0chan0 is in use." in check(files, html, one).text


def test_page_of_many_channels_and_of_results(tmp_path):
    measured = Maker(samples=60).sweep(size=[64, 4096], depth=1).document()
    tested = [mixed(channel=f"dma{index}chan0") for index in range(4)]
    files, html = rendered(tmp_path, *tested, measured)
    read = check(files, html, *tested, measured)
    assert "conformance-matrix.png" in files and len(files) > 3
    for index in range(4):
        assert f"synthetic dma{index}chan0" in read.text


def test_many_rules_are_drawn(tmp_path):
    rules = [f"A{part}.{number}\tstrict\tx.h\ttext\t" for part in range(10)
             for number in range(1, 14)]
    one = mixed(rules=rules)
    files, html = rendered(tmp_path, one)
    check(files, html, one)
    assert html.count('<tr class="rule">') == 130


@pytest.mark.parametrize("change, told", [
    ({"cases": [{"name": "queue.submit", "verdict": "perhaps"}]}, "`perhaps` is no verdict"),
    ({"cases": [{"verdict": "passed"}]}, "lacks `name`"),
    ({"cases": None}, "is not a list"),
    ({"rules": ["A4.3 strict"]}, "no line of the file `rules`"),
    ({"rules": [3]}, "is not a string"),
    ({"definitions": ["queue.submit"]}, "no line of the file `cases`"),
    ({"definitions": ["queue.submit what=A4.3 grade=strict needs=none opt_in=none so"]},
     "no line of the file `cases`"),
])
def test_damaged_documents(tmp_path, change, told):
    with pytest.raises(ReportError, match=told):
        loaded(tmp_path, mixed(**change))


def test_verdicts_are_those_of_the_command():
    assert set(VERDICTS) == {"passed", "failed", "advised", "waived", "skipped"}
