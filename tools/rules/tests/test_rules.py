# SPDX-License-Identifier: GPL-2.0-only
"""Reading the tables, what does not fit, the page, the command."""

import pytest

from ruletable import cli, contract, csource, page
from ruletable.errors import RulesError

QUEUE = r'''
// A comment with "quotes" and { brackets
#include <linux/kernel.h>
#define SUBMIT "client.rst:260-298; " \
	"drivers/dma/TODO"

static const struct dmabench_rule queue_rules[] = {
	{ "A4.3", DMABENCH_DOCUMENTED, SUBMIT,
	  "submit does not start, "
	  "only issue_pending | it does" },
	/* { "A4.9", none } */
	{ "A4.7", DMABENCH_STRICT, "a.h:1", "in order", NULL },
	{ .number = "A4.8", .grade = DMABENCH_ADVISORY, .source = "b.h", .text = "in \"time\"",
	  .untested = "nobody " "can" },
	{ "A4.10", DMABENCH_STRICT, "c.h", "data first" },
};

static const struct dmabench_case probe = { .name = "measure", .rules = "" };

static const struct dmabench_case queue_cases[] = {
	{
		.name	= "queue.submit_does_not_start",
		.rules	= "A4.3 A4.7",
		.grade	= DMABENCH_DOCUMENTED,
		.needs	= NEEDS(CARRIER) | NEEDS(ORDER),
		.what	= "nothing happens, " "yet",
		.run	= submit_does_not_start,
	},
	{ .name = "queue.in_order", .rules = "A4.7", .grade = DMABENCH_STRICT, .what = "so",
	  .run = in_order },
};

const struct dmabench_chapter dmabench_chapter_queue = {
	.name		= "queue",
	.rules		= queue_rules,
	.nr_rules	= ARRAY_SIZE(queue_rules),
	.cases		= queue_cases,
	.nr_cases	= ARRAY_SIZE(queue_cases),
};
'''

DEFECTS = '''
/* DEFECT(name, rules, what) */
DEFECT(start_at_submit, "A4.3", "submit starts")
DEFECT(order_swap, "A4.7,A9.9", "two are exchanged")
'''


def _contract(text=QUEUE, order=("queue",)):
    found = contract.parse([csource.read("queue.c", text)], list(order))
    found.defects = contract.parse_defects(csource.read("defect-list.h", DEFECTS))
    return found


def test_rules_positional_and_designated():
    rules = _contract().rules
    assert [rule.number for rule in rules] == ["A4.3", "A4.7", "A4.8", "A4.10"]
    assert rules[0].source == "client.rst:260-298; drivers/dma/TODO"
    assert rules[0].text == "submit does not start, only issue_pending | it does"
    assert rules[1].untested is None
    assert (rules[2].grade, rules[2].text, rules[2].untested) == (
        "advisory", 'in "time"', "nobody can")
    assert rules[3].place == "queue.c:15"


def test_cases():
    cases = _contract().cases
    assert [case.name for case in cases] == ["queue.submit_does_not_start", "queue.in_order"]
    assert cases[0].rules == ("A4.3", "A4.7")
    assert cases[0].what == "nothing happens, yet"
    assert cases[0].grade == "documented"


def test_entries_made_by_a_macro():
    text = QUEUE.replace("static const struct dmabench_case queue_cases", r'''
#define CASE(_name, _grade, _needs) \
	{ .name = "queue." _name, .rules = "A4.7", .grade = DMABENCH_##_grade, .needs = _needs, \
	  .what = #_grade, .run = run }

static const struct dmabench_case queue_cases''').replace(
        "	{ .name = \"queue.in_order\"",
        "	CASE(\"made\", STRICT, NEEDS(CARRIER) | NEEDS(ORDER)),\n"
        "	{ .name = \"queue.in_order\"")
    made = [case for case in _contract(text).cases if case.name == "queue.made"]
    assert made[0].grade == "strict"
    assert made[0].what == "STRICT"


def test_cases_of_a_rule_begin_with_its_own():
    assert [case.name for case in _contract().cases_of("A4.7")] == [
        "queue.in_order", "queue.submit_does_not_start"]


