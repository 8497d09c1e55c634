"""A rate that a judge scored, corrected for the judge's errors, with exact simultaneous limits.

A judge with sensitivity a and specificity b finds the share q = p a + (1 − p)(1 − b) where the true
rate is p; so p = (q + b − 1) / (a + b − 1) (Rogan and Gladen, Am. J. Epidemiol. 107, 1978, 71–76).
Cut off at 0 and 1, p rises with q, falls with a and rises with b, as long as a + b > 1: so limits
of the three that hold at once give limits of p, taken at one corner each:

* lower end: lower limit of q, upper limit of a, lower limit of b;
* upper end: upper limit of q, lower limit of a, upper limit of b.

Each of the six limits is exact (Clopper and Pearson) with a sixth of the error. The sum of six
errors needs no independence (Bonferroni), so the labels may also be of the very answers that were
scored. What it does need: the judge errs on the labelled answers as often as on the scored ones,
and knows more than a coin (a + b > 1). Where the estimates say that it hardly does, the correction
divides by almost nothing: below a + b = 1.2 there is no estimate.

A difference of two rates of the same cases, q₁ − q₂, is a + b − 1 times the true one, where the
judge errs alike on both. So its limits are those of the difference found, divided by the largest or
the smallest a + b − 1 that the labels allow.
"""

from __future__ import annotations

from comity.statistics.bounds import Bounds
from comity.statistics.paired import paired_difference
from comity.statistics.rates import counts, exact_lower, exact_upper

__all__ = ["LEAST_SUM", "corrected_difference", "corrected_rate"]

LEAST_SUM = 1.2
"""Smallest sum of estimated sensitivity and specificity at which a rate is corrected."""
METHOD = "judge_box_exact"


def corrected_rate(
    scored: tuple[int, int],
    sensitivity: tuple[int, int],
    specificity: tuple[int, int],
    level: float = 0.95,
) -> Bounds:
    """The true rate behind the one that a judge found.

    Args:
        scored: Items that the judge says have the property, and all that it scored.
        sensitivity: Of the labelled items that have it: how many the judge finds, and how many
            there are.
        specificity: Of the labelled items that do not: how many the judge leaves, and how many
            there are.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [0, 1]. No estimate and [0, 1] where nothing was scored, where no item of one
        kind was labelled, or where sensitivity and specificity add up to less than 1.2.

    Raises:
        ValueError: the counts are not counts.
    """
    k, n = counts(*zip(scored, sensitivity, specificity, strict=True))
    if not n.all():
        return Bounds(None, 0.0, 1.0, METHOD)
    q, a, b = (float(share) for share in k / n)
    # A whole comparison: 0.6 + 0.6 is 1.2, whatever floating point makes of it.
    if round(a + b, 12) < LEAST_SUM:
        return Bounds(None, 0.0, 1.0, METHOD)
    error = (1 - level) / 6
    low, high = exact_lower(k, n, error), exact_upper(k, n, error)
    return Bounds(
        estimate=_corrected(q, a, b),
        low=_corrected(float(low[0]), float(high[1]), float(low[2])) or 0.0,
        high=_or_one(_corrected(float(high[0]), float(low[1]), float(high[2]))),
        method=METHOD,
    )


def corrected_difference(
    pairs: tuple[int, int, int],
    sensitivity: tuple[int, int],
    specificity: tuple[int, int],
    *,
    unknown: int = 0,
    level: float = 0.95,
) -> Bounds:
    """The true difference of two rates of the same cases, behind the one that a judge found.

    Args:
        pairs: Pairs in which the judge found the first only, those with the second only, and all.
        sensitivity: As for `corrected_rate`.
        specificity: As for `corrected_rate`.
        unknown: Pairs that were not scored.
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [−1, 1]; no estimate, and [−1, 1], where `corrected_rate` gives none.

    Raises:
        ValueError: the counts are not counts.
    """
    k, n = counts(*zip(sensitivity, specificity, strict=True))
    error = (1 - level) / 6
    found = paired_difference(*pairs, unknown=unknown, level=1 - 2 * error)
    if found.estimate is None or not n.all() or round(float((k / n).sum()), 12) < LEAST_SUM:
        return Bounds(None, -1.0, 1.0, METHOD)
    assert found.low is not None and found.high is not None
    least = float(exact_lower(k, n, error).sum()) - 1
    most = float(exact_upper(k, n, error).sum()) - 1
    estimate = found.estimate / (float((k / n).sum()) - 1)
    if least <= 0:
        return Bounds(min(max(estimate, -1.0), 1.0), -1.0, 1.0, METHOD)
    return Bounds(
        estimate=min(max(estimate, -1.0), 1.0),
        low=max(found.low / (most if found.low > 0 else least), -1.0),
        high=min(found.high / (least if found.high > 0 else most), 1.0),
        method=METHOD,
    )


def _corrected(q: float, a: float, b: float) -> float | None:
    """The rate behind q, cut off at 0 and 1; None where the judge knows no more than a coin."""
    known = a + b - 1
    return min(max((q + b - 1) / known, 0.0), 1.0) if known > 0 else None


def _or_one(value: float | None) -> float:
    return 1.0 if value is None else value
