"""Forecasts and observations of one district and lead, day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike

from comity.errors import InputError
from early_warning.climate.columns import Days, read_columns
from early_warning.forecast.steps import Floats

__all__ = ["Pairs", "make_pairs", "read_pairs"]

LARGEST = 1e100


@dataclass(frozen=True)
class Pairs:
    """Days on which there is both a forecast and an observation. Made by `make_pairs`.

    Attributes:
        days: Each once, in order; shape (n,).
        observed: Shape (n,), in the unit of the record.
        members: All runs of the ensemble; shape (n, members).
    """

    days: Days
    observed: Floats
    members: Floats

    def where(self, which: ArrayLike) -> Pairs:
        """Those days for which `which` is true; shape (n,)."""
        chosen = np.asarray(which, bool)
        return Pairs(self.days[chosen], self.observed[chosen], self.members[chosen])


def make_pairs(days: ArrayLike, observed: ArrayLike, members: ArrayLike, *, where: str) -> Pairs:
    """Put days in order, and leave out those without a whole forecast or an observation.

    Args:
        days: Dates; shape (n,).
        observed: Shape (n,); NaN where it is missing.
        members: Shape (n, members); NaN where one is missing.
        where: What these are of, for errors.

    Raises:
        InputError: a day stands there twice, a value is infinite, or no day is left.
    """
    when = np.asarray(days, "datetime64[D]")
    y, x = np.asarray(observed, float), np.asarray(members, float)
    if x.ndim != 2 or y.shape != (len(x),) or when.shape != y.shape:
        raise ValueError("days, observations and members do not belong together")
    for values in (y, x):
        if np.any(np.abs(values[~np.isnan(values)]) > LARGEST):
            raise InputError("a value is infinite, or too large to be one", where=where)
    whole = ~(np.isnan(y) | np.isnan(x).any(axis=1) | np.isnat(when))
    if not whole.any() or x.shape[1] == 0:
        raise InputError("no day has both a forecast and an observation", where=where)
    order = np.argsort(when[whole])
    when, y, x = when[whole][order], y[whole][order], x[whole][order]
    twice = np.flatnonzero(when[1:] == when[:-1])
    if len(twice):
        raise InputError(f"the day {when[twice[0]]} stands there twice", where=where)
    return Pairs(when, y, x)


def read_pairs(path: Path, *, day: str, observed: str, members: Sequence[str]) -> Pairs:
    """Read a CSV table, also one packed by gzip.

    Args:
        path: The table.
        day: Column of the day, as 2026-11-21.
        observed: Column of what happened; empty where it is not known.
        members: Columns of the runs of the ensemble.

    Raises:
        InputError: a column is absent, a value is neither a number nor empty, or as `make_pairs`.
    """
    days, values = read_columns(path, day, [observed, *members])
    return make_pairs(days, values[:, 0], values[:, 1:], where=str(path))
