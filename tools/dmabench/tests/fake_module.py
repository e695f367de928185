# SPDX-License-Identifier: GPL-2.0-only
"""A stand-in for the kernel module: a folder of plain files that answers writes.

The files are those of docs/debugfs.md. What the command writes arrives over a socket
(see fake_write.c), so that a write can take effect and be refused with any errno.
"""

from __future__ import annotations

import errno
import os
import shutil
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

KNOBS = {
    "op": "memcpy", "channel": "", "device": "", "max_channels": "1", "threads": "1",
    "depth": "1", "batch": "1", "wait": "irq", "hybrid_us": "50", "size": "4096",
    "size_min": "0", "align": "0", "src_offset": "0", "dst_offset": "0", "random_offset": "0",
    "map": "transfer", "memory": "streaming", "node": "-1", "iterations": "1024",
    "runtime_ms": "0", "warmup": "64", "timeout_ms": "3000", "verify": "full",
    "max_errors": "1", "stages": "1", "slowest_max": "8", "seed": "0",
    "memory_limit": "268435456", "knob_of_tomorrow": "7", "mode": "transfer", "cases": "",
    "repeat": "1", "shuffle": "0", "case_timeout_ms": "20000", "opt_in": "", "waive": "",
    "peripheral": "",
}
WORDS = {
    "op": ("memcpy", "memset", "cpu_memcpy"), "wait": ("irq", "poll", "hybrid"),
    "verify": ("none", "ends", "full"), "map": ("transfer", "once"),
    "memory": ("streaming", "coherent"), "mode": ("transfer", "suite"),
}
BOUNDS = {"depth": (1, 1024), "repeat": (1, 100000), "shuffle": (0, 1), "size": (1, 16 << 20), "runtime_ms": (0, 86400000)}
TEXTS = ("channel", "device", "cases", "opt_in", "waive", "peripheral")
CHANNELS = (
    "# what can be seen\n"
    "dma0chan0 device=dmasim.0 driver=dmasim state=free caps=memcpy,interrupt,private"
    " directions=none granularity=burst copy_align=1 max_segment=65536 pause=1 resume=1"
    " terminate=1 synchronize=1 node=-1 xor_align=4 pq_align=1 fill_align=1 max_xor=16"
    " max_pq=0 boundary=0xffffffff metadata=both src_widths=1,2,4 dst_widths=none min_burst=0"
    " max_burst=256 max_sg_burst=0 reuse=1 of_tomorrow=x\n"
    "dma1chan0 device=40400000 driver=other state=busy caps=slave directions=mem_to_dev"
    " granularity=none copy_align=4 max_segment=4096 pause=0 resume=0 terminate=1"
    " synchronize=0 node=0\n")
OPS = (
    "memcpy needs=memcpy timed=engine\nmemset needs=memset timed=engine\n"
    "cpu_memcpy needs=none timed=cpu\n"
    "dma0chan0 can=memcpy cannot=memset:memset\n"
    "dma1chan0 can=none cannot=memcpy:memcpy,memset:memset\n")
PERIPHERALS = ("dmabench-loopback.0 endpoint=loopback tx_addr=0xd5a00000 rx_addr=0xd5a00010"
               " width=4 maxburst=1 frame_rate=48000\n")

CASES = (
    "queue.in_order rules=A4.7,A4.9 grade=strict needs=carrier,order opt_in=none in order\n"
    "queue.starts rules=A4.3 grade=documented needs=none opt_in=none nothing happens yet\n"
    "status.true rules=A5.1 grade=advisory needs=none opt_in=reentry as it is\n"
    "status.paused rules=A5.1 grade=strict needs=pause opt_in=none paused is told\n")
RULES = ("A4.3\tdocumented\tclient.rst:1\tsubmit does not start\t\n"
         "A4.7\tstrict\tdmaengine.h:2\tin order\t\n"
         "A5.1\tadvisory\tclient.rst:3\tstatus is true\tnobody can\n")
KTAP_HEAD = ("KTAP version 1\n# channel=dma0chan0 device=dmasim.0 driver=dmasim seed=7 shuffle=0"
             " repeat=1\n1..4\n")
KTAP_GOOD = "# 64 bytes take 1 ns\nok 1 queue.in_order\n"
KTAP_SKIPPED = "ok 2 status.paused # SKIP the provider has no pause\n"
KTAP_SAID = ("# rule A4.3 (documented): submit does not start\n# stands in: client.rst:1\n"
             "# expected 0 bytes, seen 4096\n"
             "# seen after 3 ms of the suite; again: cases=queue.starts seed=7\n")


