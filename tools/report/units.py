# SPDX-License-Identifier: GPL-2.0-only
"""Numbers for people: sizes, rates, times and counts with a unit and three digits.

A number and its unit are joined by a space that does not break.
"""

from __future__ import annotations

import math

#: A space that does not break.
GAP = "\u00a0"

_BINARY = ("B", "KiB", "MiB", "GiB", "TiB")
_TIMES = (("ns", 1.0), ("µs", 1e3), ("ms", 1e6), ("s", 1e9))
_DECIMAL = (("", 1.0), ("k", 1e3), ("M", 1e6), ("G", 1e9))


def digits(value: float, significant: int = 3) -> str:
    """The number with so many significant digits, never in exponent form: 0.0123, 12.3, 1234."""
    if value == 0 or not math.isfinite(value):
        return "0" if value == 0 else "–"
    places = max(0, significant - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{places}f}"
    # Rounding may have carried into a new digit: 9.999 is 10.0, not 10.00.
    places = max(0, significant - 1 - math.floor(math.log10(abs(float(text)))))
    return f"{value:.{places}f}"


def _scaled(value: float, steps: list[tuple[str, float]]) -> tuple[float, str]:
    """The value in the largest unit in which its rounded form is at least 1."""
    for unit, factor in reversed(steps):
        if abs(value) >= 0.9995 * factor:
            return value / factor, unit
    return value / steps[0][1], steps[0][0]


def _binary_steps() -> list[tuple[str, float]]:
    return [(unit, float(1024 ** power)) for power, unit in enumerate(_BINARY)]


def _tick(value: float, steps: list[tuple[str, float]]) -> str:
    number, unit = _scaled(value, steps)
    return f"{number:.12g}{GAP}{unit}".rstrip()


def rate_tick(value: float) -> str:
    """Bytes per second at a tick of an axis, which is a round number: 4 GiB/s."""
    return f"{_tick(value, _binary_steps())}/s"


def ops_tick(value: float) -> str:
    """Operations per second at a tick: 100 k/s."""
    return f"{_tick(value, list(_DECIMAL))}/s"


def duration_tick(nanoseconds: float) -> str:
    """A time in ns at a tick: 10 µs."""
    return _tick(nanoseconds, list(_TIMES))


def size(value: float) -> str:
    """Bytes: 64 B, 4 KiB, 1.5 KiB; whole numbers stay whole."""
    number, unit = _scaled(value, _binary_steps())
    if float(number).is_integer():
        return f"{int(number)}{GAP}{unit}"
    return f"{digits(number)}{GAP}{unit}"


def rate(value: float) -> str:
    """Bytes per second: 812 MiB/s."""
    number, unit = _scaled(value, _binary_steps())
    return f"{digits(number)}{GAP}{unit}/s"


def ops(value: float) -> str:
    """Operations per second: 152 k/s."""
    number, unit = _scaled(value, list(_DECIMAL))
    return f"{digits(number)}{GAP}{unit}/s" if unit else f"{digits(number)}/s"


def duration(nanoseconds: float) -> str:
    """A time that was given in ns: 850 ns, 12.4 µs, 3.10 ms, 48.2 s."""
    number, unit = _scaled(nanoseconds, list(_TIMES))
    if unit == "ns" and float(number).is_integer():
        return f"{int(number)}{GAP}ns"
    return f"{digits(number)}{GAP}{unit}"


def count(value: float) -> str:
    """A whole number with separators: 1,234,567."""
    return f"{int(value):,}"


def percent(share: float) -> str:
    """A share of one: 0.123 is 12 %."""
    value = 100.0 * share
    return f"{digits(value, 2)}{GAP}%" if abs(value) < 99.5 else f"{value:.0f}{GAP}%"


def plural(number: int, singular: str, more: str | None = None) -> str:
    """1 run, 2 runs."""
    return f"{count(number)} {singular if number == 1 else more or singular + 's'}"


def listed(items: list[str]) -> str:
    """a, b and c."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"
