"""Skill from whole years: what the seasons do to the losses cancels within each of them.

Where one season brings all the rain, losses are large for months and nothing for months, every year
again. A test that reads time without a calendar takes that for a memory of months, and finds
records of many years too short. So the losses are summed over whole years, counted back from the
last day, and these few sums are compared by Fieller's theorem with Student's t (J. R. Stat. Soc. B
16, 1954; that unequal variances of the years do no harm: Ibragimov and Müller, J. Bus. Econ. Stat.
28, 2010). Years are taken as independent.

There is no interval where (1) fewer than `LEAST_YEARS` years have `WHOLE` of their days; (2) a few
weeks decide: (Σ|d|)² / Σd² of the baseline's loss or of the difference, summed by week, is below
`EVENTS`; or (3) the loss of the baseline cannot be told from zero. How often the test is wrong, and
how often it finds what is there: `benchmarks/skill_in_seasons.py`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from comity.statistics.blocks import EVENTS
from early_warning.climate.columns import Days
from early_warning.climate.record import WHOLE
from early_warning.forecast.steps import Floats

__all__ = ["LEAST_YEARS", "YEAR", "skill_of_years"]

Whole = NDArray[np.int64]

LEAST_YEARS = 5
YEAR = 365.2425
WEEK = 7
SHARE = 0.8
"""Part of the error that the t quantile may use; the rest is for skewed sums."""


def skill_of_years(
    loss: Floats, baseline: Floats, days: Days, error: float
) -> tuple[float, float] | None:
    """Both ends of 1 − Σ loss / Σ baseline, each passed with probability `error`; or None.

    Args:
        loss: Of each day; shape (n,).
        baseline: Of a baseline on the same days.
        days: In order.
        error: One-sided.
    """
    if len(days) == 0:
        return None
    back = (days[-1] - days).astype(int)
    year = (back / YEAR).astype(int)
    present = np.bincount(year)
    whole = np.flatnonzero(present >= WHOLE * YEAR)
    inside = np.isin(year, whole)
    if len(whole) < LEAST_YEARS or not _events(loss, baseline, back, inside):
        return None
    place = np.searchsorted(whole, year[inside])
    sums = [np.bincount(place, one[inside]).astype(float) for one in (loss, baseline)]
    return _fieller(sums[0], sums[1], error)


def _events(loss: Floats, baseline: Floats, back: Whole, inside: NDArray[np.bool_]) -> bool:
    """Rule 2."""
    week = back[inside] // WEEK
    for values in (baseline, loss - baseline):
        sums = np.bincount(week, values[inside])
        square = float(sums @ sums)
        if square == 0 or float(np.abs(sums).sum()) ** 2 / square < EVENTS:
            return False
    return True


def _fieller(x: Floats, y: Floats, error: float) -> tuple[float, float] | None:
    years = len(x)
    quantile = float(stdtrit(years - 1, SHARE * error))
    scale = quantile**2 * years / (years - 1)
    a, b = x - x.mean(), y - y.mean()
    second = y.sum() ** 2 - scale * (b @ b)
    first = x.sum() * y.sum() - scale * (a @ b)
    root = first**2 - second * (x.sum() ** 2 - scale * (a @ a))
    if second <= 0 or root < 0:
        return None  # rule 3
    width = float(np.sqrt(root))
    return 1 - float(first + width) / float(second), 1 - float(first - width) / float(second)
