"""How many items a test needs: exact power of the one-sided test that decides.

The bound of k successes in n meets a mark exactly when the binomial tail beyond k, at the mark, is
at most 1 − level: that is what the Clopper–Pearson limit inverts. So the power is a binomial tail
too, with no approximation. It is not monotone in n (the critical count jumps); the n given here is
the smallest that reaches the power, and the one to run, not a lower limit.

Source: Clopper and Pearson, Biometrika 26, 1934; Chernick and Liu, The American Statistician 56,
2002, on the saw-toothed power.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Plan", "critical_count", "smallest_n"]

Comparison = Literal["at_least", "at_most"]


class Plan(NamedTuple):
    """A sample size with its critical count and exact power."""

    n: int
    critical: int
    power: float


def _critical(n: NDArray[np.int64], mark: float, alpha: float) -> NDArray[np.int64]:
    """Smallest k with P(X >= k | n, mark) <= alpha, for every n; n + 1 where there is none."""
    from scipy.special import bdtrik

    # bdtrik inverts the lower tail over real k; its integer neighbours hold the exact answer.
    guess = np.floor(bdtrik(1.0 - alpha, n.astype(float), mark))
    guess = np.where(np.isfinite(guess), guess, 0.0)
    result = n + 1
    for step in (3, 2, 1):  # from above, so that the smallest that holds stays
        k = np.clip(guess + step, 0, n).astype(np.int64)
        result = np.where(_upper_tail(k, n, mark) <= alpha, k, result)
    return result


def _upper_tail(k: NDArray[np.int64], n: NDArray[np.int64], p: float) -> NDArray[np.float64]:
    """P(X >= k) for X ~ Binomial(n, p)."""
    from scipy.special import betainc

    inside = (k > 0) & (k <= n)
    safe = np.where(inside, k, 1)
    tail = betainc(safe.astype(float), (n - safe + 1).astype(float), p)
    return np.where(inside, tail, np.where(k <= 0, 1.0, 0.0))


def critical_count(n: int, mark: float, comparison: Comparison, level: float = 0.95) -> int | None:
    """The count at which the one-sided bound meets the mark: 916 of 1,000 for at least 0.9.

    Args:
        n: Items.
        mark: The rate to meet, between 0 and 1.
        comparison: `at_least`: the smallest count whose lower bound is at least the mark.
            `at_most`: the largest count whose upper bound is at most the mark.
        level: Level of the bound.

    Returns:
        The count, or None where no count of n items suffices.
    """
    if comparison == "at_most":
        other = critical_count(n, 1.0 - mark, "at_least", level)
        return None if other is None else n - other
    if mark <= 0.0:
        return 0
    k = int(_critical(np.array([n], dtype=np.int64), mark, 1.0 - level)[0])
    return k if k <= n else None


def smallest_n(
    mark: float,
    truth: float,
    comparison: Comparison,
    *,
    budget: int,
    at_least: int = 1,
    power: float = 0.8,
    level: float = 0.95,
) -> Plan | None:
    """Smallest n with which the test is passed with probability `power` if the truth is `truth`.

    Args:
        mark: The rate to meet, between 0 and 1.
        truth: The rate that is assumed; must be better than the mark, or no n suffices.
        comparison: Which way is better.
        budget: Largest n that is considered.
        at_least: Smallest n that is considered.
        power: Probability to pass.
        level: Level of the one-sided bound.

    Returns:
        The plan, or None when no n within the budget does.
    """
    if comparison == "at_most":
        mirrored = smallest_n(
            1.0 - mark, 1.0 - truth, "at_least",
            budget=budget, at_least=at_least, power=power, level=level,
        )  # fmt: skip
        return mirrored and mirrored._replace(critical=mirrored.n - mirrored.critical)
    if truth <= mark:
        return None
    if mark <= 0.0:
        return Plan(max(at_least, 1), 0, 1.0) if budget >= max(at_least, 1) else None
    start, block = max(at_least, 1), 256
    while start <= budget:
        n = np.arange(start, min(start + block, budget + 1), dtype=np.int64)
        critical = _critical(n, mark, 1.0 - level)
        reached = _upper_tail(critical, n, truth)
        found = np.flatnonzero(reached >= power)
        if found.size:
            i = int(found[0])
            return Plan(int(n[i]), int(critical[i]), float(reached[i]))
        start, block = start + block, min(2 * block, 8192)
    return None
