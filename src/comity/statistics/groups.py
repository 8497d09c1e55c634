"""Intervals for gaps and ratios between two or more groups.

Largest and smallest rate are chosen by the data, so the ends are not alike:

1. *Away from equality* (upper end of a gap, lower end of a ratio) no multiplicity arises. The true
   gap is p_i − p_j for one fixed pair, so the largest of the unadjusted pairwise limits covers it
   (intersection–union; Berger, Technometrics 24, 1982). Difference: score limit with continuity
   correction. Ratio: MOVER-R (Donner and Zou, Stat. Methods Med. Res. 21, 2012) on exact limits.
2. *Towards equality* (lower end of a gap, upper end of a ratio) all groups can err at once. Below,
   a joint exact region is projected; it is proven for every size and every rate.

The proof of 2. For X ~ Bin(n, p) some W ~ N(0, 1) exists (the normal score of the randomised
distribution function) with L(W) <= p <= U(−W), where L(s) and U(s) are the one-sided exact limits
with error Φ(−s), decreasing and increasing in s. So any region that holds independent W's with
probability 1 − error gives an exact region for the rates: for each point of it, p >= L and p <= U.
Ours is the union of boxes −t_c <= W <= s_c whose corners (s_c, t_c) descend a staircase. One corner
is the Šidák box; nine come near the studentised range, since the best and the worst group are
seldom both unlucky. Measured coverage and width: docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from comity.statistics.bounds import Bounds
from comity.statistics.difference import difference_of_rates, score_excess, score_upper
from comity.statistics.rates import Floats, counts, exact_lower, exact_upper, normal_quantile

__all__ = [
    "corners_of_all",
    "corners_of_one",
    "gap",
    "impact_ratios",
    "least_gap",
    "most_impact",
    "most_ratio",
    "ratio",
    "ratio_lower",
]

GAP_OF_TWO = "score_continuity"
GAP_OF_MANY = "pairwise_score_exact_staircase"
RATIO_OF_TWO = "mover_ratio_exact"
RATIO_OF_MANY = "pairwise_mover_exact_staircase"

STEPS = np.linspace(-0.15, 0.15, 9)
"""Where the corners lie, as shares of s + t; more or wider ones gain less than one percent."""


def _corners(
    box: Callable[[Floats, Floats], Floats], shift: float, error: float
) -> tuple[Floats, Floats]:
    """The corners (s, t) at which the union of boxes holds 1 − error; box(s, t) is one's share."""
    low, high = 0.0, 40.0
    for _ in range(60):
        total = (low + high) / 2
        middle = float(np.clip(0.5 + shift / max(total, 1e-9), 0.2, 0.8))
        s, t = total * (middle + STEPS), total * (1 - middle - STEPS)
        # A chain of boxes: the sum of all, less the overlap of each with the next.
        inside = box(s, t).sum() - box(s[:-1], t[1:]).sum()
        low, high = (total, high) if inside < 1 - error else (low, total)
    return s, t


@lru_cache(maxsize=64)
def corners_of_all(groups: int, error: float) -> tuple[Floats, Floats]:
    """Corners for every group both ways, all at once: −t <= W_i <= s with 1 − error."""
    from scipy.special import ndtr

    return _corners(lambda s, t: np.maximum(ndtr(s) - ndtr(-t), 0) ** groups, 0.0, error)


@lru_cache(maxsize=64)
def corners_of_one(rivals: int, error: float) -> tuple[Floats, Floats]:
    """Corners for one group against its rivals: W_j <= s for all rivals, and own W >= −t."""
    from scipy.special import ndtr, ndtri

    # The rivals are many, so their side needs the wider bound: that of Bonferroni.
    shift = (ndtri(1 - error / 2 / rivals) - ndtri(1 - error / 2)) / 2
    return _corners(lambda s, t: np.asarray(ndtr(s) ** rivals * ndtr(t)), shift, error)


def least_gap(low: Floats, high: Floats) -> Floats:
    """Smallest gap that exact limits allow; shape (..., groups, corners) to (...)."""
    return np.asarray(np.maximum((low.max(axis=-2) - high.min(axis=-2)).min(axis=-1), 0.0))


def most_ratio(low: Floats, high: Floats) -> Floats:
    """Largest smallest/largest ratio that exact limits allow; (..., groups, corners) to (...)."""
    largest, smallest = low.max(axis=-2), high.min(axis=-2)
    allowed = np.divide(smallest, largest, out=np.ones_like(smallest), where=smallest < largest)
    return np.asarray(allowed.max(axis=-1))


def most_impact(rivals_low: Floats, own_high: Floats) -> Floats:
    """Largest p_g / max p_j that exact limits allow; (..., rivals, corners) and (..., corners)."""
    largest = rivals_low.max(axis=-2)
    allowed = np.divide(own_high, largest, out=np.ones_like(own_high), where=own_high < largest)
    return np.asarray(allowed.max(axis=-1))


def ratio_lower(p1: Floats, low1: Floats, p2: Floats, high2: Floats) -> Floats:
    """MOVER-R lower limit for p1 / p2 from a lower limit for p1 and an upper limit for p2.

    Donner and Zou 2012, equation 9, with a rationalised numerator, so that p2 = 0 is no exception.
    """
    a, b = low1 * (2 * p1 - low1), high2 * (2 * p2 - high2)
    divisor = p1 * p2 + np.sqrt(np.maximum((p1 * p2) ** 2 - a * b, 0))
    return np.divide(a, divisor, out=np.zeros_like(divisor), where=divisor > 0)


