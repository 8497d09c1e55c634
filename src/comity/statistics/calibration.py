"""Interval for the binned calibration error, given the scores.

Within a bin the truths are Bernoulli draws with unlike probabilities; the exact limits hold for
their mean, since such a sum is never more spread out than a binomial one (Hoeffding, Ann. Math.
Stat. 27, 1956). As with gaps between groups the two ends are not alike:

1. *Upper end.* The true error is Σ w_b e_b (p_b − c_b) for one fixed, unknown set of signs e_b, so
   no multiplicity arises: the largest limit over all signs covers it. The limit for fixed signs is
   MOVER (Zou and Donner, Stat. Med. 27, 2008) on exact limits; taking the larger margin of each bin
   bounds all signs at once.
2. *Lower end.* All bins can err at once: simultaneous exact limits (Šidák), projected.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from comity.statistics.bounds import Bounds
from comity.statistics.rates import counts, exact_lower, exact_upper

__all__ = ["calibration_error"]

METHOD = "mover_exact_box"


def calibration_error(
    trials: ArrayLike, positives: ArrayLike, mean_scores: ArrayLike, level: float = 0.95
) -> Bounds:
    """Interval for the sum over bins of (n_b / N) · |rate_b − mean score_b|, given the scores.

    Args:
        trials: Rows per bin, one-dimensional; empty bins are left out.
        positives: Positives per bin.
        mean_scores: Mean score per bin, in [0, 1]; whatever stands at an empty bin is ignored.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [0, 1]. No rows give no estimate and [0, 1].

    Raises:
        ValueError: The counts are not counts, or a mean score is not in [0, 1].
    """
    k, n = counts(positives, trials)
    filled = n > 0
    k, n, score = k[filled], n[filled], np.asarray(mean_scores, float)[filled]
    if not np.all((score >= 0) & (score <= 1)):
        raise ValueError("the mean score of a bin must lie between 0 and 1")
    if len(n) == 0:
        return Bounds(None, 0.0, 1.0, METHOD)
    weight, rate, error = n / n.sum(), k / n, (1 - level) / 2
    distance = np.abs(rate - score)
    estimate = float(weight @ distance)

    margin = np.maximum(exact_upper(k, n, error) - rate, rate - exact_lower(k, n, error))
    farthest = float(weight @ np.maximum(score, 1 - score))
    high = min(estimate + float(np.sqrt(np.sum((weight * margin) ** 2))), farthest)

    each = -np.expm1(np.log1p(-error) / len(n)) / 2
    below, above = exact_lower(k, n, each), exact_upper(k, n, each)
    low = float(weight @ np.maximum(np.maximum(below - score, score - above), 0))
    return Bounds(estimate, low, max(high, estimate), METHOD)
