"""How unequally something is spread over people, as intervals: what is missing is never a zero.

Each country has a value per head between two limits: equal where it was measured, zero and the
detection limit where nothing was seen, zero and the highest measured value where nobody looked.
An interval here holds every number that values within those limits allow; it says nothing about
chance.

- The least unequal values with a given total are all cut to one common height, where the limits
  let them (they are majorised by all others with that total). Of these the best height is sought.
- The most unequal ones are bounded from outside: no p of the people can hold a smaller share than
  if all of them had their lower limits and all others their upper ones; the people are chosen to
  make that share smallest (a fractional programme, by Dinkelbach, Management Science 13, 1967).
  The largest convex curve below these shares is a Lorenz curve below every possible one, so its
  Gini and Theil indices are not exceeded. That bound may be too wide. It is drawn through some
  five hundred points and straight between them, which moves it by less than a thousandth.

Gini and Lorenz: C. Gini 1914, M. O. Lorenz 1905. Theil: H. Theil, Economics and Information Theory,
1967, with its exact split into parts between and within regions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Divide", "Limits", "Span", "TheilParts", "divide", "theil_parts"]

Floats = NDArray[np.float64]
STEPS = 500
"""Points of a Lorenz curve, besides those where one country ends and another begins."""


class Limits(NamedTuple):
    """Between which limits a country's value per head lies, and how many people live there."""

    low: float
    high: float
    people: int


class Span(NamedTuple):
    """From the smallest to the largest value that the limits allow."""

    low: float
    high: float


@dataclass(frozen=True)
class Divide:
    """How unequally something is spread over people.

    Attributes:
        gini: 0: all alike; near 1: one has all.
        theil: Theil's T, in nats; 0: all alike.
        top_tenth: Share of the tenth of the people who have most.
        bottom_four_tenths: Share of the four tenths who have least.
    """

    gini: Span
    theil: Span
    top_tenth: Span
    bottom_four_tenths: Span


class TheilParts(NamedTuple):
    """Theil's index of measured values, and its exact parts."""

    whole: float
    between: float
    within: float


def divide(countries: Sequence[Limits]) -> Divide:
    """The spread over all people of these countries.

    Raises:
        ValueError: nobody lives there, a limit is negative or the wrong way round, or nothing at
            all was measured, so that every value could be zero.
    """
    low, high, people = _arrays(countries)
    if not high.any():
        raise ValueError("nobody has anything, so there is nothing to spread")
    if not low.any():
        raise ValueError("nothing was measured above zero, so every share is possible")
    # Between two limits Gini and shares move in one direction with the height, so these suffice.
    edges = np.unique(np.concatenate([low, high]))
    least = [_shape(np.clip(height, low, high), people) for height in edges[edges > 0]]
    most = _outer(low, high, people)
    return Divide(
        gini=Span(min(one.gini for one in least), _gini(*most)),
        theil=Span(_least_theil(low, high, people), _theil(*most)),
        top_tenth=Span(min(one.top for one in least), 1 - _least_share(low, high, people, 0.9)),
        bottom_four_tenths=Span(
            _least_share(low, high, people, 0.4), max(one.bottom for one in least)
        ),
    )


def theil_parts(
    values: Sequence[float], people: Sequence[int], groups: Sequence[str]
) -> TheilParts:
    """Theil's index of measured values per head, split between and within groups.

    Args:
        values: Value per head of each country.
        people: How many live there.
        groups: The group of each.

    Raises:
        ValueError: nobody has anything.
    """
    x, w = np.asarray(values, float), np.asarray(people, float)
    if not (x * w).sum() > 0:
        raise ValueError("nobody has anything, so there is nothing to spread")
    mean = (x * w).sum() / w.sum()
    between = within = 0.0
    for group in set(groups):
        here = np.array([one == group for one in groups])
        share_of_people = w[here].sum() / w.sum()
        total = (x[here] * w[here]).sum()
        if total == 0:
            continue
        ratio = total / w[here].sum() / mean
        between += share_of_people * ratio * np.log(ratio)
        within += share_of_people * ratio * _theil_of(x[here], w[here])
    return TheilParts(between + within, between, within)


