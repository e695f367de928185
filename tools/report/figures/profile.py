# SPDX-License-Identifier: GPL-2.0-only
"""Why it takes so long: what perf saw, as flame graphs and as tables."""

from __future__ import annotations

from typing import Sequence

from .. import layers, sampled, units
from ..model import Results, Run
from ..sampled import Function, Sampled, Times
from . import flame
from .base import Chapter, Figure, Omitted, Table, facts

#: Sizes that are shown if they were measured; else the least, a middle and the largest.
_SIZES = (64, 4096, 1048576)

#: Functions whose instructions are shown, and how many of each.
_FUNCTIONS = 5
_INSTRUCTIONS = 14

#: Tracepoints by what they count.
EVENTS = {
    "wake-ups": ("sched:sched_wakeup",),
    "task switches": ("sched:sched_switch",),
    "interrupts of devices": ("irq:irq_handler_entry",),
    "softirqs": ("irq:softirq_entry",),
    "timer ticks": ("irq_vectors:local_timer_entry",),
    "interrupts between CPUs": ("irq_vectors:reschedule_entry",
                                "irq_vectors:call_function_single_entry"),
}

Pair = tuple[Run, Sampled]


def pairs(results: Results) -> list[Pair]:
    """The runs that were sampled, with what was seen."""
    found = results.perf.runs if results.perf else {}
    return [(run, found[run.ident]) for run in results.runs
            if run.ident in found and run.sweepable and found[run.ident].stacks]


def chapter(results: Results) -> Chapter:
    """Flame graphs, the split of a transfer's time, counts, hot instructions."""
    found = pairs(results)
    perf = results.perf
    assert perf is not None
    title = "Why: what the CPUs did, by perf"
    if not found:
        return Chapter(title, "", (Omitted("Flame graph", "perf has recorded no samples."),))
    intro = (f"Every point was run again under perf, {units.count(perf.frequency)} samples per "
             f"second and CPU of {perf.clock}; the figures above are of the runs without it. A "
             "sample stands for the time since the one before it on its CPU. Sampling by an "
             "interrupt sees code that holds interrupts off where it lets them on again.")
    single = [pair for pair in found if pair[0].depth == 1 and _alone(pair[0])]
    chosen = _chosen([pair for pair in single if _wait(pair[0]) == _wait(single[0][0])])
    items: list[Figure | Omitted] = []
    if chosen:
        items.append(_split(chosen))
    items += [_flame(results, pair) for pair in chosen]
    busiest = max((pair for pair in found if pair[0].depth > 1), default=None,
                  key=lambda pair: pair[0].number("ops_per_s"))
    if busiest:
        items.append(_flame(results, busiest))
    items.append(_counts(found, results))
    items += _hottest(found, results)
    return Chapter(title, intro, tuple(items))


def _alone(run: Run) -> bool:
    return int(run.config.get("threads") or 1) == 1 and len(run.channels) < 2


def _wait(run: Run) -> str:
    return str(run.config.get("wait") or "")


