"""Interval for the mean of a bounded quantity, for instance of squared errors.

The t interval fails where the mean is decided by rare large values: with no event in the sample it
is narrow and wrong. Gaffke (Math. Methods Stat. 14, 2005) adds one observation at the worst
possible value and lets the weights of all vary as a flat Dirichlet distribution: the quantile of
the weighted mean is the limit. For zeros and ones that is Clopper–Pearson. Whether it holds for
every distribution is a conjecture (Learned-Miller and Thomas, arXiv:1905.06208, 2020). The quantile
is taken here from moments, so that only sums are needed and not the values; that this keeps the
level is shown by simulation, not proven (docs/statistics.md).
"""

from __future__ import annotations

import math

from comity.statistics.bounds import Bounds

__all__ = ["beta_quantile", "bounded_mean"]

METHOD = "gaffke_moments"

SMALLEST_VARIANCE = 1e-30
"""Below it the values do not differ, but for rounding."""


def beta_quantile(mean: float, variance: float, probability: float) -> float:
    """Quantile of the beta distribution on [0, 1] with this mean and variance."""
    if not 0 < mean < 1 or variance < SMALLEST_VARIANCE:
        return min(max(mean, 0.0), 1.0)
    size = max(mean * (1 - mean) / variance - 1, 1e-9)
    from scipy.special import betaincinv

    return float(betaincinv(mean * size, (1 - mean) * size, probability))


def _pearson_quantile(mean: float, variance: float, third: float, probability: float) -> float:
    """Quantile of the Pearson type III (shifted gamma) distribution with these moments."""
    if variance < SMALLEST_VARIANCE:
        return mean
    deviation = math.sqrt(variance)
    skewness = third / deviation**3
    # Below this skewness the gamma is normal to six digits; at 0 it does not exist.
    skewness = math.copysign(max(abs(skewness), 1e-6), skewness)
    shape = 4 / skewness**2
    from scipy.special import gammaincinv

    gamma = float(gammaincinv(shape, probability if skewness > 0 else 1 - probability))
    return mean + math.copysign(deviation, skewness) * (gamma - shape) / math.sqrt(shape)


def bounded_mean(
    n: int, sum1: float, sum2: float, sum3: float, *, upper: float = 1.0, level: float = 0.95
) -> Bounds:
    """Interval for the mean of independent values in [0, upper], from their power sums.

    Each end is the wider of two approximations to Gaffke's limit: the beta distribution with its
    mean and variance (exact for zeros and ones), and the Pearson type III distribution with its
    third moment too (better where the values are skewed otherwise).

    Args:
        n: Number of values.
        sum1: Sum of the values.
        sum2: Sum of their squares.
        sum3: Sum of their cubes.
        upper: Largest possible value; the smallest is 0.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [0, upper]. No values give no estimate and [0, upper].

    Raises:
        ValueError: The sums do not belong to values in [0, upper].
    """
    if n < 0 or upper <= 0 or not 0 <= sum1 <= n * upper * (1 + 1e-9):
        raise ValueError("the sum of n values in [0, upper] lies between 0 and n * upper")
    if n == 0:
        return Bounds(None, 0.0, upper, METHOD)
    error = (1 - level) / 2
    first, second, third = (float(s) / upper**i for i, s in enumerate((sum1, sum2, sum3), 1))
    estimate = min(first / n, 1.0)
    ends = []
    for worst, probability in ((0.0, error), (1.0, 1 - error)):
        m1, m2, m3 = ((s + worst) / (n + 1) for s in (first, second, third))
        # Central moments of the sample with the added value, then of its Dirichlet mean.
        variance = max(m2 - m1 * m1, 0.0) / (n + 2)
        skew = 2 * (m3 - 3 * m1 * m2 + 2 * m1**3) / ((n + 2) * (n + 3))
        beta = beta_quantile(m1, variance, probability)
        pearson = _pearson_quantile(m1, variance, skew, probability)
        ends.append((beta, pearson))
    low = min(max(min(ends[0]), 0.0), estimate)
    high = max(min(max(ends[1]), 1.0), estimate)
    return Bounds(estimate * upper, low * upper, high * upper, METHOD)
