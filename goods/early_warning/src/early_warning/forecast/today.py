"""The odds of one day: every probability that is known, and the one that counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from comity.errors import InputError
from early_warning.forecast import isotonic
from early_warning.forecast.climatology import climatology
from early_warning.forecast.gate import Odds, Verdict, odds
from early_warning.forecast.pairs import Pairs
from early_warning.forecast.steps import exceedance

__all__ = ["Trained", "odds_of_day", "train"]


@dataclass(frozen=True)
class Trained:
    """What a district and lead learnt from its record.

    Attributes:
        pairs: The record.
        fitted: Isotonic regression; None where the record is too short for it.
    """

    pairs: Pairs
    fitted: isotonic.Fitted | None


def train(pairs: Pairs) -> Trained:
    """Learn from the whole record, as operations do once skill has been judged on its parts.

    Raises:
        InputError: the record has too many distinct values (`isotonic.MAX_CELLS`).
    """
    enough = len(pairs.days) >= isotonic.LEAST_PAIRS
    means = pairs.members.mean(axis=1)
    return Trained(pairs, isotonic.fit(means, pairs.observed) if enough else None)


def odds_of_day(
    trained: Trained, day: str, members: ArrayLike, threshold: float, verdicts: Sequence[Verdict]
) -> Odds:
    """The odds that a threshold is passed.

    Args:
        trained: Of the district and lead.
        day: The day that is forecast, as 2026-11-21.
        members: All runs of the ensemble for this day; shape (members,).
        threshold: That of the alert, in the unit of the record.
        verdicts: Those of this district, lead and threshold.

    Raises:
        InputError: a run is missing, or there are others than those trained on.
    """
    runs = np.asarray(members, float)
    wanted = trained.pairs.members.shape[1]
    if runs.shape != (wanted,) or not np.isfinite(runs).all():
        raise InputError(
            f"the forecast was trained on {wanted} runs, and of this day there are "
            f"{int(np.isfinite(runs).sum())}",
            hint="Wait for the others, or train again on those that remain.",
        )
    for one in verdicts:
        if one.case.threshold != threshold:
            raise ValueError("skill was judged at another threshold")
    learnt = None
    if trained.fitted is not None:
        learnt = trained.fitted.exceedance([runs.mean()], threshold)
    return odds(
        float((runs > threshold).mean()),
        None if learnt is None else float(learnt[0]),
        _seasonal(trained.pairs, day, threshold),
        verdicts,
    )


def _seasonal(pairs: Pairs, day: str, threshold: float) -> float | None:
    """What the season says; None beyond its largest value, and in a season without a record."""
    if threshold >= pairs.observed.max():
        return None
    try:
        steps = climatology(pairs.days, pairs.observed, np.array([day], "datetime64[D]"))
    except InputError:
        return None
    return float(exceedance(steps, threshold)[0])
