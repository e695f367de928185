# SPDX-License-Identifier: GPL-2.0-only
"""The command as it is called: what it writes, and what it says of bad input."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from report import cli
from report.tests.synthetic import Maker

PACKAGE = Path(__file__).resolve().parent.parent


def small() -> dict:
    """A document with as few figures as a page can have."""
    maker = Maker(samples=50)
    maker.sweep(size=[64, 4096], depth=1, stages=0)
    for run in maker.runs:
        run["stages"] = {}
    return maker.document()


def call(*arguments: object) -> subprocess.CompletedProcess:
    """Runs the folder with the interpreter of the tests."""
    return subprocess.run([sys.executable, "-B", str(PACKAGE), *map(str, arguments)],
                          capture_output=True, text=True, check=False, timeout=120)


def put(path: Path, content: object) -> Path:
    """Writes text, or JSON of anything else."""
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_writes_the_page_and_its_figures_and_nothing_else(tmp_path):
    source = put(tmp_path / "results.json", small())
    before = source.read_bytes()
    out = tmp_path / "new" / "folder"
    done = call(source, "-o", out)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in out.iterdir()) == [
        "memcpy-operations.png", "memcpy-throughput.png", "report.html"]
    assert (out / "memcpy-throughput.png").read_bytes().startswith(b"\x89PNG")
    assert source.read_bytes() == before


def test_same_input_gives_the_same_bytes(tmp_path):
    source = put(tmp_path / "results.json", small())
    for name in ("a", "b"):
        assert call(source, "-o", tmp_path / name).returncode == 0
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_output_beside_the_results_replaces_only_what_is_its_own(tmp_path, capsys):
    source = put(tmp_path / "results.json", Maker(samples=50).sweep(
        size=[64, 4096], depth=[1, 4]).document())
    put(tmp_path / "notes.txt", "keep")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG of somebody else")
    assert cli.main([str(source), "-o", str(tmp_path)]) == 0
    assert (tmp_path / "memcpy-heatmap-p99.png").exists()
    put(source, small())
    assert cli.main([str(source), "-o", str(tmp_path)]) == 0
    left = {path.name for path in tmp_path.iterdir()}
    assert left == {"results.json", "notes.txt", "photo.png", "report.html",
                    "memcpy-operations.png", "memcpy-throughput.png"}
    assert "2 figures" in capsys.readouterr().out


def changed(**changes: object) -> dict:
    """A good document, altered at its top."""
    return {**small(), **changes}


def altered(key: str, value: object) -> dict:
    """A good document whose first run has another value; dots lead into objects."""
    document = Maker(samples=5).sweep(size=[64]).document()
    holder = document["runs"][0]
    *path, last = key.split(".")
    for name in path:
        holder = holder[name]
    holder[last] = value
    return document


BAD = {
    "empty": ("", "not JSON"),
    "cut off": ('{"schema_version": 1, "runs": [{"id": 0', "not JSON"),
    "a list": ("[]", "not a JSON object"),
    "NaN": ('{"schema_version": 1, "runs": [NaN]}', "NaN is no JSON number"),
    "too deep": ("[" * 100000, "not JSON"),
    "no version": ({"runs": []}, "schema_version is None"),
    "version of tomorrow": (changed(schema_version=2), "schema_version is 2"),
    "version true": (changed(schema_version=True), "schema_version is True"),
    "no runs": (changed(runs=[]), "holds no runs"),
    "runs missing": ({"schema_version": 1}, "lacks `runs`"),
    "runs of a wrong kind": (changed(runs={}), "`runs` is not a list"),
    "run of a wrong kind": (changed(runs=[7]), "runs[0] is not an object"),
    "system of a wrong kind": (changed(system="x86"), "`system` is not an object"),
    "no config": (altered("config", None), "`config` is not an object"),
    "no op": (altered("config.op", 5), "`op` is not a string"),
    "size of words": (altered("config.size", "4K"), "`size` is not an integer"),
    "size zero": (altered("config.size", 0), "`size` is not positive"),
    "no state": (altered("status", {}), "lacks `state`"),
    "bins of two": (altered("stages.total.bins", [[1, 2]]), "not [low, high, count]"),
    "bins of words": (altered("stages.total.bins", [["1", 2, 3]]), "is not an integer"),
    "bins reversed": (altered("stages.total.bins", [[9, 2, 3]]), "out of range"),
    "bins too large": (altered("stages.total.bins", [[0, 2 ** 70, 1]]), "out of range"),
    "bins unordered": (altered("stages.total.bins", [[8, 9, 3], [1, 2, 3]]), "ascending"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_refused_in_one_line_and_nothing_is_written(name, tmp_path, capsys):
    content, why = BAD[name]
    source = put(tmp_path / "bad.json", content)
    out = tmp_path / "out"
    assert cli.main([str(source), "-o", str(out)]) == 2
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1
    assert said.err.startswith(f"dmabench-report: {source}: ") and why in said.err
    assert not out.exists()


def test_one_bad_file_among_good_ones_keeps_the_old_page(tmp_path, capsys):
    good = put(tmp_path / "good.json", small())
    bad = put(tmp_path / "bad.json", "{")
    out = tmp_path / "out"
    out.mkdir()
    put(out / "report.html", "old")
    assert cli.main([str(good), str(bad), "-o", str(out)]) == 2
    assert "bad.json" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["report.html"]
    assert (out / "report.html").read_text() == "old"


@pytest.mark.parametrize("content, why", [(None, "No such file"), (b"\xff\xfe{}", "not UTF-8")])
def test_unreadable_file(content, why, tmp_path, capsys):
    source = tmp_path / "results.json"
    if content is not None:
        source.write_bytes(content)
    assert cli.main([str(source), "-o", str(tmp_path)]) == 2
    assert why in capsys.readouterr().err


def test_a_folder_instead_of_a_file(tmp_path, capsys):
    assert cli.main([str(tmp_path), "-o", str(tmp_path)]) == 2
    assert "Is a directory" in capsys.readouterr().err


def test_output_that_cannot_be_a_folder(tmp_path, capsys):
    source = put(tmp_path / "results.json", small())
    assert cli.main([str(source), "-o", str(source)]) == 2
    assert "name a folder" in capsys.readouterr().err
    assert json.loads(source.read_text())["schema_version"] == 1


def test_failure_while_writing_leaves_no_half(tmp_path, monkeypatch, capsys):
    source = put(tmp_path / "results.json", small())
    out = tmp_path / "out"
    out.mkdir()
    put(out / "report.html", "old")

    def full_disk(*_):
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    assert cli.main([str(source), "-o", str(out)]) == 2
    assert "No space left" in capsys.readouterr().err
    assert [path.name for path in out.iterdir()] == ["report.html"]
    assert (out / "report.html").read_text() == "old"


@pytest.mark.parametrize("arguments, why", [
    ([], "required"), (["x.json"], "required: -o"), (["x.json", "-o"], "expected one argument"),
    (["x.json", "-o", "y", "--nonsense"], "unrecognized arguments"),
])
def test_wrong_arguments(arguments, why, capsys):
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    said = capsys.readouterr().err
    assert ended.value.code == 2 and why in said
    assert said.startswith("dmabench-report: command line: ") and said.count("\n") == 1


def test_a_python_without_the_libraries_is_told_what_to_do(tmp_path):
    blind = "import sys; sys.modules['numpy'] = None; sys.path.insert(0, sys.argv[1]); " \
        "from report.cli import main; sys.exit(main([sys.argv[2], '-o', sys.argv[3]]))"
    source = put(tmp_path / "results.json", small())
    done = subprocess.run(
        [sys.executable, "-B", "-c", blind, str(PACKAGE.parent), str(source), str(tmp_path)],
        capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "has no numpy" in done.stderr and "python3-numpy" in done.stderr
