"""Small seeded simulations, shared by the tests of coverage."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.statistics import Bounds

REPETITIONS = 2_000
ENOUGH = 0.94
"""Coverage that a true 0.95 stays above in 2,000 repetitions, but for chance of 2 %, seed fixed."""


def covered(found: Sequence[Bounds], truth: float) -> float:
    """Share of the intervals that hold the truth."""
    return float(np.mean([b.low <= truth + 1e-9 and truth <= b.high + 1e-9 for b in found]))  # type: ignore[operator]


def percentile_bootstrap(
    statistic: Callable[[NDArray[np.float64]], NDArray[np.float64]],
) -> Callable[[ArrayLike, ArrayLike], Bounds]:
    """The interval that other tools print: quantiles of 200 binomial resamples of the counts."""

    def interval(successes: ArrayLike, trials: ArrayLike) -> Bounds:
        k, n = np.asarray(successes), np.asarray(trials)
        rates = np.random.default_rng(0).binomial(n, k / n, (200, len(n))) / n
        low, high = np.quantile(statistic(rates), [0.025, 0.975])
        return Bounds(None, float(low), float(high), "percentile_bootstrap")

    return interval
