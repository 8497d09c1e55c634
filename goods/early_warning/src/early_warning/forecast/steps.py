"""Forecasts as step functions: isotonic fits, ensembles and climatology are all of this kind.

CRPS and probabilities are then exact: sums over the steps, no sampling and no grid.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Floats", "Steps", "brier", "crps", "exceedance", "members_as_steps", "quantiles"]

Floats = NDArray[np.float64]
ROWS_AT_ONCE = 512
"""Forecasts that are worked on together: bounds the memory."""
ROUNDING = 1e-9


@dataclass(frozen=True)
class Steps:
    """Distribution functions of n forecasts, each rising in steps at k points.

    Attributes:
        points: Where they rise, not falling along the last axis; shape (k,) or (n, k).
        chances: P(Y ≤ point), from the first to the last point, which has 1; shape (n, k) or (1, k)
            where all are alike.
    """

    points: Floats
    chances: Floats

    def __len__(self) -> int:
        return max(len(self.chances), len(self.points) if self.points.ndim == 2 else 1)

    def rows(self, which: slice | NDArray[np.intp] | NDArray[np.bool_]) -> Steps:
        """Some of the forecasts."""
        points = self.points[which] if self.points.ndim == 2 else self.points
        alike = len(self.chances) == 1 and len(self) > 1
        return Steps(points, self.chances if alike else self.chances[which])


def members_as_steps(members: ArrayLike) -> Steps:
    """The raw ensemble as it is: each member has the same chance.

    Args:
        members: Shape (n, members).
    """
    x = np.sort(np.asarray(members, float), axis=1)
    size = x.shape[1]
    return Steps(x, np.arange(1, size + 1)[None, :] / size)


def crps(forecast: Steps, observed: ArrayLike) -> Floats:
    """Continuous ranked probability score ∫ (F(z) − 1{y ≤ z})² dz of each forecast, exact.

    Args:
        forecast: n forecasts.
        observed: What happened; shape (n,).

    Returns:
        Shape (n,), in the unit of the record; the smaller the better.

    Raises:
        ValueError: There are not n observations.
    """
    y = np.asarray(observed, float)[:, None]
    if len(forecast) != len(y):
        raise ValueError("there is not one forecast for each observation")
    scores = np.empty(len(y))
    for start in range(0, len(y), ROWS_AT_ONCE):
        part = slice(start, start + ROWS_AT_ONCE)
        some = forecast.rows(part)
        seen, points, chances = y[part], some.points, some.chances[:, :-1]
        width = np.diff(points, axis=-1)
        below = np.clip(seen - points[..., :-1], 0, width)
        inside = chances**2 * below + (1 - chances) ** 2 * (width - below)
        outside = np.maximum(points[..., :1] - seen, 0) + np.maximum(seen - points[..., -1:], 0)
        scores[part] = inside.sum(axis=1) + outside[:, 0]
    return scores


def exceedance(forecast: Steps, threshold: float) -> Floats:
    """P(Y > threshold) of each forecast; shape (n,)."""
    if forecast.points.ndim == 1:
        place = int(np.searchsorted(forecast.points, threshold, side="right"))
        below = forecast.chances[:, place - 1] if place else np.zeros(len(forecast.chances))
        return np.broadcast_to(1 - below, (len(forecast),)).copy()
    places = (forecast.points <= threshold).sum(axis=1)
    padded = np.concatenate([np.zeros((len(forecast.chances), 1)), forecast.chances], axis=1)
    rows = np.arange(len(places)) if len(padded) > 1 else np.zeros(len(places), int)
    return np.asarray(1 - padded[rows, places])


def quantiles(forecast: Steps, probabilities: ArrayLike) -> Floats:
    """The smallest points whose chance reaches each probability; shape (n, probabilities)."""
    wanted = np.asarray(probabilities, float)
    size = len(forecast)
    found = np.empty((size, len(wanted)))
    chances = np.broadcast_to(forecast.chances, (size, forecast.chances.shape[1]))
    points = np.broadcast_to(forecast.points, chances.shape)
    for row in range(size):
        places = np.searchsorted(chances[row], wanted - ROUNDING)
        found[row] = points[row, np.minimum(places, points.shape[1] - 1)]
    return found


def brier(probability: ArrayLike, happened: ArrayLike) -> Floats:
    """Squared distance of a probability from what happened, 1 or 0; any shape."""
    return np.asarray((np.asarray(probability, float) - np.asarray(happened, float)) ** 2)
