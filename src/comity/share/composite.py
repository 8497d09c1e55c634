"""What a ranking by several indicators would be worth: which pairs hold, and how far places move.

There is no ranking by default. Whoever asks for a composite gets two answers, and never a place:

1. *Dominance*: a country is never behind another if each of its lower limits is at least the
   other's upper one. Such a pair holds under all weights, all scales and all values within limits.
2. *Intervals of places*: the places that the middle 90 % of many draws give. One draw takes, at
   random, weights (uniform over all that add up to one), a scale (from lowest to highest, or by
   place), a mean (arithmetic or geometric), and values within the limits: what is censored between
   zero and what its source can see, what is unknown between the lowest and the highest anywhere.
3. A country with figures for fewer than two thirds of the indicators has no interval: it is listed
   as having too little data. Nothing is guessed for it, and others are not placed against it.

After the advice of the OECD and JRC Handbook on Constructing Composite Indicators (2008) to show
what choices do to places, and of R. Brüggemann and G. P. Patil, Ranking and Prioritization for
Multi-indicator Systems (2011), to read the partial order first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from comity.errors import InputError

__all__ = ["DRAWS", "Between", "Composite", "Places", "composite"]

Floats = NDArray[np.float64]
Between = tuple[float, float]
"""The lower and the upper limit of a value; more is better."""
DRAWS = 2_000
SEED = 20_261_122


@dataclass(frozen=True)
class Places:
    """Between which places a country stands in the middle 90 % of all draws; 1 is first."""

    country: str
    low: int
    high: int


@dataclass(frozen=True, kw_only=True)
class Composite:
    """What several indicators say about the order of countries.

    Attributes:
        never_behind: Pairs, the first of which is never behind the second, where the converse does
            not hold too.
        pairs: How many pairs there are.
        places: By the countries' codes, not by place.
        too_little: Countries with figures for fewer than two thirds of the indicators.
    """

    never_behind: tuple[tuple[str, str], ...]
    pairs: int
    places: tuple[Places, ...]
    too_little: tuple[str, ...]


def composite(known: Mapping[str, Sequence[Between | None]]) -> Composite:
    """What the limits of several indicators allow.

    Args:
        known: For each country the limits of each indicator, in one order; None: unknown.

    Raises:
        InputError: there are fewer than two indicators, or fewer than two countries with enough.
    """
    sizes = {len(row) for row in known.values()}
    if sizes - {0, 1} != sizes or len(sizes) != 1:
        raise InputError("a composite needs two indicators or more")
    (size,) = sizes
    enough = sorted(
        code for code, row in known.items() if 3 * sum(one is not None for one in row) >= 2 * size
    )
    if len(enough) < 2:
        raise InputError(
            f"{len(enough)} countries have figures for two thirds of the indicators; it takes two"
        )
    low, high = _limits([known[code] for code in enough])
    return Composite(
        never_behind=tuple(
            (enough[one], enough[other])
            for one in range(len(enough))
            for other in range(len(enough))
            if one != other
            and (low[one] >= high[other]).all()
            and not (low[other] >= high[one]).all()
        ),
        pairs=len(enough) * (len(enough) - 1) // 2,
        places=_places(enough, low, high),
        too_little=tuple(sorted(set(known) - set(enough))),
    )


def _limits(rows: Sequence[Sequence[Between | None]]) -> tuple[Floats, Floats]:
    """Limits as two tables; what is unknown reaches from the lowest to the highest anywhere."""
    low = np.array([[np.nan if one is None else one[0] for one in row] for row in rows])
    high = np.array([[np.nan if one is None else one[1] for one in row] for row in rows])
    for column in range(low.shape[1]):
        unknown = np.isnan(low[:, column])
        if unknown.all():
            raise InputError("an indicator has no figure of any country that has enough others")
        low[unknown, column] = np.nanmin(low[:, column])
        high[unknown, column] = np.nanmax(high[:, column])
    return low, high


def _places(codes: Sequence[str], low: Floats, high: Floats) -> tuple[Places, ...]:
    draw = np.random.default_rng(SEED)
    found = np.empty((DRAWS, len(codes)))
    for row in found:
        values = low + draw.random(low.shape) * (high - low)
        scaled = _by_place(values) if draw.random() < 0.5 else _by_range(values)
        weights = draw.dirichlet(np.ones(low.shape[1]))
        if draw.random() < 0.5:
            score = scaled @ weights
        else:  # a hundredth keeps one zero from hiding all else
            score = np.exp(np.log(0.01 + 0.99 * scaled) @ weights)
        row[:] = _place(np.round(score, 12))
    first = np.quantile(found, 0.05, axis=0, method="lower")
    last = np.quantile(found, 0.95, axis=0, method="higher")
    return tuple(
        Places(code, int(one), int(other))
        for code, one, other in zip(codes, first, last, strict=True)
    )


def _by_range(values: Floats) -> Floats:
    least, span = values.min(axis=0), np.ptp(values, axis=0)
    scaled: Floats = np.divide(values - least, span, out=np.zeros_like(values), where=span > 0)
    return scaled


def _by_place(values: Floats) -> Floats:
    """The share of the countries that stand lower; equals stand alike."""
    columns = [np.searchsorted(np.sort(one), one, side="left") for one in values.T]
    shares: Floats = np.stack(columns, axis=1) / (len(values) - 1)
    return shares


def _place(score: Floats) -> Floats:
    """Places from 1; equals share the best of theirs."""
    return 1 + np.searchsorted(np.sort(-score), -score, side="left").astype(float)