def _chosen(found: Sequence[Pair]) -> list[Pair]:
    """One run for each of three sizes."""
    by_size = {run.size: (run, one) for run, one in reversed(found)}
    sizes = sorted(by_size)
    wanted = [size for size in _SIZES if size in by_size]
    if len(wanted) < 3 <= len(sizes):
        wanted = [sizes[0], sizes[len(sizes) // 2], sizes[-1]]
    return [by_size[size] for size in wanted or sizes]


def _words(run: Run) -> str:
    return f"{run.operation}, {units.size(run.size)}, depth {run.depth}, {_wait(run)}"


def _flame(results: Results, pair: Pair) -> Figure:
    run, one = pair
    found = flame.boxes(one.work)
    busy = sum(box.time for box in found if box.row == 0)
    by_layer: dict[str, float] = {}
    for stack in one.work:
        name = layers.layer(stack.frames)
        by_layer[name] = by_layer.get(name, 0.0) + stack.time
    ranked = sorted(by_layer, key=lambda name: -by_layer[name])[:3]
    whole = sum(by_layer.values()) or 1.0
    shares = units.listed([f"{name} {units.percent(by_layer[name] / whole)}" for name in ranked])
    note = (f"The width of a box is its time on a CPU; what it called stands on it. Together "
            f"{units.duration(busy / one.transfers)} of work per transfer, most of it: {shares}. "
            "Idle time is left out.")
    name = f"{run.operation}-flame-{run.size}-depth{run.depth}"
    title = f"Flame graph: {_words(run)}"
    circumstances = (f"{units.plural(one.samples, 'sample')}, "
                     f"{units.plural(one.transfers, 'transfer')} in "
                     f"{units.duration(one.window_ns)} · {facts(results, [run])}")
    return Figure(name, title, note, circumstances, _leaves(one),
                  lambda: flame.draw(found),
                  lambda stem: flame.markup(found, one.transfers, stem, f"{title}. {note}"))


def _leaves(one: Sampled) -> Table:
    """Functions by the time in themselves."""
    own: dict[tuple[str, str, str], float] = {}
    for stack in one.work:
        layer = layers.layer(stack.frames)
        key = (*stack.frames[-1], layer)
        own[key] = own.get(key, 0.0) + stack.time
    whole = sum(own.values())
    ranked = sorted(own, key=lambda key: (-own[key], key))[:25]
    return Table("Functions by the time in themselves", ("function", "module", "layer", "share",
                                                          "per transfer"),
                 tuple((symbol, module or "kernel", layer,
                        units.percent(own[symbol, module, layer] / whole),
                        units.duration(own[symbol, module, layer] / one.transfers))
                       for symbol, module, layer in ranked))


def _split(chosen: Sequence[Pair]) -> Omitted:
    columns = [(run, sampled.times(one)) for run, one in chosen]
    known = [(run, split) for run, split in columns if split]
    why = (f"One transfer at a time ({_words(known[0][0]).split(', ', 2)[2]}). The upper rows are "
           "samples of the worker's thread within stage total, by layer, per transfer. While that "
           "does not run, what others do for the transfer counts; where nobody does, it waits, "
           "and its CPU is idle or does something else. "
           "The sum is compared with the mean of total that the module's own stamps gave in the "
           "same runs. What lies before and after total, told by the client's functions, "
           "follows.")
    return Omitted("Where a transfer's time goes", why, _table(known), wanted=False)


def _table(known: Sequence[tuple[Run, Times]]) -> Table:
    splits = [split for _, split in known]

    def row(name: str, values: Sequence[float]) -> tuple[str, ...]:
        return (name, *(units.duration(value) if value else "–" for value in values))

    rows = [row(name, [split.inside.get(name, 0.0) for split in splits])
            for name in layers.LAYERS
            if name != layers.IDLE and any(name in split.inside for split in splits)]
    rows.append(row("idle, waiting", [split.waiting for split in splits]))
    rows.append(row("sum", [split.sum for split in splits]))
    rows.append(row("mean total, by stamps", [split.total for split in splits]))
    rows.append(("difference", *(f"{100 * (split.sum / split.total - 1):+.1f}{units.GAP}%"
                                 if split.total else "–" for split in splits)))
    rows.append(("uncertainty, 95 %", *(f"±{100 * split.uncertainty:.1f}{units.GAP}%"
                                        for split in splits)))
    rows += [row(f"outside: {name}", [split.outside.get(name, 0.0) for split in splits])
             for name in layers.LAYERS if any(name in split.outside for split in splits)]
    rows.append(("samples", *(units.count(split.samples) for split in splits)))
    return Table("Time of a transfer by layer", ("", *(units.size(run.size) for run, _ in known)),
                 tuple(rows))


def _counts(found: Sequence[Pair], results: Results) -> Omitted:
    seen = [name for name, events in EVENTS.items()
            if any(one.events.get(event) for _, one in found for event in events)]
    rows = []
    for run, one in found:
        if one.traced:
            rows.append((f"{units.size(run.size)}, depth {run.depth}, {_wait(run)}", *(
                units.digits(sum(one.events.get(event, 0) for event in EVENTS[name])
                             / one.traced, 2)
                for name in seen)))
    why = ("How often each happened per transfer, on all CPUs, counted by tracepoints in a run of "
           f"{units.plural(max((one.traced for _, one in found), default=0), 'transfer')} at each "
           "point. Tracing makes such a run slower: the counts hold, its times would not.")
    if results.system.emulated:
        why += " Timer ticks come by time, so a slow machine has more of them per transfer."
    return Omitted("Wake-ups and interrupts per transfer", why, Table(
        "Events per transfer", ("size, depth, wait", *seen), tuple(rows)), wanted=False)


def _own_times(found: Sequence[Pair]) -> dict[layers.Frame, float]:
    """Time of each function in itself that was work for transfers, in all sampled runs."""
    times: dict[layers.Frame, float] = {}
    for _, one in found:
        for stack in one.work:
            times[stack.frames[-1]] = times.get(stack.frames[-1], 0.0) + stack.time
    return times


def _hottest(found: Sequence[Pair], results: Results) -> list[Omitted]:
    perf = results.perf
    assert perf is not None
    times = _own_times(found)
    whole = sum(times.values())
    known = [one for one in perf.functions if times.get(one.frame)]
    known.sort(key=lambda one: -times[one.frame])
    return [_hot(one, times[one.frame] / whole, results) for one in known[:_FUNCTIONS]]


def _hot(function: Function, share: float, results: Results) -> Omitted:
    symbol, module = function.frame
    title = f"Hot instructions: {symbol}{f' [{module}]' if module else ''}"
    why = (f"{units.percent(share)} of the work for transfers in all sampled runs. The shares "
           f"below are those of the function's {units.plural(function.samples, 'sample')}; one "
           "names the instruction that came next when the interrupt was taken.")
    if results.system.emulated:
        why += " An emulator takes interrupts at the ends of blocks of instructions only."
    if function.why:
        why += f" Without instructions: {function.why}."
    return Omitted(title, why, Table(
        f"{symbol}: instructions", ("offset", "share", "samples", "instruction"),
        tuple((f"+{offset:#x}", units.percent(spent / function.time) if samples else "",
               units.count(samples) if samples else "", text)
              for offset, samples, spent, text in _around(function)), code=True), wanted=False)


def _around(function: Function) -> list[tuple[int, int, int, str]]:
    """The hottest instructions with their neighbours, in the order of the code."""
    code = function.code
    kept: set[int] = set()
    for index in sorted(range(len(code)), key=lambda index: -code[index][2]):
        if not code[index][1] or len(kept) >= _INSTRUCTIONS:
            break
        kept.update(near for near in (index - 1, index, index + 1) if 0 <= near < len(code))
    return [code[index] for index in sorted(kept)]
