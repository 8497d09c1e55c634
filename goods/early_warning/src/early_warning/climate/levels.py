"""Return levels with intervals, by two methods side by side, or the reason why there are none.

A return level of T years is passed in one year out of T, on average. Two methods are shown because
they differ on real records, and a service should see by how much.

- *likelihood*: maximum likelihood, profile likelihood interval (`likelihood`).
- *l_moments*: L-moments, and an interval from `DRAWS` simulated records of the same length. How far
  the estimate of a simulated record lies from its known truth, in units of that record's own spread
  σ · |level of the distribution with μ = 0 and σ = 1|, is taken for the error of the real one. For
  the upper end the simulated tail is one standard error heavier than the fitted one: short records
  understate heavy tails, and percentiles of a plain bootstrap then miss high levels too often. How
  often the intervals hold: `benchmarks/coverage_of_levels.py`.

Refused, each with its reason:

1. fewer than `LEAST_YEARS` whole years;
2. a period of more than `STRETCH` times the years of the record (Pugh, Tides, Surges and Mean
   Sea-Level, 1987): that would be the model speaking and not the record;
3. maxima of which more than a quarter are the lowest one, such as years without any rain: they do
   not come from a distribution of extremes;
4. by one method only: a likelihood without a maximum or without regular theory (`likelihood`).

The years are taken as independent and alike. Where the climate changes they are not; `drift` tells
whether later maxima are higher or lower than chance explains (Mann, Econometrica 13, 1945).
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import kendalltau

from comity.errors import InputError
from early_warning.climate import likelihood, moments
from early_warning.climate.columns import Floats
from early_warning.climate.gev import Gev
from early_warning.climate.record import Maxima

__all__ = ["LEAST_YEARS", "STRETCH", "Level", "Levels", "return_levels"]

LEAST_YEARS = 20
STRETCH = 4
DRAWS = 1_999
SAME = 0.25
HEAVIEST = 0.9
Method = Literal["likelihood", "l_moments"]


@dataclass(frozen=True)
class Level:
    """A return level by one method.

    Attributes:
        period: In years.
        method: Which of the two.
        value: In the unit of the record; None where the method gives none.
        low: Lower end of the interval; None where there is none.
        high: Upper end; None where there is none, or where no level is too high for the record.
        reason: Why something is missing, in a sentence; empty where nothing is.
    """

    period: float
    method: Method
    value: float | None
    low: float | None
    high: float | None
    reason: str = ""


@dataclass(frozen=True)
class Levels:
    """What a record says about its extremes.

    Attributes:
        years: Whole years that it rests on.
        likelihood: The distribution by maximum likelihood; None where there is none.
        l_moments: The distribution by L-moments.
        levels: For each period first by likelihood, then by L-moments.
        drift: Two-sided p-value of Mann's test: small where the maxima rise or fall with time.
    """

    years: int
    likelihood: Gev | None
    l_moments: Gev
    levels: tuple[Level, ...]
    drift: float


def return_levels(maxima: Maxima, periods: Sequence[float], *, level: float = 0.95) -> Levels:
    """Return levels of the yearly maxima.

    The same maxima give the same intervals: the simulation's seed is made from them.

    Args:
        maxima: Of whole years.
        periods: In years, each above 1.
        level: Confidence level of the two-sided intervals.

    Raises:
        InputError: rules 1 to 3.
    """
    x = maxima.values
    _check(maxima, periods)
    likeliest = likelihood.fit(x)
    by_moments = moments.fit(x)
    mu, sigma, xi = (float(one) for one in by_moments)
    rng = np.random.default_rng(zlib.crc32(np.ascontiguousarray(x, "<f8").tobytes()))
    middle = moments.fit(moments.sample(by_moments, (DRAWS, len(x)), rng))
    heavier = by_moments.copy()
    heavier[2] = min(xi + float(middle[:, 2].std()), max(HEAVIEST, xi))
    tail = moments.fit(moments.sample(heavier, (DRAWS, len(x)), rng))
    found = []
    for period in periods:
        found.append(_by_likelihood(x, likeliest, period, level))
        value = float(moments.levels(by_moments, period))
        unit = float(_unit(by_moments, period))
        error = (1 - level) / 2
        low = value - unit * float(np.quantile(_errors(middle, by_moments, period), 1 - error))
        high = value - unit * float(np.quantile(_errors(tail, heavier, period), error))
        found.append(Level(period, "l_moments", value, min(low, value), max(high, value)))
    drift = kendalltau(np.array(maxima.years), x).pvalue
    return Levels(len(x), likeliest, Gev(mu, sigma, xi), tuple(found), float(drift))


def _check(maxima: Maxima, periods: Sequence[float]) -> None:
    x = maxima.values
    if len(x) < LEAST_YEARS:
        raise InputError(
            f"the record has {len(x)} whole years, and a return level needs {LEAST_YEARS}",
            where=maxima.where,
            hint="Use percentiles, a longer record, or that of a station nearby.",
        )
    for period in periods:
        if not 1 < period < math.inf:
            raise InputError(f"{period:g} years is no return period", where=maxima.where)
        if period > STRETCH * len(x):
            raise InputError(
                f"a level of {period:g} years cannot be read from {len(x)} years: at most "
                f"{STRETCH} times the record, {STRETCH * len(x)} years",
                where=maxima.where,
            )
    same = int((x == x.min()).sum())
    if same > SAME * len(x):
        raise InputError(
            f"{same} of {len(x)} yearly maxima are {x.min():g}, the lowest: these are no extremes",
            where=maxima.where,
            hint="Use percentiles.",
        )


def _by_likelihood(x: Floats, fitted: Gev | None, period: float, level: float) -> Level:
    if fitted is None:
        why = "the likelihood of these maxima has no maximum"
        return Level(period, "likelihood", None, None, None, why)
    value = fitted.level(period)
    ends = likelihood.profile_interval(x, fitted, period, level)
    if ends is None:
        why = f"the shape is {fitted.xi:.2f}, where the theory of the interval fails"
        return Level(period, "likelihood", value, None, None, why)
    why = "" if ends[1] is not None else "no level is too high for this record"
    return Level(period, "likelihood", value, ends[0], ends[1], why)


def _errors(fits: Floats, truth: Floats, period: float) -> Floats:
    """How far each simulated level is from the true one, in units of its own spread."""
    apart = moments.levels(fits, period) - moments.levels(truth, period)
    return np.asarray(apart / _unit(fits, period))


def _unit(fits: Floats, period: float) -> Floats:
    """σ times the standardised level, or σ where that is near zero; (..., 3) to (...)."""
    standard = np.stack([np.zeros_like(fits[..., 0]), np.ones_like(fits[..., 1]), fits[..., 2]], -1)
    height = np.abs(moments.levels(standard, period))
    return np.asarray(fits[..., 1] * np.maximum(height, 1.0))
