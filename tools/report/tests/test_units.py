# SPDX-License-Identifier: GPL-2.0-only
"""Numbers and labels for people."""

import numpy as np
import pytest

from report import units
from report.figures import style


@pytest.mark.parametrize("function, value, text", [
    (units.size, 64, "64 B"), (units.size, 1023, "1023 B"), (units.size, 4096, "4 KiB"),
    (units.size, 1536, "1.50 KiB"), (units.size, 1048576, "1 MiB"), (units.size, 0, "0 B"),
    (units.size, 1048575.9, "1.00 MiB"),
    (units.rate, 812 * 2 ** 20, "812 MiB/s"), (units.rate, 1.5 * 2 ** 30, "1.50 GiB/s"),
    (units.rate_tick, 4 * 2 ** 30, "4 GiB/s"), (units.ops, 152000, "152 k/s"),
    (units.ops, 999.9, "1.00 k/s"), (units.ops, 12, "12.0/s"), (units.ops_tick, 1e6, "1 M/s"),
    (units.duration, 850, "850 ns"), (units.duration, 12400, "12.4 µs"),
    (units.duration, 999999, "1.00 ms"), (units.duration, 48.2e9, "48.2 s"),
    (units.duration_tick, 500000, "500 µs"),
    (units.percent, 0.123, "12 %"), (units.percent, 0.9999, "100 %"), (units.percent, 0, "0 %"),
    (units.count, 1234567, "1,234,567"), (units.digits, 9.999, "10.0"),
    (units.digits, 1234, "1234"),
    (units.digits, 0.0123456, "0.0123"), (units.digits, float("nan"), "–"),
])
def test_units(function, value, text):
    assert function(value).replace("\u00a0", " ") == text


def test_a_number_never_parts_from_its_unit():
    assert " " not in units.size(4096) + units.rate(1e6) + units.duration(1e5) + units.percent(.5)


def test_words():
    assert units.plural(1, "run") == "1 run" and units.plural(1200, "run") == "1,200 runs"
    assert units.listed(["a", "b", "c"]) == "a, b and c" and units.listed([]) == ""


def test_labels_are_spread_out_and_stay_inside():
    random = np.random.default_rng(3)
    for _ in range(200):
        number = int(random.integers(1, 9))
        wanted = list(random.uniform(-20, 220, number))
        places = style.spread_out(wanted, 14, 0, 200)
        ordered = sorted(places)
        assert all(high - low >= 14 - 1e-6 for low, high in zip(ordered, ordered[1:]))
        assert -1e-6 <= ordered[0] and ordered[-1] <= 200 + 1e-6
        # A label that was wanted above another one is above it.
        assert [places[index] for index in np.argsort(wanted)] == ordered


def test_labels_that_have_room_stay_where_they_are():
    assert style.spread_out([10, 50, 100], 14, 0, 200) == [10, 50, 100]


def test_too_many_labels_share_the_room_evenly():
    assert style.spread_out([1, 1, 1], 100, 0, 100) == [0, 50, 100]


def test_ticks_are_few_and_within_the_limits():
    for low, high in ((60, 1.1e6), (4000, 5000), (1, 2 ** 40)):
        found = style.powers(low, high, 4, 5)
        assert len(found) <= 5 and all(low <= value <= high for value in found)


def contrast(color: str) -> float:
    """Contrast of a colour on white by the rule of WCAG."""
    parts = (int(color[start:start + 2], 16) / 255 for start in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
                        for part in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def test_lines_differ_without_colour_and_are_seen_on_white():
    keys = [(group, rank) for group in ("irq", "poll", "hybrid", "x", "y") for rank in (1, 16)]
    looks = style.looks(keys)
    assert len({look.marker for look in looks}) == len(keys)
    assert all(contrast(look.color) >= 3 for look in (*looks, *style.STAGES.values()))
    marked = [(look.marker, str(look.dash)) for look in style.STAGES.values()]
    assert len(set(marked)) == len(marked)


def test_every_tick_of_a_narrow_axis_is_drawn():
    figure, (axes,) = style.canvas()
    style.decimal_axis(axes, "y", [5000, 5100], units.duration_tick)
    assert figure and len(axes.get_yticks()) >= 1
