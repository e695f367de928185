# SPDX-License-Identifier: GPL-2.0-only
"""Sentences about comparisons, shared by captions and the summary."""

from __future__ import annotations

from typing import Sequence

from . import units
from .points import Crossover


def cpu_name(operation: str) -> str:
    """What a baseline is called: cpu_memcpy is CPU memcpy."""
    return "CPU " + operation.removeprefix("cpu_")


def sizes_measured(sizes: Sequence[int]) -> str:
    """64 B to 1 MiB; one size alone."""
    if len(sizes) == 1:
        return f"the one size measured, {units.size(sizes[0])}"
    return f"every size measured ({units.size(min(sizes))} to {units.size(max(sizes))})"


def about(sizes: Sequence[float]) -> str:
    """Interpolated sizes: about 180 KiB and 1.20 MiB."""
    return "about " + units.listed([rounded(size) for size in sizes])


def rounded(size: float) -> str:
    """A size that need not be whole: 88 B, 7.21 KiB."""
    return units.size(round(size) if size < 1024 else size)


def times(ratio: float) -> str:
    """A ratio as people say it: 92 % of, 1.4 times."""
    return f"{units.digits(ratio)} times" if ratio >= 1 else units.percent(ratio)


# Runs of a few hundred milliseconds differ by some percent without any cause.
CLEAR_LEAD = 1.1


def _rise_sentence(found: Crossover, cpu: str) -> str:
    size, ratio = found.closest
    verb = "overtakes" if ratio >= CLEAR_LEAD else "draws level with"
    sentence = (f"The engine {verb} {cpu} at {about(found.rises)}; "
                f"at {units.size(size)} it has {times(ratio)} its throughput")
    return sentence + ("." if ratio >= CLEAR_LEAD else ", which is no clear lead.")


def crossover_sentence(found: Crossover, cpu: str) -> str:
    """Where the engine beats the CPU, in a plain sentence."""
    sizes = list(found.ratios)
    if not found.rises and not found.falls:
        if found.ratios[sizes[0]] >= 1:
            low, high = found.worst[1], found.closest[1]
            span = f"{times(low)}" if len(sizes) == 1 else f"{units.digits(low)} to {times(high)}"
            return (f"The engine is faster than {cpu} at {sizes_measured(sizes)}: "
                    f"{span} its throughput.")
        size, ratio = found.closest
        if len(sizes) == 1:
            return (f"The engine is slower than {cpu} at {sizes_measured(sizes)}: "
                    f"{times(ratio)} of its throughput.")
        return (f"There is no crossover: {cpu} is faster at {sizes_measured(sizes)}. The engine "
                f"comes closest at {units.size(size)}, with {times(ratio)} of its throughput.")
    if len(found.rises) == 1 and not found.falls:
        return _rise_sentence(found, cpu)
    if len(found.falls) == 1 and not found.rises:
        return f"The engine is faster than {cpu} up to {about(found.falls)} and slower above."
    turns = [f"{'overtakes' if size in found.rises else 'falls behind'} at {about([size])}"
             for size in found.crossings]
    return f"The engine and {cpu} cross {len(turns)} times: it {units.listed(turns)}."


def crossover_short(found: Crossover | None) -> str:
    """The same in a few words."""
    if found is None:
        return "not measured"
    if len(found.rises) == 1 and not found.falls:
        return f"≈ {rounded(found.rises[0])}"
    if len(found.falls) == 1 and not found.rises:
        return f"up to {rounded(found.falls[0])}"
    if found.rises or found.falls:
        return f"{len(found.crossings)} crossings"
    return "engine always ahead" if found.worst[1] >= 1 else "none"