def _arrays(countries: Sequence[Limits]) -> tuple[Floats, Floats, Floats]:
    low = np.array([one.low for one in countries], float)
    high = np.array([one.high for one in countries], float)
    people = np.array([one.people for one in countries], float)
    if not people.sum() > 0 or (people < 0).any():
        raise ValueError("somebody must live in these countries")
    if not ((low >= 0) & (low <= high) & np.isfinite(high)).all():
        raise ValueError("limits must be finite, not negative, and in order")
    here = people > 0
    return low[here], high[here], people[here]


def _least_theil(low: Floats, high: Floats, people: Floats) -> float:
    """Theil's index falls with the common height h while ln(h / mean) < index, and then rises.

    The index T changes with the value of those at the height as ln(h / mean) − T; where that is
    zero it grows with h, so there is one lowest place, found by halving.
    """
    below, above = float(high[high > 0].min()), float(high.max())
    for _ in range(100):
        height = (below + above) / 2
        values = np.clip(height, low, high)
        mean = (values * people).sum() / people.sum()
        if np.log(height / mean) < _theil_of(values, people):
            below = height
        else:
            above = height
    return _theil_of(np.clip((below + above) / 2, low, high), people)


class _Shape(NamedTuple):
    gini: float
    theil: float
    top: float
    bottom: float


def _shape(values: Floats, people: Floats) -> _Shape:
    order = np.argsort(values, kind="stable")
    x, w = values[order], people[order]
    where = np.concatenate([[0], np.cumsum(w) / w.sum()])
    share = np.concatenate([[0], np.cumsum(x * w) / (x * w).sum()])
    curve = (where, share)
    return _Shape(_gini(*curve), _theil_of(x, w), 1 - _at(curve, 0.9), _at(curve, 0.4))


def _theil_of(values: Floats, people: Floats) -> float:
    mean = (values * people).sum() / people.sum()
    ratio = values / mean
    logs = np.log(ratio, out=np.zeros_like(ratio), where=ratio > 0)
    return float((people * ratio * logs).sum() / people.sum())


def _outer(low: Floats, high: Floats, people: Floats) -> tuple[Floats, Floats]:
    """A Lorenz curve below every possible one, by its points."""
    ends = [np.linspace(0, 1, STEPS + 1), people / people.sum(), 1 - people / people.sum()]
    for key in (low, high, low + high):
        ends.append(np.cumsum(people[np.argsort(key, kind="stable")]) / people.sum())
    where = np.unique(np.clip(np.concatenate(ends), 0, 1))
    share = np.array([_least_share(low, high, people, part) for part in where])
    return _convex(where, share)


def _least_share(low: Floats, high: Floats, people: Floats, part: float) -> float:
    """The smallest share that `part` of the people can hold."""
    if part <= 0:
        return 0.0
    if part >= 1:
        return 1.0
    wanted, share = part * people.sum(), 1.0
    while True:
        order = np.argsort((1 - share) * low + share * high, kind="stable")
        inside = np.clip(wanted - np.concatenate([[0], np.cumsum(people[order])[:-1]]), 0, None)
        inside = np.minimum(inside, people[order])
        mine = float((inside * low[order]).sum())
        others = float(((people[order] - inside) * high[order]).sum())
        found = mine / (mine + others) if mine + others > 0 else 0.0
        if found >= share - 1e-15:
            return min(found, share)
        share = found


def _convex(where: Floats, share: Floats) -> tuple[Floats, Floats]:
    """The largest convex curve below a curve (Andrew's monotone chain, lower hull)."""
    hull: list[tuple[float, float]] = []
    for x, y in zip(where.tolist(), share.tolist(), strict=True):
        while len(hull) > 1:
            (x1, y1), (x2, y2) = hull[-2:]
            if (x2 - x1) * (y - y1) > (y2 - y1) * (x - x1):
                break
            hull.pop()
        hull.append((x, y))
    return np.array([x for x, _ in hull]), np.array([y for _, y in hull])


def _at(curve: tuple[Floats, Floats], part: float) -> float:
    return float(np.interp(part, *curve))


def _gini(where: Floats, share: Floats) -> float:
    return float(1 - (np.diff(where) * (share[1:] + share[:-1])).sum())


def _theil(where: Floats, share: Floats) -> float:
    """Theil's index of a curve: its slopes are values relative to the mean."""
    width = np.diff(where)
    slope = np.diff(share) / width
    logs = np.log(slope, out=np.zeros_like(slope), where=slope > 0)
    return float((width * slope * logs).sum())
