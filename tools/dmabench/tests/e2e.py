# SPDX-License-Identifier: GPL-2.0-only
"""End-to-end tests of the command against a stand-in for the module; prints KTAP.

usage: e2e.py --command BUILD/dmabench --fake BUILD/dmabench-e2e
"""

from __future__ import annotations

import argparse
import errno
import json
import os
import pty
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema

from fake_module import (KTAP_GOOD, KTAP_HEAD, KTAP_SAID, KTAP_SKIPPED, Behaviour, FakeModule)

TOP = Path(__file__).resolve().parents[3]
SCHEMA = json.loads((TOP / "docs/results.schema.json").read_text(encoding="utf-8"))
PATIENCE_S = 60

GOOD, FAILED, USAGE, SKIPPED = 0, 1, 2, 4

TESTS: list[Callable[[Bench], None]] = []


class Bench:
    """What a test works with: the two programs, a folder of its own, and the module."""

    def __init__(self, args: argparse.Namespace, folder: Path) -> None:
        self.args = args
        self.folder = folder
        self.json = folder / "results.json"
        self.module = FakeModule(folder)
        (folder / "class").mkdir()

    def environment(self, **more: str) -> dict[str, str]:
        """Environment in which the command finds the stand-in."""
        return {**os.environ, "DMABENCH_DEBUGFS": str(self.module.root), "TERM": "dumb",
                "DMABENCH_FAKE": str(self.folder / "socket"),
                "DMABENCH_SYSFS": str(self.folder / "class"), "DMABENCH_SYSTEM": "",
                # What is lost when the command gives up in the middle is no leak.
                "ASAN_OPTIONS": "detect_leaks=0", **more}

    def start(self, *words: str, **popen: Any) -> subprocess.Popen[str]:
        """Start the command on the stand-in."""
        popen.setdefault("env", self.environment())
        popen.setdefault("stderr", subprocess.PIPE)
        return subprocess.Popen([self.args.fake, *words], cwd=self.folder, text=True,
                                stdout=subprocess.PIPE, **popen)

    def run(self, code: int, *words: str, **env: str) -> tuple[str, str]:
        """Run the command to its end and check its exit code; stdout and stderr."""
        with self.start(*words, env=self.environment(**env)) as process:
            out, err = process.communicate(timeout=PATIENCE_S)
        same(process.returncode, code, f"exit code of {words}: {out}{err}")
        return out, err

    def refused(self, code: int, message: str, *words: str, **env: str) -> None:
        """Run the command, which must refuse in one line on stderr that holds message."""
        out, err = self.run(code, *words, **env)
        same(out, "", "stdout of a refusal")
        check(err.startswith("dmabench: ") and err.count("\n") == 1, f"one line: {err}")
        check(message in err, f"'{message}' in: {err}")

    def results(self) -> dict[str, Any]:
        """The results file, checked against the schema."""
        document = json.loads(self.json.read_text(encoding="utf-8"))
        valid(document)
        return document

    def only_default_job(self) -> None:
        """No job of the command is left."""
        same(sorted(self.module.jobs), ["default"], "jobs that are left")

    def wait_for(self, what: Callable[[], bool]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE_S
        while not what():
            check(time.monotonic() < deadline, "it happens in time")
            time.sleep(0.01)

    def runs(self) -> int:
        """Runs that were started so far."""
        return sum(name.endswith("/run") and text == "1\n" for name, text in self.module.writes)


def test(function: Callable[[Bench], None]) -> Callable[[Bench], None]:
    """Register a test; its docstring is its name."""
    TESTS.append(function)
    return function


def check(good: bool, what: str) -> None:
    """The test fails unless good."""
    if not good:
        raise AssertionError(f"not so: {what}")


def same(got: Any, want: Any, what: str) -> None:
    """The test fails unless both are equal."""
    if got != want:
        raise AssertionError(f"{what}: got {got!r}, expected {want!r}")


def valid(document: Any) -> None:
    """The test fails unless document follows the schema and its histograms add up."""
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    for run in document["runs"]:
        for stage in run.get("stages", {}).values():
            same(sum(count for _, _, count in stage["bins"]), stage["count"], "sum of bins")


def profile(bench: Bench, text: str) -> str:
    """Write a profile, return its name."""
    (bench.folder / "p.ini").write_text(text, encoding="utf-8")
    return "p.ini"


@test
def schema(_: Bench) -> None:
    """the schema is a schema, and refuses what it should"""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    try:
        valid({"schema_version": 1})
    except jsonschema.ValidationError:
        return
    raise AssertionError("an empty document is valid")


@test
def usage(bench: Bench) -> None:
    """wrong arguments: exit 2 and one line that says what to do"""
    bench.refused(USAGE, "did you mean 'test'?", "tset")
    bench.refused(USAGE, "did you mean 'bench'?", "bnech")
    bench.refused(USAGE, "dmabench list --help", "list", "--nonsense")
    bench.refused(USAGE, "one argument too many", "version", "x")
    bench.refused(USAGE, "one argument too many", "stat", "default", "x")
    bench.refused(USAGE, "needs an argument", "bench", "--json")
    bench.refused(USAGE, "is empty", "bench", "--json", "")
    bench.refused(USAGE, "from 1 to 1000", "bench", "--repeats", "0")
    bench.refused(USAGE, "from 1 to 1000", "bench", "--repeats", "1e3")
    bench.refused(USAGE, "it takes a number", "bench", "--timeout", "-1")
    bench.refused(USAGE, "no such option", "bench", "-nx")
    for wrong in ("total", "total=", "=5us", "total=5", "total=5h", "total=0us", "total=-1us"):
        bench.refused(USAGE, "write it as total=500us", "bench", "--threshold", wrong)
    bench.refused(USAGE, "the knob has no name", "bench", "=4")
    bench.refused(USAGE, "did you mean 'depth'?", "bench", "depht=4")
    bench.refused(USAGE, "a range needs a step", "bench", "size=1..2")
    bench.refused(USAGE, "100000 points", "bench", "size=1..4000 +1", "depth=1..4000 +1")
    bench.refused(USAGE, "no such profile", "bench", "nothing-of-that-name")
    bench.refused(USAGE, "size=VALUE", "bench", "size")
    bench.refused(USAGE, "p.ini:2: size", "bench", profile(bench, "[s]\nsize = 4..\n"))
    bench.refused(USAGE, "there is a profile already", "bench", "p.ini", "p.ini")
    bench.refused(USAGE, "there are: s", "bench", profile(bench, "[s]\nsize = 4\n"), "--only", "t")
    bench.refused(USAGE, "letters, digits", "bench", "--job", "a/b")
    bench.refused(USAGE, "letters, digits", "bench", "--job", "x" * 32)
    bench.refused(USAGE, "cannot be read", "bench", str(bench.folder) + "/")
    bench.refused(USAGE, "list, add or del?", "sim")
    bench.refused(USAGE, "did you mean 'add'?", "sim", "ad", "x")
    bench.refused(USAGE, "needs a NAME", "sim", "add")
    bench.refused(USAGE, "needs a NAME", "sim", "del")
    bench.refused(USAGE, "is the NAME", "sim", "add", "channels=2")
    bench.refused(USAGE, "one argument too many", "sim", "list", "x")
    bench.refused(USAGE, "right behind the name", "sim", "add", "x", "channels=2", "raid")
    bench.refused(USAGE, "has no name", "sim", "add", "x", "=2")
    same(bench.runs(), 0, "runs")
    bench.only_default_job()


@test
def helps(bench: Bench) -> None:
    """every command has --help on stdout"""
    for words in (["--help"], ["list", "--help"], ["bench", "--help"], ["stat", "-h"],
                  ["test", "--help"], ["sim", "--help"], ["version", "--help"]):
        out, err = bench.run(GOOD, *words)
        check(out.startswith("usage: dmabench") and not err, f"help of {words}")
    out, _ = bench.run(GOOD, "bench", "--help")
    check("  op             what words=op means (memcpy, memset, cpu_memcpy)\n" in out, out)
    check(" (1..16M)\n" in out and " (text)\n" in out and " (any 64-bit number)\n" in out, out)
    out, _ = bench.run(GOOD, "bench", "--help", DMABENCH_DEBUGFS=str(bench.folder / "nowhere"))
    check("modprobe dmabench" in out, out)
    out, err = bench.run(USAGE)
    check(err.startswith("usage: dmabench") and not out, "help without arguments")


@test
def profiles_are_listed(bench: Bench) -> None:
    """an unknown profile: those that exist are listed; each name is found"""
    folder = bench.folder / "configs/profiles"
    folder.mkdir(parents=True)
    for name in ("one", "two"):
        (folder / f"{name}.ini").write_text("[s]\nsize = 64\n", encoding="utf-8")
    bench.refused(USAGE, "there are: one, two", "bench", "three")
    for word in ("one", "two.ini", "configs/profiles/one.ini"):
        out, _ = bench.run(GOOD, "bench", word, "--dry-run")
        check(out.startswith("s: size=64\n"), out)


@test
def shapes(bench: Bench) -> None:
    """sim: shapes are found and checked; devices are listed"""
    folder = bench.folder / "configs/dmasim"
    folder.mkdir(parents=True)
    (folder / "one.conf").write_text("# SPDX-License-Identifier: x\n# like one\na = 1\n",
                                     encoding="utf-8")
    (folder / "two.conf").write_text("a=1\n\n # b\nnonsense\n", encoding="utf-8")
    (folder / "three.ini").write_text("a=1\n", encoding="utf-8")
    bench.refused(USAGE, "there are: one, two", "sim", "add", "x", "three")
    bench.refused(USAGE, "two.conf:4: 'nonsense'", "sim", "add", "x", "two")
    bench.refused(USAGE, "two.conf:4: 'nonsense'", "sim", "add", "x", "configs/dmasim/two.conf")
    nowhere = str(bench.folder / "nowhere")
    for words in (["list"], ["add", "x", "one"], ["del", "x"]):
        bench.refused(SKIPPED, nowhere, "sim", *words, DMABENCH_CONFIGFS=nowhere)

    root = bench.folder / "config"
    for name, text in (("live", "1\n"), ("device", "dmasim.7\n"),
                       ("channel_names", "dma3chan0\ndma3chan1\n")):
        (root / "disk").mkdir(parents=True, exist_ok=True)
        (root / "disk" / name).write_text(text, encoding="ascii")
    out, _ = bench.run(GOOD, "sim", "list", DMABENCH_CONFIGFS=str(root))
    rows = [line.split() for line in out.splitlines()]
    check(["disk", "dmasim.7", "yes", "dma3chan0,dma3chan1"] in rows, out)
    check(["one", "like", "one"] in rows, out)
    for words in (["add", "disk", "one"], ["add", "a/b"], ["add", ""], ["add", ".a"],
                  ["del", "a/b"], ["del", ""], ["del", "none"]):
        bench.refused(USAGE, words[1], "sim", *words, DMABENCH_CONFIGFS=str(root))


@test
def no_module(bench: Bench) -> None:
    """no module, no permission, another interface: exit 4 and what to do"""
    nowhere = str(bench.folder / "nowhere")
    for words in (["list"], ["stat"], ["bench"], ["test"], ["test", "--list"]):
        bench.refused(SKIPPED, "DMABENCH_DEBUGFS", *words, DMABENCH_DEBUGFS=nowhere)
    out, _ = bench.run(GOOD, "version", DMABENCH_DEBUGFS=nowhere)
    check("module not loaded" in out, out)
    (bench.module.root / "version").write_text("version: 1\ninterface: 2\n", encoding="ascii")
    bench.refused(SKIPPED, "interface 2, this command speaks 1", "bench")
    (bench.module.root / "version").write_text("\n", encoding="ascii")
    bench.refused(SKIPPED, "interface unknown", "list")


@test
def shipped_command(bench: Bench) -> None:
    """the command as it is shipped: list, stat, version, what it cannot write"""
    env = bench.environment()
    for words, code, text in ((["list"], GOOD, "dma0chan0"), (["stat"], GOOD, "default"),
                              (["version"], GOOD, "module 9.9, interface 1"),
                              (["moon"], USAGE, "no such command")):
        done = subprocess.run([bench.args.command, *words], env=env, text=True, check=False,
                              capture_output=True, timeout=PATIENCE_S)
        same(done.returncode, code, f"exit code of {words}")
        check(text in done.stdout + done.stderr, f"'{text}' in the output of {words}")
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([bench.args.command, "list"], env=env, check=False, stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=PATIENCE_S)
    same(done.returncode, FAILED, "exit code with a full stdout")
    check("could not be written" in done.stderr, done.stderr)


@test
def lists(bench: Bench) -> None:
    """list: channels of the module and of the core, operations, JSON"""
    for name in ("dma0chan0", "dma7chan0", "dma8chan0"):
        (bench.folder / "class" / name).mkdir()
    (bench.folder / "class/dma7chan0/in_use").write_text("1\n", encoding="ascii")
    (bench.folder / "class/dma7chan0/device").symlink_to("../../../fe000000.dma")
    out, _ = bench.run(GOOD, "list")
    rows = {line.split()[0]: line.split() for line in out.splitlines() if line}
    same(rows["dma0chan0"], ["dma0chan0", "memcpy", "memset", "(no", "memset)"], "dma0chan0")
    same(rows["dma7chan0"][:4], ["dma7chan0", "fe000000.dma", "none", "busy"], "dma7chan0")
    same(rows["dma8chan0"][1:4], ["none", "none", "hidden"], "dma8chan0")
    check("dma0chan0  dmasim.0      dmasim  free" in out, out)
    check("copy:1,xor:4,pq:1,fill:1" in out and " 64 KiB  0xffffffff " in out, out)
    # Of a provider that does not tell; of what the module does not see there is no row.
    check("\ndma1chan0  copy:4" not in out and "\ndma1chan0  4  " in out, out)
    same(out.count("\ndma7chan0"), 1, "rows of a hidden channel")
    same(rows["memcpy"][1:], ["memcpy", "engine", "1"], "memcpy")
    same(rows["memset"][1:], ["memset", "engine", "0"], "memset")
    same(rows["cpu_memcpy"][1:], ["none", "cpu", "any"], "cpu_memcpy")
    same(rows["dmabench-loopback.0"][1:3], ["loopback", "0xd5a00000"], "peripheral")

    out, _ = bench.run(GOOD, "list", "--json")
    document = json.loads(out)
    channels = {channel["name"]: channel for channel in document["channels"]}
    same(channels["dma0chan0"]["caps"], ["memcpy", "interrupt", "private"], "caps")
    same(channels["dma0chan0"]["max_segment"], 65536, "max_segment")
    same(channels["dma0chan0"]["src_widths"], [1, 2, 4], "src_widths")
    same(channels["dma0chan0"]["dst_widths"], [], "dst_widths")
    same(channels["dma0chan0"]["can"], ["memcpy"], "what it can do")
    same(channels["dma1chan0"]["cannot"], {"memcpy": "memcpy", "memset": "memset"}, "and cannot")
    same(channels["dma1chan0"]["device"], "40400000", "a device whose name is a number")
    same(channels["dma0chan0"]["of_tomorrow"], "x", "a key that is new")
    same([op["name"] for op in document["operations"]], ["memcpy", "memset", "cpu_memcpy"],
         "operations")
    same([one["name"] for one in document["peripherals"]], ["dmabench-loopback.0"], "peripherals")
    for channel in document["channels"]:
        jsonschema.Draft202012Validator({**SCHEMA["$defs"]["channel"],
                                         "$defs": SCHEMA["$defs"]}).validate(channel)

    for what, there, absent in (("channels", "dma0chan0", "cpu_memcpy"),
                                ("operations", "cpu_memcpy", "dma0chan0"),
                                ("peripherals", "loopback", "memcpy")):
        out, _ = bench.run(GOOD, "list", what)
        check(there in out and absent not in out, out)
        document = json.loads(bench.run(GOOD, "list", what, "--json")[0])
        same(sorted(document), sorted(["module", "schema_version", "tool", what]), what)
    bench.refused(USAGE, "channels, operations or peripherals", "list", "everything")
    bench.refused(USAGE, "one argument too many", "list", "channels", "x")

    (bench.module.root / "channels").write_text("# none\n", encoding="ascii")
    for name in ("dma0chan0", "dma7chan0", "dma8chan0"):
        (bench.folder / "class" / name).rename(bench.folder / name)
    _, err = bench.run(SKIPPED, "list")
    check("no channel" in err and "modprobe" in err, err)
    (bench.module.root / "peripherals").write_text("", encoding="ascii")
    _, err = bench.run(GOOD, "list", "peripherals")
    check("no peripheral is bound" in err, err)


@test
def one_point(bench: Bench) -> None:
    """bench: one point, its table, its results, nothing left behind"""
    out, err = bench.run(GOOD, "bench", "size=64K", "depth=16", "--json", "results.json",
                         "--channel", "dma0chan0,dma1chan0",
                         DMABENCH_SYSTEM="accelerator=tcg machine=pc target=x86_64-6.12")
    row = next(line.split() for line in out.splitlines() if line.startswith("memcpy"))
    same(row, ["memcpy", "64", "KiB", "16", "irq", "6.25", "k", "410", "MB/s", "1.05", "us",
               "2.11", "us", "2.11", "us", "0"], "the row of the table")
    check("[1/1] command line: 6.25 kops/s" in err, err)
    check(all(line == line.rstrip() for line in out.splitlines()), "lines end without blanks")
    document = bench.results()
    same(document["command"][:3], ["dmabench", "bench", "size=64K"], "command")
    same(document["profile"], None, "profile")
    same((document["interrupted"], document["return_code"]), (False, GOOD), "the end")
    system = document["system"]
    same([system[key] for key in ("accelerator", "emulated", "machine", "target")],
         ["tcg", True, "pc", "x86_64-6.12"], "what DMABENCH_SYSTEM said")
    run = document["runs"][0]
    same((run["config"]["size"], run["config"]["channel"], run["config"]["seed"]),
         (65536, "dma0chan0,dma1chan0", "0"), "config")
    same(run["status"], {"state": "done", "errno": 0, "error": None, "reason": ""}, "status")
    same(run["result"]["key_of_tomorrow"], "some text", "a key that is new")
    same(run["result"]["cyclic.rx.overruns"], 3, "what an operation adds")
    same(run["workers"][0]["control.pause"], 12, "what a mode adds")
    same(document["channels"][0]["cannot"], {"memset": "memset"}, "what the channel cannot do")
    same(list(run["stages"]), ["total"], "stages with samples")
    same(run["stages"]["total"]["bins"], [[1024, 1055, 600], [2048, 2111, 400]], "bins")
    same(run["slowest"][0]["seq"], 17, "slowest")
    check("stage.total.count" not in run["result"], "result without stages")
    bench.only_default_job()


@test
def sweeps(bench: Bench) -> None:
    """bench: sections in order, repeats interleaved, defaults and the command line"""
    name = profile(bench, "[profile]\nname = demo\nrepeats = 2\n[defaults]\nverify = ends\n"
                          "[a]\nsize = 64,4K\ndepth = 1,2\n[b]\nop = cpu_memcpy\n")
    out, err = bench.run(GOOD, "bench", name, "depth=4,8", "wait=poll", "--json", "results.json")
    document = bench.results()
    same(document["profile"]["name"], "demo", "profile")
    same([run["id"] for run in document["runs"]], list(range(12)), "ids")
    same([run["repeat"] for run in document["runs"]], [0] * 6 + [1] * 6, "repeats")
    points = [(run["section"], run["sweep"]) for run in document["runs"][:6]]
    same(points, [("a", {"size": 64, "depth": 4}), ("a", {"size": 64, "depth": 8}),
                  ("a", {"size": 4096, "depth": 4}), ("a", {"size": 4096, "depth": 8}),
                  ("b", {"depth": 4}), ("b", {"depth": 8})], "points")
    same({(run["config"]["wait"], run["config"]["verify"]) for run in document["runs"]},
         {("poll", "ends")}, "knobs of all points")
    same([run["config"]["op"] for run in document["runs"][:6]],
         ["memcpy"] * 4 + ["cpu_memcpy"] * 2, "a knob goes back to its base")
    same(sum(line.startswith(("memcpy", "cpu_memcpy")) for line in out.splitlines()), 6, out)
    same(err.count("\n"), 12, "a line per run")
    out, err = bench.run(GOOD, "bench", name, "--only", "b", "--repeats", "1", "--quiet")
    same((out, err, bench.runs()), ("", "", 13), "--only, --repeats, --quiet")


@test
def skips(bench: Bench) -> None:
    """bench: what cannot be run is skipped with its reason; exit 4 if that is all"""
    for name in ("EOPNOTSUPP", "ENODEV", "EBUSY", "ENOBUFS", "ENOMEM"):
        bench.module.rule = lambda knobs, number=getattr(errno, name): Behaviour(
            refuse=number if knobs["depth"] == "2" else 0, reason="not with depth 2")
        out, _ = bench.run(GOOD, "bench", "depth=1,2,4", "--json", "results.json")
        check("skipped: not with depth 2" in out, out)
        states = [run["status"]["state"] for run in bench.results()["runs"]]
        same(states, ["done", "skipped", "done"], "states")
        same(bench.results()["runs"][1]["status"]["error"], name, "error")
        check("result" not in bench.results()["runs"][1], "no old result in a skipped run")
        bench.run(SKIPPED, "bench", "depth=2", "--json", "results.json")
        same(bench.results()["return_code"], SKIPPED, "return code in the file")


@test
def refusals_of_points(bench: Bench) -> None:
    """bench: knobs that contradict each other: skipped, exit 2 if that is all"""
    bench.module.rule = lambda knobs: Behaviour(
        refuse=errno.EINVAL if int(knobs["batch"]) > int(knobs["depth"]) else 0,
        reason="batch is above depth")
    bench.run(GOOD, "bench", "depth=1,4", "batch=4", "--json", "results.json")
    same([run["status"]["error"] for run in bench.results()["runs"]], ["EINVAL", None], "errors")
    out, _ = bench.run(USAGE, "bench", "depth=1", "batch=4")
    check("batch is above depth" in out, out)


@test
def failures(bench: Bench) -> None:
    """bench: a run that fails is recorded, the others go on, exit 1"""
    bench.module.rule = lambda knobs: {
        "2": Behaviour(error=errno.ETIMEDOUT, reason="transfer 7: not complete in 3000 ms"),
        "4": Behaviour(refuse=errno.EUCLEAN, reason="dma0chan0 is quarantined"),
    }.get(knobs["depth"], Behaviour())
    out, _ = bench.run(FAILED, "bench", "depth=1,2,4,8", "--json", "results.json")
    document = bench.results()
    same([run["status"]["state"] for run in document["runs"]],
         ["done", "failed", "failed", "done"], "states")
    same([run["status"]["error"] for run in document["runs"]],
         [None, "ETIMEDOUT", "EUCLEAN", None], "errors")
    same(document["runs"][1]["result"]["transfers"], 1000, "what was measured before is kept")
    check("failed: transfer 7: not complete in 3000 ms" in out and "FAILED" in out, out)
    same((document["interrupted"], document["return_code"]), (False, FAILED), "the end")


@test
def wrong_values(bench: Bench) -> None:
    """bench: a wrong value anywhere is found before the first run"""
    name = profile(bench, "[a]\nsize = 64\n[b]\ndepth = 1,2,4096\n")
    bench.refused(USAGE, "p.ini:4: depth=4096: '4096' is out of bounds\n",
                  "bench", name, "--json", "results.json")
    bench.refused(USAGE, "op=memcopy: 'memcopy' is no good; there are: memcpy, memset, cpu_memcpy",
                  "bench", "op=memcopy")
    bench.refused(USAGE, "size=99999999999999999999", "bench", "size=99999999999999999999")
    bench.refused(USAGE, "no knob 'ssize', did you mean 'size'?", "bench", "ssize=4")
    same(bench.runs(), 0, "runs")
    check(not bench.json.exists(), "no results of a refused command")
    bench.run(GOOD, "bench", "knob_of_tomorrow=8")
    bench.only_default_job()


@test
def unknown_to_this_module(bench: Bench) -> None:
    """bench: a profile may have what this module lacks skipped, with the reason; a typo is not"""
    text = ("[profile]\n{}[a]\nop = memcpy,op_of_tomorrow\nsize = 4K\n"
            "[b]\nno_such_knob = 3\nsize = 8K\n[c]\nsize = 2K\n")
    bench.refused(USAGE, "op=op_of_tomorrow: 'op_of_tomorrow' is no good", "bench",
                  profile(bench, text.format("").replace("no_such_knob", "depth")))
    bench.refused(USAGE, "no knob 'no_such_knob'", "bench",
                  profile(bench, text.format("unknown = refuse\n")))
    bench.refused(USAGE, "p.ini:2: unknown = no: it is skip or refuse", "bench",
                  profile(bench, text.format("unknown = no\n")))
    out, _ = bench.run(GOOD, "bench", profile(bench, text.format("unknown = skip\n")),
                       "--json", "results.json")
    check("skipped: this module does not know op=op_of_tomorrow" in out, out)
    runs = bench.results()["runs"]
    same([run["status"]["state"] for run in runs], ["done", "skipped", "skipped", "done"], "states")
    same((runs[1]["config"]["op"], runs[1]["config"]["size"]), ("op_of_tomorrow", 4096), "config")
    same(runs[1]["sweep"], {"op": "op_of_tomorrow"}, "sweep")
    same((runs[2]["config"]["no_such_knob"], runs[2]["config"]["size"]), (3, 8192), "config")
    same(runs[2]["status"]["reason"], "this module does not know no_such_knob=3", "reason")
    same(bench.runs(), 2, "runs that were started")
    # What is known is checked all the same.
    bench.refused(USAGE, "size=0x: ", "bench", "p.ini", "size=0x")


def interrupt(bench: Bench, number: int, *words: str) -> dict[str, Any]:
    """Send a signal during the second run; the results."""
    bench.module.rule = lambda knobs: Behaviour(seconds=30 if knobs["depth"] == "2" else 0.02)
    process = bench.start("bench", "depth=1,2,4", "--json", "results.json", *words)
    bench.wait_for(lambda: bench.runs() == 2)
    time.sleep(0.1)
    process.send_signal(number)
    out, err = process.communicate(timeout=PATIENCE_S)
    same(process.returncode, FAILED, "exit code")
    check(f"ended by {signal.Signals(number).name} after 2 of 3 runs" in err, err)
    check("stopped early" in out, out)
    document = bench.results()
    same([run["status"]["state"] for run in document["runs"]], ["done", "stopped"], "states")
    same((document["interrupted"], document["return_code"]), (True, FAILED), "the end")
    return document


@test
def interrupted(bench: Bench) -> None:
    """bench: SIGINT, SIGTERM, SIGHUP keep what was measured and remove the job"""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        bench.module.writes.clear()
        document = interrupt(bench, number)
        same(document["runs"][1]["result"]["transfers"], 1000, "what the run had measured")
        bench.only_default_job()


@test
def borrowed_job(bench: Bench) -> None:
    """bench --job: a job that exists gets its knobs back, another is created and removed"""
    default = bench.module.jobs["default"]
    default.knobs["size"] = "128"
    default.show_knobs()
    bench.run(GOOD, "bench", "--job", "default", "depth=8", "--json", "results.json")
    run = bench.results()["runs"][0]
    same((run["config"]["size"], run["config"]["depth"]), (128, 8), "its knobs are the base")
    same((default.knobs["size"], default.knobs["depth"]), ("128", "1"), "knobs put back")
    bench.module.writes.clear()
    interrupt(bench, signal.SIGINT, "--job", "default")
    same((default.knobs["size"], default.knobs["depth"]), ("128", "1"), "knobs put back")
    bench.refused(USAGE, "depth=0", "bench", "--job", "default", "size=64", "depth=0")
    same(default.knobs["size"], "128", "knobs put back")
    bench.run(GOOD, "bench", "--job", "mine", "--json", "results.json")
    same(bench.results()["runs"][0]["result"]["job"], "mine", "name of the job")
    bench.only_default_job()
    default.show_status("running", 0, "")
    bench.refused(USAGE, "this job runs", "bench", "--job", "default")
    same(default.knobs["size"], "128", "a running job is left alone")


@test
def second_signal(bench: Bench) -> None:
    """bench: a second signal gives the run up at once and still removes the job"""
    bench.module.rule = lambda knobs: Behaviour(seconds=30, stop_s=30)
    process = bench.start("bench", "--json", "results.json")
    bench.wait_for(lambda: bench.runs() == 1)
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    bench.wait_for(lambda: any(text == "0\n" for _, text in bench.module.writes))
    begin = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=PATIENCE_S)
    same(process.returncode, FAILED, "exit code")
    check(time.monotonic() - begin < 10, "it does not wait for the run")
    document = bench.results()
    same((document["runs"], document["interrupted"]), ([], True), "results")
    bench.only_default_job()


