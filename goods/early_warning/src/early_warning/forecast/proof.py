"""Is a forecast better than climatology? Paired losses on days that it was not trained on.

1. *Folds.* The record is cut into `FOLDS` runs of days. Each is forecast by what was learnt from
   the others, without the `GAP` days before and after it: weather outlasts midnight.
2. *The loss* is the Brier score at the threshold of the alert, not the mean over all weather: a
   forecast may be good at drizzle and useless at floods. Without a threshold it is the CRPS.
3. *The baselines.* Skill is shown over climatology of the season and over climatology of the whole
   year: the harder one counts. Of a short record a season holds few days; where there are no
   seasons, a forecast that only learnt how often it rains beats what so few days say: against the
   season alone, three in ten such forecasts passed at 5 % by the CRPS of two years.
4. *The test.* Two intervals, each with half of the error, and what both leave. The first is
   `comity.statistics.block_skill`: losses are summed over at most 256 short blocks in time, which
   are joined to long ones whose sums are nearly independent; the interval is widened for what
   memory is left. The second compares whole years (`years`), so that a rainy season is not taken
   for memory; a record without years enough has the first alone, with the whole error. The p-value
   is the smallest one-sided level at which the lower end stays above zero, so test and interval
   never contradict each other.
5. *No interval, no proof.* Where the record is too short for its memory, or a few events decide the
   score, p is 1 and the reason is kept. It is not evidence that there is no skill.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from comity.statistics import Bounds, block_skill
from early_warning.climate.columns import Days
from early_warning.forecast import isotonic
from early_warning.forecast.climatology import climatology
from early_warning.forecast.pairs import Pairs
from early_warning.forecast.steps import (
    Floats,
    Steps,
    brier,
    crps,
    exceedance,
    members_as_steps,
)
from early_warning.forecast.years import LEAST_YEARS, YEAR, skill_of_years

__all__ = ["BASELINES", "FOLDS", "GAP", "Losses", "Proof", "cross_validated", "losses_of", "prove"]

BASELINES = ("climatology", "year")
"""What a forecast has to beat. Rule 3."""

FOLDS = 10
GAP = 5
BLOCKS = 256
LEVEL = 0.9
METHOD = "fieller_blocks_and_years_bonferroni"
SPAN = math.floor(LEAST_YEARS * YEAR) - 1
"""Days between the first and the last of the shortest record that may hold enough years."""

SMALLEST = 1e-9
"""Smaller p-values are not told apart."""


@dataclass(frozen=True)
class Losses:
    """Losses of each method on the same days.

    Attributes:
        days: In order; shape (n,).
        of: Method to its loss on each day; shape (n,).
        events: On how many of the days the threshold was passed; None for the CRPS.
    """

    days: Days
    of: Mapping[str, Floats]
    events: int | None


@dataclass(frozen=True)
class Proof:
    """The test of one method against a baseline.

    Attributes:
        skill: 1 − loss / loss of the baseline, with the two-sided interval of level 0.9.
        p: One-sided p-value against "no skill", at least `SMALLEST`; 1 without an interval.
        untested: Why no test could be made; empty where one was.
    """

    skill: Bounds
    p: float
    untested: str = ""


def cross_validated(pairs: Pairs) -> Mapping[str, Steps]:
    """Forecasts of every day by each method, from days that it was not trained on. Rule 1.

    Raises:
        InputError: the record is too short to train on nine tenths of it.
    """
    size = len(pairs.days)
    starts = [size * fold // FOLDS for fold in range(FOLDS + 1)]
    means = pairs.members.mean(axis=1)
    isotone, seasonal, yearly = [], [], []
    for start, stop in pairwise(starts):
        first = pairs.days[start] - np.timedelta64(GAP, "D")
        last = pairs.days[stop - 1] + np.timedelta64(GAP, "D")
        train = (pairs.days < first) | (pairs.days > last)
        learnt = isotonic.fit(means[train], pairs.observed[train])
        isotone.append(learnt.predict(means[start:stop]))
        seasonal.append(
            climatology(pairs.days[train], pairs.observed[train], pairs.days[start:stop])
        )
        yearly.append(_of_all(pairs.observed[train], stop - start))
    return {
        "isotonic": _joined(isotone),
        "raw": members_as_steps(pairs.members),
        "climatology": _joined(seasonal),
        "year": _joined(yearly),
    }


def _of_all(observed: Floats, days: int) -> Steps:
    """Each of the training days has the same chance; the same forecast for so many days."""
    points, counts = np.unique(observed, return_counts=True)
    return Steps(points, np.repeat((np.cumsum(counts) / len(observed))[None], days, axis=0))


def losses_of(forecasts: Mapping[str, Steps], pairs: Pairs, threshold: float | None) -> Losses:
    """Losses of forecasts of the days in `pairs`. Rule 2.

    Args:
        forecasts: Method to forecasts, one for each day.
        pairs: What happened.
        threshold: That of the alert, in the unit of the record; None for the CRPS.
    """
    if threshold is None:
        scores = {name: crps(steps, pairs.observed) for name, steps in forecasts.items()}
        return Losses(pairs.days, scores, None)
    happened = pairs.observed > threshold
    scores = {
        name: brier(exceedance(steps, threshold), happened) for name, steps in forecasts.items()
    }
    return Losses(pairs.days, scores, int(happened.sum()))


def prove(losses: ArrayLike, baseline: ArrayLike, days: Days) -> Proof:
    """Test that the losses are smaller than those of the baseline. Rules 4 and 5.

    Args:
        losses: Of each day; shape (n,).
        baseline: Those of a baseline on the same days.
        days: Each once, in order.
    """
    loss, base = np.asarray(losses, float), np.asarray(baseline, float)
    blocks = min(len(loss), BLOCKS)
    starts = -(-np.arange(blocks) * len(loss) // max(blocks, 1))
    rows = np.diff(starts, append=len(loss))
    losses_in, baseline_in = np.add.reduceat(loss, starts), np.add.reduceat(base, starts)

    by_years = len(days) > 0 and days[-1] - days[0] >= np.timedelta64(SPAN, "D")

    def bounds(error: float) -> Bounds:
        if not by_years:
            return block_skill(losses_in, baseline_in, rows, level=1 - 2 * error)
        blocks = block_skill(losses_in, baseline_in, rows, level=1 - error)
        if blocks.estimate is None:
            return blocks
        found = [(blocks.low, blocks.high), skill_of_years(loss, base, days, error / 2)]
        lows = [one[0] for one in found if one is not None and one[0] is not None]
        highs = [one[1] for one in found if one is not None and one[1] is not None]
        if not lows:
            return Bounds(blocks.estimate, None, None, METHOD)
        low, high = min(max(lows), blocks.estimate), max(min(highs), blocks.estimate)
        return Bounds(blocks.estimate, low, high, METHOD)

    return Proof(bounds((1 - LEVEL) / 2), _least(lambda error: (bounds(error).low or 0) > 0))


def _least(rejects: Callable[[float], bool]) -> float:
    """The smallest one-sided error at which the test rejects; 1 where it never does."""
    low, high = SMALLEST, 0.499
    if not rejects(high):
        return 1.0
    if rejects(low):
        return low
    while high / low > 1.001:
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if rejects(middle) else (middle, high)
    return high


def _joined(parts: list[Steps]) -> Steps:
    """One set of forecasts from those of the folds, on the points of all of them."""
    points = np.unique(np.concatenate([one.points for one in parts]))
    rows = []
    for one in parts:
        places = np.searchsorted(one.points, points, side="right")
        padded = np.concatenate([np.zeros((len(one.chances), 1)), one.chances], axis=1)
        rows.append(padded[:, places])
    return Steps(points, np.concatenate(rows))
