"""Intervals for series: neighbours in time are alike, so whole blocks of them are compared.

A series is handed over as sums over at most `FINE` short blocks in order, with the number of rows
in each. They are joined to 16 and to 8 long blocks, whose sums are nearly independent; the wider of
the two t intervals counts (batch means: Conway, Management Science 9, 1963; that unequal variances
of the blocks do no harm: Ibragimov and Müller, J. Bus. Econ. Stat. 28, 2010). All quantities are
ratios of sums, so blocks may have any number of rows.

There is no interval (low and high are None) where the series cannot carry one:

1. *Memory*: it is worth fewer than `ENOUGH` independent blocks, F (1 − r) / (1 + r) with r the
   correlation of neighbours among F short blocks; or 64 blocks still correlate by 0.35 or more.
2. *Events*: (Σ|x|)² / Σx² over the short blocks is below `EVENTS`: a few blocks decide.

How often the intervals hold, and how often there is none: docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv, stdtrit

from comity.statistics.bounds import Bounds
from comity.statistics.rates import Floats

__all__ = [
    "EVENTS",
    "FINE",
    "block_drift",
    "block_mean",
    "block_rate",
    "block_skill",
    "parts_of",
    "square_root",
]

FINE = 256
"""Most short blocks that are needed; where there are fewer times, each is one."""
ENOUGH = 128.0
EVENTS = 16.0
MEMORY_BLOCKS, MEMORY = 64, 0.35
LONG = (16, 8)
SHARE = 0.8
"""Part of the error that the t quantile may use; the rest is for skewed sums and memory."""
MEAN, RATE, SKILL, DRIFT = (
    f"{name}_blocks_16_8" for name in ("t", "korn_graubard", "fieller", "pairwise_t_bonferroni")
)


def block_mean(sums: ArrayLike, rows: ArrayLike, level: float = 0.95) -> Bounds:
    """Interval for the mean of a quantity over all rows of a series.

    Args:
        sums: Sum of the quantity in each short block, in order; shape (blocks,).
        rows: Rows in each short block; shape (blocks,).
        level: Confidence level of the two-sided interval.

    Returns:
        No rows give no estimate; a series that cannot carry an interval gives none.

    Raises:
        ValueError: The shapes differ, or there are more than `FINE` blocks.
    """
    x, n = _series(sums, rows)
    if n.sum() == 0:
        return Bounds(None, None, None, MEAN)
    mean = float(x.sum() / n.sum())
    residuals = x - mean * n
    if not _enough(residuals) or not _events(x):
        return Bounds(mean, None, None, MEAN)
    margin = _margin(residuals, (1 - level) / 2) / float(n.sum())
    return Bounds(mean, mean - margin, mean + margin, MEAN)


def block_rate(successes: ArrayLike, rows: ArrayLike, level: float = 0.95) -> Bounds:
    """Interval for a rate in a series: Clopper–Pearson with the number of cases it is worth.

    Korn and Graubard, Survey Methodology 24, 1998, 193–201, with the variance of long blocks.
    Successes and failures must both be events enough, so a rate of 0 or 1 has no interval.

    Args:
        successes: Successes in each short block, in order; shape (blocks,).
        rows: Rows in each short block; shape (blocks,).
        level: Confidence level of the two-sided interval.

    Returns:
        Bounds in [0, 1]. No rows give no estimate; a series that cannot carry one no interval.

    Raises:
        ValueError: The shapes differ, or there are more than `FINE` blocks.
    """
    k, n = _series(successes, rows)
    total = float(n.sum())
    if total == 0:
        return Bounds(None, None, None, RATE)
    rate = float(k.sum() / total)
    error = (1 - level) / 2
    if not (_enough(k - rate * n) and _events(k) and _events(n - k)):
        return Bounds(rate, None, None, RATE)
    deviation = _margin(k - rate * n, error) / total / float(-stdtrit(total - 1, error))
    worth = min(total, rate * (1 - rate) / deviation**2)
    hits = rate * worth
    low = float(betaincinv(hits, worth - hits + 1, error))
    high = float(betaincinv(hits + 1, worth - hits, 1 - error))
    return Bounds(rate, min(low, rate), max(high, rate), RATE)


def block_skill(
    losses: ArrayLike, baseline: ArrayLike, rows: ArrayLike, level: float = 0.95
) -> Bounds:
    """Interval for 1 − (sum of losses) / (sum of the baseline's losses), paired by block.

    By Fieller's theorem (J. R. Stat. Soc. B 16, 1954): the interval holds every skill s at which
    the paired difference loss − (1 − s) · baseline cannot be told from zero. With blocks of
    equal size it excludes 0 exactly where the interval of the difference does.

    Args:
        losses: Sum of the loss in each short block, in order; shape (blocks,).
        baseline: The same of the baseline, on the same rows.
        rows: Rows in each short block.
        level: Confidence level of the two-sided interval.

    Returns:
        A baseline without any loss gives no estimate; a series that cannot carry an interval, or
        a baseline whose loss cannot be told from zero, gives no interval.

    Raises:
        ValueError: The shapes differ, or there are more than `FINE` blocks.
    """
    loss, n = _series(losses, rows)
    base, _ = _series(baseline, rows)
    if not base.sum() > 0:
        return Bounds(None, None, None, SKILL)
    ratio = float(loss.sum() / base.sum())
    difference = loss - base
    mean = difference.sum() / n.sum()
    carried = (
        _enough(loss - ratio * base)
        and _enough(difference - mean * n)
        and _events(difference)
        and _events(base)
    )
    ends = [_fieller(loss, base, long, (1 - level) / 2) for long in LONG] if carried else [None]
    if None in ends:
        return Bounds(1 - ratio, None, None, SKILL)
    low = min(one[0] for one in ends if one)
    high = max(one[1] for one in ends if one)
    return Bounds(1 - ratio, 1 - high, 1 - low, SKILL)


def square_root(squared: Bounds, *, skill: bool = False) -> Bounds:
    """The interval of a root mean square from that of the mean square; both ends move alike.

    Args:
        squared: Of a mean square, or, with `skill`, of the skill 1 − ratio of mean squares.
        skill: Which of the two.
    """

    def root(value: float | None) -> float | None:
        if value is None:
            return None
        inside = 1 - value if skill else value
        return (1 - inside**0.5 if skill else inside**0.5) if inside > 0 else float(skill)

    return Bounds(root(squared.estimate), root(squared.low), root(squared.high), squared.method)


def block_drift(
    sums: ArrayLike, rows: ArrayLike, *, level: float = 0.95, windows: bool = False
) -> Bounds:
    """Interval for the largest minus the smallest mean of several parts of a series.

    The parts are sites that share their blocks in time, so that what strikes all of them on the
    same days cancels; or windows, one after the other. The upper end is the largest of the
    unadjusted pairwise limits (one fixed pair is the truth: Berger, Technometrics 24, 1982), the
    lower end the largest of the pairwise limits adjusted for all ordered pairs (Bonferroni).

    Args:
        sums: Sum of the quantity by part and short block; shape (parts, blocks).
        rows: Rows by part and short block; the same shape.
        level: Confidence level of the two-sided interval.
        windows: Whether each part has blocks of its own; else all parts share them.

    Returns:
        Bounds from 0 up. Fewer than two parts with rows give no estimate.

    Raises:
        ValueError: The shapes differ, or there are more than `FINE` blocks.
    """
    x, n = np.asarray(sums, float), np.asarray(rows, float)
    if x.shape != n.shape or x.ndim != 2 or x.shape[1] > FINE:
        raise ValueError("sums and rows of parts and at most 256 blocks must have one shape")
    given = n.sum(axis=1) > 0
    x, n = x[given], n[given]
    if len(x) < 2:
        return Bounds(None, None, None, DRIFT)
    means = x.sum(axis=1) / n.sum(axis=1)
    estimate = float(means.max() - means.min())
    residuals = (x - means[:, None] * n) / n.sum(axis=1)[:, None]
    if not _enough(residuals.sum(axis=0)) or not all(_events(one) for one in x):
        return Bounds(estimate, None, None, DRIFT)
    error = SHARE * (1 - level) / 2
    pairs = list(permutations(range(len(x)), 2))
    low, high = 0.0, 0.0
    for one, other in pairs:
        difference = float(means[one] - means[other])
        spread = [
            _deviation(residuals[[one, other]], long, windows=windows)
            for long in ((8 * len(x),) if windows else LONG)
        ]
        alone, adjusted = (
            max(float(-stdtrit(freedom, chance)) * deviation for deviation, freedom in spread)
            for chance in (error, error / len(pairs))
        )
        low, high = max(low, difference - adjusted), max(high, difference + alone)
    return Bounds(estimate, min(low, estimate), high, DRIFT)


def _series(sums: ArrayLike, rows: ArrayLike) -> tuple[Floats, Floats]:
    x, n = np.asarray(sums, float), np.asarray(rows, float)
    if x.shape != n.shape or x.ndim != 1 or len(x) > FINE or np.any(n < 0):
        raise ValueError("sums and rows of at most 256 blocks must have one shape")
    return x, n


def _joined(blocks: Floats, long: int) -> Floats:
    """Sums over `long` runs of nearly equal length; along the last axis."""
    starts = -(-np.arange(long) * blocks.shape[-1] // long)
    return np.asarray(np.add.reduceat(blocks, starts, axis=-1))


def _correlation(blocks: Floats) -> float:
    """Correlation of neighbours, for values whose mean is zero."""
    square = float(blocks @ blocks)
    return float(blocks[1:] @ blocks[:-1]) / square if square > 0 else 0.0


def _enough(residuals: Floats) -> bool:
    """Rule 1 of this module."""
    if len(residuals) < ENOUGH:
        return False
    near = max(_correlation(residuals), 0.0)
    worth = len(residuals) * (1 - near) / (1 + near)
    return worth >= ENOUGH and _correlation(_joined(residuals, MEMORY_BLOCKS)) < MEMORY


def _events(values: Floats) -> bool:
    """Rule 2 of this module; nothing but zeros is no event at all."""
    square = float(values @ values)
    return square > 0 and float(np.abs(values).sum()) ** 2 / square >= EVENTS


def _margin(residuals: Floats, error: float) -> float:
    """Half the width of the wider t interval of a sum whose residuals add up to zero."""
    margins = []
    for long in LONG:
        joined = _joined(residuals, long)
        deviation = float(np.sqrt(long / (long - 1) * (joined @ joined)))
        margins.append(float(-stdtrit(long - 1, SHARE * error)) * deviation)
    return max(margins)


def _fieller(loss: Floats, base: Floats, long: int, error: float) -> tuple[float, float] | None:
    """The ratios at which |Σ(loss − ratio · base)| stays within its t margin; None: unbounded."""
    x, y = _joined(loss, long), _joined(base, long)
    scale = float(stdtrit(long - 1, SHARE * error)) ** 2 * long / (long - 1)
    a, b = x - x.mean(), y - y.mean()
    second = y.sum() ** 2 - scale * (b @ b)
    first = x.sum() * y.sum() - scale * (a @ b)
    last = x.sum() ** 2 - scale * (a @ a)
    root = first**2 - second * last
    if second <= 0 or root < 0:
        return None
    width = float(np.sqrt(root))
    return float(first - width) / float(second), float(first + width) / float(second)


def _deviation(pair: Floats, long: int, *, windows: bool) -> tuple[float, int]:
    """Standard deviation of the difference of two means, and its degrees of freedom."""
    joined = _joined(pair, long)
    if windows:  # each window holds eight of the long blocks, and the others are zero
        return float(np.sqrt(8 / 7 * (joined * joined).sum())), 7
    difference = joined[0] - joined[1]
    return float(np.sqrt(long / (long - 1) * (difference @ difference))), long - 1


def parts_of(blocks: int, windows: int) -> Sequence[int]:
    """The window to which each short block belongs, for windows of nearly equal length."""
    return [index * windows // blocks for index in range(blocks)]