@test
def time_limit(bench: Bench) -> None:
    """bench --timeout ends as a signal does"""
    bench.module.rule = lambda knobs: Behaviour(seconds=30)
    _, err = bench.run(FAILED, "bench", "depth=1,2", "--timeout", "1", "--json", "results.json")
    check("ended by the time limit after 1 of 2 runs" in err, err)
    same(bench.results()["runs"][0]["status"]["state"], "stopped", "state")
    bench.only_default_job()


@test
def killed(bench: Bench) -> None:
    """bench: after SIGKILL the file holds the runs so far, the next start cleans up"""
    bench.module.rule = lambda knobs: Behaviour(seconds=30 if knobs["depth"] == "4" else 0.02)
    process = bench.start("bench", "depth=1,2,4", "--json", "results.json")
    bench.wait_for(lambda: bench.runs() == 3)
    process.kill()
    process.communicate(timeout=PATIENCE_S)
    document = bench.results()
    check(len(document["runs"]) >= 1, "the runs so far are in the file")
    same((document["interrupted"], document["finished"], document["return_code"]),
         (True, None, None), "a file without an end says so")
    same(len(bench.module.jobs), 2, "the job is left behind")
    bench.module.rule = lambda knobs: Behaviour()
    bench.module.create("bench-like-name")
    _, err = bench.run(GOOD, "bench")
    check("left this job behind, removed" in err, err)
    same(sorted(bench.module.jobs), ["bench-like-name", "default"], "other jobs are left alone")
    same(sorted(path.name for path in bench.folder.glob("*.tmp")), [], "drafts")


