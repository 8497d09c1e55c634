"""Intervals for series: neighbours in time are alike, so whole blocks of them are compared.

A series is handed over as sums over at most `FINE` short blocks in order, with the number of rows
in each. They are joined to 16 and to 8 long blocks, whose sums are nearly independent; the wider of
the two t intervals counts (batch means: Conway, Management Science 9, 1963; that unequal variances
of the blocks do no harm: Ibragimov and Müller, J. Bus. Econ. Stat. 28, 2010). All quantities are
ratios of sums, so blocks may have any number of rows.

Memory may outlast the blocks. How fast it fades is estimated from the slowest `FREQUENCIES` of the
short blocks (local Whittle: Robinson, Ann. Stat. 23, 1995), one standard error is added, and the
intervals are widened by what such a memory d takes from the variance between L blocks: a sum over
k steps has a variance in k^(1 + 2d), so the true one is L^2d (L − 1) / (L − L^2d) times that of
independent blocks (memory and autocorrelation consistent: Abadir, Distaso and Giraitis, J.
Econometrics 150, 2009).

There is no interval (low and high are None) where the series cannot carry one:

1. *Memory*: there are fewer than `ENOUGH` short blocks, or the d with which the interval would be
   widened is `LONGEST` or more; at 1/2 a series has no mean to speak of.
2. *Events*: (Σ|x|)² / Σx² over the short blocks is below `EVENTS`: a few blocks decide.

How often the intervals hold, and how often there is none: docs/statistics.md.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from comity.statistics.bounds import Bounds
from comity.statistics.rates import Floats

__all__ = [
    "EVENTS",
    "FINE",
    "block_drift",
    "block_mean",
    "block_rate",
    "block_skill",
    "enough_events",
    "parts_of",
    "ratio_ends",
    "square_root",
]

FINE = 256
"""Most short blocks that are needed; where there are fewer times, each is one."""
ENOUGH = 128
EVENTS = 16.0
FREQUENCIES = 48
LONGEST = 0.48
GRID = np.linspace(0, 0.5, 51)
LONG = (16, 8)
SHARE = 0.8
"""Part of the error that the t quantile may use; the rest is for skewed sums and memory."""
MEAN, RATE, SKILL, DRIFT = (
    f"{name}_blocks_16_8_memory"
    for name in ("t", "korn_graubard", "fieller", "pairwise_t_bonferroni")
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
    memory = _memory(residuals)
    if memory >= LONGEST or not enough_events(x):
        return Bounds(mean, None, None, MEAN)
    margin = _margin(residuals, float(memory), (1 - level) / 2) / float(n.sum())
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
    from scipy.special import betaincinv

    total = float(n.sum())
    if total == 0:
        return Bounds(None, None, None, RATE)
    rate = float(k.sum() / total)
    error = (1 - level) / 2
    memory = _memory(k - rate * n)
    if not (memory < LONGEST and enough_events(k) and enough_events(n - k)):
        return Bounds(rate, None, None, RATE)
    deviation = _margin(k - rate * n, float(memory), error) / total / _t_quantile(total - 1, error)
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
    equal size it excludes 0 only where the interval of the difference does. The memory is that of
    loss − baseline or of loss − ratio · baseline, whichever lasts longer.

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
    memory = float(np.max(_memory(np.stack([loss - ratio * base, difference - mean * n]))))
    carried = memory < LONGEST and enough_events(difference) and enough_events(base)
    error = (1 - level) / 2
    ends = [_fieller(loss, base, long, memory, error) for long in LONG] if carried else [None]
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
    memory = _memory(residuals.sum(axis=0)) if windows else _memory_of_pairs(residuals)
    if np.max(memory) >= LONGEST or not all(enough_events(one) for one in x):
        return Bounds(estimate, None, None, DRIFT)
    error, pairs = SHARE * (1 - level) / 2, len(x) * (len(x) - 1)
    alone, adjusted = np.zeros((len(x), len(x))), np.zeros((len(x), len(x)))
    for long in (8,) if windows else LONG:
        # Each window holds eight of the long blocks; sites share theirs, so products count too.
        joined = _joined(residuals, 8 * len(x) if windows else long)
        products = joined @ joined.T
        squares = np.diag(products)
        apart = squares[:, None] + squares - (0 if windows else 2) * products
        deviation = np.sqrt(np.maximum(apart, 0) * long / (long - 1) * _widened(memory, long))
        alone = np.maximum(alone, _t_quantile(long - 1, error) * deviation)
        adjusted = np.maximum(adjusted, _t_quantile(long - 1, error / pairs) * deviation)
    differences = means[:, None] - means
    other = ~np.eye(len(x), dtype=bool)
    low = max(float((differences - adjusted)[other].max()), 0.0)
    high = float((differences + alone)[other].max())
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


def _periods(residuals: Floats) -> Floats:
    """The slowest waves of the short blocks, complex; shape (..., blocks) to (..., waves)."""
    return np.asarray(np.fft.rfft(residuals, axis=-1)[..., 1 : FREQUENCIES + 1])


def _memory(residuals: Floats) -> Floats:
    """The d with which to widen, of values whose mean is zero; (..., blocks) to (...).

    Rule 1 of this module: too few blocks have the longest memory.
    """
    if residuals.shape[-1] < ENOUGH:
        return np.full(residuals.shape[:-1], LONGEST)
    return _whittle(np.abs(_periods(residuals)) ** 2)


def _memory_of_pairs(residuals: Floats) -> Floats:
    """The same of the difference of each two parts; (parts, blocks) to (parts, parts)."""
    if residuals.shape[-1] < ENOUGH:
        return np.full((len(residuals), len(residuals)), LONGEST)
    waves = _periods(residuals)
    memory = np.zeros((len(waves), len(waves)))
    for place, one in enumerate(waves):
        memory[place, place:] = _whittle(np.abs(one - waves[place:]) ** 2)
    return np.maximum(memory, memory.T)


def _whittle(power: Floats) -> Floats:
    """Local Whittle estimate of d, from 0 up, plus its standard error; (..., waves) to (...).

    Robinson 1995, equation 2.2: the d at which log mean(power · j^2d) − 2d · mean(log j) is least.
    """
    wave = np.arange(1, FREQUENCIES + 1)
    weighed = power @ wave[:, None] ** (2 * GRID) / FREQUENCIES
    known = weighed > 0
    logs = np.log(weighed, out=np.zeros_like(weighed), where=known)
    least = np.argmin(logs - 2 * GRID * np.log(wave).mean(), axis=-1)
    return np.asarray(GRID[least] * known[..., 0] + 0.5 / FREQUENCIES**0.5)


def _widened(memory: Floats | float, long: int) -> Floats:
    """True variance of the sum over that which independent blocks would show."""
    power = np.asarray(long ** (2 * np.asarray(memory)))
    return np.asarray(power * (long - 1) / (long - power))


def enough_events(values: Floats) -> bool:
    """Whether no few blocks decide: rule 2 of this module; nothing but zeros is no event at all."""
    square = float(values @ values)
    return square > 0 and float(np.abs(values).sum()) ** 2 / square >= EVENTS


def _t_quantile(freedom: float, error: float) -> float:
    """What Student's t exceeds with probability `error`."""
    from scipy.special import stdtrit

    return float(-stdtrit(freedom, error))


