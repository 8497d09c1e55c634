"""Signed differences as findings: what is counted one way, less what is counted the other way.

Requests or pairs without a result may have fallen either way, and the interval says so: its lower
limit takes all of them for the one, its upper limit all of them for the other. So a system that
does not answer looks uncertain, never even-handed.
"""

from __future__ import annotations

from typing import NamedTuple

from comity.assess.batteries.finding import LEVEL, Finding, Subject, absent, estimated
from comity.claims import Counts, Reason
from comity.statistics import leaning, paired_difference

__all__ = ["Signed", "lean", "share"]


class Signed(NamedTuple):
    """Counts of a signed difference.

    Attributes:
        plus: Cases counted one way.
        minus: Cases counted the other way.
        neither: Cases with a result that is neither.
        invalid: Cases whose answer could not be read.
        errored: Cases without an answer.
    """

    plus: int
    minus: int
    neither: int
    invalid: int
    errored: int

    @property
    def scored(self) -> int:
        """Cases with a result."""
        return self.plus + self.minus + self.neither

    @property
    def unknown(self) -> int:
        """Cases without a result."""
        return self.invalid + self.errored

    @property
    def counts(self) -> Counts:
        """As a claim carries them."""
        return Counts(
            planned=self.scored + self.unknown,
            scored=self.scored,
            successes=None,
            invalid=self.invalid,
            errored=self.errored,
        )


def share(subject: Subject, numbers: Signed) -> Finding:
    """(plus − minus) / all cases with a result."""
    if not numbers.scored:
        return _nothing(subject, numbers)
    planned, unknown = numbers.scored + numbers.unknown, numbers.unknown
    bounds = paired_difference(numbers.plus, numbers.minus, planned, unknown=unknown, level=LEVEL)
    return estimated(subject, bounds, numbers.counts, missing=Reason.NO_ANSWERS)


def lean(subject: Subject, numbers: Signed) -> Finding:
    """(plus − minus) / (plus + minus)."""
    if not numbers.scored:
        return _nothing(subject, numbers)
    bounds = leaning(numbers.plus, numbers.minus, unknown=numbers.unknown, level=LEVEL)
    detail = "no answer names either of the two"
    return estimated(subject, bounds, numbers.counts, missing=Reason.NO_DENOMINATOR, detail=detail)


def _nothing(subject: Subject, numbers: Signed) -> Finding:
    return absent(subject, Reason.NO_ANSWERS, "no answer could be read", numbers.counts)
