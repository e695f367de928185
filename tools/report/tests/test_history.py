# SPDX-License-Identifier: GPL-2.0-only
"""The history of results: what is kept, what is refused, and what its page shows."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from report import cli, history, history_page, load
from report.merge import merged
from report.errors import ReportError
from report.tests.test_compare import measured

REAL = {"accelerator": "metal", "emulated": False, "target": None, "machine": "a board"}


def system(**changes: object) -> dict:
    """A document's system with other facts."""
    return {"system": {**measured(1, repeats=1)["system"], **changes}}


@pytest.fixture(name="put")
def _put(tmp_path):
    def put(name: str, document: object) -> str:
        path = tmp_path / f"{name}.json"
        path.write_text(document if isinstance(document, str) else json.dumps(document))
        return str(path)
    return put


@pytest.fixture(name="database")
def _database(tmp_path) -> str:
    return str(tmp_path / "history.db")


def call(database: str, *arguments: str) -> int:
    """Runs the verb."""
    return cli.main(["history", database, *arguments])


def entries(database: str) -> list[history.Entry]:
    """All files in it."""
    with history.opened(Path(database)) as found:
        return found.entries()


def test_a_file_is_kept_once_however_it_is_written(put, database, capsys):
    document = measured(1, repeats=2)
    assert call(database, "add", put("a", document)) == 0
    before = Path(database).read_bytes()
    assert call(database, "add", put("b", json.dumps(document, indent=3)), "--revision", "x") == 0
    assert "b.json: is there already, nothing was added" in capsys.readouterr().out
    assert Path(database).read_bytes() == before
    assert [entry.name for entry in entries(database)] == ["a.json"]


def test_what_is_kept_is_what_was_measured(put, database):
    document = measured(1, repeats=3)
    assert call(database, "add", put("a", document)) == 0
    with history.opened(Path(database)) as found:
        values = found.values(found.entries())
    assert len(values) == 8
    for one in values:
        key = {"throughput": "bytes_per_s", "operations": "ops_per_s"}[one.metric]
        knobs = dict(one.key)
        assert list(one.repeats) == [
            run["result"][key] for run in document["runs"]
            if run["config"]["size"] == knobs["size"] and run["config"]["depth"] == knobs["depth"]]


@pytest.mark.parametrize("arguments, document, revision", [
    (["--revision", "v7"], {"revision": "abc"}, "v7"), ([], {"revision": "abc"}, "abc"),
    ([], {"module": {"version": "1.2", "interface": 1}}, "1.2"), ([], {"module": {}}, "unknown")])
def test_the_revision_is_the_best_that_is_known(arguments, document, revision, put, database):
    path = put("a", measured(1, repeats=1, **document))
    assert call(database, "add", path, *arguments) == 0
    assert entries(database)[0].revision == revision


def test_one_bad_file_keeps_all_out(put, database, capsys):
    assert call(database, "add", put("a", measured(1, repeats=1)), put("b", "{")) == 2
    assert "not JSON" in capsys.readouterr().err and not Path(database).exists()


def test_show_lists_and_chooses(put, database, capsys):
    call(database, "add", put("a", measured(1, repeats=1)), put(
        "b", measured(2, repeats=1, **system(kernel="6.1.9"))), "--revision", "r1")
    capsys.readouterr()
    assert call(database, "show") == 0
    assert re.search(r"r1 +6\.1\.9 .* b\.json\n", capsys.readouterr().out)
    assert call(database, "show", "--kernel", "6.1.9") == 0
    assert "a.json" not in capsys.readouterr().out
    assert call(database, "show", "--kernel", "5.0") == 2


