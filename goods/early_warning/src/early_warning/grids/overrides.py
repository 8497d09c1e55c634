"""The table of overrides: which files say something wrong of themselves, and what is right.

1. An override applies to one centre and parameter, and only while its symptom is there: when the
   centre corrects its files, they are read as they stand.
2. It corrects what a message says of its values, never a value.
3. Each one carries a sentence that goes with the field to the end.
4. Metadata that are wrong in a way which no override knows give a field without threshold, and the
   gates turn that into no data.

China's ensemble (centre `babj`; looked at: run of 2023-12-07 00 UTC, steps 24 and 48, 31 members):
the octet of the probability type holds 0, 63, 91, 143, 209, 253, 255 … for fields of one kind;
scale factor 2 stands beside limits that are meant as they are (100 for "24 h rain above 100 mm");
both limits hold the same number; and the limits of the temperature anomaly were written as two's
complement of the truncated value, so that -2, -1, -1, 1, 1, 2 are read as -2147483646, missing,
missing, 1, 1, 2. By their order these are the six events that WMO-No. 485 asks of ensembles: below
-2, -1.5 and -1, above 1, 1.5 and 2 standard deviations; the mean probabilities rise and fall in
this order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from early_warning.grids.field import Threshold
from early_warning.grids.header import Header

__all__ = ["OVERRIDES", "Override", "correct"]

_PROBABILITIES = (5, 9)
"""Templates 4.5 (at a moment) and 4.9 (over a period): probability forecasts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What is right for one parameter of one centre.

    Attributes:
        centre: Whose files.
        parameter: Discipline, category, number.
        short_name: The name to use.
        units: Units of the thresholds.
        events: The event by the scaled value of the lower limit, or by place where `by_place`.
        by_place: Whether `events` counts places, because the limits themselves are spoilt.
        members: How many members the product was made from, by the centre's documentation.
        why: One sentence.
    """

    centre: str
    parameter: tuple[int, int, int]
    short_name: str
    units: str
    events: Mapping[int, tuple[Literal["above", "below"], float]]
    by_place: bool = False
    members: int
    why: str


def _above(*values: int) -> Mapping[int, tuple[Literal["above", "below"], float]]:
    return {value: ("above", float(value)) for value in values}


_CMA = "the centre writes probability types and scale factors that mean nothing"

OVERRIDES = (
    Override(
        centre="babj",
        parameter=(0, 1, 8),
        short_name="tp",
        units="kg m**-2",
        events=_above(1, 5, 10, 25, 50, 100),
        members=31,
        why=f"{_CMA}; the event was read as rain above the limit in millimetres",
    ),
    Override(
        centre="babj",
        parameter=(0, 2, 1),
        short_name="10si",
        units="m s**-1",
        events=_above(10, 15, 25),
        members=31,
        why=f"{_CMA}; the event was read as wind above the limit in metres a second",
    ),
    Override(
        centre="babj",
        parameter=(0, 2, 22),
        short_name="i10fg",
        units="m s**-1",
        events=_above(10, 15, 25),
        members=31,
        why=f"{_CMA}; the event was read as gusts above the limit in metres a second",
    ),
    Override(
        centre="babj",
        parameter=(0, 0, 9),
        short_name="ta",
        units="standard deviations",
        events={
            1: ("below", -2.0),
            2: ("below", -1.5),
            3: ("below", -1.0),
            4: ("above", 1.0),
            5: ("above", 1.5),
            6: ("above", 2.0),
        },
        by_place=True,
        members=31,
        why=f"{_CMA}; the event was inferred from the field's place among six",
    ),
)


def correct(header: Header) -> tuple[Header, tuple[str, ...]]:
    """The header put right, and what was put right, in sentences; else unchanged."""
    for rule in OVERRIDES:
        if (rule.centre, rule.parameter) != (header.centre, header.parameter):
            continue
        if header.template not in _PROBABILITIES or not _symptom(header):
            continue
        key = header.probability_number if rule.by_place else header.lower and header.lower[1]
        event = None if key is None else rule.events.get(key)
        right = replace(
            header,
            short_name=rule.short_name,
            units=rule.units,
            members=rule.members,
            threshold=event and Threshold(event[0], event[1], rule.units),
        )
        return right, (rule.why,)
    return header, ()


def _symptom(header: Header) -> bool:
    """Both limits hold the same number at scale factor 2: no event has two equal limits.

    A limit that reads as missing counts as equal to the other when that one is missing too.
    """
    scales = {limit[0] for limit in (header.lower, header.upper) if limit}
    return header.lower == header.upper and scales <= {2}