@test
def two_at_once(bench: Bench) -> None:
    """bench: two commands at once do not take each other's job away"""
    bench.module.rule = lambda knobs: Behaviour(seconds=1.5 if knobs["depth"] == "2" else 0.02)
    with bench.start("bench", "depth=2") as first:
        bench.wait_for(lambda: bench.runs() == 1)
        _, err = bench.run(GOOD, "bench", "depth=1")
        check("behind" not in err, err)
        first.communicate(timeout=PATIENCE_S)
    same(first.returncode, GOOD, "exit code of the first")
    bench.only_default_job()


@test
def where_results_go(bench: Bench) -> None:
    """bench --json: '-' is pure JSON, what cannot be written is refused at once"""
    out, err = bench.run(GOOD, "bench", "--json", "-")
    valid(json.loads(out))
    check("memcpy" in err, "the table is on stderr")
    bench.refused(USAGE, "cannot be written", "bench", "--json", "nowhere/results.json")
    bench.refused(USAGE, "cannot be written", "bench", "--json", "/dev/full/x")
    same(bench.runs(), 1, "runs")
    _, err = bench.run(FAILED, "bench", "--json", "/dev/full")
    check("cannot be written: No space left" in err, err)
    bench.json.write_text("old", encoding="ascii")
    bench.json.chmod(0o640)
    bench.run(GOOD, "bench", "--json", "results.json")
    same(bench.results()["return_code"], GOOD, "an old file is replaced")
    bench.only_default_job()


