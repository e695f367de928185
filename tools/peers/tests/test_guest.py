# SPDX-License-Identifier: GPL-2.0-only
"""The functions of the guest's script, with what dmatest and the modules have been seen to say."""

import subprocess
from pathlib import Path

GUEST = Path(__file__).resolve().parents[1] / "guest.sh"

# As logged by dmatest of 6.12; the first lines belong to an earlier run.
LOG = """[    8.100000] dmatest: dma0chan0-copy0: summary 9 tests, 0 failures 1.00 iops 0 KB/s (0)
[    9.520000] dmabench: MARK
[    9.600000] dmatest: Added 2 threads using dma0chan0
[    9.600000] dmasim dmasim.0: private_candidate: wrong capabilities
[    9.600000] dmatest: Started 2 threads using dma0chan0
[    9.900000] dmatest: dma0chan0-copy1: summary 4000 tests, {bad} failures 20000.40 iops 1 KB/s (0)
[    9.910000] dmatest: dma0chan0-copy0: summary 4000 tests, 0 failures 22000.25 iops 1 KB/s (0)
"""


def shell(folder, lines):
    """Run lines behind the guest's script in a folder; return what they print."""
    (folder / "parameters").mkdir(exist_ok=True)
    for name in ("wait", "run"):
        (folder / "parameters" / name).write_text("Y\n", encoding="utf-8")
    text = f". {GUEST}\nDMATEST=parameters KMSG=kmsg WINDOW=250 GLANCE=60\n" \
           f"context=inline dmasim=dma0chan0\n{lines}\n"
    return subprocess.run(["sh"], input=text, cwd=folder, text=True, check=True,
                          capture_output=True).stdout


def dmesg(folder, failures=0):
    """A dmesg whose mark is that of the run."""
    (folder / "log").write_text(LOG.format(bad=failures), encoding="utf-8")
    return 'dmesg() { sed "s/MARK/$mark/" log; }\n'


def test_the_time_of_threads_is_from_the_first_start_to_the_last_end(tmp_path):
    # 8000 transfers in 310 ms; their own rates add up to more, as one began late.
    shell(tmp_path, dmesg(tmp_path) + "peer peers.dmatest64x2 3 64 2")
    assert (tmp_path / "results").read_text() == "inline peers.dmatest64x2 3 25806\n"
    assert not (tmp_path / "skipped").exists()


def test_a_single_thread_tells_its_own_rate(tmp_path):
    text = LOG.replace("copy1", "copyX").replace("2 threads", "1 threads")
    lines = [line for line in text.splitlines() if "copyX" not in line]
    (tmp_path / "log").write_text("\n".join(lines) + "\n", encoding="utf-8")
    shell(tmp_path, 'dmesg() { sed "s/MARK/$mark/" log; }\n' "peer peers.dmatest64x1 0 64 1")
    assert (tmp_path / "results").read_text() == "inline peers.dmatest64x1 0 22000\n"


def test_dmatest_gets_what_it_is_to_do(tmp_path):
    shell(tmp_path, dmesg(tmp_path) + "rate64x2=42001\npeer peers.dmatest64x2 0 64 2")
    given = {path.name: path.read_text().strip() for path in (tmp_path / "parameters").iterdir()}
    assert given["transfer_size"] == "64"
    assert int(given["test_buf_size"]) > 64
    assert given["threads_per_chan"] == "2"
    assert given["channel"] == "dma0chan0"
    # A quarter of a second's, shared by two.
    assert int(given["iterations"]) == 42001 * 250 // 1000 // 2 + 100
    # In the end the channel was given back.
    assert given["run"] == "0"


def test_a_failure_of_dmatest_is_no_rate(tmp_path):
    shell(tmp_path, dmesg(tmp_path, failures=1) + "peer peers.dmatest64x2 0 64 2")
    assert not (tmp_path / "results").exists()
    assert "inline peers.dmatest64x2 dmatest failed" in (tmp_path / "skipped").read_text()


def test_a_thread_that_says_nothing_is_no_rate(tmp_path):
    shell(tmp_path, dmesg(tmp_path) + "peer peers.dmatest64x4 0 64 4")
    assert not (tmp_path / "results").exists()


def test_the_fastest_candidate_is_chosen(tmp_path):
    rates = 'run() { case "$*" in *depth=16*) ops=900 ;; *depth=64*) ops=1000 ;; ' \
            '*depth=1\\ *) why=refused; return 1 ;; *) ops=10 ;; esac; }\n'
    out = shell(tmp_path, rates + "choose best64 dmasim size=64 'depth=1 wait=irq' "
                "'depth=16 wait=irq' 'depth=64 wait=poll' 'depth=256 wait=irq'\necho \"$best64\"")
    assert out == "depth=64 wait=poll\n"
    assert (tmp_path / "chosen").read_text() == "inline best64 1000 depth=64 wait=poll\n"


def test_a_lucky_run_does_not_win(tmp_path):
    # The first time it is asked depth=16 is the fastest by far, and never again.
    rates = 'run() { case "$*" in *depth=16*) ops=5000; [ ! -f lucky ] || ops=20; : > lucky ;; ' \
            '*) ops=1000 ;; esac; }\n'
    out = shell(tmp_path, rates + "choose best64 dmasim size=64 'depth=16 wait=irq' "
                "'depth=64 wait=poll'\necho \"$best64\"")
    assert out == "depth=64 wait=poll\n"


def test_why_nothing_was_measured_is_kept(tmp_path):
    shell(tmp_path, 'run() { why="no such channel"; return 1; }\n'
          "bench bare.loop 0 dmasim size=64\nbench bare.loop 1 dmasim size=64")
    assert (tmp_path / "skipped").read_text() == "inline bare.loop no such channel\n"
