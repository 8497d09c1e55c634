"""A mark and what was measured, in one drawing: value, one-sided bound, mark, and a slider.

The slider asks *what if the mark were another*. It can, because value and bound do not depend on
the mark: `static/decision.js` compares them again, by rule 8 of deciding, with whole numbers and
never with floating point.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal
from typing import NamedTuple

from markupsafe import Markup

from comity.claims.decision import Finding, Used
from comity.claims.regime import UNIT_INTERVAL, Comparison, Mark
from comity.report.decision_words import COMPARISONS, WORDS
from comity.report.numbers import Estimate, count_text
from comity.report.page import render

__all__ = ["Axis", "Weighed", "axis_of", "exact_text", "mark_plot", "mark_text", "weigh"]

_EXACT = Context(prec=200)
_WIDEST = Context(prec=30)
_STEPS = 5
_MOST_DIGITS = 6
_PERCENT = ("rate", "probability", "difference")
"""Units shown times a hundred; the same as `numbers` does."""


class Weighed(NamedTuple):
    """A claim that was compared with the mark.

    Attributes:
        used: The claim.
        value: The value compared, in the unit of its measure.
        bound: Its one-sided bound, or None.
        value_text, bound_text: Both as shown: on the side of the mark on which they truly are.
        numerator, denominator: The value as an exact fraction: what the comparison uses.
        cases: How many of how many, as text; empty where no count stands behind the value.
    """

    used: Used
    value: Decimal
    bound: Decimal | None
    value_text: str
    bound_text: str
    numerator: str
    denominator: int
    cases: str


class Axis(NamedTuple):
    """From where to where a drawing goes, in the unit of the measure."""

    start: Decimal
    end: Decimal

    def place(self, value: Decimal) -> float:
        """Percent of the way; what lies outside stands at the edge."""
        share = (value - self.start) / (self.end - self.start)
        return round(min(max(float(share), 0.0), 1.0) * 100, 3)


def exact_text(value: Decimal, unit: str) -> str:
    """A decimal as it was written, with its unit: a mark is never rounded."""
    scaled = value.scaleb(2, _EXACT) if unit in _PERCENT else value
    return Estimate(value, unit=unit, digits=_digits_behind_point(scaled)).text


def mark_text(mark: Mark, unit: str) -> str:
    """The mark in words: `at least 60 %`."""
    return COMPARISONS[mark.comparison].format(mark=exact_text(Decimal(mark.value), unit))


def weigh(finding: Finding, unit: str) -> list[Weighed]:
    """The claims of a finding that were compared with its mark, in their order."""
    if finding.mark is None:
        return []
    mark = finding.mark
    return [
        _weighed(used, Decimal(used.value), mark, unit)
        for used in finding.used
        if used.value is not None
    ]


def mark_plot(finding: Finding, weighed: Sequence[Weighed], unit: str, caption: Markup) -> Markup:
    """The drawing of one finding, and the slider that moves its mark.

    Args:
        finding: A finding with a mark.
        weighed: Its claims, at least one.
        unit: Unit of the measure; empty where it is not known.
        caption: Name of the table.

    Returns:
        A `<table>` and, hidden until the script shows it, a form.
    """
    assert finding.mark is not None
    mark = Decimal(finding.mark.value)
    axis = axis_of([*_values(weighed), mark], unit)
    place = axis.place(mark)
    upwards = finding.mark.comparison == "at_least"
    ticks = [axis.start + (axis.end - axis.start) * step / _STEPS for step in range(_STEPS + 1)]
    factor = 100 if unit in _PERCENT else 1
    return render(
        "mark_plot.html.j2",
        words=WORDS,
        finding=finding,
        caption=caption,
        weighed=[(one, axis.place(one.value), _place(axis, one.bound)) for one in weighed],
        mark=mark_text(finding.mark, unit),
        place=place,
        met_from=place if upwards else 0,
        met_width=round(100 - place if upwards else place, 3),
        ticks=[(axis.place(tick), _tick(tick, unit, tick == axis.end)) for tick in ticks],
        low=_plain(axis.start * factor),
        high=_plain(axis.end * factor),
        step=_plain((axis.end - axis.start) * factor / 100),
        shown=_plain(_EXACT.multiply(mark, factor)),
        domain=_plain(Decimal(factor)) if unit in UNIT_INTERVAL else "",
        percent=factor == 100,
        data=what_if(finding.mark.comparison, finding.mark.reading, weighed, factor),
    )


def what_if(comparison: Comparison, reading: str, weighed: Sequence[Weighed], factor: int) -> str:
    """What the script needs to compare again, as JSON; decimals are text."""
    claims = [
        {
            "laboratory": one.used.laboratory,
            "numerator": one.numerator,
            "denominator": one.denominator,
            "bound": one.used.bound,
        }
        for one in weighed
    ]
    return json.dumps(
        {"comparison": comparison, "reading": reading, "factor": factor, "claims": claims}
    )


def axis_of(values: Sequence[Decimal], unit: str) -> Axis:
    """An axis of round numbers on which the values take up about a third.

    Unlike the length of a bar, the distance between a dot and a line can be read on an axis that
    does not begin at zero.
    """
    low, high = min(values), max(values)
    width = _nice(3 * (high - low) or Decimal("0.1"))
    bounded = unit in UNIT_INTERVAL and low >= 0 and high <= 1
    if bounded and width >= 1:
        return Axis(Decimal(0), Decimal(1))
    step = width / _STEPS
    start = ((low + high - width) / 2 / step).to_integral_value(ROUND_FLOOR, _EXACT) * step
    if low >= 0:
        start = max(start, Decimal(0))
    if bounded:
        start = min(start, 1 - width)
    return Axis(start, start + width)


def _weighed(used: Used, value: Decimal, mark: Mark, unit: str) -> Weighed:
    bound = None if used.bound is None else Decimal(used.bound)
    numerator, denominator = _fraction(used, value, mark.comparison)
    outward = ROUND_FLOOR if mark.comparison == "at_least" else ROUND_CEILING
    spread = value - bound if bound is not None else Decimal(0)
    return Weighed(
        used=used,
        value=value,
        bound=bound,
        value_text=_text(value, spread, Decimal(mark.value), unit, ROUND_HALF_EVEN),
        bound_text=WORDS["no_bound"]
        if bound is None
        else _text(bound, spread, Decimal(mark.value), unit, outward),
        numerator=numerator,
        denominator=denominator,
        cases=""
        if denominator == 1
        else WORDS["of"].format(k=count_text(int(numerator)), n=count_text(denominator)),
    )


def _fraction(used: Used, value: Decimal, comparison: Comparison) -> tuple[str, int]:
    """The value as the fraction that was compared: counts where it is a rate, else the decimal.

    Items without a result count against the system, as in `value` itself.
    """
    counts = used.counts
    if used.bound_method == "clopper_pearson" and counts.successes is not None and counts.planned:
        missing = counts.planned - counts.scored if comparison == "at_most" else 0
        return str(counts.successes + missing), counts.planned
    return f"{value:f}", 1


def _values(weighed: Sequence[Weighed]) -> list[Decimal]:
    return [value for one in weighed for value in (one.value, one.bound) if value is not None]


def _place(axis: Axis, value: Decimal | None) -> float | None:
    return None if value is None else axis.place(value)


def _nice(width: Decimal) -> Decimal:
    """The nearest of 1, 2, 5 times a power of ten that is at least `width`."""
    magnitude = Decimal(1).scaleb(width.adjusted())
    return next(magnitude * step for step in (1, 2, 5, 10) if width <= magnitude * step)


def _text(value: Decimal, spread: Decimal, mark: Decimal, unit: str, rounding: str) -> str:
    """A number with the digits that its spread supports, more where it would seem to cross."""
    factor = 100 if unit in _PERCENT else 1
    scaled, wide = _EXACT.multiply(value, factor), abs(spread) * factor
    least = 1 if factor == 100 else 2
    digits = min(max(-wide.adjusted(), least), _MOST_DIGITS) if wide else least
    while True:
        shown = _quantized(scaled, digits, rounding) / factor
        same_side = (shown > mark, shown < mark) == (value > mark, value < mark)
        if same_side or digits == _MOST_DIGITS:
            return Estimate(shown, unit=unit, digits=digits).text
        digits += 1


def _quantized(value: Decimal, digits: int, rounding: str) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), rounding=rounding, context=_EXACT)


def _digits_behind_point(value: Decimal) -> int:
    _, dot, fraction = f"{value.normalize(_EXACT):f}".partition(".")
    return len(fraction) if dot else 0


def _tick(value: Decimal, unit: str, last: bool) -> str:
    """The number at a tick; the unit stands at the last one only."""
    text = _plain(value * 100 if unit in _PERCENT else value).replace("-", "\u2212")
    text = text if len(text) <= 8 else f"{value:.2g}"
    return f"{text}\u202f%" if last and unit in ("rate", "probability") else text


def _plain(value: Decimal) -> str:
    return f"{value.normalize(_WIDEST):f}"