def _greatest_difference(k: Floats, n: Floats, z: float) -> float:
    """The largest pairwise upper limit of p_i − p_j over all ordered pairs."""
    i, j = np.nonzero(~np.eye(len(k), dtype=bool))
    # Solve the likeliest pair; one look at all others tells which can still exceed it.
    likeliest = np.argmax(k[i] / n[i] - k[j] / n[j] + z * np.sqrt(0.25 / n[i] + 0.25 / n[j]))
    first = slice(likeliest, likeliest + 1)
    best = score_upper(k[i][first], n[i][first], k[j][first], n[j][first], z)
    open_ = score_excess(k[i], n[i], k[j], n[j], best, z) < 0
    i, j = i[open_], j[open_]
    rivals = score_upper(k[i], n[i], k[j], n[j], z)
    return float(np.concatenate([best, rivals]).max())


def _groups(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    k, n = counts(successes, trials)
    if k.ndim != 1 or len(k) < 2:
        raise ValueError("a gap or ratio needs at least two groups")
    return k, n


def _limits(k: Floats, n: Floats, corners: tuple[Floats, Floats]) -> tuple[Floats, Floats]:
    """Exact limits of every group at the corners: lower at s, upper at t; (groups, corners)."""
    from scipy.special import ndtr

    s, t = corners
    k, n = k[:, None], n[:, None]
    return exact_lower(k, n, ndtr(-s)), exact_upper(k, n, ndtr(-t))


def gap(successes: ArrayLike, trials: ArrayLike, level: float = 0.95) -> Bounds:
    """Interval for the largest minus the smallest rate of two or more groups.

    Args:
        successes: Successes per group, one-dimensional.
        trials: Trials per group.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [0, 1]. A group without trials gives no estimate and [0, 1].

    Raises:
        ValueError: The counts are not counts, or there are fewer than two groups.
    """
    k, n = _groups(successes, trials)
    method = GAP_OF_TWO if len(k) == 2 else GAP_OF_MANY
    if n.min() == 0:
        return Bounds(None, 0.0, 1.0, method)
    rates = k / n
    estimate = float(rates.max() - rates.min())
    if len(k) == 2:
        signed = difference_of_rates(int(k[0]), int(n[0]), int(k[1]), int(n[1]), level)
        assert signed.low is not None and signed.high is not None
        low = max(signed.low, -signed.high, 0.0)
        return Bounds(estimate, low, max(signed.high, -signed.low), method)
    low = float(least_gap(*_limits(k, n, corners_of_all(len(k), (1 - level) / 2))))
    high = _greatest_difference(k, n, normal_quantile((1 + level) / 2))
    return Bounds(estimate, low, high, method)


def ratio(successes: ArrayLike, trials: ArrayLike, level: float = 0.95) -> Bounds:
    """Interval for the smallest divided by the largest rate of two or more groups.

    Args:
        successes: Successes per group, one-dimensional.
        trials: Trials per group.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [0, 1]. No success in any group, or a group without trials, gives no estimate
        and [0, 1].

    Raises:
        ValueError: The counts are not counts, or there are fewer than two groups.
    """
    k, n = _groups(successes, trials)
    method = RATIO_OF_TWO if len(k) == 2 else RATIO_OF_MANY
    if n.min() == 0 or k.max() == 0:
        return Bounds(None, 0.0, 1.0, method)
    rates = k / n
    lower = _pairwise_lower(k, n, (1 - level) / 2)
    if len(k) == 2:
        high = _reciprocal(max(lower[0, 1], lower[1, 0]))
    else:
        high = float(most_ratio(*_limits(k, n, corners_of_all(len(k), (1 - level) / 2))))
    return Bounds(float(rates.min() / rates.max()), float(min(lower.min(), 1.0)), high, method)


def impact_ratios(successes: ArrayLike, trials: ArrayLike, level: float = 0.95) -> list[Bounds]:
    """Interval for each group's rate divided by the highest rate of all groups.

    Each interval holds its level by itself, not all of them together.

    Args:
        successes: Successes per group, one-dimensional.
        trials: Trials per group.
        level: Confidence level of each two-sided interval.

    Returns:
        Bounds in [0, 1], in the order of the groups. No success in any group, or a group without
        trials, gives no estimates and [0, 1].

    Raises:
        ValueError: The counts are not counts, or there are fewer than two groups.
    """
    k, n = _groups(successes, trials)
    method = RATIO_OF_TWO if len(k) == 2 else RATIO_OF_MANY
    if n.min() == 0 or k.max() == 0:
        return [Bounds(None, 0.0, 1.0, method)] * len(k)
    rates = k / n
    lower = _pairwise_lower(k, n, (1 - level) / 2)
    if len(k) == 2:
        highs = [_reciprocal(lower[1, 0]), _reciprocal(lower[0, 1])]
    else:
        low, high = _limits(k, n, corners_of_one(len(k) - 1, (1 - level) / 2))
        highs = [float(most_impact(np.delete(low, g, axis=0), high[g])) for g in range(len(k))]
    return [
        Bounds(float(rate / rates.max()), float(min(low, 1.0)), high, method)
        for rate, low, high in zip(rates, lower.min(axis=1), highs, strict=True)
    ]


def _pairwise_lower(k: Floats, n: Floats, error: float) -> Floats:
    """One-sided lower limits of p_i / p_j, (groups, groups); infinite on the diagonal."""
    p, low, high = k / n, exact_lower(k, n, error), exact_upper(k, n, error)
    lower = ratio_lower(p[:, None], low[:, None], p[None, :], high[None, :])
    np.fill_diagonal(lower, np.inf)
    return lower


def _reciprocal(limit: float) -> float:
    """1 / limit, at most 1: the upper limit of a ratio from the lower one of its inverse."""
    return float(1 / limit) if limit > 1 else 1.0
