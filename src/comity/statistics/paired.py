"""Intervals for paired answers: one case asked twice, or answers that lean one way or the other.

Of n pairs, b show something in the first only and c in the second only; the others agree. The
difference of the two rates is (b − c) / n. Its interval is the score interval of Tango (Stat. Med.
17, 1998, 891–908) with a continuity correction. Without one its coverage falls to 0.79. Where
no pair agrees, b − c moves in steps of two, so half a step is 1 / n; with exactly that, ten pairs
or fewer still miss a little too often (0.946), with 1.1 / n enumeration finds at least 0.95
everywhere (docs/statistics.md).

Pairs that are not known are counted both ways: the lower limit takes all of them for c, the upper
limit all of them for b. So the interval holds whatever they would have been.
"""

from __future__ import annotations

import numpy as np

from comity.statistics.bounds import Bounds
from comity.statistics.rates import Floats, clopper_pearson, counts, normal_quantile

__all__ = ["leaning", "paired_difference", "paired_excess", "paired_upper"]

METHOD = "tango_continuity"
CORRECTION = 1.1
"""Continuity correction of the difference, times n."""


def paired_excess(b: Floats, c: Floats, n: Floats, delta: Floats, z: float) -> Floats:
    """How far `delta` lies above (b − c) / n, beyond z standard errors and the correction.

    The standard error is taken at the most likely rates whose difference is `delta` (Tango 1998,
    equations 2 and 3). Rises through 0 at the upper limit.
    """
    linear = (2 * n - b + c) * delta - b - c
    root = np.sqrt(np.maximum(linear**2 + 8 * n * c * delta * (1 - delta), 0))
    # Rounding must not leave the rates that exist: p_c >= 0, p_b = p_c + delta >= 0, sum <= 1.
    only_second = np.clip((root - linear) / (4 * n), np.maximum(0, -delta), (1 - delta) / 2)
    variance = np.maximum(2 * only_second + delta * (1 - delta), 0) / n
    return np.asarray(delta - (b - c + CORRECTION) / n - z * np.sqrt(variance))


def paired_upper(b: Floats, c: Floats, n: Floats, z: float) -> Floats:
    """Upper limits of the difference of two paired rates, by bisection.

    Args:
        b: Pairs with the first only, any shape.
        c: Pairs with the second only.
        n: All pairs, at least 1.
        z: Normal quantile of the one-sided level.
    """
    low = np.minimum((b - c + CORRECTION) / n, 1.0)
    high = np.ones_like(low)
    for _ in range(50):
        middle = (low + high) / 2
        inside = paired_excess(b, c, n, middle, z) < 0
        low, high = np.where(inside, middle, low), np.where(inside, high, middle)
    return high


def paired_difference(b: int, c: int, n: int, *, unknown: int = 0, level: float = 0.95) -> Bounds:
    """Interval for the difference of two rates of the same cases, or of two exclusive shares.

    Args:
        b: Pairs with the first only; or cases of the first kind.
        c: Pairs with the second only; or cases of the second kind.
        n: All pairs or cases, with those that are not known.
        unknown: How many are not known.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [−1, 1]; the estimate is (b − c) / (n − unknown). Where nothing is known there is
        no estimate, and [−1, 1].

    Raises:
        ValueError: The counts are not counts, or there are more than n.
    """
    counts([b + c, unknown], [n - unknown, n])
    if n == unknown:
        return Bounds(None, -1.0, 1.0, METHOD)
    most, least, sizes = (np.array([float(x), float(y)]) for x, y in ((b, c), (c, b), (n, n)))
    # The lower limit of the difference is minus the upper limit of the difference turned round.
    high, minus_low = paired_upper(most + unknown, least, sizes, normal_quantile((1 + level) / 2))
    return Bounds((b - c) / (n - unknown), -float(minus_low), float(high), METHOD)


def leaning(b: int, c: int, *, unknown: int = 0, level: float = 0.95) -> Bounds:
    """Interval for (b − c) / (b + c): which way answers lean, among those that lean at all.

    It is 2p − 1 of the share p of b, so its limits are exact (Clopper–Pearson).

    Args:
        b: Answers that lean one way.
        c: Answers that lean the other way.
        unknown: Answers that may lean either way or none.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [−1, 1]. No leaning answer gives no estimate and [−1, 1].

    Raises:
        ValueError: The counts are not counts.
    """
    low, high = clopper_pearson([b, b + unknown], b + c + unknown, level)
    if b + c == 0:
        return Bounds(None, -1.0, 1.0, "clopper_pearson")
    return Bounds(
        (b - c) / (b + c), 2 * float(low[0]) - 1, 2 * float(high[1]) - 1, "clopper_pearson"
    )
