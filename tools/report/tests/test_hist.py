# SPDX-License-Identifier: GPL-2.0-only
"""Percentiles from bins against the raw samples that were put into them."""

import numpy as np
import pytest

from report import hist
from report.figures.latency import nines
from report.tests.synthetic import bin_of, stage_of


def binned(samples: np.ndarray) -> hist.Histogram:
    """The histogram that the client would export."""
    stage = stage_of(samples)
    return hist.from_bins([tuple(row) for row in stage["bins"]],
                          stage["sum"], stage["min"], stage["max"])


# Numbers of samples that no percentile divides: numpy rounds an exact rank up or down by chance.
DISTRIBUTIONS = {
    "log-normal": lambda random: random.lognormal(9, 1.2, 5003),
    "small integers": lambda random: random.integers(0, 40, 3001),
    "two clusters": lambda random: np.concatenate((random.normal(900, 10, 991),
                                                   random.normal(4e6, 1e5, 10))),
    "constant": lambda random: np.full(17, 12345),
    "one sample": lambda random: np.array([777]),
}


@pytest.mark.parametrize("shape", DISTRIBUTIONS)
@pytest.mark.parametrize("name", hist.PERCENTILES)
def test_percentile_is_never_too_good_and_within_a_bin(shape, name):
    samples = np.abs(DISTRIBUTIONS[shape](np.random.default_rng(7))).astype(np.int64)
    per = hist.PERCENTILES[name]
    exact = np.percentile(samples, per / 1000, method="inverted_cdf")
    found = binned(samples).percentile(per)
    assert exact <= found <= exact * (1 + 1 / 32) + 1


@pytest.mark.parametrize("shape", DISTRIBUTIONS)
def test_counts_mean_and_extremes_are_exact(shape):
    samples = np.abs(DISTRIBUTIONS[shape](np.random.default_rng(8))).astype(np.int64)
    found = binned(samples)
    assert found.count == len(samples)
    assert found.mean == pytest.approx(samples.mean())
    assert (found.minimum, found.maximum) == (samples.min(), samples.max())


def test_merge_equals_one_histogram_of_all_samples():
    random = np.random.default_rng(9)
    first, second = random.lognormal(8, 1, 400), random.lognormal(10, 2, 700)
    merged = hist.merge([binned(first), binned(second)])
    whole = binned(np.concatenate((first, second)))
    assert (merged.low == whole.low).all() and (merged.counts == whole.counts).all()
    assert merged.total == whole.total and merged.maximum == whole.maximum


def test_cdf_rises_from_nothing_to_all():
    durations, shares = binned(np.random.default_rng(1).lognormal(8, 1, 500)).cdf()
    assert shares[0] == 0 and shares[-1] == 1
    assert (np.diff(shares) >= 0).all() and (np.diff(durations) >= 0).all()


def test_cdf_reaches_the_maximum_that_lies_beyond_the_last_bin():
    found = hist.from_bins([(10, 19, 5), (20, 29, 1)], maximum=1000, minimum=11, total=1080)
    assert found.cdf()[0][-1] == 1000


def test_nines_end_where_the_samples_do():
    places, durations = nines(binned(np.random.default_rng(2).lognormal(8, 1, 1000)))
    assert places[-1] == pytest.approx(3)
    assert (np.diff(places) > 0).all() and (np.diff(durations) >= 0).all()


def test_nines_of_one_sample_are_finite():
    places, durations = nines(binned(np.array([500])))
    assert np.isfinite(places).all() and durations[-1] == 500


def test_empty_histogram():
    empty = hist.from_bins([])
    assert (empty.count, empty.mean, empty.percentile(50000)) == (0, 0.0, 0)


@pytest.mark.parametrize("value", [0, 31, 32, 33, 1000, 65535, 65536, 10 ** 9])
def test_the_tests_own_bins_hold_their_values(value):
    low, high = bin_of(value)
    assert low <= value <= high and high - low <= max(0, low / 32)
