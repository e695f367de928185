# SPDX-License-Identifier: GPL-2.0-only
"""Synthetic results: plausible in shape, measured nowhere, for tests alone.

A transfer costs a fixed time and a time per byte; stages are log-normal around their
means. Every document names itself synthetic wherever the page prints a name.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import Any

import numpy as np

PERCENTILES = {"p50": 50000, "p90": 90000, "p99": 99000, "p99.9": 99900, "p99.99": 99990}

KNOBS = {
    "op": "memcpy", "channel": "", "device": "", "max_channels": 1, "threads": 1, "depth": 1,
    "batch": 1, "wait": "irq", "hybrid_us": 50, "size": 4096, "size_min": 0, "align": 0,
    "src_offset": 0, "dst_offset": 0, "random_offset": 0, "map": "transfer",
    "memory": "streaming", "node": -1, "iterations": 0, "runtime_ms": 200, "warmup": 64,
    "timeout_ms": 3000, "verify": "ends", "max_errors": 1, "stages": 1, "slowest_max": 2,
    "seed": "0", "memory_limit": 268435456,
}


def bin_of(value: int) -> tuple[int, int]:
    """Edges of the log-linear bin with 32 parts per power of two that holds a value."""
    if value < 32:
        return value, value
    shift = int(value).bit_length() - 6
    low = (value >> shift) << shift
    return low, low + (1 << shift) - 1


def stage_of(samples: np.ndarray) -> dict[str, Any]:
    """A stage as results.json has it, of samples in ns."""
    samples = np.sort(samples.astype(np.int64))
    rows: dict[tuple[int, int], int] = {}
    for value in samples:
        rows[bin_of(int(value))] = rows.get(bin_of(int(value)), 0) + 1
    stage = {"count": len(samples), "sum": int(samples.sum()), "min": int(samples[0]),
             "mean": int(samples.mean()), "max": int(samples[-1])}
    for name, per in PERCENTILES.items():
        rank = max(1, (len(samples) * per + 99999) // 100000)
        stage[name] = int(min(bin_of(int(samples[rank - 1]))[1], samples[-1]))
    stage["bins"] = [[low, high, number] for (low, high), number in sorted(rows.items())]
    return stage


@dataclass
class Maker:
    """Collects runs into a document."""

    seed: int = 1
    samples: int = 400
    runs: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = np.random.default_rng(self.seed)

    def _around(self, mean: float, sigma: float = 0.25) -> np.ndarray:
        values = self._random.lognormal(0, sigma, self.samples) * mean
        slow = self._random.random(self.samples) < 0.004
        return np.maximum(1, np.where(slow, values * 30, values))

    def _stages(self, config: dict[str, Any]) -> dict[str, np.ndarray]:
        copy = config["size"] / 3.2
        if config["op"].startswith("cpu_"):
            work = self._around(90 + copy, 0.1)
            return {"complete": work, "total": work + 10}
        queue = config["depth"] * (4000 + copy / 0.95) * (0.45 if config["depth"] > 1 else 1)
        stages = {
            "prep": self._around(700), "submit": self._around(250), "issue": self._around(900),
            "complete": self._around(queue), "wake": self._around(9000, 0.5),
            "map": self._around(420), "unmap": self._around(260)}
        if config["wait"] == "poll":
            del stages["wake"]
        if config["map"] == "once":
            del stages["map"], stages["unmap"]
        inside = ("prep", "submit", "issue", "complete", "wake")
        stages["total"] = 150 + sum(stages[name] for name in inside if name in stages)
        return stages

    def add(self, section: str = "throughput", state: str = "done", repeat: int = 0,
            **knobs: Any) -> dict[str, Any]:
        """A run with these knobs; a state other than done or stopped measures nothing."""
        config = {**KNOBS, **knobs}
        run: dict[str, Any] = {
            "id": len(self.runs), "section": section, "repeat": repeat,
            "sweep": {name: config[name] for name in knobs}, "config": config,
            "status": {"state": state, "errno": 0, "error": None, "reason": ""}}
        self.runs.append(run)
        if state not in ("done", "stopped"):
            run["status"].update(errno=-110, error="ETIMEDOUT",
                                 reason="synthetic: a transfer did not complete within 3000 ms")
            return run
        stages = self._stages(config)
        per_op = float(stages["total"].mean())
        if config["depth"] > 1:
            per_op = per_op / config["depth"]
        ops = 1e9 / per_op * (1 + 0.03 * self._random.standard_normal()) * config["threads"] ** 0.5
        window = int(self.samples / ops * 1e9)
        run["stages"] = {name: stage_of(samples) for name, samples in stages.items()}
        run["result"] = {
            "job": "default", "op": config["op"], "state": state, "errno": 0, "reason": "",
            "seed": f"0x{self._random.integers(2 ** 62):016x}", "channels": ["synthetic0chan0"],
            "device": "synthetic.0", "driver": "synthetic", "workers": config["threads"],
            "depth": config["depth"], "clock_cost_ns": 40, "clock_step_ns": 1,
            "window_ns": window, "transfers": self.samples,
            "bytes": self.samples * config["size"], "verified": 128,
            "ops_per_s": int(ops), "bytes_per_s": int(ops * config["size"]),
            "errors_data": 0, "errors_engine": 0, "errors_timeout": 0, "errors_prep": 0,
            "errors_submit": 0, "errors_map": 0, "callbacks_extra": 0, "quarantined": 0,
            "first_error": "none"}
        run["workers"] = [{"channel": "synthetic0chan0", "transfers": self.samples,
                           "bytes": self.samples * config["size"], "window_ns": window,
                           "errors": 0}]
        order = np.argsort(stages["total"])[::-1][:config["slowest_max"]]
        run["slowest"] = [
            {"seq": int(index), "worker": 0, "channel": "synthetic0chan0", "size": config["size"],
             "start_ns": 10 ** 9 + int(index),
             **{name: int(samples[index]) for name, samples in stages.items()}}
            for index in order]
        return run

    def sweep(self, section: str = "throughput", **knobs: Any) -> "Maker":
        """A run for each combination of the lists of values."""
        lists = [value if isinstance(value, (list, tuple, range)) else [value]
                 for value in knobs.values()]
        for values in itertools.product(*lists):
            self.add(section, **dict(zip(knobs, values)))
        return self

    def document(self, **changes: Any) -> dict[str, Any]:
        """The whole results.json."""
        return {
            "schema_version": 1, "tool": {"name": "dmabench", "version": "0.0.0-synthetic"},
            "command": ["synthetic"], "started": "2000-01-01T00:00:00Z",
            "finished": "2000-01-01T00:01:00Z", "interrupted": False,
            "profile": {"name": "synthetic", "file": "synthetic.ini",
                        "description": "synthetic figures, measured nowhere", "repeats": 1},
            "system": {
                "kernel": "0.0.0-synthetic", "kernel_version": "#1 SMP", "arch": "x86_64",
                "cpu_model": "synthetic CPU", "cpus": 2, "memory_bytes": 2 ** 30,
                "cmdline": "quiet", "accelerator": "tcg", "emulated": True,
                "machine": "synthetic machine", "target": "synthetic"},
            "module": {"version": "0.0.0", "interface": 1},
            "channels": [{"name": "synthetic0chan0", "device": "synthetic.0",
                          "driver": "synthetic", "state": "free",
                          "caps": ["memcpy", "interrupt"], "copy_align": 1, "node": -1}],
            "runs": self.runs, "return_code": 0, **changes}


#: The sizes of the project's quick profile.
QUICK_SIZES = [64 * 4 ** power for power in range(8)]


def quick() -> dict[str, Any]:
    """The shape of the quick profile."""
    maker = Maker(samples=600)
    maker.sweep("throughput", size=QUICK_SIZES, depth=[1, 16, 64])
    maker.sweep("roof", op="cpu_memcpy", size=QUICK_SIZES)
    maker.sweep("latency", size=[64, 4096, 65536], wait=["irq", "poll"])
    return maker.document()


def full() -> dict[str, Any]:
    """The shape of the full profile: repeats, wait modes, threads, mapping, skipped runs."""
    maker = Maker(samples=100)
    sizes = [64 * 4 ** power for power in range(8)]
    for repeat in range(2):
        maker.sweep("throughput", size=sizes, depth=[1, 4, 16, 64, 256], repeat=repeat)
        maker.sweep("roof", op="cpu_memcpy", size=sizes, repeat=repeat)
        maker.sweep("wait", size=[64, 4096, 65536], wait=["irq", "poll", "hybrid"],
                    repeat=repeat)
        maker.sweep("threads", size=[4096, 65536], depth=16, threads=[1, 2, 4], repeat=repeat)
        maker.sweep("mapped-once", size=[64, 4096, 65536], depth=[1, 16], map="once",
                    repeat=repeat)
        # Too large for the memory limit.
        maker.runs = [run for run in maker.runs if run["repeat"] < repeat
                      or (run["config"]["size"], run["config"]["depth"]) != (sizes[-1], 256)]
        maker.add("throughput", state="skipped", repeat=repeat, size=sizes[-1], depth=256)
    return maker.document()


#: What the ops profile tries, and how much slower than a memcpy each one is here.
OPERATIONS = {"memcpy": 1.0, "cpu_memcpy": 0.2, "memset": 0.7, "xor": 3.0, "xor_val": 2.6,
              "pq": 8.0, "interleaved": 1.4, "interrupt": 0.5, "slave_sg": 5.0}


def slower(run: dict[str, Any], factor: float) -> None:
    """A run whose operation takes so many times as long."""
    for key in ("ops_per_s", "bytes_per_s"):
        run["result"][key] = int(run["result"][key] / factor)
    for stage in run["stages"].values():
        rows: dict[tuple[int, int], int] = {}
        for low, _, number in stage["bins"]:
            edges = bin_of(int(low * factor))
            rows[edges] = rows.get(edges, 0) + number
        stage["bins"] = [[low, high, number] for (low, high), number in sorted(rows.items())]
        for key in ("sum", "min", "max"):
            stage[key] = int(stage[key] * factor)


def controlled(maker: Maker, **knobs: Any) -> dict[str, Any]:
    """A run of mode=control."""
    run = maker.add("control", mode="control", **{"op": "slave_sg", "size": 65536, **knobs})
    random = np.random.default_rng(3)
    for name, mean in (("start", 21000), ("pause", 900), ("resume", 1400), ("terminate", 2300),
                       ("synchronize", 38000), ("terminate_sync", 41000)):
        run["stages"][name] = stage_of(np.maximum(1, random.lognormal(0, 0.5, 300) * mean))
    run["workers"][0].update({"control.pause": 300, "control.refused": 0})
    return run


def streamed(maker: Maker, section: str, direction: str, period: int,
             **counted: int) -> dict[str, Any]:
    """A run of mode=pcm: 48000 frames of 4 bytes a second."""
    run = maker.add(section, mode="pcm", op="cyclic", direction=direction, period=period,
                    size=16384, peripheral="dmabench-audio.0")
    random = np.random.default_rng(period)
    nominal = period * 1e9 / (48000 * 4)
    late = random.exponential(0.04, 700) * nominal
    run["stages"] = {"period": stage_of(np.maximum(1, nominal + np.diff(late, prepend=0.0))),
                     "start": stage_of(random.lognormal(0, 0.2, 5) * 30000),
                     "terminate": stage_of(random.lognormal(0, 0.3, 5) * 2500)}
    run["result"].update({"pcm.caps.pause_resume": 1, "pcm.caps.widths": "0x6",
                          "pcm.periods": 700, "pcm.callbacks": 700, "pcm.frames_lost": 0,
                          "pcm.frames_lost_paused": 9, "pcm.frames_duplicate": 0,
                          "pcm.frames_stale": 0, "pcm.pointer_error_bytes": 64,
                          **{f"pcm.{key}": value for key, value in counted.items()}})
    return run


def operations() -> dict[str, Any]:
    """The shape of the ops profile: many operations, controls, some that cannot be run."""
    maker = Maker(samples=300)
    for name, factor in OPERATIONS.items():
        for size in (4096, 65536):
            for depth in (1, 16):
                run = maker.add("roof" if name == "cpu_memcpy" else name, op=name, size=size,
                                depth=depth)
                slower(run, factor)
                if name == "interrupt":
                    run["result"].update(bytes=0, bytes_per_s=0)
    for name, reason in (("memset_sg", "synthetic0chan0: cannot do memset_sg"),
                         ("dma_vec", "this module does not know op=dma_vec")):
        run = maker.add(name, state="skipped", op=name)
        run["status"].update(errno=-95, error="EOPNOTSUPP", reason=reason)
    controlled(maker)
    return maker.document()


def streams() -> dict[str, Any]:
    """The shape of the pcm profile."""
    maker = Maker(samples=50)
    for section, direction in (("playback", "tx"), ("capture", "rx")):
        for period in (1024, 4096):
            streamed(maker, section, direction, period)
    return maker.document()
