"""Climatology of the season: what happened in the training years around this day of the year.

The naive baseline that a forecast has to beat (extended probabilistic climatology: Vogel et al.,
Weather and Forecasting 33, 2018): all training days whose day of the year is at most `WINDOW` days
away, each with the same chance. The year is a circle.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from comity.errors import InputError
from early_warning.climate.columns import Days
from early_warning.forecast.steps import Floats, Steps

__all__ = ["LEAST_DAYS", "WINDOW", "climatology", "day_of_year"]

WINDOW = 15
LEAST_DAYS = 30
"""Fewer training days around a day of the year are refused."""
YEAR = 366


def day_of_year(days: Days) -> NDArray[np.intp]:
    """0 for 1 January to 365 for 31 December of a leap year; shape (n,).

    29 February has a place of its own, so that every other day keeps its place in all years.
    """
    months = days.astype("datetime64[M]")
    day = (days.astype("datetime64[D]") - months.astype("datetime64[D]")).astype(int)
    starts = np.array([0, 31, 60, 91, 121, 152, 182, 213, 244, 274, 305, 335])
    return np.asarray(starts[months.astype(int) % 12] + day, np.intp)


def climatology(days: Days, observed: ArrayLike, wanted: Days) -> Steps:
    """The distribution of each wanted day.

    Args:
        days: Training days; shape (n,).
        observed: What happened on them; shape (n,).
        wanted: Days that are forecast; shape (m,).

    Raises:
        InputError: around a wanted day the training years have fewer than `LEAST_DAYS` days.
    """
    y = np.asarray(observed, float)
    points, place = np.unique(y, return_inverse=True)
    counts = np.zeros((YEAR, len(points)))
    np.add.at(counts, (day_of_year(days), place), 1)
    around = sum(np.roll(counts, shift, axis=0) for shift in range(-WINDOW, WINDOW + 1))
    totals: Floats = np.asarray(around).sum(axis=1)
    asked = day_of_year(wanted)
    if len(asked) and totals[asked].min() < LEAST_DAYS:
        few = int(asked[np.argmin(totals[asked])])
        raise InputError(
            f"the training years have {int(totals[few])} days around {_name(few)}, and a "
            f"climatology needs {LEAST_DAYS}",
            hint="Forecast only seasons that the record holds, or use more years.",
        )
    cumulative = np.cumsum(around, axis=1)
    needed = np.unique(asked)
    chances = np.zeros((YEAR, len(points)))
    chances[needed] = cumulative[needed] / totals[needed, None]
    return Steps(points, chances[asked])


def _name(day: int) -> str:
    return str(np.datetime64("2000-01-01") + np.timedelta64(day, "D"))[5:]
