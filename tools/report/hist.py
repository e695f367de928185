# SPDX-License-Identifier: GPL-2.0-only
"""Histograms of durations: bins as the client exports them, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

#: Percentiles that every table shows, in units of 1/100000 as the client counts them.
PERCENTILES = {"p50": 50000, "p90": 90000, "p99": 99000, "p99.9": 99900, "p99.99": 99990}


@dataclass(frozen=True, eq=False)
class Histogram:
    """Durations of one stage in ns.

    low, high: inclusive edges of the bins, ascending; counts: samples in each.
    total, minimum and maximum are exact, whatever the bins' width.
    """

    low: np.ndarray
    high: np.ndarray
    counts: np.ndarray
    total: int
    minimum: int
    maximum: int

    @property
    def count(self) -> int:
        """How many samples."""
        return int(self.counts.sum())

    @property
    def mean(self) -> float:
        """Arithmetic mean in ns, 0 without samples."""
        return self.total / self.count if self.count else 0.0

    def percentile(self, per_100000: int) -> int:
        """Duration in ns that so many of 100000 samples do not exceed; 0 without samples.

        The rule is the client's own, so that the page and its files agree: the sample of
        that rank is found by its bin and the bin's upper edge stands for it, kept within
        the true minimum and maximum. It is never too good, and too high by 1/32 at most.
        """
        if not self.count:
            return 0
        rank = (self.count * per_100000 + 99999) // 100000
        rank = min(max(rank, 1), self.count)
        found = int(np.searchsorted(np.cumsum(self.counts), rank))
        return min(max(int(self.high[found]), self.minimum), self.maximum)

    def cdf(self) -> tuple[np.ndarray, np.ndarray]:
        """(durations in ns, share of the samples that do not exceed them), from 0 to 1."""
        edges = np.minimum(self.high, self.maximum).astype(float)
        # The client's last bin also takes what is above it.
        edges[-1] = max(edges[-1], float(self.maximum))
        shares = np.cumsum(self.counts) / self.count
        return (np.concatenate(([float(self.minimum)], edges)), np.concatenate(([0.0], shares)))


def merge(parts: list[Histogram]) -> Histogram:
    """One histogram that holds the samples of all, which must have samples."""
    edges: dict[tuple[int, int], int] = {}
    for part in parts:
        for low, high, number in zip(part.low, part.high, part.counts):
            edges[int(low), int(high)] = edges.get((int(low), int(high)), 0) + int(number)
    rows = sorted((low, high, number) for (low, high), number in edges.items())
    return from_bins(rows, sum(part.total for part in parts),
                     min(part.minimum for part in parts), max(part.maximum for part in parts))


def from_bins(rows: list[tuple[int, int, int]], total: int | None = None,
              minimum: int | None = None, maximum: int | None = None) -> Histogram:
    """A histogram of rows (low, high, count); what is not given is derived from the bins."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    low, high, counts = table[:, 0], table[:, 1], table[:, 2]
    if total is None:
        total = int(((low + high) / 2 * counts).sum())
    if minimum is None:
        minimum = int(low[0]) if len(low) else 0
    if maximum is None:
        maximum = int(high[-1]) if len(high) else 0
    return Histogram(low, high, counts, total, minimum, maximum)