def knob_line(name: str, preset: str) -> str:
    """A line of the file `knobs`."""
    if name in WORDS:
        takes = "words=" + ",".join(WORDS[name])
    elif name in TEXTS:
        takes = "length=1023"
    else:
        low, high = BOUNDS.get(name, (-(1 << 63), (1 << 63) - 1))
        takes = f"min={low} max={high}"
    return f"{name} preset={preset} {takes} # what words={name} means\n"


@dataclass(frozen=True)
class Behaviour:
    """How a run goes.

    refuse: errno with which `run` is refused, 0 for none; seconds: how long it takes;
    error: errno with which it ends; reason: one line; stop_s: how long stopping takes; ktap: what a suite has written by then.
    """

    refuse: int = 0
    seconds: float = 0.02
    error: int = 0
    reason: str = ""
    stop_s: float = 0.0
    ktap: str = ""


def number(text: str) -> int:
    """A number as a knob takes it; ValueError if it is none."""
    shift = {"K": 10, "M": 20, "G": 30}.get(text[-1:].upper(), 0)
    return int(text[:-1] if shift else text, 0) << shift


class Job:
    """One folder of a job."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.knobs = dict(KNOBS)
        self.ended = threading.Event()
        self.ended.set()
        self.lock = threading.Lock()
        self.runs = 0
        (folder / "hist").mkdir(parents=True)
        for name in ("run", "control", "result", "slowest", "ktap"):
            self.put(name, "")
        self.show_knobs()
        self.show_status("idle", 0, "")

    def put(self, name: str, text: str) -> None:
        """Replace a file at once, as a read of the module's shows one state."""
        draft = self.folder.parent / f".{self.folder.name}-{threading.get_ident()}"
        draft.write_text(text, encoding="ascii")
        draft.replace(self.folder / name)

    def show_knobs(self) -> None:
        """Write the knobs and `config`."""
        for name, value in self.knobs.items():
            self.put(name, f"{value}\n")
        self.put("config", "".join(f"{name}={value}\n" for name, value in self.knobs.items()))

    def show_status(self, state: str, error: int, reason: str) -> None:
        """Write `status` and `finished`; error is a positive errno or 0."""
        text = (f"state: {state}\nerrno: {-error}\nreason: {reason}\nelapsed_ns: 20000000\n"
                f"progress: {500 if state == 'running' else 1000}\ntransfers: 1000\n"
                f"bytes: 4096000\nerrors: {int(error != 0)}\nruns: {self.runs}\nnew_key: 1\n")
        self.put("status", text)
        self.put("finished", text)

    def show_result(self, state: str, error: int, reason: str) -> None:
        """Write `result`, `hist/total` and `slowest` of a run that had 1000 transfers."""
        channel = self.knobs["channel"] or "dma0chan0"
        rate = 100000 // int(self.knobs["depth"]) + self.runs
        lines = {
            "job": self.folder.name, "op": self.knobs["op"], "state": state, "errno": -error,
            "reason": reason, "seed": "0x00000000deadbeef", "channels": channel,
            "device": "dmasim.0", "driver": "dmasim", "workers": 1, "depth": self.knobs["depth"],
            "window_ns": 10000000, "transfers": 1000, "bytes": 1000 * int(self.knobs["size"]),
            "ops_per_s": rate, "bytes_per_s": rate * int(self.knobs["size"]),
            "errors_data": 0, "errors_timeout": int(error == errno.ETIMEDOUT),
            "first_error": reason if error else "none", "key_of_tomorrow": "some text",
            "stage.total.count": 1000, "stage.total.sum": 1500000, "stage.total.min": 1024,
            "stage.total.mean": 1500, "stage.total.max": 2111, "stage.total.p50": 1055,
            "stage.total.p90": 2111, "stage.total.p99": 2111, "stage.total.p99.9": 2111,
            "stage.total.p99.99": 2111, "stage.wake.count": 0,
            "worker.0.channel": channel, "worker.0.transfers": 1000,
            "worker.0.bytes": 1000 * int(self.knobs["size"]), "worker.0.window_ns": 10000000,
            "worker.0.errors": 0, "cyclic.rx.overruns": 3, "worker.0.control.pause": 12,
        }
        self.put("result", "".join(f"{key}: {value}\n" for key, value in lines.items()))
        self.put("hist/total", "# low_ns high_ns count\n1024 1055 600\n2048 2111 400\n")
        self.put("slowest", f"17 worker=0 channel={channel} size=4096 start_ns=5 total=2111"
                            " map=1 prep=2 submit=3 issue=4 complete=5 wake=6 unmap=7\n")

    def end(self, state: str, error: int, reason: str) -> None:
        """The run is over, unless it was before."""
        with self.lock:
            if self.ended.is_set():
                return
            self.show_result(state, error, reason)
            # Whoever reads that it has ended may write at once.
            self.ended.set()
            self.show_status(state, error, reason)


