"""A record of daily values: its years, the largest value of each, and its percentiles.

1. *A year* starts on the first of a month that the service chooses, so that no rainy season is cut
   in two. It counts where at least `WHOLE` of its days have a value: a year that lost its wettest
   week would say that it was dry.
2. *Percentiles* are of all days of whole years. Days are alike within a year, so the interval is
   that of a sample of years: the share of days at or below the value varies between them, and
   tells how many independent days the record is worth (Korn and Graubard, Survey Methodology 24,
   1998). Clopper–Pearson limits of that share, read off the record, are the ends (Woodruff, J. Am.
   Stat. Assoc. 47, 1952).
3. Fewer than `LEAST_YEARS` whole years give no percentile.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, stdtrit

from comity.errors import InputError
from early_warning.climate.columns import Days, Floats, read_columns

__all__ = ["LEAST_YEARS", "WHOLE", "Maxima", "Percentile", "Record", "block_maxima", "make_record",
           "percentile", "read_record"]  # fmt: skip

Whole = NDArray[np.int64]
WHOLE = 0.9
LEAST_YEARS = 10
LARGEST = 1e100


@dataclass(frozen=True)
class Record:
    """Daily values of one place. Made by `make_record`.

    Attributes:
        days: Each once, in order; shape (n,).
        values: Shape (n,), in the unit of the record.
        where: The station, cell or file, for errors.
    """

    days: Days
    values: Floats
    where: str


@dataclass(frozen=True)
class Maxima:
    """The largest value of each whole year.

    Attributes:
        years: The calendar year in which each begins; shape (k,).
        values: Shape (k,).
        left_out: Years with too many days missing.
        where: As of the record.
    """

    years: tuple[int, ...]
    values: Floats
    left_out: tuple[int, ...]
    where: str


@dataclass(frozen=True)
class Percentile:
    """A percentile with its interval.

    Attributes:
        probability: Share of days at or below it.
        value: In the unit of the record.
        low: Lower end; None where the record is too short to give one.
        high: Upper end; None where the record is too short to give one.
        years: Whole years that it rests on.
    """

    probability: float
    value: float
    low: float | None
    high: float | None
    years: int


def make_record(days: ArrayLike, values: ArrayLike, *, where: str) -> Record:
    """Put days in order and leave out missing values.

    Args:
        days: Dates; shape (n,).
        values: Shape (n,); NaN where it is missing.
        where: The station, cell or file, for errors.

    Raises:
        InputError: a day stands there twice, a value is infinite, or there is none.
    """
    when, x = np.asarray(days, "datetime64[D]"), np.asarray(values, float)
    if when.shape != x.shape or x.ndim != 1:
        raise ValueError("days and values do not belong together")
    given = ~(np.isnan(x) | np.isnat(when))
    when, x = when[given], x[given]
    if len(x) == 0:
        raise InputError("the record has no value", where=where)
    if np.abs(x).max() > LARGEST:
        raise InputError("a value is infinite, or too large to be one", where=where)
    order = np.argsort(when)
    when, x = when[order], x[order]
    twice = np.flatnonzero(when[1:] == when[:-1])
    if len(twice):
        raise InputError(f"the day {when[twice[0]]} stands there twice", where=where)
    return Record(when, x, where)


def read_record(path: Path, *, day: str, value: str) -> Record:
    """Read a CSV table of daily values.

    Raises:
        InputError: as `read_columns` and `make_record`.
    """
    days, values = read_columns(path, day, [value])
    return make_record(days, values[:, 0], where=str(path))


def block_maxima(record: Record, *, first_month: int = 1) -> Maxima:
    """The largest value of each whole year. Rule 1; for minima, hand over values times −1.

    Args:
        record: Daily values.
        first_month: In which a year begins, 1 to 12.
    """
    year, whole = _years(record, first_month)
    largest = np.array([record.values[year == one].max() for one in whole])
    present = np.arange(year[0], year[-1] + 1)
    left_out = tuple(int(one) for one in present if one not in whole)
    return Maxima(tuple(int(one) for one in whole), largest, left_out, record.where)


def percentile(
    record: Record, probability: float, *, first_month: int = 1, level: float = 0.95
) -> Percentile:
    """The smallest value that at least this share of all days does not pass. Rules 2 and 3.

    Args:
        record: Daily values.
        probability: Above 0 and below 1, for instance 0.95.
        first_month: In which a year begins, 1 to 12.
        level: Confidence level of the two-sided interval.

    Raises:
        InputError: there are fewer than `LEAST_YEARS` whole years.
    """
    if not 0 < probability < 1:
        raise ValueError("the share of a percentile lies between 0 and 1")
    year, whole = _years(record, first_month)
    if len(whole) < LEAST_YEARS:
        raise InputError(
            f"the record has {len(whole)} whole years, and a percentile needs {LEAST_YEARS}",
            where=record.where,
            hint="Use a longer record, or that of a station nearby.",
        )
    inside = np.isin(year, whole)
    x, year = np.sort(record.values[inside]), year[inside]
    value = float(x[_rank(probability, len(x))])
    below = np.searchsorted(whole, year[record.values[inside] <= value])
    share = np.bincount(below, minlength=len(whole))
    days = np.bincount(np.searchsorted(whole, year))
    low, high = _limits(share, days, probability, (1 - level) / 2)
    return Percentile(
        probability,
        value,
        float(x[_rank(low, len(x))]) if low * len(x) >= 1 else None,
        float(x[_rank(high, len(x))]) if high * len(x) <= len(x) - 1 else None,
        len(whole),
    )


def _years(record: Record, first_month: int) -> tuple[Whole, Whole]:
    """The year of each day, and the whole years."""
    if not 1 <= first_month <= 12:
        raise ValueError("a year begins in a month from 1 to 12")
    months = record.days.astype("datetime64[M]").astype(int) + 1970 * 12 - (first_month - 1)
    year = months // 12
    names, days = np.unique(year, return_counts=True)
    first = (names - 1970) * 12 + first_month - 1
    length = (
        (first + 12).astype("datetime64[M]").astype("datetime64[D]")
        - first.astype("datetime64[M]").astype("datetime64[D]")
    ).astype(int)
    return np.asarray(year, np.int64), names[days >= WHOLE * length]


def _rank(share: float, size: int) -> int:
    return min(max(int(np.ceil(share * size - 1e-9)) - 1, 0), size - 1)


def _limits(below: Whole, days: Whole, share: float, error: float) -> tuple[float, float]:
    """Clopper–Pearson limits of a share, with the independent days that the years are worth."""
    years, total = len(days), float(days.sum())
    residuals = below - below.sum() / total * days
    variance = years / (years - 1) * float(residuals @ residuals) / total**2
    widened = float((stdtrit(years - 1, error) / stdtrit(total - 1, error)) ** 2) * variance
    worth = total if widened <= 0 else min(total, share * (1 - share) / widened)
    hits = share * worth
    low = float(betaincinv(hits, worth - hits + 1, error))
    return low, float(betaincinv(hits + 1, worth - hits, 1 - error))
