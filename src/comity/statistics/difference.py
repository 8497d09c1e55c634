"""Intervals for the difference of two independent rates.

The score interval of Miettinen and Nurminen (Stat. Med. 4, 1985, 213–226) with the continuity
correction of Hauck and Anderson (Am. Stat. 40, 1986, 318–322), 1 / (2 · smaller size). Without
the correction its coverage falls to 0.85–0.94; with it, exact enumeration over a fine grid of
both rates finds at least 0.95 (docs/statistics.md).
"""

from __future__ import annotations

import numpy as np

from comity.statistics.bounds import Bounds
from comity.statistics.rates import Floats, counts, normal_quantile

__all__ = [
    "balanced_accuracy",
    "difference_of_rates",
    "restricted_rates",
    "score_excess",
    "score_upper",
]

METHOD = "score_continuity"


def restricted_rates(
    k1: Floats, n1: Floats, k2: Floats, n2: Floats, delta: Floats
) -> tuple[Floats, Floats]:
    """Most likely p1 and p2 given p1 − p2 = delta: a cubic, solved by its trigonometric form."""
    n = n1 + n2
    c2 = ((n1 + 2 * n2) * delta - n - k1 - k2) / (3 * n)
    c1 = ((n2 * delta - n - 2 * k2) * delta + k1 + k2) / (3 * n)
    c0 = k2 * delta * (1 - delta) / n
    q = c2**3 - 1.5 * c1 * c2 + c0 / 2
    p = np.copysign(np.sqrt(np.maximum(c2**2 - c1, 0)), q)
    cosine = np.divide(q, p**3, out=np.zeros_like(q), where=p != 0)
    p2 = 2 * p * np.cos((np.pi + np.arccos(np.clip(cosine, -1, 1))) / 3) - c2
    p2 = np.clip(p2, np.maximum(0, -delta), np.minimum(1, 1 - delta))
    return np.clip(p2 + delta, 0, 1), p2


def score_excess(k1: Floats, n1: Floats, k2: Floats, n2: Floats, delta: Floats, z: float) -> Floats:
    """How far `delta` lies above the difference observed, beyond z score standard errors.

    Negative where p1 − p2 = delta is not rejected from above; rises through 0 at the upper limit.
    """
    p1, p2 = restricted_rates(k1, n1, k2, n2, delta)
    n = n1 + n2
    variance = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * n / (n - 1)
    correction = 0.5 / np.minimum(n1, n2)
    return np.asarray(delta - (k1 / n1 - k2 / n2) - correction - z * np.sqrt(variance))


def score_upper(k1: Floats, n1: Floats, k2: Floats, n2: Floats, z: float) -> Floats:
    """Upper score limits for p1 − p2, continuity corrected, by regula falsi (Illinois variant).

    Args:
        k1: Successes of the first group, one-dimensional.
        n1: Its trials, at least 1.
        k2: Successes of the second group.
        n2: Its trials, at least 1.
        z: Normal quantile of the one-sided level.
    """
    low = np.minimum(k1 / n1 - k2 / n2 + 0.5 / np.minimum(n1, n2), 1.0)
    high = np.ones_like(low)
    f_low = score_excess(k1, n1, k2, n2, low, z)
    f_high = score_excess(k1, n1, k2, n2, high, z)
    open_ = (f_low < 0) & (f_high > 0)  # elsewhere the limit is 1
    root = np.where(open_, low, 1.0)
    last = np.zeros_like(low)  # which end moved last: -1 or +1
    for _ in range(60):
        if not open_.any():
            break
        step = np.divide(f_high, f_high - f_low, out=np.full_like(low, 0.5), where=open_)
        middle = np.where(open_, high - step * (high - low), root)
        value = score_excess(k1, n1, k2, n2, middle, z)
        up = value < 0
        f_high = np.where(up, np.where(last == -1, f_high / 2, f_high), value)
        f_low = np.where(up, value, np.where(last == 1, f_low / 2, f_low))
        low, high = np.where(up, middle, low), np.where(up, high, middle)
        last = np.where(up, -1.0, 1.0)
        root = middle
        open_ &= (np.abs(value) > 1e-13) & (high - low > 1e-13)
    return root


def difference_of_rates(k1: int, n1: int, k2: int, n2: int, level: float = 0.95) -> Bounds:
    """Score interval with continuity correction for p1 − p2 of two independent rates.

    Args:
        k1: Successes of the first group.
        n1: Trials of the first group.
        k2: Successes of the second group.
        n2: Trials of the second group.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [−1, 1]. A group without trials gives no estimate and [−1, 1].

    Raises:
        ValueError: The counts are not counts.
    """
    k, n = counts([k1, k2], [n1, n2])
    if n.min() == 0:
        return Bounds(None, -1.0, 1.0, METHOD)
    # The lower limit of p1 − p2 is minus the upper limit of p2 − p1.
    high, minus_low = score_upper(k, n, k[::-1], n[::-1], normal_quantile((1 + level) / 2))
    rates = k / n
    return Bounds(float(rates[0] - rates[1]), -float(minus_low), float(high), METHOD)


def balanced_accuracy(
    tp: int, positives: int, tn: int, negatives: int, level: float = 0.95
) -> Bounds:
    """Interval for (TPR + TNR) / 2 = 1/2 + (TPR − FPR) / 2.

    Args:
        tp: True positives.
        positives: Rows whose truth is positive.
        tn: True negatives.
        negatives: Rows whose truth is negative.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [0, 1]. One class only gives no estimate and [0, 1].

    Raises:
        ValueError: The counts are not counts.
    """
    youden = difference_of_rates(tp, positives, negatives - tn, negatives, level)
    assert youden.low is not None and youden.high is not None
    estimate = None if youden.estimate is None else (1 + youden.estimate) / 2
    return Bounds(estimate, (1 + youden.low) / 2, (1 + youden.high) / 2, youden.method)
