"""Interval for the true positive rate at a given false positive rate, for any distribution.

The threshold t is the point on the negatives' axis that a share `fpr` of them lies before; it is
not known, and the positives are counted before it. Two steps, each with half of the error:

1. *Threshold.* Of n negatives, the k-th smallest lies beyond t with at most the probability
   P(X < k), and before t with at most P(X >= k), X ~ Bin(n, fpr): so two order statistics enclose
   t, whatever the distribution and its ties (David and Nagaraja, Order Statistics, 2003, 7.1).
2. *Rate.* Given the negatives, the positives before such a fixed point are binomial: exact limits.

Both steps err with at most the stated error together (Bonferroni), so the level is proven. Fewer
than 437 negatives cannot show at 95 % where their first hundredth ends: then the lower end is 0.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import NamedTuple

from comity.statistics.bounds import Bounds
from comity.statistics.rates import clopper_pearson

__all__ = ["Ranks", "threshold_ranks", "tpr_at_fpr"]

METHOD = "order_statistics_exact"


class Ranks(NamedTuple):
    """Which of the sorted negatives the positives are counted before: the first is 1.

    Attributes:
        low: For the lower end; 0: before all of them.
        estimate: For the estimate.
        high: For the upper end; one more than there are negatives: all positives count.
    """

    low: int
    estimate: int
    high: int


def threshold_ranks(n: int, fpr: float, level: float = 0.95) -> Ranks:
    """The ranks of the negatives that enclose the threshold.

    Args:
        n: How many negatives there are.
        fpr: The false positive rate, between 0 and 1.
        level: Confidence level of the two-sided interval.

    Raises:
        ValueError: there are no negatives, or the rate does not lie between 0 and 1.
    """
    from scipy.special import bdtr, bdtrc

    if n < 1 or not 0 < fpr < 1:
        raise ValueError("a threshold needs negatives, and a rate between 0 and 1")
    error = (1 - level) / 4
    estimate = int(n * fpr * (1 + 1e-12)) + 1
    # The largest k with P(X < k) <= error, and the smallest with P(X >= k) <= error.
    low = bisect_left(range(1, estimate + 1), True, key=lambda k: bool(bdtr(k - 1, n, fpr) > error))
    high = estimate + bisect_left(
        range(estimate, n + 1), True, key=lambda k: bool(bdtrc(k - 1, n, fpr) <= error)
    )
    return Ranks(low, estimate, high)


def tpr_at_fpr(before: tuple[int, int, int], positives: int, level: float = 0.95) -> Bounds:
    """Interval for the share of positives before the threshold.

    Args:
        before: Positives strictly before the negative of each rank, in the order of `Ranks`.
        positives: How many there are.
        level: Confidence level of the two-sided interval; the same as for the ranks.

    Returns:
        Bounds in [0, 1]. No positives give no estimate and [0, 1].

    Raises:
        ValueError: the counts do not ascend, or exceed the positives.
    """
    low, estimate, high = before
    if not 0 <= low <= estimate <= high <= positives:
        raise ValueError("the counts ascend from 0 to the number of positives")
    if positives == 0:
        return Bounds(None, 0.0, 1.0, METHOD)
    one_sided = 1 - (1 - level) / 4
    return Bounds(
        estimate / positives,
        float(clopper_pearson(low, positives, one_sided, "lower")[0]),
        float(clopper_pearson(high, positives, one_sided, "upper")[1]),
        METHOD,
    )