@test
def no_new_job(bench: Bench) -> None:
    """bench: a job that cannot be created: exit 4 and why"""
    bench.module.refuse_new = errno.ENOSPC
    bench.refused(SKIPPED, "cannot create this job: No space left", "bench")


@test
def module_goes_away(bench: Bench) -> None:
    """bench: when the module is unloaded in the middle, the runs fail and it ends"""
    bench.module.rule = lambda knobs: Behaviour(seconds=0.5)
    process = bench.start("bench", "depth=1,2", "--json", "results.json")
    bench.wait_for(lambda: bench.runs() == 1)
    bench.module.root.rename(bench.folder / "gone")
    process.communicate(timeout=PATIENCE_S)
    (bench.folder / "gone").rename(bench.module.root)
    same(process.returncode, FAILED, "exit code")
    document = json.loads(bench.json.read_text(encoding="utf-8"))
    same([run["status"]["state"] for run in document["runs"]], ["failed", "failed"], "states")


@test
def terminal(bench: Bench) -> None:
    """bench: on a terminal one line of progress is rewritten, and cleared in the end"""
    bench.module.rule = lambda knobs: Behaviour(seconds=0.6)
    near, far = pty.openpty()
    process = bench.start("bench", "depth=1,2", stderr=far,
                          env=bench.environment(TERM="linux"))
    os.close(far)
    shown = b""
    try:
        while chunk := os.read(near, 4096):
            shown += chunk
    except OSError:
        # So a terminal says that its last writer has gone.
        pass
    os.close(near)
    out, _ = process.communicate(timeout=PATIENCE_S)
    same(process.returncode, GOOD, "exit code")
    check(b"\r\x1b[K[2/2] command line depth=2: 50%" in shown, repr(shown))
    check(shown.endswith(b"\r\x1b[K") and b"\n" not in shown, repr(shown))
    check("memcpy" in out, out)