def test_gaps():
    found = _contract()
    assert [rule.number for rule in found.untested()] == ["A4.10"]
    # A4.7 has a defect, A4.10 has none; A4.8 is not strict.
    assert [rule.number for rule in found.unproven()] == ["A4.10"]
    assert [(defect.name, numbers) for defect, numbers in found.stray_defects()] == [
        ("order_swap", ["A9.9"])]


def test_all_is_well():
    assert not contract.problems(_contract())


@pytest.mark.parametrize("old, new, told", [
    ('"A4.3 A4.7"', '"A4.3 A7.7"', "queue.submit_does_not_start: there is no rule A7.7"),
    ('"queue.in_order"', '"queue.submit_does_not_start"', "2 cases have this name"),
    ('"queue.in_order"', '"status.in_order"', "is called queue.SOMETHING"),
    ('"queue.in_order"', '"queue"', "is called queue.SOMETHING"),
    ('"A4.10"', '"A4.3"', "A4.3: 2 rules have this name"),
    ('.rules = "A4.7"', '.rules = "A4.8"', "A4.8: says why it is untested, but there is"),
    ("queue_rules[]", "other_rules[]", "other_rules: no chapter has this table"),
])
def test_what_does_not_fit(old, new, told):
    assert old in QUEUE
    found = contract.problems(_contract(QUEUE.replace(old, new, 1)))
    assert any(told in line for line in found), found


def test_chapter_that_is_not_registered():
    assert "queue: this chapter is not in chapter-list.h" in contract.problems(
        _contract(order=()))
    with pytest.raises(RulesError, match="no such chapter"):
        _contract(order=("queue", "status"))


@pytest.mark.parametrize("old, new, told", [
    ("DMABENCH_STRICT, \"a.h:1\"", "DMABENCH_STRIKT, \"a.h:1\"", "queue.c:12: .*no grade"),
    (".grade = DMABENCH_STRICT, .what", ".what", "no `grade`"),
    ('.what = "so"', '.colour = "so"', "`.colour` is no member"),
    ('.what = "so",', '', "no `what`"),
    ('"in order", NULL', '"in order", NULL, NULL', "more than 5 members"),
    ('"in order", NULL', 'in_order, NULL', "`in_order` is no string"),
    ("	{ .name", "	MAKE(a), { .name", "queue.c:.* begins with `MAKE`"),
    ('"data first" },\n};', '"data first" },\n', "never closed"),
])
def test_sources_that_cannot_be_read(old, new, told):
    assert old in QUEUE
    with pytest.raises(RulesError, match=told):
        _contract(QUEUE.replace(old, new, 1))


def test_page():
    text = page.render(_contract())
    assert ("| A4.3 | documented | submit does not start, only issue_pending \\| it does | "
            "client.rst:260-298; drivers/dma/TODO | `queue.submit_does_not_start` | "
            "`start_at_submit` |") in text
    assert '| A4.8 | advisory | in "time" | b.h | none: nobody can |  |' in text
    assert "| A4.10 | strict | data first | c.h | **none** |  |" in text
    assert "Rules: 4, of which 2 have a case and 1 say why they have none. Cases: 2." in text
    gaps = text[text.index("## Rules without a case"):]
    assert gaps.count("- A4.10 (strict): data first") == 2
    assert "- `order_swap`: A9.9" in gaps


def test_check_tells_and_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "PAGE", tmp_path / "rules.md")
    found = _contract()
    monkeypatch.setattr(cli.contract, "read", lambda _: found)
    assert cli.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().out
    assert cli.main(["--write"]) == 0
    assert cli.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    found.orphans.append("something")
    assert cli.main(["--check"]) == 1
    assert capsys.readouterr().out == "something\n"


def test_sources_of_the_project_can_be_read():
    found = contract.read(cli.PROJECT)
    assert found.chapters and found.defects
    assert all(chapter.cases for chapter in found.chapters)
    # The random walk is about rules of all the others.
    assert [chapter.name for chapter in found.chapters if not chapter.rules] == ["walk"]


def test_no_sources(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "PROJECT", tmp_path)
    assert cli.main(["--check"]) == 2
    assert "chapter-list.h" in capsys.readouterr().err
