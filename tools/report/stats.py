# SPDX-License-Identifier: GPL-2.0-only
"""Statistics of repeated measurements: what may be said of a few values, and how surely.

Nothing here assumes a distribution. Times of a busy machine have long tails, so medians and
ranks are used, and intervals are those of order statistics.
"""

from __future__ import annotations

import math
from statistics import NormalDist, geometric_mean, median
from typing import Sequence

import numpy as np

__all__ = ("geometric_mean", "holm", "least_p", "mann_whitney", "median_ci", "ratio_ci")

#: Above so many values on a side the normal approximation is as good, and much faster.
_EXACT_MOST = 50


def median_ci(values: Sequence[float], level: float = 0.95) -> tuple[float, float, float]:
    """(median, low, high): the median and an interval that holds the true one at this level.

    The interval runs between the two order statistics, at equal distance from the ends, that
    are the closest together of those that reach the level (the count of values below the true
    median is binomial). Where even the smallest and the largest value do not reach it, as with
    fewer than six values at 0.95, no finite interval is honest: it is -inf to inf.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level of {level} is not between 0 and 1")
    ordered = sorted(values)
    if not ordered:
        raise ValueError("no values, so no median")
    outside = _closest_rank(len(ordered), level)
    if outside is None:
        return median(ordered), -math.inf, math.inf
    return median(ordered), ordered[outside], ordered[-1 - outside]


def _closest_rank(number: int, level: float) -> int | None:
    """How many values may be left out at either end; None if already none is too many."""
    below, found = 0, None
    for rank in range((number + 1) // 2):
        # Whole numbers until the last step: 2 ** number is far beyond a float's digits.
        below += math.comb(number, rank)
        if 1 - 2 * below / 2 ** number < level:
            break
        found = rank
    return found


def ratio_ci(first: Sequence[float], second: Sequence[float],
             level: float = 0.95) -> tuple[float, float, float]:
    """(median, low, high) of first[i] / second[i], each measured next to the other.

    What slows the machine for a while slows both of a pair, and their ratio does not notice.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} and {len(second)} values are not pairs")
    if any(value <= 0 for value in (*first, *second)):
        raise ValueError("a ratio needs positive values")
    return median_ci([one / other for one, other in zip(first, second)], level)


def mann_whitney(first: Sequence[float], second: Sequence[float]) -> float:
    """The two-sided p of the Mann-Whitney U test: how likely so much difference is by chance.

    Exact for up to 50 values on either side if no two are equal; otherwise the normal
    approximation, corrected for ties and for continuity. 1 if a side has no values.
    """
    if not first or not second:
        return 1.0
    here, there = len(first), len(second)
    ranks, ties = _ranks([*first, *second])
    smaller = float(ranks[:here].sum()) - here * (here + 1) / 2
    smaller = min(smaller, here * there - smaller)
    if not ties and max(here, there) <= _EXACT_MOST:
        return _exact(round(smaller), here, there)
    return _approximate(smaller, here, there, ties)


def least_p(first: int, second: int) -> float:
    """The smallest p that mann_whitney() can give: all values of a side below the other's."""
    return min(1.0, 2 / math.comb(first + second, first))


def _ranks(values: Sequence[float]) -> tuple[np.ndarray, list[int]]:
    """Ranks from 1, equal values sharing their mean; and how many are equal, for each tie."""
    _, place, counts = np.unique(np.asarray(values, dtype=float),
                                 return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place], [int(count) for count in counts if count > 1]


def _exact(smaller: int, first: int, second: int) -> float:
    """The p of a U so small or smaller at either end, from how often each occurs.

    The numbers of arrangements by U are the coefficients of a Gaussian binomial: the product
    of (1 - q ** (second + i)) / (1 - q ** i) for i = 1 ... first.
    """
    arrangements = [1] + [0] * smaller
    for i in range(1, first + 1):
        for power in range(smaller, second + i - 1, -1):
            arrangements[power] -= arrangements[power - second - i]
        for power in range(i, smaller + 1):
            arrangements[power] += arrangements[power - i]
    return min(1.0, 2 * sum(arrangements) / math.comb(first + second, first))


def _approximate(smaller: float, first: int, second: int, ties: list[int]) -> float:
    number = first + second
    shared = sum(count ** 3 - count for count in ties) / (number * (number - 1))
    variance = first * second / 12 * (number + 1 - shared)
    if variance <= 0:
        return 1.0
    distance = max(0.0, first * second / 2 - smaller - 0.5)
    return min(1.0, 2 * NormalDist().cdf(-distance / math.sqrt(variance)))


def holm(many: Sequence[float]) -> list[float]:
    """The p of each of many tests, corrected (Holm's method) for there being so many.

    If nothing is true of any of them, the chance that even one has a corrected p below some
    level is that level or less. The order is kept.
    """
    corrected, largest = [0.0] * len(many), 0.0
    for rank, index in enumerate(sorted(range(len(many)), key=lambda one: many[one])):
        largest = max(largest, min(1.0, (len(many) - rank) * many[index]))
        corrected[index] = largest
    return corrected