@test
def stat(bench: Bench) -> None:
    """stat: all jobs, one job, JSON, an unknown job"""
    job = bench.module.jobs["default"]
    job.ended.clear()
    job.end("failed", errno.ETIMEDOUT, "too late")
    out, _ = bench.run(GOOD, "stat")
    check("default  failed  100%  20.0 ms  memcpy     1.00 k  4.10 MB       1  too late" in out,
          out)
    out, _ = bench.run(GOOD, "stat", "default")
    for line in ("state        failed, 100%, 20.0 ms", "reason       too late",
                 "errors_timeout 1", "seed         0x00000000deadbeef"):
        check(line in out, out)
    row = next(line.split() for line in out.splitlines() if line.startswith("total"))
    same(row[:4], ["total", "1.00", "k", "1.02"], "stages")
    out, _ = bench.run(GOOD, "stat", "--json")
    document = json.loads(out)
    same(document["jobs"][0]["status"]["error"], "ETIMEDOUT", "status")
    same(document["jobs"][0]["stages"]["total"]["count"], 1000, "stages")
    bench.refused(USAGE, "did you mean 'default'?", "stat", "default2")
    bench.refused(USAGE, "there are: default", "stat", "x")
    bench.refused(USAGE, "from 1 to 3600", "stat", "--watch=0")


