"""Isotonic distributional regression on the ensemble mean (EasyUQ).

Henzi, Ziegel and Gneiting, J. R. Stat. Soc. B 83, 2021; Walz, Henzi, Ziegel and Gneiting, SIAM
Review 66, 2024. From pairs of forecast and outcome it learns, for every threshold z, the chance
P(Y ≤ z | x) that falls as the forecast x grows and is nearest to what happened. There is nothing
to tune: among all distributions that rise with x this one has the least CRPS on the training data.

1. *What it is given*: the mean of all runs of a day. That is a total order, in which the
   pool-adjacent-violators algorithm is exact. An order on the members one by one is partial: most
   pairs of days cannot be compared in it, it needs a quadratic program per threshold, and on a
   record of some years it learns less.
2. *Between two training values* of x the distribution is interpolated in a straight line; beyond
   the smallest and the largest one it is that of the end.
3. *Beyond the largest outcome* of the training data it has no opinion. It would say 0, which is not
   known: `exceedance` of a `Fitted` gives None there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import isotonic_regression

from comity.errors import InputError
from early_warning.forecast.steps import Floats, Steps, exceedance

__all__ = ["LEAST_PAIRS", "MAX_CELLS", "Fitted", "fit"]

LEAST_PAIRS = 200
"""Fewer pairs of forecast and outcome are refused: most thresholds would rest on a handful."""
MAX_CELLS = 50_000_000
"""Limit for distinct forecasts times distinct outcomes: 400 MB."""


@dataclass(frozen=True)
class Fitted:
    """What was learnt.

    Attributes:
        given: Distinct forecasts of the training data, rising; shape (m,).
        points: Distinct outcomes of the training data, rising; shape (k,).
        chances: P(Y ≤ point) for each forecast, falling along the first axis and rising along the
            second; shape (m, k).
    """

    given: Floats
    points: Floats
    chances: Floats

    def predict(self, means: ArrayLike) -> Steps:
        """The distributions for new ensemble means; shape (n,). Rule 2."""
        x = np.asarray(means, float)
        if len(self.given) == 1:
            return Steps(self.points, np.repeat(self.chances, len(x), axis=0))
        above = np.clip(np.searchsorted(self.given, x), 1, len(self.given) - 1)
        below = above - 1
        gap = self.given[above] - self.given[below]
        share = np.clip((x - self.given[below]) / gap, 0, 1)[:, None]
        return Steps(self.points, (1 - share) * self.chances[below] + share * self.chances[above])

    def exceedance(self, means: ArrayLike, threshold: float) -> Floats | None:
        """P(Y > threshold) for new ensemble means; None where rule 3 forbids an answer."""
        if threshold >= self.points[-1]:
            return None
        return exceedance(self.predict(means), threshold)


def fit(means: ArrayLike, observed: ArrayLike) -> Fitted:
    """Learn from pairs of ensemble mean and outcome.

    Args:
        means: Mean of all runs of each day; shape (n,).
        observed: What happened; shape (n,).

    Raises:
        InputError: there are fewer than `LEAST_PAIRS` pairs, or more than `MAX_CELLS` cells.
    """
    x, y = np.asarray(means, float), np.asarray(observed, float)
    if len(y) < LEAST_PAIRS:
        raise InputError(
            f"there are {len(y):,} days with a forecast and an observation, and isotonic "
            f"regression needs {LEAST_PAIRS}",
            hint="Use the raw ensemble until the record has grown.",
        )
    given, place, weight = np.unique(x, return_inverse=True, return_counts=True)
    points = np.unique(y)
    if len(given) * len(points) > MAX_CELLS:
        raise InputError(
            f"{len(given):,} distinct forecasts and {len(points):,} distinct observations are more "
            f"than fit into {MAX_CELLS:,} cells",
            hint="Round the observations to what the instrument can tell apart.",
        )
    chances = np.empty((len(given), len(points)))
    for column, point in enumerate(points):
        share = np.bincount(place, weights=y <= point) / weight
        chances[:, column] = isotonic_regression(share, weights=weight, increasing=False).x
    # Exact fits never cross; the last digit of two sums may.
    np.maximum.accumulate(chances, axis=1, out=chances)
    chances[:, -1] = 1
    return Fitted(given, points, np.clip(chances, 0, 1))
