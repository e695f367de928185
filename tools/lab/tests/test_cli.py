# SPDX-License-Identifier: GPL-2.0-only
"""The command line: wrong use is told in one line and ends with 2."""

import subprocess
import sys
from pathlib import Path

import pytest

from lab import cli, target

LAB = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize("words, told", [
    ([], "VERB"),
    (["fly"], "invalid choice"),
    (["run"], "TARGET"),
    (["run", "x86_64-6.12"], "no command"),
    (["run", "x86_64-6.12", "--"], "no command"),
    (["run", "nowhere", "--", "true"], "nowhere: no such target, known are"),
    (["run", "x86_64-6.12", "--timeout", "0", "--", "true"], "no number of seconds above 0"),
    (["run", "x86_64-6.12", "--timeout", "-1", "--", "true"], "--timeout"),
    (["run", "x86_64-6.12", "--timeout", "9" * 9, "--", "true"], "no number of seconds"),
    (["run", "x86_64-6.12", "--param", "channels=4", "--", "true"], "MODULE.NAME=VALUE"),
    (["run", "x86_64-6.12", "--param", "a.b=c d", "--", "true"], "MODULE.NAME=VALUE"),
    (["run", "x86_64-6.12", "--file", "/no/such/file", "--", "true"], "there is no /no/such/file"),
    (["run", "x86_64-6.12", "--file", "/etc/passwd:../x", "--", "true"], "absolute path"),
    (["run", "x86_64-6.12", "--kernel", "/k", "--", "true"], "give both"),
    (["run", "x86_64-6.12", "--kernel", "/no", "--kdir", "/no", "--no-install", "--", "true"],
     "no such file"),
    (["run", "x86_64-6.12", "--driver", "pl330", "--", "true"], "dmatest virtdma terminate_prepared can be asked for"),
    (["run", "armhf-pl330", "--driver", "dmatest", "--", "true"], "none can be asked for"),
    (["run", "x86_64-6.12", "--accel", "magic", "--", "true"], "invalid choice"),
    (["run", "x86_64-6.12", "--offline", "--no-install", "--", "true"], "without --offline"),
    (["prepare"], "TARGET"),
    (["prepare", "x86_64-6.12", "nowhere"], "no such target"),
    (["install", "nowhere"], "no such target"),
    (["modules", "x86_64-6.12", "W"], "NAME=VALUE"),
    (["modules", "x86_64-6.12", "--out", "x", "1W=1"], "NAME=VALUE"),
    (["modules", "x86_64-6.12", "--out", "x", "W"], "unrecognized arguments: W"),
    (["run", "x86_64-6.12", "--out", "x", "W=1", "--", "true"], "unrecognized arguments: W=1"),
    (["source", "latest"], "is no kernel series"),
    (["source", "6.12", "--only", "../x"], "no path inside the source tree"),
    (["source", "6.12", "--only", ""], "no path inside the source tree"),
    (["source", "6.12", "--offline"], "without --offline"),
    (["shell", "x86_64-6.12"], "no terminal"),
])
def test_wrong_use(words, told, capsys, monkeypatch):
    monkeypatch.setattr("lab.host.missing", lambda targets, also=None: [])
    monkeypatch.setattr("os.isatty", lambda number: False)
    try:
        code = cli.main(words)
    except SystemExit as ended:
        code = ended.code
    err = capsys.readouterr().err
    assert code == 2
    assert told in err
    lines = [line for line in err.splitlines() if line.startswith("dmabench: lab: ")]
    assert len(lines) == 1 and lines == err.splitlines()[-1:]


def test_make_variables_may_stand_anywhere(monkeypatch):
    seen = []
    monkeypatch.setitem(cli._VERBS, "modules", lambda args: seen.append(args.variables) or 0)
    assert cli.main(["modules", "x86_64-6.12", "W=1", "--out", "x", "C=2", "CHECK=a b"]) == 0
    assert seen == [["W=1", "C=2", "CHECK=a b"]]


def test_missing_packages_give_the_line_to_run(capsys, monkeypatch):
    monkeypatch.setattr("lab.host.missing", lambda targets, also=None: ["qemu-system-x86"])
    assert cli.main(["prepare", "x86_64-6.12", "--no-install"]) == 2
    assert "apt-get install -y --no-install-recommends qemu-system-x86" in capsys.readouterr().err


def test_list_names_every_target(capsys):
    assert cli.main(["list"]) == 0
    out = capsys.readouterr().out
    for item in target.read_all():
        assert item.name in out
    assert "to fetch (" in out and "never" in out


@pytest.mark.parametrize("start", [[str(LAB)], ["-m", "lab"]])
def test_starts_as_a_folder_and_as_a_package(start):
    done = subprocess.run([sys.executable, *start, "--help"], cwd=LAB.parent, check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0 and "exit codes" in done.stdout
