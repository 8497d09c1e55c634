"""The generalised extreme value distribution, in the signs of Coles (2001): ξ > 0 is a heavy tail.

    F(z) = exp(−(1 + ξ (z − μ) / σ)^(−1/ξ)),   and exp(−exp(−(z − μ) / σ)) for ξ = 0

scipy's `genextreme` and Hosking write the shape as k = −ξ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["GUMBEL", "Floats", "Gev", "log_likelihood", "reduced"]

Floats = NDArray[np.float64]

GUMBEL = 1e-7
"""Shapes nearer to 0 than this are taken as 0: the difference is below rounding."""


@dataclass(frozen=True, slots=True)
class Gev:
    """A fitted distribution of the maximum of one block.

    Attributes:
        mu: Location μ, in the unit of the record.
        sigma: Scale σ > 0, in the unit of the record.
        xi: Shape ξ.
    """

    mu: float
    sigma: float
    xi: float

    def level(self, period: float) -> float:
        """The level that the maximum of a block passes once in `period` blocks, `period` > 1."""
        return self.mu + self.sigma * reduced(period, self.xi)


def reduced(period: float, xi: float) -> float:
    """The return level of the distribution with μ = 0 and σ = 1 (Coles 2001, equation 3.4)."""
    wait = -math.log1p(-1 / period)
    if abs(xi) < GUMBEL:
        return -math.log(wait)
    return math.expm1(-xi * math.log(wait)) / xi


def log_likelihood(x: Floats, mu: float, sigma: float, xi: float) -> float:
    """Of independent block maxima; minus infinity where they cannot come from it.

    Args:
        x: The maxima; shape (blocks,).
        mu: Location.
        sigma: Scale.
        xi: Shape.
    """
    if sigma <= 0:
        return -math.inf
    z = (x - mu) / sigma
    if abs(xi) < GUMBEL:
        with np.errstate(over="ignore"):
            return float(-len(x) * math.log(sigma) - z.sum() - np.exp(-z).sum())
    inside = 1 + xi * z
    if inside.min() <= 0:
        return -math.inf
    logs = np.log(inside)
    with np.errstate(over="ignore"):
        tail = np.exp(-logs / xi).sum()
    return float(-len(x) * math.log(sigma) - (1 + 1 / xi) * logs.sum() - tail)
