# SPDX-License-Identifier: GPL-2.0-only
"""The table, the reasons, the command."""

import pytest

from apitable import cli, reasons, table
from apitable.errors import CoverageError
from apitable.header import Api

API = Api(operations=["device_pause"], data=["ref"],
          calls={"dmaengine_pause": ["device_pause"], "dma_core": [], "__x": []})

REASONS = """
[left_out]
"__*" = "internal"

[core]
dma_core = ["ref"]

[[reason]]
names = ["ref"]
columns = ["dmasim", "dmabench", "selftest"]
why = "the core's"

[[reason]]
names = ["dma_core"]
columns = ["selftest"]
why = "cannot be tested"
"""

COLUMNS = {"dmasim": {"device_pause": {"chan.c"}, "dmaengine_pause": {"chan.c"},
                      "dma_core": {"b.c", "a.c"}},
           "dmabench": {"device_pause": {"run.c"}, "dmaengine_pause": {"run.c"},
                        "dma_core": {"run.c"}},
           "selftest": {"device_pause": {"a.sh"}, "dmaengine_pause": {"a.sh"}}}


def _problems(columns, text):
    why = reasons.parse(text)
    return reasons.problems(why, API) + table.problems(table.rows(API.names, columns, why), why)


def test_all_is_well():
    assert not _problems(COLUMNS, REASONS)


def test_empty_cell_without_a_reason():
    columns = {**COLUMNS, "dmabench": {"device_pause": {"run.c"}, "dma_core": {"run.c"}}}
    assert _problems(columns, REASONS) == [
        "dmaengine_pause: dmabench: empty, without a reason in reasons.toml"]


def test_stale_reason():
    columns = {**COLUMNS, "selftest": {**COLUMNS["selftest"], "dma_core": {"b.sh"}}}
    assert _problems(columns, REASONS) == [
        "reasons.toml: dma_core: selftest: stale, there is b.sh"]


@pytest.mark.parametrize("old, new, told", [
    ('"__*"', '"txd_*"', ["left_out: txd_* matches no name", "__x: dmasim: empty",
                          "__x: dmabench: empty", "__x: selftest: empty"]),
    ('dma_core = ["ref"]', 'dma_shell = ["ref"]', ["core: dma_shell is no function"]),
    ('dma_core = ["ref"]', 'dma_core = ["deref"]', ["dma_core: deref is no member"]),
    ('names = ["dma_core"]', 'names = ["dma_core", "__x"]', ["__x is no row"]),
    ('names = ["dma_core"]', 'names = ["dma_core", "nope"]', ["nope is no row"]),
    ('columns = ["selftest"]', 'columns = ["selftest", "moon"]', ["moon is no column"]),
    ('names = ["dma_core"]', 'names = ["dma_core", "ref"]', ["ref: selftest has 2 reasons"]),
])
def test_reasons_that_do_not_fit(old, new, told):
    assert old in REASONS
    found = _problems(COLUMNS, REASONS.replace(old, new))
    assert len(found) == len(told)
    for line, words in zip(found, told):
        assert words in line


@pytest.mark.parametrize("text", ["[[reason]]\nnames = []\n", "[colour]\n", "x"])
def test_broken_reasons(text):
    with pytest.raises(CoverageError, match="reasons.toml"):
        reasons.parse(text)


def test_page():
    page = table.render(API, COLUMNS, reasons.parse(REASONS))
    assert "| `device_pause` | `chan.c` | `run.c` | `a.sh` |" in page
    assert "| `ref` | (1) | (1) | (1) |" in page
    assert "| `dma_core` | `a.c` `b.c` | `run.c` | (2) |" in page
    assert "\n1. the core's\n2. cannot be tested\n" in page
    assert "| `__*` | internal |" in page
    assert "`__x`" not in page


def test_core_functions_lead_to_members():
    assert cli.with_core(API, {"dma_core": ["ref"]}).calls["dma_core"] == ["ref"]
    assert API.calls["dma_core"] == []


def test_check_tells_and_fails(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(cli, "PAGE", tmp_path / "coverage.md")
    found = cli.Found("page\n", [])
    monkeypatch.setattr(cli, "examine", lambda *_: found)
    assert cli.main(["--check"]) == 1
    assert "out of date" in capsys.readouterr().out
    assert cli.main(["--write"]) == 0
    assert cli.main(["--check"]) == 0
    assert capsys.readouterr().out == ""
    found.problems.append("something")
    assert cli.main(["--check"]) == 1
    assert capsys.readouterr().out == "something\n"


def test_the_projects_own_files_fit_each_other():
    why = reasons.read(cli.REASONS)
    assert not reasons.problems(why, cli.names.read(cli.NAMES))