@test
def stat_watches(bench: Bench) -> None:
    """stat --watch: a job until it has ended, all jobs until a signal"""
    job = bench.module.jobs["default"]
    job.show_status("running", 0, "")
    process = bench.start("stat", "default", "--watch")
    time.sleep(0.3)
    job.show_status("done", 0, "")
    out, _ = process.communicate(timeout=PATIENCE_S)
    same(process.returncode, GOOD, "exit code")
    check("running, 50%" in out and "done, 100%" in out, out)
    process = bench.start("stat", "--watch=1")
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE_S)
    same(process.returncode, GOOD, "exit code")
    check(out.startswith("job"), out)


TEST_SCHEMA = {"$schema": SCHEMA["$schema"], "$defs": SCHEMA["$defs"],
               "properties": {name: SCHEMA["properties"][name]
                              for name in ("tool", "command", "module", "system")},
               "$ref": "#/$defs/test"}
KTAP_FAILED = KTAP_SAID + "not ok 3 queue.starts\n"
KTAP_ADVISED = "# expected true, seen false\nok 4 status.true # XFAIL advisory\n"


def suite(bench: Bench, ktap: str, **behaviour: Any) -> None:
    """What the next runs of mode=suite report and how they end."""
    bench.module.rule = lambda knobs: Behaviour(ktap=KTAP_HEAD + ktap, **behaviour)