def _margin(residuals: Floats, memory: float, error: float) -> float:
    """Half the width of the wider t interval of a sum whose residuals add up to zero."""
    margins = []
    for long in LONG:
        joined = _joined(residuals, long)
        square = long / (long - 1) * (joined @ joined) * _widened(memory, long)
        deviation = float(np.sqrt(square))
        margins.append(_t_quantile(long - 1, SHARE * error) * deviation)
    return max(margins)


def _fieller(
    loss: Floats, base: Floats, long: int, memory: float, error: float
) -> tuple[float, float] | None:
    """The ratios at which |Σ(loss − ratio · base)| stays within its t margin; None: unbounded."""
    widened = float(_widened(memory, long))
    return ratio_ends(_joined(loss, long), _joined(base, long), error, widened)


def ratio_ends(
    x: Floats, y: Floats, error: float, widened: float = 1.0
) -> tuple[float, float] | None:
    """Both ends of Σx / Σy by Fieller's theorem, from sums over long blocks that are independent.

    Args:
        x: Sums of one quantity in each block; shape (blocks,).
        y: Sums of the other in the same blocks.
        error: One-sided; the t quantile uses `SHARE` of it.
        widened: What the variance between blocks is multiplied by.

    Returns:
        None where Σy cannot be told from zero, so that the ratio has no bounds.
    """
    blocks = len(x)
    quantile = _t_quantile(blocks - 1, SHARE * error)
    scale = float(quantile**2 * blocks / (blocks - 1) * widened)
    a, b = x - x.mean(), y - y.mean()
    second = y.sum() ** 2 - scale * (b @ b)
    first = x.sum() * y.sum() - scale * (a @ b)
    last = x.sum() ** 2 - scale * (a @ a)
    root = first**2 - second * last
    if second <= 0 or root < 0:
        return None
    width = float(np.sqrt(root))
    return float(first - width) / float(second), float(first + width) / float(second)


def parts_of(blocks: int, windows: int) -> Sequence[int]:
    """The window to which each short block belongs, for windows of nearly equal length."""
    return [index * windows // blocks for index in range(blocks)]