class FakeModule:
    """The folder of the module and the thread that answers writes.

    rule: decides from a job's knobs how its run goes; tests put their own there.
    """

    def __init__(self, root: Path) -> None:
        self.root = root / "debugfs"
        self.rule: Callable[[dict[str, str]], Behaviour] = lambda knobs: Behaviour()
        self.jobs: dict[str, Job] = {}
        self.writes: list[tuple[str, str]] = []
        self.refuse_new = 0
        self.root.mkdir()
        for name, text in (("version", "version: 9.9\ninterface: 1\n"), ("features", "op-memcpy\n"),
                           ("channels", CHANNELS), ("ops", OPS),
                           ("peripherals", PERIPHERALS), ("cases", CASES), ("rules", RULES),
                           ("knobs", "".join(map(knob_line, KNOBS, KNOBS.values()))),
                           ("new", ""), ("del", "")):
            (self.root / name).write_text(text, encoding="ascii")
        self.create("default")
        self.listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.listener.bind(str(root / "socket"))
        self.listener.listen(16)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def close(self) -> None:
        """Answer no more."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()

    def create(self, name: str) -> Job:
        """Make a job."""
        self.jobs[name] = Job(self.root / name)
        return self.jobs[name]

    def configs(self) -> list[dict[str, str]]:
        """The knobs of every write to a `config`, in order."""
        return [dict(line.split("=", 1) for line in text.splitlines())
                for path, text in self.writes if path.endswith("/config")]

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            path, _, text = connection.recv(1 << 16).decode("ascii").partition("\n")
            name = os.path.relpath(path, self.root)
            self.writes.append((name, text))
            try:
                result = self._write(name, text)
                connection.send(str(result).encode("ascii"))
            except OSError:
                # The command did not wait for the answer.
                pass

    def _write(self, name: str, text: str) -> int:
        if name == "new":
            return self._new(text.strip())
        if name == "del":
            return self._del(text.strip())
        job_name, _, file = name.partition("/")
        job = self.jobs.get(job_name)
        if not job or not (job.folder / file).exists():
            return errno.ENOENT
        if file == "run":
            return self._start(job) if text.strip() == "1" else self._stop(job)
        if not job.ended.is_set():
            return errno.EBUSY
        pairs = {file: text.strip()} if file != "config" else \
            dict(line.split("=", 1) for line in text.splitlines())
        return self._configure(job, pairs)

    def _new(self, name: str) -> int:
        if self.refuse_new:
            return self.refuse_new
        if name in self.jobs:
            return errno.EEXIST
        self.create(name)
        return 0

    def _del(self, name: str) -> int:
        job = self.jobs.pop(name, None)
        if not job:
            return errno.ENOENT
        job.end("stopped", errno.ECANCELED, "")
        shutil.rmtree(job.folder)
        return 0

    def _configure(self, job: Job, pairs: dict[str, str]) -> int:
        knobs = dict(job.knobs)
        for knob, value in pairs.items():
            if knob not in KNOBS:
                return errno.ENOENT
            try:
                knobs[knob] = self._checked(knob, value)
            except ValueError:
                job.show_status("idle", 0, f"{knob}: '{value}' is no good")
                return errno.EINVAL
            except OverflowError:
                job.show_status("idle", 0, f"{knob}: '{value}' is out of bounds")
                return errno.ERANGE
        job.knobs = knobs
        job.show_knobs()
        return 0

    @staticmethod
    def _checked(knob: str, value: str) -> str:
        if knob in TEXTS:
            return value
        if not KNOBS[knob].lstrip("-").isdigit():
            if value not in WORDS.get(knob, (value,)):
                raise ValueError(value)
            return value
        low, high = BOUNDS.get(knob, (-(1 << 63), (1 << 63) - 1))
        if not low <= number(value) <= high:
            raise OverflowError(value)
        return str(number(value))

    def _start(self, job: Job) -> int:
        behaviour = self.rule(job.knobs)
        if behaviour.refuse:
            job.show_status("failed", behaviour.refuse, behaviour.reason)
            return behaviour.refuse
        job.runs += 1
        job.ended.clear()
        job.put("ktap", behaviour.ktap)
        job.show_status("running", 0, "")
        threading.Thread(target=self._run, args=(job, behaviour), daemon=True).start()
        return 0

    @staticmethod
    def _run(job: Job, behaviour: Behaviour) -> None:
        if job.ended.wait(behaviour.seconds):
            return
        try:
            job.end("failed" if behaviour.error else "done", behaviour.error, behaviour.reason)
        except FileNotFoundError:
            # The test has taken the folder away.
            pass

    def _stop(self, job: Job) -> int:
        time.sleep(self.rule(job.knobs).stop_s)
        job.end("stopped", errno.ECANCELED, "stopped by the user")
        return 0