def test_the_page_shows_each_figure_by_revision_and_kernel(put, database, tmp_path):
    for number, (revision, factor) in enumerate((("r1", 1), ("r2", 0.5), ("r3", 0.5))):
        later = measured(number, factor, repeats=7, noise=0.001)
        for run in later["runs"]:
            # A knob that came with the second revision is no other point.
            run["config"].update({"late": 3} if number else {})
        assert call(database, "add", put(revision, later), "--revision", revision) == 0
    call(database, "add", put("k", measured(9, repeats=7, **system(kernel="6.1.9"))),
         "--revision", "r3")
    assert call(database, "plot", "-o", str(tmp_path / "out")) == 0
    html = (tmp_path / "out" / "history.html").read_text()
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names.count("history.html") == 1 and len(names) == 11
    assert "history-throughput.png" in names and html.count("<svg") == 10
    assert not re.search(r"(?:src|href)=\"(?!#|data:)", html)
    assert html.count("-50.0") == 2 * 2 * 4, "two figures, two revisions, four points"
    assert "Linux 6.1.9" in html and "Linux 0.0.0-synthetic" in html
    assert call(database, "plot", "-o", str(tmp_path / "few"), "--only", "4 KiB, depth 16") == 0
    assert len(list((tmp_path / "few").glob("*.png"))) == 2


def test_the_overview_is_relative_to_the_first_revision():
    index = history_page._index  # pylint: disable=protected-access
    sample = history_page.sample
    tracks = [history_page.Track(("k", "m", "t"), (("size", size),), {
        "a": sample([10.0 * size]), "b": sample([5.0 * size]), "c": sample([20.0 * size])})
              for size in (1, 2)]
    assert index(tracks, ["a", "b", "c"]) == pytest.approx({"a": 100, "b": 50, "c": 200})


def test_emulated_and_real_do_not_stand_in_one_plot(put, database, tmp_path, capsys):
    call(database, "add", put("a", measured(1, repeats=1)), put(
        "b", measured(2, repeats=1, **system(**REAL))))
    assert call(database, "show") == 0
    out = str(tmp_path / "out")
    assert call(database, "plot", "-o", out) == 2
    said = capsys.readouterr().err
    assert "emulated times say nothing about real ones" in said and said.count("\n") == 1
    assert not Path(out).exists()
    assert call(database, "plot", "-o", out, "--machine", "a board, x86_64, 2 CPUs") == 0


@pytest.mark.parametrize("verb", [["show"], ["plot", "-o", "nowhere"], ["add"]])
def test_what_is_no_history_is_refused(verb, put, database, capsys):
    arguments = [*verb, put("a", measured(1, repeats=1))] if verb == ["add"] else verb
    if verb != ["add"]:
        assert call(database, *arguments) == 2
        assert "there is no such file" in capsys.readouterr().err
    Path(database).write_text("something else, and long enough to be looked at " * 20)
    before = Path(database).read_bytes()
    assert call(database, *arguments) == 2
    assert "not usable as a database" in capsys.readouterr().err
    assert Path(database).read_bytes() == before


def test_a_database_of_somebody_else_is_left_alone(put, database, capsys):
    connection = history.sqlite3.connect(database)
    connection.execute("CREATE TABLE theirs (x)")
    connection.commit()
    connection.close()
    assert call(database, "add", put("a", measured(1, repeats=1))) == 2
    assert "a database of something else" in capsys.readouterr().err


@pytest.mark.parametrize("arguments, why", [
    ([], "required: DB"), (["x.db"], "required: VERB"), (["x.db", "plot"], "required: -o"),
    (["x.db", "drop"], "invalid choice")])
def test_wrong_arguments(arguments, why, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(["history", *arguments])
    assert ended.value.code == 2 and why in capsys.readouterr().err


def test_merged_documents_are_repeats_of_one(put):
    first, second = measured(1, repeats=2), measured(2, repeats=1)
    whole = merged([first, second], revision="abc")
    assert [run["repeat"] for run in whole["runs"]] == [0] * 4 + [1] * 4 + [2] * 4
    assert [run["id"] for run in whole["runs"]] == list(range(12))
    assert whole["profile"]["repeats"] == 3 and whole["revision"] == "abc"
    assert load.load(Path(put("whole", whole))).runs[8].result == second["runs"][0]["result"]


@pytest.mark.parametrize("changes", [system(kernel="6.1.9"), {"module": {"version": "2"}}])
def test_what_differs_is_not_merged(changes):
    with pytest.raises(ReportError):
        merged([measured(1, repeats=1), measured(2, repeats=1, **changes)])
