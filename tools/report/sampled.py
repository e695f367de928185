# SPDX-License-Identifier: GPL-2.0-only
"""What perf has recorded, member `perf` of a results.json, and what it comes to per transfer."""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from . import layers
from .layers import Frame


class Broken(Exception):
    """Where the member departs from its schema."""


@dataclass(frozen=True)
class Stack:
    """Frames from the root to the leaf, the time and the samples that were seen in them.

    worker: in a thread that transfers, or in what had interrupted it.
    """

    worker: bool
    frames: tuple[Frame, ...]
    time: int
    samples: int


@dataclass(frozen=True)
class Sampled:
    """A point that was run again under perf, once sampled and once with its tracepoints.

    run: number of its first run without perf; stages: (samples, their sum in ns) by name.
    """

    run: int
    window_ns: int
    transfers: int
    samples: int
    stages: dict[str, tuple[int, int]]
    stacks: tuple[Stack, ...]
    traced: int
    events: dict[str, int]

    @property
    def work(self) -> tuple[Stack, ...]:
        """What was done for transfers: what others do beside them, and idle time, is not."""
        aside = (layers.IDLE, layers.OTHER, layers.SCHEDULER)
        return tuple(stack for stack in self.stacks
                     if stack.worker or layers.layer(stack.frames) not in aside)

    def mean(self, stage: str) -> float:
        """Mean of a stage in the sampled run, 0 if it was not measured."""
        number, total = self.stages.get(stage, (0, 0))
        return total / number if number else 0.0


@dataclass(frozen=True)
class Function:
    """A function with samples; code: (offset, samples, ns, instruction) near hot instructions.

    why: why it has no instructions, empty if it has.
    """

    frame: Frame
    time: int
    samples: int
    code: tuple[tuple[int, int, int, str], ...]
    why: str


@dataclass(frozen=True)
class Profile:
    """All that perf has recorded."""

    version: str
    clock: str
    frequency: int
    runs: dict[int, Sampled]
    functions: tuple[Function, ...]


def plain(symbol: str) -> str:
    """A symbol as its source has it, without what the compiler appends."""
    return re.sub(r"\.(part|isra|constprop|cold)\b.*", "", symbol)


def read(entry: Any) -> Profile | None:
    """The member `perf`, None if there is none; Broken if it is not of the schema."""
    if entry is None:
        return None
    try:
        frames = [(plain(str(symbol)), str(module)) for symbol, module in entry["frames"]]
        return Profile(
            str(entry["version"]), str(entry["clock"]), int(entry["frequency"]),
            {int(run["run"]): _sampled(run, frames) for run in entry["runs"]},
            tuple(_function(function, frames) for function in entry["functions"]))
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise Broken(f"perf: {type(error).__name__}: {error}") from None


def _sampled(run: dict[str, Any], frames: list[Frame]) -> Sampled:
    sampled, traced = run["sampled"], run["traced"]
    return Sampled(
        int(run["run"]), int(sampled["window_ns"]), int(sampled["transfers"]),
        int(sampled["samples"]),
        {name: (int(stage["count"]), int(stage["sum"]))
         for name, stage in sampled["stages"].items()},
        tuple(Stack(bool(worker), tuple(frames[number] for number in numbers), int(ns),
                    int(samples)) for worker, ns, samples, *numbers in sampled["stacks"]),
        int(traced["transfers"]),
        {str(name): int(number) for name, number in traced["events"].items()})


def _function(entry: dict[str, Any], frames: list[Frame]) -> Function:
    return Function(frames[entry["frame"]], int(entry["ns"]), int(entry["samples"]),
                    tuple((int(offset), int(samples), int(ns), str(text))
                          for offset, samples, ns, text in entry["code"]),
                    str(entry["why"] or ""))


@dataclass(frozen=True)
class Times:
    """Where the time of a transfer goes, ns of a mean transfer.

    inside: by layer, within stage `total`; waiting: nobody was at work for it; outside: by
    layer, before and after `total`; total: the mean that the module measured of it.
    """

    inside: dict[str, float]
    waiting: float
    outside: dict[str, float]
    total: float
    samples: int

    @property
    def sum(self) -> float:
        """What the layers within `total` add up to."""
        return sum(self.inside.values()) + self.waiting

    @property
    def uncertainty(self) -> float:
        """By how much, as a share, the sum may be off for its number of samples, at 95 %."""
        whole = self.sum + sum(self.outside.values())
        if not self.sum or not self.samples:
            return 0.0
        return 1.96 * math.sqrt((1 - self.sum / whole) * whole / self.sum / self.samples)


def times(sampled: Sampled) -> Times | None:
    """The split of a run with one transfer at a time; None if nothing was sampled.

    Samples of the worker that cannot be told are taken to be as the others are.
    It is that of the worker's thread, with what interrupts it. While that does not run, what
    others do for the transfer takes the place of waiting, as far as there is room.
    """
    inside: dict[str, float] = defaultdict(float)
    outside: dict[str, float] = defaultdict(float)
    others: dict[str, float] = defaultdict(float)
    if not sampled.transfers or not sampled.work:
        return None
    lost = sum(stack.time for stack in sampled.work
               if stack.worker and layers.is_lost(stack.frames))
    for stack in sampled.work:
        if stack.worker and layers.is_lost(stack.frames):
            continue
        part = others if not stack.worker else \
            outside if layers.is_outside(stack.frames) else inside
        part[layers.layer(stack.frames)] += stack.time / sampled.transfers
    told = (sum(inside.values()) + sum(outside.values())) * sampled.transfers
    for part in (inside, outside):
        for name in part:
            part[name] *= 1 + lost / told if told else 1.0
    waiting = max(0.0, (sampled.window_ns - told - lost) / sampled.transfers)
    busy = sum(others.values())
    fits = min(1.0, waiting / busy) if busy else 0.0
    for name, spent in others.items():
        if spent * fits:
            inside[name] += spent * fits
    return Times(dict(inside), waiting - busy * fits, dict(outside), sampled.mean("total"),
                 sum(stack.samples for stack in sampled.work if stack.worker))
