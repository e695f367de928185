# SPDX-License-Identifier: GPL-2.0-only
"""The table of figures: what each is the ratio of, and what it is to reach.

One entry each, in one place. A `Contender` is something that is measured, a `Group` holds
contenders that are measured next to each other, a `Row` is a line of the table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

CONTEXTS = ("inline", "softirq")

K, M = 1024, 1024 * 1024


@dataclass(frozen=True)
class Contender:
    """Something to measure, unique by its NAME within the group.

    CALL is a function of the guest's script and its arguments behind name and repeat. NEEDS
    are what the client must have for it, as the script's `has` takes them.
    """

    name: str
    call: str
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """Which knobs are fastest: NAME is the shell's variable that gets them."""

    name: str
    where: str
    fixed: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Contenders that are measured one after the other in each repeat."""

    contenders: tuple[Contender, ...]
    searches: tuple[Search, ...] = ()


@dataclass(frozen=True)
class Row:
    """A figure: the fastest of OVER to the fastest of UNDER, by their medians.

    TARGETS are by context, `everywhere` for targets that hold on any guest; a context without
    one is only reported. AT_MOST: the figure must not be above its target. UNIT is that of a
    number that is no ratio: then there is no UNDER.
    """

    key: str
    what: str
    group: str
    over: tuple[str, ...]
    under: tuple[str, ...] = ()
    targets: dict[str, float] = field(default_factory=dict)
    everywhere: bool = False
    at_most: bool = False
    unit: str = ""


# Of what is larger than a page, few at a time stay in a CPU's cache.
_SHALLOW = (1, 2, 4, 16)


def candidates(size: int, depths: tuple[int, ...] = (1, 16, 64, 256),
               room: int = 64 * M) -> tuple[str, ...]:
    """Depths, batches and ways to wait that are tried, as far as the buffers fit into ROOM."""
    found = []
    for depth in depths:
        if depth > 1 and 2 * depth * size > room:
            continue
        for batch in sorted({1, max(1, depth // 4), depth}):
            for wait in ("irq", "poll", "hybrid"):
                found.append(f"depth={depth} batch={batch} wait={wait} "
                             f"warmup={max(64, 2 * depth) if size < M else 2 * depth}")
    return tuple(found)


def _name(size: int) -> str:
    return f"{size // M}m" if size >= M else f"{size // K}k" if size >= K else str(size)


def _words(size: int) -> str:
    return f"{size // M} MiB" if size >= M else f"{size // K} KiB" if size >= K else f"{size} B"


def _peer(size: int, threads: int) -> Contender:
    return Contender(f"dmatest{_name(size)}x{threads}", f"peer {size} {threads}")


def _copy(size: int) -> Group:
    """Through dmasim at its best depth, and by the CPU in as many buffers."""
    best = f"best{_name(size)}"
    depths = (1, 16, 64, 256) if size <= 4 * K else _SHALLOW
    return Group(
        (Contender(f"dmasim{_name(size)}", f"bench dmasim size={size} ${best}"),
         Contender(f"cpu{_name(size)}", f"bench dmasim op=cpu_memcpy size={size} ${best}"),
         Contender(f"mapped{_name(size)}", f"bench dmasim op=cpu_memcpy_mapped map=transfer "
                   f"size={size} ${best}", ("op-cpu_memcpy_mapped",))),
        (Search(best, "dmasim", f"size={size}", candidates(size, depths)),))


_DEEP = candidates(64, (64,))
_POLLED = tuple(text for text in _DEEP if "wait=poll" in text)

GROUPS = {
    "peers": Group(
        (Contender("best", "bench dmasim size=64 $best64"),
         *(_peer(64, threads) for threads in (1, 2, 4, 8))),
        (Search("best64", "dmasim", "size=64", candidates(64)),)),
    "same64": Group((Contender("same64", "bench dmasim size=64 map=transfer"), _peer(64, 1))),
    "same4k": Group((Contender("same4k", f"bench dmasim size={4 * K} map=transfer"),
                     _peer(4 * K, 1))),
    **{f"copy{_name(size)}": _copy(size) for size in (4 * K, 64 * K, M, 4 * M)},
    "stamps": Group(
        (Contender("stamped", "bench dmasim size=64 $deep stages=1"),
         Contender("unstamped", "bench dmasim size=64 $deep stages=0")),
        (Search("deep", "dmasim", "size=64", _DEEP),)),
    "bare": Group(
        (Contender("loop", "bench dmasim size=64 $polled"),
         Contender("bare", "bench dmasim size=64 mode=bare $polled", ("mode-bare",))),
        (Search("polled", "dmasim", "size=64", _POLLED),)),
    "virtdma": Group(
        (Contender("dmasim64", "bench dmasim size=64 $deepsim"),
         Contender("virtdma64", "bench virtdma size=64 $deepvirt"),
         Contender("dmasimbare", "bench dmasim size=64 mode=bare $deepsim wait=poll",
                   ("mode-bare",)),
         Contender("virtdmabare", "bench virtdma size=64 mode=bare $deepvirt wait=poll",
                   ("mode-bare",))),
        (Search("deepsim", "dmasim", "size=64", _DEEP),
         Search("deepvirt", "virtdma", "size=64", _DEEP))),
    "depth": Group(
        (Contender("depth1", "bench dmasim size=64 wait=poll depth=1"),
         Contender("depth64", "bench dmasim size=64 wait=poll depth=64 warmup=128"),
         Contender("depth1024", "bench dmasim size=64 wait=poll depth=1024 warmup=2048"))),
    "channels": Group(
        (Contender("channel1", "bench dmasim size=64 wait=poll depth=16 threads=$cpus"),
         Contender("channels64", "bench all size=64 wait=poll depth=16 workers=$cpus",
                   ("knob-workers",)))),
    "memory": Group(
        (Contender("client", "figure $JOB/result transfer_bytes"),
         Contender("provider", "figure $SIM/sizes descriptor"))),
}


def _both(inline: float, softirq: float | None = None) -> dict[str, float]:
    return {"inline": inline, "softirq": inline if softirq is None else softirq}


_ALL = tuple(f"dmatest64x{threads}" for threads in (1, 2, 4, 8))

ROWS = (
    Row("default", "ops/s at 64 B, best depth and wait mode: dmabench / dmatest with its "
        "default of one thread", "peers", ("best",), ("dmatest64x1",), _both(18)),
    Row("threads", "ops/s at 64 B: dmabench's best / dmatest's best of 1, 2, 4, 8 threads",
        "peers", ("best",), _ALL, _both(15)),
    Row("same64", "same work as dmatest (depth 1, irq wait, map each time), 64 B: "
        "dmabench / dmatest", "same64", ("same64",), ("dmatest64x1",), _both(1.2)),
    Row("same4k", "same work as dmatest, 4 KiB: dmabench / dmatest", "same4k", ("same4k",),
        ("dmatest4kx1",), _both(1.2)),
    *(Row(f"copy{_name(size)}", f"ops/s at {_words(size)} through dmasim, best depth / CPU "
          "memcpy of the same buffers in the same harness", f"copy{_name(size)}",
          (f"dmasim{_name(size)}",), (f"cpu{_name(size)}",), targets)
      for size, targets in ((4 * K, _both(0.55, 0.50)), (64 * K, _both(0.93)), (M, _both(0.98)),
                            (4 * M, _both(0.98)))),
    *(Row(f"mapped{_name(size)}", f"the same at {_words(size)}, to a memcpy that also maps and "
          "unmaps", f"copy{_name(size)}", (f"dmasim{_name(size)}",), (f"mapped{_name(size)}",))
      for size in (4 * K, 64 * K)),
    Row("stamps", "full stage stamps and histograms on / off, depth 64, 64 B (ops/s)", "stamps",
        ("stamped",), ("unstamped",), _both(0.90)),
    Row("bare", "dmabench's loop / a bare prep-submit-issue-poll loop without any bookkeeping "
        "(ops/s, 64 B, depth 64)", "bare", ("loop",), ("bare",), _both(0.90)),
    Row("virtdma", "dmasim / a minimal virt-dma provider in the same context (ops/s, 64 B, "
        "depth 64)", "virtdma", ("dmasim64",), ("virtdma64",), _both(1.3), everywhere=True),
    Row("virtdmabare", "the same, driven by the bare loop", "virtdma", ("dmasimbare",),
        ("virtdmabare",)),
    Row("depth", "cost per op, depth 1024 / depth 1 (64 B, the same polling loop)", "depth",
        ("depth1",), ("depth1024",), _both(1.15), at_most=True),
    Row("depth64", "the same, depth 64 / depth 1", "depth", ("depth1",), ("depth64",)),
    Row("channels", "cost per op, 64 channels / 1 channel, with as many workers as CPUs "
        "(64 B, depth 16)", "channels", ("channel1",), ("channels64",), _both(1.15),
        at_most=True),
    Row("client", "memory of a transfer in flight beyond its buffers, one segment: client",
        "memory", ("client",), (), _both(256), at_most=True, unit="B"),
    Row("provider", "memory of a transfer in flight beyond its buffers, one segment: provider",
        "memory", ("provider",), (), _both(192), at_most=True, unit="B"),
)
