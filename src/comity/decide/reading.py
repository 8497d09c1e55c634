"""Read a claim against a mark: the value over planned items, and its one-sided 95 % bound.

The bound is recomputed from the counts that were signed, so that a laboratory's own interval
decides only where there are no counts. Four kinds of claim:

* a rate: Clopper–Pearson on planned items; items without a result count against the system;
* a gap or ratio between groups: `statistics.gap` and `statistics.ratio` on the signed cells, at the
  two-sided 95 % level (at least as strict as one-sided). Items without a result count against the
  best and the worst group at once: harsher than any way in which they can have fallen;
* an impact ratio carries its own group and the highest, while its interval looked at all groups:
  the worse of the claimed bound and the one recomputed from the two;
* anything else: the claim's own interval, if its level is at least 95 % on the side that decides.

Values and bounds are compared as decimals, rates as whole numbers; never as floating point.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from functools import lru_cache
from heapq import nlargest, nsmallest
from typing import NamedTuple

from comity import statistics
from comity.claims import CATALOGUE, Claim, decimal_text, round_down, round_up
from comity.claims.regime import Comparison, Mark
from comity.statistics.rates import exact_lower, exact_upper

__all__ = ["MAX_GROUPS", "Reading", "contradiction", "read"]

MAX_GROUPS = 500
"""Groups that one claim may compare: bounds look at every pair, and the claim comes from abroad."""

EXACT = Context(prec=100)
"""Room for a decimal of 64 characters times an integer of 16: such products are exact."""
TWELVE = Context(prec=12)
DOWN = Context(prec=12, rounding=ROUND_FLOOR)
UP = Context(prec=12, rounding=ROUND_CEILING)

Cells = tuple[tuple[int, int], ...]
"""Successes and trials of each group."""


class Reading(NamedTuple):
    """What a claim says about a mark.

    Attributes:
        value: The value compared with the mark.
        bound: Its one-sided 95 % bound, or None.
        method: How the bound was found: a method of `statistics`, or `claimed:` and its name.
        point_meets: Whether the value meets the mark.
        bound_meets: Whether there is a bound and it meets the mark.
        missing: Items without a result, counted against the system.
    """

    value: str
    bound: str | None
    method: str
    point_meets: bool
    bound_meets: bool
    missing: int


def read(claim: Claim, mark: Mark) -> Reading | None:
    """Read a measured claim against a mark.

    Returns:
        The reading, or None when items without a result can not be counted against the system.
    """
    missing = claim.counts.planned - claim.counts.scored
    if _is_rate(claim) and claim.judge is None:
        return _rate(claim, mark, missing)
    compared = _compared(claim)
    if compared in ("gap", "ratio"):
        return _groups(claim, mark, missing, compared)
    reading = _claimed(claim, mark, missing)
    if reading is None or reading.bound is None or compared != "impact":
        return reading
    _, low, high, _ = _groups_bounds(_cells(claim), compared, _own_cell(claim))
    if mark.comparison == "at_least":
        bound = min(reading.bound, low or "0", key=Decimal)
    else:
        bound = max(reading.bound, high or "1", key=Decimal)
    return reading._replace(bound=bound, bound_meets=_meets(bound, mark))


def _rate(claim: Claim, mark: Mark, missing: int) -> Reading | None:
    n, k = claim.counts.planned, claim.counts.successes or 0
    if n == 0:
        return None
    if mark.comparison == "at_most":
        k += missing
    needed = EXACT.multiply(Decimal(mark.value), n)
    bound = _rate_bound(k, n, mark.comparison)
    return Reading(
        value=_text(TWELVE.divide(k, n)),
        bound=bound,
        method="clopper_pearson",
        point_meets=k >= needed if mark.comparison == "at_least" else k <= needed,
        bound_meets=_meets(bound, mark),
        missing=missing,
    )


@lru_cache(maxsize=4096)
def _rate_bound(k: int, n: int, comparison: Comparison) -> str:
    # Straight to the limits: admission has checked the counts, and checking costs twice as much.
    if comparison == "at_least":
        return round_down(float(exact_lower(k, n, 0.05)))
    return round_up(float(exact_upper(k, n, 0.05)))


def _groups(claim: Claim, mark: Mark, missing: int, kind: str) -> Reading | None:
    cells = _cells(claim)
    if missing:
        if mark.comparison != ("at_most" if kind == "gap" else "at_least"):
            return None
        cells = _worst(cells, missing, kind)
    estimate, low, high, method = _groups_bounds(cells, kind, -1)
    if estimate is None:
        return None
    bound = low if mark.comparison == "at_least" else high
    return Reading(
        value=estimate,
        bound=bound,
        method=method,
        point_meets=_meets(estimate, mark),
        bound_meets=_meets(bound, mark),
        missing=missing,
    )


def _worst(cells: Cells, missing: int, kind: str) -> Cells:
    """Cells as if all missing items had failed in one group and, too, succeeded in another."""

    def least(i: int) -> float:
        return cells[i][0] / (cells[i][1] + missing)

    def most(i: int) -> float:
        return (cells[i][0] + missing) / (cells[i][1] + missing)

    def spread(low: int, high: int) -> float:
        return most(high) - least(low) if kind == "gap" else -least(low) / most(high)

    # The two ends are apart, so the two best candidates of each hold the worst pair of groups.
    groups = range(len(cells))
    lows, highs = nsmallest(2, groups, key=least), nlargest(2, groups, key=most)
    low, high = max(((i, j) for i in lows for j in highs if i != j), key=lambda p: spread(*p))
    return tuple(
        (k + missing * (i == high), n + missing * (i in (low, high)))
        for i, (k, n) in enumerate(cells)
    )


@lru_cache(maxsize=4096)
def _groups_bounds(
    cells: Cells, kind: str, own: int
) -> tuple[str | None, str | None, str | None, str]:
    successes, trials = [k for k, _ in cells], [n for _, n in cells]
    if kind == "gap":
        bounds = statistics.gap(successes, trials, 0.95)
    elif kind == "ratio":
        bounds = statistics.ratio(successes, trials, 0.95)
    else:
        bounds = statistics.impact_ratios(successes, trials, 0.95)[own]
    return (
        None if bounds.estimate is None else decimal_text(bounds.estimate),
        None if bounds.low is None else round_down(bounds.low),
        None if bounds.high is None else round_up(bounds.high),
        bounds.method,
    )


def _claimed(claim: Claim, mark: Mark, missing: int) -> Reading | None:
    """Read a claim that no counts stand behind, by its own interval."""
    assert claim.estimate is not None
    value, bound, method = claim.estimate, None, ""
    interval = claim.interval
    side = "lower" if mark.comparison == "at_least" else "upper"
    if interval and interval.sides in ("two", side) and Decimal(interval.level) >= Decimal("0.95"):
        bound = interval.low if mark.comparison == "at_least" else interval.high
        method = f"claimed:{interval.method}"[:64]
    if missing:
        if not _is_rate(claim):
            return None  # nobody knows what the missing items would have been
        value = _diluted(value, claim, mark, missing, TWELVE)
        rounding = DOWN if mark.comparison == "at_least" else UP
        bound = bound and _diluted(bound, claim, mark, missing, rounding)
    return Reading(
        value=value,
        bound=bound,
        method=method,
        point_meets=_meets(value, mark),
        bound_meets=_meets(bound, mark),
        missing=missing,
    )


def _diluted(value: str, claim: Claim, mark: Mark, missing: int, context: Context) -> str:
    """A rate over scored items, as a rate over planned ones with the missing ones against it."""
    total = EXACT.multiply(Decimal(value), claim.counts.scored)
    if mark.comparison == "at_most":
        total = EXACT.add(total, missing)
    return _text(context.divide(total, claim.counts.planned))


def contradiction(claim: Claim) -> str:
    """Name what cannot be true about a measured claim's counts; empty when they agree."""
    counts = claim.counts
    if counts.scored + counts.invalid + counts.errored > counts.planned:
        return "more items have a fate than were planned"
    if (counts.successes or 0) > counts.scored:
        return "more successes than scored items"
    if any(cell.successes > cell.scored for cell in claim.cells):
        return "more successes than scored items in a group"
    if claim.judge is None and _is_rate(claim) and counts.scored:
        k = counts.successes or 0
        if claim.estimate not in {
            _text(TWELVE.divide(k, counts.scored)),
            _text(TWELVE.divide(k, counts.planned)),
        }:
            return "the estimate is not successes divided by items"
    if kind := _compared(claim):
        cells = _cells(claim)
        if any(n == 0 for _, n in cells):
            return "a group without items"
        own = _own_cell(claim) if kind == "impact" else -1
        if _groups_bounds(cells, kind, own)[0] != claim.estimate:
            return "the estimate is not that of its groups"
    return ""


