"""Hold claims against planted truths: which intervals contain the truth, and is that good enough.

An interval that keeps its level misses the truth now and then: of a hundred, five or fewer. So a
single miss proves nothing, and no miss among many is no proof either. The check holds when:

1. every truth was measured: what is planted and not found is a failure, never a gap in the table;
2. a number without an interval is the truth exactly;
3. no miss is by far. Of a rate: a count as far off would come, given the truth, at least once in a
   hundred thousand times (exact, two-sided). Of any other number: the interval stretched twofold
   from the estimate holds the truth (3.9 standard errors, once in ten thousand). A wrong scorer
   breaks this rule on every run, also where a conservative interval only just misses;
4. misses are not too many: with n intervals at level L, at most as many as a binomial count with
   n trials of 1 − L exceeds once in a thousand. Intervals that are too narrow fail here.

Rules 3 and 4 together stop a right program about once in a hundred seeds, if at all: most intervals
keep more than their level. Claims that share answers miss together, for which nothing is added to
the limit. The default seed is one that holds, and it is always the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from comity.assess.questions.planted import Slice, Truths, slice_of
from comity.claims import CATALOGUE, Claim, Counts

__all__ = ["Comparison", "Fate", "Verdict", "compare", "most_misses", "verdict"]

CHANCE = 0.001
"""How rarely a right program may have more misses than allowed."""
RARE = 1e-5
"""How probable a count must be, given the truth, to be a miss and not an error."""
CLOSE = 1e-9
"""How exactly a number without an interval must be the truth, relative to it."""

Fate = Literal["held", "missed", "far", "wrong", "absent"]
"""The interval holds the truth; misses it; misses it by far (rule 3); the number without interval
is another (rule 2); the truth was not measured (rule 1)."""


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """One planted truth, and what was claimed of it.

    Attributes:
        measure: Id of the measure.
        slice: Which part of the data.
        truth: What was planted.
        claim: What was claimed; None where no claim speaks of it.
        fate: How the two agree.
    """

    measure: str
    slice: Slice
    truth: float
    claim: Claim | None
    fate: Fate

    @property
    def risk(self) -> str:
        """Name of the risk."""
        return self.measure.partition(".")[0]


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether the check holds.

    Attributes:
        holds: All four rules are kept.
        intervals: How many intervals were held against a truth.
        misses: How many of them miss it, by whatever distance.
        allowed: The most misses that rule 4 lets pass.
        broken: The comparisons that break rule 1, 2 or 3.
    """

    holds: bool
    intervals: int
    misses: int
    allowed: int
    broken: tuple[Comparison, ...]


def compare(claims: Iterable[Claim], truths: Truths) -> tuple[Comparison, ...]:
    """Each truth beside each claim about it, in the order of the catalogue.

    Args:
        claims: What was claimed; claims without a planted truth are left out.
        truths: The true values by measure and slice.
    """
    about: dict[tuple[str, Slice], list[Claim]] = {}
    for claim in claims:
        about.setdefault((claim.measure, slice_of(claim.slice)), []).append(claim)
    found = [
        _comparison(measure, part, truth, claim)
        for (measure, part), truth in truths.items()
        for claim in about.get((measure, part), [None])
    ]
    order: Mapping[str, int] = {measure: place for place, measure in enumerate(CATALOGUE)}
    return tuple(sorted(found, key=lambda one: (order.get(one.measure, -1), one.slice)))


def verdict(comparisons: Iterable[Comparison]) -> Verdict:
    """Apply the four rules."""
    fates = [(one, one.fate) for one in comparisons]
    intervals = sum(one.claim is not None and one.claim.interval is not None for one, _ in fates)
    misses = sum(fate in ("missed", "far") for _, fate in fates)
    broken = tuple(one for one, fate in fates if fate in ("far", "wrong", "absent"))
    allowed = most_misses(intervals)
    return Verdict(
        holds=bool(fates) and not broken and misses <= allowed,
        intervals=intervals,
        misses=misses,
        allowed=allowed,
        broken=broken,
    )


def most_misses(intervals: int, level: float = 0.95) -> int:
    """The smallest count that a binomial with 1 − `level` exceeds at most once in a thousand."""
    from scipy.special import bdtrc

    return next(
        (count for count in range(intervals) if bdtrc(count, intervals, 1 - level) <= CHANCE),
        intervals,
    )


def _comparison(measure: str, part: Slice, truth: float, claim: Claim | None) -> Comparison:
    return Comparison(
        measure=measure, slice=part, truth=truth, claim=claim, fate=_fate(truth, claim)
    )


def _fate(truth: float, claim: Claim | None) -> Fate:
    if claim is None or claim.estimate is None:
        return "absent"
    estimate = float(claim.estimate)
    if claim.interval is None:
        return "held" if abs(estimate - truth) <= CLOSE * max(1.0, abs(truth)) else "wrong"
    low, high = float(claim.interval.low), float(claim.interval.high)
    if low <= truth <= high:
        return "held"
    if claim.counts.successes is not None and CATALOGUE[claim.measure].unit == "rate":
        near = probability(claim.counts, truth) >= RARE
    else:
        near = low - (estimate - low) <= truth <= high + (high - estimate)
    return "missed" if near else "far"


def probability(counts: Counts, truth: float) -> float:
    """How probable a count as far off as this one is, given the true rate; two-sided, exact.

    Whether what could not be read belongs to the denominator depends on the measure: the larger of
    the two answers is given.
    """
    from scipy.special import bdtr, bdtrc

    k = counts.successes or 0
    found = 0.0
    for n in (counts.scored, counts.planned):
        at_least = bdtrc(k - 1, n, truth) if k else 1.0
        found = max(found, min(1.0, 2 * min(bdtr(k, n, truth), at_least)))
    return found
