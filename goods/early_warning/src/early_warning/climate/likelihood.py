"""The GEV by maximum likelihood, with intervals by profile likelihood (Coles 2001, chapter 3).

The profile of a return level is the highest log-likelihood among all distributions that have this
level. Its interval holds all levels whose profile lies within half a χ² quantile of the maximum.
It leans towards high levels, as what is known about them does; estimate ± standard error does not.

1. The likelihood has no maximum where the shape is at −1 or below: there is no estimate.
2. Below −1/2 the usual theory fails (Smith, Biometrika 72, 1985): there is no interval.
3. Where no level within `FARTHEST` standard deviations is too high for the record, there is no
   upper end.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy.optimize import minimize
from scipy.stats import chi2

from early_warning.climate import moments
from early_warning.climate.gev import Floats, Gev, log_likelihood, reduced

__all__ = ["LARGEST_SHAPE", "SMALLEST_SHAPE", "fit", "profile_interval"]

SMALLEST_SHAPE, LARGEST_SHAPE = -1.0, 3.0
REGULAR = -0.5
IMPOSSIBLE = 1e12
FARTHEST = 1e3
"""How far an upper end is looked for, in standard deviations of the record."""
_EXACT = {"xatol": 1e-8, "fatol": 1e-9, "maxiter": 4_000, "maxfev": 4_000}


def fit(maxima: Floats) -> Gev | None:
    """The distribution under which the maxima are likeliest; None by rule 1.

    Args:
        maxima: Of independent blocks; shape (blocks,), not all equal.
    """
    centre, spread = float(maxima.mean()), float(maxima.std())
    x = (maxima - centre) / spread
    best = None
    for start in _starts(x):
        found = minimize(
            lambda p: _loss(x, p[0], p[1], p[2]), start, method="Nelder-Mead", options=_EXACT
        )
        if best is None or found.fun < best.fun:
            best = found
    assert best is not None
    mu, log_sigma, xi = (float(one) for one in best.x)
    if not SMALLEST_SHAPE + 1e-3 < xi < LARGEST_SHAPE - 1e-3 or best.fun >= IMPOSSIBLE:
        return None
    return Gev(centre + spread * mu, spread * math.exp(log_sigma), xi)


def profile_interval(
    maxima: Floats, fitted: Gev, period: float, level: float = 0.95
) -> tuple[float, float | None] | None:
    """The ends of the interval of a return level; None by rule 2, no upper end by rule 3.

    Args:
        maxima: As for `fit`.
        fitted: What `fit` gave.
        period: Return period in blocks, above 1.
        level: Confidence level of the two-sided interval.
    """
    if fitted.xi <= REGULAR:
        return None
    spread = float(maxima.std())
    estimate = fitted.level(period)
    x = (maxima - estimate) / spread
    highest = log_likelihood(
        x, (fitted.mu - estimate) / spread, fitted.sigma / spread, fitted.xi
    )  # fmt: skip
    allowed = float(chi2.ppf(level, 1)) / 2
    ends = []
    for sign in (-1.0, 1.0):
        start = np.array([math.log(fitted.sigma / spread), fitted.xi])
        excess = _profile(x, period, highest - allowed, start)
        ends.append(_crossing(excess, sign))
    low, high = ends
    if low is None:
        return None
    return estimate + spread * low, None if high is None else estimate + spread * high


def _profile(x: Floats, period: float, line: float, start: Floats) -> Callable[[float], float]:
    """How far the profile of a level lies above the line; each search starts at the last one.

    For every level and shape all maxima are possible from some scale on, so the search is over the
    logarithm of what the scale has more than that: it can nowhere get lost among the impossible.
    """
    least = _least_scale(x, period, 0.0, start[1])
    at = np.array([math.log(max(math.exp(start[0]) - least, 1e-3)), start[1]])

    def excess(level: float) -> float:
        def loss(p: Floats) -> float:
            if not (SMALLEST_SHAPE < p[1] < LARGEST_SHAPE and -20 < p[0] < 20):
                return IMPOSSIBLE
            sigma = _least_scale(x, period, level, p[1]) + math.exp(p[0])
            mu = level - sigma * reduced(period, p[1])
            return min(-log_likelihood(x, mu, sigma, p[1]), IMPOSSIBLE)

        found = minimize(
            loss, at, method="Nelder-Mead", options={"xatol": 1e-5, "fatol": 1e-7, "maxiter": 2_000}
        )
        if found.fun < IMPOSSIBLE:
            at[:] = found.x
        return float(-found.fun - line)

    return excess


def _least_scale(x: Floats, period: float, level: float, xi: float) -> float:
    """Above this scale no value of x is impossible, given the level and the shape."""
    height = 1 + xi * reduced(period, xi)
    return max(0.0, xi * (level - float(x.min())) / height, xi * (level - float(x.max())) / height)


def _crossing(excess: Callable[[float], float], sign: float) -> float | None:
    """Where the profile falls below the line: growing steps from the estimate, then halves."""
    above, below = 0.0, 0.1
    while excess(sign * below) >= 0:
        above, below = below, below * 1.5
        if below > FARTHEST:
            return None
    while below - above > 1e-4 * max(below, 1):
        middle = (above + below) / 2
        above, below = (middle, below) if excess(sign * middle) >= 0 else (above, middle)
    return sign * (above + below) / 2


def _loss(x: Floats, mu: float, log_sigma: float, xi: float) -> float:
    """Minus the log-likelihood; `IMPOSSIBLE`, a number, because the search subtracts losses."""
    if not (SMALLEST_SHAPE < xi < LARGEST_SHAPE and -20 < log_sigma < 20):
        return IMPOSSIBLE
    return min(-log_likelihood(x, mu, math.exp(log_sigma), xi), IMPOSSIBLE)


def _starts(x: Floats) -> list[Floats]:
    """The fit by L-moments where it is possible for these maxima, and a Gumbel distribution."""
    mu, sigma, xi = (float(one) for one in moments.fit(x))
    gumbel = math.sqrt(6) / math.pi
    starts = [np.array([-0.5772 * gumbel, math.log(gumbel), 0.05])]
    first = np.array([mu, math.log(sigma), xi])
    if _loss(x, *first) < IMPOSSIBLE:
        starts.insert(0, first)
    return starts