def _is_rate(claim: Claim) -> bool:
    """Whether the claim is a share of items: by the catalogue, or, unknown there, by its counts."""
    measure = CATALOGUE.get(claim.measure)
    if measure is not None:
        return measure.unit == "rate" and claim.counts.successes is not None
    return claim.counts.successes is not None and not claim.cells


def _compared(claim: Claim) -> str:
    """How the groups of a claim are compared, `gap`, `ratio` or `impact`; empty for no groups."""
    if len(claim.cells) < 2 or claim.judge is not None:
        return ""
    if claim.measure.endswith("_gap"):
        return "gap"
    if claim.measure.endswith(".impact_ratio"):
        return "impact" if _own_cell(claim) >= 0 else ""
    return "ratio" if claim.measure.endswith("_ratio") else ""


def _cells(claim: Claim) -> Cells:
    return tuple((cell.successes, cell.scored) for cell in claim.cells)


def _own_cell(claim: Claim) -> int:
    """Index of the group that the claim itself is about, or -1."""
    return next((i for i, cell in enumerate(claim.cells) if cell.slice == claim.slice), -1)


def _meets(value: str | None, mark: Mark) -> bool:
    if value is None:
        return False
    if mark.comparison == "at_least":
        return Decimal(value) >= Decimal(mark.value)
    return Decimal(value) <= Decimal(mark.value)


def _text(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("", "-0") else text
