"""A finding: what a battery says about one measure on one slice, before it becomes a claim.

Batteries are pure: they know neither the population nor the digest of the data. The runner adds
these and turns findings into claims.
"""

from __future__ import annotations

from dataclasses import dataclass

from comity.claims import Cell, Counts, Interval, Judge, Reason, decimal_text, round_down, round_up
from comity.claims.values import Labels
from comity.statistics import Bounds, clopper_pearson

__all__ = ["NOTHING", "Finding", "Subject", "absent", "counts", "estimated", "exact", "rate"]

LEVEL = 0.95
"""Confidence level of every interval; two-sided."""
NOTHING = Counts(planned=0, scored=0, successes=None, invalid=0, errored=0)
"""Counts of what was not measured."""


@dataclass(frozen=True)
class Subject:
    """What a finding is about.

    Attributes:
        measure: Id of the measure.
        parameters: Parameters of the procedure: the same in every laboratory.
        slice: Which part of the data; empty for all of it.
        prompts: Digest of what was asked, which is then also the data; None for a table.
        scorer: Who said what an answer means, with its version; empty where the formula does.
    """

    measure: str
    parameters: Labels
    slice: Labels
    prompts: str | None = None
    scorer: str = ""


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One claim to be; the fields are those of `comity.claims.Claim`."""

    subject: Subject
    estimate: str | None
    interval: Interval | None
    reason: Reason | None
    detail: str
    counts: Counts
    cells: tuple[Cell, ...] = ()
    judge: Judge | None = None


def counts(scored: int, invalid: int, successes: int | None = None) -> Counts:
    """Counts of a table: planned are the rows that gave a result and those that gave none."""
    return Counts(
        planned=scored + invalid, scored=scored, successes=successes, invalid=invalid, errored=0
    )


def absent(
    subject: Subject, reason: Reason, detail: str = "", numbers: Counts = NOTHING
) -> Finding:
    """Not measured, and why."""
    return Finding(
        subject=subject, estimate=None, interval=None, reason=reason, detail=detail, counts=numbers
    )


def exact(
    subject: Subject,
    estimate: float,
    numbers: Counts,
    detail: str,
    reason: Reason = Reason.NO_INTERVAL_METHOD,
) -> Finding:
    """Measured, but without an interval; `reason` and `detail` say why there is none."""
    return Finding(
        subject=subject,
        estimate=decimal_text(estimate),
        interval=None,
        reason=reason,
        detail=detail,
        counts=numbers,
    )


def estimated(
    subject: Subject,
    bounds: Bounds,
    numbers: Counts,
    *,
    missing: Reason,
    detail: str = "",
    cells: tuple[Cell, ...] = (),
) -> Finding:
    """Measured, with an interval; or, where the estimate does not exist, not measured.

    Args:
        subject: What it is about.
        bounds: Estimate and interval.
        numbers: What it was counted from.
        missing: The reason where there is no estimate.
        detail: That reason in words.
        cells: The groups compared.
    """
    if bounds.estimate is None:
        return absent(subject, missing, detail, numbers)
    if bounds.low is None or bounds.high is None:
        return exact(subject, bounds.estimate, numbers, "no method keeps its level here")
    return Finding(
        subject=subject,
        estimate=decimal_text(bounds.estimate),
        interval=Interval(
            low=round_down(bounds.low),
            high=round_up(bounds.high),
            level=decimal_text(LEVEL),
            sides="two",
            method=bounds.method,
        ),
        reason=None,
        detail="",
        counts=numbers,
        cells=cells,
    )


def rate(
    subject: Subject, successes: int, scored: int, invalid: int, *, missing: Reason
) -> Finding:
    """A rate with its Clopper–Pearson interval; `missing`: the reason where nothing was scored."""
    low, high = clopper_pearson(successes, scored, LEVEL)
    bounds = Bounds(
        estimate=successes / scored if scored else None,
        low=float(low),
        high=float(high),
        method="clopper_pearson",
    )
    return estimated(subject, bounds, counts(scored, invalid, successes), missing=missing)
