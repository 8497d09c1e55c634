"""Interval for the area under the ROC curve.

DeLong's variance (DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988, 837–845) is that of two
means: of v10 over the positives and of v01 over the negatives. Near 1 the usual normal interval,
also on the logit scale, is far too narrow, and [1, 1] where no pair is out of order. Newcombe's
score interval (Stat. Med. 25, 2006, 559–573, method 5) repairs that for scores of one hump, but
fails where a few positives score lowest of all, which is what an overlooked subgroup looks like.
So, as for a mean (see `means`), one observation at the worst value is added to the smaller class
and the limit is taken from the beta distribution with the resulting mean and variance. If every
positive lies either above or below all negatives, this is exactly Clopper–Pearson.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from comity.statistics.bounds import Bounds
from comity.statistics.means import beta_quantile

__all__ = ["DelongSums", "auroc", "delong_sums"]

METHOD = "delong_beta"


class DelongSums(NamedTuple):
    """What `auroc` needs, in the order of its arguments: `auroc(*delong_sums(pos, neg))`."""

    n_pos: int
    n_neg: int
    sum_v10: float
    sum_v10_sq: float
    sum_v01: float
    sum_v01_sq: float


def delong_sums(pos_counts: ArrayLike, neg_counts: ArrayLike) -> DelongSums:
    """Sums of DeLong's components, from counts per distinct score.

    Args:
        pos_counts: Positives per distinct score, scores ascending, one-dimensional.
        neg_counts: Negatives per distinct score, in the same order.

    Returns:
        The sums; those over an absent class, or against one, are 0.
    """
    pos, neg = np.asarray(pos_counts, float), np.asarray(neg_counts, float)
    n_pos, n_neg = pos.sum(), neg.sum()
    v10 = (np.cumsum(neg) - neg / 2) / max(n_neg, 1)
    v01 = (n_pos - np.cumsum(pos) + pos / 2) / max(n_pos, 1)
    return DelongSums(
        int(n_pos),
        int(n_neg),
        float(pos @ v10),
        float(pos @ v10**2),
        float(neg @ v01),
        float(neg @ v01**2),
    )


def auroc(
    n_pos: int,
    n_neg: int,
    sum_v10: float,
    sum_v10_sq: float,
    sum_v01: float,
    sum_v01_sq: float,
    level: float = 0.95,
) -> Bounds:
    """Interval for the AUROC, from sums of DeLong's structural components.

    v10 of a positive is the share of negatives that score below it, v01 of a negative the share of
    positives that score above it; ties count one half. sum_v10 / n_pos is the AUROC.

    Args:
        n_pos: Positives.
        n_neg: Negatives.
        sum_v10: Sum of v10 over the positives.
        sum_v10_sq: Sum of their squares.
        sum_v01: Sum of v01 over the negatives.
        sum_v01_sq: Sum of their squares.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [0, 1]. One class only gives no estimate and [0, 1].

    Raises:
        ValueError: The sums are not those of shares.
    """
    if n_pos < 0 or n_neg < 0 or not 0 <= sum_v10 <= n_pos * (1 + 1e-9):
        raise ValueError("the components are shares: their sum lies between 0 and their number")
    if n_pos == 0 or n_neg == 0:
        return Bounds(None, 0.0, 1.0, METHOD)
    estimate = min(sum_v10 / n_pos, 1.0)
    few, many = (n_pos, sum_v10, sum_v10_sq), (n_neg, sum_v01, sum_v01_sq)
    if n_pos > n_neg:
        few, many = many, few
    n, total, squares = many
    among_many = max(squares / n - (total / n) ** 2, 0.0) / max(n - 1, 1)
    n, total, squares = few
    error = (1 - level) / 2
    ends = []
    for worst, probability in ((0.0, error), (1.0, 1 - error)):
        mean = (total + worst) / (n + 1)
        among_few = max((squares + worst) / (n + 1) - mean**2, 0.0) / (n + 2)
        ends.append(beta_quantile(mean, among_few + among_many, probability))
    return Bounds(estimate, min(ends[0], estimate), max(ends[1], estimate), METHOD)