def suite_json(bench: Bench) -> dict[str, Any]:
    """The results of a suite, checked against the schema."""
    document = json.loads(bench.json.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(TEST_SCHEMA).validate(document)
    return document


def waiver_file(bench: Bench, text: str) -> str:
    """Write waivers, return their name."""
    (bench.folder / "w.ini").write_text(text, encoding="utf-8")
    return "w.ini"


@test
def suite_usage(bench: Bench) -> None:
    """test: wrong arguments and values, exit 2 and one line that says what to do"""
    bench.refused(USAGE, "dmabench test --help", "test", "--nonsense")
    for option in ("--cases", "--repeat", "--seed", "--opt-in", "--waivers", "--peripheral",
                   "--json"):
        bench.refused(USAGE, f"{option}: this option needs an argument", "test", option)
    bench.refused(USAGE, "is empty", "test", "--json", "")
    bench.refused(USAGE, "the knob has no name", "test", "=4")
    bench.refused(USAGE, "there is a channel already (dma0chan0)", "test", "dma0chan0", "x")
    bench.refused(USAGE, "leave dma0chan0 out", "test", "dma0chan0", "--peripheral", "p")
    bench.refused(SKIPPED, "no such peripheral is bound", "test", "--peripheral", "p")
    bench.refused(SKIPPED, "moon: no such channel", "test", "moon")
    same(bench.runs(), 0, "runs")
    # What knobs take is the module's to say.
    suite(bench, KTAP_GOOD)
    bench.refused(USAGE, "repeat", "test", "--repeat", "0")
    bench.refused(USAGE, "shuffle", "test", "shuffle=2")
    bench.refused(USAGE, "no_such_knob: no such knob, docs/debugfs.md", "test", "no_such_knob=1")
    bench.refused(USAGE, "did you mean 'repeat'?", "test", "repaet=1")
    same(bench.runs(), 0, "runs")
    suite(bench, "", refuse=errno.EINVAL, reason="cases: a word of it matches no case")
    bench.refused(USAGE, "matches no case", "test", "--cases", "moon")
    suite(bench, "", refuse=errno.EBUSY, reason="dma0chan0 is in use")
    bench.refused(SKIPPED, "dma0chan0 is in use", "test", "dma0chan0")
    bench.only_default_job()


@test
def suite_arguments(bench: Bench) -> None:
    """test: what options make of the knobs; cases are listed"""
    suite(bench, KTAP_GOOD)
    bench.run(GOOD, "test", "dma0chan0", "--cases", "queue,status.*", "--repeat", "3", "--shuffle",
              "--seed", "9", "--opt-in", "reentry,public", "timeout_ms=77", "--no-waivers", "-q")
    config = bench.module.configs()[-1]
    for knob, value in {"mode": "suite", "channel": "dma0chan0", "cases": "queue,status.*",
                        "repeat": "3", "shuffle": "1", "seed": "9", "opt_in": "reentry,public",
                        "timeout_ms": "77", "waive": ""}.items():
        same(config.get(knob), value, knob)
    # Without a name it is the first that is free.
    bench.run(GOOD, "test", "-q")
    same(bench.module.configs()[-1]["channel"], "dma0chan0", "channel")
    bench.run(GOOD, "test", "-q", "--peripheral", "dmabench-loopback.0")
    config = bench.module.configs()[-1]
    same((config["peripheral"], config.get("channel", "")), ("dmabench-loopback.0", ""),
         "peripheral")
    bench.only_default_job()
    out, err = bench.run(GOOD, "test", "--list")
    check(out.startswith("queue.in_order rules=A4.7,A4.9 grade=strict") and not err, out)
    same(out.count("\n"), 4, "cases")
    (bench.module.root / "channels").write_text("dma1chan0 device=x driver=y state=busy\n",
                                                encoding="ascii")
    bench.refused(SKIPPED, "no channel is free", "test")


@test
def suite_summary(bench: Bench) -> None:
    """test: summary and exit codes: passed, failed, advised, skipped; KTAP as it is"""
    suite(bench, KTAP_GOOD + KTAP_SKIPPED + KTAP_ADVISED)
    out, err = bench.run(GOOD, "test", "-q")
    rows = [line.split() for line in out.splitlines()]
    check(["queue", "1", "-", "-", "-", "-"] in rows, out)
    check(["status", "-", "-", "1", "-", "1"] in rows, out)
    check(["all", "1", "-", "1", "-", "1"] in rows, out)
    check("the provider has no pause: 1 case, as status.paused" in out, out)
    check("advice" in out and "expected true, seen false" in out, out)
    check("FAILED" not in out and not err, out + err)

    suite(bench, KTAP_GOOD + KTAP_SKIPPED + KTAP_FAILED, error=errno.EPROTO,
          reason="1 errors, the first: queue.starts")
    out, err = bench.run(FAILED, "test", "-q")
    for text in ("FAILED\n  queue.starts\n", "stands in: client.rst:1", "seen 4096",
                 "again: cases=queue.starts seed=7"):
        check(text in out, out)
    same(err, "dmabench: 1 errors, the first: queue.starts\n", "stderr")
    out, _ = bench.run(FAILED, "test", "-q", "--ktap")
    same(out, KTAP_HEAD + KTAP_GOOD + KTAP_SKIPPED + KTAP_FAILED, "KTAP")

    suite(bench, KTAP_GOOD + "Bail out! 6 cases in a row have timed out\n", error=errno.EPROTO,
          reason="bailed out: 6 cases in a row have timed out")
    out, _ = bench.run(FAILED, "test", "-q")
    check("ended after 1 of 4 cases: 6 cases in a row" in out, out)

    suite(bench, KTAP_SKIPPED)
    bench.run(SKIPPED, "test", "-q")
    bench.only_default_job()


@test
def suite_results(bench: Bench) -> None:
    """test --json: every verdict with what it said, by the schema"""
    suite(bench, KTAP_GOOD + KTAP_SKIPPED + KTAP_FAILED + KTAP_ADVISED, error=errno.EPROTO,
          reason="queue.starts")
    out, _ = bench.run(FAILED, "test", "-q", "--json", "results.json", "seed=7")
    check("FAILED" in out, out)
    document = suite_json(bench)
    same(document["command"], ["test", "-q", "--json", "results.json", "seed=7"], "command")
    same(document["run"]["status"]["error"], "EPROTO", "error")
    found = document["suite"]
    same([(case["name"], case["verdict"]) for case in found["cases"]],
         [("queue.in_order", "passed"), ("status.paused", "skipped"), ("queue.starts", "failed"),
          ("status.true", "advised")], "verdicts")
    same(found["cases"][1]["reason"], "the provider has no pause", "reason")
    check("seen 4096" in found["cases"][2]["said"], "said")
    same(found["planned"], 4, "planned")
    check("driver=dmasim seed=7" in found["head"], "head")
    same((len(found["definitions"]), len(found["rules"])), (4, 3), "definitions and rules")
    check("bailed_out" not in found, "it did not bail out")

    out, _ = bench.run(FAILED, "test", "-q", "--json", "-")
    same(json.loads(out)["suite"]["cases"], found["cases"], "cases on stdout")
    _, err = bench.run(FAILED, "test", "-q", "--json", "no/such/folder.json")
    check("could not be written" in err, err)


@test
def suite_waivers(bench: Bench) -> None:
    """test: waivers of the driver reach the module and are told with their reasons"""
    waived = KTAP_GOOD + KTAP_SAID + "ok 3 queue.starts # XFAIL waived\n"
    suite(bench, waived)
    name = waiver_file(bench, "; why\n[other]\nstatus = no\n[dmasim]\n"
                              "queue.s* = by design, client.rst:9\nstatus.true = known\n")
    out, _ = bench.run(GOOD, "test", "-q", "--waivers", name, "--json", "results.json")
    same(bench.module.configs()[-1]["waive"], "queue.s*,status.true", "waive")
    check("waived because: by design, client.rst:9" in out and "seen 4096" in out, out)
    case = suite_json(bench)["suite"]["cases"][1]
    same((case["verdict"], case["reason"]), ("waived", "by design, client.rst:9"), "waiver")

    # Those that are shipped are found by themselves, unless nobody wants them.
    folder = bench.folder / "configs/waivers"
    folder.mkdir(parents=True)
    (folder / "drivers.ini").write_text("[dmasim]\nqueue = as a group\n", encoding="utf-8")
    bench.run(GOOD, "test", "-q")
    same(bench.module.configs()[-1]["waive"], "queue", "waive")
    bench.run(GOOD, "test", "-q", "--no-waivers")
    same(bench.module.configs()[-1]["waive"], "", "waive")

    runs = bench.runs()
    bench.refused(USAGE, "--waivers none.ini: there is no such file", "test", "--waivers",
                  "none.ini")
    for text, told in (("[dmasim]\nqueue.starts =\n", "a waiver without a reason"),
                       ("[dmasim]\nqueue.starts\n", "neither [driver] nor case = reason"),
                       ("queue.starts = x\n", "stands before the first [driver]"),
                       ("[other]\nqueue.starts =\n", "write queue.starts = WHY")):
        bench.refused(USAGE, told, "test", "--waivers", waiver_file(bench, text))
    same(bench.runs(), runs, "runs with waivers that are no good")


@test
def suite_interrupted(bench: Bench) -> None:
    """test: a signal ends the suite, what it found is printed and written"""
    suite(bench, KTAP_GOOD + KTAP_FAILED, seconds=PATIENCE_S)
    process = bench.start("test", "-q", "--json", "results.json")
    bench.wait_for(lambda: bench.runs() == 1)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=PATIENCE_S)
    same(process.returncode, FAILED, "exit code")
    check("queue.starts" in out and "seen 4096" in out, out)
    document = suite_json(bench)
    same(document["run"]["status"]["state"], "stopped", "state")
    same([case["verdict"] for case in document["suite"]["cases"]], ["passed", "failed"], "cases")
    same(document["suite"]["planned"], 4, "planned")
    bench.only_default_job()


