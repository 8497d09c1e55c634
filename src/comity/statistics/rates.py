"""Intervals for one rate: exact for everything that decides, Wilson for display.

Clopper and Pearson, Biometrika 26, 1934, 404–413. Wilson, JASA 22, 1927, 209–212.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["clopper_pearson", "counts", "exact_lower", "exact_upper", "normal_quantile", "wilson"]

Floats = NDArray[np.float64]


def counts(successes: ArrayLike, trials: ArrayLike) -> tuple[Floats, Floats]:
    """Successes and trials as float arrays of one shape.

    Raises:
        ValueError: They are not whole numbers with 0 <= successes <= trials.
    """
    k, n = np.broadcast_arrays(np.asarray(successes, float), np.asarray(trials, float))
    if not np.all((k >= 0) & (k <= n) & (k == np.floor(k)) & (n == np.floor(n)) & (n < np.inf)):
        raise ValueError("counts must be whole numbers with 0 <= successes <= trials")
    return k, n


def normal_quantile(probability: float) -> float:
    """The standard normal quantile."""
    from scipy.special import ndtri

    return float(ndtri(probability))


def exact_lower(k: Floats | float, n: Floats | float, error: ArrayLike) -> Floats:
    """The one-sided exact lower limit: the p at which P(X >= k) equals `error`. 0 when k = 0."""
    from scipy.special import betaincinv

    limit = betaincinv(np.maximum(k, 1), n - k + 1, error)
    return np.where(k > 0, limit, 0.0)


def exact_upper(k: Floats | float, n: Floats | float, error: ArrayLike) -> Floats:
    """The one-sided exact upper limit: the p at which P(X <= k) equals `error`. 1 when k = n."""
    # Through failures, not 1 - error: a tail of 1e-12 keeps its digits.
    return np.asarray(1.0 - exact_lower(n - k, n, error))


def clopper_pearson(
    successes: ArrayLike,
    trials: ArrayLike,
    level: float = 0.95,
    sides: Literal["two", "lower", "upper"] = "two",
) -> tuple[Floats, Floats]:
    """Exact limits for a rate; coverage is at least `level` for every rate and size.

    Args:
        successes: Whole numbers, any shape.
        trials: Whole numbers, broadcast against `successes`. No trials gives [0, 1].
        level: Confidence level, between 0 and 1.
        sides: `lower` gives (limit, 1) and `upper` gives (0, limit), each at the full level.

    Returns:
        Lower and upper limits, in the broadcast shape.

    Raises:
        ValueError: The counts are not counts.
    """
    k, n = counts(successes, trials)
    error = (1 - level) / 2 if sides == "two" else 1 - level
    low = np.zeros_like(k) if sides == "upper" else exact_lower(k, n, error)
    high = np.ones_like(k) if sides == "lower" else exact_upper(k, n, error)
    return low, high


def wilson(successes: ArrayLike, trials: ArrayLike, level: float = 0.95) -> tuple[Floats, Floats]:
    """Score limits for a rate, for display only: coverage falls to about 0.83 near 0 and 1.

    Args:
        successes: Whole numbers, any shape.
        trials: Whole numbers, broadcast against `successes`. No trials gives [0, 1].
        level: Confidence level, between 0 and 1.

    Returns:
        Lower and upper limits, in the broadcast shape.

    Raises:
        ValueError: The counts are not counts.
    """
    k, n = counts(successes, trials)
    z = normal_quantile((1 + level) / 2)
    centre = (k + z * z / 2) / (n + z * z)
    margin = z * np.sqrt(k * (1 - k / np.maximum(n, 1)) + z * z / 4) / (n + z * z)
    # Rounding must not push the limit off 0 or 1 where the formula gives exactly that.
    return (
        np.where(k == 0, 0.0, np.maximum(centre - margin, 0.0)),
        np.where(k == n, 1.0, np.minimum(centre + margin, 1.0)),
    )
