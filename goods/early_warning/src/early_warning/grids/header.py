"""What one GRIB message says of itself, before anybody corrects it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from early_warning.grids.field import Kind, Threshold

__all__ = ["Header", "threshold_of"]

_BELOW_LOWER, _ABOVE_UPPER, _BETWEEN, _ABOVE_LOWER, _BELOW_UPPER = range(5)
"""Code table 4.9 of WMO-No. 306: probability type."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The keys that a field is made from; those of probabilities are null in other templates.

    Attributes:
        centre: Originating centre, in ecCodes' letters: `ecmf`, `babj`.
        parameter: Discipline, category and number of the parameter.
        short_name: ecCodes' name of it, `unknown` where it knows none.
        units: ecCodes' units of the parameter.
        template: Product definition template, code table 4.0.
        kind: What the values are.
        members: Number of forecasts in the ensemble, where stated.
        probability_number: Place of this probability among those of the product.
        probability_type: Code table 4.9.
        lower: Scale factor and scaled value of the lower limit; null where missing.
        upper: The same of the upper limit.
        threshold: The event, where the message tells it.
    """

    centre: str
    parameter: tuple[int, int, int]
    short_name: str
    units: str
    template: int
    kind: Kind
    members: int | None
    probability_number: int | None = None
    probability_type: int | None = None
    lower: tuple[int, int] | None = None
    upper: tuple[int, int] | None = None
    threshold: Threshold | None = None


def threshold_of(
    kind: int | None, lower: tuple[int, int] | None, upper: tuple[int, int] | None, units: str
) -> Threshold | None:
    """The event that a probability type and its limits describe; null where they describe none.

    A probability between two limits is no exceedance and has none either.
    """
    side: Literal["above", "below"]
    if kind in (_ABOVE_UPPER, _ABOVE_LOWER):
        side = "above"
    elif kind in (_BELOW_LOWER, _BELOW_UPPER):
        side = "below"
    else:
        return None
    limit = upper if kind in (_ABOVE_UPPER, _BELOW_UPPER) else lower
    if limit is None or not -20 <= limit[0] <= 20:
        return None
    return Threshold(side, limit[1] / 10.0 ** limit[0], units)