def with_perf(bench: Bench, fault: str = "") -> dict[str, str]:
    """Environment in which perf is the stand-in, and the module has its tracepoints."""
    programs, events = bench.folder / "bin", bench.folder / "tracing/events"
    if not programs.exists():
        programs.mkdir()
        (programs / "perf").symlink_to(Path(__file__).with_name("fake_perf.py"))
        for event in ("dmabench/dmabench_window", "dmabench/dmabench_done", "sched/sched_wakeup"):
            (events / event).mkdir(parents=True)
    return {"PATH": f"{programs}:{os.environ['PATH']}", "FAKE_PERF": fault,
            "DMABENCH_TRACEFS": str(events.parent), "TMPDIR": str(bench.folder)}


@test
def perf_refused(bench: Bench) -> None:
    """bench --perf: what it lacks is said before anything is measured"""
    words = ("bench", "--perf", "--json", "results.json")
    env = with_perf(bench)
    bench.refused(USAGE, "give --json FILE", "bench", "--perf", **env)
    bench.refused(USAGE, "install it", *words, **{**env, "PATH": "/nowhere"})
    bench.refused(USAGE, "there is no tracepoint dmabench:dmabench_window", *words,
                  **{**env, "DMABENCH_TRACEFS": "/nowhere"})
    bench.refused(USAGE, "perf cannot record here: ", *words, **with_perf(bench, "deny"))
    same(bench.runs(), 0, "runs")
    check(not bench.json.exists(), "no results are left")
    same(list(bench.folder.glob("dmabench-perf*")), [], "folders that are left")
    bench.only_default_job()


@test
def perf_recorded(bench: Bench) -> None:
    """bench --perf: each point is run again, what perf saw is in the results"""
    bench.run(GOOD, "bench", "-q", "--perf", "--json", "results.json", "depth=1,2",
              "op=memcpy,cpu_memcpy", **with_perf(bench))
    document = bench.results()
    same(len(document["runs"]), 4, "runs without perf")
    perf = document["perf"]
    same((perf["version"], perf["clock"]), ("perf version 0.0.fake", "cpu-clock"), "perf")
    same([run["run"] for run in perf["runs"]],
         [run["id"] for run in document["runs"] if run["config"]["op"] == "memcpy"], "points")
    same(perf["frames"], [["memcpy_orig", ""], ["kthread", ""]], "frames")
    for run in perf["runs"]:
        (worker, nanoseconds, samples, *stack), = run["sampled"]["stacks"]
        same((worker, samples, stack), (1, 1, [1, 0]), "stack")
        check(0 < nanoseconds <= run["sampled"]["window_ns"], "time of the stack")
        same(run["traced"]["events"]["sched:sched_wakeup"], 1, "wake-ups")
    same([perf["frames"][one["frame"]] for one in perf["functions"]], [["memcpy_orig", ""]], "hot")
    # Two recorders for two points: eight runs, and what the points ask for comes last.
    same(bench.runs(), 8, "all runs")
    same(bench.module.configs()[-1]["iterations"], "64", "iterations of a traced run")
    same(list(bench.folder.glob("dmabench-perf*")), [], "folders that are left")
    bench.only_default_job()


@test
def perf_failed(bench: Bench) -> None:
    """bench --perf: if perf fails, what was measured is kept"""
    for fault in ("deaf", "broken"):
        _, err = bench.run(FAILED, "bench", "-q", "--perf", "--json", "results.json",
                           **with_perf(bench, fault))
        check("perf has failed" in err, err)
        document = bench.results()
        same([run["status"]["state"] for run in document["runs"]], ["done"], "runs")
        check("perf" not in document, "no records")
        same(document["return_code"], FAILED, "return code")
        bench.only_default_job()


def main() -> int:
    """Run all tests; 1 if one failed."""
    parser = argparse.ArgumentParser(description="End-to-end tests of dmabench.")
    parser.add_argument("--command", required=True, help="the command as it is shipped")
    parser.add_argument("--fake", required=True, help="the command for the stand-in")
    args = parser.parse_args()
    args.command, args.fake = os.path.abspath(args.command), os.path.abspath(args.fake)
    failed = 0
    print(f"KTAP version 1\n1..{len(TESTS)}")
    for number, function in enumerate(TESTS, 1):
        with tempfile.TemporaryDirectory() as folder:
            bench = Bench(args, Path(folder))
            try:
                function(bench)
                verdict = "ok"
            except Exception:  # pylint: disable=broad-exception-caught
                for line in traceback.format_exc().splitlines():
                    print(f"# {line}")
                verdict = "not ok"
                failed += 1
            bench.module.close()
        print(f"{verdict} {number} {function.__doc__}", flush=True)
    print(f"# pass:{len(TESTS) - failed} fail:{failed}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
