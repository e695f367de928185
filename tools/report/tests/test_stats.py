# SPDX-License-Identifier: GPL-2.0-only
"""Statistics against published values, and against counting all that can happen."""

import math
from itertools import combinations

import numpy as np
import pytest

from report.stats import geometric_mean, holm, least_p, mann_whitney, median_ci, ratio_ci

# Ranks of the 95 % interval of a median, as tables of textbooks give them.
RANKS = {6: (1, 6), 7: (1, 7), 8: (1, 8), 9: (2, 8), 10: (2, 9), 11: (2, 10), 12: (3, 10),
         15: (4, 12), 20: (6, 15), 25: (8, 18), 30: (10, 21), 50: (18, 33), 100: (40, 61)}


@pytest.mark.parametrize("number", RANKS)
def test_interval_of_a_median_has_the_published_ranks(number):
    values = np.random.default_rng(number).permutation(np.arange(1, number + 1))
    assert median_ci(values.tolist())[1:] == RANKS[number]


@pytest.mark.parametrize("number", range(1, 6))
def test_too_few_values_bound_nothing(number):
    assert median_ci([7.0] * number) == (7.0, -math.inf, math.inf)


def test_five_values_bound_a_median_at_a_lower_level():
    assert median_ci([5, 1, 4, 2, 3], level=0.9) == (3, 1, 5)


def test_interval_covers_at_its_level_whatever_the_tail():
    random = np.random.default_rng(3)
    held = sum(low <= 1.0 <= high for _, low, high in
               (median_ci(random.lognormal(0, 2, 9).tolist()) for _ in range(4000)))
    # 0.961 for nine values; four standard errors of 4000 trials are 0.012.
    assert held / 4000 == pytest.approx(0.961, abs=0.012)


def test_a_median_of_nothing_is_refused():
    with pytest.raises(ValueError):
        median_ci([])
    with pytest.raises(ValueError):
        median_ci([1.0], level=1.0)


def test_paired_ratios_do_not_notice_what_slows_both():
    slow = np.random.default_rng(5).lognormal(0, 1, 9)
    assert ratio_ci((130 / slow).tolist(), (100 / slow).tolist()) \
        == pytest.approx((1.3, 1.3, 1.3))


@pytest.mark.parametrize("first, second", [([1], [1, 2]), ([1, 0], [1, 1]), ([1, 1], [1, -1])])
def test_what_has_no_ratio_is_refused(first, second):
    with pytest.raises(ValueError):
        ratio_ci(first, second)


# Hollander and Wolfe (1973), permeability of membranes; R's wilcox.test has 0.1272 one-sided.
MEMBRANES = ([0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46],
             [1.15, 0.88, 0.90, 0.74, 1.21])
# Chambers et al. (1983), ozone in New York in May and August 1973; R has 0.0001208.
OZONE = ([41, 36, 12, 18, 28, 23, 19, 8, 7, 16, 11, 14, 18, 14, 34, 6, 30, 11, 1, 11, 4, 32, 23,
          45, 115, 37],
         [39, 9, 16, 78, 35, 66, 122, 89, 110, 44, 28, 65, 22, 59, 23, 31, 44, 21, 9, 45, 168, 73,
          76, 118, 84, 85])


@pytest.mark.parametrize("samples, published", [(MEMBRANES, 0.2544), (OZONE, 0.0001208),
                                        (([19, 22, 16, 29, 24], [20, 11, 17, 12]), 0.1111)])
def test_mann_whitney_gives_the_published_p(samples, published):
    assert mann_whitney(*samples) == pytest.approx(published, rel=5e-4)
    assert mann_whitney(*reversed(samples)) == pytest.approx(published, rel=5e-4)


@pytest.mark.parametrize("first, second", [(1, 1), (2, 5), (4, 4), (5, 3), (6, 5)])
def test_exact_p_counts_all_arrangements(first, second):
    number, middle = first + second, first * second / 2
    distances = [abs(sum(low) - first * (first - 1) / 2 - middle)
                 for low in combinations(range(number), first)]
    for low in combinations(range(number), first):
        high = [value for value in range(number) if value not in low]
        own = abs(sum(low) - first * (first - 1) / 2 - middle)
        exact = sum(distance >= own for distance in distances) / len(distances)
        assert mann_whitney(low, high) == pytest.approx(exact)


@pytest.mark.parametrize("first, second", [(1, 1), (5, 5), (7, 3), (50, 50)])
def test_least_p_is_that_of_separate_samples(first, second):
    apart = mann_whitney(range(first), range(first, first + second))
    assert apart == pytest.approx(least_p(first, second))


def test_approximation_continues_the_exact_p():
    random = np.random.default_rng(2)
    low, high = random.normal(0, 1, 50).tolist(), random.normal(0.5, 1, 50).tolist()
    assert mann_whitney(low, [*high, 0.5]) == pytest.approx(mann_whitney(low, high), rel=0.1)


def test_equal_values_and_no_values_say_nothing():
    assert mann_whitney([3, 3, 3], [3, 3, 3, 3]) == 1
    assert mann_whitney([], [1, 2]) == 1


@pytest.mark.parametrize("many, corrected", [
    ([0.01, 0.02, 0.03, 0.04, 0.05], [0.05, 0.08, 0.09, 0.09, 0.09]),
    ([0.01, 0.04, 0.03], [0.03, 0.06, 0.06]),
    ([0.9, 0.6], [1, 1]), ([0.04], [0.04]), ([], [])])
def test_holm_gives_the_published_values_in_the_order_of_its_input(many, corrected):
    assert holm(many) == pytest.approx(corrected)


def test_geometric_mean_of_opposite_ratios_is_one():
    assert geometric_mean([2, 0.5, 4, 0.25]) == pytest.approx(1)
    with pytest.raises(ValueError):
        geometric_mean([])
