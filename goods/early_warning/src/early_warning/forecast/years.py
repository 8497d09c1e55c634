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

from comity.statistics.blocks import enough_events, ratio_ends
from early_warning.climate.columns import Days
from early_warning.climate.record import WHOLE
from early_warning.forecast.steps import Floats

__all__ = ["LEAST_YEARS", "YEAR", "skill_of_years"]

LEAST_YEARS = 5
YEAR = 365.2425
WEEK = 7


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
    if len(whole) < LEAST_YEARS:
        return None
    week = back[inside] // WEEK
    for values in (baseline, loss - baseline):
        if not enough_events(np.bincount(week, values[inside]).astype(float)):
            return None  # rule 2
    place = np.searchsorted(whole, year[inside])
    sums = [np.bincount(place, one[inside]).astype(float) for one in (loss, baseline)]
    ends = ratio_ends(sums[0], sums[1], error)
    return None if ends is None else (1 - ends[1], 1 - ends[0])  # rule 3
