"""Numbers as a reader sees them: no more digits than the interval supports, bounds never inward.

Estimates travel as decimal strings and are formatted as decimals. Floats appear only as places
on the paper.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from comity.claims import Claim, Interval

__all__ = ["NOTHING", "Estimate", "aligned", "count_text", "estimate_of"]

NOTHING = "—"
"""What stands where there is no number."""

_THIN = "\u202f"
_MINUS = "\u2212"

_SHOWN_AS = {
    "rate": (100, f"{_THIN}%"),
    "probability": (100, f"{_THIN}%"),
    "difference": (100, f"{_THIN}pp"),
    "second": (1, f"{_THIN}s"),
    "joule": (1, f"{_THIN}J"),
    "nat": (1, f"{_THIN}nat"),
}
"""Factor and sign of a unit. Ratios and scores are plain numbers."""

_MOST_DIGITS = 6
_TWO_DIGITS_BELOW = Decimal("3.55")
_EXACT = Context(prec=200)
"""A signed decimal has at most 64 characters, so nothing is rounded before it is meant to be."""


class Estimate(NamedTuple):
    """A value with its interval, ready to be shown.

    Attributes:
        point: The value in the unit of its measure: a rate is between 0 and 1.
        low: Lower end of the interval, or None where there is none.
        high: Upper end of the interval, or None where there is none.
        unit: Unit of the measure catalogue.
        digits: Decimals to show; None for as many as the interval supports.
    """

    point: Decimal
    low: Decimal | None = None
    high: Decimal | None = None
    unit: str = "rate"
    digits: int | None = None

    @property
    def text(self) -> str:
        """The value with its unit, for instance `38.2 %`."""
        return _number(self.point, self, ROUND_HALF_EVEN) + self._sign

    @property
    def interval_text(self) -> str:
        """The interval, rounded outward, for instance `36.9 to 39.6`; a dash where none is."""
        if self.low is None or self.high is None:
            return NOTHING
        low = _number(self.low, self, ROUND_FLOOR)
        high = _number(self.high, self, ROUND_CEILING)
        return f"{low} to {high}"

    @property
    def in_words(self) -> str:
        """Value and interval for a sentence: `14 percentage points (9 to 18)`."""
        text = self.text.replace(f"{_THIN}pp", " percentage points")
        return text if self.low is None else f"{text} ({self.interval_text})"

    @property
    def of_hundred(self) -> str:
        """A rate as people: `38 of 100 (36 to 40)`. Bounds rounded outward."""
        point = _rounded(self.point, 100, 0, ROUND_HALF_EVEN)
        if self.low is None or self.high is None:
            return f"{point} of 100"
        low = _rounded(self.low, 100, 0, ROUND_FLOOR)
        high = _rounded(self.high, 100, 0, ROUND_CEILING)
        return f"{point} of 100 ({low} to {high})"

    @property
    def _sign(self) -> str:
        return _SHOWN_AS.get(self.unit, (1, ""))[1]


def estimate_of(claim: Claim, unit: str) -> Estimate | None:
    """The number of a claim, or None where it holds none."""
    if claim.estimate is None:
        return None
    low, high = _bounds(claim.interval)
    return Estimate(Decimal(claim.estimate), low, high, unit)


def aligned(estimates: Sequence[Estimate | None]) -> list[Estimate | None]:
    """The same estimates, all with the decimals that suit the middle one, to stand in a column."""
    digits = sorted(_decimals(one) for one in estimates if one is not None)
    if not digits:
        return list(estimates)
    middle = digits[len(digits) // 2]
    return [one if one is None else one._replace(digits=middle) for one in estimates]


def count_text(number: int) -> str:
    """A count with thin spaces between thousands, as ISO 80000 writes it."""
    return f"{number:,}".replace(",", _THIN)


def _bounds(interval: Interval | None) -> tuple[Decimal | None, Decimal | None]:
    if interval is None:
        return None, None
    return Decimal(interval.low), Decimal(interval.high)


def _number(value: Decimal, estimate: Estimate, rounding: str) -> str:
    factor = _SHOWN_AS.get(estimate.unit, (1, ""))[0]
    digits = _decimals(estimate) if estimate.digits is None else estimate.digits
    rounded = _rounded(value, factor, digits, rounding)
    whole, dot, fraction = f"{abs(rounded):,f}".replace(",", _THIN).partition(".")
    sign = _MINUS if rounded < 0 else ""
    return f"{sign}{whole}{dot}{fraction}"


def _rounded(value: Decimal, factor: int, digits: int, rounding: str) -> Decimal:
    scaled = _EXACT.multiply(value, Decimal(factor))
    return scaled.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=_EXACT)


def _decimals(estimate: Estimate) -> int:
    """Decimals that the interval supports; three significant digits where there is none.

    The rule of the Particle Data Group (Review of Particle Physics, introduction, 5.3): half the
    interval keeps two digits when they are below 3.55 of their power of ten, else one.
    """
    factor = _SHOWN_AS.get(estimate.unit, (1, ""))[0]
    if estimate.low is None or estimate.high is None or estimate.high <= estimate.low:
        size = abs(estimate.point * factor)
        return _bounded(2 - (size.adjusted() if size else 0))
    half = (estimate.high - estimate.low) * factor / 2
    power = half.adjusted()
    return _bounded((1 if half.scaleb(-power) < _TWO_DIGITS_BELOW else 0) - power)


def _bounded(digits: int) -> int:
    return min(max(digits, 0), _MOST_DIGITS)
